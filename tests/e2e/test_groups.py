"""Payments grouped by participant: rows, sums, files and sheets, on every database and for any
number of threads."""
import unittest
import zipfile
from decimal import Decimal

import openpyxl

import harness
import oracle
import tap

FIELDS = oracle.STANDARD["payments"]
# a group larger than any slice, and one with currencies that only bytes tell apart
LARGE, STRANGE = 7, 11
CURRENCIES = ["'IDR'", "'USD'", "NULL", "'usd'", "''", "'US'", "'uSD'"]


def values(number):
    """One payment more; no two have the same amount."""
    currency = CURRENCIES[number % len(CURRENCIES)]
    amount = "NULL" if number % 11 == 0 else f"{number - 2000}.{number % 100:02}"
    usd = "NULL" if currency == "NULL" else f"{number}.01"
    date = "NULL" if number % 97 == 0 else f"'2025-0{1 + number % 9}-{1 + number % 28:02} 10:00:00'"
    owner = LARGE if number < 5200 else STRANGE
    return (f"({1000000 + number}, {owner}, 1, {1 + number % 3}, 'T{number}', 'O{number}', {date}, "
            f"{amount}, {usd}, {currency}, {number % 5}, {int(number % 50 == 0)})")


def more_payments():
    rows = ",\n".join(values(n) for n in range(5300))
    return ("INSERT INTO payments (id, participant_id, program_payment_id, payment_method_id, "
            "transaction_code, order_id, payment_date, amount, usd_amount, currency, status, "
            f"is_deleted) VALUES {rows};\n"
            # a participant that is not there
            "INSERT INTO payments (id, participant_id, amount, currency, status) "
            "VALUES (2000000, 999999999, 5, 'IDR', 2), (2000001, 999999999, NULL, NULL, 1);\n")


def flat(groups):
    return [row for rows, subtotals in groups for row in rows + subtotals]


class Groups(harness.Case):
    maxDiff = 2000
    more_rows = more_payments()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = oracle.World(harness.Case.database)

    def request(self, **more):
        options = {"group_by_participant": True, **more.pop("options", {})}
        large = {"strategy": "single", "compression": "none", **more.pop("large", {})}
        return {"export_type": "payments", "program_id": 1, "format": "excel", "options": options,
                "large_dataset_options": large, **more}

    def check_rows(self, rows, truth, render):
        self.assertEqual(len(rows), len(truth))
        for got, raw in zip(rows, truth):
            self.assertEqual(["" if g is None else g for g in got], [render(c) for c in raw])

    def compare(self, shown=FIELDS, how=None, **more):
        groups = self.world.grouped(shown, **(how or {}))
        records = sum(len(rows) for rows, _ in groups)
        for source in harness.Case.sources:
            for form, read, render in (("excel", harness.read_xlsx, oracle.render_xlsx),
                                       ("csv", harness.read_csv, oracle.render_csv)):
                with self.subTest(source=source, format=form):
                    response = self.export(self.request(**{**more, "format": form}), source)
                    self.assertEqual(response["data"]["record_count"], records)
                    _, rows = read(self.data_path(response))
                    self.check_rows(rows, flat(groups), render)
        return groups

    def test_every_group_ends_with_its_sums(self):
        groups = self.compare()
        self.assertGreater(max(len(rows) for rows, _ in groups), 4096)
        self.assertGreater(max(len(subtotals) for _, subtotals in groups), 6)
        self.assertGreater(sum(len(subtotals) > 1 for _, subtotals in groups), 10)

    def test_the_sums_of_a_currency_are_those_of_its_payments(self):
        groups = self.world.grouped(FIELDS)
        for column in ("amount", "usd_amount"):
            at = FIELDS.index(column)
            records = sum((row[at] or 0 for rows, _ in groups for row in rows), Decimal(0))
            sums = sum((row[at] for _, subtotals in groups for row in subtotals), Decimal(0))
            self.assertEqual(records, sums)
            self.assertNotEqual(sums, 0)

    def test_details(self):
        self.compare(oracle.DETAILED["payments"], template="detailed",
                     how={"limit": 3000}, filters={"limit": 3000})

    def test_all_programs_and_a_participant_that_is_not_there(self):
        groups = self.compare(how={"program": None}, program_id=None)
        self.assertEqual(len(groups[-1][0]), 2)
        self.assertEqual(groups[-1][0][0][FIELDS.index("participant_name")], None)
        self.assertEqual(len(groups[-1][1]), 2)

    def test_limit_cuts_inside_of_a_group(self):
        before = 0
        for rows, _ in self.world.grouped(FIELDS):
            if len(rows) > 4096:
                break
            before += len(rows)
        for limit in (1, before, before + 1, before + 4097, before + 4800):
            with self.subTest(limit=limit):
                self.compare(how={"limit": limit}, filters={"limit": limit})

    def test_filters_come_before_groups(self):
        self.compare(how={"keep": lambda p: p["status"] == 2}, filters={"status": 2})
        self.compare(how={"keep": lambda p: p["currency"] == "USD"}, filters={"currency": "USD"})

    def test_nothing_to_group(self):
        groups = self.compare(how={"keep": lambda p: False}, filters={"currency": "XXX"})
        self.assertEqual(groups, [])

    def test_columns_that_a_subtotal_does_not_know(self):
        for fields in (["order_number", "transaction_code", "usd_amount"], ["status"], ["order_id"],
                       ["currency", "participant_email"]):
            with self.subTest(fields=fields):
                self.compare(fields, fields=fields, how={"limit": 500}, filters={"limit": 500})

    def test_a_sort_beside_groups_is_passed_over_with_a_warning(self):
        response = self.export(self.request(options={"sort_by": "amount", "sort_order": "desc"},
                                            filters={"limit": 700}))
        _, rows = harness.read_xlsx(self.data_path(response))
        self.check_rows(rows, flat(self.world.grouped(FIELDS, limit=700)), oracle.render_xlsx)
        self.assertEqual([w["code"] for w in response["metadata"]["warnings"]], ["SORT_IGNORED"])

    def test_language(self):
        response = self.export(self.request(options={"language": "id"}, filters={"limit": 50},
                                            format="csv"))
        header, rows = harness.read_csv(self.data_path(response))
        self.assertEqual(header[6], "Status Pembayaran")
        self.assertIn("Subtotal", [row[6] for row in rows])

    def test_subtotals_are_bold_and_inside_of_the_table(self):
        response = self.export(self.request(filters={"amount_range": {"min": 100000}}))
        truth = flat(self.world.grouped(
            FIELDS, keep=lambda p: p["amount"] is not None and p["amount"] >= 100000))
        book = openpyxl.load_workbook(self.data_path(response))
        sheet = book.worksheets[0]
        self.assertEqual(sheet.dimensions, f"A1:K{len(truth) + 1}")
        (table,) = sheet.tables.values()
        self.assertEqual(table.ref, f"A1:K{len(truth) + 1}")
        bold = 0
        for row, raw in zip(sheet.iter_rows(min_row=2), truth):
            is_subtotal = raw[6] == "Subtotal"
            bold += is_subtotal
            for cell in row:
                if cell.value is not None:
                    self.assertEqual(bool(cell.font.bold), is_subtotal, cell.coordinate)
            if is_subtotal:
                self.assertEqual(row[3].number_format, "#,##0.00")
                self.assertEqual(row[3].alignment.horizontal, "right")
        self.assertGreater(bold, 100)
        book.close()

    def test_texts_inline(self):
        response = self.export(self.request(filters={"limit": 900}, xlsx={"strings": "inline"}))
        _, rows = harness.read_xlsx(self.data_path(response))
        self.check_rows(rows, flat(self.world.grouped(FIELDS, limit=900)), oracle.render_xlsx)

    def test_compressed(self):
        response = self.export(self.request(large={"strategy": "compressed",
                                                   "compression": "gzip"}))
        _, rows = harness.read_xlsx(harness.unpacked(self.data_path(response)))
        self.check_rows(rows, flat(self.world.grouped(FIELDS)), oracle.render_xlsx)

    # Files

    def batches(self, response):
        return response["data"]["individual_files"]

    def expected_files(self, chunk):
        """Groups by file: one closes with the group that brings it to @chunk records."""
        files, records = [[]], 0
        for one in self.world.grouped(FIELDS):
            if records >= chunk:
                files.append([])
                records = 0
            files[-1].append(one)
            records += len(one[0])
        return files

    def test_files_end_where_groups_do(self):
        for form, read, render in (("excel", harness.read_xlsx, oracle.render_xlsx),
                                   ("csv", harness.read_csv, oracle.render_csv)):
            for source in harness.Case.sources:
                with self.subTest(format=form, source=source):
                    response = self.export(
                        self.request(format=form, large={"strategy": "multi_file",
                                                         "chunk_size": 150}),
                        source, config={"chunk_configurations": {"min_chunk_size": 100}})
                    expected = self.expected_files(150)
                    self.assertGreater(len(expected), 5)
                    batches = self.batches(response)
                    self.assertEqual(len(batches), len(expected))
                    first = 1
                    for batch, groups in zip(batches, expected):
                        count = sum(len(rows) for rows, _ in groups)
                        self.assertEqual(batch["record_count"], count)
                        self.assertEqual(batch["record_range"], f"{first}-{first + count - 1}")
                        first += count
                        _, rows = read(self.path_of(response, batch["file_name"]))
                        self.check_rows(rows, flat(groups), render)
                    self.assertEqual(response["data"]["total_records"], first - 1)
                    archive = response["data"]["archive"]["zip_file_name"]
                    with zipfile.ZipFile(self.path_of(response, archive)) as pack:
                        self.assertEqual(len(pack.namelist()), len(expected) + 1)

    def read_sheets(self, path):
        book = openpyxl.load_workbook(path, read_only=True)
        sheets = [[list(row) for row in sheet.iter_rows(values_only=True)]
                  for sheet in book.worksheets]
        book.close()
        return sheets

    def test_sheets_count_subtotals_as_rows(self):
        for rows_per_sheet in (1000, 1013, 4096):
            with self.subTest(rows=rows_per_sheet):
                limits = {"max_rows_per_sheet": rows_per_sheet + 1, "max_sheets_per_file": 50,
                          "recommended_rows_per_sheet": 1000}
                response = self.export(self.request(), config={"format_limits": {"excel": limits}})
                sheets = self.read_sheets(self.data_path(response))
                truth = flat(self.world.grouped(FIELDS))
                self.assertEqual(len(sheets), -(-len(truth) // rows_per_sheet))
                rows = []
                for sheet in sheets:
                    self.assertEqual(sheet[0][0], "Payment ID")
                    rows += sheet[1:]
                self.assertEqual([len(s) - 1 for s in sheets[:-1]],
                                 [rows_per_sheet] * (len(sheets) - 1))
                self.check_rows(rows, truth, oracle.render_xlsx)

    def test_tiny_sheets(self):
        """Subtotals go on from sheet to sheet."""
        for rows_per_sheet in (1, 2, 3, 5):
            with self.subTest(rows=rows_per_sheet):
                limits = {"max_rows_per_sheet": rows_per_sheet + 1, "max_sheets_per_file": 1000,
                          "recommended_rows_per_sheet": 1}
                response = self.export(self.request(filters={"limit": 40}),
                                       config={"format_limits": {"excel": limits}})
                rows = [row for sheet in self.read_sheets(self.data_path(response))
                        for row in sheet[1:]]
                self.check_rows(rows, flat(self.world.grouped(FIELDS, limit=40)),
                                oracle.render_xlsx)

    def test_a_file_has_no_more_sheets_than_it_may(self):
        limits = {"max_rows_per_sheet": 1001, "max_sheets_per_file": 3,
                  "recommended_rows_per_sheet": 1000}
        config = {"format_limits": {"excel": limits}}
        response = self.export(self.request(large={"strategy": "auto"}), config=config)
        self.assertEqual(response["export_strategy"], "multi_file")
        rows = []
        for batch in self.batches(response):
            sheets = self.read_sheets(self.path_of(response, batch["file_name"]))
            self.assertLessEqual(len(sheets), 3)
            for sheet in sheets:
                self.assertLessEqual(len(sheet), 1001)
                rows += sheet[1:]
        # the large group goes on from file to file, and ends with its sums
        self.check_rows(rows, flat(self.world.grouped(FIELDS)), oracle.render_xlsx)
        refused = self.export(self.request(), config=config, expect=2)
        self.assertEqual(refused["error_code"], "TOO_LARGE")
        self.assertEqual(refused["details"]["field"], "large_dataset_options.strategy")
        self.assertEqual(self.files_left(), sorted(
            f"{response['export_id']}/{name}" for name in
            [b["file_name"] for b in self.batches(response)]
            + [response["data"]["archive"]["zip_file_name"]]))

    # Bytes

    def test_any_number_of_threads_gives_the_same_bytes(self):
        parts = []
        for threads in (1, 2, 8, 99):
            response = self.export(self.request(template="detailed"), threads=threads)
            parts.append(harness.packed_parts(self.data_path(response)))
        for other in parts[1:]:
            self.assertEqual(parts[0], other)

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_both_databases_give_the_same_sheet(self):
        sheets = []
        for source in ("sqlite", "mysql"):
            response = self.export(self.request(template="detailed", xlsx={"strings": "inline"}),
                                   source)
            sheets.append(harness.sheet_xml(self.data_path(response)))
        self.assertEqual(sheets[0], sheets[1])


if __name__ == "__main__":
    tap.main()
