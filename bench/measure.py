"""Running and measuring commands for the benchmarks: wall time, CPU time, peak memory of the process tree."""

import mmap
import os
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass


@dataclass
class Run:
    wall_s: float
    cpu_s: float
    peak_mb: float
    stdout: str


def tree_rss_bytes(pid):
    """Resident memory of a process and all it started, from /proc."""
    parents, resident = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat") as f:
                fields = f.read().rsplit(")", 1)[1].split()
            parents[int(entry)] = int(fields[1])
            resident[int(entry)] = int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError, ValueError):
            continue  # it ended while we looked
    total, todo = 0, [pid]
    while todo:
        p = todo.pop()
        total += resident.get(p, 0)
        todo += [child for child, parent in parents.items() if parent == p]
    return total


def run(command, env=None, shell=False, ok=(0,), cwd=None):
    """Runs a command to its end; raises if its exit status is not in ok."""
    environment = dict(os.environ, **(env or {}))
    before = os.times()
    start = time.monotonic()
    process = subprocess.Popen(command, shell=shell, env=environment, cwd=cwd, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
    peak = 0
    done = threading.Event()

    def sample():
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, tree_rss_bytes(process.pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    stdout, stderr = process.communicate()
    wall = time.monotonic() - start
    done.set()
    sampler.join()
    after = os.times()
    if process.returncode not in ok:
        raise RuntimeError(f"{command} ended with {process.returncode}:\n{stdout[-2000:]}\n{stderr[-2000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(wall, cpu, peak / 1e6, stdout)


def folder_bytes(path):
    return sum(os.lstat(os.path.join(base, name)).st_size for base, _, names in os.walk(path) for name in names)


def warm(path):
    """Reads a folder once, so that every competitor finds it in the page cache."""
    for base, _, names in os.walk(path):
        for name in names:
            try:
                with open(os.path.join(base, name), "rb", buffering=0) as f:
                    while f.read(1 << 22):
                        pass
            except OSError:
                pass


def sync():
    os.sync()


def forget_cache():
    """Empties the page cache where we may: a restore or a check finds nothing of its repository in memory, whoever wrote it.
    True if that was done."""
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as f:
            f.write("3")
        return True
    except OSError:
        return False


def disk_speed(folder, megabytes=1000):
    """What the disk of a folder gives a single program in order, past the page cache: (written, read) bytes a second. Where it
    has no such way (memory file systems), through it."""
    path = os.path.join(folder, "disk-speed")
    block, count = 4 << 20, megabytes // 4
    memory = mmap.mmap(-1, block)
    memory.write(os.urandom(block))
    speeds = []
    try:
        for flags, move in ((os.O_WRONLY | os.O_CREAT, os.write), (os.O_RDONLY, lambda f, m: os.readv(f, [m]))):
            try:
                file = os.open(path, flags | os.O_DIRECT, 0o600)
            except OSError:
                file = os.open(path, flags, 0o600)
            start = time.monotonic()
            for _ in range(count):
                move(file, memory)
            os.fsync(file)
            speeds.append(block * count / (time.monotonic() - start))
            os.close(file)
    finally:
        memory.close()
        if os.path.exists(path):
            os.unlink(path)
    return speeds


def cached_read_s(paths):
    """How long this machine takes to read the files from the page cache on all its CPUs, 64 KiB at a time: what reading them again
    takes at least, whatever the program does with the bytes. The best of three."""
    ranges = [(path, begin) for path in paths for begin in range(0, os.path.getsize(path), 4 << 20)]

    def read(mine):
        buffer = bytearray(1 << 16)
        for path, begin in mine:
            file = os.open(path, os.O_RDONLY)
            for offset in range(begin, begin + (4 << 20), len(buffer)):
                if os.preadv(file, [buffer], offset) == 0:
                    break
            os.close(file)

    def once():
        threads = [threading.Thread(target=read, args=(ranges[i::os.cpu_count()],)) for i in range(os.cpu_count())]
        start = time.monotonic()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.monotonic() - start

    return min(once() for _ in range(3))


def fresh(path):
    """A path with nothing there. What was there is set aside, not removed: ext4 makes files more slowly for minutes where others
    were just deleted, which would hit whoever comes second."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if os.path.lexists(path):
        trash = trash_of(os.path.dirname(path))
        os.makedirs(trash, exist_ok=True)
        os.rename(path, os.path.join(tempfile.mkdtemp(dir=trash), "old"))
    return path


def trash_of(folder):
    return os.path.join(folder, "set-aside")


def empty_trash(folder):
    shutil.rmtree(trash_of(folder), ignore_errors=True)


def table(title, header, rows):
    """Prints a Markdown table."""
    print(f"\n## {title}\n")
    print("| " + " | ".join(header) + " |")
    print("|" + " --- |" * len(header))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |", flush=True)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
