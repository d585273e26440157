#!/usr/bin/python3
"""The Composer package in php/: its style, its types, its tests over the extension. Composer brings the tools into the
build folder; where it cannot reach its packages, nothing of this is tested."""
import pathlib
import re
import shutil
import sys
import tempfile
import xml.etree.ElementTree

import package_bed
import php_bed
from package_bed import FOLDER, PACKAGE, run

PARTICIPANTS = 3000  # php/tests counts them

results = []


def report(name, problem=""):
    """@problem: what is wrong; nothing where all is well."""
    results.append(not problem)
    print(f"{'not ok' if problem else 'ok'} {len(results)} - {name}")
    for line in problem.splitlines()[-60:]:
        print(f"# {line}")
    sys.stdout.flush()


def complaint(status, output):
    return "" if status == 0 else output or f"exit status {status}"


# --- the tools ---

def php(*arguments, **environment):
    return run(php_bed.program("php"), "-d", f"extension={php_bed.EXTENSION}", "-d", "memory_limit=1G", *arguments,
               **environment)


def unlisted():
    """Files that are not distributed, and distributed ones that are not there."""
    if shutil.which("git") is None:
        return ""
    listed = set(re.findall(r"\bphp/(\S+)", (PACKAGE / "Makefile.inc").read_text("utf-8")))
    status, output = run("git", "ls-files", "--cached", "--others", "--exclude-standard", ".", folder=PACKAGE)
    if status != 0:
        return ""  # not a clone
    there = {name for name in output.splitlines() if (PACKAGE / name).exists()} - {"Makefile.inc"}
    return "".join(f"{name} is {'not ' if name in there else ''}there, but {'not ' if name not in listed else ''}listed\n"
                   for name in sorted(there ^ listed))


def style():
    return complaint(*php("vendor/bin/php-cs-fixer", "fix", f"--config={PACKAGE}/.php-cs-fixer.dist.php", "--dry-run",
                          "--diff", "--cache-file=style.cache", "--show-progress=none", "--no-ansi"))


def types():
    (FOLDER / "phpstan.neon").write_text(
        f"includes: [{PACKAGE}/phpstan.neon.dist]\nparameters:\n    tmpDir: {FOLDER}/phpstan\n", "utf-8")
    return complaint(*php("vendor/bin/phpstan", "analyse", "-c", "phpstan.neon", "--autoload-file=vendor/autoload.php",
                          "--no-progress", "--error-format=raw", "--no-ansi"))


def unlisted_example():
    """The same of the example that has no other test of it."""
    folder = PACKAGE.parent / "examples/admin"
    listed = set(re.findall(r"\bexamples/admin/(\S+)", (folder / "Makefile.inc").read_text("utf-8")))
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {"Makefile.inc"}
    return "".join(f"examples/admin/{name} is listed or there, not both\n" for name in sorted(there ^ listed))


def tests():
    """PHPUnit's own report, test by test."""
    with tempfile.TemporaryDirectory(prefix="ybb-web-") as folder:
        log = pathlib.Path(folder, "junit.xml")
        status, output = php("vendor/bin/phpunit", "-c", PACKAGE / "phpunit.xml.dist", "--bootstrap",
                             "vendor/autoload.php", "--cache-directory", "phpunit", "--log-junit", log, "--no-progress",
                             YBB_TEST_SOURCE=php_bed.demo(folder, PARTICIPANTS))
        cases = list(xml.etree.ElementTree.parse(log).iter("testcase")) if log.exists() else []
    failed = 0
    for case in cases:
        problem = "".join(part.text or part.tag for kind in ("failure", "error", "skipped") for part in case.iter(kind))
        failed += problem != ""
        report(f"{case.get('class').rsplit(chr(92))[-1]}: {case.get('name')}", problem)
    # what is no test's: a warning, a fatal error, no test at all
    report("PHPUnit ends well", "" if failed else complaint(status, output) or ("" if cases else "no test ran"))


php_bed.need_extension()
report("Composer installs the tools", package_bed.install())
if results[-1]:
    report("every file is distributed", unlisted() + unlisted_example())
    report("composer.json is valid", complaint(*run(php_bed.program("composer") or "composer", "validate",
                                                    "--no-check-publish", "--no-interaction", folder=PACKAGE)))
    report("PHP-CS-Fixer finds nothing", style())
    report("PHPStan finds nothing", types())
    tests()
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
