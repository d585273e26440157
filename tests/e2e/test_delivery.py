"""Strategies, names, archives and answers, and what is left when an export fails."""
import datetime
import hashlib
import json
import os
import resource
import shutil
import subprocess
import unittest
import zipfile
import zlib

import openpyxl

import harness
import oracle
import tap

SMALL = {"system_limits": {"max_records_single_file": 1500,
                           "max_records_immediate_processing": 200},
         "chunk_configurations": {"min_chunk_size": 100, "default_chunk_size": 700}}


def request(**more):
    return {"export_type": "participants", "program_id": 1, "format": "excel",
            "template": "standard", **more}


class Delivery(harness.Case):
    def batches(self, response):
        return response["data"]["individual_files"]

    def test_multi_file_covers_every_record_once(self):
        response = self.export(request(
            template="detailed",
            large_dataset_options={"strategy": "multi_file", "chunk_size": 600}), config=SMALL)
        self.assertEqual(response["export_strategy"], "multi_file")
        batches = self.batches(response)
        count = -(-harness.PARTICIPANTS // 600)
        self.assertEqual(len(batches), count)
        numbers = []
        for n, batch in enumerate(batches, 1):
            self.assertEqual(batch["file_name"], f"participants_batch_{n}_of_{count}.xlsx")
            path = self.path_of(response, batch["file_name"])
            self.assertEqual(os.path.getsize(path), batch["file_size"])
            _, rows = harness.read_xlsx(path)
            first = (n - 1) * 600 + 1
            self.assertEqual(batch["record_range"], f"{first}-{first + len(rows) - 1}")
            self.assertEqual(len(rows), batch["record_count"])
            numbers += [row[0] for row in rows]
        self.assertEqual(numbers, list(range(1, harness.PARTICIPANTS + 1)))

    def test_archive_holds_the_batches_and_a_true_manifest(self):
        response = self.export(request(
            large_dataset_options={"strategy": "multi_file", "chunk_size": 1000}))
        archive = response["data"]["archive"]
        self.assertEqual(archive["zip_file_name"], "participants_complete_export.zip")
        path = self.path_of(response, archive["zip_file_name"])
        with zipfile.ZipFile(path) as pack:
            self.assertIsNone(pack.testzip())
            manifest = json.loads(pack.read("manifest.json"))
            harness.Schema.hold("manifest", manifest)
            names = [b["file_name"] for b in self.batches(response)]
            self.assertEqual(sorted(pack.namelist()), sorted([*names, "manifest.json"]))
            self.assertEqual(manifest["counted_records"], harness.PARTICIPANTS)
            self.assertEqual(manifest["total_records"], harness.PARTICIPANTS)
            for entry in manifest["files"]:
                content = pack.read(entry["file_name"])
                self.assertEqual(len(content), entry["bytes"])
                self.assertEqual(f"{zlib.crc32(content):08x}", entry["crc32"])
                self.assertEqual(hashlib.sha256(content).hexdigest(), entry["sha256"])
                with open(self.path_of(response, entry["file_name"]), "rb") as file:
                    self.assertEqual(file.read(), content)
        tested = subprocess.run(["unzip", "-tq", path], capture_output=True, check=False)
        self.assertEqual(tested.returncode, 0, tested.stdout)

    def test_the_manifest_lists_every_guarded_cell(self):
        response = self.export(request(
            format="csv", template="detailed",
            large_dataset_options={"strategy": "multi_file", "chunk_size": 1000}))
        truth = oracle.World(harness.Case.database).rows(
            "participants", oracle.DETAILED["participants"])
        headers = oracle.HEADERS["participants", "detailed"]
        wanted = [(number, headers[n], "guarded") for number, row in enumerate(truth, 1)
                  for n, cell in enumerate(row)
                  if isinstance(cell, str) and oracle.guarded(cell) != cell]
        self.assertGreater(len(wanted), 10)
        with zipfile.ZipFile(self.path_of(response,
                                          response["data"]["archive"]["zip_file_name"])) as pack:
            manifest = json.loads(pack.read("manifest.json"))
        harness.Schema.hold("manifest", manifest)
        self.assertEqual([(r["record"], r["column"], r["repair"]) for r in manifest["repairs"]],
                         wanted)
        warning = next(w for w in response["metadata"]["warnings"]
                       if w["code"] == "CELLS_GUARDED")
        self.assertIn(str(len(wanted)), warning["message"])
        self.assertEqual(manifest["warnings"], response["metadata"]["warnings"])

    def test_an_export_without_records_has_one_file(self):
        for strategy in ("single", "multi_file", "compressed"):
            for kind in ("csv", "excel"):
                response = self.export(request(
                    format=kind, filters={"ambassador_ref": "no such code"},
                    large_dataset_options={"strategy": strategy}))
                progress = response["progress"]
                self.assertEqual([progress[key] for key in ("current_chunk", "total_chunks", "total_records",
                                                            "percentage")], [1, 1, 0, 100], strategy)

    def test_csv_batches_each_have_their_header(self):
        response = self.export(request(
            format="csv", large_dataset_options={"strategy": "multi_file", "chunk_size": 1000}))
        rows = []
        for batch in self.batches(response):
            header, part = harness.read_csv(self.path_of(response, batch["file_name"]))
            self.assertEqual(header[0], "Order Number")
            rows += part
        self.assertEqual([r[0] for r in rows],
                         [str(n) for n in range(1, harness.PARTICIPANTS + 1)])

    def test_batch_size_is_the_chunk_size(self):
        for options, large, wanted, warnings in (
                ({"batch_size": 1200}, {}, 1200, []),
                ({"batch_size": "1200"}, {}, 1200, []),
                ({"batch_size": 1200}, {"chunk_size": 1500}, 1500, []),
                ({"batch_size": 7}, {}, 1000, ["CHUNK_SIZE_HELD"]),
                ({"batch_size": 70000}, {}, 25000, ["CHUNK_SIZE_HELD"])):
            with self.subTest(options=options, large=large):
                response = self.export(request(options=options, large_dataset_options={
                    "strategy": "multi_file", **large}))
                count = -(-harness.PARTICIPANTS // wanted)
                self.assertEqual(len(self.batches(response)), count)
                self.assertEqual(response["metadata"]["chunk_size"], wanted)
                self.assertEqual([w["code"] for w in response["metadata"]["warnings"]], warnings)

    def test_what_a_strategy_does_not_pack_is_warned_of(self):
        archive = {"create_zip_archive": True}
        for large, delivery, codes in (
                ({"strategy": "multi_file", "compression": "gzip"}, {}, ["NOT_GZIPPED"]),
                ({"strategy": "multi_file", "compression": "zip"}, archive, []),
                ({"strategy": "single"}, archive, ["NOT_ARCHIVED"]),
                ({"strategy": "single", "compression": "gzip"}, archive, ["NOT_ARCHIVED"]),
                ({"strategy": "single", "compression": "zip"}, archive, []),
                ({"strategy": "single"}, {"create_zip_archive": False}, []),
                ({"strategy": "auto"}, archive, [])):
            with self.subTest(large=large, delivery=delivery):
                response = self.export(request(
                    large_dataset_options=large, delivery_options=delivery))
                self.assertEqual([w["code"] for w in response["metadata"]["warnings"]], codes)

    def test_more_sheets_than_a_file_may_have(self):
        """What one file cannot hold goes into more, unless one file was asked for."""
        config = {"format_limits": {"excel": {
            "max_rows_per_sheet": 501, "max_sheets_per_file": 2,
            "recommended_rows_per_sheet": 500}}}
        response = self.export(request(), config=config)
        self.assertEqual(response["export_strategy"], "multi_file")
        numbers = []
        for batch in self.batches(response):
            self.assertLessEqual(batch["record_count"], 1000)
            path = self.path_of(response, batch["file_name"])
            for sheet in range(-(-batch["record_count"] // 500)):
                _, rows = harness.read_xlsx(path, sheet)
                self.assertLessEqual(len(rows), 500)
                numbers += [row[0] for row in rows]
        self.assertEqual(numbers, list(range(1, harness.PARTICIPANTS + 1)))
        response = self.export(request(format="csv"), config=config)
        self.assertEqual(response["export_strategy"], "background_single")
        for strategy in ("single", "compressed"):
            response = self.export(request(large_dataset_options={"strategy": strategy}),
                                   config=config, expect=2)
            self.assertEqual(response["error_code"], "TOO_LARGE")
            self.assertEqual(response["details"]["suggestion"], "multi_file")

    def test_names_by_patterns(self):
        names = {"single": "{type}-{program}-{date}_{records}", "compressed": "packed.{type}",
                 "batch": "{number}of{total}_{range}", "archive": "all_{records}_{program}"}
        before = datetime.datetime.now(datetime.timezone.utc).date()
        response = self.export(request(), config={"file_names": names})
        after = datetime.datetime.now(datetime.timezone.utc).date()
        self.assertIn(response["data"]["file_name"],
                      [f"participants-1-{day}_{harness.PARTICIPANTS}.xlsx"
                       for day in (before, after)])
        self.assertTrue(os.path.exists(self.data_path(response)))
        response = self.export(request(large_dataset_options={"strategy": "compressed"}),
                               config={"file_names": names})
        self.assertEqual(response["data"]["file_name"], "packed.participants.xlsx.gz")
        with open(self.data_path(response), "rb") as file:  # the name inside, behind 10 bytes
            self.assertEqual(file.read(40)[10:].split(b"\0")[0], b"packed.participants.xlsx")
        response = self.export(request(format="csv", large_dataset_options={
            "strategy": "multi_file", "chunk_size": 1000}), config={"file_names": names})
        self.assertEqual([b["file_name"] for b in self.batches(response)],
                         ["1of3_1-1000.csv", "2of3_1001-2000.csv",
                          f"3of3_2001-{harness.PARTICIPANTS}.csv"])
        archive = response["data"]["archive"]["zip_file_name"]
        self.assertEqual(archive, f"all_{harness.PARTICIPANTS}_1.zip")
        with zipfile.ZipFile(self.path_of(response, archive)) as pack:
            self.assertIn("2of3_1001-2000.csv", pack.namelist())
        everything = request(filters={"limit": 3})
        del everything["program_id"]
        response = self.export(everything, config={"file_names": names})
        self.assertRegex(response["data"]["file_name"], r"^participants-all-\d{4}-\d\d-\d\d_3\.xlsx$")

    def test_patterns_that_are_refused(self):
        for pattern in ("../x", "a/b", ".hidden", "{owner}", "{type", "-x", "", "a b", "x\u00e9"):
            with self.subTest(pattern=pattern):
                path = os.path.join(self.folder.name, "bad.json")
                with open(path, "w", encoding="utf-8") as file:
                    json.dump({"out": self.out, "file_names": {"single": pattern}}, file)
                run = harness.Run(["export", "--config", path, "-"],
                                  stdin=json.dumps(request()).encode(),
                                  env={"YBBEXPORT_SOURCE": harness.Case.sources["sqlite"]})
                self.assertNotEqual(run.status, 0)
                self.assertIn("file_names.single", run.stderr + run.stdout)
        self.assertEqual(self.left(), [])

    def test_compressed_single(self):
        for form, extension, read in (("excel", "xlsx", None), ("csv", "csv", None)):
            with self.subTest(format=form):
                response = self.export(request(
                    format=form, large_dataset_options={"strategy": "compressed"}))
                self.assertEqual(response["export_strategy"], "compressed_single")
                data = response["data"]
                self.assertEqual(data["file_name"],
                                 f"participants_export_compressed.{extension}.gz")
                path = self.data_path(response)
                tested = subprocess.run(["gzip", "-t", path], capture_output=True, check=False)
                self.assertEqual(tested.returncode, 0, tested.stderr)
                content = harness.unpacked(path)
                self.assertEqual(len(content.getvalue()), data["uncompressed_size"])
                self.assertEqual(os.path.getsize(path), data["compressed_size"])
                self.assertRegex(data["compression_ratio"], r"^\d+%$")
                if form == "excel":
                    _, rows = harness.read_xlsx(content)
                else:
                    _, rows = harness.read_csv(path)
                self.assertEqual(len(rows), harness.PARTICIPANTS)

    def test_single_file_in_a_zip(self):
        response = self.export(request(
            large_dataset_options={"strategy": "single", "compression": "zip"}))
        with zipfile.ZipFile(self.data_path(response)) as pack:
            self.assertIn("participants_export.xlsx", pack.namelist())
            with pack.open("participants_export.xlsx") as book:
                _, rows = harness.read_xlsx(book)
        self.assertEqual(len(rows), harness.PARTICIPANTS)

    def test_strategy_follows_the_record_count(self):
        for limit, strategy in ((150, "immediate_single"), (999, "immediate_single"),
                                (1000, "background_single"), (2500, "background_single")):
            with self.subTest(limit=limit):
                response = self.export(request(filters={"limit": limit}))
                self.assertEqual(response["export_strategy"], strategy)
                self.assertEqual(response["data"]["file_name"], "participants_export.xlsx")

    def test_urls(self):
        response = self.export(request(filters={"limit": 5}))
        self.assertEqual(response["data"]["file_url"], "file://" + self.data_path(response))
        response = self.export(request(filters={"limit": 5}),
                               config={"base_url": "https://admin.example/x/"})
        self.assertEqual(response["data"]["file_url"], "https://admin.example/x/api/export/"
                         + response["export_id"] + "/download")

    def test_many_sheets(self):
        response = self.export(
            request(large_dataset_options={"strategy": "single", "compression": "none"}),
            config={"format_limits": {"excel": {"max_rows_per_sheet": 1001,
                                                "recommended_rows_per_sheet": 1000}}})
        path = self.data_path(response)
        sizes, numbers = [], []
        for sheet in range(3):
            header, rows = harness.read_xlsx(path, sheet)
            self.assertEqual(header[0], "Order Number")
            sizes.append(len(rows))
            numbers += [r[0] for r in rows]
        self.assertEqual(sizes, [1000, 1000, harness.PARTICIPANTS - 2000])
        self.assertEqual(numbers, list(range(1, harness.PARTICIPANTS + 1)))

    def test_many_sheets_take_few_open_files(self):
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        for strings in ("shared", "inline"):
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, before[1]))
            try:
                response = self.export(
                    request(xlsx={"strings": strings},
                            large_dataset_options={"strategy": "single", "compression": "none"}),
                    config={"format_limits": {"excel": {
                        "max_rows_per_sheet": 11, "recommended_rows_per_sheet": 10,
                        "max_sheets_per_file": 1000}}})
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, before)
            book = openpyxl.load_workbook(self.data_path(response), read_only=True)
            self.assertEqual([row[0] for sheet in book.worksheets
                              for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)],
                             list(range(1, harness.PARTICIPANTS + 1)))
            book.close()

    def test_modes_do_not_depend_on_the_umask(self):
        before = os.umask(0)
        try:
            response = self.export(request(filters={"limit": 5}))
        finally:
            os.umask(before)
        path = self.data_path(response)
        self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
        self.assertEqual(os.stat(os.path.dirname(path)).st_mode & 0o777, 0o700)

    def test_nothing_is_left_of_a_failed_export(self):
        broken = os.path.join(self.folder.name, "broken.db")
        shutil.copy(harness.Case.database, broken)
        subprocess.run(["sqlite3", broken, "ALTER TABLE payments RENAME TO gone"], check=True)
        harness.Case.sources["broken"] = "sqlite://" + broken
        self.addCleanup(harness.Case.sources.pop, "broken")
        response = self.export(request(), "broken", expect=1)
        self.assertEqual(response["status"], "error")
        self.assertEqual(response["error_code"], "SOURCE_SCHEMA")
        self.assertIn("payments", response["message"])
        self.assertEqual(self.left(), [])

    def test_nothing_temporary_is_left_of_a_good_one(self):
        response = self.export(request(large_dataset_options={"strategy": "multi_file",
                                                              "chunk_size": 1000}))
        names = [f["file_name"] for f in self.batches(response)]
        names.append(response["data"]["archive"]["zip_file_name"])
        self.assertEqual(sorted(os.listdir(self.path_of(response, ""))), sorted(names))


class SameBytes(harness.Case):
    def test_any_number_of_threads_gives_the_same_bytes(self):
        parts = []
        for threads in (1, 2, 8, 99):
            response = self.export(request(template="detailed", large_dataset_options={
                "strategy": "single", "compression": "none"}), threads=threads)
            parts.append(harness.packed_parts(self.data_path(response)))
        for other in parts[1:]:
            self.assertEqual(parts[0].keys(), other.keys())
            for name in other:
                self.assertEqual(parts[0][name], other[name], name)

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_both_databases_give_the_same_sheet(self):
        for kind in ("participants", "payments", "ambassadors"):
            for template in ("standard", "detailed"):
                with self.subTest(kind=kind, template=template):
                    sheets = []
                    for source in ("sqlite", "mysql"):
                        response = self.export(request(
                            export_type=kind, template=template, xlsx={"strings": "inline"},
                            large_dataset_options={"strategy": "single",
                                                   "compression": "none"}), source)
                        sheets.append(harness.sheet_xml(self.data_path(response)))
                    self.assertEqual(sheets[0], sheets[1])


if __name__ == "__main__":
    tap.main()
