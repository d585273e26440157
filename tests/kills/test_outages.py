"""Clocks that are set while exports run, and a database that is killed and started again under them."""
import os
import random
import time

import bed
import comparing
import points
import proxy
import server
from bed import Bed, REQUESTS, harness, wait_until

OUTAGES = int(os.environ.get("YBB_OUTAGES", "8"))
DAY = 86400
# no export that runs is too late when an hour or two are left out
PATIENT = {name: "24 hours" for name in ("immediate", "high", "normal", "low")}


def fill(place, count, chance):
    names = list(REQUESTS)
    for _ in range(count):
        place.start(chance.choice(names))


class Clock:
    """The wall clock of processes that are started with its environment."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "wall")
        self.set(0)

    def set(self, seconds):
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(str(seconds))
        os.rename(self.path + ".new", self.path)

    def environment(self):
        return points.Strike.environment(wall=self.path)


class Clocks(harness.unittest.TestCase):
    def jump(self, kind):
        """No lease is lost by it, for nobody dies."""
        chance = random.Random(1)
        with Bed(kind, queue_config={"lease_seconds": 15}) as place:
            clock = Clock(place.folder.name)
            fill(place, 24, chance)
            for _ in range(2):
                place.work(clock.environment())
            jumps = 0
            while not all(place.is_over(name) for name in place.started):
                clock.set(chance.choice((-2 * DAY, -3600, -20, 0, 20, 3600, 2 * DAY)))
                jumps += 1
                time.sleep(0.05)
            clock.set(0)
            place.end_workers()
            log = comparing.check_bed(place)
            self.assertEqual(log.lost, 0)
            self.assertGreater(jumps, 3)
            # the clock that they were shown is the one that they showed
            times = [int(r[0]) for r in place.query("SELECT ended_at FROM ybbexport_jobs")]
            if kind == "sqlite":
                self.assertTrue(any(abs(t / 1e6 - time.time()) > 3000 for t in times), times)

    def test_leases_do_not_follow_the_wall_clock_on_sqlite(self):
        self.jump("sqlite")

    @harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
    def test_leases_do_not_follow_a_client_s_wall_clock_on_mariadb(self):
        self.jump("mysql")


@harness.unittest.skipUnless(server.can_start(), "no MariaDB")
class Outages(harness.unittest.TestCase):
    def test_a_database_that_is_killed_in_the_middle_loses_nothing(self):
        """Rows and jobs are on the same server."""
        chance = random.Random(2)
        with server.OwnServer() as own, Bed("mysql") as place:
            place.command("queue")  # makes the store, which is asked before anybody else has
            place.work()
            place.work()
            for _ in range(OUTAGES):
                fill(place, max(0, 8 - self.unfinished(place)), chance)
                wait_until(lambda: place.query("SELECT 1 FROM ybbexport_jobs WHERE state = 1"),
                           "something runs")
                time.sleep(chance.uniform(0, 0.3))
                own.kill()
                time.sleep(chance.uniform(0, 0.5))
                own.start()
            place.wait_all()
            self.assertEqual([w.is_alive() for w in place.workers], [True, True])
            place.end_workers()
            comparing.check_bed(place)

    def test_an_export_goes_on_behind_a_restart_of_its_database(self):
        """That of the rows alone, in the middle of them."""
        with server.OwnServer() as own:
            with proxy.Proxy(bed.Sources.of("mysql")) as between, Bed(
                    "sqlite", source=between.dsn) as place:
                whole = self.start_batches(place)
                place.wait_all()
                truth, passed = self.rows(place, whole), between.passed
            with proxy.Proxy(bed.Sources.of("mysql"), passed * 2 // 3, holds=True) as between, Bed(
                    "sqlite", source=between.dsn,
                    queue_config={"retry_pause_seconds": 1, "max_attempts": 50}) as place:
                name = self.start_batches(place)
                self.assertTrue(between.held.wait(bed.PATIENCE))
                wait_until(lambda: place.files_of(name), "a file is finished")
                own.stop()
                between.release()
                wait_until(lambda: place.client.status(name)["metadata"]["attempts"] > 1,
                           "it is tried again in vain")
                own.start()
                place.wait_all()
                answer = place.client.status(name)
                self.assertEqual((answer["status"], answer["metadata"]["consistency"],
                                  answer["metadata"]["takeovers"]), ("success", "resumed", 0))
                self.assertGreater(answer["metadata"]["resumed_at_chunk"], 1)
                self.assertEqual(self.rows(place, name), truth)

    def start_batches(self, place):
        """An export that reads no further ahead than it writes."""
        name = place.start("csv batches", options={}, large_dataset_options={
            "strategy": "multi_file", "chunk_size": 100, "parallel_processing": False})
        place.work()
        return name

    def rows(self, place, name):
        return [row for number, file, *_ in place.files_of(name) if number
                for row in harness.read_csv(os.path.join(place.out, name, file))[1]]

    def unfinished(self, place):
        return int(place.query("SELECT COUNT(*) FROM ybbexport_jobs WHERE state < 2")[0][0])

    def test_a_server_whose_clock_is_set_loses_nothing(self):
        """It is the clock of leases: set forward, all of them end at once."""
        chance = random.Random(3)
        with harness.tempfile.TemporaryDirectory() as folder:
            clock = Clock(folder)
            with server.OwnServer(clock.environment()) as own, Bed(
                    "mysql", queue_config={"timeout_settings": PATIENT}) as place:
                place.work()
                place.work()
                for seconds in (0, 30, 3600, 0, 7200, 3600):
                    fill(place, 6, chance)
                    clock.set(seconds)
                    wait_until(lambda: place.query("SELECT 1 FROM ybbexport_jobs WHERE state = 1")
                               or not self.unfinished(place), "something runs")
                    time.sleep(0.2)
                place.wait_all()
                self.assertTrue(own.answers())
                place.end_workers()
                clock.set(0)
                comparing.check_bed(place)


if __name__ == "__main__":
    harness.tap.main()
