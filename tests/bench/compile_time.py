# SPDX-License-Identifier: MIT
"""Measures what a file that uses curtail costs to compile, beside a file that parses and prints JSON.

    python3 tests/bench/compile_time.py [--compiler g++] [--include DIR[;DIR...]] [--runs 5] [-- FLAG...]
    python3 tests/bench/compile_time.py --headers [HEADER...] ...

Prints Markdown. Times are CPU seconds of the compiler. Each run compiles all files in turn, so that other load on the
machine slows all of them alike: trust the ratios. Each program is compiled header-only and as a user of
curtail::compiled does, with -O2. With --headers, files that include one header and nothing else are compiled, without
code generation; by default the umbrella and every header. "Foreign" is the time of all standard and third-party headers
that the header includes; "mostly" names where the rest goes.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

BASELINE = "nlohmann/json.hpp"
HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1] / "include"
PROGRAMS = [
    (HERE / "compile_time/json_included.cpp", "includes nlohmann/json.hpp"),
    (HERE / "compile_time/json_used.cpp", "parses and prints JSON with it"),
    (HERE / "compile_time/umbrella.cpp", "includes curtail.hpp"),
    (HERE / "compile_time/worker.cpp", "a worker: columns, builder, CSV file"),
    (HERE / "compile_time/bot.cpp", "a bot: receiver, Telegram HTML"),
    (HERE.parents[1] / "examples/quick_start.cpp", "examples/quick_start.cpp"),
]
COMPILED = "-DCURTAIL_COMPILED"
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def direct_includes(header):
    """Returns what `header` includes, without what follows #else: that is for users who lack what is before it."""
    text = (ROOT / header).read_text(encoding="utf-8")
    return INCLUDE.findall(re.sub(r"^#else.*?^#endif", "", text, flags=re.MULTILINE | re.DOTALL))


def all_includes(header, seen=None):
    """Returns everything that `header` includes, itself too, each with True if it is curtail's."""
    seen = {} if seen is None else seen
    if header not in seen:
        seen[header] = header.startswith("curtail/")
        if seen[header]:
            for included in direct_includes(header):
                all_includes(included, seen)
    return seen


class Bench:
    def __init__(self, compiler, flags, folder):
        self.command = [compiler, "-std=c++20", *flags]
        self.folder = folder
        self.files = {}
        self.times = {}

    def add(self, key, path, *flags):
        self.files[key] = [str(path), *flags]
        self.times[key] = []

    def add_includes(self, includes):
        """Adds a file that includes these and nothing else. It leaves out foreign headers that are not installed."""
        if includes not in self.files:
            path = self.folder / f"{len(self.files)}.cpp"
            path.write_text("".join(f"#if __has_include(<{each}>)\n#include <{each}>\n#endif\n" for each in includes))
            self.add(includes, path)

    def run(self):
        for key, arguments in self.files.items():
            before = os.times()
            done = subprocess.run([*self.command, *arguments], stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"cannot compile {key}:\n{done.stderr}")
            after = os.times()
            self.times[key].append(
                after.children_user + after.children_system - before.children_user - before.children_system)

    def seconds(self, includes):
        return statistics.median(self.times[includes])


def measure_programs(bench, runs, said):
    library = bench.folder / "compiled.cpp"
    library.write_text("#include <curtail/compiled.hpp>\n")
    bench.add("library", library, COMPILED)
    for path, _ in PROGRAMS:
        bench.add((path, False), path)
        if "json" not in path.stem:
            bench.add((path, True), path, COMPILED)
    for _ in range(runs):
        bench.run()

    base = bench.seconds((PROGRAMS[1][0], False))
    print(f"`{said}`, median of {runs}; the ratio is to the file that parses and prints JSON.\n")
    print("| file | header-only, s | ratio | with `curtail::compiled`, s | ratio |")
    print("|---|---:|---:|---:|---:|")
    for path, label in PROGRAMS:
        cells = []
        for key in ((path, False), (path, True)):
            cells += [f"{bench.seconds(key):.2f}", f"{bench.seconds(key) / base:.2f}"] if key in bench.times else ["", ""]
        print(f"| {label} | {' | '.join(cells)} |")
    seconds = bench.seconds("library")
    print(f"| `curtail::compiled` itself, once per build | | | {seconds:.2f} | {seconds / base:.2f} |")


def measure_headers(bench, headers, runs, said):
    bench.add_includes(())
    bench.add_includes((BASELINE,))
    closures = {header: all_includes(header) for header in headers}
    foreign = {header: tuple(sorted(each for each, own in seen.items() if not own)) for header, seen in closures.items()}
    for header, seen in closures.items():
        bench.add_includes((header,))
        bench.add_includes(foreign[header])
        for own in direct_includes(header):
            if seen.get(own):
                bench.add_includes((own,))
    for _ in range(runs):
        bench.run()

    base = bench.seconds((BASELINE,))
    print(f"`{said}`, median of {runs}; `<{BASELINE}>` alone: {base:.2f} s, an empty file: {bench.seconds(()):.2f} s\n")
    print("| header | seconds | of json.hpp | foreign | mostly |")
    print("|---|---:|---:|---:|---|")
    for header in sorted(headers, key=lambda each: -bench.seconds((each,))):
        total = bench.seconds((header,))
        alone = bench.seconds(foreign[header])
        mostly = "its own code"
        own = [each for each in direct_includes(header) if each.startswith("curtail/")]
        costliest = max(own, key=lambda each: bench.seconds((each,)), default=None)
        if alone >= total / 2:
            mostly = f"`<{BASELINE}>`" if BASELINE in foreign[header] else "standard headers"
        elif costliest and bench.seconds((costliest,)) >= total / 2:
            mostly = f"`{costliest.removeprefix('curtail/')}`"
        elif header.endswith("/curtail.hpp"):
            mostly = "the sum of all"
        print(f"| `{header.removeprefix('curtail/')}` | {total:.2f} | {total / base:.2f} | {alone:.2f} | {mostly} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--headers", nargs="*", metavar="HEADER", help="such as curtail/artifact/csv_sink.hpp; none: all")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--include", action="append", default=[], metavar="DIR[;DIR...]", help="of third-party headers")
    parser.add_argument("--runs", type=int, default=5)
    arguments = sys.argv[1:]
    flags = None
    if "--" in arguments:
        flags = arguments[arguments.index("--") + 1:]
        arguments = arguments[:arguments.index("--")]
    options = parser.parse_args(arguments)
    of_headers = options.headers is not None
    if flags is None:
        flags = ["-fsyntax-only"] if of_headers else ["-O2"]
    said = " ".join([options.compiler, *flags])
    folders = [folder for group in options.include for folder in group.split(";") if folder]
    flags += [*(f"-I{folder}" for folder in [ROOT, *folders]), "-DCSV_IO_NO_THREAD"]
    runs = max(options.runs, 1)

    with tempfile.TemporaryDirectory() as folder:
        if of_headers:
            headers = options.headers or sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.hpp"))
            measure_headers(Bench(options.compiler, flags, pathlib.Path(folder)), headers, runs, said)
        else:
            flags += ["-c", "-o", os.devnull]
            measure_programs(Bench(options.compiler, flags, pathlib.Path(folder)), runs, said)


if __name__ == "__main__":
    main()
