#!/usr/bin/python3
"""docs/php.md tells the truth: its commands and files are used as they stand there, its tables are held against the
extension. CODEIGNITER4_PATH: a folder of CodeIgniter 4 (system/, app/, public/) that the controller is tried in too."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

import php_bed
import php_page
import harness
import tap

php_bed.need_extension()
PAGE = php_page.PAGE.read_text("utf-8")
PARTICIPANTS = 2600


class Tables(unittest.TestCase):
    def test_every_function_is_there_with_its_signature(self):
        stub = (php_bed.SOURCES / "php-ext/ybb_export.stub.php").read_text("utf-8")
        functions = re.findall(r"function (\w+\(.*?\)): array", stub)
        self.assertGreater(len(functions), 10)
        page = PAGE.replace("\\|", "|")
        self.assertEqual([], [f for f in functions if f"`{f}`" not in page])

    def test_every_setting_is_there_with_its_default_and_who_may_change_it(self):
        done = php_bed.php(["-r", "echo json_encode(ini_get_all('ybb_export'));"])
        anybody, host = 7, 4  # INI_ALL, INI_SYSTEM
        settings = json.loads(done.stdout)
        self.assertGreater(len(settings), 5)
        for name, setting in settings.items():
            who = {anybody: "anybody", host: "php.ini"}[setting["access"]]
            self.assertIn(f'| `{name}` | `"{setting["global_value"] or ""}"` | {who} |', PAGE)
        self.assertEqual(set(settings), set(re.findall(r"^\| `(ybb_export\.\w+)` \|", PAGE, re.M)))

    def test_what_is_seen_when_it_does_not_work_is_what_the_extension_says(self):
        with tempfile.TemporaryDirectory(prefix="ybb-page-") as folder:
            call = ["-r", "try { ybb_export(['export_type' => 'participants', 'program_id' => 1]); }"
                          "catch (YbbExport\\Exception $e) { echo $e->getMessage(); }"]
            said = php_bed.php(["-d", "ybb_export.source=sqlite:///nowhere", *call]).stdout
            self.assertIn(f"`{said}`", PAGE)
            said = php_bed.php(["-d", f"ybb_export.out={folder}", *call]).stdout
            self.assertIn(f"`{said}`", PAGE)


class Walk(unittest.TestCase):
    def test_its_commands_lead_to_a_download_by_php_and_by_nginx(self):
        reason = php_page.can()
        if reason:
            self.skipTest(reason)
        with tempfile.TemporaryDirectory(prefix="ybb-page-") as folder:
            log = pathlib.Path(folder, "log")
            with open(log, "wb") as file:
                done = subprocess.run([sys.executable, php_page.__file__, "--results", folder], check=False,
                                      stdout=file, stderr=file)
            self.assertEqual(0, done.returncode, log.read_text("utf-8", "replace")[-4000:])
            for name in php_page.RESULTS:
                header, rows = harness.read_xlsx(pathlib.Path(folder, pathlib.Path(name).name))
                self.assertEqual(("Full Name", 100), (header[1], len(rows)))

    def test_a_user_with_its_rights_can_export(self):
        if not harness.MYSQL:
            self.skipTest("YBB_TEST_MYSQL, the DSN of a MariaDB, is not set")
        database = harness.MYSQL.split("?")[0].rsplit("/", 1)[1]
        socket_path = os.environ["YBB_TEST_SOCKET"]
        subprocess.run([php_bed.COMMAND, "demo-data", harness.MYSQL, "--participants", "30"], check=True)
        statements = next(b.text for b in php_page.blocks() if b.language == "sql").replace("ybb.*", database + ".*")
        client = ["mariadb", "--no-defaults", "--socket=" + socket_path, "--user=root"]
        subprocess.run([*client, "-e", "DROP USER IF EXISTS reader@localhost; " + statements], check=True)
        dsn = re.search(r'"(mysql://reader:[^"]*)"', PAGE).group(1)
        dsn = dsn.replace("/ybb?", f"/{database}?").replace("/run/mysqld/mysqld.sock", socket_path)
        with tempfile.TemporaryDirectory(prefix="ybb-page-") as folder:
            done = php_bed.php(["-d", f'ybb_export.source="{dsn}"', "-d", f"ybb_export.out={folder}", "-r",
                                "echo ybb_export(['export_type' => 'participants', 'program_id' => 1,"
                                "'template' => 'detailed'])['data']['record_count'];"])
        self.assertEqual("30", done.stdout)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Application(unittest.TestCase):
    """The page's controller and routes, over HTTP."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="ybb-page-")
        cls.source = php_bed.demo(cls.folder.name, PARTICIPANTS)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.out = tempfile.mkdtemp(dir=self.folder.name)
        self.settings = ["-d", f"ybb_export.source={self.source}", "-d", f"ybb_export.out={self.out}"]

    def write_files(self, folder, routes="<?php\n"):
        for name, text in php_page.files().items():
            path = pathlib.Path(folder, name.lstrip("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(routes + text if name.endswith("Routes.php") else text, "utf-8")

    @contextlib.contextmanager
    def server(self, arguments, **environment):
        self.port = free_port()
        self.settings += ["-d", f"ybb_export.base_url=http://127.0.0.1:{self.port}"]
        command = [php_bed.program("php"), "-n", "-d", f"extension={php_bed.EXTENSION}", *self.settings,
                   "-S", f"127.0.0.1:{self.port}", *arguments]
        with open(f"{self.out}/log", "wb") as log, \
                subprocess.Popen(command, env={**os.environ, **environment}, stdout=log, stderr=log) as process:
            try:
                yield
            finally:
                process.terminate()

    def ask(self, method, path, body=None):
        """Code, headers, content."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, method=method,
                                         headers={"Content-Type": "application/json"})
        for _ in range(100):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as answer:
                with answer:
                    return answer.code, answer.headers, answer.read()
            except urllib.error.URLError:  # it does not listen yet
                time.sleep(0.1)
        raise AssertionError(pathlib.Path(self.out, "log").read_text("utf-8"))

    def json_of(self, wanted, method, path, body=None):
        code, _, content = self.ask(method, path, body)
        self.assertEqual(wanted, code, content[:2000])
        return json.loads(content)

    def use(self):
        request = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 10}}
        small = self.json_of(200, "POST", "/api/export", request)
        self.assertEqual(10, small["data"]["record_count"])
        path = small["data"]["file_url"].removeprefix(f"http://127.0.0.1:{self.port}")
        code, headers, content = self.ask("GET", path)
        self.assertEqual((200, small["data"]["file_size"]), (code, len(content)))
        self.assertIn("participants_export.csv", headers["Content-Disposition"])
        self.assertIn("text/csv", headers["Content-Type"])
        self.assertEqual("UNKNOWN_FILTER", self.json_of(422, "POST", "/api/export",
                                                        {**request, "filters": {"x": 1}})["error_code"])
        large = self.json_of(202, "POST", "/api/export",
                             {**request, "filters": {}, "large_dataset_options": {"strategy": "multi_file",
                                                                                  "chunk_size": 1000}})
        self.follow(f"/api/export/{large['export_id']}")

    def follow(self, path):
        until = time.monotonic() + 60
        while (code := self.ask("GET", path + "/status")[0]) == 202 and time.monotonic() < until:
            time.sleep(0.05)
        self.assertEqual(200, code)
        data = self.json_of(200, "GET", path + "/status")["data"]
        for url, size in [(f["file_url"], f["file_size"]) for f in data["individual_files"]] + [
                (data["archive"]["zip_file_url"], data["archive"]["zip_file_size"])]:
            code, _, content = self.ask("GET", url.removeprefix(f"http://127.0.0.1:{self.port}"))
            self.assertEqual((200, size), (code, len(content)), url)
        self.json_of(200, "DELETE", path)
        self.json_of(404, "GET", path + "/status")

    def test_its_controller_works(self):
        self.write_files(self.out)
        with self.server([str(php_bed.SOURCES / "tests/php/page_app.php")], YBB_PAGE_FILES=self.out):
            self.use()

    def test_its_controller_works_in_codeigniter(self):
        framework = os.environ.get("CODEIGNITER4_PATH")
        if not framework:
            self.skipTest("CODEIGNITER4_PATH names no folder of CodeIgniter 4")
        site = f"{self.out}/site"
        shutil.copytree(framework, site)
        routes = pathlib.Path(site, "app/Config/Routes.php").read_text("utf-8")
        self.write_files(site, routes)
        self.settings += ["-d", "extension=mbstring", "-d", "extension=intl", "-d", "extension=tokenizer",
                          "-d", "extension=ctype"]
        with self.server(["-t", f"{site}/public", f"{site}/system/rewrite.php"], CI_ENVIRONMENT="production"):
            self.use()

    def test_its_function_in_place_of_the_service_has_all_endpoints(self):
        self.write_files(self.out)
        os.mkdir(f"{self.out}/catalog")
        done = php_bed.php([*self.settings, "-d", f"ybb_export.catalog_dir={self.out}/catalog",
                            str(php_bed.SOURCES / "tests/php/page_service.php"),
                            f"{self.out}/app/Controllers/CallsExportService.php"])
        self.assertEqual(("", "", 0), (done.stdout, done.stderr, done.returncode))


if __name__ == "__main__":
    tap.main()
