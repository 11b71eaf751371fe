"""The service's unit: systemd takes every line of it, and it lets the service do little. Not whether it starts: that needs
a systemd that runs."""

import os
import shutil
import subprocess
import tempfile
import unittest

UNIT = os.path.join(os.environ["ENAMEL_SOURCE"], "packaging", "systemd", "enamel.service.in")
EXPOSURE_MAX = 25  # of 100, as `systemd-analyze security` counts


@unittest.skipUnless(shutil.which("systemd-analyze"), "there is no systemd-analyze here")
class Unit(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.unit = os.path.join(folder.name, "enamel.service")
        with open(UNIT, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("@CMAKE_INSTALL_FULL_BINDIR@/enamel serve", text)
        text = text.replace("@CMAKE_INSTALL_FULL_BINDIR@/enamel", os.path.abspath(os.environ["ENAMEL"]))
        with open(self.unit, "w", encoding="utf-8") as file:
            file.write(text)

    def analyze(self, *arguments):
        return subprocess.run(["systemd-analyze", *arguments, self.unit], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_every_line_is_understood(self):
        result = self.analyze("verify", "--man=no")
        self.assertEqual((result.returncode, result.stdout), (0, ""))

    def test_the_service_may_do_little(self):
        result = self.analyze("security", "--offline=true", f"--threshold={EXPOSURE_MAX}")
        self.assertEqual(result.returncode, 0, result.stdout)


if __name__ == "__main__":
    unittest.main()
