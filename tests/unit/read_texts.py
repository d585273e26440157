"""read_texts.py BOOK EXPECTED: whether the cells of a book's second column say what they should.

EXPECTED has a line for each row: the hexadecimal bytes that were written. Bytes that are no UTF-8 should have
become U+FFFD, as Python decodes them too. Nothing here knows how the library writes.
"""
import re
import sys
import xml.etree.ElementTree as ET
import zipfile

NAMES = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def unescape(text):
    """ECMA-376 part 1, 22.9.2.19."""
    return ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def text_of(item):
    return unescape("".join(t.text or "" for t in item.iter(NAMES + "t")))


def cells(book, column):
    strings = [text_of(si) for si in ET.fromstring(book.read("xl/sharedStrings.xml"))]
    sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    for row in sheet.iter(NAMES + "row"):
        for cell in row:
            if cell.get("r") != column + row.get("r"):
                continue
            kind, value = cell.get("t"), cell.find(NAMES + "v")
            if kind == "s":
                yield int(row.get("r")), strings[int(value.text)]
            elif kind == "inlineStr":
                yield int(row.get("r")), text_of(cell)
            else:
                yield int(row.get("r")), unescape(value.text)


def main():
    with open(sys.argv[2], encoding="ascii") as file:
        wanted = [bytes.fromhex(line).decode("utf-8", "replace") for line in file]
    with zipfile.ZipFile(sys.argv[1]) as book:
        got = dict(cells(book, "B"))
    wrong = [(n, text, got.get(n + 2, "")) for n, text in enumerate(wanted)
             if got.get(n + 2, "") != text]
    for number, text, read in wrong[:5]:
        print(f"text {number} is {read!r}, not {text!r}")
    sys.exit(1 if wrong or not wanted else 0)


if __name__ == "__main__":
    main()
