"""The house style that a machine can check: sizes, and things that never stand in our code."""

import re

from tree import run_alone, without_comments

LINE_MAX = 110
FILE_LINES_NOTED = 300
FILE_LINES_MAX = 500
# Files that may be longer, each with the reason. A ratchet: none grows past the number given here.
LONGER_FILES = {}

# What: pattern, in which files (endings), why not. Comments are blanked out first, string literals are not.
FORBIDDEN = [
    (r"\busing\s+namespace\s+std\s*;", (".h", ".cpp"), "using namespace std"),
    (r"\busing\s+namespace\b", (".h",), "using namespace in a header"),
    (r"(?<![\w.>:])(?:std::)?system\s*\((?!\s*\))", (".h", ".cpp"), "a shell: use Subprocess"),
    (r"(?<![\w.>])(?:popen|execlp|execvp)\s*\(", (".h", ".cpp"), "a program found or run by a shell's rules: use Subprocess"),
    (r"(?<![\w.>:])(?:std::)?s?rand\s*\(", (".h", ".cpp"), "rand(): use randomBytes, or a seeded std::mt19937_64 in tests"),
    (r"(?<![\w.>:])(?:strcpy|strcat|sprintf|vsprintf|gets|strtok|tmpnam|mktemp|tempnam|alloca)\s*\(", (".h", ".cpp"),
     "a C function that cannot be used safely"),
    (r"(?<![\w.>:])(?:std::)?(?:atoi|atol|atoll|atof)\s*\(", (".h", ".cpp"), "ato*(): cannot tell zero from an error; use from_chars"),
    (r"\bstd::(?:format|expected|source_location)\b|#\s*include\s*<(?:format|expected|source_location)>", (".h", ".cpp"),
     "not in both of our compilers"),
    (r"\bstd::(?:ranges::)?views::", (".h", ".cpp"), "ranges views: not in both of our compilers"),
    (r"#\s*pragma\s+(?!once\b)", (".h", ".cpp"), "a compiler's own pragma"),
]
# Only these may write to the process's own streams; all others get a stream, a Progress or an Error to say it with.
SPEAKERS = {
    "src/base/error.cpp": "a failed check's last words",
    "src/cli/terminal.cpp": "asks a person at the terminal",
    "src/cli/main.cpp": "hands the streams to the command line",
}
SPEAKING = r"(?<![\w.>])(?:std::)?(?:f?printf|f?puts|putchar|perror)\s*\(|\bstd::(?:cout|cerr|clog)\b"
# The same, but with comments in place: a reason in a comment makes it right.
UNCOMMENTED = [
    (r"\bcatch\s*\([^()]*\)\s*\{\s*\}", "an error dropped without a reason: say why in a comment"),
]
# Looked for everywhere, comments included.
EVERYWHERE = [
    (r"TODO\(release\)", "must be done before a release"),
    (r"\b(?:FIXME|XXX|HACK)\b", "unfinished work: finish it, or write it down as an issue"),
    (r"(?<![\w./-])/(?:work|farm)/[a-z]", "a path of one machine"),
    (r"(?<![\w./-])/home/[a-z]+/", "a path of one machine"),
    (r"(?<![\w./-])/tmp/(?:brief|h-)", "a path of one machine"),
]
TEXT_ENDINGS = (".h", ".cpp", ".def", ".py", ".sh", ".cmake", ".txt", ".json", ".md", ".yml", ".sql")
PROGRAMS = ("run", "test", ".ci/run", "packaging/install-dependencies", "bench/run")
HERE = "tests/lint/"  # holds the patterns and the bad examples themselves


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def check_sizes(path, text):
    lines = text.split("\n")
    count = len(lines) - (1 if text.endswith("\n") else 0)
    allowed = LONGER_FILES.get(path, FILE_LINES_MAX)
    if count > allowed:
        yield f"{path}: {count} lines, at most {allowed}: which two things is it?"
    elif count > FILE_LINES_NOTED and path not in LONGER_FILES:
        yield f"note: {path}: {count} lines, past {FILE_LINES_NOTED}"
    for number, line in enumerate(lines, 1):
        # Expected JSON and the like in tests; clang-format keeps the rest of a test's lines short.
        if len(line) > LINE_MAX and "http" not in line and not path.endswith("_test.cpp"):
            yield f"{path}:{number}: {len(line)} columns, at most {LINE_MAX}"
        if line.rstrip(" \t\r") != line:
            yield f"{path}:{number}: white space at the end of the line"
    if text and not text.endswith("\n"):
        yield f"{path}: no newline at the end"


def check_code(path, text):
    code = without_comments(text)
    for pattern, endings, why in FORBIDDEN:
        if path.endswith(endings):
            for match in re.finditer(pattern, code):
                yield f"{path}:{line_of(code, match.start())}: {match.group(0).strip()}: {why}"
    if path not in SPEAKERS and not path.endswith(("_test.cpp", "_fuzz.cpp")) and path.startswith("src/"):
        for match in re.finditer(SPEAKING, code):
            yield f"{path}:{line_of(code, match.start())}: {match.group(0)}: writes past whoever called"
    for pattern, why in () if path.endswith(("_test.cpp", "_fuzz.cpp")) else UNCOMMENTED:
        for match in re.finditer(pattern, text):
            yield f"{path}:{line_of(text, match.start())}: {why}"
    if path.endswith(".h") and not text.lstrip().startswith("#pragma once") and "\n#pragma once\n" not in text:
        yield f"{path}: no #pragma once"
    if path.endswith(".cpp") and not path.endswith(("_test.cpp", "_fuzz.cpp")) and "\n#include" in "\n" + text:
        own = path[len("src/"):-len(".cpp")] + ".h"
        first = re.search(r'^#include\s+[<"]([^">]+)[">]', text, re.MULTILINE)
        if path.startswith("src/") and first and first.group(1) != own and f'"{own}"' in text:
            yield f"{path}: includes its own header after others; first, it proves that it stands alone"


def check(tree):
    findings = []
    for path in tree.code():
        text = tree.text(path)
        findings.extend(check_sizes(path, text))
        findings.extend(check_code(path, text))
    for path in tree.files:
        if not (path.endswith(TEXT_ENDINGS) or path in PROGRAMS) or path.startswith((HERE, "tests/corpus/")):
            continue
        text = tree.text(path)
        for pattern, why in EVERYWHERE:
            for match in re.finditer(pattern, text):
                findings.append(f"{path}:{line_of(text, match.start())}: {match.group(0)}: {why}")
    return findings


if __name__ == "__main__":
    run_alone(check)
