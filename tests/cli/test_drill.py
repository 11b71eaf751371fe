"""What a drill says, of practices that are not the plain case: other engines, things left out, many images."""

import json
import os
import unittest

from lib import practice as lib

# Each engine that the server has without a plugin, and what is odd beside tables.
ENGINES = """
CREATE TABLE t_aria (a INT PRIMARY KEY, b TEXT) ENGINE=Aria TRANSACTIONAL=1; INSERT INTO t_aria SELECT seq, 'x' FROM seq_1_to_100;
CREATE TABLE t_aria_plain (a INT PRIMARY KEY, b TEXT) ENGINE=Aria TRANSACTIONAL=0; INSERT INTO t_aria_plain SELECT * FROM t_aria;
CREATE TABLE t_innodb (a INT PRIMARY KEY, b TEXT) ENGINE=InnoDB; INSERT INTO t_innodb SELECT * FROM t_aria;
SET max_heap_table_size = 100000000;
CREATE TABLE t_memory (a INT PRIMARY KEY, b CHAR(200)) ENGINE=MEMORY; INSERT INTO t_memory SELECT seq, 'm' FROM seq_1_to_40000;
CREATE TABLE t_csv (a INT NOT NULL, b VARCHAR(50) NOT NULL) ENGINE=CSV; INSERT INTO t_csv SELECT seq, 'c' FROM seq_1_to_10;
CREATE TABLE m1 (a INT, KEY(a)) ENGINE=MyISAM; INSERT INTO m1 VALUES (1);
CREATE TABLE m2 (a INT, KEY(a)) ENGINE=MyISAM; INSERT INTO m2 VALUES (2);
CREATE TABLE t_merge (a INT, KEY(a)) ENGINE=MRG_MyISAM UNION=(m1, m2);
CREATE SEQUENCE s_default START WITH 100; DO NEXTVAL(s_default);
CREATE SEQUENCE s_myisam START WITH 5 ENGINE=MyISAM; DO NEXTVAL(s_myisam);
CREATE SEQUENCE s_aria START WITH 5 ENGINE=Aria;
CREATE VIEW v_good AS SELECT * FROM t_innodb;
CREATE TABLE gone (a INT); CREATE VIEW v_bad AS SELECT * FROM gone; DROP TABLE gone;
CREATE TABLE t_versioned (a INT PRIMARY KEY, b INT) ENGINE=InnoDB WITH SYSTEM VERSIONING;
INSERT INTO t_versioned VALUES (1, 1), (2, 2); UPDATE t_versioned SET b = 3; DELETE FROM t_versioned WHERE a = 2;
CREATE TABLE t_versioned_my (a INT PRIMARY KEY, b INT) ENGINE=MyISAM WITH SYSTEM VERSIONING;
INSERT INTO t_versioned_my VALUES (1, 1), (2, 2); UPDATE t_versioned_my SET b = 3; DELETE FROM t_versioned_my WHERE a = 2;
CREATE TABLE t_generated (a INT PRIMARY KEY, b INT AS (a * 2) VIRTUAL, c INT AS (a + 1) PERSISTENT, KEY(c)) ENGINE=InnoDB;
INSERT INTO t_generated (a) VALUES (1), (2);
CREATE TABLE t_generated_my (a INT PRIMARY KEY, b INT AS (a * 2) VIRTUAL, c INT AS (a + 1) PERSISTENT, KEY(c)) ENGINE=MyISAM;
INSERT INTO t_generated_my (a) VALUES (1), (2);
CREATE TABLE p_innodb (a INT PRIMARY KEY) ENGINE=InnoDB PARTITION BY HASH(a) PARTITIONS 3; INSERT INTO p_innodb SELECT seq FROM seq_1_to_50;
CREATE TABLE p_myisam (a INT PRIMARY KEY) ENGINE=MyISAM PARTITION BY HASH(a) PARTITIONS 3; INSERT INTO p_myisam SELECT seq FROM seq_1_to_50;
CREATE TABLE p_aria (a INT PRIMARY KEY) ENGINE=Aria PARTITION BY HASH(a) PARTITIONS 3; INSERT INTO p_aria SELECT seq FROM seq_1_to_50;
"""


class Drills(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=30, images_mb=2), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)

    def drill(self, *arguments, ok=(0,)):
        return lib.last_json(lib.enamel("drill", "-r", self.repository, *arguments, "--json", ok=ok).stdout)

    def check(self, report, name):
        return next(check for check in report["checks"] if check["name"] == name)

    def image_files(self):
        return [os.path.relpath(os.path.join(root, name), self.practice.images)
                for root, _, names in os.walk(self.practice.images) for name in names]

    def test_every_engine_passes_and_restores(self):
        self.practice.sql("CREATE DATABASE engines; USE engines; " + ENGINES, None)
        self.addCleanup(self.practice.sql, "DROP DATABASE engines; DROP DATABASE IF EXISTS again", None)
        summary = lib.backup(self.repository, "--database", self.practice.url.replace("/opendental?", "/engines?"))
        self.assertIn("view v_bad does not work", "\n".join(summary["warnings"]))
        report = self.drill(summary["snapshot_id"])
        self.assertTrue(report["passed"], report)
        self.assertIn("4 restored, but of kinds that have no such check", self.check(report, "table_check")["summary"])
        self.assertIn("v_bad", "\n".join(report["warnings"]))
        result = lib.last_json(lib.enamel("restore", "-r", self.repository, summary["snapshot_id"], "--as", "again", "--json", "--database-to",
                                          self.practice.url.replace("/opendental?", "/?")).stdout)
        self.assertTrue(result["complete"], result)
        for table in ("t_aria", "t_aria_plain", "t_innodb", "t_memory", "t_csv", "t_merge", "t_versioned", "t_versioned_my",
                      "t_generated", "t_generated_my", "p_innodb", "p_myisam", "p_aria", "v_good"):
            rows = f"SELECT * FROM {table} ORDER BY 1"
            self.assertEqual(self.practice.sql(rows, "again"), self.practice.sql(rows, "engines"), table)
        for sequence in ("s_default", "s_myisam", "s_aria"):
            position = f"SELECT NEXTVAL({sequence})"
            self.assertGreaterEqual(int(self.practice.sql(position, "again")[0][0]), int(self.practice.sql(position, "engines")[0][0]))

    def test_what_was_left_out_on_request_is_told_and_no_failure(self):
        patient = next(os.path.dirname(path) for path in sorted(self.image_files()) if path.count("/") == 2)
        summary = lib.backup(self.repository, "--database", self.practice.url, "--images", self.practice.images, "--exclude", patient)
        self.assertIn("left out on request", "\n".join(summary["warnings"]))
        snapshot, = json.loads(lib.restic(self.repository, "snapshots", "--json", summary["snapshot_id"]).stdout)
        self.assertEqual(snapshot["excludes"], ["/images/" + patient])
        report = self.drill(summary["snapshot_id"])
        self.assertTrue(report["passed"], report)
        self.assertGreater(report["documents_left_out"], 0)
        self.assertIn("left out of this backup on request (--exclude): /images/" + patient, report["warnings"])
        lib.assert_clean(self.repository)

    def test_how_many_images_are_read_back(self):
        summary = lib.backup(self.repository, "--images", self.practice.images)
        total = len(self.image_files())
        for wanted, read, chosen in (("0", 0, "none"), ("3", 3, "newest_and_random"), ("all", total, "all")):
            report = self.drill(summary["snapshot_id"], "--read-images", wanted)
            self.assertEqual((report["images"], report["images_read"], report["images_chosen"]), (total, read, chosen))
        for wrong in ("some", "-1", "", "1.5", "99999999999"):
            lib.enamel("drill", "-r", self.repository, "--read-images", wrong, ok=(2,))

    def test_all_finds_the_damage_that_a_sample_may_miss(self):
        repository = lib.new_repository(self.folder, "damaged")
        lib.backup(repository, "--images", self.practice.images)
        packs = [os.path.join(root, name) for root, _, names in os.walk(os.path.join(repository, "data")) for name in names]
        largest = max(packs, key=os.path.getsize)
        os.chmod(largest, 0o600)
        with open(largest, "r+b") as file:
            file.seek(os.path.getsize(largest) // 3)
            byte = file.read(1)
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte[0] ^ 1]))
        report = lib.last_json(lib.enamel("drill", "-r", repository, "--read-images", "all", "--json", ok=(1,)).stdout)
        images = self.check(report, "images")
        self.assertEqual(images["outcome"], "failed")
        self.assertEqual(images["findings_total"], report["images"] - report["images_read"])

    def test_a_report_that_cannot_be_written_is_noticed_before_the_drill(self):
        lib.backup(self.repository, "--images", self.practice.images)
        for report, code in ((os.path.join(self.folder, "missing", "drill.txt"), 1), (self.folder, 2)):
            result = lib.enamel("drill", "-r", self.repository, "--report", report, ok=(code,))
            self.assertIn("cannot be written", result.stderr)
            self.assertEqual(result.stdout, "")

    def test_snapshots_that_are_no_practice(self):
        lib.enamel("drill", "-r", self.repository, "00000000", ok=(1,))
        with lib.temporary_folder() as other:
            with open(os.path.join(other, "file"), "w", encoding="ascii") as file:
                file.write("x")
            lib.restic(self.repository, "backup", other)
        result = lib.enamel("drill", "-r", self.repository, ok=(1,))
        self.assertIn("there is neither a database nor an image folder in it", result.stdout)
        self.assertIn("FAILED: snapshot", result.stdout)


if __name__ == "__main__":
    unittest.main()
