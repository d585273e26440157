"""The built-in catalog documents and those of docs/ are valid by docs/catalog.schema.json, and the
schema refuses what the library refuses."""
import json
import os
import pathlib
import re
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


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        schema = json.loads((source / "docs/catalog.schema.json").read_text("utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def complaints(self, document):
        return [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}"
                for e in self.validator.iter_errors(document)]

    def test_the_built_in_documents_are_valid(self):
        files = sorted((source / "lib/model/catalog").glob("*.json"))
        self.assertEqual(len(files), 3)
        for file in files:
            self.assertEqual(self.complaints(json.loads(file.read_text("utf-8"))), [], file.name)

    def test_the_documents_of_the_manual_are_valid(self):
        text = (source / "docs/catalog.md").read_text("utf-8")
        blocks = re.findall(r"^```json\n(.*?)^```", text, re.S | re.M)
        self.assertGreater(len(blocks), 0)
        for block in blocks:
            self.assertEqual(self.complaints(json.loads(block)), [])

    def test_the_documents_of_the_examples_are_valid(self):
        files = sorted((source / "docs/examples").glob("*/catalog/*.json"))
        self.assertGreater(len(files), 0)
        for file in files:
            self.assertEqual(self.complaints(json.loads(file.read_text("utf-8"))), [], file.name)

    def test_mistakes_are_found(self):
        good = {"title": "T", "table": "t", "key": "id", "fields": {"id": {"header": "ID"}}}
        self.assertEqual(self.complaints({"types": {"t": good}}), [])
        for change in ({"tabel": "x"}, {"table": "a b"}, {"fields": {}}, {"key": 5},
                       {"live": {"a": 0, "b": 0}}, {"filters": {"limit": {"field": "id"}}},
                       {"fields": {"id": {"header": "ID", "width": 0}}},
                       {"fields": {"id": {"header": "ID", "labels": {}}}},
                       {"fields": {"id": {"header": "ID", "labels": {"a": ""}}}},
                       {"fields": {"id": {"header": "ID", "labels": {"a": {"en": "A", "id": ""}}}}},
                       {"fields": {"id": {"header": "ID", "description": ""}}},
                       {"fields": {"id": {"header": "ID", "links": ["ftp"]}}},
                       {"summaries": [{}]}, {"summaries": [{"count": "id", "top": "id"}]},
                       {"summaries": [{"top": "id"}]}, {"summaries": [{"top": "id", "show": []}]},
                       {"summaries": [{"count": "id", "chart": "donut"}]},
                       {"summaries": [{"count": "id", "period": "week"}]},
                       {"summaries": [{"count": "id", "most": 101}]},
                       {"summaries": [{"count": "id"}] * 21},
                       {"joins": [{"table": "u", "on": {}}]}):
            self.assertNotEqual(self.complaints({"types": {"t": {**good, **change}}}), [], change)
        for empty in {}, {"types": {}}, {"templates": {}}:
            self.assertNotEqual(self.complaints(empty), [], empty)


if __name__ == "__main__":
    tap.main()
