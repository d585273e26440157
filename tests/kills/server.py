"""A MariaDB that is the test's own, to be killed, started again and shown wrong clocks."""
import os
import pwd
import signal
import subprocess
import tempfile
import urllib.parse

import bed
import with_mariadb
from bed import Server, Sources, wait_until

ACCOUNT = "ybb", "secret"


def program(*names):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
    found = [os.path.join(folder, name) for name in names for folder in path.split(":")]
    return next((file for file in found if os.access(file, os.X_OK)), None)


def can_start():
    return bool(program("mariadbd", "mysqld") and program("mariadb-install-db", "mysql_install_db"))


class OwnServer:
    """What it has said yes to outlives its own kill -9, as it would not outlive a power cut."""

    def __init__(self, env=None):
        self.folder = tempfile.TemporaryDirectory(prefix="ybb-mariadb-", ignore_cleanup_errors=True)
        self.env = env or {}
        self.user = pwd.getpwuid(os.getuid()).pw_name
        self.log = open(os.path.join(self.folder.name, "log"), "wb")
        with_mariadb.install(self.folder.name, self.log)
        self.process = None
        self.start()
        self.ask(f"CREATE USER {ACCOUNT[0]}@localhost IDENTIFIED BY '{ACCOUNT[1]}'; GRANT ALL ON *.*"
                 f" TO {ACCOUNT[0]}@localhost; CREATE DATABASE ybb CHARACTER SET utf8mb4")
        self.dsn = (f"mysql://{ACCOUNT[0]}:{ACCOUNT[1]}@localhost/ybb?socket="
                    + urllib.parse.quote(f"{self.folder.name}/socket"))

    def start(self):
        self.process = subprocess.Popen(
            [program("mariadbd", "mysqld"), "--no-defaults", f"--datadir={self.folder.name}/data",
             f"--socket={self.folder.name}/socket", f"--pid-file={self.folder.name}/pid",
             f"--tmpdir={self.folder.name}", f"--user={self.user}", "--skip-networking",
             "--innodb-flush-log-at-trx-commit=2", "--innodb-flush-method=nosync",
             "--innodb-buffer-pool-size=64M", "--max-connections=200",
             "--character-set-server=utf8mb4"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, **self.env}, preexec_fn=bed.die_with_parent)
        wait_until(lambda: self.answers() or self.process.poll() is not None, "the server starts",
                   pause=0.05)
        if self.process.poll() is not None:
            raise AssertionError("the server ended")

    def client(self, sql):
        return subprocess.run(
            ["mariadb", "--no-defaults", f"--socket={self.folder.name}/socket", "--user=root", "-e",
             sql], stdin=subprocess.DEVNULL, capture_output=True, timeout=bed.PATIENCE, check=False)

    def answers(self):
        return self.client("SELECT 1").returncode == 0

    def ask(self, sql):
        run = self.client(sql)
        if run.returncode != 0:
            raise AssertionError(run.stderr.decode())

    def stop(self):
        """As an operator does."""
        self.process.terminate()
        self.process.wait(bed.PATIENCE)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(bed.PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.kill()
        self.log.close()
        self.folder.cleanup()

    def __enter__(self):
        """Everything of kind mysql is on this one meanwhile."""
        self.before = bed.harness.MYSQL, Server.parts, Sources.known.pop("mysql", None)
        bed.harness.MYSQL, Server.parts = self.dsn, urllib.parse.urlsplit(self.dsn)
        return self

    def __exit__(self, *_):
        bed.harness.MYSQL, Server.parts, known = self.before
        Sources.known.pop("mysql", None)
        if known:
            Sources.known["mysql"] = known
        self.close()
