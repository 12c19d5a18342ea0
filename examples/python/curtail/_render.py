# SPDX-License-Identifier: MIT
"""A payload as text that a person reads."""
from . import _curtail
from ._checks import expect_text, expect_whole, short
from ._errors import usage_error


def render(payload, form="text", *, limit=None, unit=None, max_bytes=None, max_width=None, max_rows=None,
           attach_limit=None):
    """Returns what a person wants to see of a payload, or of the result of a split.

    form: "text" for a terminal, "telegram-html", "telegram-markdown", "markdown" or "slack".
    limit: the longest text, counted in unit ("bytes", "code_points", "utf16_units"); default 4096 UTF-16 units for
        Telegram, 4000 characters for Slack, else none. max_bytes: the longest text in bytes, with all markup.
    max_width: the widest line of the table in cells. max_rows: the rows to show; default 10.
    attach_limit: the largest file, in bytes, that the reader's side can attach; 0: no line about that.

    All of the payload is taken for untrusted text. The limits hold for every payload.
    """
    payload = getattr(payload, "payload", payload)
    if not isinstance(payload, _curtail.Payload):
        raise usage_error(f"payload is what Receiver.finish() gives or the result of a split, not {short(payload)}")
    expect_text("form", form)
    if unit is not None:
        expect_text("unit", unit)
    limits = {"limit": limit, "max_bytes": max_bytes, "max_width": max_width, "max_rows": max_rows,
              "attach_limit": attach_limit}
    for name, value in limits.items():
        if value is not None:
            expect_whole(name, value)
    return _curtail.render(payload, form, limit, unit, max_bytes, max_width, max_rows, attach_limit)
