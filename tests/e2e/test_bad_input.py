"""Requests that are wrong, in every way we know: each gets the specification's error response, with the
field, what came, what would be valid and what was probably meant, and leaves nothing behind."""
import itertools
import json
import os
import re
import subprocess
import unittest

import harness
import tap

harness.PARTICIPANTS = 120

BIG = 10 ** 30
LONG = 10_000_000
REQUEST_BYTES = 1 << 20

# What docs/request.schema.json cannot know: names of the catalog and of the configuration, days of
# the calendar, zones, two values that do not go together, the grammar of formats and sizes.
BEYOND_SCHEMA = {
    "UNKNOWN_EXPORT_TYPE": ".", "UNKNOWN_TEMPLATE": ".", "UNKNOWN_FIELD": ".", "UNSUPPORTED": ".",
    "MISSING_KEY": "^fields$|email_address",
    "INVALID_VALUE": "date_range|amount_range|min_referrals|_format$|^csv$|^options$|sort_by|timezone"
                     "|email_address|max_file_size"}
# Codes that blame a key; its value is not shown, for it may be a secret beside a misspelt name.
BLAME_KEYS = {"UNKNOWN_KEY", "UNKNOWN_FILTER", "MISSING_KEY"}


def between(**ends):
    return {"filters": {"date_range": ends}}


def amounts(**ends):
    return {"filters": {"amount_range": ends}}


def filters(**values):
    return {"filters": values}


def options(**values):
    return {"options": values}


def large(**values):
    return {"large_dataset_options": values}


def delivery(**values):
    return {"delivery_options": values}


def shown_as(**values):
    return {"data_transformations": values}


def is_beyond_schema(code, field):
    return re.search(BEYOND_SCHEMA.get(code, "(?!)"), field) is not None


def at(value, path):
    """The value at a path such as fields[2].header."""
    for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        value = value[key] if key else value[int(index)]
    return value


def shown(value):
    """A value as error responses show it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    cut = text.encode()[:120].decode(errors="ignore")
    text = text if len(text.encode()) <= 120 else cut + "..."
    return text.replace("\x7f", "\ufffd")  # no answer has control characters


class Refusals(harness.Case):
    def refuse(self, request, code, field=None, allowed=None, meant=None):
        """@allowed: a part of what is said to be valid; @meant: the whole suggestion."""
        with self.subTest(request=str(request)[:200]):
            answer = self.export(request, expect=2)
            details = answer["details"]
            self.assertEqual((answer["error_code"], details.get("field"), details.get("suggestion")),
                             (code, field, meant), answer["message"])
            self.assertIn(allowed or "", details["allowed"] if allowed else "")
            self.check_form(answer, request)
        return answer

    def check_form(self, answer, request):
        details = answer["details"]
        code, field = answer["error_code"], details.get("field")
        self.assertEqual(answer["status"], "error")
        self.assertFalse(details["memory_exceeded"] or details["retriable"])
        self.assertEqual(answer["recovery_options"],
                         {"retry_with_smaller_chunks": False, "use_multi_file_strategy": False,
                          "resume": False, "filter_suggestions": []})
        self.assertEqual(self.run_of_export.stderr, f"ybbexport: {answer['message']}\n")
        self.assertEqual(os.listdir(self.out), [])
        if field is not None:
            self.assertTrue(answer["message"].startswith(field) or code == "INVALID_JSON")
        if field is not None and isinstance(request, dict) and code not in BLAME_KEYS:
            by_key = code.startswith("UNKNOWN_") and field.startswith("field_mappings")
            self.assertEqual(details.get("value"),
                             None if by_key else shown(at(request, field)))

    def refuse_all(self, kind, cases):
        """Each case: what is added to the request, code, field, allowed, suggestion."""
        for more, code, *rest in cases:
            request = {"export_type": kind, **more}
            self.refuse(request, code, *rest)
            if harness.jsonschema and not is_beyond_schema(code, rest[0]):
                self.assertFalse(harness.Schema.of("request").is_valid(request),
                                 f"docs/request.schema.json takes {request}")

    def test_what_is_no_request(self):
        for request in (b"[]", b"{}"):
            self.refuse(request, "MISSING_KEY", "export_type", "participants, payments, ambassadors")
        for request in (b'"x"', b"5", b"null", b"true", b"[1]"):
            self.refuse(request, "INVALID_TYPE", None, "an object")

    def test_export_types(self):
        every = "participants, payments, ambassadors"
        for name, code, meant in (("participant", "UNKNOWN_EXPORT_TYPE", "participants"),
                                  ("PAYMENTS", "UNKNOWN_EXPORT_TYPE", "payments"),
                                  ("", "UNKNOWN_EXPORT_TYPE", None),
                                  ("users; DROP TABLE users", "UNKNOWN_EXPORT_TYPE", None)):
            self.refuse({"export_type": name}, code, "export_type", every, meant)
        self.refuse({"export_type": None}, "MISSING_KEY", "export_type", every)
        for value in (5, ["participants"], {"a": 1}, True):
            self.refuse({"export_type": value}, "INVALID_TYPE", "export_type", "a text")

    def test_keys(self):
        self.refuse_all("participants", [
            ({"filtres": {}}, "UNKNOWN_KEY", "filtres", "program_id, format", "filters"),
            ({"": 1}, "UNKNOWN_KEY", '""', "export_type"),
            ({"x": 1}, "UNKNOWN_KEY", "x", "export_type"),
            ({"source": "mysql://u:pw@h/d"}, "UNKNOWN_KEY", "source", "export_type"),
            (options(sort_oder="asc"), "UNKNOWN_KEY", "options.sort_oder", "sort_by", "sort_order"),
            (large(chunk_sise=1), "UNKNOWN_KEY", "large_dataset_options.chunk_sise", "strategy",
             "chunk_size"),
            (delivery(chunk_size=5), "UNKNOWN_KEY", "delivery_options.chunk_size", "retention_days"),
            (shown_as(date_formt="x"), "UNKNOWN_KEY", "data_transformations.date_formt",
             "null_values", "date_format"),
            ({"csv": {"delimeter": ";"}}, "UNKNOWN_KEY", "csv.delimeter", "preset", "delimiter"),
            ({"xlsx": {"string": "x"}}, "UNKNOWN_KEY", "xlsx.string", "strings", "strings"),
            (between(**{"from": "2025-01-01"}), "UNKNOWN_KEY", "filters.date_range.from",
             "start, end"),
        ])

    def test_templates_and_fields(self):
        many = "order_number, id, user_id"
        self.refuse_all("participants", [
            ({"template": "detaled"}, "UNKNOWN_TEMPLATE", "template",
             "standard, detailed, summary, custom", "detailed"),
            ({"template": "../x"}, "UNKNOWN_TEMPLATE", "template", "standard"),
            ({"template": 5}, "INVALID_TYPE", "template", "a text"),
            ({"template": "custom"}, "MISSING_KEY", "fields", "a list of names"),
            ({"template": "custom", "fields": []}, "MISSING_KEY", "fields", "a list of names"),
            ({"fields": ["ful_name"]}, "UNKNOWN_FIELD", "fields[0]", many, "full_name"),
            ({"fields": ["id", "users.email"]}, "UNKNOWN_FIELD", "fields[1]", many),
            ({"fields": ["id", {"field": "emial"}]}, "UNKNOWN_FIELD", "fields[1].field", many,
             "email"),
            ({"fields": [5]}, "INVALID_TYPE", "fields[0]", "a text or an object"),
            ({"fields": [None]}, "INVALID_TYPE", "fields[0]", "a text or an object"),
            ({"fields": [["id"]]}, "INVALID_TYPE", "fields[0]", "a text or an object"),
            ({"fields": "id"}, "INVALID_TYPE", "fields", "a list"),
            ({"fields": {"a": 1}}, "INVALID_TYPE", "fields", "a list"),
            ({"fields": [{"header": "x"}]}, "MISSING_KEY", "fields[0].field"),
            ({"fields": [{"field": "id", "head": "x"}]}, "UNKNOWN_KEY", "fields[0].head",
             "field, header"),
            ({"fields": [{"field": "id", "header": ""}]}, "INVALID_VALUE", "fields[0].header",
             "1 to 255"),
            ({"fields": [{"field": "id", "header": "x" * 256}]}, "INVALID_VALUE",
             "fields[0].header", "1 to 255"),
            ({"fields": [{"field": "id", "header": 5}]}, "INVALID_TYPE", "fields[0].header",
             "a text"),
            ({"fields": ["id", "id"]}, "INVALID_VALUE", "fields[1]", "each field once"),
            ({"fields": ["id"] * 1001}, "INVALID_VALUE", "fields", "at most 1000"),
            ({"fields": ["id"], "template": "standard"}, "INVALID_VALUE", "fields", "custom"),
            ({"fields": ["essays"], **options(include_essays=False)}, "INVALID_VALUE", "options",
             "one column"),
            ({"field_mappings": {"participant": {"id": "x"}}}, "UNKNOWN_EXPORT_TYPE",
             "field_mappings.participant", "payments", "participants"),
            ({"field_mappings": {"participants": {"idd": "x"}}}, "UNKNOWN_FIELD",
             "field_mappings.participants.idd", many, "id"),
            ({"field_mappings": {"participants": {"id": ""}}}, "INVALID_VALUE",
             "field_mappings.participants.id", "1 to 255"),
        ])
        self.refuse({"export_type": "payments", "template": "summary"}, "UNKNOWN_TEMPLATE",
                    "template", "standard, detailed, custom")

    def test_filters_of_participants(self):
        states = "0, 1, 2, all"
        self.refuse_all("participants", [
            (filters(categori="x"), "UNKNOWN_FILTER", "filters.categori", "date_range, limit",
             "category"),
            (filters(status=1), "UNKNOWN_FILTER", "filters.status", "form_status"),
            (filters(category="fuly_funded"), "INVALID_VALUE", "filters.category",
             "fully_funded, self_funded, all", "fully_funded"),
            (filters(category=5), "INVALID_VALUE", "filters.category", "self_funded"),
            (filters(category=True), "INVALID_TYPE", "filters.category", "a text"),
            *[(filters(category=wrong), "INVALID_TYPE", "filters.category", "a text")
              for wrong in ({"a": 1}, {})],
            (filters(category=["self_funded", "all"]), "INVALID_VALUE", "filters.category[1]",
             "values that filter"),
            (filters(category=["self_funded", None]), "INVALID_VALUE", "filters.category[1]",
             "values that filter"),
            (filters(category=["self_funded", ["x"]]), "INVALID_TYPE", "filters.category[1]",
             "a text"),
            (filters(form_status=3), "INVALID_VALUE", "filters.form_status", states),
            *[(filters(form_status=wrong), "INVALID_VALUE", "filters.form_status", states)
              for wrong in ("x", "2.0", "02", "-0")],
            (filters(form_status={}), "INVALID_TYPE", "filters.form_status", "an integer"),
            (filters(limit={}), "INVALID_TYPE", "filters.limit", "an integer from 1"),
            (filters(form_status=1.5), "INVALID_VALUE", "filters.form_status", states),
            (filters(form_status=BIG), "INVALID_VALUE", "filters.form_status", states),
            (filters(form_status=-1), "INVALID_VALUE", "filters.form_status", states),
            (filters(form_status=[1, 7]), "INVALID_VALUE", "filters.form_status[1]", states),
            (filters(form_status=True), "INVALID_TYPE", "filters.form_status", "an integer"),
            (filters(payment_status="sucess"), "INVALID_VALUE", "filters.payment_status",
             "success, pending, none, all", "success"),
            (filters(payment_status=2), "INVALID_VALUE", "filters.payment_status", "success"),
            (filters(program_payment_id="x"), "INVALID_VALUE", "filters.program_payment_id",
             "an integer"),
            (filters(program_payment_id=1.5), "INVALID_VALUE", "filters.program_payment_id",
             "an integer"),
            (filters(program_payment_id=10 ** 19), "INVALID_VALUE", "filters.program_payment_id",
             "an integer"),
            (filters(program_payment_id={"a": 1}), "INVALID_TYPE", "filters.program_payment_id",
             "an integer"),
            (filters(ambassador_ref=5), "INVALID_TYPE", "filters.ambassador_ref", "a text"),
            (filters(ambassador_ref=["a"] * 1001), "INVALID_VALUE", "filters.ambassador_ref",
             "at most 1000"),
            *[(filters(limit=wrong), "INVALID_VALUE", "filters.limit",
               f"an integer from 1 to {2 ** 64 - 1}")
              for wrong in (0, -5, 1.5, "ten", 10 ** 20, "-1", " 5")],
            *[(filters(limit=wrong), "INVALID_TYPE", "filters.limit", "an integer from 1")
              for wrong in (True, [5], {"a": 1})],
        ])

    def test_filters_of_the_other_types(self):
        self.refuse_all("payments", [
            (filters(status=5), "INVALID_VALUE", "filters.status", "0, 1, 2, 3, 4, all"),
            (filters(status="succes"), "INVALID_VALUE", "filters.status", "0, 1, 2, 3, 4, all"),
            (filters(payment_method="cash"), "INVALID_VALUE", "filters.payment_method",
             "an integer"),
            (filters(payment_method=True), "INVALID_TYPE", "filters.payment_method", "an integer"),
            (filters(payment_category=5), "INVALID_TYPE", "filters.payment_category", "a text"),
            (filters(currency=["USD", 5]), "INVALID_TYPE", "filters.currency[1]", "a text"),
            (filters(curency="USD"), "UNKNOWN_FILTER", "filters.curency", "currency", "currency"),
        ])
        self.refuse_all("ambassadors", [
            (filters(status=2), "INVALID_VALUE", "filters.status", "1, 0, all"),
            *[(filters(min_referrals=wrong), "INVALID_VALUE", "filters.min_referrals",
               "an integer from 0") for wrong in (-1, "x", 1.5, "1.0", "-0", 10 ** 19)],
            (filters(min_referrals=[1]), "INVALID_TYPE", "filters.min_referrals", "an integer"),
            (filters(min_referrals=5, max_referrals=3), "INVALID_VALUE", "filters.min_referrals",
             "at most"),
        ])

    def test_dates(self):
        day = 'a date "YYYY-MM-DD"'
        wrong = ("2025-02-29", "1900-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00",
                 "0000-00-00", "0000-01-01", "10000-01-01", "2025-1-1", "2025-01-01 00:00:00",
                 "01/02/2025", "yesterday", "2025-01-01\n", "-025-01-01", "２０２５-01-01")
        self.refuse_all("participants", [
            *[(between(start=text), "INVALID_VALUE", "filters.date_range.start", day)
              for text in wrong],
            *[(between(end=text), "INVALID_VALUE", "filters.date_range.end", day)
              for text in wrong[:3]],
            *[(between(start=value), "INVALID_TYPE", "filters.date_range.start", day)
              for value in (20250101, True, ["2025-01-01"], {"a": 1}, {})],
            (between(start="2025-02-01", end="2025-01-31"), "INVALID_VALUE",
             "filters.date_range.start", "at most end (2025-01-31)"),
            (filters(date_range="2025-01-01"), "INVALID_TYPE", "filters.date_range", "an object"),
            (filters(date_range=["2025-01-01"]), "INVALID_TYPE", "filters.date_range", "an object"),
        ])
        for ends in ({"start": "2024-02-29"}, {"end": "9999-12-31"}, {"start": "0001-01-01"},
                     {"start": "2000-02-29", "end": "2000-02-29"}):
            self.export({"export_type": "payments", **between(**ends)})

    def test_amounts(self):
        decimal = "a number or decimal text"
        self.refuse_all("payments", [
            *[(amounts(min=wrong), "INVALID_VALUE", "filters.amount_range.min", decimal)
              for wrong in ("x", "1,000", "NaN", "Infinity", "0x10", "1e400", "--1", 10 ** 36,
                            "0." + "0" * 30 + "1")],
            *[(amounts(max=wrong), "INVALID_TYPE", "filters.amount_range.max", decimal)
              for wrong in (True, [1], {"a": 1}, {})],
            (amounts(min=5, max=4), "INVALID_VALUE", "filters.amount_range.min", "at most max (4)"),
            (amounts(min=-1, max="-1.01"), "INVALID_VALUE", "filters.amount_range.min", "-1.01"),
            (amounts(mim=5), "UNKNOWN_KEY", "filters.amount_range.mim", "min, max", "min"),
            (filters(amount_range=5), "INVALID_TYPE", "filters.amount_range", "an object"),
        ])
        for ends in (b'"min":-0.0,"max":0', b'"min":1e-20,"max":1E30', b'"min":"-99","max":""'):
            self.export(b'{"export_type":"payments","filters":{"amount_range":{' + ends + b"}}}")

    def test_programs_and_formats(self):
        self.refuse_all("participants", [
            *[({"program_id": wrong}, "INVALID_VALUE", "program_id", "an integer from 1")
              for wrong in (0, -1, 1.5, "1.0", "x", "", "all", 10 ** 19)],
            *[({"program_id": wrong}, "INVALID_TYPE", "program_id", "an integer from 1")
              for wrong in (True, [1], {})],
            ({"format": "exel"}, "INVALID_VALUE", "format", "excel, csv", "excel"),
            ({"format": "xlsx"}, "INVALID_VALUE", "format", "excel, csv"),
            ({"format": 5}, "INVALID_TYPE", "format", "a text"),
        ])

    def test_options(self):
        self.refuse_all("participants", [
            (options(sort_by="ful_name"), "UNKNOWN_FIELD", "options.sort_by", "id, user_id",
             "full_name"),
            (options(sort_by="id; DROP TABLE users"), "UNKNOWN_FIELD", "options.sort_by", "id"),
            (options(sort_by=""), "UNKNOWN_FIELD", "options.sort_by", "id"),
            *[(options(sort_by=name), "INVALID_VALUE", "options.sort_by", "id, user_id")
              for name in ("essays", "experiences", "payment_status", "order_number")],
            (options(sort_by=5), "INVALID_TYPE", "options.sort_by", "a text"),
            (options(sort_order="ascending"), "INVALID_VALUE", "options.sort_order", "asc, desc"),
            (options(sort_order=1), "INVALID_TYPE", "options.sort_order", "a text"),
            (options(include_essay=True), "UNKNOWN_KEY", "options.include_essay", "essay_layout",
             "include_essays"),
            (options(group_by_participant=True), "UNKNOWN_KEY", "options.group_by_participant",
             "include_essays"),
            *[(options(**{name: "yes"}), "INVALID_TYPE", "options." + name, "true or false")
              for name in ("include_essays", "include_payments", "include_status",
                           "include_related", "include_deleted", "include_summary")],
            *[(options(batch_size=wrong), "INVALID_VALUE", "options.batch_size",
               f"an integer from 1 to {2 ** 64 - 1}") for wrong in (0, -1, "x", 10 ** 20)],
            (options(batch_size=True), "INVALID_TYPE", "options.batch_size", "an integer from 1"),
            (options(essay_layout="colums"), "INVALID_VALUE", "options.essay_layout",
             "text, columns", "columns"),
            (options(language="fr"), "INVALID_VALUE", "options.language", "en, id"),
            (options(timezone="Asia/Nowhere"), "INVALID_VALUE", "options.timezone", "an IANA name"),
            (options(timezone=7), "INVALID_TYPE", "options.timezone", "a text"),
        ])
        self.refuse_all("payments", [
            (options(include_essays=True), "UNKNOWN_KEY", "options.include_essays",
             "group_by_participant"),
            (options(group_by_participant="yes"), "INVALID_TYPE", "options.group_by_participant",
             "true or false"),
            (options(include_participant_details=1), "INVALID_TYPE",
             "options.include_participant_details", "true or false"),
        ])
        self.refuse_all("ambassadors", [
            (options(include_referral_details=0), "INVALID_TYPE",
             "options.include_referral_details", "true or false"),
            (options(include_referral_succes_rate=True), "UNKNOWN_KEY",
             "options.include_referral_succes_rate", "sort_by", "include_referral_success_rate"),
        ])

    def test_sizes_and_strategies(self):
        within = "large_dataset_options."
        self.refuse_all("participants", [
            (large(strategy="multi"), "INVALID_VALUE", within + "strategy", "auto, single"),
            (large(strategy="compresed"), "INVALID_VALUE", within + "strategy", "auto, single",
             "compressed"),
            (large(strategy=5), "INVALID_TYPE", within + "strategy", "a text"),
            (large(compression="bzip2"), "INVALID_VALUE", within + "compression",
             "none, gzip, zip", "gzip"),
            *[(large(chunk_size=wrong), "INVALID_VALUE", within + "chunk_size",
               f"an integer from 1 to {2 ** 64 - 1}")
              for wrong in (0, -1, "x", 2.5)],
            *[(large(max_file_size=wrong), "INVALID_VALUE", within + "max_file_size", "50MB")
              for wrong in (0, -1, "50 apples", "99999999999999TB", "0MB", "-5MB", "")],
            (large(max_file_size=True), "INVALID_TYPE", within + "max_file_size", "50MB"),
            (large(memory_limit="much"), "INVALID_VALUE", within + "memory_limit", "50MB"),
            (large(memory_limit=[]), "INVALID_TYPE", within + "memory_limit", "50MB"),
            (large(parallel_processing=1), "INVALID_TYPE", within + "parallel_processing",
             "true or false"),
            (large(create_zip_archive="yes"), "INVALID_TYPE", within + "create_zip_archive",
             "true or false"),
        ])

    def test_delivery_and_tags(self):
        within = "delivery_options."
        self.refuse_all("participants", [
            *[(delivery(email_address=wrong), "INVALID_VALUE", within + "email_address",
               "a domain")
              for wrong in ("admin", "@example.com", "a@b", "a b@example.com", "-f@example.com",
                            "a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com",
                            "a@example.com\nx", '"a"@example.com', "x" * 65 + "@example.com")],
            (delivery(email_address=5), "INVALID_TYPE", within + "email_address", "a text"),
            (delivery(email_notification=True), "MISSING_KEY", within + "email_address",
             "an e-mail address"),
            *[(delivery(retention_days=wrong), "INVALID_VALUE", within + "retention_days",
               "1 to 36500") for wrong in (0, -1, 40000, "x")],
            (delivery(create_zip_archive="x"), "INVALID_TYPE", within + "create_zip_archive",
             "true or false"),
            *[({"owner": wrong}, "INVALID_VALUE", "owner", "1 to 200 bytes")
              for wrong in ("", "a\nb", "a\x7fb", "x" * 201)],
            ({"idempotency_key": 5}, "INVALID_TYPE", "idempotency_key", "a text"),
        ])

    def test_looks(self):
        within = "data_transformations."
        self.refuse_all("participants", [
            *[(shown_as(date_format=wrong), "INVALID_VALUE", within + "date_format", "YYYY-MM-DD")
              for wrong in ("x", "", "HH:mm", "DDD", "Y" * 101, "YYYY\n")],
            (shown_as(datetime_format="QQ"), "INVALID_VALUE", within + "datetime_format",
             "YYYY-MM-DD HH:mm:ss"),
            *[(shown_as(currency_format=wrong), "INVALID_VALUE", within + "currency_format",
               "#,##0.00") for wrong in ("[", "", "0\t0")],
            *[(shown_as(boolean_format=wrong), "INVALID_VALUE", within + "boolean_format", "Yes/No")
              for wrong in ("Yes", "a/a", "a/b/c", "")],
            (shown_as(null_values="x" * 256), "INVALID_VALUE", within + "null_values",
             "at most 255"),
            *[(shown_as(**{name: 5}), "INVALID_TYPE", within + name, "a text")
              for name in ("date_format", "datetime_format", "currency_format", "boolean_format",
                           "null_values")],
            *[({"csv": {"delimiter": wrong}}, "INVALID_VALUE", "csv.delimiter", '","')
              for wrong in ("x", "", ",,", "\n")],
            ({"csv": {"delimiter": 5}}, "INVALID_TYPE", "csv.delimiter", "a text"),
            ({"csv": {"decimal_point": ";"}}, "INVALID_VALUE", "csv.decimal_point", '"."'),
            ({"csv": {"delimiter": ",", "decimal_point": ","}}, "INVALID_VALUE", "csv",
             "two signs"),
            ({"csv": {"preset": "exel"}}, "INVALID_VALUE", "csv.preset", "rfc4180", "excel"),
            *[({"csv": {name: 1}}, "INVALID_TYPE", "csv." + name, "true or false")
              for name in ("bom", "formula_guard")],
            ({"csv": {"line_ending": "crfl"}}, "INVALID_VALUE", "csv.line_ending", "lf, crlf", "crlf"),
            ({"csv": {"line_ending": True}}, "INVALID_TYPE", "csv.line_ending", "a text"),
            ({"csv": {"quote": "al"}}, "INVALID_VALUE", "csv.quote", "minimal, all", "all"),
            ({"xlsx": {"strings": "share"}}, "INVALID_VALUE", "xlsx.strings", "shared, inline",
             "shared"),
        ])

    def test_parts_that_are_no_objects(self):
        parts = ("filters", "options", "large_dataset_options", "delivery_options",
                 "field_mappings", "data_transformations", "csv", "xlsx", "pdf")
        self.refuse_all("participants", [
            ({part: wrong}, "INVALID_TYPE", part, "an object")
            for part in parts for wrong in (5, "x", True, [1])])
        self.refuse({"export_type": "participants", "field_mappings": {"participants": "x"}},
                    "INVALID_TYPE", "field_mappings.participants", "an object")

    def test_sheets_are_for_spreadsheets(self):
        for option, form in itertools.product(("include_summary", "include_about"), ("csv", "pdf")):
            self.refuse({"export_type": "participants", "format": form, "options": {option: True}},
                        "INVALID_VALUE", f"options.{option}", 'false, or format "excel"')

    def test_pdf_has_its_words(self):
        self.refuse_all("participants", [
            ({"pdf": {"page_size": "A3"}}, "INVALID_VALUE", "pdf.page_size", "A4, Letter", "A4"),
            ({"pdf": {"orientation": "up"}}, "INVALID_VALUE", "pdf.orientation",
             "auto, portrait, landscape"),
            ({"pdf": {"layout": 5}}, "INVALID_TYPE", "pdf.layout", "a text"),
            ({"pdf": {"fonts": []}}, "UNKNOWN_KEY", "pdf.fonts"),
        ])

    def test_a_program_can_be_required(self):
        answer = self.export({"export_type": "participants"}, config={"require_program": True},
                             expect=2)
        self.assertEqual((answer["error_code"], answer["details"]["field"]),
                         ("MISSING_KEY", "program_id"))


class Texts(harness.Case):
    """Requests that are no JSON, or JSON that a careless parser would take."""

    GOOD = b'{"export_type":"payments","filters":{"limit":3}}'

    def refuse(self, text, clause, field=None):
        with self.subTest(text=text[:60]):
            answer = self.export(text, expect=2)
            self.assertEqual((answer["error_code"], answer["details"].get("field")),
                             ("INVALID_JSON", field), answer["message"])
            self.assertIn(clause, answer["message"])
            self.assertRegex(answer["message"], r"\(line \d+, byte \d+\)$")
            self.assertEqual(os.listdir(self.out), [])

    def test_nothing(self):
        for text in (b"", b" ", b"\n\n", b"\xef\xbb\xbf"):
            self.refuse(text, "it ends too early")

    def test_broken_grammar(self):
        for text, clause in (
                (b"{", "no text"), (b'{"a":1', "early"), (b'{"a":1,}', "no text"),
                (b'{"a":1]', ""), (b"[1,]", "no value"), (b"nul", "no value"), (b'{"a":tru}', "no value"),
                (b"// x\n{}", "no value"), (b"{'a':1}", "no text"), (b'{"a":.5}', "no value"),
                (b'{"a":01}', "needless 0"), (b'{"a":-}', "lacks a digit"), (b'{"a":+1}', "no value"),
                (b'{"a":1.}', "lacks a digit"), (b'{"a":1e}', "lacks a digit"),
                (b'{"a":NaN}', "no value"), (b'{"a":0x10}', ""), (b'{"a":"\n"}', "control"),
                (b'{"a":"\\x"}', ""), (b'{"a" 1}', ""), (b"\x1f\x8b\x08", "UTF-8"),
                (b"export_type=payments", "no value")):
            self.refuse(text, clause)

    def test_text_behind_the_end(self):
        for more in (b"x", b"}", b",", self.GOOD, b"\n{}", b"\0"):
            self.refuse(self.GOOD + more, "NUL" if more == b"\0" else "behind its end")
        self.export(self.GOOD + b" \t\r\n")

    def test_numbers_out_of_range(self):
        self.refuse(b'{"a":1e999}', "out of range")
        self.refuse(b'{"a":-1e999}', "out of range")
        self.refuse(b'{"a":' + b"9" * 5000 + b"}", "too long")

    def test_keys_that_stand_twice(self):
        self.refuse(b'{"export_type":"payments","export_type":"participants"}', "twice",
                    "export_type")
        self.refuse(b'{"export_type":"payments","filters":{"limit":1,"limit":2}}', "twice",
                    "filters.limit")
        self.refuse(b'{"export_type":"payments","filters":{"limit":1,"l\\u0069mit":2}}', "twice",
                    "filters.limit")

    def test_bytes_that_are_no_utf8(self):
        for broken in (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"caf\xe9",
                       b"\xe2\x82", b"\x80"):
            self.refuse(b'{"export_type":"' + broken + b'"}', "not UTF-8")
        self.refuse('{"export_type":"payments"}'.encode("utf-16"), "")
        self.export(b"\xef\xbb\xbf" + self.GOOD)

    def test_characters_that_no_text_may_have(self):
        for text, clause in ((b'{"a":"\\u0000"}', "NUL"), (b'{"a":"\0"}', "NUL"),
                             (b"\0" + self.GOOD, "NUL"), (b'{"a":"\\ud800"}', "surrogate"),
                             (b'{"a":"\\udc00\\ud800"}', "surrogate"), (b'{"a":"\\u12"}', "four")):
            self.refuse(text, clause)

    def test_depth(self):
        for text in (b"[" * 10000 + b"]" * 10000, b'{"a":' * 10000 + b"1" + b"}" * 10000,
                     b"[" * 33 + b"]" * 33, b"[" * 1_000_000):
            self.refuse(text, "more than 32 arrays and objects inside one another")
        answer = self.export(b"[" * 32 + b"]" * 32, expect=2)
        self.assertEqual(answer["error_code"], "INVALID_TYPE")

    def test_size(self):
        for text in (b'{"export_type":"payments","owner":"' + b"x" * LONG + b'"}',
                     b" " * LONG + self.GOOD, b" " * (2 * LONG), b"[" + b"1," * LONG + b"1]",
                     self.GOOD + b" " * (REQUEST_BYTES + 1 - len(self.GOOD))):
            self.refuse(text, "longer than 1048576 bytes")
        self.refuse(b"[" + b"1," * 200_000 + b"1]", "more than 100000 values")
        self.export(self.GOOD + b" " * (REQUEST_BYTES - len(self.GOOD)))

    def test_control_characters_reach_no_terminal(self):
        answer = self.export({"export_type": "\x1b[2J\nowned\x9b"}, expect=2)
        self.assertNotRegex(answer["message"], "[\x00-\x1f\x7f-\x9f]")
        self.assertEqual(self.run_of_export.stderr.count("\n"), 1)


class EmptyResults(harness.Case):
    def test_a_file_with_its_header_and_a_message(self):
        wanted = {"participants": filters(ambassador_ref="nobody"),
                  "payments": between(start="9999-12-31"),
                  "ambassadors": filters(min_referrals=10 ** 6)}
        for source in harness.Case.sources:
            for kind, none in wanted.items():
                for form, strategy in (("excel", "auto"), ("csv", "auto"), ("csv", "compressed")):
                    with self.subTest(source=source, kind=kind, format=form, strategy=strategy):
                        answer = self.export({"export_type": kind, "format": form,
                                              "template": "detailed", **none,
                                              **large(strategy=strategy)}, source)
                        self.assertEqual(answer["message"],
                                         "Export completed: no record meets the filters")
                        self.assertEqual(answer["data"]["record_count"], 0)
                        read = harness.read_xlsx if form == "excel" else harness.read_csv
                        header, rows = read(self.data_path(answer))
                        self.assertGreater(len(header), 10)
                        self.assertEqual(rows, [])

    def test_batches_of_nothing(self):
        answer = self.export({"export_type": "payments", **between(start="9999-12-31"),
                              **large(strategy="multi_file")})
        batch, = answer["data"]["individual_files"]
        self.assertEqual((batch["record_count"], batch["record_range"]), (0, ""))
        self.assertEqual(harness.read_xlsx(self.path_of(answer, batch["file_name"]))[1], [])


class CommandLine(harness.Case):
    def run_with(self, arguments, status, text, **how):
        with self.subTest(arguments=arguments):
            run = harness.Run(arguments, **how)
            self.assertEqual((run.status, run.stdout), (status, ""), run.stderr)
            self.assertIn(text, run.stderr)
            self.assertNotIn("Traceback", run.stderr)

    def test_wrong_command_lines(self):
        self.run_with([], 2, "Usage")
        self.run_with(["exprot"], 2, "exprot")
        self.run_with(["export"], 2, "one request")
        self.run_with(["export", "a", "b"], 2, "one request")
        self.run_with(["export", "--no-such", "-"], 2, "no-such")
        self.run_with(["export", "--out"], 2, "out")
        self.run_with(["export", "--out", "", "-"], 2, "--out")
        for number in ("x", "-1", "", "5000", "99999999999999999999999"):
            self.run_with(["export", "--threads", number, "-"], 2, "--threads")

    def test_requests_that_cannot_be_read(self):
        self.run_with(["export", os.path.join(self.out, "none.json")], 2, "No such file")
        self.run_with(["export", self.out], 2, "directory")

    def refuse_configuration(self, text, code, part):
        path = os.path.join(self.folder.name, "config.json")
        with open(path, "wb") as file:
            file.write(text)
        run = harness.Run(["export", "--config", path, "-"], stdin=b'{"export_type":"payments"}')
        self.assertEqual((run.status, run.json["error_code"]), (1, code), run.stdout)
        self.assertIn(part, run.json["message"])

    def test_configurations(self):
        for text, code, part in (
                (b"", "INVALID_JSON", "early"), (b"{", "INVALID_JSON", "no text"),
                (b"[]x", "INVALID_JSON", "behind"),
                (b'{"source": "x", "source": "y"}', "INVALID_JSON", "twice"),
                (b'{"thread": 1}', "INVALID_CONFIG", "threads"),
                (b'{"threads": -1}', "INVALID_CONFIG", "threads"),
                (b'{"out": 5}', "INVALID_CONFIG", "out"),
                (b'{"source": "sqlite:///x", "out": "rel"}', "INVALID_CONFIG", "rel"),
                (b'{"source": "sqlite:///x", "out": ""}', "INVALID_CONFIG", "out"),
                (b'{"source": "oracle://x"}', "INVALID_CONFIG", "sqlite://"),
                (b'{"source": "mysql://u:s3cret@h:x/d"}', "INVALID_CONFIG", "port"),
                (b'{"system_limits": {"max_file_size_mb": 0}}', "INVALID_CONFIG", "max_file_size_mb"),
                (b'{"csv": {"delimiter": "x"}}', "INVALID_CONFIG", "csv.delimiter"),
                (b'{"field_mappings": {"participant": {"full_name": "Name"}}}', "INVALID_CONFIG",
                 'field_mappings.participant: the catalog has no export type "participant" (did you mean "participants"?)'),
                (b'{"field_mappings": {"payments": {"amont": "Sum"}}}', "INVALID_CONFIG",
                 'field_mappings.payments.amont: payments has no field "amont" (did you mean "amount"?)')):
            with self.subTest(text=text):
                self.refuse_configuration(text, code, part)

    def test_a_configuration_that_is_missing(self):
        run = harness.Run(["export", "--config", "/none/x.json", "-"], stdin=b"{}")
        self.assertEqual((run.status, run.json["error_code"]), (1, "INVALID_CONFIG"))
        self.assertIn("/none/x.json", run.json["message"])

    def test_a_full_standard_output(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([harness.COMMAND, "export", "--out", self.out, "-"], stdout=full,
                                  input=b'{"export_type":"x"}', stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    tap.main()
