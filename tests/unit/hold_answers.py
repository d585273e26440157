"""hold_answers.py NAME: whether each line of the input is a document by docs/NAME.schema.json."""
import json
import os
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.stdin.read()
    sys.exit(77)

docs = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", ".")) / "docs"
schema = json.loads((docs / f"{sys.argv[1]}.schema.json").read_text("utf-8"))
validator = jsonschema.Draft202012Validator(schema)
count = bad = 0
for line in sys.stdin:
    count += 1
    errors = list(validator.iter_errors(json.loads(line)))
    if errors:
        bad += 1
        worst = jsonschema.exceptions.best_match(errors)
        print(f"# {worst.json_path}: {worst.message}\n# {line}", end="")
print(f"# {count} answers, {bad} of them not valid")
sys.exit(1 if bad or not count else 0)
