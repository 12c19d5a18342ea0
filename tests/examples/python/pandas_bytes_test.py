# SPDX-License-Identifier: MIT
"""dialect="pandas" writes the bytes of DataFrame.to_csv(index=False), for random frames of every dtype."""
import datetime
import decimal
import enum
import random
import uuid
import warnings

import numpy as np
import pandas as pd

from module_case import SEED, ModuleCase, main

NAN = float("nan")
# A lone CR is written bare by older releases of Python's csv, and so cannot be read back: curtail quotes it.
PIECES = ["a", "b", "x" * 20, ",", '"', " ", "\t", "'", "\\", ";", "é", "ß", "中", "😀", "\u2028", "NA", "-", "\n"]


class Word(str, enum.Enum):
    A = 'a "word"'


class Celsius(float):
    def __str__(self):
        return f"{float(self)} °C"


def text(r):
    return "".join(r.choice(PIECES) for _ in range(r.choice([0, 1, 1, 2, 3, 8])))


def some(r, values, null=None):
    return [null if r.random() < 0.15 else value for value in values]


def doubles(r, rows):
    pool = [0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 1e22, 1e-4, 1e-5, 5e-324, 1.7976931348623157e308, np.inf, -np.inf, NAN]
    return [r.choice(pool) if r.random() < 0.3 else r.gauss(0, 1) * 10.0 ** r.randrange(-20, 20) for _ in range(rows)]


def counts(r, rows, step):
    """Nanoseconds since 1970 that are all multiples of a step."""
    return [r.randrange(-2**61 // step, 2**61 // step) * step for _ in range(rows)]


STEPS = [86_400_000_000_000, 3_600_000_000_000, 1_000_000_000, 1_000_000, 1_000, 1]
ZONES = ["UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
         datetime.timezone(datetime.timedelta(hours=-3, minutes=-30))]


def stamps(r, rows):
    values = np.array(counts(r, rows, r.choice(STEPS)), "i8").view("M8[ns]")
    values[np.array([r.random() < 0.15 for _ in range(rows)], bool)] = "NaT"
    return pd.Series(values)


def zoned(r, rows):
    return stamps(r, rows).dt.tz_localize("UTC").dt.tz_convert(r.choice(ZONES))


def lengths(r, rows):
    values = np.array(counts(r, rows, r.choice(STEPS)), "i8").view("m8[ns]")
    values[np.array([r.random() < 0.15 for _ in range(rows)], bool)] = "NaT"
    return pd.Series(values)


def integers(r, rows, dtype):
    info = np.iinfo(dtype)
    return pd.Series(np.array([r.choice([info.min, info.max, 0, r.randint(info.min, info.max)]) for _ in range(rows)],
                              dtype))


def nullable_integers(r, rows, dtype):
    info = np.iinfo(dtype.lower())
    return pd.Series(pd.array(some(r, [r.randint(info.min, info.max) for _ in range(rows)], pd.NA), dtype))


def categorical(r, rows):
    pools = [[text(r) for _ in range(5)], [r.randrange(-99, 99) for _ in range(5)], doubles(r, 5),
             [True, False], list(stamps(r, 5).dropna()), list(zoned(r, 5).dropna()), list(lengths(r, 5).dropna()),
             pd.array([1, 2, 200], "UInt8"), pd.array([0.1, 1e16], "Float32"), [Word.A, "b"],
             ["a", 1, 2.5], list(pd.interval_range(0, 3)), list(pd.period_range("2020-01", periods=3, freq="M"))]
    pool = r.choice(pools)
    if isinstance(pool, list):
        pool = [value for value in dict.fromkeys(pool) if value == value] or ["a"]
    codes = [r.randrange(-1, len(pool)) for _ in range(rows)]
    return pd.Series(pd.Categorical.from_codes(codes, pd.Index(pool)))


def anything(r):
    return r.choice([
        None, NAN, pd.NA, pd.NaT, True, False, 0, -1, 2**63, 2**70, -2**80, 1.5, 1e300, np.inf, text(r), text(r),
        np.float32(0.1), np.int8(-3), np.bool_(True), np.uint64(2**64 - 1), np.float64(2.5), 1 + 2j,
        Celsius(20.5), Celsius(NAN),
        np.datetime64("2020-01-02T03:04"), np.timedelta64(3, "s"), np.datetime64("NaT"),
        decimal.Decimal("1.50"), decimal.Decimal("1E-8"), decimal.Decimal("NaN"), decimal.Decimal("-Infinity"),
        datetime.date(2020, 2, 29), datetime.datetime(2020, 2, 29, 1, 2, 3), datetime.time(1, 2, 3, 4),
        datetime.datetime(2020, 2, 29, tzinfo=datetime.timezone.utc), datetime.timedelta(days=-1, seconds=3),
        pd.Timestamp(2020, 1, 1, 1), pd.Timestamp("2020-01-01", tz="Europe/Zurich"), pd.Timedelta("1 days 00:00:01"),
        pd.Period("2020-01"), pd.Interval(0, 1), uuid.UUID(int=r.getrandbits(128)), b"bytes", [1, "a"], {"k": 1},
        (1, 2), {"x"}, np.array([1, 2]), range(3)])


def objects(values):
    array = np.empty(len(values), object)
    array[:] = values
    return pd.Series(array)


def strided(r, rows):
    return pd.Series(np.array(doubles(r, rows * 3)).reshape(rows, 3)[:, 1])


COLUMNS = {
    **{dtype: lambda r, n, dtype=dtype: integers(r, n, dtype)
       for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")},
    **{dtype: lambda r, n, dtype=dtype: nullable_integers(r, n, dtype)
       for dtype in ("Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64")},
    "float64": lambda r, n: pd.Series(doubles(r, n), dtype="float64"),
    "float32": lambda r, n: pd.Series(np.array([r.getrandbits(32) for _ in range(n)], "u4").view("f4")),
    "float16": lambda r, n: pd.Series(np.array([r.getrandbits(16) for _ in range(n)], "u2").view("f2")),
    "longdouble": lambda r, n: pd.Series(np.array([x if abs(x) < 1e300 else 0 for x in doubles(r, n)], np.longdouble)),
    "big endian": lambda r, n: pd.Series(np.array(doubles(r, n), ">f8")),
    "strided": strided,
    "Float64": lambda r, n: pd.Series(pd.array(some(r, doubles(r, n), pd.NA), "Float64")),
    "Float32": lambda r, n: pd.Series(pd.array(some(r, [r.gauss(0, 1) for _ in range(n)], pd.NA), "Float32")),
    "0.0001 as float32": lambda r, n: pd.Series(np.array([r.choice([1e-4, -1e-4, NAN, 0.1]) for _ in range(n)], "f4")),
    "Float32 with NaN": lambda r, n: pd.Series(pd.arrays.FloatingArray(
        np.array([r.choice([1e-4, NAN, 0.1]) for _ in range(n)], "f4"),
        np.array([r.random() < 0.2 for _ in range(n)], bool))),
    "Float64 with NaN": lambda r, n: pd.Series(pd.array([0.0] * n, "Float64") / pd.array(
        [r.choice([0.0, 1.0]) for _ in range(n)], "Float64")),
    "complex": lambda r, n: pd.Series(some(r, [complex(r.gauss(0, 1), r.random()) for _ in range(n)], complex(NAN)),
                                      dtype="complex128"),
    "bool": lambda r, n: pd.Series([r.random() < 0.5 for _ in range(n)], dtype="bool"),
    "boolean": lambda r, n: pd.Series(pd.array(some(r, [r.random() < 0.5 for _ in range(n)], pd.NA), "boolean")),
    "texts": lambda r, n: objects(some(r, [text(r) for _ in range(n)], r.choice([None, NAN]))),
    "string": lambda r, n: pd.Series(pd.array(some(r, [text(r) for _ in range(n)], pd.NA), "string")),
    "category": categorical,
    "datetime64": stamps,
    "datetime64 with zone": zoned,
    "timedelta64": lengths,
    "period": lambda r, n: pd.Series(pd.period_range("2001-01-01", periods=n, freq=r.choice("DMQAH"))) if n else
        pd.Series([], dtype="period[D]"),
    "interval": lambda r, n: pd.Series(pd.interval_range(0, n, periods=n or None) if n else [], dtype="interval"),
    "sparse": lambda r, n: pd.Series(pd.arrays.SparseArray(some(r, [r.choice([0.0, 1.5]) for _ in range(n)], NAN))),
    "sparse integers": lambda r, n: pd.Series(pd.arrays.SparseArray([r.choice([0, 3]) for _ in range(n)])),
    "sparse times": lambda r, n: pd.Series(pd.arrays.SparseArray(r.choice([stamps, lengths])(r, n))),
    "anything": lambda r, n: objects([anything(r) for _ in range(n)]),
    "big integers": lambda r, n: objects([r.randrange(-2**80, 2**80) for _ in range(n)]),
    "dates": lambda r, n: objects(some(r, [datetime.date(1970, 1, 1) + datetime.timedelta(r.randrange(-10**5, 10**5))
                                           for _ in range(n)])),
}


class PandasBytes(ModuleCase):
    def assert_same(self, frame, what):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of pandas itself, about sparse columns
            expected = frame.to_csv(index=False).encode()
        # Of two columns of one name the first would be taken for the prediction, and moved to the end.
        last = frame.columns[-1]
        prediction = last if isinstance(last, str) and list(frame.columns).count(last) == 1 else None
        got = self.split(frame, prediction, dialect="pandas", replace=True)[2]
        if got == expected:
            return
        at = next((i for i, (a, b) in enumerate(zip(got, expected)) if a != b), min(len(got), len(expected)))
        self.fail(f"{what}: at byte {at}: {got[max(0, at - 60):at + 60]!r}, pandas {expected[max(0, at - 60):at + 60]!r}")

    def test_every_dtype_on_its_own_and_beside_another(self):
        r = random.Random(SEED)
        for name, make in COLUMNS.items():
            for rows in (0, 1, 2, 60):
                with self.subTest(name, rows=rows):
                    self.assert_same(pd.DataFrame({"c": make(r, rows)}), f"{name} alone, {rows} rows")
                    frame = pd.DataFrame({"a": range(rows), "c": make(r, rows), "z": doubles(r, rows)})
                    self.assert_same(frame, f"{name}, {rows} rows")

    def test_frames_of_all_dtypes(self):
        r = random.Random(SEED + 1)
        for _ in range(40):
            rows = r.choice([1, 3, 50, 300])
            names = r.choices(list(COLUMNS), k=r.randrange(2, 30))
            frame = pd.concat([COLUMNS[name](r, rows) for name in names], axis=1)
            frame.columns = [text(r) for _ in names]
            self.assert_same(frame, names)

    def test_each_chunk_of_to_csv_has_its_digits(self):
        r = random.Random(SEED + 2)
        columns = {}
        for i in range(50):  # to_csv() writes 2,000 rows at a time
            make = r.choice([stamps, lengths, stamps, categorical])
            columns[f"c{i}"] = pd.concat([make(r, r.choice([500, 1500, 2000, 2001])) for _ in range(4)],
                                         ignore_index=True).reindex(range(4500))
        self.assert_same(pd.DataFrame(columns), "chunks")

    def test_names_that_are_no_texts(self):
        frame = pd.DataFrame([[1, 2, 3, 4]])
        for names in ([0, 1, 2, 3], [0.5, 1.0, 2.0, 3.0], [None, NAN, (1, 2), True], pd.date_range("2020", periods=4),
                      ["a", "a", "", "b,c"], pd.period_range("2020", periods=4, freq="M")):
            frame.columns = names
            got = self.split(frame, dialect="pandas", replace=True)[2]
            self.assertEqual(got.decode(), frame.to_csv(index=False))

    def test_views_of_frames(self):
        r = random.Random(SEED + 3)
        frame = pd.DataFrame({name: COLUMNS[name](r, 100) for name in ("float64", "int8", "texts", "category", "Int64",
                                                                       "datetime64", "string")})
        for part in (frame[::3], frame[::-1], frame[10:20], frame[["texts", "int8"]], frame.sample(50, random_state=1),
                     pd.DataFrame(np.array(doubles(r, 60)).reshape(20, 3)), frame.set_index("texts")):
            self.assert_same(part, "a view")


if __name__ == "__main__":
    main()
