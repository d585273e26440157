"""A worker that was stopped for longer than its lease finds that it has lost its export: it can neither record a file
nor end the export nor put another file in the place of one that is published."""
import bed
import stopped
from bed import harness

WRITING = {"call": "fsync", "path": "*.csv.*.part", "count": 2}
CLEARING = ("while it clears up behind one that died", "csv batches",
            {"call": "unlink", "path": "participants*.part"})
CLAIMED = ("before it clears up behind one that died", "csv batches",
           {"call": "commit", "when": "after", "sql": stopped.points.CLAIM})
CLEARED = ("when it has cleared up behind one that died", "csv batches",
           {"call": "commit", "when": "after", "sql": stopped.points.PLAN})


class Stopped:
    kind = None

    def test_it_changes_nothing_that_another_one_did(self):
        for stop in stopped.stops(self.kind):
            with self.subTest(stop[0]):
                stopped.while_stopped(self.kind, stop, stopped.another_finishes)
                print(f"# {self.kind}: {stop[0]}", flush=True)

    def test_clearing_up_too_late_removes_nothing(self):
        for stop in (CLEARING, CLAIMED, CLEARED):
            with self.subTest(stop[0]):
                stopped.while_stopped(self.kind, stop, stopped.another_finishes,
                                      stopped.die_at(WRITING))

    def test_clearing_up_too_late_disturbs_nobody_at_work(self):
        for stop in (CLEARING, CLAIMED, CLEARED):
            with self.subTest(stop[0]):
                stopped.while_stopped(self.kind, stop, stopped.another_is_at_work,
                                      stopped.die_at(WRITING))

    def test_a_sweep_that_goes_on_too_late_removes_nothing_of_a_resumed_export(self):
        stopped.sweep_too_late(self.kind)


class OnSqlite(Stopped, harness.unittest.TestCase):
    kind = "sqlite"


@harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
class OnMariadb(Stopped, harness.unittest.TestCase):
    kind = "mysql"


if __name__ == "__main__":
    harness.tap.main()
