# SPDX-License-Identifier: MIT
"""split and show: command lines, messages, files, and errors of bad input."""

import contextlib
import csv
import gzip
import io
import json
import os
import pty
import re
import resource
import select
import signal
import subprocess
import termios
import time
import unittest
from random import Random

import programs
from programs import PENGUINS, as_process_1, child_of, run


class Split(programs.TestCase):
    def split(self, *arguments):
        return run("split", *arguments, "--out", self.scratch)

    def message_of(self, *arguments):
        done = self.split(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(len(done.stdout), 1_000_000)
        return json.loads(done.stdout)

    def assert_refused(self, done, code, *parts):
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, b"")
        for part in parts:
            self.assertIn(part, done.stderr.decode("utf-8"))
        self.assertEqual([f for f in os.listdir(self.scratch) if f.startswith("predictions_")], [])

    def test_the_last_column_is_the_prediction(self):
        file = self.write("in.csv", 'id,text,score\n1,"a,b",0.5\n2,,\n9007199254740993,"x\ny",1.25\n')
        message = self.message_of(file, "--job-id", "job_0123456789ab")
        self.assertEqual(list(message), ["type", "job_id", "success", "data"])
        self.assertEqual((message["type"], message["job_id"], message["success"]), ("result", "job_0123456789ab", True))
        data = message["data"]
        self.assertEqual(data["predictions_sample"], [0.5, None, 1.25])
        self.assertEqual(data["predictions_count"], 3)
        self.assertEqual(
            data["dataframe_sample"],
            [{"id": 1, "text": "a,b"}, {"id": 2, "text": None}, {"id": 9007199254740993, "text": "x\ny"}],
        )
        self.assertEqual(data["dataframe_rows"], 3)
        self.assertEqual(data["dataframe_columns"], ["id", "text"])
        self.assertEqual(data["output_file"], os.path.join(os.path.realpath(self.scratch), "predictions_job_0123456789ab.csv"))
        self.assertIs(data["truncated"], False)
        self.assertEqual(data["dataframe_dtypes"], ["int64", "string"])
        with open(data["output_file"], "rb") as written:
            content = written.read()
        self.assertEqual(content, b'id,text,score\n1,"a,b",0.5\n2,,\n9007199254740993,"x\ny",1.25\n')
        self.assertEqual(data["output_bytes"], len(content))

    def test_a_named_column_moves_to_the_end(self):
        file = self.write("in.csv", "score,id\n0.5,1\n0.25,2\n")
        data = self.message_of(file, "--job-id", "j", "--prediction", "score")["data"]
        self.assertEqual(data["predictions_sample"], [0.5, 0.25])
        self.assertEqual(data["dataframe_columns"], ["id"])
        with open(data["output_file"], "rb") as written:
            self.assertEqual(written.read(), b"id,score\n1,0.5\n2,0.25\n")

    def test_sample_rows_and_max_bytes(self):
        data = self.message_of(PENGUINS, "--job-id", "a", "--sample-rows=3")["data"]
        self.assertEqual((len(data["dataframe_sample"]), data["truncated"], data["dataframe_rows"]), (3, True, 344))
        done = self.split(PENGUINS, "--job-id", "b", "--max-bytes", "2500")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLess(len(done.stdout.rstrip(b"\n")), 2500)
        self.assertEqual(json.loads(done.stdout)["data"]["dataframe_rows"], 344)
        names = sorted(f for f in os.listdir(self.scratch) if f.endswith(".csv"))
        self.assertEqual(names, ["predictions_a.csv", "predictions_b.csv"])

    def test_a_fat_cell_does_not_break_the_message(self):
        file = self.write("in.csv", 'text,p\n"' + "\N{GRINNING FACE}" * 1_000_000 + '",1\nshort,2\n')
        data = self.message_of(file, "--job-id", "fat")["data"]
        self.assertEqual(data["dataframe_rows"], 2)
        self.assertTrue(data["dataframe_sample"][0]["text"].endswith("\N{HORIZONTAL ELLIPSIS}"))
        self.assertEqual(data["dataframe_sample"][1]["text"], "short")

    def test_csv_files_of_pythons_csv_module_are_unchanged(self):
        seed = int(os.environ.get("CURTAIL_SEED") or Random().randrange(2**32))
        random = Random(seed)
        for round in range(20):
            with self.subTest(seed=seed, round=round):
                line_end = random.choice(["\n", "\r\n"])
                alphabet = 'ab0,;" \u00e9' + line_end  # csv.writer quotes only those ends of line that it writes itself
                cell = lambda: "".join(random.choices(alphabet, k=random.randrange(8)))
                rows = [["x", "y", "z"]] + [[cell() for _ in range(3)] for _ in range(random.randrange(200))]
                text = io.StringIO(newline="")
                csv.writer(
                    text,
                    lineterminator=line_end,
                    quoting=random.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
                ).writerows(rows)
                file = self.write("in.csv", text.getvalue())
                data = self.message_of(file, "--job-id", "round_%d" % round)["data"]
                self.assertEqual(data["dataframe_rows"], len(rows) - 1)
                with open(data["output_file"], encoding="utf-8", newline="") as written:
                    self.assertEqual(list(csv.reader(written)), rows)

    @unittest.skipIf(programs.pandas is None, "needs pandas")
    def test_pandas_reads_the_same_table_back(self):
        message = self.message_of(PENGUINS, "--job-id", "p", "--prediction", "Body Mass (g)")
        before = programs.pandas.read_csv(PENGUINS)
        after = programs.pandas.read_csv(message["data"]["output_file"])
        mass = before.pop("Body Mass (g)")
        before["Body Mass (g)"] = mass
        programs.pandas.testing.assert_frame_equal(before, after)
        values = [None if v != v else v for v in mass.tolist()]
        self.assert_stats(message["data"]["prediction_stats"], values)

    def test_errors_of_bad_input_name_file_and_line(self):
        for content, line, part in [
            ("", None, "column names"),
            ("a,b\n1,2\n3\n", 3, "1 fields"),
            ('a,b\n1,"2\n', 2, "never closed"),
            ('a,b\n"1"x,2\n', 2, "closing quote"),
            ('a,b\n5" pipe,2\n', 2, "quote inside a field"),
            ("a,b\r1,2\r", 1, "carriage return"),
            (b"a,b\n1,\0\n", 2, "NUL"),
            ("a,b\n1,2\n".encode("utf-16"), 1, "UTF-16"),
        ]:
            with self.subTest(content=content):
                file = self.write("in.csv", content)
                where = "in.csv:%d: " % line if line else "in.csv: "
                self.assert_refused(self.split(file, "--job-id", "bad"), 1, "split: ", where, part)

    def test_impossible_arguments_are_refused_before_a_file_exists(self):
        self.assert_refused(self.split(self.path("none.csv"), "--job-id", "x"), 1, "none.csv", "No such file")
        self.assert_refused(self.split(self.scratch, "--job-id", "x"), 1, "Is a directory")
        self.assert_refused(self.split(PENGUINS, "--job-id", "../x"), 1, "job id")
        self.assert_refused(self.split(PENGUINS, "--job-id", "x", "--prediction", "none"), 1, "'none'", "'Species'")
        self.assert_refused(self.split(PENGUINS, "--job-id", "x", "--max-bytes", "100"), 1, "budget")
        done = run("split", PENGUINS, "--job-id", "x", "--out", self.path("no such directory"))
        self.assert_refused(done, 1, "no such directory")

    def test_an_existing_file_is_not_overwritten(self):
        file = self.write("in.csv", "a,p\n1,2\n")
        self.message_of(file, "--job-id", "x")
        done = self.split(file, "--job-id", "x")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"predictions_x.csv", done.stderr)

    def test_errors_name_the_options_of_split_and_not_those_of_the_library(self):
        self.message_of(self.write("in.csv", "a,b\n1,2\n"), "--job-id", "there")
        library = ["on_exists", "require_utf8", "max_record_bytes", "option separator", "find_artifact"]
        for content, job_id, words in [
            ("a,b\n1,2\n", "there", "give --replace"),
            ("a;b\n1;2\n", "x", "set --separator to that"),
            ("sep=;\na;b\n1;2\n", "x", "set --separator to it"),
            ("a,b\n1,2,3\n", "x", "see that --separator is the file's"),
            ("a,b,\n1,2,3\n", "x", "name the column that is by --prediction"),
            (b"a,b\n\xfc,2\n", "x", "iconv"),
            ("a,b\n" + "x" * (17 << 20) + ",2\n", "x", "close its quotes if one is open\n"),
        ]:
            with self.subTest(content=content[:20]):
                done = self.split(self.write("in.csv", content), "--job-id", job_id)
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stderr.decode())
                for word in library:
                    self.assertNotIn(word, done.stderr.decode())

    def test_a_mistake_in_the_command_line_is_exit_code_2_and_shows_the_usage(self):
        for arguments in [
            [],
            [PENGUINS],
            [PENGUINS, "--job-id"],
            [PENGUINS, "--job-id", "x", "--job-id", "y"],
            [PENGUINS, "--job-id", "x", "--wrong", "y"],
            [PENGUINS, PENGUINS, "--job-id", "x"],
            [PENGUINS, "--job-id", "x", "--sample-rows", "-1"],
            [PENGUINS, "--job-id", "x", "--sample-rows", "ten"],
            [PENGUINS, "--job-id", "x", "--mode", "999"],
            [PENGUINS, "--job-id", "x", "--mode", "1777"],
            [PENGUINS, "--job-id", "x", "--mode", "rw"],
            [PENGUINS, "--job-id", "x", "--mode="],
            [PENGUINS, "--job-id", "x", "--replace=yes"],
            [PENGUINS, "--job-id", "x", "--replace", "--replace"],
            [PENGUINS, "--job-id", "x", "--null"],
            [PENGUINS, "--job-id", "x", "--zip"],
            [PENGUINS, "--job-id", "x", "--gzip=9"],
        ]:
            with self.subTest(arguments=arguments):
                self.assert_refused(self.split(*arguments), 2, "usage: split INPUT.csv --job-id ID")
        self.assertEqual(run("split", "--help").returncode, 0)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_message_that_cannot_be_printed_is_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [programs.program("split"), PENGUINS, "--job-id", "x", "--out", self.scratch], stdout=full, stderr=subprocess.PIPE
            )
        self.assertEqual(done.returncode, 1)
        self.assert_names_the_file(done, "No space left on device")

    def test_a_closed_output_is_an_error_and_nothing_is_printed_into_a_file(self):
        before = open(PENGUINS, "rb").read()
        for closed in [">&-", "<&- >&-", "<&- >&- 2>&-", "1<>/dev/null >&-"]:
            command = '"$0" "$1" --job-id x --replace --out "$2" ' + closed
            done = subprocess.run(
                ["sh", "-c", command, programs.program("split"), PENGUINS, self.scratch], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
            )
            self.assertEqual(done.returncode, 1)
            if "2>&-" not in closed:
                self.assert_names_the_file(done, "Bad file descriptor")
        self.assertEqual(open(PENGUINS, "rb").read(), before)

    def test_a_reader_that_went_away_is_an_error_that_names_the_file(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run(
            [programs.program("split"), PENGUINS, "--job-id", "x", "--out", self.scratch], stdout=writer, stderr=subprocess.PIPE
        )
        os.close(writer)
        self.assertEqual(done.returncode, 1)
        self.assert_names_the_file(done, "Broken pipe")

    def assert_names_the_file(self, done, reason):
        path = os.path.join(os.path.realpath(self.scratch), "predictions_x.csv")
        text = done.stderr.decode("utf-8")
        for part in "standard output", reason, "the file is complete: " + path, "--replace":
            self.assertIn(part, text)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(len(file.readlines()), 345)

    def test_the_standard_input_is_read(self):
        content = open(PENGUINS, "rb").read()
        done = run("split", "-", "--job-id", "piped", "--out", self.scratch, stdin=content)
        self.assertEqual(done.returncode, 0, done.stderr)
        piped = json.loads(done.stdout)["data"]
        named = self.message_of(PENGUINS, "--job-id", "named")["data"]
        with open(piped.pop("output_file"), "rb") as one, open(named.pop("output_file"), "rb") as other:
            self.assertEqual(one.read(), other.read())
        self.assertEqual(piped, named)
        bad = run("split", "-", "--job-id", "bad", "--out", self.scratch, stdin=b"a,b\n1\n")
        self.assertEqual(bad.returncode, 1)
        self.assertIn(b"the standard input:2: ", bad.stderr)
        command = ["sh", "-c", '"$0" - --job-id bad --out "$1" <&-', programs.program("split"), self.scratch]
        closed = subprocess.run(command, stderr=subprocess.PIPE)
        self.assertEqual(closed.returncode, 1)
        self.assertIn(b"the standard input: Bad file descriptor", closed.stderr)

    def test_a_pipe_that_gives_a_few_bytes_at_a_time_is_read(self):
        process = subprocess.Popen(
            [programs.program("split"), "-", "--job-id", "slow", "--out", self.scratch], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for piece in [b"a,", b"p\n1", b",2\n", b"3,4"]:
            process.stdin.write(piece)
            process.stdin.flush()
            time.sleep(0.02)
        stdout, _ = process.communicate(timeout=60)
        self.assertEqual(json.loads(stdout)["data"]["predictions_sample"], [2, 4])

    def test_separators(self):
        for name, separator in [(";", ";"), ("|", "|"), ("tab", "\t"), ("\\t", "\t"), ("\t", "\t"), (",", ",")]:
            file = self.write("in.csv", "a%sp\nx%s0.5\n" % (separator, separator))
            data = self.message_of(file, "--job-id", "s", "--replace", "--separator", name)["data"]
            self.assertEqual((data["dataframe_sample"], data["predictions_sample"]), ([{"a": "x"}], [0.5]))
            with open(data["output_file"], "rb") as written:
                self.assertEqual(written.read(), b"a,p\nx,0.5\n")
        for wrong in ["x", "", "::", "tabs", "^"]:
            done = run("split", self.write("in.csv", "a,p\n1,2\n"), "--job-id", "w", "--out", self.scratch, "--separator", wrong)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"--separator must be", done.stderr)

    def test_texts_of_null(self):
        file = self.write("in.csv", 'a,p\n-,1\nmissing,2\n"-",3\nNA,-\n')
        data = self.message_of(file, "--job-id", "n", "--null", "-", "--null=missing")["data"]
        self.assertEqual([row["a"] for row in data["dataframe_sample"]], [None, None, "-", "NA"])
        self.assertEqual(data["predictions_sample"], [1, 2, 3, None])
        self.assertEqual((data["prediction_stats"]["n_null"], data["prediction_stats"]["mean"]), (1, 2.0))
        with open(data["output_file"], "rb") as written, open(file, "rb") as read:
            self.assertEqual(written.read(), read.read())

    def test_replace(self):
        first = self.message_of(self.write("in.csv", "a,p\n1,2\n"), "--job-id", "r")["data"]
        second = self.message_of(self.write("in.csv", "a,p\n1,2\n3,4\n"), "--job-id", "r", "--replace")["data"]
        self.assertEqual(first["output_file"], second["output_file"])
        with open(second["output_file"], encoding="utf-8") as file:
            self.assertEqual(file.read(), "a,p\n1,2\n3,4\n")

    def test_gzip(self):
        done = self.split(PENGUINS, "--job-id", "packed", "--gzip")
        if b"was built without --gzip" in done.stderr:
            self.assert_refused(done, 2, "libdeflate")
            self.skipTest("needs libdeflate")
        data = json.loads(done.stdout)["data"]
        self.assertEqual(os.path.basename(data["output_file"]), "predictions_packed.csv.gz")
        self.assertEqual((data["output_format"], data["output_bytes"]), ("csv.gz", os.path.getsize(data["output_file"])))
        plain = self.message_of(PENGUINS, "--job-id", "plain")["data"]
        self.assertLess(data["output_bytes"], plain["output_bytes"])
        self.assertEqual(data["output_uncompressed_bytes"], plain["output_bytes"])
        self.assertNotIn("output_uncompressed_bytes", plain)
        self.assertIs(data["output_attachable"], True)
        self.assertIs(plain["output_attachable"], True)
        with gzip.open(data["output_file"]) as packed, open(plain["output_file"], "rb") as written:
            self.assertEqual(packed.read(), written.read())
        again = self.split(PENGUINS, "--job-id", "packed", "--gzip")
        self.assertEqual(again.returncode, 1)
        self.assertIn(b"predictions_packed.csv.gz", again.stderr)
        self.message_of(PENGUINS, "--job-id", "packed", "--gzip", "--replace")

    def test_mode(self):
        for text, mode in [("644", 0o644), ("0640", 0o640), ("600", 0o600), ("0", None)]:
            data = self.message_of(PENGUINS, "--job-id", "mode" + text, "--mode", text)["data"]
            if mode is not None:
                self.assertEqual(os.stat(data["output_file"]).st_mode & 0o7777, mode)
        self.assertEqual(os.stat(self.message_of(PENGUINS, "--job-id", "default")["data"]["output_file"]).st_mode & 0o777, 0o600)

    def test_signals_stop_it_and_leave_no_file(self):
        prefix = as_process_1()
        for number, command in [(signal.SIGINT, []), (signal.SIGTERM, []), (signal.SIGTERM, prefix)]:
            if command is None:
                continue  # not permitted here
            process = subprocess.Popen(
                [*command, programs.program("split"), "-", "--job-id", "x", "--out", self.scratch],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            )
            process.stdin.write(b"a,p\n" + b"1,2\n" * 20_000)
            process.stdin.flush()  # it has read nearly all of it, and waits for more
            os.kill(child_of(process.pid) if command else process.pid, number)
            self.assertEqual(process.wait(60), 128 + number)
            self.assertEqual((process.stdout.read(), os.listdir(self.scratch)), (b"", []))
            for stream in process.stdin, process.stdout, process.stderr:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def test_a_terminal_shows_a_bar_and_a_log_shows_lines(self):
        for terminal in True, False:
            ours, theirs = pty.openpty() if terminal else os.pipe()
            process = subprocess.Popen(
                [programs.program("split"), "-", "--job-id", "x", "--replace", "--out", self.scratch],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"},
            )
            os.close(theirs)
            process.stdin.write(b"a,p\n")
            for _ in range(24):  # 2.4 s
                process.stdin.write((b"x" * 500 + b",2\n") * 700)
                process.stdin.flush()
                time.sleep(0.1)
            stdout, _ = process.communicate(timeout=60)
            os.set_blocking(ours, False)
            shown = os.read(ours, 1 << 20).decode("utf-8")
            os.close(ours)
            self.assertEqual(json.loads(stdout)["data"]["dataframe_rows"], 24 * 700)
            if terminal:
                self.assertRegex(shown, r"\r\x1b\[Kx: [\d,]+ rows, [\d,]+ rows/s")
                self.assertTrue(shown.endswith("\r\x1b[K"), shown[-100:])
            else:
                self.assertRegex(shown, r"^split: x: [\d,]+ rows, [\d,]+ rows/s\n")

    def test_the_bar_of_an_input_that_grows_ends_at_100_percent(self):
        row = b"x" * 500 + b",2\n"
        path = self.write("log.csv", b"a,p\n" + row * 40_000)
        ours, theirs = pty.openpty()
        termios.tcflow(theirs, termios.TCOOFF)  # its first bar makes it wait
        process = subprocess.Popen(
            [programs.program("split"), path, "--job-id", "x", "--out", self.scratch],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"},
        )
        folder = "/proc/%d/fd" % process.pid
        while process.poll() is None and not any(os.path.realpath(os.path.join(folder, fd)) == path for fd in os.listdir(folder)):
            pass  # it knows the size once it has opened the file
        with open(path, "ab") as file:
            file.write(row * 120_000)
        termios.tcflow(theirs, termios.TCOON)
        os.close(theirs)
        shown = ""
        with contextlib.suppress(OSError):  # EIO, once it has closed the terminal
            while True:
                shown += os.read(ours, 1 << 16).decode("utf-8")
        os.close(ours)
        stdout, _ = process.communicate(timeout=60)
        self.assertEqual(json.loads(stdout)["data"]["dataframe_rows"], 160_000)
        self.assertIn("100 %", shown)
        self.assertLessEqual(max(map(int, re.findall(r"(\d+) %", shown))), 100)
        self.assertLess(max(map(int, re.findall(r"(\d+) (?:s|min) left", shown)), default=0), 1000)

    def test_a_file_named_minus_is_not_the_standard_input(self):
        self.write("-", b"x")
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [programs.program("split"), "-", "--job-id", "x"], cwd=self.scratch,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"},
        )
        os.close(theirs)
        stdout, _ = process.communicate(b"a,p\n" + b"1,2\n" * 300_000, timeout=60)
        os.set_blocking(ours, False)
        shown = os.read(ours, 1 << 20).decode("utf-8")
        os.close(ours)
        self.assertEqual(json.loads(stdout)["data"]["dataframe_rows"], 300_000)
        self.assertIn(" rows", shown)
        self.assertNotIn("%", shown)


class Show(programs.TestCase):
    def show(self, message, *arguments):
        return run("show", *arguments, stdin=message if isinstance(message, bytes) else json.dumps(message).encode())

    def test_a_message_of_split_is_shown_in_every_rendering(self):
        message = run("split", PENGUINS, "--job-id", "x", "--out", self.scratch).stdout
        for rendering in ["text", "telegram-html", "telegram-markdown", "markdown", "slack"]:
            done = self.show(message, "--as", rendering)
            self.assertEqual(done.returncode, 0, done.stderr)
            shown = done.stdout.decode("utf-8")
            self.assertIn("344", shown)
            self.assertIn("predictions", shown)
        self.assertEqual(self.show(message).stdout, self.show(message, "--as=text").stdout)

    def test_the_limit_is_kept(self):
        message = run("split", PENGUINS, "--job-id", "x", "--out", self.scratch).stdout
        shown = self.show(message, "--as", "text", "--limit", "300").stdout.decode("utf-8")
        self.assertLessEqual(len(shown.rstrip("\n")), 300)
        self.assertIn("344", shown)

    def test_the_table_is_no_wider_than_asked_for(self):
        message = run("split", PENGUINS, "--job-id", "x", "--out", self.scratch).stdout
        for width in [40, 72]:
            shown = self.show(message, "--width", str(width)).stdout.decode("utf-8").split("\n\n")[1]
            self.assertLessEqual(max(map(len, shown.split("\n"))), width)
        self.assertEqual(self.show(message, "--width", "x").returncode, 2)

    def test_old_messages_failures_and_progress_are_shown(self):
        old = {"type": "result", "job_id": "j", "success": True}
        rows = [{"a": i, "b": "text"} for i in range(50)]
        old["data"] = {"predictions": [float("nan")] * 50, "count": 50, "dataframe": rows}
        self.assertIn(b"50", self.show(old).stdout)
        failure = {"type": "result", "job_id": "j", "success": False, "error": "no such model"}
        self.assertIn(b"no such model", self.show(failure).stdout)
        progress = {"type": "progress", "job_id": "j", "status": "saving", "progress": 42, "message": "half way"}
        self.assertIn(b"42", self.show(progress).stdout)

    def test_parts_pages_and_the_answer_of_an_old_worker_are_shown(self):
        message = {"type": "result", "job_id": "j", "success": True}
        message["data"] = {
            "dataframe_sample": [{"a": 5}], "dataframe_rows": 10320000, "dataframe_columns": ["a"], "truncated": True,
            "sample_strategy": "page", "sample_row_numbers": [9000000], "output_file": "/data/x", "output_format": "csv",
            "output_bytes": 5600000000, "output_parts_total": 12, "truncation": ["rows", "parts"],
            "parts_missing": [3, 7], "parts_missing_total": 2,
        }
        shown = self.show(message).stdout.decode("utf-8")
        self.assertIn("row 9,000,001 of 10,320,000", shown)
        self.assertIn("2 of 12 parts are missing: 3, 7; the numbers are of the 10 that are there", shown)
        self.assertIn("10 of 12 parts in /data/x · 5.6 GB", shown)
        answer = {"type": "result", "job_id": "j", "success": False, "error": "Unknown action: rows"}
        self.assertIn(b"too old to show rows", self.show(answer).stdout)

    def test_messages_of_one_stream_are_shown_one_after_another(self):
        progress = {"type": "progress", "job_id": "j", "status": "saving", "progress": 42, "message": "half way"}
        failure = {"type": "result", "job_id": "j", "success": False, "error": "no such model"}
        one, other = self.show(progress).stdout, self.show(failure).stdout
        for between in ["\n", "", "\r\n\r\n"]:
            stream = between.join([json.dumps(progress), json.dumps(failure), json.dumps(progress), ""])
            self.assertEqual(self.show(stream.encode()).stdout, one + b"\n" + other + b"\n" + one)
        cut = self.show((json.dumps(progress) + "{").encode())
        self.assertEqual((cut.returncode, cut.stdout), (1, one))

    def test_a_message_is_shown_as_soon_as_it_is_whole(self):
        message = {"type": "progress", "job_id": "j", "status": "saving", "progress": 42, "message": "half way"}
        process = subprocess.Popen([programs.program("show")], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            for _ in range(2):
                process.stdin.write(json.dumps(message).encode())
                process.stdin.flush()
                shown = b""
                while b"half way" not in shown:
                    ready, _, _ = select.select([process.stdout], [], [], 60)
                    self.assertTrue(ready, "nothing more is shown while the stream goes on")
                    shown += os.read(process.stdout.fileno(), 65536)
        finally:
            process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)

    def test_an_output_over_the_limit_of_file_sizes_is_an_error(self):
        message = run("split", PENGUINS, "--job-id", "x", "--out", self.scratch).stdout
        with open(self.path("shown"), "wb") as shown:
            done = subprocess.run(
                [programs.program("show")], input=message, stdout=shown, stderr=subprocess.PIPE, timeout=120,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
            )
        self.assertEqual((done.returncode, done.stderr), (1, b"show: cannot write to the standard output: File too large\n"))

    def test_a_closed_input_is_an_error(self):
        done = subprocess.run(["sh", "-c", '"$0" <&-', programs.program("show")], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertIn(b"the standard input: Bad file descriptor", done.stderr)

    def test_anything_but_a_message_is_an_error(self):
        for message in [b"", b"{", b"[1,2", b"hello", b'{"type":"result"']:
            done = self.show(message)
            self.assertEqual(done.returncode, 1, message)
            self.assertEqual(done.stdout, b"")
            self.assertTrue(done.stderr.startswith(b"show: "), done.stderr)

    def test_usage(self):
        self.assertEqual(self.show(b"{}", "--as", "pdf").returncode, 2)
        self.assertEqual(self.show(b"{}", "--limit", "x").returncode, 2)
        self.assertEqual(self.show(b"{}", "extra").returncode, 2)


if __name__ == "__main__":
    programs.main()
