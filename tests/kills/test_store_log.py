"""What holds the store's log against its promises says so where something is not as it should be, and only there:
a log that is spoilt in one place each, and one that grew so long that the store removed its beginning."""
import copy
import random

import comparing
import random_kills
from bed import Bed, harness

FILLED = 4000  # events at a time; the store keeps 10,000
NOTHING = 99   # a kind of event that nobody looks at


class Copy:
    """A bed as the checks see it, with a log of its own."""

    def __init__(self, bed):
        self.started, self.config = dict(bed.started), bed.config
        self.log = copy.deepcopy(bed.events())

    def events(self):
        return self.log

    def of_kind(self, *kinds):
        return next(event for event in self.log if event["kind"] in kinds)

    def last_file(self):
        """A file, and what its export's log has behind it."""
        file = next(e for e in reversed(self.log) if e["kind"] == comparing.FILE)
        return file, [e for e in self.log if e["job"] == file["job"] and e["number"] > file["number"]]

    def move_to_end(self, event):
        self.log.remove(event)
        self.log.append(event)


def filling(bed):
    """So many events as much work would have given."""
    bed.change("INSERT INTO ybbexport_events (kind, job, holder, priority, place, large_place, fence, status, file,"
               " store_time, utc) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
               f" WHERE i < {FILLED}) SELECT {NOTHING}, '', '', 0, 0, 0, 0, 0, 0, 0, 0 FROM n")


class LongRound(random_kills.Round):
    def kill_one(self):
        super().kill_one()
        filling(self.bed)


class StoreLog(harness.unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.bed = Bed("sqlite")
        for name in ("csv batches", "single csv", "groups"):
            cls.bed.start(name)
        cls.bed.work()
        cls.bed.wait_all()
        cls.bed.end_workers()

    @classmethod
    def tearDownClass(cls):
        cls.bed.close()

    def refused(self, words, spoil):
        spoilt = Copy(self.bed)
        spoil(spoilt)
        with self.assertRaisesRegex(AssertionError, words):
            comparing.Log(spoilt)

    def test_a_log_as_it_should_be_is_taken(self):
        log = comparing.Log(Copy(self.bed))
        self.assertEqual(log.ended, set(self.bed.started))

    def test_a_file_of_an_old_fence_is_found(self):
        self.refused("without the lease", lambda b: b.of_kind(comparing.FILE).update(fence=0))

    def test_a_file_of_another_holder_is_found(self):
        self.refused("without the lease", lambda b: b.of_kind(comparing.FILE).update(holder="own_other"))

    def test_a_file_behind_the_release_is_found(self):
        def spoil(spoilt):
            file, behind = spoilt.last_file()
            behind[-1]["kind"] = comparing.RELEASED
            spoilt.move_to_end(file)

        self.refused("without the lease", spoil)

    def test_a_file_behind_the_end_is_found(self):
        self.refused("behind its end", lambda b: b.move_to_end(b.last_file()[0]))

    def test_a_file_that_is_recorded_twice_is_found(self):
        def spoil(spoilt):
            at = spoilt.log.index(spoilt.of_kind(comparing.FILE))
            spoilt.log.insert(at, dict(spoilt.log[at]))

        self.refused("recorded twice", spoil)

    def test_a_second_claim_is_found(self):
        def spoil(spoilt):
            at = spoilt.log.index(spoilt.of_kind(comparing.CLAIMED))
            spoilt.log.insert(at, dict(spoilt.log[at]))

        self.refused("claimed while it runs", spoil)

    def test_a_log_without_its_beginning_is_not_taken_for_a_lost_lease(self):
        for count in (1, 6):
            def spoil(spoilt, removed=count):
                del spoilt.log[:removed]

            with self.subTest(count):
                self.refused("beginning the log does not have", spoil)

    def test_a_round_may_have_more_events_than_the_store_keeps(self):
        this = LongRound("sqlite", 8, random.SystemRandom().getrandbits(32))
        try:
            this.run()
            oldest = int(this.bed.query("SELECT MIN(number) FROM ybbexport_events")[0][0])
        finally:
            this.close()
        self.assertGreater(oldest, 1)

    def test_events_that_nobody_saw_are_missed(self):
        with Bed("sqlite") as bed:
            bed.start("single csv")
            bed.keep_events()
            bed.take_events()
            for _ in range(4):
                filling(bed)
            bed.start("single csv")
            with self.assertRaisesRegex(AssertionError, "read too late"):
                bed.events()


if __name__ == "__main__":
    harness.tap.main()
