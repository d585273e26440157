"""How many exports run at once, by the store's own log: never more of a class than it may, over all processes, and in
the order of the classes."""
import threading

import bed
import comparing
from bed import Bed, Client, Refused, harness

ROWS = {0: 40, 1: 150, 2: 350, 3: 500}  # a class: how many records
BORDERS = {"immediate": "< 100 records", "high": "100-300 records", "normal": "300-450 records",
           "low": "> 450 records"}
WORKERS = 2
EXPORTS = [0] * 20 + [1] * 14 + [2] * 10 + [3] * 6


def request_of(priority, number):
    return {**bed.REQUESTS["xlsx batches"], "filters": {"limit": ROWS[priority]},
            "owner": f"owner {number}", "large_dataset_options": {"strategy": "single"}}


class Order:
    """Whoever claims takes the first of the first class that has a place.

    Held is what a claim must have seen: it may have looked at the places before an end in another
    process that the log has before it, for events are numbered when they are written and seen when
    they are committed."""

    def __init__(self, log, slack):
        """@slack: how many transactions of others a claim may go past: their jobs and places are neither taken
        nor free to it."""
        self.log, self.slack = log, slack
        self.waiting = [[] for _ in range(4)]
        self.running, self.ends = {}, {}
        self.next, last = {}, {}  # number of an event: the next one of its holder
        for event in reversed(log.events):
            self.next[event["number"]] = last.get(event["holder"])
            last[event["holder"]] = event
        for event in log.events:
            self.take(event)

    def was_over(self, end, claim):
        """Whether @end was committed when @claim began: a process has one transaction at a time, and
        an event has the time at which its transaction began."""
        behind = self.next[end["number"]]
        return end["holder"] == claim["holder"] or (
            behind is not None and behind["store_time"] <= claim["store_time"])

    def forget_ends(self, claim):
        for job, end in list(self.ends.items()):
            if self.was_over(end, claim):
                del self.ends[job], self.running[job]

    def has_place(self, priority):
        taken = list(self.running.values())
        large = taken.count(2) + taken.count(3) + self.slack < self.log.large_limit
        own = taken.count(priority) + self.slack < self.log.limits[priority]
        return own and (priority < 2 or large)

    def take(self, event):
        kind, priority, job = event["kind"], event["priority"], event["job"]
        if kind == comparing.QUEUED:
            self.waiting[priority].append(job)
        elif kind == comparing.CLAIMED:
            self.forget_ends(event)
            before = [j for p in range(priority) if self.has_place(p) for j in self.waiting[p]]
            before += self.waiting[priority][:self.waiting[priority].index(job)]
            if len(before) > self.slack:
                raise AssertionError(f"{event} goes before {before}")
            self.waiting[priority].remove(job)
            self.running[job] = priority
        elif kind == comparing.ENDED:
            self.ends[job] = event


class Limits:
    kind = None

    def ask_for_all(self, place):
        """By two clients at once, as many as may wait."""
        config = place.config
        names, problems = [], []

        def ask(share):
            client = Client(config)
            try:
                for number, priority in share:
                    names.append(client.start(request_of(priority, number)))
            except Exception as error:  # pylint: disable=broad-except
                problems.append(error)
            client.close()

        shares = [list(enumerate(EXPORTS))[i::2] for i in range(2)]
        clients = [threading.Thread(target=ask, args=(share,)) for share in shares]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        self.assertEqual(problems, [])
        self.assertEqual(len(set(names)), len(EXPORTS))
        return names

    def hold(self, concurrent, large):
        with Bed(self.kind, system_limits={"max_concurrent_large_exports": large},
                 queue_config={"priority_levels": BORDERS, "max_queue_size": len(EXPORTS),
                               "concurrent_processing": concurrent, "lease_seconds": 15}) as place:
            names = self.ask_for_all(place)
            with self.assertRaises(Refused) as refused:
                place.client.start(request_of(0, "too many"))
            answer = refused.exception.answer
            self.assertEqual(answer["error_code"], bed.YBB_QUEUE_FULL)
            self.assertRegex(answer["message"] + str(answer["details"]), "[1-9][0-9]* second")
            for _ in range(WORKERS):
                place.work()
            place.started = {name: None for name in names}
            place.wait_all()
            for name in names:
                self.assertEqual(place.client.status(name)["status"], "success")
            place.end_workers()
            log = comparing.Log(place)
            self.assertEqual(sorted(log.ended), sorted(names))
            self.assertEqual(log.lost, 0)
            Order(log, 0 if self.kind == "sqlite" else WORKERS - 1)
            claims = [e["job"] for e in log.events if e["kind"] == comparing.CLAIMED]
            self.assertEqual(len(claims), len(names), "each ran once")
            print(f"# {self.kind}: at most {log.most} of the classes at once, large {log.most_large}",
                  flush=True)
            self.assertEqual([m > 0 for m in log.most], [True] * 4)

    def test_the_classes_have_their_limits(self):
        self.hold({"immediate": 10, "high": 5, "normal": 3, "low": 1}, 3)

    def test_normal_and_low_have_one_together(self):
        self.hold({"immediate": 2, "high": 2, "normal": 3, "low": 3}, 2)


class OnSqlite(Limits, harness.unittest.TestCase):
    kind = "sqlite"


@harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
class OnMariadb(Limits, harness.unittest.TestCase):
    kind = "mysql"


if __name__ == "__main__":
    harness.tap.main()
