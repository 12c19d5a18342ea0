#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Messages written by Python's json, read back by Python's json and by curtail: both must see the same.

usage: python_oracle.py CURTAIL_TESTS_RECEIVE      CURTAIL_SEED repeats a run
"""
import json
import os
import random
import subprocess
import sys
import tempfile

SAMPLE_ROWS = 10
ALPHABETS = ["abc xyz", "äöüß€", "日本語", "😀🤗👩‍👩‍👧", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "NaN,:[]{}", "\ud800\udc00\udfff"]


def random_text(rng):
    return "".join(rng.choice(rng.choice(ALPHABETS)) for _ in range(rng.randrange(12)))


def random_cell(rng):
    kind = rng.randrange(9)
    if kind == 0:
        return None
    if kind == 1:
        return rng.random() < 0.5
    if kind == 2:
        return rng.choice([0, -1, 2**63 - 1, -(2**63), 2**64, 10**20 + 7, rng.randrange(1000)])
    if kind == 3:
        return rng.choice([float("nan"), float("inf"), float("-inf"), -0.0, 1e-7, 1e22, rng.random()])
    return random_text(rng)


def add_parts(rng, data):
    there = rng.randrange(6)
    missing = rng.choice([0, 0, 1, 3])
    numbers = rng.sample(range(there + missing), missing)
    parts = []
    for _ in range(there):
        part = {"file": random_text(rng), "rows": rng.choice([0, 7, 12.0, 2**53]), "bytes": rng.randrange(10**12), "attempt": [{"rows": 1}]}
        if rng.random() < 0.5:
            part["host"] = random_text(rng)
        parts.append(dict(rng.sample(list(part.items()), len(part))))
    data.update({"output_parts": parts, "output_parts_total": there + missing, "truncated": missing > 0})
    if missing:
        data.update({"parts_missing": sorted(numbers), "parts_missing_total": missing})


def random_message(rng):
    columns = list(dict.fromkeys(random_text(rng) for _ in range(rng.randrange(1, 7))))
    rows = rng.randrange(30)
    ragged = rng.random() < 0.2
    frame = [{c: random_cell(rng) for c in columns if not ragged or rng.random() < 0.8} for _ in range(rows)]
    predictions = [random_cell(rng) for _ in range(rows)]
    data = {"predictions": predictions, "count": rows, "dataframe": frame}
    if rng.random() < 0.3:
        add_parts(rng, data)
    text = json.dumps(
        {"type": "result", "job_id": random_text(rng), "success": True, "data": data},
        ensure_ascii=rng.random() < 0.5,
        indent=rng.choice([None, None, 1]),
    )
    return text.encode("utf-8", "replace")  # lone surrogates travel as escapes or not at all


def shown(text):
    """Lone surrogates cannot stand in UTF-8: each is U+FFFD in what the receiver keeps."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


class Number(str):
    """A number by its text: 20-digit ids must survive."""


MISSING_CELL = object()


def cell(value):
    """SampleCell::Kind as a digit, then the text."""
    if value is MISSING_CELL:
        return "0="
    if value is None:
        return "1="
    if isinstance(value, bool):
        return "2=" + (b"true" if value else b"false").hex()
    if isinstance(value, Number):
        return "3=" + value.encode().hex()
    return "4=" + shown(value).hex()


def expected(message):
    data = json.loads(message, parse_int=Number, parse_float=Number, parse_constant=Number)["data"]
    frame, predictions = data["dataframe"], data["predictions"]
    columns = []
    for row in frame[:SAMPLE_ROWS]:
        columns += [c for c in row if c not in columns]
    # Keys that only differ in lone surrogates become one; such messages are not compared.
    if len({shown(c) for c in columns}) != len(columns):
        return None
    lines = [f"rows {len(frame)}", f"count {len(predictions)}", "columns" + "".join(" =" + shown(c).hex() for c in columns), "notes 0"]
    for row in frame[:SAMPLE_ROWS]:
        lines.append("row" + "".join(" " + cell(row.get(c, MISSING_CELL)) for c in columns))
    for value in predictions[:SAMPLE_ROWS]:
        lines.append("prediction " + cell(value))
    for part in data.get("output_parts", []):
        file, host = ("=" + shown(part.get(key, "")).hex() for key in ("file", "host"))
        lines.append(f"part {file} {int(float(part['rows']))} {part['bytes']} {host}")
    if "output_parts" in data:
        lines.append(f"parts {data['output_parts_total']}")
    if "parts_missing" in data:
        lines.append(f"missing {data['parts_missing_total']} " + " ".join(data["parts_missing"]))
    return "\n".join(lines) + "\n"


def main():
    seed = int(os.environ.get("CURTAIL_SEED") or random.randrange(2**32))
    rng = random.Random(seed)
    messages = [random_message(rng) for _ in range(2000)]
    with tempfile.TemporaryDirectory() as directory:
        for number, message in enumerate(messages):
            with open(f"{directory}/{number}.json", "wb") as file:
                file.write(message)
        environment = dict(os.environ, CURTAIL_ORACLE_DIRECTORY=directory)
        if subprocess.run([sys.argv[1], "[.oracle]"], env=environment, stdout=subprocess.DEVNULL).returncode != 0:
            print(f"seed {seed}: the receiver refused a message of Python's")
            return 1
        compared = 0
        for number, message in enumerate(messages):
            want = expected(message)
            if want is None:
                continue
            with open(f"{directory}/{number}.json.read") as file:
                got = file.read()
            compared += 1
            if got != want:
                print(f"seed {seed}, message {number}: {message!r}\npython:\n{want}\ncurtail:\n{got}")
                return 1
    print(f"seed {seed}: {compared} messages read alike")
    return 0 if compared > 1000 else 1


if __name__ == "__main__":
    sys.exit(main())
