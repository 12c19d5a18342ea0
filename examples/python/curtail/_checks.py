# SPDX-License-Identifier: MIT
"""Arguments of a wrong type, refused before any work with the name of the argument and what it may be."""
import operator
import os
import reprlib
import sys

import numpy as np

from ._errors import usage_error

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 60
_DIALECT_SWITCHES = ("formula_guard", "header", "byte_order_mark", "nulls_apart", "decimal_comma")
_DIALECT_TEXTS = ("preset", "separator", "quote", "quote_style", "line_end", "null_text", "true_text", "false_text",
                  "nan_text")


def short(value):
    """Returns what a value is, for an error's text. Of a large list or dict only the beginning is spelled."""
    kind = type(value).__name__
    try:
        text = _REPR.repr(value)
    except Exception:  # of an object of the user, or of an integer that has too many digits
        return f"a value of type {kind}"
    return f"{text if len(text) <= 60 else text[:60] + '…'} ({kind})"


def loaded_pandas():
    """Returns pandas if the program has imported it. While another thread imports it, no table of it is there yet, nor
    are the names of the module."""
    pandas = sys.modules.get("pandas")
    return None if getattr(getattr(pandas, "__spec__", None), "_initializing", False) else pandas


def is_unicode(text):
    """Returns False for a text with a lone surrogate, which UTF-8 does not have."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def expect_text(name, value):
    if not isinstance(value, str):
        raise usage_error(f"{name} is a text, not {short(value)}")
    if not is_unicode(value):
        raise usage_error(f"{name} is a text without lone surrogates, not {short(value)}")


def expect_list_of_texts(name, values):
    if not hasattr(values, "__iter__") or not all(isinstance(each, str) for each in values):
        raise usage_error(f"{name} is a text or a list of texts, not {short(values)}")


def expect_whole(name, value):
    try:
        fits = 0 <= operator.index(value) < 2**64
    except TypeError:  # also of a class, or of an array, which have __index__
        fits = False
    if not fits:
        raise usage_error(f"{name} is a whole number that is not negative, not {short(value)}")


def expect_switch(name, value):
    if not isinstance(value, (bool, np.bool_)):
        raise usage_error(f"{name} is True or False, not {short(value)}")


def expect_dialect(dialect):
    """Refuses what is not an option, and a value of a wrong type. Which texts there are is the extension's to say."""
    known = (*_DIALECT_TEXTS, "float_precision", *_DIALECT_SWITCHES)
    for option, value in dialect.items():
        if option not in known:
            raise usage_error(f"a dialect has no option {short(option)}; it has {', '.join(known)}")
        if option in _DIALECT_SWITCHES:
            expect_switch(f"the dialect's {option}", value)
        elif option == "float_precision":
            if value is not None:
                expect_whole("the dialect's float_precision", value)
        else:
            expect_text(f"the dialect's {option}", value)


def path_bytes(name, value):
    """Returns a path as the system has it."""
    try:
        path = os.fsencode(value)
    except TypeError:
        raise usage_error(f"{name} is a path, as a text, bytes or a pathlib.Path, not {short(value)}") from None
    except UnicodeEncodeError:
        raise usage_error(f"{name} is a path that the system can have, not {short(value)}") from None
    if b"\0" in path:
        raise usage_error(f"{name} is a path without NUL, not {short(value)}")
    return path
