"""Runs clang-tidy over the sources that changed since it last found nothing in them.

usage: tidy.py RESULT.json BUILD_FOLDER JOBS

BUILD_FOLDER holds compile_commands.json. A file counts as changed when its own bytes, those of a header of ours that it
includes (directly or not), or .clang-tidy differ; BUILD_FOLDER/tidy/ keeps a stamp of each that was clean.
"""

import concurrent.futures
import hashlib
import importlib
import json
import os
import subprocess
import sys

from results import Results, stage_of

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = "clang-tidy-14"


def reachable(tree, path, seen):
    if path in seen or not tree.exists(path):
        return
    seen.add(path)
    for _, kind, name in tree.includes(path):
        if kind == '"':
            reachable(tree, f"src/{name}", seen)


def stamp_of(tree, path):
    files = set()
    reachable(tree, path, files)
    digest = hashlib.sha256(tree.text(".clang-tidy").encode())
    for file in sorted(files):
        digest.update(f"\0{file}\0{tree.text(file)}".encode())
    return digest.hexdigest()


def main(result_path, build, jobs):
    results = Results(stage_of(result_path))
    sys.dont_write_bytecode = True
    sys.path.insert(0, os.path.join(TESTS, "lint"))
    tree = importlib.import_module("tree").Tree(os.path.dirname(TESTS))
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        compiled = {os.path.relpath(entry["file"], tree.root) for entry in json.load(file)}
    stamps = os.path.join(build, "tidy")
    os.makedirs(stamps, exist_ok=True)

    def tidy(path):
        stamp_file = os.path.join(stamps, path.replace("/", "-"))
        stamp = stamp_of(tree, path)
        if os.path.exists(stamp_file):
            with open(stamp_file, encoding="utf-8") as file:
                if file.read() == stamp:
                    return path, ""
        # GCC's flags that Clang does not know must not fail the file.
        run = subprocess.run([PROGRAM, "-p", build, "--quiet", "--extra-arg=-Wno-unknown-warning-option", path],
                             cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             encoding="utf-8", errors="replace")
        if run.returncode != 0:
            return path, run.stdout or f"{PROGRAM} ended with status {run.returncode}"
        with open(stamp_file, "w", encoding="utf-8") as file:
            file.write(stamp)
        return path, ""

    with concurrent.futures.ThreadPoolExecutor(max_workers=int(jobs)) as pool:
        for path, text in pool.map(tidy, sorted(f for f in tree.code() if f in compiled and f.endswith(".cpp"))):
            if text:
                results.add_failure(path)
                print(f"FAILED {path}\n{text}", flush=True)
            else:
                results.add_passed()
                print(f"ok     {path}", flush=True)
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
