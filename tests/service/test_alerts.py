"""Alerts, from what went wrong to the mail and the webhook's message, against a real mail server and a real web
server with certificates; and /metrics as a monitoring system reads it."""

import os
import re
import shutil

from lib import practice as lib
from lib import receivers
from lib import service as svc
from lib.service_case import ServiceCase


def wait_for_alert(client, wanted):
    """The first alert that is wanted."""
    while True:
        for alert in client.get("/api/v1/alerts").json["alerts"]:
            if wanted(alert):
                return alert


class AlertCase(ServiceCase):
    """A service that tells by mail (STARTTLS), webhook and ping (HTTPS), all with a certificate of the practice's own."""

    @classmethod
    def setUpClass(cls):
        context = lib.temporary_folder()
        folder = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)
        certificate, key = receivers.make_certificate(folder)
        cls.mails = receivers.MailServer(certificate, key)
        cls.addClassCleanup(cls.mails.stop)
        cls.web = receivers.WebReceiver(certificate, key)
        cls.addClassCleanup(cls.web.stop)
        password = os.path.join(folder, "smtp-password")
        with open(password, "w", encoding="utf-8") as file:
            file.write(cls.mails.PASSWORD + "\n")
        os.chmod(password, 0o600)
        cls.more = f"""
[alerts]
webhook_url = "{cls.web.url}/hook/secret-path-1"
ping_url = "{cls.web.url}/ping/secret-path-2?x=1"
ca_file = "{certificate}"
[alerts.smtp]
host = "127.0.0.1"
port = {cls.mails.port}
security = "starttls"
from = "enamel@practice.example"
to = ["nobody@practice.example", "office@practice.example"]
user = "{cls.mails.USER}"
password_file = "{password}"
"""
        super().setUpClass()

    def alert(self, client, code, ended=False):
        return wait_for_alert(client, lambda alert: alert["code"] == code and (alert["ended"] is not None) == ended)


class Telling(AlertCase):
    def test_an_unplugged_destination_and_its_end(self):
        client = self.client()
        self.run_to_end(client, "backup")
        self.web.wait_for(lambda r: r[:2] == ("GET", "/ping/secret-path-2?x=1"), "the ping")
        events = svc.Events(client, ("alert",))
        self.addCleanup(events.close)
        shutil.move(self.repository, self.repository + ".unplugged")
        self.run_to_end(client, "backup", state="failed")
        alert = self.alert(client, "destination_gone")
        self.assertEqual(alert["severity"], "critical")
        self.assertIn("the folder is not there", alert["detail"])
        self.assertIn("external drive", alert["advice"])
        overview = client.get("/api/v1/overview").json
        self.assertEqual(overview["alerts"][0]["code"], "destination_gone")
        self.assertIsNone(overview["destination"]["free"])
        mail = self.mails.wait_for(lambda m: "cannot be reached" in m["text"], "the mail")
        self.assertTrue(mail["tls"])
        self.assertEqual(mail["to"], ["office@practice.example"])
        self.assertIn("Smile Dental: ", mail["subject"])
        self.assertIn("What to do: ", mail["text"])
        hook = self.web.wait_for(lambda r: r[0] == "POST" and "cannot be reached" in r[2]["text"], "the webhook's message")
        self.assertEqual(hook[1], "/hook/secret-path-1")
        self.assertIn("destination_gone", [news["alert"]["code"] for news in hook[2]["news"]])
        self.web.wait_for(lambda r: r[:2] == ("GET", "/ping/secret-path-2/fail?x=1"), "the ping of the failure")
        told = wait_for_alert(client, lambda a: a["code"] == "destination_gone" and len(a["told"]) == 2)["told"]
        self.assertEqual([(t["channel"], t["error"]) for t in told], [("email", None), ("webhook", None)])

        shutil.move(self.repository + ".unplugged", self.repository)
        self.run_to_end(client, "backup")
        self.alert(client, "destination_gone", ended=True)
        self.alert(client, "backup_failed", ended=True)
        over = self.mails.wait_for(lambda m: "OVER: The place for the backups cannot be reached" in m["text"], "the mail at the end")
        self.assertIn("Over: ", over["subject"])
        seen = []
        while ("destination_gone", True) not in seen:
            _, data = events.next()
            seen.append((data["code"], data["ended"] is not None))
        self.assertIn(("destination_gone", False), seen)
        self.assertIsInstance(client.get("/api/v1/overview").json["destination"]["free"], int)
        # Each is told once.
        begun = [m for m in self.mails.all() if "CRITICAL: The place for the backups cannot be reached" in m["text"]]
        self.assertEqual(len(begun), 1)

    def test_secrets_are_in_no_log_and_no_state(self):
        client = self.administrator()
        self.web.status = 404
        answer = client.post("/api/v1/alerts/test", {"channel": "webhook"}).json
        self.web.status = 200
        self.assertFalse(answer["delivered"])
        self.assertIn("answered with status 404", answer["detail"])
        self.service.stop()
        self.service.start()
        for name in os.listdir(self.service.state):
            with open(os.path.join(self.service.state, name), "rb") as file:
                content = file.read()
            self.assertNotIn(b"secret-path", content, name)
            self.assertNotIn(self.mails.PASSWORD.encode(), content, name)
        self.assertNotIn("secret-path", self.service.logged())
        self.assertNotIn(self.mails.PASSWORD, self.service.logged())

    def test_telling_can_be_tried(self):
        administrator = self.administrator()
        answer = administrator.post("/api/v1/alerts/test", {"channel": "email"}).json
        self.assertTrue(answer["delivered"], answer)
        self.assertIn("nobody@practice.example", answer["detail"])
        self.assertIn("there is no such person", answer["detail"])
        mail = self.mails.wait_for(lambda m: "This is a test" in m["subject"], "the mail")
        self.assertEqual(mail["message"]["To"], "office@practice.example")
        self.assertEqual(mail["message"]["Auto-Submitted"], "auto-generated")
        self.assertTrue(administrator.post("/api/v1/alerts/test", {"channel": "webhook"}).json["delivered"])
        self.assertTrue(administrator.post("/api/v1/alerts/test", {"channel": "ping"}).json["delivered"])
        actions = administrator.get("/api/v1/audit?action=alert.test").json["entries"]
        self.assertEqual({entry["object"] for entry in actions} >= {"email", "webhook", "ping"}, True)
        self.assert_problem(self.client().post("/api/v1/alerts/test", {"channel": "email"}), 403, "not_administrator")
        self.assert_problem(administrator.post("/api/v1/alerts/test", {"channel": "pigeon"}), 400, "malformed")


class Refusing(ServiceCase):
    """Mail servers that must get nothing, or take nothing."""

    def setUp(self):
        context = lib.temporary_folder()
        self.keys = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.certificate, self.key = receivers.make_certificate(self.keys)

    def try_mail(self, mails, more="", ca_file=None, password=receivers.MailServer.PASSWORD):
        """The answer to a test by mail of a service that is set up so."""
        secret = os.path.join(self.keys, "smtp-password")
        with open(secret, "w", encoding="utf-8") as file:
            file.write(password)
        os.chmod(secret, 0o600)
        with open(self.service.config, encoding="utf-8") as file:
            text = file.read().split("[alerts]")[0]
        self.service.stop()
        with open(self.service.config, "w", encoding="utf-8") as file:
            file.write(text + f'''[alerts]
ca_file = "{ca_file or self.certificate}"
[alerts.smtp]
host = "127.0.0.1"
port = {mails.port}
from = "enamel@practice.example"
to = ["office@practice.example"]
user = "enamel"
password_file = "{secret}"
{more}
''')
        self.service.start()
        return self.administrator().post("/api/v1/alerts/test", {"channel": "email"}).json

    def mail_server(self, **options):
        mails = receivers.MailServer(self.certificate, self.key, **options)
        self.addCleanup(mails.stop)
        return mails

    def test_who_is_not_trusted_gets_nothing(self):
        mails = self.mail_server()
        other = receivers.make_certificate(self.keys, "another.example")[0]
        answer = self.try_mail(mails, ca_file=other)
        self.assertFalse(answer["delivered"])
        self.assertIn("not trusted", answer["detail"])
        self.assertEqual((mails.all(), mails.logins), ([], []))

    def test_who_offers_no_tls_gets_nothing(self):
        mails = self.mail_server(starttls=False)
        answer = self.try_mail(mails)
        self.assertFalse(answer["delivered"])
        self.assertIn("offers no TLS", answer["detail"])
        self.assertEqual((mails.all(), mails.logins), ([], []))

    def test_a_wrong_password_is_said_and_not_shown(self):
        mails = self.mail_server()
        answer = self.try_mail(mails, password="wrong-secret-77")
        self.assertFalse(answer["delivered"])
        self.assertIn("535", answer["detail"])
        self.assertIn("alerts.smtp.user", answer["detail"])
        self.assertNotIn("wrong-secret-77", answer["detail"] + self.service.logged())
        self.assertEqual(mails.logins[:1], [b"enamel"])


class Noticing(ServiceCase):
    """Without any channel."""

    def test_alerts_without_channels_are_seen_muted_and_counted(self):
        client = self.client()
        shutil.move(self.repository, self.repository + ".unplugged")
        self.addCleanup(lambda: os.path.exists(self.repository) or shutil.move(self.repository + ".unplugged", self.repository))
        self.run_to_end(client, "backup", state="failed")
        alert = wait_for_alert(client, lambda a: a["code"] == "destination_gone" and a["ended"] is None)
        self.assertEqual(alert["told"], [])
        muted = client.post(f"/api/v1/alerts/{alert['id']}/mute", {"hours": 24})
        self.assertEqual(muted.status, 200)
        self.assertGreater(muted.json["muted_until"], muted.json["last_seen"])
        for body in ({}, {"hours": -1}, {"hours": 169}, {"hours": "1"}, {"hours": 1.5}, {"hours": 1, "more": 1}, {"hours": 10**30}):
            self.assert_problem(client.post(f"/api/v1/alerts/{alert['id']}/mute", body), 400, "malformed")
        self.assert_problem(client.post("/api/v1/alerts/99999/mute", {"hours": 1}), 404, "not_found")
        self.assert_problem(client.post("/api/v1/alerts/x/mute", {"hours": 1}), 400, "malformed")
        for query in ("ended=maybe", "limit=0", "limit=501", "before=0"):
            self.assertEqual(client.get(f"/api/v1/alerts?{query}").status, 400, query)
        self.assertEqual(svc.Client(self.service.port, client.description).get("/api/v1/alerts").status, 401)
        answer = self.administrator().post("/api/v1/alerts/test", {"channel": "email"}).json
        self.assertFalse(answer["delivered"])
        self.assertIn("no email is set up", answer["detail"])
        metrics = parse_metrics(client.get("/metrics").body.decode())
        self.assertEqual(metrics["enamel_alert_active"]["samples"][(("code", "destination_gone"),)], 1)
        self.assertEqual(metrics["enamel_alert_active"]["samples"][(("code", "drill_failed"),)], 0)
        self.assertEqual(metrics["enamel_destination_up"]["samples"][()], 0)

        self.service.stop()
        self.service.start()
        client = self.client()
        again = [a for a in client.get("/api/v1/alerts?ended=false").json["alerts"] if a["code"] == "destination_gone"]
        self.assertEqual([a["id"] for a in again], [alert["id"]])
        self.assertEqual(again[0]["since"], alert["since"])
        shutil.move(self.repository + ".unplugged", self.repository)
        self.run_to_end(client, "backup")
        wait_for_alert(client, lambda a: a["id"] == alert["id"] and a["ended"] is not None)
        self.assert_problem(client.post(f"/api/v1/alerts/{alert['id']}/mute", {"hours": 1}), 409, "ended")
        self.assertNotIn(alert["id"], [a["id"] for a in client.get("/api/v1/alerts?ended=false").json["alerts"]])

        metrics = parse_metrics(client.get("/metrics").body.decode())
        self.assertEqual(metrics["enamel_alert_active"]["samples"][(("code", "destination_gone"),)], 0)
        self.assertEqual(metrics["enamel_runs_total"]["type"], "counter")
        self.assertEqual(metrics["enamel_runs_total"]["samples"][(("kind", "backup"), ("state", "done"))], 1)
        self.assertEqual(metrics["enamel_runs_total"]["samples"][(("kind", "backup"), ("state", "failed"))], 1)
        self.assertGreater(metrics["enamel_backup_files"]["samples"][()], 100)
        self.assertGreater(metrics["enamel_destination_free_bytes"]["samples"][()], 0)
        self.assertEqual(metrics["enamel_repository_snapshots"]["samples"][()], 1)

    def test_images_encrypted_by_blackmail_software_are_noticed(self):
        client = self.client()
        folder = os.path.join(self.practice.images, "X", "XRays1")
        os.makedirs(folder)
        self.addCleanup(shutil.rmtree, os.path.dirname(folder))
        images = [os.path.join(folder, f"{number}.jpg") for number in range(40)]
        for path in images:
            with open(path, "wb") as file:
                file.write(b"\xff\xd8\xff\xe0" + os.urandom(20_000))
        self.run_to_end(client, "backup")
        os.chmod(images[0], 0o640)  # read again, and found to be the same
        usual = self.run_to_end(client, "backup")
        result = client.get(f"/api/v1/runs/{usual['id']}/result").json["images"]
        self.assertEqual((result["files_changed"], result["files_rewritten"], result["scrambled_rewritten"]), (1, 0, 0))
        self.assertNotIn("images_scrambled", [a["code"] for a in client.get("/api/v1/alerts").json["alerts"]])
        for path in images:
            with open(path, "wb") as file:
                file.write(os.urandom(20_000))
        run = self.run_to_end(client, "backup")
        result = client.get(f"/api/v1/runs/{run['id']}/result").json["images"]
        self.assertEqual((result["files_rewritten"], result["scrambled_rewritten"], result["scrambled_new"]), (40, 40, 0))
        alert = wait_for_alert(client, lambda a: a["code"] == "images_scrambled" and a["ended"] is None)
        self.assertEqual((alert["run"], alert["severity"]), (run["id"], "critical"))
        self.assertIn("40 files", alert["detail"])

    def test_rows_that_vanish_are_noticed(self):
        client = self.client()
        self.practice.sql("CREATE TABLE kept_rows AS SELECT * FROM procedurelog")
        self.addCleanup(self.practice.sql, "DROP TABLE kept_rows")
        self.run_to_end(client, "backup")
        rows = int(self.practice.sql("SELECT COUNT(*) FROM procedurelog")[0][0])
        self.practice.sql(f"DELETE FROM procedurelog LIMIT {rows // 2}")
        self.addCleanup(self.practice.sql, "INSERT IGNORE INTO procedurelog SELECT * FROM kept_rows")
        run = self.run_to_end(client, "backup")
        alert = wait_for_alert(client, lambda a: a["code"] == "rows_collapsed" and a["ended"] is None)
        self.assertEqual(alert["run"], run["id"])
        self.assertIn(f"procedurelog: {rows - rows // 2} rows, {rows} before", alert["detail"])


def parse_metrics(text):
    """Prometheus' text format, version 0.0.4, read strictly: {family: {type, help, samples: {labels: value}}}."""
    families, family = {}, None
    sample = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)')
    label = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            family, said = line[7:].split(" ", 1)
            assert family not in families, f"{family} is there twice"
            families[family] = {"help": said, "type": None, "samples": {}}
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name == family and kind in ("gauge", "counter"), line
            assert (kind == "counter") == name.endswith("_total"), line
            families[family]["type"] = kind
        else:
            match = sample.fullmatch(line)
            assert match and match[1] == family, line
            labels = tuple((m[1], m[2]) for m in label.finditer(match[2] or ""))
            assert labels not in families[family]["samples"], line
            families[family]["samples"][labels] = float(match[3])
    return families
