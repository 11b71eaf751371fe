"""The real Open Dental schema (379 tables), where its dump is at hand: backup, restore, drill.

The dump lies beside the project, not in it; without it this test is skipped, and says so.
"""

import os
import subprocess
import unittest

from lib import practice as lib

DUMP = os.path.join(os.environ["ENAMEL_SOURCE"], "..", "shared", "data", "opendental-21.1-unittest.sql.zst")


@unittest.skipUnless(os.path.exists(DUMP), "the real schema's dump is not at hand")
class RealSchema(unittest.TestCase):
    def test_it_survives(self):
        with lib.practice(patients=10, images_mb=1) as practice, lib.temporary_folder() as folder:
            practice.sql("CREATE DATABASE real_schema CHARACTER SET utf8", None)
            text = subprocess.run(["zstd", "-dc", DUMP], check=True, capture_output=True).stdout
            client = ["mariadb", "--no-defaults", "-S", practice.socket, "-uroot", "--init-command=SET SESSION sql_mode=''", "real_schema"]
            subprocess.run(client, input=text, check=True)
            tables = practice.tables("real_schema")
            self.assertGreater(len(tables), 300)
            original = practice.checksums("real_schema")

            repository = lib.new_repository(folder)
            url = practice.url.replace("/opendental?", "/real_schema?")
            summary = lib.backup(repository, "--database", url)
            self.assertTrue(summary["complete"], summary)
            self.assertEqual(summary["tables"], len(tables))
            lib.assert_clean(repository)
            lib.enamel("restore", "-r", repository, "latest", "--database-to", practice.url, "--as", "back_again")
            self.assertEqual(practice.checksums("back_again"), original)
            self.assertEqual(practice.check_tables("back_again"), [])
            lib.enamel("drill", "-r", repository)
            again = lib.backup(repository, "--database", url)
            self.assertLess(again["data_added"], 2_000_000, "an unchanged schema was stored anew")


if __name__ == "__main__":
    unittest.main()
