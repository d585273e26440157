"""Composer's packages for the package in php/, in the build folder; nothing is written into the source folder."""
import fcntl
import hashlib
import json
import os
import re
import subprocess

import php_bed

PACKAGE = php_bed.SOURCES / "php"
FOLDER = php_bed.BUILD / "web"
AUTOLOAD = FOLDER / "vendor/autoload.php"
UNREACHED = re.compile(r"could not be (?:fully loaded|downloaded)|could not resolve host|curl error|failed to open stream"
                       r"|connection (?:refused|timed out)|no longer available|could not be found in any version", re.I)


def run(*command, folder=FOLDER, **environment):
    done = subprocess.run([str(part) for part in command], cwd=folder, check=False, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          env={**os.environ, "COMPOSER_ALLOW_SUPERUSER": "1", **environment})
    return done.returncode, done.stdout


def composer_json():
    """The package's own, over the classes where they are."""
    package = json.loads((PACKAGE / "composer.json").read_text("utf-8"))
    for part in ("autoload", "autoload-dev"):
        package[part]["psr-4"] = {name: f"{PACKAGE}/{path}" for name, path in package[part]["psr-4"].items()}
    return json.dumps(package, indent=4)


def update(wanted):
    composer = php_bed.program("composer")
    if not composer:
        php_bed.skip_all("there is no composer: on Debian and Ubuntu install composer")
    (FOLDER / "composer.json").write_text(wanted, "utf-8")
    status, output = run(composer, "update", "--no-interaction", "--no-progress", "--optimize-autoloader",
                         "--ignore-platform-req=ext-ybb_export")
    if status == 0:
        (FOLDER / "installed").write_text(hashlib.sha256(wanted.encode()).hexdigest(), "ascii")
        return ""
    reached = UNREACHED.search(output)
    if reached:
        php_bed.skip_all(f"Composer cannot reach its packages: {reached.group(0)}")
    return output


def install():
    """Nothing when the packages are there, else what Composer says. Tests that run side by side do it once."""
    FOLDER.mkdir(exist_ok=True)
    wanted, done = composer_json(), FOLDER / "installed"
    with open(FOLDER / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists() and done.read_text("ascii") == hashlib.sha256(wanted.encode()).hexdigest():
            return ""
        return update(wanted)
