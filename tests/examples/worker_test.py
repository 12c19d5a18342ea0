# SPDX-License-Identifier: MIT
"""worker against a bot in Python: the websockets library with its default limits (1 MiB per message, pings)."""

import asyncio
import json
import os
import sys
import time
import unittest

import programs
from programs import MODEL, PENGUINS, SKIPPED

try:
    import websockets
except ImportError:
    print("skipped: needs python3-websockets")
    sys.exit(SKIPPED)

JOB = "job_0123456789ab"
FEATURES = ["Beak Length (mm)", "Beak Depth (mm)", "Flipper Length (mm)"]


def job(file_path=PENGUINS, job_id=JOB, **changes):
    params = {"model_id": "penguins", "file_path": file_path, "feature_columns": []}
    params.update(changes.pop("params", {}))
    return {"type": "job", "job_id": job_id, "action": "predict", "params": params, **changes}


async def result_of(connection, message):
    """Sends a job or any text; returns its progress messages, its result, and the text of the result."""
    await connection.send(message if isinstance(message, str) else json.dumps(message))
    progress = []
    while True:
        text = await connection.recv()
        answer = json.loads(text)
        if answer["type"] == "result":
            return progress, answer, text
        progress.append(answer)


class Worker(programs.TestCase):
    def serve(self, scenario, *arguments, token="secret", model=MODEL, out=None, **options):
        """Runs one worker against `scenario(connection)`; returns what that returns, the exit code and stderr."""

        async def run():
            outcome = asyncio.get_running_loop().create_future()

            async def handle(connection, path="/"):
                try:
                    auth = json.loads(await connection.recv())
                    self.assertEqual(list(auth), ["machine_id", "token", "type"])
                    self.assertEqual(auth["type"], "auth")
                    self.assertTrue(auth["machine_id"])
                    if auth["token"] != "secret":
                        await connection.send(json.dumps({"type": "auth_failed", "error": "no such token"}))
                        outcome.set_result(None)
                        return
                    await connection.send(json.dumps({"type": "auth_response", "success": True, "user_id": 7}))
                    await connection.send(json.dumps({"type": "connected", "message": "hello"}))
                    outcome.set_result(await scenario(connection))
                except BaseException as error:
                    outcome.set_exception(error)

            async with websockets.serve(handle, "127.0.0.1", 0, **options) as server:
                port = server.sockets[0].getsockname()[1]
                process = await asyncio.create_subprocess_exec(
                    programs.program("worker"),
                    *["--url", "ws://127.0.0.1:%d/" % port, "--token", token, "--model", model],
                    *["--out", out or self.scratch, *arguments],
                    stderr=asyncio.subprocess.PIPE,
                )
                try:
                    value = await asyncio.wait_for(outcome, 240)
                    _, stderr = await asyncio.wait_for(process.communicate(), 60)
                finally:
                    if process.returncode is None:
                        process.kill()
                return value, process.returncode, stderr.decode("utf-8")

        return asyncio.run(run())

    def published(self):
        return sorted(name for name in os.listdir(self.scratch) if name.startswith("predictions_") and not name.endswith(".json"))

    def check_penguins(self, answer, text, times=1):
        """Compares every number of a result with an independent computation, then the file."""
        self.assertLess(len(text.encode("utf-8")), 1_000_000)
        self.assertNotIn("NaN", text)
        self.assertEqual((answer["job_id"], answer["success"]), (JOB, True))
        data = answer["data"]
        predictions = programs.penguin_predictions()
        count = len(predictions) * times
        self.assertEqual((data["dataframe_rows"], data["predictions_count"]), (count, count))
        self.assertEqual(len(data["dataframe_sample"]), 10)
        self.assertEqual(data["predictions_sample"][3], None)
        for got, expected in zip(data["predictions_sample"], predictions):
            if expected is not None:
                self.assertAlmostEqual(got, expected, places=8)
        self.assertEqual(data["prediction_column"], "prediction")
        self.assertNotIn("prediction", data["dataframe_columns"])
        self.assertEqual(data["dataframe_sample"][0]["Beak Length (mm)"], 39.1)
        self.assertIs(data["truncated"], True)
        self.assertTrue(os.path.isabs(data["output_file"]))
        self.assertEqual(os.path.getsize(data["output_file"]), data["output_bytes"])
        self.assertEqual(self.published(), ["predictions_%s.csv" % JOB])
        if times == 1:
            self.assert_stats(data["prediction_stats"], predictions)
        if programs.pandas is not None:
            frame = programs.pandas.read_csv(data["output_file"])
            self.assertEqual(len(frame), count)
            original = programs.pandas.read_csv(PENGUINS)
            read = frame.pop("prediction")
            programs.pandas.testing.assert_frame_equal(
                frame.iloc[-len(original):].reset_index(drop=True), original
            )
            for got, expected in zip(read.iloc[-len(original):], predictions):
                if expected is None:
                    self.assertNotEqual(got, got)
                else:
                    self.assertAlmostEqual(got, expected, places=8)

    def test_a_job_is_predicted_and_answered(self):
        (progress, answer, text), code, stderr = self.serve(lambda c: result_of(c, job()), "--jobs", "1")
        self.assertEqual(code, 0, stderr)
        self.check_penguins(answer, text)
        for message in progress:
            self.assertEqual(list(message), ["type", "job_id", "status", "progress", "message"])
            self.assertEqual((message["type"], message["job_id"]), ("progress", JOB))
            self.assertTrue(0 <= message["progress"] <= 100)

    def test_named_columns_in_any_order_mean_the_same(self):
        asked = job(params={"feature_columns": list(reversed(FEATURES))})
        (_, answer, text), code, stderr = self.serve(lambda c: result_of(c, asked), "--jobs", "1")
        self.assertEqual(code, 0, stderr)
        self.check_penguins(answer, text)

    def test_it_serves_until_the_bot_closes(self):
        async def scenario(connection):
            await connection.send(json.dumps({"type": "news", "text": "nothing to do"}))
            answers = []
            for number in range(3):
                answers.append((await result_of(connection, job(job_id="job_%012x" % number)))[1])
            return answers

        answers, code, stderr = self.serve(scenario)
        self.assertEqual(code, 0, stderr)
        self.assertTrue(all(answer["success"] for answer in answers))
        self.assertEqual(len(self.published()), 3)

    def test_a_long_job_reports_at_most_four_times_a_second_and_answers_pings(self):
        pongs = 0

        async def ping(connection):
            nonlocal pongs
            while True:
                await (await connection.ping())
                pongs += 1
                await asyncio.sleep(0.05)

        async def scenario(connection):
            begin = time.monotonic()
            pinging = asyncio.ensure_future(ping(connection))
            result = await result_of(connection, job())
            pinging.cancel()
            return (*result, time.monotonic() - begin, pongs)

        (progress, answer, text, seconds, answered), code, stderr = self.serve(
            scenario, "--repeat", "1000", "--jobs", "1", ping_interval=1, ping_timeout=20
        )
        self.assertEqual(code, 0, stderr)
        self.check_penguins(answer, text, times=1000)
        self.assertLessEqual(len(progress), 4 * seconds + 2)
        self.assertGreaterEqual(answered, 1)
        shown = [message["progress"] for message in progress]
        self.assertEqual(shown, sorted(shown))

    def test_messages_that_name_no_job_are_passed_over(self):
        messages = ["ping", "", "[1]", "7", '{"op":"hello"}', "{not json", b"\x00\xff", "[" * 100_000, '{"type":"news"}']

        async def scenario(connection):
            for message in messages:
                await connection.send(message)
            return await result_of(connection, job())

        (_, answer, text), code, stderr = self.serve(scenario, "--jobs", "1")
        self.assertEqual(code, 0, stderr)
        self.check_penguins(answer, text)
        self.assertEqual(stderr.count("passing over a message"), len(messages), stderr)

    def test_every_bad_job_is_answered_and_the_worker_goes_on(self):
        clash = self.write("clash.csv", ",".join(FEATURES) + ",prediction\n1,2,3,4\n")
        missing = self.write("missing.csv", FEATURES[0] + "," + FEATURES[1] + "\n1,2\n")
        words = self.write("words.csv", ",".join(FEATURES) + "\n1,2,3\n4,much,6\n")
        ragged = self.write("ragged.csv", ",".join(FEATURES) + "\n1,2,3\n4,5\n")
        self.write("predictions_taken.csv", "mine\n")
        cases = [
            (job(self.path("none.csv")), ["none.csv", "No such file"]),
            (job(clash), ["clash.csv", "'prediction'"]),
            (job(missing), ["'Flipper Length (mm)'", "missing.csv", "'Beak Depth (mm)'"]),
            (job(words), ["row 2", "'Beak Depth (mm)'", "'much'"]),
            (job(ragged), ["ragged.csv:3: "]),
            (job(job_id="taken"), ["predictions_taken.csv"]),
            (job(job_id="../escape"), ["job id"]),
            (job(job_id=""), ["job id"]),
            (job(job_id="x" * 900_000), ["job id"]),
            (job(action="train"), ["unknown action 'train'"]),
            (job(params={"feature_columns": FEATURES[:2]}), ["'Flipper Length (mm)'"]),
            (job(params={"feature_columns": [*FEATURES, "Wings"]}), ["'Wings'"]),
            (job(params={"feature_columns": "all"}), ["feature_columns"]),
            (job(params={"feature_columns": [1]}), ["feature_columns"]),
            (job(params={"file_path": 7}), ["file_path"]),
            (job(params={"file_path": "a\0b"}), ["NUL"]),
            (job(params={"file_path": self.scratch + "/\0b"}), ["NUL"]),
            (job(params={"file_path": ""}), ["file_path", "empty"]),
            ({"type": "job", "job_id": JOB, "action": "predict"}, ["params"]),
            ({"type": "job", "job_id": JOB, "action": "predict", "params": []}, ["params"]),
            ({"type": "job", "job_id": JOB}, ["action"]),
            ({"type": "job", "action": "predict"}, ["job_id"]),
            ({"job_id": JOB, "action": "predict"}, ["params"]),
            ('{"type":"job","job_id":"%s",' % JOB, ["malformed job"]),
            ("{'type': 'job', 'job_id': '%s'}" % JOB, ["malformed job"]),
            (json.dumps([job()]), ["malformed job"]),
            ("[" * 100_000 + '"job_id"', ["malformed job"]),
            (job(self.path("pipe")), ["pipe is not a regular file"]),
            (job(self.scratch), [self.scratch, "is not a regular file"]),
            (job("/dev/zero"), ["/dev/zero is not a regular file"]),
        ]
        os.mkfifo(self.path("pipe"))

        async def scenario(connection):
            answers = [(await result_of(connection, message))[1:] for message, _ in cases]
            return answers, (await result_of(connection, job(job_id="job_at_the_end")))[1]

        (answers, last), code, stderr = self.serve(scenario, "--jobs", str(len(cases) + 1))
        self.assertEqual(code, 0, stderr)
        for (message, parts), (answer, text) in zip(cases, answers):
            with self.subTest(message=str(message)[:100]):
                self.assertEqual(list(answer), ["type", "job_id", "success", "error"])
                self.assertIs(answer["success"], False)
                self.assertLess(len(text), 20_000)
                for part in parts:
                    self.assertIn(part, answer["error"])
                    self.assertIn(part, stderr)
        self.assertEqual(answers[0][0]["job_id"], JOB)
        self.assertTrue(last["success"])
        self.assertEqual(self.published(), ["predictions_job_at_the_end.csv", "predictions_taken.csv"])
        with open(self.path("predictions_taken.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine\n")

    def fail_with(self, *parts, **options):
        (_, answer, _), code, stderr = self.serve(lambda c: result_of(c, job()), "--jobs", "1", **options)
        self.assertEqual(code, 0, stderr)
        self.assertIs(answer["success"], False)
        for part in parts:
            self.assertIn(part, answer["error"])
            self.assertIn(part, stderr)
        self.assertEqual(self.published(), [])

    def test_a_model_that_cannot_be_read_is_an_error(self):
        self.fail_with("none.json", "cannot be opened", model=self.path("none.json"))
        for content, part in [
            ("", "not a JSON object"),
            ("[]", "not a JSON object"),
            ("{}", "intercept"),
            ('{"intercept": "x"}', "intercept"),
            ('{"intercept": 1, "coefficients": [1, null], "features": ["a", "b"]}', "coefficients"),
            ('{"intercept": 1, "coefficients": [1], "features": "a"}', "features"),
            ('{"intercept": 1, "coefficients": [1], "features": [1]}', "not a string"),
            ('{"intercept": 1, "coefficients": [1], "features": ["a", "b"]}', "2 features and 1 coefficients"),
            ('{"intercept": 1, "coefficients": [], "features": []}', "no features"),
        ]:
            with self.subTest(content=content):
                self.fail_with("model.json", part, model=self.write("model.json", content))

    def test_a_directory_that_cannot_hold_the_file_is_an_error(self):
        self.fail_with("nowhere", out=self.path("nowhere"))
        self.fail_with("in_the_way", out=self.write("in_the_way", ""))

    def test_with_file_error_answer_a_job_is_answered_without_its_file(self):
        taken = self.write("predictions_%s.csv" % JOB, "mine\n")
        predictions = programs.penguin_predictions()
        for out, parts, permanent, advice in [
            (self.path("nowhere"), ["[curtail.no_directory]", "nowhere"], False, "another try may succeed"),
            (self.write("in_the_way", ""), ["in_the_way"], False, "another try may succeed"),
            (self.scratch, ["[curtail.artifact_exists]"], True, "the same job would fail again"),
        ]:
            with self.subTest(out=out):
                (_, answer, text), code, stderr = self.serve(
                    lambda c: result_of(c, job()), "--jobs", "1", "--file-error", "answer", out=out
                )
                self.assertEqual(code, 0, stderr)
                self.assertIs(answer["success"], True)
                data = answer["data"]
                self.assertIsNone(data["output_file"])
                self.assertIsNone(data["output_bytes"])
                self.assertIs(data["artifact_error_permanent"], permanent)
                for part in parts:
                    self.assertIn(part, data["artifact_error"])
                    self.assertIn(part, stderr)
                self.assertEqual((data["dataframe_rows"], data["predictions_count"]), (344, 344))
                self.assert_stats(data["prediction_stats"], predictions)
                self.assertEqual(len(data["dataframe_sample"]), 10)
                shown = programs.run("show", stdin=text.encode("utf-8")).stdout.decode("utf-8")
                self.assertIn("10 of 344 rows", shown)
                self.assertIn("The worker could not write the file: ", shown)
                self.assertIn(advice, shown)
                self.assertEqual(self.published(), ["predictions_%s.csv" % JOB])
        with open(taken, encoding="utf-8") as file:
            self.assertEqual(file.read(), "mine\n")

    @unittest.skipIf(os.name != "posix" or os.geteuid() == 0, "root may write anywhere")
    def test_a_directory_without_permission_is_an_error(self):
        os.mkdir(self.path("closed"), 0o500)
        self.fail_with("closed", out=self.path("closed"))

    def test_a_row_that_lacks_a_feature_has_no_prediction(self):
        content = ",".join(FEATURES) + '\n1,2,3\n,2,3\n1,"",3\n1,nan,3\n"1","2","3"\n1e0,+2,3.\n'
        file = self.write("gaps.csv", content)
        (_, answer, _), code, stderr = self.serve(lambda c: result_of(c, job(file)), "--jobs", "1")
        self.assertEqual(code, 0, stderr)
        first, *rest = answer["data"]["predictions_sample"]
        self.assertEqual(rest, [None, None, None, first, first])
        self.assertEqual(answer["data"]["prediction_stats"]["n_null"], 3)

    def test_a_table_without_rows_is_a_result(self):
        file = self.write("empty.csv", ",".join(FEATURES) + "\n")
        (_, answer, _), code, stderr = self.serve(lambda c: result_of(c, job(file)), "--jobs", "1")
        self.assertEqual(code, 0, stderr)
        data = answer["data"]
        self.assertEqual((data["dataframe_rows"], data["predictions_count"], data["dataframe_sample"]), (0, 0, []))
        with open(data["output_file"], encoding="utf-8") as written:
            self.assertEqual(written.read(), ",".join(FEATURES) + ",prediction\n")

    def test_a_wrong_token_is_an_error(self):
        _, code, stderr = self.serve(None, token="guess")
        self.assertEqual(code, 1)
        self.assertIn("refused the token: no such token", stderr)

    def test_a_connection_lost_during_a_job_leaves_no_file(self):
        async def scenario(connection):
            await connection.send(json.dumps(job()))
            await connection.recv()  # the first progress
            connection.transport.abort()

        _, code, stderr = self.serve(scenario, "--repeat", "1000000", "--retries", "0")
        self.assertEqual(code, 1)
        self.assertIn("the connection broke", stderr)
        self.assertEqual(os.listdir(self.scratch), [])

    def test_a_bot_that_is_not_there_is_an_error(self):
        for url in ["ws://127.0.0.1:1/", "http://127.0.0.1/", "wss://127.0.0.1/", "ws://"]:
            done = programs.run("worker", "--url", url, "--token", "t", "--model", MODEL, "--retries", "0")
            self.assertEqual(done.returncode, 1, url)
            self.assertTrue(done.stderr.startswith(b"worker: "), done.stderr)

    def test_usage(self):
        for arguments in [[], ["--url", "ws://x/"], ["--url", "ws://x/", "--token", "t", "--model", MODEL, "--jobs", "0"],
                          ["--url", "ws://x/", "--token", "t", "--model", MODEL, "--file-error", "maybe"]]:
            done = programs.run("worker", *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"usage: worker --url", done.stderr)


if __name__ == "__main__":
    programs.main()
