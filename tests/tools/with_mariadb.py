"""with_mariadb.py [--limit SECONDS] COMMAND [ARGUMENT ...]: runs a command beside a private MariaDB.

The server has its data and its socket in a temporary folder and no network. The command finds it by
YBB_TEST_MYSQL (a DSN of an account that may do anything) and YBB_TEST_SOCKET. The server goes with
the command, with whoever started this program, and after the limit at the latest.
"""
import argparse
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_PDEATHSIG = 1
START_SECONDS = 120
STOP_SECONDS = 30
# it holds characters that a DSN has to encode
PASSWORD, ENCODED = "t@st/p:w", "t%40st%2Fp%3Aw"


def die_with_parent(number):
    """Has the kernel send a signal when the parent dies; nothing else sees its kill -9."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def program(*names):
    path = os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin:/sbin:/bin"
    for name in names:
        for folder in path.split(":"):
            found = os.path.join(folder, name)
            if os.access(found, os.X_OK):
                return found
    sys.exit(f"with_mariadb.py: there is no {names[0]}: "
             "on Debian and Ubuntu install mariadb-server-core and mariadb-client-core")


def install(folder, log):
    """Makes the system tables. Servers that start remove each other's temporary tables where they share a folder
    for them."""
    subprocess.run(
        [program("mariadb-install-db", "mysql_install_db"), "--no-defaults",
         f"--datadir={folder}/data", "--auth-root-authentication-method=normal", "--skip-test-db",
         "--force",  # where the host's own name cannot be looked up
         f"--user={pwd.getpwuid(os.getuid()).pw_name}"],
        env={**os.environ, "TMPDIR": folder}, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        timeout=START_SECONDS, check=True)


def start(folder, log):
    # what a crash would lose does not matter here, so nothing is synced
    return subprocess.Popen(
        [program("mariadbd", "mysqld"), "--no-defaults", f"--datadir={folder}/data",
         f"--socket={folder}/socket", f"--pid-file={folder}/pid", f"--tmpdir={folder}",
         f"--user={pwd.getpwuid(os.getuid()).pw_name}", "--skip-networking",
         "--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync",
         "--innodb-buffer-pool-size=256M", "--max-connections=200", "--max-allowed-packet=128M",
         "--character-set-server=utf8mb4"],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        preexec_fn=lambda: die_with_parent(signal.SIGKILL))


def client(folder, sql):
    return subprocess.run(
        [program("mariadb", "mysql"), "--no-defaults", f"--socket={folder}/socket", "--user=root",
         "-e", sql], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        timeout=START_SECONDS, check=False).returncode == 0


def wait_for(server, folder):
    """Until it answers, and has the account."""
    account = (f"CREATE USER ybb@localhost IDENTIFIED BY '{PASSWORD}';"
               "GRANT ALL ON *.* TO ybb@localhost; CREATE DATABASE ybb CHARACTER SET utf8mb4")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        if os.path.exists(f"{folder}/socket") and client(folder, account):
            return True
        time.sleep(0.1)
    return False


def stop(process):
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(command, folder, limit):
    environment = {**os.environ, "YBB_TEST_SOCKET": f"{folder}/socket",
                   "YBB_TEST_MYSQL": f"mysql://ybb:{ENCODED}@localhost/ybb?socket={folder}/socket"}
    child = subprocess.Popen(command, env=environment,
                             preexec_fn=lambda: die_with_parent(signal.SIGTERM))
    try:
        return child.wait(limit)
    except subprocess.TimeoutExpired:
        print(f"with_mariadb.py: {command[0]} took longer than {limit} seconds", file=sys.stderr)
        return 124
    finally:
        stop(child)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--limit", type=int, default=3600)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    if not arguments.command:
        parser.error("there is no command")
    die_with_parent(signal.SIGTERM)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, frame: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="ybb-mariadb-", ignore_cleanup_errors=True) as folder:
        with open(f"{folder}/log", "w", encoding="utf-8", errors="replace") as log:
            try:
                install(folder, log)
                server = start(folder, log)
            except (OSError, subprocess.SubprocessError) as error:
                print_log(folder)
                sys.exit(f"with_mariadb.py: {error}")
            try:
                if not wait_for(server, folder):
                    print_log(folder)
                    sys.exit("with_mariadb.py: MariaDB does not start")
                sys.exit(run(arguments.command, folder, arguments.limit))
            finally:
                stop(server)


def print_log(folder):
    with open(f"{folder}/log", encoding="utf-8", errors="replace") as log:
        lines = log.readlines()
    # its installer ends with much advice, and the cause stands before
    told = [line for line in lines[:-30] if "ERROR" in line or "rror:" in line]
    print("".join(told + lines[-30:]), file=sys.stderr)


if __name__ == "__main__":
    main()
