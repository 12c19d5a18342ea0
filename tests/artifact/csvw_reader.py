#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads tables by nothing but their sidecars and finds what went in: csvw_reader.py PROGRAM

A small reader of W3C's CSV on the Web: dialect, titles, datatypes and nulls come from the metadata, the fields from
pandas. PROGRAM is the test program of the artifact room. Prints its seed; CURTAIL_SEED sets it. Exits with 77 without
pandas. A null and a text of the same letters are one to the standard, so they are here.
"""
import datetime
import decimal
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse

try:
    import pandas as pd
except ImportError:
    print("skipped: python3-pandas is not installed")
    sys.exit(77)

INTEGERS = {"byte": 8, "short": 16, "int": 32, "long": 64}
EPOCH = datetime.datetime(1970, 1, 1)


def raw_rows(path, dialect):
    """Every row as a list of texts, split as the dialect says."""
    terminator = dialect["lineTerminators"][0]
    try:
        frame = pd.read_csv(
            path, sep=dialect["delimiter"], quotechar=dialect["quoteChar"], doublequote=dialect["doubleQuote"],
            encoding=dialect["encoding"], lineterminator=terminator if len(terminator) == 1 else None,
            skip_blank_lines=dialect["skipBlankRows"], skipinitialspace=dialect["skipInitialSpace"],
            header=None, dtype=str, keep_default_na=False, na_filter=False)
    except pd.errors.EmptyDataError:
        return []
    return frame.values.tolist()


def instant(text, form):
    """Nanoseconds since 1970 by a format of Unicode's TR 35, as far as the standard asks for it."""
    base, _, fraction = re.fullmatch(r"(yyyy-MM-dd HH:mm:ss)(\.(S+))?(?:xxx)?", form).groups()
    pattern = r"(\d+-\d\d-\d\d \d\d:\d\d:\d\d)" + (r"\.(\d{%d})" % len(fraction) if fraction else "()")
    pattern += r"\+00:00" if form.endswith("xxx") else ""
    whole, part = re.fullmatch(pattern, text).groups()
    seconds = datetime.datetime.strptime(whole, "%Y-%m-%d %H:%M:%S") - EPOCH
    return (seconds.days * 86400 + seconds.seconds) * 10**9 + int((part or "0").ljust(9, "0"))


def value_of(text, datatype):
    base = datatype["base"] if isinstance(datatype, dict) else datatype
    form = datatype.get("format") if isinstance(datatype, dict) else None
    if base == "string":
        return text
    if base == "boolean":
        return {form.split("|")[0]: True, form.split("|")[1]: False}[text]
    if base in INTEGERS:
        assert -(1 << INTEGERS[base] - 1) <= int(text) < 1 << INTEGERS[base] - 1
        return int(text)
    if base == "unsignedLong":
        assert 0 <= int(text) < 1 << 64
        return int(text)
    if base in ("float", "double", "decimal"):
        if isinstance(form, dict):
            assert "." not in text
            text = text.replace(form["decimalChar"], ".")
        return decimal.Decimal(text) if base == "decimal" else float(text)
    if base == "dateTime":
        return instant(text, form)
    if base == "date":
        return (datetime.date.fromisoformat(text) - EPOCH.date()).days
    if base == "time":
        parts = datetime.time.fromisoformat(text)
        return parts.hour * 3600 + parts.minute * 60 + parts.second
    assert base == "json", base
    return json.loads(text)


def same(got, expected, datatype, nulls):
    base = datatype["base"] if isinstance(datatype, dict) else datatype
    if base in ("float", "double") and expected is not None:
        expected = float(expected)
        if expected != expected:
            return got is None or got != got
        return got == expected and str(got) == str(expected)
    if base == "decimal" and expected is not None:
        return str(got) == expected
    return got == expected or (got is None and expected in nulls)


def check(sidecar):
    with open(sidecar, encoding="utf-8") as file:
        metadata = json.load(file)
    path = os.path.join(os.path.dirname(sidecar), urllib.parse.unquote(metadata["url"]))
    with open(path + ".expected", encoding="utf-8") as file:
        expected = json.load(file)
    assert metadata["@context"] == "http://www.w3.org/ns/csvw"
    assert metadata["dcat:byteSize"] == os.path.getsize(path)
    columns = metadata["tableSchema"]["columns"]
    rows = raw_rows(path, metadata["dialect"])
    if metadata["dialect"]["headerRowCount"]:
        assert rows[0] == [column.get("titles", "") for column in columns], rows[0]
        del rows[0]
    assert len(rows) == metadata["schema:numberOfItems"], len(rows)
    assert [column.get("titles", "") for column in columns] == [column["title"] for column in expected]
    for index, (column, wanted) in enumerate(zip(columns, expected)):
        nulls = column.get("null", metadata["tableSchema"]["null"])
        nulls = nulls if isinstance(nulls, list) else [nulls]
        datatype = column.get("datatype", "string")
        for row, cell in zip(rows, wanted["cells"]):
            got = None if row[index] in nulls else value_of(row[index], datatype)
            assert same(got, cell, datatype, nulls), (datatype, row[index], got, cell)
    return len(rows) * len(columns)


def main():
    seed = int(os.environ.get("CURTAIL_SEED") or random.randrange(2**32))
    print("seed", seed, "pandas", pd.__version__, "python", sys.version.split()[0])
    with tempfile.TemporaryDirectory() as directory:
        environment = dict(os.environ, CURTAIL_CSVW_DIRECTORY=directory, CURTAIL_SEED=str(seed))
        subprocess.run([sys.argv[1], "[.csvw]"], check=True, env=environment, stdout=subprocess.DEVNULL)
        sidecars = sorted(glob.glob(os.path.join(glob.escape(directory), "*-metadata.json")))
        assert len(sidecars) == 200, len(sidecars)
        cells = 0
        for sidecar in sidecars:
            try:
                cells += check(sidecar)
            except Exception:
                with open(sidecar, encoding="utf-8") as file:
                    print(sidecar, file.read())
                raise
        print(cells, "cells are what they were")
        assert cells > 1000
    return 0


if __name__ == "__main__":
    sys.exit(main())
