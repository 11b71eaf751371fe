"""Runs every libFuzzer target of a build folder for a few seconds, from its seeds in tests/corpus/TARGET/.

usage: fuzz.py RESULT.json BUILD_FOLDER SECONDS JOBS

What a run finds of use stays in BUILD_FOLDER/corpus/TARGET and is where the next one starts. An input that breaks a
target is left in BUILD_FOLDER/artifacts/; the target with that file as its argument repeats the failure.
"""

import concurrent.futures
import glob
import os
import subprocess
import sys

from results import Results, stage_of

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run_target(program, build, seconds):
    name = os.path.basename(program)
    seeds = os.path.join(TESTS, "corpus", name)
    grown = os.path.join(build, "corpus", name)
    artifacts = os.path.join(build, "artifacts", "")
    os.makedirs(grown, exist_ok=True)
    os.makedirs(artifacts, exist_ok=True)
    if not os.path.isdir(seeds) or not os.listdir(seeds):
        return name, f"no seeds in tests/corpus/{name}", ""
    environment = dict(os.environ)
    environment.setdefault("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1")
    environment.setdefault("ASAN_SYMBOLIZER_PATH", "/usr/bin/llvm-symbolizer-14")
    run = subprocess.run([program, f"-max_total_time={seconds}", f"-artifact_prefix={artifacts}{name}-",
                          "-timeout=20", "-rss_limit_mb=1500", "-print_final_stats=1", grown, seeds],
                         env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         encoding="utf-8", errors="replace")
    executions = next((line.split()[-1] for line in run.stdout.splitlines()
                       if line.startswith("stat::number_of_executed_units")), "0")
    if run.returncode != 0:
        return name, f"ended with status {run.returncode}", run.stdout[-8000:]
    return name, "", f"{executions} inputs"


def main(result_path, build, seconds, jobs):
    results = Results(stage_of(result_path))
    build = os.path.abspath(build)
    targets = sorted(glob.glob(os.path.join(glob.escape(build), "bin", "*_fuzz")))
    if not targets:
        results.add_failure("no fuzz target was built")
    with concurrent.futures.ThreadPoolExecutor(max_workers=int(jobs)) as pool:
        for name, failure, text in pool.map(lambda target: run_target(target, build, seconds), targets):
            if failure:
                results.add_failure(f"{name}: {failure}")
                print(f"FAILED {name}: {failure}\n{text}", flush=True)
            else:
                results.add_passed()
                print(f"ok     {name}: {text}", flush=True)
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
