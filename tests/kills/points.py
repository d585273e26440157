"""Processes that are killed at named points. A library that is preloaded, strike.c, does it, and leaves a
mark, so that a point that is not reached is no success."""
import json
import os
import random
import shlex
import signal
import subprocess
import tempfile

import comparing
from bed import Bed, REQUESTS, harness, wait_until

FINAL = "@(*.csv|*.xlsx|*.pdf|*.gz)"
FOLDER = "*/exp_" + "?" * 26
WAL = "*-wal"

CLAIM = "SET state = 1, orphan = 0"
PLAN = "SET planned = 1"
PROGRESS = "SET stage = ?, records_processed = ?"
RECORD = "INSERT INTO ybbexport_files"
END = "SET state = ?, outcome_status = ?"
GIVE_BACK = "SET state = 0, orphan = ?"
BEAT = "UPDATE ybbexport_owners SET lease_until"
REGISTER = "INTO ybbexport_owners"
LEAVE = "DELETE FROM ybbexport_owners"
INSERT = "INSERT INTO ybbexport_jobs"
EXPIRE = "SET state = 3"


class Strike:
    """The preloaded library, made once."""

    path = None
    folder = None

    @staticmethod
    def library():
        if Strike.path is None:
            Strike.folder = tempfile.TemporaryDirectory(prefix="ybb-strike-")
            path = os.path.join(Strike.folder.name, "strike.so")
            source = os.path.join(os.path.dirname(__file__), "strike.c")
            compiler = shlex.split(os.environ.get("CC", "cc"))
            subprocess.run([*compiler, "-std=gnu11", "-O2", "-shared", "-fPIC", "-o", path, source,
                            "-ldl", "-lpthread"], check=True)
            Strike.path = path
        return Strike.path

    @staticmethod
    def environment(**settings):
        chosen = {f"YBB_STRIKE_{key.upper()}": str(value) for key, value in settings.items()}
        return {"LD_PRELOAD": Strike.library(), **chosen}


class Point:
    def __init__(self, name, most=1, **how):
        """@most: it is struck at one of its first so many times."""
        self.name, self.most, self.how = name, most, how

    def environment(self, mark, chance, number=signal.SIGKILL):
        return Strike.environment(**self.how, mark=mark, count=chance.randint(1, self.most),
                                  signal=int(number))


def commits(what, kind, most=1, synced=True, **how):
    """Before a transaction's commit, in its middle and behind it. @synced: it waits for the disk."""
    if kind == "sqlite":
        middle = [Point(f"{what}: half a write to the store", most, call="write", when="half", path=WAL, **how)]
        if synced:
            middle.append(Point(f"{what}: before the store's fsync", most, call="fsync", path=WAL, **how))
    else:
        middle = [Point(f"{what}: the commit is sent", most, call="send", when="after", **how)]
    return [Point(f"{what}: before the commit", most, call="commit", **how), *middle,
            Point(f"{what}: after the commit", most, call="commit", when="after", **how)]


def around(what, most=1, **how):
    return [Point(f"before {what}", most, **how), Point(f"after {what}", most, when="after", **how)]


def store_points(kind):
    return [*commits("claim", kind, 3, synced=False, sql=CLAIM), *commits("plan", kind, 2, synced=False, sql=PLAN),
            *commits("progress", kind, 3, synced=False, sql=PROGRESS), *commits("end", kind, 2, sql=END),
            *commits("register", kind, synced=False, sql=REGISTER),
            *commits("heartbeat", kind, synced=False, sql=BEAT)]


def file_points(kind):
    return [*around("a temporary file is made", 5, call="openat", path="*.part"),
            Point("half a write to a file", 5, call="write", when="half", path="*.part"),
            *around("a file's fsync", 4, call="fsync", path="*.part"),
            *around("a file's rename", 4, call="rename", path=FINAL),
            *around("the rename of a list of repairs", 2, call="rename", path="*.repairs.jsonl"),
            *around("the folder's fsync", 4, call="fsync", path=FOLDER),
            *around("the output folder's fsync", 4, call="fsync", path="*/out"),
            *commits("a file's record", kind, 4, sql=RECORD)]


def archive_points(kind):
    return [Point("the manifest is made", call="openat", when="after", path="manifest.json.*.part"),
            Point("half a write to the archive", 2, call="write", when="half", path="*.zip.*.part"),
            *around("the archive's fsync", call="fsync", path="*.zip.*.part"),
            *around("the archive's rename", call="rename", path="*.zip"),
            *commits("the archive's record", kind, sql=RECORD, after="*.zip"),
            *commits("the end behind an archive", kind, sql=END, after="*.zip")]


class Struck:
    """A bed on which workers are killed at points; at last one finishes what there is."""

    def __init__(self, kind, seed):
        self.random = random.Random(seed)
        self.bed = Bed(kind)
        self.bed.command("queue")  # makes the store's tables
        self.names = []
        self.hits = {}

    def mark(self):
        return os.path.join(self.bed.folder.name, f"mark{sum(self.hits.values())}")

    def top_up(self, most=3, names=None):
        """So that there is something to do which nobody has begun."""
        waiting = int(self.bed.query("SELECT COUNT(*) FROM ybbexport_jobs WHERE state = 0")[0][0])
        for _ in range(waiting, most):
            if not self.names:
                self.names = list(names or REQUESTS)
                self.random.shuffle(self.names)
            self.bed.start(self.names.pop())

    def verify(self, point, process, mark, said):
        """That the process was killed, and there."""
        if process.returncode != -signal.SIGKILL or not os.path.exists(mark):
            raise AssertionError(f"{point.name}: not killed there: {process.returncode} {said()}")
        self.hits[point.name] = self.hits.get(point.name, 0) + 1

    def strike(self, point, names=None):
        """One worker that ends at the point."""
        self.bed.keep_events()
        mark = self.mark()
        self.top_up(names=names)
        worker = self.bed.work(point.environment(mark, self.random))

        def ended():
            if worker.is_alive() and self.hungry():
                self.top_up(names=names)
            return not worker.is_alive()

        wait_until(ended, f"{point.name} is reached")
        self.verify(point, worker.process, mark, worker.said)
        worker.end()
        self.bed.workers.remove(worker)

    def hungry(self):
        rows = self.bed.query("SELECT COUNT(*) FROM ybbexport_jobs WHERE state < 2")
        return int(rows[0][0]) == 0

    def finish(self):
        self.bed.work()
        self.bed.wait_all()
        self.bed.end_workers()
        comparing.check_bed(self.bed)

    def close(self):
        self.bed.close()


def strike_all(kind, points, times, seed, names=None):
    """{point: how often it was struck}."""
    struck = Struck(kind, seed)
    try:
        for _ in range(times):
            for point in points:
                struck.strike(point, names)
        struck.finish()
        comparing.same(struck.hits, {p.name: times for p in points}, "hits")
    finally:
        struck.close()
    return struck.hits


# --- other processes than a worker at its work ---

def give_back(kind, times, seed):
    """A worker that is asked to stop, and killed while it gives back what it runs."""
    struck = Struck(kind, seed)
    points = [*commits("give back", kind, synced=False, sql=GIVE_BACK),
              *commits("leave", kind, synced=False, sql=LEAVE)]
    try:
        for point in points * times:
            struck_one(struck, point)
        struck.finish()
        comparing.same(struck.hits, {p.name: times for p in points}, "hits")
    finally:
        struck.close()
    return struck.hits


def struck_one(struck, point):
    """It may have finished what it ran before it is asked to stop: then again."""
    for _ in range(20):
        struck.top_up(6, ["xlsx batches", "csv batches"])
        mark = struck.mark()
        worker = struck.bed.work(point.environment(mark, struck.random))
        holder = str(worker.process.pid)
        wait_until(lambda: not worker.is_alive() or struck.bed.query(  # pylint: disable=cell-var-from-loop
            "SELECT 1 FROM ybbexport_jobs j JOIN ybbexport_owners o ON o.token = j.holder"
            f" WHERE j.state = 1 AND o.process = {holder}"), "it runs something")
        worker.process.terminate()
        worker.process.wait(120)
        struck.bed.workers.remove(worker)
        if os.path.exists(mark):
            struck.verify(point, worker.process, mark, worker.said)
            worker.end()
            return
        worker.end()
    raise AssertionError(f"{point.name}: never reached")


def take_over(kind, times, seed):
    """A worker that is killed while it takes over from one that died."""
    struck = Struck(kind, seed)
    points = commits("take over", kind, synced=False, sql=GIVE_BACK)
    try:
        for point in points * times:
            struck.top_up()
            struck.strike(Point("a claim", call="commit", when="after", sql=CLAIM))
            struck.strike(point)
        struck.finish()
        for point in points:
            comparing.same(struck.hits[point.name], times, point.name)
    finally:
        struck.close()
    return struck.hits


def run_struck(struck, point, arguments, stdin=None):
    """A command that is killed at the point."""
    mark = struck.mark()
    process = subprocess.Popen([harness.COMMAND, *arguments, "--config", struck.bed.path],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               env={**os.environ, **point.environment(mark, struck.random)})
    _, stderr = process.communicate(stdin)
    struck.verify(point, process, mark, lambda: stderr)


def start(kind, times, seed):
    """Whoever asks for an export is killed: it is there or not, never twice, and asking again is one."""
    struck = Struck(kind, seed)
    points = commits("start", kind, sql=INSERT)
    try:
        for number, point in enumerate(points * times):
            start_once(struck, point, f"key {number}")
        struck.finish()
    finally:
        struck.close()
    return struck.hits


def start_once(struck, point, key):
    bed = struck.bed
    request = {**REQUESTS["single csv"], "owner": "somebody", "idempotency_key": key}
    run_struck(struck, point, ["start", "-"], json.dumps(request).encode())
    there = bed.query(f"SELECT id FROM ybbexport_jobs WHERE idempotency_key = '{key}'")
    if "before" not in point.name and "half" not in point.name and "sent" not in point.name:
        comparing.same(len(there), 1, f"{point.name}: exports")
    export = bed.client.start(request)
    bed.started[export] = "single csv"
    again = bed.query(f"SELECT id FROM ybbexport_jobs WHERE idempotency_key = '{key}'")
    comparing.same(again, [[export]], f"{point.name}: exports")
    if there:
        comparing.same(there, again, f"{point.name}: the export")


def sweep(kind, times, seed):
    """A sweep that is killed; the next one ends what it began, and touches nothing else."""
    struck = Struck(kind, seed)
    points = [*around("a file is removed", 4, call="unlink", path=f"@({FINAL}|*.part|*.jsonl|*.zip)"),
              *around("a folder is removed", 1, call="rmdir", path="exp_*"),
              *commits("expiry", kind, sql=EXPIRE)]
    try:
        for point in points * times:
            sweep_once(struck, point)
    finally:
        struck.close()
    return struck.hits


def sweep_once(struck, point):
    bed = struck.bed
    expiring = [bed.start("csv batches"), bed.start("single csv")]
    staying = bed.start("csv in gzip")
    bed.work()
    bed.wait_all()
    bed.end_workers()
    folder = os.path.join(bed.out, staying)
    for name in ("payments_export.csv.gz." + "a1" * 13 + ".part", "payments_batch_9_of_9.csv"):
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write("left")
    make_expire(bed, expiring)
    run_struck(struck, point, ["sweep"])
    comparing.check_sweep(bed)
    for export in expiring:
        comparing.same(os.path.exists(os.path.join(bed.out, export)), False, f"{export} is there")
        comparing.same(bed.client.status(export).get("error_code"), "EXPIRED", export)
    comparing.check_export(bed, staying)
    comparing.same(sorted(os.listdir(bed.out)), [staying], "folders")
    forget(bed)


def make_expire(bed, exports):
    ids = ", ".join(f"'{export}'" for export in exports)
    bed.change(f"UPDATE ybbexport_jobs SET expires_at = 1 WHERE id IN ({ids})")


def forget(bed):
    """For the next time."""
    for export in list(bed.started):
        run = bed.command("delete", export)
        comparing.same(run.status, 0, f"delete: {run.stdout}{run.stderr}")
    bed.started.clear()
