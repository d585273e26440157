"""Reads what was delivered by programs we did not write: Python's csv, gzip, zipfile and openpyxl.

openpyxl leaves the format's escapes (_x000D_) as they stand and drops some of them. Here it keeps
all, and they are read as the standard says (ECMA-376, 22.9.2.19), so that a lost one is seen.
"""
import csv
import gzip
import io
import zipfile
import xml.etree.ElementTree as xml

import openpyxl
import openpyxl.reader.excel
from openpyxl.cell.text import Text

from shown import ESCAPE

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"


class Broken(Exception):
    """A file is not what its format says."""


def whole_strings(source):
    """In the place of openpyxl's own reader of shared strings."""
    strings = []
    for _, node in xml.iterparse(source):
        if node.tag == MAIN + "t":
            text = node.text or ""
            if text != text.strip(" \t\r\n") and node.get(PRESERVE) != "preserve":
                raise Broken(f"a reader may drop the blanks of {text!r}")
        elif node.tag == MAIN + "si":
            strings.append(Text.from_tree(node).content)
            node.clear()
    return strings


openpyxl.reader.excel.read_string_table = whole_strings


def unescaped(text):
    return ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)


class Seen:
    """A cell as openpyxl gives it."""

    def __init__(self, cell):
        self.value = cell.value
        self.form = None
        if isinstance(self.value, str):
            self.value = unescaped(self.value)
            if cell.data_type not in ("s", "str", "inlineStr"):
                raise Broken(f"the text {self.value!r} has the type {cell.data_type!r}")
        elif self.value is not None:
            self.form = cell.number_format

    def __repr__(self):
        return repr(self.value) + (f" shown by {self.form!r}" if self.form else "")


def opened(path):
    """The content of a file, unpacked where it is gzipped."""
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        return file.read()


def read_book(content):
    """Names of sheets, and the rows of each as lists of Seen."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    sheets = [(sheet.title, [[Seen(cell) for cell in row] for row in sheet.iter_rows()])
              for sheet in book.worksheets]
    book.close()
    return sheets


def has_inline_texts(content):
    """Whether the first sheet has texts of its own, not among the shared ones."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return b't="inlineStr"' in book.read("xl/worksheets/sheet1.xml")


def read_csv(content, options):
    """All lines as lists of texts, the header first."""
    if content.startswith(b"\xef\xbb\xbf") != options["bom"]:
        raise Broken("the byte order mark is there or missing against csv.bom")
    text = content.decode("utf-8-sig" if options["bom"] else "utf-8")
    end = "\r\n" if options["line_ending"] == "crlf" else "\n"
    if not text.endswith(end):
        raise Broken(f"the file does not end with {end!r}")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=options["delimiter"],
                            strict=True))
    check_quotes(text, lines, options, end)
    return lines


def check_quotes(text, lines, options, end):
    """The text again from its fields: quotes where they are needed, or around all."""
    def written(field, alone):
        needed = options["quote"] == "all" or (alone and not field) or any(
            sign in field for sign in (options["delimiter"], '"', "\r", "\n"))
        return '"' + field.replace('"', '""') + '"' if needed else field

    again = "".join(options["delimiter"].join(written(f, len(line) == 1) for f in line) + end
                    for line in lines)
    if again != text:
        at = next((i for i, (a, b) in enumerate(zip(again, text)) if a != b), len(again))
        raise Broken(f"quotes or line ends are not as they should be: "
                     f"{text[max(0, at - 20):at + 20]!r}")
