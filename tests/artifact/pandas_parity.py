#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares CsvSink with pandas on random frames: pandas_parity.py PROGRAM

The dialect of CsvDialect::pandas() must be what DataFrame.to_csv(index=False) writes, byte for byte, and so must it be
with to_csv's float_format and quoting; the default must be read back by Python's csv and by pandas as what it was.
PROGRAM is the test program of the artifact room. Prints its seed; CURTAIL_SEED sets it. Exits with 77 without pandas.
"""
import csv
import datetime
import decimal
import io
import math
import os
import random
import struct
import subprocess
import sys
import tempfile

try:
    import numpy as np
    import pandas as pd
except ImportError:
    print("skipped: python3-pandas is not installed")
    sys.exit(77)

# A lone CR was written bare, and so read back as a line end, until CPython's gh-67044.
BREAKS = ["\n", "\r\n"] + (["\r"] if sys.version_info >= (3, 11, 9) and sys.version_info[:3] not in
                           ((3, 12, 0), (3, 12, 1), (3, 12, 2)) else [])
PLAIN_PIECES = ["a", "b", "x" * 20, ",", '"', " ", "\t", "'", "\\", ";", "#", "é", "😀", "\u2028", "NA", "=", "-"]
PIECES = PLAIN_PIECES + BREAKS
# Nor was it escaped, not even as part of CR and LF.
OPTION_PIECES = PLAIN_PIECES + ["\n"] + (["\r\n", "\r"] if "\r" in BREAKS else [])


class Column:
    """A pandas column, what it is to curtail, and its cells in PROGRAM's spelling."""

    def __init__(self, kind, series, cells):
        self.kind, self.series, self.cells = kind, series, cells


def text(r, pieces=None):
    return "".join(r.choice(pieces or PIECES) for _ in range(r.choice([0, 1, 1, 2, 3, 8])))


def hex_text(value):
    return "x" + value.encode().hex()


def cells(values, spell):
    return ["-" if value is None or value is pd.NA or value is pd.NaT else spell(value) for value in values]


def sprinkle(r, values):
    return [None if r.random() < 0.2 else value for value in values]


def any_double(r):
    choice = r.randrange(6)
    if choice == 0:
        return r.choice([0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 123456789012345678.0, 1e22, 1e23, 1e-4, 1e-5, 5e-324,
                         2.2250738585072014e-308, 1.7976931348623157e308, math.inf, -math.inf, math.nan])
    if choice == 1:
        return float(r.randrange(-10**6, 10**6))
    if choice == 2:
        return r.randrange(-10**6, 10**6) / 100
    if choice == 3:
        return r.gauss(0, 1) * 10.0 ** r.randrange(-20, 20)
    return struct.unpack("<d", r.randbytes(8))[0]


def bits(value):
    return "%016x" % struct.unpack("<Q", struct.pack("<d", value))[0]


def integers(r, rows, dtype):
    info = np.iinfo(dtype)
    pick = [info.min, info.max, 0, 9, 10, 99, 100]
    values = [r.choice(pick) if r.random() < 0.2 else r.randint(info.min, info.max) for _ in range(rows)]
    return Column("uint" if info.min == 0 else "int", pd.Series(np.array(values, dtype=dtype)), cells(values, str))


def doubles(r, rows):
    values = [any_double(r) for _ in range(rows)]
    return Column("double", pd.Series(values, dtype="float64"), cells(values, bits))


def nullable_doubles(r, rows):
    values = sprinkle(r, [any_double(r) for _ in range(rows)])
    values = [None if value is not None and math.isnan(value) else value for value in values]
    return Column("double", pd.Series(pd.array(values, dtype="Float64")), cells(values, bits))


def floats(r, rows):
    patterns = [r.getrandbits(32) if r.random() < 0.5 else
                struct.unpack("<I", struct.pack("<f", r.choice([0.1, 16777216.0, 1e10, 3.4028235e38, 1e-45, -2.5,
                                                               123456.789, r.random(), float(r.randrange(1000))])))[0]
                for _ in range(rows)]
    values = np.array(patterns, dtype="uint32").view("float32")
    return Column("float", pd.Series(values), ["%08x" % pattern for pattern in patterns])


def bools(r, rows):
    values = [r.random() < 0.5 for _ in range(rows)]
    return Column("bool", pd.Series(values, dtype="bool"), cells(values, lambda value: str(int(value))))


def nullable_bools(r, rows):
    values = sprinkle(r, [r.random() < 0.5 for _ in range(rows)])
    return Column("bool", pd.Series(pd.array(values, dtype="boolean")), cells(values, lambda value: str(int(value))))


def nullable_integers(r, rows):
    values = sprinkle(r, [r.randint(-2**63, 2**63 - 1) for _ in range(rows)])
    return Column("int", pd.Series(pd.array(values, dtype="Int64")), cells(values, str))


def texts(r, rows, dtype):
    values = sprinkle(r, [text(r) for _ in range(rows)])
    if dtype == "category":
        words = [text(r) for _ in range(5)]
        values = [None if value is None else r.choice(words) for value in values]
    return Column("text", pd.Series(values, dtype=dtype), cells(values, hex_text))


# pandas gives a whole column (or, with a zone and for durations, each cell) the digits that its data need. So that the
# unit decides here as it does in curtail, every cell needs all digits of its unit, and no column is all midnights.
def counts(r, rows, unit):
    per_second = 1000 ** unit
    values = [r.randint(-10**9, 4 * 10**9) * per_second + r.randrange(per_second) for _ in range(rows)]
    return [value + 1 if value % 1000 == 0 or value % (86400 * per_second) == 0 else value for value in values]


def stamps(r, rows, unit, zone):
    values = sprinkle(r, counts(r, rows, unit))
    if all(value is None for value in values):
        return None
    nanoseconds = [pd.NaT if value is None else pd.Timestamp(value * 1000 ** (3 - unit)) for value in values]
    series = pd.Series(nanoseconds, dtype="datetime64[ns]")
    return Column(("zoned" if zone else "stamp") + str(unit), series.dt.tz_localize("UTC") if zone else series,
                  cells(values, str))


def durations(r, rows, unit):
    values = sprinkle(r, counts(r, rows, unit))
    if all(value is None for value in values):
        return None
    nanoseconds = [pd.NaT if value is None else pd.Timedelta(value * 1000 ** (3 - unit)) for value in values]
    return Column("duration" + str(unit), pd.Series(nanoseconds, dtype="timedelta64[ns]"), cells(values, str))


def dates(r, rows):
    values = sprinkle(r, [r.randint(-200_000, 800_000) for _ in range(rows)])
    days = [None if value is None else datetime.date(1970, 1, 1) + datetime.timedelta(value) for value in values]
    return Column("date", pd.Series(days, dtype="object"), cells(values, str))


KINDS = {
    **{dtype: lambda r, rows, dtype=dtype: integers(r, rows, dtype)
       for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
    "Int64": nullable_integers, "float32": floats, "float64": doubles, "Float64": nullable_doubles,
    "bool": bools, "boolean": nullable_bools, "date": dates,
    **{dtype: lambda r, rows, dtype=dtype: texts(r, rows, dtype) for dtype in ("object", "string", "category")},
    **{f"datetime64, {3 * unit} digits": lambda r, rows, unit=unit: stamps(r, rows, unit, False) for unit in range(4)},
    # str() of a Timestamp or Timedelta has six or nine digits or none, but never three.
    **{f"datetime64 UTC, {3 * unit} digits": lambda r, rows, unit=unit: stamps(r, rows, unit, True) for unit in (0, 2, 3)},
    **{f"timedelta64, {3 * unit} digits": lambda r, rows, unit=unit: durations(r, rows, unit) for unit in (0, 2, 3)},
}


def option_texts(r, rows):
    values = [text(r, OPTION_PIECES) for _ in range(rows)]
    return Column("text", pd.Series(values, dtype="object"), cells(values, hex_text))


def finite_doubles(r, rows):
    values = [value if math.isfinite(value) else 0.5 for value in (any_double(r) for _ in range(rows))]
    return Column("double", pd.Series(values, dtype="float64"), cells(values, bits))


def write_frame(program, directory, rows, names, columns, dialects):
    path = os.path.join(directory, "frame")
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        out.write(f"{rows}\n")
        for name, column in zip(names, columns):
            out.write("\n".join([column.kind, hex_text(name), *column.cells]) + "\n")
    environment = dict(os.environ, CURTAIL_PARITY_FRAME=path, CURTAIL_PARITY_DIALECTS=" ".join(dialects))
    subprocess.run([program, "[.parity]"], env=environment, check=True, stdout=subprocess.DEVNULL)
    files = []
    for dialect in dialects:
        with open(f"{path}.{dialect}", "rb") as file:
            files.append(file.read())
    return files


def frame_of(columns, names, rows):
    frame = pd.DataFrame({i: column.series for i, column in enumerate(columns)}, index=range(rows))
    frame.columns = names
    return frame


def check_same(got, expected):
    if got == expected:
        return
    at = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
    raise AssertionError(f"at byte {at}: got {got[max(0, at - 40):at + 40]!r}, pandas {expected[max(0, at - 40):at + 40]!r}")


def same_float(text, value, dtype):
    read = dtype(text)
    return (math.isnan(read) and math.isnan(value)) or (read == value and math.copysign(1, read) == math.copysign(1, value))


def check_field(kind, cell, field):
    if cell == "-":
        ok = field == ""
    elif kind == "text":
        ok = hex_text(field) == cell
    elif kind in ("int", "uint"):
        ok = field == cell
    elif kind == "bool":
        ok = field == ("True" if cell == "1" else "False")
    elif kind == "double":
        ok = same_float(field, struct.unpack("<d", struct.pack("<Q", int(cell, 16)))[0], float)
    elif kind == "float":
        ok = same_float(field, struct.unpack("<f", struct.pack("<I", int(cell, 16)))[0], np.float32)
    elif kind == "date":
        ok = datetime.date.fromisoformat(field) - datetime.date(1970, 1, 1) == datetime.timedelta(int(cell))
    elif kind.startswith("duration"):
        ok = pd.Timedelta(field).value == int(cell) * 1000 ** (3 - int(kind[-1]))
    else:
        ok = pd.Timestamp(field).value == int(cell) * 1000 ** (3 - int(kind[-1]))
    if not ok:
        raise AssertionError(f"{kind} {cell} read back as {field!r}")


def check_read_by_python(data, rows, names, columns, **options):
    lines = list(csv.reader(io.StringIO(data.decode(), newline=""), **options))
    if lines[0] != names or len(lines) != rows + 1:
        raise AssertionError(f"header {lines[0]} for {names}, {len(lines) - 1} rows for {rows}")
    for row, line in enumerate(lines[1:]):
        if len(line) != len(columns):
            raise AssertionError(f"row {row} has {len(line)} fields")
        for column, field in zip(columns, line):
            check_field(column.kind, column.cells[row], field)


def check_read_by_pandas(data, rows, columns, **options):
    """A float must be a float to pandas without being told, and so on; a null and the empty text are one to it."""
    names = [f"c{i}" for i in range(len(columns))]
    text_names = {name: [""] for name, column in zip(names, columns) if column.kind == "text"}
    other = {name: ["", "NaN"] for name in names if name not in text_names}
    read = pd.read_csv(io.BytesIO(data), header=0, names=names, keep_default_na=False, na_values={**text_names, **other},
                       dtype={name: "string" for name in text_names}, float_precision="round_trip", index_col=False, **options)
    if len(read) != rows:
        raise AssertionError(f"pandas read {len(read)} rows for {rows}")
    for name, column in zip(names, columns):
        got, cells = read[name], column.cells
        present = [cell for cell in cells if cell != "-"]
        if column.kind == "text":
            expected = [None if cell in ("-", "x") else bytes.fromhex(cell[1:]).decode() for cell in cells]
            if [None if value is pd.NA else value for value in got] != expected:
                raise AssertionError(f"pandas read text {list(got)} for {expected}")
        elif column.kind in ("double", "float") and present:
            if got.dtype != "float64":
                raise AssertionError(f"pandas read {column.kind} as {got.dtype}")
            if column.kind == "double":
                expected = np.array([int(cell, 16) if cell != "-" else 0x7FF8 << 48 for cell in cells], dtype="uint64")
                np.testing.assert_array_equal(got.to_numpy(), expected.view("float64"))
            else:
                expected = np.array([int(cell, 16) for cell in cells], dtype="uint32").view("float32")
                np.testing.assert_array_equal(got.to_numpy().astype("float32"), expected)
        elif column.kind in ("int", "uint", "bool") and present and len(present) == rows:
            if [int(value) for value in got] != [int(cell) for cell in cells]:
                raise AssertionError(f"pandas read {list(got)} for {cells}")
        elif column.kind in ("int", "uint") and 0 < len(present) < rows:
            # With a null among them pandas makes doubles of integers; the nearest it must be.
            expected = [math.nan if cell == "-" else float(int(cell)) for cell in cells]
            np.testing.assert_array_equal(got.to_numpy(), np.array(expected))
        elif column.kind[:-1] in ("stamp", "zoned", "duration") and present:
            instants = pd.to_timedelta(got) if column.kind.startswith("duration") else pd.to_datetime(got)
            if hasattr(instants.dtype, "tz") != (column.kind[:-1] == "zoned"):
                raise AssertionError(f"pandas read {column.kind} as {instants.dtype}")
            expected = [None if cell == "-" else int(cell) * 1000 ** (3 - int(column.kind[-1])) for cell in cells]
            if [None if value is pd.NaT else value.value for value in instants] != expected:
                raise AssertionError(f"pandas read {list(instants)} for {column.kind} {cells}")


# The options of to_csv for the same bytes. A null has no quotes in curtail's files and has some in those of pandas where
# all is quoted, so there are none.
OPTIONS = {
    "pandas_2f": {"float_format": "%.2f"},
    "pandas_all": {"quoting": csv.QUOTE_ALL},
    "pandas_non_numeric": {"quoting": csv.QUOTE_NONNUMERIC},
}


def check_options(program, directory, r):
    """Frames of text, integers and floating-point numbers in the dialects of OPTIONS."""
    rows = r.choice([1, 2, 50, 300])
    columns = [option_texts(r, rows), finite_doubles(r, rows), integers(r, rows, "int64"), floats(r, rows),
               option_texts(r, rows)]
    if r.random() < 0.5:
        columns[3] = finite_doubles(r, rows)
    has_nan = columns[3].kind == "float"
    names = [text(r, OPTION_PIECES) for _ in columns]
    asked = [name for name in OPTIONS if not (has_nan and "quoting" in OPTIONS[name])]
    frame = frame_of(columns, names, rows)
    for name, data in zip(asked, write_frame(program, directory, rows, names, columns, asked)):
        try:
            check_same(data, frame.to_csv(index=False, lineterminator="\n", **OPTIONS[name]).encode())
            if "quoting" in OPTIONS[name]:
                check_read_by_python(data, rows, names, columns)
                check_read_by_pandas(data, rows, columns)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error


def check_exceptions(program, directory):
    """What the comment of CsvDialect::pandas() names as different is different, and nothing else of its kind."""
    berlin = pd.Series([pd.Timestamp("2024-07-03 09:46:40", tz="UTC").tz_convert("Europe/Berlin")])
    exceptions = [
        ("berlin0", "1720000000", berlin, "2024-07-03 09:46:40+00:00", "2024-07-03 11:46:40+02:00"),
        ("stamp3", str(2**63 - 1), pd.Series([pd.Timestamp.max]), "infinity", "2262-04-11 23:47:16.854775807"),
        ("stamp3", str(1 - 2**63), pd.Series([pd.Timestamp.min]), "-infinity", "1677-09-21 00:12:43.145224193"),
        ("stamp3", str(2**63 - 2), pd.Series([pd.Timestamp(2**63 - 2)]), "2262-04-11 23:47:16.854775806", None),
        ("nested", hex_text("[1,null,true]"), pd.Series([[1, None, True]]), '"[1,null,true]"', '"[1, None, True]"'),
        ("bytes", hex_text("abc"), pd.Series([b"abc"]), "\\x616263", "b'abc'"),
        ("decimal", hex_text("0.00000001"), pd.Series([decimal.Decimal("0.00000001")]), "0.00000001", "1E-8"),
        ("decimal", hex_text("-1.50"), pd.Series([decimal.Decimal("-1.50")]), "-1.50", None),
        ("float", "%08x" % np.array([0.1], dtype="float16").astype("float32").view("uint32")[0],
         pd.Series([0.1], dtype="float16"), "0.099975586", "0.1"),
    ]
    for kind, cell, series, ours, theirs in exceptions:
        column = Column(kind, series, [cell])
        got = write_frame(program, directory, 1, ["x"], [column], ["pandas"])[0].decode()
        pandas = frame_of([column], ["x"], 1).to_csv(index=False, lineterminator="\n")
        if (got, pandas) != (f"x\n{ours}\n", f"x\n{theirs or ours}\n"):
            raise AssertionError(f"{kind} {cell}: got {got!r}, pandas {pandas!r}, named are {ours!r} and {theirs!r}")


def main():
    program = sys.argv[1]
    seed = int(os.environ.get("CURTAIL_SEED") or random.randrange(2**32))
    print("seed", seed, "pandas", pd.__version__, "python", sys.version.split()[0])
    r = random.Random(seed)
    with tempfile.TemporaryDirectory() as directory:
        # Each kind alone, where a null is a row's only field; then frames of many; then none at all.
        plans = [[kind] for kind in KINDS] + [[r.choice(list(KINDS)) for _ in range(r.randint(2, 9))] for _ in range(40)]
        for plan in plans + [[]]:
            rows = r.choice([0, 1, 2, 50, 300]) if plan else 3
            made = [(kind, KINDS[kind](r, rows)) for kind in plan]
            plan = [kind for kind, column in made if column is not None]
            columns = [column for _, column in made if column is not None]
            names = [text(r) for _ in columns]
            try:
                pandas, default = write_frame(program, directory, rows, names, columns, ["pandas", "default"])
                frame = frame_of(columns, names, rows)
                check_same(pandas, frame.to_csv(index=False, lineterminator="\n").encode())
                if columns:
                    check_read_by_python(default, rows, names, columns)
                    check_read_by_pandas(default, rows, columns)
            except AssertionError as error:
                print("FAILED", plan, rows, "rows:", error)
                return 1
            print("ok", rows, "rows of", ", ".join(plan) or "nothing")
        try:
            check_exceptions(program, directory)
        except AssertionError as error:
            print("FAILED", error)
            return 1
        print("ok, the exceptions are those that are named")
        for _ in range(40):
            try:
                check_options(program, directory, r)
            except AssertionError as error:
                print("FAILED", error)
                return 1
        print("ok", ", ".join(OPTIONS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
