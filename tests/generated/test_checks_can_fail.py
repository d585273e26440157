"""What holds exports against the truth says so where something is not as it should be: a file, an
answer, a manifest is spoilt in one place each."""
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../e2e"))

# pylint: disable=wrong-import-position
import checking
import coverage
import office
import tap
import test_generated
from databases import Sqlite
from files import Broken
from random_world import World
from reading import Refused, built_in_templates
from test_generated import Case
from truth import Truth

SEED, ROWS = "checks", 12
LARGE = {"strategy": "multi_file", "chunk_size": 5}


def spoilt_book(content, part, pattern, by, count=1):
    """A book with a part changed; the pattern must be there."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as book, zipfile.ZipFile(made, "w") as copy:
        for name in book.namelist():
            data = book.read(name)
            if name == part:
                text, changed = re.subn(pattern, by, data.decode(), count=count, flags=re.DOTALL)
                assert changed, f"{pattern} is not in {part}"
                data = text.encode()
            copy.writestr(name, data)
    return made.getvalue()


class Sample:
    """One export, and what it should be."""

    def __init__(self, folder, database, world, config=None, **request):
        case = Case(SEED, 0, world)
        case.made.own_templates, case.templates = None, built_in_templates()
        case.request = {"export_type": "payments", "options": {"sort_by": "order_id"}, **request}
        case.config = {"chunk_configurations": {"min_chunk_size": 1}, **(config or {})}
        self.folder = folder
        os.mkdir(folder)
        self.answer = case.run(database.source, folder)
        self.expected = case.expected(Truth(world.rows, database.ranks))
        self.out = os.path.join(folder, "out", self.answer["export_id"])
        self.name, self.first, self.count = self.expected.shipping.files[0]
        with open(os.path.join(self.out, self.name), "rb") as file:
            self.content = file.read()

    def check_content(self, content):
        check = checking.CHECKS[self.expected.reading.format]
        check(self.expected, self.name, content, self.first, self.count)

    def check(self):
        checking.check_export(self.expected, self.answer, os.path.join(self.folder, "out"))


class ChecksCanFail(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="ybb-checks-")
        cls.addClassCleanup(cls.temporary.cleanup)
        number = 0
        while len(World(SEED, number).rows["payments"]) < ROWS:
            number += 1
        cls.world = World(SEED, number)
        for i, payment in enumerate(cls.world.rows["payments"]):
            payment.update(amount=checking.Decimal(1500 + i), order_id=f"=ORDER{i:03}",
                           transaction_code="a\rb \udcff", payment_date="2025-07-23 15:30:00",
                           rejection_reason="long " * 7000 if i == 2 else None, is_deleted=0)
        cls.database = Sqlite(cls.temporary.name)
        cls.database.load(cls.world)
        cls.addClassCleanup(cls.database.close)
        cls.book = cls.sample("book", format="excel")
        cls.csv = cls.sample("csv", format="csv")

    @classmethod
    def sample(cls, name, **request):
        return Sample(os.path.join(cls.temporary.name, name), cls.database, cls.world, **request)

    def fails(self, check, *arguments):
        with self.assertRaises((checking.Difference, Broken)):
            check(*arguments)

    def book_fails(self, part, pattern, by, count=1):
        self.fails(self.book.check_content,
                   spoilt_book(self.book.content, part, pattern, by, count))

    def csv_fails(self, old, new):
        self.assertIn(old, self.csv.content)
        self.fails(self.csv.check_content, self.csv.content.replace(old, new, 1))

    SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"

    def test_nothing_is_said_of_what_is_right(self):
        self.book.check()
        self.csv.check()
        self.book.check_content(spoilt_book(self.book.content, self.SHEET, "<row", "<row"))

    def test_a_spreadsheets_number(self):
        self.book_fails(self.SHEET, r"<v>1503</v>", "<v>1504</v>")

    def test_a_number_as_a_text(self):
        self.book_fails(self.SHEET, r'(<c r="D4"[^>]*)>', r'\1 t="str">')

    def test_a_numbers_format(self):
        self.book_fails(self.SHEET, r'(<c r="D4") s="\d+"', r"\1")

    def test_a_date_a_second_later(self):
        self.book_fails(self.SHEET, r"<v>45861\.6458333333\d</v>", "<v>45861.64584490741</v>")

    def test_a_spreadsheets_text(self):
        self.book_fails(self.STRINGS, "=ORDER007", "=ORDER070")

    def test_an_escape(self):
        self.book_fails(self.STRINGS, "a_x000D_b", "a\nb")

    def test_a_spreadsheets_header(self):
        self.book_fails(self.STRINGS, ">Payment Amount<", ">Payment amount<")

    def test_a_sheets_name(self):
        self.book_fails("xl/workbook.xml", 'name="Payments"', 'name="Payment"')

    def test_a_spreadsheets_row_count(self):
        last = len(self.world.rows["payments"]) + 1
        self.book_fails(self.SHEET, rf'<row r="{last}".*?</row>', "")

    def test_a_field_of_csv(self):
        self.csv_fails(b"1503.00", b"1503.0")

    def test_a_guard(self):
        self.csv_fails(b"'=ORDER", b"=ORDER")

    def test_a_header_of_csv(self):
        self.csv_fails(b"Payment Amount", b"Payment  Amount")

    def test_the_lines_of_csv(self):
        last = self.csv.content.rindex(b"\r\n", 0, -2) + 2
        self.fails(self.csv.check_content, self.csv.content[:last])

    def test_a_byte_order_mark(self):
        self.fails(self.csv.check_content, self.csv.content[3:])

    def test_line_ends(self):
        self.fails(self.csv.check_content, self.csv.content.replace(b"\r\n", b"\n"))

    def test_needless_quotes(self):
        self.csv_fails(b"Payment Amount", b'"Payment Amount"')

    def test_an_order(self):
        rows = self.csv.expected.rows.rows
        rows[0], rows[1] = rows[1], rows[0]
        self.addCleanup(lambda: rows.__setitem__(slice(0, 2), [rows[1], rows[0]]))
        self.fails(self.csv.check_content, self.csv.content)

    # texts that are not as they were

    def test_a_long_text_and_the_rest_of_it(self):
        sample = self.sample("long", format="excel", fields=["id", "rejection_reason"])
        content = sample.content
        sample.check_content(content)
        for part, pattern, by in (
                (self.STRINGS, "long long", "long song"),
                (self.STRINGS, "… .continues in sheet", "… (goes on in sheet"),
                ("xl/workbook.xml", 'name="Long texts"', 'name="Long text"'),
                (self.STRINGS, "long </t></si></sst>", "song </t></si></sst>"),
                ("xl/worksheets/sheet2.xml", '<row r="2".*?</row>', ""),
                ("xl/worksheets/sheet2.xml", "<v>4</v>", "<v>5</v>")):
            with self.subTest(part=part, pattern=pattern):
                self.fails(sample.check_content, spoilt_book(content, part, pattern, by))

    def test_bytes_that_are_no_text(self):
        self.book_fails(self.STRINGS, "b \ufffd", "b ?")
        self.csv_fails("b \ufffd".encode(), b"b ?")

    def test_a_repair_that_is_not_told(self):
        sample = self.sample("repairs", format="csv")
        ledger = os.path.join(sample.out, sample.name + checking.LEDGER)
        with open(ledger, encoding="utf-8") as file:
            lines = file.readlines()
        other = re.sub(r'"(guarded|cleaned)"', '"moved"', lines[0])
        for spoilt in (lines[1:], lines[:-1], [other] + lines[1:]):
            with open(ledger, "w", encoding="utf-8") as file:
                file.writelines(spoilt)
            self.fails(sample.check)
        os.remove(ledger)
        self.fails(sample.check)

    def test_several_sheets(self):
        sample = self.sample("sheets", format="excel", config={"format_limits": {"excel": {
            "max_rows_per_sheet": 6, "recommended_rows_per_sheet": 6, "max_sheets_per_file": 1000}}})
        sample.check()
        second = "xl/worksheets/sheet2.xml"
        self.fails(sample.check_content,
                   spoilt_book(sample.content, second, '<row r="6".*?</row>', ""))
        self.fails(sample.check_content,
                   spoilt_book(sample.content, second, r"<v>1507</v>", "<v>1570</v>"))

    def test_subtotals(self):
        sample = self.sample("groups", format="csv", options={"group_by_participant": True})
        sample.check()
        at = sample.content.index(b"Subtotal")
        line = sample.content[sample.content.rindex(b"\n", 0, at) + 1:
                              sample.content.index(b"\n", at) + 1]
        self.fails(sample.check_content, sample.content.replace(line, b"", 1))
        amount = re.search(rb"\d\.00", line).group()
        self.fails(sample.check_content,
                   sample.content.replace(line, line.replace(amount, b"7.01", 1), 1))

    def test_what_libreoffice_shows(self):
        """A list of what it should show takes the place of what it showed."""
        look = office.Office(self.temporary.name, 1)
        wanted = [[["a", "b"], ["1,500.00"]], [["x\ny"], [""]]]
        path = os.path.join(look.folder, "shown.csv")
        for shown, is_right in (("b,\"1,500.00\"\n\"x\ny\",\n", True),
                                ("b,1500\n\"x\ny\",\n", False), ("b,\"1,500.00\"\n", False),
                                ("c,\"1,500.00\"\n\"x\ny\",\n", False),
                                ("b,\"1,500.00\"\n\"x\ny\"\n", False)):
            with open(path, "w", encoding="utf-8") as file:
                file.write(shown)
            with self.subTest(shown=shown):
                if is_right:
                    look.compare("shown", wanted)
                else:
                    self.fails(look.compare, "shown", wanted)

    def test_what_no_case_uses(self):
        seen = coverage.Coverage()
        _, failures, skipped = seen.look(coverage.SOME_HUNDRED)
        self.assertEqual((len(failures), skipped), (len(list(coverage.wanted())), None))
        seen.seen.update(coverage.wanted())
        self.assertEqual(seen.look(coverage.SOME_HUNDRED)[1], [])
        self.assertNotEqual(seen.look(coverage.SOME_HUNDRED - 1)[2], None)

    def test_a_command_that_spoils_what_it_wrote(self):
        """All of it, with a command that adds a blank to the end of each file."""
        command = os.path.join(self.temporary.name, "spoils")
        with open(command, "w", encoding="utf-8") as file:
            file.write(f"#!/bin/sh\n'{test_generated.COMMAND}' \"$@\"\nstatus=$?\n"
                       "for file in \"${3%/*}\"/out/exp_*/*; do printf ' ' >>\"$file\"; done\n"
                       "exit $status\n")
        os.chmod(command, 0o700)
        environment = {**os.environ, "YBBEXPORT": command}
        environment.pop("YBB_TEST_MYSQL", None)
        done = subprocess.run([sys.executable, test_generated.__file__, "--cases", "3", "--office",
                               "0"], env=environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("not ok 3 - world 0: 3 cases on sqlite", done.stdout)
        self.assertIn("seed 1, case 0 on sqlite: ", done.stdout)

    # answers and folders

    def test_an_answer(self):
        for path, value in ((["data", "record_count"], 5), (["data", "file_name"], "x.xlsx"),
                            (["export_strategy"], "multi_file"), (["metadata", "warnings"], []),
                            (["data", "file_size"], 1), (["metadata", "template"], "detailed")):
            of = self.csv.answer
            for key in path[:-1]:
                of = of[key]
            before, of[path[-1]] = of[path[-1]], value
            with self.subTest(path=path):
                self.fails(self.csv.check)
            of[path[-1]] = before
        self.csv.check()

    def test_batches(self):
        sample = self.sample("batches", format="csv", large_dataset_options=LARGE)
        sample.check()
        self.assertGreater(len(sample.expected.shipping.files), 2)
        for key, value in (("file_name", "x.csv"), ("record_range", "1-6"), ("record_count", 4)):
            batch = sample.answer["data"]["individual_files"][1]
            before, batch[key] = batch[key], value
            self.fails(sample.check)
            batch[key] = before
        archive = os.path.join(sample.out, sample.expected.shipping.archive)
        with open(archive, "rb") as file:
            whole = file.read()
        for old, new in ((r'"rows":5', '"rows":6'), (r'"record":\d+', '"record":0'),
                         (r'"sha256":"\w', '"sha256":"x')):
            content = spoilt_book(whole, "manifest.json", old, new)
            sample.answer["data"]["archive"]["zip_file_size"] = len(content)
            with open(archive, "wb") as file:
                file.write(content)
            self.fails(sample.check)

    def test_a_file_too_many_and_one_that_is_gone(self):
        sample = self.sample("folder", format="csv")
        more = os.path.join(sample.out, "more")
        with open(more, "w", encoding="utf-8"):
            pass
        self.fails(sample.check)
        os.remove(more)
        sample.check()
        os.remove(os.path.join(sample.out, sample.name))
        self.fails(sample.check)

    def test_a_success_that_should_be_a_refusal(self):
        self.fails(checking.check_refusal, self.book.answer, Refused("TOO_LARGE"),
                   os.path.join(self.book.folder, "out"))

    def test_a_refusal_of_another_kind(self):
        nothing = os.path.join(self.temporary.name, "nothing")
        os.mkdir(nothing)
        answer = {"status": "error", "error_code": "TOO_LARGE", "details": {"field": "options"}}
        checking.check_refusal(answer, Refused("TOO_LARGE", "options"), nothing)
        for refused, out in ((Refused("INVALID_VALUE", "options"), nothing),
                             (Refused("TOO_LARGE"), nothing),
                             (Refused("TOO_LARGE", "options"), self.temporary.name)):
            self.fails(checking.check_refusal, answer, refused, out)

    def test_a_damaged_file(self):
        sample = self.sample("damaged", format="excel")
        path = os.path.join(sample.out, sample.name)
        with open(path, "r+b") as file:
            file.seek(200)
            file.write(b"damaged")
        self.fails(sample.check)
        shutil.copy(__file__, path)
        self.fails(sample.check)


if __name__ == "__main__":
    tap.main()
