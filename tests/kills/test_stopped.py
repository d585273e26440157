"""A worker that was stopped for longer than its lease finds that it has lost its export: it can neither record a file
nor end the export nor put another file in the place of one that is published."""
import bed
import stopped
from bed import harness

# a file was renamed, and its worker died before it could record it
RENAMED = {"call": "commit", "sql": stopped.points.RECORD, "count": 2}
CLEANING = ("while it clears up behind one that died", "csv batches",
            {"call": "unlink", "path": "participants*"})
PLANNED = ("before it clears up behind one that died", "csv batches",
           {"call": "commit", "when": "after", "sql": stopped.points.PLAN})


class Stopped:
    kind = None

    def test_it_changes_nothing_that_another_one_did(self):
        for stop in stopped.stops(self.kind):
            with self.subTest(stop[0]):
                stopped.check_takeover(self.kind, stop)

    def test_clearing_up_too_late_removes_nothing(self):
        for stop in (CLEANING, PLANNED):
            with self.subTest(stop[0]):
                stopped.check_takeover(self.kind, stop, stopped.die_at(RENAMED))

    def test_clearing_up_too_late_disturbs_nobody_at_work(self):
        for stop in (CLEANING, PLANNED):
            with self.subTest(stop[0]):
                stopped.overlap(self.kind, stop, stopped.die_at(RENAMED))


class OnSqlite(Stopped, harness.unittest.TestCase):
    kind = "sqlite"


@harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
class OnMariadb(Stopped, harness.unittest.TestCase):
    kind = "mysql"


if __name__ == "__main__":
    harness.tap.main()
