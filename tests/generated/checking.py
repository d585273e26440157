"""Holds what an export delivered against what it should have."""
import datetime
import hashlib
import json
import os
import zipfile
import zlib
from decimal import Decimal

import files
from rows import Rows
from shipping import Shipping, record_range
from shown import CELL_UNITS, Look, utf16_units, written_units

LONG_WORDS = {
    "en": ("Long texts", ["Row", "Column", "Part", "Text", "Sheet"],
           "… (continues in sheet Long texts)"),
    "id": ("Teks panjang", ["Baris", "Kolom", "Bagian", "Teks", "Lembar"],
           "… (bersambung di lembar Teks panjang)"),
}


class Difference(Exception):
    """The first thing that is not as it should be."""


def same(what, got, wanted):
    if got != wanted:
        raise Difference(f"{what}: {got!r} instead of {wanted!r}")


class Expected:
    """Of one request on one database: columns, rows, files."""

    def __init__(self, reading, truth):
        self.reading = reading
        self.rows = Rows(reading, truth)
        self.shipping = Shipping(reading, self.rows)
        self.headers, self.types = self.rows.headers, self.rows.types
        self.look = Look(reading.look, reading.csv, reading.format)

    def lines(self, first, count):
        """The fields of CSV of some records, the first of them counted from 1."""
        return [[self.look.field(v, how) for v, how in zip(row.values, self.types)]
                for row in self.rows.between(first, count)]

    def cells(self, first, count):
        return [[self.look.cell(v, how) for v, how in zip(row.values, self.types)]
                for row in self.rows.between(first, count)]

    def has_free_text(self, first, count):
        """Whether some cell of the first sheet has a text that is no label."""
        fields = self.reading.words.types[self.reading.kind]["fields"]
        free = [i for i, (field, _, _) in enumerate(self.rows.columns) if self.types[i] == "text"
                and not {"labels", "fallback"} & fields[field].keys()]
        return any(isinstance(row.values[i], str) and row.values[i]
                   for row in self.rows.between(first, count)[:self.shipping.rows_per_sheet]
                   for i in free)

    def repairs(self, name, first, count):
        """Every cell of a file that is not as it is in the database."""
        return [{"file_name": name, "record": row.record, "column": header, "repair": repair}
                for row in self.rows.between(first, count)
                for value, header in zip(row.values, self.headers)
                for repair in self.look.repairs(value)]

    def all_repairs(self):
        return [r for file in self.shipping.files for r in self.repairs(*file)]

    def warnings(self):
        """The codes that the answer has."""
        told = {"moved": "LONG_TEXTS", "cleaned": "CELLS_CLEANED", "guarded": "CELLS_GUARDED"}
        return self.shipping.warnings | {told[r["repair"]] for r in self.all_repairs()}


# headers

def told_apart(headers):
    """A table's headers are unique but for case: the second of two alike has " 2" behind it."""
    made, taken = [], set()
    for header in headers:
        name, number = shortened(header, 255), 2
        while name.lower() in taken:
            end = f" {number}"
            name, number = shortened(header, 255 - len(end)) + end, number + 1
        taken.add(name.lower())
        made.append(name)
    return made


def shortened(header, most):
    return header if utf16_units(header) <= most else header[:most - 1] + "…"


# spreadsheets

EXCEL_PARTS = {"YYYY": "yyyy", "MM": "mm", "DD": "dd", "HH": "hh", "ss": "ss"}


def excel_form(form, is_date):
    """A format of the request as spreadsheets write it."""
    if not is_date:
        return form
    for part, excel in EXCEL_PARTS.items():
        form = form.replace(part, excel)
    return form.replace("T", "\\T")


def check_cell(where, got, wanted):
    if wanted.value is None or isinstance(wanted.value, str):
        return same(where, got.value, wanted.value)
    is_date = isinstance(wanted.value, datetime.date)
    if isinstance(got.value, (str, bool, type(None))) or (
            is_date != isinstance(got.value, datetime.datetime)):
        raise Difference(f"{where}: {got} instead of {wanted}")
    if is_date:
        value = wanted.value
        if not isinstance(value, datetime.datetime):
            value = datetime.datetime.combine(value, datetime.time())
        same(where, got.value, value)
    else:
        same(where, Decimal(repr(got.value)), Decimal(wanted.value))
    return same(f"number format of {where}", got.form, excel_form(wanted.form, is_date))


def sheet_name(title, number):
    return title if number == 0 else f"{title} {number + 1}"


def check_book(expected, name, content, first, count):
    sheets = files.read_book(content)
    reading, per_sheet = expected.reading, expected.shipping.rows_per_sheet
    cells = expected.cells(first, count)
    parts = max(1, int(-(-len(cells) // per_sheet)))
    title = reading.words.title(reading.kind)
    long_title, long_header, mark = LONG_WORDS[reading.language]
    has_long = len(sheets) > parts and sheets[-1][0] == long_title
    names = [sheet_name(title, i) for i in range(parts)] + ([long_title] if has_long else [])
    same(f"sheets of {name}", [s[0] for s in sheets], names)
    rests = Rests(sheets[-1][1], long_header, parts > 1) if has_long else None
    headers = told_apart(expected.headers)
    for i in range(parts):
        wanted = cells[i * per_sheet:(i + 1) * per_sheet]
        check_rows(f"{name}, sheet {names[i]!r}", sheets[i][1], headers, wanted, rests, names[i],
                   mark)
    if rests is not None and rests.left():
        raise Difference(f"{name}: the sheet of long texts has a rest that no cell needs")
    if expected.has_free_text(first, count):
        same(f"whether texts of {name} stand inline", files.has_inline_texts(content),
             reading.strings == "inline")


def check_rows(where, rows, headers, wanted, rests, sheet, mark):
    same(f"header of {where}", [c.value for c in rows[0]] if rows else None, headers)
    same(f"rows of {where}", len(rows) - 1, len(wanted))
    for number, (got_row, wanted_row) in enumerate(zip(rows[1:], wanted), 2):
        same(f"cells of {where}, row {number}", len(got_row), len(wanted_row))
        for header, got, cell in zip(headers, got_row, wanted_row):
            at = f"{where}, row {number}, column {header!r}"
            if isinstance(cell.value, str) and written_units(cell.value) > CELL_UNITS:
                check_long(at, got, cell.value, rests, (sheet, number, header), mark)
            else:
                check_cell(at, got, cell)


def check_long(at, got, text, rests, place, mark):
    if not isinstance(got.value, str) or not got.value.endswith(mark) or rests is None:
        raise Difference(f"{at}: a long text does not go on elsewhere")
    pieces = [got.value[:-len(mark)]] + rests.take(place)
    for piece in [got.value, *pieces]:
        if utf16_units(piece) > CELL_UNITS:
            raise Difference(f"{at}: a cell holds {utf16_units(piece)} units")
    same(at, "".join(pieces), text)


class Rests:
    """The sheet of what did not fit into its cell."""

    def __init__(self, rows, header, has_sheets):
        same("header of the long texts", [c.value for c in rows[0]],
             header if has_sheets else header[:4])
        self.pieces = {}
        for row in rows[1:]:
            number, column, part, text, *sheet = (c.value for c in row)
            place = (sheet[0] if sheet else None, number, column)
            self.pieces.setdefault(place, []).append((part, text))
        self.has_sheets = has_sheets

    def take(self, place):
        found = self.pieces.pop(place if self.has_sheets else (None, *place[1:]), [])
        same("parts of a long text", [part for part, _ in found], list(range(2, 2 + len(found))))
        return [text for _, text in found]

    def left(self):
        return self.pieces


# CSV

def check_csv(expected, name, content, first, count):
    look = expected.look
    lines = files.read_csv(content, expected.reading.csv)
    same(f"header of {name}", lines[0] if lines else None,
         [look.guarded(h) for h in expected.headers])
    wanted = expected.lines(first, count)
    same(f"rows of {name}", len(lines) - 1, len(wanted))
    for number, (got, line) in enumerate(zip(lines[1:], wanted), 2):
        if got != line:
            same(f"fields of {name}, line {number}", len(got), len(line))
            column = next(i for i, (a, b) in enumerate(zip(got, line)) if a != b)
            same(f"{name}, line {number}, column {expected.headers[column]!r}", got[column],
                 line[column])


LEDGER = ".repairs.jsonl"
CHECKS = {"excel": check_book, "csv": check_csv}


# the answer and the folder

def check_answer(expected, answer):
    shipping, data, metadata = expected.shipping, answer["data"], answer["metadata"]
    same("status", answer["status"], "success")
    same("export_strategy", answer["export_strategy"], shipping.strategy)
    same("metadata.export_type", metadata["export_type"], expected.reading.kind)
    same("metadata.template", metadata["template"], expected.reading.template_name)
    same("metadata.format", metadata["format"], expected.reading.format)
    same("metadata.compression_used", metadata["compression_used"], shipping.used)
    same("metadata.priority", metadata["priority"], shipping.priority)
    same("metadata.filters_applied", metadata["filters_applied"],
         expected.reading.request.get("filters") or {})
    same("metadata.warnings", sorted(w["code"] for w in metadata["warnings"]),
         sorted(expected.warnings()))
    progress = answer["progress"]
    same("progress", [progress[key] for key in ("records_processed", "total_records",
                                                "total_chunks", "percentage")],
         [shipping.count, shipping.count, len(shipping.files), 100])
    same("progress.current_chunk", progress["current_chunk"], len(shipping.files))
    begun, expires = (datetime.datetime.fromisoformat(of[:-1])
                      for of in (metadata["generated_at"], data["expires_at"]))
    same("days until data.expires_at", round((expires - begun) / datetime.timedelta(days=1)),
         shipping.retention)
    if shipping.multi:
        check_batches(shipping, data, metadata)
    else:
        same("data.record_count", data["record_count"], shipping.count)
        same("data.file_name", data["file_name"], shipping.archive or shipping.files[0][0])


def check_batches(shipping, data, metadata):
    same("data.total_records", data["total_records"], shipping.count)
    same("data.total_files", data["total_files"], len(shipping.files))
    same("metadata.chunk_size", metadata["chunk_size"], shipping.chunk_size)
    got = [(b["batch_number"], b["file_name"], b["record_count"], b["record_range"])
           for b in data["individual_files"]]
    same("data.individual_files", got,
         [(i + 1, name, count, record_range(first, count))
          for i, (name, first, count) in enumerate(shipping.files)])
    same("the archive's name", data.get("archive", {}).get("zip_file_name"), shipping.archive)


def check_sizes(answer, folder):
    data = answer["data"]
    told = [(data["file_name"], data["file_size"])] if "file_name" in data else [
        (b["file_name"], b["file_size"]) for b in data["individual_files"]]
    if "archive" in data:
        told.append((data["archive"]["zip_file_name"], data["archive"]["zip_file_size"]))
    for name, size in told:
        same(f"size of {name}", size, os.path.getsize(os.path.join(folder, name)))


def check_archive(expected, path, contents, export_id):
    with zipfile.ZipFile(path) as archive:
        names = [name for name, _, _ in expected.shipping.files]
        same("names in the archive", archive.namelist(), names + ["manifest.json"])
        same("damage in the archive", archive.testzip(), None)
        for name in names:
            same(f"{name} in the archive", archive.read(name) == contents[name], True)
        check_manifest(expected, json.loads(archive.read("manifest.json")), contents, export_id)


def check_manifest(expected, manifest, contents, export_id):
    shipping = expected.shipping
    same("the manifest's export_id", manifest["export_id"], export_id)
    same("the manifest's total_records", manifest["total_records"], shipping.count)
    same("the manifest's total_files", manifest["total_files"], len(shipping.files))
    wanted = []
    for name, first, count in shipping.files:
        content = contents[name]
        wanted.append({"file_name": name, "rows": count, "record_range": record_range(first, count),
                       "bytes": len(content), "crc32": f"{zlib.crc32(content):08x}",
                       "sha256": hashlib.sha256(content).hexdigest()})
    same("the manifest's files", manifest["files"], wanted)
    same("the manifest's repairs", manifest["repairs"], expected.all_repairs())


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def check_export(expected, answer, out):
    """Everything about a successful export into the folder @out."""
    check_answer(expected, answer)
    folder = os.path.join(out, answer["export_id"])
    shipping = expected.shipping
    names = [name for name, _, _ in shipping.files]
    ledgers = [name + LEDGER for name, first, count in shipping.files
               if expected.repairs(name, first, count)]
    same("files", sorted(os.listdir(folder)),
         sorted(names + ledgers + [shipping.archive] * bool(shipping.archive)))
    same("folders", os.listdir(out), [answer["export_id"]])
    check_sizes(answer, folder)
    contents = {}
    for name, first, count in shipping.files:
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            contents[name] = file.read()
        check_file(expected, name, path, first, count)
        if name + LEDGER in ledgers:
            same(f"repairs of {name}", read_lines(path + LEDGER),
                 expected.repairs(name, first, count))
    if shipping.archive:
        check_archive(expected, os.path.join(folder, shipping.archive), contents,
                      answer["export_id"])


def check_file(expected, name, path, first, count):
    try:
        CHECKS[expected.reading.format](expected, name, files.opened(path), first, count)
    except (files.Broken, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise Difference(f"{name} cannot be read: {error!r}") from error


def check_refusal(answer, refused, out):
    same("status", answer["status"], "error")
    same("error_code", answer["error_code"], refused.code)
    same("details.field", answer["details"].get("field"), refused.field)
    same("what is left of a refusal", os.listdir(out), [])
