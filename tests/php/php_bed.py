"""What the tests of the PHP extension stand on: where it is, a demo database, and PHP by command."""
import os
import pathlib
import shutil
import subprocess
import sys

SOURCES = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", pathlib.Path(__file__).parents[2])).resolve()
BUILD = pathlib.Path(os.environ.get("YBB_BUILD_DIR", SOURCES / "build")).resolve()
COMMAND = os.environ.get("YBBEXPORT", str(BUILD / "ybbexport"))
EXTENSION = pathlib.Path(os.environ.get("YBB_PHP_EXTENSION", BUILD / "ybb_export.so"))

sys.path.insert(0, str(SOURCES / "tests/e2e"))


def skip_all(reason):
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)


def program(*names):
    """The first that is there."""
    path = os.environ.get("PATH", "") + ":/usr/bin:/usr/sbin:/bin:/sbin"
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return found
    return None


def need_extension():
    if not EXTENSION.exists():
        skip_all("build/ybb_export.so is missing: ./run php builds it")
    if not program("php"):
        skip_all("there is no php: on Debian and Ubuntu install php-cli")


def zend_extension(name):
    """Whether PHP can load it."""
    done = subprocess.run([program("php"), "-n", "-d", f"zend_extension={name}", "-v"], check=False, capture_output=True,
                          text=True)
    return "Failed loading" not in done.stdout + done.stderr


def demo(folder, participants):
    """A demo database in a folder: its DSN."""
    dsn = f"sqlite://{folder}/demo.db"
    subprocess.run([COMMAND, "demo-data", dsn, "--participants", str(participants)], check=True,
                   capture_output=True)
    return dsn


def php(arguments, **options):
    """Runs PHP with the extension and without any php.ini."""
    return subprocess.run([program("php"), "-n", "-d", f"extension={EXTENSION}", *arguments],
                          check=False, capture_output=True, text=True, **options)
