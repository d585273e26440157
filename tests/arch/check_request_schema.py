"""docs/request.schema.json takes the specification's requests, and what PHP makes of them, and refuses
what the library refuses by its form."""
import json
import os
import pathlib
import sys
import unittest

source = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", "."))
sys.path.insert(0, str(source / "tests/e2e"))
import tap  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP jsonschema is missing: on Debian and Ubuntu install python3-jsonschema")
    sys.exit(0)

GOOD = [
    {"export_type": "participants"},
    {"export_type": "participants", "program_id": 1, "format": "excel", "template": "detailed",
     "filters": {"category": "all", "form_status": "0", "payment_status": "success",
                 "program_payment_id": "all", "ambassador_ref": "REF1", "limit": 100,
                 "date_range": {"start": "2025-01-01", "end": "2025-12-31"}},
     "options": {"include_essays": True, "include_payments": True, "include_status": True}},
    {"export_type": "payments", "program_id": "1", "format": "csv", "template": "standard",
     "filters": {"status": [1, "2"], "payment_method": 1, "payment_category": "registration",
                 "amount_range": {"min": 10.5, "max": "99.90"}, "currency": ["USD", "IDR"]},
     "options": {"include_participant_details": True, "group_by_participant": False}},
    {"export_type": "ambassadors", "template": "detailed",
     "filters": {"status": "1", "min_referrals": 3, "date_range": {"start": "2025-01-01"}},
     "options": {"include_referral_details": True, "include_referral_success_rate": True,
                 "include_related": True, "batch_size": 5000, "sort_by": "name",
                 "sort_order": "desc"}},
    {"export_type": "participants",
     "large_dataset_options": {"strategy": "multi_file", "chunk_size": 10000,
                               "max_file_size": "50MB", "compression": "gzip",
                               "parallel_processing": True, "memory_limit": "1GB",
                               "create_zip_archive": True, "email_notification": True,
                               "email_address": "admin@example.com"},
     "delivery_options": {"create_zip_archive": True, "email_notification": True,
                          "email_address": "admin@example.com", "retention_days": 7}},
    {"export_type": "participants", "template": "custom",
     "fields": ["id", {"field": "full_name", "header": "Name"}],
     "field_mappings": {"participants": {"id": "participant_id"}},
     "data_transformations": {"date_format": "YYYY-MM-DD", "currency_format": "#,##0.00",
                              "boolean_format": "Yes/No", "null_values": "N/A"},
     "csv": {"delimiter": ";", "formula_guard": False}, "xlsx": {"strings": "inline"},
     "pdf": {"page_size": "Letter", "orientation": None, "layout": "cards"}},
    {"export_type": "payments", "program_id": None, "filters": [], "options": [], "fields": [],
     "large_dataset_options": [], "delivery_options": None},
    {"export_type": "participants",
     "filters": {"category": "", "form_status": [], "payment_status": None,
                 "date_range": {"start": "", "end": None}, "limit": "all"}},
    {"export_type": "orders_of_a_shop", "filters": {"anything": 1}, "options": {"of": "it"}},
]

# What is put into the first of the good ones, or takes the place of it.
BAD = [
    [], "x", {}, {"export_type": 5}, {"export_type": "../x"},
    {"filtres": {}}, {"program_id": 0}, {"program_id": -1}, {"program_id": 1.5},
    {"program_id": ""}, {"program_id": True}, {"format": "xlsx"}, {"template": ["standard"]},
    {"fields": "id"}, {"fields": [5]}, {"fields": [{"header": "x"}]}, {"owner": ""},
    {"idempotency_key": "a\nb"}, {"filters": "all"}, {"filters": {"categorie": "all"}},
    {"filters": {"category": "x"}}, {"filters": {"category": ["fully_funded", "all"]}},
    {"filters": {"form_status": 3}}, {"filters": {"form_status": True}},
    {"filters": {"form_status": 1.5}}, {"filters": {"ambassador_ref": 5}},
    {"filters": {"date_range": "2025-01-01"}}, {"filters": {"date_range": {"from": "2025-01-01"}}},
    {"filters": {"date_range": {"start": "2025-13-01"}}}, {"filters": {"limit": 0}},
    *({"export_type": "payments", "filters": {"amount_range": {"min": text}}}
      for text in ("1e3", ".5", "5.", "+1")),
    {"filters": {"min_referrals": 1}}, {"options": {"include_essays": "yes"}},
    {"options": {"group_by_participant": True}}, {"options": {"sort_order": "up"}},
    {"options": {"batch_size": 0}}, {"large_dataset_options": {"chunk_size": 0}},
    {"large_dataset_options": {"max_file_size": "50 apples"}},
    {"large_dataset_options": {"max_file_size": " 50MB"}},
    {"large_dataset_options": {"memory_limit": "1.5"}},
    {"large_dataset_options": {"strategy": "multi"}},
    {"delivery_options": {"email_address": "admin"}},
    {"delivery_options": {"email_address": "a@ex.com\r\nBcc: b@ex.com"}},
    {"delivery_options": {"retention_days": 0}}, {"delivery_options": {"chunk_size": 5000}},
    {"csv": {"delimiter": "x"}}, {"data_transformations": {"boolean_format": "Yes"}},
    {"field_mappings": {"participants": {"id": ""}}},
]


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = json.loads((source / "docs/request.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def test_requests_of_the_specification_are_valid(self):
        for request in GOOD:
            with self.subTest(request=request):
                self.assertEqual([e.message for e in self.validator.iter_errors(request)], [])

    def test_the_examples_are_valid(self):
        examples = sorted((source / "docs/examples").glob("*.json"))
        self.assertGreater(len(examples), 0)
        for file in examples:
            with self.subTest(file=file.name):
                self.validator.validate(json.loads(file.read_text("utf-8")))

    def test_mistakes_are_found(self):
        for wrong in BAD:
            request = {**GOOD[0], **wrong} if isinstance(wrong, dict) and wrong else wrong
            with self.subTest(request=request):
                self.assertFalse(self.validator.is_valid(request))


if __name__ == "__main__":
    tap.main()
