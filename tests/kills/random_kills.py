"""A stream of exports on workers that are killed at random moments."""
import random
import threading
import time

import comparing
from bed import Bed, Client, REQUESTS, wait_until

WORKERS = 3
UNFINISHED = 10  # exports that are there at any time
LONGEST = (0.05, 0.2, 0.6)  # seconds between two kills, in bursts and at leisure


class Watcher(threading.Thread):
    """Asks for the status of all exports, and holds it against what it was before."""

    def __init__(self, bed):
        super().__init__(daemon=True)
        self.client = Client(bed.config)
        self.watched, self.shown, self.problems = {}, {}, []
        self.stopping = threading.Event()
        self.asked = 0

    def watch(self, export):
        self.watched[export] = 0

    def unfinished(self):
        return len(self.watched)

    def look(self, export):
        answer = self.client.status(export)
        progress = answer["progress"]
        now = (progress["percentage"], progress["records_processed"])
        before = self.shown.get(export, now)
        self.asked += 1
        if now[0] < before[0]:
            self.problems.append(f"{export} fell from {before} to {now}")
        self.shown[export] = now
        if answer["status"] in ("success", "error"):
            self.watched.pop(export)

    def run(self):
        try:
            while not self.stopping.is_set():
                for export in list(self.watched):
                    self.look(export)
                time.sleep(0.02)
        except Exception as error:  # pylint: disable=broad-except
            self.problems.append(repr(error))

    def end(self):
        self.stopping.set()
        self.join()
        self.client.close()
        if self.problems:
            raise AssertionError("; ".join(self.problems[:5]))


class Figures:
    """What a round had."""

    def __init__(self):
        self.kills = self.exports = self.lost_leases = self.lost_owners = self.asked = 0

    def add(self, other):
        for key, value in vars(other).items():
            setattr(self, key, getattr(self, key) + value)

    def __str__(self):
        return (f"{self.kills} kills, {self.lost_owners} of owners at work with {self.lost_leases} "
                f"exports, {self.exports} exports, all whole; asked {self.asked} times")


class Round:
    def __init__(self, kind, kills, seed):
        self.random = random.Random(seed)
        self.kills = kills
        self.bed = Bed(kind)
        self.watcher = Watcher(self.bed)
        self.figures = Figures()
        self.names = []

    def next_name(self):
        """All requests, in another order each time."""
        if not self.names:
            self.names = list(REQUESTS)
            self.random.shuffle(self.names)
        return self.names.pop()

    def fill(self):
        while self.watcher.unfinished() < UNFINISHED:
            self.watcher.watch(self.bed.start(self.next_name()))

    def owners(self):
        """Workers that have registered by now."""
        processes = {int(row[0]) for row in self.bed.query("SELECT process FROM ybbexport_owners")}
        return [w for w in self.bed.workers if w.process.pid in processes and w.is_alive()]

    def man(self):
        alive = [w for w in self.bed.workers if w.is_alive()]
        for worker in [w for w in self.bed.workers if not w.is_alive()]:
            if worker.process.returncode != -9:
                raise AssertionError(f"a worker ended: {worker.process.returncode} {worker.said()}")
            worker.end()
        self.bed.workers[:] = alive
        while len(self.bed.workers) < WORKERS:
            self.bed.work()

    def can_bear_it(self):
        """An export fails that was taken over too often without a file in between."""
        most = self.bed.query("SELECT COALESCE(MAX(takeovers), 0) FROM ybbexport_jobs WHERE state < 2")
        return int(most[0][0]) < self.bed.config["queue_config"]["max_takeovers"] // 2

    def kill_one(self):
        time.sleep(self.random.uniform(0, self.random.choice(LONGEST)))
        wait_until(self.can_bear_it, "exports that were taken over often get on")
        victims = wait_until(self.owners, "a worker registers", pause=0.01)
        self.random.choice(victims).kill()
        self.figures.kills += 1

    def run(self):
        self.fill()
        self.watcher.start()
        while self.figures.kills < self.kills and not self.watcher.problems:
            self.man()
            self.fill()
            self.kill_one()
            self.bed.keep_events()
        self.man()
        wait_until(lambda: not self.watcher.unfinished() or self.watcher.problems,
                   "all exports end")
        self.watcher.end()
        self.bed.end_workers()
        self.check()

    def check(self):
        log = comparing.check_bed(self.bed)
        self.figures.exports = len(self.bed.started)
        self.figures.lost_leases = log.lost
        self.figures.lost_owners = len(log.lost_owners)
        self.figures.asked = self.watcher.asked

    def close(self):
        self.watcher.stopping.set()
        self.bed.close()


def run(kind, kills, seed):
    """Figures of a round; an AssertionError names what is wrong."""
    this = Round(kind, kills, seed)
    try:
        this.run()
    finally:
        this.close()
    return this.figures
