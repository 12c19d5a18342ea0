# SPDX-License-Identifier: MIT
"""The short examples: each writes the file that its message names, with the rows that its source holds."""

import csv
import glob
import json
import os
import signal
import socket
import sqlite3
import subprocess
import threading
import unittest

import programs
from programs import program, run

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples")
SHORT = ["arrow", "eigen", "failure", "html_table", "owned_loop", "redis", "sqlite", "xgboost", "your_own_cell", "your_own_table"]


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class FakeRedis(threading.Thread):
    """Answers BLPOP and RPUSH as Redis does, to one client, and keeps what is pushed."""

    def __init__(self, jobs):
        super().__init__(daemon=True)
        self.jobs = jobs
        self.pushed = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(60)

    def command(self, stream):
        head = stream.readline()
        if not head:
            return []
        words = []
        for _ in range(int(head[1:])):
            size = int(stream.readline()[1:])
            words.append(stream.read(size).decode())
            assert stream.read(2) == b"\r\n"
        return words

    def run(self):
        client, _ = self.socket.accept()
        with client, client.makefile("rwb") as stream:
            while words := self.command(stream):
                if words[0] == "RPUSH":
                    self.pushed.append(words[1:])
                    stream.write(b":%d\r\n" % len(self.pushed))
                elif words == ["BLPOP", "jobs", "1"] and self.jobs:
                    job = self.jobs.pop(0).encode()
                    stream.write(b"*2\r\n$4\r\njobs\r\n$%d\r\n%s\r\n" % (len(job), job))
                else:
                    stream.write(b"*-1\r\n")
                stream.flush()


class ShortExamples(programs.TestCase):
    def built(self, name):
        if not os.path.exists(program(name)):
            self.skipTest(name + " was not built: its library is not installed")

    def results(self, name, *arguments):
        """Returns the data and the file's rows of each message that an example prints."""
        self.built(name)
        done = run(name, *(arguments or [self.scratch]))
        self.assertEqual(done.returncode, 0, done.stderr)
        out = []
        for line in done.stdout.splitlines():
            data = json.loads(line)["data"]
            rows = rows_of(data["output_file"])
            self.assertEqual(len(rows) - 1, data["dataframe_rows"])
            self.assertEqual(os.path.dirname(data["output_file"]), os.path.realpath(self.scratch))
            out.append((data, rows))
        return out

    def test_each_is_short(self):
        for name in SHORT:
            with open(os.path.join(EXAMPLES, name + ".cpp"), encoding="utf-8") as file:
                self.assertLess(len(file.readlines()), 60, name)

    def test_eigen(self):
        [(data, rows)] = self.results("eigen")
        self.assertEqual(rows[0], ["age", "income", "height", "score"])
        for i, row in enumerate(rows[1:]):
            self.assertEqual([float(cell) for cell in row], [i / 4, i / 2, i * 3 / 4, i / 8 - i / 2 + i * 3 / 2])
        self.assertEqual(data["prediction_column"], "score")

    def test_xgboost(self):
        [(data, rows)] = self.results("xgboost")
        self.assertEqual(data["prediction_column"], ["low", "medium", "high", "class"])
        for i, row in enumerate(rows[1:]):
            probabilities = [float(cell) for cell in row[2:5]]
            self.assertAlmostEqual(sum(probabilities), 1, places=5)
            self.assertEqual(int(row[5]), probabilities.index(max(probabilities)))
            self.assertEqual(int(row[5]), i % 30 // 10)

    def test_arrow(self):
        [(whole, rows), (batches, more)] = self.results("arrow")
        want = [[str(i % 100), repr(i % 100 / 8)] for i in range(300)]
        self.assertEqual(rows, [["id", "score"]] + want)
        self.assertEqual(more, [["id", "score"]] + want[:200])
        self.assertEqual((whole["prediction_column"], whole["predictions_count"]), ("score", 300))
        self.assertEqual(batches["dataframe_columns"], ["id", "score"])

    def test_owned_loop(self):
        self.assertEqual(len(self.results("owned_loop")), 2)
        for name in ["first", "second"]:
            rows = rows_of(os.path.join(self.scratch, "predictions_%s.csv" % name))
            self.assertEqual(rows[1:], [[str(i), repr(i / 2)] for i in range(300)])
        self.assertEqual(len(os.listdir(self.scratch)), 2)

    def database(self, rows):
        path = os.path.join(self.scratch, "scores.db")
        with sqlite3.connect(path) as database:
            database.execute("create table scores(id integer, name text, score real)")
            database.executemany("insert into scores values(?, ?, ?)", rows)
        database.close()
        return path

    def test_sqlite(self):
        rows = [(1, "Oslo", 0.5), (2, None, 0.25), (3, "Kyoto, Fushimi", None)]
        [(data, file)] = self.results("sqlite", self.database(rows), "select * from scores", self.scratch)
        self.assertEqual(file[1:], [["1", "Oslo", "0.5"], ["2", "", "0.25"], ["3", "Kyoto, Fushimi", ""]])
        self.assertEqual(data["prediction_column"], "score")

    def test_sqlite_keeps_the_nul_in_a_text_and_writes_a_blob_in_hexadecimal(self):
        self.built("sqlite")
        query = "select 'a' || char(0) || 'b' as t, x'00ff' as b, x'' as e, 1.5 as score"
        done = run("sqlite", self.database([]), query, self.scratch)
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(json.loads(done.stdout)["data"]["output_file"], "rb") as file:  # Python 3.10's csv refuses NULs
            self.assertEqual(file.read(), b't,b,e,score\na\0b,\\x00ff,\\x,1.5\n')

    def test_sqlite_is_interrupted(self):
        self.built("sqlite")
        # More rows than anyone waits for.
        query = "with recursive n(i) as (select 1 union all select i + 1 from n) select i, i / 8.0 as p from n"
        out = os.path.join(self.scratch, "out")
        os.mkdir(out)
        with subprocess.Popen(
            [program("sqlite"), self.database([]), query, out], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            self.assertIn(b"rows", running.stderr.readline())
            running.send_signal(signal.SIGINT)
            stdout, stderr = running.communicate(timeout=60)
        self.assertEqual((running.returncode, stdout), (1, b""))
        self.assertIn(b"[curtail.cancelled]", stderr)
        self.assertEqual(os.listdir(out), [])

    def test_redis(self):
        self.built("redis")
        server = FakeRedis(["one", "../two", "three"])
        server.start()
        port = server.socket.getsockname()[1]
        self.addCleanup(server.socket.close)
        done = run("redis", "127.0.0.1", str(port), self.scratch, timeout=60)
        server.join(60)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([words[0] for words in server.pushed], ["results"] * 3)
        answers = [json.loads(words[1]) for words in server.pushed]
        self.assertEqual([answer["success"] for answer in answers], [True, False, True])
        self.assertIn("[curtail.invalid_job_id]", answers[1]["error"])
        self.assertEqual(rows_of(answers[2]["data"]["output_file"])[1], ["1", "0.91"])

    def test_failure(self):
        self.built("failure")
        done = run("failure", self.scratch)
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.decode().splitlines()
        heads = [line.split(": ", 1)[0] for line in lines]
        answers = [json.loads(line.split(": ", 1)[1]) for line in lines]
        self.assertEqual(
            heads,
            ["a good job, final", "the same job again, final", "a prediction too few, final", "an id that is a path, final",
             "no such directory, try again"],
        )
        self.assertEqual([answer["success"] for answer in answers], [True, False, False, False, False])
        for answer, code in zip(answers[1:], ["artifact_exists", "row_count_mismatch", "invalid_job_id", "no_directory"]):
            self.assertTrue(answer["error"].startswith("[curtail.%s]" % code), answer["error"])
        self.assertEqual(os.listdir(self.scratch), ["predictions_good.csv"])

    def test_html_table(self):
        self.built("html_table")
        message = run("split", programs.PENGUINS, "--job-id", "<i>", "--out", self.scratch).stdout
        self.assertEqual(message, b"")  # no id that is markup
        message = run("split", programs.PENGUINS, "--job-id", "x", "--out", self.scratch, "--prediction", "Body Mass (g)").stdout
        page = run("html_table", stdin=message.replace(b"Torgersen", b"<b>&", 1)).stdout.decode()
        self.assertIn("<p>x: 10 of 344 rows</p>", page)
        self.assertEqual(page.count("<tr>"), 11)
        self.assertEqual(page.count("<th>"), 7)
        self.assertEqual(page.count('<td class="prediction">'), 10)
        self.assertIn("<td>&lt;b&gt;&amp;</td>", page)
        counts = json.loads(message)["data"]["prediction_stats"]["histogram"]["counts"]
        self.assertEqual(page.count("<rect "), len(counts))
        self.assertIn("<pre>", run("html_table", stdin=b'{"type":"progress","job_id":"x","progress":5}').stdout.decode())
        done = run("html_table", stdin=b"<html>")
        self.assertEqual((done.returncode, done.stdout), (1, b""))

    def test_your_own_cell(self):
        [(data, rows)] = self.results("your_own_cell")
        self.assertEqual(
            rows,
            [["spent", "tags", "risk"], ["19.99", "new", "low"], ["0.5", "", "high"], ["1234.56", "loyal abroad", "low"]],
        )
        self.assertEqual(data["prediction_stats"]["class_distribution"]["low"]["count"], 2)

    def test_your_own_table(self):
        self.built("your_own_table")
        done = subprocess.run([program("your_own_table")], cwd=self.scratch, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        [path] = glob.glob(os.path.join(self.scratch, "*.csv"))
        self.assertEqual(rows_of(path)[1], ["Ada", "19.99", "0.91"])


if __name__ == "__main__":
    programs.main()
