# SPDX-License-Identifier: MIT
"""Pages of an earlier job: by the program rows, beside pandas' skiprows, and through worker and bot."""

import asyncio
import csv
import gzip
import json
import os
import random
import re
import unittest

import programs
from programs import MODEL, PENGUINS, TestCase, pandas, run

try:
    import websockets

    import peers
except ImportError:
    websockets = None

JOB = "job_0123456789ab"


def make_table(rows, seed):
    """Rows with quoted line breaks, nulls and texts of any length."""
    chosen = random.Random(seed)
    texts = ["plain", "two\nlines", 'a "quoted", one\r\n', "", "caf\u00e9 \U0001f600", "x" * 500]
    for i in range(rows):
        yield [i, chosen.choice(texts), "" if i % 11 == 0 else repr(chosen.random()), i % 3]


class Rows(TestCase):
    def publish(self, rows, *options, job_id="a", directory=None):
        path = self.path("input.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["id", "text", "x", "score"])
            writer.writerows(make_table(rows, 7))
        done = run("split", path, "--job-id", job_id, "--out", directory or self.scratch, *options)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["data"]

    def page(self, *arguments, code=0):
        done = run("rows", *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return json.loads(done.stdout) if code == 0 else done.stderr.decode()

    def test_pages_are_the_rows_that_pandas_skips_to(self):
        if pandas is None:
            self.skipTest("needs python3-pandas")
        total = 60_000
        kinds = [()]
        if run("split", "x", "--job-id", "x", "--gzip").stderr.find(b"without --gzip") < 0:
            kinds.append(("--gzip",))
        for options in kinds:
            whole = self.publish(total, *options, job_id="a" + "".join(options))
            job_id = "a" + "".join(options)
            opener = gzip.open if options else open
            self.assertEqual("csv.gz" if options else "csv", whole["output_format"])
            with opener(whole["output_file"], "rb") as file:
                self.assertEqual(file.read(3), b"id,")
            chosen = random.Random(3)
            for first in [0, 1, total - 3, total // 2] + [chosen.randrange(total) for _ in range(4)]:
                message = self.page(self.scratch, job_id, str(first), "5")
                data = message["data"]
                frame = pandas.read_csv(whole["output_file"], skiprows=range(1, first + 1), nrows=5, float_precision="round_trip")
                count = min(5, total - first)
                self.assertEqual(len(frame), count)
                self.assertEqual(data["sample_row_numbers"], list(range(first, first + count)))
                for row, (_, expected) in zip(data["dataframe_sample"], frame.iterrows()):
                    self.assertEqual(row["id"], expected["id"])
                    self.assertEqual(row["text"] or "", expected["text"] if expected["text"] == expected["text"] else "")
                    if row["x"] is None:
                        self.assertNotEqual(expected["x"], expected["x"])
                    else:
                        self.assertEqual(row["x"], expected["x"])
                self.assertEqual(data["predictions_sample"], frame["score"].tolist())
                for key in ("dataframe_rows", "predictions_count", "dataframe_columns", "output_file", "output_bytes"):
                    self.assertEqual(data[key], whole[key], key)
                self.assertEqual(data["sample_strategy"], "page")
                self.assertEqual(message["job_id"], job_id)

    def test_show_shows_a_page(self):
        self.publish(100)
        done = run("rows", self.scratch, "a", "41", "3")
        shown = run("show", stdin=done.stdout)
        self.assertEqual(shown.returncode, 0)
        for number in ("41", "42", "43"):
            self.assertIn(number, shown.stdout.decode())

    def test_columns_can_be_chosen(self):
        self.publish(100)
        data = self.page(self.scratch, "a", "10", "1", "--columns", "x,id")["data"]
        self.assertEqual(data["dataframe_columns"], ["x", "id"])
        self.assertEqual(list(data["dataframe_sample"][0]), ["x", "id"])
        self.assertEqual(data["dataframe_columns_total"], 3)
        self.assertEqual(self.page(self.scratch, "a", "1", "1", "--column", "id")["data"]["dataframe_columns"], ["id"])
        self.assertIn("no column", self.page(self.scratch, "a", "1", "1", "--columns", "none", code=1))

    def test_the_message_keeps_to_its_budget(self):
        self.publish(200)
        done = run("rows", self.scratch, "a", "0", "100", "--max-bytes", "5000")
        self.assertLess(len(done.stdout), 5001)
        data = json.loads(done.stdout)["data"]
        self.assertEqual(data["sample_row_numbers"], list(range(len(data["dataframe_sample"]))))

    def test_a_page_behind_the_end_is_empty(self):
        self.publish(20)
        data = self.page(self.scratch, "a", "20", "10")["data"]
        self.assertEqual((data["dataframe_sample"], data["dataframe_rows"]), ([], 20))

    def write_parts(self):
        os.mkdir(self.path("predictions_a"))
        tables = []
        # The checksums are those of xxh64sum.
        parts = [(range(3), "97ca0ff088d1d558"), (range(3, 10), "f3a36781a1cb618f")]
        for number, (ids, content) in enumerate(parts):
            name = "part-%05d.csv" % number
            text = "id,text\n" + "".join('%d,"two\nlines"\n' % i for i in ids)
            self.write("predictions_a/" + name, text)
            facts = '"schema:numberOfItems": %d, "dcat:byteSize": %d' % (len(ids), len(text))
            identifier = '"schema:identifier": "xxh64 %s, attempt 1"' % content
            tables.append('\n{"url": "%s", %s, %s}' % (name, facts, identifier))
        head = '{\n"@context": "http://www.w3.org/ns/csvw",\n"schema:numberOfItems": 10,\n"dcat:byteSize": 1'
        self.write("predictions_a/.parts", "curtail parts 1\nof 2\n")
        self.write("predictions_a/_SUCCESS", head + ',\n"tables": [' + ",".join(tables) + "\n]\n}\n")

    def test_a_directory_of_parts_is_one_table(self):
        self.write_parts()
        data = self.page(self.scratch, "a", "2", "3")["data"]
        self.assertEqual([row["id"] for row in data["dataframe_sample"]], [2, 3, 4])
        self.assertEqual(data["sample_row_numbers"], [2, 3, 4])
        self.assertEqual((data["dataframe_rows"], data["output_file"]), (10, self.path("predictions_a")))
        self.assertEqual([part["rows"] for part in data["output_parts"]], [3, 7])
        self.assertNotIn("output_attachable", data)
        # The one file that was joined of them says less: neither how it is spelled, nor where a part of it begins.
        self.write("predictions_a.csv", "joined; in another dialect\n")
        self.assertEqual(self.page(self.scratch, "a", "2", "3")["data"], data)

    def test_of_two_results_none_is_guessed(self):
        if b"without --gzip" in run("split", "x", "--job-id", "x", "--gzip").stderr:
            self.skipTest("needs libdeflate")
        self.publish(20)
        self.publish(30, "--gzip")
        error = self.page(self.scratch, "a", "0", "1", code=1)
        self.assertIn("two results here, predictions_a.csv and the same with .gz: remove the one", error)
        os.remove(self.path("predictions_a.csv"))
        self.assertEqual(self.page(self.scratch, "a", "0", "1")["data"]["dataframe_rows"], 30)

    def test_the_path_of_the_directory_need_not_be_utf8(self):
        directory = os.fsencode(self.scratch) + b"/caf\xe9"  # in Latin-1
        try:
            os.mkdir(directory)
        except OSError:
            self.skipTest("here each path is text")
        self.publish(20, job_id="b", directory=directory)
        self.write_parts()
        os.rename(self.path("predictions_a"), directory + b"/predictions_a")
        for job, name in (("b", "predictions_b.csv"), ("a", "predictions_a")):
            data = self.page(directory, job, "2", "3")["data"]
            self.assertEqual([row["id"] for row in data["dataframe_sample"]], [2, 3, 4])
            self.assertEqual(data["output_file"], self.path("caf\ufffd/" + name))

    def test_wrong_commands_and_files_are_errors(self):
        self.publish(20)
        for arguments in (["-1", "5"], ["1.5", "5"], ["x", "5"], ["0", "0"], ["0", "101"], ["0", "99999999999999999999"]):
            self.assertEqual(run("rows", self.scratch, "a", *arguments).returncode, 2, arguments)
        self.assertIn("no file of job", self.page(self.scratch, "b", "0", "1", code=1))
        for job_id in ("../a", "a/b", "", ".a", "con", "a\n"):
            self.assertIn("invalid_job_id", self.page(self.scratch, job_id, "0", "1", code=1))
        path = self.path("predictions_a.csv")
        with open(path, "rb") as file:
            content = file.read()
        self.write("predictions_a.csv", content[:-10])
        self.assertIn("changed_input", self.page(self.scratch, "a", "0", "1", code=1))
        for metadata in (b"{", b"{}\n"):
            self.write("predictions_a.csv", content)
            self.write("predictions_a.csv-metadata.json", metadata)
            error = self.page(self.scratch, "a", "0", "1", code=1)
            self.assertIn("run the job again", error)
            self.assertNotIn("dialect", error)  # which is no option of rows
        os.remove(path)
        os.mkfifo(path)
        self.assertIn("no file of job", self.page(self.scratch, "a", "0", "1", code=1))
        os.remove(path)
        os.symlink(self.path("input.csv"), path)
        self.assertIn("no file of job", self.page(self.scratch, "a", "0", "1", code=1))


@unittest.skipIf(websockets is None, "needs python3-websockets")
class Conversation(TestCase):
    def request(self, **changes):
        params = {"job": JOB, "first": 100, "count": 3}
        params.update(changes.pop("params", {}))
        params = {key: value for key, value in params.items() if value is not ...}
        return json.dumps({"type": "job", "job_id": "job_ffffffffffff", "action": "rows", "params": params, **changes})

    def with_worker(self, scenario):
        """Runs a worker with one finished job, and `scenario(connection)`; returns what that returns."""

        async def serve(connection, number):
            await peers.result(connection, peers.job(job_id=JOB))
            return await scenario(connection)

        async def converse():
            async with peers.Bot(serve) as bot:
                worker = await peers.Process().start(
                    "worker", "--url", bot.url, "--model", MODEL, "--out", self.scratch
                )
                code, _, stderr = await worker.end()
                self.assertEqual(code, 0, stderr)
                return bot.value

        return asyncio.run(converse())

    def test_a_worker_answers_with_rows_of_an_earlier_job(self):
        async def scenario(connection):
            page = json.loads(await peers.result(connection, self.request()))
            chosen = json.loads(await peers.result(connection, self.request(params={"columns": ["Sex"]})))
            return page, chosen

        page, chosen = self.with_worker(scenario)
        self.assertEqual((page["job_id"], page["success"]), ("job_ffffffffffff", True))
        data = page["data"]
        self.assertEqual(data["sample_row_numbers"], [100, 101, 102])
        self.assertEqual((data["dataframe_rows"], data["sample_strategy"]), (344, "page"))
        predictions = programs.penguin_predictions()
        for got, expected in zip(data["predictions_sample"], predictions[100:103]):
            self.assertAlmostEqual(got, expected, places=8)
        with open(PENGUINS, encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([row["Species"] for row in data["dataframe_sample"]], [row["Species"] for row in rows[100:103]])
        self.assertEqual(chosen["data"]["dataframe_columns"], ["Sex"])

    def test_a_request_that_bears_the_id_of_a_job_gets_what_it_asks_for(self):
        async def scenario(connection):
            page = json.loads(await peers.result(connection, self.request(job_id=JOB)))
            other = json.loads(await peers.result(connection, self.request(job_id=JOB, action="train")))
            return page, other, json.loads(await peers.result(connection, peers.job(job_id=JOB)))

        page, other, again = self.with_worker(scenario)
        self.assertEqual(page["data"].get("sample_row_numbers"), [100, 101, 102])
        self.assertIn("unknown action 'train'", other.get("error", ""))
        self.assertEqual(len(again["data"]["dataframe_sample"]), 10)

    def test_bad_requests_are_answered_and_open_no_file(self):
        self.write("predictions_secret.csv", "a\n1\n")
        bad = {
            "invalid_job_id": [{"job": "../predictions_secret"}, {"job": "/etc/passwd"}, {"job": ""}, {"job": "a\u0000b"}],
            "no file of job": [{"job": "job_eeeeeeeeeeee"}, {"job": "x" * 128}],
            "\"job\"": [{"job": 7}, {"job": ...}, {"job": None}],
            "\"first\"": [{"first": -1}, {"first": 0.5}, {"first": "0"}, {"first": ...}, {"first": 2**64}, {"first": [0]}],
            "\"count\"": [{"count": -1}, {"count": 0}, {"count": 101}, {"count": 10**30}, {"count": 1.5}, {"count": ...}],
            "no column": [{"columns": ["Sex", "none"]}],
            "\"columns\"": [{"columns": "Sex"}, {"columns": [1]}, {"columns": {}}],
        }

        async def scenario(connection):
            answers = []
            for word, requests in bad.items():
                for params in requests:
                    answers.append((word, params, json.loads(await peers.result(connection, self.request(params=params)))))
            text = json.dumps({"type": "job", "job_id": "job_ffffffffffff", "action": "rows"})
            answers.append(("params", {}, json.loads(await peers.result(connection, text))))
            return answers, json.loads(await peers.result(connection, self.request()))

        answers, good = self.with_worker(scenario)
        for word, params, answer in answers:
            self.assertEqual((answer["job_id"], answer["success"]), ("job_ffffffffffff", False), params)
            self.assertIn(word, answer["error"], params)
        self.assertTrue(good["success"])

    async def run_bot(self, worker, *arguments):
        """Runs a bot and `worker(url)`; returns its exit code, stdout and stderr."""
        bot = await asyncio.create_subprocess_exec(
            programs.program("bot"), "--port", "0", "--token", "secret", "--predict", PENGUINS, *arguments,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )
        try:
            first = await asyncio.wait_for(bot.stderr.readline(), 30)
            url = "ws://127.0.0.1:%s/" % re.search(r"port (\d+)", first.decode()).group(1)
            await asyncio.wait_for(worker(url), 60)
            stdout, stderr = await asyncio.wait_for(bot.communicate(), 60)
        finally:
            if bot.returncode is None:
                bot.kill()
        return bot.returncode, stdout.decode(), stderr.decode()

    def test_bot_walks_the_pages_of_a_real_worker(self):
        async def worker(url):
            process = await peers.Process().start(
                "worker", "--url", url, "--model", MODEL, "--out", self.scratch, token="secret"
            )
            code, _, stderr = await process.end()
            self.assertEqual(code, 0, stderr)

        code, stdout, stderr = asyncio.run(self.run_bot(worker, "--rows", "338:4", "--pages", "9"))
        self.assertEqual(code, 0, stderr)
        # The result, rows 338 to 341, and the last two.
        self.assertEqual(stdout.count("Predictions ready"), 3, stdout)
        with open(PENGUINS, encoding="utf-8", newline="") as file:
            last = list(csv.DictReader(file))[-1]
        self.assertIn(last["Body Mass (g)"], stdout.rsplit("Predictions ready", 1)[1])

    def test_bot_says_that_an_old_worker_cannot(self):
        async def worker(url):
            async with websockets.connect(url) as connection:
                await connection.send(json.dumps({"type": "auth", "token": "secret", "machine_id": "old"}))
                await connection.recv()
                await connection.recv()
                job = json.loads(await connection.recv())
                data = {"predictions_sample": [1], "predictions_count": 1, "dataframe_sample": [{"a": 1}]}
                data.update({"dataframe_rows": 1, "dataframe_columns": ["a"], "output_file": "/data/x.csv"})
                await connection.send(
                    json.dumps({"type": "result", "job_id": job["job_id"], "success": True, "data": data})
                )
                rows = json.loads(await connection.recv())
                self.assertEqual((rows["action"], rows["params"]), ("rows", {"job": job["job_id"], "first": 10, "count": 5}))
                await connection.send(
                    json.dumps({"type": "result", "job_id": rows["job_id"], "success": False, "error": "Unknown action: rows"})
                )
                await connection.wait_closed()

        code, stdout, stderr = asyncio.run(self.run_bot(worker, "--rows", "10:5"))
        self.assertEqual(code, 1, stderr)
        self.assertIn("This worker is too old to show rows of an earlier job. It answered:\nUnknown action: rows", stdout)

    def test_wrong_pages_are_mistakes_of_the_command(self):
        for rows in ("10", "10:", ":5", "-1:5", "1:0", "1:101", "1:x", "1.5:2"):
            done = run("bot", "--port", "0", "--token", "t", "--predict", "x", "--rows", rows)
            self.assertEqual(done.returncode, 2, rows)
        self.assertEqual(run("bot", "--port", "0", "--token", "t", "--predict", "x", "--pages", "2").returncode, 2)


if __name__ == "__main__":
    programs.main()
