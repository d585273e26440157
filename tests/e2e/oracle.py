"""What an export should hold, computed from the raw rows of a SQLite file: the oracle of
tests/generated, by the names that the tests here use."""
import datetime
import os
import sqlite3
import sys
from decimal import Decimal

sys.path.append(os.path.join(os.path.dirname(__file__), "../generated"))

# pylint: disable=wrong-import-position,unused-import
import reading
import rows as generated_rows
import truth
import words
from shown import Look, guarded
from truth import day, moment, money
from words import DETAILED, STANDARD

HEADERS = {(kind, "detailed"): headers for kind, headers in words.HEADERS.items()}
HEADERS.update({(kind, "standard"): words.HEADERS[kind][:len(fields)]
                for kind, fields in STANDARD.items()})
CATEGORY = words.LABELS["participants", "category"]
LOOK = Look(reading.TRANSFORMATIONS, reading.CSV)


def tables(path):
    """All tables as lists of dicts."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    names = [r[0] for r in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    found = {n: [dict(r) for r in connection.execute(f'SELECT * FROM "{n}"')] for n in names}
    connection.close()
    return found


def moved(cell, stored, shown):
    """A datetime of the zone @stored as it is in the zone @shown; other cells as they are."""
    is_moment = isinstance(cell, datetime.datetime)
    return truth.moved(cell, (stored, shown)) if is_moment else cell


class Cells:
    """The fields of one record, each computed when it is asked for."""

    def __init__(self, shown, kind, row, number):
        self.shown, self.kind, self.row, self.number = shown, kind, row, number

    def keys(self):
        return self.shown.words.types[self.kind]["fields"].keys()

    def __getitem__(self, field):
        return self.shown.value(self.kind, self.row, field, self.number)


class World:
    """The tables of a file, joined as the reference says."""

    def __init__(self, path):
        self.t = tables(path)
        self.truth = truth.Truth(self.t, None)
        self.shown = truth.Shown(self.truth)
        self.users, self.programs = self.truth.users, self.truth.programs
        self.participants, self.statuses = self.truth.participants, self.truth.states
        self.payments_of, self.questions = self.truth.payments_of, self.truth.questions_of
        self.state, self.referrals = self.truth.state, self.truth.referrals

    def history(self, participant, move=lambda cell: cell):
        shown = truth.Shown(self.truth)
        shown.move = move
        return shown.history(participant)

    def answers(self, participant, question):
        """What a participant wrote to a question; None for nothing."""
        return self.shown.answers(participant, question["id"])

    def payment_category(self, payment):
        return self.truth.stored("payments", payment, "payment_category")

    def participant(self, row, number):
        return Cells(self.shown, "participants", row, number)

    def payment(self, row, number):
        return Cells(self.shown, "payments", row, number)

    def ambassador(self, row, number):
        return Cells(self.shown, "ambassadors", row, number)

    def chosen(self, kind, keep, program, deleted=False):
        """The raw rows that an export has, in no order; @keep sees each."""
        return [r for r in self.t[kind] if (deleted or r["is_deleted"] == 0) and keep(r) and
                (program is None or self.truth.program_of(kind, r) == program)]

    def rows(self, kind, fields, keep=lambda row: True, program=1, sort="id", descending=False,
             limit=None, deleted=False):
        """The rows of an export."""
        raw = self.chosen(kind, keep, program, deleted)
        raw.sort(key=lambda r: (truth.null_first(r[sort]), r["id"]), reverse=descending)
        make = {"participants": self.participant, "payments": self.payment,
                "ambassadors": self.ambassador}[kind]
        made = (make(r, n) for n, r in enumerate(raw[:limit], 1))
        return [[cells[f] for f in fields] for cells in made]

    def grouped(self, fields, keep=lambda row: True, program=1, limit=None):
        """Payments by participant as a list of groups: rows, then a subtotal for each currency in
        the order in which they come. A subtotal's empty cells are ""."""
        raw = self.chosen("payments", keep, program)
        raw.sort(key=lambda r: (r["participant_id"], truth.null_first(r["payment_date"]), r["id"]))
        groups, number = [], 0
        for payments in truth.grouped(raw[:limit], "participant_id").values():
            made = []
            for number, payment in enumerate(payments, number + 1):
                made.append([self.shown.value("payments", payment, f, number) for f in fields])
            groups.append((made, list(generated_rows.subtotals(self.shown, payments, fields))))
        return groups


def how(cell):
    return "datetime" if isinstance(cell, datetime.datetime) else (
        "date" if isinstance(cell, datetime.date) else "text")


def render_xlsx(cell):
    """A cell as openpyxl should give it, with the default transformations."""
    value = LOOK.cell(cell, how(cell)).value
    if isinstance(value, Decimal):
        return float(value)
    if how(value) == "date":
        return datetime.datetime(value.year, value.month, value.day)
    return "" if value is None else value


def render_csv(cell):
    """A cell as a CSV reader should give it, with the default options."""
    return LOOK.field(cell, how(cell))
