"""What some hundred cases must have had between them: that every filter takes some records and
leaves others, that every option, format, strategy, warning and refusal comes."""
import collections
from decimal import Decimal

import reading
import words
from reading import INCLUDES, given, part
from shown import FIRST_DATE
from words import KINDS

FILTERS = {
    "participants": ["category", "form_status", "payment_status", "program_payment_id",
                     "ambassador_ref", "date_range.start", "date_range.end"],
    "payments": ["status", "payment_method", "payment_category", "currency", "date_range.start",
                 "date_range.end", "amount_range.min", "amount_range.max"],
    "ambassadors": ["status", "min_referrals", "max_referrals", "date_range.start",
                    "date_range.end"],
}
SOME_HUNDRED = 500


def wanted():
    """The names of all features."""
    catalog = words.Words().types
    for kind in KINDS:
        for name in FILTERS[kind] + ["is_deleted", "program_id"]:
            yield from (f"{kind} that {name} takes", f"{kind} that {name} leaves")
        for option in [*INCLUDES[kind], "include_related"]:
            yield from (f"{kind}: {option} is {value}" for value in (True, False, None))
        yield from (f"{kind}: {field}" for field in catalog[kind]["fields"])
        yield from (f"{kind} by {template}" for template in ("standard", "detailed", "custom"))
    yield "participants by summary"
    for form in ("excel", "csv"):
        for strategy in ("immediate_single", "background_single", "compressed_single", "multi_file",
                         "single"):
            yield f"{form}: {strategy}"
        yield from (f"{form}: {used}" for used in ("none", "gzip", "zip"))
        yield from (f"{form}: {what}" for what in (
            "nothing", "groups", "a group with several currencies", "batches", "essays as columns",
            "times of another zone", "a header of the request", "NULL", "an empty text",
            "a date before 1900-03-01", "a day that no calendar has", "a part of a second",
            "an amount of more than 15 digits"))
    yield from ("excel: moved", "excel: cleaned", "csv: cleaned", "csv: guarded", "excel: inline",
                "excel: shared", "excel: several sheets")
    yield from (f"warning {code}" for code in (
        "LONG_TEXTS", "CELLS_CLEANED", "CELLS_GUARDED", "LONG_SHEET", "CHUNK_SIZE_HELD",
        "NOT_COMPRESSED", "NOT_GZIPPED", "NOT_ARCHIVED", "SORT_IGNORED", "NO_EMAIL"))
    yield from ("refused: TOO_LARGE", "refused: INVALID_VALUE", "a limit that cuts",
                "templates of the installation", "several files of groups")
    yield from (f"class {name}" for name in ("immediate", "high", "normal", "low"))
    yield from (f"language {name}" for name in ("en", "id"))
    for how in ("a text", "a number", "a time"):
        yield from (f"sorted by {how}, {order}" for order in ("asc", "desc"))
    for layer, default in (("csv", reading.CSV), ("data_transformations", reading.TRANSFORMATIONS)):
        yield from (f"{layer}.{key} of a {of}" for key in default
                    for of in ("request", "configuration"))
    yield from (f"csv.preset {name}" for name in reading.PRESETS)


def features(case, expected):
    """Those of one export."""
    asked, shipping, rows = expected.reading, expected.shipping, expected.rows
    kind, form = asked.kind, asked.format
    for name, met in asked.effects.items():
        yield from (f"{kind} that {name} {'takes' if is_met else 'leaves'}" for is_met in met)
    yield from (f"{kind}: {name} is {value}" for name, value in asked.options.items()
                if name in INCLUDES[kind] or name == "include_related")
    yield from (f"{kind}: {field}" for field, _, _ in rows.columns)
    yield f"{kind} by {asked.template_name}"
    yield f"class {shipping.priority}"
    yield f"language {asked.language}"
    yield from (f"warning {code}" for code in expected.warnings())
    yield from (f"{form}: {r['repair']}" for r in expected.all_repairs())
    yield from (f"{form}: {what}" for what in of_delivery(case, expected))
    yield from (f"{form}: {what}" for what in set(of_values(rows)))
    if asked.is_cut:
        yield "a limit that cuts"
    if case.made.own_templates:
        yield "templates of the installation"
    if asked.grouped and len(shipping.files) > 1:
        yield "several files of groups"
    if not asked.grouped and asked.options.get("sort_by"):
        yield f"sorted by {asked.sorts_by()}, {asked.options.get('sort_order') or 'asc'}"
    for of, layer in (("request", case.request), ("configuration", case.config)):
        for name in ("csv", "data_transformations"):
            yield from (f"{name}.{key} of a {of}" for key in part(layer, name))
        yield f"csv.preset {given(layer, 'csv', 'preset')}"


def of_delivery(case, expected):
    asked, shipping, rows = expected.reading, expected.shipping, expected.rows
    yield shipping.strategy
    yield shipping.used
    if not rows.rows:
        yield "nothing"
    if len(shipping.files) > 1:
        yield "batches"
    if any(len(rows.between(first, count)) > shipping.rows_per_sheet
           for _, first, count in shipping.files):
        yield "several sheets"
    if rows.groups:
        yield "groups"
        if len(rows.rows) - len(rows.records) > len(rows.groups):
            yield "a group with several currencies"
    if any(question is not None for _, _, question in rows.columns):
        yield "essays as columns"
    if asked.zones and any(how == "datetime" for how in rows.types):
        yield "times of another zone"
    if any(asked.mapped(field) for field, _, _ in rows.columns):
        yield "a header of the request"
    if asked.format == "excel":
        yield asked.strings


def of_values(rows):
    for row in rows.rows:
        for value, how in zip(row.values, rows.types):
            if value is None:
                yield "NULL"
            elif value == "" and row.is_record:
                yield "an empty text"
            elif how in ("date", "datetime"):
                yield from of_time(value)
            elif isinstance(value, Decimal) and abs(value) >= 10 ** 13:
                yield "an amount of more than 15 digits"


def of_time(value):
    if isinstance(value, str):
        yield "a day that no calendar has"
    elif value.isoformat() < FIRST_DATE.isoformat():
        yield "a date before 1900-03-01"
    elif getattr(value, "microsecond", 0):
        yield "a part of a second"


class Coverage:
    """Counts features."""

    def __init__(self):
        self.seen = collections.Counter()

    def add(self, case, expected):
        self.seen.update(set(features(case, expected)))

    def refused(self, refused):
        self.seen[f"refused: {refused.code}"] += 1

    def look(self, cases):
        """The arguments of a TAP line."""
        name = "the cases use all that there is to use"
        if cases < SOME_HUNDRED:
            return name, [], f"that takes {SOME_HUNDRED} cases"
        return name, [f"none has: {what}" for what in wanted() if not self.seen[what]], None
