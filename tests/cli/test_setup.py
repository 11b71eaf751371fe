"""`enamel setup` as a script and a person run it: from nothing to a service's configuration, with the words of the recovery
kit as the gate."""

import os
import re
import subprocess
import unittest

from lib import practice as lib


def kit_words(path):
    text = subprocess.run(["pdftotext", "-raw", path, "-"], stdout=subprocess.PIPE, check=True).stdout.decode().split()
    found = []
    for number, word in zip(text, text[1:]):
        if number == str(len(found) + 1) and word.isalpha() and word.islower():
            found.append(word)
    return found


class Setup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        context = lib.practice(patients=30, images_mb=2)
        cls.practice = context.__enter__()
        cls.addClassCleanup(context.__exit__, None, None, None)

    def setUp(self):
        context = lib.temporary_folder()
        self.folder = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.places = ["--config", self.path("etc/enamel.toml"), "--state", self.path("state")]
        with open(self.path("administrator"), "w", encoding="utf-8") as file:
            file.write("four words make it long\n")

    def path(self, name):
        return os.path.join(self.folder, name)

    def setup(self, *more, ok=(0,)):
        return lib.run([lib.ENAMEL, "setup", *self.places, "--administrator-password-file", self.path("administrator"),
                        "--kit", self.path("kit.pdf"), *more], ok=ok)

    def answers(self, *more, **changed):
        options = dict({"practice": "Smile Dental", "database": self.practice.url, "images": self.practice.images,
                        "repository": self.path("backups"), "times": "12:30,20:00"}, **changed)
        return [word for name, value in options.items() for word in (f"--{name}", value)] + list(more)

    def talk(self, command, answer):
        """Answers each question of the program by answer(question); returns its status and all it said."""
        process = subprocess.Popen([lib.ENAMEL, *command], env=lib.ENVIRONMENT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT)
        said, since = b"", b""
        while byte := process.stdout.read(1):
            said, since = said + byte, since + byte
            if since.endswith(b": ") and (reply := answer(since.decode().splitlines()[-1])) is not None:
                process.stdin.write(reply.encode() + b"\n")
                process.stdin.flush()
                since = b""
        process.stdin.close()
        process.stdout.close()
        return process.wait(), said.decode()

    def word(self, question, words):
        found = re.fullmatch(r"Word (\d+) of the kit: ", question)
        return words[int(found.group(1)) - 1] if found else None

    def test_options_do_all_but_the_words_of_the_kit(self):
        result = self.setup(*self.answers(), ok=(2,))
        self.assertIn("no words of the recovery kit were entered", result.stderr)
        self.assertIn("newest documents have their file here", result.stdout)
        words = kit_words(self.path("kit.pdf"))
        self.assertEqual(len(words), 12)
        self.assertNotIn(words[0] + " " + words[1], result.stdout + result.stderr)
        status, said = self.talk(["kit", "--confirm", *self.places], lambda question: self.word(question, words))
        self.assertEqual((status, "confirmed" in said), (0, True), said)
        self.assertIn("Set-up is finished", self.setup(*self.answers()).stdout)
        lib.enamel("config", "check", self.path("etc/enamel.toml"))
        with open(self.path("etc/enamel.toml"), encoding="utf-8") as file:
            text = file.read()
        self.assertIn('times = ["12:30", "20:00"]', text)
        self.assertNotIn(words[0] + " " + words[1], text)
        lib.run(["restic", "--no-cache", "-r", self.path("backups"), "snapshots"], env={"RESTIC_PASSWORD": " ".join(words)})

    def test_a_person_answers_questions(self):
        tries = []

        def answer(question):
            if question.startswith("Word "):
                tries.append(question)
                return "wrong" if len(tries) <= 3 else self.word(question, kit_words(self.path("kit.pdf")))
            for begin, reply in (("Where it is, mariadb", self.practice.url), ("Where it is on this", self.practice.images),
                                 ("A folder, best", self.path("backups")), ("Use it all the same", "yes"), ("The practice's name", ""),
                                 ("Backups every day", "25:00" if "asked" not in seen else "07:30")):
                if question.startswith(begin):
                    if begin == "Backups every day":
                        seen.add("asked")
                    return reply
            return None

        seen = set()
        status, said = self.talk(["setup", *self.places, "--administrator-password-file", self.path("administrator"),
                                  "--kit", self.path("kit.pdf")], answer)
        self.assertEqual(status, 0, said)
        self.assertIn("same disk", said)
        self.assertIn("Write it as 12:30,20:00", said)
        self.assertIn("Once more, with other words", said)
        with open(self.path("etc/enamel.toml"), encoding="utf-8") as file:
            self.assertIn('times = ["07:30"]', file.read())

    def test_what_cannot_be_used_ends_a_script(self):
        gone = self.setup(*self.answers(database="mariadb://enamel@127.0.0.1:1/opendental"), ok=None)
        self.assertEqual(gone.returncode, 1)
        self.assertIn("127.0.0.1:1", gone.stdout)
        self.assertEqual(self.setup(*self.answers(images="/no/such/folder"), ok=None).returncode, 1)
        self.assertEqual(self.setup(*self.answers(repository="/proc/backups"), ok=None).returncode, 2)
        self.assertIn("--times has to be like", self.setup(*self.answers(times="25:00"), ok=(2,)).stderr)
        self.assertIn("nobody answers", self.setup("--database", "-", ok=(2,)).stderr)
        told = self.setup(*self.answers(database="mariadb://a:s3cret@h/d"), ok=(2,))
        self.assertNotIn("s3cret", told.stdout + told.stderr)

    def test_the_guide_names_mounts_and_rights(self):
        text = lib.enamel("setup", "--guide").stdout
        self.assertIn("GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON `opendental`.*", text)
        self.assertIn("/mnt/OpenDentImages cifs ro,", text)
        self.assertFalse(os.path.exists(self.path("etc")))
