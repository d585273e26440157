#!/usr/bin/python3
"""What "php spark ybbexport:..." does in an application of CodeIgniter 4; docs/codeigniter.md as its reader uses it; the
analysis of the adapter. CODEIGNITER4_PATH: a checkout of codeigniter4/framework."""
import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess
import unittest
import urllib.parse

import codeigniter_bed
import package_bed
import php_bed
import harness
import tap
from codeigniter_bed import PAGE, PATIENCE, Browser, Sites, php

codeigniter_bed.need()
PARTICIPANTS = 3000
SMALL = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 20}}


def setUpModule():
    global SITES
    SITES = Sites(PARTICIPANTS)


def tearDownModule():
    SITES.remove()


class Commands(unittest.TestCase):
    def setUp(self):
        self.site = SITES.new()

    def doctor(self, *wanted, code=1, **settings):
        self.site.write_settings(**settings)
        done = self.site.spark("ybbexport:doctor")
        self.assertEqual(code, done.returncode, done.stdout)
        for text in wanted:
            self.assertRegex(done.stdout, text)

    def test_the_doctor_finds_all_well(self):
        config = pathlib.Path(self.site.folder, "config.json")
        config.write_text(f'{{"link_secret": "{"x" * 40}"}}', "utf-8")
        self.doctor("good +extension: ybb_export", "good +users: App.Libraries.SessionUsers", "good +folder of files: .* free",
                    "good +job store: answers; 0 exports wait", "good +source: answers", "doubtful +worker: none",
                    "good +signed links", "good +sending files: none", "Exports can be made", code=0,
                    **{"ybbexport.configFile": str(config)})
        self.doctor("good +worker: none is needed", code=0, **{"ybbexport.mode": "inproc"})

    def test_the_doctor_says_what_is_wrong_and_what_to_do(self):
        out, source = str(self.site.out), self.site.settings["ybbexport.source"]
        done = self.site.spark("ybbexport:doctor", ours=False)
        self.assertEqual(1, done.returncode)
        self.assertRegex(done.stdout, "bad +extension: ybb_export is not loaded\n +-> .*phpenmod ybb_export")
        self.doctor("bad +users: nobody may export", "authenticator in app/Config/YbbExport.php",
                    **{"ybbexport.authenticator": "Ybb\\Export\\Auth\\DenyAll"})
        self.doctor("bad +users: ybbexport.authenticator: Nobody is no", **{"ybbexport.authenticator": "Nobody"})
        self.doctor("bad +PSR-7: .*NoFactory makes no PSR-7 messages", "composer require nyholm/psr7",
                    **{"ybbexport.authenticator": None, "ybbexport.psr17": "NoFactory"})
        self.doctor("bad +folder of files: /nowhere is not there", "install -d .* /nowhere",
                    **{"ybbexport.psr17": None, "ybbexport.out": "/nowhere"})
        self.doctor("bad +folder of files: no folder is set", **{"ybbexport.out": None})
        self.doctor("bad +source: ", "GRANT SELECT", **{"ybbexport.out": out, "ybbexport.source": "sqlite:///nowhere.db"})
        self.doctor("bad +worker: none is alive, and exports wait", "ybbexport:worker",
                    **{"ybbexport.source": source, "ybbexport.mode": "worker"})
        self.doctor("bad +sending files: ", "sendFileLocation",
                    **{"ybbexport.mode": None, "ybbexport.sendFile": "x-accel"})
        self.doctor("bad +file of settings: .*group \"default\" is in memory|no group",
                    **{"ybbexport.sendFile": None, "ybbexport.database": "nothing"})
        self.doctor("bad +file of settings: .*nowhere.json cannot be read", "chmod 640",
                    **{"ybbexport.database": None, "ybbexport.configFile": "/nowhere.json"})

    def test_the_doctor_finds_settings_that_are_not_valid(self):
        config = pathlib.Path(self.site.folder, "config.json")
        for text in ('{"poool": 1}', '{"link_secret": "short"}', "{"):
            config.write_text(text, "utf-8")
            self.doctor("bad +settings and catalog: ", "docs/configuration.md", **{"ybbexport.configFile": str(config)})

    @unittest.skipIf(os.getuid() != 0, "only root can be root")
    def test_the_doctor_lets_root_make_nothing_that_others_cannot_write(self):
        os.chown(self.site.out, 65534, 65534)
        self.doctor("bad +folder of files: .* belongs to nobody", "runuser -u nobody -- php spark ybbexport:doctor")
        self.assertEqual([], list(self.site.out.iterdir()))

    def test_commands_speak_indonesian(self):
        self.doctor("baik +ekstensi: ybb_export", "Ekspor dapat dibuat", code=0, **{"app.defaultLocale": "id"})

    def test_both_languages_have_the_same_words(self):
        words = "function keys($words, $at = '') { foreach ($words as $name => $word) is_array($word) ? keys($word, \"$at$name.\")" \
                " : print(\"$at$name\\n\"); }"
        folder = package_bed.PACKAGE / "src/CodeIgniter/Language"
        english, indonesian = (subprocess.run(php("-r", f"{words} keys(require '{folder}/{name}/YbbExport.php');"), check=True,
                                              capture_output=True, text=True).stdout for name in ("en", "id"))
        self.assertGreater(english.count("\n"), 60)
        self.assertEqual(english, indonesian)

    def test_statistics_and_pruning(self):
        with self.site.server():
            Browser(self.site, "ana").export(SMALL)
        done = self.site.spark("ybbexport:stats")
        self.assertRegex(done.stdout, r"\| completed +\| 1 ")
        shown = self.site.spark("ybbexport:stats", "--json").stdout
        harness.Schema.hold("answer", json.loads(shown[shown.index("{"):]))
        self.assertRegex(self.site.spark("ybbexport:prune").stdout, '"expired_exports": 0')

    def test_a_worker_carries_exports_out_until_it_is_told_to_end(self):
        self.site.write_settings(**{"ybbexport.mode": "worker", "ybbexport.command": php_bed.COMMAND})
        worker = subprocess.Popen(php("spark", "ybbexport:worker", "--drain", "5"), cwd=self.site.folder,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            with self.site.server():
                self.assertEqual("success", Browser(self.site, "ana").export({**SMALL, "filters": {"limit": 2000}})["status"])
            self.doctor("good +worker: 1 alive", code=0)
            arguments = pathlib.Path(f"/proc/{worker.pid}/cmdline").read_text("utf-8")
            self.assertNotIn("demo.db", arguments)  # a source may have a password
            worker.send_signal(signal.SIGTERM)
            output, _ = worker.communicate(timeout=PATIENCE)
            self.assertEqual(0, worker.returncode, output)
        finally:
            worker.kill()
            worker.wait()

    def test_a_worker_without_its_command_says_so(self):
        self.site.write_settings(**{"ybbexport.command": "no-such-command"})
        done = self.site.spark("ybbexport:worker")
        self.assertEqual(1, done.returncode)
        self.assertIn("There is no command no-such-command", done.stdout)

    def test_the_source_is_a_group_of_the_applications_databases(self):
        self.site.write_settings(**{"ybbexport.source": None, "ybbexport.database": "default",
                                    "database.default.DBDriver": "SQLite3", "database.default.database": f"{SITES.folder}/demo.db"})
        self.doctor("good +source: answers", code=0)
        self.doctor("has a prefix of table names", **{"database.default.DBPrefix": "ybb_"})

    def test_the_source_is_a_group_of_mysqli(self):
        if not harness.MYSQL:
            self.skipTest("YBB_TEST_MYSQL, the DSN of a MariaDB, is not set")
        subprocess.run([php_bed.COMMAND, "demo-data", harness.MYSQL, "--participants", "30"], check=True)
        found = re.match(r"mysql://([^:@/]*)(?::([^@]*))?@[^/]*/([^?]*)", harness.MYSQL)
        user, password, database = (urllib.parse.unquote(part or "") for part in found.groups())
        self.site.write_settings(**{"ybbexport.source": None, "ybbexport.database": "default",
                                    "database.default.DBDriver": "MySQLi", "database.default.username": user,
                                    "database.default.password": password, "database.default.database": database,
                                    "database.default.hostname": os.environ["YBB_TEST_SOCKET"]})
        self.doctor("good +source: answers", code=0)


class Page(unittest.TestCase):
    def test_it_leads_to_a_download(self):
        site = SITES.new()
        settings = dict(re.findall(r"^(\S+) = '?(.*?)'?$", env_block(), re.M))
        self.assertIn("login.password", settings)
        site.write_settings(**{**settings, "app.baseURL": site.settings["app.baseURL"]})
        # here by whoever tests, at another port
        commands = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S)).replace("8080", str(site.port))
        self.assertEqual(2, commands.count("runuser -u www-data -- php spark"))
        with shell(commands.replace("runuser -u www-data -- ", ""), site) as process:
            self.assertEqual(0, process.wait(PATIENCE), (site.folder / "log").read_text("utf-8") + site.log())
        header, rows = harness.read_xlsx(site.folder / "participants_export.xlsx")
        self.assertEqual(("Full Name", 100), (header[1], len(rows)))

    def test_every_property_is_there_with_its_default(self):
        text = (package_bed.PACKAGE / "src/CodeIgniter/Config/YbbExport.php").read_text("utf-8")
        properties = re.findall(r"public \w+ \$(\w+) = (.*);", text)
        self.assertGreater(len(properties), 12)
        classes = {"DenyAll::class": r"Ybb\Export\Auth\DenyAll", "Psr17Factory::class": r"Nyholm\Psr7\Factory\Psr17Factory",
                   "1 << 20": "1048576"}
        for name, value in properties:
            self.assertIn(f"| `{name}` | `{classes.get(value, value)}` |", PAGE)


@contextlib.contextmanager
def shell(commands, site):
    """Line by line, with the extensions from php.ini; what it leaves running ends, too."""
    site.write("ini/extensions.ini", "".join(f"extension={name}\n" for name in (*codeigniter_bed.EXTENSIONS,
                                                                              php_bed.EXTENSION)))
    with open(site.folder / "log", "wb") as log:
        process = subprocess.Popen(["sh", "-e", "-c", commands], cwd=site.folder, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, start_new_session=True,
                                   env={**os.environ, "PHP_INI_SCAN_DIR": str(site.folder / "ini")})
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def env_block():
    return re.search(r"^```ini\n(.*?)^```$", PAGE, re.M | re.S).group(1)


class Analysis(unittest.TestCase):
    def test_phpstan_finds_nothing(self):
        problem = package_bed.install()
        self.assertEqual("", problem)
        config = package_bed.FOLDER / "phpstan-codeigniter.neon"
        config.write_text(f"includes: [{package_bed.PACKAGE}/phpstan-codeigniter.neon.dist]\nparameters:\n"
                          f"    tmpDir: {package_bed.FOLDER}/phpstan-codeigniter\n    scanDirectories:\n"
                          f"        - {codeigniter_bed.framework()}/system\n"
                          f"        - {codeigniter_bed.framework()}/app/Config\n", "utf-8")
        status, output = package_bed.run(php_bed.program("php"), "-d", "memory_limit=1500M", "vendor/bin/phpstan", "analyse",
                                         "-c", config, "--autoload-file=vendor/autoload.php", "--no-progress",
                                         "--error-format=raw", "--no-ansi")
        self.assertEqual((0, ""), (status, output.strip()))


if __name__ == "__main__":
    tap.main()
