"""A practice is rebuilt from one of our snapshots with stock tools alone: restic, mariadbd, mariadb, mariadb-import.

The commands are those of the README's "Without Enamel".
"""

import json
import os
import shutil
import subprocess
import unittest

from lib import practice as lib


class NoLockIn(unittest.TestCase):
    def rebuild(self, engine, *options):
        with lib.practice(patients=80, images_mb=2, engine=engine) as practice, lib.temporary_folder() as folder:
            os.chmod(folder, 0o755)
            repository = lib.new_repository(folder)
            lib.backup(repository, "--database", practice.url, "--images", practice.images, *options)
            original = practice.checksums()

            plain = os.path.join(folder, "plain")
            lib.restic(repository, "restore", "latest", "--target", plain)
            with open(os.path.join(plain, "database", "manifest.json"), encoding="utf-8") as file:
                manifest = json.load(file)
            self.assertEqual(len(manifest["tables"]), len(original))

            server = StockServer(os.path.join(folder, "server"))
            self.addCleanup(server.stop)
            self.put_back(server, os.path.join(plain, "database"), manifest)
            self.assertEqual(server.checksums(manifest), original)
            lib.run(["diff", "-r", practice.images, os.path.join(plain, "images")])

    def put_back(self, server, plain, manifest):
        name = manifest["database"]
        files = os.path.join(plain, name)
        server.client(["-e", f"CREATE DATABASE `{name}` CHARACTER SET {manifest['character_set']} COLLATE {manifest['collation']}"])
        for entry in sorted(os.listdir(files)):
            if entry.endswith((".frm", ".MYD", ".MYI")):
                shutil.copy(os.path.join(files, entry), os.path.join(server.data, name))
        rows = sorted(entry[:-4] for entry in os.listdir(files) if entry.endswith(".txt"))
        for table in rows:
            with open(os.path.join(files, table + ".sql"), encoding="utf-8") as script:
                server.client([name], stdin=script)
            lib.run(["mariadb-import", "--no-defaults", "-S", server.socket, "-uroot", "--local", "--default-character-set=binary",
                     name, os.path.join(files, table + ".txt")])
        lib.run(["mariadb-check", "--no-defaults", "-S", server.socket, "-uroot", "--repair", "--quick", name])
        with open(os.path.join(plain, name + ".sql"), encoding="utf-8") as script:
            server.client([name], stdin=script)

    def test_myisam_as_files(self):
        self.rebuild("myisam")

    def test_myisam_with_indexes(self):
        self.rebuild("myisam", "--indexes", "keep")

    def test_innodb_as_rows(self):
        self.rebuild("innodb")

    def test_mixed(self):
        self.rebuild("mixed")


class StockServer:
    """A mariadbd as any administrator starts one, in a folder of its own."""

    def __init__(self, folder):
        self.data = os.path.join(folder, "data")
        self.socket = os.path.join(folder, "socket")
        os.makedirs(self.data)
        lib.run(["mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--auth-root-authentication-method=normal", "--user=root"])
        self.process = subprocess.Popen(["mariadbd", "--no-defaults", f"--datadir={self.data}", f"--socket={self.socket}", "--user=root",
                                         "--skip-networking", "--local-infile=1", "--sql-mode="],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while lib.run(["mariadb-admin", "--no-defaults", "-S", self.socket, "-uroot", "ping"], ok=None).returncode != 0:
            if self.process.poll() is not None:
                raise lib.Failed("the stock server did not start")

    def client(self, arguments, stdin=None):
        command = ["mariadb", "--no-defaults", "-S", self.socket, "-uroot", "--default-character-set=utf8mb4", "-N", "-B", *arguments]
        result = subprocess.run(command, stdin=stdin or subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            raise lib.Failed(f"{' '.join(command)}:\n{result.stderr}")
        return result.stdout

    def checksums(self, manifest):
        names = ", ".join(f"`{t['name']}`" for t in manifest["tables"])
        out = self.client([manifest["database"], "-e", f"CHECKSUM TABLE {names} EXTENDED"])
        return {line.split("\t")[0].split(".", 1)[1]: line.split("\t")[1] for line in out.splitlines()}

    def stop(self):
        self.process.terminate()
        self.process.wait()


if __name__ == "__main__":
    unittest.main()
