#!/usr/bin/python3
"""The .phpt tests of php-ext/tests, by PHP's own run-tests.php; one line a test.

YBB_PHP_VALGRIND=1: each under valgrind, without PHP's allocator. YBB_PHP_PRELOAD: libraries that are loaded
before all others (those of a sanitizer).
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import php_bed

PARTICIPANTS = 3000


def run_tests_php():
    """Debian has it beside phpize."""
    places = [php_bed.BUILD / "php-ext/run-tests.php", *pathlib.Path("/usr/lib/php").glob("*/build/run-tests.php")]
    return next((str(place) for place in places if place.exists()), None)


def settings(dsn):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YBB_PHP_")}
    if os.environ.get("YBB_PHP_PRELOAD"):
        environment["LD_PRELOAD"] = os.environ["YBB_PHP_PRELOAD"]
    return {**environment, "YBB_PHP_SOURCE": dsn, "YBB_PHP_EXTENSION": str(php_bed.EXTENSION),
            "TEST_PHP_EXECUTABLE": php_bed.program("php"), "NO_INTERACTION": "1", "TEST_TIMEOUT": "600"}


def command(folder):
    # valgrind does not know what PCRE compiles
    valgrind = ["-m", "-d", "pcre.jit=0"] if os.environ.get("YBB_PHP_VALGRIND") else []
    return [php_bed.program("php"), "-n", run_tests_php(), "-q", "-n", *valgrind,
            "-W", f"{folder}/results", "-d", f"extension_dir={php_bed.EXTENSION.parent}", f"{folder}/tests"]


def explain(folder, name):
    for ending in ("diff", "mem"):
        path = pathlib.Path(f"{folder}/tests/{name}.{ending}")
        if path.exists():
            for line in path.read_text("utf-8", "replace").splitlines()[-60:]:
                print(f"# {line}")


def report(folder):
    lines = pathlib.Path(f"{folder}/results").read_text("utf-8").split("\n")
    results = [line.split("\t") for line in lines if "\t" in line]
    failed = False
    for number, (result, path) in enumerate(results, 1):
        name = pathlib.Path(path).stem
        title = re.search(r"--TEST--\n(.*)", pathlib.Path(f"{folder}/tests/{name}.phpt").read_text("utf-8")).group(1)
        if result == "SKIPPED":
            print(f"ok {number} - {name}: {title} # SKIP as its SKIPIF says")
        elif result == "PASSED":
            print(f"ok {number} - {name}: {title}")
        else:
            failed = True
            print(f"not ok {number} - {name}: {title} ({result})")
            explain(folder, name)
    print(f"1..{len(results)}")
    written = len(list((php_bed.SOURCES / "php-ext/tests").glob("*.phpt")))
    return not failed and len(results) == written


def main():
    php_bed.need_extension()
    if run_tests_php() is None:
        php_bed.skip_all("there is no run-tests.php: on Debian and Ubuntu install php-dev")
    with tempfile.TemporaryDirectory(prefix="ybb-phpt-") as folder:
        shutil.copytree(php_bed.SOURCES / "php-ext/tests", f"{folder}/tests")
        os.chmod(f"{folder}/tests", 0o700)
        done = subprocess.run(command(folder), env=settings(php_bed.demo(folder, PARTICIPANTS)), check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
        if not os.path.exists(f"{folder}/results"):
            print("Bail out! " + done.stdout[-2000:] + done.stderr[-2000:])
            return False
        return report(folder)


sys.exit(0 if main() else 1)
