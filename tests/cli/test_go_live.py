"""enamel go-live and enamel undo, as a technician types them."""

import os
import pty
import subprocess
import unittest

from lib import practice as lib


class GoLiveTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=20, images_mb=1), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)
        lib.backup(cls.repository, "--database", cls.practice.url)

    def restore(self, name, *more):
        lib.enamel("restore", "-r", self.repository, "latest", "--database-to", self.practice.url.replace("/opendental?", "/?"),
                   "--as", name, *more)

    def typed(self, answer, *arguments):
        """The exit status and output of a command at a terminal where a person types the answer."""
        person, terminal = pty.openpty()
        with subprocess.Popen([lib.ENAMEL, *arguments], env=lib.ENVIRONMENT, stdin=terminal, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            os.close(terminal)
            os.write(person, answer.encode() + b"\n")
            output = process.stdout.read()
        os.close(person)
        return process.returncode, output

    def test_there_and_back(self):
        self.restore("monday", "--doc-path", "/srv/restored")
        self.practice.sql("DELETE FROM patient LIMIT 2")
        live, copy = self.practice.checksums(), self.practice.checksums("monday")
        go_live = ("go-live", "--database", self.practice.url, "--from", "monday")

        refused = lib.enamel(*go_live, ok=(2,))
        self.assertIn("add --yes", refused.stderr)
        status, output = self.typed("monday", *go_live)
        self.assertEqual(status, 130, output)
        self.assertIn("nothing was changed", output)
        self.assertIn("rows of patient", output)
        self.assertEqual(self.practice.checksums(), live)

        status, output = self.typed("opendental", *go_live)
        self.assertEqual(status, 0, output)
        self.assertIn("monday is live", output)
        self.assertEqual(self.practice.checksums(), copy)
        again = lib.enamel(*go_live, "--yes", ok=(1,))
        self.assertIn("no database monday", again.stderr)

        undone = lib.last_json(lib.enamel("undo", "--database", self.practice.url, "--yes", "--json").stdout)
        self.assertEqual((undone["aside"], undone["complete"]), ("monday", True))
        self.assertEqual((self.practice.checksums(), self.practice.checksums("monday")), (live, copy))
        self.assertIn("nothing was put aside", lib.enamel("undo", "--database", self.practice.url, "--yes", ok=(1,)).stderr)

    def test_image_folder_of_a_part(self):
        result = lib.enamel("restore", "-r", self.repository, "latest", "--database-to",
                            self.practice.url.replace("/opendental?", "/?"), "--as", "part", "--only", "/database/opendental/patient",
                            "--doc-path", "/srv/restored", ok=(3,))
        self.assertIn("no table preference", result.stderr)
        lib.enamel("restore", "-r", self.repository, "latest", "--images-to", self.folder + "/x", "--doc-path", "/srv", ok=(2,))


if __name__ == "__main__":
    unittest.main()
