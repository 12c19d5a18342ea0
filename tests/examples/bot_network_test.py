# SPDX-License-Identifier: MIT
"""bot against workers that are silent, slow, lost, late, broken or many."""

import asyncio
import json
import os
import re
import signal
import ssl
import unittest

import programs
from peers import Process, has_tls, make_certificate, patiently, websockets
from programs import MODEL, PENGUINS, as_process_1, child_of

TOKEN = "secret-token"


def success(job, **more):
    rows = [{"x": 1}, {"x": 2}]
    data = {"predictions": [0.25, 0.5], "count": 2, "dataframe": rows}
    return json.dumps({"type": "result", "job_id": job["job_id"], "success": True, "data": data, **more})


class BotNetwork(unittest.IsolatedAsyncioTestCase, programs.TestCase):
    async def start(self, *arguments, files=("/data/one.csv",), port=0, **options):
        asked = [word for file in files for word in ("--predict", file)]
        bot = Process()
        self.addCleanup(bot.kill)
        await bot.start("bot", "--port", str(port), *asked, *arguments, **options)
        await bot.says("\n")
        self.port = int(re.match(r"bot: listening on 127\.0\.0\.1 port (\d+)\n", bot.stderr).group(1))
        self.url = "ws://127.0.0.1:%d/" % self.port
        return bot

    async def connect(self, token=TOKEN, **options):
        """Returns the connection of a worker that has authenticated."""
        connection = await websockets.connect(self.url, open_timeout=60, **options)
        await connection.send(json.dumps({"type": "auth", "token": token, "machine_id": "test"}))
        self.assertEqual(json.loads(await connection.recv())["type"], "auth_response")
        self.assertEqual(json.loads(await connection.recv())["type"], "connected")
        return connection

    async def job(self, connection, within=60):
        return json.loads(await asyncio.wait_for(connection.recv(), within))

    # --- more than one -----------------------------------------------------------------------------------------------

    async def test_silent_and_slow_clients_keep_nobody_waiting(self):
        bot = await self.start("--timeout", "600")  # so long that nobody could wait for the end of a silent one
        silent = [await asyncio.open_connection("127.0.0.1", self.port) for _ in range(250)]
        for _, writer in silent[200:]:
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")  # and then no more
        quiet = [await websockets.connect(self.url, open_timeout=60) for _ in range(5)]  # they do not authenticate
        worker = await self.connect()
        await worker.send(success(await self.job(worker)))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("2 of 2 rows", stdout)
        self.assertIn("too many do not authenticate", stderr)
        for _, writer in silent:
            writer.close()
        for connection in quiet:
            await connection.close()

    async def test_a_client_that_does_not_go_on_is_dropped(self):
        async def drip(writer):
            writer.write(b"GET / HTTP/1.1\r\nx: ")
            while True:
                writer.write(b"x")
                await writer.drain()
                await asyncio.sleep(0.05)

        async def attempt(limit):
            bot = await self.start("--timeout", str(limit))
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            slow_reader, slow_writer = await asyncio.open_connection("127.0.0.1", self.port)
            quiet = await websockets.connect(self.url)
            with self.assertRaises(ConnectionError):
                await asyncio.wait_for(drip(slow_writer), 60)
            self.assertEqual(await asyncio.wait_for(reader.read(), 60), b"")
            with self.assertRaises(websockets.ConnectionClosed):
                await asyncio.wait_for(quiet.recv(), 60)
            for w in writer, slow_writer:
                w.close()
            worker = await self.connect()
            await worker.send(success(await self.job(worker)))
            code, _, stderr = await bot.end()
            self.assertEqual(code, 0, stderr)
            self.assertEqual(stderr.count("the WebSocket handshake: no answer within %d s" % limit), 2, stderr)
            self.assertEqual(stderr.count("authentication: no answer within %d s" % limit), 1, stderr)

        await patiently(attempt)

    async def test_a_lost_workers_job_goes_to_the_next(self):
        bot = await self.start()
        first = await self.connect()
        job = await self.job(first)
        waiting = await self.connect()  # is there already
        with self.assertRaises(asyncio.TimeoutError):
            await self.job(waiting, 0.2)
        first.transport.abort()
        self.assertEqual(await self.job(waiting), job)
        await waiting.close()
        third = await self.connect()  # comes later
        self.assertEqual(await self.job(third), job)
        await third.send(success(job))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("2 of 2 rows", stdout)
        self.assertEqual(stderr.count("lost; it goes to the next worker"), 2)
        for delivery in 1, 2, 3:
            self.assertRegex(stderr, r"%s: given to 127\.0\.0\.1:\d+ \(delivery %d\)" % (job["job_id"], delivery))

    async def test_a_job_that_is_lost_again_and_again_is_given_up(self):
        bot = await self.start()
        for _ in range(5):
            worker = await self.connect()
            await self.job(worker)
            worker.transport.abort()
        code, stdout, stderr = await bot.end()
        self.assertEqual((code, stdout), (1, ""), stderr)
        self.assertIn("given up, because it was lost 5 times", stderr)

    async def test_several_workers_work_at_the_same_time(self):
        files = ["/data/a.csv", "/data/b.csv", "/data/c.csv"]
        bot = await self.start(files=files)
        workers = [await self.connect() for _ in range(2)]
        jobs = [await self.job(worker) for worker in workers]
        self.assertEqual([job["params"]["file_path"] for job in jobs], files[:2])
        self.assertNotEqual(jobs[0]["job_id"], jobs[1]["job_id"])
        await workers[1].send(json.dumps({"type": "progress", "job_id": jobs[1]["job_id"], "progress": 42, "message": "b"}))
        await workers[0].send(json.dumps({"type": "progress", "job_id": jobs[0]["job_id"], "progress": 7, "message": "a"}))
        await workers[1].send(success(jobs[1]))
        last = await self.job(workers[1])
        self.assertEqual(last["params"]["file_path"], files[2])
        await workers[1].send(success(last))
        await workers[0].send(success(jobs[0]))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        for job in [*jobs, last]:
            self.assertIn(job["job_id"], stdout)
        self.assertIn("%s:  42 %% b" % jobs[1]["job_id"], stderr)
        self.assertIn("%s:   7 %% a" % jobs[0]["job_id"], stderr)

    async def test_a_failure_of_a_worker_that_lost_the_job_does_not_end_it(self):
        bot = await self.start()
        first = await self.connect()
        job = await self.job(first)
        first.transport.abort()
        second = await self.connect()
        self.assertEqual(await self.job(second), job)
        again = await self.connect()
        await again.send(json.dumps({"type": "result", "job_id": job["job_id"], "success": False, "error": "stopped"}))
        await (await again.ping())
        await second.send(success(job))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("passing over the failure of a worker that lost it", stderr)

    async def test_a_result_that_comes_late_counts_and_the_other_worker_is_told(self):
        bot = await self.start(files=["/data/a.csv", "/data/b.csv"])
        first = await self.connect()
        job = await self.job(first)
        first.transport.abort()
        second = await self.connect()
        self.assertEqual(await self.job(second), job)
        again = await self.connect()  # the first one has reconnected
        other = await self.job(again)
        await again.send(success(job))
        self.assertEqual(await self.job(second), {"type": "cancel", "job_id": job["job_id"]})
        await second.send(json.dumps({"type": "result", "job_id": job["job_id"], "success": False, "error": "cancelled"}))
        await (await second.ping())  # its answer says that the failure was read
        await again.send(success(job))  # and once more
        await again.send(success(other))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertEqual(stdout.count("Predictions ready"), 2)
        self.assertEqual(stderr.count("passing over a message of a job that is done"), 2)

    # --- messages that nobody knows ----------------------------------------------------------------------------------

    async def test_unknown_and_unreadable_messages_are_passed_over(self):
        bot = await self.start()
        worker = await self.connect()
        job = await self.job(worker)
        messages = [
            '{"type":"heartbeat\\u001b[31m"}',
            '{"type":"log","lines":["x"]}',
            "ping",
            "",
            "[1,2]",
            "{}",
            b"\x00\xff",
            "[" * 100_000,
            '{"type":"result","job_id":"another","success":true,"data":{"predictions":[1,',
            json.dumps({"type": "metrics", "x": "y" * 300_000}),
            json.dumps({"type": "progress", "job_id": "job_of_another", "progress": 99, "message": "not mine"}),
        ]
        for message in messages:
            await worker.send(message)
        await worker.send(success(job))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("2 of 2 rows", stdout)
        self.assertEqual(stderr.count("passing over a message"), len(messages), stderr)
        self.assertIn("of type 'log'", stderr)
        self.assertNotIn("not mine", stderr)
        self.assertNotIn("\x1b", stderr)

    async def test_messages_about_a_job_that_are_no_results_leave_it_with_its_worker(self):
        bot = await self.start()
        worker = await self.connect()
        job = await self.job(worker)
        named = {"job_id": job["job_id"]}
        messages = [
            *(json.dumps({"type": "log", **named, "message": "loading %d" % i}) for i in range(6)),
            json.dumps({"type": "log", **named, "lines": ["x" * 70_000]}),
            json.dumps({"type": "log", **named, "error": "none so far"}),
            json.dumps(json.dumps({"type": "heartbeat", **named})),
            json.dumps({"type": "log", **named, "lines": ["x"]})[:-3],
            json.dumps({**named, "received": True}),
            json.dumps({"type": "error", "error": "cannot reach the license server"}),
        ]
        for message in messages:
            await worker.send(message)
        await worker.send(success(job))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("2 of 2 rows", stdout)
        self.assertEqual(stderr.count("passing over a message"), len(messages), stderr)
        self.assertIn("license server", stderr)
        self.assertNotIn("lost", stderr)

    async def test_a_failure_in_any_spelling_that_show_knows_ends_the_job(self):
        for failure in [
            {"type": "error", "error": "boom"},
            {"type": "failed", "message": "boom"},
            {"type": "failure", "error": "boom", "log": "x" * 100_000},
            {"success": False, "error": "boom"},
            {"type": "result", "status": "error", "message": "boom"},
        ]:
            for named in [True, False] if failure.get("type", "result") == "result" else [True]:
                with self.subTest(failure=str(failure)[:100], named=named):
                    bot = await self.start()
                    worker = await self.connect()
                    job = await self.job(worker)
                    await worker.send(json.dumps({**failure, **({"job_id": job["job_id"]} if named else {})}))
                    code, stdout, stderr = await bot.end()
                    self.assertEqual(code, 1, stderr)
                    self.assertIn("boom", stdout)
                    self.assertNotIn("lost", stderr)

    async def test_a_result_that_cannot_be_read_is_asked_for_again(self):
        bot = await self.start()
        worker = await self.connect()
        job = await self.job(worker)
        await worker.send(success(job)[:-20])
        self.assertEqual(await self.job(worker), job)
        await worker.send(success(job))
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("that cannot be read: [curtail.", stderr)

    # --- every wait has an end ---------------------------------------------------------------------------------------

    async def test_a_worker_that_only_reports_progress_meets_the_deadline(self):
        async def attempt(limit):
            bot = await self.start("--deadline", str(2 * limit))
            worker = await self.connect()
            job = await self.job(worker)
            try:
                while True:
                    await worker.send(json.dumps({"type": "progress", "job_id": job["job_id"], "progress": 1}))
                    await asyncio.sleep(0.1)
            except websockets.ConnectionClosed:
                self.assertEqual(worker.close_code, 1001)
            code, _, stderr = await bot.end()
            self.assertEqual(code, 1)
            self.assertIn(job["job_id"] + ": there is no result within %d s" % (2 * limit), stderr)

        await patiently(attempt)

    async def test_a_worker_that_falls_silent_is_given_up(self):
        async def attempt(limit):
            bot = await self.start("--idle", str(2 * limit), "--next-worker", "1")
            worker = await self.connect()
            await self.job(worker)
            worker.transport.pause_reading()  # answers no pings
            code, _, stderr = await bot.end()
            self.assertEqual(code, 1)
            self.assertIn("nothing was heard for %d s" % (2 * limit), stderr)
            self.assertIn("there is no other worker within 1 s", stderr)
            worker.transport.abort()

        await patiently(attempt)

    async def test_a_worker_that_does_not_close_does_not_keep_the_bot(self):
        async def attempt(limit):
            bot = await self.start("--timeout", str(limit))
            worker = await self.connect()
            job = await self.job(worker)
            worker.transport.pause_reading()
            await worker.send(success(job))
            code, stdout, stderr = await bot.end()
            self.assertEqual(code, 0, stderr)
            self.assertIn("2 of 2 rows", stdout)
            worker.transport.abort()

        await patiently(attempt)

    # --- signals -----------------------------------------------------------------------------------------------------

    async def test_signals_end_the_bot_and_tell_the_workers(self):
        prefix = as_process_1()
        for number, command in [(signal.SIGTERM, ()), (signal.SIGINT, ()), (signal.SIGTERM, prefix)]:
            if command is None:
                continue  # not permitted here
            bot = await self.start(prefix=command)
            worker = await self.connect()
            job = await self.job(worker)
            pid = bot.process.pid
            os.kill(child_of(pid) if command else pid, number)
            await asyncio.wait_for(worker.wait_closed(), 60)
            self.assertEqual(worker.close_code, 1001)
            code, stdout, stderr = await bot.end()
            self.assertEqual((code, stdout), (128 + number, ""), stderr)
            self.assertIn(job["job_id"] + ": stopped", stderr)
            self.assertIn("this end closed the connection: code 1001 (going away): the bot ends", stderr)

    # --- secrets -----------------------------------------------------------------------------------------------------

    async def test_the_token_is_in_no_log_whoever_says_it(self):
        bot = await self.start()
        wrong = await websockets.connect(self.url)
        await wrong.send(json.dumps({"type": "auth", "token": TOKEN + "x"}))
        self.assertEqual(json.loads(await wrong.recv())["type"], "auth_failed")
        with self.assertRaises(websockets.ConnectionClosed):
            await wrong.recv()
        self.assertEqual(wrong.close_code, 1008)
        with open("/proc/%d/cmdline" % bot.process.pid, "rb") as file:
            self.assertNotIn(TOKEN.encode(), file.read())
        worker = await self.connect()
        job = await self.job(worker)
        await worker.send(json.dumps({"type": "say " + TOKEN}))
        await worker.send(json.dumps({"type": "progress", "job_id": job["job_id"], "progress": 1, "message": TOKEN}))
        await worker.send(json.dumps({"type": "result", "job_id": TOKEN, "success": False, "error": "?"}))
        await worker.send(
            json.dumps({"type": "result", "job_id": job["job_id"], "success": False, "error": "refused " + TOKEN})
        )
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 1)
        self.assertIn("refused ***", stdout)
        self.assertNotIn(TOKEN, stdout + stderr)

    # --- with our own worker -----------------------------------------------------------------------------------------

    async def test_worker_and_bot_over_tls(self):
        if not has_tls():
            self.skipTest("needs OpenSSL")
        certificate, key = make_certificate(self.scratch)
        bot = await self.start("--cert", certificate, "--key", key, files=[PENGUINS, PENGUINS])
        with self.assertRaises((websockets.InvalidHandshake, OSError)):
            await websockets.connect(self.url)  # without TLS
        url = self.url.replace("ws:", "wss:")
        trusting = ssl.create_default_context(cafile=certificate)
        async with websockets.connect(url, ssl=trusting):
            pass
        worker = await Process().start(
            "worker", "--url", url, "--ca", certificate, "--model", MODEL, "--out", self.scratch
        )
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertEqual(stdout.count("10 of 344 rows"), 2)
        code, _, stderr = await worker.end()
        self.assertEqual(code, 0, stderr)
        for arguments in [["--cert", certificate], ["--key", key]]:
            self.assertEqual(programs.run("bot", "--port", "0", "--token", "t", "--predict", "f", *arguments).returncode, 2)
        wrong = ["--cert", key, "--key", certificate]
        self.assertEqual(programs.run("bot", "--port", "0", "--token", "t", "--predict", "f", *wrong).returncode, 1)

    async def test_the_job_of_a_worker_that_was_killed_is_done_by_the_next(self):
        async def start_worker(*arguments):
            return await Process().start("worker", "--url", self.url, "--model", MODEL, "--out", self.scratch, *arguments)

        bot = await self.start(files=[PENGUINS])
        killed = await start_worker("--repeat", "1000000")
        await bot.says(" % ")
        killed.process.kill()
        await killed.end()
        worker = await start_worker("--retries", "20")
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("10 of 344 rows", stdout)
        code, _, stderr = await worker.end()
        self.assertEqual(code, 0, stderr)

    async def test_a_worker_that_works_for_a_bot_that_restarted_serves_the_new_one(self):
        with open(self.path("large.csv"), "wb") as large:
            large.write(b"Beak Length (mm),Beak Depth (mm),Flipper Length (mm)\n" + b"1,2,3\n" * 10_000_000)
        bot = await self.start(files=[large.name])
        worker = await Process().start("worker", "--url", self.url, "--model", MODEL, "--out", self.scratch)
        await bot.says(" % ")
        bot.process.kill()
        await bot.end()
        bot = await self.start(files=[PENGUINS], port=self.port)
        code, stdout, stderr = await bot.end()
        self.assertEqual(code, 0, stderr)
        self.assertIn("10 of 344 rows", stdout)
        code, _, stderr = await worker.end()
        self.assertEqual(code, 0, stderr)


if __name__ == "__main__":
    programs.main()
