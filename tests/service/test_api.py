"""`enamel serve` as a script and a page see it: sign-in, rights, runs, backups, the log. Every answer is held against
the API's description (src/service/openapi.json)."""

import json
import os
import threading
import unittest
import urllib.parse

from lib import practice as lib
from lib import service as svc
from lib.service_case import ServiceCase, configuration


class SignIn(ServiceCase):
    def test_nothing_is_shown_to_who_is_not_signed_in(self):
        client = self.service.client()
        for path, operations in client.description["paths"].items():
            path = path.replace("{id}", "1")
            for method in operations:
                if path in ("/healthz", "/api/v1/openapi.json") or (method, path) == ("post", "/api/v1/session"):
                    continue
                with self.subTest(method=method, path=path):
                    self.assert_problem(client.ask(method.upper(), path), 401, "sign_in")
        self.assertEqual(client.get("/healthz").json, {"status": "ok"})

    def test_users_of_open_dental_sign_in_with_their_rights(self):
        manager = self.service.client()
        answer = manager.sign_in("manager", "sample manager")
        self.assertEqual(answer.json["user"], "Manager")
        self.assertEqual((answer.json["may_back_up"], answer.json["may_administer"]), (True, False))
        cookie = answer.headers["Set-Cookie"]
        self.assertIn("HttpOnly", cookie)
        self.assertIn("SameSite=Strict", cookie)
        self.assertTrue(self.client("Admin", "sample admin").get("/api/v1/session").json["may_administer"])
        # No right, hidden or blank, wrong: each in its own words, or in none.
        self.assert_problem(self.service.client().sign_in("Anna", "sample"), 403, "no_right")
        self.assert_problem(self.service.client().sign_in("Kiosk", ""), 401, "wrong_password")
        self.assert_problem(self.service.client().sign_in("Nobody", "sample"), 401, "wrong_password")

    def test_a_cookie_alone_changes_nothing(self):
        client = self.client()
        client.csrf = None
        self.assert_problem(client.post("/api/v1/runs", {"kind": "backup"}), 403, "csrf")
        client.csrf = "0" * 64
        self.assert_problem(client.post("/api/v1/runs", {"kind": "backup"}), 403, "csrf")
        self.assertEqual(client.get("/api/v1/runs").status, 200)

    def test_signing_out_ends_the_session_and_everywhere_ends_all(self):
        first, second = self.client(), self.client()
        self.assertEqual(first.ask("DELETE", "/api/v1/session").status, 204)
        self.assert_problem(first.get("/api/v1/runs"), 401, "sign_in")
        third = self.client()
        self.assertEqual(second.ask("DELETE", "/api/v1/sessions").status, 204)
        self.assert_problem(third.get("/api/v1/runs"), 401, "sign_in")

    def test_bodies_that_are_none_are_refused(self):
        client = self.service.client()
        for raw, content_type, status, code in (
                ('{"user": "a", "password": "b"}', "text/plain", 415, "content_type"),
                ("{", "application/json", 400, "malformed"),
                ("[1]", "application/json", 400, "malformed"),
                ('{"user": 5, "password": "b"}', "application/json", 400, "malformed"),
                ('{"password": "b"}', "application/json", 400, "malformed"),
                ('{"user": "a", "user": "b", "password": "c"}', "application/json", 400, "malformed"),
                ('{"user": "a", "password": "c", "passwort": "d"}', "application/json", 400, "malformed"),
                (json.dumps({"user": "a" * 300, "password": "b"}), "application/json", 400, "malformed")):
            with self.subTest(raw=raw[:40]):
                answer = client.ask("POST", "/api/v1/session", raw=raw, headers={"Content-Type": content_type})
                self.assert_problem(answer, status, code)
        self.assertEqual(svc.Client(self.service.port).post("/api/v1/session", {"user": "a", "password": "b" * 100000}).status, 413)

    def test_tokens_of_scripts(self):
        administrator = self.administrator()
        made = administrator.post("/api/v1/tokens", {"name": "nightly report"}).json
        script = self.service.client()
        script.token = made["secret"]
        self.assertEqual(script.get("/api/v1/session").json["user"], "nightly report")
        self.assertEqual(script.get("/metrics").status, 200)
        self.assert_problem(script.get("/api/v1/tokens"), 403, "not_administrator")
        self.assert_problem(administrator.post("/api/v1/tokens", {"name": "nightly report"}), 409, "exists")
        self.assertNotIn(made["secret"], administrator.get("/api/v1/tokens").body.decode())
        self.assertEqual(administrator.ask("DELETE", f"/api/v1/tokens/{made['id']}").status, 204)
        self.assert_problem(script.get("/api/v1/runs"), 401, "sign_in")
        self.assert_problem(self.client().post("/api/v1/tokens", {"name": "mine"}), 403, "not_administrator")

    def test_what_a_browser_may_do_is_said_with_every_answer(self):
        for path in ("/healthz", "/api/v1/runs", "/nothing"):
            headers = svc.Client(self.service.port).get(path).headers
            self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
            self.assertEqual(headers["X-Frame-Options"], "DENY")
            if path != "/nothing":  # the page, where there is one: nothing of the practice is in it
                self.assertIn("no-store", headers["Cache-Control"])

    def test_a_page_of_another_name_is_not_served(self):
        answer = svc.Client(self.service.port).get("/healthz", headers={"Host": "evil.example"})
        self.assertEqual(answer.status, 421)


class LockOut(ServiceCase):
    """Apart: all tests have one address."""

    def test_five_wrong_passwords_lock_and_no_password_is_logged(self):
        client = self.service.client()
        for _ in range(5):
            self.assert_problem(client.sign_in("Manager", "wrong-secret-1"), 401, "wrong_password")
        locked = client.sign_in("Manager", "sample manager")
        self.assert_problem(locked, 429, "locked_out")
        self.assertTrue(0 < int(locked.headers["Retry-After"]) <= 300)
        self.service.stop()
        self.service.start()
        administrator = self.administrator()
        entries = administrator.get("/api/v1/audit?action=sign_in").json["entries"]
        outcomes = [(entry["user"], entry["outcome"]) for entry in entries]
        self.assertEqual(outcomes.count(("Manager", "refused")), 5)
        for name in os.listdir(self.service.state):
            with open(os.path.join(self.service.state, name), "rb") as file:
                self.assertNotIn(b"wrong-secret-1", file.read(), name)
        self.assertNotIn("wrong-secret-1", self.service.logged())


class Runs(ServiceCase):
    def test_a_backup_is_made_seen_and_drilled(self):
        client = self.client()
        events = svc.Events(client)
        self.addCleanup(events.close)
        run = self.run_to_end(client, "backup")
        states = []
        while not states or states[-1] != "done":
            kind, data = events.next()
            self.assertEqual(kind, "run")
            if data["id"] == run["id"]:
                states.append(data["state"])
        self.assertEqual(list(dict.fromkeys(states)), ["queued", "running", "done"])
        result = client.get(f"/api/v1/runs/{run['id']}/result").json
        self.assertTrue(result["complete"])
        self.assertEqual(result["snapshot_id"], run["snapshot"])

        overview = client.get("/api/v1/overview").json
        self.assertEqual(overview["practice"], "Smile Dental")
        self.assertEqual(overview["last_good_backup"]["id"], run["id"])
        self.assertEqual(len(overview["days"]), 30)
        self.assertIn(run["id"], [r["id"] for r in overview["days"][-1]["runs"]] + [r["id"] for r in overview["days"][-2]["runs"]])

        drill = self.run_to_end(client, "drill", {"snapshot": run["snapshot"][:12], "read_images": 3})
        self.assertEqual(drill["snapshot"], run["snapshot"])
        self.assertTrue(client.get(f"/api/v1/runs/{drill['id']}/result").json["passed"])
        self.assertEqual(client.get("/api/v1/overview").json["health"]["code"], "safe")
        snapshot = client.get(f"/api/v1/snapshots/{run['snapshot']}").json
        self.assertTrue(snapshot["complete"])
        self.assertEqual(snapshot["drill"]["run"], drill["id"])
        self.assertIn(b"enamel_safe 1", client.get("/metrics").body)

    def test_what_is_in_a_backup_and_a_file_out_of_it(self):
        client = self.client()
        run = self.run_to_end(client, "backup")
        base = f"/api/v1/snapshots/{run['snapshot']}"
        names = [entry["name"] for entry in client.get(base + "/entries").json["entries"]]
        self.assertEqual(names, ["database", "images"])
        tables = client.get(base + "/tables").json
        patients = int(self.practice.sql("SELECT COUNT(*) FROM patient")[0][0])
        self.assertEqual([t["rows"] for t in tables["tables"] if t["name"] == "patient"], [patients])
        root, _, files = next(walked for walked in os.walk(self.practice.images) if walked[2])
        inside = os.path.relpath(os.path.join(root, files[0]), self.practice.images)
        answer = client.get(f"{base}/file?path={urllib.parse.quote('/images/' + inside)}")
        with open(os.path.join(root, files[0]), "rb") as file:
            self.assertEqual(answer.body, file.read())
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        # Pages of one entry each give the folder once.
        folder, seen, after = urllib.parse.quote("/images/" + os.path.dirname(inside)), [], ""
        while True:
            page = client.get(f"{base}/entries?path={folder}&limit=1&after={after}").json
            seen += [entry["name"] for entry in page["entries"]]
            if not page["more"]:
                break
            after = page["entries"][-1]["encoded_name"]
        self.assertEqual(seen, sorted(os.listdir(root)))
        downloads = self.administrator().get("/api/v1/audit?action=file.download").json["entries"]
        self.assertEqual(downloads[0]["user"], "Manager")

    def test_paths_and_ids_that_are_none(self):
        client = self.client()
        run = self.run_to_end(client, "backup")
        base = f"/api/v1/snapshots/{run['snapshot']}"
        for path, status in ((f"{base}/file?path=/images/none.jpg", 404), (f"{base}/file?path=/images/../../etc/passwd", 400),
                             (f"{base}/file?path=/images", 400), (f"{base}/entries?path=/database/manifest.json", 400),
                             (f"{base}/file?path=/images/%00", 400), ("/api/v1/snapshots/zzzz", 400),
                             ("/api/v1/snapshots/ffffffffffff", 404), ("/api/v1/runs/0", 400), ("/api/v1/runs/9999999", 404),
                             ("/api/v1/runs/1e3", 400), ("/api/v1/runs?kind=nonsense", 400), ("/api/v1/runs?limit=0", 400),
                             ("/api/v1/audit", 403), (f"{base}/entries?limit=100000", 400)):
            with self.subTest(path=path):
                self.assertEqual(client.get(path).status, status)

    def test_runs_that_cannot_be(self):
        client = self.client()
        for body, code in (({"kind": "nonsense"}, "malformed"), ({}, "malformed"),
                           ({"kind": "backup", "option": {"images": False}}, "malformed"),
                           ({"kind": "backup", "options": {"nonsense": 1}}, "usage"),
                           ({"kind": "backup", "options": {"images": "yes"}}, "usage"),
                           ({"kind": "backup", "options": {"images": False, "database": False}}, "usage"),
                           ({"kind": "backup", "options": []}, "usage"),
                           ({"kind": "restore", "options": {"snapshot": "latest"}}, "usage"),
                           ({"kind": "restore", "options": {"images_to": "/etc/cron.d"}}, "usage"),
                           ({"kind": "restore", "options": {"files_to": self.folder + "/restored/../x"}}, "usage"),
                           ({"kind": "restore", "options": {"files_to": self.folder + "/restored"}}, "usage")):
            with self.subTest(body=body):
                self.assert_problem(client.post("/api/v1/runs", body), 400, code)
        self.assert_problem(client.post("/api/v1/runs", {"kind": "prune"}), 403, "not_administrator")
        self.assert_problem(self.administrator().post("/api/v1/runs", {"kind": "removal"}), 501, "unsupported")

    def test_a_restore_and_a_check_and_a_removal(self):
        client, administrator = self.client(), self.administrator()
        backup = self.run_to_end(client, "backup")
        target = os.path.join(self.folder, "restored", "images")
        self.run_to_end(client, "restore", {"snapshot": backup["snapshot"], "images_to": target, "database_as": "brought_back"})
        self.addCleanup(self.practice.sql, "DROP DATABASE IF EXISTS brought_back", None)
        lib.run(["diff", "-r", self.practice.images, target])
        self.assertEqual(self.practice.checksums("brought_back").keys(), self.practice.checksums().keys())
        self.run_to_end(client, "check", {"read_data": True})
        first = self.run_to_end(client, "backup")
        self.run_to_end(administrator, "forget", {"snapshots": [first["snapshot"]]})
        self.assertEqual(client.get(f"/api/v1/snapshots/{first['snapshot']}").status, 404)

    def test_half_a_backup_makes_no_practice_safe(self):
        client = self.client()
        whole = self.run_to_end(client, "backup")
        half = self.run_to_end(client, "backup", {"database": False})
        drill = self.run_to_end(client, "drill", {"snapshot": half["snapshot"], "read_images": 1})
        overview = client.get("/api/v1/overview").json
        self.assertEqual(overview["last_good_backup"]["id"], whole["id"])
        self.assertNotEqual((overview["last_drill"] or {}).get("id"), drill["id"])

    def test_a_drill_of_what_is_not_there_is_refused_at_once(self):
        client = self.client()
        self.run_to_end(client, "backup")
        before = client.get("/api/v1/overview").json["health"]
        for snapshot, status in (("deadbeefdead", 404), ("../../x", 400), ("zz", 400)):
            self.assertEqual(client.post("/api/v1/runs", {"kind": "drill", "options": {"snapshot": snapshot}}).status, status)
        self.assertEqual(client.get("/api/v1/overview").json["health"], before)

    def test_slow_downloads_leave_room_for_others(self):
        client = self.client()
        with open(os.path.join(self.practice.images, "large.bin"), "wb") as file:
            self.addCleanup(os.unlink, file.name)
            for _ in range(40):
                file.write(os.urandom(1 << 20))
        run = self.run_to_end(client, "backup")
        path = f"/api/v1/snapshots/{run['snapshot']}/file?path=/images/large.bin"
        slow = [svc.begin_download(client, path) for _ in range(12)]
        self.assertEqual(sorted({status for _, status in slow}), [200, 503])
        self.assertEqual(svc.Client(self.service.port).get("/healthz").status, 200)
        for connection, _ in slow:
            connection.close()

    def test_links_in_what_was_restored_lead_nowhere(self):
        client = self.client()
        os.symlink("/tmp", os.path.join(self.folder, "restored", "elsewhere"))
        self.addCleanup(os.unlink, os.path.join(self.folder, "restored", "elsewhere"))
        target = os.path.join(self.folder, "restored", "elsewhere", "enamel-must-not-be-there")
        self.assert_problem(client.post("/api/v1/runs", {"kind": "restore", "options": {"files_to": target}}), 400, "usage")

    def test_a_backup_made_by_the_command_line_meanwhile_is_seen(self):
        client = self.client()
        self.run_to_end(client, "backup")
        self.assertEqual(client.get("/api/v1/snapshots/latest/entries").status, 200)
        with open(os.path.join(self.practice.images, "added later.txt"), "w", encoding="utf-8") as file:
            file.write("new")
        self.addCleanup(os.unlink, file.name)
        made = lib.backup(self.repository, "--images", self.practice.images)
        base = f"/api/v1/snapshots/{made['snapshot_id']}"
        names = [entry["name"] for entry in client.get(base + "/entries?path=/images").json["entries"]]
        self.assertIn("added later.txt", names)
        self.assertEqual(client.get(base + "/file?path=/images/added%20later.txt").body, b"new")

    def test_a_restore_into_a_database_that_exists_fails_and_says_why(self):
        client = self.client()
        self.run_to_end(client, "backup")
        run = self.run_to_end(client, "restore", {"database_as": "opendental"}, state="failed")
        self.assertEqual(run["error"]["code"], "exists")
        self.assert_problem(client.post(f"/api/v1/runs/{run['id']}/cancel"), 409, "ended")
        self.assertEqual(client.post(f"/api/v1/runs/{run['id']}/resume").status, 201)

    def test_two_who_press_the_button_get_one_backup(self):
        clients, answers = [self.client() for _ in range(6)], []
        barrier = threading.Barrier(len(clients))

        def press(client):
            barrier.wait()
            answers.append(client.post("/api/v1/runs", {"kind": "backup"}))

        threads = [threading.Thread(target=press, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertLessEqual({answer.status for answer in answers}, {200, 201})
        for run in {answer.json["id"] for answer in answers}:
            self.assertEqual(svc.wait_for_run(clients[0], run)["state"], "done")


class Breaks(ServiceCase):
    def test_the_page_works_without_the_database(self):
        administrator = self.administrator()
        self.practice.stop()
        self.addCleanup(self.practice.start)
        self.assert_problem(self.service.client().sign_in("Manager", "sample manager"), 503, "database_gone")
        self.assertEqual(self.administrator().get("/api/v1/overview").status, 200)
        run = self.run_to_end(administrator, "backup", state="failed")
        self.assertEqual(run["error"]["code"], "database_unreachable")
        self.assertTrue(run["error"]["hint"])

    def test_a_run_cut_off_by_a_crash_is_interrupted_and_resumed(self):
        client = self.administrator()
        with open(os.path.join(self.practice.images, "large.bin"), "wb") as file:
            self.addCleanup(os.unlink, file.name)
            for _ in range(100):
                file.write(os.urandom(1 << 20))
        events = svc.Events(client)
        run = client.post("/api/v1/runs", {"kind": "backup"}).json["id"]
        while events.next()[1]["state"] != "running":
            pass
        self.service.kill()
        events.close()
        self.service.start()
        client = self.administrator()
        found = client.get(f"/api/v1/runs/{run}").json
        if found["state"] == "done":  # it was faster than the kill
            self.skipTest("the backup was done before it could be cut off")
        self.assertEqual(found["state"], "interrupted")
        resumed = client.post(f"/api/v1/runs/{run}/resume")
        self.assertEqual(resumed.status, 201)
        self.assertEqual(svc.wait_for_run(client, resumed.json["id"])["state"], "done")
        self.assertTrue(client.get("/api/v1/audit/verdict").json["whole"])
        lib.assert_clean(self.repository)

    def test_stopping_ends_cleanly_and_open_streams_do_not_keep_it(self):
        client = self.administrator()
        events = [svc.Events(client) for _ in range(20)]
        self.assertEqual(self.service.stop(), 0)
        for stream in events:
            self.assertIsNone(stream.next())
            stream.close()
        self.service.start()
        actions = [entry["action"] for entry in self.administrator().get("/api/v1/audit").json["entries"]]
        self.assertIn("service.stop", actions)

    def test_the_log_is_whole_and_can_be_taken_along(self):
        client = self.administrator()
        self.assertTrue(client.get("/api/v1/audit/verdict").json["whole"])
        exported = client.get("/api/v1/audit/export?format=csv").body.decode()
        self.assertIn("sign_in", exported)
        for line in client.get("/api/v1/audit/export?format=json").body.decode().splitlines():
            json.loads(line)


if __name__ == "__main__":
    unittest.main()
