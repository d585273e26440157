#!/usr/bin/python3
"""The PHP samples of the export specification run as they are written there, over the extension."""
import sys
import tempfile

import php_bed

php_bed.need_extension()
PARTICIPANTS = 26000  # the specification's sample calls more than 25,000 large

with tempfile.TemporaryDirectory(prefix="ybb-samples-") as folder:
    done = php_bed.php(["-d", f"ybb_export.source={php_bed.demo(folder, PARTICIPANTS)}", "-d", f"ybb_export.out={folder}",
                        str(php_bed.SOURCES / "tests/php/spec_samples.php")])
print(done.stdout, end="")
for line in done.stderr.splitlines():
    print("#", line)
sys.exit(done.returncode)
