"""Backups of a practice whose data folder lies on a file system that clones files (FICLONE): XFS and btrfs.

The file systems are images on loop devices, which takes root and their programs; without either the tests are skipped, and
say so.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
import unittest

from lib import practice as lib

IMAGE_BYTES = 3 << 30
MAKE = {"xfs": ["mkfs.xfs", "-q", "-m", "reflink=1"], "btrfs": ["mkfs.btrfs", "-q"]}


@contextlib.contextmanager
def mounted(kind):
    """A fresh file system of that kind, mounted; skips the test where that cannot be had."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("mounting an image takes root")
    if not shutil.which(MAKE[kind][0]):
        raise unittest.SkipTest(f"{MAKE[kind][0]} is not installed")
    folder = tempfile.mkdtemp(prefix="enamel-clone-")
    image, mount = os.path.join(folder, "image"), os.path.join(folder, "mount")
    try:
        os.mkdir(mount)
        with open(image, "wb") as file:
            file.truncate(IMAGE_BYTES)
        lib.run([*MAKE[kind], image])
        if lib.run(["mount", "-o", "loop", image, mount], ok=None).returncode != 0:
            raise unittest.SkipTest(f"{kind} cannot be mounted on this machine")
        try:
            yield mount
        finally:
            subprocess.run(["umount", mount], check=True)
    finally:
        shutil.rmtree(folder)


class Clone(unittest.TestCase):
    def check(self, kind):
        with mounted(kind) as mount, lib.temporary_folder() as folder:
            practice = lib.Practice(os.path.join(mount, "practice"), patients=600, images_mb=1)
            try:
                repository = lib.new_repository(folder)
                with practice.front_desk(clients=4) as desk:
                    summaries = [lib.backup(repository, "--database", practice.url) for _ in range(3)]
                self.assertEqual(desk["errors"], [])
                self.assertTrue(all(summary["complete"] for summary in summaries), summaries)
                leftovers = [name for name in os.listdir(practice.database_folder()) if name.startswith(("#", "."))]
                self.assertEqual(leftovers, [])
                for number, summary in enumerate(summaries):
                    name = f"restored_{number}"
                    lib.enamel("restore", "-r", repository, summary["snapshot_id"], "--database-to", practice.url, "--as", name)
                    self.assertEqual(practice.check_tables(name), [])
                    payments, splits, logs = (int(practice.sql(f"SELECT COUNT(*) FROM {table} WHERE {user} >= 100000", name)[0][0])
                                              for table, user in (("payment", "SecUserNumEntry"), ("paysplit", "SecUserNumEntry"),
                                                                  ("securitylog", "UserNum")))
                    self.assertTrue(payments >= splits >= logs >= payments - 4, (payments, splits, logs))
                lib.assert_clean(repository)
            finally:
                practice.stop()

    def test_xfs(self):
        self.check("xfs")

    def test_btrfs(self):
        self.check("btrfs")


if __name__ == "__main__":
    unittest.main()
