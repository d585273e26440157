#!/usr/bin/python3
"""The endpoints of the package in php/ over HTTP, through nginx and PHP-FPM: what they are for, and what nobody means
well with."""
import concurrent.futures
import html
import io
import json
import os
import re
import socket
import sqlite3
import subprocess
import tempfile
import unittest
import urllib.parse
import zipfile

import fpm_bed
import harness
import php_bed
import tap
import web_bed
from web_bed import ALL, BATCHES, SMALL, User

web_bed.need()
PARTICIPANTS = 12000
NOBODYS = "exp_00000000000000000000000000"


class Web(unittest.TestCase):
    sendfile, settings = "none", None

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="ybb-web-")
        cls.addClassCleanup(cls.shared.cleanup)
        cls.source = php_bed.demo(cls.shared.name, PARTICIPANTS)
        os.mkdir(f"{cls.shared.name}/site")
        cls.site = web_bed.site(f"{cls.shared.name}/site", cls.source, cls.sendfile, cls.settings)
        cls.addClassCleanup(cls.site.stop)  # also where the rest of this fails
        cls.ana, cls.bob, cls.root = (User(cls.site, name) for name in ("ana", "bob", "root"))

    @classmethod
    def tearDownClass(cls):
        cls.site.stop()
        crashes, log = cls.site.crashes(), cls.site.logged("php.log")
        assert crashes == [], crashes
        for word in ("Fatal", "Warning", "Deprecated", "Notice"):
            assert word not in log, log[-3000:]

    def refused(self, status, code, response):
        self.assertEqual((status, code), (response.status, response.json()["error_code"]), response)

    def command(self, *arguments):
        subprocess.run([php_bed.COMMAND, *arguments, "--config", f"{self.site.folder}/settings.json"], check=True,
                       capture_output=True)

    def store(self, statement, *values):
        with sqlite3.connect(f"{self.site.folder}/out/ybbexport.db", timeout=60) as store:
            store.execute(statement, values)


class Endpoints(Web):
    LONG = {**BATCHES, "format": "excel", "template": "detailed"}

    def test_a_small_export_is_there_at_once(self):
        response = self.ana.send("POST", "/api/export", SMALL)
        document = response.json()
        self.assertEqual((200, "success"), (response.status, document["status"]))
        self.assertEqual(f"http://localhost/admin/api/export/{document['export_id']}/download",
                         document["data"]["file_url"])
        file = self.ana.get(f"/api/export/{document['export_id']}/download")
        self.assertEqual((200, 21), (file.status, file.content.count(b"\r\n")))
        self.assertEqual(str(document["data"]["file_size"]), file.headers["Content-Length"])
        self.assertEqual("attachment; filename=\"participants_export.csv\"; filename*=UTF-8''participants_export.csv",
                         file.headers["Content-Disposition"])
        self.assertEqual("text/csv; charset=utf-8", file.headers["Content-Type"])

    def test_a_large_export_from_its_start_to_its_end(self):
        response = self.ana.send("POST", "/api/export", BATCHES)
        export_id = response.json()["export_id"]
        self.assertEqual((202, f"/admin/api/export/{export_id}/status"), (response.status, response.headers["Location"]))
        self.assertGreaterEqual(int(response.headers["Retry-After"]), 2)
        done = self.ana.follow(export_id)
        self.assertEqual((200, "success"), (done.status, done.json()["status"]))
        self.assertEqual(PARTICIPANTS, done.json()["data"]["total_records"])
        chunks = self.ana.get(f"/api/export/{export_id}/chunks").json()["chunks"]
        self.assertEqual(PARTICIPANTS // 1000, len(chunks))
        contents = {}
        for chunk in chunks:
            file = self.ana.get(chunk["file_url"].removeprefix("http://localhost/admin"))
            contents[chunk["file_name"]] = file.content
            self.assertEqual((200, chunk["file_size"]), (file.status, len(file.content)))
        self.assertEqual(PARTICIPANTS, sum(fpm_bed.rows_of(content) for content in contents.values()))
        for way in ("download/zip", "download"):
            archive = zipfile.ZipFile(io.BytesIO(self.ana.get(f"/api/export/{export_id}/{way}").content))
            self.assertEqual(contents, {name: archive.read(name) for name in archive.namelist() if name in contents})
        self.assertTrue(self.ana.send("DELETE", f"/api/export/{export_id}").json()["data"]["deleted"])
        self.refused(404, "NOT_FOUND", self.ana.get(f"/api/export/{export_id}/status"))

    def test_a_finished_batch_while_others_are_made(self):
        def attempt(number):
            export_id = self.ana.start({**self.LONG, "idempotency_key": f"batch {number}"})
            chunks = fpm_bed.wait_until(lambda: self.some_chunks(export_id), "the first batch is there")
            batch = self.ana.get(f"/api/export/{export_id}/download/batch/1")
            self.assertEqual((200, chunks.json()["chunks"][0]["file_size"]), (batch.status, len(batch.content)))
            self.assertIsNone(zipfile.ZipFile(io.BytesIO(batch.content)).testzip())
            self.assertEqual("success", self.ana.follow(export_id).json()["status"])
            return (chunks.status, chunks.json()["status"]) == (202, "processing")
        self.sooner_or_later(attempt, "all batches were there with the first")

    def some_chunks(self, export_id):
        response = self.ana.get(f"/api/export/{export_id}/chunks")
        self.assertIn(response.status, (200, 202))
        return response if response.json()["completed_chunks"] > 0 else None

    def sooner_or_later(self, attempt, otherwise):
        """Where another process may be too fast."""
        self.assertTrue(any(attempt(number) for number in range(10)), otherwise)

    def test_a_cancelled_export_goes_on(self):
        def attempt(number):
            export_id = self.ana.start({**self.LONG, "idempotency_key": f"cancel {number}"})
            self.command("cancel", export_id)
            ended = self.ana.follow(export_id)
            self.assertEqual(200, ended.status)
            if ended.json()["status"] == "success":
                return False
            self.assertEqual("CANCELLED", ended.json()["error_code"])
            self.assertEqual(202, self.ana.send("POST", f"/api/export/{export_id}/resume").status)
            self.assertEqual("success", self.ana.follow(export_id).json()["status"])
            self.refused(409, "NOT_RESUMABLE", self.ana.send("POST", f"/api/export/{export_id}/resume"))
            return True
        self.sooner_or_later(attempt, "no export was cancelled before its end")

    def test_an_expired_export_is_gone(self):
        export_id = self.ana.export({**SMALL, "template": "summary"})
        self.store("UPDATE ybbexport_jobs SET expires_at = 1 WHERE id = ?", export_id)
        self.command("sweep")
        for what in ("status", "download"):
            self.refused(410, "EXPIRED", self.ana.get(f"/api/export/{export_id}/{what}"))

    def test_templates_statistics_queue_and_estimate(self):
        self.assertIn("participants_standard", self.ana.get("/api/templates").json()["templates"])
        template = {"templates": {"participants_names": {"fields": ["full_name"]}}}
        self.assertEqual(201, self.root.send("POST", "/api/templates", template).status)
        self.refused(403, "FORBIDDEN", self.ana.send("POST", "/api/templates", template))
        self.assertEqual(50, self.root.get("/api/export/stats").json()["limits"]["queue_config"]["max_queue_size"])
        self.refused(403, "FORBIDDEN", self.ana.get("/api/export/stats"))
        self.assertFalse(self.ana.get("/api/export/queue/status").json()["data"]["queue"]["full"])
        export_id = self.ana.export(SMALL)
        place = self.ana.get(f"/api/export/queue/status?export_id={export_id}").json()["data"]
        self.assertEqual((export_id, 0), (place["export_id"], place["queue_position"]))
        estimate = self.ana.send("POST", "/api/export/estimate", ALL)
        self.assertEqual((200, PARTICIPANTS), (estimate.status, estimate.json()["estimated_records"]))

    def test_the_document_about_them_is_there_without_a_login(self):
        response = User(self.site).get("/api/openapi.json")
        self.assertEqual((200, [{"url": "http://localhost/admin"}]), (response.status, json.loads(response.content)["servers"]))

    def test_what_is_wrong_with_a_request(self):
        for way in ("", "/estimate", "/stream"):
            self.refused(400, "UNKNOWN_TEMPLATE", self.ana.send("POST", f"/api/export{way}", {**ALL, "template": "x"}))
            self.refused(400, "INVALID_JSON", self.ana.send("POST", f"/api/export{way}", b"{"))
        self.refused(404, "NOT_FOUND", self.ana.get(f"/api/export/{NOBODYS}/status"))
        self.refused(405, "METHOD_NOT_ALLOWED", self.ana.get("/api/export/estimate"))

    def test_many_at_once(self):
        def one(number):
            user = User(self.site, ("ana", "bob")[number % 2])
            export_id = user.export({**SMALL, "filters": {"limit": 100 + number}})
            return user.get(f"/api/export/{export_id}/download").content.count(b"\r\n") - 101
        with concurrent.futures.ThreadPoolExecutor(12) as clients:
            self.assertEqual(list(range(48)), list(clients.map(one, range(48))))


class Downloads(Web):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.export_id = cls.ana.export(ALL)
        cls.path = f"/api/export/{cls.export_id}/download"
        cls.whole = cls.ana.get(cls.path)

    def test_head_has_the_headers_alone(self):
        head = self.ana.send("HEAD", self.path)
        self.assertEqual((200, b""), (head.status, head.content))
        for name in ("Content-Length", "Content-Type", "Content-Disposition", "ETag", "Last-Modified", "Accept-Ranges"):
            self.assertEqual(self.whole.headers[name], head.headers[name])
            self.assertTrue(head.headers[name])
        for answer in (head, self.whole):
            self.assertEqual(["nosniff"], answer.headers.get_all("X-Content-Type-Options"))

    def test_a_broken_download_goes_on(self):
        connection, answer = self.ana.open("GET", self.path)
        begin = answer.read(100_000)
        connection.close()
        rest = self.ana.get(self.path, Range=f"bytes={len(begin)}-", If_Range=answer.headers["ETag"])
        self.assertEqual(206, rest.status)
        self.assertEqual(self.whole.content, begin + rest.content)
        size = len(self.whole.content)
        self.assertEqual(f"bytes {len(begin)}-{size - 1}/{size}", rest.headers["Content-Range"])

    def test_a_broken_download_of_another_file_begins_anew(self):
        again = self.ana.get(self.path, Range="bytes=100-", If_Range='"another"')
        self.assertEqual((200, len(self.whole.content)), (again.status, len(again.content)))

    def test_a_range_behind_the_end(self):
        behind = self.ana.get(self.path, Range=f"bytes={len(self.whole.content)}-")
        self.assertEqual((416, f"bytes */{len(self.whole.content)}"), (behind.status, behind.headers["Content-Range"]))

    def test_what_the_client_has_is_not_sent_again(self):
        for condition in ({"If_None_Match": self.whole.headers["ETag"]},
                          {"If_Modified_Since": self.whole.headers["Last-Modified"]}):
            known = self.ana.get(self.path, **condition)
            self.assertEqual((304, b"", None), (known.status, known.content, known.headers["Content-Type"]))

    def test_the_files_folder_is_reached_by_no_address(self):
        for path in (f"/protected/{self.export_id}/participants_export.csv", f"/out/{self.export_id}/participants_export.csv",
                     f"/protected/..%2fout/{self.export_id}/participants_export.csv", "/protected/ybbexport.db"):
            response = self.ana.send("GET", path, base="")
            self.assertEqual(404, response.status, path)
            self.assertNotIn(b"\r\n1,", response.content)


class DownloadsByNginx(Downloads):
    """The same, where nginx sends the bytes."""
    sendfile = "x-accel"

    def test_php_sends_no_byte_of_it(self):
        self.assertIsNone(self.whole.headers["X-Accel-Redirect"])
        # nginx makes its own of a file's time and size
        self.assertRegex(self.whole.headers["ETag"], r'^"[0-9a-f]+-[0-9a-f]+"$')


class Streams(Web):
    LARGE = {**ALL, "template": "detailed", "options": {"include_essays": True}}

    def test_the_first_byte_leaves_while_rows_are_read(self):
        connection, answer = self.ana.open("POST", "/api/export/stream", self.LARGE)
        self.assertEqual((200, "chunked", None), (answer.status, answer.headers["Transfer-Encoding"],
                                                  answer.headers["Content-Length"]))
        parts = [answer.read(1000)]
        path = f"/api/export/{answer.headers['X-Export-Id']}/status"
        while_reading = self.ana.get(path)
        self.assertEqual((202, "processing"), (while_reading.status, while_reading.json()["status"]))
        self.assertLess(while_reading.json()["progress"]["records_processed"], PARTICIPANTS)
        parts.append(answer.read())
        connection.close()
        self.assertEqual("success", self.ana.follow(answer.headers["X-Export-Id"]).json()["status"])
        same = self.ana.export({**self.LARGE, "large_dataset_options": {"strategy": "single", "compression": "none"}})
        self.assertEqual(self.ana.get(f"/api/export/{same}/download").content, b"".join(parts))

    def test_a_reader_who_leaves_cancels_it(self):
        connection, answer = self.ana.open("POST", "/api/export/stream", self.LARGE)
        answer.read(1000)
        connection.close()
        ended = self.ana.follow(answer.headers["X-Export-Id"])
        self.assertEqual((200, "CANCELLED"), (ended.status, ended.json()["error_code"]))

    def test_a_stream_has_one_reader_and_tells_the_other(self):
        for number in range(8):
            started = self.ana.send("POST", "/api/export", {**ALL, "large_dataset_options": {"strategy": "streaming"},
                                                            "idempotency_key": f"stream {number}"}).json()
            path = f"/api/export/{started['export_id']}/stream"
            with concurrent.futures.ThreadPoolExecutor(2) as clients:
                answers = sorted(clients.map(lambda _: self.ana.get(path), range(2)), key=lambda one: one.status)
            self.assertEqual([200, 409], [one.status for one in answers])
            self.assertEqual(PARTICIPANTS, fpm_bed.rows_of(answers[0].content))
            self.refused(409, "NOT_RESUMABLE", answers[1])

    def test_what_fails_before_the_first_byte_has_its_status(self):
        started = self.ana.send("POST", "/api/export", {**ALL, "large_dataset_options": {"strategy": "streaming"}}).json()
        database = self.source.removeprefix("sqlite://")
        os.rename(database, f"{database}.away")
        try:
            answer = self.ana.get(f"/api/export/{started['export_id']}/stream")
        finally:
            os.rename(f"{database}.away", database)
        self.refused(503, "SOURCE_UNAVAILABLE", answer)
        self.assertEqual("2", answer.headers["Retry-After"])
        self.assertEqual([None, None], [answer.headers["X-Export-Id"], answer.headers["Content-Disposition"]])
        self.assertNotIn(database.encode(), answer.content)

    def test_a_download_holds_up_no_other_request_of_its_session(self):
        connection, answer = self.ana.open("POST", "/api/export/stream", self.LARGE)
        answer.read(1000)  # and no more: PHP waits until somebody does
        for path in ("/api/templates", f"/api/export/{answer.headers['X-Export-Id']}/status"):
            self.assertIn(self.ana.get(path).status, (200, 202))
        self.assertEqual("processing", self.ana.get(f"/api/export/{answer.headers['X-Export-Id']}/status").json()["status"])
        connection.close()


class Pages(Web):
    """As they are without scripts."""

    def submit(self, path, fields):
        body = urllib.parse.urlencode(fields).encode()
        return self.ana.send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded",
                                                  "X-CSRF-Token": None}, base="")

    @staticmethod
    def find(expression, page):
        found = re.findall(expression, page.content.decode())
        assert found, page
        return html.unescape(found[0])

    def ready(self, address):
        page = self.ana.get(address)
        return page if b"Export ready" in page.content else None

    def test_a_form_leads_to_a_file(self):
        form = self.ana.get("/exports/new?export_type=participants")
        self.assertEqual("text/html; charset=utf-8", form.headers["Content-Type"])
        token = self.find(r'name="csrf_token" value="([^"]+)"', form)
        fields = {"csrf_token": token, "export_type": "participants", "program_id": "1", "format": "csv",
                  "filters[category][]": "self_funded", "columns[]": "email", "do": "start"}
        started = self.submit("/admin/exports/new", fields)
        self.assertEqual(303, started.status, started)
        address = started.headers["Location"].removeprefix("/admin")
        page = fpm_bed.wait_until(lambda: self.ready(address), "the page says that the export is ready")
        file = self.ana.get(self.find(r'<a href="([^"]+)"[^>]* download>', page).removeprefix("/admin"))
        self.assertEqual(200, file.status)
        self.assertGreater(file.content.count(b"@"), 1000)
        deleted = self.submit(self.find(r'action="([^"]+/delete)"', page), {"csrf_token": token})
        self.assertEqual((200, 404), (deleted.status, self.ana.get(address).status))

    def test_a_form_without_the_token_starts_nothing(self):
        refused = self.submit("/admin/exports/new", {"export_type": "participants", "program_id": "1", "do": "start"})
        self.assertEqual((403, "text/html; charset=utf-8"), (refused.status, refused.headers["Content-Type"]))

    def test_style_and_script_are_there_under_a_strict_policy(self):
        page = self.ana.get("/exports/new")
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        for expression, kind in ((r'<script type="module" src="([^"]+)"', "text/javascript; charset=utf-8"),
                                 (r'<link rel="stylesheet" href="([^"]+)"', "text/css; charset=utf-8")):
            asset = User(self.site).get(self.find(expression, page).removeprefix("/admin"))
            self.assertEqual((200, kind), (asset.status, asset.headers["Content-Type"]))
            self.assertIn("immutable", asset.headers["Cache-Control"])


class Strangers(Web):
    def everything(self, export_id):
        return [("GET", f"/api/export/{export_id}/{what}") for what in
                ("status", "chunks", "download", "download/zip", "download/batch/1")] + [
                    ("POST", f"/api/export/{export_id}/resume"), ("DELETE", f"/api/export/{export_id}")]

    def test_exports_of_others_are_not_there(self):
        export_id = self.ana.export(BATCHES)
        for method, path in self.everything(export_id):
            self.refused(404, "NOT_FOUND", self.bob.send(method, path))
        self.assertEqual(200, self.root.get(f"/api/export/{export_id}/status").status)
        self.assertEqual(200, self.ana.get(f"/api/export/{export_id}/download").status)

    def test_who_has_not_logged_in_is_told_nothing(self):
        nobody = User(self.site)
        export_id = self.ana.export(SMALL)
        for method, path in self.everything(export_id):
            self.refused(401, "UNAUTHENTICATED", nobody.send(method, path))
        self.refused(401, "UNAUTHENTICATED", nobody.send("POST", "/api/export", SMALL))

    def test_programs_of_others_are_not_exported(self):
        for way in ("", "/estimate", "/stream"):
            self.refused(403, "FORBIDDEN", self.ana.send("POST", f"/api/export{way}", {**SMALL, "program_id": 2}))

    def test_another_sites_page_changes_nothing(self):
        export_id = self.ana.export(SMALL)
        for headers in ({"X-CSRF-Token": None}, {"X-CSRF-Token": self.bob.headers["X-CSRF-Token"]},
                        {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            response = self.ana.send("DELETE", f"/api/export/{export_id}", headers=headers)
            self.refused(403, "CSRF_TOKEN", response)
        self.assertEqual(200, self.ana.get(f"/api/export/{export_id}/status").status)
        # what a browser says of our own, over plain HTTP alone without Sec-Fetch-Site
        for headers in ({"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}):
            self.assertEqual(200, self.ana.send("POST", "/api/export/estimate", SMALL, headers=headers).status, headers)
        for kind in ("text/plain", "application/x-www-form-urlencoded"):
            response = self.ana.send("POST", "/api/export", SMALL, headers={"Content-Type": kind})
            self.refused(415, "UNSUPPORTED_MEDIA_TYPE", response)

    def test_no_address_leads_out_of_the_exports(self):
        cookie = self.ana.headers["Cookie"]
        for path in ("/admin/api/export/../../../../etc/passwd", "/admin/api/export/..%2f..%2f..%2fetc%2fpasswd/download",
                     f"/admin/api/export/{NOBODYS}/download/..%2f..%2f..%2fybbexport.db",
                     f"/admin/api/export/{NOBODYS}/download/batch/..%5c1", f"/admin/api/export/{NOBODYS}%00.csv/download",
                     "/admin/../protected/ybbexport.db", "/protected/../../settings.json", "//admin//api//templates"):
            request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
            answer = self.ana.raw(request.encode())
            self.assertRegex(answer, rb"^HTTP/1\.1 40[04] ", path)
            for secret in (b"root:", b"SQLite format", b"sqlite:"):
                self.assertNotIn(secret, answer)

    def test_no_request_writes_a_header(self):
        evil = "%0d%0aSet-Cookie:%20evil=1"
        for method, path, body in (("GET", f"/api/export/{NOBODYS}{evil}/status", None),
                                   ("GET", f"/api/export/queue/status?export_id=x{evil}", None),
                                   ("POST", "/api/export/stream", {**SMALL, "export_type": "x\r\nSet-Cookie: evil=1"}),
                                   ("POST", "/api/export", {**SMALL, "idempotency_key": "x\r\nSet-Cookie: evil=1"})):
            response = self.ana.send(method, path, body)
            self.assertIn(response.status, (400, 404))
            self.assertNotIn("evil", str(response.headers))

    def test_a_body_that_is_too_large_is_refused(self):
        large = json.dumps({**SMALL, "field_mappings": {"x": "x" * 100_000}}).encode()
        self.refused(413, "BODY_TOO_LARGE", self.ana.send("POST", "/api/export", large))
        # chunked: it does not say how long it is
        connection = fpm_bed.UnixConnection(f"{self.site.folder}/http.sock")
        connection.request("POST", "/admin/api/export", iter([large[:60_000], large[60_000:]]),
                           {**self.ana.headers, "Content-Type": "application/json"}, encode_chunked=True)
        answer = connection.getresponse()
        self.refused(413, "BODY_TOO_LARGE", web_bed.Response(answer, answer.read()))
        connection.close()

    def test_answers_are_kept_by_nobody(self):
        response = self.ana.get("/api/templates")
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertEqual("nosniff", response.headers["X-Content-Type-Options"])


class Links(Web):
    """Signed ones, for whoever has them."""
    settings = {"link_secret": "0123456789abcdef" * 2}

    def setUp(self):
        self.nobody = User(self.site)

    def signed(self, export_id):
        """The link that the page of an export hands on, behind the base URL."""
        page = self.ana.get(f"/exports/{export_id}").content.decode()
        return html.unescape(re.search(r'value="http://localhost/admin(/api/[^"]*signature=[^"]*)"', page).group(1))

    def test_a_link_is_good_for_its_file_again_and_again_in_parts_too(self):
        link = self.signed(self.ana.export(SMALL))
        whole = self.nobody.get(link)
        self.assertEqual((200, 21), (whole.status, whole.content.count(b"\r\n")))
        self.assertEqual(whole.content, self.nobody.get(link).content)
        part = self.nobody.get(link, Range="bytes=5-9")
        self.assertEqual((206, whole.content[5:10]), (part.status, part.content))
        self.assertIsNone(whole.headers["X-CSRF-Token"])

    def test_a_forged_signature_opens_nothing(self):
        link = self.signed(self.ana.export(SMALL))
        path, signature = link.split("?signature=")
        expiry, mac = signature.split(".")
        forged = [mac, f"{expiry}.", f"{int(expiry) + 1000}.{mac}", signature[:-1], f"{expiry}.{'A' * len(mac)}",
                  signature.swapcase(), signature + "0", "", "x" * 5000,
                  "%00" + signature, signature + "%0d%0aSet-Cookie:%20evil=1"]
        for wrong in forged:
            response = self.nobody.get(f"{path}?signature={wrong}")
            self.refused(403, "LINK_INVALID", response)
            self.assertNotIn("evil", str(response.headers))
        self.refused(401, "UNAUTHENTICATED", self.nobody.get(f"{path}?signature[]={signature}"))
        # who is logged in has the rights of the link that he shows, not both
        self.refused(403, "LINK_INVALID", self.ana.get(f"{path}?signature={forged[0]}"))

    def test_a_link_is_not_replayed_for_anything_else(self):
        one, batches = self.ana.export(SMALL), self.ana.export(BATCHES)
        signature = self.signed(one).split("?")[1]
        for path in (f"/api/export/{batches}/download", f"/api/export/{batches}/download/zip",
                     f"/api/export/{batches}/download/batch/1", f"/api/export/{one}/download/batch/1",
                     f"/api/export/{NOBODYS}/download"):
            self.refused(403, "LINK_INVALID", self.nobody.get(f"{path}?{signature}"))
        for method, path in (("GET", f"/api/export/{one}/status"), ("DELETE", f"/api/export/{one}"), ("GET", "/api/export"),
                             ("POST", f"/api/export/{one}/resume")):
            self.refused(401, "UNAUTHENTICATED", self.nobody.send(method, f"{path}?{signature}"))
        self.refused(405, "METHOD_NOT_ALLOWED", self.nobody.send("DELETE", f"/api/export/{one}/download?{signature}"))

    def test_a_link_does_not_outlive_its_time_nor_its_export(self):
        export_id = self.ana.export({**SMALL, "filters": {"limit": 21}})
        link = self.signed(export_id)
        short = php_bed.php(["-d", f"ybb_export.config={self.site.folder}/settings.json", "-r",
                             f"echo ybb_export_link_sign('{export_id}', null, 1)['signature'];"]).stdout
        path = f"/api/export/{export_id}/download?signature={short}"
        fpm_bed.wait_until(lambda: self.nobody.get(path).status != 200, "the link's time is over")
        self.refused(410, "LINK_EXPIRED", self.nobody.get(path))
        self.assertEqual(200, self.nobody.get(link).status)
        self.store("UPDATE ybbexport_jobs SET expires_at = 1 WHERE id = ?", export_id)
        self.command("sweep")
        self.refused(410, "EXPIRED", self.nobody.get(link))
        deleted = self.ana.export({**SMALL, "filters": {"limit": 22}})
        link = self.signed(deleted)
        self.assertEqual(200, self.ana.send("DELETE", f"/api/export/{deleted}").status)
        self.refused(404, "NOT_FOUND", self.nobody.get(link))


class LinksByNginx(Links):
    """The same, where nginx sends the bytes."""
    sendfile = "x-accel"


class Example(unittest.TestCase):
    """docs/examples/exports.php, which docs/web.md shows, in the folder that the page makes."""

    def test_it_is_what_the_page_shows(self):
        self.assertEqual((php_bed.SOURCES / "docs/examples/exports.php").read_text("utf-8"), web_bed.FILES["index.php"])

    def test_the_page_leads_to_a_download(self):
        with tempfile.TemporaryDirectory(prefix="ybb-web-") as folder, socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
            free.close()
            web_bed.walk(folder, php_bed.demo(folder, 1000), port)
            header, rows = harness.read_xlsx(f"{folder}/participants_export.xlsx")
            self.assertEqual(("Full Name", 100), (header[1], len(rows)))

    def test_it_exports(self):
        with tempfile.TemporaryDirectory(prefix="ybb-web-") as folder:
            site = web_bed.example(folder, php_bed.demo(folder, 1000))
            try:
                ana, admin, nobody = (User(site) for _ in range(3))
                web_bed.give_session(ana, user="ana", programs=[1])
                web_bed.give_session(admin, user="root", is_admin=True)
                export_id = ana.send("POST", "/api/export", SMALL, base="").json()["export_id"]
                path = f"/api/export/{export_id}/download"
                self.assertEqual([200, 200, 401], [user.send("GET", path, base="").status for user in (ana, admin, nobody)])
                self.refused(ana.send("POST", "/api/export", {**SMALL, "program_id": 2}, base=""))
                for page in ("/exports", "/exports/new", f"/exports/{export_id}"):
                    self.assertIn(b"<h1>", ana.send("GET", page, base="").content, page)
            finally:
                site.stop()

    def refused(self, response):
        self.assertEqual((403, "FORBIDDEN"), (response.status, response.json()["error_code"]))


if __name__ == "__main__":
    tap.main()
