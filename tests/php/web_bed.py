"""The package in php/ behind nginx and PHP-FPM, and its users: a session and the token of it."""
import json
import os
import pathlib
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time

import fpm_bed
import harness
import package_bed
import php_bed

BASE = "/admin"
POOL = """pm = static
pm.max_children = 8
request_terminate_timeout = 100
env[YBB_AUTOLOAD] = "{autoload}"
env[YBB_FOLDER] = "{folder}"
env[YBB_SENDFILE] = "{sendfile}"
"""
PAGE = (php_bed.SOURCES / "docs/web.md").read_text("utf-8")
# its files by their names, and nginx's locations: of the handler, and of the files
FILES = dict(re.findall(r"^`(\w+\.php)`[^\n]*:\n\n```php\n(.*?)^```$", PAGE, re.M | re.S))
TO_HANDLER, TO_FILES = re.findall(r"^```nginx\n(.*?)^```$", PAGE, re.M | re.S)
SMALL = {"export_type": "participants", "program_id": 1, "format": "csv", "filters": {"limit": 20}}
ALL = {"export_type": "participants", "program_id": 1, "format": "csv"}
BATCHES = {**ALL, "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}


def need():
    fpm_bed.need()
    problem = package_bed.install()
    if problem:
        raise SystemExit(f"Composer fails:\n{problem}")


def site(folder, source, sendfile="none", settings=None, options=()):
    os.mkdir(f"{folder}/sessions", 0o700)
    pool = POOL.format(autoload=package_bed.AUTOLOAD, folder=folder, sendfile=sendfile)
    catalog = pathlib.Path(folder, "catalog")
    catalog.mkdir()
    return fpm_bed.Site(folder, source, pool, {"catalog_dir": str(catalog), **(settings or {})},
                        app=str(php_bed.SOURCES / "tests/php/web_app.php"), locations=replaced(TO_FILES, {"/var/lib/ybbexport": f"{folder}/out"}),
                        options=options)


def replaced(text, places):
    """With our places instead of those of a page."""
    for theirs, ours in places.items():
        assert theirs in text, theirs
        text = text.replace(theirs, ours)
    return text


def example(folder, source):
    """docs/examples/exports.php beside Composer's packages, behind the page's location alone."""
    for name in ("app", "sessions"):
        os.mkdir(f"{folder}/{name}", 0o700)
    shutil.copy(php_bed.SOURCES / "docs/examples/exports.php", f"{folder}/app/index.php")
    os.symlink(package_bed.FOLDER / "vendor", f"{folder}/app/vendor")
    pool = f"pm = static\npm.max_children = 2\nphp_admin_value[session.save_path] = {folder}/sessions"
    places = {"/run/php/php8.2-fpm.sock": f"{folder}/fpm.sock", "/srv/exports": f"{folder}/app",
              "include fastcgi_params": "include /etc/nginx/fastcgi_params"}
    return fpm_bed.Site(folder, source, pool, app=f"{folder}/nothing.php", locations=replaced(TO_HANDLER, places))


def walk(folder, source, port):
    """What the page says, in a folder: its files, its commands. Here by whoever tests, at another port."""
    for name, text in FILES.items():
        pathlib.Path(folder, name).write_text(replaced(text, {"8080": port}) if name == "index.php" else text, "utf-8")
    os.symlink(package_bed.FOLDER / "vendor", f"{folder}/vendor")
    for name in ("ini", "out", "sessions"):
        os.mkdir(f"{folder}/{name}", 0o700)
    pathlib.Path(folder, "ini/ybb.ini").write_text(
        f"extension={php_bed.EXTENSION}\nybb_export.source={source}\nybb_export.out={folder}/out\n"
        f"session.save_path={folder}/sessions\n", "utf-8")
    commands = "".join(re.findall(r"^```sh\n(.*?)^```$", PAGE, re.M | re.S))
    with open(f"{folder}/log", "wb") as log:
        process = subprocess.Popen(["sh", "-e", "-c", replaced(commands, {"8080": port, "runuser -u www-data -- ": ""})],
                                   cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                                   env={**os.environ, "PHP_INI_SCAN_DIR": f":{folder}/ini"})
    try:
        assert process.wait(fpm_bed.PATIENCE) == 0, pathlib.Path(folder, "log").read_text("utf-8")
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the server that it leaves running


def serialized(value):
    """As PHP serializes it."""
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    return f"a:{len(value)}:{{{''.join(f'i:{i};{serialized(item)}' for i, item in enumerate(value))}}}"


def give_session(user, /, **values):
    """What a host's login does."""
    session, token = secrets.token_hex(16), secrets.token_hex(16)
    content = "".join(f"{name}|{serialized(value)}" for name, value in {**values, "csrf": token}.items())
    pathlib.Path(user.site.folder, "sessions", f"sess_{session}").write_text(content, "utf-8")
    user.headers = {"Cookie": f"PHPSESSID={session}", "X-CSRF-Token": token}


class Response:
    def __init__(self, answer, content):
        self.status, self.headers, self.content = answer.status, answer.headers, content

    def json(self):
        """By its schema."""
        assert self.headers["Content-Type"] == "application/json", (self.status, self.content[:300])
        document = json.loads(self.content)
        harness.Schema.hold("answer", document)
        return document

    def __repr__(self):
        return f"{self.status} {self.content[:300]}"


class User:
    """One who is logged in; without a name, one who is not."""

    def __init__(self, site, name=None):
        self.site, self.headers = site, {}
        if name:
            login = self.send("GET", f"/login?user={name}", base="")
            self.headers = {"Cookie": login.headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": login.content.decode()}

    def open(self, method, path, body=None, headers=None, base=BASE):
        """The connection, and the answer whose body has not been read."""
        connection = fpm_bed.UnixConnection(f"{self.site.folder}/http.sock")
        send = {**self.headers, **({} if body is None else {"Content-Type": "application/json"}), **(headers or {})}
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, base + path, content, {k: v for k, v in send.items() if v is not None})
        return connection, connection.getresponse()

    def send(self, method, path, body=None, headers=None, base=BASE):
        connection, answer = self.open(method, path, body, headers, base)
        try:
            return Response(answer, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.send("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def start(self, request):
        """An export's id."""
        response = self.send("POST", "/api/export", request)
        assert response.status in (200, 202), response
        return response.json()["export_id"]

    def follow(self, export_id, seconds=fpm_bed.PATIENCE):
        """Its last status. A page would heed Retry-After; a test has no time."""
        until = time.monotonic() + seconds
        while True:
            response = self.get(f"/api/export/{export_id}/status")
            if response.status != 202:
                return response
            assert time.monotonic() < until, response
            time.sleep(random.uniform(0.005, 0.05))

    def export(self, request):
        export_id = self.start(request)
        done = self.follow(export_id)
        assert done.json()["status"] == "success", done
        return export_id

    def raw(self, text):
        """What comes back of bytes that no client would send; they ask for the connection's end."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(fpm_bed.PATIENCE)
            connection.connect(f"{self.site.folder}/http.sock")
            connection.sendall(text)
            parts = []
            while part := connection.recv(65536):
                parts.append(part)
        return b"".join(parts)
