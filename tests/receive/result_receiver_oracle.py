#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Frames of every kind of index, column and type, in every layout that pandas writes: the receiver shows what pandas
holds, or it says that it cannot know, and never anything else.

usage: result_receiver_oracle.py CURTAIL_TESTS_RECEIVE
"""
import json
import os
import subprocess
import sys
import tempfile
import warnings

try:
    import numpy
    import pandas
except ImportError:
    print("pandas is not installed")
    sys.exit(77)

warnings.simplefilter("ignore")
ROWS = 3
SAMPLE_ROWS = 10
CLEAR = ["records", "split", "tight", "values", "table"]
UNCLEAR = ["dict", "list", "index", "columns", "series"]
LAYOUT_NAMES = ["index", "columns", "data", "schema", "index_names", "column_names", "fields", "primaryKey"]


def indexes(rows):
    text = [f"row {i}" for i in range(rows)]
    return {
        "range": pandas.RangeIndex(rows),
        "integers": pandas.Index([10 * i + 7 for i in range(rows)]),
        "reversed": pandas.Index(list(range(rows))[::-1]),
        "texts": pandas.Index(text),
        "numeric texts": pandas.Index([str(i) for i in range(rows)]),
        "floats": pandas.Index([i + 0.5 for i in range(rows)]),
        "days": pandas.date_range("2024-03-01", periods=rows),
        "uuids": pandas.Index([f"6ba7b81{i % 10}-9dad-11d1-80b4-00c04fd430c8" for i in range(rows)]),
        "equal": pandas.Index(["same"] * rows),
        "named": pandas.Index(text, name="day"),
        "named index": pandas.Index(text, name="index"),
        "named like a column": pandas.Index(text, name="a"),
        "two levels": pandas.MultiIndex.from_arrays([text, list(range(rows))]),
        "two named levels": pandas.MultiIndex.from_arrays([text, list(range(rows))], names=["where", "when"]),
        "layout words": pandas.Index((LAYOUT_NAMES * 3)[:rows]),
    }


def columns(rows):
    texts = [f"t{i}" for i in range(rows)]
    return {
        "int64": [2**62 + i for i in range(rows)],
        "float64": [float("nan") if i == 1 else i + 0.25 for i in range(rows)],
        "infinite": [float("inf")] * rows,
        "bool": [i % 2 == 0 for i in range(rows)],
        "texts": texts,
        "nulls": [None] * rows,
        "mixed": ([1, "two", None] * rows)[:rows],
        "category": pandas.Categorical(texts),
        "days": pandas.date_range("2024-03-01", periods=rows),
        "nullable": pandas.array([None if i == 1 else i for i in range(rows)], dtype="Int64"),
        "lists": [[i] * (i + 1) for i in range(rows)],
        "objects": [{"k": i} for i in range(rows)],
        "quotes": ['"[{' + str(i) for i in range(rows)],
    }


def frames():
    for rows in [0, 1, ROWS, 13]:
        for index_name, index in indexes(rows).items():
            yield f"{rows} rows, index {index_name}", pandas.DataFrame(
                {"a": list(range(rows)), "b": [f"t{i}" for i in range(rows)]}, index=index
            )
        for kind, values in columns(rows).items():
            yield f"{rows} rows, {kind}", pandas.DataFrame({"x": values, "y": list(range(rows))})
            yield f"{rows} rows, only {kind}", pandas.DataFrame({"x": values})
        for name in LAYOUT_NAMES:
            for other in ["id"] + LAYOUT_NAMES:
                if name != other and rows:
                    yield f"{rows} rows, columns {name} and {other}", pandas.DataFrame(
                        {name: [f"x{i}" for i in range(rows)], other: list(range(rows))}
                    )
        if rows:
            yield f"{rows} rows, columns of all layouts", pandas.DataFrame({n: list(range(rows)) for n in LAYOUT_NAMES})
        yield f"{rows} rows, no columns", pandas.DataFrame(index=range(rows))
        for names in [[0, 1], ["a", "a"], ["", " "], ["\u00e9\u65e5\U0001f600", "\"\\\n"], [1.5, None], [True, False]]:
            yield f"{rows} rows, names {names}", pandas.DataFrame([[i, str(i)] for i in range(rows)], columns=names)
        pairs = pandas.MultiIndex.from_tuples([("a", "x"), ("a", "y")], names=["upper", None])
        yield f"{rows} rows, names of two levels", pandas.DataFrame([[i, str(i)] for i in range(rows)], columns=pairs)
        named = pandas.DataFrame({"a": list(range(rows))})
        named.columns.name = "data"
        yield f"{rows} rows, named columns", named
    # As many rows as columns, whose cells are lists: nothing but the lengths can tell lists of columns from rows.
    yield "square", pandas.DataFrame({"p": [1, 2], "q": [3, 4]})
    yield "lists as data", pandas.DataFrame({"columns": ["p", "q"], "data": [[1, 2, 3], [4, 5, 6]]})
    yield "one list as data", pandas.DataFrame({"index": [7], "columns": ["p"], "data": [[1, 2]]})


def layouts(frame):
    """Every way to write a frame: a name, whether the layout is clear, and a JSON value."""
    for orient in ["records", "split", "tight", "dict", "list", "index", "series"]:
        try:
            yield f"to_dict {orient}", orient, json.loads(json.dumps(frame.to_dict(orient), default=str))
        except (ValueError, TypeError):
            pass  # pandas or json cannot write this one
    for orient in ["records", "split", "values", "table", "index", "columns"]:
        try:
            yield f"to_json {orient}", orient, json.loads(frame.to_json(orient=orient, date_format="iso"))
        except (ValueError, NotImplementedError, OverflowError):
            pass
    yield "split without index", "split", {
        key: value for key, value in json.loads(json.dumps(frame.to_dict("split"), default=str)).items() if key != "index"
    }


def text(value):
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def cell(value):
    kind = 1 if value is None else 2 if isinstance(value, bool) else 3 if isinstance(value, (int, float)) else 4 if isinstance(value, str) else 5
    return f"{kind}=" + text(value).encode().hex()


def table_of(orient, value):
    """The names and rows of a clear layout, read by its definition in pandas' documentation."""
    if orient == "records":
        names = list(dict.fromkeys(key for row in value[:SAMPLE_ROWS] for key in row))
        return names, [[row[name] for name in names] for row in value]
    if orient == "values":
        return [str(i) for i in range(len(value[0]) if value else 0)], value
    if orient == "table":
        names = [text(field["name"]) for field in value["schema"]["fields"]]
        for name in value["schema"].get("primaryKey", []):
            names.remove(text(name))  # the first of them: pandas renames an index that has the name of a column in the rows
        return names, [[row[name] for name in names] for row in value["data"]]
    return [text(name) for name in value["columns"]], value["data"]


def expected(orient, value, rows):
    names, cells = table_of(orient, value)
    lines = [f"rows {len(cells)}", f"count {rows}", "columns" + "".join(" =" + text(n).encode().hex() for n in names)]
    return lines + ["row" + "".join(" " + cell(c) for c in row) for row in cells[:SAMPLE_ROWS]]


def same_as_frame(orient, value, frame):
    """Whether the oracle itself reads back what pandas holds: numbers and texts in the place they have."""
    try:
        names, cells = table_of(orient, value)
    except KeyError:
        return False
    plain = [[v for v in row] for row in frame.itertuples(index=False, name=None)]
    if orient == "table" and not value["schema"].get("primaryKey"):
        names, cells = names[1:], [row[1:] for row in cells]  # pandas does not call an index with equal labels a key
    if len(cells) != len(plain) or (cells and len(names) != frame.shape[1]):
        return False
    return all(v == w for row, other in zip(cells, plain) for v, w in zip(row, other) if type(w) in (int, str))


def check(case, orient, value, frame, got):
    lines = got.split("\n")[:-1]
    notes = [bytes.fromhex(line[6:]).decode() for line in lines if line.startswith("note ")]
    shown = [line for line in lines if not line.startswith(("note", "prediction"))]
    if orient in CLEAR and frame.shape[1] == 0:
        return None if shown[2] == "columns" else "a frame without columns got some"
    if orient in CLEAR:
        allowed = [n for n in notes if not n.startswith("the index of the table, ")]
        if not same_as_frame(orient, value, frame):
            # pandas itself lost something: one of two columns of one name, or the name None.
            return None if frame.columns.has_duplicates or notes else "the oracle cannot read it back"
        want = expected(orient, value, len(frame))
        if shown != want:
            return "expected\n" + "\n".join(want) + f"\nnotes {notes}"
        return f"notes {allowed}" if allowed else None
    unknown = f"dataframe is an object of {len(value)} key"
    empty = shown[2:] == ["columns"] and len(notes) == 1 and notes[0].startswith(unknown)
    return None if empty else f"expected a note that begins with {unknown!r}, not {notes}"


def main():
    cases = []
    for name, frame in frames():
        for layout, orient, value in layouts(frame):
            if orient in UNCLEAR and isinstance(value, dict) and set(value) >= {"columns", "data"} and not any(value.values()):
                continue  # a frame without rows or columns, in whatever layout
            for wrapped in [value, json.dumps(value)]:
                data = {"predictions": [0.5] * len(frame), "count": len(frame), "dataframe": wrapped}
                message = {"type": "result", "job_id": "j", "success": True, "data": data}
                cases.append((f"{name}, {layout}{' as text' if wrapped is not value else ''}", orient, value, frame, message))
    with tempfile.TemporaryDirectory() as directory:
        for number, case in enumerate(cases):
            with open(f"{directory}/{number}.json", "w") as file:
                json.dump(case[4], file)
        environment = dict(os.environ, CURTAIL_ORACLE_DIRECTORY=directory)
        if subprocess.run([sys.argv[1], "[.oracle]"], env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            print("the receiver refused a message of pandas'")
            return 1
        wrong = 0
        for number, (name, orient, value, frame, message) in enumerate(cases):
            with open(f"{directory}/{number}.json.read") as file:
                got = file.read()
            if problem := check(name, orient, value, frame, got):
                wrong += 1
                if wrong <= 20:
                    print(f"{name}: {json.dumps(value)[:500]}\n{problem}\ncurtail\n{got}")
    print(f"pandas {pandas.__version__}: {len(cases)} messages, {wrong} read wrongly")
    return 0 if wrong == 0 and len(cases) > 2000 else 1


if __name__ == "__main__":
    sys.exit(main())
