"""Random tables and random requests, exported from SQLite and MariaDB and held cell by cell against
what was computed from the raw rows.

Everything follows from the seed: a world is a set of tables, a case a request over one of them. A
failure names its case; --seed S --case N runs it again and keeps its files.
"""
import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

sys.path.append(os.path.join(os.path.dirname(__file__), "../e2e"))

# pylint: disable=wrong-import-position
import random_request
from checking import Difference, Expected, check_export, check_refusal
from coverage import Coverage
from databases import Mariadb, Sqlite
from harness import Schema, unique
from office import Office
from random_world import World
from reading import Reading, Refused, built_in_templates
from tap import later
from truth import Truth
from words import strange_words

COMMAND = os.environ.get("YBBEXPORT", "build/ybbexport")
CASES_IN_WORLD = 25
AT_ONCE = 3  # commands that run while answers are looked at
SECONDS = 120


class Case:
    """One request over one world."""

    def __init__(self, seed, number, world):
        self.number = number
        self.made = random_request.asking(seed, number, world, built_in_templates())
        self.request, self.config = self.made.request, self.made.config
        self.templates = {**built_in_templates(), **(self.made.own_templates or {})}

    def expected(self, truth):
        """An Expected, or how it is Refused."""
        try:
            return Expected(Reading(self.request, self.config, self.templates), truth)
        except Refused as refused:
            return refused

    def run(self, source, folder):
        """Exports below @folder; gives the answer."""
        out = os.path.join(folder, "out")
        os.makedirs(out)
        # a job store has one configuration, and each case its own
        config = {**self.config, "out": out,
                  "store": "sqlite://" + os.path.join(folder, "jobs.db")}
        if self.made.own_templates:
            config["catalog_dir"] = os.path.join(folder, "catalog")
            os.mkdir(config["catalog_dir"])
            write_json(os.path.join(config["catalog_dir"], "templates.json"),
                       {"templates": self.made.own_templates})
        write_json(os.path.join(folder, "config.json"), config)
        write_json(os.path.join(folder, "request.json"), self.request)
        command = [COMMAND, "export", "--config", os.path.join(folder, "config.json"),
                   os.path.join(folder, "request.json")]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False,
                                  env={**os.environ, "YBBEXPORT_SOURCE": source})
        except subprocess.TimeoutExpired as error:
            raise Difference(f"the command did not end within {SECONDS} seconds") from error
        if done.returncode < 0 or not done.stdout:
            raise Difference(f"the command ended with {done.returncode}: {done.stderr.decode()}")
        answer = json.loads(done.stdout, object_pairs_hook=unique)
        Schema.hold("answer", answer)
        return answer


def write_json(path, content):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)


class Runner:
    """Runs cases and says what differs."""

    def __init__(self, arguments, databases, folder):
        self.seed = arguments.seed
        self.keep = arguments.keep
        self.databases, self.folder = databases, folder
        self.pool = concurrent.futures.ThreadPoolExecutor(AT_ONCE)
        self.office = Office(folder, arguments.office)
        self.coverage = Coverage()
        self.counts = {"cases": 0, "exports": 0, "records": 0, "refused": 0}

    def world(self, number, cases):
        """The failures of some cases of a world, as texts."""
        world = World(self.seed, number)
        for database in self.databases:
            database.load(world)
        truths = {d.name: Truth(world.rows, d.ranks) for d in self.databases}
        started = []
        for case in (Case(self.seed, n, world) for n in cases):
            for database in self.databases:
                folder = os.path.join(self.folder, f"{case.number}-{database.name}")
                os.mkdir(folder)
                answer = self.pool.submit(case.run, database.source, folder)
                started.append((case, database, folder, answer))
        failures = []
        for case, database, folder, answer in started:
            self.counts["exports"] += 1
            self.counts["cases"] += database is self.databases[0]
            try:
                self.look_at(case, truths[database.name], folder, answer.result())
            except Exception as error:  # whatever a broken file makes a reader raise, too
                failures.append(self.failure(case, database, error))
                self.save(folder)
            shutil.rmtree(folder)
        return failures

    def look_at(self, case, truth, folder, answer):
        expected = case.expected(truth)
        if isinstance(expected, Refused):
            self.counts["refused"] += 1
            self.coverage.refused(expected)
            check_refusal(answer, expected, os.path.join(folder, "out"))
            return
        if answer["status"] != "success":
            raise Difference(f"the export failed: {answer.get('error_code')}: {answer['message']}")
        self.counts["records"] += expected.shipping.count
        check_export(expected, answer, os.path.join(folder, "out"))
        Schema.hold("request", case.request)
        self.coverage.add(case, expected)
        self.office.offer(case.number, expected, answer, os.path.join(folder, "out"))

    def failure(self, case, database, error):
        what = traceback.format_exc()
        if isinstance(error, (Difference, AssertionError)):
            what = str(error).split("\n", 1)[0]
        text = (f"seed {self.seed}, case {case.number} on {database.name}: {what}\n"
                f"request: {json.dumps(case.request, ensure_ascii=False)}\n"
                f"configuration: {json.dumps(case.config, ensure_ascii=False)}")
        if case.made.own_templates:
            text += f"\ntemplates: {json.dumps(case.made.own_templates)}"
        return text + (f"\nagain: tests/generated/run --seed {self.seed} --case {case.number} "
                       "--keep FOLDER")

    def save(self, folder):
        if self.keep:
            shutil.copytree(folder, os.path.join(self.keep, os.path.basename(folder)),
                            dirs_exist_ok=True)


class Tap:
    """Test lines."""

    def __init__(self):
        self.number = self.failed = 0

    def line(self, name, failures, skip=None):
        self.number += 1
        self.failed += bool(failures)
        note = f" # SKIP {skip}" if skip else ""
        print(f"{'not ok' if failures else 'ok'} {self.number} - {name}{note}", flush=True)
        for failure in failures[:3]:
            for line in failure.splitlines():
                print("# " + line[:4000])
        if len(failures) > 3:
            print(f"# and {len(failures) - 3} more")

    def end(self):
        print(f"1..{self.number}", flush=True)
        return 1 if self.failed or not self.number else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    most = int(os.environ.get("YBB_GENERATED_CASES", "500"))
    parser.add_argument("--cases", type=int, default=most, help="how many; 500 by default")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--case", type=int, help="this one alone")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--office", type=int, default=20,
                        help="how many spreadsheets LibreOffice reads too; 20 by default")
    parser.add_argument("--keep", help="a folder for the files of failures")
    return parser.parse_args()


def numbers_by_world(options):
    first, count = options.first, options.cases
    if options.case is not None:
        first, count = options.case, 1
    worlds = {}
    for number in range(first, first + count):
        worlds.setdefault(number // CASES_IN_WORLD, []).append(number)
    return worlds


def run(options, folder):
    tap = Tap()
    tap.line("the words of the catalog are the contract's", list(strange_words()))
    databases = [Sqlite(folder)]
    dsn = os.environ.get("YBB_TEST_MYSQL")
    if dsn:
        databases.append(Mariadb(dsn))
    else:
        tap.line("MariaDB", [], "YBB_TEST_MYSQL names none")
    runner = Runner(options, databases, folder)
    for world, numbers in numbers_by_world(options).items():
        where = " and ".join(d.name for d in databases)
        tap.line(f"world {world}: {len(numbers)} cases on {where}", runner.world(world, numbers))
    if options.case is None:
        tap.line(*runner.coverage.look(options.cases))
        tap.line(*runner.office.look())
    for name, reason in later.items():
        tap.line(name, [], reason)
    for database in databases:
        database.close()
    runner.pool.shutdown()
    print("# " + ", ".join(f"{count} {what}" for what, count in runner.counts.items()))
    return tap.end()


def main():
    options = arguments()
    with tempfile.TemporaryDirectory(prefix="ybb-generated-") as folder:
        sys.exit(run(options, folder))


if __name__ == "__main__":
    main()
