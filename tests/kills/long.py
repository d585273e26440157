"""Many rounds of random kills, and many kills at each named point; a line for each round, the sums at the end."""
import argparse
import collections
import random
import sys
import time

import bed
import points
import random_kills

ROUND = 200  # kills; a round has its own store, whose log then holds all that happened
ARCHIVED = [bed.EARLY, "xlsx batches", "csv batches", "groups", "csv in zip"]


def say(text):
    print(time.strftime("%H:%M:%S ") + text, flush=True)


def kill_randomly(kinds, kills, seed):
    sums = {kind: random_kills.Figures() for kind in kinds}
    rounds = 0
    while sum(s.kills for s in sums.values()) < kills:
        kind = kinds[rounds % len(kinds)]
        left = kills - sum(s.kills for s in sums.values())
        figures = random_kills.run(kind, min(ROUND, left), seed + rounds)
        sums[kind].add(figures)
        rounds += 1
        say(f"{kind}, seed {seed + rounds - 1}: {figures}")
    for kind in kinds:
        say(f"in all on {kind}: {sums[kind]}")


def kill_at_points(kinds, times, seed):
    hits = collections.Counter()
    step = max(1, min(times, 10))
    for done in range(0, times, step):
        now = min(step, times - done)
        for kind in kinds:
            for found in (
                    points.strike_all(kind, points.store_points(kind), now, seed + done),
                    points.strike_all(kind, points.file_points(kind), now, seed + done),
                    points.strike_all(kind, points.archive_points(kind), now, seed + done, ARCHIVED),
                    points.give_back(kind, now, seed + done),
                    points.take_over(kind, now, seed + done),
                    points.start(kind, now, seed + done),
                    points.sweep(kind, now, seed + done)):
                hits.update({(kind, point): count for point, count in found.items()})
            say(f"{kind}: {done + now} kills at each point")
    for (kind, point), count in sorted(hits.items()):
        say(f"{kind}: {point}: {count}")
    say(f"in all {sum(hits.values())} kills at {len(hits)} points")


def main():
    parser = argparse.ArgumentParser(prog="tests/kills/run")
    parser.add_argument("--kills", type=int, default=10000, help="at random moments; 10000")
    parser.add_argument("--points", type=int, default=50, help="kills at each named point; 50")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--store", choices=["sqlite", "mysql", "both"], default="both")
    wanted = parser.parse_args()
    kinds = [kind for kind in bed.KINDS if wanted.store in (kind, "both")]
    if not kinds:
        sys.exit("there is no MariaDB")
    say(f"seed {wanted.seed}")
    kill_randomly(kinds, wanted.kills, wanted.seed)
    kill_at_points(kinds, wanted.points, wanted.seed)


main()
