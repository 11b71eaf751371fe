"""Settings and secrets over the API: they take effect while the service runs, are in the file, and are nobody's but
an administrator's."""

import os
import re
import stat

from lib import practice as lib
from lib import service as svc
from lib.service_case import ServiceCase


class Settings(ServiceCase):
    def put(self, client, body):
        return client.ask("PUT", "/api/v1/settings", body)

    def configuration(self):
        with open(self.service.config, encoding="utf-8") as file:
            return file.read()

    def test_they_take_effect_at_once_and_are_in_the_file(self):
        client = self.administrator()
        shown = client.get("/api/v1/settings").json
        self.assertEqual(shown["practice"], {"name": "Smile Dental"})
        self.assertEqual(shown["repository"], {"path": self.repository, "password_set": True})
        self.assertNotIn(lib.PASSWORD, str(shown))
        self.assertIsNone(client.get("/api/v1/overview").json["next_backup"])

        answer = self.put(client, {"practice": {"name": "Bright Smiles"}, "schedule": {"times": ["07:30"], "quiet_hours": "22:00-06:00"},
                                   "retention": {"keep_daily": 7}})
        self.assertEqual(answer.status, 200, answer.body)
        self.assertEqual(answer.json["schedule"]["times"], ["07:30"])
        self.assertFalse(answer.json["restart_needed"])
        overview = client.get("/api/v1/overview").json
        self.assertEqual(overview["practice"], "Bright Smiles")
        self.assertIsNotNone(overview["next_backup"])
        self.assertIn('times = ["07:30"]', self.configuration())
        lib.enamel("config", "check", self.service.config)

        # What was shown can be sent back whole.
        answer = self.put(client, client.get("/api/v1/settings").json)
        self.assertEqual(answer.status, 200, answer.body)

        log = client.get("/api/v1/audit?action=settings.change").json["entries"]
        self.assertIn('practice.name: "Smile Dental" -> "Bright Smiles"', [e["details"] for e in log if e["outcome"] == "done"][1])
        self.service.stop()
        self.service.start()
        self.assertEqual(self.administrator().get("/api/v1/settings").json["practice"]["name"], "Bright Smiles")
        self.put(self.administrator(), {"practice": {"name": "Smile Dental"}, "schedule": {"times": []}})

    def test_who_may_sign_in_is_changed_while_it_runs(self):
        administrator = self.administrator()
        self.assertEqual(self.put(administrator, {"sign_in": {"open_dental": False}}).status, 200)
        self.assert_problem(self.service.client().sign_in("Manager", "sample manager"), 401, "wrong_password")
        self.assertEqual(self.put(administrator, {"sign_in": {"open_dental": True}}).status, 200)
        self.client()
        self.assert_problem(self.put(administrator, {"sign_in": {"open_dental": False, "local_administrator": False}}), 400, "usage")

    def test_another_database_is_asked_at_once(self):
        administrator = self.administrator()
        self.assertEqual(self.put(administrator, {"database": {"url": "mariadb://root@127.0.0.1:1/opendental"}}).status, 200)
        self.assert_problem(self.service.client().sign_in("Manager", "sample manager"), 503, "database_gone")
        self.assertEqual(self.put(administrator, {"database": {"url": self.practice.url}}).status, 200)
        self.client()

    def test_only_an_administrator_sees_and_changes_them(self):
        client = self.client()
        self.assert_problem(client.get("/api/v1/settings"), 403, "not_administrator")
        self.assert_problem(self.put(client, {"practice": {"name": "mine"}}), 403, "not_administrator")
        self.assert_problem(client.ask("PUT", "/api/v1/secrets/smtp", {"value": "mine"}), 403, "not_administrator")

    def test_what_cannot_be_changes_nothing(self):
        client = self.administrator()
        before = self.configuration()
        for body, code in (({"schedule": {"times": ["7 o'clock"]}}, "malformed"),
                           ({"schedule": 5}, "malformed"),
                           ({"schedules": {}}, "malformed"),
                           ({"practice": {"name": "x"}, "retention": {"keep_daily": -1}}, "malformed"),
                           ({"database": {"password_file": "/etc/shadow"}}, "malformed"),
                           ({"listen": {"address": "0.0.0.0"}}, "usage"),
                           ({"alerts": {"smtp": {"host": "mail.example"}}}, "usage")):
            with self.subTest(body=body):
                self.assert_problem(self.put(client, body), 400, code)
        self.assertEqual(self.configuration(), before)
        self.assertEqual(client.get("/api/v1/settings").json["practice"]["name"], "Smile Dental")

    def test_where_it_is_served_takes_a_restart(self):
        client = self.administrator()
        self.assertTrue(self.put(client, {"listen": {"names": ["backup-pc"]}}).json["restart_needed"])
        self.assertFalse(self.put(client, {"listen": {"names": []}}).json["restart_needed"])

    def test_secrets_go_in_and_never_come_out(self):
        client = self.administrator()
        secret = "https://chat.example/hooks/T0PSECRET"
        self.assertEqual(client.ask("PUT", "/api/v1/secrets/webhook_url", {"value": secret}).status, 204)
        self.assertEqual(client.ask("PUT", "/api/v1/secrets/smtp", {"value": "T0PSECRET2"}).status, 204)
        shown = client.get("/api/v1/settings").json["alerts"]
        self.assertEqual((shown["webhook_url_set"], shown["smtp"]["password_set"], shown["ping_url_set"]), (True, True, False))
        path = re.search(r'webhook_url_file = "(.*)"', self.configuration()).group(1)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), secret + "\n")
        for folder, _, names in os.walk(self.folder):
            for name in names:
                if name in ("enamel.webhook-url", "enamel.smtp-password"):
                    continue
                with open(os.path.join(folder, name), "rb") as file:
                    self.assertNotIn(b"T0PSECRET", file.read(), name)
        self.assertNotIn("T0PSECRET", str(client.get("/api/v1/audit").json))

        self.assertEqual(client.ask("PUT", "/api/v1/secrets/webhook_url", {"value": ""}).status, 204)
        self.assertEqual(client.ask("PUT", "/api/v1/secrets/smtp", {"value": ""}).status, 204)
        self.assertFalse(os.path.exists(path))
        self.assert_problem(client.ask("PUT", "/api/v1/secrets/repository", {"value": "x"}), 404, "not_found")
        self.assert_problem(client.ask("PUT", "/api/v1/secrets/ping_url", {"value": "T0PSECRET"}), 400, "usage")
        self.assert_problem(client.ask("PUT", "/api/v1/secrets/smtp", {}), 400, "malformed")
        self.assertEqual(svc.Client(self.service.port).ask("PUT", "/api/v1/secrets/smtp", {"value": "x"}).status, 401)

