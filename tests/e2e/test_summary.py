"""The sheets "Summary" and "About": their figures against counts from the raw rows, their charts as
another reader finds them, on every database and for any number of threads."""
import collections
import gzip
import io
import itertools
import json
import os
import re
import sqlite3
import subprocess
import unittest
import zipfile
from decimal import Decimal

import openpyxl

import harness
import tap

CATEGORY = {"fully_funded": "Fully Funded", "self_funded": "Self Funded"}
FORM = {0: "Not Started", 1: "On Progress", 2: "Submitted"}
STATUS = {0: "Created", 1: "Pending", 2: "Success", 3: "Cancelled", 4: "Rejected"}
METHOD = {1: "Midtrans", 2: "Manual Transfer"}
LONG = "long " * 9000
# whose charts show sums
TOTALS = {"Successful payments by currency", "All payments by currency", "Successful payments by country",
          "Successful payments by month"}


def shown(value):
    return "N/A" if value is None else "(empty)" if value == "" else str(value)


def month(value):
    return "N/A" if value is None or value.startswith("0000") else value[:7]


def by_count(counts, most):
    """Rows as the sheet has them: the most frequent first, equal ones by their bytes, and the rest."""
    def key(item):
        text = "" if item[0] == "(empty)" else item[0]
        return -item[1], text.encode()
    rows = sorted(counts.items(), key=key)
    rest = sum(n for _, n in rows[most:])
    return rows[:most] + ([("Other", rest)] if rest else [])


def blocks(sheet):
    """The tables of a sheet by the titles above them: header, rows, and where they are."""
    found = {}
    for table in sheet.tables.values():
        cells = sheet[table.ref]
        title = sheet.cell(cells[0][0].row - 1, 1).value
        found[title] = ([c.value for c in cells[0]], [[c.value for c in row] for row in cells[1:]],
                        table.ref)
    return found


def decimal(cell):
    """A sum as the sheet has it: a number, or a text that looks like it where that has too many digits."""
    return Decimal(str(cell).replace(",", ""))


class Sheets(harness.Case):
    maxDiff = 4000
    more_rows = (
        "UPDATE participants SET achievements = '" + LONG + "' WHERE id = 3;"
        "INSERT INTO payments (id, participant_id, amount, usd_amount, currency, status) VALUES"
        " (3000000, 1, 0.10, 0.01, 'XTS', 2), (3000001, 1, 0.20, 0.02, 'XTS', 2),"
        " (3000002, 1, 0.70, NULL, 'XTS', 2), (3000003, 1, 9.95, 0.07, 'XTT', 2);"
    )


class Summary(Sheets):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = {}
        connection = sqlite3.connect(harness.Case.database)
        connection.row_factory = sqlite3.Row
        for name in ("participants", "participant_statuses", "payments", "payment_methods",
                     "program_payments", "ambassadors"):
            cls.rows[name] = [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]
        # amounts as the texts that they are, not as the doubles of a reader
        cls.amounts = {row[0]: (row[1], row[2]) for row in connection.execute(
            "SELECT id, CAST(amount AS TEXT), CAST(usd_amount AS TEXT) FROM payments")}
        connection.close()

    def request(self, kind="participants", **more):
        options = {"include_summary": True, **more.pop("options", {})}
        large = {"strategy": "single", "compression": "none", **more.pop("large", {})}
        return {"export_type": kind, "format": "excel", "options": options,
                "large_dataset_options": large, **more}

    def book(self, request, source="sqlite", **more):
        self.response = self.export(request, source, **more)
        return openpyxl.load_workbook(self.data_path(self.response))

    def participants(self, first=0, last=None):
        live = sorted((p for p in self.rows["participants"] if not p["is_deleted"]),
                      key=lambda p: p["id"])
        return live[first:last]

    def payments(self):
        return [p for p in self.rows["payments"] if not p["is_deleted"]]

    def counts(self, values):
        return collections.Counter(values)

    def test_participants(self):
        form = {s["participant_id"]: s["form_status"] for s in self.rows["participant_statuses"]}
        live = self.participants()
        paid = collections.defaultdict(set)
        for payment in self.payments():
            paid[payment["participant_id"]].add(payment["status"])
        expected = {
            "Participants by category": by_count(self.counts(
                shown(CATEGORY.get(p["category"], p["category"])) for p in live), 20),
            "Participants by form status": [
                (label, n) for value, label in FORM.items()
                if (n := sum((form.get(p["id"]) or 0) == value for p in live))],
            "Participants by payment status": [
                (label, n) for label, n in (
                    ("Success", sum(2 in paid[p["id"]] for p in live)),
                    ("Pending", sum(2 not in paid[p["id"]] and bool({0, 1} & paid[p["id"]])
                                    for p in live)),
                    ("None", sum(not {0, 1, 2} & paid[p["id"]] for p in live))) if n],
            "Participants by country": by_count(
                self.counts(shown(p["nationality"]) for p in live), 15),
            "Registrations by month": sorted(
                self.counts(month(p["created_at"]) for p in live).items()),
            "Ambassadors with the most participants": by_count(
                self.counts(p["ref_code_ambassador"] for p in live if p["ref_code_ambassador"]), 10),
        }
        for source in harness.Case.sources:
            with self.subTest(source=source):
                book = self.book(self.request(), source)
                self.assertEqual(book.sheetnames, ["Participants", "Summary"])
                sheet = book["Summary"]
                self.assertEqual(sheet["A2"].value, f"Records: {len(live)}")
                found = blocks(sheet)
                self.assertEqual(list(found), list(expected))
                for title, (header, rows, _) in found.items():
                    self.assertEqual(header[1:], ["Count", "Share"])
                    self.assertEqual([(r[0], r[1]) for r in rows], expected[title], title)
                    total = sum(r[1] for r in rows)
                    for row in rows:
                        self.assertAlmostEqual(row[2], row[1] / total, delta=0.00005 + 1e-12)

    def test_sums_of_payments_are_exact(self):
        def totals(rows, column, most=20):
            made = collections.OrderedDict()
            for row in rows:
                amounts = [Decimal(text or 0) for text in self.amounts[row["id"]]]
                count, amount, usd = made.get(column(row), (0, Decimal(0), Decimal(0)))
                made[column(row)] = (count + 1, amount + amounts[0], usd + amounts[1])
            order = by_count({name: sums[0] for name, sums in made.items()}, most)
            rest = [made[name] for name in made if name not in dict(order)]
            made["Other"] = tuple(sum(sums[i] for sums in rest) for i in range(3))
            return [(name, *made[name]) for name, _ in order]
        every = self.payments()
        success = [p for p in every if p["status"] == 2]
        nation = {p["id"]: p["nationality"] for p in self.rows["participants"]}
        for source in harness.Case.sources:
            with self.subTest(source=source):
                found = blocks(self.book(self.request("payments"), source)["Summary"])
                for title, rows in (("Successful payments by currency", success),
                                    ("All payments by currency", every)):
                    got = [(r[0], r[1], decimal(r[3]), decimal(r[4])) for r in found[title][1]]
                    self.assertEqual(got, totals(rows, lambda p: shown(p["currency"])), title)
                got = [(r[0], r[1], decimal(r[3]))
                       for r in found["Successful payments by country"][1]]
                country = totals(success, lambda p: shown(nation.get(p["participant_id"])), 15)
                self.assertEqual(got, [(name, n, usd) for name, n, _, usd in country])
                self.assertEqual([(r[0], r[1]) for r in found["Payments by status"][1]],
                                 [(label, n) for value, label in STATUS.items()
                                  if (n := sum(p["status"] == value for p in every))])

    def test_a_sum_has_the_digits_that_it_has(self):
        """0.1 + 0.2 + 0.7 is 1, and 9.95 is not 9.949999999999999."""
        request = self.request("payments", filters={"currency": ["XTS", "XTT"]})
        with zipfile.ZipFile(io.BytesIO(self.bytes_of(request))) as book:
            sheet = book.read("xl/worksheets/sheet2.xml").decode()
        for digits in ("<v>1.00</v>", "<v>0.03</v>", "<v>9.95</v>", "<v>0.07</v>"):
            self.assertIn(digits, sheet)

    def test_top_ambassadors(self):
        of = collections.Counter((p["ref_code_ambassador"], p["program_id"])
                                 for p in self.participants() if p["ref_code_ambassador"])
        live = [a for a in self.rows["ambassadors"] if not a["is_deleted"]]
        ranked = sorted(live, key=lambda a: (-of[a["ref_code"], a["program_id"]], a["id"]))[:10]
        expected = [[a["name"], shown(a["ref_code"]), shown(a["institution"]),
                     of[a["ref_code"], a["program_id"]]] for a in ranked]
        for source in harness.Case.sources:
            with self.subTest(source=source):
                found = blocks(self.book(self.request("ambassadors"), source)["Summary"])
                header, rows, _ = found["Top ambassadors"]
                self.assertEqual(header[-1], "Total Referrals")
                rows = [["N/A" if c == "N/A" else c or None for c in row[:3]] + row[3:]
                        for row in rows]
                self.assertEqual(rows, [[c if c != "(empty)" else None for c in row[:3]] + row[3:]
                                        for row in expected])

    def test_charts_show_their_tables(self):
        for kind in ("participants", "payments", "ambassadors"):
            with self.subTest(kind=kind):
                sheet = self.book(self.request(kind))["Summary"]
                found = blocks(sheet)
                charts = {self.title_of(chart): chart for chart in sheet._charts}
                self.assertEqual({title.split(": ")[0] for title in charts}, set(found))
                for title, chart in charts.items():
                    (series,) = chart.series
                    of_table, _, charted = title.partition(": ")
                    header, rows, ref = found[of_table]
                    self.assertEqual(charted, "USD Amount" if of_table in TOTALS else "")
                    values = self.cells_of(sheet, series.val.numRef.f)
                    names = self.cells_of(sheet, series.cat.strRef.f)
                    column = header.index(charted or "Count") if "Count" in header else -1
                    cut = [r for r in rows if r[0] != "Other"] if "month" in title else rows
                    self.assertEqual(names, [r[0] for r in cut], ref)
                    wanted = [r[column] for r in cut]
                    if any(isinstance(value, str) for value in wanted):  # then they stand beneath the chart as numbers
                        wanted = [float(decimal(value)) for value in wanted]
                    self.assertEqual(values, wanted, ref)
                    if type(chart).__name__ == "PieChart":
                        small = [i for i, r in enumerate(rows) if r[1] / sum(r[1] for r in rows) < 0.0199]
                        self.assertEqual([label.idx for label in series.dLbls.dLbl or []], small)

    def test_the_chart_of_many_countries_has_the_others(self):
        sheet = self.book(self.request())["Summary"]
        (chart,) = [c for c in sheet._charts if self.title_of(c) == "Participants by country"]
        self.assertEqual(self.cells_of(sheet, chart.series[0].cat.strRef.f)[-1], "Other")

    def test_a_sum_of_many_digits_looks_as_a_number(self):
        request = self.request("payments", filters={"currency": "XTU"})
        harness.execute(self.sources["sqlite"], "INSERT INTO payments (id, participant_id, amount, currency, status)"
                        " VALUES (3000009, 1, 1234567890123456, 'XTU', 2)")
        self.addCleanup(harness.execute, self.sources["sqlite"], "DELETE FROM payments WHERE id = 3000009")
        rows = blocks(self.book(request)["Summary"])["All payments by currency"][1]
        self.assertEqual(rows[0][3], "1,234,567,890,123,456.00")
        rows = blocks(self.book({**request, "data_transformations": {"currency_format": "0.00"}})["Summary"])[
            "All payments by currency"][1]
        self.assertEqual(rows[0][3], "1234567890123456.00")

    def title_of(self, chart):
        return "".join(run.t for p in chart.title.tx.rich.p for run in p.r)

    def cells_of(self, sheet, reference):
        name, area = reference.split("!")
        self.assertEqual(name, sheet.title)
        return [row[0].value for row in sheet[area.replace("$", "")]]

    def bytes_of(self, request, source="sqlite", **more):
        response = self.export(request, source, **more)
        with open(self.data_path(response), "rb") as file:
            return file.read()

    def test_the_same_sheets_for_any_number_of_threads(self):
        for kind, source in itertools.product(("participants", "payments", "ambassadors"),
                                              harness.Case.sources):
            request = self.request(kind, template="detailed",
                                   options={"include_about": True, "include_summary": True})
            first = None
            for threads in (1, 2, 8, 99):
                with self.subTest(kind=kind, source=source, threads=threads):
                    with zipfile.ZipFile(io.BytesIO(
                            self.bytes_of(request, source, threads=threads))) as book:
                        parts = {name: book.read(name) for name in book.namelist()}
                    # the moment of the request is another each time
                    for name in ("docProps/core.xml", "xl/sharedStrings.xml"):
                        parts[name] = self.without_times(parts[name])
                    first = first or parts
                    self.assertEqual(list(parts), list(first))
                    for name, part in parts.items():
                        self.assertEqual(part, first[name], name)

    def without_times(self, part):
        created = self.response_time(part)
        return part.replace(created, b"TIME") if created else part

    def response_time(self, part):
        found = re.search(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", part)
        if found:
            return found.group(0)
        found = re.search(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", part)
        return found.group(0) if found else None

    def test_each_batch_sums_up_its_own_rows(self):
        request = self.request(large={"strategy": "multi_file", "chunk_size": 1000})
        response = self.export(request)
        live, seen = self.participants(), 0
        for file in response["data"]["individual_files"]:
            book = openpyxl.load_workbook(self.path_of(response, file["file_name"]))
            sheet = book["Summary"]
            part = live[seen:seen + file["record_count"]]
            span = "" if seen == 0 else f" ({seen + 1} to {seen + len(part)})"
            self.assertEqual(sheet["A2"].value, f"Records: {len(part)}{span}")
            rows = blocks(sheet)["Participants by country"][1]
            self.assertEqual([(r[0], r[1]) for r in rows],
                             by_count(self.counts(shown(p["nationality"]) for p in part), 15))
            seen += len(part)
        self.assertEqual(seen, len(live))

    def test_files_that_close_early_sum_up_what_they_hold(self):
        response = self.export(self.request(
            large={"strategy": "multi_file", "chunk_size": 2000, "max_file_size": "100KB",
                   "create_zip_archive": False}))
        seen = 0
        names = [name for name in self.files_left() if name.endswith(".xlsx")]
        self.assertTrue(any("/batch_" in name for name in names), names)
        for file, name in zip(response["data"]["individual_files"], sorted(
                names, key=lambda name: int(name.split("batch_")[1].split("_")[0].split(".")[0]))):
            sheet = openpyxl.load_workbook(os.path.join(self.out, name))["Summary"]
            rows = blocks(sheet)["Participants by category"][1]
            self.assertEqual(sum(r[1] for r in rows), file["record_count"])
            seen += file["record_count"]
        self.assertEqual(seen, len(self.participants()))

    def test_beside_long_texts_and_several_sheets(self):
        """The strings of all sheets are numbered behind one another."""
        fields = ["id", "full_name", "achievements"]
        for strings in ("shared", "inline"):
            with self.subTest(strings=strings):
                book = self.book(self.request(
                    fields=fields, xlsx={"strings": strings},
                    options={"include_summary": True, "include_about": True}),
                    config={"format_limits": {"excel": {
                        "max_rows_per_sheet": 1000, "recommended_rows_per_sheet": 1000}}})
                self.assertEqual(book.sheetnames,
                                 ["Participants", "Participants 2", "Participants 3", "Summary",
                                  "About", "Long texts"])
                self.assertEqual(book["Long texts"]["B2"].value, "Achievements")
                rest = book["Long texts"]
                cell = book["Participants"].cell(rest["A2"].value, 3).value
                self.assertEqual(cell.split("…")[0] + rest["D2"].value, LONG)
                self.assertEqual(blocks(book["Summary"])["Participants by country"][1][0][0],
                                 by_count(self.counts(shown(p["nationality"])
                                                      for p in self.participants()), 1)[0][0])
                self.assertEqual(book["About"]["A1"].value, "About this file")

    def test_what_the_template_lacks_is_read_with_the_rows(self):
        """Columns are, related rows are not."""
        found = blocks(self.book(self.request(fields=["id"]))["Summary"])
        self.assertIn("Participants by country", found)
        self.assertIn("Participants by form status", found)
        self.assertNotIn("Participants by payment status", found)
        self.assertNotIn("Top ambassadors",
                         blocks(self.book(self.request("ambassadors", fields=["name"]))["Summary"]))

    def test_subtotals_are_not_counted(self):
        plain = blocks(self.book(self.request("payments"))["Summary"])
        grouped = blocks(self.book(self.request(
            "payments", options={"group_by_participant": True, "include_summary": True}))["Summary"])
        self.assertEqual({t: rows for t, (_, rows, _) in plain.items()},
                         {t: rows for t, (_, rows, _) in grouped.items()})

    def test_nothing_to_sum_up(self):
        sheet = self.book(self.request(filters={"ambassador_ref": "nobody has this"}))["Summary"]
        self.assertEqual(sheet["A2"].value, "Records: 0")
        for _, rows, _ in blocks(sheet).values():
            self.assertEqual(rows, [["(none)", 0, 0]])
        self.assertEqual(sheet._charts, [])

    def test_gzip(self):
        response = self.export(self.request(large={"compression": "gzip"}))
        with gzip.open(self.data_path(response)) as file:
            sheet = openpyxl.load_workbook(io.BytesIO(file.read()))["Summary"]
        self.assertEqual(sheet["A2"].value, f"Records: {len(self.participants())}")

    def test_a_stream_has_both_sheets(self):
        request = self.request(large={"strategy": "streaming"},
                               options={"include_summary": True, "include_about": True})
        for source in harness.Case.sources:
            with self.subTest(source=source):
                done = subprocess.run([os.path.abspath(harness.COMMAND), "stream", "-"],
                                      input=json.dumps(request).encode(),
                                      env={**os.environ, "YBBEXPORT_SOURCE": harness.Case.sources[source]},
                                      cwd=self.out, capture_output=True, check=True, timeout=120)
                book = openpyxl.load_workbook(io.BytesIO(done.stdout))
                self.assertEqual(book.sheetnames, ["Participants", "Summary", "About"])
                self.assertEqual(book["Summary"]["A2"].value, f"Records: {len(self.participants())}")
                _, rows, _ = blocks(book["Summary"])["Participants by country"]
                self.assertEqual([(r[0], r[1]) for r in rows], by_count(
                    self.counts(shown(p["nationality"]) for p in self.participants()), 15))

    def test_indonesian(self):
        book = self.book(self.request("payments", options={
            "language": "id", "include_summary": True, "include_about": True}))
        self.assertEqual(book.sheetnames, ["Pembayaran", "Ringkasan", "Tentang"])
        header, rows, _ = blocks(book["Ringkasan"])["Pembayaran menurut status"]
        self.assertEqual(header, ["Status Pembayaran", "Jumlah", "Persentase"])
        self.assertIn("Berhasil", [row[0] for row in rows])
        self.assertEqual(book["Tentang"]["A1"].value, "Tentang berkas ini")

    def test_other_formats_have_no_sheets(self):
        for format_, option in itertools.product(("csv", "pdf"),
                                                 ("include_summary", "include_about")):
            with self.subTest(format=format_, option=option):
                answer = self.export({"export_type": "participants", "format": format_,
                                      "options": {option: True}}, expect=2)
                self.assertEqual(answer["error_code"], "INVALID_VALUE")
                self.assertEqual(answer["details"]["field"], f"options.{option}")
                self.export({"export_type": "participants", "format": format_,
                             "options": {option: False}, "filters": {"limit": 1}})


class About(Sheets):
    def lines(self, **more):
        options = {"include_about": True, **more.pop("options", {})}
        response = self.export({"export_type": "participants", "format": "excel",
                                "options": options, "large_dataset_options": {
                                    "strategy": "single", "compression": "none"}, **more})
        book = openpyxl.load_workbook(self.data_path(response))
        sheet = book["About"]
        pairs = [(row[0], row[1]) for row in sheet.iter_rows(min_row=3, values_only=True)
                 if row[0] is not None]
        (table,) = sheet.tables.values()
        columns = [[c.value for c in row] for row in sheet[table.ref]]
        return response, pairs[:pairs.index(("Column", "Field"))], columns, book

    def test_what_was_asked_for(self):
        response, pairs, _, book = self.lines(
            program_id=1, owner="=admin@example.org",
            filters={"category": ["fully_funded"], "form_status": 2, "limit": 700,
                     "date_range": {"start": "2020-01-01", "end": "2030-12-31"}},
            options={"sort_by": "full_name", "sort_order": "desc", "timezone": "Asia/Jakarta"})
        self.assertEqual(book.sheetnames, ["Participants", "About"])
        records = response["data"]["record_count"]
        made = dict(pairs)
        self.assertEqual(made["Export"], "Participants")
        self.assertEqual(made["Template"], "standard")
        self.assertEqual(made["Program"], "1")
        self.assertEqual(made["Requested by"], "=admin@example.org")
        self.assertEqual(book["About"]["B6"].data_type, "s")
        self.assertRegex(made["Requested at"], r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d Asia/Jakarta$")
        self.assertEqual(made["Time zone of dates"], "Asia/Jakarta")
        self.assertEqual([v for k, v in pairs if k == "Filter"],
                         ["category: fully_funded", "form_status: 2",
                          "date_range: from 2020-01-01 to 2030-12-31"])
        self.assertEqual(made["Most records"], 700)
        self.assertEqual(made["Sorted by"], "Full Name, descending")
        self.assertEqual(made["Records in this file"], records)
        self.assertEqual((made["First record"], made["Last record"]), (1, records))

    def test_columns_are_explained(self):
        _, _, columns, book = self.lines(filters={"limit": 3}, fields=[
            "id", {"field": "payment_status", "header": "Paid?"}, "birthdate", "essays"])
        self.assertEqual(columns[0], ["Column", "Field", "Type", "Description"])
        self.assertEqual([row[:3] for row in columns[1:]],
                         [["ID", "id", "Integer"], ["Paid?", "payment_status", "Text"],
                          ["Birth Date", "birthdate", "Date"], ["Essays", "essays", "Text"]])
        self.assertIn("succeeded", columns[2][3])
        self.assertEqual([c.value for c in book.worksheets[0][1]], [row[0] for row in columns[1:]])


if __name__ == "__main__":
    tap.main()
