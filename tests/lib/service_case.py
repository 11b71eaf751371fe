"""A test case with one practice, one repository and one `enamel serve` for all tests of a class."""

import os
import unittest

from lib import practice as lib
from lib import service


def configuration(practice, repository, folder, more=""):
    return f"""
[practice]
name = "Smile Dental"
[database]
url = "{practice.url}"
[images]
path = "{practice.images}"
[repository]
path = "{repository}"
password_file = "{folder}/repository-password"
[schedule]
times = []
[drills]
times = []
[restore]
folder = "{folder}/restored"
{more}
"""


class ServiceCase(unittest.TestCase):
    """One practice and one service for all tests of a class."""
    more = ""

    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=30, images_mb=2), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)
        with open(os.path.join(cls.folder, "repository-password"), "w", encoding="utf-8") as file:
            file.write(lib.PASSWORD + "\n")
        os.chmod(file.name, 0o600)
        os.mkdir(os.path.join(cls.folder, "restored"))
        service.set_administrator(cls.folder)
        cls.service = service.Service(cls.folder, configuration(cls.practice, cls.repository, cls.folder, cls.more))
        cls.addClassCleanup(lambda: cls.service.stop())

    def client(self, user="Manager", password="sample manager"):
        client = self.service.client()
        self.assertEqual(client.sign_in(user, password).status, 200)
        return client

    def administrator(self):
        return self.client(*service.ADMINISTRATOR)

    def run_to_end(self, client, kind, options=None, state="done"):
        answer = client.post("/api/v1/runs", {"kind": kind, "options": options or {}})
        self.assertEqual(answer.status, 201, answer.body)
        run = service.wait_for_run(client, answer.json["id"])
        self.assertEqual(run["state"], state, run)
        return run

    def assert_problem(self, answer, status, code):
        self.assertEqual((answer.status, answer.json.get("code")), (status, code), answer.body)
