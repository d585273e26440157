"""An application of CodeIgniter 4 with the package in php/, and its users over HTTP. The framework comes from Composer, or
from the folder that CODEIGNITER4_PATH names."""
import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.parse

import package_bed
import php_bed
import php_page
import harness

FOLDER = php_bed.BUILD / "codeigniter"
PAGE = (php_bed.SOURCES / "docs/codeigniter.md").read_text("utf-8")
# the page's files by their names
FILES = {block.file: block.text for block in map(php_page.Block, php_page.BLOCK.finditer(PAGE)) if block.file}
# what the framework needs of PHP, beside what is always in it
EXTENSIONS = ("ctype", "intl", "mbstring", "posix", "tokenizer")
PATIENCE = 60
LOGIN = """
$routes->get('test/login/(:segment)', static function (string $name) {
    session()->set('user', ['name' => $name, 'is_admin' => $name === 'root', 'programs' => [1]]);
    session()->set('user_email', "$name@example.org");
    return service('response')->setContentType('text/plain')->setBody(csrf_hash());
});
"""


def need():
    """Ends the tests where the framework is not to be had, and says why."""
    php_bed.need_extension()
    for name in EXTENSIONS:
        done = subprocess.run([php_bed.program("php"), "-n", "-d", f"extension={name}", "-r",
                               f"exit((int) !extension_loaded('{name}'));"], check=False, capture_output=True)
        if done.returncode != 0:
            php_bed.skip_all(f"PHP has no {name}: on Debian and Ubuntu install php-intl and php-mbstring")
    problem = install()
    if problem:
        raise SystemExit(f"Composer fails:\n{problem}")


def own_framework():
    path = os.environ.get("CODEIGNITER4_PATH")
    return pathlib.Path(path).resolve() if path else None


def framework():
    return own_framework() or FOLDER / "vendor/codeigniter4/framework"


def composer_json():
    wanted = {"ybb/export": "@dev", "nyholm/psr7": "^1.8"}
    if not own_framework():
        wanted["codeigniter4/framework"] = "^4.7"
    return json.dumps({"name": "you/admin", "require": wanted, "config": {"lock": False},
                       "repositories": [{"type": "path", "url": str(package_bed.PACKAGE)}]}, indent=4)


def install():
    """Nothing when Composer's packages are there, else what it says."""
    FOLDER.mkdir(exist_ok=True)
    wanted, done = composer_json() + (package_bed.PACKAGE / "composer.json").read_text("utf-8"), FOLDER / "installed"
    composer = php_bed.program("composer")
    if not composer:
        php_bed.skip_all("there is no composer: on Debian and Ubuntu install composer")
    with open(FOLDER / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_text("utf-8") == wanted:
            return ""
        (FOLDER / "composer.json").write_text(composer_json(), "utf-8")
        status, output = package_bed.run(composer, "update", "--no-interaction", "--no-progress",
                                         "--ignore-platform-req=ext-ybb_export", "--ignore-platform-req=ext-intl",
                                         folder=FOLDER)
        if status == 0:
            done.write_text(wanted, "utf-8")
            return ""
    reached = package_bed.UNREACHED.search(output)
    if reached:
        php_bed.skip_all("CODEIGNITER4_PATH names no folder, and Composer does not bring the framework: "
                         + reached.group(0))
    return output


def php(*arguments, ours=True, also=()):
    """The command: PHP with the framework's extensions and ours, and no php.ini."""
    extensions = [*EXTENSIONS, *also, *([php_bed.EXTENSION] if ours else [])]
    options = [part for name in extensions for part in ("-d", f"extension={name}")]
    return [php_bed.program("php"), "-n", *options, *map(str, arguments)]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Site:
    """The framework's skeleton in a folder, as a reader of the page makes it."""
    also = ()  # extensions that the application needs

    def __init__(self, folder, source, **settings):
        self.folder = pathlib.Path(folder)
        self.port, self.source = free_port(), source
        self.out = self.folder / "exports"
        self.out.mkdir(parents=True)
        self.prefix = settings.get("ybbexport.prefix", "")
        # what stands before /api/export in the URLs of answers
        self.start = "/".join(filter(None, (f"http://127.0.0.1:{self.port}", settings.get("app.indexPage", ""), self.prefix)))
        self.settings = {"CI_ENVIRONMENT": "production", "app.baseURL": f"http://127.0.0.1:{self.port}/",
                         "app.indexPage": "", "ybbexport.source": source, "ybbexport.out": str(self.out), **settings}
        for name in ("app", "public", "writable"):
            shutil.copytree(framework() / name, self.folder / name)
        shutil.copy(framework() / "spark", self.folder)
        os.symlink(FOLDER / "vendor", self.folder / "vendor")
        self.change("app/Config/Paths.php", lambda text: re.sub(
            r"(\$systemDirectory\s*=) .*;", rf"\1 '{framework()}/system';", text))
        self.write_settings()

    def write_settings(self, **settings):
        self.settings.update(settings)
        lines = (f"{name} = '{value}'\n" for name, value in self.settings.items() if value is not None)
        (self.folder / ".env").write_text("".join(lines), "utf-8")

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def change(self, name, how):
        self.write(name, how((self.folder / name).read_text("utf-8")))

    def append(self, name, text):
        self.change(name, lambda there: there + text)

    def spark(self, *arguments, ours=True):
        return subprocess.run(php("spark", *arguments, ours=ours, also=self.also), cwd=self.folder, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)

    @contextlib.contextmanager
    def server(self):
        """PHP's own server, which "spark serve" starts, for several requests at once."""
        command = php("-S", f"127.0.0.1:{self.port}", "-t", self.folder / "public", framework() / "system/rewrite.php",
                      also=self.also)
        with open(self.folder / "log", "ab") as log, \
                subprocess.Popen(command, cwd=self.folder / "public", stdout=log, stderr=log, start_new_session=True,
                                 env={**os.environ, "PHP_CLI_SERVER_WORKERS": "4"}) as process:
            try:
                self.wait()
                yield self
            finally:
                os.killpg(process.pid, signal.SIGKILL)

    def wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "log").read_text("utf-8"))

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def log(self):
        logs = sorted((self.folder / "writable/logs").glob("log-*"))
        return "".join(path.read_text("utf-8") for path in logs)[-4000:]


class Sites:
    """A demo database, and applications over it."""
    kind = Site

    def __init__(self, participants):
        self.folder = tempfile.mkdtemp(prefix="ybb-codeigniter-")
        self.source = php_bed.demo(self.folder, participants)

    def new(self, furnished=True, **settings):
        """With the page's files and a login of the tests' own, or as CodeIgniter has it."""
        site = self.kind(tempfile.mkdtemp(dir=self.folder) + "/site", self.source, **settings)
        if furnished:
            for name in ("app/Controllers/Login.php", "app/Libraries/SessionUsers.php", "app/Config/YbbExport.php"):
                site.write(name, FILES[name])
            site.append("app/Config/Routes.php", FILES["app/Config/Routes.php"] + LOGIN)
        return site

    def remove(self):
        shutil.rmtree(self.folder)


class Response:
    def __init__(self, answer, content):
        self.status, self.headers, self.content = answer.status, answer.headers, content

    def json(self):
        """By its schema."""
        assert self.headers["Content-Type"] == "application/json", self
        document = json.loads(self.content)
        harness.Schema.hold("answer", document)
        return document

    def __repr__(self):
        return f"{self.status} {dict(self.headers)} {self.content[:600]}"


class Browser:
    """One user: his cookies, and the token that the last answer gave him."""

    def __init__(self, site, name=None):
        self.site, self.cookies, self.token = site, {}, None
        if name:
            self.token = self.send("GET", f"/test/login/{name}", prefix="").content.decode()

    def open(self, method, path, body=None, headers=None, prefix=None):
        """The connection, and the answer whose body has not been read."""
        connection = self.site.connection()
        send = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if isinstance(body, dict):
            body, send["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif isinstance(body, list):
            body, send["Content-Type"] = urllib.parse.urlencode(body).encode(), "application/x-www-form-urlencoded"
        if self.token and send.get("Content-Type") != "application/x-www-form-urlencoded":
            send["X-CSRF-Token"] = self.token
        send.update(headers or {})
        start = f"/{self.site.prefix}" if prefix is None and self.site.prefix else prefix or ""
        connection.request(method, start + path, body, {name: value for name, value in send.items() if value})
        answer = connection.getresponse()
        self.keep(answer.headers)
        return connection, answer

    def keep(self, headers):
        for cookie in headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        self.token = headers.get("X-CSRF-Token") or self.token

    def send(self, method, path, body=None, headers=None, prefix=None):
        connection, answer = self.open(method, path, body, headers, prefix)
        try:
            return Response(answer, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.send("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, path, body=None, **headers):
        return self.send("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})

    def export(self, request):
        """Its last status."""
        started = self.post("/api/export", request)
        assert started.status in (200, 202), started
        export_id = started.json()["export_id"]
        until = time.monotonic() + PATIENCE
        while (status := self.get(f"/api/export/{export_id}/status")).status == 202:
            assert time.monotonic() < until, status
            time.sleep(0.05)
        return status.json()

    def path_of(self, url):
        """Of a URL, or an address of this site, what is behind the prefix."""
        url = f"http://127.0.0.1:{self.site.port}{url}" if url.startswith("/") else url
        assert url.startswith(self.site.start + "/"), url
        return url.removeprefix(self.site.start)


class Served(unittest.TestCase):
    """Tests of an application that says who may export, and of its server."""
    sites = None  # of the module
    settings = {}

    @classmethod
    def prepare(cls, site):
        pass

    @classmethod
    def setUpClass(cls):
        cls.site = cls.sites.new(**cls.settings)
        cls.prepare(cls.site)
        cls.running = cls.site.server()
        cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def status(self, wanted, response):
        self.assertEqual(wanted, response.status, f"{response}\n{self.site.log()}")
        return response
