"""A PHP-FPM of our own behind an nginx of our own, on sockets in a temporary folder; clients that export, and what
kills its workers."""
import getpass
import http.client
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import threading
import time

import php_bed
import harness

PATIENCE = 120
FPM = php_bed.program("php-fpm", "php-fpm8.4", "php-fpm8.3", "php-fpm8.2")
NGINX = php_bed.program("nginx")
NO_ANSWER = (502, 503, 504)

FPM_CONF = """[global]
error_log = {folder}/fpm.log
pid = {folder}/fpm.pid
daemonize = no
process_control_timeout = {drain}
[www]
{user}
listen = {folder}/fpm.sock
listen.mode = 0666
{pool}
catch_workers_output = yes
php_admin_value[ybb_export.config] = {folder}/settings.json
php_admin_value[error_log] = {folder}/php.log
php_admin_flag[log_errors] = on
php_admin_flag[display_errors] = off
"""
NGINX_CONF = """daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
{user}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{
        listen unix:{folder}/http.sock;
        location / {{
            fastcgi_pass unix:{folder}/fpm.sock;
            fastcgi_buffering off;
            fastcgi_read_timeout 120;
            fastcgi_param SCRIPT_FILENAME {app};
            fastcgi_param QUERY_STRING $query_string;
            fastcgi_param REQUEST_METHOD $request_method;
            fastcgi_param CONTENT_TYPE $content_type;
            fastcgi_param CONTENT_LENGTH $content_length;
            fastcgi_param REQUEST_URI $request_uri;
        }}
        {locations}
    }}
}}
"""


def need():
    php_bed.need_extension()
    for name, there in (("php-fpm", FPM), ("nginx-light", NGINX)):
        if not there:
            php_bed.skip_all(f"there is no {name}: on Debian and Ubuntu install {name}")


def wait_until(condition, what, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > until:
            raise AssertionError(f"{what}: not within {seconds} seconds")
        time.sleep(0.02)
    return found


def listens(path):
    """The file is there before anybody listens."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except OSError:
            return False
    return True


class Site:
    """Both servers. @pool: lines of the pool's section. @app: the script that answers every request.
    @locations: more of nginx's. @options: more of php-fpm's, with {folder} in them."""

    def __init__(self, folder, source, pool, settings=None, drain=0,
                 app=str(php_bed.SOURCES / "tests/php/fpm_app.php"), locations="", options=()):
        self.folder = folder
        out = pathlib.Path(folder, "out")
        out.mkdir(mode=0o700)
        config = {"source": source, "out": str(out), "queue_config": {"max_takeovers": 10000, "max_attempts": 100}}
        pathlib.Path(folder, "settings.json").write_text(json.dumps({**config, **(settings or {})}), "utf-8")
        root = os.getuid() == 0
        values = {"folder": folder, "pool": pool, "drain": drain, "app": app, "locations": locations,
                  "user": f"user = {getpass.getuser()}" if root else ""}
        pathlib.Path(folder, "fpm.conf").write_text(FPM_CONF.format(**values), "utf-8")
        values["user"] = f"user {getpass.getuser()};" if root else ""
        pathlib.Path(folder, "nginx.conf").write_text(NGINX_CONF.format(**values), "utf-8")
        self.processes = []
        command = [FPM, *(["-R"] if root else []), "-n", "-d", f"extension={php_bed.EXTENSION}",
                   "-y", f"{folder}/fpm.conf", *(option.format(folder=folder) for option in options)]
        self.fpm = self.run(command)
        wait_until(lambda: listens(f"{folder}/fpm.sock"), "php-fpm listens")
        self.run([NGINX, "-c", f"{folder}/nginx.conf"])
        wait_until(lambda: listens(f"{folder}/http.sock"), "nginx listens")

    def run(self, command):
        log = open(f"{self.folder}/servers.log", "ab")
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()
        self.processes.append(process)
        return process

    def workers(self):
        pid = self.fpm.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
        return [int(child) for child in children]

    def reload(self):
        self.fpm.send_signal(signal.SIGUSR2)

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGQUIT if process is self.fpm else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def logged(self, name):
        path = pathlib.Path(self.folder, name)
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def ended_well(self):
        """The workers that the master saw end without a signal, one by one; none of those that a reload ends."""
        return [int(pid) for pid in re.findall(r"child (\d+) exited with code 0", self.logged("fpm.log"))]

    def crashes(self):
        """Ends of workers that nobody asked for."""
        words = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE")
        return [line for line in self.logged("fpm.log").splitlines() if any(w in line for w in words)]


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Client:
    """Asks again where a worker died under a request."""

    def __init__(self, site, counts):
        self.site = site
        self.counts = counts

    def once(self, query, body=None):
        connection = UnixConnection(f"{self.site.folder}/http.sock")
        try:
            connection.request("POST" if body is not None else "GET", "/?" + query,
                               json.dumps(body) if body is not None else None)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (http.client.HTTPException, OSError):
            return 502, b""
        finally:
            connection.close()

    def ask(self, query, body=None):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.counts["requests"] += 1
            status, content = self.once(query, body)
            if status not in NO_ANSWER:
                return status, content
            self.counts["unanswered"] += 1
            time.sleep(random.uniform(0.01, 0.1))
        raise AssertionError(f"no answer to {query} within {PATIENCE} seconds")

    def answer(self, query, body=None):
        status, content = self.ask(query, body)
        if status != 200:
            raise AssertionError(f"{query}: {status} {content[:300]}")
        document = json.loads(content)
        # an empty object is an empty array in PHP
        if document.get("metadata", {}).get("filters_applied") == []:
            document["metadata"]["filters_applied"] = {}
        harness.Schema.hold("answer", document)
        return document

    def follow(self, answer, pause=0.05):
        """Until it has ended: its last answer."""
        until = time.monotonic() + PATIENCE
        while answer["status"] == "processing":
            if time.monotonic() > until:
                raise AssertionError(f"an export does not end: {json.dumps(answer)[:600]}")
            time.sleep(random.uniform(0, pause * 2))
            do = random.choice(["status", "status", "wait"])
            answer = self.answer(f"do={do}&id={answer['export_id']}")
        return answer


def rows_of(content):
    return content.decode("utf-8-sig").count("\r\n") - 1


class Striker(threading.Thread):
    """Kills workers at random, and reloads now and then, until it is told to stop."""

    def __init__(self, site, seed, pause=0.4, reloads=0.1):
        super().__init__(daemon=True)
        self.site, self.pause, self.reloads = site, pause, reloads
        self.random = random.Random(seed)
        self.deaths = dict.fromkeys(("SIGKILL", "SIGTERM", "SIGQUIT", "reload"), 0)
        self.quit = set()  # workers that were told to
        self.over = threading.Event()

    def strike(self):
        if self.random.random() < self.reloads:
            self.deaths["reload"] += len(self.site.workers())
            self.site.reload()
            return
        workers = self.site.workers()
        if workers:
            name = self.random.choice(["SIGKILL", "SIGKILL", "SIGTERM", "SIGQUIT"])
            worker = self.random.choice(workers)
            try:
                os.kill(worker, getattr(signal, name))
                self.deaths[name] += 1
                if name == "SIGQUIT":
                    self.quit.add(worker)
            except ProcessLookupError:
                pass

    def run(self):
        while not self.over.wait(self.random.uniform(0, 2 * self.pause)):
            try:
                self.strike()
            except OSError:
                pass  # the master is between two reloads

    def stop(self):
        self.over.set()
        self.join()


def requests():
    """Small ones, batches, books; no two alike, so that none joins another."""
    number = 0
    while True:
        number += 1
        base = {"export_type": "participants", "program_id": 1, "template": "standard", "format": "csv",
                "idempotency_key": f"r{number}"}
        kind = number % 5
        if kind < 3:
            yield {**base, "filters": {"limit": 20 + number}}, 20 + number
        elif kind == 3:
            yield {**base, "large_dataset_options": {"strategy": "multi_file", "chunk_size": 1000}}, None
        else:
            yield {**base, "format": "excel", "filters": {"limit": 700}, "large_dataset_options":
                   {"strategy": "single"}}, 700
