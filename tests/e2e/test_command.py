"""The command line: help, version, exit statuses of lines that are wrong."""
import os
import re
import subprocess
import tempfile
import unittest

import harness
import tap


def run(*arguments, **how):
    return subprocess.run([harness.COMMAND, *arguments], capture_output="stdout" not in how, timeout=60,
                          check=False, stdin=subprocess.DEVNULL, text=True, **how)


class CommandLine(unittest.TestCase):
    def verbs(self):
        return re.findall(r"^  ([a-z][a-z-]*) .*\n      ", run("--help").stdout, re.M)

    def test_version(self):
        done = run("--version")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertRegex(done.stdout, r"\Aybbexport \d+\.\d+\.\d+\n"
                         r"(MariaDB Connector/C|libmysqlclient) \d+\.\S+\nSQLite 3\.\S+\n(ISA-L|zlib) \d+\.\S+\n\Z")

    def test_help(self):
        for arguments in (("--help",), ("-h",), ("help",)):
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertIn("Exit status:", done.stdout)
        self.assertLess({"export", "demo-data", "templates", "template", "worker"}, set(self.verbs()))

    def test_every_verb_has_help(self):
        for verb in self.verbs():
            for arguments in (("--help",), ("-h",), ("--threads", "2", "--help")):
                with self.subTest(verb=verb, arguments=arguments):
                    done = run(verb, *arguments)
                    self.assertEqual((done.returncode, done.stderr), (0, ""))
                    self.assertRegex(done.stdout, rf"\AUsage: ybbexport {verb} ")
                    self.assertIn("--config FILE", done.stdout)

    def test_an_argument_may_look_like_an_option(self):
        with tempfile.TemporaryDirectory() as out:
            done = run("status", "--out", out, "--", "--help")
        self.assertEqual(done.returncode, 1)
        self.assertIn("no export", done.stderr)

    def test_lines_that_are_wrong(self):
        for line in ((), ("exprot",), ("export",), ("export", "a", "b"), ("export", "--bogus", "-"),
                     ("export", "--threads", "x", "-"), ("export", "--threads"), ("status",),
                     ("demo-data", "sqlite:///x"), ("template", "remove", "x"), ("stats", "x")):
            with self.subTest(line):
                done = run(*line)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertTrue(done.stderr)

    @unittest.skipUnless(os.path.exists("/dev/full"), "there is no /dev/full")
    def test_output_that_cannot_be_written(self):
        for arguments in (("--version",), ("--help",), ("export", "--help")):
            with self.subTest(arguments), open("/dev/full", "w", encoding="utf-8") as full:
                self.assertEqual(run(*arguments, stdout=full).returncode, 1)


if __name__ == "__main__":
    tap.main()
