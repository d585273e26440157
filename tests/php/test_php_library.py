#!/usr/bin/python3
"""The Composer package in php/: its style, its types, its tests over the extension. Composer brings the tools into the
build folder; where it cannot reach its packages, nothing of this is tested."""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import php_bed

PACKAGE = php_bed.SOURCES / "php"
FOLDER = php_bed.BUILD / "web"
PARTICIPANTS = 3000  # php/tests counts them
UNREACHED = re.compile(r"could not be (?:fully loaded|downloaded)|could not resolve host|curl error|failed to open stream"
                       r"|connection (?:refused|timed out)|no longer available|could not be found in any version", re.I)

results = []


def report(name, problem=""):
    """@problem: what is wrong; nothing where all is well."""
    results.append(not problem)
    print(f"{'not ok' if problem else 'ok'} {len(results)} - {name}")
    for line in problem.splitlines()[-60:]:
        print(f"# {line}")
    sys.stdout.flush()


def run(*command, folder=FOLDER, **environment):
    done = subprocess.run([str(part) for part in command], cwd=folder, check=False, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "COMPOSER_ALLOW_SUPERUSER": "1", **environment})
    return done.returncode, done.stdout


def complaint(status, output):
    return "" if status == 0 else output or f"exit status {status}"


# --- Composer ---

def write_package():
    """composer.json for the build folder, over the classes of the source folder: nothing is written there."""
    package = json.loads((PACKAGE / "composer.json").read_text("utf-8"))
    for part in ("autoload", "autoload-dev"):
        package[part]["psr-4"] = {name: f"{PACKAGE}/{path}" for name, path in package[part]["psr-4"].items()}
    text = json.dumps(package, indent=4)
    (FOLDER / "composer.json").write_text(text, "utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def install():
    """Why nothing could be installed; nothing when it is there."""
    FOLDER.mkdir(exist_ok=True)
    wanted, done = write_package(), FOLDER / "installed"
    if done.exists() and done.read_text("ascii") == wanted:
        return ""
    composer = php_bed.program("composer")
    if not composer:
        php_bed.skip_all("there is no composer: on Debian and Ubuntu install composer")
    status, output = run(composer, "update", "--no-interaction", "--no-progress", "--ignore-platform-req=ext-ybb_export")
    if status == 0:
        done.write_text(wanted, "ascii")
        return ""
    reached = UNREACHED.search(output)
    if reached:
        php_bed.skip_all(f"Composer cannot reach its packages: {reached.group(0)}")
    return output


# --- the tools ---

def php(*arguments, **environment):
    return run(php_bed.program("php"), "-d", f"extension={php_bed.EXTENSION}", "-d", "memory_limit=1G", *arguments,
               **environment)


def unlisted():
    """Files that are not distributed, and distributed ones that are not there."""
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
report("Composer installs the tools", install())
if results[-1]:
    report("every file is distributed", unlisted())
    report("composer.json is valid", complaint(*run(php_bed.program("composer") or "composer", "validate",
                                                    "--no-check-publish", "--no-interaction", folder=PACKAGE)))
    report("PHP-CS-Fixer finds nothing", style())
    report("PHPStan finds nothing", types())
    tests()
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
