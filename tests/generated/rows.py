"""The rows of an export's files: its records, and behind each group the subtotals of it."""
from decimal import Decimal

from truth import Shown, money, type_of

SUMS = ("amount", "usd_amount")


def subtotals(shown, records, fields):
    """Of one group: values for each currency, in the order in which they come; "" where there is
    nothing to say."""
    sums = {}
    for record in records:
        own = sums.setdefault(record["currency"], dict.fromkeys(SUMS, Decimal("0.00")))
        for field in SUMS:
            own[field] += money(record[field]) or 0
    for currency, own in sums.items():
        cells = {"status": "Subtotal", "currency": currency, **own}
        for field in ("participant_name", "participant_email"):
            cells[field] = shown.value("payments", records[-1], field, None)
        yield [cells.get(field, "") for field in fields]


class Row:
    """The values of a record, or of a subtotal with the number of the last record before it."""

    def __init__(self, values, record, is_record=True):
        self.values, self.record, self.is_record = values, record, is_record


class Rows:
    """All of them. `groups` has the number of the last record of each group."""

    def __init__(self, reading, truth):
        self.reading, self.kind = reading, reading.kind
        self.columns = reading.spread(truth)
        self.headers = [header for _, header, _ in self.columns]
        self.types = [type_of(self.kind, field) for field, _, _ in self.columns]
        self.shown = Shown(truth, reading.language, reading.zones)
        self.records = reading.records(truth)
        self.rows, self.groups = [], []
        for number, record in enumerate(self.records, 1):
            self.rows.append(Row([self.value(record, column, number) for column in self.columns],
                                 number))
            if reading.grouped and self.ends_group(number):
                self.add_subtotals(number)

    def value(self, record, column, number):
        field, _, question = column
        if question is not None:
            return self.shown.answers(record, question)
        return self.shown.value(self.kind, record, field, number)

    def ends_group(self, number):
        return number == len(self.records) or (
            self.records[number]["participant_id"] != self.records[number - 1]["participant_id"])

    def add_subtotals(self, last):
        records = self.records[self.groups[-1] if self.groups else 0:last]
        fields = [field for field, _, _ in self.columns]
        self.rows += [Row(values, last, False) for values in subtotals(self.shown, records, fields)]
        self.groups.append(last)

    def between(self, first, count):
        """The rows of @count records from @first (counted from 1) on, and their subtotals."""
        return [row for row in self.rows if first <= row.record < first + count]
