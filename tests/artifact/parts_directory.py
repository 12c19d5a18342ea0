#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads a directory of parts as readers of directories do: parts_directory.py PROGRAM

By the glob part-*.csv, with pandas and, if it is installed, DuckDB; as Spark and Hive do, by every name that begins with
neither a dot nor an underscore; and by the manifest. PROGRAM is the test program of the artifact room. Exits with 77
without pandas.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile

try:
    import pandas as pd
except ImportError:
    print("skipped: python3-pandas is not installed")
    sys.exit(77)

with tempfile.TemporaryDirectory() as scratch:
    environment = dict(os.environ, CURTAIL_PARTS=scratch)
    subprocess.run([sys.argv[1], "PartsDirectory: writes parts for readers of directories"], check=True, env=environment,
                   stdout=subprocess.DEVNULL)
    parts = os.path.join(scratch, "predictions_a")
    expected = [n for number in range(12) for n in range(number)]

    paths = sorted(glob.glob(os.path.join(parts, "part-*.csv")))
    assert len(paths) == 12, paths
    frame = pd.concat([pd.read_csv(path) for path in paths])
    assert frame["n"].tolist() == expected, frame

    visible = sorted(name for name in os.listdir(parts) if name[0] not in "._")
    assert [os.path.join(parts, name) for name in visible] == paths, visible

    with open(os.path.join(parts, "_SUCCESS"), encoding="utf-8") as file:
        manifest = json.load(file)
    assert manifest["schema:numberOfItems"] == len(expected)
    assert [table["url"] for table in manifest["tables"]] == visible
    for table in manifest["tables"]:
        path = os.path.join(parts, table["url"])
        assert os.path.getsize(path) == table["dcat:byteSize"]
        assert len(pd.read_csv(path)) == table["schema:numberOfItems"]

    # Of a job under way nothing is seen but what is committed.
    unfinished = os.path.join(scratch, "predictions_b")
    assert glob.glob(os.path.join(unfinished, "part-*.csv")) == [os.path.join(unfinished, "part-00000.csv")]
    assert not os.path.exists(os.path.join(unfinished, "_SUCCESS"))

    try:
        import duckdb
    except ImportError:
        print("DuckDB is not installed for Python: read by pandas alone")
    else:
        rows = duckdb.sql(f"select n from read_csv('{parts}/part-*.csv')").fetchall()
        assert [row[0] for row in rows] == expected, rows
print("read by their glob, by their names and by their manifest")
