# SPDX-License-Identifier: MIT
"""The exceptions of curtail. Each is also the exception of Python that it is a case of."""
import os
import re


class Error(Exception):
    """The base class. str() begins with "[curtail.<code>] " and is fit to be shown to a person.

    code: what went wrong, such as "no_space".
    permanent: True if the same call would fail again, so that a retry is useless.
    """

    code = "invalid_option"
    permanent = True

    def __init__(self, text="", **details):
        super().__init__(text)
        self._details = details
        for name, value in details.items():
            setattr(self, name, value)

    def __str__(self):
        return str(self.args[0]) if self.args else ""

    def __reduce__(self):
        return _rebuild, (type(self), self.args[0] if self.args else "", self._details)


class UsageError(Error, ValueError):
    """Options that contradict each other or are out of range, and calls out of order."""


class TableError(Error, ValueError):
    """A table that cannot be written. column: the name of the column at fault, or ""; row: its row from 0, or None."""

    code = "invalid_schema"
    column = ""
    row = None


class InputError(Error, OSError):
    """A source of rows that failed. filename: its name; line: from 1, or 0."""

    code = "unreadable_input"


class ArtifactError(Error, OSError):
    """A file that was not published. filename, errno and operation say what of it failed."""

    code = "io_failed"
    permanent = False


class ArtifactExists(ArtifactError, FileExistsError):
    """The file's final name is taken. replace=True replaces it."""

    code = "artifact_exists"
    permanent = True


class NoPermission(ArtifactError, PermissionError):
    """The system refused access."""

    code = "no_permission"


class NoDirectory(ArtifactError, FileNotFoundError):
    """The directory does not exist or is not a directory."""

    code = "no_directory"


class PartTaken(ArtifactError):
    """A part that another attempt has committed before. number: which; summary: what that attempt committed."""

    code = "part_taken"


class PartsDiffer(Error, ValueError):
    """Parts that are not of one table, or not of one division of it. number: the part that differs."""

    code = "parts_differ"


class PartsMissing(Error):
    """A job of which parts are missing. numbers: the first 32 of them; count: how many; of: of how many parts."""

    code = "parts_missing"
    permanent = False


class Cancelled(Error):
    """A run that progress or stop ended. Nothing was published. rows_done: how many rows were written before."""

    code = "cancelled"
    permanent = False
    rows_done = 0


class BudgetTooSmall(Error, ValueError):
    """A budget that cannot hold even counts, statistics and location. needed: the smallest that can: max_bytes, or
    max_summary_bytes where the text says that it is a part's summary."""

    code = "budget_too_small"


class PayloadTooLarge(Error, ValueError):
    """A message that is not smaller than its limit. actual: at least its size; limit: what it must stay below."""

    code = "payload_too_large"


class MessageError(Error, ValueError):
    """A received message that cannot be read. offset: the byte at which that was certain, from 0."""

    code = "malformed_message"


_BY_CODE = {"artifact_exists": ArtifactExists, "no_permission": NoPermission, "no_directory": NoDirectory}


def make(name, text, **details):
    """Returns the exception for one of the library. Called by the extension."""
    kind = globals()[name]
    if "errno" in details:  # what programs look for in an OSError; the library says 0 for none
        details["errno"] = details["errno"] or None
        details["strerror"] = os.strerror(details["errno"]) if details["errno"] else None
    if kind is ArtifactError:
        kind = _BY_CODE.get(details["code"], kind)
    return kind(text, **details)


def usage_error(text, code="invalid_option"):
    """Returns a UsageError that was found in Python."""
    return UsageError(f"[curtail.{code}] {_shown(text)}", code=code)


def table_error(text, code="invalid_schema", column="", row=None):
    """Returns a TableError that was found in Python."""
    return TableError(f"[curtail.{code}] {_shown(text)}", code=code, column=column, row=row)


def _shown(text):
    """Returns a text with its control characters, which a terminal would obey, as \\xNN, as the library does. A lone
    surrogate becomes "?"."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda found: "".join(f"\\x{byte:02x}" for byte in found[0].encode()),
                  text.encode("utf-8", "replace").decode())


def _rebuild(kind, text, details):
    return kind(text, **details)
