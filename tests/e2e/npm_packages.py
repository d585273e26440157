"""Packages that npm brings into the build folder, for tests that skip where it does not reach them."""
import os
import pathlib
import re
import shutil
import subprocess

SOURCES = pathlib.Path(os.environ.get("YBB_SOURCE_DIR", pathlib.Path(__file__).parents[2])).resolve()
BUILD = pathlib.Path(os.environ.get("YBB_BUILD_DIR", SOURCES / "build")).resolve()
UNREACHED = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|E40[34]|network|No matching version", re.I)


def install(name, package, *options):
    """The folder of a package in the build folder; None, and why, where npm does not reach it."""
    folder = BUILD / "npm" / name
    if (folder / "done").exists() and (folder / "done").read_text("ascii") == package:
        return folder / "node_modules", ""
    program = shutil.which("npm")
    if not program:
        return None, "there is no npm: on Debian and Ubuntu install npm"
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([program, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1",
                           *options, f"--prefix={folder}", package], check=False, capture_output=True, text=True,
                          timeout=300)
    if done.returncode == 0:
        (folder / "done").write_text(package, "ascii")
        return folder / "node_modules", ""
    if UNREACHED.search(done.stderr):
        return None, f"npm does not reach {package}"
    raise SystemExit(f"npm fails:\n{done.stdout}{done.stderr}")
