"""The page's own checks: packages as locked, types, lint, unit tests, the build and its size.

usage: web.py RESULT.json FOLDER

FOLDER receives the built page. Each step is one result; the unit tests count singly.
"""

import json
import os
import subprocess
import sys
import tempfile

from results import Results, stage_of

WEB = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))), "web")
STEP_SECONDS_MAX = 1800


def step(results, name, command):
    print(f"-- {name}", flush=True)
    try:
        status = subprocess.run(command, cwd=WEB, stdin=subprocess.DEVNULL, timeout=STEP_SECONDS_MAX).returncode
    except (OSError, subprocess.TimeoutExpired) as error:
        results.add_failure(f"{name}: {error}")
        return False
    if status != 0:
        results.add_failure(f"{name}: ended with status {status}")
        return False
    results.add_passed()
    return True


def unit_tests(results):
    with tempfile.TemporaryDirectory(prefix="enamel-web-") as folder:
        report = os.path.join(folder, "report.json")
        print("-- unit tests", flush=True)
        status = subprocess.run(["npx", "--no-install", "vitest", "run", "--reporter=default", "--reporter=json",
                                 f"--outputFile.json={report}"], cwd=WEB, stdin=subprocess.DEVNULL).returncode
        try:
            with open(report, encoding="utf-8") as file:
                tests = [test for suite in json.load(file)["testResults"] for test in suite["assertionResults"]]
        except (OSError, ValueError, KeyError):
            results.add_failure(f"unit tests: ended with status {status} and no report")
            return
    results.add_passed(sum(test["status"] == "passed" for test in tests))
    for test in tests:
        if test["status"] == "failed":
            results.add_failure(test["fullName"])
        elif test["status"] != "passed":
            results.add_skip(test["fullName"], test["status"])
    if not tests or (status != 0 and all(test["status"] == "passed" for test in tests)):
        results.add_failure(f"unit tests: ended with status {status}, {len(tests)} ran")


def lock_file(results):
    """Sources are pinned by hash and name no registry: what machine made the file is nobody's business."""
    with open(os.path.join(WEB, "package-lock.json"), encoding="utf-8") as file:
        packages = json.load(file)["packages"]
    wrong = [name for name, package in packages.items() if name and ("resolved" in package or "integrity" not in package)]
    if wrong:
        results.add_failure(f"package-lock.json: {wrong[0]} names where it came from, or has no hash (and {len(wrong) - 1} others)")
    else:
        results.add_passed()


def main(result_path, folder):
    results = Results(stage_of(result_path))
    lock_file(results)
    if step(results, "packages", [os.path.join(os.path.dirname(WEB), "packaging", "web-packages")]):
        step(results, "types", ["npm", "run", "--silent", "typecheck"])
        step(results, "lint", ["npm", "run", "--silent", "lint"])
        unit_tests(results)
        step(results, "build", ["npm", "run", "--silent", "build", "--", folder])
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
