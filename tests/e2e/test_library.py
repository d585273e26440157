"""The shared library itself: the answers of an export that waits, runs, ends, fails or is cancelled, and of its
chunks, each valid by docs/answer.schema.json."""
import ctypes
import json
import os
import pathlib
import shutil
import time
import unittest

import harness
import proxy
import tap

harness.PARTICIPANTS = 900
LIBRARY = pathlib.Path(os.environ.get("YBB_BUILD_DIR", "build")) / ".libs/libybbexport.so"
OK, MISUSE = 0, 903
SOURCE_UNAVAILABLE, NOT_FOUND, NOT_READY, CANCELLED, NOT_RESUMABLE = 100, 300, 301, 302, 308
REQUEST = {"export_type": "participants", "template": "detailed",
           "large_dataset_options": {"strategy": "multi_file", "chunk_size": 100}}
CONFIG = {"chunk_configurations": {"min_chunk_size": 10}}
WRITE = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
PROGRESS = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
CALLS_A_SECOND = 10


def load():
    if not LIBRARY.exists():
        return None
    library = ctypes.CDLL(str(LIBRARY))
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, *arguments in (
            ("config_new", pointer), ("config_free", None, pointer),
            ("config_read", ctypes.c_int, pointer, text, ctypes.c_size_t, pointer),
            ("exporter_open", ctypes.c_int, ctypes.POINTER(pointer), pointer, pointer),
            ("exporter_free", None, pointer), ("error_new", pointer), ("error_free", None, pointer),
            ("error_json", pointer, pointer), ("error_clear", None, pointer),
            ("export_start", ctypes.c_int, ctypes.POINTER(pointer), pointer, text, ctypes.c_size_t,
             pointer),
            ("export_id", text, pointer), ("export_wait", ctypes.c_int, pointer, ctypes.c_int, pointer),
            ("export_open", ctypes.c_int, ctypes.POINTER(pointer), pointer, text, text, pointer),
            ("export_cancel", ctypes.c_int, pointer, pointer), ("export_free", None, pointer),
            ("export_immediate", ctypes.c_bool, pointer), ("export_joined", ctypes.c_bool, pointer),
            ("export_on_progress", None, pointer, PROGRESS, pointer),
            ("export_resume", ctypes.c_int, pointer, pointer),
            ("export_status", ctypes.c_int, ctypes.POINTER(pointer), pointer, text, text, pointer),
            ("export_chunks", ctypes.c_int, ctypes.POINTER(pointer), pointer, text, text, pointer),
            ("export_delete", ctypes.c_int, ctypes.POINTER(pointer), pointer, text, text, pointer),
            ("export_stream", ctypes.c_int, pointer, WRITE, pointer, pointer),
            ("exporter_running", ctypes.c_uint, pointer),
            ("exporter_serve", ctypes.c_int, pointer, pointer),
            ("exporter_stop", ctypes.c_int, pointer, ctypes.c_int, ctypes.c_int, pointer),
            ("string_free", None, pointer)):
        function = getattr(library, "ybb_" + name)
        function.restype, function.argtypes = result, arguments
    return library


class Case(harness.Case):
    @classmethod
    def setUpClass(cls):
        cls.lib = load()
        if cls.lib is None:
            raise unittest.SkipTest("this build has no shared library")
        super().setUpClass()

    def setUp(self):
        super().setUp()
        self.error = self.lib.ybb_error_new()
        self.addCleanup(self.lib.ybb_error_free, self.error)
        self.exporters = []
        self.addCleanup(lambda: [self.close(exporter) for exporter in [*self.exporters]])

    def open(self, source, **more):
        config = self.lib.ybb_config_new()
        text = json.dumps({"source": source, "out": self.out, **CONFIG, **more}).encode()
        self.assertEqual(self.lib.ybb_config_read(config, text, len(text), self.error), OK)
        exporter = ctypes.c_void_p()
        self.assertEqual(self.lib.ybb_exporter_open(ctypes.byref(exporter), config, self.error), OK)
        self.lib.ybb_config_free(config)
        self.exporters.append(exporter)
        return exporter

    def close(self, exporter):
        self.exporters.remove(exporter)
        self.lib.ybb_exporter_free(exporter)

    def start(self, exporter, request=None, expect=OK):
        export = ctypes.c_void_p()
        text = json.dumps(request or REQUEST).encode()
        status = self.lib.ybb_export_start(ctypes.byref(export), exporter, text, len(text), self.error)
        self.assertEqual(status, expect)
        if status == OK:
            self.addCleanup(self.lib.ybb_export_free, export)
        return export

    def text(self, pointer):
        content = ctypes.string_at(pointer)
        self.lib.ybb_string_free(pointer)
        answer = json.loads(content, object_pairs_hook=harness.unique)
        harness.Schema.hold("answer", answer)
        return answer

    def ask(self, what, exporter, export, owner=None, expect=OK):
        """The status or the chunks of an export, by its object or by its id."""
        out = ctypes.c_void_p()
        name = export if isinstance(export, bytes) else self.lib.ybb_export_id(export)
        call = getattr(self.lib, "ybb_export_" + what)
        self.lib.ybb_error_clear(self.error)
        self.assertEqual(call(ctypes.byref(out), exporter, name, owner, self.error), expect)
        if expect == OK:
            return self.text(out)
        self.assertIsNone(out.value)
        return self.text(self.lib.ybb_error_json(self.error))

    def wait(self, export, milliseconds=-1):
        self.lib.ybb_error_clear(self.error)
        return self.lib.ybb_export_wait(export, milliseconds, self.error)


class Answers(Case):
    def test_from_the_first_to_the_last(self):
        exporter = self.open(harness.Case.sources["sqlite"])
        export = self.start(exporter)
        seen, percentages, published = [], [], []
        while True:
            answer = self.ask("status", exporter, export)
            chunks = self.ask("chunks", exporter, export)
            seen.append(answer["status"])
            percentages.append(answer["progress"]["percentage"])
            published.append(chunks["completed_chunks"])
            self.assertEqual(len(chunks["chunks"]), chunks["completed_chunks"])
            for chunk in chunks["chunks"]:
                self.assertEqual(os.path.getsize(self.path_of(answer, chunk["file_name"])),
                                 chunk["file_size"])
            if answer["status"] != "processing":
                break
            self.wait(export, 1)
        self.assertEqual(self.wait(export), OK)
        self.assertEqual(set(seen[:-1]) | {"processing"}, {"processing"})
        self.assertEqual(seen[-1], "success")
        self.assertEqual(percentages, sorted(percentages))
        self.assertEqual(published, sorted(published))
        final = self.ask("chunks", exporter, export)
        self.assertEqual(final["chunks"], self.ask("status", exporter, export)["data"]["individual_files"])
        self.assertEqual(final["completed_chunks"], final["total_chunks"])

    def test_which_exports_are_carried_out_at_once(self):
        source = harness.Case.sources["sqlite"]
        here, elsewhere = self.open(source), self.open(source, pool="worker")
        few = {**REQUEST, "large_dataset_options": {"strategy": "single"}}
        self.assertTrue(self.lib.ybb_export_immediate(self.start(here, few)))
        self.assertFalse(self.lib.ybb_export_immediate(self.start(elsewhere, {**few, "owner": "w"})))
        joined = self.start(here, {**few, "owner": "w"})
        self.assertTrue(self.lib.ybb_export_joined(joined))
        self.assertFalse(self.lib.ybb_export_immediate(joined))
        self.assertFalse(self.lib.ybb_export_immediate(None))

    def test_who_waits_in_short_pieces_is_called_back_now_and_then(self):
        exporter = self.open(harness.Case.sources["sqlite"], pool="worker")
        export = self.start(exporter)
        calls = []
        call = PROGRESS(lambda _, __: calls.append(time.clock_gettime(time.CLOCK_BOOTTIME)))
        self.lib.ybb_export_on_progress(export, call, None)
        while len(calls) < CALLS_A_SECOND // 2:
            self.assertEqual(self.wait(export, 1), NOT_READY)
        self.assertLessEqual(len(calls), 1 + (calls[-1] - calls[0]) * CALLS_A_SECOND)
        before = len(calls)
        self.assertEqual(self.lib.ybb_export_cancel(export, self.error), OK)
        self.assertEqual(self.wait(export), CANCELLED)
        self.assertEqual(len(calls), before + 1)  # its end is never kept back

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_while_the_database_is_waited_for(self):
        with proxy.Proxy(harness.MYSQL, 300_000, holds=True) as between:
            exporter = self.open(between.dsn)
            export = self.start(exporter)
            self.assertTrue(between.held.wait(60))
            answer = self.ask("status", exporter, export)
            self.assertEqual(answer["status"], "processing")
            self.assertEqual(self.wait(export, 1), NOT_READY)
            self.assertEqual(self.lib.ybb_export_cancel(export, self.error), OK)
            self.assertEqual(self.wait(export), CANCELLED)
            answer = self.ask("status", exporter, export)
            self.assertEqual((answer["status"], answer["error_code"]), ("error", "CANCELLED"))
            chunks = self.ask("chunks", exporter, export)
            self.assertEqual(chunks["status"], "error")
            # what was finished by then stays, and nothing else
            self.assertEqual(self.files_left(), sorted(f"{answer['export_id']}/{c['file_name']}"
                                                       for c in chunks["chunks"]))

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_a_file_that_is_whole_when_an_export_ends_is_recorded(self):
        """The reader waits for rows while files are finished that it has not yet told the store of."""
        with proxy.Proxy(harness.MYSQL) as between:
            exporter = self.open(between.dsn, threads=2)
            self.assertEqual(self.wait(self.start(exporter)), OK)
            passed = between.passed
        with proxy.Proxy(harness.MYSQL, passed * 2 // 3, holds=True) as between:
            exporter = self.open(between.dsn, threads=2)
            export = self.start(exporter, {**REQUEST, "owner": "second"})
            self.assertTrue(between.held.wait(60))
            name = self.lib.ybb_export_id(export).decode()
            until = time.monotonic() + 60
            while self.published(name) <= len(self.recorded(exporter, name)):
                self.assertLess(time.monotonic(), until)
            self.assertEqual(self.lib.ybb_export_cancel(export, self.error), OK)
            self.assertEqual(self.wait(export), CANCELLED)
            self.assertEqual(self.published(name), len(self.recorded(exporter, name)))

    def published(self, name):
        folder = pathlib.Path(self.out) / name
        return len(list(folder.glob("*.xlsx")) if folder.is_dir() else [])

    def recorded(self, exporter, name):
        return self.ask("chunks", exporter, name.encode())["chunks"]

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_freeing_gives_back_what_runs(self):
        with proxy.Proxy(harness.MYSQL, 300_000, holds=True) as between:
            exporter = self.open(between.dsn)
            export = ctypes.c_void_p()
            text = json.dumps(REQUEST).encode()
            self.assertEqual(self.lib.ybb_export_start(ctypes.byref(export), exporter, text, len(text),
                                                       self.error), OK)
            name = self.lib.ybb_export_id(export)
            self.lib.ybb_export_free(export)
            self.assertTrue(between.held.wait(60))
            self.close(exporter)
            exporter = self.open(harness.MYSQL)
            answer = self.ask("status", exporter, name)
            self.assertEqual((answer["data"]["queue_position"], answer["metadata"]["attempts"],
                              answer["metadata"]["takeovers"]), (1, 1, 0))
            kept = self.ask("chunks", exporter, name)["chunks"]
            self.assertEqual(self.lib.ybb_exporter_serve(exporter, self.error), OK)
            self.assertEqual(self.lib.ybb_export_open(ctypes.byref(export), exporter, name, None,
                                                      self.error), OK)
            self.assertEqual(self.wait(export), OK)
            self.lib.ybb_export_free(export)
            done = self.ask("chunks", exporter, name)["chunks"]
            self.assertEqual(done[:len(kept)], kept)
            self.assertEqual(sum(chunk["record_count"] for chunk in done),
                             self.ask("status", exporter, name)["data"]["total_records"])

    def test_exports_that_wait_for_a_thread(self):
        exporter = self.open(harness.Case.sources["sqlite"], threads=1)
        exports = [self.start(exporter) for _ in range(4)]
        states = [self.ask("status", exporter, export)["data"].get("queue_position")
                  for export in exports]
        self.assertIn(states[-1], (None, 0, 1))
        self.assertEqual([self.wait(export) for export in exports], [OK] * 4)

    def test_a_failure(self):
        exporter = self.open("sqlite:///no/such/file.db")
        self.start(exporter, expect=SOURCE_UNAVAILABLE)
        self.assertEqual(self.text(self.lib.ybb_error_json(self.error))["error_code"],
                         "SOURCE_UNAVAILABLE")
        self.assertEqual(self.left(), [])

    def test_a_refused_request(self):
        exporter = self.open(harness.Case.sources["sqlite"])
        self.start(exporter, {"export_type": "participant"}, 6)
        answer = self.text(self.lib.ybb_error_json(self.error))
        self.assertEqual(answer["details"]["suggestion"], "participants")

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_who_asks_connects_once(self):
        with proxy.Proxy(harness.MYSQL) as between:
            exporter = self.open(harness.Case.sources["sqlite"], pool="worker", store=between.dsn)
            export = self.start(exporter)
            for _ in range(20):
                self.ask("status", exporter, export)
            self.assertEqual(between.accepted, 1)
            self.close(exporter)

    def test_who_asks_may_fork(self):
        """The child asks for itself, and what it closes is not its parent's."""
        for store in ["sqlite"] + (["mysql"] if harness.MYSQL else []):
            more = {"store": harness.MYSQL} if store == "mysql" else {}
            exporter = self.open(harness.Case.sources["sqlite"], pool="worker", **more)
            name = self.lib.ybb_export_id(self.start(exporter, {**REQUEST, "owner": store}))
            self.ask("status", exporter, name)
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    self.ask("status", exporter, name)
                    self.lib.ybb_exporter_free(exporter)
                    status = 0
                finally:
                    os._exit(status)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            self.ask("status", exporter, name)
            self.ask("delete", exporter, name)

    def test_a_store_that_is_replaced_is_the_one_asked(self):
        folder = pathlib.Path(self.out) / "jobs"
        folder.mkdir()
        exporter = self.open(harness.Case.sources["sqlite"], pool="worker", store=f"sqlite://{folder}/jobs.db")
        name = self.lib.ybb_export_id(self.start(exporter))
        self.ask("status", exporter, name)
        folder.rename(folder.with_name("before"))
        folder.mkdir()
        self.ask("status", exporter, name, expect=NOT_FOUND)
        shutil.rmtree(folder)
        folder.with_name("before").rename(folder)
        self.ask("status", exporter, name)

    def test_an_export_that_nobody_knows(self):
        exporter = self.open(harness.Case.sources["sqlite"])
        for started in (False, True):
            if started:
                self.assertEqual(self.wait(self.start(exporter)), OK)
            for name in (b"exp_" + b"0" * 26, b"", b"../../etc/passwd", b"\xff" * 1000):
                for what in ("status", "chunks", "delete"):
                    answer = self.ask(what, exporter, name, expect=NOT_FOUND)
                    self.assertEqual(answer["error_code"], "NOT_FOUND")
                out = ctypes.c_void_p()
                self.lib.ybb_error_clear(self.error)
                self.assertEqual(self.lib.ybb_export_open(ctypes.byref(out), exporter, name, None,
                                                          self.error), NOT_FOUND)
                self.assertIsNone(out.value)


if __name__ == "__main__":
    tap.main()
