"""What every field of every record holds: the reference page of the tables, sentence by sentence,
over the raw rows.

A field's value is None for NULL, a str, an int, a Decimal, a bool, a date or a datetime. Nothing
here knows the library's statements.
"""
import datetime
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

import tables
from words import Words

# fields of other tables, by the name of their row in joined()
ELSEWHERE = {
    "participants": {
        "email": ("user", "email"), "user_is_verified": ("user", "is_verified"),
        "last_login_at": ("user", "last_login_at"), "program_name": ("program", "name"),
        "form_status": ("states", "form_status"), "general_status": ("states", "general_status"),
        "document_status": ("states", "document_status")},
    "payments": {
        "participant_name": ("participant", "full_name"),
        "participant_nationality": ("participant", "nationality"),
        "participant_institution": ("participant", "institution"),
        "participant_phone_number": ("participant", "phone_number"),
        "participant_category": ("participant", "category"),
        "participant_email": ("user", "email"), "program_name": ("program", "name"),
        "payment_category": ("fee", "category"), "payment_method": ("method", "name")},
    "ambassadors": {"program_name": ("program", "name")},
}
TABLE_OF = {"user": "users", "program": "programs", "states": "participant_statuses",
            "participant": "participants", "fee": "program_payments", "method": "payment_methods"}
COUNTS_AS_0 = ("form_status", "general_status", "document_status")
COMPUTED = {"order_number": "integer", "total_referrals": "integer",
            "successful_referrals": "integer", "referral_success_rate": "share",
            "payment_status": "text", "essays": "text", "payment_history": "text",
            "referral_list": "text"}
TYPES = {"key": "integer", "id": "integer", "int": "integer", "tiny": "integer",
         "unique": "integer", "day": "date", "moment": "datetime", "money": "money"}


def source_of(kind, field):
    """The joined row and the column that a field comes from."""
    return ELSEWHERE[kind].get(field, (None, field))


def column_kind(kind, field):
    joined, column = source_of(kind, field)
    return dict(tables.TABLES[TABLE_OF.get(joined, kind)])[column]


def type_of(kind, field):
    """text, integer, money, share, date, datetime or boolean."""
    if field == "user_is_verified":
        return "boolean"
    return COMPUTED.get(field) or TYPES.get(column_kind(kind, field), "text")


def by(rows, key):
    return {row[key]: row for row in rows}


def grouped(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def live(rows):
    return [row for row in rows if row["is_deleted"] == 0]


def is_zero(text):
    return text.startswith("0000-00-00")


def known(text):
    """A stored day or moment; zero dates are NULL."""
    return None if text is None or is_zero(text) else text


def parsed(parse, text):
    """A day that no calendar has stays a text."""
    try:
        return parse(text)
    except ValueError:
        return text


def day(text):
    text = known(text)
    return text and parsed(datetime.date.fromisoformat, text[:10])


def moment(text):
    text = known(text)
    return text and parsed(datetime.datetime.fromisoformat, text)


def money(value):
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def moved(value, zones):
    """A moment of the first zone as it is in the second; None: as it is. A time that a clock shows
    twice is the first of them, and one that it leaves out is later by as much."""
    if zones is None or not isinstance(value, datetime.datetime):
        return value
    stored, shown = (value.replace(tzinfo=zoneinfo.ZoneInfo(zone)) for zone in zones)
    try:
        return stored.astimezone(shown.tzinfo).replace(tzinfo=None)
    except OverflowError:  # in UTC it is no moment of the calendar
        return further(value, shown.utcoffset() - stored.utcoffset())


def further(value, by):
    """As it is, if there is no such moment."""
    try:
        return value + by
    except OverflowError:
        return value


def null_first(value):
    return (value is not None, value)


class Truth:
    """The tables of one database. @ranks(table, column) gives the places of texts in its order."""

    def __init__(self, rows, ranks):
        self.rows = rows
        self.ranks = ranks
        self.users = by(rows["users"], "id")
        self.programs = by(rows["programs"], "id")
        self.states = by(rows["participant_statuses"], "participant_id")
        self.questions = by(rows["program_essays"], "id")
        self.fees = by(rows["program_payments"], "id")
        self.methods = by(rows["payment_methods"], "id")
        self.participants = by(rows["participants"], "id")
        self.payments_of = grouped(live(rows["payments"]), "participant_id")
        self.essays_of = grouped(live(rows["participant_essays"]), "participant_id")
        self.referred = grouped(live(rows["participants"]), "ref_code_ambassador")

    def joined(self, kind, row):
        if kind == "participants":
            return {"user": self.users.get(row["user_id"]),
                    "program": self.programs.get(row["program_id"]),
                    "states": self.states.get(row["id"])}
        if kind == "ambassadors":
            return {"program": self.programs.get(row["program_id"])}
        owner = self.participants.get(row["participant_id"])
        return {"participant": owner,
                "user": owner and self.users.get(owner["user_id"]),
                "program": owner and self.programs.get(owner["program_id"]),
                "fee": self.fees.get(row["program_payment_id"]),
                "method": self.methods.get(row["payment_method_id"])}

    def stored(self, kind, row, field):
        """What a field's column has; a missing row has NULL."""
        joined, column = source_of(kind, field)
        at = row if joined is None else self.joined(kind, row)[joined]
        value = None if at is None else at[column]
        return 0 if value is None and field in COUNTS_AS_0 else value

    def state(self, participant, fee=None):
        """By all payments, or by those for some program payments."""
        found = {p["status"] for p in self.payments_of.get(participant["id"], [])
                 if fee is None or p["program_payment_id"] in fee}
        return "success" if 2 in found else "pending" if found & {0, 1} else "none"

    def referrals(self, ambassador):
        code, program = ambassador["ref_code"], ambassador["program_id"]
        if not code or program is None:
            return []
        return sorted((p for p in self.referred.get(code, []) if p["program_id"] == program),
                      key=lambda p: p["id"])

    def questions_of(self, program):
        """The questions of one program, or of all, in their order."""
        return sorted((q for q in self.questions.values()
                       if program is None or q["program_id"] == program),
                      key=lambda q: (q["position"], q["id"]))

    def program_of(self, kind, row):
        if kind != "payments":
            return row["program_id"]
        owner = self.participants.get(row["participant_id"])
        return owner and owner["program_id"]


class Shown:
    """Fields as they are shown in one language: labels in place of what is stored, and moments of
    the first of two zones in the second."""

    def __init__(self, truth, language="en", zones=None):
        self.truth = truth
        self.words = Words(language)
        self.move = lambda value: moved(value, zones)

    def labelled(self, kind, field, stored):
        if stored is None:
            return None
        return self.words.label(kind, field, stored) or str(stored)

    def method(self, payment):
        row = self.truth.methods.get(payment["payment_method_id"])
        if row is not None:
            return row["name"]
        return self.labelled("payments", "payment_method", payment["payment_method_id"])

    def history(self, participant):
        payments = self.truth.payments_of.get(participant["id"], [])
        lines = []
        for p in sorted(payments, key=lambda p: (null_first(known(p["payment_date"])), p["id"])):
            fee = self.truth.fees.get(p["program_payment_id"])
            amount = "" if p["amount"] is None else str(money(p["amount"]))
            lines.append(" | ".join([
                str(self.move(moment(p["payment_date"])) or ""), fee["category"] if fee else "",
                f"{amount} {p['currency'] or ''}".strip(" \t\r\n"),
                self.labelled("payments", "status", p["status"]), self.method(p) or ""]))
        return "\n".join(lines) if lines else None

    def essays(self, participant):
        def place(essay):
            question = self.truth.questions.get(essay["program_essay_id"])
            return (null_first(question and question["position"]),
                    null_first(question and question["id"]), essay["id"])

        texts = []
        for essay in sorted(self.truth.essays_of.get(participant["id"], []), key=place):
            question = self.truth.questions.get(essay["program_essay_id"])
            title = question["question"] if question else ""
            texts.append(title + "\n" + (essay["answer"] or ""))
        return "\n\n".join(texts) if texts else None

    def answers(self, participant, question):
        """What somebody wrote to one question; several answers are parted as essays are."""
        essays = [e for e in self.truth.essays_of.get(participant["id"], [])
                  if e["program_essay_id"] == question]
        essays.sort(key=lambda e: e["id"])
        return "\n\n".join(e["answer"] or "" for e in essays) if essays else None

    def referral_list(self, ambassador):
        lines = []
        for p in self.truth.referrals(ambassador):
            user = self.truth.users.get(p["user_id"])
            lines.append(f"{p['full_name'] or ''} <{user['email'] if user else ''}>")
        return "\n".join(lines) if lines else None

    def referral_figure(self, ambassador, field):
        referred = self.truth.referrals(ambassador)
        if field == "total_referrals":
            return len(referred)
        good = sum(self.truth.state(p) == "success" for p in referred)
        if field == "successful_referrals":
            return good
        if not referred:
            return None
        return (Decimal(100 * good) / len(referred)).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def computed(self, kind, row, field, number):
        if field == "order_number":
            return number
        if field == "payment_status":
            return self.labelled(kind, field, self.truth.state(row))
        if field == "essays":
            return self.essays(row)
        if field == "payment_history":
            return self.history(row)
        if field == "referral_list":
            return self.referral_list(row)
        return self.referral_figure(row, field)

    def value(self, kind, row, field, number):
        """A field of the record with this number in its export."""
        if field in COMPUTED:
            return self.computed(kind, row, field, number)
        if field == "payment_method":
            return self.method(row)
        stored = self.truth.stored(kind, row, field)
        if stored is None:
            return None
        if self.words.types[kind]["fields"][field].get("labels"):
            return self.labelled(kind, field, stored)
        how = type_of(kind, field)
        if how == "boolean":
            return bool(stored) if stored in (0, 1) else str(stored)
        if how == "datetime":
            return self.move(moment(stored))
        return {"date": day, "money": money}.get(how, lambda v: v)(stored)
