"""Runs a build folder's unit test programs through ctest and counts their GoogleTest cases.

usage: unit.py RESULT.json BUILD_FOLDER JOBS
"""

import glob
import json
import os
import subprocess
import sys

from results import Results, stage_of

# One program; real servers start and stop in some. Only there so that a hang ends with a name.
PROGRAM_SECONDS_MAX = 1800

# Reports must not pass for an exit code that a test expects, and must say where.
SANITIZERS = {"ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=1",
              "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:abort_on_error=1",
              "TSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:second_deadlock_stack=1"}


def programs_of(build):
    listing = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1"], check=True,
                             stdout=subprocess.PIPE)
    return [(test["name"], os.path.basename(test["command"][0]))
            for test in json.loads(listing.stdout)["tests"] if test.get("command")]


def count_cases(report, results):
    for suite in report["testsuites"]:
        for case in suite["testsuite"]:
            name = f"{suite['name']}.{case['name']}"
            if case.get("failures"):
                results.add_failure(name)
            elif case["result"] == "SKIPPED":
                results.add_skip(name, (case.get("skipped") or [{}])[0].get("message", "").strip())
            elif case["status"] == "NOTRUN":
                results.add_skip(name, "disabled")
            else:
                results.add_passed()


def main(result_path, build, jobs):
    results = Results(stage_of(result_path))
    reports = os.path.abspath(os.path.join(build, "gtest-reports"))
    os.makedirs(reports, exist_ok=True)
    for old in glob.glob(os.path.join(glob.escape(reports), "*.json")):
        os.remove(old)
    environment = dict(os.environ, GTEST_OUTPUT=f"json:{reports}/", GTEST_BRIEF="1")
    for name, options in SANITIZERS.items():
        environment.setdefault(name, options)
    status = subprocess.run(["ctest", "--test-dir", build, "--parallel", jobs, "--output-on-failure",
                             "--timeout", str(PROGRAM_SECONDS_MAX)], env=environment).returncode
    programs = programs_of(build)
    if not programs:
        results.add_failure("no unit test was built")
    for name, program in programs:
        try:
            with open(os.path.join(reports, f"{program}.json"), encoding="utf-8") as file:
                count_cases(json.load(file), results)
        except (OSError, ValueError) as error:
            results.add_failure(f"{name}: the program ended without a report ({error})")
    if status != 0 and not results.failures:
        results.add_failure(f"ctest ended with status {status}")
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
