"""Backing up and restoring a practice with its database from the command line."""

import os
import shutil
import subprocess
import unittest

from lib import practice as lib


class OnePractice(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=40, images_mb=2), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)
        cls.summary = lib.backup(cls.repository, "--database", cls.practice.url, "--images", cls.practice.images)

    def enamel(self, command, *arguments, **options):
        return lib.enamel(command, "-r", self.repository, *arguments, **options)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def restore(self, *arguments, **options):
        server = self.practice.url.replace("/opendental?", "/?")
        return self.enamel("restore", self.summary["snapshot_id"], "--database-to", server, *arguments, "--json", **options)

    def forget_database(self, name):
        self.practice.sql(f"DROP DATABASE IF EXISTS `{name}`", None)

    def rows(self, table, database="opendental"):
        return int(self.practice.sql(f"SELECT COUNT(*) FROM `{table}`", database)[0][0])

    def test_summary_counts_tables_and_rows(self):
        self.assertTrue(self.summary["complete"])
        self.assertEqual(self.summary["warnings"], [])
        tables = self.practice.tables()
        self.assertEqual(self.summary["tables"], len(tables))
        self.assertEqual(self.summary["rows"], sum(self.rows(table) for table in tables))
        self.assertGreater(self.summary["lock_seconds"], 0)
        self.assertGreater(self.summary["lock_attempts"], 0)
        self.assertNotEqual(self.summary["lock_method"], "none")

    def test_for_people_it_says_how_long_the_office_paused(self):
        result = self.enamel("backup", "--database", self.practice.url)
        self.assertRegex(result.stdout, r"opendental: \d+ tables, [\d,]+ rows; office paused \d+\.\d+ s")

    def test_documents_without_their_file_are_warned_of(self):
        victim = next(os.path.join(root, names[0]) for root, _, names in sorted(os.walk(self.practice.images))
                      if names and len(os.path.relpath(root, self.practice.images)) > 2)
        os.rename(victim, self.path("aside"))
        self.addCleanup(os.rename, self.path("aside"), victim)
        summary = lib.backup(self.repository, "--database", self.practice.url, "--images", self.practice.images)
        warning, = summary["warnings"]
        self.assertIn("1 document of the database", warning)
        self.assertIn(os.path.relpath(victim, self.practice.images), warning)
        self.assertTrue(summary["complete"])  # all that is there was stored

    def test_images_behind_a_link_are_not_called_backed_up(self):
        letter = next(name for name in sorted(os.listdir(self.practice.images))
                      if len(name) == 1 and os.listdir(os.path.join(self.practice.images, name)))
        folder = os.path.join(self.practice.images, letter)
        os.rename(folder, self.path("other disk"))
        os.symlink(self.path("other disk"), folder)

        def put_back():
            os.unlink(folder)
            os.rename(self.path("other disk"), folder)
        self.addCleanup(put_back)
        summary = lib.backup(self.repository, "--database", self.practice.url, "--images", self.practice.images)
        warnings = "\n".join(summary["warnings"])
        self.assertIn("is a link to a folder", warnings)
        self.assertIn("of the database without a file in the image folder", warnings)

    def test_whole_database_under_another_name(self):
        self.addCleanup(self.forget_database, "monday")
        before = self.practice.checksums()
        result = lib.last_json(self.restore("--as", "monday").stdout)
        self.assertEqual((result["database"]["name"], result["database"]["tables"]), ("monday", len(before)))
        self.assertEqual(self.practice.checksums("monday"), before)
        self.assertIn("monday", self.restore("--as", "monday", ok=(1,)).stderr)  # it exists now

    def test_its_own_name_is_taken(self):
        self.restore(ok=(1,))
        self.assertEqual(self.rows("patient"), 40)

    def test_single_tables(self):
        self.addCleanup(self.forget_database, "scratch")
        self.restore("--as", "scratch", "--only", "/database/opendental/patient", "--only", "database/opendental/document")
        self.assertEqual(self.practice.tables("scratch"), ["document", "patient"])
        self.assertEqual(self.rows("patient", "scratch"), 40)
        self.restore("--as", "scratch2", "--only", "/images", ok=(2,))
        self.restore("--as", "scratch2", "--only", "/database/opendental/nosuch", ok=(1,))

    def test_a_table_as_plain_files(self):
        self.enamel("restore", "latest", "--files-to", self.path("files"), "--only", "/database/opendental/patient")
        found = sorted(name for _, _, names in os.walk(self.path("files")) for name in names)
        self.assertEqual(found, ["patient.MYD", "patient.MYI", "patient.frm"])

    def test_database_and_images_at_once(self):
        self.addCleanup(self.forget_database, "whole")
        self.restore("--as", "whole", "--images-to", self.path("images"))
        subprocess.run(["diff", "-r", self.practice.images, self.path("images")], check=True)
        self.assertEqual(self.rows("document", "whole"), self.rows("document"))

    def test_tables_whose_packs_were_lost_are_read_again(self):
        for form in ((), ("--rows-only",)):
            repository = lib.new_repository(self.folder, "lost" + "".join(form))
            for _ in range(2):  # the second knows from the first what did not change
                lib.backup(repository, "--database", self.practice.url, *form)
            sound = repository + "-sound"
            shutil.copytree(repository, sound)
            packs = [os.path.join(root, name) for root, _, names in os.walk(os.path.join(repository, "data")) for name in names]
            for pack in packs:
                with self.subTest(form=form, pack=os.path.basename(pack)):
                    shutil.rmtree(repository)
                    shutil.copytree(sound, repository)
                    os.remove(pack)
                    summary = lib.backup(repository, "--database", self.practice.url, *form)
                    self.assertTrue(summary["complete"])
                    self.assertIn("1 pack of the repository is missing", " ".join(summary["warnings"]))
                    lib.enamel("drill", "-r", repository)
                    self.addCleanup(self.forget_database, "healed")
                    self.forget_database("healed")
                    lib.enamel("restore", "latest", "-r", repository, "--as", "healed",
                               "--database-to", self.practice.url.replace("/opendental?", "/?"))
                    self.assertEqual(self.practice.checksums("healed"), self.practice.checksums())

    def test_errors_of_the_database_say_what_to_do(self):
        for url, word in ((self.practice.url.replace("opendental?", "nosuch?"), "nosuch"),
                          ("mariadb://root@127.0.0.1:1/opendental", "127.0.0.1"),
                          (self.practice.url.replace("root@", "nobody:wrong@"), "nobody")):
            result = self.enamel("backup", "--database", url, ok=(1,))
            self.assertIn(word, result.stderr)
            self.assertIn("hint: ", result.stderr)
            self.assertNotIn("wrong@", result.stderr)

    def test_a_database_without_tables_is_no_backup(self):
        self.practice.sql("CREATE DATABASE bare; CREATE USER blind@localhost; GRANT EXECUTE ON opendental.* TO blind@localhost; "
                          "GRANT RELOAD ON *.* TO blind@localhost", None)
        self.addCleanup(self.practice.sql, "DROP DATABASE bare; DROP USER blind@localhost", None)
        before = self.enamel("snapshots").stdout
        for url, words in ((self.practice.url.replace("/opendental?", "/bare?"), "holds no table that this account may read"),
                           (self.practice.url.replace("root@", "blind@"), "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `opendental`.* TO 'blind'@'localhost'")):
            result = self.enamel("backup", "--database", url, ok=(1,))
            self.assertIn(words, result.stderr)
        self.assertEqual(self.enamel("snapshots").stdout, before)

    def test_drill(self):
        report = self.path("report.txt")
        result = lib.last_json(self.enamel("drill", self.summary["snapshot_id"], "--json", "--report", report).stdout)
        self.assertTrue(result["passed"])
        with open(report, encoding="utf-8") as file:
            self.assertIn("PASSED", file.read())


if __name__ == "__main__":
    unittest.main()
