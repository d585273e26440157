"""Exports that live in the job store: started by one process, carried out by another, asked for by a third; streams,
cancelling, resuming, deleting, owners, the queue and what is swept."""
import array
import contextlib
import csv
import fcntl
import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import termios
import threading
import time
import unittest

import harness
import proxy
import tap

harness.PARTICIPANTS = 600
CHUNK = 100
REQUEST = {"export_type": "participants", "program_id": 1, "template": "detailed", "format": "csv",
           "large_dataset_options": {"strategy": "multi_file", "chunk_size": CHUNK,
                                     "parallel_processing": False}}
STREAM = {**REQUEST, "large_dataset_options": {"strategy": "streaming"}}
SINGLE = {**REQUEST, "large_dataset_options": {"strategy": "single", "compression": "none"}}
CONFIG = {"chunk_configurations": {"min_chunk_size": 10}, "source_timeout_seconds": 20,
          "queue_config": {"max_attempts": 1, "lease_seconds": 2}}
LOOK = 0.05
PATIENCE = 60
on_mysql = unittest.skipUnless(harness.MYSQL, "no MariaDB")


def changed(request, **more):
    return json.loads(json.dumps({**request, **more}))


class Jobs(harness.Case):
    source = None

    def setUp(self):
        super().setUp()
        self.config = dict(CONFIG)
        self.dsn = harness.Case.sources["sqlite"]

    def arguments(self, verb, *arguments):
        path = os.path.join(self.folder.name, "config.json")
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump({"out": self.out, "source": self.dsn, **self.config}, file)
        os.replace(path + ".new", path)  # a process that was started just now may be reading it
        return [verb, "--config", path, *arguments]

    def ask(self, verb, *arguments, expect=0, code=None, **how):
        """A verb's answer."""
        run = harness.Run(self.arguments(verb, *arguments), **how)
        self.assertEqual(run.status, expect, run.stderr + run.stdout)
        answer = run.json
        if expect:
            self.assertEqual(answer["error_code"], code, answer["message"])
        return answer

    def request(self, verb, request, *arguments, **how):
        return self.ask(verb, *arguments, "-", stdin=json.dumps(request).encode(), **how)

    def start(self, request=None, **how):
        return self.request("start", request or REQUEST, **how)["export_id"]

    def raw(self, verb, *arguments, expect=0, stdin=None):
        """What a verb writes to standard output, and its message."""
        done = subprocess.run([harness.COMMAND, *self.arguments(verb, *arguments)], input=stdin,
                              capture_output=True, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, expect, done.stderr)
        return done.stdout, done.stderr.decode()

    @contextlib.contextmanager
    def process(self, verb, *arguments, stdin=None):
        process = subprocess.Popen([harness.COMMAND, *self.arguments(verb, *arguments)],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        if stdin is not None:
            process.stdin.write(stdin)
            process.stdin.close()
            process.stdin = None
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def until(self, is_true, what):
        end = time.monotonic() + PATIENCE
        while not (value := is_true()):
            self.assertLess(time.monotonic(), end, what)
            time.sleep(LOOK)
        return value

    def ended(self, name):
        """Waits for an export's end."""
        def look():
            answer = self.ask("status", name)
            return answer if answer["status"] != "processing" else None
        return self.until(look, "the export does not end")

    def finished(self, process, expect=0):
        stdout, stderr = process.communicate(timeout=PATIENCE)
        self.assertEqual(process.returncode, expect, stderr)
        return stdout, stderr.decode()

    def rows(self, answer):
        """The rows of all files of an export, in order."""
        rows = []
        for batch in answer["data"]["individual_files"]:
            rows += harness.read_csv(self.path_of(answer, batch["file_name"]))[1]
        return rows

    def truth(self, request=None):
        """What an export gives that nothing disturbs."""
        out, self.out = self.out, os.path.join(self.folder.name, "truth")
        os.makedirs(self.out, exist_ok=True)
        dsn, self.dsn = self.dsn, harness.Case.sources["sqlite"]
        try:
            return self.rows(self.request("export", request or REQUEST))
        finally:
            self.out, self.dsn = out, dsn

    def prints(self, name):
        """What tells a file that was written again from one that was not; without the notes beside
        each, which go into the archive."""
        folder = os.path.join(self.out, name)
        prints = {}
        for file in os.listdir(folder) if os.path.exists(folder) else []:
            if file.endswith(".repairs.jsonl"):
                continue
            path = os.path.join(folder, file)
            state = os.stat(path)
            with open(path, "rb") as content:
                prints[file] = (state.st_ino, state.st_mtime_ns,
                                hashlib.sha256(content.read()).hexdigest())
        return prints

    def state(self, statement, *values):
        """Changes the job store behind the library's back."""
        with contextlib.closing(sqlite3.connect(os.path.join(self.out, "ybbexport.db"))) as store:
            store.execute(statement, values)
            store.commit()


class Queue(Jobs):
    def test_an_export_waits_for_a_worker(self):
        names = [self.start(changed(REQUEST, filters={"limit": limit})) for limit in (150, 250)]
        answers = [self.ask("status", name) for name in names]
        self.assertEqual([a["status"] for a in answers], ["processing"] * 2)
        self.assertEqual([a["data"]["queue_position"] for a in answers], [1, 2])
        for name in names:
            chunks = self.ask("chunks", name)
            self.assertEqual((chunks["status"], chunks["chunks"]), ("processing", []))
            self.ask("download", name, "--batch", "1", expect=1, code="NOT_READY")
        self.assertEqual(self.ask("queue")["data"]["queue"]["queued"], 2)
        self.assertEqual(self.left(), [])
        with self.process("worker") as worker:
            for name, records in zip(names, (150, 250)):
                self.assertEqual(self.ended(name)["data"]["total_records"], records)
            worker.send_signal(signal.SIGTERM)
            self.finished(worker)
        queue = self.ask("queue")["data"]["queue"]
        self.assertEqual((queue["queued"], queue["running"]), (0, 0))
        self.assertEqual(queue["owners_alive"], {"inproc": 0, "worker": 0})
        stats = self.ask("stats")["data"]
        self.assertEqual(stats["exports"]["completed"], 2)
        self.assertEqual(stats["last_7_days"]["records"], 400)

    def test_the_log_tells_what_an_export_holds(self):
        name = self.start()
        with self.process("worker") as worker:
            self.ended(name)
            worker.send_signal(signal.SIGTERM)
            _, log = self.finished(worker)
        lines = [line for line in map(json.loads, log.splitlines()) if line["event"] == "memory_usage"]
        self.assertEqual(len(lines), harness.PARTICIPANTS // CHUNK)
        peaks = [line["memory_usage_peak"] for line in lines]
        self.assertEqual(peaks, sorted(peaks))
        for line in lines:
            self.assertGreaterEqual(line["memory_usage_peak"], line["memory_usage"])
            self.assertGreater(line["memory_usage"], 0)

    def test_a_full_queue(self):
        self.config["queue_config"] = {**CONFIG["queue_config"], "max_queue_size": 1}
        first = self.start()
        answer = self.request("start", changed(REQUEST, filters={"limit": 7}), expect=1,
                              code="QUEUE_FULL")
        self.assertTrue(answer["details"]["retriable"])
        queue = self.ask("queue")["data"]["queue"]
        self.assertTrue(queue["full"])
        self.assertGreaterEqual(queue["retry_after_seconds"], 1)
        self.ask("cancel", first)
        self.start(changed(REQUEST, filters={"limit": 7}))

    def test_an_owner_has_a_limit(self):
        self.config["queue_config"] = {**CONFIG["queue_config"], "max_unfinished_per_owner": 1}
        first = self.start(changed(REQUEST, owner="ann"))
        more = changed(REQUEST, owner="ann", filters={"limit": 7})
        answer = self.request("start", more, expect=1, code="OWNER_LIMIT")
        self.assertTrue(answer["details"]["retriable"])
        self.assertGreaterEqual(answer["details"]["retry_after_seconds"], 1)
        self.start(changed(more, owner="bob"))
        self.ask("cancel", first)
        self.start(more)
        self.ask("resume", first, expect=1, code="OWNER_LIMIT")

    def test_exports_are_listed(self):
        names = [self.start(changed(REQUEST, owner=owner, filters={"limit": limit}))
                 for owner, limit in (("ann", 1), ("bob", 2), ("ann", 3))]
        listed = self.ask("list")["data"]
        self.assertEqual([item["export_id"] for item in listed["exports"]], names[::-1])
        self.assertIsNone(listed["next"])
        of_ann = self.ask("list", "--owner", "ann", "--most", "1")["data"]
        self.assertEqual([item["export_id"] for item in of_ann["exports"]], [names[2]])
        self.assertEqual(of_ann["exports"][0]["program_id"], REQUEST["program_id"])
        behind = self.ask("list", "--owner", "ann", "--before", str(of_ann["next"]))["data"]
        self.assertEqual([item["export_id"] for item in behind["exports"]], [names[0]])
        self.assertIsNone(behind["next"])
        self.assertEqual(self.ask("list", "--owner", "eve")["data"], {"exports": [], "next": None})
        for wrong in (["--most", "0"], ["--most", "101"], ["--before", "x"], ["--before", "-1"], [names[0]]):
            self.raw("list", *wrong, expect=2)

    def test_an_export_shows_what_was_asked_for(self):
        request = changed(REQUEST, owner="ann", idempotency_key="one", options={"sort_by": "email"})
        metadata = self.ask("status", self.start(request))["metadata"]
        self.assertEqual(metadata["program_id"], REQUEST["program_id"])
        kept_back = ("owner", "idempotency_key")
        self.assertEqual(metadata["request"], {k: v for k, v in request.items() if k not in kept_back})

    def test_the_queue_of_one_export(self):
        names = [self.start(changed(REQUEST, owner="ann", filters={"limit": limit})) for limit in (1, 2)]
        data = self.ask("queue", names[1])["data"]
        self.assertEqual((data["export_id"], data["queue_position"]), (names[1], 2))
        self.assertEqual(data["queue"]["queued"], 2)
        self.ask("queue", "--owner", "bob", names[1], expect=1, code="NOT_FOUND")
        self.raw("queue", *names, expect=2)

    def test_an_equal_request_joins(self):
        first = self.start()
        self.assertEqual(self.start(), first)
        self.assertNotEqual(self.start(changed(REQUEST, owner="another")), first)
        self.assertNotEqual(self.start(changed(REQUEST, filters={"limit": 5})), first)

    def test_an_idempotency_key(self):
        keyed = changed(REQUEST, idempotency_key="one")
        first = self.start(keyed)
        self.assertEqual(self.start(changed(keyed, filters={"limit": 5})), first)
        self.assertNotEqual(self.start(changed(keyed, idempotency_key="two", filters={"limit": 6})),
                            first)
        with self.process("worker"):
            self.ended(first)
        self.assertEqual(self.start(keyed), first)

    def test_owners_see_their_own_exports_alone(self):
        name = self.start(changed(REQUEST, owner="ann"))
        for verb in ("status", "chunks", "download", "cancel", "resume", "delete"):
            self.ask(verb, "--owner", "bob", name, expect=1, code="NOT_FOUND")
        self.assertEqual(self.ask("status", "--owner", "ann", name)["status"], "processing")
        self.assertEqual(self.ask("status", name)["status"], "processing")
        self.ask("delete", "--owner", "ann", name)
        self.ask("status", name, expect=1, code="NOT_FOUND")

    def test_an_owner_where_none_is_asked_for_is_refused(self):
        """An export would be thought to be somebody's that is everybody's."""
        for verb, argument in (("start", ["-"]), ("estimate", ["-"]), ("queue", []), ("stats", []),
                               ("sweep", [])):
            _, message = self.raw(verb, "--owner", "ann", *argument, expect=2,
                                  stdin=json.dumps(REQUEST).encode())
            self.assertIn("--owner", message, verb)
        _, message = self.raw("stream", "--owner", "ann", "-", expect=2, stdin=json.dumps(STREAM).encode())
        self.assertIn("owner", message)
        self.assertEqual(self.ask("queue")["data"]["queue"]["queued"], 0)

    def test_cancelling_what_waits(self):
        name = self.start()
        answer = self.ask("cancel", name)
        self.assertEqual((answer["status"], answer["error_code"]), ("error", "CANCELLED"))
        self.ask("cancel", name)
        self.assertEqual(self.ask("resume", name)["status"], "processing")
        self.ask("resume", name, expect=1, code="NOT_RESUMABLE")
        with self.process("worker"):
            self.assertEqual(self.ended(name)["status"], "success")
        self.ask("resume", name, expect=1, code="NOT_RESUMABLE")

    def test_ids_that_nobody_knows(self):
        for name in ("exp_" + "0" * 26, "", "../../etc/passwd"):
            for verb in ("status", "chunks", "download", "cancel", "resume", "delete"):
                self.ask(verb, name, expect=1, code="NOT_FOUND")

    def test_deleting(self):
        waiting = self.start(changed(REQUEST, filters={"limit": 5}))
        self.ask("delete", waiting)
        self.ask("status", waiting, expect=1, code="NOT_FOUND")
        done = self.request("export", REQUEST)["export_id"]
        self.assertEqual(self.left(), [done])
        self.ask("delete", done)
        self.assertEqual(self.left(), [])
        self.ask("delete", done, expect=1, code="NOT_FOUND")

    def test_an_estimate_starts_nothing(self):
        answer = self.request("estimate", REQUEST)
        self.assertEqual(answer["data"]["strategy"], "multi_file")
        count = len(self.truth())
        self.assertEqual(answer["estimated_records"], count)
        self.assertEqual(answer["data"]["total_files"], -(-count // CHUNK))
        self.assertEqual(self.ask("queue")["data"]["queue"]["queued"], 0)
        self.assertEqual(self.left(), [])
        self.request("estimate", {"export_type": "participant"}, expect=2, code="UNKNOWN_EXPORT_TYPE")


class Stores(Jobs):
    """Stores that cannot be written for a while; a trigger says no to what a full disk would."""

    def test_waiting_ends_where_nothing_can_be_claimed(self):
        self.ask("queue")
        self.state("CREATE TRIGGER no BEFORE UPDATE OF holder ON ybbexport_jobs"
                   " BEGIN SELECT RAISE(ABORT, 'the store is closed'); END")
        run = harness.Run(self.arguments("export", "-"), stdin=json.dumps(REQUEST).encode())
        self.assertEqual(run.status, 1)
        self.assertIn("the store is closed", run.stderr)
        name = run.json["export_id"]
        self.assertEqual(self.ask("status", name)["data"]["queue_position"], 1)
        self.state("DROP TRIGGER no")
        with self.process("worker"):
            self.assertEqual(self.rows(self.ended(name)), self.truth())

    def test_a_store_that_is_closed_for_a_moment(self):
        self.ask("queue")
        self.state("CREATE TRIGGER no BEFORE UPDATE OF holder ON ybbexport_jobs"
                   " BEGIN SELECT RAISE(ABORT, 'the store is closed'); END")
        with self.process("export", "-", stdin=json.dumps(REQUEST).encode()) as process:
            self.until(lambda: self.ask("queue")["data"]["queue"]["queued"], "not queued")
            time.sleep(1)
            self.state("DROP TRIGGER no")
            stdout, _ = self.finished(process)
        self.assertEqual(json.loads(stdout)["status"], "success")

    @contextlib.contextmanager
    def worker_that_speaks(self):
        """One that is killed where it says nothing."""
        with self.process("worker") as worker:
            timer = threading.Timer(PATIENCE, worker.kill)
            timer.start()
            try:
                yield worker
            finally:
                timer.cancel()

    def test_a_worker_tells_of_a_store_that_fails(self):
        self.ask("queue")
        self.state("CREATE TRIGGER no BEFORE INSERT ON ybbexport_owners"
                   " BEGIN SELECT RAISE(ABORT, 'the store is closed'); END")
        with self.worker_that_speaks() as worker:
            def event():
                return json.loads(next(line for line in worker.stderr if line.startswith(b"{")))
            failed = event()
            self.assertEqual((failed["event"], failed["level"], failed["error_code"]),
                             ("store_failed", "error", "STORE_ERROR"))
            self.assertGreater(failed["seconds"], 4)
            self.assertIsNone(worker.poll())
            self.state("DROP TRIGGER no")
            back = event()
            self.assertEqual((back["event"], back["level"]), ("store_recovered", "warning"))
            self.assertGreater(back["seconds"], failed["seconds"])

    def test_a_worker_tells_why_it_cannot_sweep(self):
        self.out = os.path.join(self.folder.name, "missing")
        self.config["store"] = "sqlite://" + os.path.join(self.folder.name, "store.db")
        with self.worker_that_speaks() as worker:
            self.assertIn(self.out.encode(), worker.stderr.readline())


class Downloads(Jobs):
    def test_batches_and_the_archive(self):
        answer = self.request("export", REQUEST)
        name, batches = answer["export_id"], answer["data"]["individual_files"]
        for batch in batches:
            content, _ = self.raw("download", name, "--batch", str(batch["batch_number"]), "-o", "-")
            with open(self.path_of(answer, batch["file_name"]), "rb") as file:
                self.assertEqual(content, file.read())
        path = os.path.join(self.folder.name, "all.zip")
        self.raw("download", name, "--zip", "-o", path)
        with open(path, "rb") as copy, open(self.path_of(
                answer, answer["data"]["archive"]["zip_file_name"]), "rb") as archive:
            self.assertEqual(copy.read(), archive.read())
        _, message = self.raw("download", name, "--zip", "-o", path, expect=1)
        self.assertIn("File exists", message)
        self.ask("download", name, "--batch", str(len(batches) + 1), expect=1, code="NOT_FOUND")

    def test_one_file(self):
        answer = self.request("export", SINGLE)
        content, _ = self.raw("download", answer["export_id"], "-o", "-")
        with open(self.data_path(answer), "rb") as file:
            self.assertEqual(content, file.read())
        self.ask("download", answer["export_id"], "--zip", expect=1, code="NOT_FOUND")
        where = os.getcwd()
        os.chdir(self.folder.name)
        try:
            self.raw("download", answer["export_id"])
        finally:
            os.chdir(where)
        self.assertTrue(os.path.exists(os.path.join(self.folder.name, answer["data"]["file_name"])))

    def test_a_file_that_is_not_as_its_record_says(self):
        answer = self.request("export", REQUEST)
        name, batches = answer["export_id"], answer["data"]["individual_files"]
        paths = [self.path_of(answer, batch["file_name"]) for batch in batches]
        os.truncate(paths[0], batches[0]["file_size"] - 1)
        with open(paths[1], "ab") as file:
            file.write(b"x")
        os.unlink(paths[2])
        for number in ("1", "2", "3"):
            problem = self.ask("download", name, "--batch", number, "-o", "-", expect=1,
                               code="OUTPUT_CORRUPT")
            self.assertIn(os.path.basename(paths[int(number) - 1]), problem["message"])
        self.raw("download", name, "--batch", "4", "-o", "-")

    def test_a_file_that_is_cut_while_it_is_copied(self):
        """Whoever reads the copy is held back until the file is another one."""
        answer = self.request("export", SINGLE)
        path, size = self.data_path(answer), 4 << 20
        os.truncate(path, size)
        self.state("UPDATE ybbexport_files SET bytes = ?", size)
        with self.process("download", answer["export_id"], "-o", "-") as process:
            process.stdout.read(1)
            os.truncate(path, 3 << 20)
            _, message = self.finished(process, expect=1)
        self.assertIn("changed", message)

    def test_a_copy_that_cannot_be_written(self):
        answer = self.request("export", SINGLE)
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.COMMAND,
                                   *self.arguments("download", answer["export_id"], "-o", "-")],
                                  stdout=full, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"No space left", done.stderr)

    def test_files_that_will_never_come(self):
        name = self.start(STREAM)
        for wanted in ([], ["--zip"], ["--batch", "1"]):
            self.ask("download", name, *wanted, expect=1, code="NOT_FOUND")

    def test_numbers_that_are_none(self):
        for number in ("0", "-1", "x", "", "99999999999"):
            _, message = self.raw("download", "exp_" + "0" * 26, "--batch", number, expect=2)
            self.assertIn("--batch", message)

    def test_a_batch_and_the_archive_at_once(self):
        for wanted in (["--batch", "1", "--zip"], ["--zip", "--batch", "1"]):
            _, message = self.raw("download", "exp_" + "0" * 26, *wanted, expect=2)
            self.assertIn("not both", message)

    def test_a_stream_has_no_batches(self):
        for wanted in (["--batch", "1"], ["--zip"]):
            _, message = self.raw("stream", *wanted, "-", expect=2, stdin=json.dumps(STREAM).encode())
            self.assertIn(wanted[0], message)


class Sweeps(Jobs):
    def test_exports_expire(self):
        old, young = (self.request("export", changed(REQUEST, filters={"limit": limit}))
                      for limit in (120, 130))
        self.state("UPDATE ybbexport_jobs SET expires_at = 1 WHERE id = ?", old["export_id"])
        folder = os.path.join(self.out, old["export_id"])
        size = sum(os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder))
        swept = self.ask("sweep")["data"]
        self.assertEqual((swept["expired_exports"], swept["freed"]), (1, size))
        self.assertEqual(self.left(), [young["export_id"]])
        answer = self.ask("status", old["export_id"])
        self.assertEqual((answer["status"], answer["error_code"]), ("error", "EXPIRED"))
        self.ask("download", old["export_id"], "--batch", "1", expect=1, code="EXPIRED")
        self.ask("resume", old["export_id"], expect=1, code="NOT_RESUMABLE")
        self.assertEqual(self.ask("sweep")["data"]["expired_exports"], 0)

    def test_strangers_stay(self):
        answer = self.request("export", REQUEST)
        before = self.prints(answer["export_id"])
        unknown = os.path.join(self.out, "exp_" + "7" * 26)
        fresh = os.path.join(self.out, "exp_" + "8" * 26)
        strangers = [os.path.join(self.out, name) for name in ("exp_short", "reports", "EXP_" + "7" * 26)]
        for folder in (unknown, fresh, *strangers):
            os.mkdir(folder)
            with open(os.path.join(folder, "x.csv"), "wb"):
                pass
        for folder in (unknown, *strangers):
            os.utime(folder, (1, 1))
        self.assertEqual(self.ask("sweep")["data"]["unknown_folders"], 1)
        self.assertFalse(os.path.exists(unknown))
        for folder in (fresh, *strangers):
            self.assertTrue(os.path.exists(os.path.join(folder, "x.csv")), folder)
        self.assertEqual(self.prints(answer["export_id"]), before)


class Streams(Jobs):
    def stream(self, request, **how):
        return self.raw("stream", "-", stdin=json.dumps(request).encode(), **how)

    def assert_nothing_stored(self):
        self.assertEqual(self.left(), [])

    def test_csv(self):
        for source in harness.Case.sources:
            self.dsn = harness.Case.sources[source]
            content, _ = self.stream(STREAM)
            self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
            rows = list(csv.reader(io.StringIO(content[3:].decode(), newline="")))[1:]
            self.assertEqual(rows, self.truth())
        self.assert_nothing_stored()
        self.assertEqual(self.ask("stats")["data"]["exports"]["completed"],
                         len(harness.Case.sources))

    def test_xlsx(self):
        content, _ = self.stream(changed(STREAM, format="excel"))
        answer = self.request("export", changed(SINGLE, format="excel"))
        self.assertEqual(harness.read_xlsx(io.BytesIO(content)),
                         harness.read_xlsx(self.data_path(answer)))
        self.assertEqual(self.left(), [answer["export_id"]])

    def test_texts_that_are_longer_than_a_cell(self):
        path = os.path.join(self.folder.name, "long.db")
        shutil.copy(harness.Case.database, path)
        self.dsn = "sqlite://" + path
        harness.execute(self.dsn, f"UPDATE participant_essays SET answer = '{'long text ' * 4000}'"
                                  " WHERE id % 50 = 1")
        content, _ = self.stream(changed(STREAM, format="excel"))
        answer = self.request("export", changed(SINGLE, format="excel"))
        for sheet in (0, 1):
            self.assertEqual(harness.read_xlsx(io.BytesIO(content), sheet),
                             harness.read_xlsx(self.data_path(answer), sheet))
        texts = [row[-1] for row in harness.read_xlsx(io.BytesIO(content), 1)[1]]
        self.assertGreater(len("".join(texts)), 5 * 32_767)

    def test_gzip(self):
        packed = changed(STREAM, large_dataset_options={"strategy": "streaming",
                                                        "compression": "gzip"})
        content, _ = self.stream(packed)
        self.assertEqual(gzip.decompress(content), self.stream(STREAM)[0])

    def test_into_a_file(self):
        path = os.path.join(self.folder.name, "x.csv")
        self.raw("stream", "-", "-o", path, stdin=json.dumps(STREAM).encode())
        self.assertEqual(harness.read_csv(path)[1], self.truth())
        before = os.stat(path)
        _, message = self.raw("stream", "-", "-o", path, stdin=json.dumps(STREAM).encode(), expect=1)
        self.assertIn("File exists", message)
        self.assertEqual(os.stat(path).st_mtime_ns, before.st_mtime_ns)
        exports = self.ask("stats")["data"]["exports"]
        self.assertEqual((exports["completed"], exports["queued"]), (1, 0))

    def test_a_reader_that_pauses(self):
        with self.process("stream", "-", stdin=json.dumps(STREAM).encode()) as process:
            content = process.stdout.read(10000)
            time.sleep(3)  # longer than a lease
            content += process.stdout.read()
            self.finished(process)
        self.assertEqual(content, self.stream(STREAM)[0])

    def test_a_reader_that_leaves_a_short_stream(self):
        """All of it is in the pipe, and nothing behind it is waited for."""
        short = changed(STREAM, filters={"limit": 3})
        length = len(self.stream(short)[0])
        unread = array.array("i", [0])
        with self.process("stream", "-", stdin=json.dumps(short).encode()) as process:
            def is_written():
                fcntl.ioctl(process.stdout, termios.FIONREAD, unread)
                return unread[0] == length
            self.until(is_written, "the stream is not written")
            self.assertIsNone(process.poll())
            process.stdout.close()
            process.stdout = None
            self.assertEqual(process.wait(PATIENCE), 1)
            self.assertIn("gone", process.stderr.read().decode())
        self.assertEqual(self.ask("stats")["data"]["exports"]["cancelled"], 1)
        self.assertEqual(self.ask("stats")["data"]["exports"]["completed"], 1)

    def test_a_reader_that_leaves_before_its_turn(self):
        """It waited for a place in its class, which a slow reader has."""
        self.grow()
        self.config["queue_config"] = {**CONFIG["queue_config"], "concurrent_processing": {"high": 1}}
        with self.process("stream", "-", stdin=json.dumps(STREAM).encode()) as slow:
            slow.stdout.read(1000)
            name = self.start(STREAM)
            with self.process("stream", name) as process:
                time.sleep(1)
                self.assertEqual(self.ask("status", name)["message"], "Export is ready to be streamed")
                process.stdout.close()
                process.stdout = None
                self.assertEqual(process.wait(PATIENCE), 1)
                self.assertIn("gone", process.stderr.read().decode())
            self.assertEqual(self.ask("status", name).get("error_code"), "CANCELLED")
            slow.stdout.read()
            self.finished(slow)

    def test_stopping_what_a_slow_reader_reads(self):
        self.grow()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            name = self.start(STREAM)
            with self.process("stream", name) as process:
                process.stdout.read(1000)
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE), 1)
            self.assertEqual(self.ask("status", name).get("error_code"), "CANCELLED")

    def test_by_its_id(self):
        name = self.start(changed(STREAM, owner="ann"))
        self.assertEqual(self.ask("status", name)["status"], "processing")
        _, message = self.raw("stream", "--owner", "bob", name, expect=1)
        self.assertIn(name, message)
        content, _ = self.raw("stream", "--owner", "ann", name)
        self.assertEqual(content, self.stream(STREAM)[0])
        self.assertEqual(self.ask("status", name)["status"], "success")
        _, message = self.raw("stream", name, expect=1)
        self.assertIn("was read before", message)
        self.assert_nothing_stored()

    def test_whose_reader_was_killed(self):
        name = self.start(STREAM)
        with self.process("stream", name) as process:
            process.stdout.read(1000)
            _, message = self.raw("stream", name, expect=1)
            self.assertIn("is being read", message)
            process.kill()
            process.wait()
            def read():
                done = subprocess.run([harness.COMMAND, *self.arguments("stream", name)],
                                      capture_output=True, timeout=PATIENCE, check=False)
                return done.stdout if done.returncode == 0 else None
            content = self.until(read, "the stream stays with who was killed")
        self.assertEqual(content, self.stream(STREAM)[0])
        self.assertEqual(self.ask("status", name)["status"], "success")

    def test_an_id_of_files_is_no_stream(self):
        name = self.start()
        _, message = self.raw("stream", name, expect=1)
        self.assertIn("is no stream", message)
        self.assertEqual(self.ask("status", name)["data"]["queue_position"], 1)
        self.raw("stream", "exp_" + "0" * 26, expect=1)

    def test_each_who_asks_has_a_stream_of_his_own(self):
        with self.process("stream", "-", stdin=json.dumps(STREAM).encode()) as process:
            content = process.stdout.read(1000)
            self.assertEqual((content + self.stream(STREAM)[0])[:1000], content)
            content += process.stdout.read()
            self.finished(process)
        self.assertEqual(content, self.stream(STREAM)[0])

    def test_what_others_wait_for_is_not_taken_back(self):
        stream = self.start(changed(STREAM, idempotency_key="stream"))
        self.request("export", changed(STREAM, idempotency_key="stream"), expect=1, code="MISUSE")
        files = self.start()
        _, message = self.stream(REQUEST, expect=1)
        self.assertIn("is no stream", message)
        for name in (stream, files):
            self.assertEqual(self.ask("status", name)["status"], "processing")

    def grow(self):
        """More bytes than all that lie between a reader and the rows."""
        self.dsn = "sqlite://" + os.path.join(self.folder.name, "large.db")
        self.assertEqual(harness.Run(["demo-data", self.dsn, "--participants", "4000"]).status, 0)

    def test_cancelling_what_a_slow_reader_reads(self):
        self.grow()
        name = self.start(STREAM)
        with self.process("stream", name) as process:
            process.stdout.read(1000)
            seen = []

            def is_held():
                """Rows are read no further, for all that holds bytes is full."""
                time.sleep(1)  # some times as long as between two looks at the store
                seen.append(self.ask("status", name)["progress"]["records_processed"])
                return len(seen) > 2 and seen[-1] == seen[-2]
            self.until(is_held, "the stream is not held back")
            self.assertGreater(seen[-1], 0)
            self.ask("cancel", name)
            self.assertEqual(self.ended(name)["error_code"], "CANCELLED")
            _, message = self.finished(process, expect=1)
        self.assertIn("cancelled", message)
        self.assert_nothing_stored()

    def test_a_reader_that_leaves(self):
        self.grow()
        for _ in range(10):
            with self.process("stream", "-", stdin=json.dumps(STREAM).encode()) as process:
                process.stdout.read(1000)
                process.stdout.close()
                process.stdout = None
                stderr = process.stderr.read().decode()
                self.assertEqual(process.wait(PATIENCE), 1)
            self.assertIn("gone", stderr)
        self.assert_nothing_stored()
        self.assertEqual(self.ask("stats")["data"]["exports"]["cancelled"], 10)

    def test_a_stream_is_no_export_of_files_and_the_reverse(self):
        self.request("export", STREAM, expect=1, code="MISUSE")
        _, message = self.stream(REQUEST, expect=1)
        self.assertIn("is no stream", message)
        self.assertEqual(self.ask("queue")["data"]["queue"]["queued"], 0)
        self.assert_nothing_stored()

    def test_nothing_else_runs_beside_a_stream(self):
        name = self.start(changed(REQUEST, filters={"limit": 120}))
        self.stream(STREAM)
        self.assertEqual(self.ask("status", name)["data"]["queue_position"], 1)


class Resumes(Jobs):
    """An export that fails in the middle and goes on behind its last file."""

    BAD = 7  # records into the third chunk

    def break_source(self, request, table, column):
        """A copy of the database with a record that cannot be read, at its place in the export's order."""
        number = 2 * CHUNK + self.BAD
        if table == "payments":  # that of the first column, which subtotals leave empty
            victim = [row[0] for row in self.truth(request) if row[0]][3 * CHUNK]
        else:
            victim = self.truth(changed(request, template="custom", fields=["id"]))[number][0]
        path = os.path.join(self.folder.name, "broken.db")
        shutil.copy(harness.Case.database, path)
        with contextlib.closing(sqlite3.connect(path)) as db:
            columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
            db.execute(f"ALTER TABLE {table} RENAME TO whole_{table}")
            db.execute(f"CREATE VIEW {table} AS SELECT " + ", ".join(
                f"CASE WHEN id = {victim} THEN abs(-9223372036854775807 - 1) ELSE {name} END"
                f" AS {name}" if name == column else name for name in columns)
                + f" FROM whole_{table}")
            db.commit()
        self.dsn = "sqlite://" + path
        return path

    def mend(self, path, table):
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute(f"DROP VIEW {table}")
            db.execute(f"ALTER TABLE whole_{table} RENAME TO {table}")
            db.commit()

    def check(self, request, table="participants", column="phone_number"):
        truth = self.truth(request)
        path = self.break_source(request, table, column)
        failed = self.request("export", request, expect=1, code="SOURCE_ERROR")
        name = failed["export_id"]
        chunks = self.ask("chunks", name)
        self.assertEqual(chunks["status"], "error")
        kept = chunks["completed_chunks"]
        self.assertGreaterEqual(kept, 2)
        self.assertTrue(failed["recovery_options"]["resume"])
        before = self.prints(name)
        self.assertEqual(sorted(before), sorted(c["file_name"] for c in chunks["chunks"]))
        content, _ = self.raw("download", name, "--batch", "2", "-o", "-")
        self.assertEqual(hashlib.sha256(content).hexdigest(),
                         before[chunks["chunks"][1]["file_name"]][2])
        self.mend(path, table)
        self.ask("resume", name)
        with self.process("worker"):
            done = self.ended(name)
        self.assertEqual(done["status"], "success", done["message"])
        self.assertEqual(self.rows(done), truth)
        after = self.prints(name)
        self.assertEqual({file: after[file] for file in before}, before)
        metadata = done["metadata"]
        self.assertEqual((metadata["consistency"], metadata["resumed_at_chunk"]), ("resumed", kept + 1))

    def test_a_file_that_was_changed_is_made_again(self):
        truth = self.truth()
        path = self.break_source(REQUEST, "participants", "phone_number")
        name = self.request("export", REQUEST, expect=1, code="SOURCE_ERROR")["export_id"]
        first, second, *_ = (chunk["file_name"] for chunk in self.ask("chunks", name)["chunks"])
        before = self.prints(name)
        with open(os.path.join(self.out, name, second), "r+b") as file:
            file.seek(-20, os.SEEK_END)
            byte = file.read(1)
            file.seek(-20, os.SEEK_END)
            file.write(bytes([byte[0] ^ 1]))
        self.mend(path, "participants")
        self.ask("resume", name)
        with self.process("worker"):
            done = self.ended(name)
        self.assertEqual(done["metadata"]["resumed_at_chunk"], 2)
        self.assertEqual(self.rows(done), truth)
        after = self.prints(name)
        self.assertEqual(after[first], before[first])
        self.assertEqual(after[second][2], before[second][2])

    def test_by_the_key(self):
        self.check(REQUEST)

    def test_in_another_order(self):
        self.check(changed(REQUEST, options={"sort_by": "full_name", "sort_order": "desc"}))

    def test_a_stream_once_more(self):
        truth = self.raw("stream", "-", stdin=json.dumps(STREAM).encode())[0]
        name = self.start(STREAM)
        path = self.break_source(REQUEST, "participants", "phone_number")
        self.raw("stream", name, expect=1)
        self.assertEqual(self.ask("status", name)["error_code"], "SOURCE_ERROR")
        self.mend(path, "participants")
        self.raw("stream", name, expect=1)
        self.ask("resume", name)
        with self.process("worker"):  # which takes what waits, but no stream
            self.request("export", SINGLE)
        self.assertEqual(self.raw("stream", name)[0], truth)

    def test_groups(self):
        self.check({"export_type": "payments", "program_id": 1, "template": "standard",
                    "format": "csv", "options": {"group_by_participant": True},
                    "large_dataset_options": REQUEST["large_dataset_options"]}, "payments",
                   "transaction_code")

    def test_with_a_limit(self):
        self.check(changed(REQUEST, filters={"limit": 3 * CHUNK + 50}))


class Running(Jobs):
    """An export that a proxy holds in the middle of its rows."""

    def setUp(self):
        super().setUp()
        if not harness.MYSQL:
            self.skipTest("no MariaDB")

    def whole(self):
        with proxy.Proxy(harness.MYSQL) as between:
            self.dsn = between.dsn
            self.request("export", REQUEST)
            for name in self.left():
                self.ask("delete", name)
            return between.passed

    @contextlib.contextmanager
    def held(self, verb="worker", part=2):
        """An export with some finished files, who runs it, and the proxy that holds it."""
        whole = self.whole()
        with proxy.Proxy(harness.MYSQL, whole * part // 3, holds=True) as between:
            self.dsn = between.dsn
            name = self.start()
            with self.process(verb) as worker:
                self.assertTrue(between.held.wait(PATIENCE))
                self.until(lambda: self.ask("chunks", name)["completed_chunks"], "no file")
                yield name, worker, between

    def test_what_is_asked_while_it_runs(self):
        with self.held() as (name, _, between):
            answer = self.ask("status", name)
            self.assertEqual(answer["status"], "processing")
            seen = [answer["progress"]["percentage"]]
            content, _ = self.raw("download", name, "--batch", "1", "-o", "-")
            chunk = self.ask("chunks", name)["chunks"][0]
            self.assertEqual(len(content), chunk["file_size"])
            for wanted in (["--batch", str(answer["progress"]["total_chunks"])], ["--zip"], []):
                self.ask("download", name, *wanted, expect=1, code="NOT_READY")
            self.assertEqual(self.ask("queue")["data"]["queue"]["running"], 1)
            between.release()
            while answer["status"] == "processing":
                answer = self.ask("status", name)
                seen.append(answer["progress"]["percentage"])
            self.assertEqual(seen, sorted(seen))
            self.assertEqual(seen[-1], 100)
            self.assertEqual(self.rows(answer), self.truth())

    def test_cancelling_and_deleting(self):
        with self.held() as (name, _, between):
            self.ask("cancel", name)
            between.release()
            answer = self.ended(name)
            self.assertEqual(answer["error_code"], "CANCELLED")
            chunks = self.ask("chunks", name)["chunks"]
            self.assertEqual(sorted(self.prints(name)), sorted(c["file_name"] for c in chunks))
            self.dsn = harness.MYSQL
            self.ask("resume", name)
            self.ask("delete", name)
            self.assertEqual(self.left(), [])

    def test_deleting_what_runs(self):
        with self.held() as (name, _, between):
            between.release()
            self.ask("delete", name)
            self.ask("status", name, expect=1, code="NOT_FOUND")
            self.assertEqual(self.left(), [])

    def test_cancelling_does_not_wait_for_the_database(self):
        self.config["source_timeout_seconds"] = 600
        with self.held() as (name, _, _):
            self.ask("cancel", name)
            self.assertEqual(self.ended(name)["error_code"], "CANCELLED")

    def test_deleting_does_not_wait_for_the_database(self):
        with self.held() as (name, _, _):
            self.ask("delete", name)
            self.assertEqual(self.left(), [])

    def test_cancelling_does_not_wait_for_a_lock(self):
        self.config["source_timeout_seconds"] = 600
        self.dsn = harness.MYSQL
        name = self.start()
        with harness.locked(harness.MYSQL, "participants") as other, self.process("worker"):
            self.until(lambda: self.ask("queue")["data"]["queue"]["running"], "not claimed")
            time.sleep(0.5)
            self.ask("cancel", name)
            self.assertEqual(self.ended(name)["error_code"], "CANCELLED")
            self.assertIsNone(other.poll())

    def test_deleting_what_does_not_stop_yet(self):
        self.config["queue_config"] = {**CONFIG["queue_config"], "lease_seconds": 60}
        with self.held() as (name, worker, between):
            worker.send_signal(signal.SIGSTOP)
            self.ask("delete", name, expect=1, code="NOT_READY")
            worker.send_signal(signal.SIGCONT)
            between.release()
            self.assertEqual(self.ended(name)["error_code"], "CANCELLED")
            self.ask("delete", name)
            self.assertEqual(self.left(), [])

    def test_one_that_was_away_too_long_says_so(self):
        """A worker that was stopped for longer than its lease, while another one took over."""
        with self.held() as (name, worker, between):
            worker.send_signal(signal.SIGSTOP)
            between.release()
            with self.process("worker"):
                answer = self.ended(name)
                worker.send_signal(signal.SIGCONT)
                worker.send_signal(signal.SIGTERM)
                _, said = self.finished(worker)
            events = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
            self.assertEqual([(line["level"], line["export_id"]) for line in events
                              if line["event"] == "export_lease_lost"], [("warning", name)])
            self.assertEqual(self.rows(answer), self.truth())

    def test_a_second_signal_gives_back_at_once(self):
        with self.held() as (name, worker, _):
            before = self.prints(name)
            before = {file: marks for file, marks in before.items() if file.endswith(".csv")}
            self.assertGreater(len(before), 0)
            worker.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            self.assertIsNone(worker.poll())
            worker.send_signal(signal.SIGTERM)
            self.finished(worker)
            self.assertEqual(self.ask("status", name)["data"]["queue_position"], 1)
            self.dsn = harness.MYSQL
            with self.process("worker"):
                answer = self.ended(name)
            self.assertEqual(self.rows(answer), self.truth())
            after = self.prints(name)
            self.assertEqual({file: after[file] for file in before}, before)

    def test_a_worker_leaves_a_database_that_does_not_answer(self):
        self.dsn = harness.MYSQL
        name = self.start()
        with proxy.Proxy(harness.MYSQL, 0, holds=True) as between:
            self.dsn = between.dsn
            with self.process("worker", "--drain", "0") as worker:
                self.assertTrue(between.held.wait(PATIENCE))
                worker.send_signal(signal.SIGTERM)
                self.finished(worker)
        self.assertEqual(self.ask("status", name)["data"]["queue_position"], 1)

    def test_a_worker_without_standard_streams(self):
        """No file or connection may be opened in their place, for what it says would go there."""
        self.dsn = self.config["store"] = harness.MYSQL
        truth = self.truth()  # while there is no worker that could take it into its own folder
        name = self.start()
        worker = subprocess.Popen([harness.COMMAND, *self.arguments("worker")],
                                  preexec_fn=lambda: os.closerange(0, 3))
        try:
            self.assertEqual(self.rows(self.ended(name)), truth)
            opened = [os.readlink(f"/proc/{worker.pid}/fd/{number}") for number in range(3)]
            self.assertEqual(opened, ["/dev/null"] * 3)
            worker.send_signal(signal.SIGTERM)
            self.assertEqual(worker.wait(PATIENCE), 0)
        finally:
            worker.kill()
            worker.wait()

    def test_a_worker_drains(self):
        with self.held() as (name, worker, between):
            worker.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            between.release()
            self.finished(worker)
            self.assertEqual(self.ask("status", name)["status"], "success")

    def test_stopping_a_stream_leaves_no_half_file(self):
        path = os.path.join(self.folder.name, "half.csv")
        with proxy.Proxy(harness.MYSQL, 200_000, holds=True) as between:
            self.dsn = between.dsn
            with self.process("stream", "-", "-o", path, stdin=json.dumps(STREAM).encode()) as process:
                self.until(lambda: os.path.exists(path) and os.path.getsize(path), "no bytes")
                process.send_signal(signal.SIGINT)
                self.assertEqual(process.wait(PATIENCE), 1)
        self.assertFalse(os.path.exists(path))
        self.assertEqual(self.ask("stats")["data"]["exports"]["cancelled"], 1)

    def test_a_stream_whose_reader_leaves_lets_the_database_go(self):
        with proxy.Proxy(harness.MYSQL, 200_000, holds=True) as between:
            self.dsn = between.dsn
            with self.process("stream", "-", stdin=json.dumps(STREAM).encode()) as process:
                process.stdout.read(100)
                process.stdout.close()
                process.stdout = None
                self.assertEqual(process.wait(PATIENCE), 1)
        self.assertEqual(self.ask("stats")["data"]["exports"]["cancelled"], 1)
        self.assertEqual(self.left(), [])


    def test_a_table_that_is_locked_for_a_while(self):
        self.dsn = harness.MYSQL
        self.config.update(source_timeout_seconds=2, queue_config={
            "max_attempts": 20, "retry_pause_seconds": 0, "lease_seconds": 2})
        name = self.start()
        with harness.locked(harness.MYSQL, "participants") as other, self.process("worker"):
            self.until(lambda: self.ask("status", name)["metadata"]["attempts"] > 1, "no attempt")
            other.kill()
            self.assertEqual(self.rows(self.ended(name)), self.truth())


class OnServer:
    """The same with the job store on a server."""

    def setUp(self):
        super().setUp()
        for table in ("events", "files", "jobs", "mails", "owners", "places", "runs", "store"):
            harness.execute(harness.MYSQL, f"DROP TABLE IF EXISTS ybbexport_{table};")
        self.config["store"] = harness.MYSQL

    def truth(self, request=None):
        """In a store of its own."""
        del self.config["store"]
        try:
            return super().truth(request)
        finally:
            self.config["store"] = harness.MYSQL

    def state(self, statement, *values):
        for value in values:
            statement = statement.replace("?", f"'{value}'", 1)
        harness.execute(harness.MYSQL, statement + ";")


@on_mysql
class ServerQueue(OnServer, Queue):
    pass


@on_mysql
class ServerDownloads(OnServer, Downloads):
    pass


@on_mysql
class ServerSweeps(OnServer, Sweeps):
    pass


@on_mysql
class ServerStreams(OnServer, Streams):
    pass


@on_mysql
class ServerResumes(OnServer, Resumes):
    pass


@on_mysql
class ServerRunning(OnServer, Running):
    pass


if __name__ == "__main__":
    tap.main()
