"""Runs the flows of tests/browser in Debian's Chromium: the real service, a real sample practice, a real repository.

usage: browser.py RESULT.json PROGRAM PAGE_FOLDER SCREENSHOT_FOLDER [NAME_PART...]
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time

from results import Results, stage_of

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(HERE)
SECONDS_MAX = 3600
DAY_NS = 86_400 * 10**9

CONFIGURATION = """
[practice]
name = "Smile Dental"
[database]
url = "{url}"
[images]
path = "{images}"
[repository]
path = "{repository}"
password_file = "{folder}/repository-password"
[schedule]
times = ["12:30"]
[drills]
times = []
[restore]
folder = "{folder}/restored"
"""


def write_history(state, repository):
    """A backup ten days ago and none since: the days after it were missed."""
    then = time.time_ns() - 10 * DAY_NS
    with sqlite3.connect(os.path.join(state, "state.db")) as database:
        database.execute("INSERT INTO runs (kind, repository, request, started_by, state, queued_ns, started_ns, ended_ns, result) "
                         "VALUES ('backup', ?, '{\"database\":true,\"images\":true}', 'schedule', 'done', ?, ?, ?, '{\"complete\":true}')",
                         (repository, then, then, then + 10**9))
    database.close()


def run_flows(environment, parts, results):
    process = subprocess.Popen(["node", os.path.join(TESTS, "browser", "flows.mjs"), *parts], env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    ran = 0
    for line in process.stdout:
        told = json.loads(line)
        ran += 1
        print(f"{'FAILED' if told['error'] else 'ok    '} {told['flow']}", flush=True)
        if told["error"]:
            print(told["error"], flush=True)
            results.add_failure(f"{told['flow']}: {told['error'].splitlines()[0]}")
        else:
            results.add_passed()
    status = process.wait(timeout=60)
    if ran == 0 or (status != 0 and not results.failures):
        results.add_failure(f"the flows ended with status {status}; {ran} ran")


def main(result_path, program, page, screenshots, *parts):
    results = Results(stage_of(result_path))
    chromium = shutil.which("chromium")
    if chromium is None or not os.path.exists(os.path.join(page, "index.html")):
        results.add_failure("chromium is not installed" if chromium is None else f"there is no page in {page}: run the stage web first")
        return results.write(result_path)
    os.environ["ENAMEL"] = os.path.abspath(program)
    sys.path.insert(0, TESTS)
    from lib import practice as lib  # pylint: disable=import-outside-toplevel  (needs ENAMEL)
    from lib import service as svc  # pylint: disable=import-outside-toplevel

    shutil.rmtree(screenshots, ignore_errors=True)
    with lib.practice(patients=60, images_mb=8) as practice, lib.temporary_folder() as folder:
        repository = lib.new_repository(folder)
        with open(os.path.join(folder, "repository-password"), "w", encoding="utf-8") as file:
            file.write(lib.PASSWORD + "\n")
        os.chmod(file.name, 0o600)
        os.mkdir(os.path.join(folder, "restored"))
        svc.set_administrator(folder)
        service = svc.Service(folder, CONFIGURATION.format(url=practice.url, images=practice.images, repository=repository, folder=folder), page)
        service.stop()
        write_history(service.state, repository)
        service.start()
        try:
            environment = dict(os.environ, ENAMEL_SOURCE=os.path.dirname(TESTS), ENAMEL_URL=f"http://127.0.0.1:{service.port}",
                               ENAMEL_USER=svc.ADMINISTRATOR[0], ENAMEL_USER_PASSWORD=svc.ADMINISTRATOR[1],
                               ENAMEL_SOCKET=practice.socket, ENAMEL_CHROMIUM=chromium, ENAMEL_SCREENSHOTS=screenshots)
            run_flows(environment, parts, results)
        finally:
            service.stop()
    return results.write(result_path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
