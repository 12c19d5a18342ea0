# SPDX-License-Identifier: MIT
"""Arguments of a wrong type, refused before any work with the name of the argument and what it may be."""
import os

from ._errors import usage_error

_DIALECT_SWITCHES = ("formula_guard", "header", "byte_order_mark", "nulls_apart", "decimal_comma")


def short(value):
    """Returns what a value is, for an error's text."""
    text = repr(value)
    return f"{text if len(text) <= 60 else text[:60] + '…'} ({type(value).__name__})"


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
    if not hasattr(value, "__index__") or not 0 <= value.__index__() < 2**64:
        raise usage_error(f"{name} is a whole number that is not negative, not {short(value)}")


def expect_dialect(dialect):
    """Refuses a value of a wrong type. What options and texts there are is the extension's to say."""
    for option, value in dialect.items():
        expect_text("an option of the dialect", option)
        if option in _DIALECT_SWITCHES:
            if not isinstance(value, bool):
                raise usage_error(f"the dialect's {option} is True or False, not {short(value)}")
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
