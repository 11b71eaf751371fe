"""The runner does not let a failure pass: a test that fails, dies, is never found or has nothing in it turns the run red."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
REPORT = '{"testsuites": [{"name": "S", "testsuite": [%s]}]}'
PASSED = '{"name": "good", "status": "RUN", "result": "COMPLETED"}'
FAILED = '{"name": "bad", "status": "RUN", "result": "COMPLETED", "failures": [{"failure": "x"}]}'
SKIPPED = '{"name": "later", "status": "RUN", "result": "SKIPPED", "skipped": [{"message": "no root"}]}'
DISABLED = '{"name": "DISABLED_x", "status": "NOTRUN", "result": "SUPPRESSED"}'


class RunnerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="enamel-runner-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.result = os.path.join(self.folder, "results", "stage.json")
        os.mkdir(os.path.dirname(self.result))

    def write(self, path, text, mode=0o644):
        full = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(full, mode)
        return full

    def run_script(self, name, *arguments):
        run = subprocess.run([sys.executable, "-B", os.path.join(HERE, name), *arguments], stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, encoding="utf-8", errors="replace")
        return run.returncode, run.stdout

    def read_result(self):
        with open(self.result, encoding="utf-8") as file:
            return json.load(file)


class UnitTest(RunnerTest):
    def run_programs(self, **programs):
        """Each program is a shell script; $1 of it is where GoogleTest would write its report."""
        listing = ""
        for name, script in programs.items():
            path = self.write(f"build/{name}_test", f'#!/bin/sh\nreport="${{GTEST_OUTPUT#json:}}{name}_test.json"\n{script}\n', 0o755)
            listing += f'add_test({name} "{path}")\n'
        self.write("build/CTestTestfile.cmake", listing)
        return self.run_script("unit.py", self.result, os.path.join(self.folder, "build"), "2")

    @staticmethod
    def report(*cases):
        return f"echo '{REPORT % ', '.join(cases)}' >\"$report\""

    def test_counts_cases(self):
        status, _ = self.run_programs(one=self.report(PASSED, PASSED, SKIPPED), two=self.report(PASSED, DISABLED))
        self.assertEqual(status, 0)
        result = self.read_result()
        self.assertEqual((result["passed"], result["failed"], result["skipped"]), (3, 0, 2))
        self.assertIn("S.later: no root", result["skips"])

    def test_a_failed_case_is_named(self):
        status, _ = self.run_programs(one=self.report(PASSED, FAILED) + "\nexit 1")
        self.assertEqual(status, 1)
        self.assertEqual(self.read_result()["failures"], ["S.bad"])

    def test_a_program_that_dies_without_a_report_is_a_failure(self):
        status, _ = self.run_programs(one=self.report(PASSED), two="kill -SEGV $$")
        self.assertEqual(status, 1)
        self.assertIn("two: the program ended without a report", self.read_result()["failures"][0])

    def test_a_report_of_an_earlier_run_does_not_count(self):
        self.run_programs(one=self.report(PASSED))
        status, _ = self.run_programs(one="exit 1")
        self.assertEqual(status, 1)

    def test_a_program_that_fails_after_its_report_is_a_failure(self):
        status, _ = self.run_programs(one=self.report(PASSED) + "\nkill -ABRT $$")
        self.assertEqual(status, 1)

    def test_no_program_at_all_is_a_failure(self):
        self.assertEqual(self.run_programs()[0], 1)


class OneFileTest(RunnerTest):
    def run_file(self, body):
        path = self.write("test_x.py", "import unittest\n" + body)
        report = os.path.join(self.folder, "report.json")
        status, _ = self.run_script("one_file.py", path, report)
        if not os.path.exists(report):
            return status, None
        with open(report, encoding="utf-8") as file:
            return status, json.load(file)

    def test_counts(self):
        status, counts = self.run_file(
            "class A(unittest.TestCase):\n"
            "  def test_1(self): pass\n"
            "  @unittest.skipIf(True, 'why')\n"
            "  def test_2(self): pass\n")
        self.assertEqual((status, counts["passed"], counts["failures"]), (0, 1, []))
        self.assertEqual(counts["skips"][0][1], "why")

    def test_failures_errors_and_subtests(self):
        status, counts = self.run_file(
            "class A(unittest.TestCase):\n"
            "  def test_1(self): self.fail()\n"
            "  def test_2(self): raise OSError()\n"
            "  def test_3(self):\n"
            "    for i in (1, 2):\n"
            "      with self.subTest(i=i): self.fail()\n"
            "  def test_4(self): pass\n")
        self.assertEqual((status, counts["passed"], len(counts["failures"])), (1, 1, 4))

    def test_a_file_that_fails_before_its_tests_or_has_none(self):
        status, counts = self.run_file("class A(unittest.TestCase):\n  @classmethod\n  def setUpClass(cls): raise OSError()\n"
                                       "  def test_1(self): pass\n")
        self.assertEqual((status, len(counts["failures"])), (1, 1))
        self.assertEqual(self.run_file("x = 1\n")[0], 1)
        os.remove(os.path.join(self.folder, "report.json"))
        self.assertEqual(self.run_file("raise OSError()\n"), (1, None))


class FuzzTest(RunnerTest):
    def run_targets(self, **targets):
        for name, script in targets.items():
            self.write(f"build/bin/{name}_fuzz", f"#!/bin/sh\n{script}\n", 0o755)
        return self.run_script("fuzz.py", self.result, os.path.join(self.folder, "build"), "1", "2")

    def test_no_target_and_no_seeds_are_failures(self):
        self.assertEqual(self.run_targets()[0], 1)
        status, _ = self.run_targets(nobody_seeded_this="exit 0")
        self.assertEqual(status, 1)
        self.assertIn("no seeds", self.read_result()["failures"][0])

    def test_a_finding_is_a_failure(self):
        status, text = self.run_targets(mariadb_url="echo BOOM; exit 77")
        self.assertEqual(status, 1)
        self.assertIn("BOOM", text)
        status, _ = self.run_targets(mariadb_url="echo stat::number_of_executed_units: 5")
        self.assertEqual(status, 0)


class SummaryTest(RunnerTest):
    def summary(self, **stages):
        for name, (passed, failures) in stages.items():
            self.write(f"results/{name}.json", json.dumps({"stage": name, "passed": passed, "failed": len(failures),
                                                           "skipped": 0, "failures": failures, "skips": []}))
        return self.run_script("summary.py", os.path.join(self.folder, "results"))

    def test_adds_up_and_ends_with_the_counts(self):
        status, text = self.summary(unit=(5, []), e2e=(2, []))
        self.assertEqual(status, 0)
        self.assertTrue(text.endswith("all tests passed\n7 passed, 0 failed, 0 skipped\n"), text)

    def test_one_failure_or_nothing_at_all_is_red(self):
        status, text = self.summary(unit=(5, ["A.b"]))
        self.assertEqual(status, 1)
        self.assertIn("FAILED: unit: A.b", text)
        self.assertNotIn("all tests passed", text)
        self.assertEqual(self.summary(unit=(0, []))[0], 1)


if __name__ == "__main__":
    unittest.main()
