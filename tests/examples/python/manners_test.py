# SPDX-License-Identifier: MIT
"""Python's manners: the GIL, interrupts, cancellation, progress, exceptions, paths, documentation."""
import ast
import asyncio
import concurrent.futures
import contextvars
import errno
import functools
import importlib.util
import inspect
import io
import os
import pathlib
import pickle
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np

import curtail
from module_case import ModuleCase, main

# So many rows that a split takes a second or more.
LONG = {f"c{i}": np.random.default_rng(i).normal(size=600_000) for i in range(8)}
# So much that a split takes many times as long, and is stopped in time also where the one who stops it has to wait.
LONGER = {f"c{i}": LONG[f"c{i % 8}"] for i in range(100)}


class Unspeakable:
    def __repr__(self):
        raise ZeroDivisionError


class Manners(ModuleCase):
    def test_the_gil_is_free_while_rows_are_formatted(self):
        ticks, done = [], threading.Event()

        def tick():
            while not done.is_set():
                ticks.append(time.monotonic())
                time.sleep(0.001)

        other = threading.Thread(target=tick)
        other.start()
        begin = time.monotonic()
        self.split(LONG, "c0", threads=1)
        end = time.monotonic()
        done.set()
        other.join()
        during = [at for at in ticks if begin < at < end]
        # With the GIL held between slices alone there would be about one tick per slice, of which there are ten.
        self.assertGreater(len(during), 40)

    def test_an_interrupt_stops_a_run_and_leaves_nothing(self):
        timer = threading.Timer(0.1, signal.raise_signal, [signal.SIGINT])
        timer.start()
        with self.assertRaises(KeyboardInterrupt):
            curtail.split(LONGER, "c0", "job_1", self.scratch)
            time.sleep(5)
        timer.join()
        self.assert_nothing_left()

    def test_an_interrupt_of_a_process(self):
        program = ("import numpy, curtail; column = numpy.linspace(0, 1, 1_000_000)\n"
                   f"curtail.split({{f'c{{i}}': column for i in range(100)}}, 'c0', 'job_1', {str(self.scratch)!r}, "
                   "progress=lambda done, total: print(done, flush=True))")
        process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        self.assertIn(b"KeyboardInterrupt", process.communicate(timeout=60)[1])
        self.assert_nothing_left()

    def test_a_cancelled_task_stops_its_run(self):
        async def cancelled():
            started = asyncio.Event()
            loop = asyncio.get_running_loop()
            task = asyncio.create_task(curtail.split_async(
                LONGER, "c0", "job_1", self.scratch, progress=lambda *_: loop.call_soon_threadsafe(started.set)))
            await started.wait()
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task

        asyncio.run(cancelled())
        self.assert_nothing_left()
        result = asyncio.run(curtail.split_async({"a": [1]}, None, "job_1", self.scratch))
        self.assertEqual(result.rows, 1)

    def test_a_run_that_never_began_is_not_waited_for(self):
        async def cancelled():
            loop, go_on = asyncio.get_running_loop(), threading.Event()
            loop.set_default_executor(concurrent.futures.ThreadPoolExecutor(1))
            busy = loop.run_in_executor(None, go_on.wait, 60)
            try:
                with self.assertRaises(asyncio.TimeoutError):
                    await asyncio.wait_for(curtail.split_async({"a": [1]}, None, "job_1", self.scratch), 0.1)
                self.assertFalse(busy.done())
            finally:
                go_on.set()
            await busy
            await loop.run_in_executor(None, int)  # after what was cancelled

        asyncio.run(cancelled())
        self.assert_nothing_left()

    def test_progress_sees_the_context_of_its_task(self):
        name, seen = contextvars.ContextVar("name"), []

        async def task():
            name.set("of the task")
            await curtail.split_async({"a": [1]}, None, "job_1", self.scratch,
                                      progress=lambda *_: seen.append(name.get("none")))

        asyncio.run(task())
        self.assertEqual(set(seen), {"of the task"})

    def test_a_stop_iteration_ends_the_task(self):
        """A future takes none, so that the task would wait for ever, and could not be cancelled either."""
        def progress(done, total):
            next(iter(()))

        with self.assertRaisesRegex(RuntimeError, "StopIteration"):
            asyncio.run(curtail.split_async({"a": [1]}, None, "job_1", self.scratch, progress=progress))
        self.assert_nothing_left()

    def test_another_thread_stops_a_run(self):
        stop = threading.Event()
        threading.Timer(0.05, stop.set).start()
        with self.assertRaises(curtail.Cancelled) as caught:
            self.split(LONGER, "c0", stop=stop)
        self.assertFalse(caught.exception.permanent)
        self.assertLess(caught.exception.rows_done, 600_000)
        self.assert_nothing_left()

    def test_progress_is_called_and_can_stop(self):
        seen = []
        self.split(LONG, "c0", progress=lambda done, total: seen.append((done, total)))
        self.assertEqual(seen[-1], (600_000, 600_000))
        self.assertEqual(seen, sorted(seen))
        with self.assertRaises(curtail.Cancelled):
            self.split(LONG, "c0", job_id="job_2", progress=lambda done, total: done < 1)
        with self.assertRaises(curtail.Cancelled):
            self.split(LONG, "c0", job_id="job_2", progress=lambda done, total: np.int64(done) < 1)  # np.False_
        with self.assertRaises(asyncio.CancelledError):
            def cancel(done, total):
                raise asyncio.CancelledError
            self.split(LONG, "c0", job_id="job_2", progress=cancel)
        self.assertEqual(os.listdir(self.scratch), ["predictions_job_1.csv"])

    def test_a_stop_that_the_last_progress_sets_stops_the_run(self):
        part = functools.partial(curtail.split_part, job_id="job_1", directory=self.scratch, number=0, of=1)
        for split in (self.split, part):
            stop = threading.Event()

            def progress(done, total):
                if done == total:
                    stop.set()

            with self.assertRaises(curtail.Cancelled):
                split({"a": [1, 2]}, progress=progress, stop=stop)
            self.assertEqual(list(self.scratch.rglob("*.csv")), [])

    @unittest.skipUnless(importlib.util.find_spec("tqdm"), "python3-tqdm is not installed")
    def test_progress_drives_a_bar_of_tqdm(self):
        import tqdm

        shown = io.StringIO()
        with tqdm.tqdm(total=1000, file=shown) as bar:
            self.split({"a": np.arange(1000)}, progress=lambda done, total: bar.update(done - bar.n))
        self.assertEqual(bar.n, 1000)
        self.assertIn("1000/1000", shown.getvalue())

    def test_exceptions_are_those_of_python_too(self):
        self.split({"a": [1]})
        cases = [
            (curtail.ArtifactExists, FileExistsError, "artifact_exists", True, lambda: self.split({"a": [1]})),
            (curtail.NoDirectory, FileNotFoundError, "no_directory", False,
             lambda: self.split({"a": [1]}, directory=self.scratch / "none")),
            (curtail.UsageError, ValueError, "invalid_job_id", True, lambda: self.split({"a": [1]}, job_id="../x")),
            (curtail.UsageError, ValueError, "invalid_job_id", True, lambda: self.split({"a": [1]}, job_id=None)),
            (curtail.UsageError, ValueError, "invalid_job_id", True, lambda: self.split({"a": [1]}, job_id="\ud800")),
            (curtail.UsageError, ValueError, "invalid_option", True, lambda: self.split({"a": [1]}, dialect="latex")),
            (curtail.UsageError, ValueError, "invalid_option", True, lambda: self.split({"a": [1]}, sample_rows=-1)),
            (curtail.UsageError, ValueError, "invalid_option", True, lambda: self.split({"a": [1]}, max_bytes=0)),
            (curtail.UsageError, ValueError, "invalid_option", True,
             lambda: self.split({"a": [1]}, dialect={"float_precision": 2**40})),
            (curtail.UsageError, ValueError, "invalid_option", True,
             lambda: curtail.split({"a": [1]}, None, "job_2", self.scratch, self.scratch / "x.csv")),
            (curtail.BudgetTooSmall, ValueError, "budget_too_small", True, lambda: self.split({"a": [1]}, max_bytes=20)),
        ]
        for kind, also, code, permanent, call in cases:
            with self.assertRaises(kind) as caught:
                call()
            error = caught.exception
            self.assertIsInstance(error, also)
            self.assertIsInstance(error, curtail.Error)
            self.assertEqual((error.code, error.permanent), (code, permanent))
            self.assertTrue(str(error).startswith(f"[curtail.{code}] "), str(error))
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(again), str(again), again.code), (kind, str(error), code))
        with self.assertRaises(FileExistsError) as caught:
            self.split({"a": [1]})
        self.assertEqual(caught.exception.filename, str(self.scratch.resolve() / "predictions_job_1.csv"))
        self.assertEqual((caught.exception.errno, caught.exception.strerror), (errno.EEXIST, os.strerror(errno.EEXIST)))
        self.assertIn("or pass replace=True", str(caught.exception))
        with self.assertRaisesRegex(curtail.UsageError, "pass predictions, or another sample="):
            self.split({"a": [1]}, job_id="job_2", sample="lowest_predictions")
        with self.assertRaisesRegex(TypeError, "no option 'sampel_rows'"):
            self.split({"a": [1]}, sampel_rows=3)
        self.assertGreater(self.needed(), 20)

    def test_arguments_of_a_wrong_type_are_refused_by_name(self):
        table = {"a": [1, 2]}
        wrong = {"sample": [3, None], "sample_rows": ["3", 2.5, -1, None, int, np.array([1, 2]), 10**5000],
                 "sample_seed": ["x"], "max_bytes": [1e6],
                 "threads": [-1, None], "gzip": ["yes", None], "metadata": [1], "replace": ["no"], "progress": [5],
                 "stop": [True, "x"], "name": [5, None, [5]], "directory": [5, "\ud800", "a\0b"], "prediction": [
                     5, np.float64(3), {"p": [1, 2]}, b"a", object(), (each for each in (1, 2)), Unspeakable()],
                 "dialect": [5, None, "\ud800", {"separator": 5}, {"separator": ""}, {1: 2}, {"preset": 5}, {"header": "no"},
                             {"float_precision": 1.5}, {"null_text": None}, {"header": None}]}
        for argument, values in wrong.items():
            for value in values:
                with self.assertRaisesRegex(curtail.UsageError, argument):
                    curtail.split(table, **{"job_id": "job_1", "directory": self.scratch, argument: value})
        with self.assertRaisesRegex(curtail.UsageError, "path"):
            curtail.split(table, None, "job_1", path=5)
        self.assertEqual(self.csv(table, dialect={"header": np.False_}, job_id="job_2"), "1\n2\n")
        for argument, value in {"number": "0", "of": None, "first_row": "x", "host": 5}.items():
            with self.assertRaisesRegex(curtail.UsageError, argument):
                curtail.split_part(table, None, "job_1", self.scratch, **{"number": 0, "of": 1, argument: value})
        for parts in ("abc", b"abc", [5], None, [None], 5):
            with self.assertRaisesRegex(curtail.UsageError, "split_part"):
                curtail.merge(parts, "job_1", self.scratch)
        with self.assertRaisesRegex(curtail.UsageError, "one_file"):
            curtail.merge([], "job_1", self.scratch, one_file="no")
        with self.assertRaisesRegex(curtail.UsageError, "directory"):
            curtail.missing_parts(5, "job_1", 3)
        for limit in (-1, 1e6, "5", None):
            with self.assertRaisesRegex(curtail.UsageError, "max_bytes"):
                curtail.SizeGuard(limit)
            for option in ("sample_rows", "max_columns", "max_cell_bytes", "max_kept_bytes", "max_depth"):
                with self.assertRaisesRegex(curtail.UsageError, option):
                    curtail.Receiver(**{option: limit})
        with self.assertRaisesRegex(curtail.UsageError, r"\] max_depth must be 1 to 1024"):
            curtail.Receiver(max_depth=0)
        with self.assertRaisesRegex(curtail.UsageError, r"no option 'sep' \(str\); it has preset, separator"):
            self.split(table, dialect={"sep": 5})
        payload = self.split(table, job_id="job_2", replace=True)[0].payload
        for payload_or_options in ({"payload": 5}, {"form": 5}, {"limit": -1}, {"max_rows": "x"}, {"unit": 5}):
            argument, = payload_or_options
            with self.assertRaisesRegex(curtail.UsageError, argument):
                curtail.render(**{"payload": payload, **payload_or_options})
        (self.scratch / "predictions_job_2.csv").unlink()
        self.assert_nothing_left()

    def test_an_error_is_fit_for_a_terminal(self):
        for table, prediction in (({"\x1b[2J": [1], "b": [1, 2]}, None), ({"a": [1]}, "\x9b\n"), ({"a": [1]}, "\ud800")):
            with self.assertRaises(curtail.Error) as caught:
                self.split(table, prediction)
            self.assertNotRegex(str(caught.exception), "[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
        with self.assertRaisesRegex(curtail.TableError, r"no column '\\xc2\\x9b\\x0a'"):
            self.split({"a": [1]}, "\x9b\n")

    def test_a_payload_is_compared_with_anything(self):
        payload = self.split({"a": [1]})[0].payload
        self.assertTrue(payload == payload and payload != None and payload != 5)  # noqa: E711
        self.assertNotIn(payload, [None, "x"])

    def needed(self):
        try:
            self.split({"a": [1]}, job_id="job_2", max_bytes=20)
        except curtail.BudgetTooSmall as error:
            return error.needed

    @unittest.skipIf(os.geteuid() == 0, "root may write anywhere")
    def test_a_refused_directory(self):
        self.scratch.chmod(0o500)
        with self.assertRaises(PermissionError):
            self.split({"a": [1]})

    def test_paths_are_those_of_pathlib(self):
        path = self.scratch / "über uns.csv"
        result = curtail.split({"a": [1]}, None, "job_1", path=path)
        self.assertIsInstance(result.path, pathlib.Path)
        self.assertEqual((result.path, result.rows, result.bytes), (path, 1, path.stat().st_size))
        for directory in (self.scratch, str(self.scratch), os.fsencode(self.scratch)):
            self.assertEqual(curtail.split({"a": [1]}, None, "job_1", directory, replace=True).path,
                             self.scratch / "predictions_job_1.csv")
        here = os.getcwd()
        os.chdir(self.scratch)
        try:
            self.assertEqual(curtail.split({"a": [1]}, None, "job_9").path.resolve(),
                             (self.scratch / "predictions_job_9.csv").resolve())
            (self.scratch / "other").mkdir()
            result = curtail.split({"a": [1]}, None, "job_8", progress=lambda *_: os.chdir(self.scratch / "other"))
            self.assertEqual(os.fspath(result.path.resolve()), result.payload.output_file)
            self.assertTrue(result.path.exists())
        finally:
            os.chdir(here)

    def test_a_path_goes_through_its_links(self):
        (self.scratch / "a" / "b").mkdir(parents=True)
        (self.scratch / "link").symlink_to(self.scratch / "a" / "b")
        above = f"{self.scratch}/link/.."
        self.assertTrue(self.split({"a": [1]}, directory=above)[0].path.samefile(
            self.scratch / "a" / "predictions_job_1.csv"))
        part = curtail.split_part({"a": [1]}, None, "job_2", above, number=0, of=1)
        self.assertTrue(curtail.merge([part], "job_2", above).path.samefile(self.scratch / "a" / "predictions_job_2"))

    def test_paths_need_not_be_utf8(self):
        directory = os.fsencode(self.scratch) + b"/caf\xe9"  # in Latin-1
        try:
            os.mkdir(directory)
        except OSError:
            self.skipTest("here each path is text")
        for gzip in (False, True):
            result = curtail.split({"a": [1]}, None, "job_1", directory, gzip=gzip)
            self.assertEqual(os.listdir(directory), [os.fsencode(result.path.name)])
            self.assertEqual(os.fsencode(result.path), os.path.join(directory, os.listdir(directory)[0]))
            self.assertEqual(result.payload.output_file, f"{self.scratch}/caf\ufffd/{result.path.name}")
            result.path.unlink()
        parts = [curtail.split_part({"a": [i]}, None, "job_2", directory, number=i, of=2) for i in range(2)]
        for one_file in (False, True):
            merged = curtail.merge(parts, "job_2", directory, one_file=one_file)
            self.assertTrue(merged.path.exists())
            self.assertEqual(merged.payload.output_file, f"{self.scratch}/caf\ufffd/{merged.path.name}")

    def test_everything_public_is_documented_and_typed(self):
        folder = pathlib.Path(curtail.__file__).parent
        self.assertTrue((folder / "py.typed").exists())
        stub = ast.parse((folder / "__init__.pyi").read_text())
        typed = {node.name: node for node in stub.body if hasattr(node, "name")}
        public = {node.targets[0].id for node in stub.body if isinstance(node, ast.Assign)} | set(typed)
        self.assertEqual([name for name in public if not name.startswith("_") and not hasattr(curtail, name)], [])
        for name in curtail.__all__:
            if name == "__version__":
                continue
            value = getattr(curtail, name)
            self.assertTrue(inspect.getdoc(value), name)
            self.assertIn(name, typed)
            if inspect.isclass(value) and not issubclass(value, BaseException):
                members = {node.name: node for node in typed[name].body if isinstance(node, ast.FunctionDef)}
                public = {member for member in vars(value) if not member.startswith("_")}
                if members:  # a dataclass has fields instead
                    self.assertEqual(members.keys() - {"__init__"}, public, name)
                for member, node in members.items():  # the doc of what is written in C++ begins with its signature
                    for argument in node.args.args[1:] + node.args.kwonlyargs:
                        self.assertIn(f"{argument.arg}:", inspect.getdoc(vars(value)[member]), f"{name}.{member}")
        self.assertRegex(curtail.__version__, r"^\d+\.\d+\.\d+$")


if __name__ == "__main__":
    main()
