"""The demo data: as many rows as asked for, the same everywhere, and only in an empty database."""
import hashlib
import os
import signal
import sqlite3
import subprocess
import time
import unittest
import urllib.parse

import harness
import tap

# changes with every word of the demo data; the same for every compiler and machine
DIGEST_OF_100 = "60808b1f0e6a7bfcaf1219185ce561723f34282644fd14dd2574a7350fe9d415"
TABLES = ["ambassadors", "participant_essays", "participant_statuses", "participants",
          "payment_methods", "payments", "program_essays", "program_payments", "programs", "users"]
PATIENCE = 60


class Sqlite:
    """What the tests ask of a database."""

    def __init__(self, path):
        self.path = path
        self.dsn = "sqlite://" + path

    def ask(self, sql):
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def tables(self):
        return sorted(r[0] for r in self.ask("SELECT name FROM sqlite_master WHERE type = 'table'"))

    def columns(self, table):
        return [(r[1], r[2]) for r in self.ask(f"PRAGMA table_info({table})")]

    def cells(self, table):
        """All rows by id, each cell as MariaDB prints it, in hexadecimal digits; NULL is a minus."""
        decimal = [kind.startswith("DECIMAL") for _, kind in self.columns(table)]

        def text(cell, is_decimal):
            if cell is None:
                return "-"
            return (f"{cell:.2f}" if is_decimal else str(cell)).encode().hex().upper()
        return [",".join(map(text, row, decimal))
                for row in self.ask(f"SELECT * FROM {table} ORDER BY id")]


class Mysql:
    def __init__(self, dsn):
        self.dsn = dsn
        parts = urllib.parse.urlsplit(dsn)
        socket = urllib.parse.parse_qs(parts.query)["socket"][0]
        self.client = ["mariadb", "--no-defaults", "--socket=" + socket,
                       "--user=" + urllib.parse.unquote(parts.username),
                       "--default-character-set=utf8mb4", "--batch", "--skip-column-names",
                       parts.path.strip("/")]
        self.environment = {**os.environ, "MYSQL_PWD": urllib.parse.unquote(parts.password)}

    def ask(self, sql):
        done = subprocess.run([*self.client, "-e", sql], env=self.environment, check=True,
                              capture_output=True)
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def tables(self):
        return sorted(r[0] for r in self.ask("SHOW TABLES"))

    def columns(self, table):
        return [(r[0], r[1]) for r in self.ask(f"SHOW COLUMNS FROM {table}")]

    def cells(self, table):
        cells = ", ".join(f"IFNULL(HEX(CONVERT({name} USING utf8mb4)), '-')"
                          for name, _ in self.columns(table))
        return [r[0] for r in self.ask(f"SELECT CONCAT_WS(',', {cells}) FROM {table} ORDER BY id")]

    def empty(self):
        for table in self.tables():
            self.ask(f"DROP TABLE {table}")


class Demo(harness.Case):
    def make(self, participants, name="made.db"):
        made = Sqlite(os.path.join(self.folder.name, name))
        run = harness.Run(["demo-data", made.dsn, "--participants", str(participants)])
        self.assertEqual(run.status, 0, run.stderr)
        return made

    def shared(self):
        return Sqlite(harness.Case.database)

    def test_participants_are_those_an_export_has(self):
        for count in (0, 1, 2, 923, 924, 925, 2000):
            with self.subTest(participants=count):
                made = self.make(count, f"{count}.db")
                self.assertEqual(made.tables(), TABLES)
                live = made.ask("SELECT COUNT(*) FROM participants "
                                "WHERE program_id = 1 AND is_deleted = 0")
                self.assertEqual(live, [(count,)])

    def test_the_same_number_gives_the_same_rows(self):
        one, other = self.make(700, "one.db"), self.make(700, "other.db")
        for table in TABLES:
            self.assertEqual(one.cells(table), other.cells(table), table)

    def test_the_rows_are_the_same_on_every_machine(self):
        made = self.make(100)
        digest = hashlib.sha256()
        for table in TABLES:
            digest.update("\n".join([table, *made.cells(table)]).encode())
        self.assertEqual(digest.hexdigest(), DIGEST_OF_100)

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_both_databases_have_the_same_rows(self):
        mysql, sqlite = Mysql(harness.MYSQL), self.shared()
        self.assertEqual(mysql.tables(), TABLES)
        for table in TABLES:
            with self.subTest(table=table):
                self.assertEqual([c[0] for c in mysql.columns(table)],
                                 [c[0] for c in sqlite.columns(table)])
                ours, theirs = sqlite.cells(table), mysql.cells(table)
                self.assertEqual(len(ours), len(theirs))
                for one, other in zip(ours, theirs):
                    self.assertEqual(one, other)

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_both_databases_have_the_same_keys(self):
        sqlite = {(r[0], r[1]) for table in TABLES for r in self.shared().ask(
            f"SELECT '{table}', name FROM pragma_index_list('{table}')")}
        mysql = {tuple(r) for r in Mysql(harness.MYSQL).ask(
            "SELECT DISTINCT table_name, index_name FROM information_schema.statistics "
            "WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'")}
        self.assertEqual(len(sqlite), 14)
        self.assertEqual(sqlite, mysql)

    def test_a_database_that_is_not_empty_is_refused(self):
        for name, dsn in harness.Case.sources.items():
            with self.subTest(source=name):
                database = self.shared() if name == "sqlite" else Mysql(dsn)
                before = {table: database.cells(table) for table in TABLES}
                run = harness.Run(["demo-data", dsn, "--participants", "5"])
                self.assertEqual(run.status, 1)
                self.assertIn("exist", run.stderr)
                self.assertIn("ambassadors", run.stderr)
                self.assertEqual(before, {table: database.cells(table) for table in TABLES})

    def test_a_table_of_somebody_else_is_left_alone(self):
        path = os.path.join(self.folder.name, "theirs.db")
        connection = sqlite3.connect(path)
        connection.execute("CREATE TABLE theirs (id INTEGER PRIMARY KEY)")
        connection.close()
        run = harness.Run(["demo-data", "sqlite://" + path, "--participants", "5"])
        self.assertEqual(run.status, 1)
        self.assertIn("theirs", run.stderr)
        self.assertEqual(Sqlite(path).tables(), ["theirs"])

    def test_it_has_what_filters_and_sorts_stumble_over(self):
        made = self.shared()
        for sql in ("participants WHERE is_deleted = 1", "participants WHERE program_id = 2",
                    "participants WHERE program_id IS NULL", "participants WHERE user_id IS NULL",
                    "participants WHERE birthdate IS NULL", "participants WHERE birthdate < '1900'",
                    "participants WHERE created_at IS NULL", "participants WHERE full_name IS NULL",
                    "participants WHERE institution = ''", "participants WHERE institution IS NULL",
                    "participants WHERE phone_number LIKE '0%'",
                    "participants WHERE full_name <> '' AND unicode(full_name) > 0x2e7f",
                    "participants p JOIN participants q ON p.created_at = q.created_at "
                    "AND p.id < q.id",
                    "participants WHERE user_id NOT IN (SELECT id FROM users)",
                    "participants WHERE id NOT IN (SELECT participant_id FROM participant_statuses)",
                    "participants WHERE id NOT IN (SELECT participant_id FROM payments)",
                    "ambassadors a JOIN ambassadors b ON lower(a.ref_code) = lower(b.ref_code) "
                    "AND a.ref_code <> b.ref_code",
                    "ambassadors a JOIN ambassadors b ON a.ref_code || ' ' = b.ref_code",
                    "ambassadors a JOIN ambassadors b ON a.ref_code = b.ref_code "
                    "AND a.program_id <> b.program_id",
                    "ambassadors a JOIN participants p ON a.ref_code = p.ref_code_ambassador",
                    "payments WHERE is_deleted = 1", "payments WHERE payment_date IS NULL",
                    "payments WHERE amount IS NULL", "payments WHERE amount = 0",
                    "payments WHERE amount < 0", "payments WHERE usd_amount IS NULL",
                    "payments WHERE program_payment_id IS NULL",
                    "payments p JOIN payments q ON p.participant_id = q.participant_id "
                    "AND p.id < q.id AND p.payment_date > q.payment_date",
                    "payments p JOIN payments q ON p.participant_id = q.participant_id "
                    "AND p.id < q.id AND p.payment_date = q.payment_date",
                    "participant_essays WHERE answer IS NULL", "participant_essays WHERE answer = ''",
                    "participant_essays WHERE is_deleted = 1",
                    "participant_essays WHERE answer LIKE '%' || char(10) || '%'"):
            with self.subTest(rows=sql):
                self.assertGreater(made.ask("SELECT COUNT(*) FROM " + sql)[0][0], 0)
        statuses = made.ask("SELECT DISTINCT status FROM payments ORDER BY 1")
        self.assertEqual(statuses, [(0,), (1,), (2,), (3,), (4,)])
        currencies = made.ask("SELECT DISTINCT currency FROM payments WHERE currency IS NOT NULL")
        self.assertEqual(sorted(currencies), [("IDR",), ("MYR",), ("USD",)])

    def test_mail_goes_to_domains_of_nobody(self):
        mails = self.shared().ask("SELECT email FROM users WHERE email <> '' "
                                  "UNION SELECT email FROM ambassadors")
        self.assertGreater(len(mails), harness.PARTICIPANTS)
        for (mail,) in mails:
            self.assertRegex(mail, r"^[a-z0-9.]+@(example\.(org|com|net)|[a-z]+\.example)$")

    def test_wrong_command_lines(self):
        path = os.path.join(self.folder.name, "none.db")
        dsn = "sqlite://" + path
        for arguments in ([dsn], [dsn, "--participants", "x"], [dsn, "--participants", "-1"],
                          [dsn, "--participants", ""], [dsn, "--participants", "12x"],
                          [dsn, "--participants", "99999999999"], [dsn, dsn, "--participants", "1"],
                          ["--participants", "1"], [dsn, "--unknown", "--participants", "1"]):
            with self.subTest(arguments=arguments):
                run = harness.Run(["demo-data", *arguments], env={"YBBEXPORT_SOURCE": ""})
                self.assertEqual(run.status, 2, run.stderr)
                self.assertNotEqual(run.stderr, "")
                self.assertFalse(os.path.exists(path))

    def stop_in_the_middle(self, dsn, begun):
        with subprocess.Popen([harness.COMMAND, "demo-data", dsn, "--participants", "5000000"],
                              stderr=subprocess.PIPE) as child:
            until = time.monotonic() + PATIENCE
            while not begun() and child.poll() is None and time.monotonic() < until:
                time.sleep(0.02)
            child.send_signal(signal.SIGINT)
            _, said = child.communicate(timeout=PATIENCE)
            self.assertEqual(child.returncode, 1, said)

    def test_nothing_is_left_when_it_is_stopped(self):
        path = os.path.join(self.folder.name, "stopped.db")
        self.stop_in_the_middle("sqlite://" + path, lambda: os.path.exists(path)
                                and os.path.getsize(path) > 1000000)
        self.assertEqual(Sqlite(path).tables(), [])

    @unittest.skipUnless(harness.MYSQL, "no MariaDB")
    def test_nothing_is_left_in_mariadb_when_it_is_stopped(self):
        mysql = Mysql(harness.MYSQL)
        mysql.empty()
        try:
            self.stop_in_the_middle(harness.MYSQL, lambda: "users" in mysql.tables())
            self.assertEqual(mysql.tables(), [])
        finally:
            harness.Run(["demo-data", harness.MYSQL, "--participants", str(harness.PARTICIPANTS)])


if __name__ == "__main__":
    tap.main()
