# SPDX-License-Identifier: MIT
"""What including a header costs: the time to compile a file that has nothing else in it, against nlohmann/json.hpp.

    python3 tests/bench/compile_time.py [HEADER...] [--compiler g++] [--include DIR[;DIR...]] [--runs 5] [-- FLAG...]

Without HEADER: the umbrella and every public header. Prints Markdown. Times are processor seconds of the compiler, and
every run compiles all files in turn, so that a busy machine troubles all of them alike: trust the ratios. "Foreign" is
the time that all standard and third-party headers it comes to include cost alone; "mostly" names where the rest goes.
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
ROOT = pathlib.Path(__file__).resolve().parents[2] / "include"
INCLUDE = re.compile(r"^\s*#\s*include\s*<([^>]+)>", re.MULTILINE)


def direct_includes(header):
    """What stands behind #else is for those who lack what stands before it."""
    text = (ROOT / header).read_text(encoding="utf-8")
    return INCLUDE.findall(re.sub(r"^#else.*?^#endif", "", text, flags=re.MULTILINE | re.DOTALL))


def all_includes(header, seen=None):
    """Everything of curtail that `header` comes to include, itself too, and everything foreign."""
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

    def add(self, includes):
        """A file that includes these and nothing else; a foreign header that is not installed is left out."""
        if includes not in self.files:
            path = self.folder / f"{len(self.files)}.cpp"
            path.write_text("".join(f"#if __has_include(<{each}>)\n#include <{each}>\n#endif\n" for each in includes))
            self.files[includes] = path
            self.times[includes] = []

    def run(self):
        for includes, path in self.files.items():
            before = os.times()
            done = subprocess.run([*self.command, str(path)], stderr=subprocess.PIPE, text=True, check=False)
            if done.returncode != 0:
                sys.exit(f"cannot compile {includes}:\n{done.stderr}")
            after = os.times()
            self.times[includes].append(
                after.children_user + after.children_system - before.children_user - before.children_system)

    def seconds(self, includes):
        return statistics.median(self.times[includes])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("headers", nargs="*", metavar="HEADER", help="such as curtail/artifact/csv_sink.hpp")
    parser.add_argument("--compiler", default="g++")
    parser.add_argument("--include", action="append", default=[], metavar="DIR[;DIR...]", help="of third-party headers")
    parser.add_argument("--runs", type=int, default=5)
    arguments = sys.argv[1:]
    flags = ["-fsyntax-only"]
    if "--" in arguments:
        flags = arguments[arguments.index("--") + 1:]
        arguments = arguments[:arguments.index("--")]
    options = parser.parse_args(arguments)
    folders = [folder for group in options.include for folder in group.split(";") if folder]
    said = " ".join([options.compiler, *flags])
    flags += [*(f"-I{folder}" for folder in [ROOT, *folders]), "-DCSV_IO_NO_THREAD"]
    headers = options.headers or sorted(path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*.hpp"))

    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.compiler, flags, pathlib.Path(folder))
        bench.add(())
        bench.add((BASELINE,))
        closures = {header: all_includes(header) for header in headers}
        foreign = {header: tuple(sorted(each for each, own in seen.items() if not own))
                   for header, seen in closures.items()}
        for header, seen in closures.items():
            bench.add((header,))
            bench.add(foreign[header])
            for own in direct_includes(header):
                if seen.get(own):
                    bench.add((own,))
        for _ in range(max(options.runs, 1)):
            bench.run()

        base = bench.seconds((BASELINE,))
        print(f"`{said}`, median of {options.runs}; `<{BASELINE}>` alone: {base:.2f} s, "
              f"an empty file: {bench.seconds(()):.2f} s\n")
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


if __name__ == "__main__":
    main()
