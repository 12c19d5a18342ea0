# SPDX-License-Identifier: MIT
"""Many workers, one message: split_part() and merge() by hand, by Dask's schedulers and by mpi4py."""
import importlib.util
import json
import os
import pickle
import shutil
import subprocess
import sys
import unittest

import numpy as np
import pandas as pd

import curtail
from module_case import ModuleCase, main


def table(rows, seed=0):
    r = np.random.default_rng(seed)
    return pd.DataFrame({"a": r.normal(size=rows), "b": r.integers(0, 99, rows),
                         "city": np.array(["Oslo", "Åre", None], object)[r.integers(0, 3, rows)]})


def predictions_of(frame):
    return frame["a"].to_numpy() * 2 + frame["b"].to_numpy()


def part_of_dask(frame, number, of, directory):
    """What a Dask worker does with its partition."""
    return curtail.split_part(frame, predictions_of(frame), "job_1", directory, number=number, of=of, threads=1,
                              sample="highest_predictions")


MPI_PROGRAM = """
import sys
import numpy, curtail
from mpi4py import MPI
world = MPI.COMM_WORLD
rank, ranks = world.Get_rank(), world.Get_size()
values = numpy.arange(1000.0)[rank * 1000 // ranks:(rank + 1) * 1000 // ranks]
summary = curtail.split_part({"x": values}, values * 2, "job_1", sys.argv[1], number=rank, of=ranks, threads=1)
gathered = world.gather(summary)
if rank == 0:
    sys.stdout.buffer.write(curtail.merge(gathered, "job_1", sys.argv[1]).message)
"""


class Parts(ModuleCase):
    def parts(self, frame, of, **options):
        ends = [len(frame) * i // of for i in range(of + 1)]
        return [curtail.split_part(part, predictions_of(part), "job_1", self.scratch, number=i, of=of,
                                   first_row=ends[i], **options)
                for i, part in enumerate(frame[a:b] for a, b in zip(ends, ends[1:]))]

    def test_the_message_is_that_of_one_run(self):
        frame = table(3000)
        for sample in ("head", "tail", "random", "highest_predictions"):
            whole = self.split(frame, predictions_of(frame), sample=sample, directory=self.scratch, replace=True)[1]
            parts = self.parts(frame, 4, sample=sample)
            merged = curtail.merge(reversed(parts), "job_1", self.scratch, sample=sample)
            data = json.loads(merged.message)["data"]
            for key, value in whole["data"].items():
                if not key.startswith("output_"):
                    self.assertEqual(data[key], value, key)
            self.assertEqual((merged.rows, data["output_parts_total"]), (3000, 4))
            self.assertEqual([part["rows"] for part in merged.payload.output_parts], [750] * 4)
            self.assertTrue((merged.path / "_SUCCESS").exists())
            back = pd.concat([pd.read_csv(path, float_precision="round_trip")
                              for path in sorted(merged.path.glob("part-*.csv"))])
            np.testing.assert_array_equal(back["prediction"], predictions_of(frame))
            shutil.rmtree(merged.path)

    def test_one_file(self):
        frame = table(500)
        merged = curtail.merge(self.parts(frame, 3), "job_1", self.scratch, one_file=True)
        self.assertEqual(merged.path, (self.scratch / "predictions_job_1.csv").resolve())
        one = self.split(frame, predictions_of(frame), job_id="job_2")[2]
        self.assertEqual(merged.path.read_bytes(), one)
        self.assertEqual(merged.bytes, len(one))

    def test_one_file_needs_a_directory(self):
        with self.assertRaisesRegex(curtail.UsageError, "one_file needs the directory"):
            curtail.merge(self.parts(table(5), 1), "job_1", one_file=True)

    def test_one_file_again_replaces_if_asked_to(self):
        parts = self.parts(table(50), 2)
        first = curtail.merge(parts, "job_1", self.scratch, one_file=True)
        with self.assertRaisesRegex(curtail.ArtifactExists, "pass replace=True"):
            curtail.merge(parts, "job_1", self.scratch, one_file=True)
        again = curtail.merge(parts, "job_1", self.scratch, one_file=True, replace=True)
        self.assertEqual(again.message, first.message)

    def test_errors_name_options_that_there_are(self):
        parts = self.parts(table(50), 2, gzip=True)
        with self.assertRaisesRegex(curtail.UsageError, "leave gzip out"):
            curtail.merge(parts, "job_1", self.scratch, one_file=True)
        many = np.zeros((5, 60))
        with self.assertRaisesRegex(curtail.BudgetTooSmall, "a part's summary") as caught:
            curtail.split_part(table(5), many, "job_2", self.scratch, number=0, of=1)
        size = caught.exception.needed
        part = curtail.split_part(table(5), many, "job_2", self.scratch, number=0, of=1, max_summary_bytes=size)
        self.assertEqual(curtail.merge([part], "job_2", self.scratch, max_summary_bytes=size).rows, 5)

    def test_a_part_is_committed_once_and_missing_ones_are_known(self):
        frame = table(90)
        self.assertEqual(curtail.missing_parts(self.scratch, "job_1", 3), [0, 1, 2])
        first = curtail.split_part(frame, "b", "job_1", self.scratch, number=0, of=3)
        again = curtail.split_part(table(90, seed=1), "b", "job_1", self.scratch, number=0, of=3)
        self.assertEqual(again, first)
        self.assertEqual(curtail.missing_parts(self.scratch, "job_1", 3), [1, 2])
        with self.assertRaises(curtail.PartsMissing) as caught:
            curtail.merge([first], "job_1", self.scratch)
        self.assertEqual((caught.exception.numbers, caught.exception.count, caught.exception.of), ([1, 2], 2, 3))
        self.assertEqual(pickle.loads(pickle.dumps(caught.exception)).numbers, [1, 2])
        answered = curtail.merge([first], "job_1", missing="answer")
        self.assertEqual((answered.rows, answered.payload.to_dict()["parts_missing"]), (90, [1, 2]))
        self.assertEqual((answered.payload.parts_missing, answered.payload.parts_missing_total), ([1, 2], 2))
        other = curtail.split_part(frame, "a", "job_1", self.scratch, number=1, of=3)
        with self.assertRaises(curtail.PartsDiffer):
            curtail.merge([first, other], "job_1", self.scratch)
        with self.assertRaises(curtail.MessageError):
            curtail.merge([b"nonsense"], "job_1", self.scratch)

    def test_a_part_that_is_stopped_leaves_nothing(self):
        frame = table(200_000)
        with self.assertRaises(curtail.Cancelled):
            curtail.split_part(frame, "a", "job_1", self.scratch, number=0, of=1, progress=lambda *_: False)
        self.assertEqual(curtail.missing_parts(self.scratch, "job_1", 1), [0])
        self.assertEqual(list(self.scratch.glob("*/part-*")), [])

    @unittest.skipUnless(importlib.util.find_spec("dask"), "python3-dask is not installed")
    def test_dask(self):
        import dask
        import dask.dataframe

        frame = table(20_000)
        partitions = dask.dataframe.from_pandas(frame, npartitions=5).to_delayed()
        tasks = [dask.delayed(part_of_dask)(part, i, len(partitions), os.fspath(self.scratch))
                 for i, part in enumerate(partitions)]
        expected = self.split(frame, predictions_of(frame), job_id="job_2", sample="highest_predictions")[1]["data"]
        for scheduler in ("threads", "processes"):
            parts = dask.compute(*tasks, scheduler=scheduler)
            data = json.loads(curtail.merge(parts, "job_1", self.scratch, sample="highest_predictions").message)["data"]
            for key in ("dataframe_sample", "predictions_sample", "sample_row_numbers", "prediction_stats"):
                self.assertEqual(data[key], expected[key], key)
            shutil.rmtree(self.scratch / "predictions_job_1")

    @unittest.skipUnless(importlib.util.find_spec("mpi4py") and shutil.which("mpirun"), "python3-mpi4py is not installed")
    def test_mpi4py(self):
        done = subprocess.run(
            ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "3", sys.executable, "-c", MPI_PROGRAM,
             self.scratch], stdout=subprocess.PIPE, check=True, timeout=120,
            env={**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"})
        data = json.loads(done.stdout)["data"]
        self.assertEqual((data["dataframe_rows"], data["output_parts_total"]), (1000, 3))
        self.assertEqual(data["predictions_sample"], [2 * i for i in range(10)])


if __name__ == "__main__":
    main()
