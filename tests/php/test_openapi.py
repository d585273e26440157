#!/usr/bin/python3
"""The OpenAPI document of the package in php/, as it is served, by @redocly/cli, which npm brings into the build folder."""
import json
import pathlib
import subprocess
import tempfile
import unittest

import browser_bed
import npm_packages
import package_bed
import php_bed
import tap

REDOCLY = "@redocly/cli@1.25.15"
# The project names no licence yet, and the document is there for everybody who asks.
NOT_OURS = ["info-license", "operation-4xx-response"]
MAKE = 'require $argv[1]; echo json_encode(Ybb\\Export\\Http\\ApiDocument::at("https://admin.example.org"));'


class Document(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.packages, why = npm_packages.install("redocly", REDOCLY)
        if cls.packages is None:
            raise unittest.SkipTest(why)
        cls.folder = tempfile.TemporaryDirectory(prefix="ybb-openapi-")
        cls.addClassCleanup(cls.folder.cleanup)
        made = subprocess.run([php_bed.program("php"), "-r", MAKE, "--", str(package_bed.AUTOLOAD)], check=True,
                              capture_output=True, text=True)
        cls.document = json.loads(made.stdout)

    def lint(self, document):
        path = pathlib.Path(self.folder.name, "openapi.json")
        path.write_text(json.dumps(document, indent=1), "utf-8")
        rules = [word for rule in NOT_OURS for word in ("--skip-rule", rule)]
        done = subprocess.run([str(self.packages / ".bin/redocly"), "lint", str(path), *rules], check=False, cwd=self.folder.name,
                              capture_output=True, text=True, timeout=120, env={**browser_bed.os.environ, "REDOCLY_TELEMETRY": "off"})
        return done.returncode, done.stdout + done.stderr

    def test_the_linter_finds_nothing(self):
        status, said = self.lint(self.document)
        self.assertEqual(status, 0, said)
        self.assertNotRegex(said, r"You have \d+ (warning|error)", said)

    def test_the_linter_finds_what_is_there(self):
        """That it looks."""
        broken = json.loads(json.dumps(self.document))
        broken["paths"]["/api/export"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {
            "$ref": "#/components/schemas/none"}
        status, said = self.lint(broken)
        self.assertNotEqual(status, 0)
        self.assertIn("no-unresolved-refs", said)


if not php_bed.program("php"):
    php_bed.skip_all("there is no php: on Debian and Ubuntu install php-cli")
if package_bed.install():
    raise SystemExit("Composer fails")
tap.main()
