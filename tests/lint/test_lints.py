"""The lints find what they are there to find: each is shown a small tree with one thing wrong, and a right one."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import claimed  # noqa: E402
import documents  # noqa: E402
import format as formatting  # noqa: E402
import layers  # noqa: E402
import style  # noqa: E402
from tree import Tree, without_comments  # noqa: E402

ARCHITECTURE = "```layers\nsrc/base/     the ground\nsrc/storage/  above it\n```\n"
BUILD = "foreach(module base storage)\nendforeach()\n"
CPP_TEST = '#include "base/a.h"\n\nTEST(A, b) {}\n'


class LintTest(unittest.TestCase):
    """A sound little checkout to spoil."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="enamel-lint-")
        self.addCleanup(self.folder.cleanup)
        self.write("docs/ARCHITECTURE.md", ARCHITECTURE)
        self.write("src/CMakeLists.txt", BUILD)
        for module in ("base", "storage"):
            self.write(f"src/{module}/CMakeLists.txt", f"enamel_module({module})\n")
        self.write("src/base/a.h", "#pragma once\n")
        self.write("src/storage/b.h", '#pragma once\n\n#include "base/a.h"\n')

    def write(self, path, text, mode=0o644):
        full = os.path.join(self.folder.name, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(full, mode)

    def findings(self, lint):
        return lint.check(Tree(self.folder.name))

    def assert_finds(self, lint, words):
        found = self.findings(lint)
        self.assertTrue(any(words in f for f in found), f"'{words}' is not in {found}")

    def assert_clean(self, lint):
        self.assertEqual([f for f in self.findings(lint) if not f.startswith("note: ")], [])


class LayersTest(LintTest):
    def test_a_sound_tree_is_clean(self):
        self.assert_clean(layers)

    def test_upward_include(self):
        self.write("src/base/a.cpp", '#include "base/a.h"\n#include "storage/b.h"\n')
        self.assert_finds(layers, "src/base/a.cpp:2: base may not include storage")

    def test_an_include_in_a_comment_line_of_its_own_is_none(self):
        self.write("src/base/a.cpp", '#include "base/a.h"\n// #include "storage/b.h"\n')
        self.assert_clean(layers)

    def test_cycle_of_headers(self):
        self.write("src/base/a.h", '#pragma once\n#include "base/c.h"\n')
        self.write("src/base/c.h", '#pragma once\n#include "base/a.h"\n')
        self.assert_finds(layers, "circle: src/base/a.h -> src/base/c.h -> src/base/a.h")

    def test_foreign_library_in_a_header(self):
        for name in ("nlohmann/json.hpp", "simdjson.h", "mysql.h", "CLI/CLI.hpp", "mariadb/mysql.h", "sqlite3.h", "toml++/toml.h"):
            self.write("src/storage/b.h", f"#pragma once\n#include <{name}>\n")
            self.assert_finds(layers, f"<{name}> in a header")

    def test_foreign_library_in_a_source_file_is_right(self):
        self.write("src/storage/b.cpp", '#include "storage/b.h"\n#include <mysql.h>\n')
        self.assert_clean(layers)

    def test_wrapper_of_a_foreign_library(self):
        self.addCleanup(layers.WRAPPERS.pop, "src/storage/w.h")
        layers.WRAPPERS["src/storage/w.h"] = "for this test"
        self.write("src/storage/w.h", "#pragma once\n#include <simdjson.h>\n")
        self.write("src/storage/w_user.cpp", '#include "storage/w.h"\n')
        self.assert_clean(layers)
        self.write("src/storage/b.h", '#pragma once\n#include "storage/w.h"\n')
        self.assert_finds(layers, "for storage's .cpp files only")

    def test_folder_that_is_not_in_the_list(self):
        self.write("src/mystery/c.h", "#pragma once\n")
        self.assert_finds(layers, "src/mystery/ is not in the list")

    def test_include_that_is_not_named_from_src(self):
        self.write("src/storage/c.cpp", '#include "b.h"\n')
        self.assert_finds(layers, '"b.h" is no file of ours')

    def test_internal_and_testing_headers(self):
        self.write("src/base/internal/x.h", "#pragma once\n")
        self.write("src/base/testing/y.h", "#pragma once\n")
        self.write("src/storage/c.cpp", '#include "base/internal/x.h"\n#include "base/testing/y.h"\n')
        self.assert_finds(layers, "internal to base")
        self.write("src/base/internal/x.h", "#pragma once\n#include <boost/asio.hpp>\n")
        self.write("src/base/p.h", '#pragma once\n#include "base/internal/x.h"\n')
        self.assert_finds(layers, "src/base/p.h would see it")
        self.write("src/base/p.h", "#pragma once\n#include <boost/asio.hpp>\n")
        self.assert_finds(layers, "<boost/asio.hpp> in a header")
        self.write("src/base/p.h", "#pragma once\n")
        self.assert_finds(layers, "for tests only")
        self.write("src/storage/c.cpp", "")
        self.write("src/storage/c_test.cpp", '#include "base/testing/y.h"\n')
        self.assert_clean(layers)

    def test_build_in_another_order(self):
        self.write("src/CMakeLists.txt", "foreach(module storage base)\n")
        self.assert_finds(layers, "another order")

    def test_document_without_list(self):
        self.write("docs/ARCHITECTURE.md", "nothing\n")
        self.assert_finds(layers, "no ```layers block")


class StyleTest(LintTest):
    def test_a_sound_tree_is_clean(self):
        self.assert_clean(style)

    def test_forbidden_things(self):
        for line, words in {
            "using namespace std;": "using namespace std",
            '  system("ls");': "a shell",
            '  std::system("ls");': "a shell",
            '  FILE* f = popen("ls", "r");': "use Subprocess",
            "  int x = rand();": "rand()",
            "  strcpy(a, b);": "cannot be used safely",
            '  sprintf(a, "%d", 1);': "cannot be used safely",
            "  int x = atoi(text);": "atoi(",
            "#include <format>": "not in both",
            "  for (int x : v | std::views::all) {}": "ranges views",
            "  try { f(); } catch (...) { }": "an error dropped",
            "  try { f(); } catch (const Error&) {}": "an error dropped",
        }.items():
            self.write("src/base/c.cpp", f"#include <vector>\n{line}\n")
            self.assert_finds(style, f"src/base/c.cpp:2:")
            self.assert_finds(style, words)

    def test_the_same_words_where_they_do_no_harm(self):
        self.write("src/base/c.cpp", "// never system(), rand() or strcpy()\n/* using namespace std; */\n"
                   "int filesystem(int); int brand();\nint x = clock.system(), z = system(), y = Clock::system() + snprintf(0, 0, 0);\n"
                   "void f() { try { g(); } catch (...) {  // nobody left to tell\n}\n}\n")
        self.assert_clean(style)

    def test_writing_past_the_caller(self):
        for line in ('  fprintf(stderr, "x");', '  printf("x");', '  std::cerr << 1;', '  puts("x");'):
            self.write("src/base/c.cpp", f"#include <cstdio>\n{line}\n")
            self.assert_finds(style, "writes past whoever called")
        self.write("src/base/c.cpp", 'int n = snprintf(b, 1, "x");\n')
        self.write("src/base/c_test.cpp", '  printf("x");\n')
        self.assert_clean(style)

    def test_sizes(self):
        self.write("src/base/c.cpp", "int x;\n" * 501)
        self.assert_finds(style, "501 lines, at most 500")
        self.write("src/base/c.cpp", "int x;\n" * 301)
        self.assert_finds(style, "note: src/base/c.cpp: 301 lines")
        self.assert_clean(style)
        self.write("src/base/c.cpp", "// " + "x" * 108 + "\n")
        self.assert_finds(style, "src/base/c.cpp:1: 111 columns")

    def test_white_space_and_end_of_file(self):
        self.write("src/base/c.cpp", "int x; \n")
        self.assert_finds(style, "white space")
        self.write("src/base/c.cpp", "int x;")
        self.assert_finds(style, "no newline")

    def test_header_without_guard_and_own_header_last(self):
        self.write("src/base/c.h", "int x;\n")
        self.assert_finds(style, "no #pragma once")
        self.write("src/base/a.cpp", '#include <vector>\n#include "base/a.h"\n')
        self.assert_finds(style, "includes its own header after others")

    def test_marks_and_paths_in_any_text(self):
        for text, words in {"TODO" + "(release): x": "before a release", "FIX" + "ME": "unfinished",
                            "see /wo" + "rk/x": "one machine", "/ho" + "me/x/y": "one machine"}.items():
            self.write("README.md", text + "\n")
            self.assert_finds(style, words)
        self.write("README.md", "https://example.org/wo" + "rk/x and docs/wo" + "rk/x\n")
        self.assert_clean(style)

    def test_comments_are_blanked_and_strings_are_not(self):
        code = 'a("// no comment"); // one\n/* two\nlines */ b'
        blank = without_comments(code)
        self.assertIn('"// no comment"', blank)
        self.assertNotIn("one", blank)
        self.assertNotIn("two", blank)
        self.assertEqual(blank.count("\n"), code.count("\n"))


class ClaimedTest(LintTest):
    def test_a_sound_tree_is_clean(self):
        self.write("src/base/a_test.cpp", CPP_TEST)
        self.assert_clean(claimed)

    def test_sources_nobody_builds(self):
        self.write("src/other/c.cpp", "int x;\n")
        self.assert_finds(claimed, "src/other/c.cpp: its folder is not built")
        self.write("src/base/deep/c.cpp", "int x;\n")
        self.assert_finds(claimed, "too deep")
        self.write("src/base/c.cc", "int x;\n")
        self.assert_finds(claimed, "takes only .cpp")
        self.write("src/base/testing/c_test.cpp", CPP_TEST)
        self.assert_finds(claimed, "built into no test program")

    def test_fuzz_target_without_seeds_and_seeds_without_target(self):
        self.write("src/base/a_fuzz.cpp", "int x;\n")
        self.assert_finds(claimed, "tests/corpus/base_a_fuzz/: no seeds")
        self.write("tests/corpus/base_a_fuzz/one", "x")
        self.assert_clean(claimed)
        self.write("tests/corpus/base_b_fuzz/one", "x")
        self.assert_finds(claimed, "seeds of no fuzz target")

    def test_test_file_that_holds_none_or_is_never_found(self):
        self.write("src/base/a_test.cpp", "int x;\n")
        self.assert_finds(claimed, "src/base/a_test.cpp: holds no test")
        self.write("tests/e2e/backup.py", "class A(unittest.TestCase):\n  pass\n")
        self.assert_finds(claimed, "only test_*.py")

    def test_disabled_test(self):
        self.write("src/base/a_test.cpp", "TEST(A, DISABLED" + "_b) {}\n")
        self.assert_finds(claimed, "never runs")


class DocumentsTest(LintTest):
    def setUp(self):
        super().setUp()
        self.write("src/base/error_codes.def", 'ENAMEL_ERROR_CODE(kIo, "io", 1)\n')
        self.write("docs/errors.md", "| `io` | 1 | x |\n")
        for name in ("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "docs/TESTING.md"):
            self.write(name, "x\n")

    def test_a_sound_tree_is_clean(self):
        self.assert_clean(documents)

    def test_error_codes(self):
        self.write("docs/errors.md", "| `io` | 2 | x |\n| `gone` | 1 | x |\n")
        self.assert_finds(documents, "`io` ends with 1, not 2")
        self.assert_finds(documents, "`gone` is no error code")
        self.write("docs/errors.md", "\n")
        self.assert_finds(documents, "no row for `io`")

    def test_links(self):
        self.write("README.md", "\n[a](docs/errors.md#x) [b](https://example.org) [c](docs/nowhere.md)\n```\n[d](no)\n```\n")
        self.assertEqual(self.findings(documents), ["README.md:2: docs/nowhere.md is not there"])

    def test_decisions(self):
        self.write("docs/decisions/README.md", "[one](0001-one.md)\n")
        self.write("docs/decisions/0001-one.md", "x\n")
        self.assert_clean(documents)
        self.write("docs/decisions/0001-two.md", "x\n")
        self.assert_finds(documents, "the number is that of")
        self.assert_finds(documents, "0001-two.md is not in the index")
        self.write("docs/decisions/Three.md", "x\n")
        self.assert_finds(documents, "named otherwise")

    def test_programs_and_dependencies(self):
        self.write("run", "x\n")
        self.assert_finds(documents, "run: cannot be executed")
        self.write("packaging/dependencies", "# x\ng++\ng++\ntwo names\n")
        self.assert_finds(documents, "g++ is there twice")
        self.assert_finds(documents, "'two names' is no package name")


class FormatTest(LintTest):
    def test_finds_what_is_not_formatted(self):
        self.write(".clang-format", "BasedOnStyle: Google\n")
        self.assert_clean(formatting)
        self.write("src/base/c.cpp", "int  x ;\n")
        self.assert_finds(formatting, "src/base/c.cpp:1: not formatted")


if __name__ == "__main__":
    unittest.main()
