"""Processes are killed at every named point, with SQLite as source and store."""
import point_tests
from bed import harness


class OnSqlite(point_tests.Points, harness.unittest.TestCase):
    kind = "sqlite"


if __name__ == "__main__":
    harness.tap.main()
