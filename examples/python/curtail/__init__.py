# SPDX-License-Identifier: MIT
"""Splits a table of predictions into a CSV file and a message of less than a megabyte, and reads such messages.

A worker:

    result = curtail.split(df, predictions, job_id, directory="/data")
    await websocket.send(result.message.decode())

A bot, in constant memory, whatever arrives:

    receiver = curtail.Receiver()
    for chunk in chunks:
        receiver.feed(chunk)
    payload = receiver.finish()
    text = curtail.render(payload, "telegram-html")
"""
from ._curtail import Payload, Receiver, SizeGuard, __version__, failure_message, progress_message
from ._errors import (ArtifactError, ArtifactExists, BudgetTooSmall, Cancelled, Error, InputError, MessageError,
                      NoDirectory, NoPermission, PayloadTooLarge, TableError, UsageError)
from ._render import render
from ._split import Result, split, split_async, split_batches

__all__ = ["ArtifactError", "ArtifactExists", "BudgetTooSmall", "Cancelled", "Error", "InputError", "MessageError",
           "NoDirectory", "NoPermission", "Payload", "PayloadTooLarge", "Receiver", "Result", "SizeGuard", "TableError",
           "UsageError", "__version__", "failure_message", "progress_message", "render", "split", "split_async",
           "split_batches"]
