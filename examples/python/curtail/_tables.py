# SPDX-License-Identifier: MIT
"""Any table, with its predictions, as columns of Python or as an Arrow stream with columns beside it."""
import collections.abc
import csv
import io

import numpy as np

from . import _curtail
from ._checks import expect_text, is_unicode, loaded_pandas, short
from ._columns import Style, column, nan_as_null
from ._errors import table_error, usage_error

_MAX_ROWS = 65_536  # of a slice: what is done between two calls of progress
_MAX_CELLS = 1_000_000
_MAX_COPIED = 3_000_000  # bytes of a slice that are copied
_MAX_COPIED_BY_ONE = 600_000  # on one thread, so that objects are still in the cache when they are formatted


class ColumnTable:
    """Columns of Python objects; the last `predictions` of them are predictions."""

    arrow = None

    def __init__(self, columns, predictions):
        self.columns, self.predictions = columns, predictions
        self.beside = 0
        self.rows = columns[0].rows if columns else 0
        for each in columns:
            if each.rows != self.rows:
                raise table_error(f"column '{each.name}' has {each.rows} rows where '{columns[0].name}' has "
                                  f"{self.rows}", "row_count_mismatch", each.name)

    def specs(self):
        return [_spec(each) for each in self.columns]

    def follow(self, kinds):
        """Makes a NaN a null in a column that had objects in the first batch, of whose columns these are the kinds: a
        batch of a file has floats where all texts are missing."""
        if len(kinds) == len(self.columns):
            self.columns = [nan_as_null(each) if kind == "any" and each.kind in ("float32", "float64") else each
                            for each, kind in zip(self.columns, kinds)]

    def write(self, run, threads, between):
        """Appends all rows to a run. Calls between() after each slice."""
        step = _slice_rows(self.columns, threads)
        for first in range(0, self.rows, step):
            last = min(first + step, self.rows)
            run.append([each.slice(first, last) for each in self.columns], last - first)
            between()


class ArrowStream:
    """A stream of Arrow, and columns of predictions beside it, if they are not in it."""

    def __init__(self, table, prediction, beside):
        capsule = table.__arrow_c_stream__()
        if not repr(capsule).startswith('<capsule object "arrow_array_stream"'):
            raise table_error("__arrow_c_stream__() of the table did not return a capsule named 'arrow_array_stream': "
                              "pass a dict of arrays instead")
        self.arrow = _curtail.ArrowTable(capsule, prediction)
        self.columns = beside
        self.beside = len(beside)
        self.predictions = self.beside if prediction is None else 1
        self.rows = None

    def follow(self, kinds):
        """Does nothing: a null of Arrow is one."""

    def specs(self):
        return self.arrow.columns() + [_spec(each) for each in self.columns]

    def write(self, run, threads, between):
        done = 0
        step = _slice_rows(self.columns, threads)
        while count := self.arrow.advance(step):
            for each in self.columns:
                if each.rows < done + count:
                    raise _unequal(f"more than {each.rows}", each.rows)
            run.append_arrow(self.arrow, [each.slice(done, done + count) for each in self.columns], count)
            done += count
            between()
        for each in self.columns:
            if each.rows != done:
                raise _unequal(done, each.rows)


def open_table(table, prediction, name, as_pandas):
    """Returns a table of any kind as one of the above."""
    pandas = loaded_pandas()
    is_frame = pandas is not None and isinstance(table, pandas.DataFrame)
    is_name = isinstance(prediction, str)
    if is_name:
        expect_text("prediction", prediction)
    elif prediction is not None:
        _expect_predictions(prediction)
    if not is_frame and hasattr(table, "__arrow_c_stream__"):
        beside = [] if prediction is None or is_name else _prediction_columns(prediction, name, Style(as_pandas), None)
        stream = ArrowStream(table, prediction if is_name else None, beside)
        _check_names([spec.name for spec in stream.arrow.columns()], beside)
        return stream
    names, values = _named_values(table, is_frame)
    extra = 0 if prediction is None or is_name else _width(prediction)
    style = Style(as_pandas, len(names) + extra)
    columns = [column(*each, style) for each in zip(names, values)]
    if prediction is None:
        return ColumnTable(columns, 0)
    if is_name:
        return ColumnTable(_with_last(columns, prediction), 1)
    predictions = _prediction_columns(prediction, name, style, table.index if is_frame else None)
    _check_names([each.name for each in columns], predictions)
    rows = len(table) if is_frame else columns[0].rows if columns else None  # a frame may have rows without columns
    if rows not in (None, predictions[0].rows):
        raise _unequal(rows, predictions[0].rows)
    return ColumnTable(columns + predictions, len(predictions))


def _named_values(table, is_frame):
    """Returns the names of the columns, and their values one after another: 100,000 Series take 200 MB."""
    if is_frame:
        return _frame_names(table), (table.iloc[:, i] for i in range(table.shape[1]))
    if isinstance(table, np.ndarray) and table.dtype.names:
        return table.dtype.names, (table[each] for each in table.dtype.names)
    if isinstance(table, collections.abc.Mapping):
        return [str(each) for each in table], table.values()
    kind = type(table)  # with its module, because DataFrame is the name of many classes
    raise table_error(f"curtail does not know {kind.__module__}.{kind.__qualname__} as a table: pass a pandas DataFrame, a "
                      "dict of arrays, a numpy array with named fields, or anything with __arrow_c_stream__()")


def _frame_names(frame):
    if all(type(name) is str for name in frame.columns):
        return list(frame.columns)
    # Numbers, times, None: as pandas writes them.
    lines = list(csv.reader(io.StringIO(frame.iloc[:0].to_csv(index=False), newline="")))
    if len(lines) != 1:
        raise table_error("the columns have names of several levels: join each to one text first")
    return lines[0]


def _expect_predictions(prediction):
    """Refuses what has no length. A list or an array is what it is; its length is compared with the table's."""
    listed = hasattr(prediction, "__len__") and not isinstance(prediction, (bytes, collections.abc.Mapping))
    if not listed or getattr(prediction, "shape", None) == ():
        raise usage_error("prediction is the name of a column, which is a text, or an array with one value per row, "
                          f"not {short(prediction)}")
    if _width(prediction) == 0:
        raise usage_error("prediction has two dimensions and no column: pass one, or None if there is none")


def _width(prediction):
    shape = getattr(prediction, "shape", ())
    return shape[1] if len(shape) == 2 else 1


def _prediction_columns(prediction, name, style, index):
    pandas = loaded_pandas()
    if pandas is not None and isinstance(prediction, (pandas.Series, pandas.DataFrame)):
        if index is not None and not prediction.index.equals(index):
            raise table_error("the predictions have another index than the table: which row is whose would be a guess; "
                              "align them first, or pass predictions.to_numpy() to join them by position")
        if isinstance(prediction, pandas.DataFrame):
            return [column(*each, style) for each in zip(*_named_values(prediction, True))]
    if getattr(prediction, "ndim", 1) == 2 and not isinstance(prediction, np.ma.MaskedArray):
        prediction = np.asarray(prediction)  # of a matrix each column would be a matrix again
    if getattr(prediction, "ndim", 1) == 2:
        width = prediction.shape[1]
        names = _names_of(name, width)
        return [column(names[i], prediction[:, i], style) for i in range(width)]
    return [column(_names_of(name, 1)[0], prediction, style)]


def _names_of(name, width):
    if isinstance(name, str):
        return [name] if width == 1 else [f"{name}_{i}" for i in range(width)]
    names = list(name)
    if len(names) != width:
        raise usage_error(f"there are {len(names)} names for {width} columns of predictions")
    return names


def _check_names(names, predictions):
    known = set(names)
    for each in predictions:
        if each.name in known:
            raise table_error(f"the table already has a column '{each.name}': give the predictions another name=",
                              "column_clash", each.name)


def _with_last(columns, prediction):
    for i, each in enumerate(columns):
        if each.name == prediction:
            return columns[:i] + columns[i + 1:] + [each]
    known = ", ".join(f"'{each.name}'" for each in columns[:20]) + (", …" if len(columns) > 20 else "")
    raise table_error(f"there is no column '{prediction}' to take as the prediction; there are {known}",
                      column=prediction)


def _unequal(table_rows, prediction_rows):
    return table_error(f"the table has {table_rows} rows and the predictions have {prediction_rows}",
                       "row_count_mismatch")


def _spec(each):
    if not is_unicode(each.name):
        raise table_error(f"the name of column {each.name!r} has a lone surrogate, which is not text: rename the column",
                          column=each.name)
    return _curtail.ColumnSpec(each.name, each.kind, each.unit, each.zone)


def _slice_rows(columns, threads):
    copied = sum(each.cost for each in columns)
    budget = _MAX_COPIED_BY_ONE if threads == 1 else _MAX_COPIED
    return max(min(_MAX_ROWS, _MAX_CELLS // max(len(columns), 1), budget // max(copied, 1)), 256)
