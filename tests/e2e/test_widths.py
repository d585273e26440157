"""Columns of a spreadsheet are as wide as what the first rows hold, whoever makes the file."""
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

import openpyxl

import harness
import tap

LETTERS, WIDE, ENDLESS = "abcdefghijklmnopqrstuvwxyz1234", "東京大学" * 4, "endless " * 20
LATER = "y" * 40
FIELDS = ["order_number", "major", "occupation", "instagram_account", "origin_address", "twibbon_link",
          "created_at", "birthdate", "essays", "category"]
REQUEST = {"export_type": "participants", "program_id": 1, "template": "custom", "fields": FIELDS}
BATCHES = {**REQUEST, "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}
SINGLE = {**REQUEST, "large_dataset_options": {"strategy": "single", "compression": "none"}}
HUGE = "1234567890.00"


def widths(path, sheet=0):
    """As openpyxl reads them, without the margin that is part of a column's width in the file."""
    book = openpyxl.load_workbook(path)
    table = book.worksheets[sheet]
    read = {table.cell(1, number).value: table.column_dimensions[letter].width - 5 / 7
            for number, letter in ((n, openpyxl.utils.get_column_letter(n))
                                   for n in range(1, table.max_column + 1))}
    book.close()
    return read


class Widths(harness.Case):
    more_rows = f"""
        UPDATE participants SET major = '{LETTERS}', occupation = '{WIDE}', instagram_account = 'x',
            origin_address = '{ENDLESS}', twibbon_link = 'z';
        UPDATE participants SET twibbon_link = '{LATER}' WHERE id > 1500;
        UPDATE payments SET amount = {HUGE} WHERE id > 500;
        """

    def single(self, request=None, **how):
        return self.data_path(self.export(request or SINGLE, **how))

    def batches(self, response):
        return [batch["file_url"].removeprefix("file://")
                for batch in response["data"]["individual_files"]]

    def near(self, got, wanted):
        self.assertAlmostEqual(got, wanted, delta=1 / 7)  # a dot of the screen

    def test_they_follow_the_first_rows(self):
        for source in self.sources:
            with self.subTest(source=source):
                got = widths(self.single(source=source))
                self.near(got["Major"], len(LETTERS) + 1)
                self.near(got["Occupation"], 2 * len(WIDE) + 1)

    def test_they_are_bounded_by_the_header_and_by_what_is_sensible(self):
        got = widths(self.single())
        capitals = 2 * 0.2
        self.near(got["Instagram Account"], len("Instagram Account") + capitals + 4)
        self.near(got["Origin Address"], 49)
        self.near(got["Essays"], 60)  # as the catalog says

    def test_dates_have_room_for_their_format(self):
        got = widths(self.single())
        self.near(got["Registration Date"], max(len("2025-07-23 15:30:00") + 1, 17.4 + 4))
        got = widths(self.single({**SINGLE, "data_transformations":
                                  {"date_format": "DD ...... MM ...... YYYY"}}))
        self.near(got["Birth Date"], len("23 ...... 07 ...... 2000") + 1)

    def test_labels_have_room_before_they_come(self):
        request = {**SINGLE, "filters": {"category": "self_funded"}}
        self.near(widths(self.single(request))["Category"], len("Fully Funded") + 1 + 0.4)

    def test_an_empty_file_has_headers_that_can_be_read(self):
        got = widths(self.single({**SINGLE, "filters": {"ambassador_ref": "nobody"}}))
        self.near(got["Major"], 5.2 + 4)
        self.near(got["Essays"], 60)

    def test_each_file_follows_its_own_rows(self):
        first, _, third = self.batches(self.export(BATCHES))
        self.near(widths(first)["Twibbon Link"], len("Twibbon Link") + 2 * 0.2 + 4)
        self.near(widths(third)["Twibbon Link"], len(LATER) + 1)

    def test_all_sheets_of_a_file_are_alike(self):
        path = self.single(config={"format_limits": {"excel": {"max_rows_per_sheet": 1601,
                                                               "recommended_rows_per_sheet": 1000}}})
        self.assertEqual(widths(path, 0), widths(path, 1))

    def test_neither_threads_nor_the_database_matter(self):
        files = [[harness.packed_parts(path) for path in
                  self.batches(self.export(BATCHES, source=source, threads=threads))]
                 for source in self.sources for threads in (1, 2, 8, 99)]
        for other in files[1:]:
            self.assertEqual(other, files[0])

    def test_a_resumed_export_is_like_any_other(self):
        asked = {**BATCHES, "large_dataset_options": {**BATCHES["large_dataset_options"],
                                                      "parallel_processing": False}}
        whole = [harness.packed_parts(path) for path in self.batches(self.export(asked))]
        path = os.path.join(self.folder.name, "broken.db")
        shutil.copy(harness.Case.database, path)
        with contextlib.closing(sqlite3.connect(path)) as db:
            columns = [row[1] for row in db.execute("PRAGMA table_info(participants)")]
            victim, = db.execute("SELECT id FROM participants WHERE program_id = 1 AND is_deleted = 0"
                                 " ORDER BY id LIMIT 1 OFFSET 2100").fetchone()
            wrong = (f"CASE WHEN id = {victim} THEN abs(-9223372036854775807 - 1) ELSE major END"
                     " AS major")
            db.execute("ALTER TABLE participants RENAME TO whole")
            db.execute("CREATE VIEW participants AS SELECT " + ", ".join(
                wrong if name == "major" else name for name in columns) + " FROM whole")
            db.commit()
        config = os.path.join(self.folder.name, "resumed.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"source": "sqlite://" + path, "out": self.out}, file)
        failed = harness.Run(["export", "--config", config, "-"], stdin=json.dumps(asked).encode())
        self.assertEqual((failed.status, failed.json["error_code"]), (1, "SOURCE_ERROR"))
        with contextlib.closing(sqlite3.connect(path)) as db:
            db.execute("DROP VIEW participants")
            db.execute("ALTER TABLE whole RENAME TO participants")
            db.commit()
        name = failed.json["export_id"]
        harness.Run(["resume", "--config", config, name])
        with subprocess.Popen([harness.COMMAND, "worker", "--config", config]) as worker:
            done, patience = {"status": "processing"}, time.monotonic() + 60
            while done["status"] == "processing" and time.monotonic() < patience:
                time.sleep(0.05)
                done = harness.Run(["status", "--config", config, name]).json
            worker.terminate()
        self.assertEqual(done["status"], "success", done["message"])
        self.assertEqual(done["metadata"]["consistency"], "resumed")
        self.assertEqual([harness.packed_parts(path) for path in self.batches(done)], whole)

    @unittest.skipUnless(shutil.which("soffice") and shutil.which("pdftotext"),
                         "needs libreoffice-calc-nogui and poppler-utils")
    def test_libreoffice_shows_every_number(self):
        path = self.single({"export_type": "payments", "program_id": 1, "template": "custom",
                            "fields": ["id", {"field": "amount", "header": "A"}, "payment_date"], "filters": {"limit": 700},
                            "large_dataset_options": {"strategy": "single", "compression": "none"}})
        subprocess.run(["soffice", f"-env:UserInstallation=file://{self.folder.name}/profile", "--headless",
                        "--convert-to", "pdf", "--outdir", self.folder.name, path],
                       check=True, capture_output=True, env={**os.environ, "HOME": self.folder.name})
        text = subprocess.run(["pdftotext", "-layout", os.path.join(
            self.folder.name, os.path.basename(path).replace(".xlsx", ".pdf")), "-"],
            check=True, capture_output=True).stdout.decode()
        self.assertNotIn("##", text)
        self.assertIn("1,234,567,890.00", text)


if __name__ == "__main__":
    tap.main()
