"""Batches that close early because they are as large as max_file_size allows, and batches that are
made smaller before the first because their records are large."""
import json
import os
import re
import zipfile

import openpyxl

import harness
import tap

LONG = 12  # essays that are longer than a cell


def large(**options):
    return {"strategy": "multi_file", **options}


def request(form, **options):
    return {"export_type": "participants", "program_id": 1, "format": form,
            "template": "detailed", "large_dataset_options": large(**options)}


class EarlyClose(harness.Case):
    more_rows = (f"UPDATE participant_essays SET answer = '{'long text ' * 4000}'"
                 f" WHERE id <= {LONG};")

    def rows(self, response, form):
        """Of all batches, one after the other; checks their ranges on the way."""
        rows = []
        for batch in response["data"]["individual_files"]:
            path = batch["file_url"].removeprefix("file://")
            read = harness.read_xlsx if form == "excel" else harness.read_csv
            part = read(path)[1]
            self.assertEqual(batch["record_range"], f"{len(rows) + 1}-{len(rows) + len(part)}")
            self.assertEqual(batch["record_count"], len(part))
            rows += part
        return rows

    def test_rows_are_those_of_one_file(self):
        for form, most in (("excel", 200_000), ("csv", 900_000)):
            for source in self.sources:
                with self.subTest(form=form, source=source):
                    single = self.export({**request(form), "large_dataset_options":
                                          {"strategy": "single"}}, source)
                    read = harness.read_xlsx if form == "excel" else harness.read_csv
                    truth = read(self.data_path(single))[1]
                    split = self.export(request(form, max_file_size=most, chunk_size=1000), source)
                    self.assertGreater(split["data"]["total_files"], 3)
                    self.assertEqual(self.rows(split, form), truth)
                    self.assertEqual(split["progress"]["records_processed"], len(truth))

    def test_names(self):
        response = self.export(request("csv", max_file_size=900_000, chunk_size=1000))
        batches = response["data"]["individual_files"]
        total = len(batches)
        self.assertEqual([b["file_name"] for b in batches],
                         [f"participants_batch_{n}_of_{total}.csv" for n in range(1, total + 1)])
        closed = [os.path.basename(b["file_url"]) for b in batches]
        self.assertIn("batch_1.csv", closed)
        for number, name in enumerate(closed, 1):
            self.assertTrue(name == f"batch_{number}.csv" or
                            re.fullmatch(rf"participants_batch_{number}_of_\d+.csv", name), name)
        with zipfile.ZipFile(self.path_of(response,
                                          response["data"]["archive"]["zip_file_name"])) as pack:
            self.assertEqual(sorted(n for n in pack.namelist() if n.endswith(".csv")),
                             sorted(b["file_name"] for b in batches))

    def test_repairs_name_the_files(self):
        """On the disk as they are there, in the manifest as they are shown."""
        response = self.export(request("csv", max_file_size=900_000, chunk_size=1000))
        batches = response["data"]["individual_files"]
        shown = {}
        for batch in batches:
            name = os.path.basename(batch["file_url"])
            shown[name] = batch["file_name"]
            path = self.path_of(response, name) + ".repairs.jsonl"
            if os.path.exists(path):
                with open(path, encoding="utf-8") as lines:
                    self.assertEqual({json.loads(line)["file_name"] for line in lines}, {name})
        self.assertTrue(any(name.startswith("batch_") for name in shown))
        with zipfile.ZipFile(self.path_of(response,
                                          response["data"]["archive"]["zip_file_name"])) as pack:
            manifest = json.loads(pack.read("manifest.json"))
        harness.Schema.hold("manifest", manifest)
        self.assertGreater(len(manifest["repairs"]), 10)
        for line in manifest["repairs"]:
            first, last = next(map(int, f["record_range"].split("-")) for f in manifest["files"]
                               if f["file_name"] == line["file_name"])
            self.assertTrue(first <= line["record"] <= last, line)

    def test_files_are_not_larger(self):
        response = self.export(request("csv", max_file_size=900_000, chunk_size=2500))
        for batch in response["data"]["individual_files"]:
            self.assertLessEqual(batch["file_size"], 900_000)

    def test_books_of_several_sheets(self):
        """They have the sheets that their rows take, and list no others."""
        config = {"format_limits": {"excel": {"max_rows_per_sheet": 301,
                                              "recommended_rows_per_sheet": 300}}}
        for strings in ("shared", "inline"):
            with self.subTest(strings=strings):
                asked = {**request("excel", max_file_size=200_000, chunk_size=2500),
                         "xlsx": {"strings": strings}}
                truth = self.export({**asked, "large_dataset_options": {"strategy": "single"}})
                response = self.export(asked, config=config)
                rows, most, long_sheets = [], 0, 0
                for batch in response["data"]["individual_files"]:
                    self.assertLessEqual(batch["file_size"], 200_000)
                    path = batch["file_url"].removeprefix("file://")
                    part, sheets, has_long = self.book(path)
                    self.assertEqual(len(part), batch["record_count"])
                    rows += part
                    most = max(most, sheets)
                    long_sheets += has_long
                self.assertEqual(rows, harness.read_xlsx(self.data_path(truth))[1])
                self.assertGreater(most, 1)
                self.assertGreater(long_sheets, 0)

    def book(self, path):
        """The rows of its data sheets, how many these are, and whether there is one for long texts."""
        book = openpyxl.load_workbook(path)
        rows, data = [], [s for s in book.worksheets if s.title != "Long texts"]
        for sheet in data:
            part = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
            table, = sheet.tables.values()
            self.assertEqual(table.ref, sheet.dimensions)
            self.assertEqual(table.ref.split(":")[1].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                             str(len(part) + 1))
            rows += part
        self.assertEqual([len(rows)], [sum(s.max_row - 1 for s in data)])
        with zipfile.ZipFile(path) as pack:
            for number, sheet in enumerate(data, 1):  # openpyxl counts rows, others believe this
                xml = pack.read(f"xl/worksheets/sheet{number}.xml").decode()
                self.assertEqual(re.findall('<dimension ref="([^"]*)"/>', xml), [sheet.dimensions])
            listed = set(re.findall(r'PartName="/([^"]*)"', pack.read("[Content_Types].xml").decode()))
            self.assertLessEqual(listed, set(pack.namelist()))
            self.assertEqual(sum(n.startswith("xl/tables/") for n in pack.namelist()), len(data))
            self.assertEqual(len(re.findall("<Relationship ", pack.read(
                "xl/_rels/workbook.xml.rels").decode())), len(book.worksheets) + 3)
        return rows, len(data), len(book.worksheets) > len(data)

    def test_tables_end_with_the_rows(self):
        full = request("excel", max_file_size=200_000, chunk_size=1000)
        numbers = {**request("excel", max_file_size=15_000, chunk_size=1000), "template": "custom",
                   "fields": ["id", "user_id"]}
        for asked in (full, {**full, "xlsx": {"strings": "inline"}}, numbers):
            with self.subTest(strings=asked.get("xlsx"), template=asked["template"]):
                response = self.export(asked)
                names = [os.path.basename(b["file_url"])
                         for b in response["data"]["individual_files"]]
                self.assertIn("batch_1.xlsx", names)
                for batch in response["data"]["individual_files"]:
                    self.book(batch["file_url"].removeprefix("file://"))

    def test_files_that_are_larger_are_counted(self):
        """A slice of rows and a group stay whole."""
        few = {**request("excel", max_file_size=10_000, chunk_size=1000), "filters": {"limit": 300}}
        groups = {**request("csv", max_file_size=20_000, chunk_size=1000),
                  "export_type": "payments", "options": {"group_by_participant": True}}
        kept = request("csv", max_file_size=900_000, chunk_size=1000)
        for asked in (few, groups, kept):
            response = self.export(asked)
            most = asked["large_dataset_options"]["max_file_size"]
            large = sum(batch["file_size"] > most for batch in response["data"]["individual_files"])
            self.assertEqual(large > 0, asked is not kept)
            said = [w["message"] for w in response["metadata"]["warnings"]
                    if w["code"] == "LARGE_FILES"]
            self.assertEqual([int(message.split()[0]) for message in said], [large] if large else [])

    def test_where_files_end_does_not_depend_on_threads(self):
        ranges = set()
        for threads in (1, 2, 8):
            response = self.export(request("excel", max_file_size=200_000, chunk_size=1000),
                                   threads=threads)
            ranges.add(tuple(b["record_range"] for b in response["data"]["individual_files"]))
        self.assertEqual(len(ranges), 1)

    def test_long_texts_stay_whole(self):
        single = self.export({**request("excel"),
                              "large_dataset_options": {"strategy": "single"}})
        split = self.export(request("excel", max_file_size=120_000, chunk_size=2500))
        self.assertIn("LONG_TEXTS", [w["code"] for w in single["metadata"]["warnings"]])
        wanted = [r[-1] for r in harness.read_xlsx(self.data_path(single), 1)[1]]
        texts = []
        for batch in split["data"]["individual_files"]:
            path = batch["file_url"].removeprefix("file://")
            with zipfile.ZipFile(path) as book:
                sheets = len([n for n in book.namelist() if n.startswith("xl/worksheets/sheet")])
            if sheets > 1:
                texts += [r[-1] for r in harness.read_xlsx(path, 1)[1]]
        self.assertEqual(texts, wanted)

    def test_batches_of_large_records_are_planned_smaller(self):
        response = self.export({**request("csv", max_file_size=2_500_000), "template": "detailed"},
                               config={"chunk_configurations": {"min_chunk_size": 10}})
        self.assertLess(response["metadata"]["chunk_size"], 2500)
        for batch in response["data"]["individual_files"]:
            self.assertIn("_of_", os.path.basename(batch["file_url"]))
            self.assertLessEqual(batch["file_size"], 2_500_000)

    def test_a_size_that_was_asked_for_is_kept(self):
        response = self.export(request("csv", max_file_size=2_500_000, chunk_size=2500))
        self.assertEqual(response["metadata"]["chunk_size"], 2500)


if __name__ == "__main__":
    tap.main()
