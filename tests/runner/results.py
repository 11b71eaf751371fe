"""The result of one stage of ./test: counts and names, kept as a JSON file that summary.py adds up."""

import json
import os


class Results:
    """Collects the outcome of single tests and writes them to a file."""

    def __init__(self, stage):
        self.stage = stage
        self.passed = 0
        self.failures = []
        self.skips = []

    def add_passed(self, count=1):
        self.passed += count

    def add_failure(self, name):
        self.failures.append(name)

    def add_skip(self, name, reason):
        self.skips.append(f"{name}: {reason}" if reason else name)

    def write(self, path):
        """Writes the file whole or not at all, and returns the exit status a stage ends with."""
        temporary = f"{path}.part"
        with open(temporary, "w", encoding="utf-8") as file:
            json.dump({"stage": self.stage, "passed": self.passed, "failed": len(self.failures),
                       "skipped": len(self.skips), "failures": self.failures, "skips": self.skips}, file)
        os.replace(temporary, path)
        print(f"{self.stage}: {self.passed} passed, {len(self.failures)} failed, {len(self.skips)} skipped",
              flush=True)
        return 1 if self.failures else 0


def stage_of(path):
    return os.path.splitext(os.path.basename(path))[0]
