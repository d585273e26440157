"""Databases that are not a YBB Web Admin's: docs/examples/library on every database, against rows
computed here; catalogs with mistakes; templates that are added while the command is in use."""
import datetime
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import unittest
from decimal import Decimal

import harness
import oracle
import tap

EXAMPLE = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", ".")) / "docs/examples/library"
TABLES = ("branches", "books", "copies", "members", "loans")
STATES = {"en": {"out": "On loan", "returned": "Returned", "late": "Returned late", "lost": "Lost"},
          "id": {"out": "Dipinjam", "returned": "Dikembalikan", "late": "Terlambat",
                 "lost": "Hilang"}}
STANDINGS = {"en": {0: "New", 1: "Good", 2: "Reminded"}, "id": {0: "Baru", 1: "Baik", 2: "Ditegur"}}
TRUST = {"en": {"low": "Low", "fair": "Fair", "high": "High"},
         "id": {"low": "Rendah", "fair": "Cukup", "high": "Tinggi"}}


def day(text):
    return None if text is None else datetime.date.fromisoformat(text)


def money(number):
    return None if number is None else Decimal(str(number)).quantize(Decimal("0.01"))


class Library:
    """The example's rows, joined by hand."""

    def __init__(self, script):
        db = sqlite3.connect(":memory:")
        db.row_factory = sqlite3.Row
        db.executescript(script)
        for name in TABLES:
            setattr(self, name, [dict(r) for r in db.execute(f"SELECT * FROM app_{name}")])
        db.close()
        self.branch = {b["code"]: b for b in self.branches}
        self.copy = {(c["isbn"], c["copy_number"]): c for c in self.copies}
        self.book = {b["isbn"]: b for b in self.books}

    def loans_of(self, member):
        loans = [loan for loan in self.loans if loan["member_id"] == member["id"]]
        loans.sort(key=lambda loan: loan["id"])
        loans.sort(key=lambda loan: loan["lent_on"], reverse=True)
        return loans

    def line(self, loan, language):
        copy = self.copy.get((loan["isbn"], loan["copy_number"]))
        title = self.book[copy["isbn"]]["title"] if copy else "(no such copy)"
        return " | ".join((loan["lent_on"], title,
                           STATES[language].get(loan["state"], loan["state"])))

    @staticmethod
    def trust(loans):
        states = {loan["state"] for loan in loans}
        return "low" if "lost" in states else "fair" if states & {"late", "out"} else "high"

    def member(self, member, number, language="en"):
        loans = self.loans_of(member)
        branch = self.branch.get(member["branch_code"])
        standing = member["standing"] or 0
        in_time = sum(loan["state"] == "returned" for loan in loans)
        # half up, to one place: counted in tenths
        tenths = (2000 * in_time + len(loans)) // (2 * len(loans)) if loans else None
        return {
            "number": number, "id": member["id"], "full_name": member["full_name"],
            "email": member["email"],
            "branch": branch["name"] if branch else member["branch_code"],
            "city": branch["city"] if branch else None,
            "standing": STANDINGS[language].get(standing, str(standing)),
            "joined_on": day(member["joined_on"]), "deposit": money(member["deposit"]),
            "note": member["note"],
            "loans": "\n".join(self.line(loan, language) for loan in loans) if loans else None,
            "loan_count": len(loans),
            "lost_count": sum(loan["state"] == "lost" for loan in loans),
            "on_time": None if tenths is None else Decimal(tenths).scaleb(-1), "trust": TRUST[language][self.trust(loans)]}

    def book_cells(self, book):
        copies = sorted((c for c in self.copies if c["isbn"] == book["isbn"]),
                        key=lambda c: c["copy_number"])
        lines = [f"{c['copy_number']}: {self.branch.get(c['branch_code'], {}).get('name', '')}, "
                 f"{c['shelf'] or ''}" for c in copies]
        language = {"en": "English", "id": "Indonesian"}.get(book["language"], book["language"])
        return [book["isbn"], book["title"], book["author"], language, money(book["price"]),
                len(copies), "\n".join(lines) if lines else None]


class Case(unittest.TestCase):
    """A folder with a catalog of its own, and the library on every database there is."""

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="ybb-e2e-")
        cls.addClassCleanup(cls.shared.cleanup)
        cls.script = "".join((EXAMPLE / f).read_text("utf-8") for f in ("schema.sql", "rows.sql"))
        cls.library = Library(cls.script)
        database = os.path.join(cls.shared.name, "library.db")
        with sqlite3.connect(database) as db:
            db.executescript(cls.script)
        db.close()
        cls.sources = {"sqlite": ("sqlite://" + database, "main.")}
        if harness.MYSQL:
            cls.sources["mysql"] = (harness.MYSQL, cls.fill_mysql())

    @classmethod
    def fill_mysql(cls):
        """Makes the tables in a schema beside that of the DSN, and in that too."""
        own = harness.MYSQL.partition("?")[0].rpartition("/")[2]
        other = own + "_lib"
        drop = "".join(f"DROP TABLE IF EXISTS app_{t};\n" for t in TABLES)
        sql = (drop + cls.script + f"DROP DATABASE IF EXISTS {other};"
               f"CREATE DATABASE {other} CHARACTER SET utf8mb4; USE {other};\n" + cls.script)
        subprocess.run(
            ["mariadb", "--no-defaults", "--socket=" + os.environ["YBB_TEST_SOCKET"],
             "--user=root", "--default-character-set=utf8mb4", own],
            input=sql.encode(), check=True, capture_output=True, timeout=120)
        return other + "."

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="ybb-e2e-")
        self.addCleanup(folder.cleanup)
        self.catalog = os.path.join(folder.name, "catalog")
        self.out = os.path.join(folder.name, "out")
        self.config = os.path.join(folder.name, "config.json")
        shutil.copytree(EXAMPLE / "catalog", self.catalog)
        os.mkdir(self.out)
        self.configure({"catalog_dir": self.catalog})

    def configure(self, settings):
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"out": self.out, **settings}, file)

    def run_command(self, arguments, stdin="", source="sqlite", expect=0):
        text = stdin if isinstance(stdin, str) else json.dumps(stdin)
        run = harness.Run([*arguments[:1], "--config", self.config, *arguments[1:]],
                          stdin=text.encode(), env={"YBBEXPORT_SOURCE": self.sources[source][0]})
        self.assertEqual(run.status, expect, run.stderr + run.stdout)
        return run

    def rows(self, request, source="sqlite"):
        """Header and rows of a request's one file."""
        response = self.run_command(["export", "-"], request, source).json
        path = os.path.join(self.out, response["export_id"], response["data"]["file_name"])
        read = harness.read_csv if path.endswith(".csv") else harness.read_xlsx
        header, rows = read(path)
        return header, [["" if cell is None else cell for cell in row] for row in rows]

    def compare(self, request, truth):
        """The cells, on every source, in both formats."""
        for source in self.sources:
            for form, render in (("excel", oracle.render_xlsx), ("csv", oracle.render_csv)):
                with self.subTest(source=source, format=form):
                    _, rows = self.rows({**request, "format": form}, source)
                    self.assertEqual(rows, [[render(cell) for cell in row] for row in truth])

    def members(self, fields, keep=lambda member: True, language="en"):
        found = [m for m in self.library.members if not m["closed"] and keep(m)]
        cells = [self.library.member(m, n + 1, language) for n, m in enumerate(found)]
        return [[row[field] for field in fields] for row in cells]

    def write(self, name, document):
        with open(os.path.join(self.catalog, name), "w", encoding="utf-8") as file:
            file.write(document if isinstance(document, str) else json.dumps(document))


STANDARD = ["number", "id", "full_name", "email", "branch", "standing", "joined_on", "deposit"]
READING = ["id", "full_name", "city", "on_time", "lost_count", "trust", "note", "loans",
           "loan_count"]


class Exports(Case):
    def test_members_have_the_cells_of_their_tables(self):
        truth = self.members(STANDARD)
        self.assertEqual(len(truth), 5)
        self.compare({"export_type": "members"}, truth)

    def test_lines_counts_and_shares_follow_from_related_rows(self):
        self.compare({"export_type": "members", "template": "reading"}, self.members(READING))

    def test_both_languages(self):
        header, _ = self.rows({"export_type": "members", "template": "reading",
                               "options": {"language": "id"}})
        self.assertEqual(header, ["Kartu", "Nama", "Kota", "Tepat", "Buku hilang", "Kepercayaan",
                                  "Catatan", "Pinjaman", "Semua pinjaman"])
        self.compare({"export_type": "members", "template": "reading",
                      "options": {"language": "id"}}, self.members(READING, language="id"))

    def test_the_request_of_the_example(self):
        request = json.loads((EXAMPLE / "request.json").read_text("utf-8"))
        truth = self.members(READING, lambda m: m["id"] in (1, 2, 3), "id")
        self.compare(request, truth)

    def test_a_text_key(self):
        truth = [self.library.book_cells(b) for b in self.library.books if not b["withdrawn_on"]]
        self.assertEqual(len(truth), 4)
        self.compare({"export_type": "books"}, truth)
        self.compare({"export_type": "books", "options": {"include_copies": False}},
                     [row[:-1] for row in truth])

    def test_closed_rows_are_shown_where_they_are_asked_for(self):
        everyone = [[m["id"]] for m in self.library.members]
        self.compare({"export_type": "members", "fields": ["id"],
                      "options": {"include_deleted": True}}, everyone)

    def test_an_include_stands_behind_its_field(self):
        self.compare({"export_type": "members", "options": {"include_loans": True}},
                     self.members(STANDARD[:3] + ["loans", "loan_count"] + STANDARD[3:]))

    def test_every_kind_of_filter(self):
        library = self.library
        cases = [
            ({"standing": ["0", 1]}, lambda m: (m["standing"] or 0) in (0, 1)),
            ({"email": "tomas@example.org"}, lambda m: m["email"] == "tomas@example.org"),
            ({"email": "TOMAS@example.org"}, lambda m: False),
            ({"branch": ["HQ", "nowhere"]}, lambda m: m["branch_code"] in ("HQ", "nowhere")),
            ({"branch": "hq"}, lambda m: False),
            ({"book": "978-0-00-000002-8"}, lambda m: any(
                loan["isbn"] == "978-0-00-000002-8" for loan in library.loans_of(m))),
            ({"trust": "low"}, lambda m: library.trust(library.loans_of(m)) == "low"),
            ({"trust": ["fair", "high"]}, lambda m: library.trust(library.loans_of(m)) != "low"),
            ({"trust": "high", "book": "978-0-00-000001-1"}, lambda m: bool(
                own := [loan for loan in library.loans_of(m)
                        if loan["isbn"] == "978-0-00-000001-1"]) and library.trust(own) == "high"),
            ({"joined": {"from": "2024-02-29", "to": "2024-03-01"}},
             lambda m: m["joined_on"] in ("2024-02-29", "2024-03-01")),
            ({"deposit": {"min": "0.00", "max": 75000.5}},
             lambda m: m["deposit"] is not None and m["deposit"] <= 75000.5),
            ({"min_loans": 1, "max_loans": 2}, lambda m: 1 <= len(library.loans_of(m)) <= 2),
            ({"max_loans": 0}, lambda m: not library.loans_of(m)),
        ]
        for filters, keep in cases:
            truth = self.members(["id"], keep)
            for source in self.sources:
                with self.subTest(filters=filters, source=source):
                    _, rows = self.rows({"export_type": "members", "fields": ["id"],
                                         "format": "csv", "filters": filters}, source)
                    self.assertEqual(rows, [[str(i)] for i, in truth])

    def test_tables_may_stand_in_another_schema(self):
        truth = self.members(READING)
        for source, (_, schema) in self.sources.items():
            for name in ("members.json", "books.json"):
                text = (EXAMPLE / "catalog" / name).read_text("utf-8")
                changed = text.replace('"app_', f'"{schema}app_')
                self.assertNotEqual(text, changed)
                self.write(name, changed)
            with self.subTest(source=source):
                _, rows = self.rows({"export_type": "members", "template": "reading"}, source)
                self.assertEqual(rows, [[oracle.render_xlsx(c) for c in row] for row in truth])
                header, rows = self.rows({"export_type": "books", "format": "csv"}, source)
                self.assertEqual(header[0], "ISBN")
                self.assertEqual(len(rows), 4)

    def test_a_table_that_the_database_lacks_is_named(self):
        text = (EXAMPLE / "catalog/members.json").read_text("utf-8")
        self.write("members.json", text.replace("app_loans", "app_lendings"))
        for source in self.sources:
            with self.subTest(source=source):
                run = self.run_command(["export", "-"], {"export_type": "members",
                                                         "template": "reading"}, source, expect=1)
                self.assertEqual(run.json["error_code"], "SOURCE_SCHEMA")
                self.assertIn("app_lendings", run.json["message"])


class Mistakes(Case):
    """A catalog with a mistake exports nothing, and says where it is."""

    def assert_refused(self, name, place, *words):
        run = self.run_command(["export", "-"], {"export_type": "members"}, expect=1)
        self.assertEqual(run.json["error_code"], "INVALID_CATALOG")
        message = run.json["message"]
        for word in (os.path.join(self.catalog, name) + ":", place, *words):
            self.assertIn(word, message)
        self.assertIn(message, run.stderr)
        self.assertEqual(os.listdir(self.out), [])

    def change(self, old, new):
        text = (EXAMPLE / "catalog/members.json").read_text("utf-8")
        self.assertIn(old, text)
        self.write("members.json", text.replace(old, new, 1))

    def test_an_unknown_key(self):
        self.change('"key": "id"', '"key": "id", "tables": 1')
        self.assert_refused("members.json", "types.members.tables", '"table"')

    def test_an_unknown_field_in_a_template(self):
        self.change('"number", "id", "full_name"', '"number", "id", "fullname"')
        self.assert_refused("members.json", "templates.members_standard.fields[2]", '"fullname"',
                            '"full_name"')

    def test_a_bad_identifier(self):
        self.change('"app_members"', '"app_members; DROP TABLE app_loans"')
        self.assert_refused("members.json", "types.members.table")

    def test_an_unknown_table_of_a_column(self):
        self.change('"branch.name"', '"brunch.name"')
        self.assert_refused("members.json", "types.members.fields.branch.column", "brunch")

    def test_a_key_that_stands_twice(self):
        self.change('"city": {', '"email": {"header": "E"}, "city": {')
        self.assert_refused("members.json", "types.members.fields.email", "twice", "line ")

    def test_a_field_that_stands_twice_in_a_template(self):
        self.change('"number", "id", "full_name"', '"number", "id", "id"')
        self.assert_refused("members.json", "templates.members_standard.fields[2]", "twice")

    def test_a_text_that_is_no_json(self):
        self.write("zz.json", '{"types": ')
        self.assert_refused("zz.json", "line 1")

    def test_a_template_of_no_type(self):
        self.write("zz.json", {"templates": {"novels_standard": {"fields": ["id"]}}})
        self.assert_refused("zz.json", "templates.novels_standard")

    def test_a_folder_that_is_missing(self):
        self.configure({"catalog_dir": self.catalog + "-none"})
        run = self.run_command(["export", "-"], {"export_type": "members"}, expect=1)
        self.assertEqual(run.json["error_code"], "INVALID_CATALOG")
        self.assertIn(self.catalog + "-none", run.json["message"])

    def test_a_document_that_is_no_file(self):
        for make in (os.mkfifo, os.mkdir):
            path = os.path.join(self.catalog, "zz.json")
            make(path)
            self.assert_refused("zz.json", "is not a file")
            (os.unlink if make is os.mkfifo else os.rmdir)(path)

    def test_hidden_and_other_files_are_no_documents(self):
        self.write(".members.json", "{")
        self.write("members.json.bak", "{")
        self.run_command(["templates"])


class Templates(Case):
    def add(self, key, template, expect=0):
        return self.run_command(["template", "add", "-"], {"templates": {key: template}},
                                expect=expect).json

    def test_the_list_has_what_a_form_is_made_of(self):
        answer = self.run_command(["templates"]).json
        self.assertEqual(answer["status"], "success")
        reading = answer["templates"]["members_reading"]
        self.assertEqual(reading["fields"], READING)
        self.assertEqual(reading["headers"][3], "In time")
        self.assertEqual(reading["headers_by_language"]["id"][3], "Tepat")
        self.assertEqual((reading["export_type"], reading["template"]), ("members", "reading"))
        self.assertEqual(reading["max_records_single_file"], 5000)
        standard = answer["templates"]["members_standard"]
        self.assertEqual(standard["max_records_single_file"], 25000)
        members = answer["export_types"]["members"]
        self.assertEqual(members["templates"], ["standard", "reading"])
        self.assertEqual(members["title"], {"en": "Members", "id": "Anggota"})
        self.assertEqual(members["include_related"], ["loans"])
        self.assertFalse(members["has_programs"])
        fields = {f["name"]: f for f in members["fields"]}
        self.assertEqual(fields["deposit"]["type"], "decimal")
        self.assertEqual(len(fields), 15)
        filters = {f["name"]: f for f in members["filters"]}
        self.assertEqual(filters["joined"]["keys"], ["from", "to"])
        self.assertEqual(filters["trust"]["values"][0],
                         {"value": "low", "label": {"en": "Low", "id": "Rendah"}})
        participants = answer["export_types"]["participants"]
        options = {o["name"]: o for o in participants["options"]}
        self.assertEqual(options["essay_layout"]["choices"], ["text", "columns"])

    def test_an_added_template_can_be_used_and_replaced(self):
        for fields, header in ((["id", "email"], ["Nr", "Mail"]), (["full_name"], ["Who"])):
            answer = self.add("members_short", {"fields": fields, "headers": header})
            self.assertEqual(answer["templates"]["members_short"]["headers"], header)
            self.assertEqual(answer["export_types"]["members"]["templates"],
                             ["standard", "reading", "short"])
            found, _ = self.rows({"export_type": "members", "template": "short"})
            self.assertEqual(found, header)
        self.assertEqual(sorted(os.listdir(self.catalog)),
                         ["books.json", "members.json", "members_short.template.json"])

    def test_it_holds_against_documents_of_any_name(self):
        self.write("zzz.json", {"templates": {"members_short": {"fields": ["id"]}}})
        self.add("members_short", {"fields": ["email"]})
        header, _ = self.rows({"export_type": "members", "template": "short"})
        self.assertEqual(header, ["E-mail"])

    def test_one_that_became_invalid_can_be_replaced(self):
        self.add("members_short", {"fields": ["city"]})
        self.write("members_short.template.json", "{")
        # opening fails, and with it the command; a process that is open already can repair it
        self.run_command(["templates"], expect=1)
        os.remove(os.path.join(self.catalog, "members_short.template.json"))
        self.add("members_short", {"fields": ["city"]})

    def test_a_template_with_a_mistake_changes_nothing(self):
        before = sorted(os.listdir(self.catalog))
        for key, template, place in (
                ("members_x", {"fields": ["nothing"]}, "templates.members_x.fields[0]"),
                ("members_x", {"fields": []}, "templates.members_x.fields"),
                ("members_x", {"fields": ["id"], "header": []}, "templates.members_x.header"),
                ("members_custom", {"fields": ["id"]}, "templates.members_custom"),
                ("nobody_x", {"fields": ["id"]}, "templates.nobody_x"),
                ("../../x", {"fields": ["id"]}, "templates"),
                ("members_" + "x" * 65, {"fields": ["id"]}, "templates"),
                ("members_" + "x" * 5000, {"fields": ["id"]}, "templates"),
                ("members_\u00e9", {"fields": ["id"]}, "templates"),
                ("", {"fields": ["id"]}, "templates")):
            with self.subTest(key=key[:40], template=template):
                answer = self.add(key, template, expect=2)
                self.assertEqual(answer["error_code"], "INVALID_CATALOG")
                self.assertTrue(answer["details"]["field"].startswith(place), answer)
        self.assertEqual(sorted(os.listdir(self.catalog)), before)

    def test_only_one_template_alone_is_taken(self):
        one = {"fields": ["id"]}
        for document in ({"templates": {}}, {"templates": {"members_a": one, "members_b": one}},
                         {"templates": {"members_a": one}, "types": {}}, {}, [], "", "{",
                         {"templates": {"members_a": None}}):
            with self.subTest(document=document):
                run = self.run_command(["template", "add", "-"], document, expect=2)
                self.assertEqual(run.json["error_code"], "INVALID_CATALOG")

    def test_without_a_folder_nothing_is_added(self):
        self.configure({})
        answer = self.add("participants_x", {"fields": ["id"]}, expect=1)
        self.assertEqual(answer["error_code"], "INVALID_CONFIG")

    def test_many_at_once_are_all_kept(self):
        def add(number):
            harness.Run(["template", "--config", self.config, "add", "-"], stdin=json.dumps(
                {"templates": {f"members_t{number}": {"fields": ["id"]}}}).encode())
        threads = [threading.Thread(target=add, args=(n,)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        names = self.run_command(["templates"]).json["export_types"]["members"]["templates"]
        self.assertEqual(sorted(names), sorted(["standard", "reading"] +
                                               [f"t{n}" for n in range(6)]))
        self.assertEqual([n for n in os.listdir(self.catalog) if n.startswith(".")], [])

    def test_a_wrong_command_line_is_refused(self):
        for arguments in (["template"], ["template", "add"], ["template", "remove", "x"],
                          ["template", "add", "/nonexistent"], ["templates", "x"]):
            with self.subTest(arguments=arguments):
                run = self.run_command(arguments, expect=2)
                self.assertEqual(run.stdout, "")
                self.assertNotEqual(run.stderr, "")


if __name__ == "__main__":
    tap.main()
