"""The read lock as a user sets and sees it: how long it may wait, how often it is asked for, what that cost the office.

Somebody else holds a table locked, as a long write does; all waiting is for what the server's list of statements shows.
"""

import contextlib
import json
import subprocess
import unittest

from lib import practice as lib


class Lock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=40, images_mb=1), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)

    @contextlib.contextmanager
    def table_locked(self):
        """Holds a table locked against all others; yields what lets go of it."""
        client = subprocess.Popen(["mariadb", "--no-defaults", "-S", self.practice.socket, "-uroot", "-N", "-B", "--unbuffered",
                                   "opendental"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def say(statement):
            client.stdin.write(statement + "; SELECT 'done';\n")
            client.stdin.flush()
            self.assertEqual(client.stdout.readline(), "done\n")
        try:
            say("LOCK TABLES adjustment WRITE")
            yield lambda: say("UNLOCK TABLES")
        finally:
            client.stdin.close()
            client.wait()
            client.stdout.close()

    def start_backup(self, *arguments):
        return subprocess.Popen([lib.ENAMEL, "backup", "-r", self.repository, "--database", self.practice.url, *arguments],
                                env=lib.ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def pending_ms(self):
        """How long a request for the lock has been pending, None if there is none."""
        rows = self.practice.sql("SELECT TIME_MS FROM information_schema.PROCESSLIST WHERE INFO LIKE 'BACKUP STAGE%'", None)
        return max((float(row[0]) for row in rows), default=None)

    def wait_until(self, process, condition):
        while not condition():
            self.assertIsNone(process.poll(), "the backup ended early")

    def finish(self, process):
        output, errors = process.communicate()
        self.assertEqual(process.returncode, 0, errors)
        return output

    def test_a_lock_that_is_not_granted_ends_the_backup_as_asked(self):
        with self.table_locked():
            result = lib.enamel("backup", "-r", self.repository, "--database", self.practice.url, "--lock-wait", "0.2",
                                "--lock-attempts", "2", "--json", ok=(1,))
        error = lib.last_json(result.stderr)
        self.assertEqual(error["error"], "database_busy")
        self.assertIn("within 2 attempts", error["message"])
        self.assertTrue(lib.backup(self.repository, "--database", self.practice.url)["complete"])

    def test_a_longer_wait_sits_a_long_write_out_and_is_told(self):
        with self.table_locked() as unlock:
            process = self.start_backup("--lock-wait", "60", "--lock-attempts", "1", "--json")
            # More than the usual limit.
            self.wait_until(process, lambda: (self.pending_ms() or 0) > 2200)
            unlock()
            summary = lib.last_json(self.finish(process))
        self.assertTrue(summary["complete"])
        self.assertEqual(summary["lock_attempts"], 1)
        self.assertGreater(summary["lock_wait_seconds"], 2.2)
        self.assertGreater(summary["lock_seconds"], 0)

    def test_attempts_in_vain_are_told(self):
        for options in (["--json"], []):
            with self.table_locked() as unlock:
                process = self.start_backup("--lock-wait", "8", "--lock-attempts", "4", *options)
                self.wait_until(process, lambda: self.pending_ms() is not None)
                self.wait_until(process, lambda: self.pending_ms() is None)  # the first of four gives up after a second
                unlock()
                output = self.finish(process)
            if options:
                summary = lib.last_json(output)
                self.assertGreaterEqual(summary["lock_attempts"], 2)
                self.assertGreaterEqual(summary["lock_wait_seconds"], 1)
                manifest = json.loads(lib.restic(self.repository, "dump", summary["snapshot_id"],
                                                 "/database/manifest.json").stdout)
                for key in ("lock_seconds", "lock_attempts", "lock_wait_seconds"):
                    self.assertEqual(manifest[key], summary[key])
            else:
                self.assertRegex(output, r"office paused \d+\.\d+ s; \d attempts at the lock, behind which writes may have "
                                         r"waited \d+\.\d+ s\n")

    def test_rows_only_reads_no_table_file_and_restores_the_same(self):
        original = self.practice.checksums()
        summary = lib.backup(self.repository, "--database", self.practice.url, "--rows-only")
        self.assertTrue(summary["complete"])
        self.assertTrue(any("read under the lock" in warning for warning in summary["warnings"]), summary["warnings"])
        listing = lib.enamel("ls", "-r", self.repository, summary["snapshot_id"], "/database/opendental").stdout
        self.assertIn("patient.txt", listing)
        self.assertNotIn(".MYD", listing)
        lib.enamel("restore", "-r", self.repository, summary["snapshot_id"], "--database-to", self.practice.url, "--as", "from_rows")
        self.assertEqual(self.practice.checksums("from_rows"), original)
        self.practice.sql("DROP DATABASE from_rows", None)


if __name__ == "__main__":
    unittest.main()
