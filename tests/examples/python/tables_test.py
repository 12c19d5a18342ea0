# SPDX-License-Identifier: MIT
"""Every kind of table and of predictions, in curtail's own dialect: what a column is in the file and in the message."""
import collections.abc
import ctypes
import datetime
import decimal
import enum
import gzip
import importlib.machinery
import io
import json
import math
import random
import sys
import tracemalloc
import types
import unittest.mock

import numpy as np
import pandas as pd

import curtail
from arrow_producer import Producer
from module_case import SEED, ModuleCase, main


class Word(str, enum.Enum):
    A = "a"


class Columns(ModuleCase):
    def one(self, values, **options):
        """Returns the cells of a column in the file, its dtype and its cells in the message."""
        result, message, content = self.split({"n": np.arange(len(values)), "c": values}, replace=True, **options)
        lines = content.decode().split("\n")[1:-1]
        data = message["data"]
        return [line.partition(",")[2] for line in lines], data["dataframe_dtypes"][1], [
            row["c"] for row in data["dataframe_sample"]]

    def test_numbers_of_every_width(self):
        for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"):
            info = np.iinfo(dtype)
            values = np.array([info.min, info.max, 7], dtype)
            expected = [int(info.min), int(info.max), 7]
            self.assertEqual(self.one(values), ([str(v) for v in expected], dtype, expected))
            self.assertEqual(self.one(values.astype(values.dtype.newbyteorder())), ([str(v) for v in expected], dtype, expected))
            self.assertEqual(self.one(np.repeat(values, 2)[::2])[0], [str(v) for v in expected])
        self.assertEqual(self.one(np.array([0.1, -0.0, math.inf, math.nan])),
                         (["0.1", "-0.0", "inf", "NaN"], "float64", [0.1, -0.0, None, None]))
        self.assertEqual(self.one(np.array([0.1, 16777216], "f4")), (["0.1", "16777216.0"], "float32", [0.1, 16777216.0]))
        self.assertEqual(self.one(np.array([0.1], "f2"))[:2], (["0.099975586"], "float32"))
        self.assertEqual(self.one(np.array([True, False])), (["True", "False"], "bool", [True, False]))

    def test_nullable_numbers(self):
        self.assertEqual(self.one(pd.array([1, None, -3], "Int64")), (["1", "", "-3"], "int64", [1, None, -3]))
        self.assertEqual(self.one(pd.array([True, None], "boolean")), (["True", ""], "bool", [True, None]))
        self.assertEqual(self.one(pd.Series(pd.array([0.5, None], "Float32"))), (["0.5", ""], "float32", [0.5, None]))
        self.assertEqual(self.one(np.ma.array([1, 2, 3], mask=[0, 1, 0]))[0], ["1", "", "3"])

    def test_texts_of_every_storage(self):
        texts = ["a", "ß", "中", "😀", "", 'q"', "x,y", "line\nbreak"]
        cells = ["a", "ß", "中", "😀", '""', '"q"""', '"x,y"']
        for values in (np.array(texts, object), pd.Series(texts, dtype="string"), pd.Series(texts), np.array(texts), texts):
            got, dtype, sample = self.one(values[:7])
            self.assertEqual((got, dtype), (cells, "string"))
            self.assertEqual(sample, texts[:7])
        self.assertEqual(self.one(np.array([b"ab", "ß".encode()]))[0], ["ab", "ß"])
        if hasattr(np, "dtypes") and hasattr(np.dtypes, "StringDType"):  # of numpy 2
            values = np.array(["a", None, "ß"], np.dtypes.StringDType(na_object=None))
            self.assertEqual(self.one(values)[:2], (["a", "", "ß"], "string"))
        self.assertEqual(self.one(np.array(["a", None, math.nan, pd.NA], object)),
                         (["a", "", "", ""], "string", ["a", None, None, None]))
        with self.assertRaises(curtail.TableError) as caught:
            self.one(np.array(["ok", "\ud800"], object))
        self.assertEqual((caught.exception.code, caught.exception.column, caught.exception.row), ("bad_cell", "c", 1))

    def test_categoricals(self):
        got, dtype, sample = self.one(pd.Categorical(["Oslo", None, "Åre", "Oslo"]))
        self.assertEqual((got, dtype, sample), (["Oslo", "", "Åre", "Oslo"], "string", ["Oslo", None, "Åre", "Oslo"]))
        self.assertEqual(self.one(pd.Categorical([3, None, 1])), (["3", "", "1"], "int64", [3, None, 1]))
        self.assertEqual(self.one(pd.Categorical([1.5, None]))[0], ["1.5", ""])
        for dtype, expected in {"Int64": "int64", "UInt8": "uint8", "Float32": "float32", "boolean": "bool"}.items():
            got = self.one(pd.Categorical(pd.array([1, None, 0], dtype)))
            self.assertEqual((got[1], got[2]), (expected, [1, None, 0]))
        self.assertEqual(self.one(pd.Categorical([Word.A, None]))[0], ["a", ""])
        self.assertEqual(self.one(pd.Categorical(pd.to_datetime(["2020-01-02", None])))[0],
                         ["2020-01-02 00:00:00.000000000", ""])
        many = pd.Categorical([f"k{i}" for i in range(40_000)])
        self.assertEqual(self.one(many)[0][-1], "k39999")

    def test_times_have_the_digits_of_their_unit(self):
        for unit, cell in {"s": "", "ms": ".000", "us": ".000000", "ns": ".000000000"}.items():
            values = np.array(["2020-02-29T01:02:03", "NaT"], f"M8[{unit}]")
            self.assertEqual(self.one(values), (["2020-02-29 01:02:03" + cell, ""], f"datetime64[{unit}]",
                                                ["2020-02-29 01:02:03" + cell, None]))
            lengths = np.array([-1, "NaT"], f"m8[{unit}]")
            self.assertEqual(self.one(lengths)[1], f"timedelta64[{unit}]")
        self.assertEqual(self.one(np.array(["2020-02-29", "NaT"], "M8[D]"))[:2], (["2020-02-29", ""], "date"))
        self.assertEqual(self.one(np.array(["2020-02", "1969-12"], "M8[M]"))[:2], (["2020-02-01", "1969-12-01"], "date"))
        self.assertEqual(self.one(np.array(["2020-02-29T05"], "M8[h]"))[0], ["2020-02-29 05:00:00"])
        self.assertEqual(self.one(np.array([36], "m8[h]"))[0], ["1 days 12:00:00"])
        zoned = pd.Series(pd.to_datetime(["2020-07-01 12:00", None])).dt.tz_localize("Europe/Zurich")
        self.assertEqual(self.one(zoned)[:2], (["2020-07-01 10:00:00.000000000+00:00", ""],
                                               "datetime64[ns, Europe/Zurich]"))
        with self.assertRaisesRegex(curtail.TableError, "column 'c'.*convert"):
            self.one(np.array([1], "m8[M]"))

    def test_objects(self):
        cells = {
            "1": 1, "True": True, "1.5": 1.5, str(2**64 - 1): 2**64 - 1, str(-2**90): -2**90, "0.00000001": decimal.Decimal("1E-8"),
            "1.50": decimal.Decimal("1.50"), "2020-02-29": datetime.date(2020, 2, 29),
            "2020-02-29 01:02:03.000004": datetime.datetime(2020, 2, 29, 1, 2, 3, 4),
            "01:02:03.000000": datetime.time(1, 2, 3), "1 days 00:00:01.000000": datetime.timedelta(1, 1),
            "\\x6162": b"ab", '"[1, ""é"", null]"': [1, "é", None], "0.1": np.float32(0.1),
            "2020-01-01 10:00:00.000000+00:00": pd.Timestamp("2020-01-01 11:00", tz="Europe/Zurich"),
            "2020-01": pd.Period("2020-01"), "": pd.NaT,
        }
        got, dtype, _ = self.one(np.array(list(cells.values()), object))
        self.assertEqual(got, list(cells))
        self.assertEqual(dtype, "object")
        self.assertEqual(self.one(np.array([2**70, -5, None], object))[::2], ([str(2**70), "-5", ""], [str(2**70), -5, None]))

    def test_integers_have_all_digits_however_many(self):
        """str() of Python refuses more than 4,300."""
        for digits in ("1" + "0" * 5000, "-9" + "8" * 5000, str(2**63), str(-2**63 - 1)):
            number = int(decimal.Decimal(digits))
            for dialect in ("default", "pandas"):
                self.assertEqual(self.one([number, True], dialect=dialect)[0], [digits, "True"])
        self.assertEqual(self.one([np.uint64(2**64 - 1), np.uint8(3)])[::2], ([str(2**64 - 1), "3"], [2**64 - 1, 3]))

    def test_times_of_numpy_are_objects_too(self):
        """A list of an array of times holds them. To numpy a length is an integer, and nanoseconds have no item()."""
        for unit, digits in {"s": "000000", "ms": "000000", "us": "000000", "ns": "000000000"}.items():
            stamps = list(np.array(["2020-02-29T01:02:03", "NaT"], f"M8[{unit}]"))
            spelled = "ns" if unit == "ns" else "us"
            self.assertEqual(self.one(stamps)[:2], ([f"2020-02-29 01:02:03.{digits}", ""], f"datetime64[{spelled}]"))
            lengths = list(np.array([-1, "NaT"], f"m8[{unit}]"))
            self.assertEqual(self.one(lengths)[1], f"timedelta64[{spelled}]")
        self.assertEqual(self.one(list(np.array([-1], "m8[ns]")))[0], ["-1 days +23:59:59.999999999"])
        self.assertEqual(self.one(list(np.array([3], "m8[D]")))[0], ["3 days 00:00:00.000000"])
        self.assertEqual(self.one(list(np.array([3], "m8[Y]")))[0], ["3 years"])
        self.assertEqual(self.one([np.array([5, "NaT"], "M8[ns]"), {"k": np.timedelta64(5, "ns")}])[0],
                         ['"[""1970-01-01T00:00:00.000000005"", null]"', '"{""k"": ""5 nanoseconds""}"'])

    def test_floats_of_numpy_follow_the_dialect_in_a_list_too(self):
        numbers = [np.float32(0.5), np.float16(1.5), np.longdouble("2.5"), 3.5, np.float32("inf")]
        dialect = {"decimal_comma": True, "separator": ";"}
        for values in (numbers, np.array(numbers, np.longdouble)):
            content = self.split({"a": values}, dialect=dialect, replace=True)[2]
            self.assertEqual(content, b"a\n0,5\n1,5\n2,5\n3,5\ninf\n")
        self.assertEqual(self.csv({"a": [np.float32(0.125)]}, dialect={"float_precision": 2}), "a\n0.12\n")
        self.assertEqual(self.one([np.float32(0.1), None])[::2], (["0.1", ""], [0.1, None]))

    def test_numbers_and_bytes_of_a_list_are_those_of_a_cell(self):
        """As in a list of Arrow."""
        numbers = [np.float32(0.1), np.array([0.1, math.nan], "f4"), np.longdouble(1.5), 0.1]
        self.assertEqual(self.one([numbers, {"b": [b"ab", memoryview(b"c")]}, np.array([[0.1]], "f4")])[2],
                         ["[0.1, [0.1, null], 1.5, 0.1]", '{"b": ["\\\\x6162", "\\\\x63"]}', "[[0.1]]"])

    def test_a_length_that_nanoseconds_do_not_hold(self):
        class Far(datetime.timedelta):
            """Timedelta of pandas 2 with another unit."""
            nanoseconds = 0

            @property
            def value(self):
                raise OverflowError

        self.assertEqual(self.one([Far(200_000), pd.Timedelta(-1, "ns"), pd.Timedelta(1001, "us")])[0], [
            "200000 days 00:00:00.000000", "-1 days +23:59:59.999999999", "0 days 00:00:00.001001"])

    def test_a_missing_value_in_any_sequence_is_a_null(self):
        values = ["a", math.nan, None, 2]
        class Sequence(collections.abc.Sequence):
            def __len__(self):
                return len(values)

            def __getitem__(self, i):
                return values[i]

        for sequence in (collections.deque(values), collections.UserList(values), tuple(values), Sequence()):
            self.assertEqual(self.one(sequence)[0], ["a", "", "", "2"])
        self.assertEqual(self.one(list(np.ma.array([1, 2], mask=[False, True])))[:2], (["1", ""], "int64"))

    def test_columns_of_arrow_keep_nulls_and_integers(self):
        """polars and pyarrow give numpy a NaN for a null, and floats for integers beside it."""
        class Series:
            def __init__(self, values):
                self.values = values

            def __len__(self):
                return len(self.values)

            def __array__(self, dtype=None, copy=None):
                return np.array([math.nan if value is None else value for value in self.values], dtype)

            def is_null(self):
                return Series([value is None for value in self.values])

            def fill_null(self, filler):
                return Series([filler if value is None else value for value in self.values])

        self.assertEqual(self.one(Series([2**53 + 1, None])), ([str(2**53 + 1), ""], "int64", [2**53 + 1, None]))
        self.assertEqual(self.one(Series([0.5, None, math.nan]))[0], ["0.5", "", "NaN"])
        stats = self.split({"a": [1, 2]}, Series([7, None]), replace=True)[1]["data"]["prediction_stats"]
        self.assertEqual((stats["n_null"], stats["max"]), (1, 7))

    def test_memory_stays_small_beside_the_table(self):
        """Of objects as texts there is a megabyte at a time, however many are in a slice. A slice of texts of numpy, which
        are copied, has fewer rows where they are long."""
        rows, text = 5000, "x" * 4000
        columns = {"lists": [[text]] * rows, "decimals": [decimal.Decimal("1" * 4000)] * rows,
                   "texts": np.array([text] * rows), "bytes": np.array([text.encode()] * rows)}
        for name, values in columns.items():
            with self.subTest(name):
                table = {name: values}
                self.split(table, replace=True)
                tracemalloc.start()
                try:
                    size = curtail.split(table, None, "job_1", self.scratch, replace=True).bytes
                    peak = tracemalloc.get_traced_memory()[1]
                finally:
                    tracemalloc.stop()
                self.assertGreater(size, 4000 * rows)
                self.assertLess(peak, 8_000_000)

    def test_memory_of_a_column_is_small(self):
        table = pd.DataFrame(np.zeros((1, 5000)))
        self.split(table)
        tracemalloc.start()
        try:
            self.split(table, replace=True)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        self.assertLess(peak / 5000, 2000)

    def test_a_column_of_objects_is_read_once_beside_one_of_long_texts(self):
        calls = 0

        class Named:
            def __str__(self):
                nonlocal calls
                calls += 1
                return "x"

        rows = 2000
        self.split({"a": [Named()] * rows, "b": ["中" * 30_000] * rows})
        self.assertLess(calls, 5 * rows)

    def test_a_wide_table_of_objects_is_read_in_pieces(self):
        alive = most = 0

        class Text(str):
            def __init__(self, _):
                nonlocal alive, most
                alive += 1
                most = max(most, alive)

            def __del__(self):
                nonlocal alive
                alive -= 1

        class Named:
            def __str__(self):
                return Text("x")

        values = [Named()] * 256
        content = self.split({f"c{i}": values for i in range(1000)})[2]
        self.assertEqual(content.count(b"\n" + b",".join([b"x"] * 1000)), 256)
        self.assertLess(most, 150_000)

    def test_sparse_times(self):
        stamps = pd.arrays.SparseArray(np.array(["2020-01-01", "NaT"], "M8[ns]"))
        self.assertEqual(self.one(stamps)[0], ["2020-01-01 00:00:00.000000", ""])
        lengths = pd.arrays.SparseArray(np.array([1, "NaT"], "m8[ns]"))
        self.assertEqual(self.one(lengths)[0], ["0 days 00:00:00.000000001", ""])

    def test_an_object_that_fails_is_named_without_its_code(self):
        class Broken:
            def __init__(self, kind):
                self.kind = kind

            def __str__(self):
                raise self.kind("no text \udce9")

        for kind in (ValueError, OverflowError, RuntimeError):
            with self.assertRaises(curtail.TableError) as caught:
                self.one([1, Broken(kind)])
            self.assertEqual(str(caught.exception), f"[curtail.bad_cell] row 1, column 'c': {kind.__name__}: no text ?")
        with self.assertRaises(KeyboardInterrupt):
            self.one([1, Broken(KeyboardInterrupt)])

    def test_lists_of_one_length_are_cells(self):
        for values in ([[1, 2], [3, 4]], ([1, 2], [3, 4]), [np.array([1, 2]), np.array([3, 4])]):
            self.assertEqual(self.one(values)[0], ['"[1, 2]"', '"[3, 4]"'])
        self.assertEqual(self.one([[1], [2]])[0], ["[1]", "[2]"])

    def test_what_json_lacks_is_null(self):
        values = [[1.5, math.nan], {"k": -math.inf, "t": "NaN"}, [np.float32("nan"), pd.NA, pd.NaT], np.array([math.inf])]
        self.assertEqual(self.one(values)[2], ["[1.5, null]", '{"k": null, "t": "NaN"}', "[null, null, null]", "[null]"])

    def test_masked_arrays_of_every_dtype(self):
        mask = [False, True]
        cases = [(np.array(["2020-01-02", "2020-01-03"], "M8[s]"), "2020-01-02 00:00:00", "datetime64[s]"),
                 (np.array(["2020-01-02", "2020-01-03"], "M8[D]"), "2020-01-02", "date"),
                 (np.array([1, 2], "m8[s]"), "0 days 00:00:01", "timedelta64[s]"), (np.array(["é", "b"]), "é", "string"),
                 (np.array([b"a", b"b"]), "a", "string"), (np.array(["a", "b"], object), "a", "string"),
                 (np.array([1.5, 2], "f2"), "1.5", "float32"), (np.array([1.5, 2], ">f8"), "1.5", "float64"),
                 (np.array([1, 2], ">u2"), "1", "uint16"), (np.array([True, False]), "True", "bool")]
        for values, cell, dtype in cases:
            self.assertEqual(self.one(np.ma.array(values, mask=mask))[:2], ([cell, ""], dtype), values.dtype)

    def test_times_that_no_cell_holds_are_refused(self):
        for values in (np.array([2**40], "M8[D]"), np.array([10**7], "M8[Y]"), np.array([2**62], "M8[h]"),
                       np.array([2**62], "m8[D]")):
            with self.assertRaisesRegex(curtail.TableError, "column 'c' has a time too far away") as caught:
                self.one(values)
            self.assertEqual((caught.exception.code, caught.exception.column), ("bad_cell", "c"))
        for days in (2**31, -2**40):  # whole days, which the dialect pandas writes as dates
            with self.assertRaisesRegex(curtail.TableError, "column 'c' has a time too far away"):
                self.one(np.array([days * 86_400], "M8[s]"), dialect="pandas")
        for count in (2**63 - 1, -2**54):  # which would not be milliseconds any more as microseconds
            with self.assertRaisesRegex(curtail.TableError, "column 'c' has a time too far away"):
                self.one(np.array([count], "m8[ms]"), dialect="pandas")
        first = datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=14)))
        last = datetime.datetime(9999, 12, 31, 23, tzinfo=datetime.timezone(datetime.timedelta(hours=-12)))
        self.assertEqual(len(self.one([first, last])[0]), 2)

    def test_texts_that_are_none_are_refused_with_their_place(self):
        with self.assertRaisesRegex(curtail.TableError, "row 1, column 'c'.*UTF-8") as caught:
            self.one(np.array([b"ok", b"\xff"]))
        self.assertEqual((caught.exception.code, caught.exception.column, caught.exception.row), ("bad_cell", "c", 1))
        with self.assertRaisesRegex(curtail.TableError, "row 2, column 'c'"):  # of the whole table
            curtail.split_batches([{"c": np.array([b"a", b"b"])}, {"c": np.array([b"\xff"])}], None, "job_2", self.scratch)
        with self.assertRaisesRegex(curtail.TableError, "column 'c' has the category"):
            self.one(pd.Categorical(["a", "\udc80"]))
        with self.assertRaisesRegex(curtail.TableError, "surrogate.*rename"):
            self.split({"\ud800": [1]})

    def test_categories_that_are_objects(self):
        got, dtype, sample = self.one(pd.Categorical.from_codes([0, 1, -1, 0], pd.Index(["a", 7], dtype=object)))
        self.assertEqual((got, dtype, sample), (["a", "7", "", "a"], "object", ["a", 7, None, "a"]))
        self.assertEqual(self.one(pd.Categorical([decimal.Decimal("1E-8"), None]))[0], ["0.00000001", ""])

    def test_what_is_no_column(self):
        for values in (np.zeros((2, 2)), np.zeros(2, "V8"), np.ma.zeros((2, 2)), 5, "text", None, {1, 2}, np.array(3)):
            if values is None or np.ndim(values) == 0:
                with self.assertRaisesRegex(curtail.TableError, "column 'c'.*one value per row"):
                    self.split({"c": values})
                continue
            with self.assertRaisesRegex(curtail.TableError, "column 'c'"):
                self.one(values)
        for table in (5, pd.Series([1, 2]), [1, 2], "a.csv", np.zeros((2, 2)), None):
            kind = f"{type(table).__module__}.{type(table).__name__}"
            with self.assertRaisesRegex(curtail.TableError, f"does not know {kind} as a table: pass"):
                self.split(table)
        with self.assertRaises(curtail.TableError) as caught:
            self.split({"a": [1, 2], "b": [1]})
        self.assertEqual((caught.exception.code, caught.exception.column), ("row_count_mismatch", "b"))
        self.assert_nothing_left()

    def test_texts_that_are_copied_do_not_pile_up(self):
        texts = np.array(["é" * 200_000 + str(i) for i in range(40)] + ["a", None], object)
        got = self.one(texts)[0]
        self.assertEqual(got, [*texts[:-1], ""])


class Tables(ModuleCase):
    def test_any_number_of_threads_and_any_slices_give_the_same_bytes(self):
        r = random.Random(SEED)
        n = 150_000
        frame = pd.DataFrame({"x": np.random.default_rng(SEED).normal(size=n), "i": np.arange(n),
                              "t": r.choices(["Oslo", "Åre", None, "x,y"], k=n),
                              "c": pd.Categorical(r.choices(["u", "v"], k=n))})
        one = self.split(frame, "x", threads=1)[2]
        self.assertEqual(self.split(frame, "x", threads=3, replace=True)[2], one)
        pieces = [frame[a:a + 40_001] for a in range(0, n, 40_001)]
        result = curtail.split_batches(pieces, "x", "job_1", self.scratch, replace=True, rows_total=n)
        self.assertEqual(result.path.read_bytes(), one)
        self.assertEqual(result.rows, n)
        back = pd.read_csv(self.scratch / "predictions_job_1.csv", float_precision="round_trip")
        np.testing.assert_array_equal(back["x"], frame["x"])

    def test_while_another_thread_imports_pandas(self):
        """The module is there before what is in it."""
        half = types.ModuleType("pandas")
        half.__spec__ = importlib.machinery.ModuleSpec("pandas", None)
        half.__spec__._initializing = True
        with unittest.mock.patch.dict(sys.modules, pandas=half):
            self.assertEqual(self.csv({"a": [1, datetime.date(2020, 2, 29)]}, [0.5, None]),
                             "a,prediction\n1,0.5\n2020-02-29,\n")

    def test_a_structured_array(self):
        table = np.array([(1, 0.5, "a", b"z", True), (2, -1.5, "ß", b"", False)],
                         [("i", "<i2"), ("x", ">f8"), ("t", "U3"), ("s", "S2"), ("b", "?")])
        self.assertEqual(self.csv(table, "x"), "i,t,s,b,x\n1,a,z,True,0.5\n2,ß,"'""'",False,-1.5\n")

    def test_predictions_of_every_form(self):
        table = {"a": np.arange(3)}
        expected = "a,prediction\n0,0.5\n1,1.5\n2,2.5\n"
        for predictions in (np.array([0.5, 1.5, 2.5]), [0.5, 1.5, 2.5], pd.Series([0.5, 1.5, 2.5], index=[7, 8, 9]),
                            np.array([[0.5], [1.5], [2.5]]), np.array([0.5, 1.5, 2.5], "f4"),
                            np.matrix([[0.5], [1.5], [2.5]])):
            self.assertEqual(self.csv(table, predictions), expected)
        two = self.split(table, np.arange(6.0).reshape(3, 2), replace=True)
        self.assertEqual(two[2], b"a,prediction_0,prediction_1\n0,0.0,1.0\n1,2.0,3.0\n2,4.0,5.0\n")
        self.assertEqual(two[1]["data"]["predictions_sample"], [[0, 1], [2, 3], [4, 5]])
        for name in (["lo", "hi"], iter(["lo", "hi"])):
            self.assertEqual(self.csv(table, np.arange(6).reshape(3, 2), name=name)[:8], "a,lo,hi\n")
        class Sparse:
            """A matrix of scipy, which is not an array."""
            ndim, shape = 2, (3, 2)

            def __len__(self):
                raise TypeError

        with self.assertRaisesRegex(curtail.TableError, "'prediction' has 0 dimensions"):
            self.csv(table, Sparse())
        frame = pd.DataFrame({"p": ["x", "y", "x"]})
        result, message, _ = self.split(table, frame, replace=True)
        self.assertEqual(message["data"]["prediction_stats"]["class_distribution"]["x"]["count"], 2)
        self.assertEqual(self.csv(table), "a\n0\n1\n2\n")

    def test_predictions_that_do_not_fit(self):
        frame = pd.DataFrame({"a": [1, 2, 3], "prediction": 0})
        cases = {
            "column_clash": (frame, [1, 2, 3], {}),
            "row_count_mismatch": (frame, [1, 2], {"name": "p"}),
            "invalid_schema": (frame, "score", {}),
            "invalid_option": (frame, np.zeros((3, 2)), {"name": ["only one"]}),
        }
        for code, (table, predictions, options) in cases.items():
            with self.assertRaises(curtail.Error) as caught:
                self.split(table, predictions, **options)
            self.assertEqual(caught.exception.code, code)
            self.assertIsInstance(caught.exception, ValueError)
        with self.assertRaisesRegex(curtail.TableError, "the table has 3 rows and the predictions have 2"):
            self.split(frame[[]], [1, 2])
        with self.assertRaisesRegex(curtail.TableError, "another index"):
            self.split(frame[["a"]], pd.Series([1, 2, 3], index=[2, 1, 0]))
        for nothing in (np.zeros((3, 0)), np.zeros((5, 0)), pd.DataFrame(index=range(3))):
            with self.assertRaisesRegex(curtail.UsageError, "prediction has two dimensions and no column"):
                self.split(frame, nothing)
        self.assertIn("'a', 'prediction'", str(self.error_of(frame, "score")))
        self.assert_nothing_left()

    def error_of(self, *arguments):
        try:
            self.split(*arguments)
        except curtail.Error as error:
            return error

    def test_batches(self):
        batches = [{"a": np.array([i], "i8")} for i in range(3)]
        result = curtail.split_batches(((batch, batch["a"] * 0.5) for batch in batches), None, "job_1", self.scratch)
        self.assertEqual(result.path.read_text(), "a,prediction\n0,0.0\n1,0.5\n2,1.0\n")
        result = curtail.split_batches(batches, lambda batch: batch["a"] * 2, "job_2", self.scratch)
        self.assertEqual(result.path.read_text(), "a,prediction\n0,0\n1,2\n2,4\n")
        file = io.StringIO("t,x\na,1.5\n,2.5\n")  # the second batch has a column of NaN where the first has texts
        result = curtail.split_batches(pd.read_csv(file, chunksize=1), "x", "job_4", self.scratch)
        self.assertEqual(result.path.read_text(), "t,x\na,1.5\n,2.5\n")
        result.path.unlink()
        with self.assertRaisesRegex(curtail.TableError, "column 0 of a batch is 'b'"):
            curtail.split_batches([{"a": [1]}, {"b": [1]}], None, "job_3", self.scratch)
        file = io.StringIO("t,x\n1,1.5\n,2.5\n")  # integers, and then NaN
        with self.assertRaisesRegex(curtail.TableError, r"'t' \(float64\) .* 't' \(int64\): give it one dtype in all "
                                                        r"batches, by astype\(\), or by dtype= where they are read"):
            curtail.split_batches(pd.read_csv(file, chunksize=1), "x", "job_3", self.scratch)
        with self.assertRaisesRegex(curtail.UsageError, "a batch is a table or a pair of a table and its predictions, not"):
            curtail.split_batches([({"a": [1]}, [1], [2])], None, "job_3", self.scratch)
        for table in (5, None, batches[0], pd.DataFrame({"a": [1]}), "a"):
            with self.assertRaisesRegex(curtail.UsageError, r"batches is an iterable of tables, not .*: split\(\) takes one"):
                curtail.split_batches(table, None, "job_3", self.scratch)
        with self.assertRaisesRegex(curtail.UsageError, "rows_total"):
            curtail.split_batches(batches, None, "job_3", self.scratch, rows_total="3")
        with self.assertRaisesRegex(curtail.UsageError, "no batch"):
            curtail.split_batches([], None, "job_3", self.scratch)

        def failing():
            yield batches[0]
            raise ZeroDivisionError("of the source")

        with self.assertRaisesRegex(ZeroDivisionError, "of the source"):
            curtail.split_batches(failing(), None, "job_3", self.scratch)
        self.assertEqual(sorted(path.name for path in self.scratch.iterdir()),
                         ["predictions_job_1.csv", "predictions_job_2.csv"])

    def test_options_reach_the_file_and_the_message(self):
        table = {"a": np.arange(1000), "x": np.linspace(0, 1, 1000)}
        result, message, content = self.split(table, "x", sample="highest_predictions", sample_rows=3)
        self.assertEqual(message["data"]["sample_row_numbers"], [999, 998, 997])
        self.assertEqual(self.csv(table, dialect={"separator": ";", "decimal_comma": True, "float_precision": 2})[:25],
                         "a;x\n0;0,00\n1;0,00\n2;0,00\n"[:25])
        self.assertEqual(self.csv(table, dialect=types.MappingProxyType({"separator": ";"}))[:4], "a;x\n")
        self.assertEqual(self.csv(table, dialect="excel")[:8], "\ufeffa,x\r\n0,")
        self.assertEqual(self.csv({"a": [None, "x"], "b": [1, 2]}, dialect={"preset": "pandas", "null_text": "NA"}),
                         "a,b\nNA,1\nx,2\n")
        small = self.split(table, "x", max_bytes=2000, replace=True)[0]
        self.assertLess(len(small.message), 2000)
        zipped, message, packed = self.split(table, "x", job_id="job_2", gzip=True)
        self.assertEqual(zipped.path.name, "predictions_job_2.csv.gz")
        self.assertEqual(gzip.decompress(packed), content)
        self.assertEqual(message["data"]["output_format"], "csv.gz")
        self.split(table, "x", job_id="job_3", metadata=True)
        described = json.loads((self.scratch / "predictions_job_3.csv-metadata.json").read_text())
        self.assertEqual([column["name"] for column in described["tableSchema"]["columns"]], ["a", "x"])


class Arrow(ModuleCase):
    COLUMNS = [(b"id", b"l", [[1, 2, None], [4]]), (b"name", b"u", [["a", None, "ß,"], ["d"]]),
               (b"x", b"g", [[0.5, 1.5, 2.5], [3.5]])]

    def test_a_stream_is_read_and_released(self):
        producer = Producer(self.COLUMNS)
        result, message, content = self.split(producer, "x")
        self.assertEqual(content.decode(), 'id,name,x\n1,a,0.5\n2,,1.5\n,"ß,",2.5\n4,d,3.5\n')
        self.assertEqual((producer.alive, producer.released_streams), (0, 1))
        self.assertEqual(message["data"]["predictions_sample"], [0.5, 1.5, 2.5, 3.5])

    def test_a_prediction_in_the_middle_moves_to_the_end(self):
        self.assertEqual(self.csv(Producer(self.COLUMNS), "name").split("\n")[:2], ["id,x,name", "1,0.5,a"])
        self.assertEqual(self.csv(Producer(self.COLUMNS)).split("\n")[:2], ["id,name,x", "1,a,0.5"])
        for name, position in {"id": 0, "name": 1, "x": 2}.items():
            data = self.split(Producer(self.COLUMNS), name, replace=True)[1]["data"]
            values = [each for batch in self.COLUMNS[position][2] for each in batch]
            self.assertEqual(data["predictions_sample"], values)
            self.assertEqual(data["prediction_stats"]["n_null"], values.count(None))
            self.assertEqual(data["dataframe_columns"], [each for each in ("id", "name", "x") if each != name])

    def test_predictions_beside_it(self):
        for predictions in (np.arange(4.0), ["p", "q", None, "ä"], np.arange(8).reshape(4, 2)):
            lines = self.csv(Producer(self.COLUMNS), predictions).split("\n")
            self.assertEqual(lines[0][:20], "id,name,x,prediction")
            self.assertEqual(len(lines), 6)
        self.assertEqual(lines[4], "4,d,3.5,6,7")
        for count in (3, 5):
            with self.assertRaises(curtail.TableError) as caught:
                self.split(Producer(self.COLUMNS), np.arange(count), job_id="job_2")
            self.assertEqual(caught.exception.code, "row_count_mismatch")
        with self.assertRaisesRegex(curtail.TableError, "already has a column 'x'"):
            self.split(Producer(self.COLUMNS), np.arange(4), name="x", job_id="job_2")

    def test_a_producer_that_fails(self):
        producer = Producer(self.COLUMNS, failing=1)
        with self.assertRaisesRegex(curtail.InputError, "the source broke") as caught:
            self.split(producer, "x")
        self.assertIsInstance(caught.exception, OSError)
        self.assertEqual((producer.alive, producer.released_streams), (0, 1))
        self.assert_nothing_left()
        with self.assertRaisesRegex(curtail.TableError, "no column 'y'"):
            self.split(Producer(self.COLUMNS), "y")

    def test_what_is_no_stream_is_refused(self):
        new_capsule = ctypes.pythonapi.PyCapsule_New
        new_capsule.restype, new_capsule.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        for returned in (None, 5, new_capsule(1, b"arrow_schema", None)):
            table = type("Table", (), {"__arrow_c_stream__": lambda self, schema=None: returned})()
            with self.assertRaisesRegex(curtail.TableError, "did not return a capsule named 'arrow_array_stream'"):
                self.split(table)
        taken = Producer(self.COLUMNS)
        capsule = taken.__arrow_c_stream__()
        table = type("Table", (), {"__arrow_c_stream__": lambda self, schema=None: capsule})()
        self.split(table)
        with self.assertRaisesRegex(curtail.UsageError, "was released"):
            self.split(table)

    def test_names_that_are_no_text(self):
        columns = [(b"caf\xe9", b"l", [[1]]), (b"x", b"l", [[2]])]
        self.assertEqual(self.split(Producer(columns), [3], replace=True)[2], b"caf\xe9,x,prediction\n1,2,3\n")
        with self.assertRaises(curtail.TableError) as caught:
            curtail.split_batches([Producer(columns[1:]), Producer(columns[:1])], None, "job_2", self.scratch)
        self.assertEqual(caught.exception.column, "caf\ufffd")
        with self.assertRaisesRegex(curtail.UsageError, "prediction is a text without lone surrogates"):
            self.split(Producer(columns), "\ud800")

    def test_batches_beside_those_of_numpy(self):
        arrays, columns = {"id": np.array([5]), "x": np.array([0.5])}, [self.COLUMNS[0], self.COLUMNS[2]]
        for batches in ([arrays, Producer(columns)], [Producer(columns), arrays]):
            self.assertEqual(curtail.split_batches(batches, "x", "job_1", self.scratch, replace=True).rows, 5)
        for beside in (1, -1):
            batches = [(arrays, range(1)), (Producer(columns), range(4))][::beside]
            with self.assertRaisesRegex(curtail.UsageError, "Arrow table with predictions beside it, .* in one way"):
                curtail.split_batches(batches, None, "job_1", self.scratch, replace=True)

    def test_batches_of_it(self):
        batches = [Producer(self.COLUMNS), Producer(self.COLUMNS)]
        result = curtail.split_batches(batches, "x", "job_1", self.scratch)
        self.assertEqual(result.rows, 8)


if __name__ == "__main__":
    main()
