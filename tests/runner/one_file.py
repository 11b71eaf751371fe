"""Runs the unittest cases of one file and writes what came of them as JSON; part of e2e.py and lint.py.

usage: one_file.py FILE REPORT.json
"""

import importlib.util
import json
import os
import sys
import time
import unittest


class Recorder(unittest.TextTestResult):
    """Says each case when it ends, with its time: a long test must not look like a hang."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.passed = 0
        self.started = 0.0

    def startTest(self, test):
        self.started = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        self.passed += 1
        super().addSuccess(test)

    def stopTest(self, test):
        super().stopTest(test)
        seconds = time.monotonic() - self.started
        if seconds > 5:
            self.stream.writeln(f"    ({seconds:.1f} s)")


def load(path):
    sys.path.insert(0, os.path.dirname(path))
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


def main(path, report):
    outcome = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=Recorder).run(load(path))
    failures = [str(test) for test, _ in outcome.failures + outcome.errors]
    failures += [f"{test}: passed though a failure was expected" for test in outcome.unexpectedSuccesses]
    if outcome.testsRun == 0 and not outcome.skipped and not failures:
        failures.append("holds no test")
    # A subtest's failure counts once for each; the test that holds it is in none of the other lists.
    counts = {"passed": outcome.passed + len(outcome.expectedFailures), "failures": failures,
              "skips": [(str(test), reason) for test, reason in outcome.skipped]}
    with open(report, "w", encoding="utf-8") as file:
        json.dump(counts, file)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
