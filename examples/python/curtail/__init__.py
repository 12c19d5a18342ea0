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
                      NoDirectory, NoPermission, PartsDiffer, PartsMissing, PartTaken, PayloadTooLarge, TableError,
                      UsageError)
from ._render import render
from ._split import Result, merge, missing_parts, split, split_async, split_batches, split_part

__all__ = ["ArtifactError", "ArtifactExists", "BudgetTooSmall", "Cancelled", "Error", "InputError", "MessageError",
           "NoDirectory", "NoPermission", "PartTaken", "PartsDiffer", "PartsMissing", "Payload", "PayloadTooLarge",
           "Receiver", "Result", "SizeGuard", "TableError", "UsageError", "__version__", "failure_message", "merge",
           "missing_parts", "progress_message", "render", "split", "split_async", "split_batches", "split_part"]
