"""Nothing is forgotten: every source file belongs to a target, every fuzz target has seeds, every test file is one that
the runner finds. (cmake/EnamelModule.cmake globs the folders; this holds what a glob would miss without a word.)"""

import os
import re

from tree import run_alone


def check_sources(tree):
    build = "src/CMakeLists.txt"
    loop = re.search(r"foreach\(module ([^)]*)\)", tree.text(build)) if tree.exists(build) else None
    modules = loop.group(1).split() if loop else []
    for path in tree.below("src", ".cpp", ".cc", ".cxx", ".c"):
        parts = path.split("/")
        if not path.endswith(".cpp"):
            yield f"{path}: the build takes only .cpp"
        elif len(parts) < 3 or parts[1] not in modules:
            yield f"{path}: its folder is not built by {build}"
        elif len(parts) > 3 and not (len(parts) == 4 and parts[2] == "testing"):
            yield f"{path}: too deep: the build takes src/NAME/*.cpp and src/NAME/testing/*.cpp"
        elif len(parts) == 4 and path.endswith(("_test.cpp", "_fuzz.cpp")):
            yield f"{path}: a test among the helpers of tests is built into no test program"
    for module in modules:
        text = tree.text(f"src/{module}/CMakeLists.txt") if tree.exists(f"src/{module}/CMakeLists.txt") else ""
        if not re.search(rf"^enamel_module\({module}\b", text, re.MULTILINE):
            yield f"src/{module}/CMakeLists.txt: no enamel_module({module} ...)"


def check_fuzzers(tree):
    targets = {f"{path.split('/')[1]}_{os.path.basename(path)[:-len('.cpp')]}"
               for path in tree.below("src", "_fuzz.cpp")}
    seeded = {path.split("/")[2] for path in tree.below("tests/corpus") if path.count("/") > 2}
    for target in sorted(targets - seeded):
        yield f"tests/corpus/{target}/: no seeds for this fuzz target"
    for folder in sorted(seeded - targets):
        yield f"tests/corpus/{folder}/: seeds of no fuzz target (its name is FOLDER_STEM: src/mariadb/url_fuzz.cpp is mariadb_url_fuzz)"


def check_tests(tree):
    for path in tree.below("src", "_test.cpp"):
        if not re.search(r"^\s*(?:TEST|TEST_F|TEST_P|TYPED_TEST|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\s*\(",
                         tree.text(path), re.MULTILINE):
            yield f"{path}: holds no test"
    for path in tree.below("tests", ".py"):
        name = os.path.basename(path)
        if path.startswith(("tests/lint/", "tests/lib/")):
            continue
        if "unittest.TestCase" in tree.text(path) and not name.startswith("test_") and "support" not in path:
            yield f"{path}: holds tests, but the runner takes only test_*.py"
    for path in tree.below("src", "_test.cpp") + tree.below("tests", ".py"):
        if path.startswith(("tests/lint/", "tests/runner/")):
            continue
        for match in re.finditer(r"\bDISABLED_\w+|@unittest\.skip\(|@unittest\.expectedFailure", tree.text(path)):
            line = tree.text(path).count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: {match.group(0)}: a test that never runs"


def check(tree):
    return [*check_sources(tree), *check_fuzzers(tree), *check_tests(tree)]


if __name__ == "__main__":
    run_alone(check)
