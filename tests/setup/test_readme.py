"""What the README tells people to type works: the account's GRANTs, and the way back without Enamel.

Method: the lines are taken out of README.md itself; only paths are put in place of the README's.
"""

import os
import re
import shlex
import subprocess
import unittest

from lib import practice as lib

SOURCE = os.environ["ENAMEL_SOURCE"]
EXTRAS = """
CREATE VIEW v AS SELECT 1 AS x;
CREATE TRIGGER t BEFORE INSERT ON patient FOR EACH ROW SET @x = 1;
CREATE PROCEDURE p() SELECT 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1;
CREATE TABLE `odd ``name` (a INT PRIMARY KEY, g INT AS (a + 1) STORED, t TIMESTAMP NULL, b BLOB) ENGINE=InnoDB;
INSERT INTO `odd ``name` (a, t, b) VALUES (1, '2026-07-01 12:00:00', 0x000A095C09FF), (2, NULL, NULL);
"""


def block_after(heading):
    """The first indented block below a heading of the README."""
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        text = file.read()
    section = text[text.index(heading):]
    lines = re.search(r"(?:^    .*\n|^\n(?=    ))+", section[len(heading):], re.MULTILINE).group(0).splitlines()
    return "\n".join(line[4:] for line in lines)


class Readme(unittest.TestCase):
    def test_the_grants_are_enough_and_each_is_needed(self):
        grants = block_after("### 2. An account")
        with lib.practice(patients=20, images_mb=1) as practice, lib.temporary_folder() as folder:
            practice.sql(EXTRAS)
            practice.sql(grants, None)
            password = os.path.join(folder, "database-password")
            with open(password, "w", encoding="utf-8") as file:
                file.write("a long password\n")
            repository = lib.new_repository(folder)
            arguments = ["--database", practice.url.replace("//root@", "//enamel@"), "--database-password-file", password]

            summary = lib.backup(repository, *arguments)
            self.assertTrue(summary["complete"])
            self.assertEqual(summary["warnings"], [])
            script = lib.enamel("restore", "-r", repository, "latest", "--files-to", os.path.join(folder, "look"))
            self.assertEqual(script.returncode, 0)
            with open(os.path.join(folder, "look", "database", "opendental.sql"), encoding="utf-8") as file:
                definitions = file.read()
            for kind in ("VIEW `v`", "TRIGGER t ", "PROCEDURE `p`", "EVENT `e`"):
                self.assertIn(kind, definitions)

            # Never a lie: with any of these missing the backup fails, or says what is not in it.
            for right in ("SHOW VIEW ON opendental.*", "TRIGGER ON opendental.*", "EVENT ON opendental.*", "SELECT ON mysql.*",
                          "RELOAD ON *.*", "SELECT ON opendental.*"):
                with self.subTest(right=right):
                    practice.sql(f"REVOKE {right} FROM enamel@localhost", None)
                    result = lib.enamel("backup", "-r", repository, *arguments, "--json", ok=None)
                    self.assertIn(result.returncode, (1, 3), f"nothing was said without {right}")
                    practice.sql(f"GRANT {right} TO enamel@localhost", None)

    @unittest.skipIf(os.getuid() != 0, "the README's commands are root's: they give files to the user mysql")
    def test_the_way_back_without_enamel(self):
        for engine in ("myisam", "mixed"):
            with self.subTest(engine=engine), lib.practice(patients=40, images_mb=1, engine=engine) as practice, \
                    lib.temporary_folder() as folder:
                practice.sql(EXTRAS)
                repository = lib.new_repository(folder)
                lib.backup(repository, "--database", practice.url, "--images", practice.images)
                original = practice.checksums()
                practice.sql("DROP DATABASE opendental", None)
                self.follow(practice, repository, folder)
                self.assertEqual(practice.checksums(), original)
                self.assertEqual(practice.check_tables("opendental"), [])
                self.assertEqual(len(practice.sql("SHOW TRIGGERS")), 1)
                self.assertEqual(len(practice.sql("SHOW EVENTS")), 1)
                self.assertEqual(practice.sql("SELECT COUNT(*) FROM v"), [["1"]])
                lib.run(["diff", "-r", practice.images, os.path.join(folder, "restored", "images")])

    def follow(self, practice, repository, folder):
        """Runs the README's lines; the practice's server plays the new one."""
        os.chmod(folder, 0o755)
        password = os.path.join(folder, "password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(lib.PASSWORD)
        with open(os.path.join(folder, ".my.cnf"), "w", encoding="utf-8") as file:
            file.write(f"[client]\nsocket={practice.socket}\nuser=root\n")
        commands = block_after("### Without Enamel")
        for there, here in {"/backup/practice": repository, "/etc/enamel/password": password,
                            "/restored": os.path.join(folder, "restored"),
                            "/var/lib/mysql/opendental": practice.database_folder()}.items():
            self.assertIn(there, commands)
            commands = commands.replace(there, shlex.quote(here) if " " in here else here)
        result = subprocess.run(["bash", "-e", "-u", "-c", commands], env=dict(lib.ENVIRONMENT, HOME=folder),
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.assertEqual(result.returncode, 0, result.stdout)


if __name__ == "__main__":
    unittest.main()
