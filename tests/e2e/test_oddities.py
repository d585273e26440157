"""Rows that no form would have let in, on every database: each has one outcome, the same as a spreadsheet and
as CSV but for what the two formats write differently."""
import csv
import datetime
import json
import os
import re
import sqlite3
import unittest
import urllib.parse
import zipfile
from xml.etree import ElementTree

import openpyxl

import harness
import oracle
import tap

harness.PARTICIPANTS = 1
csv.field_size_limit(1 << 30)

PROGRAM = 900
EMPTY = "".join(f"DELETE FROM {table};" for table in (
    "programs", "users", "participants", "participant_statuses", "program_essays",
    "participant_essays", "program_payments", "payment_methods", "payments", "ambassadors"))
REPLACEMENT = "\ufffd"
CONTINUES = "\u2026 (continues in sheet Long texts)"

TEXTS = [
    "a\rb", "a\nb", "a\r\nb", "\r", "\n", "\t", "a\tb", "\x01\x02\x1f", "\x7f\x85", "_x000D_", "_x0041_B",
    "_x005F_", "_x005F_x000D_", "_x_ _x12_ __x0041_ _xZZZZ_", "_x000d_\r", "\ufffe\uffff", "\ufffd",
    "\ufeffmark", "\U0001f600\U0001f468\u200d\U0001f469", "\U0010fffd", "\u05e2\u05d1\u05e8",
    "e\u0301", "\u2028\u2029", " before", "after ", "  ", "a,b;c\"d'e", '"', '""', "<b>&amp;</b>",
    "]]>", "&#10;", "\\N", "\\", "NULL", "N/A", "None", "#N/A", "true", "1e5", "007", "1/2",
    "2025-07-23", "0", "-0", "x" * 255, "\u00e9" * 255,
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201",
    "+62 812-3456-7890", "-5", "+62 (21) 555.77", "--5", "+", "'=1", "=", "a=1"]

# A date and a moment as stored, and as they come out: in a spreadsheet None is N/A, a text is one.
DATES = [
    ("0000-00-00", "0000-00-00 00:00:00", None, None),
    (None, None, None, None),
    ("0001-01-01", "0001-01-01 00:00:00", "0001-01-01", "0001-01-01 00:00:00"),
    ("1899-12-31", "1899-12-31 12:00:00", "1899-12-31", "1899-12-31 12:00:00"),
    ("1900-02-28", "1900-02-28 23:59:59", "1900-02-28", "1900-02-28 23:59:59"),
    ("1900-03-01", "1900-03-01 00:00:00", datetime.date(1900, 3, 1),
     datetime.datetime(1900, 3, 1)),
    ("2024-02-29", "2024-02-29 23:59:59", datetime.date(2024, 2, 29),
     datetime.datetime(2024, 2, 29, 23, 59, 59)),
    ("9999-12-31", "9999-12-31 23:59:59", datetime.date(9999, 12, 31),
     datetime.datetime(9999, 12, 31, 23, 59, 59)),
    ("9999-12-31", "9999-12-31 23:59:59.999999", datetime.date(9999, 12, 31),
     datetime.datetime(9999, 12, 31, 23, 59, 59)),
    ("2025-00-10", "2025-02-00 10:00:00", "2025-00-10", "2025-02-00 10:00:00"),
]


def quoted(value):
    """A value in SQL that both databases and their clients read alike."""
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    return f"'{value}'" if value.isalnum() else f"CAST(x'{value.encode().hex()}' AS CHAR)"


def insert(table, **columns):
    return (f"INSERT INTO {table} ({', '.join(columns)})"
            f" VALUES ({', '.join(map(quoted, columns.values()))});")


def unescaped(text):
    """What a text of a spreadsheet stands for: openpyxl leaves _xHHHH_ as it is."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def shared_texts(path):
    """The shared strings of a book, each by its number."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with zipfile.ZipFile(path) as book:
        root = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
    return [unescaped("".join(t.text or "" for t in item.iter(space + "t"))) for item in root]


class Odd(harness.Case):
    maxDiff = 3000

    def fill(self, source, script):
        """Replaces every row of a database."""
        dsn = harness.Case.sources[source]
        if source == "sqlite":
            connection = sqlite3.connect(urllib.parse.urlsplit(dsn).path)
            connection.executescript("BEGIN;" + EMPTY + script + "COMMIT;")
            connection.close()
        else:
            harness.execute(dsn, "SET SESSION sql_mode = '';" + EMPTY + script)

    def rows(self, source, form, **request):
        """The rows of an export, a spreadsheet's with inline texts that are read as they are."""
        answer = self.export({"export_type": "participants", "format": form, **request,
                              "xlsx": {"strings": "inline"},
                              "large_dataset_options": {"strategy": "single",
                                                        "compression": "none"}}, source)
        self.answer = answer
        if form == "csv":
            return harness.read_csv(self.data_path(answer))[1]
        _, rows = harness.read_xlsx(self.data_path(answer))
        return [["" if c is None else unescaped(c) if isinstance(c, str) else c for c in row]
                for row in rows]

    def both(self, script, wanted, **request):
        """@wanted: rows of cells, each one value for both formats, or a pair for spreadsheet and CSV."""
        for source in harness.Case.sources:
            self.fill(source, script)
            self.check(source, wanted, **request)

    def check(self, source, wanted, **request):
        for n, form in enumerate(("excel", "csv")):
            with self.subTest(source=source, format=form):
                self.assertEqual(self.rows(source, form, **request),
                                 [[c[n] if isinstance(c, tuple) else (c, str(c))[n] for c in row]
                                  for row in wanted])

    def codes(self):
        return {w["code"]: w["message"] for w in self.answer["metadata"]["warnings"]}


class Cells(Odd):
    def test_texts(self):
        script = "".join(insert("participants", id=n, program_id=PROGRAM, full_name=text)
                         for n, text in enumerate(TEXTS, 1))
        self.both(script, [[n, (text, oracle.guarded(text))] for n, text in enumerate(TEXTS, 1)],
                  fields=["id", "full_name"])

    def test_shared_texts(self):
        self.fill("sqlite", "".join(
            insert("participants", id=n, program_id=PROGRAM, full_name=text)
            for n, text in enumerate(TEXTS, 1)))
        answer = self.export({"export_type": "participants", "fields": ["full_name"],
                              "xlsx": {"strings": "shared"}})
        self.assertEqual(shared_texts(self.data_path(answer))[-len(TEXTS):], TEXTS)

    def test_dates(self):
        script = "".join(insert("participants", id=n, program_id=PROGRAM, birthdate=day,
                                created_at=moment) for n, (day, moment, _, _) in enumerate(DATES, 1))
        wanted = [[n, (oracle.render_xlsx(day), oracle.render_csv(day)),
                   (oracle.render_xlsx(moment), oracle.render_csv(moment))]
                  for n, (_, _, day, moment) in enumerate(DATES, 1)]
        self.both(script, wanted, fields=["id", "birthdate", "created_at"])

    def test_days_that_no_calendar_has_are_in_order(self):
        """A day of the year 0 is no zero date, which is NULL."""
        moments = ["2025-00-10 00:00:00", "0000-05-10 01:00:00", None, "0000-00-00 00:00:00",
                   "0000-00-10 02:00:00", "0001-01-01 00:00:00"]
        script = "".join(insert("participants", id=n, program_id=PROGRAM, created_at=moment)
                         for n, moment in enumerate(moments, 1))
        self.both(script, [[3], [4], [5], [2], [6], [1]], fields=["id"],
                  options={"sort_by": "created_at"})
        self.both(script, [[2], [5], [6]], fields=["id"],
                  filters={"date_range": {"end": "2023-12-31"}})
        self.both(script, [[1]], fields=["id"], filters={"date_range": {"start": "2023-12-31"}})

    def test_a_row_of_nulls(self):
        fields = json.loads((harness.SOURCES / "lib/model/catalog/participants.json").read_text())
        names = list(fields["types"]["participants"]["fields"])
        known = {"order_number": 1, "id": 7, "program_id": PROGRAM, "is_active": 1, "is_deleted": 0,
                 "payment_status": "None", "form_status": "Not Started",
                 "general_status": "Not Started", "document_status": "Not Started"}
        self.both(insert("participants", id=7, program_id=PROGRAM),
                  [[known.get(name, "N/A") for name in names]], fields=names)

    def test_nulls_shown_as_nothing(self):
        self.both(insert("participants", id=7, program_id=PROGRAM, category=""), [[7, "", ""]],
                  fields=["id", "full_name", "category"],
                  data_transformations={"null_values": ""})

    def test_amounts(self):
        amounts = ["-0.01", "0", "0.005", "9999999999999.99", "-9999999999999.99", None]
        script = insert("participants", id=1, program_id=PROGRAM) + "".join(
            f"INSERT INTO payments (id, participant_id, amount) VALUES ({n}, 1, {a or 'NULL'});"
            for n, a in enumerate(amounts, 1))
        rounded = ["-0.01", "0.00", "0.01", "9999999999999.99", "-9999999999999.99"]
        for source in harness.Case.sources:
            self.fill(source, script)
            # a DECIMAL(15,2) rounds as it is stored; SQLite keeps what it was given
            texts = [t if source == "mysql" else t.replace("0.01", "0.005") if n == 2 else t
                     for n, t in enumerate(rounded)]
            self.check(source, [[n, (float(t), t)] for n, t in enumerate(texts, 1)] + [[6, "N/A"]],
                       export_type="payments", fields=["id", "amount"])


class Relations(Odd):
    ORPHANS = (
        insert("participants", id=1, program_id=PROGRAM, user_id=999999, category="unknown_kind",
               ref_code_ambassador="CODE", full_name="A")
        + insert("participants", id=2, program_id=None, ref_code_ambassador="CODE")
        + insert("participants", id=3, program_id=PROGRAM, ref_code_ambassador="code", is_deleted=1)
        + insert("participant_statuses", id=1, participant_id=1, form_status=7, general_status=-1,
                 document_status=127)
        + insert("participant_statuses", id=2, participant_id=888888, form_status=1)
        + insert("participant_essays", id=1, participant_id=1, program_essay_id=12345, answer="alone")
        + insert("participant_essays", id=2, participant_id=1, program_essay_id=12346, answer=None)
        + insert("participant_essays", id=3, participant_id=777777, program_essay_id=1, answer="lost")
        + insert("payments", id=1, participant_id=777777, status=2, currency="USD",
                 payment_method_id=1, program_payment_id=1)
        + insert("payments", id=2, participant_id=1, status=9)
        + insert("payments", id=3, participant_id=1, status=1, payment_method_id=99, currency="",
                 payment_date="0000-00-00 00:00:00")
        + insert("payments", id=4, participant_id=2, status=0, payment_method_id=2)
        + insert("ambassadors", id=1, program_id=PROGRAM)
        + insert("ambassadors", id=2, program_id=PROGRAM, ref_code="", is_active=5)
        + insert("ambassadors", id=3, program_id=PROGRAM, ref_code="CODE", is_active=0)
        + insert("ambassadors", id=4, program_id=None, ref_code="CODE"))

    def test_participants_without_their_relations(self):
        self.both(self.ORPHANS, [
            [1, "N/A", "unknown_kind", "7", "-1", "127", "Pending", "N/A",
             ("\nalone\n\n\n", "'\nalone\n\n\n"), " |  |  | 9 | \n |  |  | Pending | 99"],
            [2, "N/A", "N/A", "Not Started", "Not Started", "Not Started", "Pending", "N/A", "N/A",
             " |  |  | Created | Manual Transfer"],
        ], fields=["id", "email", "category", "form_status", "general_status", "document_status",
                   "payment_status", "program_name", "essays", "payment_history"])

    def test_payments_without_their_relations(self):
        fields = ["id", "participant_name", "participant_email", "status", "payment_method",
                  "payment_category", "currency", "payment_date", "program_name"]
        lost = [1, "N/A", "N/A", "Success", "Midtrans", "N/A", "USD", "N/A", "N/A"]
        known = [[2, "A", "N/A", "9", "N/A", "N/A", "N/A", "N/A", "N/A"],
                 [3, "A", "N/A", "Pending", "99", "N/A", "", "N/A", "N/A"]]
        other = [4, "N/A", "N/A", "Created", "Manual Transfer", "N/A", "N/A", "N/A", "N/A"]
        self.both(self.ORPHANS, [lost, *known, other], export_type="payments", fields=fields)
        self.both(self.ORPHANS, known, export_type="payments", fields=fields, program_id=PROGRAM)

    def test_ambassadors_without_referrals(self):
        self.both(self.ORPHANS, [
            [1, 0, 0, "N/A", "N/A", "Active"], [2, 0, 0, "N/A", "N/A", "5"],
            [3, 1, 0, (0, "0.0"), "A <>", "Inactive"], [4, 0, 0, "N/A", "N/A", "Active"],
        ], export_type="ambassadors", fields=["id", "total_referrals", "successful_referrals",
                                              "referral_success_rate", "referral_list", "is_active"])

    def test_empty_tables(self):
        for kind in ("participants", "payments", "ambassadors"):
            for template in ("standard", "detailed"):
                self.both("", [], export_type=kind, template=template)


@unittest.skipUnless(harness.MYSQL, "no MariaDB")
class Charsets(Odd):
    """Columns of a character set that has not all letters, beside others that have."""
    CODES = ["\u00e9\u20ac", "\u6f22\u5b57", "CODE", "\u00e9\u20ac ", "\U0001f600", "code", "??"]
    REFERRED = ["\u00e9\u20ac", "CODE", "\u00e9\u20ac", None, "", "CODE "]

    def legacy(self, table, column, charset):
        change = f"ALTER TABLE {table} MODIFY {column} VARCHAR(64) CHARACTER SET "
        harness.execute(harness.MYSQL, change + charset)
        self.addCleanup(harness.execute, harness.MYSQL, EMPTY + change + "utf8mb4")

    def fill_codes(self, codes, referred):
        self.fill("mysql", "".join(
            insert("ambassadors", id=n, program_id=PROGRAM, ref_code=code)
            for n, code in enumerate(codes, 1)) + "".join(
            insert("participants", id=n, program_id=PROGRAM, full_name=f"P{n}", ref_code_ambassador=code)
            for n, code in enumerate(referred, 1)))

    def check_referrals(self, codes, referred):
        lists = [[f"P{n} <>" for n, code in enumerate(referred, 1) if code == own] for own in codes]
        self.check("mysql", [[n, len(names), "\n".join(names) or "N/A"]
                             for n, names in enumerate(lists, 1)],
                   export_type="ambassadors", fields=["id", "total_referrals", "referral_list"])
        self.check("mysql", [[n] for n, names in enumerate(lists, 1) if names],
                   export_type="ambassadors", fields=["id"], filters={"min_referrals": 1})

    def test_codes_that_the_column_of_the_participants_cannot_hold(self):
        for charset in ("latin1", "utf8mb3", "ascii"):
            with self.subTest(charset=charset):
                self.fill("mysql", "")
                self.legacy("participants", "ref_code_ambassador", charset)
                referred = [r if charset != "ascii" or r is None or r.isascii() else "other"
                            for r in self.REFERRED]
                self.fill_codes(self.CODES, referred)
                self.check_referrals(self.CODES, referred)
                for wanted in (self.CODES[1], self.CODES[4], self.CODES[:3], self.CODES):
                    among = wanted if isinstance(wanted, list) else [wanted]
                    self.check("mysql", [[n] for n, code in enumerate(referred, 1) if code in among],
                               fields=["id"], filters={"ambassador_ref": wanted})

    def test_codes_that_the_column_of_the_ambassadors_cannot_hold(self):
        self.fill("mysql", "")
        self.legacy("ambassadors", "ref_code", "latin1")
        codes, referred = ["\u00e9\u20ac", "CODE", "??"], [*self.REFERRED, "\u6f22\u5b57", "\U0001f600"]
        self.fill_codes(codes, referred)
        self.check_referrals(codes, referred)


class Long(Odd):
    ESSAY = 16777215 // 2  # characters of two bytes that a MEDIUMTEXT holds
    MANY = 3000
    CELL = 32767

    def script(self, source):
        def repeat(text, times):
            return (f"REPEAT('{text}', {times})" if source == "mysql"
                    else f"REPLACE(HEX(ZEROBLOB({times})), '00', '{text}')")

        fits = self.CELL - len("Why?\n")
        large, exact, longer = repeat("\u00e9", self.ESSAY), repeat("y", fits), repeat("y", fits + 1)
        essay = "INSERT INTO participant_essays (id, participant_id, program_essay_id, answer) "
        return (insert("program_essays", id=1, program_id=PROGRAM, question="Why?")
                + "".join(insert("participants", id=n, program_id=PROGRAM) for n in (1, 2, 3, 4, 5))
                + f"{essay} VALUES (1, 1, 1, {large}), (2, 4, 1, {exact}), (3, 5, 1, {longer});"
                + "".join(insert("participant_essays", id=10 + n, participant_id=2, program_essay_id=1,
                                 answer=f"answer {n}") for n in range(self.MANY)))

    def wanted(self):
        exact = "Why?\n" + "y" * (self.CELL - 5)
        return {1: "Why?\n" + "\u00e9" * self.ESSAY,
                2: "\n\n".join(f"Why?\nanswer {n}" for n in range(self.MANY)),
                3: "N/A", 4: exact, 5: exact + "y"}

    def put_together(self):
        """The texts of the spreadsheet with what its sheet "Long texts" has of them."""
        path = self.data_path(self.answer)
        _, rows = harness.read_xlsx(path)
        texts = {row: text for row, (_, text) in enumerate(rows, 2)}
        cut = {row for row, text in texts.items() if text.endswith(CONTINUES)}
        texts = {row: text.removesuffix(CONTINUES) for row, text in texts.items()}
        _, parts = harness.read_xlsx(path, 1)
        for row, column, number, text in parts:
            self.assertEqual(column, "Essays")
            self.assertIn(row, cut)
            self.assertLessEqual(len(text), self.CELL)
            texts[row] += text
        self.assertTrue(all(len(text) <= self.CELL for _, text in rows))
        return {row - 1: text for row, text in texts.items()}, cut

    def test_essays_of_16_mib_and_thousands_of_essays(self):
        for source in harness.Case.sources:
            self.fill(source, self.script(source))
            with self.subTest(source=source):
                found = self.rows(source, "csv", fields=["id", "essays"])
                self.assertTrue(dict(found) == {str(k): v for k, v in self.wanted().items()})
                self.rows(source, "excel", fields=["id", "essays"])
                texts, cut = self.put_together()
                self.assertTrue(texts == self.wanted())
                self.assertEqual(cut, {2, 3, 6})
                self.assertIn("3 cells", self.codes()["LONG_TEXTS"])
        self.fill("sqlite", "")

    def test_the_warning_names_the_sheet_as_the_book_does(self):
        self.fill("sqlite", insert("participants", id=1, program_id=PROGRAM)
                  + f"UPDATE participants SET experiences = REPLACE(HEX(ZEROBLOB({self.CELL})), '00', 'yy');")
        for language in ("en", "id"):
            self.rows("sqlite", "excel", fields=["id", "experiences"], template="custom",
                      options={"language": language})
            book = openpyxl.load_workbook(self.data_path(self.answer), read_only=True)
            self.assertIn(f'the sheet "{book.sheetnames[1]}"', self.codes()["LONG_TEXTS"])
            book.close()
        self.fill("sqlite", "")


class Types(Odd):
    """Types of columns that the reference tables have not, by a catalog of the test's own."""

    def odd_type(self, fields):
        """A catalog of the table odd; fields by name, or as (name, column)."""
        folder = os.path.join(self.folder.name, "catalog")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "odd.json"), "w", encoding="utf-8") as file:
            json.dump({"types": {"odd": {
                "title": "Odd", "table": "odd", "key": "id",
                "fields": {name: {"header": name, **field} for name, field in fields.items()}}}},
                file)
        return folder

    def export_odd(self, source, fields, wanted):
        config = {"catalog_dir": self.odd_type(fields)}
        for n, form in enumerate(("excel", "csv")):
            answer = self.export({"export_type": "odd", "format": form, "fields": list(fields),
                                  "xlsx": {"strings": "inline"}}, source, config)
            self.answer = answer
            path = self.data_path(answer)
            rows = harness.read_xlsx(path)[1] if form == "excel" else harness.read_csv(path)[1]
            for name, found in zip(fields, zip(*rows)):
                cells = [c[n] if isinstance(c, tuple) else (c, str(c))[n] for c in wanted[name]]
                with self.subTest(format=form, field=name):
                    self.assertEqual(["" if c is None else unescaped(c) if isinstance(c, str) else c
                                      for c in found], cells)

    MARIADB = """
        CREATE TABLE odd (id BIGINT UNSIGNED PRIMARY KEY, wide DECIMAL(65,30), bits BIT(12), flag BIT(1),
          js JSON, en ENUM('a','b'), st SET('x','y','z'), ti TIME(3), ye YEAR, dou DOUBLE, flo FLOAT,
          bin VARBINARY(64), lat VARCHAR(50) CHARACTER SET latin1,
          three VARCHAR(50) CHARACTER SET utf8mb3, fine DATETIME(6), stamp TIMESTAMP NULL,
          fill INT(8) UNSIGNED ZEROFILL, yes BOOLEAN, neg BIGINT);
        INSERT INTO odd VALUES (1, 12345678901234567890123456789012345.123456789012345678901234567890,
          b'101010101010', b'1', '{"a": [1, 2]}', 'b', 'x,z', '-838:59:59', 1901, 1e300, 0.1,
          x'00ff41', CONVERT(x'e9' USING latin1), '\u017elu\u0165', '2025-07-23 15:30:00.123456',
          '2025-07-23 15:30:00', 42, TRUE, -9223372036854775808);
        INSERT INTO odd (id) VALUES (2);
        INSERT INTO odd VALUES (18446744073709551615, -0.000000000000000000000000000001, b'0', b'0', '[]',
          '', '', '23:59:59.999', 2155, -0.0, 1e38, '', '', '', '0001-01-01 00:00:00',
          '2038-01-19 03:14:07', 99999999, 2, 999999999999999);
        """
    FIELDS = {
        "id": {"type": "integer"}, "wide": {"type": "decimal"}, "bits": {"type": "integer"},
        "flag": {"type": "boolean"}, "js": {}, "en": {}, "st": {}, "ti": {}, "ye": {"type": "integer"},
        "dou": {"type": "decimal", "scale": 3}, "flo": {}, "bin": {}, "lat": {}, "three": {},
        "fine": {"type": "datetime"}, "fine_text": {"column": "fine"},
        "stamp": {"type": "datetime"}, "fill": {"type": "integer"}, "yes": {"type": "boolean"},
        "neg": {"type": "integer"}}
    WANTED = {
        "id": [1, 2, "18446744073709551615"],
        "wide": [("12345678901234567890123456789012345.123456789012345678901234567890",
                  "12345678901234567890123456789012345.12345678901234567890123456789"),
                 "N/A", (-1e-30, "-0.000000000000000000000000000001")],
        "bits": [2730, "N/A", 0], "flag": ["Yes", "N/A", "No"],
        "js": ['{"a": [1, 2]}', "N/A", "[]"], "en": ["b", "N/A", ""], "st": ["x,z", "N/A", ""],
        "ti": [("-838:59:59", "'-838:59:59"), "N/A", "23:59:59.999000"],
        "ye": [1901, "N/A", 2155],
        "dou": [(1e300, "1e+300"), "N/A", (0, "0.000")], "flo": ["0.1", "N/A", "1e+38"],
        "bin": [("\0" + REPLACEMENT + "A", REPLACEMENT + REPLACEMENT + "A"), "N/A", ""],
        "lat": ["\u00e9", "N/A", ""], "three": ["\u017elu\u0165", "N/A", ""],
        "fine": [(datetime.datetime(2025, 7, 23, 15, 30, 0, 123000), "2025-07-23 15:30:00"), "N/A",
                 "0001-01-01 00:00:00"],
        "fine_text": ["2025-07-23 15:30:00.123456", "N/A", "0001-01-01 00:00:00"],
        "stamp": [(datetime.datetime(2025, 7, 23, 15, 30), "2025-07-23 15:30:00"), "N/A",
                  (datetime.datetime(2038, 1, 19, 3, 14, 7), "2038-01-19 03:14:07")],
        "fill": [42, "N/A", 99999999], "yes": ["Yes", "N/A", "2"],
        "neg": ["-9223372036854775808", "N/A", 999999999999999]}

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_types_of_mariadb(self):
        harness.execute(harness.MYSQL, "SET SESSION sql_mode = '';" + self.MARIADB)
        self.addCleanup(harness.execute, harness.MYSQL, "DROP TABLE odd")
        self.export_odd("mysql", self.FIELDS, self.WANTED)
        self.assertIn("CELLS_CLEANED", self.codes())

    def test_values_of_sqlite_in_columns_of_other_types(self):
        """SQLite keeps what it is given, whatever the column says."""
        values = ["'abc'", "1.5", "x'31'", "''", "9223372036854775807", "1e15", "9e999", "-9e999", "NULL",
                  "0.1", "'1,000.50'"]
        database = urllib.parse.urlsplit(harness.Case.sources["sqlite"]).path
        connection = sqlite3.connect(database)
        connection.executescript(
            "CREATE TABLE odd (id INTEGER PRIMARY KEY, value); INSERT INTO odd (value) VALUES "
            + ", ".join(f"({v})" for v in values))
        connection.close()
        self.addCleanup(self.fill, "sqlite", "DROP TABLE odd;")
        self.export_odd("sqlite", {
            "text": {"column": "value"}, "integer": {"column": "value", "type": "integer"},
            "decimal": {"column": "value", "type": "decimal"},
            "date": {"column": "value", "type": "date"}}, {
            "text": ["abc", "1.5", "1", "", "9223372036854775807", "1000000000000000", "Inf",
                     ("-Inf", "'-Inf"), "N/A", "0.1", "1,000.50"],
            "integer": ["abc", 1.5, 1, "", "9223372036854775807", "1000000000000000", "Inf",
                        ("-Inf", "'-Inf"), "N/A", 0.1, "1,000.50"],
            "decimal": ["abc", (1.5, "1.50"), (1, "1.00"), "",
                        ("9223372036854775807", "9223372036854775807.00"),
                        (10 ** 15, "1000000000000000.00"), "Inf", ("-Inf", "'-Inf"), "N/A",
                        (0.1, "0.10"), "1,000.50"],
            "date": ["abc", "1.5", "1", "", "9223372036854775807", "1000000000000000", "Inf",
                     ("-Inf", "'-Inf"), "N/A", "0.1", "1,000.50"]})

    def test_bytes_that_are_no_text(self):
        broken = {b"\xff": 1, b"caf\xe9": 1, b"\xc3": 1, b"\xc0\xaf": 2, b"\xed\xa0\x80": 3,
                  b"\xf4\x90\x80\x80": 4, b"\xe2\x82": 1, b"\xf0\x9f\x98": 1, b"\x80\x80": 2}
        for source in harness.Case.sources:
            as_text = "CAST(x'{}' AS TEXT)" if source == "sqlite" else "x'{}'"
            kind = "TEXT" if source == "sqlite" else "VARBINARY(20)"
            script = f"CREATE TABLE odd (id INTEGER PRIMARY KEY, value {kind});" + "".join(
                f"INSERT INTO odd VALUES ({n}, {as_text.format((b'a' + b + b'z').hex())});"
                for n, b in enumerate(broken, 1))
            self.fill(source, script)
            self.addCleanup(self.fill, source, "DROP TABLE odd;")
            plain = [b.decode("ascii", "ignore") for b in broken]
            wanted = [f"a{p}{REPLACEMENT * n}z" for p, n in zip(plain, broken.values())]
            with self.subTest(source=source):
                self.export_odd(source, {"value": {}}, {"value": wanted})
                self.assertIn(f"{len(broken)} cells", self.codes()["CELLS_CLEANED"])


if __name__ == "__main__":
    tap.main()
