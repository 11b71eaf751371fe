"""The command line as a user and a script meet it: commands, JSON, exit codes, signals, secrets, completion."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import time
import unittest

from lib import practice as lib


def write(path, content=b"content"):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


class WithRepository(unittest.TestCase):
    """A repository and a small image folder, fresh for each test."""

    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.repository = lib.new_repository(self.folder)
        self.images = os.path.join(self.folder, "OpenDentImages")
        write(os.path.join(self.images, "A", "AdamsTom12", "x.jpg"), b"pixels")
        write(os.path.join(self.images, "B", "BakerAnn7", "y.pdf"), os.urandom(300_000))

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def enamel(self, command, *arguments, **options):
        return lib.enamel(command, "-r", self.repository, *arguments, **options)

    def backup(self, *arguments, **options):
        return lib.backup(self.repository, "--images", self.images, *arguments, **options)

    def locks(self):
        return [name for name in os.listdir(os.path.join(self.repository, "locks")) if re.fullmatch("[0-9a-f]{64}", name)]


class Backup(WithRepository):
    def test_summary_has_what_scripts_rely_on(self):
        summary = self.backup("--tag", "nightly", "--tag", "test", "--host", "server")
        self.assertEqual(summary["message_type"], "summary")
        self.assertIs(summary["complete"], True)
        self.assertEqual((summary["files_new"], summary["files_changed"], summary["files_unmodified"]), (2, 0, 0))
        self.assertEqual((summary["tables"], summary["rows"], summary["lock_seconds"]), (0, 0, 0))
        self.assertGreater(summary["data_added"], 300_000)
        self.assertGreater(summary["data_added_packed"], 0)
        self.assertGreater(summary["total_duration"], 0)
        self.assertEqual((summary["warnings"], summary["errors"]), ([], []))
        snapshot, = json.loads(self.enamel("snapshots", "--json").stdout)
        self.assertEqual(snapshot["id"], summary["snapshot_id"])
        self.assertEqual(snapshot["tags"], ["nightly", "test"])
        self.assertEqual((snapshot["hostname"], snapshot["paths"]), ("server", ["/images"]))

    def test_second_run_reads_nothing_anew(self):
        first = self.backup()
        second = self.backup()
        self.assertEqual((second["files_unmodified"], second["files_new"]), (2, 0))
        self.assertEqual((second["parent"], second["data_added"]), (first["snapshot_id"], 0))

    def test_for_people_it_says_what_was_done(self):
        result = self.enamel("backup", "--images", self.images)
        self.assertIn("2 new", result.stdout)
        self.assertIn("complete", result.stdout)
        self.assertIn(json.loads(self.enamel("snapshots", "--json").stdout)[0]["short_id"], result.stdout)
        self.assertEqual(result.stderr, "")  # no status line where there is no terminal

    def test_image_folder_missing_or_empty_is_an_error_and_no_backup(self):
        os.mkdir(self.path("empty"))
        for name in ("missing", "empty"):
            result = self.enamel("backup", "--images", self.path(name), ok=(1,))
            self.assertIn(self.path(name), result.stderr)
            self.assertIn("mounted", result.stderr)
        self.assertEqual(self.enamel("backup", ok=(2,)).stdout, "")
        self.assertEqual(json.loads(self.enamel("snapshots", "--json").stdout), [])

    def test_repository_inside_the_image_folder(self):
        self.enamel("backup", "--images", self.repository, ok=(2,))
        summary = lib.backup(self.repository, "--images", self.folder)
        self.assertEqual(len(summary["warnings"]), 1)
        self.assertNotIn("/repository", self.enamel("ls", "latest").stdout)

    def test_excludes(self):
        write(os.path.join(self.images, "B", "z.jpg"))
        self.backup("--exclude", "A", "--exclude", os.path.join(self.images, "B", "BakerAnn7", "y.pdf"))
        self.assertEqual(self.enamel("ls", "latest").stdout.split(), ["/images", "/images/B", "/images/B/BakerAnn7", "/images/B/z.jpg"])

    @unittest.skipIf(os.geteuid() != 0, "needs root to become somebody who may not read a file")
    def test_unreadable_file_makes_it_incomplete_and_named(self):
        secret = os.path.join(self.images, "A", "AdamsTom12", "secret.jpg")
        write(secret)
        os.chmod(secret, 0)
        os.chmod(self.folder, 0o755)
        subprocess.run(["chown", "-R", "65534:65534", self.repository], check=True)
        result = self.enamel("backup", "--images", self.images, "--json", ok=(3,), user=65534, group=65534, extra_groups=[])
        summary = lib.last_json(result.stdout)
        self.assertIs(summary["complete"], False)
        self.assertEqual(len(summary["errors"]), 1)
        self.assertIn("secret.jpg", summary["errors"][0]["path"])
        error, = (line for line in lines(result.stderr) if line["message_type"] == "error")
        self.assertIn("secret.jpg", error["item"])
        snapshot, = json.loads(self.enamel("snapshots", "--json").stdout)
        self.assertIn("enamel-incomplete", snapshot["tags"])
        lib.assert_clean(self.repository)

    def test_names_that_are_no_utf8_still_give_valid_json(self):
        write(os.fsencode(self.images).decode() + "/A/\udcff\udcfe\n.jpg")
        self.backup()
        listed = self.enamel("ls", "latest", "--json").stdout
        listed.encode("utf-8")  # no stray bytes
        self.assertEqual(len(lines(listed)), 1 + 8)
        self.assertEqual(len(self.enamel("ls", "latest").stdout.splitlines()), 8)


class Restore(WithRepository):
    def test_images_files_and_parts(self):
        self.backup()
        self.enamel("restore", "latest", "--images-to", self.path("restored"), "--files-to", self.path("all"))
        for made in ("restored", "all/images"):
            subprocess.run(["diff", "-r", self.images, self.path(made)], check=True)
        summary = lib.last_json(self.enamel("restore", "latest", "--files-to", self.path("part"), "--only",
                                            "/images/A/AdamsTom12/x.jpg", "--json").stdout)
        self.assertEqual((summary["message_type"], summary["files"]["files"]), ("summary", 1))
        found = [os.path.join(root, name) for root, _, names in os.walk(self.path("part")) for name in names]
        self.assertEqual(found, [self.path("part/images/A/AdamsTom12/x.jpg")])

    def test_what_is_there_is_not_written_over_unless_asked(self):
        self.backup()
        write(self.path("target", "mine"), b"mine")
        result = self.enamel("restore", "latest", "--images-to", self.path("target"), ok=(1,))
        self.assertIn("--into-existing", result.stderr)
        self.assertEqual(os.listdir(self.path("target")), ["mine"])
        self.enamel("restore", "latest", "--images-to", self.path("target"), "--into-existing")
        self.assertEqual(sorted(os.listdir(self.path("target"))), ["A", "B", "mine"])

    def test_nothing_is_restored_into_the_repository(self):
        self.backup()
        os.symlink(self.repository, self.path("link"))
        for option, target in (("--images-to", self.repository), ("--files-to", os.path.join(self.repository, "new", "folder")),
                               ("--files-to", self.path("link/data/../new"))):
            result = self.enamel("restore", "latest", option, target, "--into-existing", ok=(2,))
            self.assertIn("is in the repository", result.stderr)
        result = lib.enamel("restore", "-r", ".", "latest", "--files-to", "new", "--into-existing", ok=(2,), cwd=self.repository)
        self.assertIn("is in the repository", result.stderr)
        self.enamel("check")
        # Two folders beside each other are two.
        for name in ("one", "two"):
            os.mkdir(self.path(name))
        self.enamel("restore", "latest", "--images-to", self.path("one"), "--files-to", self.path("two"))

    def test_interrupted_restore_does_not_look_whole_and_goes_on(self):
        first = self.backup()["snapshot_id"]
        target = self.path("target")
        write(os.path.join(target, ".enamel-restore-incomplete"), first.encode() + b"\n")
        write(os.path.join(target, "A", "AdamsTom12", "x.jpg"), b"pi")
        self.enamel("restore", "latest", "--images-to", target)
        subprocess.run(["diff", "-r", self.images, target], check=True)

    def test_what_a_snapshot_does_not_hold(self):
        self.backup()
        self.enamel("restore", "latest", ok=(2,))
        self.enamel("restore", "abcdef12", "--files-to", self.path("x"), ok=(1,))
        self.enamel("restore", "latest", "--files-to", self.path("x"), "--only", "/images/Z", ok=(1,))
        self.assertIn("no database", self.enamel("restore", "latest", "--database-to", "mariadb://root@127.0.0.1:1/x", ok=(1,)).stderr)
        self.assertFalse(os.path.exists(self.path("x")))


class Listing(WithRepository):
    def test_snapshots_by_tag_and_host(self):
        self.backup("--tag", "a", "--host", "one")
        self.backup("--tag", "b", "--host", "two")
        self.assertEqual(len(json.loads(self.enamel("snapshots", "--json").stdout)), 2)
        self.assertEqual([s["hostname"] for s in json.loads(self.enamel("snapshots", "--json", "--tag", "b").stdout)], ["two"])
        self.assertEqual([s["tags"] for s in json.loads(self.enamel("snapshots", "--json", "--host", "one").stdout)], [["a"]])

    def test_stock_restic_lists_the_same(self):
        self.backup()
        ours = lines(self.enamel("ls", "latest", "--json").stdout)
        theirs = lines(lib.restic(self.repository, "ls", "latest", "--json").stdout)
        self.assertEqual(ours[0]["id"], theirs[0]["id"])
        self.assertEqual([n["struct_type"] for n in ours], [n["struct_type"] for n in theirs])
        for ours_node, theirs_node in zip(ours[1:], theirs[1:]):
            for key in ("name", "type", "path", "uid", "gid", "mode", "permissions"):
                self.assertEqual(ours_node[key], theirs_node[key], key)
            self.assertEqual(ours_node.get("size"), theirs_node.get("size"))
        ours, theirs = (json.loads(text) for text in (self.enamel("snapshots", "--json").stdout,
                                                      lib.restic(self.repository, "snapshots", "--json").stdout))
        for key in ("id", "short_id", "tree", "paths", "hostname", "username"):
            self.assertEqual(ours[0][key], theirs[0][key], key)

    def test_ls_of_a_folder_is_one_level(self):
        self.backup()
        self.assertEqual(self.enamel("ls", "latest", "/images/A").stdout.split(), ["/images/A", "/images/A/AdamsTom12"])
        self.assertIn("/images/A/AdamsTom12/x.jpg", self.enamel("ls", "latest", "/images/A", "--recursive").stdout)
        self.assertRegex(self.enamel("ls", "latest", "/images/A/AdamsTom12", "-l").stdout, r"-rw\S+ +\d+ +\d+ +6 \S+ \S+ /images/A/A")
        self.enamel("ls", "latest", "/images/Z", ok=(1,))


class Checking(WithRepository):
    def test_sound_and_damaged(self):
        self.backup()
        self.assertIs(lib.last_json(self.enamel("check", "--read-data", "--json").stdout)["ok"], True)
        pack = next(os.path.join(root, names[0]) for root, _, names in os.walk(os.path.join(self.repository, "data")) if names)
        os.chmod(pack, 0o600)
        with open(pack, "r+b") as file:
            file.seek(100)
            byte = file.read(1)
            file.seek(100)
            file.write(bytes([byte[0] ^ 1]))
        result = self.enamel("check", "--read-data", "--json", ok=(1,))
        *errors, summary = lines(result.stdout)
        self.assertIs(summary["ok"], False)
        self.assertEqual(summary["num_errors"], len([e for e in errors if e["message_type"] == "error"]))
        self.assertIn("DAMAGED", self.enamel("check", "--read-data", ok=(1,)).stdout)


def packs(repository):
    return sorted(os.path.join(root, name) for root, _, names in os.walk(os.path.join(repository, "data")) for name in names)


def content(folder):
    found = {}
    for root, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(root, name), "rb") as file:
                found[os.path.relpath(os.path.join(root, name), folder)] = file.read()
    return found


class Healing(WithRepository):
    """Packs of the repository are lost; the next backup is whole all the same."""

    def assert_restores(self, name):
        self.enamel("restore", "latest", "--images-to", self.path(name))
        self.assertEqual(content(self.path(name)), content(self.images))
        self.enamel("drill")

    def test_each_pack_lost_in_turn(self):
        self.backup()
        shutil.copytree(self.repository, self.path("sound"))
        for number, pack in enumerate(packs(self.repository)):
            for cut in (False, True):
                with self.subTest(pack=number, cut=cut):
                    shutil.rmtree(self.repository)
                    shutil.copytree(self.path("sound"), self.repository)
                    if cut:
                        os.chmod(pack, 0o600)
                        os.truncate(pack, os.path.getsize(pack) - 1)
                    else:
                        os.remove(pack)
                    summary = self.backup()
                    self.assertIs(summary["complete"], True)
                    self.assertIn("1 pack of the repository is " + ("cut off" if cut else "missing"), summary["warnings"][0])
                    name = f"restored-{number}-{cut}"
                    self.assert_restores(name)
                    # What is gone is said until the index no longer names it.
                    damaged = lib.last_json(self.enamel("check", "--read-data", "--json", ok=(1,)).stdout)
                    self.assertIn("move it out of data/" if cut else "rebuild-index", " ".join(damaged["advice"]))
                    if cut:
                        os.remove(pack)
                    lib.restic(self.repository, "rebuild-index")
                    lib.assert_clean(self.repository)
                    lib.restic(self.repository, "restore", "latest", "--target", self.path(name + "-restic"))
                    self.assertEqual(content(self.path(name + "-restic", "images")), content(self.images))
                    self.assert_restores(name + "-clean")

    def test_all_packs_lost(self):
        self.backup()
        for pack in packs(self.repository):
            os.remove(pack)
        self.assertIs(self.backup()["complete"], True)
        self.assert_restores("restored")

    def test_a_lost_index_is_made_anew_as_check_says(self):
        self.backup()
        index, = os.listdir(os.path.join(self.repository, "index"))
        for damage in ("missing", "changed"):
            path = os.path.join(self.repository, "index", index)
            if damage == "missing":
                os.remove(path)
            else:
                index, = os.listdir(os.path.join(self.repository, "index"))
                path = os.path.join(self.repository, "index", index)
                os.chmod(path, 0o600)
                with open(path, "r+b") as file:
                    file.write(b"damage")
            result = self.enamel("check", ok=(1,))
            self.assertNotIn("no harm", result.stdout + result.stderr)
            self.assertIn(f"restic -r {self.repository} rebuild-index", result.stdout)
            lib.restic(self.repository, "rebuild-index")
            lib.assert_clean(self.repository)


class Failing(WithRepository):
    def test_damaged_files_are_one_clear_line_with_a_hint(self):
        self.backup()
        for kind in ("config", "keys", "index", "snapshots"):
            path = os.path.join(self.repository, kind)
            if kind != "config":
                path = os.path.join(path, os.listdir(path)[0])
            with open(path, "rb") as file:
                sound = file.read()
            os.chmod(path, 0o600)
            for damaged in (sound[:-50] + b"?" + sound[-49:], sound[:-20], b"", None):
                if damaged is None:
                    os.remove(path)
                else:
                    with open(path, "wb") as file:
                        file.write(damaged)
                with self.subTest(kind=kind, size=None if damaged is None else len(damaged)):
                    for command in (("ls", "latest"), ("restore", "latest", "--images-to", self.path("r")), ("check",)):
                        result = self.enamel(*command, "--json", ok=(1,)) if (kind, damaged) != ("snapshots", None) else None
                        if result is None or command == ("check",) and kind in ("index", "snapshots"):
                            continue  # check goes on and names it in its report
                        error, = (line for line in lines(result.stderr) if line["message_type"] == "exit_error")
                        self.assertTrue(error["hint"], error)
                        for word in ("simdjson", "JSON", "INCORRECT", "parse"):
                            self.assertNotIn(word, error["message"])
            with open(path, "wb") as file:
                file.write(sound)

    def test_exit_codes(self):
        self.assertIn("enamel: ", self.enamel("check", ok=(12,), env={"ENAMEL_PASSWORD": "wrong"}).stderr)
        lib.enamel("check", "-r", self.path("nowhere"), ok=(10,))
        lib.enamel("check", "-r", self.images, ok=(10,))
        lib.enamel("bogus", ok=(2,))
        lib.enamel(ok=(2,))
        self.enamel("init", ok=(1,))

    def test_locked_by_another(self):
        self.backup()
        # Stock restic's check holds an exclusive lock; stopped, it goes on holding it.
        process = subprocess.Popen(["restic", "--no-cache", "-r", self.repository, "check", "--read-data"], env=lib.ENVIRONMENT,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while process.poll() is None and not self.locks():
                time.sleep(0.001)
            process.send_signal(signal.SIGSTOP)
            self.assertEqual(len(self.locks()), 1, "restic was done before it could be stopped")
            result = self.enamel("backup", "--images", self.images, "--json", ok=(11,))
            self.assertEqual(lines(result.stderr)[0]["error"], "repository_locked")
        finally:
            process.send_signal(signal.SIGCONT)
            process.wait()

    def test_errors_with_json_are_one_line_on_standard_error(self):
        result = lib.enamel("check", "-r", self.path("nowhere"), "--json", ok=(10,))
        error, = lines(result.stderr)
        self.assertEqual((error["message_type"], error["code"], error["error"]), ("exit_error", 10, "no_repository"))
        self.assertIn("nowhere", error["message"])
        self.assertEqual(result.stdout, "")

    def test_a_reader_that_goes_away_is_no_crash(self):
        self.backup()
        with open("/dev/full", "w", encoding="ascii") as full:
            result = subprocess.run([lib.ENAMEL, "ls", "-r", self.repository, "latest"], env=lib.ENVIRONMENT, stdout=full,
                                    stderr=subprocess.PIPE, text=True)
        self.assertEqual(result.returncode, 1)
        self.assertIn("standard output", result.stderr)

    def test_stopped_by_a_signal_leaves_no_lock_and_no_snapshot(self):
        write(os.path.join(self.images, "large"), os.urandom(20_000_000))
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([lib.ENAMEL, "backup", "-r", self.repository, "--images", self.images, "--json",
                                        "--limit-read", "1"], env=lib.ENVIRONMENT, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True)
            process.stdout.readline()  # the first status: the work is on
            self.assertEqual(len(self.locks()), 1)
            process.send_signal(number)
            _, errors = process.communicate()
            self.assertEqual(process.returncode, 130, errors)
            self.assertEqual(lines(errors)[-1]["error"], "cancelled")
            self.assertEqual(self.locks(), [])
        self.assertEqual(json.loads(self.enamel("snapshots", "--json").stdout), [])
        lib.restic(self.repository, "check", "--read-data")
        self.assertTrue(self.backup()["complete"])


class Secrets(WithRepository):
    def test_password_of_a_url_leaves_the_process_list(self):
        write(os.path.join(self.images, "large"), os.urandom(20_000_000))
        # A server that never answers keeps the process waiting where it can be looked at.
        import socket
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            url = f"mariadb://backup:geheim@127.0.0.1:{server.getsockname()[1]}/opendental"
            process = subprocess.Popen([lib.ENAMEL, "backup", "-r", self.repository, "--database", url], env=lib.ENVIRONMENT,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            try:
                connection, _ = server.accept()
                with open(f"/proc/{process.pid}/cmdline", "rb") as file:
                    arguments = file.read()
                with open(f"/proc/{process.pid}/environ", "rb") as file:
                    variables = file.read()
                connection.close()
            finally:
                process.send_signal(signal.SIGTERM)
                _, errors = process.communicate()
        self.assertIn(b"mariadb://backup:******@127.0.0.1", arguments)
        self.assertNotIn(b"geheim", arguments)
        self.assertNotIn(b"ENAMEL_PASSWORD=" + lib.PASSWORD.encode(), variables)
        self.assertNotIn("geheim", errors)

    def test_password_files_and_variables_of_restic(self):
        write(self.path("password"), lib.PASSWORD.encode() + b"\n")
        none = {"ENAMEL_PASSWORD": "", "RESTIC_PASSWORD": ""}
        self.enamel("snapshots", ok=(2,), env=none)
        self.enamel("snapshots", "--password-file", self.path("password"), env=none)
        for variables in ({"ENAMEL_PASSWORD_FILE": self.path("password")}, {"RESTIC_PASSWORD_FILE": self.path("password")},
                          {"RESTIC_PASSWORD_COMMAND": f"cat '{self.path('password')}'"}, {"RESTIC_PASSWORD": lib.PASSWORD}):
            self.enamel("snapshots", env={**none, **variables})
        lib.enamel("snapshots", env={"RESTIC_REPOSITORY": self.repository})
        lib.enamel("snapshots", env={"RESTIC_REPOSITORY": "/nowhere", "ENAMEL_REPOSITORY": self.repository})

    def test_asked_for_on_a_terminal_without_showing_it(self):
        repository = self.path("asked")
        environment = dict(lib.ENVIRONMENT, ENAMEL_PASSWORD="", RESTIC_PASSWORD="")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(lib.ENAMEL, [lib.ENAMEL, "init", "-r", repository], environment)
        shown = b""
        for _ in range(2):
            while not shown.endswith(b": "):
                shown += os.read(terminal, 1000)
            os.write(terminal, b"geheim\n")
            shown += b"\n"
        while True:
            try:
                part = os.read(terminal, 1000)
            except OSError:  # the other end closed
                break
            if not part:
                break
            shown += part
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, shown)
        self.assertNotIn(b"geheim", shown)
        lib.enamel("snapshots", "-r", repository, env={"ENAMEL_PASSWORD": "geheim"})

    def test_interrupt_at_the_question(self):
        environment = dict(lib.ENVIRONMENT, ENAMEL_PASSWORD="", RESTIC_PASSWORD="")
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(lib.ENAMEL, [lib.ENAMEL, "snapshots", "-r", self.repository], environment)
        shown = b""
        while not shown.endswith(b": "):
            shown += os.read(terminal, 1000)
        os.write(terminal, b"half a pass\x03")  # and no newline after it
        try:
            while os.read(terminal, 1000):
                pass
        except OSError:
            pass
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 130)

    def test_another_password(self):
        write(self.path("owner"), b"the owner's\n")
        lib.enamel("key", "add", "-r", self.repository, "--new-password-file", self.path("owner"))
        self.assertEqual(len(json.loads(lib.enamel("key", "list", "-r", self.repository, "--json").stdout)), 2)
        self.enamel("snapshots", env={"ENAMEL_PASSWORD": "the owner's"})
        lib.restic(self.repository, "snapshots", env={"RESTIC_PASSWORD": "the owner's"})


class Locks(WithRepository):
    def test_locks_half_written_by_killed_programs_are_swept(self):
        self.backup()
        leftovers = [os.path.join(self.repository, folder, "0" * 64 + "-tmp-123456") for folder in ("locks", "keys")]
        for path in leftovers:
            write(path, b"half")
        lib.assert_clean(self.repository)  # nobody takes them for locks or keys
        self.enamel("unlock")
        self.assertEqual([os.path.exists(path) for path in leftovers], [True, True])  # somebody may be writing them
        os.utime(leftovers[0], (0, 0))
        self.enamel("unlock")
        self.assertEqual([os.path.exists(path) for path in leftovers], [False, True])
        self.enamel("unlock", "--remove-all")
        self.assertEqual([os.path.exists(path) for path in leftovers], [False, False])

    def test_unlock(self):
        self.backup()
        process = subprocess.Popen([lib.ENAMEL, "backup", "-r", self.repository, "--images", self.images], env=lib.ENVIRONMENT,
                                   stdout=subprocess.DEVNULL)
        while process.poll() is None and not self.locks():
            time.sleep(0.001)
        process.kill()
        process.wait()
        # Whether or not the kill came in time: afterwards there is no lock, and work goes on.
        self.enamel("unlock")
        self.assertEqual(self.locks(), [])
        self.assertTrue(self.backup()["complete"])


    def test_restic_looking_whether_a_lock_is_stale_stops_nobody(self):
        write(os.path.join(self.images, "large"), os.urandom(1_000_000))
        os.truncate(os.path.join(self.images, "large"), 1 << 30)  # work for long
        process = subprocess.Popen([lib.ENAMEL, "backup", "-r", self.repository, "--images", self.images, "--json",
                                    "--limit-read", "1"], env=lib.ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True)
        process.stdout.readline()  # the first status: the work is on
        held = self.locks()
        lib.restic(self.repository, "unlock")
        lib.restic(self.repository, "unlock")
        self.assertEqual(self.locks(), held)
        self.assertIsNone(process.poll())
        process.terminate()
        _, errors = process.communicate()
        self.assertEqual(process.returncode, 130, errors)
        self.assertEqual(self.locks(), [])


class Words(unittest.TestCase):
    """Help, manual page, completion."""

    def complete(self, *words):
        script = lib.enamel("completion", "bash").stdout
        program = script + f'\nCOMP_WORDS=({" ".join(words)} "")\nCOMP_CWORD={len(words)}\n_enamel\nprintf "%s\\n" "${{COMPREPLY[@]}}"\n'
        return lib.run(["bash", "--norc", "-c", program]).stdout.split()

    def test_bash_completion(self):
        self.assertIn("snapshots", self.complete("enamel"))
        self.assertEqual(self.complete("enamel", "backup", "--indexes"), ["rebuild", "keep"])
        self.assertIn("--data-folder", self.complete("enamel", "backup", "-r", "backup"))
        self.assertIn("add", self.complete("enamel", "key"))
        self.assertIn("--new-password-file", self.complete("enamel", "key", "add"))
        self.assertIn("latest", self.complete("enamel", "restore"))
        self.assertEqual(self.complete("enamel", "completion"), ["-h", "--help", "bash", "zsh", "fish"])

    def test_the_other_shells_accept_theirs(self):
        for shell in ("zsh", "fish"):
            script = lib.enamel("completion", shell).stdout
            self.assertIn("snapshots", script)
            if shutil.which(shell):
                lib.run([shell, "-n", "-c", script])

    def test_manual_page_is_sound_roff(self):
        page = lib.enamel("man").stdout
        for command in ("init", "backup", "snapshots", "ls", "restore", "drill", "check", "sample create"):
            self.assertIn(f"enamel {command}".replace("-", "\\-"), page)
        if shutil.which("groff"):
            result = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z"], input=page, text=True, stderr=subprocess.PIPE, check=True)
            self.assertEqual(result.stderr, "")

    def test_status_line_on_a_terminal(self):
        with lib.temporary_folder() as folder:
            repository = lib.new_repository(folder)
            for name in "abc":
                write(os.path.join(folder, "images", name), os.urandom(1_000_000))
            pid, terminal = pty.fork()
            if pid == 0:
                os.execve(lib.ENAMEL, [lib.ENAMEL, "backup", "-r", repository, "--images", os.path.join(folder, "images"),
                                       "--limit-read", "1"], lib.ENVIRONMENT)
            shown = b""
            while select.select([terminal], [], [], 60)[0]:
                try:
                    shown += os.read(terminal, 10_000)
                except OSError:
                    break
            os.close(terminal)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, shown)
            self.assertRegex(shown, rb"\rreading images")
            self.assertTrue(re.search(rb"\r\x1b\[K[^\r]*files ", shown), shown)  # the line is gone before the result


if __name__ == "__main__":
    unittest.main()
