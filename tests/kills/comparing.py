"""Whether an export that was interrupted is what an uninterrupted one is, by readers that are not ours."""
import hashlib
import json
import os
import re
import subprocess
import tempfile
import zipfile
import zlib

import openpyxl

from bed import EARLY, PDF, REQUESTS, Sources, harness

QUEUED, CLAIMED, TAKEN_OVER, FILE, RELEASED, LOST, ENDED, RESUMED, REMOVED, EXPIRED = range(10)
CLASSES = ("immediate", "high", "normal", "low")
# ours, and those of a library that makes one and takes its name away at once
TEMPORARY = re.compile(r".*\.[a-z0-9]{26}\.part|tmp\.\w{10}")
LEDGER = ".repairs.jsonl"


def same(found, wanted, what):
    """An AssertionError that shows where two things differ first."""
    if found == wanted:
        return
    if isinstance(found, list) and isinstance(wanted, list):
        at = next((i for i, (a, b) in enumerate(zip(found, wanted)) if a != b),
                  min(len(found), len(wanted)))
        raise AssertionError(f"{what}: {len(found)} instead of {len(wanted)}; number {at + 1} is "
                             f"{found[at:at + 1]} instead of {wanted[at:at + 1]}")
    raise AssertionError(f"{what}: {found} instead of {wanted}")


def read_pdf(path):
    """The lines of the pages, but those that have the time."""
    text = subprocess.run(["pdftotext", "-raw", path, "-"], check=True, capture_output=True, text=True,
                          timeout=60).stdout
    return ["line"], [[line] for line in text.splitlines() if not re.search(r"\d UTC", line)]


class Reader:
    """Header and rows of files, and their summaries; those of equal content are read once."""

    known, summaries = {}, {}

    @staticmethod
    def key(path):
        if not path.endswith(".xlsx"):
            return hashlib.sha256(open(path, "rb").read()).digest()
        digest = hashlib.sha256()
        with zipfile.ZipFile(path) as book:
            bad = book.testzip()
            if bad:
                raise AssertionError(f"{path}: {bad} is damaged")
            for name in sorted(book.namelist()):
                if name != "docProps/core.xml":  # it has the time
                    digest.update(name.encode() + b"\0" + hashlib.sha256(book.read(name)).digest())
        return digest.digest()

    @staticmethod
    def read(path):
        key = Reader.key(path)
        if key not in Reader.known:
            read = {".xlsx": harness.read_xlsx, ".pdf": read_pdf}
            Reader.known[key] = read.get(os.path.splitext(path)[1], harness.read_csv)(path)
        return Reader.known[key]


    @staticmethod
    def summary(path):
        """All cells of the sheet, None without one."""
        key = Reader.key(path) if path.endswith(".xlsx") else None
        if key is not None and key not in Reader.summaries:
            book = openpyxl.load_workbook(path, read_only=True)
            Reader.summaries[key] = ([list(row) for row in book["Summary"].iter_rows(values_only=True)]
                                     if "Summary" in book.sheetnames else None)
            book.close()
        return Reader.summaries.get(key)


def rows_of(paths):
    """The header that all files have, and their rows one behind the other."""
    header, rows = None, []
    for path in paths:
        its_header, its_rows = Reader.read(path)
        same(its_header, header or its_header, f"header of {path}")
        header = its_header
        rows += its_rows
    return header, rows


class Truth:
    """What an export gives that nothing happens to."""

    known = {}

    def __init__(self, kind, name, config):
        with tempfile.TemporaryDirectory(prefix="ybb-truth-") as out:
            path = os.path.join(out, "config.json")
            with open(path, "w", encoding="utf-8") as file:
                json.dump({**config, "source": Sources.of(kind), "out": out, "store": None,
                           "pool": "inproc"}, file)
            run = harness.Run(["export", "--config", path, "-"],
                              stdin=json.dumps(REQUESTS[name]).encode())
            if run.status != 0:
                raise AssertionError(f"{name}: {run.stderr}{run.stdout}")
            answer = run.json
            folder = os.path.join(out, answer["export_id"])
            archives = [n for n in os.listdir(folder) if n.endswith(".zip")]
            self.archive = archives[0] if archives else None
            self.names, self.repairs = names_in(answer), None
            if self.archive:  # where files have the names that are shown
                with zipfile.ZipFile(os.path.join(folder, self.archive)) as book:
                    manifest = json.loads(book.read("manifest.json"))
                    book.extractall(folder)
                self.repairs = repairs_in(manifest)
                self.names = [file["file_name"] for file in manifest["files"]]
            paths = [os.path.join(folder, n) for n in self.names]
            self.header, self.rows = rows_of(paths)
            self.summaries = [Reader.summary(path) for path in paths]
            wanted = REQUESTS[name].get("options", {}).get("include_summary", False)
            same([summary is not None for summary in self.summaries], [wanted] * len(paths), "summaries")
            self.warnings = answer["metadata"]["warnings"]
            self.records = answer["progress"]["total_records"]

    @staticmethod
    def of(kind, name, config):
        if (kind, name) not in Truth.known:
            Truth.known[kind, name] = Truth(kind, name, config)
        return Truth.known[kind, name]


def names_in(answer):
    """The files of an answer, in their order; one that is in an archive is the archive."""
    data = answer["data"]
    if "individual_files" in data:
        return [file["file_name"] for file in data["individual_files"]]
    return [data["file_name"]]


def repairs_in(manifest):
    """Repaired cells without the file that each is in."""
    return sorted(json.dumps({k: v for k, v in line.items() if k != "file_name"},
                             sort_keys=True) for line in manifest["repairs"])


def check_sums(folder, files):
    for _, name, size, _, _, crc, sha, _ in files:
        with open(os.path.join(folder, name), "rb") as file:
            content = file.read()
        same((len(content), zlib.crc32(content), hashlib.sha256(content).hexdigest()),
             (size, crc, sha), f"bytes, CRC-32 and SHA-256 of {name}")


def check_numbers(files, truth):
    """One behind the other, no number and no record twice."""
    batches = [f for f in files if f[0] > 0]
    same([f[0] for f in batches], list(range(1, len(batches) + 1)), "numbers of files")
    at = 1
    for number, _, _, records, first, *_ in batches:
        same(first, at if records else 0, f"first record of file {number}")
        at += records
    same(at - 1, truth.records, "records in all files")


def check_archive(folder, files, truth):
    path = os.path.join(folder, next(f[1] for f in files if f[0] == 0))
    batches = [f for f in files if f[0] > 0]
    with zipfile.ZipFile(path) as book:
        same(book.testzip(), None, f"damaged in {path}")
        same(sorted(book.namelist()), sorted([f[7] for f in batches] + ["manifest.json"]),
             f"entries of {path}")
        for file in batches:
            with open(os.path.join(folder, file[1]), "rb") as published:
                same(book.read(file[7]) == published.read(), True, f"{file[7]} in {path} is the file")
        manifest = json.loads(book.read("manifest.json"))
    same([(f["file_name"], f["rows"], f["bytes"], f["crc32"], f["sha256"]) for f in manifest["files"]],
         [(f[7], f[3], f[2], f"{f[5]:08x}", f[6]) for f in batches], f"manifest of {path}")
    same(repairs_in(manifest), truth.repairs, f"repairs in the manifest of {path}")


def check_folder(folder, files, swept):
    """No file that the record does not have."""
    known = {f[1] for f in files} | {f[1] + LEDGER for f in files}
    present = set(os.listdir(folder))
    same(sorted({f[1] for f in files} - present), [], "recorded files that are missing")
    others = {name for name in present - known if swept or not TEMPORARY.fullmatch(name)}
    same(sorted(others), [], "files that the record does not have")


def check_export(bed, export):
    """After a sweep."""
    truth = Truth.of(bed.kind, bed.started[export], bed.config)
    answer = bed.client.status(export)
    try:
        same(answer["status"], "success", f"status ({answer.get('message')})")
        folder = os.path.join(bed.out, export)
        files = bed.files_of(export)
        check_folder(folder, files, swept=True)
        check_sums(folder, files)
        check_numbers(files, truth)
        batches = [f for f in files if f[0] > 0]
        names = [f[7] for f in batches]
        if bed.started[export] != EARLY:
            same(names, truth.names, "files")
        same(names_in(answer), names if len(names) > 1 or not truth.archive else [truth.archive],
             "files of the answer")
        same(answer["progress"]["percentage"], 100, "percentage")
        same(answer["metadata"]["warnings"], truth.warnings, "warnings")
        paths = [os.path.join(folder, f[1]) for f in batches]
        header, rows = rows_of(paths)
        same(header, truth.header, "header")
        same(rows, truth.rows, "rows")
        if bed.started[export] != EARLY:
            same([Reader.summary(path) for path in paths], truth.summaries, "summaries")
        same([f[1] for f in files if f[0] == 0], [truth.archive] if truth.archive else [], "archive")
        if truth.archive:
            check_archive(folder, files, truth)
    except (AssertionError, OSError, zipfile.BadZipFile, zlib.error, KeyError) as error:
        raise AssertionError(f"{export} ({bed.started[export]}, {bed.kind}): {error!r}") from error


def check_sweep(bed):
    run = bed.command("sweep")
    if run.status != 0:
        raise AssertionError(f"sweep: {run.stderr}{run.stdout}")
    return run.json


def check_bed(bed):
    """All that a bed has, when everything has ended; its log."""
    for export in bed.started:
        try:
            check_folder(os.path.join(bed.out, export), bed.files_of(export), swept=False)
        except AssertionError as error:
            answer = bed.client.status(export)
            raise AssertionError(f"{export} ({bed.started[export]}, {bed.kind}): {error}; {answer}") from error
    check_sweep(bed)
    for export in bed.started:
        check_export(bed, export)
    same(sorted(name for name in os.listdir(bed.out) if name.startswith("exp_")),
         sorted(bed.started), "folders")
    log = Log(bed)
    same(sorted(log.ended), sorted(bed.started), "exports that ended")
    return log


class Log:
    """The store's own log of a bed, held against what it promises."""

    def __init__(self, bed):
        self.events = bed.events()
        # their files are recorded again when their names are known
        self.early = {export for export, name in bed.started.items() if name in (EARLY, PDF)}
        queue = bed.config["queue_config"]
        self.limits = [queue["concurrent_processing"][name] for name in CLASSES]
        self.large_limit = bed.config["system_limits"]["max_concurrent_large_exports"]
        self.runs = {}     # job: the claim that runs it
        self.fences = {}   # job: the highest one
        self.ended, self.files, self.places = set(), set(), {}
        self.most = [0] * 4
        self.most_large = self.lost = 0
        self.lost_owners = set()
        self.check_whole(bed)
        for event in self.events:
            self.take(event)

    def check_whole(self, bed):
        """A log whose oldest events were removed would show files that nobody had claimed. The oldest is that
        of an export that was queued."""
        queued = {event["job"] for event in self.events if event["kind"] == QUEUED}
        same(sorted(set(bed.started) - queued), [], "exports whose beginning the log does not have")

    def take(self, event):
        kind, job = event["kind"], event["job"]
        if job in self.ended and kind not in (RESUMED, REMOVED, EXPIRED):
            raise AssertionError(f"behind its end: {event}")
        if kind in (CLAIMED, TAKEN_OVER):
            self.take_claim(event)
        elif kind == FILE:
            self.holds(event)
            if event["file"] and (job, event["file"]) in self.files and job not in self.early:
                raise AssertionError(f"file recorded twice: {event}")
            self.files.add((job, event["file"]))
        elif kind in (LOST, RELEASED, ENDED):
            self.take_end(event)
        elif kind == RESUMED:
            self.ended.discard(job)

    def take_claim(self, event):
        job = event["job"]
        if job in self.runs:
            raise AssertionError(f"claimed while it runs: {event} {self.runs[job]}")
        if event["fence"] <= self.fences.get(job, -1):
            raise AssertionError(f"the fence did not grow: {event}")
        self.fences[job] = event["fence"]
        self.runs[job] = event
        self.occupy(event)

    def occupy(self, event):
        priority, large = event["priority"], event["large_place"]
        for place in ([(priority, event["place"])] + ([("large", large)] if large else [])):
            if self.places.get(place) is not None:
                raise AssertionError(f"place {place} is taken: {event} {self.places[place]}")
            self.places[place] = event
        running = [sum(1 for e in self.runs.values() if e["priority"] == p) for p in range(4)]
        for p in range(4):
            if running[p] > self.limits[p] or event["place"] > self.limits[event["priority"]]:
                raise AssertionError(f"{running[p]} of {CLASSES[p]} run: {event}")
            self.most[p] = max(self.most[p], running[p])
        large_running = running[2] + running[3]
        if large_running > self.large_limit or (priority >= 2) != (large > 0):
            raise AssertionError(f"{large_running} large exports run: {event}")
        self.most_large = max(self.most_large, large_running)

    def holds(self, event):
        run = self.runs.get(event["job"])
        if run is None or run["holder"] != event["holder"] or run["fence"] != event["fence"]:
            raise AssertionError(f"without the lease: {event} {run}")

    def take_end(self, event):
        run = self.runs.pop(event["job"], None)
        if event["kind"] == ENDED:
            self.ended.add(event["job"])
        if run is None:
            if event["kind"] != ENDED:
                raise AssertionError(f"nobody ran it: {event}")
            return
        if event["kind"] == LOST:
            self.lost += 1
            self.lost_owners.add(run["holder"])
        for place in ((run["priority"], run["place"]), ("large", run["large_place"])):
            self.places.pop(place, None)
