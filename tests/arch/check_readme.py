#!/usr/bin/python3
"""The pages of a newcomer tell the truth: the README's C and PHP stand in the example and on the page that tests
run, and every link to a file of the tree leads somewhere."""
import os
import re
import sys

SOURCE = os.environ.get("YBB_SOURCE_DIR", ".")
results = []


def report(passed, name):
    results.append(passed)
    print(f"{'ok' if passed else 'not ok'} {len(results)} - {name}")


def read(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def broken_links(page):
    folder = os.path.join(SOURCE, os.path.dirname(page))
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(page))
    return [t for t in targets if not os.path.exists(os.path.join(folder, t))]


def pages():
    docs = sorted(n for n in os.listdir(os.path.join(SOURCE, "docs")) if n.endswith(".md"))
    return ["README.md", "CONTRIBUTING.md", *(f"docs/{n}" for n in docs)]


example = read("docs/examples/export.c")
blocks = re.findall(r"```c\n(.*?)```", read("README.md"), re.S)
report(len(blocks) > 0 and all(b.strip() in example for b in blocks),
       "the README's C is part of docs/examples/export.c")
blocks = re.findall(r"```php\n(.*?)```", read("README.md"), re.S)
report(len(blocks) > 0 and all(b.strip() in read("docs/php.md") for b in blocks),
       "the README's PHP is part of docs/php.md")
for page in pages():
    broken = broken_links(page)
    report(not broken, f"every link of {page} leads somewhere")
    for target in broken:
        print(f"# {page}: {target}")
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
