"""Databases and disks that fail before, while and after rows are read: the error says what failed, the exit
status is 1, and no file is left; what passes by itself is tried again, and gives the same rows."""
import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
import unittest
import urllib.parse

import harness
import proxy
import tap

harness.PARTICIPANTS = 600
NOBODY = 65534
PASSWORD = "s3cret-Pa55"
REQUEST = {"export_type": "participants", "template": "detailed"}
# Files of no byte; ThreadSanitizer's runtime writes one before main() and does not survive that.
NOTHING = () if "TSAN_OPTIONS" in os.environ else (0,)
STRATEGIES = ("single", "multi_file", "compressed")
ONCE = {"queue_config": {"max_attempts": 1}}  # what passes by itself ends the export as well
on_mysql = unittest.skipUnless(harness.MYSQL, "no MariaDB")


def client(*options):
    """How the client of the test's database is called: Popen's arguments."""
    parts = urllib.parse.urlsplit(harness.MYSQL)
    return {"args": ["mariadb", "--no-defaults", "--skip-column-names", "--batch", *options,
                     "--socket=" + urllib.parse.parse_qs(parts.query)["socket"][0],
                     "--user=" + urllib.parse.unquote(parts.username), parts.path.strip("/")],
            "env": {**os.environ, "MYSQL_PWD": urllib.parse.unquote(parts.password)}}


def query(statement):
    run = subprocess.run(**client("--execute=" + statement), capture_output=True, check=True)
    return run.stdout.decode().split()


class Faults(harness.Case):
    def fails(self, source, code, part="", request=None, config=None):
        """Exports from the DSN @source; it has to fail with @code, @part in the message."""
        harness.Case.sources["faulty"] = source
        try:
            answer = self.export(request or REQUEST, "faulty", expect=1,
                                 config={**ONCE, **(config or {})})
        finally:
            del harness.Case.sources["faulty"]
        self.assertIn(answer["error_code"], code if isinstance(code, tuple) else (code,),
                      answer["message"])
        self.assertIn(part, answer["message"])
        self.assertEqual(self.run_of_export.stderr, f"ybbexport: {answer['message']}\n")
        self.assertEqual(self.left(), [])
        return answer

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def copy(self):
        path = self.path("copy.db")
        shutil.copy(harness.Case.database, path)
        return path

    @contextlib.contextmanager
    def running(self, source, request=None, **config):
        """The command as a process of its own."""
        with open(self.path("running.json"), "w", encoding="utf-8") as file:
            json.dump({"out": self.out, **ONCE, **config}, file)
        with open(self.path("request.json"), "w", encoding="utf-8") as file:
            json.dump(request or REQUEST, file)
        process = subprocess.Popen(
            [harness.COMMAND, "export", "--config", file.name.replace("request", "running"),
             file.name], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "YBBEXPORT_SOURCE": source})
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def outcome(self, process, expect=1):
        stdout, stderr = process.communicate(timeout=60)
        answer = json.loads(stdout)
        harness.Schema.hold("answer", answer)
        self.assertEqual(process.returncode, expect, stderr)
        if expect == 1:
            self.assertEqual(self.left(), [])
        return answer


class Files(Faults):
    """SQLite."""

    def test_a_missing_file(self):
        self.fails("sqlite:///no/such/file.db", "SOURCE_UNAVAILABLE", "/no/such/file.db")
        missing = self.path("none.db")
        self.fails("sqlite://" + missing, "SOURCE_UNAVAILABLE", missing)
        self.assertFalse(os.path.exists(missing))

    def test_a_folder_a_pipe_and_a_device(self):
        os.mkfifo(self.path("pipe"))
        self.fails("sqlite://" + self.out, "SOURCE_ERROR", "a folder")
        self.fails("sqlite://" + self.path("pipe"), "SOURCE_ERROR", "not a file")
        self.fails("sqlite:///dev/zero", "SOURCE_ERROR", "not a file")

    def test_a_file_that_is_no_database(self):
        for content in (b"Full Name,Email\r\n" * 1000, b"PK\3\4" + bytes(5000)):
            with open(self.path("x.db"), "wb") as file:
                file.write(content)
            self.fails("sqlite://" + self.path("x.db"), "SOURCE_ERROR", "not a database")

    def test_an_empty_file_lacks_its_tables(self):
        with open(self.path("x.db"), "wb"):
            pass
        self.fails("sqlite://" + self.path("x.db"), "SOURCE_SCHEMA", "participants")

    def test_a_truncated_file(self):
        path = self.copy()
        size = os.path.getsize(path)
        for length in (size - 4096, size // 2, size // 10, 5000, 1000, 100, 50):
            os.truncate(path, length)
            self.fails("sqlite://" + path, "SOURCE_ERROR", path)

    def test_pages_that_are_overwritten(self):
        """The header and the first pages are good, so rows are read before the damage is met."""
        path = self.copy()
        with open(path, "r+b") as file:
            for page in range(20, os.path.getsize(path) // 4096):
                file.seek(page * 4096)
                file.write(b"\xff" * 300)
        for form in ("excel", "csv"):
            self.fails("sqlite://" + path, "SOURCE_ERROR", request={**REQUEST, "format": form})

    def test_a_locked_file(self):
        path = self.copy()
        writer = sqlite3.connect(path)
        writer.execute("BEGIN EXCLUSIVE")
        self.fails("sqlite://" + path, "SOURCE_BUSY", config={"source_timeout_seconds": 1})
        writer.close()

    def test_a_file_that_may_not_be_read(self):
        path = self.copy()
        os.chmod(path, 0)
        if os.getuid() != 0:
            self.fails("sqlite://" + path, "SOURCE_REFUSED", path)
            return
        os.chmod(self.folder.name, 0o755)
        os.chmod(self.out, 0o777)
        run = Nobody.run(self, "sqlite://" + path)
        self.assertEqual((run["error_code"], self.left()), ("SOURCE_REFUSED", []))

    def test_a_table_or_a_column_that_is_missing(self):
        for change, name in (("ALTER TABLE payments RENAME TO gone", "payments"),
                             ("DROP TABLE participants", "participants"),
                             ("ALTER TABLE users RENAME COLUMN email TO mail", "email"),
                             ("ALTER TABLE participants DROP COLUMN tshirt_size", "tshirt_size")):
            path = self.copy()
            writer = sqlite3.connect(path)
            writer.execute(change)
            writer.commit()
            writer.close()
            self.fails("sqlite://" + path, "SOURCE_SCHEMA", name)


class Held(Faults):
    """What is done to a server, and to what runs between it and an export."""

    def whole(self, request):
        """How many bytes the server sends for an export."""
        with proxy.Proxy(harness.MYSQL) as between:
            harness.Case.sources["proxy"] = between.dsn
            answer = self.export(request, "proxy")
            del harness.Case.sources["proxy"]
            shutil.rmtree(self.path_of(answer, ""))
            return between.passed

    @contextlib.contextmanager
    def held(self, **config):
        """An export in the middle of its rows, and the proxy that holds it."""
        with proxy.Proxy(harness.MYSQL, self.whole(REQUEST) // 2, holds=True) as between, \
                self.running(between.dsn, **config) as process:
            self.assertTrue(between.held.wait(60))
            yield process, between

    @staticmethod
    def kill_sessions(how="KILL"):
        for number in query("SELECT id FROM information_schema.processlist WHERE db = DATABASE()"
                            " AND id <> CONNECTION_ID()"):
            query(f"{how} {number}")


class Servers(Held):
    """MariaDB and MySQL, with and without one."""

    def dsn(self, **parts):
        """The server's DSN with other parts."""
        whole = urllib.parse.urlsplit(harness.MYSQL)
        user = parts.get("user", whole.username)
        password = parts.get("password", whole.password)
        return (f"mysql://{user}:{password}@localhost/{parts.get('database', whole.path[1:])}"
                f"?{whole.query}")

    def assert_secret(self, *texts):
        for text in texts:
            self.assertNotIn(PASSWORD, text)

    def test_no_server(self):
        free = socket.socket()
        free.bind(("127.0.0.1", 0))
        for where in ("localhost/d?socket=/no/such/socket", "no-such-host.invalid/d",
                      f"127.0.0.1:{free.getsockname()[1]}/d"):
            self.fails(f"mysql://u:{PASSWORD}@{where}", "SOURCE_UNAVAILABLE")
            self.assert_secret(self.run_of_export.stdout, self.run_of_export.stderr)
        free.close()

    def test_servers_that_are_none(self):
        for greeting in (None, b"SSH-2.0-OpenSSH_9.2\r\n", b"\0" * 100, b"\xff" * 100000, b""):
            with self.subTest(greeting=greeting and greeting[:8]):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", 0))
                    listener.listen()
                    if greeting is not None:
                        proxy.start(self.greet, listener, greeting)
                    self.fails(f"mysql://u:{PASSWORD}@127.0.0.1:{listener.getsockname()[1]}/d",
                              ("SOURCE_UNAVAILABLE", "SOURCE_REFUSED", "SOURCE_ERROR"),
                              config={"source_timeout_seconds": 1})
                    self.assert_secret(self.run_of_export.stdout, self.run_of_export.stderr)

    @staticmethod
    def greet(listener, greeting):
        client, _ = listener.accept()
        with client, contextlib.suppress(OSError):
            client.sendall(greeting)
            client.shutdown(socket.SHUT_WR)
            while client.recv(4096):
                pass

    @on_mysql
    def test_a_refused_password_is_shown_nowhere(self):
        for user in ("ybb", "nobody-of-that-name"):
            source = self.dsn(user=user, password=PASSWORD)
            answer = self.fails(source, "SOURCE_REFUSED", user)
            self.assertFalse(answer["details"]["retriable"])
            self.assert_secret(self.run_of_export.stdout, self.run_of_export.stderr)
            self.fails_by_config(source)

    def fails_by_config(self, source):
        """The same from the configuration and the command line, and with a broken DSN."""
        config = self.path("secret.json")
        for text in (source, source.replace("localhost", "localhost:port")):
            with open(config, "w", encoding="utf-8") as file:
                json.dump({"source": text, "out": self.out}, file)
            for arguments in (["--config", config], ["--source", text, "--out", self.out]):
                run = harness.Run(["export", *arguments, "-"], stdin=json.dumps(REQUEST).encode())
                self.assertEqual((run.status, run.json["status"]), (1, "error"))
                self.assert_secret(run.stdout, run.stderr)

    @on_mysql
    def test_a_missing_database_table_or_column(self):
        self.fails(self.dsn(database="no_such_database"), "SOURCE_SCHEMA", "no_such_database")
        for change, undo, name in (
                ("RENAME TABLE payments TO gone", "RENAME TABLE gone TO payments", "payments"),
                ("ALTER TABLE users RENAME COLUMN email TO mail",
                 "ALTER TABLE users RENAME COLUMN mail TO email", "email")):
            query(change)
            try:
                self.fails(harness.MYSQL, "SOURCE_SCHEMA", name)
            finally:
                query(undo)

    @on_mysql
    def test_a_connection_that_is_cut_anywhere(self):
        for form, strategy in (("excel", "single"), ("csv", "multi_file")):
            request = {**REQUEST, "format": form, "large_dataset_options": {"strategy": strategy}}
            whole = self.whole(request)
            for limit in (0, 1, 60, 200, *(whole * part // 100 for part in (5, 30, 60, 97))):
                with self.subTest(form=form, limit=limit, whole=whole):
                    with proxy.Proxy(harness.MYSQL, limit=limit) as between:
                        self.fails(between.dsn, ("SOURCE_LOST", "SOURCE_UNAVAILABLE"),
                                   request=request)

    @on_mysql
    def test_a_server_that_falls_silent(self):
        with proxy.Proxy(harness.MYSQL, self.whole(REQUEST) // 2, holds=True) as between:
            self.fails(between.dsn, ("SOURCE_LOST", "SOURCE_TIMEOUT"),
                       config={"source_timeout_seconds": 1})

    @on_mysql
    def test_a_session_that_is_killed_while_rows_are_read(self):
        with self.held() as (process, between):
            self.kill_sessions()
            between.release()
            self.assertEqual(self.outcome(process)["error_code"], "SOURCE_LOST")

    @on_mysql
    def test_a_cancelled_export_leaves_nothing(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number), self.held() as (process, _):
                process.send_signal(number)
                self.assertEqual(self.outcome(process)["error_code"], "CANCELLED")

    @on_mysql
    def test_an_export_under_nohup_outlives_its_terminal(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.addCleanup(signal.signal, signal.SIGHUP, before)
        with self.held() as (process, between):
            process.send_signal(signal.SIGHUP)
            between.release()
            self.assertEqual(self.outcome(process, expect=0)["status"], "success")

    @on_mysql
    def test_a_killed_process_leaves_no_file_under_its_final_name(self):
        with self.held() as (process, _):
            process.kill()
            process.wait()
            left = self.files_left()
            self.assertTrue(all(name.endswith(".part") for name in left), left)

    @on_mysql
    def test_an_output_folder_that_is_taken_away_while_rows_are_read(self):
        with self.held(store="sqlite://" + self.path("store.db")) as (process, between):
            shutil.rmtree(self.out)
            os.mkdir(self.out)
            between.release()
            self.assertIn(self.outcome(process)["error_code"], ("OUTPUT_MISSING", "OUTPUT_ERROR"))

    @on_mysql
    def test_a_table_that_stays_locked(self):
        with harness.locked(harness.MYSQL, "participants"):
            answer = self.fails(harness.MYSQL, ("SOURCE_TIMEOUT", "SOURCE_BUSY"),
                               config={"source_timeout_seconds": 1})
        self.assertTrue(answer["details"]["retriable"])

    @on_mysql
    def test_a_statement_that_is_killed(self):
        with harness.locked(harness.MYSQL, "participants"), self.running(harness.MYSQL) as process:
            waiting = []
            while not waiting:
                self.assertIsNone(process.poll())
                time.sleep(0.02)
                waiting = query("SELECT id FROM information_schema.processlist"
                                " WHERE db = DATABASE() AND state LIKE 'Waiting for table%'")
            query(f"KILL QUERY {waiting[0]}")
            self.assertEqual(self.outcome(process)["error_code"], "SOURCE_LOST")


class Passing(Held):
    """Failures that pass by themselves are waited for; the rows are those of an export that met none."""

    PATIENT = {"queue_config": {"retry_pause_seconds": 0}}

    def passes(self, process):
        answer = self.outcome(process, 0)
        rows = harness.read_xlsx(self.data_path(answer))
        whole = self.export(REQUEST, "mysql")
        self.assertEqual(rows, harness.read_xlsx(self.data_path(whole)))
        self.assertGreater(answer["metadata"]["attempts"], whole["metadata"]["attempts"])

    @on_mysql
    def test_a_session_that_is_killed_while_rows_are_read(self):
        with self.held(**self.PATIENT) as (process, between):
            self.kill_sessions()
            between.limit = None
            between.release()
            self.passes(process)

    @on_mysql
    def test_a_server_that_falls_silent(self):
        with self.held(**self.PATIENT, source_timeout_seconds=2) as (process, between):
            between.limit = None  # of connections to come
            self.passes(process)

    @on_mysql
    def test_a_server_that_is_away_for_a_while(self):
        """With the attempts and the pauses that are the default."""
        with proxy.Proxy(harness.MYSQL, limit=self.whole(REQUEST) // 2) as between, \
                self.running(between.dsn, queue_config={}) as process:
            self.assertTrue(between.held.wait(60))
            while between.refused < 2:
                self.assertIsNone(process.poll())
                time.sleep(0.02)
            between.limit = None
            self.passes(process)


class Disks(Faults):
    source = property(lambda self: harness.Case.sources["sqlite"])

    def test_an_output_folder_that_is_none(self):
        with open(self.path("file"), "wb"):
            pass
        for out in ("/no/such/folder", self.path("file"), self.path("file") + "/below", "/dev/null"):
            self.fails(self.source, "OUTPUT_MISSING", out, config={"out": out})

    @on_mysql
    def test_a_limit_on_the_size_of_files(self):
        """The job store, which has to grow as well, is on a server."""
        for limit in (*NOTHING, 1000, 30000):
            for form in ("excel", "csv"):
                for strategy in STRATEGIES:
                    with self.subTest(limit=limit, format=form, strategy=strategy):
                        self.limited(limit, {**REQUEST, "format": form,
                                             "large_dataset_options": {"strategy": strategy}},
                                     "OUTPUT_ERROR", harness.MYSQL)

    def test_a_limit_that_the_job_store_keeps(self):
        for strategy in ("single", "multi_file"):
            self.limited(400_000, {**REQUEST, "format": "csv",
                                   "large_dataset_options": {"strategy": strategy}},
                         "OUTPUT_ERROR", None)

    def test_a_limit_that_the_job_store_meets(self):
        for limit in (*NOTHING, 1000, 30000, 70000):
            with self.subTest(limit=limit):
                answer = self.limited(limit, REQUEST, "STORE_ERROR", None)
                self.assertTrue(answer["message"].startswith("the job store: "), answer["message"])

    def limited(self, limit, request, code, store):
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        more = {"YBBEXPORT_STORE": store} if store else {}
        run = subprocess.run(
            [harness.COMMAND, "export", "--out", self.out, "-"],
            input=json.dumps(request).encode(), capture_output=True, check=False,
            env={**os.environ, "YBBEXPORT_SOURCE": self.source, **more},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard)))
        answer = json.loads(run.stdout)
        harness.Schema.hold("answer", answer)
        self.assertEqual((run.returncode, answer["error_code"]), (1, code), run.stderr)
        self.assertEqual(run.stderr.decode(), f"ybbexport: {answer['message']}\n")
        self.assertEqual(self.left(), [])
        return answer

    def test_a_full_disk(self):
        disk = self.path("disk")
        os.mkdir(disk)
        for size in ("64k", "200k"):
            with self.mounted(disk, size):
                for form in ("excel", "csv"):
                    answer = self.fails(self.source, "OUTPUT_FULL", disk,
                                       config={"out": disk, "store": "sqlite://" + self.path("s.db")},
                                       request={**REQUEST, "format": form})
                    self.assertTrue(answer["details"]["retriable"])
                    self.assertEqual(os.listdir(disk), [])

    def test_a_full_disk_with_the_job_store_on_it(self):
        disk = self.path("disk")
        os.mkdir(disk)
        for size in ("16k", "64k", "100k"):
            with self.subTest(size=size), self.mounted(disk, size):
                answer = self.fails(self.source, "OUTPUT_FULL", config={"out": disk})
                self.assertTrue(answer["details"]["retriable"])
                self.assertEqual(self.left(disk), [])

    def test_a_job_store_that_fills_the_disk_later(self):
        """It holds the export by then: the answer has its id, and the exit status and the message say what failed."""
        disk = self.path("disk")
        os.mkdir(disk)
        queued = 0
        for size in (180, 200, 220):
            with self.subTest(size=size), self.mounted(disk, f"{size}k"):
                run = harness.Run(["export", "--source", self.source, "--out", disk, "-"],
                                  stdin=json.dumps(REQUEST).encode())
                self.assertEqual(run.status, 1)
                self.assertTrue(run.stderr.startswith("ybbexport: "), run.stderr)
                self.assertIn("full", run.stderr)
                if run.json["status"] == "processing":
                    queued += 1
                    self.assertEqual(run.json["data"]["queue_position"], 1)
                    self.assertTrue(run.json["export_id"])
                else:
                    self.assertEqual(run.json["error_code"], "OUTPUT_FULL")
        self.assertGreater(queued, 0)

    def test_a_book_is_made_in_the_output_folder_where_memory_has_no_room(self):
        """libxlsxwriter's own files are in /dev/shm, where that is to be had."""
        for options in ("size=64k", "ro", "nr_inodes=8"):
            with self.subTest(options=options):
                run = subprocess.run(
                    ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o "$0" none /dev/shm || exit 77; exec "$@"',
                     options, harness.COMMAND, "export", "--source", self.source, "--out", self.out, "-"],
                    input=json.dumps(REQUEST).encode(), capture_output=True, check=False)
                if run.returncode == 77 or b"unshare:" in run.stderr:
                    self.skipTest("nothing can be mounted")
                self.assertEqual((run.returncode, run.stderr), (0, b""))
                answer = json.loads(run.stdout)
                path = os.path.join(self.out, answer["export_id"], answer["data"]["file_name"])
                self.assertEqual(len(harness.read_xlsx(path)[1]), answer["data"]["record_count"])

    @contextlib.contextmanager
    def mounted(self, disk, size):
        run = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk],
                             capture_output=True, check=False)
        if run.returncode != 0:
            self.skipTest("no small disk can be mounted")
        try:
            yield
        finally:
            subprocess.run(["umount", disk], check=True)

    @unittest.skipUnless(os.getuid() == 0, "only root can become nobody")
    def test_an_output_folder_that_may_not_be_written(self):
        os.chmod(self.folder.name, 0o755)
        os.chmod(self.out, 0o555)
        path = self.copy()
        os.chmod(path, 0o644)
        answer = Nobody.run(self, "sqlite://" + path)
        self.assertEqual((answer["error_code"], self.left()), ("OUTPUT_DENIED", []))
        self.assertIn(self.out, answer["message"])


class Nobody:
    """The command as a user whom modes stop; root is not."""

    @staticmethod
    def become():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    @staticmethod
    def run(case, source):
        # the build folder may be closed to others
        command = case.path("ybbexport")
        shutil.copy(harness.COMMAND, command)
        os.chmod(command, 0o755)
        run = subprocess.run([command, "export", "--out", case.out, "-"], cwd="/",
                             input=json.dumps(REQUEST).encode(), capture_output=True,
                             env={**os.environ, "YBBEXPORT_SOURCE": source}, check=False,
                             preexec_fn=Nobody.become)
        answer = json.loads(run.stdout)
        harness.Schema.hold("answer", answer)
        case.assertEqual(run.returncode, 1, run.stderr)
        return answer


if __name__ == "__main__":
    tap.main()
