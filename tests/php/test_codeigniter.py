#!/usr/bin/python3
"""The package in php/ within CodeIgniter 4, over HTTP: applications are set up from the framework's skeleton, as
docs/codeigniter.md says. CODEIGNITER4_PATH: a checkout of codeigniter4/framework."""
import html
import json
import re
import time
import unittest

import codeigniter_bed
import php_bed
import tap
from codeigniter_bed import FILES, PAGE, PATIENCE, Browser, Served, Sites

codeigniter_bed.need()
PARTICIPANTS = 26000  # the specification's sample calls more than 25,000 large
SMALL = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 20}}
ALL = {"export_type": "participants", "program_id": 1, "format": "csv"}
BATCHES = {**ALL, "filters": {"limit": 3000}, "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}
NOBODYS = "exp_" + "0" * 26


def setUpModule():
    Served.sites = Sites(PARTICIPANTS)


def tearDownModule():
    Served.sites.remove()


class Untouched(unittest.TestCase):
    """An application that nobody has changed but for where the rows and files are."""

    @classmethod
    def setUpClass(cls):
        cls.site = Served.sites.new(furnished=False)

    def test_it_finds_commands_and_routes(self):
        commands = self.site.spark("list", "--simple").stdout
        for name in ("publish", "worker", "prune", "stats", "doctor"):
            self.assertIn(f"ybbexport:{name}", commands)
            self.assertIn(f"`ybbexport:{name}`", PAGE)
        routes = self.site.spark("routes").stdout
        for route in ("api/export", "api/templates", "api/openapi.json", "exports"):
            self.assertRegex(routes, rf"GET +\| {route} ")

    def test_nobody_may_do_anything(self):
        with self.site.server():
            nobody = Browser(self.site)
            for method, path in (("POST", "/api/export"), ("POST", "/api/export/stream"), ("POST", "/api/export/estimate"),
                                 ("GET", "/api/export/stats"), ("GET", "/api/export/queue/status"), ("GET", "/api/templates"),
                                 ("POST", "/api/templates"), ("GET", f"/api/export/{NOBODYS}/status"),
                                 ("GET", f"/api/export/{NOBODYS}/chunks"), ("GET", f"/api/export/{NOBODYS}/download"),
                                 ("GET", f"/api/export/{NOBODYS}/download/batch/1"),
                                 ("GET", f"/api/export/{NOBODYS}/download/zip"), ("POST", f"/api/export/{NOBODYS}/resume"),
                                 ("DELETE", f"/api/export/{NOBODYS}")):
                answer = nobody.send(method, path, SMALL if method == "POST" else None)
                self.assertEqual((401, "UNAUTHENTICATED"), (answer.status, answer.json()["error_code"]), (method, path))
            self.assertEqual(401, nobody.get("/exports/new").status)
            self.assertEqual(401, nobody.get("/exports").status)
            self.assertEqual(200, nobody.get("/api/openapi.json").status)
            self.assertEqual(404, nobody.get("/api/export/../../etc/passwd").status)
        self.assertEqual([], list(self.site.out.glob("exp_*")))

    def test_a_class_that_is_no_authenticator_lets_nobody_in(self):
        self.site.write_settings(**{"ybbexport.authenticator": "App\\Controllers\\Home"})
        try:
            with self.site.server():
                self.assertEqual(500, Browser(self.site).get("/api/templates").status)
        finally:
            self.site.write_settings(**{"ybbexport.authenticator": None})


class Endpoints(Served):
    def test_an_export_from_the_request_to_the_file(self):
        ana = Browser(self.site, "ana")
        done = self.status(200, ana.post("/api/export", SMALL)).json()
        path = ana.path_of(done["data"]["file_url"])
        file = self.status(200, ana.get(path))
        self.assertEqual(done["data"]["file_size"], len(file.content))
        self.assertEqual(str(len(file.content)), file.headers["Content-Length"])
        self.assertEqual("text/csv; charset=utf-8", file.headers["Content-Type"].lower())
        self.assertEqual("attachment; filename=\"participants_export.csv\"; filename*=UTF-8''participants_export.csv",
                         file.headers["Content-Disposition"])
        part = self.status(206, ana.get(path, Range="bytes=5-14", If_Range=file.headers["ETag"]))
        self.assertEqual(file.content[5:15], part.content)
        same = self.status(304, ana.get(path, If_None_Match=file.headers["ETag"]))
        self.assertEqual((b"", None), (same.content, same.headers["Content-Type"]))
        self.status(416, ana.get(path, Range="bytes=999999999-"))
        head = self.status(200, ana.send("HEAD", path))
        self.assertEqual((file.headers["Content-Length"], b""), (head.headers["Content-Length"], head.content))

    def test_a_large_export_its_batches_and_its_archive(self):
        ana = Browser(self.site, "ana")
        data = ana.export(BATCHES)["data"]
        self.assertEqual(3, len(data["individual_files"]))
        files = [(f["file_url"], f["file_size"]) for f in data["individual_files"]]
        for url, size in [*files, (data["archive"]["zip_file_url"], data["archive"]["zip_file_size"])]:
            self.assertEqual(size, len(self.status(200, ana.get(ana.path_of(url))).content))

    def test_a_signed_link_needs_no_login(self):
        (self.site.folder / "config.json").write_text(f'{{"link_secret": "{"x" * 40}"}}', "utf-8")
        self.site.write_settings(**{"ybbexport.configFile": f"{self.site.folder}/config.json"})
        try:
            ana, nobody = Browser(self.site, "ana"), Browser(self.site)
            export_id = ana.export(SMALL)["export_id"]
            page = self.status(200, ana.get(f"/exports/{export_id}")).content.decode()
            link = html.unescape(re.search(r'"(http[^"]*signature=[^"]*)"', page).group(1))
            self.assertEqual(ana.get(f"/api/export/{export_id}/download").content, self.status(200, nobody.get(
                nobody.path_of(link))).content)
            self.status(403, nobody.get(nobody.path_of(link)[:-1] + "_"))
        finally:
            self.site.write_settings(**{"ybbexport.configFile": None})

    def test_others_see_nothing_of_it(self):
        export_id = Browser(self.site, "ana").export(SMALL)["export_id"]
        bob, root = Browser(self.site, "bob"), Browser(self.site, "root")
        for path in ("status", "chunks", "download"):
            self.status(404, bob.get(f"/api/export/{export_id}/{path}"))
            self.status(200, root.get(f"/api/export/{export_id}/{path}"))
        self.status(404, bob.send("DELETE", f"/api/export/{export_id}"))
        self.status(403, bob.post("/api/export", {**SMALL, "program_id": 2}))
        self.status(403, bob.get("/api/export/stats"))
        self.status(200, root.get("/api/export/stats"))
        self.status(200, root.send("DELETE", f"/api/export/{export_id}"))

    def test_what_no_endpoint_takes(self):
        ana = Browser(self.site, "ana")
        self.status(405, ana.send("PUT", "/api/export", SMALL))
        self.status(404, ana.get("/api/export/nothing/status"))
        self.status(415, ana.post("/api/export", b"x", Content_Type="text/plain"))
        broken = self.status(400, ana.post("/api/export", b"{bad", Content_Type="application/json"))
        self.assertEqual("INVALID_JSON", broken.json()["error_code"])
        self.assertEqual("INVALID_TYPE", ana.post("/api/export", b"[1]", Content_Type="application/json").json()["error_code"])
        self.status(413, ana.post("/api/export", b"x" * (1 << 20) + b"x", Content_Type="application/json"))

    def test_a_stream_begins_before_its_end_and_holds_up_no_other_request(self):
        ana = Browser(self.site, "ana")
        connection, answer = ana.open("POST", "/api/export/stream", ALL)
        try:
            self.assertEqual(200, answer.status)
            first = answer.read1(100)
            export_id = answer.headers["X-Export-Id"]
            begun = time.monotonic()
            status = ana.get(f"/api/export/{export_id}/status")
            self.assertLess(time.monotonic() - begun, 5)
            self.assertEqual("processing", status.json()["status"], "the stream was made before its first byte was sent")
            content = first + answer.read()
        finally:
            connection.close()
        self.assertEqual(PARTICIPANTS, content.count(b"\r\n") - 1)

    def test_what_everybody_may_read_leaves_no_cookie(self):
        ana = Browser(self.site, "ana")
        style = re.search(rb'href="([^"]*export\.css)"', ana.get("/exports/new").content).group(1).decode()
        for path in (ana.path_of(style), "/api/openapi.json"):
            answer = self.status(200, Browser(self.site).get(path))
            self.assertIsNone(answer.headers["Set-Cookie"])


class EndpointsBehindIndexPhp(Endpoints):
    """As an application begins, without rewriting of addresses."""
    settings = {"app.indexPage": "index.php"}


class Forgery(Served):
    """CodeIgniter's token in a cookie, new with each request: as an application begins."""

    def form(self, browser, values):
        """The form without script: all that it has, and what is filled in."""
        page = browser.get("/exports/new").content.decode()
        token = re.search(r'name="csrf_token" value="([^"]*)"', page).group(1)
        browser.token = None
        return browser.post("/exports/new", [("csrf_token", token), *values])

    FILLED = [("export_type", "participants"), ("program_id", "1"), ("format", "csv"), ("template", "standard"),
              ("filters[limit]", "9"), ("do", "start")]

    def test_it_is_asked_for(self):
        ana = Browser(self.site, "ana")
        for wrong in ("", "0" * 32, "x"):
            answer = self.status(403, ana.post("/api/export", SMALL, X_CSRF_Token=wrong))
            self.refused(answer)
        ana.get("/api/templates")  # has the token that holds
        self.status(200, ana.post("/api/export", SMALL))

    def refused(self, answer):
        self.assertEqual("CSRF_TOKEN", answer.json()["error_code"])

    def test_each_answer_has_the_next_one(self):
        ana = Browser(self.site, "ana")
        for _ in range(3):
            self.status(200, ana.post("/api/export/estimate", SMALL))

    def test_a_page_of_another_site_cannot_ask(self):
        ana = Browser(self.site, "ana")
        for says in ({"Sec_Fetch_Site": "cross-site"}, {"Origin": "http://evil.example.org"}):
            self.status(403, ana.post("/api/export", SMALL, **says))
            ana.get("/api/templates")

    def test_another_users_token_is_wrong(self):
        ana, bob = Browser(self.site, "ana"), Browser(self.site, "bob")
        ana.token = bob.token
        self.status(403, ana.post("/api/export", SMALL))

    def test_the_form_brings_it_without_script(self):
        ana = Browser(self.site, "ana")
        answer = self.status(303, self.form(ana, self.FILLED))
        self.assertRegex(answer.headers["Location"], r"/exports/exp_[0-9a-z]{26}$")
        page = self.status(200, ana.get(ana.path_of(answer.headers["Location"])))
        self.assertIn(b"participants_export.csv", page.content)


class ForgeryByFilter(Forgery):
    """The application's own filter looks at the token first."""

    @classmethod
    def prepare(cls, site):
        site.change("app/Config/Filters.php", lambda text: text.replace("// 'csrf',", "'csrf',"))
        site.change("app/Config/Security.php", lambda text: text.replace(
            "public bool $redirect = (ENVIRONMENT === 'production')", "public bool $redirect = false"))

    def refused(self, answer):
        """By CodeIgniter, in its own words."""
        self.assertNotIn(b"CSRF_TOKEN", answer.content)


class ForgeryByFilterOfRoutes(ForgeryByFilter):
    """The same filter, before the package's routes alone."""

    @classmethod
    def prepare(cls, site):
        site.change("app/Config/YbbExport.php", lambda text: text.replace(
            "public string $login", "public array $filters = ['csrf'];\n    public string $login"))
        site.change("app/Config/Security.php", lambda text: text.replace(
            "public bool $redirect = (ENVIRONMENT === 'production')", "public bool $redirect = false"))


class ForgeryInSession(Forgery):
    """The token in the session, masked anew in each answer; other names; behind a prefix."""
    settings = {"ybbexport.prefix": "office", "security.csrfProtection": "session", "security.tokenRandomize": "true",
                "security.tokenName": "guard", "security.headerName": "X-GUARD"}


class Pages(Served):
    """While somebody develops: CodeIgniter has a toolbar, and comments in views."""
    settings = {"CI_ENVIRONMENT": "development"}

    @classmethod
    def prepare(cls, site):
        site.change("app/Config/Filters.php", lambda text: text.replace("// 'secureheaders',", "'secureheaders',"))
        site.append("app/Config/Routes.php", "$routes->get('test/wanted', static fn () => "
                                             "service('response')->setBody((string) session()->getTempdata('beforeLoginUrl')));\n")

    def test_a_person_who_is_not_known_goes_to_log_in(self):
        nobody = Browser(self.site)
        wanted = "/exports/new?export_type=payments"
        answer = nobody.get(wanted, Accept="text/html,*/*")
        root = f"http://127.0.0.1:{self.site.port}"
        self.assertEqual((302, f"{root}/login"), (answer.status, answer.headers["Location"]))
        self.assertIn(f"{root}{wanted}", nobody.get("/test/wanted").content.decode())
        self.status(401, nobody.get("/exports/new", Accept="application/json"))

    def test_they_are_in_the_applications_language_and_layout(self):
        ana = Browser(self.site, "ana")
        page = self.status(200, ana.get("/exports/new", Accept_Language="id"))
        self.assertIn(b'<html lang="en">', page.content)  # the application negotiates no language
        self.assertTrue(page.content.lstrip().startswith(b"<!DOCTYPE html>"))
        self.assertIn(b"debugbar", ana.get("/").content)
        self.assertNotIn(b"debugbar", page.content)
        self.assertIn("default-src 'none'", page.headers["Content-Security-Policy"])
        self.assertEqual("SAMEORIGIN", page.headers["X-Frame-Options"])  # of the application's filter
        self.site.write_settings(**{"app.defaultLocale": "id"})
        try:
            self.assertIn(b'<html lang="id">', ana.get("/exports/new").content)
        finally:
            self.site.write_settings(**{"app.defaultLocale": "en"})

    def test_published_views_go_before_the_packages_own(self):
        name = "Views/overrides/Ybb/Export/CodeIgniter/Views/layout.php"
        self.assertIn(f"app/{name} is written", self.site.spark("ybbexport:publish").stdout)
        ana = Browser(self.site, "ana")
        self.site.change(f"app/{name}", lambda text: text.replace("<main", "<p>Our office</p><main"))
        self.assertIn(b"<p>Our office</p>", ana.get("/exports/new").content)
        self.assertIn(f"app/{name} is there", self.site.spark("ybbexport:publish").stdout)
        self.assertIn(b"<p>Our office</p>", ana.get("/exports/new").content)
        self.assertIn("SessionUsers", (self.site.folder / "app/Config/YbbExport.php").read_text("utf-8"))
        self.site.write("app/Views/frame.php", "<html><?= $head ?><body id=\"frame\"><?= $main ?></body></html>")
        self.site.write_settings(**{"ybbexport.layout": "frame"})
        try:
            self.assertIn(b'<body id="frame">', ana.get("/exports/new").content)
        finally:
            self.site.write_settings(**{"ybbexport.layout": None})

    def test_the_web_server_can_send_files(self):
        ana = Browser(self.site, "ana")
        path = ana.path_of(ana.export(SMALL)["data"]["file_url"])
        self.site.write_settings(**{"ybbexport.sendFile": "x-accel", "ybbexport.sendFileLocation": "/protected"})
        try:
            answer = self.status(200, ana.get(path))
            self.assertRegex(answer.headers["X-Accel-Redirect"], r"^/protected/exp_[0-9a-z]{26}/participants_export\.csv$")
            self.assertEqual(b"", answer.content)
        finally:
            self.site.write_settings(**{"ybbexport.sendFile": None, "ybbexport.sendFileLocation": None})

    def test_the_filter_guards_the_applications_own_routes(self):
        self.site.append("app/Config/Routes.php", """
            $routes->get('own', static fn (): string => 'mine', ['filter' => 'ybbexport']);
            $routes->get('own/admin', static fn (): string => 'mine', ['filter' => 'ybbexport:admin']);
        """)
        nobody, ana, root = Browser(self.site), Browser(self.site, "ana"), Browser(self.site, "root")
        self.assertEqual([401, 401], [nobody.get("/own").status, nobody.get("/own/admin").status])
        self.assertEqual([200, 403], [ana.get("/own").status, ana.get("/own/admin").status])
        self.assertEqual([200, 200], [root.get("/own").status, root.get("/own/admin").status])


class Samples(Served):
    """The specification's controllers ("Integration Points") as they are written there."""

    @classmethod
    def prepare(cls, site):
        for name in ("app/Controllers/CallsExportService.php", "app/Common.php"):
            site.write(name, FILES[name])
        site.spark("ybbexport:publish")
        text = (php_bed.SOURCES / "tests/php/spec_samples.php").read_text("utf-8")
        samples = text.split("/* --- the samples --- */")[1].split("/* --- what is to be true --- */")[0]
        around = (php_bed.SOURCES / "tests/php/codeigniter_samples.php").read_text("utf-8")
        site.write("app/Controllers/Samples.php", around.replace("    /* --- the samples --- */\n}\n", samples))
        site.append("app/Config/Routes.php", "$routes->get('samples/(:segment)', 'Samples::sample/$1');\n"
                                             "$routes->get('samples/(:segment)/(:segment)', 'Samples::sample/$1/$2');\n")

    def setUp(self):
        self.ana = Browser(self.site, "ana")

    def go(self, path):
        answer = self.ana.get(path)
        self.assertIn(answer.status, (302, 303, 307), f"{answer}\n{self.site.log()}")
        return answer.headers["Location"].removeprefix(f"http://127.0.0.1:{self.site.port}")

    def json(self, path):
        return json.loads(self.status(200, self.ana.get(path)).content)

    def test_small_datasets(self):
        path = self.go("/samples/smallExport")
        self.assertIn(b"PK", self.status(200, self.ana.get(path)).content[:2])

    def test_large_datasets_progress_and_downloads(self):
        path = self.go("/samples/largeExport")
        export_id = path.removeprefix("/export/progress/")
        session = self.json("/samples/pending")
        self.assertEqual(export_id, session["pending_export_id"])
        self.assertIn("Large export is being processed", session["message"])
        until = time.monotonic() + 4 * PATIENCE
        while (progress := self.json(f"/samples/checkExportProgress/{export_id}"))["status"] == "processing":
            self.assertLessEqual(0, progress["progress"]["percentage"])
            self.assertLess(time.monotonic(), until)
            time.sleep(0.2)
        self.assertEqual("completed", progress["status"])
        page = self.status(200, self.ana.get(f"/samples/downloadExportFiles/{export_id}")).content.decode()
        links = [html.unescape(link) for link in re.findall(r'href="([^"]*)"', page)]
        self.assertGreater(len(links), 2)
        for link in links:
            self.status(200, self.ana.send("HEAD", self.ana.path_of(link)))

    def test_the_download_of_one_file(self):
        export_id = self.ana.export(SMALL)["export_id"]
        self.status(200, self.ana.get(self.go(f"/samples/downloadExportFiles/{export_id}")))

    def test_errors(self):
        request = {**ALL, "format": "excel", "template": "detailed", "options": {"sort_by": "full_name"},
                   "large_dataset_options": {"strategy": "single", "memory_limit": "1KB"}}
        failed = self.ana.export(request)
        self.assertEqual("MEMORY_LIMIT", failed["error_code"])
        page = self.status(200, self.ana.get(f"/samples/handleExportError/{failed['export_id']}")).content.decode()
        self.assertIn(html.escape(failed["message"], quote=False)[:30], html.unescape(page))
        limit = failed["details"]["suggested_chunk_size"]
        self.assertIn(f"filters%5Blimit%5D={limit}", html.unescape(page))

    def test_background_jobs(self):
        self.assertEqual("/export/queued", self.go("/samples/queueLargeExport"))
        self.assertEqual("success", self.json("/samples/queueSmallExport")["status"])

    def test_nobody_gets_anything_from_them(self):
        self.ana = Browser(self.site)
        self.assertEqual("UNAUTHENTICATED", self.json("/samples/ask")["error_code"])


if __name__ == "__main__":
    tap.main()
