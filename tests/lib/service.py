"""A running `enamel serve` for tests, and a client that holds every answer against the API's description."""

import http.client
import json
import os
import re
import signal
import subprocess
import time

import jsonschema

from lib import practice as lib

ADMINISTRATOR = ("emergency", "four words make it long")


class Answer:
    def __init__(self, response, body):
        self.status, self.headers, self.body = response.status, response.headers, body

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """Asks one service, over one connection a request. description: openapi.json, or None to check nothing."""

    def __init__(self, port, description=None):
        self.port, self.description = port, description
        self.cookie = self.csrf = self.token = None

    def ask(self, method, path, body=None, headers=None, raw=None):
        fields = dict(headers or {})
        if self.cookie:
            fields.setdefault("Cookie", self.cookie)
        if self.csrf and method not in ("GET", "HEAD"):
            fields.setdefault("X-CSRF-Token", self.csrf)
        if self.token:
            fields.setdefault("Authorization", f"Bearer {self.token}")
        if body is not None:
            raw = json.dumps(body)
            fields.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, raw, fields)
            response = connection.getresponse()
            answer = Answer(response, response.read())
        finally:
            connection.close()
        if self.description:
            self.check(method, path, answer)
        return answer

    def get(self, path, **options):
        return self.ask("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.ask("POST", path, body, **options)

    def sign_in(self, user, password):
        answer = self.post("/api/v1/session", {"user": user, "password": password})
        if answer.status == 200:
            self.cookie = answer.headers["Set-Cookie"].split(";")[0]
            self.csrf = answer.json["csrf_token"]
        return answer

    def check(self, method, path, answer):
        """Every route, status and body must be as the description says."""
        path = path.split("?")[0]
        for pattern, operations in self.description["paths"].items():
            if not re.fullmatch(re.sub(r"\{[a-z_]+\}", "[^/]+", pattern), path) or method.lower() not in operations:
                continue
            responses = operations[method.lower()]["responses"]
            if str(answer.status) not in responses:
                raise lib.Failed(f"{method} {path} answered {answer.status}, which is not described: {answer.body[:500]}")
            content = responses[str(answer.status)].get("content")
            given = (answer.headers.get("Content-Type") or "").split(";")[0]
            if content is None:
                if answer.body:
                    raise lib.Failed(f"{method} {path}: {answer.status} has a body")
            elif given not in content:
                raise lib.Failed(f"{method} {path}: {answer.status} is {given}, not {list(content)}")
            elif given.endswith(("/json", "+json")):
                schema = dict(content[given]["schema"], components=self.description["components"])
                jsonschema.validate(answer.json, schema, jsonschema.Draft202012Validator)
            return
        if answer.status not in (404, 405) and path.startswith("/api/"):
            raise lib.Failed(f"{method} {path} is not described")


class Service:
    """config: the text of enamel.toml, without [listen]; web: the page's folder, if it is to be served, too. It stops with
    stop() or kill()."""

    def __init__(self, folder, config, web=None):
        self.web = ["--web", web] if web else []
        self.folder = folder
        self.config = os.path.join(folder, "enamel.toml")
        self.state = os.path.join(folder, "state")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write(config + "\n[listen]\nport = 0\n")
        os.chmod(self.config, 0o640)
        self.process = None
        self.start()

    def start(self):
        self.log = open(os.path.join(self.folder, "service.log"), "ab")  # pylint: disable=consider-using-with
        self.process = subprocess.Popen([lib.ENAMEL, "serve", "--config", self.config, "--state", self.state, "--json", *self.web],
                                        env=lib.ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        line = self.process.stdout.readline()
        if not line:
            raise lib.Failed(f"enamel serve ended with {self.process.wait()}:\n{self.logged()}")
        self.started = json.loads(line)
        self.port = int(self.started["url"].rsplit(":", 1)[1])

    def client(self, check=True):
        description = json.loads(Client(self.port).get("/api/v1/openapi.json").body) if check else None
        return Client(self.port, description)

    def logged(self):
        with open(os.path.join(self.folder, "service.log"), encoding="utf-8") as file:
            return file.read()

    def stop(self):
        """Asks it to stop; returns its exit status."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def kill(self):
        self.process.kill()
        return self._ended()

    def _ended(self):
        status = self.process.wait()
        self.process.stdout.close()
        self.log.close()
        self.process = None
        return status


def set_administrator(folder):
    """The local administrator of the service whose state is below the folder."""
    password = os.path.join(folder, "administrator-password")
    with open(password, "w", encoding="utf-8") as file:
        file.write(ADMINISTRATOR[1] + "\n")
    lib.enamel("administrator", "--state", os.path.join(folder, "state"), "--name", ADMINISTRATOR[0], "--new-password-file", password)
    os.unlink(password)


def wait_for_run(client, run):
    """The run when it has ended."""
    while True:
        answer = client.get(f"/api/v1/runs/{run}").json
        if answer["state"] not in ("queued", "running"):
            return answer
        time.sleep(0.05)  # between two looks, not instead of one


def begin_download(client, path):
    """Asks for a file and reads its head only: (connection, status)."""
    connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    connection.request("GET", path, headers={"Cookie": client.cookie})
    return connection, connection.getresponse().status


class Events:
    """Reads server-sent events of some types."""

    def __init__(self, client, kinds=("run",)):
        self.kinds = kinds
        self.connection = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
        headers = {"Cookie": client.cookie} if client.cookie else {"Authorization": f"Bearer {client.token}"}
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.response = self.connection.getresponse()

    def next(self):
        """(type, data) of the next event of these types; None at the end."""
        kind, data = None, []
        while True:
            line = self.response.readline().decode("utf-8")
            if not line:
                return None
            line = line.rstrip("\n")
            if line.startswith("event:"):
                kind = line[6:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].strip())
            elif not line and data:
                if kind in self.kinds:
                    return kind, json.loads("\n".join(data))
                kind, data = None, []

    def close(self):
        self.connection.close()
