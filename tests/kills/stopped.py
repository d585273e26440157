"""A worker that is stopped past its lease, while another one takes over and finishes, and then goes on."""
import hashlib
import os
import signal
import sqlite3
import subprocess
import time

import comparing
import points
from bed import Bed, wait_until

TRIES = 10
LINGER = 0.8  # seconds for the one that was stopped to do what it should not

FINAL = points.FINAL


def stops(kind):
    """(name, the request, how). On SQLite not within a transaction: all others would wait."""
    batches, archive = "csv batches", {"call": "rename", "path": "*.zip"}
    stop = [("behind a claim", batches, {"call": "commit", "when": "after", "sql": points.CLAIM}),
            ("before the plan is known", batches, {"call": "commit", "sql": points.PLAN}),
            ("behind the plan", batches, {"call": "commit", "when": "after", "sql": points.PLAN}),
            ("while a file is written", batches, {"call": "openat", "when": "after", "path": "*.part",
                                                  "count": 3}),
            ("before a file's fsync", batches, {"call": "fsync", "path": "*.csv.*.part"}),
            ("before a file's rename", batches, {"call": "rename", "path": FINAL, "count": 2}),
            ("behind a file's rename", batches, {"call": "rename", "when": "after", "path": FINAL}),
            ("before a list of repairs is renamed", batches, {"call": "rename",
                                                              "path": "*.repairs.jsonl"}),
            ("before a file's record", batches, {"call": "commit", "sql": points.RECORD, "count": 2}),
            ("behind a file's record", batches, {"call": "commit", "when": "after",
                                                 "sql": points.RECORD}),
            ("before progress is told", batches, {"call": "commit", "sql": points.PROGRESS,
                                                  "count": 2}),
            ("while the archive is written", batches, {"call": "write", "path": "*.zip.*.part"}),
            ("before the archive's fsync", batches, {"call": "fsync", "path": "*.zip.*.part"}),
            ("before the archive's rename", batches, archive),
            ("behind the archive's rename", batches, {**archive, "when": "after"}),
            ("before the archive's record", batches, {"call": "commit", "sql": points.RECORD,
                                                      "after": "*.zip"}),
            ("before the end", batches, {"call": "commit", "sql": points.END}),
            ("before a single file's rename", "csv in gzip", {"call": "rename", "path": FINAL}),
            ("before a group's rename", "groups", {"call": "rename", "path": FINAL, "count": 2}),
            ("before a heartbeat", batches, {"call": "commit", "sql": points.BEAT})]
    if kind == "sqlite":
        return [s for s in stop if s[2]["call"] != "commit" or s[2].get("when") == "after"]
    stop.append(("when a record's commit is sent", batches,
                 {"call": "send", "when": "after", "sql": points.RECORD}))
    return stop


def is_stopped(worker):
    with open(f"/proc/{worker.process.pid}/stat", encoding="ascii") as file:
        return file.read().rpartition(")")[2].split()[0] == "T"


def state_of(bed, export):
    """All that must not change: the record, and every file that it names."""
    folder = os.path.join(bed.out, export)
    content = {}
    for _, name, *_ in bed.files_of(export):
        with open(os.path.join(folder, name), "rb") as file:
            content[name] = hashlib.sha256(file.read()).hexdigest()
    record = bed.query("SELECT state, outcome_status, records, fence, ended_at, file_count, attempts"
                       f" FROM ybbexport_jobs WHERE id = '{export}'")
    return record, bed.files_of(export), content


def stop_worker(bed, how, name):
    mark = os.path.join(bed.folder.name, "mark")
    how = {"count": 1, **how}
    worker = bed.work(points.Strike.environment(**how, mark=mark, signal=int(signal.SIGSTOP)))
    wait_until(lambda: os.path.exists(mark) and is_stopped(worker) or not worker.is_alive(),
               f"stopped {name}")
    if not worker.is_alive():
        raise AssertionError(f"{name}: it ended: {worker.said()}")
    return worker


def go_on(worker):
    """And leave it the time to do what it was about to."""
    worker.process.send_signal(signal.SIGCONT)
    time.sleep(LINGER)
    if not worker.is_alive():
        raise AssertionError(f"it ended: {worker.process.returncode} {worker.said()}")


def is_locked(bed):
    """Whether somebody was stopped in the middle of a transaction of SQLite's: then all wait for him."""
    if bed.kind == "mysql":
        return False
    connection = sqlite3.connect(bed.database, timeout=1, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        return False
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()


def while_stopped(kind, stop, then, before=None):
    """Calls @then where the export's worker is stopped. @before: what happens to the export before."""
    name, request, how = stop
    for _ in range(TRIES):
        with Bed(kind) as bed:
            export = bed.start(request)
            if before is not None:
                before(bed)
            stale = stop_worker(bed, how, name)
            if not is_locked(bed):  # by another thread of its
                then(bed, export, stale)
                return
    raise AssertionError(f"{name}: stopped in a transaction each time")


def another_finishes(bed, export, stale):
    """Then the one that was stopped goes on, and changes nothing."""
    bed.work()
    bed.wait_all()
    finished = state_of(bed, export)
    go_on(stale)
    comparing.same(state_of(bed, export), finished, "what there is")
    bed.end_workers()
    comparing.check_bed(bed)


def another_is_at_work(bed, _, stale):
    """The one that was stopped goes on meanwhile, and does not disturb it."""
    mark = os.path.join(bed.folder.name, "second")
    second = bed.work(points.Strike.environment(
        call="fsync", path="*.csv.*.part", count=3, mark=mark, signal=int(signal.SIGSTOP)))
    wait_until(lambda: os.path.exists(mark) and is_stopped(second), "the second one stops")
    comparing.same(is_stopped(stale), True, "the first one is stopped")
    stale.process.send_signal(signal.SIGCONT)
    time.sleep(LINGER)
    second.process.send_signal(signal.SIGCONT)
    bed.wait_all()
    bed.end_workers()
    comparing.check_bed(bed)


def die_at(how):
    """Kills a first worker at a point."""

    def kill(bed):
        mark = os.path.join(bed.folder.name, "first")
        worker = bed.work(points.Strike.environment(**how, mark=mark, signal=int(signal.SIGKILL)))
        try:
            worker.process.wait(60)
        except subprocess.TimeoutExpired as error:
            raise AssertionError("the first worker was not killed") from error
        comparing.same(os.path.exists(mark), True, "the first worker was killed where it should be")
        bed.workers.remove(worker)
        worker.end()

    return kill


def sweep_too_late(kind):
    """A sweep that is stopped while it clears up a cancelled export's folder, and goes on when the export
    was resumed and is done."""
    with Bed(kind) as bed:
        export = bed.start("csv batches")
        die_at({"call": "commit", "sql": points.RECORD, "count": 3})(bed)
        comparing.same(bed.command("cancel", export).status, 0, "cancel")
        bed.work()
        wait_until(lambda: bed.client.status(export).get("error_code") == "CANCELLED", "it ends")
        bed.end_workers()
        left = os.path.join(bed.out, export, "participants_batch_4_of_7.csv." + "0" * 26 + ".part")
        with open(left, "w", encoding="ascii") as file:
            file.write("left")
        mark = os.path.join(bed.folder.name, "mark")
        sweep = bed.run_stoppable("sweep", points.Strike.environment(
            call="unlink", path="*.part", mark=mark, signal=int(signal.SIGSTOP)))
        wait_until(lambda: os.path.exists(mark) and is_stopped(sweep), "the sweep stops")
        comparing.same(bed.command("resume", export).status, 0, "resume")
        bed.work()
        bed.wait_all()
        bed.end_workers(but=sweep)
        finished = state_of(bed, export)
        sweep.process.send_signal(signal.SIGCONT)
        comparing.same(sweep.process.wait(60), 0, f"the sweep: {sweep.said()}")
        comparing.same(state_of(bed, export), finished, "what there is")
        comparing.check_sweep(bed)
        comparing.check_export(bed, export)
