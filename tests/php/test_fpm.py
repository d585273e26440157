#!/usr/bin/python3
"""The extension in PHP-FPM behind nginx: clients export while workers end in every way there is. Every export ends
well, every answer is valid, nothing crashes. Without the striker the same servers show what a request leaves behind."""
import collections
import getpass
import itertools
import json
import os
import tempfile
import threading
import time
import unittest

import php_bed
import fpm_bed
import tap
from fpm_bed import Client, Site, Striker, rows_of

fpm_bed.need()
REQUESTS = int(os.environ.get("YBB_FPM_REQUESTS", "250"))  # of each way of running the pool
CLIENTS = 5
PARTICIPANTS = 2600
SEED = int(os.environ.get("YBB_FPM_SEED", str(int(time.time()))))
RECYCLED = """pm = dynamic
pm.max_children = 6
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 2
pm.max_requests = 5"""
ON_DEMAND = """pm = ondemand
pm.max_children = 6
pm.process_idle_timeout = 1s"""
STEADY = """pm = static
pm.max_children = 2"""


class Bed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="ybb-fpm-")
        cls.source = php_bed.demo(cls.shared.name, PARTICIPANTS)

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def site(self, pool, **options):
        folder = tempfile.TemporaryDirectory(prefix="ybb-fpm-")
        self.addCleanup(folder.cleanup)
        site = Site(folder.name, self.source, pool, **options)
        self.addCleanup(site.stop)
        return site


class Crowd:
    """Clients that take requests from one list until so many HTTP requests were made."""

    def __init__(self, site, most):
        self.site, self.most = site, most
        self.counts = collections.Counter()
        self.wishes = fpm_bed.requests()
        self.lock = threading.Lock()
        self.errors = []
        self.ids = []

    def over(self):
        return self.counts["requests"] >= self.most

    def one_export(self, client):
        with self.lock:
            request, records = next(self.wishes)
        answer = client.follow(client.answer("do=start", request))
        if answer["status"] != "success":
            raise AssertionError(f"an export failed: {answer}")
        data = answer["data"]
        wanted = records if records is not None else data["total_records"]
        if data.get("record_count", data.get("total_records")) != wanted:
            raise AssertionError(f"{wanted} records were wanted: {answer}")
        self.check_files(client, answer, wanted)
        with self.lock:
            self.ids.append(answer["export_id"])
            self.counts["exports"] += 1

    @staticmethod
    def check_files(client, answer, wanted):
        files = answer["data"].get("individual_files")
        parts = [f["batch_number"] for f in files] if files else [""]
        sizes = [f["file_size"] for f in files] if files else [answer["data"]["file_size"]]
        rows = 0
        for part, size in zip(parts, sizes):
            for _ in range(50):  # a worker may die in the middle of a file
                content = client.ask(f"do=download&id={answer['export_id']}&part={part}")[1]
                if len(content) == size:
                    break
            else:
                raise AssertionError(f"{len(content)} bytes instead of {size}")
            rows += rows_of(content) if answer["metadata"]["format"] == "csv" else wanted
        if rows != wanted:
            raise AssertionError(f"{rows} rows instead of {wanted}")

    def work(self):
        client = Client(self.site, self.counts)
        try:
            while not self.over() and not self.errors:
                self.one_export(client)
        except Exception as error:  # pylint: disable=broad-except
            self.errors.append(error)

    def run(self):
        threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.errors:
            raise self.errors[0]


class Recycling(Bed):
    def storm(self, pool):
        site = self.site(pool)
        crowd, striker = Crowd(site, REQUESTS), Striker(site, SEED)
        striker.start()
        try:
            crowd.run()
        finally:
            striker.stop()
            print(f"# seed {SEED}: {dict(crowd.counts)}, deaths {striker.deaths}", flush=True)
        self.assertEqual([], site.crashes())
        self.assertEqual(len(crowd.ids), len(set(crowd.ids)))
        self.assertGreaterEqual(crowd.counts["requests"], REQUESTS)
        self.assertNotIn("Fatal", site.logged("php.log"))

    def test_exports_end_well_where_workers_serve_five_requests_and_are_killed(self):
        self.storm(RECYCLED)

    def test_exports_end_well_where_idle_workers_end_after_a_second_and_are_killed(self):
        self.storm(ON_DEMAND)


class Requests(Bed):
    LARGE = {"export_type": "participants", "program_id": 1, "template": "detailed", "format": "csv",
             "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}

    def test_the_master_and_a_fresh_worker_have_one_thread(self):
        site = self.site(STEADY)
        client = Client(site, collections.Counter())
        self.assertEqual(1, len(os.listdir(f"/proc/{site.fpm.pid}/task")))
        self.assertEqual(1, json.loads(client.ask("do=pid")[1])["threads"])

    def test_workers_export_where_preloading_has_exported(self):
        """The master has run an export, and so threads, before it forks them."""
        if not php_bed.zend_extension("opcache"):
            self.skipTest("there is no opcache: on Debian and Ubuntu install php-opcache")
        options = ["-d", "zend_extension=opcache", "-d", "ybb_export.config={folder}/settings.json", "-d",
                   f"opcache.preload={php_bed.SOURCES / 'tests/php/fpm_preload.php'}", "-d",
                   f"opcache.preload_user={getpass.getuser()}"]
        site = self.site(STEADY, options=options)
        client = Client(site, collections.Counter())
        for number in range(6):
            answer = client.follow(client.answer("do=start", {**self.LARGE, "idempotency_key": f"after{number}"}))
            self.assertEqual("success", answer["status"])
        self.assertEqual(1, client.answer("do=start", {**self.LARGE, "idempotency_key": "preload"})["data"]
                         ["total_records"], "preloading exported nothing")
        self.assertEqual([], site.crashes())

    def test_a_request_that_dies_leaves_an_export_that_ends_well(self):
        site = self.site(STEADY)
        client = Client(site, collections.Counter())
        for number, way in enumerate(["exit", "throw", "memory", "gone"]):
            with self.subTest(way):
                request = {**self.LARGE, "idempotency_key": f"way{number}"}
                if way == "gone":
                    self.leave(site, request)
                else:
                    client.once(f"do={way}", request)
                # the same key: the export that is there
                answer = client.follow(client.answer("do=start", request))
                self.assertEqual("success", answer["status"])
                self.assertEqual(PARTICIPANTS, answer["data"]["total_records"])
        self.assertEqual([], site.crashes())

    @staticmethod
    def leave(site, request):
        connection = fpm_bed.UnixConnection(f"{site.folder}/http.sock")
        connection.request("POST", "/?do=gone", json.dumps(request))
        connection.getresponse().read(10)
        connection.close()

    def test_a_worker_that_is_told_twice_to_end_closes_no_file_of_a_request(self):
        """PHP-FPM closes the number of its listening socket each time, whoever has it by then."""
        site = self.site(STEADY)
        client = Client(site, collections.Counter())
        for _ in range(4):
            self.assertEqual({"whole": 64}, json.loads(client.ask("do=quit")[1]))
            site.reload()

    def test_many_requests_leave_no_descriptor_behind(self):
        site = self.site(STEADY.replace("2", "1"))
        client = Client(site, collections.Counter())
        seen = []
        for number in range(4):
            for again in range(5):
                request = {**self.LARGE, "filters": {"limit": 50 + number * 10 + again}}
                answer = client.answer("do=start", request)
                answer = client.follow(answer)
                client.once("do=memory", {**request, "idempotency_key": f"m{number}{again}"})
                client.ask(f"do=download&id={answer['export_id']}&part=1")
            fpm_bed.wait_until(lambda: json.loads(client.ask("do=pid")[1])["threads"] == 1, "the threads leave")
            seen.append(json.loads(client.ask("do=pid")[1])["files"])
        self.assertEqual(seen[1], seen[-1], seen)

    def test_a_stream_goes_through_to_the_client(self):
        site = self.site(STEADY)
        client = Client(site, collections.Counter())
        request = {"export_type": "participants", "program_id": 1, "template": "standard", "format": "csv"}
        status, content = client.ask("do=stream", request)
        self.assertEqual((200, PARTICIPANTS), (status, rows_of(content)))


class Shutdown(Bed):
    def test_a_worker_that_ends_in_the_middle_gives_its_export_back(self):
        """Another one goes on at once, although leases last for minutes."""
        site = self.site(ON_DEMAND, settings={"queue_config": {"max_takeovers": 10000, "lease_seconds": 600}})
        client = Client(site, collections.Counter())
        for number in itertools.count():
            request = {**Requests.LARGE, "format": "excel", "idempotency_key": f"k{number}",
                       "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}
            answer = client.answer("do=start", request)
            for pid in site.workers():
                os.kill(pid, 3)  # SIGQUIT
            answer = client.follow(answer)
            self.assertEqual("success", answer["status"])
            if answer["metadata"]["attempts"] > 1 or number > 20:
                break
        self.assertGreater(answer["metadata"]["attempts"], 1, "no export was interrupted")
        self.assertEqual(0, answer["metadata"]["takeovers"], "the lease was not given back")


if __name__ == "__main__":
    tap.main()
