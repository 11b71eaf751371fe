"""The documents say what is: links lead somewhere, docs/errors.md names every error code, decisions are in their index,
the program lists are sorted out, and programs that people start can be started."""

import os
import re

from tree import run_alone

CODES = "src/base/error_codes.def"
ERRORS = "docs/errors.md"
DECISIONS = "docs/decisions"
CODE_LINE = re.compile(r'^ENAMEL_ERROR_CODE\((\w+), "([a-z_]+)", (\d+)\)', re.MULTILINE)
EXECUTABLES = ("run", "test", ".ci/run", "packaging/install-dependencies", "bench/run")


def check_errors(tree):
    if not tree.exists(CODES):
        return
    if not tree.exists(ERRORS):
        yield f"{ERRORS} is missing"
        return
    codes = {name: int(code) for _, name, code in CODE_LINE.findall(tree.text(CODES))}
    documented = {name: int(code) for name, code in
                  re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", tree.text(ERRORS), re.MULTILINE)}
    for name, code in codes.items():
        if name not in documented:
            yield f"{ERRORS}: no row for `{name}` of {CODES}"
        elif documented[name] != code:
            yield f"{ERRORS}: `{name}` ends with {code}, not {documented[name]}"
    for name in documented:
        if name not in codes:
            yield f"{ERRORS}: `{name}` is no error code of {CODES}"


def check_links(tree):
    for path in tree.files:
        if not path.endswith(".md"):
            continue
        text = re.sub(r"```.*?```", lambda m: "\n" * m.group(0).count("\n"), tree.text(path), flags=re.DOTALL)
        for match in re.finditer(r"\]\(([^)\s]+)\)", text):
            target = match.group(1).split("#")[0]
            if not target or "://" in target or target.startswith("mailto:"):
                continue
            if not tree.exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: {target} is not there"


def check_decisions(tree):
    index = f"{DECISIONS}/README.md"
    records = [os.path.basename(p) for p in tree.below(DECISIONS, ".md") if os.path.basename(p) not in ("README.md", "TEMPLATE.md")]
    numbers = {}
    for record in records:
        if not re.match(r"\d{4}-[a-z0-9-]+\.md$", record):
            yield f"{DECISIONS}/{record}: named otherwise than NNNN-words-with-hyphens.md"
            continue
        if record[:4] in numbers:
            yield f"{DECISIONS}/{record}: the number is that of {numbers[record[:4]]} too"
        numbers[record[:4]] = record
        if not tree.exists(index) or f"({record})" not in tree.text(index):
            yield f"{index}: {record} is not in the index"


def check_programs(tree):
    for path in EXECUTABLES:
        if tree.exists(path) and not os.access(os.path.join(tree.root, path), os.X_OK):
            yield f"{path}: cannot be executed"
    for path in ("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md", "docs/TESTING.md"):
        if not tree.exists(path):
            yield f"{path} is missing"


def check_dependencies(tree):
    for path in tree.below("packaging"):
        if not os.path.basename(path).startswith("dependencies"):
            continue
        seen = set()
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            if not re.match(r"[a-z0-9][a-z0-9+.-]+$", line):
                yield f"{path}:{number}: '{line}' is no package name"
            if line in seen:
                yield f"{path}:{number}: {line} is there twice"
            seen.add(line)


def check(tree):
    return [*check_errors(tree), *check_links(tree), *check_decisions(tree), *check_programs(tree),
            *check_dependencies(tree)]


if __name__ == "__main__":
    run_alone(check)
