# SPDX-License-Identifier: MIT
"""The worker's half: a table goes in, a file and a bounded message come out."""
import asyncio
import collections.abc
import contextvars
import dataclasses
import os
import pathlib
import threading
import time

import numpy as np

from . import _curtail
from ._checks import (expect_dialect, expect_list_of_texts, expect_switch, expect_text, expect_whole, is_unicode,
                      path_bytes, short)
from ._errors import Cancelled, PartTaken, usage_error
from ._objects import describe, describe_as_pandas
from ._tables import open_table

_PROGRESS_SECONDS = 0.25


@dataclasses.dataclass(frozen=True)
class Result:
    """What a split gives back.

    message: the whole message, ready to be sent. path: the file. rows: how many it has. bytes: its size.
    payload: what the message says, as the receiver would give it.
    """

    message: bytes
    path: pathlib.Path
    rows: int
    bytes: int
    payload: _curtail.Payload


def split(table, prediction=None, job_id=None, directory=None, path=None, **options):
    """Writes a table and its predictions to a CSV file and returns a message of less than a megabyte about it.

    table: a pandas DataFrame, a dict of arrays, a numpy array with named fields, or anything with
        __arrow_c_stream__() (polars, pyarrow, DuckDB). Nothing of it is copied as a whole. It must not be changed
        meanwhile: the GIL is free while rows are formatted.
    prediction: an array of one or two dimensions, a Series, a DataFrame, whose columns keep their names, or the name
        of a column of the table, which then comes last. None: there is none.
    job_id: the job that the message is about, 1 to 128 of A-Z a-z 0-9 . _ -.
    directory: where predictions_{job_id}.csv is published, by default the current one; or path: the file itself.

    Options:
    name: the name of the prediction column, or a list of names; default "prediction", with _0, _1, … for several.
    sample_rows: the most rows that the message shows; default 10. sample: which: "head", "tail", "random",
        "highest_predictions" or "lowest_predictions". sample_seed: chooses the random ones.
    max_bytes: the message is smaller than this; default 1,000,000.
    dialect: "default", "pandas" (the bytes of DataFrame.to_csv(index=False)), "rfc4180", "excel"; or a dict of fields
        of CsvDialect, with the preset that they change as "preset".
    gzip: compresses the file, to whose name in a directory .gz is added. metadata: describes the file in a second one
        beside it.
    replace: replaces a file that has the name; default False, a FileExistsError.
    threads: how many format rows; default 0, one per core.
    progress: called as progress(rows_done, rows_total) at most four times a second and at the end; rows_total is None
        for a stream. If it returns False, or raises, the run stops and leaves nothing.
    stop: anything with is_set(), such as a threading.Event; once that is true, the run stops and leaves nothing.

    Raises curtail.Error; then nothing is published. KeyboardInterrupt stops the run as well; a run that had published
    its file just then leaves it whole.
    """
    settings = _Settings(job_id, directory, path, options)
    opened = open_table(table, prediction, settings.name, settings.as_pandas)
    run = _start(opened, settings)
    try:
        watch = _Watch(settings, run, opened.rows)
        watch.look()
        opened.write(run, settings.options["threads"], watch.look)
        return _finish(run, watch, settings)
    except BaseException:
        run.abort()
        raise


def split_batches(batches, prediction=None, job_id=None, directory=None, path=None, *, rows_total=None, **options):
    """Does what split() does with tables that come one after another: an iterable of tables with equal columns.

    A batch is any table that split() takes, or a pair of a table and its predictions. prediction: the name of the
    column that is the prediction in each batch; or a function that is called with each batch and returns its
    predictions. rows_total: how many rows there will be, for progress. The other arguments are those of split().
    """
    settings = _Settings(job_id, directory, path, options)
    _expect_batches(batches)
    if rows_total is not None:
        expect_whole("rows_total", rows_total)
    run = watch = None
    try:
        for batch in batches:
            predicted = prediction
            if isinstance(batch, tuple):
                if len(batch) != 2:
                    raise usage_error(f"a batch is a table or a pair of a table and its predictions, not {short(batch)}")
                batch, predicted = batch
            elif callable(prediction):
                predicted = prediction(batch)
            opened = open_table(batch, predicted, settings.name, settings.as_pandas)
            if run is None:
                run = _start(opened, settings)
                watch = _Watch(settings, run, rows_total)
                kinds = [each.kind for each in opened.columns]
            run.check_fits(opened.specs(), opened.predictions, opened.beside)
            opened.follow(kinds)
            watch.look()
            opened.write(run, settings.options["threads"], watch.look)
        if run is None:
            raise usage_error("there is no batch, so nothing says which columns the file has")
        return _finish(run, watch, settings)
    except BaseException:
        if run is not None:
            run.abort()
        raise


def split_part(table, prediction=None, job_id=None, directory=None, *, number, of, first_row=None, host="",
               max_summary_bytes=1_000_000, **options):
    """Writes one part of a table that many workers have, and returns the summary that merge() takes, as bytes.

    The part is predictions_{job_id}/part-{number}.csv in a directory that the workers share: number counts from 0, of is
    how many parts there are. Any number of attempts may write one part; one of them commits, and all return its summary.
    first_row: the number of the part's first row in the whole table; if all parts know it, a random sample shows the
    rows of one run. host: the machine, if the directory is not shared. max_summary_bytes: the summary is smaller than
    this; more than some 40 predictions need more, in merge() as well. The other arguments are those of split(), but for
    path, metadata and replace.
    """
    for option in ("path", "replace", "metadata"):
        if option in options:
            raise TypeError(f"split_part() has no option {option!r}")
    expect_whole("number", number)
    expect_whole("of", of)
    if first_row is not None:
        expect_whole("first_row", first_row)
    expect_text("host", host)
    expect_whole("max_summary_bytes", max_summary_bytes)
    settings = _Settings(job_id, directory, None, options)
    settings.path = path_bytes("directory", "." if directory is None else directory)
    settings.options["part"] = {"number": number, "of": of, "first_row": first_row, "host": host,
                                "max_summary_bytes": max_summary_bytes}
    opened = open_table(table, prediction, settings.name, settings.as_pandas)
    run = None
    try:
        run = _start(opened, settings)
        watch = _Watch(settings, run, opened.rows)
        watch.look()
        opened.write(run, settings.options["threads"], watch.look)
        watch.look(at_end=True)
        return run.finish_part()
    except PartTaken as taken:
        return taken.summary
    except BaseException:
        if run is not None:
            run.abort()
        raise


def merge(parts, job_id, directory=None, *, one_file=False, replace=False, missing="error", sample_rows=10,
          sample="head", sample_seed=0, max_bytes=1_000_000, max_summary_bytes=1_000_000):
    """Makes one message of the summaries of all parts, in any order, and says in the directory that all are there.

    It is the message that one split of the whole table gives; output_file is the directory. one_file: also joins the
    parts to predictions_{job_id}.csv, which needs parts without gzip; replace: in place of an older file, such as that of
    a merge whose message was lost. Without a directory nothing is marked and the parts stay where they are.
    missing: "error" raises PartsMissing, "answer" makes the message of the parts that are there, which says so.
    The options are those that the parts were made with.
    """
    options = {"sample_rows": sample_rows, "sample": sample, "sample_seed": sample_seed, "max_bytes": max_bytes,
               "replace": replace}
    expect_whole("max_summary_bytes", max_summary_bytes)
    expect_switch("one_file", one_file)
    if one_file and directory is None:
        raise usage_error("one_file needs the directory in which the parts are")
    settings = _Settings(job_id, directory, None, options)
    if missing not in ("error", "answer"):
        raise usage_error(f"missing is 'error' or 'answer', not {missing!r}")
    place = None if directory is None else path_bytes("directory", directory)
    folder = None if place is None else _absolute(place)
    message, payload = _curtail.merge(_summaries(parts), job_id, place, bool(one_file), missing == "answer",
                                      max_summary_bytes, settings.options)
    path = pathlib.Path(payload.output_file)
    if folder is not None:  # what the payload shows is text, and a path need not be
        path = folder / path.name
    return Result(message, path, payload.rows, payload.output_bytes, payload)


def missing_parts(directory, job_id, of):
    """Returns the numbers of the parts that are not committed: what a job that is run again has to do."""
    expect_text("job_id", job_id)
    expect_whole("of", of)
    return _curtail.missing_parts(path_bytes("directory", directory), job_id, of)


def _summaries(parts):
    if isinstance(parts, (str, bytes, bytearray, memoryview)) or not hasattr(parts, "__iter__"):
        raise usage_error("parts is a list of the summaries that split_part() returned, or another iterable of them, "
                          f"not {short(parts)}")
    for part in parts:
        if not isinstance(part, (bytes, bytearray, memoryview)):
            raise usage_error(f"parts are the bytes that split_part() returned, not {short(part)}")
        yield bytes(part)


async def split_async(*args, stop=None, **options):
    """Awaits split() in a thread. If the task is cancelled, the run stops and leaves nothing before the cancellation
    goes on; a run that had published its file just then leaves it whole."""
    _expect_event(stop)
    begun, cancelled = threading.Event(), threading.Event()

    def work():
        begun.set()
        if cancelled.is_set():  # while all threads were busy, so that nobody waits any more
            return None
        try:
            return split(*args, stop=_Either(cancelled, stop), **options)
        except StopIteration as error:  # no future takes one, and the task would wait for ever
            raise RuntimeError("split() raised StopIteration") from error

    # In the context of the task, which progress may look at.
    running = asyncio.get_running_loop().run_in_executor(None, contextvars.copy_context().run, work)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        cancelled.set()
        while begun.is_set() and not running.done():
            try:
                await asyncio.wait([running])
            except asyncio.CancelledError:
                continue
        if running.done():
            running.exception()  # is known: what was asked for
        raise


def _expect_batches(batches):
    """Refuses a table, of which an iteration would give the names of the columns."""
    is_table = isinstance(batches, (str, collections.abc.Mapping)) or hasattr(batches, "iloc")
    if is_table or not (hasattr(batches, "__iter__") or hasattr(batches, "__getitem__")):
        raise usage_error(f"batches is an iterable of tables, not {short(batches)}: split() takes one table")


def _expect_event(stop):
    if stop is not None and not callable(getattr(stop, "is_set", None)):
        raise usage_error(f"stop is a threading.Event or another object with is_set(), not {short(stop)}")


class _Either:
    def __init__(self, *events):
        self.events = [event for event in events if event is not None]

    def is_set(self):
        return any(event.is_set() for event in self.events)


class _Settings:
    """The arguments of a split, checked before anything is done."""

    DEFAULTS = {"sample_rows": 10, "sample": "head", "sample_seed": 0, "max_bytes": 1_000_000, "dialect": "default",
                "gzip": False, "metadata": False, "replace": False, "threads": 0}
    INTERNAL = {"part": None}

    def __init__(self, job_id, directory, path, options):
        if not isinstance(job_id, str) or not is_unicode(job_id):
            raise usage_error(f"a split needs a job_id, which is a text, not {short(job_id)}", "invalid_job_id")
        if directory is not None and path is not None:
            raise usage_error("a file has a directory or a path, not both")
        self.job_id = job_id
        self.name = options.pop("name", "prediction")
        self.progress = options.pop("progress", None)
        self.stop = options.pop("stop", None)
        unknown = sorted(set(options) - set(self.DEFAULTS))
        if unknown:
            raise TypeError(f"split() has no option {unknown[0]!r}; it has name, progress, stop and "
                            + ", ".join(self.DEFAULTS))
        self.options = {**self.DEFAULTS, **self.INTERNAL, **options}
        for option in ("sample_rows", "sample_seed", "max_bytes", "threads"):
            expect_whole(option, self.options[option])
        for option in ("gzip", "metadata", "replace"):
            expect_switch(option, self.options[option])
        expect_text("sample", self.options["sample"])
        if not isinstance(self.name, str):
            if isinstance(self.name, collections.abc.Iterator):  # which can be looked at once
                self.name = list(self.name)
            expect_list_of_texts("name", self.name)
        if self.progress is not None and not callable(self.progress):
            raise usage_error(f"progress is a function of rows_done and rows_total, not {short(self.progress)}")
        _expect_event(self.stop)
        self.path = self._path(directory, path)
        dialect = self.options["dialect"]
        if isinstance(dialect, collections.abc.Mapping):
            dialect = self.options["dialect"] = dict(dialect)
            expect_dialect(dialect)
        elif not isinstance(dialect, str) or not is_unicode(dialect):
            raise usage_error(f"dialect is a name or a dict, not {short(dialect)}")
        self.as_pandas = "pandas" == (dialect if isinstance(dialect, str) else dialect.get("preset"))

    def _path(self, directory, path):
        if path is not None:
            return path_bytes("path", path)
        made = _curtail.artifact_path(path_bytes("directory", "." if directory is None else directory), self.job_id)
        return made + (b".gz" if self.options["gzip"] else b"")


class _Watch:
    """Calls progress and looks at stop between slices."""

    def __init__(self, settings, run, rows_total):
        self.settings, self.run, self.rows_total = settings, run, rows_total
        self.next = 0.0

    def look(self, at_end=False):
        progress, stop = self.settings.progress, self.settings.stop
        if progress is not None and (at_end or time.monotonic() >= self.next):
            self.next = time.monotonic() + _PROGRESS_SECONDS
            goes_on = progress(self.run.rows, self.rows_total)
            if isinstance(goes_on, (bool, np.bool_)) and not goes_on:
                self._cancel("progress")
        if stop is not None and stop.is_set():  # also what progress has just set
            self._cancel("stop")

    def _cancel(self, by):
        rows = self.run.rows
        raise Cancelled(f"[curtail.cancelled] stopped by {by} after {rows} rows; nothing was published",
                        code="cancelled", permanent=False, rows_done=rows)


def _start(opened, settings):
    run = _curtail.Run(settings.job_id, settings.path, opened.specs(), opened.predictions, opened.beside,
                       describe_as_pandas if settings.as_pandas else describe, settings.options)
    settings.absolute_path = _absolute(settings.path)  # now, as the run has it: the current directory may change
    return run


def _finish(run, watch, settings):
    watch.look(at_end=True)
    message, payload = run.finish()
    return Result(message, settings.absolute_path, payload.rows, payload.output_bytes, payload)


def _absolute(path):
    # Not os.path.abspath(), which takes a link and the ".." behind it for nothing.
    return pathlib.Path(os.fsdecode(path)).absolute()
