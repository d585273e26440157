"""Runs a module's unittest cases and reports them as TAP, one line a test."""
import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0

    def line(self, word, test, note=""):
        self.number += 1
        name = test.id().removeprefix("__main__.")
        print(f"{word} {self.number} - {name}{note}", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.line("ok", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.line("ok", test, f" # SKIP {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line("not ok", test)
        self.explain(err)

    def addError(self, test, err):
        super().addError(test, err)
        self.line("not ok", test)
        self.explain(err)

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.failures.append((subtest, ""))
            self.line("not ok", subtest)
            self.explain(err)

    def explain(self, err):
        text = "".join(traceback.format_exception(*err))
        for line in text.splitlines()[-40:]:
            print(f"# {line}")
        sys.stdout.flush()


later = {}  # what turned out during the tests not to be tested, and why


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = TapResult()
    suite.run(result)
    for name, reason in later.items():
        result.number += 1
        print(f"ok {result.number} - {name} # SKIP {reason}")
    print(f"1..{result.number}")
    sys.exit(0 if result.wasSuccessful() and result.number > 0 else 1)
