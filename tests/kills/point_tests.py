"""Processes are killed at every named point of a job's life and of a file's publication: every export ends, and is
what it would have been. More of each: ./run kills."""
import os
import random

import bed
import points
from bed import harness

bed.PARTICIPANTS = 300  # the points are reached with few rows as with many
TIMES = int(os.environ.get("YBB_POINT_KILLS", "10"))
BATCHES = [bed.EARLY, "xlsx batches", "csv batches", "groups", "csv in zip"]


class Points:
    """TIMES each; a point that is not reached fails. A program for each kind of store, so that they run
    side by side."""

    kind = None

    def show(self, hits):
        for name, count in hits.items():
            print(f"# {self.kind}: {name}: {count}", flush=True)

    def strike(self, chosen, names=None):
        seed = random.SystemRandom().getrandbits(32)
        print(f"# seed {seed}", flush=True)
        self.show(points.strike_all(self.kind, chosen, TIMES, seed, names))

    def test_steps_of_a_job(self):
        self.strike(points.store_points(self.kind))

    def test_steps_of_a_file(self):
        self.strike(points.file_points(self.kind))

    def test_steps_of_an_archive(self):
        self.strike(points.archive_points(self.kind), BATCHES)

    def test_giving_back(self):
        self.show(points.give_back(self.kind, TIMES, 1))

    def test_taking_over(self):
        self.show(points.take_over(self.kind, TIMES, 1))

    def test_asking_for_an_export(self):
        self.show(points.start(self.kind, TIMES, 1))

    def test_sweeping(self):
        self.show(points.sweep(self.kind, TIMES, 1))
