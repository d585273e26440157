"""What the programs of bench/ share: a private MariaDB with demo data, programs that are measured by turns, and their
figures as Markdown."""
import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("YBB_BUILD_DIR", os.path.join(TOP, "build"))
COMMAND = os.path.join(BUILD, "ybbexport")
POOL_MOST = 1 << 30
BYTES_A_PARTICIPANT = 6000  # of the database, its log and the largest export
MIB = 1 << 20
TEMPLATES = ("standard", "detailed")


def text_of(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


class Source:
    """The private database, for our command and for the programs beside it."""

    def __init__(self, dsn):
        parts = urllib.parse.urlsplit(dsn)
        unquote = urllib.parse.unquote
        self.environment = {
            **os.environ, "YBBEXPORT_SOURCE": dsn,
            "BENCH_SOCKET": urllib.parse.parse_qs(parts.query)["socket"][0],
            "BENCH_USER": unquote(parts.username), "BENCH_PASSWORD": unquote(parts.password),
            "BENCH_DATABASE": unquote(parts.path.strip("/"))}

    def ask(self, sql):
        environment = {**os.environ, "MYSQL_PWD": self.environment["BENCH_PASSWORD"]}
        return subprocess.run(
            ["mariadb", "--no-defaults", "--socket=" + self.environment["BENCH_SOCKET"],
             "--user=" + self.environment["BENCH_USER"], "-BN", "-e", sql,
             self.environment["BENCH_DATABASE"]],
            env=environment, capture_output=True, text=True, check=True).stdout.strip()

    def empty(self):
        name = self.environment["BENCH_DATABASE"]
        self.ask(f"DROP DATABASE `{name}`; CREATE DATABASE `{name}` CHARACTER SET utf8mb4")

    def fill(self, participants):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        self.ask(f"SET GLOBAL innodb_buffer_pool_size = {min(POOL_MOST, memory // 4)}")
        made = subprocess.run([COMMAND, "demo-data", "--participants", str(participants)],
                              env=self.environment, check=False)
        if made.returncode != 0:
            sys.exit("bench: the demo data could not be made")


class Program:
    """Something that is measured: a name for the table, and how it is run."""

    def __init__(self, name, template, form, command):
        self.name, self.template, self.form, self.command = name, template, form, command
        self.runs = []

    def run(self, source, folder, participants, counts):
        """Runs it once in an empty folder."""
        out = os.path.join(folder, "out")
        result = os.path.join(folder, "result.json")
        os.mkdir(out)
        os.sync()  # so that nobody waits for what another one wrote
        done = subprocess.run([os.path.join(BUILD, "bench/measure"), result, *self.command(out)],
                              env=source.environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"bench: {self.name} failed: {done.stderr}{done.stdout}")
        rows = self.rows_of(done.stdout, out)
        if rows != participants:
            sys.exit(f"bench: {self.name} has {rows} rows, not {participants}")
        with open(result, encoding="utf-8") as file:
            taken = json.load(file)
        taken["file"] = sum(os.path.getsize(os.path.join(where, name))
                            for where, _, names in os.walk(out) for name in names)
        shutil.rmtree(out)
        if counts:
            self.runs.append(taken)

    def rows_of(self, said, out):
        """How many rows the program says that it wrote to the folder."""
        answer = json.loads(said)
        return answer["data"]["record_count"] if "data" in answer else answer["rows"]

    def median(self, what):
        return statistics.median(r[what] for r in self.runs)

    def most(self, what):
        return max(r[what] for r in self.runs)


def write_json(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file)
    return path


def write_config(folder, **more):
    """Limits that would refuse a file of any size are raised."""
    return write_json(folder, "config.json", {
        "store": f"sqlite://{folder}/jobs.db",
        "system_limits": {"max_file_size_mb": 8192, "max_processing_time_minutes": 60}, **more})


def write_request(folder, template, form, **more):
    """One file, whatever its size."""
    return write_json(folder, f"{template}-{form}.json", {
        "export_type": "participants", "program_id": 1, "format": form, "template": template,
        "large_dataset_options": {"strategy": "single", "compression": "none"}, **more})


def our_command(template, form, folder, **settings):
    config, request = write_config(folder, **settings), write_request(folder, template, form)
    return lambda out: [COMMAND, "export", "--config", config, "--out", out, request]


def measure(source, programs, participants, rounds, folder):
    """The first round fills caches and does not count; later ones begin with another program."""
    for number in range(rounds + 1):
        first = number % len(programs)
        for program in programs[first:] + programs[:first]:
            program.run(source, folder, participants, number > 0)
        print(f"bench: round {number} of {rounds}", file=sys.stderr)


def find(programs, name, template, form=""):
    return next((p for p in programs
                 if (p.name, p.template, p.form) == (name, template, form)), None)


MEASURES = (("wall", Program.median), ("user", Program.median), ("peak_kib", Program.most),
            ("file", Program.most))


def label(program):
    return f"{program.template} {program.form}".strip()


def line_of(program):
    wall = program.median("wall") / 1e6
    span = f"{min(r['wall'] for r in program.runs) / 1e6:.2f}-{program.most('wall') / 1e6:.2f}"
    size = f"{program.most('file') / 1e6:.1f} MB" if program.most("file") else ""
    return (f"| {label(program)} | {program.name} | {wall:.2f} s ({span}) "
            f"| {program.median('user') / 1e6:.2f} s | {program.most('peak_kib') / 1024:.1f} MiB "
            f"| {size} |")


def ratios_of(ours, other):
    cells = []
    for what, figure in MEASURES:
        below = figure(other, what)
        cells.append(f"{figure(ours, what) / below:.2f}" if below else "")
    return f"| {label(ours)} | {other.name} | " + " | ".join(cells) + " |"


def tables(programs, name, others):
    """All figures, and those of the programs of that name over the others' of the same template."""
    lines = ["| export | by | wall time (span) | user CPU | peak memory | file |",
             "|---|---|---|---|---|---|", *map(line_of, programs), "",
             f"{name}'s figures over the others':", "",
             "| export | over | wall time | user CPU | peak memory | file |",
             "|---|---|---|---|---|---|"]
    for ours in programs:
        for other in others if ours.name == name else ():
            beside = find(programs, other, ours.template) or find(programs, other, ours.template,
                                                                  ours.form)
            if beside:
                lines.append(ratios_of(ours, beside))
    return lines


def verdict(what, value, limit, good):
    """A line on what is to be reached, and whether it is."""
    return f"- {what}: {value} (to reach: {limit}): {'reached' if good else 'MISSED'}"


def first_match(path, key):
    with open(path, encoding="utf-8") as file:
        for line in file:
            name, _, value = line.partition("=" if "=" in line else ":")
            if name.strip() == key:
                return value.strip().strip('"')
    return "unknown"


def commit():
    try:
        name = text_of(["git", "-C", TOP, "rev-parse", "--short=12", "HEAD"])
        changed = text_of(["git", "-C", TOP, "status", "--porcelain", "-uno"])
        return name + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def machine(source, others):
    """Where and when; @others: the versions of what is measured beside."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    pool = int(source.ask("SELECT @@innodb_buffer_pool_size"))
    return [
        f"- {datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}, commit {commit()}",
        f"- {first_match('/proc/cpuinfo', 'model name')}, {os.cpu_count()} processors, "
        f"{memory / (1 << 30):.0f} GiB",
        f"- {first_match('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release()}",
        f"- MariaDB {source.ask('SELECT VERSION()')} on the same machine, buffer pool "
        f"{pool // MIB} MiB; {others}; " +
        text_of([COMMAND, "--version"]).replace("\n", ", "),
        ""]


def head(source, participants, rounds, others):
    return [
        f"{participants:,} participants, {rounds} round(s) after one that does not "
        "count, medians; peak memory and file are the largest seen.",
        "",
        *machine(source, others)]


def arguments_of(name, description):
    """A parser of the options that all of them have."""
    parser = argparse.ArgumentParser(prog=name, description=description)
    parser.add_argument("--quick", action="store_true", help="a smoke test of 3,000 rows")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--save", metavar="FILE", help="write the table to a file as well")
    return parser


def beside_mariadb(script):
    """Makes the programs and starts the script again beside a private MariaDB, where there is none."""
    if "YBB_TEST_MYSQL" in os.environ:
        return
    made = subprocess.run(["make", "-s", "-C", BUILD, "bench"], stdout=sys.stderr, check=False)
    if made.returncode != 0:
        sys.exit("bench: make bench failed")
    os.execv(sys.executable, [sys.executable, os.path.join(TOP, "tests/tools/with_mariadb.py"),
                              "--limit", "14400", sys.executable, os.path.abspath(script),
                              *sys.argv[1:]])


def filled_source(participants, most=0):
    """@most: how many participants the database is to hold later."""
    if shutil.disk_usage(tempfile.gettempdir()).free < max(participants, most) * BYTES_A_PARTICIPANT:
        sys.exit(f"bench: {tempfile.gettempdir()} has too little space; TMPDIR names another folder")
    source = Source(os.environ["YBB_TEST_MYSQL"])
    source.fill(participants)
    return source


def show(lines, save):
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if save:
        with open(save, "w", encoding="utf-8") as file:
            file.write(text)
