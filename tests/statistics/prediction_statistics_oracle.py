#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares PredictionStatistics with pandas on random columns: prediction_statistics_oracle.py PROGRAM

PROGRAM is the test program of the statistics room. Prints its seed; CURTAIL_SEED sets it. Exits with 77 without pandas.
"""
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy as np
    import pandas as pd
except ImportError:
    print("skipped: python3-pandas is not installed")
    sys.exit(77)


def describe(program, directory, kind, values):
    path = os.path.join(directory, "column")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(kind + "\n")
        for value in values:
            missing = value is None or (isinstance(value, float) and math.isnan(value) and kind != "double")
            out.write("<null>" if missing else repr(value) if kind != "text" else value)
            out.write("\n")
    environment = dict(os.environ, CURTAIL_ORACLE_COLUMN=path)
    subprocess.run([program, "[.oracle]"], env=environment, check=True, stdout=subprocess.DEVNULL)
    answer = {"classes": []}
    with open(path + ".out", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            name, *rest = line.rstrip("\n").split("\t")
            if name == "class":
                answer["classes"].append((rest[0], int(rest[1]), float(rest[2])))
            elif name == "histogram":
                answer[name] = (float(rest[0]), float(rest[1]), [int(count) for count in rest[2:]])
            else:
                answer[name] = float(rest[0])
    return answer


def check(name, ok, *shown):
    if not ok:
        raise AssertionError(f"{name}: {shown}")


def close(name, got, expected, scale=None):
    expected = float(expected)
    if not math.isfinite(expected):
        return check(name, got is None, got, expected)
    tolerance = 1e-12 * max(abs(expected), scale or 0)
    check(name, got is not None and abs(got - expected) <= tolerance, got, expected)


def check_numbers(answer, series):
    check("n_rows", answer["n_rows"] == len(series), answer["n_rows"])
    check("n_null", answer["n_null"] == series.isna().sum(), answer["n_null"])
    # A mean is compared on the scale of the values: where it is the small rest of great ones, pandas has no more digits.
    finite = series[np.isfinite(series.astype(float))]
    close("mean", answer.get("mean"), series.mean(), finite.abs().mean() if len(finite) else 0)
    # pandas rounds the mean before it subtracts: at 1e9 +- 1e-3 its own std is off by 5e-10. Shifted values have no such loss.
    close("std", answer.get("std"), (series - finite.median()).std() if len(finite) == series.count() else series.std())
    close("min", answer.get("min"), series.min())
    close("max", answer.get("max"), series.max())
    exact = len(finite) <= 100_000
    check("median_rank_error", ("median_rank_error" in answer) != exact or "median" not in answer, answer)
    if exact:
        close("median", answer.get("median"), series.median())
    elif "median" in answer:
        present = series.dropna()
        check("median is not too high", (present < answer["median"]).mean() <= 0.505, answer["median"])
        check("median is not too low", (present <= answer["median"]).mean() >= 0.495, answer["median"])
    if len(finite) == 0:
        return check("histogram", "histogram" not in answer, answer)
    low, high, counts = answer["histogram"]
    check("histogram's sum", sum(counts) == len(finite), sum(counts), len(finite))
    check("histogram's ends", (low, high) == (float(finite.min()), float(finite.max())), low, high)
    if exact and low < high:
        counted, edges = np.histogram(finite.astype(float), bins=20)
        # Edges may differ in their last bit, and values on an edge then fall on either side of it.
        on_edge = sum(np.isclose(finite, edge, rtol=1e-14, atol=0).sum() for edge in edges)
        apart = np.abs(np.cumsum(counts) - np.cumsum(counted)).sum()
        check("histogram", len(counts) == 20 and apart <= on_edge, counts, list(counted))


def check_classes(answer, series):
    counted = series.dropna().map(str).value_counts()
    expected = sorted(((-count, label.encode()), label, count) for label, count in counted.items())
    rows = int(counted.sum())
    check("classes_total", answer["classes_total"] == len(expected), answer["classes_total"], len(expected))
    check("listed", len(answer["classes"]) == min(50, len(expected)), answer["classes"])
    for (label, count, percentage), (_, expected_label, expected_count) in zip(answer["classes"], expected):
        check("class", (label, count) == (expected_label, expected_count), label, count, expected_label, expected_count)
        close("percentage", percentage, 100 * expected_count / rows)
    listed = sum(count for _, count, _ in answer["classes"])
    check("other_count", answer["other_count"] == rows - listed, answer["other_count"])


def columns(generator):
    normal = generator.normal
    yield "empty", "double", []
    yield "one", "double", [1.25]
    yield "only NaN", "double", [math.nan] * 3
    yield "normal", "double", list(normal(size=5000))
    yield "normal, NaN", "double", [math.nan if i % 7 == 0 else value for i, value in enumerate(normal(size=5000))]
    yield "close together", "double", list(1e9 + 1e-3 * normal(size=20_000))
    yield "steep", "double", list(np.exp(8 * normal(size=20_000)))
    yield "infinities", "double", [1.5, math.inf, -2.5, 3.25, math.inf]
    yield "both infinities", "double", [1.5, math.inf, -2.5, -math.inf]
    yield "tenths", "double", [i / 10 for i in range(1000)]
    yield "labels as floats", "double", [float(value) for value in generator.integers(-2, 3, 1000)] + [math.nan]
    yield "many", "double", list(normal(size=150_000))
    yield "many, sorted", "double", sorted(np.exp(normal(size=150_000)))
    yield "many, close", "double", list(1e9 + 1e-3 * normal(size=150_000))
    yield "integers", "int64", [int(value) for value in generator.integers(-(2**40), 2**40, 3000)]
    yield "classes", "int64", [int(value) for value in generator.integers(0, 50, 3000)] + [None]
    yield "bools", "bool", [bool(value) for value in generator.integers(0, 2, 100)] + [None]
    words = ["setosa", "versicolor", "virginica", "", "ü", "a,b", "x" * 200]
    yield "text", "text", [words[i] for i in generator.integers(0, len(words), 2000)] + [None]
    yield "many words", "text", ["word %d" % i for i in generator.zipf(1.7, 20_000) if i < 900]


def main():
    program = sys.argv[1]
    warnings.simplefilter("ignore")  # of empty columns and of infinities, which are here on purpose
    seed = int(os.environ.get("CURTAIL_SEED") or random.randrange(2**32))
    print("seed", seed, "pandas", pd.__version__, "numpy", np.__version__)
    with tempfile.TemporaryDirectory() as directory:
        for name, kind, values in columns(np.random.default_rng(seed)):
            values = [float(value) for value in values] if kind == "double" else values
            answer = describe(program, directory, kind, values)
            try:
                if kind in ("double", "int64"):
                    check_numbers(answer, pd.Series(values, dtype="float64"))
                    if name in ("labels as floats", "classes"):
                        check_classes(answer, pd.Series(values, dtype="Int64" if kind == "int64" else "float64"))
                    else:
                        check("no classes", name == "empty" or not answer["classes"], answer["classes"][:3])
                else:
                    check("no moments", "mean" not in answer, answer)
                    check_classes(answer, pd.Series(values, dtype="object"))
            except AssertionError as error:
                print("FAILED", name, error)
                return 1
            print("ok", name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
