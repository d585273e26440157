"""PDF files are well-formed (qpdf), and what readers get back from them (pdftotext, mutool, pdf.js) are the rows."""
import collections
import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unicodedata
import xml.etree.ElementTree as xml_tree

import harness
import npm_packages
import tap

TOOLS = {"pdftotext": "poppler-utils", "mutool": "mupdf-tools", "qpdf": "qpdf"}
PDFJS = "pdfjs-dist@4.2.67"
# Of scripts that the demo data has not: a name for each 20th participant, from the given one on.
NAMES = {"GREEK": (1, "Ελένη Παπαδοπούλου"), "HEBREW": (3, "שרה לוי־כהן"), "THAI": (5, "สมชาย ใจดี"),
         "DEVANAGARI": (7, "अनिता शर्मा"), "HIRAGANA": (9, "さくら ゆい"), "KATAKANA": (11, "マリア サントス")}
MARKS = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")  # of direction; they show nothing


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout


def squeeze(text):
    """The text without blanks, line ends and marks: readers part lines by their own ideas."""
    return re.sub(r"\s+", "", MARKS.sub("", text))


def check(path):
    """Fails unless qpdf finds nothing to complain of; gives the number of pages."""
    text = output("qpdf", "--check", path)
    assert "No syntax or stream encoding errors" in text, text
    return int(output("qpdf", "--show-npages", path))


def read(path):
    """By reader, what it reads but the feet of pages, over which texts go on."""
    texts = {"pdftotext": output("pdftotext", "-raw", path, "-"),
             "mutool": output("mutool", "draw", "-q", "-F", "txt", path)}
    return {reader: re.sub(r"Participants·[-:0-9]+UTCPage\d+of\d+", "", squeeze(text))
            for reader, text in texts.items()}


def script_of(text):
    """By the names of its letters the first script that is not Latin."""
    names = (unicodedata.name(c, "LATIN").split()[0] for c in text if c.isalpha())
    return next((name for name in names if name != "LATIN"), "LATIN")


def found_in_order(names, text):
    """By script, how many names there are, and how many of them the text has, each behind the one before."""
    counts, at = collections.defaultdict(lambda: [0, 0]), 0
    for name in names:
        count, wanted = counts[script_of(name)], squeeze(name)
        count[0] += 1
        where = text.find(wanted, at)
        if where >= 0:
            at = where + len(wanted)
            count[1] += 1
    return counts


class Pdf(harness.Case):
    more_rows = ";".join(f"UPDATE participants SET full_name = '{name}' WHERE id % 20 = {first}"
                         for first, name in NAMES.values())

    def pdf(self, source="sqlite", config=None, **request):
        return self.export({"export_type": "participants", "program_id": 1, "format": "pdf",
                            **request}, source, config=config)

    def csv_rows(self, **request):
        """The same rows as texts of cells: what the CSV file has, without guards and points."""
        response = self.export({"export_type": "participants", "program_id": 1, "format": "csv",
                                "csv": {"formula_guard": False}, **request})
        return harness.read_csv(self.data_path(response))

    def assert_read(self, path, texts):
        for reader, found in read(path).items():
            missing = [t for t in texts if squeeze(t) not in found]
            self.assertEqual(missing, [], f"{reader} does not find them")

    def test_each_row_of_a_table_reads_back_in_order(self):
        request = {"template": "custom", "fields": ["order_number", "full_name", "email",
                                                    "institution", "phone_number"]}
        header, rows = self.csv_rows(**request)
        for source in self.sources:
            path = self.data_path(self.pdf(source, **request))
            check(path)
            for reader, found in read(path).items():
                at = 0
                for row in rows:
                    name = squeeze(row[1])
                    at = found.find(name, at)
                    self.assertNotEqual(at, -1, f"{reader}: {row}")
                    for cell in row:
                        self.assertIn(squeeze(cell), found, f"{reader}: {row}")
            self.assert_read(path, header)

    def names_file(self):
        """Names alone, in a file, and as they should be read."""
        request = {"template": "custom", "fields": ["full_name"]}
        return [row[0] for row in self.csv_rows(**request)[1]], self.data_path(self.pdf(**request))

    def assert_names(self, reader, names, text):
        counts = found_in_order(names, squeeze(text))
        told = ", ".join(f"{script.capitalize()} {found} of {all_}" for script, (all_, found) in sorted(counts.items()))
        print(f"# {reader}: {told}")
        self.assertLessEqual({"LATIN", "ARABIC", "CYRILLIC", "CJK", "HANGUL", *NAMES}, set(counts))
        self.assertEqual([s for s, (all_, found) in counts.items() if found < all_], [], told)

    def test_names_of_every_script_read_back(self):
        names, path = self.names_file()
        for reader, text in read(path).items():
            with self.subTest(reader=reader):
                self.assert_names(reader, names, text)

    def test_names_of_every_script_read_back_in_the_browser_s_reader(self):
        node = shutil.which("node")
        if node is None:
            self.skipTest("there is no node: on Debian and Ubuntu install nodejs")
        packages, why = npm_packages.install("pdfjs", PDFJS, "--omit=optional")
        if packages is None:
            self.skipTest(why)
        names, path = self.names_file()
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pdfjs_text.mjs")
        self.assert_names("pdf.js", names, output(node, script, str(packages / "pdfjs-dist"), path))

    def test_every_template_and_type_is_well_formed(self):
        for kind, options in (("participants", {"template": "standard"}),
                              ("participants", {"template": "summary"}),
                              ("payments", {"template": "detailed", "filters": {"limit": 300}}),
                              ("payments", {"options": {"group_by_participant": True}}),
                              ("ambassadors", {"template": "detailed"}),
                              ("ambassadors", {"filters": {"min_referrals": 100000}})):
            with self.subTest(kind=kind, **options):
                response = self.export({"export_type": kind, "format": "pdf", **options})
                self.assertGreater(check(self.data_path(response)), 0)

    def test_cards_have_labels_and_whole_essays(self):
        header, rows = self.csv_rows(template="detailed", filters={"limit": 40})
        response = self.pdf(template="detailed", filters={"limit": 40})
        path = self.data_path(response)
        self.assertGreater(check(path), 5)
        essays, name = header.index("Essays"), header.index("Full Name")
        paragraphs = [line for row in rows for line in row[essays].split("\n") if line.strip()]
        latin = [p for p in paragraphs if not re.search("[\u0590-\u08ff]", p)]
        self.assertGreater(len(latin), 50)
        self.assert_read(path, header + latin + [row[name] for row in rows])
        outline = output("mutool", "show", path, "outline")
        self.assertEqual(outline.count("\n"), len(rows))

    def test_the_page_shows_how_many_there_are(self):
        path = self.data_path(self.pdf())
        pages = check(path)
        for number in (1, pages):
            text = output("pdftotext", "-f", str(number), "-l", str(number), path, "-")
            self.assertRegex(text, rf"Page {number} of\s+{pages}")
            self.assertIn("Full Name", text)
        self.assertIn("Title:           Participants", output("pdfinfo", path))

    def test_title_and_properties_say_what_was_asked_for(self):
        response = self.pdf(owner="Ann <ann@example.org> & Co", filters={
            "category": ["fully_funded", "self_funded"], "limit": 30,
            "date_range": {"start": "2020-01-01", "end": "2030-12-31"}}, options={
                "sort_by": "full_name", "sort_order": "desc", "timezone": "Asia/Jakarta"})
        path = self.data_path(response)
        check(path)
        title = output("pdftotext", "-l", "1", "-layout", path, "-")
        for line in ("Filters: Category = Fully Funded, Self Funded; Registration Date 2020-01-01 – 2030-12-31",
                     "Sorted by Full Name, descending Limit 30 Time zone Asia/Jakarta"):
            self.assertIn(line, re.sub("  +", " ", title))
        subject = ("Program 1; Filters: Category = Fully Funded, Self Funded; Registration Date 2020-01-01 – "
                   "2030-12-31; Sorted by Full Name, descending; Limit 30; Time zone Asia/Jakarta")
        info = dict(re.split(r":\s+", line, maxsplit=1) for line in output("pdfinfo", "-isodates", path).splitlines()
                    if re.search(r":\s+\S", line))
        expected = {"Title": "Participants", "Author": "Ann <ann@example.org> & Co", "Subject": subject,
                    "Keywords": "participants, standard"}
        self.assertEqual({key: info[key] for key in expected}, expected)
        self.assertEqual(info["Creator"], info["Producer"])
        self.assertRegex(info["Producer"], r"^libybbexport \d")
        self.assert_xmp(path, info)
        default = output("pdftotext", "-l", "1", "-layout", self.data_path(self.pdf()), "-")
        self.assertNotIn("Sorted", default)
        self.assertNotIn("Limit", default)

    def assert_xmp(self, path, info):
        """The XMP metadata have the properties that the dictionary has."""
        xml = xml_tree.fromstring(output("pdfinfo", "-meta", path))
        names = {"Title": "dc:title", "Author": "dc:creator", "Subject": "dc:description",
                 "Keywords": "pdf:Keywords", "Producer": "pdf:Producer", "Creator": "xmp:CreatorTool",
                 "CreationDate": "xmp:CreateDate", "ModDate": "xmp:ModifyDate"}
        spaces = {"dc": "http://purl.org/dc/elements/1.1/", "pdf": "http://ns.adobe.com/pdf/1.3/",
                  "xmp": "http://ns.adobe.com/xap/1.0/"}
        for key, name in names.items():
            (found,) = xml.findall(f".//{name}", spaces)
            self.assertEqual("".join(found.itertext()), info[key])

    def test_directions_and_long_names_stay_in_their_places(self):
        names = {60: "evil\u202egpj.exe", 61: "\u2067open", 66: "y" * 2000, 63: "word " * 400,
                 64: "first\nsecond", 65: "\u2069\u202ex"}
        ids = ",".join(str(i) for i in names)
        connection = sqlite3.connect(harness.Case.database)
        self.addCleanup(connection.close)
        old = connection.execute(f"SELECT full_name, is_deleted, id FROM participants WHERE id IN ({ids})").fetchall()
        self.addCleanup(connection.commit)
        self.addCleanup(connection.executemany, "UPDATE participants SET full_name = ?, is_deleted = ? WHERE id = ?", old)
        connection.executemany("UPDATE participants SET is_deleted = 0, full_name = ? WHERE id = ?",
                               [(name, number) for number, name in names.items()])
        connection.commit()
        outlines = {}
        for layout in ("cards", "table"):
            path = self.data_path(self.pdf(template="custom", fields=["id", "full_name", "email"], pdf={"layout": layout},
                                           filters={"limit": 100}))
            check(path)
            text = output("mutool", "draw", "-q", "-F", "txt", path)
            self.assertIsNone(re.search("[\u202a-\u202e\u2066-\u2069]", text))
            outlines[layout] = output("mutool", "show", path, "outline")
            squeezed = squeeze(text)
            for name in ("evilgpj.exe", "open", "firstsecond"):
                self.assertIn(name, squeezed)
            self.assertGreaterEqual(squeezed.count("y"), 2000)
            self.assertGreaterEqual(squeezed.count("word"), 400)
        outline = outlines["cards"]
        self.assertIn('"60  ·  evilgpj.exe"', outline)
        self.assertIn('"64  ·  first second"', outline)
        self.assertRegex(outline, '"66  ·  y{100,200}…"')

    def bytes_by(self, threads):
        """The file and the minute that its pages show; the seconds of its dates are taken out."""
        request = {"export_type": "participants", "program_id": 1, "format": "pdf"}
        path = self.data_path(self.export(request, threads=threads))
        with open(path, "rb") as file:
            content = file.read()
        minute = re.search(rb"/CreationDate \(D:(\d{12})\d\dZ\)", content).group(1)
        content = re.sub(rb"(Date \(D:\d{12})\d\d", rb"\1", content)
        return minute, re.sub(rb"(Date>\d{4}-\d\d-\d\dT\d\d:\d\d:)\d\d", rb"\1", content)

    def test_threads_do_not_matter(self):
        files = [self.bytes_by(threads) for threads in (1, 2, 5)]
        if len({minute for minute, _ in files}) > 1:
            files = [self.bytes_by(threads) for threads in (1, 2, 5)]
        self.assertEqual(files[0], files[1])
        self.assertEqual(files[0], files[2])

    def test_compressed_and_streamed(self):
        response = self.pdf(large_dataset_options={"strategy": "compressed"})
        path = self.data_path(response)
        self.assertTrue(path.endswith(".pdf.gz"))
        plain = path.removesuffix(".gz")
        with gzip.open(path) as packed, open(plain, "wb") as file:
            file.write(packed.read())
        self.assertGreater(check(plain), 1)
        self.assertEqual(response["data"]["record_count"], harness.PARTICIPANTS)
        streamed = os.path.join(self.out, "streamed.pdf")
        request = {"export_type": "participants", "program_id": 1, "format": "pdf", "pdf": {"page_size": "Letter"},
                   "large_dataset_options": {"strategy": "streaming"}, "options": {"language": "id"}}
        with open(streamed, "wb") as file:
            subprocess.run([os.path.abspath(harness.COMMAND), "stream", "-"], input=json.dumps(request).encode(),
                           env={**os.environ, "YBBEXPORT_SOURCE": harness.Case.sources["sqlite"]},
                           cwd=self.out, stdout=file, check=True, timeout=120)
        self.assertGreater(check(streamed), 10)
        text = output("pdftotext", "-l", "1", streamed, "-")
        self.assertRegex(text, r"Halaman 1 dari\s+\d")
        self.assertIn("792 x 612", output("pdfinfo", streamed))

    def test_a_file_ends_before_it_has_too_many_pages(self):
        limits = {"format_limits": {"pdf": {"max_pages": 100, "max_rows_recommended": 100}}}
        response = self.pdf(config=limits, template="detailed",
                            large_dataset_options={"strategy": "multi_file"})
        files = response["data"]["individual_files"]
        self.assertGreater(len(files), 1)
        self.assertEqual(sum(f["record_count"] for f in files), harness.PARTICIPANTS)
        for file in files:
            self.assertLessEqual(check(file["file_url"].removeprefix("file://")), 100)
        self.assertIn("LONG_PDF", [w["code"] for w in response["metadata"]["warnings"]])
        answer = self.export({"export_type": "participants", "program_id": 1, "format": "pdf",
                              "template": "detailed",
                              "large_dataset_options": {"strategy": "single"}},
                             config=limits, expect=1)
        self.assertEqual(answer["error_code"], "TOO_LARGE")
        self.assertIn("at most 100 pages", answer["message"])

    def pages_of_batches(self, limit, template="standard", **more):
        """Exports in batches of at most so many pages; how many each has, and the records of all."""
        response = self.pdf(config={"format_limits": {"pdf": {"max_pages": limit}}}, template=template,
                            large_dataset_options={"strategy": "multi_file"}, **more)
        files = response["data"]["individual_files"]
        at = 1
        for file in files:
            self.assertEqual(file["record_range"], f"{at}-{at + file['record_count'] - 1}")
            at += file["record_count"]
        return [check(file["file_url"].removeprefix("file://")) for file in files], at - 1

    def test_a_batch_ends_with_the_last_record_that_its_pages_hold(self):
        """However small the limit: no batch has more pages, and none but the last has fewer."""
        for limit, more in ((1, {"filters": {"limit": 400}}), (2, {}), (7, {}),
                            (3, {"template": "detailed", "filters": {"limit": 60}})):
            with self.subTest(limit=limit, **more):
                pages, records = self.pages_of_batches(limit, **more)
                self.assertEqual(records, more.get("filters", {}).get("limit", harness.PARTICIPANTS))
                self.assertGreater(len(pages), 3)
                self.assertLessEqual(max(pages), limit)
                if "template" not in more:
                    self.assertEqual(set(pages[:-1]), {limit})

    def test_batches_end_at_the_same_records_for_any_number_of_threads(self):
        request = {"export_type": "participants", "program_id": 1, "format": "pdf",
                   "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}
        limits = {"format_limits": {"pdf": {"max_pages": 3}}}
        seen = {tuple(f["record_range"] for f in self.export(
            request, config=limits, threads=threads)["data"]["individual_files"]) for threads in (1, 2, 5)}
        self.assertEqual(len(seen), 1)
        self.assertGreater(len(seen.pop()), 10)

    def test_a_record_of_more_pages_than_a_file_may_have_names_another_format(self):
        harness.execute(self.sources["sqlite"],
                        "UPDATE participants SET achievements = replace(hex(zeroblob(2000)), '00', 'long '"
                        " || char(10)) WHERE id = 70")
        self.addCleanup(harness.execute, self.sources["sqlite"],
                        "UPDATE participants SET achievements = NULL WHERE id = 70")
        answer = self.export({"export_type": "participants", "format": "pdf", "template": "custom",
                              "fields": ["id", "achievements"],
                              "large_dataset_options": {"strategy": "multi_file"}},
                             config={"format_limits": {"pdf": {"max_pages": 5}}}, expect=1)
        self.assertEqual(answer["error_code"], "TOO_LARGE")
        self.assertRegex(answer["message"], r"^record \d+ alone is more than a PDF file of 5 pages$")
        self.assertEqual(answer["details"]["field"], "format")
        self.assertFalse(answer["recovery_options"]["retry_with_smaller_chunks"])
        self.assertFalse(answer["recovery_options"]["use_multi_file_strategy"])

    def test_a_table_that_is_asked_for_keeps_codes_and_dates_whole_and_names_cards(self):
        request = {"template": "detailed", "filters": {"limit": 60}, "pdf": {"layout": "table"}}
        response = self.pdf(**request)
        self.assertIn("CRAMPED_TABLE", [w["code"] for w in response["metadata"]["warnings"]])
        header, rows = self.csv_rows(template="detailed", filters={"limit": 60})
        path = self.data_path(response)
        texts = (output("pdftotext", "-raw", path, "-"), output("mutool", "draw", "-q", "-F", "txt", path))
        for name in ("Registration Date", "Birth Date", "Phone Number", "Payment History"):
            codes = {code for row in rows for code in row[header.index(name)].split()
                     if any(c.isdigit() for c in code)}
            self.assertGreater(len(codes), 50)
            for text in texts:
                self.assertEqual([code for code in codes if code not in text], [], name)
        plain = self.pdf(template="standard", pdf={"layout": "table"})
        self.assertEqual(plain["metadata"]["warnings"], [])
        answer = self.export({"export_type": "participants", "format": "pdf",
                              "large_dataset_options": {"strategy": "single"}, **request},
                             config={"format_limits": {"pdf": {"max_pages": 5}}}, expect=1)
        self.assertEqual((answer["details"]["field"], answer["details"]["suggestion"]),
                         ("pdf.layout", "cards"))

    def test_batches_in_groups_that_have_too_many_pages_say_why(self):
        answer = self.export({"export_type": "payments", "format": "pdf",
                              "options": {"group_by_participant": True},
                              "large_dataset_options": {"strategy": "multi_file"}},
                             config={"format_limits": {"pdf": {"max_pages": 5}}}, expect=1)
        self.assertEqual(answer["error_code"], "TOO_LARGE")
        self.assertIn("in groups", answer["message"])
        self.assertFalse(answer["recovery_options"]["use_multi_file_strategy"])

    def test_long_texts_are_batches_by_themselves(self):
        limits = {"format_limits": {"pdf": {"max_pages": 100}}}
        response = self.pdf(config=limits, template="detailed")
        self.assertEqual(response["export_strategy"], "multi_file")
        self.assertEqual(self.pdf(config=limits)["export_strategy"], "background_single")

    def test_missing_glyphs_are_told_with_the_package(self):
        fonts = {"pdf_fonts": {"regular": ["/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"]}}
        response = self.pdf(config=fonts)
        told = [w["message"] for w in response["metadata"]["warnings"]
                if w["code"] == "MISSING_GLYPHS"]
        self.assertRegex("\n".join(told), r"^\d+ cells .* install fonts-noto-cjk")
        told = [w["message"] for w in self.pdf()["metadata"]["warnings"]
                if w["code"] == "MISSING_GLYPHS"]
        self.assertNotIn("fonts-noto-cjk", "\n".join(told))
        nothing = {"pdf_fonts": {"regular": ["/nowhere.ttf"], "bold": []}}
        answer = self.export({"export_type": "participants", "format": "pdf"}, config=nothing,
                             expect=1)
        self.assertEqual(answer["error_code"], "UNSUPPORTED")
        self.assertIn("fonts-dejavu-core", answer["message"])


for tool, package in TOOLS.items():
    if shutil.which(tool) is None:
        print(f"1..0 # SKIP {tool} is missing: on Debian and Ubuntu install {package}")
        sys.exit(0)
if __name__ == "__main__":
    tap.main()
