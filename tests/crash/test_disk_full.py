"""The repository's disk fills up, at many different points of a backup.

Method: the repository lives on a small memory file system of its own, as large as the first backup needs times a growing
share. Every failure must say that the disk is full, and leave a repository that is clean once there is room again.
"""

import os
import unittest

from lib import practice as lib


@unittest.skipUnless(os.geteuid() == 0, "mounting a small file system takes root")
class DiskFull(unittest.TestCase):
    def test_a_full_disk_ends_the_backup_cleanly(self):
        with lib.temporary_folder() as folder:
            images = os.path.join(folder, "images")
            os.mkdir(images)
            for number in range(40):
                with open(os.path.join(images, f"{number}.jpg"), "wb") as file:
                    file.write(os.urandom(1_000_000))
            mount = os.path.join(folder, "disk")
            os.mkdir(mount)
            lib.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", mount])
            try:
                repository = lib.new_repository(mount)
                failures = 0
                for megabytes in (1, 3, 9, 17, 18, 25, 33, 38, 40, 41):
                    lib.run(["mount", "-o", f"remount,size={megabytes}m", mount])
                    result = lib.enamel("backup", "-r", repository, "--images", images, ok=(0, 1))
                    if result.returncode == 1:
                        failures += 1
                        self.assertIn("No space left on device", result.stderr)
                        self.assertIn("hint:", result.stderr)
                    lib.run(["mount", "-o", "remount,size=200m", mount])
                    lib.restic(repository, "check", "--read-data")
                    left = [name for base, _, names in os.walk(repository) for name in names if "-tmp-" in name]
                    self.assertEqual(left, [], "temporary files were left behind")
                self.assertGreaterEqual(failures, 5)
                self.assertTrue(lib.backup(repository, "--images", images)["complete"])
                lib.assert_clean(repository)
            finally:
                lib.run(["umount", mount])


if __name__ == "__main__":
    unittest.main()
