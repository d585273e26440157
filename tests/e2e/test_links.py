"""Addresses as links of a spreadsheet: which cells are, where they lead, and how many a sheet has."""
import io
import unittest
import zipfile

import openpyxl

import harness
import tap

MOST = 65530
SOME = {1: ("https://files.example.org/a b.jpg?x=1&y=2#page<3>",
            "https://files.example.org/a%20b.jpg?x=1&y=2", "page%3C3%3E"),
        2: ("javascript:alert(1)", None, None), 3: ("=HYPERLINK(\"https://x.org\")", None, None),
        4: ("https://bank.example@evil.example/", None, None), 5: ("", None, None),
        6: ("HTTPS://EXAMPLE.ORG", "HTTPS://EXAMPLE.ORG", None)}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class Links(harness.Case):
    more_rows = "".join(f"UPDATE payments SET proof_url = {quoted(text)}, payment_url = NULL, "
                        f"is_deleted = 0 WHERE id = {number};"
                        for number, (text, _, _) in SOME.items())

    def request(self, **more):
        return {"export_type": "payments", "format": "excel", "fields": ["id", "proof_url"],
                "large_dataset_options": {"strategy": "single", "compression": "none"}, **more}

    def sheets(self, request, source="sqlite", **more):
        response = self.export(request, source, **more)
        return openpyxl.load_workbook(self.data_path(response)).worksheets

    def test_addresses_are_links_and_others_texts(self):
        for source in harness.Case.sources:
            for strings in ("shared", "inline"):
                with self.subTest(source=source, strings=strings):
                    (sheet,) = self.sheets(self.request(xlsx={"strings": strings}), source)
                    cells = {row[0].value: row[1] for row in sheet.iter_rows(min_row=2)}
                    for number, (text, target, location) in SOME.items():
                        cell, link = cells[number], cells[number].hyperlink
                        self.assertEqual(cell.value or "", text)
                        self.assertEqual(cell.data_type, "s" if text else "n")
                        self.assertEqual(link.target if link else None, target)
                        self.assertEqual(link.location if link else None, location)
                        self.assertEqual(cell.font.u, "single" if target else None)

    def test_a_sheet_without_addresses_has_no_element_for_them(self):
        response = self.export(self.request(fields=["id", "order_id"]))
        with zipfile.ZipFile(self.data_path(response)) as book:
            self.assertNotIn(b"hyperlink", book.read("xl/worksheets/sheet1.xml"))

    def test_each_sheet_has_its_own(self):
        sheets = self.sheets(self.request(options={"include_summary": True}), config={
            "format_limits": {"excel": {"max_rows_per_sheet": 1000,
                                        "recommended_rows_per_sheet": 1000}}})
        links = 0
        for sheet in sheets:
            for row in sheet.iter_rows(min_row=2):
                for cell in row:
                    if cell.hyperlink:
                        links += 1
                        self.assertTrue(str(cell.value).lower().startswith("http"))
                        self.assertEqual(cell.column, 2)
        self.assertGreater(links, 100)
        self.assertGreater(len(sheets), 3)

    def test_threads_do_not_matter(self):
        sheets = []
        for threads in (1, 2, 8, 99):
            response = self.export(self.request(), threads=threads)
            with open(self.data_path(response), "rb") as file:
                book = zipfile.ZipFile(io.BytesIO(file.read()))
            sheets.append([book.read(name) for name in
                           ("xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels",
                            "xl/sharedStrings.xml", "xl/styles.xml")])
        self.assertEqual(sheets[1:], sheets[:1] * 3)

    def test_a_sheet_has_no_more_than_excel_opens(self):
        """Two columns of addresses: those of the first 32,765 rows."""
        harness.execute(harness.Case.sources["sqlite"], (
            "CREATE TABLE IF NOT EXISTS many AS WITH RECURSIVE n(i) AS (SELECT 5000000 UNION ALL "
            "SELECT i + 1 FROM n WHERE i < 5034999) SELECT i FROM n;"
            "INSERT OR IGNORE INTO payments (id, participant_id, currency, status, proof_url, "
            "payment_url) SELECT i, 1, 'XMN', 2, 'https://a.org/' || i, 'https://b.org/' || i "
            "FROM many; DROP TABLE many"))
        response = self.export(self.request(fields=["id", "proof_url", "payment_url"],
                                            filters={"currency": "XMN"}))
        with zipfile.ZipFile(self.data_path(response)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()
            relations = book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        self.assertEqual(sheet.count("<hyperlink "), MOST)
        self.assertEqual(relations.count("/hyperlink\""), MOST)
        self.assertIn('<hyperlink ref="C32766" r:id="LC32766"/></hyperlinks><pageMargins', sheet)
        harness.execute(harness.Case.sources["sqlite"], "DELETE FROM payments WHERE id >= 5000000")


if __name__ == "__main__":
    tap.main()
