"""What a request asks for, as the contract reads it: columns, records and their order, and the keys
that cells look by."""
import datetime
from decimal import Decimal

import words
from truth import TABLE_OF, column_kind, known, null_first, source_of
from shown import cleaned
from tables import is_text

INCLUDES = {
    "participants": {"include_essays": ["essays"], "include_payments": ["payment_history"],
                     "include_status": ["general_status", "form_status", "document_status"]},
    "payments": {"include_participant_details": [
        "participant_nationality", "participant_institution", "participant_phone_number",
        "participant_category"]},
    "ambassadors": {"include_referral_details": ["referral_list"],
                    "include_referral_success_rate": ["referral_success_rate"]},
}
RELATED_NAMES = {"essays": ["essays"], "payments": ["payment_history"],
                 "status": INCLUDES["participants"]["include_status"],
                 "referrals": ["referral_list"]}
RELATED = {"essays", "payment_history", "referral_list"}
# reference page, Templates
LIMITS = {"participants_standard": (15000, None), "participants_detailed": (10000, 5000),
          "participants_summary": (50000, None)}

TRANSFORMATIONS = {"date_format": "YYYY-MM-DD", "datetime_format": "YYYY-MM-DD HH:mm:ss",
                   "currency_format": "#,##0.00", "boolean_format": "Yes/No", "null_values": "N/A"}
CSV = {"delimiter": ",", "decimal_point": ".", "bom": True, "line_ending": "crlf",
       "quote": "minimal", "formula_guard": True}
PRESETS = {
    "excel": {"delimiter": ",", "decimal_point": ".", "bom": True, "line_ending": "crlf",
              "quote": "minimal"},
    "excel-id": {"delimiter": ";", "decimal_point": ",", "bom": True, "line_ending": "crlf",
                 "quote": "minimal"},
    "rfc4180": {"delimiter": ",", "decimal_point": ".", "bom": False, "line_ending": "crlf",
                "quote": "minimal"},
}


class Refused(Exception):
    """The request is to be refused."""

    def __init__(self, code, field=None):
        super().__init__(code)
        self.code, self.field = code, field


def part(of, key):
    """An object of a request; null and PHP's [] count as an empty one."""
    return of.get(key) or {}


def given(of, *path):
    """A value that is there and not null."""
    for key in path[:-1]:
        of = part(of, key)
    return of.get(path[-1])


def laid_over(defaults, *layers):
    made = dict(defaults)
    for layer in layers:
        if layer.get("preset"):
            made.update(PRESETS[layer["preset"]])
        made.update({k: v for k, v in layer.items() if v is not None and k != "preset"})
    return made


def is_idle(value):
    if isinstance(value, list):
        return all(is_idle(v) for v in value)
    return value in (None, "", "all", {})


def listed(value):
    return value if isinstance(value, list) else [value]


def integers(value):
    return {int(v) for v in listed(value)}


def headed(question):
    """A header has no NUL."""
    return cleaned(question).replace("\x00", "\ufffd")


def next_day(text):
    """As it is written, or what stands behind all days."""
    day = datetime.date.fromisoformat(text)
    return str(day + datetime.timedelta(days=1)) if day < datetime.date.max else "~"


class Reading:
    """A request over the configuration it is made under."""

    def __init__(self, request, config, templates):
        self.request = request
        self.config = config
        self.kind = request["export_type"]
        self.options = part(request, "options")
        self.language = self.options.get("language") or "en"
        self.words = words.Words(self.language)
        self.look = laid_over(TRANSFORMATIONS, part(config, "data_transformations"),
                              part(request, "data_transformations"))
        self.csv = laid_over(CSV, part(config, "csv"), part(request, "csv"))
        self.strings = laid_over({"strings": "shared"}, part(config, "xlsx"),
                                 part(request, "xlsx"))["strings"]
        self.format = request.get("format") or "excel"
        fields = request.get("fields") or []
        stored, shown = config.get("database_timezone") or "UTC", self.options.get("timezone")
        self.zones = (stored, shown) if shown and shown != stored else None
        self.grouped = self.options.get("group_by_participant") is True
        self.template_name = request.get("template") or ("custom" if fields else "standard")
        self.template = templates.get(f"{self.kind}_{self.template_name}")
        self.columns = self.make_columns(fields)
        self.effects = {}  # whether conditions were met, and not met, by name
        self.is_cut = False  # by the limit

    # columns

    def mapped(self, field):
        for of in (self.request, self.config):
            header = part(part(of, "field_mappings"), self.kind).get(field)
            if header is not None:
                return header
        return None

    def header(self, field, own=None):
        return self.mapped(field) or own or self.words.header(self.kind, field)

    def template_columns(self):
        fields, own = self.template["fields"], self.template.get("headers")
        if own is None and self.template_name == "summary":
            own = words.SUMMARY_HEADERS[self.language]
        made = [[f, self.header(f, own and own[i])] for i, f in enumerate(fields)]
        for name in self.template.get("include_related", []):
            made += [[f, self.header(f)] for f in RELATED_NAMES[name] if f not in fields]
        return made

    def custom_columns(self, fields):
        made = []
        for wish in fields or self.default_fields():
            wish = {"field": wish} if isinstance(wish, str) else wish
            made.append([wish["field"], wish.get("header") or self.header(wish["field"])])
        return made

    def default_fields(self):
        fields = self.config.get("fields") or []
        return fields if isinstance(fields, list) else fields.get(self.kind, [])

    def make_columns(self, fields):
        made = self.template_columns() if self.template else self.custom_columns(fields)
        if self.options.get("include_related") is False:
            made = [c for c in made if c[0] not in RELATED]
        for option, wanted in INCLUDES[self.kind].items():
            if self.options.get(option) is False:
                made = [c for c in made if c[0] not in wanted]
            elif self.options.get(option):
                names = [c[0] for c in made]
                at = names.index("participant_email") + 1 if (
                    self.kind == "payments" and "participant_email" in names) else len(made)
                made[at:at] = [[f, self.header(f)] for f in wanted if f not in names]
        if not made:
            raise Refused("INVALID_VALUE", "options")
        return [(*column, None) for column in made]

    def spread(self, truth):
        """(field, header, question) of each column: with essay_layout one for each question."""
        if self.options.get("essay_layout") != "columns":
            return self.columns
        program = self.request.get("program_id")
        questions = truth.questions_of(None if program is None else int(program))
        made = []
        for column in self.columns:
            made += [column] if column[0] != "essays" else [
                ("essays", headed(q["question"]) or self.words.header(self.kind, "essays"), q["id"])
                for q in questions]
        if not made:
            raise Refused("INVALID_VALUE", "options.essay_layout")
        return made

    # records

    def filter(self, name):
        value = part(self.request, "filters").get(name)
        return None if is_idle(value) else value

    def conditions(self, truth):
        """Names, and functions of a row that must all hold."""
        def stored(field):
            return lambda row: truth.stored(self.kind, row, field)

        if not self.options.get("include_deleted"):
            yield "is_deleted", lambda row: row["is_deleted"] == 0
        program = self.request.get("program_id")
        if program is not None:
            yield "program_id", lambda row: truth.program_of(self.kind, row) == int(program)
        yield from {"participants": self.of_participants, "payments": self.of_payments,
                    "ambassadors": self.of_ambassadors}[self.kind](truth, stored)

    def of_participants(self, truth, stored):
        fee = self.filter("program_payment_id")
        fee = fee and integers(fee)
        yield from self.one_of(stored, category="category", ambassador_ref="ref_code_ambassador")
        yield from self.number_of(stored, form_status="form_status")
        if fee is not None:
            yield "program_payment_id", lambda row: any(
                p["program_payment_id"] in fee for p in truth.payments_of.get(row["id"], []))
        wanted = self.filter("payment_status")
        if wanted is not None:
            yield "payment_status", lambda row: truth.state(row, fee) in listed(wanted)
        yield from self.in_days("created_at")

    def of_payments(self, truth, stored):
        yield from self.number_of(stored, status="status", payment_method="payment_method_id")
        yield from self.one_of(stored, payment_category="payment_category", currency="currency")
        yield from self.in_days("payment_date")
        ends = self.filter("amount_range") or {}
        low, high = (None if is_idle(ends.get(e)) else Decimal(str(ends[e]))
                     for e in ("min", "max"))
        if low is not None:
            yield "amount_range.min", lambda row: row["amount"] is not None and row["amount"] >= low
        if high is not None:
            yield "amount_range.max", lambda row: (row["amount"] is not None and
                                                   row["amount"] <= high)

    def of_ambassadors(self, truth, stored):
        yield from self.number_of(stored, status="is_active")
        least, most = self.filter("min_referrals"), self.filter("max_referrals")
        if least is not None:
            yield "min_referrals", lambda row: len(truth.referrals(row)) >= int(least)
        if most is not None:
            yield "max_referrals", lambda row: len(truth.referrals(row)) <= int(most)
        yield from self.in_days("created_at")

    def one_of(self, stored, **fields):
        for name, field in fields.items():
            wanted = self.filter(name)
            if wanted is not None:
                yield name, lambda row, w=listed(wanted), of=stored(field): of(row) in w

    def number_of(self, stored, **fields):
        for name, field in fields.items():
            wanted = self.filter(name)
            if wanted is not None:
                yield name, lambda row, w=integers(wanted), of=stored(field): of(row) in w

    def in_days(self, column):
        ends = self.filter("date_range") or {}
        start, end = (None if is_idle(ends.get(e)) else ends[e] for e in ("start", "end"))

        def day_of(row):
            return (known(row[column]) or "")[:10]

        if start is not None:
            yield "date_range.start", lambda row: day_of(row) != "" and day_of(row) >= start
        if end is not None:
            behind = next_day(end)
            yield "date_range.end", lambda row: "" < day_of(row) < behind

    def sort_key(self, truth):
        """By the value of sort_by, NULL before all others, and by the id where it is the same."""
        field = self.options.get("sort_by") or "id"
        joined, column = source_of(self.kind, field)
        how = column_kind(self.kind, field)
        ranks = truth.ranks(TABLE_OF.get(joined, self.kind), column) if is_text(how) else None

        def key(row):
            value = truth.stored(self.kind, row, field)
            if ranks is not None and value is not None:
                at = row if joined is None else truth.joined(self.kind, row)[joined]
                value = ranks[at["id"]]
            elif how in ("day", "moment"):
                value = known(value)
            return null_first(value), row["id"]
        return key

    def records(self, truth):
        """The rows of the export in their order."""
        tests = list(self.conditions(truth))
        answers = [[test(row) for _, test in tests] for row in truth.rows[self.kind]]
        for (name, _), column in zip(tests, zip(*answers)):
            self.effects[name] = set(column)
        found = [row for row, met in zip(truth.rows[self.kind], answers) if all(met)]
        if self.grouped:
            found.sort(key=lambda row: (row["participant_id"],
                                        null_first(known(row["payment_date"])), row["id"]))
        else:
            found.sort(key=self.sort_key(truth), reverse=self.options.get("sort_order") == "desc")
        limit = self.filter("limit")
        self.is_cut = limit is not None and int(limit) < len(found)
        return found if limit is None else found[:int(limit)]

    def sorts_by(self):
        """The sort of value that records are sorted by, in words."""
        how = column_kind(self.kind, self.options.get("sort_by") or "id")
        return "a text" if is_text(how) else "a time" if how in ("day", "moment") else "a number"

    def is_sort_passed_over(self):
        return self.grouped and (self.options.get("sort_by") is not None or
                                 self.options.get("sort_order") == "desc")


def built_in_templates():
    made = {}
    for kind in words.KINDS:
        made[f"{kind}_standard"] = {"fields": words.STANDARD[kind]}
        made[f"{kind}_detailed"] = {"fields": words.DETAILED[kind]}
    made["participants_summary"] = {"fields": words.SUMMARY}
    for name, (most, chunk) in LIMITS.items():
        made[name].update(max_records_single_file=most, recommended_chunk_size=chunk)
    return made
