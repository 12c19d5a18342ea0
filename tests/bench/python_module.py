#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures curtail.split() beside the lines that it replaces: DataFrame.to_csv() and json.dumps() of ten rows.

    PYTHONPATH=… tests/bench/python_module.py [--rows N] [--rounds N] [--threads N]

Both write the same frame in turn, in one process; the first round is not counted. Prints the CPU time of each (user and
system, of all threads), the ratio, and by how much the process grew over the frame, in processes of their own.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd

import curtail


def doubles(rows):
    r = np.random.default_rng(1)
    frame = pd.DataFrame(r.normal(size=(rows, 10)), columns=[f"x{i}" for i in range(10)])
    return frame, r.normal(size=rows)


def mixed(rows):
    r = np.random.default_rng(2)
    cities = np.array(["Berlin", "Buenos Aires", "Nairobi", "Ulaanbaatar", "Reykjavik"], object)
    frame = pd.DataFrame({
        "id": r.integers(0, 2**63, rows), "price": r.integers(0, 10**7, rows) / 100, "share": r.random(rows),
        "weight": r.random(rows).astype("f4"), "year": r.integers(1950, 2027, rows).astype("i4"),
        "city": cities[r.integers(0, 5, rows)], "code": np.array([f"item-{i}" for i in range(100_000)], object)[
            r.integers(0, 100_000, rows)],
        "active": r.random(rows) < 0.5})
    return frame, r.random(rows) * 1000


def wide_types(rows):
    """What is not in the table of the C++ benchmarks: nullable, categorical, times."""
    r = np.random.default_rng(3)
    frame = pd.DataFrame({
        "n": pd.array(r.integers(0, 1000, rows), "Int64"), "c": pd.Categorical.from_codes(
            r.integers(0, 4, rows), ["red", "green", "blue", "grey"]),
        "t": pd.Timestamp("2024-01-01") + pd.to_timedelta(r.integers(0, 10**7, rows), "s"),
        "z": (pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(r.integers(0, 10**7, rows), "s")),
        "s": pd.array(np.array(["a", "bb", "ccc"], object)[r.integers(0, 3, rows)], "string")})
    return frame, r.random(rows)


FRAMES = {"doubles, 11 columns": doubles, "mixed, 9 columns": mixed, "nullable, categories, times, 6 columns": wide_types}


def as_before(frame, predictions, path):
    with_predictions = frame.assign(prediction=predictions)
    with_predictions.to_csv(path, index=False)
    return json.dumps(with_predictions.head(10).to_dict("records"), default=str)


def as_planned(frame, predictions, path):
    """to_csv() and ten rows of JSON alone, of a frame that has its predictions."""
    frame.to_csv(path, index=False)
    return json.dumps(frame.head(10).to_dict("records"), default=str)


def as_now(frame, predictions, path, threads, **options):
    return curtail.split(frame, predictions, "job_1", path=path, replace=True, threads=threads, **options)


def cpu(call):
    begin = time.process_time()
    call()
    return time.process_time() - begin


def measure(name, arguments, directory):
    frame, predictions = FRAMES[name](arguments.rows)
    joined = frame.assign(prediction=predictions)
    times = {"pandas": [], "curtail": [], "curtail, dialect pandas": []}
    for round_number in range(arguments.rounds + 1):
        taken = {
            "pandas": cpu(lambda: as_planned(joined, None, f"{directory}/a.csv")),
            "curtail": cpu(lambda: as_now(frame, predictions, f"{directory}/b.csv", arguments.threads)),
            "curtail, dialect pandas": cpu(lambda: as_now(frame, predictions, f"{directory}/c.csv", arguments.threads,
                                                          dialect="pandas")),
        }
        if round_number > 0:
            for each, seconds in taken.items():
                times[each].append(seconds)
    with open(f"{directory}/a.csv", "rb") as one, open(f"{directory}/c.csv", "rb") as other:
        assert one.read() == other.read(), name
    middle = {each: statistics.median(taken) for each, taken in times.items()}
    for each, seconds in middle.items():
        print(f"{name:40} {arguments.rows:>9,} rows  {each:24} {seconds:7.3f} s CPU  {middle['pandas'] / seconds:5.1f}x")


def memory(which):
    """Returns a line of /proc/self/status in KiB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(which + ":"))


def measure_growth(name, how, rows, threads):
    frame, predictions = FRAMES[name](rows)
    small = frame[:1000], predictions[:1000]
    with tempfile.TemporaryDirectory() as directory:
        call = (lambda f, p: as_now(f, p, f"{directory}/x.csv", threads)) if how == "curtail" else (
            lambda f, p: as_before(f, p, f"{directory}/x.csv"))
        call(*small)
        with open("/proc/self/clear_refs", "w") as reset:  # making the frame took more than the frame takes
            reset.write("5")
        before = memory("VmRSS")
        call(frame, predictions)
        print((memory("VmHWM") - before) / 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--growth", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.growth:
        measure_growth(*arguments.growth, arguments.rows, arguments.threads)
        return
    with tempfile.TemporaryDirectory() as directory:
        for name in FRAMES:
            measure(name, arguments, directory)
    for name in FRAMES:
        for how in ("pandas", "curtail"):
            grown = subprocess.run([sys.executable, os.path.abspath(__file__), "--growth", name, how, "--rows",
                                    str(arguments.rows), "--threads", str(arguments.threads)],
                                   check=True, stdout=subprocess.PIPE).stdout.decode().strip()
            print(f"{name:40} {arguments.rows:>9,} rows  {how:24} {float(grown):7.1f} MB over the frame")


if __name__ == "__main__":
    main()
