"""A proxy before a database server's socket, which cuts or holds what the server sends."""
import os
import socket
import tempfile
import threading
import urllib.parse

STEP = 4096


def start(run, *arguments):
    threading.Thread(target=run, args=arguments, daemon=True).start()


class Proxy:
    """Forwards to the server of @dsn what comes to its own dsn. After @limit bytes from the server it
    cuts both ends, or, where it @holds, passes nothing more until release()."""

    def __init__(self, dsn, limit=None, holds=False):
        self.folder = tempfile.TemporaryDirectory(prefix="ybb-proxy-")
        whole = urllib.parse.urlsplit(dsn)
        self.server = urllib.parse.parse_qs(whole.query)["socket"][0]
        path = os.path.join(self.folder.name, "socket")
        self.dsn = whole._replace(query="socket=" + urllib.parse.quote(path)).geturl()
        self.limit, self.holds = limit, holds
        self.accepted = 0  # connections
        self.passed = 0
        self.refused = 0  # connections that came behind the limit
        self.held = threading.Event()  # the limit is reached
        self.released = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        start(self.accept)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.folder.cleanup()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            self.refused += self.limit is not None and self.passed > self.limit
            server = socket.socket(socket.AF_UNIX)
            try:
                server.connect(self.server)
            except OSError:  # it is down for now
                client.close()
                continue
            start(self.copy, client, server, lambda data: True)
            start(self.copy, server, client, self.may_pass)

    def copy(self, source, target, may_pass):
        try:
            while data := source.recv(STEP):
                if not may_pass(data):
                    data = data[:max(0, self.limit - self.passed + len(data))]
                    target.sendall(data)
                    break
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def may_pass(self, data):
        self.passed += len(data)
        if self.limit is None or self.passed <= self.limit:
            return True
        self.held.set()
        if self.holds:
            self.released.wait()
        return self.holds

    def release(self):
        self.released.set()
