"""Workers are killed at random moments while they carry out a stream of exports: every export ends, and is what it
would have been. Many more kills: ./run kills."""
import os
import random

import bed
import random_kills
from bed import harness

KILLS = int(os.environ.get("YBB_KILLS", "200"))


class RandomKills(harness.unittest.TestCase):
    """KILLS in all."""

    def kill(self, kind):
        seed = int(os.environ.get("YBB_SEED", random.SystemRandom().getrandbits(32)))
        print(f"# seed {seed}", flush=True)
        figures = random_kills.run(kind, KILLS // 2, seed)
        print(f"# {kind}: {figures}", flush=True)
        self.assertEqual(figures.kills, KILLS // 2)
        self.assertGreater(figures.lost_owners, 0)

    def test_nothing_is_lost_or_doubled_on_sqlite(self):
        self.kill("sqlite")

    @harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
    def test_nothing_is_lost_or_doubled_on_mariadb(self):
        self.kill("mysql")


if __name__ == "__main__":
    harness.tap.main()
