"""`enamel forget` and `enamel prune` held against stock restic: the same policy keeps the same snapshots, and what a prune
leaves is whole to restic, whoever made the repository, also where it is killed in the middle."""

import json
import os
import random
import shutil
import signal
import subprocess
import unittest

from lib import practice as lib

# Some of one day, days apart, over a change of the year.
TIMES = ["2024-11-30 23:10:00", "2025-06-01 12:00:00", "2025-12-28 09:00:00", "2025-12-29 09:00:00", "2025-12-31 22:00:00",
         "2025-12-31 23:30:00", "2026-01-01 00:10:00", "2026-01-04 23:59:59", "2026-01-05 00:00:00", "2026-01-05 00:30:00",
         "2026-01-05 13:00:00", "2026-01-06 13:00:00"]
POLICIES = [["--keep-last", "3"], ["--keep-hourly", "4"], ["--keep-daily", "5"], ["--keep-weekly", "3"], ["--keep-monthly", "2"],
            ["--keep-yearly", "2"], ["--keep-within", "2d"], ["--keep-within", "1m3d5h"], ["--keep-within-daily", "8d"],
            ["--keep-within-weekly", "2m"], ["--keep-within-monthly", "1y"], ["--keep-within-yearly", "2y", "--keep-last", "1"],
            ["--keep-daily", "2", "--keep-monthly", "3", "--keep-tag", "paper"], ["--keep-hourly", "1", "--keep-within-hourly", "20h"]]


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


class Policy(unittest.TestCase):
    def test_the_same_policy_keeps_the_same(self):
        with lib.temporary_folder() as folder:
            repository = lib.new_repository(folder)
            source = os.path.join(folder, "source")
            os.makedirs(source)
            for number, time in enumerate(TIMES):
                tags = ["--tag", "paper"] if number == 1 else []
                lib.restic(repository, "backup", "--time", time, *tags, source)
            for policy in POLICIES:
                with self.subTest(policy=policy):
                    theirs = json.loads(lib.restic(repository, "forget", "--dry-run", "--json", *policy).stdout)
                    ours = objects(lib.enamel("forget", "-r", repository, "--dry-run", "--json", *policy).stdout)
                    expected = {snapshot["id"] for group in theirs for snapshot in group["keep"]}
                    kept = {snapshot["id"] for group in ours[:-1] for snapshot in group["keep"]}
                    removed = {snapshot["id"] for group in ours[:-1] for snapshot in group["remove"] or []}
                    self.assertEqual(len(kept) + len(removed), len(TIMES))
                    # restic keeps the oldest where a count is not used up, too, but only from 0.16 on.
                    oldest = {snapshot["id"] for group in ours[:-1] for snapshot in group["keep"][-1:]}
                    self.assertLessEqual(expected, kept)
                    self.assertLessEqual(kept - expected, oldest)
            self.assertEqual(len(json.loads(lib.enamel("snapshots", "-r", repository, "--json").stdout)), len(TIMES))


class Prune(unittest.TestCase):
    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.repository = lib.new_repository(self.folder)
        self.source = os.path.join(self.folder, "source")
        os.makedirs(self.source)
        self.dice = random.Random(3)

    def change(self, count=20, size=400_000):
        for _ in range(count):
            with open(os.path.join(self.source, str(self.dice.randrange(40))), "wb") as file:
                file.write(self.dice.randbytes(self.dice.randrange(size)))

    def backups(self, programs):
        for program in programs:
            self.change()
            if program == "restic":
                lib.restic(self.repository, "backup", self.source)
            else:
                lib.backup(self.repository, "--images", self.source)

    def size(self):
        return sum(os.path.getsize(os.path.join(base, name)) for base, _, names in os.walk(self.repository) for name in names)

    def expect_whole(self, snapshots):
        lib.assert_clean(self.repository)
        lib.enamel("check", "-r", self.repository, "--read-data")
        target = os.path.join(self.folder, "restored")
        lib.restic(self.repository, "restore", "latest", "--target", target)
        found = [os.path.join(base, name) for base, _, names in os.walk(target) for name in names]
        contents = {os.path.basename(path): open(path, "rb").read() for path in found}
        self.assertEqual(contents, {name: open(os.path.join(self.source, name), "rb").read() for name in os.listdir(self.source)})
        shutil.rmtree(target)
        self.assertEqual(len(json.loads(lib.restic(self.repository, "snapshots", "--json").stdout)), snapshots)

    def test_whoever_wrote_the_rest_is_whole(self):
        self.backups(["enamel", "restic", "enamel", "restic", "enamel"])
        before = self.size()
        forgotten = objects(lib.enamel("forget", "-r", self.repository, "--keep-last", "1", "--prune", "--max-unused", "0",
                                       "--json").stdout)[-1]
        self.assertEqual((forgotten["removed"], forgotten["kept"]), (3, 2))  # one of each program: they name their paths differently
        self.assertAlmostEqual(before - self.size(), forgotten["prune"]["bytes_freed"], delta=200_000)
        self.expect_whole(2)
        # restic finds nothing to do after us, and we nothing after it.
        lib.restic(self.repository, "prune", "--max-unused", "0")
        self.expect_whole(2)
        again = objects(lib.enamel("prune", "-r", self.repository, "--max-unused", "0", "--json").stdout)[-1]
        self.assertEqual(again["bytes_freed"], 0)

    def test_a_dry_run_says_what_will_be_and_changes_nothing(self):
        self.backups(["enamel", "enamel", "enamel"])
        before = sorted(os.path.join(base, name) for base, _, names in os.walk(self.repository) for name in names)
        arguments = ["-r", self.repository, "--keep-last", "1", "--prune", "--max-unused", "0", "--json"]
        planned = objects(lib.enamel("forget", *arguments, "--dry-run").stdout)
        self.assertEqual(before, sorted(os.path.join(base, name) for base, _, names in os.walk(self.repository) for name in names))
        done = objects(lib.enamel("forget", *arguments).stdout)
        self.assertEqual(planned[:-1], done[:-1])
        self.assertAlmostEqual(planned[-1]["prune"]["bytes_freed"], done[-1]["prune"]["bytes_freed"], delta=20_000)
        self.expect_whole(1)

    def test_named_snapshots_and_what_is_refused(self):
        self.backups(["enamel", "enamel"])
        ids = [snapshot["id"] for snapshot in json.loads(lib.enamel("snapshots", "-r", self.repository, "--json").stdout)]
        for arguments in (["latest", "--keep-last", "1"], [], ["--keep-daily", "-3"], ["--keep-within", "soon"],
                          ["--keep-last", "1", "--prune", "--max-unused", "200%"], [*ids], ["--keep-tag", ","], ["--keep-last", "", "--keep-tag", "x"], ["--host", "", "--keep-last", "1"],
                          ["latest", "--host", "other"], ["--keep-last", "1", "--max-unused", "0"], ["--keep-last", "1", "--force"]):
            with self.subTest(arguments=arguments):
                lib.enamel("forget", "-r", self.repository, *arguments, ok=(2,))
        lib.enamel("forget", "-r", self.repository, ids[0][:8])
        self.expect_whole(1)
        lib.enamel("forget", "-r", self.repository, ids[1], ok=(2,))
        lib.enamel("forget", "-r", self.repository, ids[1], "--force", "--prune")
        lib.assert_clean(self.repository)
        self.assertEqual(os.listdir(os.path.join(self.repository, "snapshots")), [])

    def test_killed_at_any_moment_it_leaves_a_clean_repository(self):
        self.backups(["enamel"] * 4)
        lib.enamel("forget", "-r", self.repository, "--keep-last", "1")
        original = os.path.join(self.folder, "original")
        shutil.copytree(self.repository, original)
        arguments = [lib.ENAMEL, "prune", "-r", self.repository, "--max-unused", "0", "--json"]
        started = os.times().elapsed
        lib.run(arguments)
        whole_run = os.times().elapsed - started
        killed = 0
        for _ in range(60):
            if killed == 8:
                break
            shutil.rmtree(self.repository)
            shutil.copytree(original, self.repository)
            process = subprocess.Popen(arguments, env=lib.ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                process.wait(timeout=self.dice.uniform(0.2, 1) * whole_run)
                continue
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
            lib.restic(self.repository, "unlock")  # restic's check wants one even past the lock of a program that is gone
            self.expect_whole(1)
            lib.run(arguments)
            self.expect_whole(1)
        self.assertEqual(killed, 8)


if __name__ == "__main__":
    unittest.main()
