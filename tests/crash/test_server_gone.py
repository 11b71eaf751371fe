"""The database server dies while it is being backed up."""

import json
import os
import signal
import subprocess
import unittest

from lib import practice as lib


class ServerGone(unittest.TestCase):
    def test_the_backup_says_so_and_leaves_a_clean_repository(self):
        with lib.practice(patients=300, images_mb=1) as practice, lib.temporary_folder() as folder:
            repository = lib.new_repository(folder)
            # --limit-read makes the run long enough to meet it in the middle; the first progress line is the moment.
            process = subprocess.Popen([lib.ENAMEL, "backup", "-r", repository, "--database", practice.url, "--limit-read", "4",
                                        "--json"], env=lib.ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for line in process.stdout:
                if json.loads(line).get("bytes_done", 0) > 0:
                    break
            os.kill(practice.server_pid(), signal.SIGKILL)
            _, errors = process.communicate()
            self.assertEqual(process.returncode, 1, errors)
            self.assertIn("database", errors)
            lib.restic(repository, "check", "--read-data")
            self.assertEqual(json.loads(lib.enamel("snapshots", "-r", repository, "--json").stdout), [])
            practice.start()
            self.assertTrue(lib.backup(repository, "--database", practice.url)["complete"])
            lib.enamel("drill", "-r", repository)


if __name__ == "__main__":
    unittest.main()
