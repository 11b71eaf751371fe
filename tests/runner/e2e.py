"""Runs every tests/**/test_*.py (unittest) in a process of its own and adds up the cases.

usage: e2e.py RESULT.json PROGRAM [NAME_PART...]

Each test finds the program under test in $ENAMEL and the checkout in $ENAMEL_SOURCE; tests/ is on its module path, so
that helpers shared by tests are imported by name. With NAME_PART only files whose path holds one of them run.
"""

import glob
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from results import Results, stage_of

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
FILE_SECONDS_MAX = 3600


def test_files(parts):
    found = glob.glob(os.path.join(glob.escape(TESTS), "**", "test_*.py"), recursive=True)
    lint = os.path.join(TESTS, "lint") + os.sep  # their own stage
    return sorted(f for f in found if not f.startswith(lint) and (not parts or any(p in f for p in parts)))


def run_file(path, environment, results):
    name = os.path.relpath(path, TESTS)
    print(f"-- {name}", flush=True)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="enamel-e2e-") as folder:
        report = os.path.join(folder, "report.json")
        try:
            status = subprocess.run([sys.executable, os.path.join(HERE, "one_file.py"), path, report],
                                    env=environment, timeout=FILE_SECONDS_MAX).returncode
        except subprocess.TimeoutExpired:
            results.add_failure(f"{name}: not done after {FILE_SECONDS_MAX} s")
            return
        try:
            with open(report, encoding="utf-8") as file:
                counts = json.load(file)
        except (OSError, ValueError):
            results.add_failure(f"{name}: ended with status {status} and no report")
            return
    results.add_passed(counts["passed"])
    for failure in counts["failures"]:
        results.add_failure(f"{name}: {failure}")
    for case, reason in counts["skips"]:
        results.add_skip(f"{name}: {case}", reason)
    if status != 0 and not counts["failures"]:
        results.add_failure(f"{name}: ended with status {status}")
    print(f"-- {name}: {time.monotonic() - started:.1f} s", flush=True)


def main(result_path, program, *parts):
    # Where the runner itself was started in the background, Ctrl-C would be ignored by all that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    results = Results(stage_of(result_path))
    environment = dict(os.environ, ENAMEL=os.path.abspath(program), ENAMEL_SOURCE=os.path.dirname(TESTS),
                       PYTHONPATH=TESTS, PYTHONDONTWRITEBYTECODE="1")
    files = test_files(parts)
    if not files:
        results.add_failure("no test_*.py was found")
    if not os.access(program, os.X_OK):
        results.add_failure(f"{program} is not there")
    else:
        for path in files:
            run_file(path, environment, results)
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
