"""`enamel status`, `runs` and `backup now`: the commands that talk to a running service."""

import json
import os
import signal
import stat
import subprocess
import unittest

from lib import practice as lib
from lib.service_case import ServiceCase


class Commands(ServiceCase):
    def enamel(self, *words, status=0, state=None):
        """Standard output; the exit status must be that one."""
        where = [] if "--url" in words else ["--state", state or self.service.state]
        done = subprocess.run([lib.ENAMEL, *words, *where], env=lib.ENVIRONMENT, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout if status in (0, 3) or done.stdout else done.stderr

    def test_a_backup_is_asked_for_watched_and_listed(self):
        said = self.enamel("backup", "now")
        self.assertIn("backup, done, by command line", said)
        self.assertIn("office paused", said)
        run = json.loads(self.enamel("backup", "now", "--no-images", "--json").splitlines()[-1])
        self.assertEqual((run["state"], run["options"]), ("done", {"database": True, "images": False}))
        runs = json.loads(self.enamel("runs", "--kind", "backup", "--json"))
        self.assertEqual(runs[0], run)
        self.assertIn(run["snapshot"][:8], self.enamel("runs"))
        shown = json.loads(self.enamel("runs", "show", str(run["id"]), "--json"))
        self.assertEqual(shown["result"]["snapshot_id"], run["snapshot"])
        self.assertIn("summary", self.enamel("runs", "show", str(run["id"])))
        self.enamel("runs", "watch", str(run["id"]))

    def test_the_status_says_whether_the_practice_is_safe_and_so_does_the_exit_code(self):
        self.run_to_end(self.client(), "backup")
        said = self.enamel("status", status=3)  # never drilled
        self.assertIn("no backup was ever proven", said)
        self.run_to_end(self.client(), "drill")
        self.assertIn("The practice is safe", self.enamel("status"))
        self.assertEqual(json.loads(self.enamel("status", "--json"))["health"]["code"], "safe")

    def test_what_cannot_be_is_said(self):
        self.assertIn("no run 4711", self.enamel("runs", "show", "4711", status=1))
        self.assertIn("no run 4711", self.enamel("runs", "cancel", "4711", status=1))
        self.assertIn("nothing to back up", self.enamel("backup", "now", "--no-images", "--no-database", status=2))
        self.assertIn("no service runs", self.enamel("status", state=self.folder, status=1))
        self.assertIn("--token-file", self.enamel("status", "--url", "http://127.0.0.1:1", status=2))
        ended = json.loads(self.enamel("backup", "now", "--json").splitlines()[-1])
        self.assertIn("has ended already", self.enamel("runs", "cancel", str(ended["id"]), status=1))

    def test_a_token_opens_a_service_by_its_address_and_a_wrong_one_does_not(self):
        token = self.administrator().post("/api/v1/tokens", {"name": "watcher"}).json
        file = os.path.join(self.folder, "token")
        url = f"http://127.0.0.1:{self.service.port}"
        with open(file, "w", encoding="utf-8") as out:
            out.write(token["secret"] + "\n")
        self.assertIsInstance(json.loads(self.enamel("runs", "--json", "--url", url, "--token-file", file)), list)
        with open(file, "w", encoding="utf-8") as out:
            out.write("enamel_" + "0" * 64)
        said = self.enamel("runs", "--url", url, "--token-file", file, status=1)
        self.assertIn("token is not known", said)
        self.assertNotIn("0" * 64, said)

    def test_ctrl_c_ends_the_watching_and_not_the_backup(self):
        with open(os.path.join(self.practice.images, "large.bin"), "wb") as file:
            self.addCleanup(os.unlink, file.name)
            for _ in range(256):
                file.write(os.urandom(1 << 20))
        process = subprocess.Popen([lib.ENAMEL, "backup", "now", "--json", "--state", self.service.state],
                                   env=lib.ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        process.stdout.readline()  # a status: it watches
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("which goes on", said)
        run = json.loads(self.enamel("runs", "--kind", "backup", "--limit", "1", "--json"))[0]
        self.assertIn(run["state"], ("running", "done"))
        self.enamel("runs", "watch", str(run["id"]))

    def test_the_way_in_is_for_the_owner_alone_and_ends_with_the_service(self):
        file = os.path.join(self.service.state, "local-access")
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        with open(file, encoding="utf-8") as access:
            first = json.load(access)["token"]
        self.service.stop()
        self.assertFalse(os.path.exists(file))
        self.service.start()
        client = self.service.client()
        client.token = first
        self.assertEqual(client.get("/api/v1/overview").status, 401)


if __name__ == "__main__":
    unittest.main()
