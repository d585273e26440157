"""docs/conformance.md names tests that exist and run: in Makefile.inc's lists and, for CUnit, in the program's
table of tests."""
import os
import pathlib
import re
import sys
import unittest

source = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", "."))
sys.path.insert(0, str(source / "tests/e2e"))
import tap  # noqa: E402

NAMED = re.compile(r"`([a-z_]+\.(?:py|c)): ([a-z0-9_]+)`")


def rows():
    """Number, sentence and last cell of each row of the page's tables."""
    page = (source / "docs/conformance.md").read_text("utf-8").splitlines()
    for number, line in enumerate(page, 1):
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 2 and cells[0] != "sentence" and not cells[0].startswith("---"):
            yield number, *cells


class Page(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = {file.name: file for folder in ("arch", "e2e", "unit")
                     for file in (source / "tests" / folder).glob("*") if file.suffix in (".c", ".py")}
        cls.lists = (source / "tests/Makefile.inc").read_text("utf-8")
        cls.texts = {}

    def defines(self, name, test):
        text = self.texts.setdefault(name, self.files[name].read_text("utf-8"))
        return re.search(rf"\bTEST\({test}\)" if name.endswith(".c") else rf"\bdef {test}\(self\)", text)

    def test_every_sentence_has_a_test_or_says_that_there_is_none(self):
        for number, sentence, shown in rows():
            with self.subTest(line=number):
                self.assertTrue(sentence)
                self.assertTrue(shown == "not yet" or NAMED.sub("", shown).strip(", ") == "", shown)
                self.assertTrue(shown)

    def test_every_test_that_is_named_exists(self):
        named = [(number, *found) for number, _, shown in rows() for found in NAMED.findall(shown)]
        self.assertGreater(len(named), 100)
        for number, name, test in named:
            with self.subTest(line=number, test=f"{name}: {test}"):
                self.assertIn(name, self.files)
                self.assertTrue(self.defines(name, test))

    def test_every_file_that_is_named_runs(self):
        for name in {found[0] for _, _, shown in rows() for found in NAMED.findall(shown)}:
            listed = name.removesuffix(".c")
            self.assertRegex(self.lists, rf"tests/(arch|e2e|unit)/{re.escape(listed)}\s")

    def test_a_sentence_stands_once(self):
        seen = [sentence for _, sentence, _ in rows()]
        twice = {s for s in seen if seen.count(s) > 1}
        # the three types have one sentence in common
        self.assertEqual([s for s in twice if "core data structure" not in s
                          and not s.startswith("Filter `date_range`: the day of registration")], [])


if __name__ == "__main__":
    tap.main()
