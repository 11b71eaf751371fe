"""Runs the lints of tests/lint, and the tests of the lints themselves.

usage: lint.py RESULT.json
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile

from results import Results, stage_of

HERE = os.path.dirname(os.path.abspath(__file__))
LINT = os.path.join(os.path.dirname(HERE), "lint")
LINTS = ("layers", "style", "claimed", "documents", "format")


def main(result_path):
    results = Results(stage_of(result_path))
    sys.dont_write_bytecode = True
    sys.path.insert(0, LINT)
    tree = importlib.import_module("tree").Tree(os.path.dirname(os.path.dirname(HERE)))
    for name in LINTS:
        findings = importlib.import_module(name).check(tree)
        wrong = [f for f in findings if not f.startswith("note: ")]
        for finding in findings:
            print(f"   {finding}")
        print(f"{'FAILED' if wrong else 'ok    '} {name}", flush=True)
        if wrong:
            results.add_failure(f"{name}: {len(wrong)} findings, the first: {wrong[0]}")
        else:
            results.add_passed()

    with tempfile.TemporaryDirectory(prefix="enamel-lint-") as folder:
        report = os.path.join(folder, "report.json")
        subprocess.run([sys.executable, "-B", os.path.join(HERE, "one_file.py"),
                        os.path.join(LINT, "test_lints.py"), report])
        try:
            with open(report, encoding="utf-8") as file:
                counts = json.load(file)
        except (OSError, ValueError):
            counts = {"passed": 0, "failures": ["test_lints.py ended without a report"], "skips": []}
    results.add_passed(counts["passed"])
    for failure in counts["failures"]:
        results.add_failure(failure)
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
