"""`enamel config` and `enamel administrator`, as the technician uses them."""

import os
import unittest

from lib import practice as lib


class Configuration(unittest.TestCase):
    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.file = os.path.join(self.folder, "enamel.toml")

    def check(self, text, ok=(0,)):
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.file, 0o640)
        return lib.enamel("config", "check", self.file, ok=ok)

    def test_the_example_is_right_and_says_what_is_missing(self):
        checked = self.check(lib.enamel("config", "example").stdout)
        self.assertIn("is right", checked.stdout)
        self.assertIn("repository.path must be set", checked.stdout)
        self.assertEqual(checked.stderr, "")

    def test_what_will_not_work_is_warned_of(self):
        checked = self.check('[images]\npath = "/nowhere/at/all"\n[alerts]\nwebhook_url = "https://chat.example/hook"\n')
        self.assertNotIn("alerts", checked.stderr)
        self.assertIn("images.path: there is no folder /nowhere/at/all", checked.stderr)

    def test_what_is_wrong_is_refused_with_its_place(self):
        refused = self.check("[listen]\nport = 'many'\n", ok=(2,))
        self.assertIn("enamel.toml:2:8", refused.stderr)
        self.assertIn("listen.port", refused.stderr)

    def test_the_administrators_password_is_asked_for_by_its_own_name(self):
        state = os.path.join(self.folder, "state")
        refused = lib.enamel("administrator", "--state", state, ok=(2,))
        self.assertIn("--new-password-file", refused.stderr)
        short = os.path.join(self.folder, "short")
        with open(short, "w", encoding="utf-8") as file:
            file.write("brief-1")
        refused = lib.enamel("administrator", "--state", state, "--new-password-file", short, ok=(2,))
        self.assertIn("at least 10 characters", refused.stderr)
        self.assertNotIn("brief-1", refused.stderr)


if __name__ == "__main__":
    unittest.main()
