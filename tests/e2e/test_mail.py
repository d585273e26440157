"""Mail about exports, sent to a mail server that is none of ours, and what becomes of it when that, or the
process that sends, fails."""
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

import harness
import tap

try:
    import mail_server
except ImportError:
    print("1..0 # SKIP aiosmtpd is missing: on Debian and Ubuntu install python3-aiosmtpd")
    sys.exit(0)

harness.PARTICIPANTS = 300
ADDRESS = "admin@example.com"
LINK_SECRET = "a secret of thirty-two bytes, or more"
BASE = "https://admin.example.org"
PATIENCE = 60
LOOK = 0.05


def mailed(address=ADDRESS, **more):
    return {"export_type": "participants", "program_id": 1, "template": "standard",
            "format": "csv", **more,
            "delivery_options": {"email_notification": True, "email_address": address}}


class Mail(harness.Case):
    stores = {"sqlite": None}
    if harness.MYSQL:
        stores["mysql"] = harness.MYSQL

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.certificates = tempfile.TemporaryDirectory(prefix="ybb-mail-")
        cls.addClassCleanup(cls.certificates.cleanup)
        cls.right = mail_server.Certificate(cls.certificates.name)
        cls.stranger = mail_server.Certificate(cls.certificates.name, label="stranger")
        cls.misnamed = mail_server.Certificate(cls.certificates.name, "DNS:other.example.org",
                                               "misnamed")

    def setUp(self):
        super().setUp()
        self.store = None
        self.mail = {"from": "exports@example.org", "allowed": [ADDRESS],
                     "ca_file": self.right.authority, "timeout_seconds": 20,
                     "retry_pause_seconds": 0, "max_attempts": 4}
        self.config = {"base_url": BASE, "link_secret": LINK_SECRET,
                       "queue_config": {"lease_seconds": 2}}

    def serve(self, *arguments, **how):
        server = mail_server.MailServer(*arguments, **how)
        self.addCleanup(server.stop)
        self.mail["server"] = server.url
        return server

    def arguments(self, verb, *arguments):
        path = os.path.join(self.folder.name, "config.json")
        store = {"store": self.store} if self.store else {}
        with open(path + ".new", "w", encoding="utf-8") as file:
            json.dump({"out": self.out, "source": harness.Case.sources["sqlite"], **store,
                       **self.config, "mail": self.mail}, file)
        os.replace(path + ".new", path)
        return [verb, "--config", path, *arguments]

    def ask(self, verb, *arguments, expect=0, **how):
        run = harness.Run(self.arguments(verb, *arguments), **how)
        self.assertEqual(run.status, expect, run.stderr + run.stdout)
        self.said = run.stderr
        return run.json

    def request(self, verb, request, *arguments, expect=0):
        """What asks for an export; all that is not refused is valid by the schema."""
        if expect == 0:
            harness.Schema.hold("request", request)
        return self.ask(verb, *arguments, "-", stdin=json.dumps(request).encode(), expect=expect)

    def export(self, request=None, *arguments):
        """Exports in one process, and what its status is when that has ended."""
        answer = self.request("export", request or mailed(), *arguments)
        self.assertEqual(answer["status"], "success")
        return self.ask("status", answer["export_id"])

    def until(self, is_true, what):
        end = time.monotonic() + PATIENCE
        while not (value := is_true()):
            self.assertLess(time.monotonic(), end, what)
            time.sleep(LOOK)
        return value

    def notified(self, name, *states):
        """Waits until the mail is in one of the states."""
        last = None

        def look():
            nonlocal last
            last = self.ask("status", name)
            return last if last["notification"]["state"] in states else None

        try:
            return self.until(look, f"the mail does not become {states}")
        except AssertionError:
            print(f"# {last}")
            raise

    @contextlib.contextmanager
    def worker(self):
        log = open(os.path.join(self.folder.name, "worker.log"), "ab")
        process = subprocess.Popen([harness.COMMAND, *self.arguments("worker", "--drain", "5")],
                                   stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            log.close()

    def events(self):
        with open(os.path.join(self.folder.name, "worker.log"), encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.startswith("{")]

    def assertFailed(self, answer, code, attempts, state="failed"):
        """The export is there, its mail is not."""
        self.assertEqual(answer["status"], "success")
        notification = answer["notification"]
        self.assertEqual(notification["state"], state, notification)
        self.assertEqual(notification["last_error"]["error_code"], code, notification)
        self.assertEqual(notification["attempts"], attempts, notification)
        self.assertIsNone(notification["sent_at"])

    def each_store(self):
        for name, dsn in self.stores.items():
            self.store = dsn
            yield name


class Letters(Mail):
    def test_a_finished_export_is_told_of(self):
        server = self.serve(self.right)
        self.mail["from_name"] = "Ekspor Ñandú"
        answer = self.export()
        notification = answer["notification"]
        self.assertEqual((notification["state"], notification["attempts"]), ("sent", 1))
        self.assertIsNone(notification["last_error"])
        self.assertIsNotNone(notification["sent_at"])
        [received] = server.received
        self.assertTrue(received.encrypted)
        self.assertEqual((received.sender, received.recipients), ("exports@example.org", [ADDRESS]))
        message = received.message
        self.assertEqual(message["Subject"],
                         "Your export is ready: participants_export.csv (standard)")
        self.assertEqual(message["To"], ADDRESS)
        self.assertEqual(message["From"].addresses[0].display_name, "Ekspor Ñandú")
        self.assertEqual(message["Auto-Submitted"], "auto-generated")
        self.assertEqual(message["Message-ID"], f"<{answer['export_id']}.1@example.org>")
        self.assertLess(abs(message["Date"].datetime.timestamp() - time.time()), 600)
        self.assertEqual(message.get_content_type(), "multipart/alternative")
        self.assertEqual([part.get_content_type() for part in message.iter_parts()],
                         ["text/plain", "text/html"])
        self.assertEqual([part.get_filename() for part in message.iter_parts()], [None, None])

    def test_the_links_are_signed_and_last_as_long_as_the_file(self):
        server = self.serve(self.right)
        answer = self.export()
        [received] = server.received
        link = f"{BASE}/api/export/{answer['export_id']}/download?signature="
        found = re.findall(r"https://\S+", received.part("text/plain"))
        self.assertEqual(len(found), 1)
        self.assertTrue(found[0].startswith(link), found)
        self.assertIn(f'<a href="{found[0]}">participants_export.csv</a>', received.part("text/html"))
        expiry = int(found[0].removeprefix(link).split(".")[0])
        ends = time.mktime(time.strptime(answer["data"]["expires_at"], "%Y-%m-%dT%H:%M:%SZ"))
        self.assertLess(abs(expiry - (ends - time.timezone)), 5)

    def test_each_batch_has_a_link_where_there_is_no_archive(self):
        server = self.serve(self.right)
        self.config["chunk_configurations"] = {"min_chunk_size": 10}
        request = mailed(large_dataset_options={"strategy": "multi_file", "chunk_size": 100})
        for archive in (True, False):
            request["delivery_options"]["create_zip_archive"] = archive
            answer = self.export(request)
            found = [link.split("?")[0] for link in
                     re.findall(r"https://\S+", server.received[-1].part("text/plain"))]
            base = f"{BASE}/api/export/{answer['export_id']}/download"
            self.assertEqual(found, [base + "/zip"] if archive else
                             [f"{base}/batch/{n}" for n in (1, 2, 3)])

    def test_the_language_is_the_request_s(self):
        server = self.serve(self.right)
        self.export(mailed(options={"language": "id"}))
        [received] = server.received
        self.assertEqual(received.message["Subject"],
                         "Ekspor Anda sudah siap: participants_export.csv (standard)")
        self.assertIn("Ekspor yang Anda minta sudah siap.", received.part("text/plain"))
        self.assertIn('<html lang="id">', received.part("text/html"))

    def test_a_failed_export_is_told_of_by_its_code(self):
        server = self.serve(self.right)
        request = mailed(format="pdf", large_dataset_options={"strategy": "single"})
        self.config["format_limits"] = {"pdf": {"max_pages": 1}}
        answer = self.request("export", request, expect=1)
        status = self.ask("status", answer["export_id"])
        self.assertEqual(status["error_code"], "TOO_LARGE")
        self.assertEqual(status["notification"]["state"], "sent")
        [received] = server.received
        self.assertTrue(received.message["Subject"].startswith("Your export has failed: "))
        self.assertIn("Error code: TOO_LARGE", received.part("text/plain"))
        self.assertNotIn("https://", received.part("text/plain"))

    def test_no_mail_is_sent_unless_it_is_wanted(self):
        server = self.serve(self.right)
        request = mailed()
        request["delivery_options"]["email_notification"] = False
        answer = self.request("export", request)
        self.assertNotIn("notification", answer)
        self.assertEqual(server.received, [])

    def test_a_cancelled_export_is_not_told_of(self):
        server = self.serve(self.right)
        name = self.request("start", mailed())["export_id"]
        self.assertEqual(self.ask("status", name)["notification"]["state"], "waiting")
        self.ask("cancel", name)
        self.assertEqual(self.ask("status", name)["notification"]["state"], "dropped")
        # resumed, another mail waits for its end
        self.assertEqual(self.ask("resume", name)["notification"]["state"], "waiting")
        with self.worker():
            self.notified(name, "sent")
        self.assertEqual([m.message["Message-ID"] for m in server.received],
                         [f"<{name}.2@example.org>"])

    def test_a_stream_has_no_mail(self):
        server = self.serve(self.right)
        answer = self.request("start", mailed(large_dataset_options={"strategy": "streaming"}))
        self.assertIn("NO_EMAIL", [w["code"] for w in answer["metadata"]["warnings"]])
        self.assertNotIn("notification", answer)
        self.assertEqual(server.received, [])


class Addresses(Mail):
    def refused(self, address, *arguments, part="delivery_options"):
        request = mailed(address)
        if part != "delivery_options":
            request[part] = request.pop("delivery_options")
        answer = self.request("export", request, *arguments, expect=2)
        self.assertEqual(answer["error_code"], "INVALID_VALUE", answer["message"])
        self.assertEqual(answer["details"]["field"], f"{part}.email_address")
        return answer

    def test_line_ends_and_other_addresses_are_refused(self):
        server = self.serve(self.right)
        for address in (f"{ADDRESS}\r\nBcc: other@example.com", f"{ADDRESS}\nX: y", f"{ADDRESS}\r",
                        f"{ADDRESS}>\r\nRCPT TO:<other@example.com", "a b@example.com",
                        '"a"@example.com', "a@example.com,b@example.com", "a@b@example.com",
                        "<admin@example.com>", "-f@example.com", "admin@example", "ädmin@example.com"):
            with self.subTest(address=address):
                self.refused(address)
        self.assertEqual(server.received, [])

    def test_mail_goes_to_allowed_addresses_and_domains_alone(self):
        server = self.serve(self.right)
        self.mail["allowed"] = [ADDRESS, "Example.ORG"]
        self.refused("other@example.com")
        self.refused("other@mail.example.org", part="large_dataset_options")
        self.refused("admin@example.com.example.net")
        answer = self.refused("Admin@example.com")
        self.assertIn("mail.allowed", answer["details"]["allowed"])
        for address in (ADDRESS, "admin@EXAMPLE.com", "whoever@example.org"):
            self.export(mailed(address))
        self.assertEqual([m.recipients for m in server.received],
                         [[ADDRESS], ["admin@EXAMPLE.com"], ["whoever@example.org"]])

    def test_mail_may_go_to_who_asks(self):
        server = self.serve(self.right)
        own = "somebody@example.net"
        self.refused(own)
        self.export(mailed(own), "--own-address", own)
        self.refused("other@example.net", "--own-address", own)
        # what the request says of itself is no proof
        self.refused(own, "--own-address", "other@example.net")
        answer = self.request("export", mailed(own, own_address=own), expect=2)
        self.assertEqual(answer["error_code"], "UNKNOWN_KEY")
        self.assertEqual([m.recipients for m in server.received], [[own]])
        self.refused(f"{own}\r\nX: y", "--own-address", f"{own}\r\nX: y")

    def test_who_makes_a_form_is_told_whether_there_is_mail(self):
        self.serve(self.right)
        self.assertIs(self.ask("templates")["email_notification"], True)
        self.mail = {}
        self.assertIs(self.ask("templates")["email_notification"], False)

    def test_an_estimate_does_not_ask_to_whom(self):
        self.serve(self.right)
        answer = self.request("estimate", mailed("somebody@example.net"))
        self.assertEqual(answer["status"], "success")

    def test_a_configuration_must_be_whole(self):
        self.serve(self.right)
        for change, key in (({"from": None}, "mail.from"), ({"user": "u"}, "mail.password"),
                            ({"user": "u", "password": "p", "starttls": False}, "mail.starttls")):
            with self.subTest(key=key):
                before, self.mail = self.mail, {**self.mail, **change}
                answer = self.request("export", mailed(), expect=1)
                self.assertEqual((answer["error_code"], answer["details"]["field"]),
                                 ("INVALID_CONFIG", key))
                self.mail = before
        for key in ("base_url", "link_secret"):
            before, self.config = self.config, {**self.config, key: None}
            answer = self.request("export", mailed(), expect=1)
            self.assertEqual(answer["details"]["field"], key)
            self.config = before


class Security(Mail):
    def test_tls_from_the_first_byte(self):
        server = self.serve(self.right, "tls")
        self.assertEqual(self.export()["notification"]["state"], "sent")
        self.assertEqual(len(server.received), 1)

    def test_a_wrong_certificate_is_refused(self):
        for name, certificate, trusted in (
                ("of an authority that is not trusted", self.stranger, self.right.authority),
                ("of another host", self.misnamed, self.misnamed.authority)):
            for security in ("starttls", "tls"):
                with self.subTest(certificate=name, security=security):
                    server = self.serve(certificate, security, login=security == "starttls")
                    self.mail.update(ca_file=trusted, max_attempts=1, user=mail_server.USER,
                                     password=mail_server.PASSWORD)
                    self.assertFailed(self.export(), "MAIL_INSECURE", 1)
                    self.assertEqual((server.received, server.counts), ([], {}))

    def test_starttls_that_is_stripped_sends_nothing(self):
        server = self.serve(None, "none", login=True)
        self.mail.update(max_attempts=2, user=mail_server.USER, password=mail_server.PASSWORD)
        self.assertFailed(self.export(), "MAIL_INSECURE", 2)
        self.assertEqual((server.received, server.counts), ([], {}))

    def test_plain_text_where_it_is_wanted(self):
        server = self.serve(None, "none")
        self.mail["starttls"] = False
        self.assertEqual(self.export()["notification"]["state"], "sent")
        self.assertFalse(server.received[0].encrypted)

    def test_a_login(self):
        server = self.serve(self.right, login=True)
        self.mail.update(user=mail_server.USER, password=mail_server.PASSWORD)
        self.assertEqual(self.export()["notification"]["state"], "sent")
        self.assertEqual(server.received[0].login, mail_server.USER)

    def test_a_wrong_password_is_not_tried_again_and_shown_nowhere(self):
        wrong = "wr0ng-pass%word"
        server = self.serve(self.right, login=True)
        self.mail.update(user=mail_server.USER, password=wrong)
        name = self.request("start", mailed())["export_id"]
        with self.worker() as worker:
            answer = self.notified(name, "failed")
            with open(f"/proc/{worker.pid}/cmdline", "rb") as file:
                shown = file.read()
        self.assertFailed(answer, "MAIL_REFUSED", 1)
        self.assertIn("535", answer["notification"]["last_error"]["message"])
        self.assertEqual(server.received, [])
        for name in ("worker.log",):
            with open(os.path.join(self.folder.name, name), "rb") as file:
                shown += file.read()
        for name in os.listdir(self.out):
            if name.startswith(harness.STORE) and os.path.isfile(os.path.join(self.out, name)):
                with open(os.path.join(self.out, name), "rb") as file:
                    shown += file.read()
        shown += json.dumps(answer).encode()
        for secret in (wrong, mail_server.USER, LINK_SECRET):
            self.assertNotIn(secret.encode(), shown)
        [failed] = [e for e in self.events() if e["event"] == "mail_failed"]
        self.assertEqual(failed["error_code"], "MAIL_REFUSED")
        self.assertNotIn(ADDRESS.encode(), json.dumps(self.events()).encode())


class Failures(Mail):
    def test_a_refusal_is_not_tried_again(self):
        server = self.serve(self.right, answers={"RCPT": ["550 5.1.1 no such <user>\t here"]})
        answer = self.export()
        self.assertFailed(answer, "MAIL_REFUSED", 1)
        self.assertEqual(answer["notification"]["last_error"]["message"],
                         "the mail server refuses the e-mail (550 5.1.1)")
        self.assertIsNone(answer["notification"]["next_attempt_at"])
        self.assertEqual(server.counts["RCPT"], 1)
        with self.worker():
            time.sleep(1)
        self.assertEqual(server.counts["RCPT"], 1)

    def test_a_refusal_of_the_content_is_not_tried_again(self):
        self.serve(self.right, answers={"DATA": ["554 5.7.1 not this"]})
        self.assertFailed(self.export(), "MAIL_REFUSED", 1)

    def test_greylisting_is_waited_for(self):
        server = self.serve(self.right, answers={"RCPT": ["451 4.7.1 later"],
                                                 "DATA": ["452 4.3.1 full"]})
        self.mail["retry_pause_seconds"] = 1
        name = self.request("start", mailed())["export_id"]
        with self.worker():
            answer = self.notified(name, "sent")
        self.assertEqual(answer["notification"]["attempts"], 3)
        self.assertEqual(server.counts["RCPT"], 3)
        ids = {mail.message["Message-ID"] for mail in server.received}
        self.assertEqual(ids, {f"<{name}.1@example.org>"})
        retried = [e for e in self.events() if e["event"] == "mail_retried"]
        self.assertEqual([(e["attempt"], e["error_code"], e["pause_seconds"]) for e in retried],
                         [(1, "MAIL_DEFERRED", 1), (2, "MAIL_DEFERRED", 2)])

    def test_attempts_end(self):
        server = self.serve(self.right, answers={"RCPT": ["451 4.7.1 later"] * 9})
        name = self.request("start", mailed())["export_id"]
        with self.worker():
            self.assertFailed(self.notified(name, "failed"), "MAIL_DEFERRED", 4)
        self.assertEqual(server.counts["RCPT"], 4)

    def test_a_process_that_ends_leaves_the_next_attempt_to_others(self):
        server = self.serve(self.right, answers={"RCPT": ["451 4.7.1 later"]})
        self.mail["retry_pause_seconds"] = 2
        answer = self.export()
        self.assertFailed(answer, "MAIL_DEFERRED", 1, state="queued")
        self.assertIsNotNone(answer["notification"]["next_attempt_at"])
        self.assertEqual(server.received, [])
        with self.worker():
            self.notified(answer["export_id"], "sent")

    def test_a_server_that_never_answers(self):
        silent = mail_server.Silent()
        self.addCleanup(silent.stop)
        self.mail.update(server=silent.url, timeout_seconds=1, max_attempts=2)
        answer = self.export()
        self.assertFailed(answer, "MAIL_UNAVAILABLE", 2)
        self.assertIn("in time", answer["notification"]["last_error"]["message"])

    def test_a_server_that_does_not_let_go(self):
        """It has the mail; that it does not answer to the leaving is no failure."""
        server = self.serve(self.right)
        server.may_leave.clear()
        self.mail["timeout_seconds"] = 2
        self.assertEqual(self.export()["notification"]["state"], "sent")
        self.assertEqual(len(server.received), 1)

    def test_a_server_that_is_not_there(self):
        self.mail.update(server=f"smtp://localhost:{mail_server.free_port()}", max_attempts=2)
        self.assertFailed(self.export(), "MAIL_UNAVAILABLE", 2)
        self.mail.update(server="smtp://nowhere.invalid", max_attempts=1)
        self.assertFailed(self.export(), "MAIL_UNAVAILABLE", 1)

    def test_exports_do_not_wait_for_the_mail_server(self):
        server = self.serve(self.right)
        server.may_answer.clear()
        self.config["queue_config"] = {"concurrent_processing": {"immediate": 1}}
        names = [self.request("start", mailed(filters={"limit": limit}))["export_id"]
                 for limit in (3, 4, 5)]
        with self.worker() as worker:
            for name in names:
                self.until(lambda name=name: self.ask("status", name)["status"] == "success",
                           "the export does not end")
            self.notified(names[0], "sending")
            self.assertEqual([self.ask("status", name)["notification"]["state"] for name in names[1:]],
                             ["queued"] * 2)
            self.assertEqual(self.ask("queue")["data"]["queue"]["running"], 0)
            # a worker that is to stop does not wait for it for ever either
            began = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            self.assertEqual(worker.wait(timeout=PATIENCE), 0)
            self.assertGreater(time.monotonic() - began, 4)
        answer = self.ask("status", names[0])
        self.assertEqual((answer["notification"]["state"], answer["notification"]["attempts"]),
                         ("queued", 0))

    def test_deleting_takes_the_mail_along(self):
        server = self.serve(self.right)
        server.may_answer.clear()
        name = self.request("start", mailed())["export_id"]
        with self.worker():
            self.notified(name, "sending")
            self.ask("delete", name)
            server.may_answer.set()
            time.sleep(0.5)
            other = self.request("start", mailed(filters={"limit": 3}))["export_id"]
            self.notified(other, "sent")
        with contextlib.closing(sqlite3.connect(os.path.join(self.out, "ybbexport.db"))) as store:
            self.assertEqual(store.execute("SELECT COUNT(*) FROM ybbexport_mails").fetchone(), (1,))


class Deaths(Mail):
    def test_a_process_that_is_killed_while_it_sends(self):
        for store in self.each_store():
            with self.subTest(store=store):
                server = self.serve(self.right)
                server.may_answer.clear()
                name = self.request("start", mailed())["export_id"]
                with self.worker() as first:
                    answer = self.notified(name, "sending")
                    self.assertEqual(answer["status"], "success")
                    self.until(lambda: server.received, "the mail is not there")
                    first.send_signal(signal.SIGKILL)
                    first.wait()
                server.may_answer.set()
                with self.worker():
                    answer = self.notified(name, "sent")
                self.assertEqual(answer["notification"]["attempts"], 2)
                # at least once, and whoever gets it twice can tell
                self.assertEqual({mail.message["Message-ID"] for mail in server.received},
                                 {f"<{name}.1@example.org>"})
                self.assertEqual(len(server.received), 2)

    def test_a_process_that_is_killed_between_two_attempts(self):
        for store in self.each_store():
            with self.subTest(store=store):
                server = self.serve(self.right, answers={"RCPT": ["451 4.7.1 later"]})
                self.mail["retry_pause_seconds"] = 2
                name = self.request("start", mailed())["export_id"]
                with self.worker() as first:
                    self.until(lambda: self.ask("status", name)["notification"]["attempts"] == 1,
                               "no attempt")
                    self.notified(name, "queued")
                    first.send_signal(signal.SIGKILL)
                    first.wait()
                with self.worker():
                    answer = self.notified(name, "sent")
                self.assertEqual(answer["notification"]["attempts"], 2)
                self.assertEqual(len(server.received), 1)

    def test_a_process_that_is_killed_before_it_sends(self):
        """One that has no mail settings ends the export; the mail is due, and nobody has it."""
        for store in self.each_store():
            with self.subTest(store=store):
                server = self.serve(self.right)
                name = self.request("start", mailed())["export_id"]
                settings, self.mail = self.mail, {}
                with self.worker() as first:
                    self.until(lambda: self.ask("status", name)["status"] == "success",
                               "the export does not end")
                    first.send_signal(signal.SIGKILL)
                    first.wait()
                self.mail = settings
                answer = self.ask("status", name)
                self.assertEqual((answer["notification"]["state"],
                                  answer["notification"]["attempts"]), ("queued", 0))
                with self.worker():
                    self.notified(name, "sent")
                self.assertEqual(len(server.received), 1)

    def test_senders_that_die_over_a_mail_again_and_again(self):
        server = self.serve(self.right)
        server.may_answer.clear()
        self.mail["max_attempts"] = 2
        name = self.request("start", mailed())["export_id"]
        for attempt in (1, 2):
            with self.worker():
                self.until(lambda: len(server.received) == attempt, "the mail is not there")
        with self.worker():
            answer = self.notified(name, "failed")
        self.assertFailed(answer, "OWNER_DIED", 2)


if __name__ == "__main__":
    tap.main()
