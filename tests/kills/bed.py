"""An installation to be treated badly: a source, a job store, a folder, workers as processes, and a client.

The client is the shared library in this process, so that many exports can be asked for and watched at little
cost; what became of them is read by sqlite3 and the mariadb client.
"""
import ctypes
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path += [str(pathlib.Path(__file__).parents[1] / room) for room in ("e2e", "tools")]

# pylint: disable=wrong-import-position
import harness

BUILD = pathlib.Path(os.environ.get("YBB_BUILD_DIR", harness.SOURCES / "build"))
LIBRARY = BUILD / ".libs/libybbexport.so"
PARTICIPANTS = 600
YBB_QUEUE_FULL = "QUEUE_FULL"
LIBC = ctypes.CDLL(None)
PATIENCE = 120  # seconds for anything that has to happen
UNKEPT_EVENTS = 2000  # of a store's log, which has room for 10,000

KINDS = ["sqlite"] + (["mysql"] if harness.MYSQL else [])

# Several files, one file, packed files; the three types; records, groups, repairs, summaries.
EARLY = "batches closed early"  # where they close depends on where reading began
PDF = "pdf batches"  # these close early too, with the last record that their pages hold
REQUESTS = {
    EARLY: {
        "export_type": "participants", "template": "detailed", "format": "csv",
        "large_dataset_options": {"strategy": "multi_file", "chunk_size": 500,
                                  "max_file_size": 250000}},
    "xlsx batches": {
        "export_type": "participants", "template": "standard", "format": "excel",
        "options": {"include_summary": True},
        "large_dataset_options": {"strategy": "multi_file", "chunk_size": 150}},
    "csv batches": {
        "export_type": "participants", "template": "detailed", "format": "csv",
        "options": {"sort_by": "full_name", "sort_order": "desc"},
        "large_dataset_options": {"strategy": "multi_file", "chunk_size": 100}},
    "csv in gzip": {
        "export_type": "payments", "template": "standard", "format": "csv",
        "large_dataset_options": {"strategy": "compressed"}},
    "groups": {
        "export_type": "payments", "template": "standard", "format": "excel",
        "options": {"group_by_participant": True},
        "large_dataset_options": {"strategy": "multi_file", "chunk_size": 200}},
    "single csv": {
        "export_type": "ambassadors", "template": "detailed", "format": "csv",
        "large_dataset_options": {"strategy": "single"}},
    "single xlsx": {
        "export_type": "payments", "template": "detailed", "format": "excel",
        "options": {"include_summary": True}, "large_dataset_options": {"strategy": "single"}},
    "csv in zip": {
        "export_type": "ambassadors", "template": "standard", "format": "csv",
        "large_dataset_options": {"strategy": "single", "compression": "zip"}},
    PDF: {
        "export_type": "participants", "template": "standard", "format": "pdf",
        "large_dataset_options": {"strategy": "multi_file", "chunk_size": 150}},
}
if shutil.which("pdftotext") is None:  # on Debian and Ubuntu it is in poppler-utils
    REQUESTS.pop(PDF)


def wait_until(condition, what, seconds=PATIENCE, pause=0.02):
    until = time.monotonic() + seconds
    while True:
        if found := condition():
            return found
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} seconds")
        time.sleep(pause)


def die_with_parent():
    """In a child: no worker outlives its test."""
    LIBC.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


class Refused(Exception):
    """What the library said no to."""

    def __init__(self, answer):
        super().__init__(answer.get("message"))
        self.answer = answer


class Client:
    """The library in this process; it runs no export itself."""

    known = None

    def __init__(self, config):
        self.lib = Client.load()
        self.error = ctypes.c_void_p(self.lib.ybb_error_new())
        settings = ctypes.c_void_p(self.lib.ybb_config_new())
        text = json.dumps(config).encode()
        self.expect(self.lib.ybb_config_read(settings, text, len(text), self.error))
        self.exporter = ctypes.c_void_p()
        self.expect(self.lib.ybb_exporter_open(ctypes.byref(self.exporter), settings, self.error))
        self.lib.ybb_config_free(settings)

    @staticmethod
    def load():
        if Client.known is None:
            lib = Client.known = ctypes.CDLL(str(LIBRARY))
            for name in ("ybb_error_new", "ybb_config_new", "ybb_export_id", "ybb_error_json"):
                getattr(lib, name).restype = ctypes.c_void_p
            lib.ybb_config_read.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
                                            ctypes.c_void_p]
            lib.ybb_export_start.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p,
                                             ctypes.c_size_t, ctypes.c_void_p]
        return Client.known

    def expect(self, status):
        if status != 0:
            answer = json.loads(self.take(self.lib.ybb_error_json(self.error)))
            self.lib.ybb_error_clear(self.error)
            raise Refused(answer)

    def take(self, pointer):
        text = ctypes.string_at(pointer)
        self.lib.ybb_string_free(ctypes.c_void_p(pointer))
        return text

    def start(self, request):
        text = json.dumps(request).encode()
        export = ctypes.c_void_p()
        self.expect(self.lib.ybb_export_start(ctypes.byref(export), self.exporter, text, len(text),
                                              self.error))
        name = ctypes.string_at(self.lib.ybb_export_id(export)).decode()
        self.lib.ybb_export_free(export)
        return name

    def status(self, name):
        answer = ctypes.c_void_p()
        self.expect(self.lib.ybb_export_status(ctypes.byref(answer), self.exporter, name.encode(),
                                               None, self.error))
        return json.loads(self.take(answer.value))

    def close(self):
        self.lib.ybb_exporter_free(self.exporter)
        self.lib.ybb_error_free(self.error)


class Server:
    """The MariaDB of the tests: a database for the rows, others for stores."""

    parts = urllib.parse.urlsplit(harness.MYSQL or "")
    stores = 0

    @staticmethod
    def query(database, statement):
        query = urllib.parse.parse_qs(Server.parts.query)
        run = subprocess.run(
            ["mariadb", "--no-defaults", "--skip-column-names", "--batch", "--raw",
             "--socket=" + query["socket"][0], "--default-character-set=utf8mb4",
             "--user=" + urllib.parse.unquote(Server.parts.username), database or ""],
            input=statement.encode(), capture_output=True, check=False, timeout=PATIENCE,
            env={**os.environ, "MYSQL_PWD": urllib.parse.unquote(Server.parts.password)})
        if run.returncode != 0:
            raise AssertionError(f"{statement}: {run.stderr.decode()}")
        return [line.split("\t") for line in run.stdout.decode().splitlines()]

    @staticmethod
    def new_store():
        """The name and the DSN of an empty database."""
        Server.stores += 1
        name = f"{Server.parts.path.strip('/')}_store_{Server.stores}"[-60:]
        Server.query(None, f"DROP DATABASE IF EXISTS {name}; "
                           f"CREATE DATABASE {name} CHARACTER SET utf8mb4")
        return name, Server.parts._replace(path="/" + name).geturl()


class Sources:
    """The demo data, once on each kind of database."""

    known = {}
    folder = None

    @staticmethod
    def of(kind):
        if Sources.folder is None:
            Sources.folder = tempfile.TemporaryDirectory(prefix="ybb-kills-")
        if kind not in Sources.known:
            path = os.path.join(Sources.folder.name, "demo.db")
            dsn = harness.MYSQL if kind == "mysql" else "sqlite://" + path
            made = harness.Run(["demo-data", dsn, "--participants", str(PARTICIPANTS)])
            if made.status != 0 and "exist" not in made.stderr:
                raise RuntimeError(f"demo data on {kind}: {made.stderr}")
            Sources.known[kind] = dsn
        return Sources.known[kind]


class Worker:
    """A process of "ybbexport worker"."""

    def __init__(self, config, env=None, verb=("worker", "--drain", "0")):
        self.log = tempfile.TemporaryFile()
        # the command may be a script that starts it; it then becomes it
        self.process = subprocess.Popen(
            [harness.COMMAND, *verb, "--config", config],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, **(env or {})}, preexec_fn=die_with_parent)

    def kill(self):
        self.process.kill()
        return self.process.wait(PATIENCE)

    def stop(self):
        """As an operator does: what runs is given back."""
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def said(self):
        self.log.seek(0)
        return self.log.read().decode(errors="replace")

    def is_alive(self):
        return self.process.poll() is None

    def end(self):
        if self.is_alive():
            self.process.send_signal(signal.SIGCONT)
            self.kill()
        self.log.close()


class Bed:
    def __init__(self, kind, **config):
        self.kind = kind
        self.folder = tempfile.TemporaryDirectory(prefix="ybb-kills-")
        self.out = os.path.join(self.folder.name, "out")
        os.mkdir(self.out)
        if kind == "mysql":
            self.database, store = Server.new_store()
        else:
            self.database = os.path.join(self.folder.name, "store.db")
            store = "sqlite://" + self.database
        self.config = {
            "source": Sources.of(kind), "store": store, "out": self.out, "pool": "worker",
            "threads": 2,
            "chunk_configurations": {"min_chunk_size": 10},
            "format_limits": {"pdf": {"max_pages": 3}},
            "system_limits": {"max_concurrent_large_exports": 4},
            **config}
        self.config["queue_config"] = {
            "max_queue_size": 1000, "lease_seconds": 1, "max_takeovers": 10000, "max_attempts": 100,
            "retry_pause_seconds": 0,
            "priority_levels": {"immediate": "< 100 records", "high": "100-400 records",
                                "normal": "400-1000 records", "low": "> 1000 records"},
            "concurrent_processing": {"immediate": 4, "high": 4, "normal": 3, "low": 2},
            **config.get("queue_config", {})}
        self.path = self.write("config.json", self.config)
        self.client = Client(self.config)
        self.workers = []
        self.started = {}  # id: the request's name
        self.kept = {}     # events of the store's log by their numbers
        self.owners = 0

    def write(self, name, document):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(document, file)
        return path

    def close(self):
        for worker in self.workers:
            worker.end()
        self.client.close()
        self.folder.cleanup()
        if self.kind == "mysql":
            Server.query(None, f"DROP DATABASE IF EXISTS {self.database}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # --- exports ---

    def start(self, name, **more):
        """Each has an owner of its own, so that equal requests stay several."""
        self.owners += 1
        request = {**REQUESTS[name], "owner": f"owner {self.owners}", **more}
        export = self.client.start(request)
        self.started[export] = name
        return export

    def is_over(self, export):
        return self.client.status(export)["status"] in ("success", "error")

    def wait_all(self, seconds=PATIENCE):
        waiting = list(self.started)

        def none_left():
            waiting[:] = [export for export in waiting if not self.is_over(export)]
            return not waiting

        wait_until(none_left, "all exports end", seconds, 0.1)

    # --- workers ---

    def work(self, env=None):
        worker = Worker(self.path, env)
        self.workers.append(worker)
        return worker

    def run_stoppable(self, verb, env):
        """Another verb, as a process that can be stopped."""
        self.workers.append(Worker(self.path, env, (verb,)))
        return self.workers[-1]

    def end_workers(self, but=None):
        for worker in [w for w in self.workers if w is not but]:
            if worker.is_alive():
                worker.stop()
            worker.end()
            self.workers.remove(worker)

    def command(self, verb, *arguments, env=None):
        return harness.Run([verb, "--config", self.path, *arguments], env=env)

    # --- the store, read by others ---

    def query(self, statement):
        """Rows as lists of texts."""
        if self.kind == "mysql":
            return Server.query(self.database, statement + ";")
        connection = sqlite3.connect(self.database, timeout=PATIENCE)
        try:
            rows = connection.execute(statement).fetchall()
        finally:
            connection.close()
        return [["NULL" if cell is None else str(cell) for cell in row] for row in rows]

    def change(self, statement):
        if self.kind == "mysql":
            Server.query(self.database, statement + ";")
            return
        connection = sqlite3.connect(self.database, timeout=PATIENCE)
        with connection:
            connection.execute(statement)
        connection.close()

    def files_of(self, export):
        """What the record has: (number, name, bytes, records, first_record, crc32, sha256, the name that is
        shown)."""
        rows = self.query(
            "SELECT f.number, f.name, f.bytes, f.records, f.first_record, f.crc32, f.sha256,"
            " COALESCE(f.shown, '')"
            f" FROM ybbexport_files f JOIN ybbexport_jobs j ON j.seq = f.job WHERE j.id = '{export}'"
            " ORDER BY f.number")
        return [(int(r[0]), r[1], *(int(cell) for cell in r[2:6]), r[6], r[7] or r[1]) for r in rows]

    def read_events(self):
        names = ("number", "kind", "job", "holder", "priority", "place", "large_place", "fence",
                 "status", "file", "store_time")
        rows = self.query(f"SELECT {', '.join(names)} FROM ybbexport_events ORDER BY number")
        return [{n: v if n in ("job", "holder") else int(v) for n, v in zip(names, row)}
                for row in rows]

    def keep_events(self):
        """The store removes the oldest events where there are many: who has long work for it keeps them, often
        enough that none goes unseen. All are read again, for a server's transactions end in another order
        than they are numbered."""
        newest = self.query("SELECT COALESCE(MAX(number), 0) FROM ybbexport_events")
        if int(newest[0][0]) >= max(self.kept, default=0) + UNKEPT_EVENTS:
            self.take_events()

    def take_events(self):
        events = self.read_events()
        if self.kept and events and events[0]["number"] > max(self.kept):
            raise AssertionError(f"the store's log was read too late: {max(self.kept)} was the last "
                                 f"event, {events[0]['number']} is the oldest one now")
        self.kept.update((event["number"], event) for event in events)

    def events(self):
        """The store's own log, in its order, and what was kept of it."""
        self.take_events()
        return [self.kept[number] for number in sorted(self.kept)]
