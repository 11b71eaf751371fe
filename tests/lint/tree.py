"""The checkout as the lints see it: which files there are, and what the C++ ones include."""

import os
import re
import sys

SKIPPED_FOLDERS = {".git", "build", "sample", "node_modules", "__pycache__"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]', re.MULTILINE)


class Tree:
    """All files below root, as paths relative to it with '/' between. Reads each once."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self._texts = {}
        self.files = []
        for folder, names, files in os.walk(self.root):
            # src/sample is a library; only the sample practice a user makes at the top is left out.
            at_top = folder == self.root
            names[:] = sorted(n for n in names if n not in SKIPPED_FOLDERS or (n == "sample" and not at_top))
            for name in sorted(files):
                self.files.append(os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/"))

    def text(self, path):
        if path not in self._texts:
            with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
                self._texts[path] = file.read()
        return self._texts[path]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def below(self, folder, *endings):
        return [f for f in self.files if f.startswith(folder + "/") and (not endings or f.endswith(endings))]

    def code(self):
        """Our C++: everything under src and bench."""
        return self.below("src", ".h", ".cpp", ".def") + self.below("bench", ".h", ".cpp")

    def includes(self, path):
        """[(line number, '<' or '"', name)] of a file's includes."""
        text = self.text(path)
        return [(text.count("\n", 0, m.start(1)) + 1, m.group(1), m.group(2)) for m in INCLUDE.finditer(text)]


def without_comments(text):
    """C++ with comments blanked out, lines and columns kept; string literals stay."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)

    def blank(match):
        token = match.group(0)
        return token if token[0] in "\"'" else re.sub(r"[^\n]", " ", token)

    return pattern.sub(blank, text)


def run_alone(check):
    """What a lint does when started by hand: lints this checkout, or the folder given, and prints its findings."""
    here = os.path.dirname(os.path.abspath(__file__))
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.dirname(here))
    findings = check(Tree(root))
    for finding in findings:
        print(finding)
    sys.exit(1 if any(not f.startswith("note: ") for f in findings) else 0)
