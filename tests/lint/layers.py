"""Includes go only downward.

The list of folders in docs/ARCHITECTURE.md (the block that begins with ```layers) is the law: a folder under src/ may
include itself and the folders above it in the list. Besides: the build adds the folders in the same order; every folder
is in the list; no file includes itself by a detour; libraries that must stay behind our own interfaces are not named
in headers; testing/ helpers are used by tests alone, internal/ headers by their own folder alone.
"""

import re

from tree import run_alone

DOCUMENT = "docs/ARCHITECTURE.md"
# Their types and macros must not leak into what includes us; and they are slow to compile.
NOT_IN_HEADERS = re.compile(r"^(nlohmann/(?!json_fwd)|simdjson|pugixml|mysql|mariadb/mysql|CLI/|CLI11|openssl/|sodium|zstd|xxhash|sqlite3|toml\+\+|date/|boost/|curl/)")
# Headers that name one all the same, each with the reason; only .cpp files of their own folder may include them.
WRAPPERS = {
    "src/repository/json_read.h": "readers for simdjson's own value types, shared by the decoders",
}


def layers_of(tree):
    """Folder names in order, from the document; None if it has no such block."""
    if not tree.exists(DOCUMENT):
        return None
    block = re.search(r"^```layers\n(.*?)^```", tree.text(DOCUMENT), re.MULTILINE | re.DOTALL)
    if not block:
        return None
    return [m.group(1) for m in re.finditer(r"^src/([a-z_]+)/", block.group(1), re.MULTILINE)]


def folder_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def is_test(path):
    return path.endswith(("_test.cpp", "_fuzz.cpp")) or "/testing/" in path


def check_build_order(tree, layers):
    build = "src/CMakeLists.txt"
    if not tree.exists(build):
        return []
    loop = re.search(r"foreach\(module ([^)]*)\)", tree.text(build))
    if not loop:
        return [f"{build}: no foreach(module ...) to compare with {DOCUMENT}"]
    built = loop.group(1).split()
    if built != [layer for layer in layers if layer in built]:
        return [f"{build}: builds {' '.join(built)}, another order than {DOCUMENT}"]
    return [f"{build}: src/{layer}/ of {DOCUMENT} is not built" for layer in layers if layer not in built]


def find_cycle(graph):
    """A list of names that include each other in a circle, or None."""
    done, path, on_path = set(), [], set()

    def visit(name):
        if name in on_path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        on_path.add(name)
        for target in graph.get(name, ()):
            cycle = visit(target)
            if cycle:
                return cycle
        on_path.discard(path.pop())
        done.add(name)
        return None

    for name in graph:
        cycle = visit(name)
        if cycle:
            return cycle
    return None


def check_include(tree, layers, path, line, kind, name):
    folder = folder_of(path)
    where = f"{path}:{line}"
    if kind == "<":
        # internal/ headers are seen by their own folder alone, and by no header that others may include (below).
        hidden = path in WRAPPERS or "/internal/" in path
        if path.endswith(".h") and not hidden and NOT_IN_HEADERS.match(name):
            yield f"{where}: <{name}> in a header; keep it in the .cpp"
        return
    target_path = f"src/{name}"
    target = folder_of(target_path)
    if target is None or not tree.exists(target_path):
        yield f'{where}: "{name}" is no file of ours; name it from src/ ("base/error.h"), or use <>'
        return
    if folder is not None and folder in layers and target in layers and layers.index(target) > layers.index(folder):
        yield f"{where}: {folder} may not include {target}, which stands below it in {DOCUMENT}"
    if "/testing/" in name and not is_test(path):
        yield f"{where}: {name} is for tests only"
    if target_path in WRAPPERS and (target != folder or not path.endswith(".cpp")):
        yield f"{where}: {name} shows a foreign library's types; for {target}'s .cpp files only"
    if "/internal/" in name and target != folder:
        yield f"{where}: {name} is internal to {target}"
    if "/internal/" in name and path.endswith(".h") and "/internal/" not in path:
        yield f"{where}: {name} is internal, but whoever includes {path} would see it"


def check(tree):
    layers = layers_of(tree)
    if not layers:
        return [f"{DOCUMENT}: no ```layers block with lines 'src/NAME/  purpose'"]
    findings = check_build_order(tree, layers)
    for folder in sorted({folder_of(f) for f in tree.below("src")} - {None}):
        if folder not in layers:
            findings.append(f"src/{folder}/ is not in the list of {DOCUMENT}")
    graph = {}
    for path in tree.code():
        if path.endswith(".def"):
            continue
        graph[path] = [f"src/{name}" for _, kind, name in tree.includes(path)
                       if kind == '"' and not name.endswith(".def")]
        for line, kind, name in tree.includes(path):
            findings.extend(check_include(tree, layers, path, line, kind, name))
    cycle = find_cycle(graph)
    if cycle:
        findings.append("these files include each other in a circle: " + " -> ".join(cycle))
    return findings


if __name__ == "__main__":
    run_alone(check)
