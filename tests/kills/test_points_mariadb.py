"""Processes are killed at every named point, with MariaDB as source and store."""
import bed
import point_tests
from bed import harness


@harness.unittest.skipUnless("mysql" in bed.KINDS, "no MariaDB")
class OnMariadb(point_tests.Points, harness.unittest.TestCase):
    kind = "mysql"


if __name__ == "__main__":
    harness.tap.main()
