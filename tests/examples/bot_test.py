# SPDX-License-Identifier: MIT
"""bot against workers in Python: old and new ones, wrong ones, and those that close early."""

import asyncio
import json
import re
import socket
import sys

import programs
from programs import MODEL, SKIPPED

try:
    import websockets
except ImportError:
    print("skipped: needs python3-websockets")
    sys.exit(SKIPPED)


async def authenticate(connection, token="secret"):
    """Authenticates as a worker does; returns the job."""
    await connection.send(json.dumps({"type": "auth", "token": token, "machine_id": "test"}))
    answer = json.loads(await connection.recv())
    if answer["type"] == "auth_failed":
        raise PermissionError(answer["error"])
    assert answer["type"] == "auth_response" and answer["success"] is True and "user_id" in answer, answer
    connected = json.loads(await connection.recv())
    assert connected["type"] == "connected" and "message" in connected, connected
    return json.loads(await connection.recv())


def old_result(job_id, rows):
    """Returns the message of an old worker: the whole table, as Python's json writes it."""
    table = [{"id": i, "x": float("nan") if i % 7 == 0 else i / 8, "name": "caf\u00e9 \U0001F600"} for i in range(rows)]
    data = {"predictions": [i / 2 for i in range(rows)], "count": rows, "dataframe": table}
    return json.dumps({"type": "result", "job_id": job_id, "success": True, "data": data})


class Bot(programs.TestCase):
    def converse(self, scenario, *arguments):
        """Runs a bot and `scenario(url)`; returns the exit code, stdout and stderr."""

        async def run():
            process = await asyncio.create_subprocess_exec(
                programs.program("bot"),
                *["--port", "0", "--token", "secret", "--predict", "/data/input.csv", *arguments],
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                first = await asyncio.wait_for(process.stderr.readline(), 30)
                port = re.fullmatch(r"bot: listening on 127\.0\.0\.1 port (\d+)\n", first.decode()).group(1)
                await asyncio.wait_for(scenario("ws://127.0.0.1:%s/" % port), 200)
                stdout, stderr = await asyncio.wait_for(process.communicate(), 60)
            finally:
                if process.returncode is None:
                    process.kill()
            return process.returncode, stdout.decode("utf-8"), stderr.decode("utf-8")

        return asyncio.run(run())

    def answer_with(self, make_messages, *arguments):
        """Runs a worker that answers with the messages `make_messages(job)`; a list is one message in fragments."""

        async def scenario(url):
            async with websockets.connect(url) as connection:
                job = await authenticate(connection)
                for message in make_messages(job):
                    await connection.send(message)
                await connection.wait_closed()

        return self.converse(scenario, *arguments)

    def test_the_job_is_the_one_that_workers_know(self):
        seen = {}

        def answer(job):
            seen.update(job)
            yield json.dumps({"type": "result", "job_id": job["job_id"], "success": False, "error": "no"})

        self.answer_with(answer)
        self.assertEqual(list(seen), ["type", "job_id", "action", "params"])
        self.assertRegex(seen["job_id"], r"^job_[0-9a-f]{12}$")
        self.assertEqual((seen["type"], seen["action"]), ("job", "predict"))
        self.assertEqual(list(seen["params"]), ["model_id", "file_path", "feature_columns"])
        self.assertEqual(seen["params"]["file_path"], "/data/input.csv")
        self.assertEqual(seen["params"]["feature_columns"], [])

    def test_an_old_worker_is_understood(self):
        code, stdout, stderr = self.answer_with(lambda job: [old_result(job["job_id"], 5000)])
        self.assertEqual(code, 0, stderr)
        self.assertIn("10 of 5,000 rows", stdout)
        self.assertIn("caf\u00e9 \U0001F600", stdout)
        self.assertIn("0.125", stdout)

    def test_memory_does_not_grow_with_the_message(self):
        def peak(rows):
            code, stdout, stderr = self.answer_with(lambda job: [old_result(job["job_id"], rows)])
            self.assertEqual(code, 0, stderr)
            self.assertIn("10 of {:,} rows".format(rows), stdout)
            found = re.search(r"a message of (\d+) bytes, peak memory ([0-9.]+) MB", stderr)
            return int(found.group(1)), float(found.group(2))

        small_bytes, small = peak(1000)
        large_bytes, large = peak(500_000)
        self.assertGreater(large_bytes, 30_000_000)
        self.assertLess(small_bytes, 100_000)
        self.assertLess(large - small, 16)

    def test_a_message_in_fragments_is_one_message(self):
        def answer(job):
            text = old_result(job["job_id"], 300)
            yield [text[i : i + 97] for i in range(0, len(text), 97)]

        code, stdout, stderr = self.answer_with(answer)
        self.assertEqual(code, 0, stderr)
        self.assertIn("10 of 300 rows", stdout)

    def test_progress_is_shown_and_other_jobs_are_ignored(self):
        def answer(job):
            progress = {"type": "progress", "job_id": job["job_id"], "status": "predicting", "progress": 42}
            yield json.dumps({**progress, "message": "half\u001b[31m way"})
            yield json.dumps({"type": "result", "job_id": "job_of_another", "success": False, "error": "other"})
            yield old_result(job["job_id"], 3)

        code, stdout, stderr = self.answer_with(answer)
        self.assertEqual(code, 0, stderr)
        self.assertIn("42 %", stderr)
        self.assertNotIn("\x1b", stderr + stdout)
        self.assertIn("job_of_another", stderr)
        self.assertIn("3 rows", stdout)

    def test_a_failure_is_shown_and_the_exit_code_is_1(self):
        def answer(job):
            yield json.dumps({"type": "result", "job_id": job["job_id"], "success": False, "error": "the model is gone"})

        code, stdout, stderr = self.answer_with(answer)
        self.assertEqual(code, 1)
        self.assertIn("the model is gone", stdout)

    def test_every_rendering(self):
        for rendering, mark in [
            ("text", "Predictions"),
            ("telegram-html", "<b>"),
            ("telegram-markdown", "*"),
            ("markdown", "```"),
            ("slack", "```"),
        ]:
            code, stdout, stderr = self.answer_with(lambda job: [old_result(job["job_id"], 20)], "--as", rendering)
            self.assertEqual(code, 0, stderr)
            self.assertIn(mark, stdout)

    def test_a_worker_with_a_wrong_token_is_refused_and_the_next_is_served(self):
        async def scenario(url):
            for first in ["guess", "", "secret2", "secre"]:
                async with websockets.connect(url) as connection:
                    with self.assertRaises(PermissionError):
                        await authenticate(connection, first)
            for wrong in ["{}", "no json", json.dumps({"type": "auth", "token": 7}), "[]"]:
                async with websockets.connect(url) as connection:
                    await connection.send(wrong)
                    self.assertEqual(json.loads(await connection.recv())["type"], "auth_failed")
            async with websockets.connect(url) as connection:  # far over the 64 KiB that a greeting may have
                with self.assertRaises(websockets.ConnectionClosed):
                    await connection.send("x" * 1_000_000)
                    await connection.recv()
            with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1].rstrip("/")))) as raw:
                raw.sendall(b"hello?\r\n\r\n")
            async with websockets.connect(url) as connection:
                job = await authenticate(connection)
                await connection.send(old_result(job["job_id"], 1))
                await connection.wait_closed()

        code, stdout, stderr = self.converse(scenario)
        self.assertEqual(code, 0, stderr)
        self.assertEqual(stderr.count("wrong token"), 8)
        self.assertIn("1 row", stdout)

    def test_without_an_answer_that_can_be_read_the_exit_code_is_1(self):
        async def vanish(url):
            connection = await websockets.connect(url)
            await authenticate(connection)
            for answer in ["{", "nonsense", "[" * 1000, '{"type":"result","job_id":"x","success":true,"data":{"predictions":[1,']:
                await connection.send(answer)
            await (await connection.ping())  # its answer says that they were read
            connection.transport.abort()

        code, stdout, stderr = self.converse(vanish, "--next-worker", "1")
        self.assertEqual((code, stdout), (1, ""), stderr)
        self.assertEqual(stderr.count("that cannot be read: [curtail."), 4, stderr)

    def test_a_port_that_is_taken_is_an_error(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            done = programs.run("bot", "--port", port, "--token", "t", "--predict", "f")
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot listen on 127.0.0.1:" + port.encode(), done.stderr)

    def test_usage(self):
        for arguments in [[], ["--port", "65536", "--token", "t", "--predict", "f"], ["--port", "0", "--token", "t"]]:
            done = programs.run("bot", *arguments)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"usage: bot --port", done.stderr)
        self.assertIn(b"|slack]", programs.run("bot", "--help").stdout)

    def test_our_own_worker_and_bot_understand_each_other(self):
        async def scenario(url):
            worker = await asyncio.create_subprocess_exec(
                programs.program("worker"),
                *["--url", url, "--token", "secret", "--model", MODEL, "--out", self.scratch],
                stderr=asyncio.subprocess.DEVNULL,
            )
            self.assertEqual(await worker.wait(), 0)

        code, stdout, stderr = self.converse(scenario)
        self.assertEqual(code, 1)  # /data/input.csv is not there
        self.assertIn("/data/input.csv", stdout)
        self.assertIn("No such file", stdout)


if __name__ == "__main__":
    programs.main()
