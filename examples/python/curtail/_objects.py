# SPDX-License-Identifier: MIT
"""What an object is as a cell, if it is not a str, plain float, bool or int of 64 bits: see cell_of_pair() in
src/objects.hpp."""
import datetime
import decimal
import json
import sys

import numpy as np

_EPOCH = datetime.datetime(1970, 1, 1)
_MICROSECOND = datetime.timedelta(microseconds=1)
_MICROSECONDS, _NANOSECONDS = 2, 3
_JSON = (list, tuple, dict, set, frozenset, np.ndarray)
_NUMPY_TIMES = (np.datetime64, np.timedelta64)
_BYTES = (bytes, bytearray, memoryview)


class Number:
    """A number in the digits that it has."""

    __slots__ = ("digits",)

    def __init__(self, digits):
        self.digits = digits

    def __str__(self):
        return self.digits


def describe(value):
    """Returns the cell that curtail makes of an object."""
    if _is_missing(value) or value is np.ma.masked:  # which a list of a masked array holds
        return None
    if isinstance(value, (np.generic, Number)):
        return _number(value)
    if isinstance(value, decimal.Decimal):
        return _decimal(value)
    if isinstance(value, datetime.datetime):
        return _timestamp(value)
    if isinstance(value, datetime.date):
        return "date", (value - _EPOCH.date()).days
    if isinstance(value, datetime.time) and value.tzinfo is None:
        start = datetime.datetime.combine(_EPOCH.date(), value)
        return "time", (start - _EPOCH) // _MICROSECOND, _MICROSECONDS
    if isinstance(value, datetime.timedelta):
        return _duration(value)
    if isinstance(value, _BYTES):
        return "bytes", bytes(value)
    if isinstance(value, _JSON):
        return _json(value)
    if isinstance(value, int):
        return _whole(value)
    return float(value) if isinstance(value, float) else str(value)


def describe_as_pandas(value):
    """Returns the cell whose text is what DataFrame.to_csv() writes of an object."""
    if _is_missing(value):
        return None
    if type(value) is int:
        return _whole(value)
    text = str(value)
    is_text = isinstance(value, (np.complexfloating, np.timedelta64))  # which are numbers of numpy
    is_number = isinstance(value, (np.number, Number, decimal.Decimal, int, float)) and not is_text
    return ("number", text) if is_number else text


def _json(value):
    try:
        text = json.dumps(value, ensure_ascii=False, default=_plain)
    except (TypeError, ValueError):  # what JSON lacks: keys that are not texts, a list in itself
        return str(value)
    if "NaN" in text or "Infinity" in text:  # which it lacks too, and which are null in all JSON of curtail
        text = json.dumps(json.loads(text, parse_constant=lambda word: None), ensure_ascii=False)
    return "json", text


def _is_missing(value):
    pandas = sys.modules.get("pandas")
    if value is getattr(pandas, "NA", None) or value is getattr(pandas, "NaT", None):
        return True
    if isinstance(value, _NUMPY_TIMES):
        return bool(np.isnat(value))
    if isinstance(value, decimal.Decimal):
        return value.is_nan()
    return isinstance(value, (complex, np.inexact)) and value != value


def _number(value):
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, _NUMPY_TIMES):
        return _numpy_time(value)
    if isinstance(value, np.integer):
        return _whole(value)
    if isinstance(value, np.float32):
        return "float32", float(value)
    if isinstance(value, (np.floating, Number)):
        digits = str(value)
        return ("decimal" if digits[-1].isdigit() else "number"), digits  # "number" for NaN and the infinities
    return ("bytes", bytes(value)) if isinstance(value, bytes) else str(value)


def _whole(value):
    """An int if it has 64 bits, else its digits. Those of a Decimal, because str() makes no more than 4,300 of them."""
    value = int(value)
    return value if -2**63 <= value < 2**63 else ("decimal", str(decimal.Decimal(value)))


def _numpy_time(value):
    """A time of numpy's, whose item() is a bare count if Python has no time of that unit or so far away."""
    if np.datetime_data(value.dtype) == ("ns", 1):
        count = int(value.astype("i8"))
        return ("timestamp", count, _NANOSECONDS, "") if isinstance(value, np.datetime64) else (
            "duration", count, _NANOSECONDS)
    item = value.item()
    return str(value) if isinstance(item, int) else describe(item)


def _decimal(value):
    if not value.is_finite():
        return float(value)
    exponent = value.as_tuple().exponent
    if -1000 < exponent < 1000:
        return "decimal", format(value, "f")
    return "decimal", str(value).lower()


def _timestamp(value):
    zone = value.tzinfo
    nanosecond = getattr(value, "nanosecond", 0)  # of pandas' Timestamp
    since = datetime.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second,
                              value.microsecond) - _EPOCH
    # Not from a time in UTC, which may be in year 0 or 10000.
    count = (since if zone is None else since - (value.utcoffset() or datetime.timedelta())) // _MICROSECOND
    if nanosecond:
        return "timestamp", count * 1000 + nanosecond, _NANOSECONDS, "" if zone is None else "UTC"
    return "timestamp", count, _MICROSECONDS, "" if zone is None else "UTC"


def _duration(value):
    count = (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
    nanoseconds = getattr(value, "nanoseconds", 0)  # of pandas' Timedelta, whose value may be too large for an int64
    if nanoseconds:
        return "duration", count * 1000 + nanoseconds, _NANOSECONDS
    return ("duration", count, _MICROSECONDS) if -2**63 < count < 2**63 else str(value)


def _plain(value):
    """What is not of JSON, as JSON has it: numbers in the digits that they have in a cell of their own, and bytes too."""
    if _is_missing(value):
        return None
    if isinstance(value, _BYTES):
        return "\\x" + bytes(value).hex()
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and value.dtype.itemsize != 8:
            return value.astype(str).astype(float).tolist()
        return list(value) if value.ndim and value.dtype.kind in "Mm" else value.tolist()
    if isinstance(value, np.floating):  # a float32, whose item() has the digits of a double
        return float(str(value))
    if isinstance(value, _NUMPY_TIMES):
        item = value.item()
        return str(value) if isinstance(item, int) else item
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    return str(value)
