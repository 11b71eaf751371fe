"""Restoring, going live and undoing through the API, on a real practice. Every answer is held against the API's
description (src/service/openapi.json)."""

import threading
import unittest

from lib import practice as lib
from lib import service as svc
from test_api import ServiceCase


class GoLiveCase(ServiceCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshot = lib.backup(cls.repository, "--database", cls.practice.url, "--images", cls.practice.images)["snapshot_id"]

    def tearDown(self):
        live = "opendental"
        for (name,) in self.practice.sql("SHOW DATABASES", None):
            if name.startswith(("copy", live + "backup_")):
                self.practice.sql(f"DROP DATABASE `{name}`", None)

    def run_of(self, client, kind, state="done", **options):
        answer = client.post("/api/v1/runs", {"kind": kind, "options": options})
        self.assertEqual(answer.status, 201, answer.body)
        run = svc.wait_for_run(client, answer.json["id"])
        self.assertEqual(run["state"], state, run)
        return run

    def databases(self, client):
        answer = client.get("/api/v1/databases")
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json["live"], "opendental")
        return {database["name"]: database for database in answer.json["databases"]}

    def restore(self, client, name, **options):
        return self.run_of(client, "restore", snapshot=self.snapshot, database_as=name, **options)

    def test_back_to_a_moment_and_forth(self):
        client = self.client()
        self.restore(client, "copy", doc_path="D:\\Restored;\\\\server\\images")
        self.assertEqual(self.practice.sql("SELECT ValueString FROM preference WHERE PrefName = 'DocPath'", "copy"),
                         [["D:\\\\Restored;\\\\\\\\server\\\\images"]])
        self.assertNotEqual(self.practice.sql("SELECT ValueString FROM preference WHERE PrefName = 'DocPath'"),
                            self.practice.sql("SELECT ValueString FROM preference WHERE PrefName = 'DocPath'", "copy"))
        self.practice.sql("DELETE FROM patient LIMIT 3; INSERT INTO securitylog (PermType, UserNum, LogDateTime, LogText) "
                          "VALUES (1, 1, '2099-01-02 03:04:05', 'late')")
        live, copy = self.practice.checksums(), self.practice.checksums("copy")

        found = self.databases(client)
        self.assertEqual((found["copy"]["kind"], found["copy"]["snapshot"]), ("restored", self.snapshot))
        self.assertEqual(found["opendental"]["kind"], "live")
        self.assertEqual(found["opendental"]["tables"], found["copy"]["tables"])
        self.assertEqual(found["opendental"]["program_version"], found["copy"]["program_version"])
        self.assertNotIn("mysql", found)

        compared = client.get("/api/v1/databases/copy/comparison").json
        rows = {table["name"]: table for table in compared["tables"]}
        self.assertEqual(rows["patient"]["copy_rows"] - rows["patient"]["live_rows"], 3)
        self.assertEqual(compared["live_newest_log"], "2099-01-02 03:04:05")
        self.assertEqual(compared["blockers"], [])
        self.assertTrue(any("2099-01-02 03:04:05" in warning for warning in compared["warnings"]), compared["warnings"])
        self.assertTrue(any("DocPath" in warning for warning in compared["warnings"]), compared["warnings"])

        run = self.run_of(client, "go_live", database="copy", confirm="opendental")
        result = client.get(f"/api/v1/runs/{run['id']}/result").json
        self.assertEqual(self.practice.checksums(), copy)
        self.assertEqual(self.practice.checksums(result["aside"])["patient"], live["patient"])
        found = self.databases(client)
        self.assertEqual((found[result["aside"]]["kind"], found[result["aside"]]["undo"]), ("aside", run["id"]))
        self.assertTrue(found[result["aside"]]["can_undo"])
        self.assertNotIn("copy", found)

        self.run_of(client, "undo", run=run["id"], confirm="opendental")
        self.assertEqual((self.practice.checksums(), self.practice.checksums("copy")), (live, copy))
        self.assertNotIn(result["aside"], self.databases(client))

    def test_what_is_refused(self):
        client = self.client()
        self.restore(client, "copy_part", only=["/database/opendental/patient"])
        before = self.practice.checksums()
        for options in ({"database": "copy_part"}, {"database": "copy_part", "confirm": "opendenta"}, {"confirm": "opendental"},
                        {"database": "copy_part", "confirm": "opendental", "from": "x"}, {"database": ["copy_part"], "confirm": "opendental"},
                        {"database": "copy\0part", "confirm": "opendental"}):
            self.assertEqual(client.post("/api/v1/runs", {"kind": "go_live", "options": options}).status, 400, options)
        self.assertEqual(client.post("/api/v1/runs", {"kind": "undo", "options": {"confirm": "opendental", "run": 999999}}).status, 404)
        for name, words in (("copy_part", "no Open Dental database"), ("nowhere", "no database nowhere"), ("mysql", "no Open Dental database"),
                            ("opendental", "the same"), ("`; DROP DATABASE opendental; --", "no database")):
            run = self.run_of(client, "go_live", state="failed", database=name, confirm="opendental")
            self.assertIn(words, run["error"]["message"])
        run = self.run_of(client, "undo", state="failed", confirm="opendental")
        self.assertEqual(run["error"]["code"], "not_found")
        self.assertEqual(client.get("/api/v1/databases/nowhere/comparison").status, 404)
        self.assertEqual(client.get("/api/v1/databases/..%2fmysql/comparison").status, 400)
        self.assertTrue(client.get("/api/v1/databases/copy_part/comparison").json["blockers"])
        self.assertEqual(self.service.client().get("/api/v1/databases").status, 401)
        self.assertEqual(self.practice.checksums()["patient"], before["patient"])

    def test_two_press_at_once(self):
        clients = [self.client() for _ in range(4)]
        self.restore(clients[0], "copy_a")
        self.restore(clients[0], "copy_b")
        live = self.practice.checksums()
        runs = []

        def press(client, name):
            answer = client.post("/api/v1/runs", {"kind": "go_live", "options": {"database": name, "confirm": "opendental"}})
            runs.append(svc.wait_for_run(client, answer.json["id"]))

        threads = [threading.Thread(target=press, args=(client, "copy_a" if i % 2 else "copy_b")) for i, client in enumerate(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The same wish twice is one run, or finds nothing left to do; two wishes are done one after the other.
        done = {run["id"] for run in runs if run["state"] == "done"}
        self.assertEqual(len(done), 2, runs)
        for run in runs:
            if run["state"] != "done":
                self.assertIn("are live already", run["error"]["message"])
        for _ in range(2):
            self.run_of(clients[0], "undo", confirm="opendental")
        self.assertEqual(self.practice.checksums(), live)


if __name__ == "__main__":
    unittest.main()
