# SPDX-License-Identifier: MIT
"""mpi/split by mpirun: the message and the bytes of one run, a rank that fails, and a job that goes on."""

import json
import os
import shutil
import subprocess
import sys
import unittest
from random import Random

import programs
from programs import PENGUINS, run

MPIRUN = shutil.which("mpirun")
# As root, on fewer cores than ranks, on one machine without ssh, and where processes may not read each other's memory.
LAUNCH = ["--allow-run-as-root", "--oversubscribe", "--mca", "plm", "isolated", "--mca", "btl_vader_single_copy_mechanism",
          "none"]


def mpi_split(ranks, *arguments):
    command = [MPIRUN, *LAUNCH, "-n", str(ranks), programs.program("mpi/split"), *arguments]
    return subprocess.run(command, capture_output=True, timeout=120)


class MpiSplit(programs.TestCase):
    def result(self, done):
        self.assertEqual(done.returncode, 0, done.stderr)
        message = json.loads(done.stdout)
        self.assertIs(message["success"], True)
        return message["data"]

    def one_run(self, file, job, *arguments):
        return self.result(run("split", file, "--job-id", job, "--out", self.scratch, *arguments))

    def bytes_of(self, *path):
        with open(os.path.join(self.scratch, *path), "rb") as file:
            return file.read()

    def assert_same(self, merged, whole):
        """The location, and what was written beside the rows, are those of parts; all else is that of one run."""
        about_files = {"output_file", "output_bytes", "output_parts", "output_parts_total", "output_attachable"}
        self.assertEqual({key: value for key, value in merged.items() if key not in about_files},
                         {key: value for key, value in whole.items() if key not in about_files})

    def test_four_ranks_give_the_message_and_the_file_of_one_run(self):
        merged = self.result(mpi_split(4, PENGUINS, "--job-id", "many", "--out", self.scratch, "--one-file"))
        whole = self.one_run(PENGUINS, "one")
        self.assert_same(merged, whole)
        self.assertEqual(merged["output_file"], os.path.join(os.path.realpath(self.scratch), "predictions_many.csv"))
        self.assertEqual(merged["output_bytes"], whole["output_bytes"])
        self.assertEqual(self.bytes_of("predictions_many.csv"), self.bytes_of("predictions_one.csv"))

    def test_help_begins_with_the_command(self):
        done = mpi_split(1, "--help")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertTrue(done.stdout.startswith(b"usage: split INPUT.csv --job-id ID "), done.stdout)

    def test_the_message_lists_the_parts(self):
        data = self.result(mpi_split(4, PENGUINS, "--job-id", "many", "--out", self.scratch))
        self.assertEqual(data["output_file"], os.path.join(os.path.realpath(self.scratch), "predictions_many"))
        self.assertEqual(data["output_parts_total"], 4)
        names = ["part-0000%d.csv" % rank for rank in range(4)]
        self.assertEqual([part["file"] for part in data["output_parts"]], names)
        for part in data["output_parts"]:
            self.assertEqual(part["bytes"], len(self.bytes_of("predictions_many", part["file"])))
        self.assertEqual(sum(part["rows"] for part in data["output_parts"]), data["dataframe_rows"])
        manifest = json.loads(self.bytes_of("predictions_many", "_SUCCESS"))
        self.assertEqual([table["url"] for table in manifest["tables"]], names)

    def test_records_with_quotes_and_line_breaks_are_divided_between_records(self):
        seed = int(os.environ.get("CURTAIL_SEED", "0")) or Random().randrange(1, 2**32)
        random = Random(seed)
        texts = ["", "a", '"x\ny"', '"\n"', '"a""b\n\n""c"', '","', '"""\n"""', "long " * 40]
        for ranks in (1, 3, 4, 7):
            rows = random.choice([0, 1, 2, 5, 40, 400])
            lines = ["%d,%s,%d" % (i, random.choice(texts), random.randrange(3)) for i in range(rows)]
            text = 'id,"te\nxt",class\n' + "\n".join(lines) + (random.choice(["", "\n"]) if lines else "")
            file = self.write("in%d.csv" % ranks, text)
            with self.subTest(seed=seed, ranks=ranks, rows=rows):
                job = "many%d" % ranks
                merged = self.result(mpi_split(ranks, file, "--job-id", job, "--out", self.scratch, "--one-file"))
                self.assert_same(merged, self.one_run(file, "one%d" % ranks))
                self.assertEqual(self.bytes_of("predictions_%s.csv" % job), self.bytes_of("predictions_one%d.csv" % ranks))

    def test_what_comes_before_the_names_is_passed_over_by_every_rank(self):
        rows = "".join("%d,%d\n" % (i, i % 5) for i in range(400))
        for number, before in enumerate(["\n\n", "sep=,\n", '\ufeff\r\n"Sep=,"\r\n', "\ufeff"]):
            file = self.write("in%d.csv" % number, before + "id,score\n" + rows)
            merged = self.result(mpi_split(3, file, "--job-id", "many%d" % number, "--out", self.scratch))
            self.assertEqual(merged["dataframe_rows"], 400)
            self.assert_same(merged, self.one_run(file, "one%d" % number))

    def test_a_rank_that_fails_makes_the_job_fail_and_the_next_run_does_its_part(self):
        lines = ["%d,%d" % (i, i % 5) for i in range(4000)]
        good = self.write("good.csv", "id,score\n" + "\n".join(lines) + "\n")
        lines[2500] = "25,0,0"  # as many bytes, and a cell too many
        bad = self.write("bad.csv", "id,score\n" + "\n".join(lines) + "\n")
        self.assertEqual(os.path.getsize(good), os.path.getsize(bad))
        done = mpi_split(4, bad, "--job-id", "many", "--out", self.scratch)
        self.assertNotEqual(done.returncode, 0)
        message = json.loads(done.stdout)
        self.assertEqual((message["type"], message["job_id"], message["success"]), ("result", "many", False))
        self.assertIn("1 failed; rank 2: ", message["error"])
        parts = os.path.join(self.scratch, "predictions_many")
        visible = sorted(name for name in os.listdir(parts) if not name.startswith("."))
        self.assertEqual(visible, ["part-00000.csv", "part-00001.csv", "part-00003.csv"])
        before = {name: os.stat(os.path.join(parts, name)).st_ino for name in visible}

        data = self.result(mpi_split(4, good, "--job-id", "many", "--out", self.scratch))
        self.assertEqual(data["dataframe_rows"], 4000)
        self.assertEqual({name: os.stat(os.path.join(parts, name)).st_ino for name in visible}, before)
        self.assertTrue(os.path.exists(os.path.join(parts, "_SUCCESS")))
        self.assert_same(data, self.one_run(good, "one"))

        # Other parts than those that are there are refused, and all stays as it is.
        done = mpi_split(3, good, "--job-id", "many", "--out", self.scratch)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("parts_differ", json.loads(done.stdout)["error"])
        self.assertEqual(self.result(mpi_split(4, good, "--job-id", "many", "--out", self.scratch)), data)

    def test_parts_of_another_file_are_not_success(self):
        """A job that goes on after its input was changed: its ranks' shares begin elsewhere now."""
        lines = ["%d,%d" % (i, i % 5) for i in range(4000)]
        bad = self.write("bad.csv", "id,score\n" + "\n".join(lines[:2500] + ["25,0,0"] + lines[2501:]) + "\n")
        self.assertNotEqual(mpi_split(4, bad, "--job-id", "many", "--out", self.scratch).returncode, 0)
        lines += ["%d,%d" % (i, i % 5) for i in range(4000, 5000)]
        longer = self.write("longer.csv", "id,score\n\n" + "\n".join(lines) + "\n")
        done = mpi_split(4, longer, "--job-id", "many", "--out", self.scratch)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Run all parts again under another job id", json.loads(done.stdout)["error"])
        self.assertFalse(os.path.exists(os.path.join(self.scratch, "predictions_many", "_SUCCESS")))
        self.assertEqual(self.result(mpi_split(4, longer, "--job-id", "other", "--out", self.scratch))["dataframe_rows"], 5000)

    def test_no_part_is_written_where_one_rank_cannot_read_its_share(self):
        """Its quotes and rows would be missing from the shares of the others."""
        file = self.write("good.csv", "id,score\n" + "".join('%d,"%d"\n' % (i, i % 5) for i in range(4000)))
        missing = os.path.join(self.scratch, "missing.csv")
        program = programs.program("mpi/split")
        options = ["--job-id", "many", "--out", self.scratch]
        command = [MPIRUN, *LAUNCH, "-n", "1", program, file, *options, ":", "-n", "1", program, missing, *options, ":",
                   "-n", "2", program, file, *options]
        done = subprocess.run(command, capture_output=True, timeout=120)
        self.assertNotEqual(done.returncode, 0)
        self.assertEqual(json.loads(done.stdout)["error"], "1 failed; rank 1: %s: cannot be opened" % missing)
        self.assertFalse(os.path.exists(os.path.join(self.scratch, "predictions_many")))
        self.assertEqual(self.result(mpi_split(4, file, *options))["dataframe_rows"], 4000)

    def test_a_job_that_is_run_again_replaces_its_one_file_only_if_asked_to(self):
        command = (3, PENGUINS, "--job-id", "many", "--out", self.scratch, "--one-file")
        data = self.result(mpi_split(*command))
        before = self.bytes_of("predictions_many.csv")
        done = mpi_split(*command)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("give --replace", json.loads(done.stdout)["error"])
        self.assertEqual(self.result(mpi_split(*command, "--replace")), data)
        self.assertEqual(self.bytes_of("predictions_many.csv"), before)

    def test_replace_without_the_one_file_is_a_mistake_because_parts_stay(self):
        done = mpi_split(1, PENGUINS, "--job-id", "many", "--out", self.scratch, "--replace")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"split: --replace belongs to --one-file: parts that are there stay", done.stderr)
        self.assertEqual(os.listdir(self.scratch), [])

    def test_errors_name_no_option_that_it_does_not_have(self):
        file = self.write("in.csv", "id;score\n" + "1;0.5\n" * 20)
        done = mpi_split(2, file, "--job-id", "many", "--out", self.scratch)
        error = json.loads(done.stdout)["error"]
        self.assertIn("write it with commas", error)
        self.assertNotIn("option", error)

    def test_every_rank_may_fail(self):
        done = mpi_split(3, os.path.join(self.scratch, "missing.csv"), "--job-id", "many", "--out", self.scratch)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("3 failed; rank 0: ", json.loads(done.stdout)["error"])


if __name__ == "__main__":
    if MPIRUN is None or not os.path.exists(programs.program("mpi/split")):
        print("skipped: no MPI (on Debian: openmpi-bin, libopenmpi-dev)")
        sys.exit(programs.SKIPPED)
    programs.main()
