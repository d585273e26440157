"""How a value is to be seen by those who read the file: in a cell of a spreadsheet, as a field of
CSV, and on LibreOffice's screen."""
import datetime
import re
from decimal import ROUND_HALF_UP, Decimal

FIRST_DATE = datetime.date(1900, 3, 1)  # behind Excel's false leap day
MOST_DIGITS = 15
CELL_UNITS = 32767
DATE_PARTS = re.compile("YYYY|MM|DD|HH|mm|ss")
PHONE_SIGNS = set("0123456789 ().-")
FORMULA_SIGNS = tuple("=+-@\t\r\n＝＋－＠")


def dated(value, form):
    """A day or moment by a format of the request."""
    moment = value if isinstance(value, datetime.datetime) else (
        datetime.datetime.combine(value, datetime.time()))
    parts = {"YYYY": f"{moment.year:04}", "MM": f"{moment.month:02}", "DD": f"{moment.day:02}",
             "HH": f"{moment.hour:02}", "mm": f"{moment.minute:02}", "ss": f"{moment.second:02}"}
    return DATE_PARTS.sub(lambda found: parts[found.group()], form)


def guarded(text):
    """Formulas are not run where a ' stands before them; telephone numbers are none."""
    if not text.startswith(FORMULA_SIGNS):
        return text
    rest = text[1:] if text[0] in "+-" else text
    return text if set(rest) <= PHONE_SIGNS else "'" + text


def digits(number):
    """Those that count: all of an integer, of a decimal without the zeros around them."""
    shown = str(abs(number))
    return len(shown) if isinstance(number, int) else len(shown.replace(".", "").strip("0"))


def cleaned(text):
    """U+FFFD in the place of what is no UTF-8, once for as much of it as begins a character."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def utf16_units(text):
    return len(text.encode("utf-16-le")) // 2


# characters that XML has not, and texts that read like the escape of one (ECMA-376, 22.9.2.19)
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def written_units(text):
    """UTF-16 units of a text with its escapes, of seven signs each."""
    unfit = sum(c < " " and c not in "\t\n" or c in "\ufffe\uffff" for c in text)
    return utf16_units(text) + 6 * (unfit + len(ESCAPE.findall(text)))


class Cell:
    """What a spreadsheet's cell should hold: a text, a number, a date, or nothing."""

    def __init__(self, value, form=None):
        self.value = None if value == "" else value
        self.form = form

    def __repr__(self):
        form = f" shown by {self.form!r}" if self.form else ""
        return repr(self.value) + form


class Look:
    """The looks of one request's cells: data_transformations, the options of CSV, the format."""

    def __init__(self, look, csv_options, form="csv"):
        self.look, self.csv_options, self.format = look, csv_options, form
        self.true, self.false = self.look["boolean_format"].split("/")

    def date_form(self, how):
        return self.look["date_format" if how == "date" else "datetime_format"]

    def plain(self, value, how):
        """The text where a value becomes one in every format, or None."""
        if value is None:
            return self.look["null_values"]
        if isinstance(value, bool):
            return self.true if value else self.false
        return cleaned(value) if isinstance(value, str) else None

    def cell(self, value, how):
        text = self.plain(value, how)
        if text is not None:
            return Cell(text)
        if isinstance(value, int):
            return Cell(value, "0") if digits(value) <= MOST_DIGITS else Cell(str(value))
        if isinstance(value, Decimal):
            form = self.look["currency_format"] if how == "money" else "0.0"
            return Cell(value, form) if digits(value) <= MOST_DIGITS else Cell(str(value))
        first = FIRST_DATE
        if (value.date() if isinstance(value, datetime.datetime) else value) < first:
            return Cell(dated(value, self.date_form(how)))
        return Cell(value, self.date_form(how))

    def field(self, value, how):
        """As CSV."""
        text = self.plain(value, how)
        if text is not None:
            return self.guarded(text).replace("\x00", "\ufffd")
        if isinstance(value, Decimal):
            return str(value).replace(".", self.csv_options["decimal_point"])
        return str(value) if isinstance(value, int) else dated(value, self.date_form(how))

    def guarded(self, text):
        return guarded(text) if self.csv_options["formula_guard"] else text

    def repairs(self, value):
        """What is told of a value that does not go into the file as it is."""
        if not isinstance(value, str):
            return []
        is_broken, is_long = cleaned(value) != value, written_units(cleaned(value)) > CELL_UNITS
        if self.format == "excel":
            return ["cleaned"] * is_broken + ["moved"] * is_long
        return ["guarded"] * (self.guarded(value) != value) + (
            ["cleaned"] * (is_broken or "\x00" in value))

    def on_screen(self, cell):
        """What LibreOffice may show: two texts for a moment, of which it drops or rounds a part of a
        second."""
        if cell.value is None:
            return [""]
        if isinstance(cell.value, (int, Decimal)):
            return [numbered(Decimal(cell.value), cell.form)]
        if isinstance(cell.value, str):
            return [cell.value]
        shown = [dated(cell.value, cell.form)]
        if getattr(cell.value, "microsecond", 0):
            shown.append(dated(cell.value + datetime.timedelta(seconds=1), cell.form))
        return shown


def numbered(number, form):
    """A number by one of the number formats that requests here have."""
    pattern = re.search(r"(#,##)?0(\.0+)?", form)
    places = len(pattern.group(2) or ".") - 1
    rounded = abs(number).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,f}" if pattern.group(1) else f"{rounded:f}"
    around = [form[:pattern.start()].replace('"', ""), form[pattern.end():].replace('"', "")]
    return ("-" if number < 0 and rounded else "") + around[0] + text + around[1]
