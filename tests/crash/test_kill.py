"""kill -9 of a backup at many moments, again and again on one repository.

Goal: after every kill stock restic finds the repository clean, earlier snapshots stay whole, no lock bars the way, and in
the end a backup completes. The loop proves that it killed: runs that ended by themselves do not count.
"""

import os
import random
import signal
import subprocess
import unittest

from lib import practice as lib


class Kill(unittest.TestCase):
    KILLS = 12

    def test_a_killed_backup_leaves_a_clean_repository(self):
        with lib.practice(patients=200, images_mb=24) as practice, lib.temporary_folder() as folder:
            repository = lib.new_repository(folder)
            arguments = [lib.ENAMEL, "backup", "-r", repository, "--database", practice.url, "--images", practice.images, "--json"]
            pick = random.Random(int(os.environ.get("ENAMEL_TEST_SEED", "1")))
            # How long an undisturbed run takes here is found out, not assumed; kills are spread over that time.
            lib.new_repository(folder, "timing")
            started = os.times().elapsed
            lib.run([*arguments[:3], os.path.join(folder, "timing"), *arguments[4:]])
            whole_run = os.times().elapsed - started

            killed, with_locks = 0, 0
            for attempt in range(10 * self.KILLS):
                if killed == self.KILLS:
                    break
                process = subprocess.Popen(arguments, env=lib.ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                try:
                    process.wait(timeout=pick.uniform(0, whole_run))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    killed += 1
                    with_locks += bool(os.listdir(os.path.join(repository, "locks")))
                    # restic's check wants the repository for itself; `unlock` removes only what it finds to be stale.
                    lib.restic(repository, "unlock")
                    lib.restic(repository, "check", "--read-data")
                else:
                    # Done before the kill: make the next one work again.
                    repository = lib.new_repository(folder, f"repository-{attempt}")
                    arguments[3] = repository
            self.assertEqual(killed, self.KILLS, "the runs were too short to be killed")
            self.assertGreater(with_locks, 0, "no kill fell into the time in which the repository is locked")

            summary = lib.backup(repository, *arguments[4:-1])
            self.assertTrue(summary["complete"], summary)
            lib.assert_clean(repository)
            self.assertEqual(os.listdir(os.path.join(repository, "locks")), [])
            lib.enamel("drill", "-r", repository)
            # Nobody is left waiting: the killed runs' global locks went with their connections.
            practice.sql("INSERT INTO preference (PrefName, ValueString) VALUES ('AfterTheKills', '1')")


if __name__ == "__main__":
    unittest.main()
