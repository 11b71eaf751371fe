"""clang-format has nothing to change. `clang-format-14 -i FILE` settles it."""

import re
import subprocess

from tree import run_alone

PROGRAM = "clang-format-14"


def check(tree):
    files = [f for f in tree.code() if not f.endswith(".def")]
    if not files:
        return []
    run = subprocess.run([PROGRAM, "--dry-run", "-Werror", "--style=file", *files], cwd=tree.root,
                         stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8", errors="replace")
    wrong = {}
    for path, line in re.findall(r"^([^\s:]+):(\d+):\d+: error:", run.stderr, re.MULTILINE):
        wrong.setdefault(path, line)
    findings = [f"{path}:{line}: not formatted: run {PROGRAM} -i {path}" for path, line in sorted(wrong.items())]
    if run.returncode != 0 and not findings:
        findings.append(f"{PROGRAM} ended with status {run.returncode}: {run.stderr[:500]}")
    return findings


if __name__ == "__main__":
    run_alone(check)
