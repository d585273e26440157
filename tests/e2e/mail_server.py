"""A mail server on the loopback, by Debian's python3-aiosmtpd, that can be told how to fail."""
import asyncio
import email
import email.policy
import os
import socket
import ssl
import subprocess
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "exports@example.org", "s3cr3t, pa:ss@word/%41"


class Certificate:
    """An authority of the test's own, and a certificate that it signed for a name."""

    def __init__(self, folder, names="DNS:localhost,IP:127.0.0.1", label="right"):
        self.authority = os.path.join(folder, f"{label}-ca.pem")
        self.chain = os.path.join(folder, f"{label}.pem")
        self.key = os.path.join(folder, f"{label}.key")
        authority_key = os.path.join(folder, f"{label}-ca.key")
        request = os.path.join(folder, f"{label}.csr")
        extensions = os.path.join(folder, f"{label}.ext")
        with open(extensions, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={names}\nbasicConstraints=CA:FALSE\n")
        new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.run("req", "-x509", *new, "-keyout", authority_key, "-out", self.authority,
                 "-days", "2", "-subj", f"/CN={label} authority of a test")
        self.run("req", *new, "-keyout", self.key, "-out", request, "-subj", "/CN=a server")
        self.run("x509", "-req", "-in", request, "-CA", self.authority, "-CAkey", authority_key,
                 "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", self.chain)

    @staticmethod
    def run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


class Handler:
    """Takes mail, or answers as the test wants."""

    def __init__(self, server):
        self.server = server

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.server.count("RCPT")
        answer = self.server.next_answer("RCPT")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        while not self.server.may_leave.is_set():
            await asyncio.sleep(0.02)
        return "221 Bye"

    async def handle_DATA(self, server, session, envelope):
        self.server.take(session, envelope)
        while not self.server.may_answer.is_set():
            await asyncio.sleep(0.02)
        return self.server.next_answer("DATA") or "250 OK"


class Stubborn(SMTP):
    """One that goes on when its client has gone."""

    def connection_lost(self, error):
        try:
            super().connection_lost(error)
        except (AttributeError, RuntimeError):
            pass


class Received:
    """A mail as it came."""

    def __init__(self, session, envelope):
        self.sender, self.recipients = envelope.mail_from, list(envelope.rcpt_tos)
        self.raw = envelope.original_content
        self.message = email.message_from_bytes(self.raw, policy=email.policy.default)
        self.encrypted = session.ssl is not None
        self.login = session.auth_data

    def part(self, kind):
        for part in self.message.walk():
            if part.get_content_type() == kind:
                return part.get_content()
        raise AssertionError(f"no part {kind}:\n{self.raw.decode()}")


class MailServer:
    """security: "starttls", "tls", "none". answers: what a command gets, one after the other."""

    def __init__(self, certificate=None, security="starttls", login=False, answers=None):
        self.lock = threading.Lock()
        self.received, self.answers, self.counts = [], dict(answers or {}), {}
        self.may_answer, self.may_leave = threading.Event(), threading.Event()
        self.may_answer.set()
        self.may_leave.set()
        self.scheme = "smtps" if security == "tls" else "smtp"
        self.port = free_port()
        context = certificate.context() if certificate and security != "none" else None
        options = {"require_starttls": security == "starttls",
                   "tls_context": context if security == "starttls" else None}
        if login:
            options.update(auth_required=True, auth_require_tls=security == "starttls",
                           authenticator=self.authenticate)

        class Control(Controller):
            def factory(self):
                return Stubborn(self.handler, **self.SMTP_kwargs)

        self.controller = Control(Handler(self), hostname="127.0.0.1", port=self.port,
                                  ssl_context=context if security == "tls" else None, **options)
        self.controller.start()

    @property
    def url(self):
        return f"{self.scheme}://localhost:{self.port}"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.count("AUTH")
        right = isinstance(data, LoginPassword) and (
            data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False if not right else True,
                          auth_data=data.login.decode() if right else None)

    def count(self, command):
        with self.lock:
            self.counts[command] = self.counts.get(command, 0) + 1

    def next_answer(self, command):
        with self.lock:
            waiting = self.answers.get(command, [])
            return waiting.pop(0) if waiting else None

    def take(self, session, envelope):
        with self.lock:
            self.received.append(Received(session, envelope))

    def stop(self):
        self.may_answer.set()
        self.may_leave.set()
        self.controller.stop()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Silent:
    """Takes connections and never says a word."""

    def __init__(self):
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(16)
        self.url = f"smtp://localhost:{self.socket.getsockname()[1]}"

    def stop(self):
        self.socket.close()
