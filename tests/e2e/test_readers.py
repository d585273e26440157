"""One export of each type and template is read back equal by programs we did not write: LibreOffice, xlsx2csv,
csvkit, openpyxl, the sqlite3 shell, and unzip. They get Arabic and Chinese letters, texts longer than a cell, and
texts that look like numbers, formulas and escapes."""
import csv
import datetime
import io
import json
import os
import re
import shutil
import subprocess
import unittest
import zipfile
from decimal import Decimal

import openpyxl

import harness
import oracle
import tap

harness.PARTICIPANTS = 150
csv.field_size_limit(1 << 30)

PATIENCE = 240
CELL = 32767
OFFICE_CELL = 65535  # what a cell of LibreOffice holds of a text in CSV
LONG_SHEET = "Long texts"
CONTINUES = "… (continues in sheet Long texts)"
SHARES = {"referral_success_rate"}
PROSE = "كان المشروع في القرية أكبر من أحلامنا. 我们从来没有放弃过这个计划。 It took years – “really”, she said.\n"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def more_rows():
    """Participants whose names and essays every reader has its own way to get wrong."""
    names = ["محمد عبد الله الحسيني", "王小明", "山田 太郎", "김민준", "Nguyễn Thị Ánh", "Ольга Ким",
             "007", "1e5", "12/03", "=1+1", "@SUM(A1)", "-1+1", "+62 812-3456", "TRUE", "N/A",
             "  blanks around  ", "a,b;c\td|e\"f'g", '"', "two\nlines", "_x0041_ and _x000A_", "<b>&amp;</b> ]]>",
             "👩🏽‍🎓 🇮🇩", "\u202eright to left\u202c", "e\u0301", "'quoted", ""]
    script = ["INSERT INTO program_essays (id, program_id, question, position) "
              "VALUES (90001, 1, 'Your “story”: من أنت؟', 99)"]
    for number, name in enumerate(names, 900001):
        script.append("INSERT INTO participants (id, full_name, current_address, program_id, created_at, birthdate) "
                      f"VALUES ({number}, {quoted(name)}, {quoted(name)}, 1, '2025-07-23 23:59:59', '1900-03-01')")
        script.append("INSERT INTO payments (participant_id, payment_date, amount, usd_amount, currency, status, "
                      f"notes) VALUES ({number}, '2025-07-23 15:30:{number % 60:02}', -{number}.5, 0, 'IDR', 2, {quoted(name)})")
        script.append("INSERT INTO ambassadors (id, name, ref_code, notes, program_id, is_active) "
                      f"VALUES ({number}, {quoted(name)}, {quoted(f'R{number}')}, {quoted(name)}, 1, 1)")
    # many lines, as LibreOffice breaks one of more than 16,384 characters
    for participant, text in ((900001, PROSE * 3), (900002, PROSE * 400), (900003, PROSE * 2000)):
        script.append("INSERT INTO participant_essays (participant_id, program_essay_id, answer) "
                      f"VALUES ({participant}, 90001, {quoted(text)})")
    return ";\n".join(script) + ";"


class Table:
    """What a file should hold: raw cells, and the fields that they are of."""

    def __init__(self, path, headers, fields, rows, point="."):
        self.path, self.headers, self.fields, self.rows, self.point = path, headers, fields, rows, point

    def compare(self, found, same):
        """@found: lines of texts or values. Returns what differs first, or None."""
        if list(found[0]) != self.headers:
            return f"headers {found[0]}"
        if len(found) != len(self.rows) + 1:
            return f"{len(found) - 1} rows, not {len(self.rows)}"
        for number, (line, row) in enumerate(zip(found[1:], self.rows), 2):
            if len(line) != len(row):
                return f"row {number} has {len(line)} cells, not {len(row)}"
            for column, (got, cell) in enumerate(zip(line, row)):
                if not same(got, cell, self.fields[column]):
                    return (f"row {number}, {self.headers[column]}: {str(got)[:400]!r} instead of "
                            f"{str(cell)[:400]!r}")
        return None

    def csv_text(self, cell):
        text = oracle.render_csv(cell)
        return text.replace(".", self.point) if isinstance(cell, Decimal) else text


def on_screen(cell, field):
    """How a spreadsheet shows a cell."""
    if isinstance(cell, Decimal):
        return f"{cell:.1f}" if field in SHARES else f"{cell:,.2f}"
    cell = oracle.render_xlsx(cell)
    if isinstance(cell, datetime.datetime):
        return str(cell.date()) if field == "birthdate" else str(cell)
    return str(cell)


def one_line_feed(text):
    """LibreOffice ends the lines of a cell in its own way."""
    return re.sub("[\r\n]+", "\n", text)


def shown(got, cell, field):
    return one_line_feed(got) == one_line_feed(on_screen(cell, field))


def by_value(got, cell, field):
    """A cell whose number or date the reader writes in its own way."""
    if isinstance(cell, (int, Decimal)):
        return Decimal(got) == cell
    return got in (on_screen(cell, field), on_screen(cell, field).removesuffix(" 00:00:00"))


def unescaped(text):
    """The escapes of ECMA-376 (22.9.2.19) decoded, by which some readers pass."""
    return ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)


def joined(sheets):
    """The lines of the first sheet, the rests of its long texts put behind them."""
    lines = [list(line) for line in sheets[0]]
    for row, column, _, text in sheets[1][1:] if len(sheets) > 1 else []:
        at = lines[0].index(column)
        line = lines[int(row) - 1]
        line[at] = line[at].removesuffix(CONTINUES) + text
    return lines


def of_csv(text, delimiter=","):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def needs(name, package):
    return unittest.skipUnless(shutil.which(name), f"there is no {name}: on Debian and Ubuntu install {package}")


def output_of(*command, **how):
    done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False, **how)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode()


class Readers(harness.Case):
    more_rows = more_rows()
    tables = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if Readers.tables is None:
            cls.world = oracle.World(harness.Case.database)
            Readers.folder_of_files = os.path.join(harness.Case.shared.name, "files")
            os.mkdir(Readers.folder_of_files)
            Readers.tables = dict(cls.make_files())
        cls.books = {k: t for k, t in Readers.tables.items() if t.path.endswith(".xlsx")}
        cls.csv_files = {k: t for k, t in Readers.tables.items() if t.path.endswith(".csv")}

    @classmethod
    def make_files(cls):
        for kind in ("participants", "payments", "ambassadors"):
            for template in ("standard", "detailed"):
                yield cls.make(f"{kind}-{template}", kind, template)
        yield cls.make("payments-grouped", "payments", "standard", options={"group_by_participant": True})
        yield cls.make("participants-inline", "participants", "detailed", xlsx={"strings": "inline"})
        for preset in ("default", "excel", "excel-id", "rfc4180"):
            for kind in ("participants", "payments", "ambassadors"):
                yield cls.make(f"{kind}-{preset}", kind, "detailed", format="csv",
                               **({} if preset == "default" else {"csv": {"preset": preset}}))

    @classmethod
    def make(cls, name, kind, template, **more):
        request = {"export_type": kind, "program_id": 1, "template": template, "format": "excel",
                   "large_dataset_options": {"strategy": "single", "compression": "none"}, **more}
        harness.Schema.hold("request", request)
        run = harness.Run(["export", "--out", cls.folder_of_files, "-"], stdin=json.dumps(request).encode(),
                          env={"YBBEXPORT_SOURCE": harness.Case.sources["sqlite"]})
        if run.status != 0:
            raise AssertionError(run.stderr + run.stdout)
        made = os.path.join(cls.folder_of_files, run.json["export_id"], run.json["data"]["file_name"])
        path = os.path.join(cls.folder_of_files, name + os.path.splitext(made)[1])
        os.rename(made, path)
        fields = (oracle.STANDARD if template == "standard" else oracle.DETAILED)[kind]
        if name == "payments-grouped":
            rows = [row for group in cls.world.grouped(fields) for part in group for row in part]
        else:
            rows = cls.world.rows(kind, fields)
        return name, Table(path, oracle.HEADERS[kind, template], fields, rows,
                           "," if name.endswith("excel-id") else ".")

    def hold(self, tables, read, same):
        self.assertGreater(len(tables), 5)
        for name, table in tables.items():
            with self.subTest(file=name):
                self.assertGreater(len(table.rows), 5)
                self.assertIsNone(table.compare(read(name, table), same))

    def test_the_rows_have_what_readers_stumble_over(self):
        cells = [c for t in self.tables.values() for row in t.rows for c in row if isinstance(c, str)]
        for wanted in ("محمد", "王小明", "=1+1", "_x0041_", "two\nlines", "  blanks", "👩🏽‍🎓"):
            self.assertTrue(any(wanted in c for c in cells), wanted)
        self.assertGreater(max(map(len, cells)), 5 * CELL)

    # spreadsheets

    @staticmethod
    def cells(name, lines):
        """What openpyxl gives, also by csvkit: None for an empty cell, and the escapes of texts that are not shared."""
        decode = unescaped if name == "participants-inline" else str
        return [["" if c is None else decode(c) if isinstance(c, str) else c for c in line] for line in lines]

    def test_openpyxl(self):
        def read(name, table):
            book = openpyxl.load_workbook(table.path, read_only=True)
            sheets = [self.cells(name, sheet.iter_rows(values_only=True)) for sheet in book.worksheets]
            book.close()
            return joined(sheets)
        self.hold(self.books, read, lambda got, cell, _: got == oracle.render_xlsx(cell))

    @needs("xlsx2csv", "xlsx2csv")
    def test_xlsx2csv(self):
        def read(_, table):
            with zipfile.ZipFile(table.path) as book:
                count = sum(n.startswith("xl/worksheets/sheet") for n in book.namelist())
            sheets = [of_csv(output_of("xlsx2csv", "-s", str(number), table.path))
                      for number in range(1, count + 1)]
            # which leaves the escapes of texts as they are
            return joined([[[unescaped(text) for text in line] for line in sheet] for sheet in sheets])
        # and of a long text that is not shared keeps the end alone
        self.hold({k: t for k, t in self.books.items() if k != "participants-inline"}, read, by_value)

    @needs("in2csv", "csvkit")
    def test_in2csv_reads_spreadsheets(self):
        def read(name, table):
            return joined([self.cells(name, of_csv(output_of("in2csv", "-I", "--blanks", "--sheet", sheet, table.path)))
                           for sheet in output_of("in2csv", "--names", table.path).splitlines()])
        self.hold(self.books, read, by_value)

    def convert(self, tables, name, *options):
        """All files in one call, as LibreOffice takes seconds to start; their sheets as CSV files in a folder."""
        folder = os.path.join(self.folder.name, name)
        output_of("soffice", f"-env:UserInstallation=file://{self.folder.name}/profile", "--headless",
                  *options, "--convert-to",
                  # fields parted by commas, quotes, UTF-8, from line 1, cells as they are shown, of all sheets
                  "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,true,false,false,-1",
                  "--outdir", folder, *[t.path for t in tables.values()],
                  env={**os.environ, "LC_ALL": "en_US.UTF-8", "HOME": self.folder.name})
        return folder

    @staticmethod
    def converted(folder, name):
        """The sheets of a file, that of the rests of long texts last."""
        names = sorted((n for n in os.listdir(folder) if n.startswith(name + "-")),
                       key=lambda n: n.endswith(f"-{LONG_SHEET}.csv"))
        sheets = []
        for one in names:
            with open(os.path.join(folder, one), encoding="utf-8", newline="") as file:
                sheets.append(list(csv.reader(file)))
        return sheets

    @needs("soffice", "libreoffice-calc-nogui")
    def test_libreoffice_shows_spreadsheets(self):
        folder = self.convert(self.books, "books")
        self.hold(self.books, lambda name, _: joined(self.converted(folder, name)), shown)

    @needs("unzip", "unzip")
    def test_unzip_zipinfo_and_python_find_books_sound(self):
        for name, table in self.books.items():
            with self.subTest(file=name):
                self.assertIn("No errors detected", output_of("unzip", "-t", table.path))
                with zipfile.ZipFile(table.path) as book:
                    self.assertIsNone(book.testzip())
                    entries = [(i.filename, i.file_size) for i in book.infolist()]
                lines = [line.split() for line in output_of("zipinfo", "-s", table.path).splitlines()]
                self.assertEqual([(w[8], int(w[3])) for w in lines if w[0].startswith("-")], entries)
                self.assertEqual(entries[0][0], "[Content_Types].xml")

    # CSV

    @needs("soffice", "libreoffice-calc-nogui")
    def test_libreoffice_shows_csv(self):
        """As columns of texts, so that it takes nothing for a number; each delimiter takes a call."""
        for delimiter in ",", ";":
            tables = {k: t for k, t in self.csv_files.items() if k.endswith("excel-id") == (delimiter == ";")}
            columns = "/".join(f"{n}/2" for n in range(1, 1 + max(len(t.headers) for t in tables.values())))
            folder = self.convert(tables, f"csv{ord(delimiter)}",
                                  f"--infilter=Text - txt - csv (StarCalc):{ord(delimiter)},34,76,1,{columns}")
            for name, table in tables.items():
                with self.subTest(file=name):
                    self.assertIsNone(table.compare(
                        self.converted(folder, name)[0], lambda got, cell, _, t=table:
                        one_line_feed(got) == one_line_feed(t.csv_text(cell))[:OFFICE_CELL]))

    def hold_csv(self, read):
        for name, table in self.csv_files.items():
            with self.subTest(file=name):
                self.assertIsNone(table.compare(
                    read(name, table), lambda got, cell, _, t=table: got == t.csv_text(cell)))

    @staticmethod
    def delimiter(name):
        return ";" if name.endswith("excel-id") else ","

    def test_python(self):
        def read(name, table):
            with open(table.path, encoding="utf-8-sig", newline="") as file:
                return list(csv.reader(file, delimiter=self.delimiter(name), strict=True))
        self.hold_csv(read)

    @needs("csvclean", "csvkit")
    def test_csvclean_finds_nothing_to_clean(self):
        for name, table in self.csv_files.items():
            with self.subTest(file=name):
                said = output_of("csvclean", "-n", "-z", str(1 << 20), "-d", self.delimiter(name), table.path)
                self.assertEqual(said.strip(), "No errors.")

    @needs("in2csv", "csvkit")
    def test_in2csv(self):
        self.hold_csv(lambda name, table: of_csv(output_of(
            "in2csv", "-f", "csv", "-I", "--blanks", "-z", str(1 << 20), "-d", self.delimiter(name), table.path)))

    @needs("sqlite3", "sqlite3")
    def test_the_sqlite3_shell(self):
        def read(name, table):
            database = os.path.join(self.folder.name, name + ".db")
            self.import_by_shell(database, self.delimiter(name), table)
            rows = oracle.tables(database)["t"]
            return [list(rows[0]), *[list(row.values()) for row in rows]]
        self.hold_csv(read)

    def import_by_shell(self, database, delimiter, table):
        output_of("sqlite3", "-batch", "-bail", database, ".mode csv", f".separator {delimiter} \\r\\n",
                  f'.import "{table.path}" t')


if __name__ == "__main__":
    tap.main()
