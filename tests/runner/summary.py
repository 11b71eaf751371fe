"""Adds up the stages' results, names what failed and what was skipped; the exit status is ./test's.

usage: summary.py FOLDER
"""

import glob
import json
import os
import sys


def main(folder):
    stages = []
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "*.json"))):
        with open(path, encoding="utf-8") as file:
            stages.append(json.load(file))
    for stage in stages:
        print(f"{stage['stage']:6} {stage['passed']:5} passed {stage['failed']:3} failed "
              f"{stage['skipped']:3} skipped")
    for stage in stages:
        for skip in stage["skips"]:
            print(f"skipped: {stage['stage']}: {skip}")
    for stage in stages:
        for failure in stage["failures"]:
            print(f"FAILED: {stage['stage']}: {failure}")
    passed, failed, skipped = (sum(stage[key] for stage in stages) for key in ("passed", "failed", "skipped"))
    good = failed == 0 and passed > 0
    print("\nall tests passed" if good else "\nTHE TESTS FAILED: see above")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
