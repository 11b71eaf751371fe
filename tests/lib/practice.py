"""Sample practices for tests: made once a test class, started, written to, and thrown away.

Everything is below a temporary folder; servers listen on a unix socket there.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import urllib.parse

ENAMEL = os.environ["ENAMEL"]
PASSWORD = "a password for tests"
ENVIRONMENT = dict(os.environ, ENAMEL_PASSWORD=PASSWORD, RESTIC_PASSWORD=PASSWORD, ENAMEL_TEST_CHEAP_KDF="1")


class Failed(AssertionError):
    pass


def run(command, ok=(0,), env=None, **options):
    """Runs a command; raises with all it printed if its exit status is not in ok. ok=None: any."""
    result = subprocess.run(command, env=dict(ENVIRONMENT, **(env or {})), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, errors="surrogateescape", **options)
    if ok is not None and result.returncode not in ok:
        raise Failed(f"{' '.join(map(str, command))} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}")
    return result


def enamel(*arguments, **options):
    return run([ENAMEL, *map(str, arguments)], **options)


def restic(repository, *arguments, **options):
    return run(["restic", "--no-cache", "-r", str(repository), *map(str, arguments)], **options)


def last_json(text):
    return json.loads(text.strip().splitlines()[-1])


def backup(repository, *arguments, ok=(0,)):
    """Runs a backup; returns its summary."""
    return last_json(enamel("backup", "-r", repository, *arguments, "--json", ok=ok).stdout)


def assert_clean(repository):
    """Stock restic and Enamel both find the repository whole."""
    restic(repository, "check", "--read-data")
    enamel("check", "-r", repository, "--read-data")


class Practice:
    def __init__(self, folder, patients=60, images_mb=4, engine="myisam", seed=1):
        self.folder = str(folder)
        enamel("sample", "create", self.folder, "--patients", patients, "--images-mb", images_mb, "--engine", engine, "--seed", seed)
        self.start()

    def start(self):
        started = last_json(enamel("sample", "start", self.folder, "--json").stdout)
        self.url, self.images = started["url"], started["images"]
        self.socket = urllib.parse.unquote(self.url.split("socket=")[1].split("&")[0])

    def stop(self):
        enamel("sample", "stop", self.folder)

    def server_pid(self):
        with open(os.path.join(self.folder, "server", "pid"), encoding="ascii") as file:
            return int(file.read())

    def database_folder(self, name="opendental"):
        return os.path.join(self.folder, "server", "data", name)

    def sql(self, text, database="opendental"):
        """Rows as lists of strings."""
        command = ["mariadb", "--no-defaults", "-S", self.socket, "-uroot", "-N", "-B", "--default-character-set=utf8mb4"]
        out = run([*command, *([database] if database else []), "-e", text]).stdout
        return [line.split("\t") for line in out.splitlines()]

    def tables(self, database="opendental"):
        return [row[0] for row in self.sql("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_TYPE='BASE TABLE' AND "
                                           f"TABLE_SCHEMA='{database}' ORDER BY TABLE_NAME", None)]

    def checksums(self, database="opendental"):
        """CHECKSUM TABLE of every table: {name: checksum}."""
        names = ", ".join(f"`{t.replace('`', '``')}`" for t in self.tables(database))
        return {row[0].split(".", 1)[1]: row[1] for row in self.sql(f"CHECKSUM TABLE {names} EXTENDED", database)}

    def check_tables(self, database):
        """Names of tables that CHECK TABLE finds anything wrong with."""
        names = ", ".join(f"`{t.replace('`', '``')}`" for t in self.tables(database))
        return [row for row in self.sql(f"CHECK TABLE {names}", database) if row[2:] != ["status", "OK"]]

    @contextlib.contextmanager
    def front_desk(self, clients=4):
        """The front desk works while the body runs; yields a dictionary that receives its figures afterwards."""
        process = subprocess.Popen([ENAMEL, "sample", "front-desk", self.folder, "--clients", str(clients), "--seconds", "3600", "--json"],
                                   env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        figures = {}
        try:
            yield figures
        finally:
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=120)
        figures.update(last_json(output))


@contextlib.contextmanager
def practice(**options):
    """A practice that is gone after the with block."""
    folder = tempfile.mkdtemp(prefix="enamel practice ")  # with spaces, as practices have them
    made = None
    try:
        made = Practice(os.path.join(folder, "practice"), **options)
        yield made
    finally:
        if made is not None:
            run([ENAMEL, "sample", "stop", made.folder], ok=None)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def temporary_folder():
    folder = tempfile.mkdtemp(prefix="enamel-test-")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_repository(folder, name="repository"):
    path = os.path.join(folder, name)
    enamel("init", "-r", path)
    return path
