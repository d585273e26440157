#!/usr/bin/python3
"""docs/php.md as its reader uses it: the page's files are written and its commands run, in their order.

php_page.py [--root FOLDER]: does so in a system of its own: this one with all changes left in memory, or the one in
FOLDER (debootstrap makes one), which is changed and has the network. Needs root. Prints what the commands print.
"""
import argparse
import ctypes
import fcntl
import os
import pathlib
import re
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile

import php_bed

PAGE = php_bed.SOURCES / "docs/php.md"
PATIENCE = 600
RESULTS = ("/tmp/first/participants_export.xlsx", "/tmp/by-nginx.xlsx")
BLOCK = re.compile(r"^(?:[^\n]*`([^`\n]+)`:\n\n)?```(\w+)\n(.*?)^```$", re.M | re.S)


class Block:
    """A piece of the page: the file that it is, or None; its language; its text."""

    def __init__(self, found):
        named, self.language, self.text = found.groups()
        self.file = None if self.language in ("sh", "sql") else named


def blocks():
    return [Block(found) for found in BLOCK.finditer(PAGE.read_text("utf-8"))]


def files():
    """The files of the page by their names."""
    return {b.file: b.text for b in blocks() if b.file}


def steps():
    """The commands, and the files that are written on the way, in their order."""
    return [b for b in blocks() if b.language == "sh" or (b.file and b.file.startswith("/"))]


def can():
    """Why no system of its own can be had, or None."""
    if os.getuid() != 0:
        return "only root can have a system of its own"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--net", "--fork", "sh", "-c",
                            f"mount -t tmpfs none {tempfile.gettempdir()}"], check=False, capture_output=True)
    return None if tried.returncode == 0 else "namespaces are not to be had here"


def run(*command):
    subprocess.run(command, check=True)


def overlay(folder):
    """This system, with a layer in memory over it."""
    run("mount", "-t", "tmpfs", "none", folder)
    for name in ("upper", "work", "root"):
        os.mkdir(f"{folder}/{name}")
    run("mount", "-t", "overlay", "none", "-o", f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work",
        f"{folder}/root")
    # without a network nothing can be brought up to date
    pathlib.Path(f"{folder}/root/etc/apt/apt.conf.d/99no-upgrade").write_text('APT::Get::Upgrade "false";\n', "ascii")
    return f"{folder}/root"


def raise_loopback():
    """What "ip link set lo up" does (netdevice(7))."""
    up, set_flags = 1, 0x8914
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, set_flags, struct.pack("16sh14x", b"lo", up))


def furnish(root):
    run("mount", "-t", "proc", "none", f"{root}/proc")
    run("mount", "-t", "tmpfs", "none", f"{root}/dev")
    for name in ("full", "null", "random", "urandom", "zero"):
        number = os.stat(f"/dev/{name}").st_rdev
        os.mknod(f"{root}/dev/{name}", stat.S_IFCHR, number)
        os.chmod(f"{root}/dev/{name}", 0o666)
    os.symlink("/proc/self/fd", f"{root}/dev/fd")


def carry_out(root):
    """Every step, like lines that are typed into a shell; ends at the first that fails."""
    environment = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                   "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    for step in steps():
        if step.file:
            path = pathlib.Path(root + step.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
            continue
        print(step.text, flush=True)
        run("env", "-i", *(f"{name}={value}" for name, value in environment.items()), "chroot", root, "sh", "-e", "-c",
            f"cd {php_bed.SOURCES}\n{step.text}")


def copy_results(root, folder):
    """What the reader has in the end."""
    for name in RESULTS:
        run("cp", root + name, folder)


def inside(wanted):
    """In namespaces of its own; whatever was started and mounted ends with this process, the first one of them."""
    run("mount", "--make-rprivate", "/")
    root = wanted.root
    if root is None:
        raise_loopback()
        root = overlay(wanted.inside)
    furnish(root)
    carry_out(root)
    if wanted.results:
        copy_results(root, wanted.results)


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root")
    parser.add_argument("--results", help="a folder for the files that were downloaded")
    parser.add_argument("--inside", metavar="FOLDER", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.inside:
        inside(wanted)
        return 0
    network = [] if wanted.root else ["--net"]
    folder = tempfile.mkdtemp(prefix="ybb-page-")
    try:
        return subprocess.run(["unshare", "--mount", "--pid", *network, "--fork", "--kill-child", sys.executable,
                               __file__, "--inside", folder, *sys.argv[1:]], check=False, stdin=subprocess.DEVNULL,
                              preexec_fn=die_with_parent, timeout=None if wanted.root else PATIENCE).returncode
    finally:
        os.rmdir(folder)  # what was mounted there is gone; nothing below it may ever be removed by its name


if __name__ == "__main__":
    sys.exit(main())
