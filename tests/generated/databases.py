"""Puts a world's rows into SQLite and MariaDB, and asks them for the order of texts: that is their
own by the contract."""
import os
import sqlite3
import subprocess
import urllib.parse
from decimal import Decimal

import tables


def sort_sql(table, column):
    return f"SELECT id, DENSE_RANK() OVER (ORDER BY {column}) FROM {table}"


class Sqlite:
    """A database file."""

    name = "sqlite"

    def __init__(self, folder):
        self.path = os.path.join(folder, "world.db")
        self.source = "sqlite://" + self.path
        self.connection = None

    def load(self, world):
        self.close()
        for end in ("", "-wal", "-shm", "-journal"):
            if os.path.exists(self.path + end):
                os.remove(self.path + end)
        self.connection = sqlite3.connect(self.path)
        self.connection.execute("PRAGMA synchronous = OFF")
        for statement in tables.declarations(world, mysql=False):
            self.connection.execute(statement)
        for table, rows in world.rows.items():
            # a text of bytes that are none comes as bytes
            places = ", ".join("CAST(? AS TEXT)" if tables.is_text(kind) else "?"
                               for _, kind in tables.TABLES[table])
            self.connection.executemany(f"INSERT INTO {table} VALUES ({places})",
                                        [[bound(v) for v in row.values()] for row in rows])
        self.connection.commit()

    def ranks(self, table, column):
        """Ids with the places of their texts in the database's order; equal ones share a place."""
        return dict(self.connection.execute(sort_sql(table, column)))

    def close(self):
        if self.connection is not None:
            self.connection.close()


def stored_bytes(text):
    """Of a text whose broken bytes are kept as Python keeps those of file names."""
    return text.encode("utf-8", "surrogateescape")


def bound(value):
    """For SQLite."""
    if isinstance(value, str) and not value.isascii():
        return stored_bytes(value)
    return str(value) if isinstance(value, Decimal) else value


class Mariadb:
    """A database of a server, through one run of the server's own client."""

    name = "mariadb"
    MARK = "--- that was all"

    def __init__(self, dsn):
        self.source = dsn
        parts = urllib.parse.urlsplit(dsn)
        options = urllib.parse.parse_qs(parts.query)
        arguments = ["mariadb", "--no-defaults", "--batch", "--skip-column-names", "--unbuffered",
                     "--default-character-set=utf8mb4", "--database", parts.path[1:],
                     f"--user={urllib.parse.unquote(parts.username)}"]
        if "socket" in options:
            arguments.append("--socket=" + options["socket"][0])
        else:
            arguments += ["--protocol=tcp", f"--host={parts.hostname}",
                          f"--port={parts.port or 3306}"]
        # pylint: disable=consider-using-with
        self.client = subprocess.Popen(
            arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "MYSQL_PWD": urllib.parse.unquote(parts.password or "")})
        self.ask("SET sql_mode = 'STRICT_ALL_TABLES'")

    def ask(self, *statements):
        """The rows of all answers."""
        for statement in statements:
            self.client.stdin.write(statement + ";\n")
        self.client.stdin.write(f"SELECT '{self.MARK}';\n")
        self.client.stdin.flush()
        rows = []
        for line in self.client.stdout:
            if line.rstrip("\n") == self.MARK:
                return rows
            rows.append(line.rstrip("\n").split("\t"))
        raise RuntimeError("the MariaDB client ended; its message stands above")

    def load(self, world):
        self.ask(*(f"DROP TABLE IF EXISTS {table}" for table in tables.TABLES),
                 *tables.declarations(world, mysql=True))
        for table, rows in world.rows.items():
            for begin in range(0, len(rows), 50):
                values = [", ".join(map(literal, row.values())) for row in rows[begin:begin + 50]]
                self.ask(f"INSERT INTO {table} VALUES ({'), ('.join(values)})")

    def ranks(self, table, column):
        return {int(i): int(rank) for i, rank in self.ask(sort_sql(table, column))}

    def close(self):
        self.client.stdin.close()
        self.client.wait()
        self.client.stdout.close()


def literal(value):
    """As SQL; texts by their bytes, so that no sign needs an escape."""
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return f"X'{stored_bytes(value).hex()}'" if value else "''"
    return str(value)
