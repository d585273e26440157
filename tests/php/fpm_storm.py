#!/usr/bin/python3
"""fpm_storm.py [--minutes N] [--deaths N] [--seed N]: the storms of test_fpm.py for long. Goes on until the minutes
are over and workers have died so many times in each way (at most four times the minutes), then says how many
exports there were. Ends with 1 at the first that did not end well, at a crash, and where deaths are missing."""
import argparse
import json
import sys
import tempfile
import time

import php_bed
import fpm_bed
import test_fpm

# Pools, and the mean seconds between two strikes; where these come often, few workers live to be recycled.
STORMS = ((test_fpm.RECYCLED, 0.15), (test_fpm.ON_DEMAND, 0.15),
          (test_fpm.RECYCLED.replace("pm.max_requests = 5", "pm.max_requests = 1"), 1.5))
DEATHS = ("SIGKILL", "SIGTERM", "SIGQUIT", "reload", "recycled")


def storm(source, pool, pause, seconds, seed, total):
    """One pool for so long; adds to the totals."""
    with tempfile.TemporaryDirectory(prefix="ybb-fpm-") as folder:
        site = fpm_bed.Site(folder, source, pool)
        crowd = test_fpm.Crowd(site, sys.maxsize)
        until = time.monotonic() + seconds
        crowd.over = lambda: time.monotonic() > until
        striker = fpm_bed.Striker(site, seed, pause=pause)
        striker.start()
        try:
            crowd.run()
        finally:
            striker.stop()
            site.stop()
        crashes = site.crashes()
        striker.deaths["recycled"] = sum(pid not in striker.quit for pid in site.ended_well())
    for name, number in {**crowd.counts, **striker.deaths}.items():
        total[name] = total.get(name, 0) + number
    if crashes:
        sys.exit("crashes: " + "\n".join(crashes))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--deaths", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    wanted = parser.parse_args()
    began, total = time.monotonic(), {}
    with tempfile.TemporaryDirectory(prefix="ybb-fpm-") as folder:
        source = php_bed.demo(folder, test_fpm.PARTICIPANTS)
        while True:
            minutes = (time.monotonic() - began) / 60
            missing = [name for name in DEATHS if total.get(name, 0) < wanted.deaths]
            if minutes >= wanted.minutes and (not missing or minutes >= 4 * wanted.minutes):
                break
            for pool, pause in STORMS:
                storm(source, pool, pause, min(60, wanted.minutes * 60 / len(STORMS)), wanted.seed, total)
                wanted.seed += 1
            print(json.dumps({"minutes": round((time.monotonic() - began) / 60, 1), **total}), flush=True)
    sys.exit("too few deaths: " + ", ".join(missing) if missing else 0)


main()
