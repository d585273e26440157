"""What an export should hold, computed from the raw rows of the tables in another language.

Nothing here knows the library's SQL: it reads whole tables from SQLite and follows
docs/catalog.md's meaning of each field by itself. A cell is None for NULL, a str, an int, a
Decimal, a date or a datetime; render_xlsx and render_csv say how a reader should see it.
"""
import datetime
import sqlite3
import zoneinfo
from decimal import ROUND_HALF_UP, Decimal

FORM = {0: "Not Started", 1: "On Progress", 2: "Submitted"}
GENERAL = {0: "Not Started", 1: "In Progress", 2: "Completed"}
CATEGORY = {"fully_funded": "Fully Funded", "self_funded": "Self Funded"}
PAYMENT = {0: "Created", 1: "Pending", 2: "Success", 3: "Cancelled", 4: "Rejected"}
PAYMENT_STATE = {"success": "Success", "pending": "Pending", "none": "None"}
METHOD = {1: "Midtrans", 2: "Manual Transfer"}
ACTIVE = {1: "Active", 0: "Inactive"}


def tables(path):
    """All tables as lists of dicts."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    names = [r[0] for r in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    found = {n: [dict(r) for r in connection.execute(f'SELECT * FROM "{n}"')] for n in names}
    connection.close()
    return found


def index(rows, key):
    return {r[key]: r for r in rows}


def group(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(row[key], []).append(row)
    return groups


def day(text):
    """A stored date; zero dates are NULL."""
    if text is None or text.startswith("0000"):
        return None
    return datetime.date.fromisoformat(text[:10])


def moment(text):
    if text is None or text.startswith("0000"):
        return None
    return datetime.datetime.fromisoformat(text)


def money(value):
    return None if value is None else Decimal(str(value)).quantize(Decimal("0.01"))


def null_first(value):
    return (value is not None, value)


def moved(cell, stored, shown):
    """A datetime of the zone @stored as it is in the zone @shown; other cells as they are."""
    if not isinstance(cell, datetime.datetime):
        return cell
    try:
        local = cell.replace(tzinfo=zoneinfo.ZoneInfo(stored))
        return local.astimezone(zoneinfo.ZoneInfo(shown)).replace(tzinfo=None)
    except OverflowError:
        return cell


class World:
    """The tables, joined as the reference says."""

    def __init__(self, path):
        t = tables(path)
        self.t = t
        self.users = index(t["users"], "id")
        self.programs = index(t["programs"], "id")
        self.statuses = index(t["participant_statuses"], "participant_id")
        self.program_essays = index(t["program_essays"], "id")
        self.program_payments = index(t["program_payments"], "id")
        self.methods = index(t["payment_methods"], "id")
        self.participants = index(t["participants"], "id")
        live = [p for p in t["payments"] if p["is_deleted"] == 0]
        self.payments_of = group(live, "participant_id")
        self.essays_of = group(
            [e for e in t["participant_essays"] if e["is_deleted"] == 0], "participant_id")
        self.referred = group(
            [p for p in t["participants"] if p["is_deleted"] == 0 and p["ref_code_ambassador"]],
            "ref_code_ambassador")

    def email(self, user_id):
        user = self.users.get(user_id)
        return user and user["email"]

    def method(self, payment):
        row = self.methods.get(payment["payment_method_id"])
        if row:
            return row["name"]
        number = payment["payment_method_id"]
        return METHOD.get(number, None if number is None else str(number))

    def payment_category(self, payment):
        row = self.program_payments.get(payment["program_payment_id"])
        return row and row["category"]

    def state(self, participant):
        found = {p["status"] for p in self.payments_of.get(participant["id"], [])}
        return "success" if 2 in found else "pending" if found & {0, 1} else "none"

    def history(self, participant, move=lambda cell: cell):
        rows = self.payments_of.get(participant["id"], [])
        if not rows:
            return None
        rows = sorted(rows, key=lambda p: (null_first(p["payment_date"]), p["id"]))
        lines = []
        for p in rows:
            amount = "" if p["amount"] is None else str(money(p["amount"]))
            lines.append(" | ".join([
                str(move(moment(p["payment_date"])) or ""), self.payment_category(p) or "",
                f"{amount} {p['currency'] or ''}".strip(),
                PAYMENT.get(p["status"], str(p["status"])), self.method(p) or ""]))
        return "\n".join(lines)

    def essays(self, participant):
        rows = self.essays_of.get(participant["id"], [])
        if not rows:
            return None

        def place(essay):
            question = self.program_essays.get(essay["program_essay_id"])
            return (null_first(question and question["position"]),
                    null_first(question and question["id"]), essay["id"])

        parts = []
        for e in sorted(rows, key=place):
            question = self.program_essays.get(e["program_essay_id"])
            parts.append(f"{question['question'] if question else ''}\n{e['answer'] or ''}")
        return "\n\n".join(parts)

    def questions(self, program):
        """The rows that essays become columns by."""
        rows = [q for q in self.program_essays.values()
                if program is None or q["program_id"] == program]
        return sorted(rows, key=lambda q: (null_first(q["position"]), q["id"]))

    def answers(self, participant, question):
        """What a participant wrote to a question; None for nothing."""
        rows = [e for e in self.essays_of.get(participant["id"], [])
                if e["program_essay_id"] == question["id"]]
        rows.sort(key=lambda e: e["id"])
        return "\n\n".join(e["answer"] or "" for e in rows) if rows else None

    def participant(self, p, number):
        status = self.statuses.get(p["id"]) or {}
        cells = dict(p)
        cells.update({
            "order_number": number,
            "email": self.email(p["user_id"]),
            "category": CATEGORY.get(p["category"], p["category"]),
            "form_status": FORM[status.get("form_status", 0)],
            "general_status": GENERAL[status.get("general_status", 0)],
            "document_status": FORM[status.get("document_status", 0)],
            "payment_status": PAYMENT_STATE[self.state(p)],
            "essays": self.essays(p),
            "payment_history": self.history(p),
            "birthdate": day(p["birthdate"]),
            "created_at": moment(p["created_at"]),
        })
        return cells

    def payment(self, x, number):
        owner = self.participants.get(x["participant_id"]) or {}
        program = self.programs.get(owner.get("program_id"))
        cells = dict(x)
        cells.update({
            "order_number": number,
            "participant_name": owner.get("full_name"),
            "participant_email": self.email(owner.get("user_id")),
            "amount": money(x["amount"]), "usd_amount": money(x["usd_amount"]),
            "status": PAYMENT.get(x["status"], str(x["status"])),
            "payment_method": self.method(x),
            "payment_category": self.payment_category(x),
            "program_name": program and program["name"],
            "payment_date": moment(x["payment_date"]),
        })
        return cells

    def referrals(self, a):
        if not a["ref_code"]:
            return []
        return sorted((p for p in self.referred.get(a["ref_code"], [])
                       if p["program_id"] == a["program_id"]), key=lambda p: p["id"])

    def ambassador(self, a, number):
        referred = self.referrals(a)
        good = sum(self.state(p) == "success" for p in referred)
        rate = None
        if referred:
            rate = (Decimal(100 * good) / len(referred)).quantize(Decimal("0.1"), ROUND_HALF_UP)
        cells = dict(a)
        cells.update({
            "order_number": number,
            "total_referrals": len(referred),
            "successful_referrals": good,
            "referral_success_rate": rate,
            "referral_list": "\n".join(
                f"{p['full_name'] or ''} <{self.email(p['user_id']) or ''}>"
                for p in referred) or None,
            "is_active": ACTIVE.get(a["is_active"], str(a["is_active"])),
            "created_at": moment(a["created_at"]),
        })
        return cells

    def rows(self, kind, fields, keep=lambda row: True, program=1, sort="id", descending=False,
             limit=None, deleted=False):
        """The rows of an export: @keep sees the raw row."""
        raw = [r for r in self.t[kind] if (deleted or r["is_deleted"] == 0) and keep(r)]
        if program is not None:
            raw = [r for r in raw if self.program_of(kind, r) == program]
        raw.sort(key=lambda r: (null_first(r[sort]), r["id"]), reverse=descending)
        if limit is not None:
            raw = raw[:limit]
        make = {"participants": self.participant, "payments": self.payment,
                "ambassadors": self.ambassador}[kind]
        made = (make(r, n + 1) for n, r in enumerate(raw))
        return [[cells[f] for f in fields] for cells in made]

    def grouped(self, fields, keep=lambda row: True, program=1, limit=None):
        """Payments by participant as a list of groups: rows, then a subtotal for each currency in
        the order in which they come. A subtotal's empty cells are ""."""
        raw = [r for r in self.t["payments"] if r["is_deleted"] == 0 and keep(r)]
        if program is not None:
            raw = [r for r in raw if self.program_of("payments", r) == program]
        raw.sort(key=lambda r: (r["participant_id"], null_first(r["payment_date"]), r["id"]))
        groups, number = [], 0
        for payments in group(raw[:limit], "participant_id").values():
            made = []
            for payment in payments:
                number += 1
                made.append(self.payment(payment, number))
            groups.append(([[cells[f] for f in fields] for cells in made],
                           self.subtotals(made, fields)))
        return groups

    def subtotals(self, made, fields):
        sums = {}
        for cells in made:
            total = sums.setdefault(cells["currency"], {"amount": Decimal(0),
                                                        "usd_amount": Decimal(0)})
            for name in total:
                total[name] += cells[name] or 0
        rows = []
        for currency, total in sums.items():
            shown = {"participant_name": made[-1]["participant_name"],
                     "participant_email": made[-1]["participant_email"],
                     "status": "Subtotal", "currency": currency,
                     **{name: value.quantize(Decimal("0.01")) for name, value in total.items()}}
            rows.append([shown.get(f, "") for f in fields])
        return rows

    def program_of(self, kind, row):
        if kind == "payments":
            return (self.participants.get(row["participant_id"]) or {}).get("program_id")
        return row["program_id"]


STANDARD = {
    "participants": ["order_number", "full_name", "email", "nationality", "institution",
                     "phone_number", "category", "form_status", "payment_status", "created_at",
                     "ref_code_ambassador"],
    "payments": ["id", "participant_name", "participant_email", "amount", "currency",
                 "usd_amount", "status", "payment_method", "payment_date", "transaction_code",
                 "order_id"],
    "ambassadors": ["name", "email", "ref_code", "institution", "total_referrals", "is_active",
                    "created_at"],
}
DETAILED = {
    "participants": STANDARD["participants"] + [
        "gender", "birthdate", "education_level", "major", "current_address", "origin_address",
        "emergency_contact", "tshirt_size", "instagram_account", "essays", "payment_history"],
    "payments": STANDARD["payments"] + [
        "payment_category", "account_name", "source_name", "proof_url", "notes",
        "rejection_reason", "program_name"],
    "ambassadors": STANDARD["ambassadors"] + [
        "gender", "phone_number", "notes", "referral_list", "referral_success_rate"],
}
HEADERS = {
    ("participants", "standard"): [
        "Order Number", "Full Name", "Email", "Country", "Institution", "Phone Number",
        "Category", "Form Status", "Payment Status", "Registration Date",
        "Ambassador Reference"],
    ("payments", "standard"): [
        "Payment ID", "Participant Name", "Participant Email", "Payment Amount", "Currency",
        "USD Amount", "Payment Status", "Payment Method", "Payment Date", "Transaction Code",
        "Order ID"],
    ("ambassadors", "standard"): [
        "Ambassador Name", "Email", "Reference Code", "Institution", "Total Referrals",
        "Active Status", "Registration Date"],
}
HEADERS["participants", "detailed"] = HEADERS["participants", "standard"] + [
    "Gender", "Birth Date", "Education Level", "Major", "Current Address", "Origin Address",
    "Emergency Contact", "T-shirt Size", "Instagram Account", "Essays", "Payment History"]
HEADERS["payments", "detailed"] = HEADERS["payments", "standard"] + [
    "Payment Category", "Account Name", "Source Name", "Proof URL", "Notes", "Rejection Reason",
    "Program Information"]
HEADERS["ambassadors", "detailed"] = HEADERS["ambassadors", "standard"] + [
    "Gender", "Phone Number", "Notes", "Referral List", "Referral Success Rate"]


def render_xlsx(cell):
    """A cell as openpyxl should give it, with the default transformations."""
    if cell is None:
        return "N/A"
    if isinstance(cell, (datetime.date, datetime.datetime)):
        if cell.year < 1900:
            return str(cell)
        if not isinstance(cell, datetime.datetime):
            return datetime.datetime(cell.year, cell.month, cell.day)
        return cell
    if isinstance(cell, Decimal):
        # a spreadsheet keeps no more digits of a number
        return float(cell) if len(cell.normalize().as_tuple().digits) <= 15 else str(cell)
    return cell


PLAIN_PHONE = set("0123456789 ().-")


def guarded(text):
    if text[:1] not in tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"):
        return text
    rest = text[1:] if text[0] in "+-" else text
    if all(c in PLAIN_PHONE for c in rest):
        return text
    return "'" + text


def render_csv(cell):
    """A cell as a CSV reader should give it, with the default options."""
    if cell is None:
        return "N/A"
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    if isinstance(cell, (int, Decimal)):
        return str(cell)
    return guarded(cell)
