#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures curtail beside the CSV writers one could use instead, and writes the result as a table.

    cmake --build build/bench --target bench
    tests/bench/compare.py PROGRAMS [--out DIR] [--megabytes N] [--rounds N] [--tables A,B] …

PROGRAMS is the directory of curtail.bench.sink_bench and curtail.bench.receiver_bench. Every writer is a process that
holds the same table, with the same types, before a clock runs. Only the writing of the file is measured. In each round
every writer writes once, in random order, so that noise affects all of them alike. The first round is not counted: it
checks that each file says what curtail's file says. Writers that are not installed are listed with what to install.
The npm packages are installed into DIR. Results: DIR/benchmarks.md and DIR/benchmarks.json.
"""
import argparse
import csv
import filecmp
import gzip
import itertools
import json
import lzma
import os
import pathlib
import platform
import random
import shutil
import subprocess
import sys
import time

import bench_report

HERE = pathlib.Path(__file__).resolve().parent
TABLES = {
    "doubles": "11 random doubles",
    "mixed": "mixed, 9 columns",
    "flights": "200,000 real flights, repeated",
    "texts": "long texts",
    "quoted_texts": "long texts with quotes",
}
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def say(text):
    print(text, file=sys.stderr, flush=True)


class Failed(Exception):
    pass


class Worker:
    """A process that takes commands line by line and answers each with a line of JSON."""

    def __init__(self, name, command, log, environment=None):
        self.name, self.log = name, log
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
                                            env={**os.environ, **(environment or {})})
        try:
            self.hello = self.answer()
        except Failed:
            self.close()
            raise

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            lines = [text for text in self.log.read_text(errors="replace").splitlines() if "rror" in text or ": " in text]
            raise Failed(lines[0].strip() if lines else f"ended with {self.process.wait()}; see {self.log}")
        answer = json.loads(line)
        if "error" in answer:
            raise Failed(answer["error"])
        return answer

    def ask(self, line):
        try:
            self.process.stdin.write(line + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # answer() says why
        return self.answer()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Contender:
    """One way to write a table: a row of the report."""

    def __init__(self, writer, threads, durability, ask, absent=None):
        self.writer, self.threads, self.durability, self.ask, self.absent = writer, threads, durability, ask, absent
        self.passes, self.bytes = [], 0

    @property
    def label(self):
        return f"{self.writer}, {self.threads} thread{'s' if self.threads != '1' else ''}, durability {self.durability}"


# --- peers ----------------------------------------------------------------------------------------------------------

def install_peers(out):
    """Returns the directory with the npm peers, or the reason why there are none."""
    directory = out / "peers"
    directory.mkdir(parents=True, exist_ok=True)
    for source in (HERE / "peers").iterdir():
        shutil.copy(source, directory)
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        return None, "npm is missing: install Node.js with npm and run again"
    pins = json.loads((directory / "package.json").read_text())["dependencies"]

    def install(*packages):
        done = subprocess.run([npm, "install", "--no-audit", "--no-fund", "--loglevel=error", *packages], cwd=directory,
                              capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[0]
            raise Failed(f"npm could not install it ({reason}): check the network and run again")

    try:
        if any(not (directory / "node_modules" / name).is_dir() for name in pins):
            say("installing the peers' npm packages")
            install()
        # npm skips the binary of polars if the package asks for a newer Node. It works with older ones, too.
        arch = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
        libc = "gnu" if platform.libc_ver()[0] == "glibc" else "musl"
        binary = f"nodejs-polars-{sys.platform}-{arch}-{libc}"
        if sys.platform == "linux" and not (directory / "node_modules" / binary).is_dir():
            install(f"{binary}@{pins['nodejs-polars']}")
    except (Failed, subprocess.TimeoutExpired) as error:
        return None, str(error)
    return directory, None


def python_with_pandas():
    for python in (sys.executable, "/usr/bin/python3"):
        if python and subprocess.run([python, "-c", "import pandas"], capture_output=True).returncode == 0:
            return python
    return None


class Peers:
    """The writers that are not curtail, as far as they are installed."""

    def __init__(self, out):
        self.out = out
        self.python = python_with_pandas()
        self.directory, self.why_no_npm = install_peers(out)

    def processes(self):
        """Yields (name, command, environment, why it is absent, {writer: {threads: way}}) of each process to start."""
        no_pandas = None if self.python else "pandas is missing: on Debian, apt-get install python3-pandas"
        script = lambda name: ["node", str(self.directory / name)] if self.directory else None
        both = lambda threads: {"polars": {threads: "write"}, "polars, streaming": {threads: "sink"}}
        pandas = [self.python, "-B", str(HERE / "peers" / "pandas_peer.py")]
        yield "pandas", pandas, {}, no_pandas, {"pandas": {"1": "-"}, "pandas, gzip": {"1": "gzip"}}
        yield "polars.1", script("polars.mjs"), {"POLARS_MAX_THREADS": "1"}, self.why_no_npm, both("1")
        yield "duckdb", script("duckdb.mjs"), {}, self.why_no_npm, {"DuckDB": {"1": "1", "all": str(CORES)}}
        yield "polars.all", script("polars.mjs"), {}, self.why_no_npm, both("all")


# --- checking -------------------------------------------------------------------------------------------------------

def same_cell(mine, theirs):
    if mine == theirs or mine.lower() == theirs.lower() in ("true", "false"):
        return True
    try:
        return float(mine) == float(theirs)
    except ValueError:
        return False


def check_same_table(mine, theirs):
    """Raises Failed unless both files have as many rows, and equal values in the first thousand rows and every 37th."""
    with open(mine, newline="") as a, open(theirs, newline="") as b:
        for number, (row, other) in enumerate(itertools.zip_longest(csv.reader(a), csv.reader(b))):
            if row is None or other is None:
                raise Failed(f"its file has {'more' if row is None else 'fewer'} rows than curtail's")
            if (number < 1000 or number % 37 == 0) and row != other:
                if len(row) != len(other) or not all(map(same_cell, row, other)):
                    raise Failed(f"its row {number} is {other} where curtail's is {row}")


# --- measuring ------------------------------------------------------------------------------------------------------

def threads_of(word):
    return "0" if word == "all" else word


def pigz(reference, threads):
    """Compresses curtail's file, which is in the page cache; the time does not hold the writing of that file."""
    def run(path):
        begin, cpu = time.perf_counter(), os.times()
        with open(path, "wb") as out:
            subprocess.run(["pigz", "-6", "-p", threads if threads != "all" else str(CORES), "-c", reference], stdout=out,
                           check=True)
        spent = os.times()
        return {"seconds": time.perf_counter() - begin,
                "cpu_seconds": spent.children_user + spent.children_system - cpu.children_user - cpu.children_system}
    return run


def same_when_unpacked(reference, packed):
    with gzip.open(packed) as a, open(reference, "rb") as b:
        pieces = [iter(lambda file=file: file.read(1 << 20), b"") for file in (a, b)]
        return all(mine == theirs for mine, theirs in itertools.zip_longest(*pieces))


def curtail_contenders(driver, reference):
    def writes(what, durability, threads):
        return lambda path: driver.ask(f"{what} {durability} {threads_of(threads)} {path}")

    for threads in ["1", "all"] if CORES > 1 else ["1"]:
        for durability in ("none", "data", "full"):
            yield Contender("curtail", threads, durability, writes("sink", durability, threads))
        for durability in ("none", "data"):
            yield Contender("curtail's whole split", threads, durability, writes("split", durability, threads))
        yield Contender("curtail, gzip", threads, "none", writes("gzip", "none", threads))
        yield Contender("pigz -6", threads, "none", pigz(reference, threads),
                        None if shutil.which("pigz") else "pigz is missing: on Debian, apt-get install pigz")
    for durability in ("none", "data"):
        yield Contender("raw write(2)", "1", durability,
                        lambda path, how=durability: driver.ask(f"raw {how} {reference} {path}"))


def measure_table(name, options, peers):
    say(f"{TABLES[name]}: making the table of {options.megabytes:g} MB")
    work = options.out / "work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    reference, target = work / "reference.csv", work / "target.csv"
    arguments = [str(options.programs / "curtail.bench.sink_bench"), name, str(options.megabytes)]
    if name == "flights":
        flights = work / "flights.csv"
        flights.write_bytes(lzma.decompress((HERE / "data" / "flights-200k.csv.xz").read_bytes()))
        arguments.append(str(flights))
    workers = []

    def start(*details):
        workers.append(Worker(*details))
        return workers[-1]

    try:
        driver = start("curtail", arguments, options.out / f"{name}.curtail.log")
        columns = driver.hello["columns"]
        size = driver.ask(f"sink data 1 {reference}")["bytes"]
        contenders = list(curtail_contenders(driver, reference))
        versions = {}
        for process, command, environment, absent, writers in peers.processes():
            worker = None
            if CORES == 1 and process == "polars.all":
                continue
            if not absent:
                say(f"{TABLES[name]}: {process} loads it")
                try:
                    worker = start(process, [*command, str(reference), json.dumps(columns)],
                                   options.out / f"{name}.{process}.log", environment)
                    versions[process.split(".")[0]] = worker.hello["version"]
                except Failed as error:
                    absent = str(error)
            for writer, ways in writers.items():
                if writer == "pandas, gzip" and name != "mixed":
                    continue  # half a minute per round
                for threads, way in ways.items():
                    if threads == "1" or CORES > 1:
                        contenders.append(Contender(writer, threads, "none",
                                                    lambda path, to=worker, way=way: to.ask(f"{path} {way}"), absent))
        run_rounds(name, contenders, options.rounds, reference, target)
    finally:
        for worker in workers:
            worker.close()
        shutil.rmtree(work, ignore_errors=True)
    return {"table": name, "title": TABLES[name], "rows": driver.hello["rows"], "columns": len(columns), "bytes": size,
            "versions": versions,
            "writers": [{"writer": c.writer, "threads": c.threads, "durability": c.durability, "bytes": c.bytes,
                         "absent": c.absent, "passes": c.passes} for c in contenders]}


def warm_page_cache(path, size):
    """Writes and deletes a file of `size` bytes, so that the page cache has memory for the next one. A virtual machine may
    have returned memory to its host after the last file, and getting it back made the same write(2) up to ten times slower.
    """
    block = bytes(1 << 20)
    with open(path, "wb", buffering=0) as file:
        for _ in range(0, size, len(block)):
            file.write(block)
    path.unlink()


def run_rounds(name, contenders, rounds, reference, target):
    order = random.Random(20261122)  # no writer follows the same one each time
    for number in range(rounds + 1):
        say(f"{TABLES[name]}: " + (f"round {number} of {rounds}" if number else "warming up, checking every file"))
        for contender in order.sample(contenders, len(contenders)):
            if contender.absent:
                continue
            try:
                warm_page_cache(target, reference.stat().st_size)
                answer = contender.ask(target)
                if number == 0:
                    contender.bytes = target.stat().st_size
                    if "gz" in contender.writer:
                        if not contender.writer.startswith("pandas") and not same_when_unpacked(reference, target):
                            raise Failed("its file, unpacked, differs from curtail's")
                    elif contender.writer.startswith(("curtail", "raw")):
                        if not filecmp.cmp(reference, target, shallow=False):
                            raise Failed("its file differs from that of one thread")
                    else:
                        check_same_table(reference, target)
                else:
                    contender.passes.append({key: answer[key] for key in ("seconds", "cpu_seconds")})
            except Failed as error:
                say(f"{contender.label}: {error}")
                contender.absent = str(error)
                if contender.writer == "curtail" and contender.threads == "1":
                    raise
            target.unlink(missing_ok=True)


def measure_receiver(options):
    say("receiver: an old message with all of its rows")
    rows = max(1000, round(options.megabytes * 1e6 / 80))
    command = [str(options.programs / "curtail.bench.receiver_bench"), str(rows), str(options.rounds + 1)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    passes = {}
    for answer in map(json.loads, done.stdout.splitlines()):
        passes.setdefault(answer["what"], []).append(answer)
    return {"rows": rows, "bytes": passes["curtail"][0]["bytes"],
            "readers": {what: [{key: one[key] for key in ("seconds", "cpu_seconds")} for one in each[1:]]
                        for what, each in passes.items()}}


def describe_machine(options):
    def first(path, key):
        try:
            for line in pathlib.Path(path).read_text().splitlines():
                if line.startswith(key):
                    return line.split(":", 1)[1].strip()
        except OSError:
            pass
        return None

    def said_by(*command):
        if not shutil.which(command[0]):
            return None
        return subprocess.run(command, cwd=HERE, capture_output=True, text=True).stdout.strip() or None

    memory = first("/proc/meminfo", "MemTotal")
    return {"processor": first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(), "cores": CORES,
            "memory_gb": round(int(memory.split()[0]) / 1e6) if memory else None,
            "system": f"{platform.system()} {platform.release()}",
            "file_system": said_by("findmnt", "-no", "FSTYPE", "-T", str(options.out)),
            "compiler": options.compiler, "commit": said_by("git", "describe", "--always", "--dirty"),
            "load_before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None}


def main():
    parser = argparse.ArgumentParser(description="Measures curtail beside pandas, polars, DuckDB and write(2).")
    parser.add_argument("programs", type=pathlib.Path, help="where curtail.bench.sink_bench is")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("bench"), help="for results, packages and files")
    parser.add_argument("--megabytes", type=float, default=110, help="of CSV in each table")
    parser.add_argument("--rounds", type=int, default=7, help="rounds that are counted")
    parser.add_argument("--tables", default=",".join(TABLES), help="of: %(default)s")
    parser.add_argument("--compiler", default="", help="name of the compiler for the report")
    options = parser.parse_args()
    options.programs, options.out = options.programs.resolve(), options.out.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    names = options.tables.split(",")
    unknown = set(names) - set(TABLES)
    if unknown or options.rounds < 1:
        parser.error(f"unknown table {', '.join(sorted(unknown))}" if unknown else "there must be at least one round")
    free = shutil.disk_usage(options.out).free
    if free < 4e6 * options.megabytes + 1e9:
        parser.error(f"{options.out} has {free / 1e9:.1f} GB free, which is not enough")
    machine = describe_machine(options)
    peers = Peers(options.out)
    report = {"machine": machine, "megabytes": options.megabytes, "rounds": options.rounds,
              "tables": [measure_table(name, options, peers) for name in names],
              "receiver": measure_receiver(options)}
    text = bench_report.markdown(report)
    (options.out / "benchmarks.json").write_text(json.dumps(report, indent=1) + "\n")
    (options.out / "benchmarks.md").write_text(text)
    print(text)
    say(f"written: {options.out}/benchmarks.md and benchmarks.json")


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        sys.exit(f"compare.py: {error}")
