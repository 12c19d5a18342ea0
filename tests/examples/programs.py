# SPDX-License-Identifier: MIT
"""Shared by the tests of the example programs. Each test file is called with the directory of the programs."""

import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import unittest

PROGRAMS = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else ""
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "data")
PENGUINS = os.path.abspath(os.path.join(DATA, "penguins.csv"))
MODEL = os.path.abspath(os.path.join(DATA, "penguins-model.json"))
SKIPPED = 77

try:
    import pandas
except ImportError:
    pandas = None


def program(name):
    return os.path.join(PROGRAMS, name)


def run(name, *arguments, stdin=b"", timeout=120):
    return subprocess.run([program(name), *arguments], input=stdin, capture_output=True, timeout=timeout)


def as_process_1():
    """Returns the command that runs a program as process 1, or nothing where that is not permitted."""
    command = ["unshare", "--pid", "--fork", "--kill-child"]
    if os.geteuid() != 0:
        command.insert(1, "--map-root-user")
    try:
        permitted = subprocess.run([*command, "true"], capture_output=True, timeout=60).returncode == 0
    except OSError:
        permitted = False
    return command if permitted else None


def child_of(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
        return int(file.read().split()[0])


def predict(row, model):
    """Returns the model's prediction for a row of texts, or None if a feature is missing."""
    features = [row[name] for name in model["features"]]
    if "" in features:
        return None
    total = model["intercept"]
    for coefficient, feature in zip(model["coefficients"], features):
        total += coefficient * float(feature)
    return total


def penguin_predictions():
    with open(MODEL, encoding="utf-8") as file:
        model = json.load(file)
    with open(PENGUINS, encoding="utf-8", newline="") as file:
        return [predict(row, model) for row in csv.DictReader(file)]


class TestCase(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="curtail_examples_")
        self.addCleanup(scratch.cleanup)
        self.scratch = scratch.name

    def path(self, name):
        return os.path.join(self.scratch, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
        return self.path(name)

    def assert_stats(self, stats, values):
        """Compares `stats` with those of `values` (None for null), by pandas if installed, else by plain Python."""
        present = [v for v in values if v is not None]
        self.assertEqual(stats["n_rows"], len(values))
        self.assertEqual(stats["n_null"], len(values) - len(present))
        if pandas is not None:
            series = pandas.Series(present, dtype="float64")
            expected = {k: getattr(series, k)() for k in ("mean", "std", "min", "max", "median")}
        else:
            expected = {
                "mean": statistics.fmean(present),
                "std": statistics.stdev(present),
                "min": min(present),
                "max": max(present),
                "median": statistics.median(present),
            }
        for key, value in expected.items():
            self.assertAlmostEqual(stats[key], value, delta=1e-9 * max(1.0, abs(value)), msg=key)


def main():
    unittest.main(argv=sys.argv[:1], verbosity=2)
