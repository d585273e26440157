"""Runs the command as its users do, and reads its files by programs we did not write.

YBBEXPORT names the command, YBB_TEST_MYSQL (a DSN) a MariaDB to use; without it the MariaDB half of a test
is skipped. Every answer is held against docs/answer.schema.json, and every request that is carried out
against docs/request.schema.json.
"""
import contextlib
import csv
import gzip
import io
import json
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.parse
import zipfile

import openpyxl

import tap

try:
    import jsonschema
except ImportError:
    jsonschema = None

SOURCES = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
COMMAND = os.environ.get("YBBEXPORT", "build/ybbexport")
MYSQL = os.environ.get("YBB_TEST_MYSQL")
PARTICIPANTS = 2500
STORE = "ybbexport.db"  # where jobs are kept, and what is beside it, begin so


class Schema:
    """The schemas of docs/."""

    known = {}

    @staticmethod
    def of(name):
        if name not in Schema.known:
            schema = json.loads((SOURCES / f"docs/{name}.schema.json").read_text("utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            Schema.known[name] = jsonschema.Draft202012Validator(schema)
        return Schema.known[name]

    @staticmethod
    def hold(name, document):
        """Fails unless the document is valid by the schema of that name."""
        if jsonschema is None:
            tap.later[f"documents are valid by docs/{name}.schema.json"] = (
                "on Debian and Ubuntu install python3-jsonschema")
            return
        errors = list(Schema.of(name).iter_errors(document))
        if errors:
            worst = jsonschema.exceptions.best_match(errors)
            raise AssertionError(f"not valid by docs/{name}.schema.json: {worst.json_path}: "
                                 f"{worst.message}\n{json.dumps(document, indent=1)}")


class Run:
    """One call of the command."""

    def __init__(self, arguments, stdin=None, env=None, timeout=120):
        done = subprocess.run([COMMAND, *arguments], input=stdin, capture_output=True,
                              env={**os.environ, **(env or {})}, timeout=timeout, check=False)
        self.status = done.returncode
        self.stdout = done.stdout.decode()
        self.stderr = done.stderr.decode()

    @property
    def json(self):
        """The answer, valid by its schema and without a key that stands twice."""
        answer = json.loads(self.stdout, object_pairs_hook=unique)
        Schema.hold("answer", answer)
        return answer


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) < len(keys):
        raise AssertionError(f"a key stands twice: {keys}")
    return dict(pairs)


def client(dsn):
    """How the client of a MariaDB is called, and in what environment."""
    parts = urllib.parse.urlsplit(dsn)
    socket = urllib.parse.parse_qs(parts.query)["socket"][0]
    return (["mariadb", "--no-defaults", "--socket=" + socket,
             "--user=" + urllib.parse.unquote(parts.username), "--default-character-set=utf8mb4",
             parts.path.strip("/")],
            {**os.environ, "MYSQL_PWD": urllib.parse.unquote(parts.password)})


@contextlib.contextmanager
def locked(dsn, table):
    """Another session, its client, holds a table of a MariaDB."""
    command, environment = client(dsn)
    with subprocess.Popen([*command, "--unbuffered", "--skip-column-names"], env=environment,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdin.write(f"LOCK TABLES {table} WRITE; SELECT 'locked';\n".encode())
        other.stdin.flush()
        line = other.stdout.readline()
        if line != b"locked\n":
            raise AssertionError(f"{table} cannot be locked: {line}")
        try:
            yield other
        finally:
            other.kill()


def execute(dsn, script):
    """Runs statements on a database; they must be in what SQL all of them share."""
    parts = urllib.parse.urlsplit(dsn)
    if parts.scheme == "sqlite":
        connection = sqlite3.connect(parts.path)
        connection.executescript("BEGIN;" + script + ";COMMIT;")
        connection.close()
        return
    command, environment = client(dsn)
    subprocess.run(command, input=script.encode(), check=True, capture_output=True,
                   env=environment)


class Case(unittest.TestCase):
    """A test with a folder of its own and the demo data on every database there is."""

    shared = None
    sources = {}
    more_rows = ""  # statements that add to the demo data

    @classmethod
    def setUpClass(cls):
        if Case.shared is None:
            Case.shared = tempfile.TemporaryDirectory(prefix="ybb-e2e-")
            cls.make_sources(Case.shared.name)

    @classmethod
    def make_sources(cls, folder):
        Case.database = os.path.join(folder, "demo.db")
        Case.sources = {"sqlite": "sqlite://" + Case.database}
        if MYSQL:
            Case.sources["mysql"] = MYSQL
        for name, dsn in Case.sources.items():
            made = Run(["demo-data", dsn, "--participants", str(PARTICIPANTS)])
            # another test program may have filled the shared server before
            if made.status != 0 and not (name == "mysql" and "exist" in made.stderr):
                raise RuntimeError(f"demo data on {name}: {made.stderr}")
            if cls.more_rows and made.status == 0:
                execute(dsn, cls.more_rows)

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ybb-e2e-")
        self.addCleanup(self.folder.cleanup)
        self.out = os.path.join(self.folder.name, "out")
        os.mkdir(self.out)

    def export(self, request, source="sqlite", config=None, threads=None, expect=0):
        """Exports and gives the response; files are under self.out."""
        path = os.path.join(self.folder.name, "config.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"out": self.out, **(config or {})}, file)
        arguments = ["export", "--config", path]
        if threads:
            arguments += ["--threads", str(threads)]
        text = request if isinstance(request, bytes) else json.dumps(request).encode()
        if expect == 0:
            Schema.hold("request", json.loads(text.decode("utf-8-sig")))
        run = Run([*arguments, "-"], stdin=text, env={"YBBEXPORT_SOURCE": Case.sources[source]})
        self.assertEqual(run.status, expect, run.stderr + run.stdout)
        self.run_of_export = run
        return run.json

    def path_of(self, response, name):
        return os.path.join(self.out, response["export_id"], name)

    def data_path(self, response):
        """The one file of a single-file response."""
        return self.path_of(response, response["data"]["file_name"])

    def left(self, out=None):
        """What is in the output folder but the job store."""
        return sorted(name for name in os.listdir(out or self.out) if not name.startswith(STORE))

    def files_left(self):
        """The same, with the files of folders."""
        return sorted(name for name in (os.path.relpath(os.path.join(where, name), self.out)
                                        for where, _, names in os.walk(self.out) for name in names)
                      if not name.startswith(STORE))


def read_xlsx(source, sheet=0):
    """Header and rows of a book's sheet."""
    book = openpyxl.load_workbook(source, read_only=True)
    rows = [list(row) for row in book.worksheets[sheet].iter_rows(values_only=True)]
    book.close()
    return rows[0], rows[1:]


def read_csv(path):
    """Header and rows of a CSV file with the default options."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        content = file.read()
    assert content.startswith(b"\xef\xbb\xbf"), "no byte order mark"
    rows = list(csv.reader(io.StringIO(content[3:].decode(), newline="")))
    return rows[0], rows[1:]


def unpacked(path):
    with gzip.open(path, "rb") as file:
        return io.BytesIO(file.read())


def sheet_xml(source, number=1):
    with zipfile.ZipFile(source) as book:
        return book.read(f"xl/worksheets/sheet{number}.xml")


def packed_parts(path):
    """Every part of a book as its compressed bytes, without the one that has the time."""
    parts = {}
    with zipfile.ZipFile(path) as book, open(path, "rb") as raw:
        for info in book.infolist():
            raw.seek(info.header_offset + 26)
            name, extra = (int.from_bytes(raw.read(2), "little") for _ in range(2))
            raw.seek(info.header_offset + 30 + name + extra)
            if info.filename != "docProps/core.xml":
                parts[info.filename] = raw.read(info.compress_size)
    return parts
