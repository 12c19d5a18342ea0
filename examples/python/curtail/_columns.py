# SPDX-License-Identifier: MIT
"""Any column as slices that the extension reads: typed arrays where they are, objects a slice at a time.

A slice is a tuple of a layout and what that needs, see FrameLoader::take() in src/frame_loader.hpp:

    ("numbers", array, mask or None)
    ("timestamps", int64 counts, mask or None, unit, zone)      unit: 0 s, 1 ms, 2 us, 3 ns
    ("dates", int64 days, mask or None)
    ("durations", int64 counts, mask or None, unit, "")
    ("pandas_timestamps", int64 counts of whole chunks, first row in them, rows of a chunk, unit)
    ("pandas_durations", the same)
    ("local_times", int64 nanoseconds of local time, int64 seconds east of UTC)
    ("codes", integers, list of str)
    ("objects", array of objects)
"""
import collections.abc
from array import array as TypedArray

import numpy as np

from . import _objects
from ._checks import is_unicode, loaded_pandas
from ._errors import table_error

NAT = np.iinfo(np.int64).min
_KNOWN_TO_NUMPY = (str, bytes, bytearray, memoryview, range, TypedArray)  # of the sequences
_NUMPY_DTYPES = ("PandasDtype", "NumpyEADtype")  # of pandas' wrappers around an array of numpy
UNITS = {"s": 0, "ms": 1, "us": 2, "ns": 3}


class Column:
    """One column of a table.

    name, kind, unit, zone: what ColumnSpec needs. rows: its length. cost: bytes that a row of a slice takes.
    slice: a function of the first row and the one behind the last.
    """

    __slots__ = ("name", "kind", "unit", "zone", "rows", "cost", "slice")

    def __init__(self, name, kind, rows, slice, cost=0, unit=3, zone=""):
        self.name, self.kind, self.rows, self.slice = name, kind, rows, slice
        self.cost, self.unit, self.zone = cost, unit, zone


class Style:
    """How values that have two spellings are spelled: as DataFrame.to_csv() does, or as curtail does.

    pandas_chunk: the rows that to_csv() writes at a time, or 0 for curtail's own spelling.
    """

    def __init__(self, pandas=False, columns=1):
        self.pandas_chunk = max(100_000 // max(columns, 1), 1) if pandas else 0


def column(name, values, style):
    """Returns any values of one dimension as a Column. Raises TableError for a dtype that no cell can hold."""
    pandas = loaded_pandas()
    if pandas is not None:
        if isinstance(values, (pandas.Series, pandas.Index)):
            values = values.to_numpy() if isinstance(values.dtype, np.dtype) else values.array
        if isinstance(values, pandas.api.extensions.ExtensionArray):
            if type(values.dtype).__name__ not in _NUMPY_DTYPES and not isinstance(values.dtype, np.dtype):
                return _extension_column(name, values, style, pandas)
            values = np.asarray(values)
    values = _as_array(values)
    return (_masked_array if isinstance(values, np.ma.MaskedArray) else _array_column)(name, values, style)


def nan_as_null(floats):
    """Returns a column of floats whose NaN is a null, as it is in a column of objects."""
    def take(a, b):
        layout, data, *mask = floats.slice(a, b)
        if layout != "numbers":
            return (layout, data, *mask)
        return layout, data, np.isnan(data) if mask[0] is None else mask[0] | np.isnan(data)

    return Column(floats.name, floats.kind, floats.rows, take, floats.cost + 1)


def _as_array(values):
    if isinstance(values, np.ndarray):
        return values
    if isinstance(values, collections.abc.Sequence) and not isinstance(values, _KNOWN_TO_NUMPY):
        # Not np.asarray(), which makes texts of numbers, and of a NaN, beside a text.
        array = np.empty(len(values), object)
        for i, value in enumerate(values):  # array[:] would look into lists of one length
            array[i] = value
        return array
    array = np.asarray(values)
    if array.dtype.kind == "f" and hasattr(values, "is_null") and hasattr(values, "fill_null"):
        # A column of polars or pyarrow, which gives numpy a NaN for a null, and floats for integers beside it.
        return np.ma.array(np.asarray(values.fill_null(0)), mask=np.asarray(values.is_null()))
    return array


def _masked_array(name, values, style):
    if values.dtype.kind in "Mm":
        return _array_column(name, values.filled(values.dtype.type("NaT")), style)
    plain, mask = _array_column(name, np.ma.getdata(values), style), np.ma.getmaskarray(values)

    def take(a, b):
        layout, part = plain.slice(a, b)[:2]
        if layout == "numbers":
            return layout, part, mask[a:b]
        objects = part.copy()
        objects[mask[a:b]] = None
        return layout, objects

    return Column(name, plain.kind, len(values), take, plain.cost + 1)


def _array_column(name, array, style):
    if array.ndim != 1:
        raise table_error(f"column '{name}' has {array.ndim} dimensions where a column has one: pass a list or an "
                          "array with one value per row", column=name)
    kind, rows = array.dtype.kind, len(array)
    if kind in "iub" or (kind == "f" and array.dtype.itemsize in (4, 8)):
        native = array.dtype.newbyteorder("=")
        cost = 0 if array.dtype.isnative else 8
        spell = _as_numpy_spells if style.pandas_chunk and native == np.float32 else _as_numbers
        return Column(name, _kind(native), rows, lambda a, b: spell(array[a:b].astype(native, copy=False), None), cost)
    if kind == "f":
        return _odd_floats(name, array, style)
    if kind in "Mm":
        return _times(name, array, style)
    if kind == "O":
        return _objects_column(name, "any", rows, lambda a, b: array[a:b])
    if kind in "UT":
        return _objects_column(name, "text", rows, lambda a, b: array[a:b].astype(object), array.dtype.itemsize)
    if kind == "S":
        # What is not UTF-8 is refused as if it were not a text, by the number of its row in the whole table.
        return _objects_column(name, "text", rows, lambda a, b: [
            each.decode("utf-8", "surrogateescape") for each in array[a:b].tolist()], 2 * array.dtype.itemsize)
    if kind == "c":
        return _objects_column(name, "any", rows, lambda a, b: _without_nan(array[a:b]))
    raise table_error(f"column '{name}' has dtype {array.dtype}, which no cell of a CSV file can hold", column=name)


def _kind(dtype):
    return "boolean" if dtype.kind == "b" else np.dtype(dtype).newbyteorder("=").name


def _objects_column(name, kind, rows, take, made=0):
    """A column of which `take` gives the objects of a slice; `made`: the bytes of those of a row that it has to make."""
    return Column(name, kind, rows, lambda a, b: ("objects", np.asarray(take(a, b), dtype=object)), 48 + made)


def _bytes_of_a_row(array):
    """Returns how large the objects of a row may be that an array of pandas makes, because it is one of Arrow."""
    try:
        return array.nbytes // max(len(array), 1)
    except NotImplementedError:  # of a class of the user
        return 0


def _without_nan(array):
    objects = array.astype(object)
    objects[np.isnan(array)] = None
    return objects


def _odd_floats(name, array, style):
    """float16 and long double: numpy's digits, because no type of C++ has them everywhere."""
    if array.dtype.itemsize == 2 and not style.pandas_chunk:
        return Column(name, "float32", len(array), lambda a, b: ("numbers", array[a:b].astype(np.float32), None), 4)

    def take(a, b):
        values = array[a:b]
        texts = values.astype(str).astype(object)
        for i, text in enumerate(texts):
            texts[i] = _objects.Number("NaN" if text == "nan" else text)
        if style.pandas_chunk:
            texts[np.isnan(values)] = None
        return texts

    return _objects_column(name, "any", len(array), take)


def _times(name, array, style):
    unit, step = np.datetime_data(array.dtype)
    if not array.dtype.isnative or step != 1 or unit not in (*UNITS, "D"):
        return _converted_times(name, array, style, unit)
    counts = array.view("i8")
    is_stamp = array.dtype.kind == "M"
    if unit == "D" and is_stamp:
        return Column(name, "date", len(array), lambda a, b: ("dates", _near(name, counts[a:b], 1), None))
    if unit == "D":
        return _converted_times(name, array, style, unit)
    return _counted_times(name, is_stamp, len(array), UNITS[unit], style, lambda a, b: counts[a:b])


def _near(name, counts, per_day):
    """Returns `counts`, of which `per_day` make a day. Raises TableError if the 32 bits of a date cannot hold one."""
    return _within(name, counts, 2**31 * per_day)


def _within(name, counts, limit):
    """Returns `counts`. Raises TableError unless all are nearer to 0 than `limit`."""
    if np.any((counts != NAT) & (np.abs(counts) >= limit)):
        raise _far_time(name)
    return counts


def _far_time(name):
    return table_error(f"column '{name}' has a time too far away for its unit in a cell: convert it to text first",
                       "bad_cell", name)


def _converted_times(name, array, style, unit):
    """Units that no cell has. Months and years are as long as their calendar says, so that only dates have them."""
    kind = array.dtype.kind
    if kind == "M":
        target = "datetime64[D]" if unit in "YMWD" else "datetime64[s]" if unit in "hm" else f"datetime64[{unit}]"
    else:
        target = f"timedelta64[{unit if unit in UNITS else 's'}]"
    if unit not in (*UNITS, "D", "W", "h", "m") and not (kind == "M" and unit in "YM"):
        raise table_error(f"column '{name}' has dtype {array.dtype}: convert it to one of s, ms, us and ns first",
                          column=name)
    whole = np.empty(0, target)
    like = _times(name, whole, style)

    def take(a, b):
        first, last = (a, b) if not style.pandas_chunk else _chunk(a, b, len(array), style)
        original = array[first:last].astype(array.dtype.newbyteorder("="))
        times = original.astype(target)
        if np.any(times.astype(original.dtype).view("i8") != original.view("i8")):  # numpy lets them overflow
            raise _far_time(name)
        return _times(name, times, style).slice(a - first, b - first)

    return Column(name, like.kind, len(array), take, 8, like.unit)


def _chunk(a, b, rows, style):
    size = style.pandas_chunk
    return a - a % size, min(rows, b + -b % size)


def _counted_times(name, is_stamp, rows, unit, style, counts):
    """A column of counts since 1970 or of lengths; `counts` gives those of a slice."""
    kind = "timestamp" if is_stamp else "duration"
    if not style.pandas_chunk:
        return Column(name, kind, rows, lambda a, b: (kind + "s", counts(a, b), None, unit, ""), unit=unit)

    def take(a, b):
        first, last = _chunk(a, b, rows, style)
        part = counts(first, last)
        if is_stamp and unit < UNITS["us"]:  # a chunk of whole days is written as dates
            _near(name, part, 86_400 * 1000**unit)
        if not is_stamp and unit == UNITS["ms"]:  # is written with microseconds
            _within(name, part, 2**63 // 1000)
        return "pandas_" + kind + "s", part, a - first, style.pandas_chunk, unit

    return Column(name, kind, rows, take, unit=unit)


def _extension_column(name, array, style, pandas):
    dtype, rows = array.dtype, len(array)
    if isinstance(dtype, pandas.CategoricalDtype):
        return _categorical(name, array, style, pandas)
    if isinstance(dtype, pandas.DatetimeTZDtype):
        return _zoned(name, array, style)
    if isinstance(dtype, pandas.StringDtype):
        return _objects_column(name, "text", rows, lambda a, b: array[a:b].astype(object), _bytes_of_a_row(array))
    if isinstance(dtype, pandas.SparseDtype) and dtype.subtype.kind in "Mm":
        # As objects they would be bare counts.
        return _objects_column(name, "any", rows, lambda a, b: pandas.array(np.asarray(array[a:b])).astype(object))
    numbers = getattr(dtype, "numpy_dtype", None)
    if isinstance(numbers, np.dtype) and numbers.kind in "iufb" and not isinstance(dtype, pandas.SparseDtype):
        filler = numbers.type(0)
        return _masked_numbers(name, rows, numbers, style, lambda a, b: (
            array[a:b].to_numpy(dtype=numbers, na_value=filler), np.asarray(array[a:b].isna())))
    return _objects_column(name, "any", rows, lambda a, b: np.asarray(array[a:b], dtype=object), _bytes_of_a_row(array))


def _masked_numbers(name, rows, dtype, style, parts):
    """Numbers with a mask of nulls; `parts` gives both for a slice."""
    if dtype.kind not in "iufb" or dtype.itemsize > 8 or dtype.itemsize == 2 and dtype.kind == "f":
        def take_objects(a, b):
            data, mask = parts(a, b)
            objects = data.astype(object)
            objects[mask] = None
            return objects
        return _objects_column(name, "any", rows, take_objects)
    native = dtype.newbyteorder("=")

    def take(a, b):
        data, mask = parts(a, b)
        data = data.astype(native, copy=False)
        return _as_numpy_spells(data, mask) if style.pandas_chunk and dtype.kind == "f" else ("numbers", data, mask)

    return Column(name, _kind(dtype), rows, take, dtype.itemsize + 1)


def _as_numbers(data, mask):
    return "numbers", data, mask


def _as_numpy_spells(data, mask):
    """Floats as to_csv() writes them: a float32 of 0.0001 is "1e-04", because it is a bit less, and in a nullable
    column a NaN that is not a null there is "nan"."""
    is_odd = data.dtype == np.float32 and np.any(np.abs(data) == np.float32(1e-4))
    if not is_odd and (mask is None or not np.any(np.isnan(data) & ~mask)):
        return "numbers", data, mask
    objects = np.empty(len(data), object)
    objects[:] = list(data)  # of numpy's type, because a float of Python has the digits of a double
    if mask is not None:
        objects[np.isnan(data)] = _objects.Number("nan")
        objects[mask] = None
    return "objects", objects


def _zoned(name, array, style):
    rows, zone = len(array), str(array.tz)
    unit = UNITS[getattr(array.dtype, "unit", "ns")]
    if not style.pandas_chunk:
        counts = array.asi8
        return Column(name, "timestamp", rows, lambda a, b: ("timestamps", counts[a:b], None, unit, zone), unit=unit,
                      zone=zone)
    to_ns = 1000 ** (3 - unit)

    def take(a, b):
        utc = array[a:b].asi8
        local = array[a:b].tz_localize(None).asi8
        if to_ns != 1:
            _within(name, local, 2**63 // to_ns)
        offsets = (local - utc) * to_ns // 1_000_000_000
        nanoseconds = np.where(utc == NAT, NAT, local * to_ns)
        return "local_times", nanoseconds, offsets

    return Column(name, "timestamp", rows, take, 24, unit, zone)


def _categorical(name, array, style, pandas):
    categories, codes, rows = array.categories, array.codes, len(array)
    numbers = getattr(categories.dtype, "numpy_dtype", categories.dtype)  # of nullable ones, of which none is null
    if isinstance(numbers, np.dtype) and numbers.kind in "iufb":
        if style.pandas_chunk and numbers is not categories.dtype and numbers.kind == "f":
            numbers = np.dtype(np.float64)  # the digits of to_csv()
        values = categories.to_numpy(dtype=numbers)

        def take_numbers(a, b):
            part = codes[a:b]
            if len(values) == 0:
                return np.zeros(b - a, values.dtype), part < 0
            return values.take(part, mode="clip"), part < 0

        return _masked_numbers(name, rows, values.dtype, style, take_numbers)
    # to_csv() writes categories that are durations by str(), with a clock even if all are whole days.
    if categories.dtype.kind == "M" or (categories.dtype.kind == "m" and not style.pandas_chunk):
        return _categorical_times(name, categories, codes, rows, style)
    are_texts = all(isinstance(each, str) for each in categories)
    if categories.dtype == object and not are_texts and not style.pandas_chunk:
        values = np.append(categories.to_numpy(), [None])  # where code -1 is
        return _objects_column(name, "any", rows, lambda a, b: values[codes[a:b]])
    texts = [each if isinstance(each, str) else str(each) for each in categories]  # spelled once
    for text in texts:
        if not is_unicode(text):
            raise table_error(f"column '{name}' has the category {text!r}, where a lone surrogate is not text",
                              "bad_cell", name)

    def take(a, b):
        return "codes", codes[a:b], texts

    return Column(name, "text", rows, take)


def _categorical_times(name, categories, codes, rows, style):
    times = categories.array
    like = column(name, times[:0], style)

    def take(a, b):
        first, last = (a, b) if not style.pandas_chunk else _chunk(a, b, rows, style)
        return column(name, times.take(codes[first:last], allow_fill=True), style).slice(a - first, b - first)

    return Column(name, like.kind, rows, take, 32, like.unit, like.zone)
