"""kill -9 of a drill, and of a restore that stages table files: no server lives on, and the next run removes what they left.

Goal: what is left is at most one folder, until the next drill or restore of that kind; nothing else in the scratch folder is
ever touched.
"""

import os
import select
import signal
import subprocess
import unittest

from lib import practice as lib


def servers_in(folder):
    """Processes of mariadbd (or of what becomes it) whose data lies below the folder."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                arguments = os.fsdecode(file.read()).split("\0")
        except OSError:
            continue
        if any(argument.startswith(f"--datadir={folder}/") for argument in arguments):
            found.append(int(name))
    return found


def kill_while_a_server_runs(arguments, scratch, ready):
    """Starts the program, kills it once ready() says so; its servers must end by themselves."""
    process = subprocess.Popen([lib.ENAMEL, *arguments], env=lib.ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        servers = servers_in(scratch)
        if servers and ready():
            break
        try:
            process.wait(timeout=0.002)
        except subprocess.TimeoutExpired:
            continue
        raise lib.Failed(f"{arguments[0]} ended with {process.returncode} before it could be killed")
    ends = []
    for pid in servers:
        try:
            ends.append(os.pidfd_open(pid))
        except ProcessLookupError:
            pass
    process.send_signal(signal.SIGKILL)
    process.wait()
    for end in ends:
        lived_on = not select.select([end], [], [], 60)[0]
        if lived_on:
            signal.pidfd_send_signal(end, signal.SIGKILL)
        os.close(end)
        if lived_on:
            raise lib.Failed("the killed run's server lives on")


def left_in(scratch):
    return [name for name in os.listdir(scratch) if name.startswith("enamel-scratch-")]


class KillDrill(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        contexts = [lib.practice(patients=200, images_mb=1), lib.temporary_folder()]
        cls.practice, cls.folder = (context.__enter__() for context in contexts)
        for context in contexts:
            cls.addClassCleanup(context.__exit__, None, None, None)
        cls.repository = lib.new_repository(cls.folder)
        lib.backup(cls.repository, "--database", cls.practice.url)

    def scratch(self, name):
        path = os.path.realpath(os.path.join(self.folder, name))
        os.mkdir(path)
        # Nobody's that could be taken for one of ours.
        for other in ("enamel-scratch-drill-nolock", "enamel-practice", "other"):
            os.mkdir(os.path.join(path, other))
            with open(os.path.join(path, other, "kept"), "w", encoding="ascii") as file:
                file.write("kept")
        return path

    def assert_only_others_are_left(self, scratch):
        self.assertEqual(sorted(os.listdir(scratch)), ["enamel-practice", "enamel-scratch-drill-nolock", "other"])
        for other in os.listdir(scratch):
            self.assertEqual(os.listdir(os.path.join(scratch, other)), ["kept"])
        self.assertEqual(servers_in(scratch), [])

    def staged(self, scratch):
        """Table files lie below the scratch folder."""
        return any(name.endswith("patient.MYD") for folder in left_in(scratch) for _, _, names in os.walk(os.path.join(scratch, folder))
                   for name in names)

    def test_a_killed_drill(self):
        scratch = self.scratch("drill scratch")
        drill = ["drill", "-r", self.repository, "--scratch-folder", scratch]
        # At two moments: the server is being made; tables are in it.
        for ready in (lambda: True, lambda: self.staged(scratch)):
            kill_while_a_server_runs(drill, scratch, ready)
            self.assertEqual(len(left_in(scratch)), 2)  # the killed run's, and the one that is not ours
        report = lib.last_json(lib.enamel(*drill, "--json").stdout)
        self.assertTrue(report["passed"])
        self.assertTrue(any("killed" in warning for warning in report["warnings"]), report["warnings"])
        self.assert_only_others_are_left(scratch)

    def test_a_server_that_outlived_its_drill_is_ended(self):
        scratch = self.scratch("orphan")
        drill = ["drill", "-r", self.repository, "--scratch-folder", scratch]
        kill_while_a_server_runs(drill, scratch, lambda: self.staged(scratch))
        left, = (name for name in left_in(scratch) if not name.endswith("nolock"))
        # One that the kernel's signal did not reach.
        orphan = self.start_server(os.path.join(scratch, left, "server"))
        try:
            self.assertTrue(lib.last_json(lib.enamel(*drill, "--json").stdout)["passed"])
            self.assertEqual(orphan.wait(timeout=60), -signal.SIGKILL)
            self.assert_only_others_are_left(scratch)
        finally:
            if orphan.poll() is None:
                orphan.kill()
                orphan.wait()

    def start_server(self, folder):
        user = ["--user=mysql"] if os.geteuid() == 0 else []
        log = os.path.join(folder, "orphan.log")
        with open(log, "w", encoding="ascii") as output:
            server = subprocess.Popen(["/usr/sbin/mariadbd", "--no-defaults", f"--datadir={folder}/data", f"--socket={folder}/socket2",
                                       f"--tmpdir={folder}/tmp", "--skip-networking", "--innodb-log-file-size=256M", *user],
                                      stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        while server.poll() is None:
            with open(log, encoding="utf-8", errors="replace") as text:
                if "ready for connections" in text.read():
                    return server
            try:
                server.wait(timeout=0.01)
            except subprocess.TimeoutExpired:
                pass
        with open(log, encoding="utf-8", errors="replace") as text:
            raise lib.Failed(text.read())

    def test_a_killed_restore_that_stages_table_files(self):
        scratch, elsewhere = self.scratch("restore scratch"), os.path.join(self.folder, "no data folder")
        os.mkdir(elsewhere)
        server = self.practice.url.replace("/opendental?", "/?")
        restore = ["restore", "-r", self.repository, "latest", "--database-to", server, "--data-folder", elsewhere, "--as", "streamed",
                   "--scratch-folder", scratch]
        kill_while_a_server_runs(restore, scratch, lambda: self.staged(scratch))
        self.assertEqual(len(left_in(scratch)), 2)
        # The killed restore's statement may still hold its lock on the name for a moment.
        for _ in range(100):
            result = lib.enamel(*restore, ok=None)
            if "another restore" not in result.stderr:
                break
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_only_others_are_left(scratch)
        self.assertEqual(self.practice.checksums("streamed"), self.practice.checksums())
        self.practice.sql("DROP DATABASE streamed", None)

    def test_a_scratch_folder_that_is_not_there_or_too_small_is_named(self):
        server = self.practice.url.replace("/opendental?", "/?")
        restore = ["restore", "-r", self.repository, "latest", "--database-to", server, "--data-folder", self.folder, "--as", "nowhere"]
        missing = os.path.join(self.folder, "missing")
        for command in ([*restore, "--scratch-folder", missing], ["drill", "-r", self.repository, "--scratch-folder", missing]):
            self.assertIn(missing, lib.enamel(*command, ok=(1,)).stderr)
        if os.geteuid() != 0:
            self.skipTest("mounting a small file system needs root")
        small = os.path.join(self.folder, "small")
        os.mkdir(small)
        lib.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small])
        try:
            for command in ([*restore, "--scratch-folder", small], ["drill", "-r", self.repository, "--scratch-folder", small]):
                errors = lib.enamel(*command, ok=(1,)).stderr
                self.assertRegex(errors, r"small has .* left, .* need about \d+")
                self.assertIn("--scratch-folder", errors)
                self.assertEqual(os.listdir(small), [])
        finally:
            lib.run(["umount", small])


if __name__ == "__main__":
    unittest.main()
