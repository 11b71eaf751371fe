"""Files against stock restic, both directions, byte for byte with all metadata.

Ours: `restic check --read-data` and `restic restore`. restic's: `enamel check` and `enamel restore`, from repositories
of format 1 and 2. Both writing to one repository in turn.
"""

import hashlib
import json
import os
import random
import shutil
import stat
import unittest

from lib import practice as lib


def make_source(folder):
    """A folder with one of each kind of thing; returns its path."""
    source = os.path.join(folder, "source")
    os.makedirs(os.path.join(source, "deep", "deeper", "deepest"))
    dice = random.Random(7)

    def write(name, content):
        with open(os.path.join(os.fsencode(source), os.fsencode(name)), "wb") as file:
            file.write(content)

    write("empty", b"")
    write("small", b"content")
    write("large", dice.randbytes(20_000_000))
    write("like another", dice.randbytes(600_000) * 3)
    write("text", b"the quick brown fox\n" * 50_000)
    write("deep/deeper/deepest/file", dice.randbytes(100))
    for name in ("with space", "new\nline", 'quote"back\\slash', "\u5dde\u00e4hne \U0001f9b7", "n" * 255, "-rf", "..."):
        write(name, name.encode())
    write(b"invalid \xff\xfe utf-8 \xc3", b"x")
    write("sparse", b"begin")
    os.truncate(os.path.join(source, "sparse"), 5_000_000)
    os.mkdir(os.path.join(source, "empty folder"))
    for number in range(300):
        os.makedirs(os.path.join(source, "patients", str(number % 30)), exist_ok=True)
        write(f"patients/{number % 30}/{number}.jpg", dice.randbytes(dice.randrange(20_000)))

    os.symlink("small", os.path.join(source, "link"))
    os.symlink("/nowhere/at all", os.path.join(source, "dangling"))
    os.symlink("deep", os.path.join(source, "link to folder"))
    os.link(os.path.join(source, "small"), os.path.join(source, "deep", "same file"))
    os.link(os.path.join(source, "large"), os.path.join(source, "a first name"))
    os.mkfifo(os.path.join(source, "pipe"), 0o640)

    for mode in (0o400, 0o644, 0o755, 0o4755, 0o2711, 0o1666):
        write(f"mode {mode:o}", b"x")
        os.chmod(os.path.join(source, f"mode {mode:o}"), mode)
    os.mkdir(os.path.join(source, "sticky"))
    os.chmod(os.path.join(source, "sticky"), 0o1777)
    os.setxattr(os.path.join(source, "text"), "user.enamel", bytes(range(256)))
    os.setxattr(os.path.join(source, "deep"), "user.folder", b"1")
    if os.geteuid() == 0:
        os.mknod(os.path.join(source, "null"), stat.S_IFCHR | 0o666, os.makedev(1, 3))
        os.chown(os.path.join(source, "text"), 4242, 4343)
        os.chown(os.path.join(source, "link"), 4242, 4343, follow_symlinks=False)
    os.utime(os.path.join(source, "dangling"), ns=(1, 1_234_567_890_123_456_789), follow_symlinks=False)
    os.utime(os.path.join(source, "text"), ns=(1, 987_654_321_987_654_321))
    os.utime(os.path.join(source, "empty folder"), ns=(1, 86_400_000_000_007))
    return source


def describe(root):
    """{path: what is there}, for comparing two trees."""
    out, first_names = {}, {}
    root = os.fsencode(root)
    for folder, folders, files in os.walk(root):
        for name in sorted(folders + files):
            path = os.path.join(folder, name)
            relative = os.path.relpath(path, root)
            found = os.lstat(path)
            line = [oct(found.st_mode), found.st_uid, found.st_gid, found.st_mtime_ns]
            if stat.S_ISLNK(found.st_mode):
                line.append(os.readlink(path))
            elif stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode):
                line.append({n: os.getxattr(path, n) for n in sorted(os.listxattr(path))})
            if stat.S_ISREG(found.st_mode):
                with open(path, "rb") as file:
                    line += [found.st_size, hashlib.sha256(file.read()).hexdigest()]
            if stat.S_ISCHR(found.st_mode):
                line.append(found.st_rdev)
            out[relative] = line
    # Names of one file, as sets: which of them comes first is no property of the tree.
    for path in out:
        found = os.lstat(os.path.join(root, path))
        if not stat.S_ISDIR(found.st_mode) and found.st_nlink > 1:
            first_names.setdefault((found.st_dev, found.st_ino), []).append(path)
    for names in first_names.values():
        for path in names:
            out[path].append(sorted(names))
    return out


class FilesAgainstRestic(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.source = make_source(self.folder)
        self.restores = 0

    def target(self):
        self.restores += 1
        return os.path.join(self.folder, f"target {self.restores}")

    def same(self, one, other):
        one, other = describe(one), describe(other)
        self.assertEqual(sorted(one), sorted(other))
        for path, line in one.items():
            self.assertEqual(line, other[path], path)

    def restic_repository(self, *options):
        repository = os.path.join(self.folder, "restic repository")
        lib.restic(repository, "init", *options)
        return repository

    def restore_with_restic(self, repository, snapshot="latest"):
        target = self.target()
        lib.restic(repository, "restore", snapshot, "--target", target)
        return target

    def restore_with_enamel(self, repository, snapshot="latest"):
        target = self.target()
        lib.enamel("restore", "-r", repository, snapshot, "--files-to", target)
        return target

    def change_source(self):
        with open(os.path.join(self.source, "small"), "ab") as file:
            file.write(b" and more")
        with open(os.path.join(self.source, "large"), "r+b") as file:
            file.seek(7_000_000)
            file.write(b"changed in the middle")
        os.remove(os.path.join(self.source, "text"))
        shutil.rmtree(os.path.join(self.source, "patients", "3"))
        os.rename(os.path.join(self.source, "patients", "4"), os.path.join(self.source, "patients", "moved"))

    def test_restic_restores_ours(self):
        repository = lib.new_repository(self.folder)
        lib.backup(repository, "--images", self.source)
        lib.assert_clean(repository)
        self.same(self.source, os.path.join(self.restore_with_restic(repository), "images"))
        self.same(self.source, os.path.join(self.restore_with_enamel(repository), "images"))

    def test_restic_sees_what_restic_would_store(self):
        ours, theirs = lib.new_repository(self.folder), self.restic_repository()
        lib.backup(ours, "--images", self.source)
        lib.restic(theirs, "backup", self.source)

        def nodes(repository, prefix):
            lines = lib.restic(repository, "ls", "--json", "latest").stdout.splitlines()
            out = {}
            for line in map(json.loads, lines):
                if line["struct_type"] == "node" and line["path"].startswith(prefix + "/"):
                    path = line.pop("path")[len(prefix):]
                    # Access times are the reader's; restic 0.14 fills them from the file where we take the mtime.
                    line.pop("atime", None)
                    out[path] = line
            return out

        ours_nodes, theirs_nodes = nodes(ours, "/images"), nodes(theirs, self.source)
        self.assertEqual(sorted(ours_nodes), sorted(theirs_nodes))
        for path, node in theirs_nodes.items():
            self.assertEqual(ours_nodes[path], node, path)

    def test_enamel_restores_format_2(self):
        repository = self.restic_repository()
        lib.restic(repository, "backup", self.source)
        lib.assert_clean(repository)
        self.same(self.source, self.restore_with_enamel(repository) + self.source)

    def test_enamel_restores_format_1(self):
        repository = self.restic_repository("--repository-version", "1")
        lib.restic(repository, "backup", self.source)
        lib.assert_clean(repository)
        self.same(self.source, self.restore_with_enamel(repository) + self.source)
        refused = lib.enamel("backup", "-r", repository, "--images", self.source, ok=None)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("version 1", refused.stderr)

    def test_both_write_to_one_repository_in_turn(self):
        repository = lib.new_repository(self.folder)
        states = []
        for turn in range(4):
            before = os.path.join(self.folder, f"state {turn}")
            lib.run(["cp", "-a", self.source, before])
            states.append(before)
            if turn % 2 == 0:
                lib.backup(repository, "--images", self.source)
            else:
                lib.restic(repository, "backup", self.source)
            if turn == 1:
                self.change_source()
        lib.assert_clean(repository)
        snapshots = json.loads(lib.restic(repository, "snapshots", "--json").stdout)
        snapshots.sort(key=lambda s: s["time"])
        self.assertEqual(len(snapshots), 4)
        for turn, (snapshot, state) in enumerate(zip(snapshots, states)):
            inside = "/images" if turn % 2 == 0 else self.source
            self.same(state, self.restore_with_restic(repository, snapshot["id"]) + inside)
            self.same(state, self.restore_with_enamel(repository, snapshot["id"]) + inside)

    def test_restic_prune_leaves_ours_whole(self):
        repository = lib.new_repository(self.folder)
        lib.backup(repository, "--images", self.source)
        self.change_source()
        lib.backup(repository, "--images", self.source)
        lib.restic(repository, "forget", "--keep-last", "1", "--prune", "--max-unused", "0")
        lib.assert_clean(repository)
        self.same(self.source, os.path.join(self.restore_with_enamel(repository), "images"))
        summary = lib.backup(repository, "--images", self.source)
        self.assertEqual(summary["files_new"] + summary["files_changed"], 0)
        lib.assert_clean(repository)

    def test_an_unchanged_folder_adds_nothing(self):
        repository = lib.new_repository(self.folder)
        first = lib.backup(repository, "--images", self.source)
        second = lib.backup(repository, "--images", self.source)
        self.assertEqual(second["files_unmodified"], first["files_new"])
        self.assertEqual(second["files_new"] + second["files_changed"], 0)
        self.assertLess(second["data_added"], 3000)  # the tree above the folder at most


if __name__ == "__main__":
    unittest.main()
