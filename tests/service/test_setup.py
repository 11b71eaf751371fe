"""From nothing to the first backup over the API, as the page's wizard goes it, with a real practice; and the recovery kit
against what reads it: pdftotext, a QR reader, stock restic."""

import json
import os
import stat
import subprocess
import tempfile
import unittest

from lib import practice as lib
from lib import service as svc

ADMINISTRATOR = {"name": "owner", "password": "four words make it long"}


def kit_words(pdf):
    """The password as the kit's text shows it: words behind their numbers."""
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, stdout=subprocess.PIPE, check=True).stdout.decode()
    found = {}
    words = text.split()
    for number, word in zip(words, words[1:]):
        if number.isdigit() and word.isalpha() and word.islower() and int(number) == len(found) + 1:
            found[int(number)] = word
    return [found[i] for i in sorted(found)], text


def qr_code(pdf):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "kit")
        subprocess.run(["pdftoppm", "-png", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-", path], input=pdf, check=True)
        return subprocess.run(["zbarimg", "--quiet", "--raw", path + ".png"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              check=True).stdout.decode().strip()


class SetupCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        context = lib.practice(patients=30, images_mb=2)
        cls.practice = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)

    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.service = svc.Service(self.folder, "")
        self.addCleanup(lambda: self.service.stop())

    def enter(self):
        client = self.service.client()
        answer = client.post("/api/v1/setup/session", {"code": self.service.started["setup_code"].lower().replace("-", " ")})
        self.assertEqual(answer.status, 200, answer.body)
        client.cookie = answer.headers["Set-Cookie"].split(";")[0]
        client.csrf = answer.json["csrf_token"]
        return client

    def ask(self, client, step, body, status=200):
        answer = client.post(f"/api/v1/setup/{step}", body)
        self.assertEqual(answer.status, status, answer.body)
        return answer.json if answer.body else None

    def steps(self, client):
        return {step["name"]: step["done"] for step in client.get("/api/v1/setup").json["steps"]}

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json.get("code")), (status, code), answer.body)


class Setup(SetupCase):
    def test_from_nothing_to_the_first_backup(self):
        client = self.enter()
        self.assertEqual(client.get("/api/v1/session").json["may_administer"], True)
        self.assertFalse(any(done for name, done in self.steps(client).items() if name != "schedule"))
        self.ask(client, "administrator", ADMINISTRATOR, 204)

        found = self.ask(client, "database", {"url": self.practice.url})
        self.assertTrue(found["reachable"] and found["readable"], found)
        self.assertEqual(found["practices"], ["opendental"])
        self.assertNotEqual(found["practice_title"], "")
        self.assertNotEqual(found["program_version"], "")
        self.assertEqual(found["tables"], len(self.practice.tables()))
        self.assertEqual(sum(found["engines"].values()), found["tables"])
        self.assertTrue(found["data_folder"]["found"], found)
        self.assertEqual(found["missing_grants"], [])
        self.assertFalse(self.steps(client)["database"], "only looked at")
        self.ask(client, "database", {"url": self.practice.url, "save": True})

        images = self.ask(client, "images", {"path": self.practice.images, "save": True})
        self.assertTrue(images["exists"] and images["readable"], images)
        self.assertGreater(images["files_sampled"], 0)
        self.assertGreater(images["documents_checked"], 0)
        self.assertEqual(images["documents_found"], images["documents_checked"])
        self.assertEqual(images["problems"], [])

        repository = os.path.join(self.folder, "backups")
        place = self.ask(client, "destination", {"path": repository})
        self.assertEqual((place["exists"], place["empty"], place["is_repository"], place["writable"]), (False, True, False, True))
        self.assertGreater(place["write_mb_s"], 0)
        self.assertGreater(place["free"], 0)
        self.assertTrue(place["same_disk_as_data"])
        self.assertIn("same_disk", [p["code"] for p in place["problems"]])
        self.assertFalse(os.path.exists(repository), "it was only looked at")
        made = self.ask(client, "repository", {"path": repository}, 201)

        # The gate: without words from the kit it is not set up.
        self.assert_problem(client.post("/api/v1/setup/finish"), 400, "usage")
        kit = client.get("/api/v1/setup/kit")
        self.assertEqual(kit.headers["Cache-Control"], "no-store")
        words, text = kit_words(kit.body)
        self.assertEqual(len(words), 12)
        self.assertIn(made["id"][:16], text.replace("\n", ""))
        self.assertIn("restic -r", text)
        positions = client.get("/api/v1/setup/kit/challenge").json["positions"]
        self.assertEqual(len(set(positions)), 3)
        wrong = [{"position": p, "word": "wrong"} for p in positions]
        self.assertEqual(self.ask(client, "kit/confirm", {"words": wrong}), {"confirmed": False})
        positions = client.get("/api/v1/setup/kit/challenge").json["positions"]
        self.assertEqual(self.ask(client, "kit/confirm", {"words": [{"position": 1, "word": words[0]}]}), {"confirmed": False})
        positions = client.get("/api/v1/setup/kit/challenge").json["positions"]
        right = [{"position": p, "word": f" {words[p - 1].upper()} "} for p in positions]
        self.assertEqual(self.ask(client, "kit/confirm", {"words": right}), {"confirmed": True})

        self.assertEqual(client.ask("PUT", "/api/v1/settings", {"practice": {"name": "Smile Dental"}, "schedule": {"times": []},
                                                                "drills": {"times": []}}).status, 200)
        self.assertEqual(client.post("/api/v1/setup/finish").status, 204)
        self.assert_problem(client.get("/api/v1/runs"), 401, "sign_in")

        # From now on it is a service like any other.
        owner = self.service.client()
        self.assertEqual(owner.sign_in(ADMINISTRATOR["name"], ADMINISTRATOR["password"]).status, 200)
        state = owner.get("/api/v1/setup").json
        self.assertEqual((state["needed"], self.steps(owner)["kit"]), (False, True))
        run = svc.wait_for_run(owner, owner.post("/api/v1/runs", {"kind": "backup"}).json["id"])
        self.assertEqual(run["state"], "done", run)
        self.assert_problem(self.service.client().post("/api/v1/setup/session", {"code": self.service.started["setup_code"]}), 401, "sign_in")
        self.assert_problem(self.service.client().get("/api/v1/setup"), 401, "sign_in")

        # What is printed is what stock restic asks for, and the QR code says the same.
        password = " ".join(words)
        self.assertEqual(qr_code(kit.body), password)
        listed = lib.run(["restic", "--no-cache", "-r", repository, "snapshots", "--json"], env={"RESTIC_PASSWORD": password})
        self.assertEqual(len(json.loads(listed.stdout)), 1)
        self.assert_not_told(password)
        lib.enamel("config", "check", self.service.config)

        # The kit can be made again, which is on record, and set-up stays finished after a restart.
        self.assertEqual(kit_words(owner.get("/api/v1/setup/kit").body)[0], words)
        self.assertEqual([e["details"] for e in owner.get("/api/v1/audit?action=kit.print").json["entries"]], ["again", ""])
        self.service.stop()
        self.service.start()
        self.assertNotIn("setup_code", self.service.started)

    def assert_not_told(self, password):
        """The password is in its file and nowhere else; nor are two of its words in a row."""
        pair = " ".join(password.split()[:2]).encode()
        for folder, _, names in os.walk(self.folder):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    content = file.read()
                if name == "enamel.repository-password":
                    self.assertEqual(content.decode(), password + "\n")
                    self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
                else:
                    self.assertNotIn(pair, content, path)

    def test_the_code_opens_the_door_and_nothing_else_does(self):
        client = self.service.client()
        self.assertEqual(client.get("/api/v1/setup").json["needed"], True)
        self.assertIsNone(client.get("/api/v1/setup").json["free_dental_config"])
        for path in ("settings", "setup/kit", "setup/kit/challenge"):
            self.assert_problem(client.get(f"/api/v1/{path}"), 401, "sign_in")
        for path in ("administrator", "database", "images", "destination", "repository", "finish"):
            self.assert_problem(client.post(f"/api/v1/setup/{path}", {}), 401, "sign_in")
        # Signed in by the cookie alone: another page could have sent it.
        entered = self.enter()
        entered.csrf = None
        self.assert_problem(entered.post("/api/v1/setup/administrator", ADMINISTRATOR), 403, "csrf")
        for _ in range(5):
            self.assert_problem(client.post("/api/v1/setup/session", {"code": "ABCD-EFGH-JKLM-NPQR"}), 401, "wrong_code")
        self.assert_problem(client.post("/api/v1/setup/session", {"code": self.service.started["setup_code"]}), 429, "locked_out")
        self.assert_problem(client.post("/api/v1/setup/session", {}), 400, "malformed")

    def test_what_is_wrong_is_said_with_what_to_do(self):
        client = self.enter()
        gone = self.ask(client, "database", {"url": "mariadb://enamel@127.0.0.1:1/opendental", "save": True})
        self.assertFalse(gone["reachable"])
        self.assertEqual(gone["problems"][0]["code"], "database_unreachable")
        self.assertFalse(self.steps(client)["database"], "what nobody can reach is not saved")

        self.practice.sql("CREATE OR REPLACE USER fresh@localhost IDENTIFIED BY 'pass word'", None)
        url = self.practice.url.replace("root@", "fresh@")
        self.assertEqual(self.ask(client, "database", {"url": url, "password": "wrong"})["problems"][0]["code"], "database_denied")
        denied = self.ask(client, "database", {"url": url, "password": "pass word"})
        self.assertEqual((denied["reachable"], denied["readable"]), (True, False))
        self.assertEqual(len(denied["missing_grants"]), 3, denied)
        for statement in denied["missing_grants"]:
            self.practice.sql(statement, None)
        found = self.ask(client, "database", {"url": url, "password": "pass word", "save": True})
        self.assertEqual((found["readable"], found["missing_grants"]), (True, []))
        # The kept password is for the same account only.
        self.assertTrue(self.ask(client, "database", {"url": url})["readable"])
        self.assertFalse(self.ask(client, "database", {"url": url.replace("fresh@", "other@")})["reachable"])

        other = self.ask(client, "database", {"url": self.practice.url.replace("/opendental", "/mysql")})
        self.assertIn("not_open_dental", [p["code"] for p in other["problems"]])
        self.assertIn("opendental", [p for p in other["problems"] if p["code"] == "not_open_dental"][0]["hint"])
        missing = self.ask(client, "database", {"url": self.practice.url.replace("/opendental", "/opendentall")})
        self.assertEqual((missing["reachable"], missing["readable"]), (True, False))
        copy = os.path.join(self.folder, "copy")
        os.mkdir(copy)
        folder = self.ask(client, "database", {"url": self.practice.url, "data_folder": copy})["data_folder"]
        self.assertEqual((folder["found"], folder["path"]), (False, copy))
        self.assertNotEqual(folder["reason"], "")

        self.assertFalse(self.ask(client, "images", {"path": "/no/such/folder"})["exists"])
        empty = self.ask(client, "images", {"path": copy})
        self.assertEqual((empty["exists"], empty["readable"]), (True, False))
        os.mkdir(os.path.join(copy, "A"))
        wrong = self.ask(client, "images", {"path": copy})
        self.assertEqual((wrong["documents_found"], [p["code"] for p in wrong["problems"]]), (0, ["wrong_practice"]))

        full = self.ask(client, "destination", {"path": "/proc/backups"})
        self.assertEqual((full["write_mb_s"], len(full["problems"])), (None, 1), full)
        self.ask(client, "images", {"path": self.practice.images, "save": True})
        inside = self.ask(client, "destination", {"path": os.path.join(self.practice.images, "backups")})
        self.assertIn("inside_source", [p["code"] for p in inside["problems"]])
        for step, body in (("images", {"path": "images"}), ("destination", {"path": ""}), ("database", {"url": "opendental"}),
                           ("database", {"url": "mariadb://a:b@h/d"}), ("database", {}), ("kit/confirm", {"words": [5]}),
                           ("kit/confirm", {"words": [{"position": -1, "word": "a"}]})):
            with self.subTest(step=step, body=body):
                self.assert_problem(client.post(f"/api/v1/setup/{step}", body), 400, "malformed")
        self.assert_problem(client.get("/api/v1/setup/kit"), 400, "usage")
        self.assert_problem(client.post("/api/v1/setup/administrator", {"name": "x", "password": "short"}), 400, "usage")
        log = self.service.logged()
        self.assertNotIn("pass word", log)

    def test_backups_that_are_there_are_gone_on_with(self):
        repository = lib.new_repository(self.folder)
        client = self.enter()
        self.assertTrue(self.ask(client, "destination", {"path": repository})["is_repository"])
        self.assert_problem(client.post("/api/v1/setup/repository", {"path": repository}), 409, "exists")
        self.assert_problem(client.post("/api/v1/setup/repository", {"path": repository, "password": "wrong"}), 403, "wrong_password")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "enamel.repository-password")))
        self.ask(client, "repository", {"path": repository, "password": lib.PASSWORD}, 201)
        self.assert_problem(client.post("/api/v1/setup/repository", {"path": self.folder + "/another"}), 409, "exists")
        positions = client.get("/api/v1/setup/kit/challenge").json["positions"]
        self.assertEqual(self.ask(client, "kit/confirm", {"words": [{"position": p, "word": lib.PASSWORD.split()[p - 1]} for p in positions]}),
                         {"confirmed": True})

    def test_a_set_up_that_was_left_goes_on_after_a_restart(self):
        client = self.enter()
        self.ask(client, "database", {"url": self.practice.url, "save": True})
        self.ask(client, "repository", {"path": os.path.join(self.folder, "backups")}, 201)
        old = self.service.started["setup_code"]
        self.service.kill()
        self.service.start()
        self.assertNotEqual(self.service.started["setup_code"], old)
        again = self.enter()
        steps = self.steps(again)
        self.assertEqual((steps["database"], steps["repository"], steps["kit"]), (True, True, False))

    def test_a_workstations_file_is_understood(self):
        with open(os.path.join(self.folder, "FreeDentalConfig.xml"), "w", encoding="utf-8") as file:
            file.write("<ConnectionSettings><DatabaseConnection><ComputerName>SERVER</ComputerName><Database>opendental</Database>"
                       "<User>root</User><Password>S3CRET</Password><DatabaseType>MySql</DatabaseType></DatabaseConnection></ConnectionSettings>")
        answer = self.enter().get("/api/v1/setup")
        self.assertEqual(answer.json["free_dental_config"], {"host": "SERVER", "database": "opendental", "user": "root"})
        self.assertNotIn(b"S3CRET", answer.body)
