"""Has LibreOffice show a sample of the spreadsheets: all of them in one call, as it takes seconds
to start."""
import csv
import os
import re
import shutil
import subprocess

from checking import Difference, same, told_apart

# fields parted by commas, quotes around texts, UTF-8, from line 1, and cells as they are shown
FILTER = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,true,true"
SECONDS = 300
MOST_TEXT = 1000
# LibreOffice takes these for escapes, against the standard,
SHORT_ESCAPE = re.compile("_x[0-9A-Fa-f]{0,3}_")
# and rounds these where it shows them
ROUNDED = re.compile("9,?999,?999,?999,?999")


def program():
    return shutil.which("soffice") or shutil.which("libreoffice")


def one_line_feed(text):
    """LibreOffice ends a line by CR and LF in either order, or one of them, and mixes them."""
    return re.sub("[\r\n]+", "\n", text)


def without_empty_end(lines, empty):
    """LibreOffice shows no empty rows behind the last other one."""
    while lines and all(cell == empty for cell in lines[-1]):
        lines = lines[:-1]
    return lines


class Office:
    """Collects a sample, and looks at it at the end."""

    def __init__(self, folder, most):
        self.folder, self.most = os.path.join(folder, "office"), most if program() else 0
        self.wanted = most
        self.taken = {}
        os.mkdir(self.folder)

    def offer(self, number, expected, answer, out):
        """Takes the first file of an export, if it is a spreadsheet of one short sheet."""
        shipping = expected.shipping
        name, first, count = shipping.files[0]
        cells = expected.cells(first, count)
        if len(self.taken) >= self.most or not name.endswith(".xlsx") or (
                not 0 < len(cells) < min(200, shipping.rows_per_sheet + 1)):
            return
        lines = [[[header] for header in told_apart(expected.headers)]]
        lines += [[expected.look.on_screen(c) for c in row] for row in cells]
        for text in (texts[0] for line in lines for texts in line):
            if len(text) > MOST_TEXT or SHORT_ESCAPE.search(text) or ROUNDED.search(text):
                return
        key = f"case-{number}-{len(self.taken)}"
        shutil.copy(os.path.join(out, answer["export_id"], name),
                    os.path.join(self.folder, key + ".xlsx"))
        self.taken[key] = lines

    def look(self):
        """The arguments of a TAP line."""
        name = f"LibreOffice shows {len(self.taken)} spreadsheets as they should be"
        if not program():
            return name, [], "there is no LibreOffice: install libreoffice-calc-nogui"
        if not self.taken:
            return name, [], "there is no spreadsheet to show"
        books = [os.path.join(self.folder, key + ".xlsx") for key in self.taken]
        try:
            done = subprocess.run(
                [program(), f"-env:UserInstallation=file://{self.folder}/profile", "--headless",
                 "--convert-to", FILTER, "--outdir", self.folder, *books],
                capture_output=True, timeout=SECONDS, check=False,
                env={**os.environ, "LC_ALL": "en_US.UTF-8", "HOME": self.folder})
        except subprocess.TimeoutExpired:
            return name, [f"LibreOffice did not end within {SECONDS} seconds"], None
        failures = []
        for key, lines in self.taken.items():
            try:
                self.compare(key, lines)
            except (OSError, Difference) as error:
                failures.append(f"{key}: {error}")
        if failures:
            failures.append(done.stderr.decode(errors="replace"))
        return name, failures, None

    def compare(self, key, lines):
        with open(os.path.join(self.folder, key + ".csv"), encoding="utf-8", newline="") as file:
            shown = without_empty_end([line or [""] for line in csv.reader(file)], "")
        lines = without_empty_end(lines, [""])
        same("rows", len(shown), len(lines))
        for number, (got, wanted) in enumerate(zip(shown, lines), 1):
            same(f"cells of row {number}", len(got), len(wanted))
            for column, (text, texts) in enumerate(zip(got, wanted), 1):
                if one_line_feed(text) not in map(one_line_feed, texts):
                    raise Difference(f"row {number}, column {column}: {text!r} instead of {texts}")
