# SPDX-License-Identifier: MIT
"""worker against bots that refuse, stall, vanish, send again, restart, close with every code and talk nonsense."""

import asyncio
import contextlib
import errno
import fcntl
import http
import json
import os
import pty
import re
import signal
import ssl
import struct
import termios
import time
import unittest

import programs
from peers import Bot, Process, RawBot, greet, has_tls, job, make_certificate, make_expired_certificate, patiently
from peers import result, until, websockets
from programs import MODEL, PENGUINS, as_process_1, child_of

JOB = "job_0123456789ab"
LONG = ["--repeat", "1000000"]  # hours of work


class WorkerNetwork(unittest.IsolatedAsyncioTestCase, programs.TestCase):
    async def start(self, url, *arguments, out=None, model=MODEL, **options):
        common = ["--url", url, "--model", model, "--out", out or self.scratch]
        process = self.process = Process()
        self.addCleanup(process.kill)
        return await process.start("worker", *common, *arguments, **options)

    async def run_worker(self, url, *arguments, **options):
        return await (await self.start(url, *arguments, **options)).end()

    async def hold(self, fifo):
        """Waits until the worker reads the FIFO, and lets it wait; returns the end to write into."""

        def opened():
            try:
                return os.open(fifo, os.O_WRONLY | os.O_NONBLOCK)
            except OSError as error:
                self.assertEqual(error.errno, errno.ENXIO)  # nobody reads it yet

        return await until(opened)

    def written(self):
        """What tells that a file was written again; reading changes the time of access alone."""
        stats = {name: os.stat(self.path(name)) for name in self.files()}
        return {name: (stat.st_ino, stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}

    def files(self):
        return sorted(os.listdir(self.scratch))

    async def first_progress(self, connection, message=None):
        await connection.send(message or job())
        self.assertEqual(json.loads(await connection.recv())["type"], "progress")

    # --- every wait has an end ---------------------------------------------------------------------------------------

    async def test_every_wait_has_an_end(self):
        def one(steps, text, url=lambda u: u, arguments=()):
            async def attempt(limit):
                limits = ["--retries", "0", "--timeout", str(limit), "--idle", str(2 * limit)]
                async with RawBot(*steps) as bot:
                    code, _, stderr = await self.run_worker(url(bot.url), *limits, *arguments)
                    self.assertEqual(code, 1, stderr)
                    self.assertIn(text.format(step=limit, idle=2 * limit), stderr)

            return patiently(attempt)

        waits = [
            one([], "the WebSocket handshake: no answer within {step} s"),
            one([b"HTTP/1.1 101 Switching Proto"], "the WebSocket handshake: no answer within {step} s"),
            one(["handshake"], "authentication: no answer within {step} s"),
            one(["handshake", json.dumps({"type": "hello"})], "authentication: no answer within {step} s"),
            one(["handshake", "greeting"], "nothing was heard for {idle} s"),
            one(["handshake", "greeting", job()], "nothing was heard for {idle} s", arguments=LONG),
            one(["handshake", "greeting", job()], JOB + ": the result was not delivered", arguments=["--jobs", "1"]),
        ]
        if has_tls():
            waits.append(one([], "the TLS handshake: no answer within {step} s", lambda u: u.replace("ws:", "wss:")))
        await asyncio.gather(*waits)

    async def test_a_bot_that_answers_no_ping_does_not_keep_the_worker(self):
        class Mute(websockets.WebSocketServerProtocol):
            async def pong(self, data=b""):
                pass

            async def write_frame(self, fin, opcode, data, **more):
                if opcode != 10:  # a pong
                    await super().write_frame(fin, opcode, data, **more)

        async def scenario(connection, _):
            await result(connection, job())
            while True:
                await connection.send(json.dumps({"type": "heartbeat"}))
                await asyncio.sleep(0.2)

        async def attempt(limit):
            async with Bot(scenario, create_protocol=Mute, close_timeout=1) as bot:
                idle = ["--idle", str(2 * limit)]
                code, _, stderr = await self.run_worker(bot.url, "--jobs", "1", *idle, "--retries", "0")
                self.assertEqual(code, 1, stderr)
                self.assertIn("the peer answers no ping", stderr)
                self.assertIn(JOB + ": the result was not delivered", stderr)

        await patiently(attempt)

    async def test_a_bot_that_never_closes_does_not_keep_the_worker(self):
        # It takes the result and answers its ping, but not the close frame.
        class Deaf(websockets.WebSocketServerProtocol):
            async def write_close_frame(self, *_):
                await asyncio.sleep(600)

        async def scenario(connection, _):
            return await result(connection, job())

        async def attempt(limit):
            async with Bot(scenario, create_protocol=Deaf, close_timeout=2) as bot:
                step = ["--timeout", str(limit)]
                code, _, stderr = await self.run_worker(bot.url, "--jobs", "1", *step, "--retries", "0")
                self.assertEqual(code, 0, stderr)
                self.assertIn("delivery 1 of the result was received", stderr)

        await patiently(attempt)

    # --- the close code counts ---------------------------------------------------------------------------------------

    async def test_every_close_code_is_named_and_only_1000_is_a_goodbye(self):
        async def one(code, again):
            async def scenario(connection, _):
                await connection.close(code, "because of %d" % code)

            async with Bot(scenario) as bot:
                rc, _, stderr = await self.run_worker(bot.url, "--retries", "1")
                with self.subTest(code=code):
                    self.assertEqual(rc, 0 if code == 1000 else 1, stderr)
                    self.assertEqual(bot.connections, 2 if again else 1, stderr)
                    if code != 1014:  # Beast hides this one, which younger than it is
                        self.assertIn("code %d" % code, stderr)
                        self.assertIn("because of %d" % code, stderr)

        final = [1000, 1002, 1003, 1007, 1008, 1009, 1010]
        passing = [1001, 1011, 1012, 1013, 1014, 3000, 4000, 4999]
        for codes, again in [(final, False), (passing, True)]:
            await asyncio.gather(*(one(code, again) for code in codes))

    async def test_a_connection_that_ends_without_a_code_is_an_error(self):
        async def vanish(connection, _):
            connection.transport.abort()

        async def empty_close(connection, _):
            connection.transport.write(b"\x88\x00")
            await connection.wait_closed()

        for scenario, text in [(vanish, "the connection broke"), (empty_close, "code 1005 (no code)")]:
            async with Bot(scenario) as bot:
                code, _, stderr = await self.run_worker(bot.url, "--retries", "0")
                self.assertEqual(code, 1, stderr)
                self.assertIn(text, stderr)

    async def test_a_refused_handshake_names_its_http_status(self):
        async def one(status, again):
            async def refuse(path, headers):
                return http.HTTPStatus(status), [("Location", "http://elsewhere/")], b"no\n"

            async with Bot(None, process_request=refuse) as bot:
                code, _, stderr = await self.run_worker(bot.url, "--retries", "1")
                with self.subTest(status=status):
                    self.assertEqual(code, 1)
                    self.assertEqual(stderr.count("HTTP %d" % status), 2 if again else 1, stderr)

        statuses = [(200, 0), (301, 0), (401, 0), (403, 0), (404, 0), (429, 1), (500, 1), (502, 1), (503, 1)]
        await asyncio.gather(*(one(*status) for status in statuses))

    async def test_a_result_that_is_too_big_for_the_bot_is_an_error_that_names_the_file(self):
        async def scenario(connection, _):
            await result(connection, job())

        async with Bot(scenario, max_size=2000) as bot:
            code, _, stderr = await self.run_worker(bot.url, "--jobs", "1")
            self.assertEqual((code, bot.connections), (1, 1), stderr)
        self.assertIn("code 1009 (message too big)", stderr)
        self.assertIn(JOB + ": the result was not delivered", stderr)
        self.assertIn(os.path.join(self.scratch, "predictions_%s.csv" % JOB), stderr)

    # --- at least once -----------------------------------------------------------------------------------------------

    async def test_a_result_that_was_lost_is_sent_after_reconnecting(self):
        file = os.path.join(self.scratch, "predictions_%s.csv" % JOB)

        async def scenario(connection, number):
            if number > 1:
                return await result(connection)
            connection.transport.pause_reading()
            await connection.send(job())
            await self.process.says(JOB + ": 344 rows")  # it sends the result now, and nobody reads it
            connection.transport.abort()

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, "--jobs", "1")
        self.assertEqual((code, bot.connections), (0, 2), stderr)
        answer = json.loads(bot.value)
        self.assertEqual((answer["job_id"], answer["success"], answer["data"]["dataframe_rows"]), (JOB, True, 344))
        self.assertIn(JOB + ": delivery 2 of the result was received", stderr)
        self.assertIn(file, stderr)

    async def test_a_job_survives_a_lost_connection(self):
        model = self.path("model.json")
        os.mkfifo(model)  # the job waits until it can read its model
        end = None

        async def scenario(connection, number):
            nonlocal end
            if number == 1:
                await connection.send(job())
                end = await self.hold(model)
                return connection.transport.abort()
            with open(MODEL, "rb") as source, open(end, "wb") as sink:
                sink.write(source.read())
            return await result(connection)

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, "--jobs", "1", model=model)
        self.assertEqual((code, bot.connections), (0, 2), stderr)
        self.assertEqual(json.loads(bot.value)["data"]["dataframe_rows"], 344)

    async def test_a_job_delivered_twice_is_answered_twice_with_the_same_result(self):
        file = os.path.join(self.scratch, "predictions_%s.csv" % JOB)
        source = self.write("input.csv", open(PENGUINS, "rb").read())

        async def scenario(connection, _):
            first = await result(connection, job(source))
            before = os.stat(file)[:7]
            os.remove(source)
            second = await result(connection, job(source))
            self.assertEqual(os.stat(file)[:7], before)
            return first, second

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, "--jobs", "2")
        self.assertEqual(code, 0, stderr)
        self.assertEqual(*bot.value)
        self.assertIn("%s: received again; its file is complete: %s" % (JOB, file), stderr)

    async def test_a_result_that_was_asked_for_again_is_named_once_if_it_is_lost(self):
        async def scenario(connection, number):
            connection.transport.pause_reading()
            await connection.send(job())
            again = JOB + ": received again"
            await until(lambda: JOB + ": 344 rows" in self.process.stderr and self.process.stderr.count(again) == number - 1)
            connection.transport.abort()

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, "--retries", "2")
        self.assertEqual((code, bot.connections), (1, 3), stderr)
        self.assertEqual(stderr.count("the result was not delivered"), 1, stderr)

    async def test_a_restarted_worker_answers_from_the_file_without_computing_again(self):
        features = "Beak Length (mm),Beak Depth (mm),Flipper Length (mm)"
        inputs = {
            "penguins": open(PENGUINS, "rb").read(),
            "empty": (features + "\n").encode(),
            "gaps": (features + ",note\n,1,2,\n1,,2,\"\"\n").encode(),
            "mixed": ("id," + features + ",note\n007,1,2,3,\"a,\"\"b\"\"\"\nx,1.50,2e3,-0,\u00e9\n+49,1,2,3,nan\n").encode(),
        }

        async def ask(connection, _):
            return [await result(connection, job(self.path(name), "job_" + name)) for name in inputs]

        for name, content in inputs.items():
            self.write(name, content)
        async with Bot(ask) as bot:
            code, _, stderr = await self.run_worker(bot.url)
            self.assertEqual(code, 0, stderr)
            first = bot.value
            before = {name: seen for name, seen in self.written().items() if name.startswith("predictions_")}
            for name in inputs:
                os.remove(self.path(name))
            code, _, stderr = await self.run_worker(bot.url, model="/no/model")
            self.assertEqual(code, 0, stderr)
        self.assertEqual(stderr.count("received again, and its file is complete"), len(inputs), stderr)
        for one, other in zip(first, bot.value):
            self.assertTrue(json.loads(one)["success"], one)
            self.assertEqual(one, other)
        self.assertEqual(before, self.written())

    async def test_a_file_of_somebody_else_is_never_taken_for_a_result(self):
        for content in ["mine\n", "", "a,b\n1,2\n", "prediction,a\n1,2\n", 'a,"b\n']:
            file = self.write("predictions_%s.csv" % JOB, content)

            async def scenario(connection, _):
                return await result(connection, job())

            async with Bot(scenario) as bot:
                code, _, stderr = await self.run_worker(bot.url, "--jobs", "1")
            self.assertEqual(code, 0, stderr)
            error = json.loads(bot.value)["error"]
            self.assertIn("artifact_exists", error)
            self.assertIn("Use another job id or remove the file; nothing", error)
            with open(file, encoding="utf-8") as kept:
                self.assertEqual(kept.read(), content)

    # --- reconnecting ------------------------------------------------------------------------------------------------

    async def test_a_bot_that_restarts_finds_its_worker_again(self):
        async def scenario(connection, _):
            await connection.wait_closed()

        async with Bot(scenario) as bot:
            process = await self.start(bot.url)
            await process.says("connected")

        async def again(connection, _):
            text = await result(connection, job())
            await connection.close()
            return text

        async with Bot(again, port=bot.port) as bot:
            code, _, stderr = await process.end()
        self.assertEqual(code, 0, stderr)
        self.assertTrue(json.loads(bot.value)["success"])
        self.assertIn("code 1001 (going away)", stderr)
        self.assertIn("connecting again in", stderr)

    async def test_it_gives_up_after_growing_pauses(self):
        begin = time.monotonic()
        code, _, stderr = await self.run_worker("ws://127.0.0.1:1/", "--retries", "3")
        self.assertEqual(code, 1)
        self.assertEqual(stderr.count("Connection refused"), 4)
        pauses = [float(line.split(" in ")[1].split()[0]) for line in stderr.splitlines() if "connecting again" in line]
        self.assertEqual(len(pauses), 3)
        for pause, most in zip(pauses, [0.5, 1, 2]):
            self.assertTrue(most / 2 - 0.06 <= pause <= most + 0.06, pauses)
        self.assertGreaterEqual(time.monotonic() - begin, sum(pauses) - 0.2)
        self.assertIn("giving up: 4 in a row failed", stderr)

    # --- an orderly end ----------------------------------------------------------------------------------------------

    async def stop(self, number, prefix=()):
        """Stops a worker in the middle of hours of work."""

        async def scenario(connection, _):
            await self.first_progress(connection)
            await connection.send(job(job_id="job_that_waits"))
            await (await connection.ping())  # its answer says that the job was read
            pid = self.process.process.pid
            os.kill(child_of(pid) if prefix else pid, number)
            answers = [await result(connection), await result(connection)]
            await connection.wait_closed()
            return answers, connection.close_code

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, *LONG, prefix=prefix)
        self.assertEqual(code, 0, stderr)
        texts, close_code = bot.value
        self.assertEqual(close_code, 1001)
        answers = [json.loads(text) for text in texts]
        self.assertEqual(sorted(answer["job_id"] for answer in answers), [JOB, "job_that_waits"])
        for answer in answers:
            self.assertIs(answer["success"], False)
            self.assertIn("[curtail.cancelled] the worker was stopped", answer["error"])
        self.assertEqual(self.files(), [])

    async def test_sigterm_and_sigint_stop_the_job_and_tell_the_bot(self):
        await self.stop(signal.SIGTERM)
        await self.stop(signal.SIGINT)

    async def test_signals_stop_process_1_too(self):
        prefix = as_process_1()
        if prefix is None:
            self.skipTest("needs unshare")
        await self.stop(signal.SIGTERM, prefix)
        await self.stop(signal.SIGINT, prefix)

    async def test_an_idle_worker_and_one_that_waits_to_reconnect_end_at_once(self):
        async def scenario(connection, _):
            await connection.wait_closed()
            return connection.close_code

        async with Bot(scenario) as bot:
            idle = await self.start(bot.url)
            waiting = await self.start("ws://127.0.0.1:1/", "--retries", "100")
            await idle.says("connected")
            await waiting.says("connecting again")
            for process in idle, waiting:
                process.process.send_signal(signal.SIGTERM)
            for process in idle, waiting:
                code, _, stderr = await process.end()
                self.assertEqual(code, 0, stderr)
                self.assertTrue(stderr.endswith("stopping after signal 15\n"), stderr)  # and nothing is done after it
        self.assertEqual(bot.value, 1001)

    async def test_a_second_signal_ends_at_once(self):
        model = self.path("model.json")
        os.mkfifo(model)  # nothing is written: the job cannot notice the first signal

        async def scenario(connection, _):
            await connection.send(job())
            await connection.wait_closed()

        async with Bot(scenario) as bot:
            process = await self.start(bot.url, "--timeout", "600", model=model)
            self.addCleanup(os.close, await self.hold(model))
            process.process.send_signal(signal.SIGTERM)
            await process.says("stopping after signal 15")
            process.process.send_signal(signal.SIGINT)
            code, _, stderr = await process.end()
            self.assertEqual(code, 128 + signal.SIGINT, stderr)

            # And without a second one it ends a little later.
            process = await self.start(bot.url, "--timeout", "1", "--retries", "100", model=model)
            self.addCleanup(os.close, await self.hold(model))
            process.process.send_signal(signal.SIGTERM)
            code, _, stderr = await process.end()
            self.assertEqual(code, 1, stderr)

    async def test_cancel_stops_the_running_or_the_waiting_job(self):
        async def scenario(connection, _):
            await self.first_progress(connection)
            await connection.send(job(job_id="job_that_waits"))
            await connection.send(json.dumps({"type": "cancel", "job_id": "job_unknown"}))
            await connection.send(json.dumps({"type": "cancel", "job_id": "job_that_waits"}))
            answers = [json.loads(await result(connection))]
            await connection.send(json.dumps({"type": "cancel", "job_id": JOB}))
            answers.append(json.loads(await result(connection)))
            self.assertEqual(self.files(), [])
            missing = json.loads(await result(connection, job("/no/file", "job_at_the_end")))
            self.assertIn("No such file", missing["error"])
            return answers

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, *LONG)
        self.assertEqual(code, 0, stderr)
        self.assertEqual([answer["job_id"] for answer in bot.value], ["job_that_waits", JOB])
        for answer in bot.value:
            self.assertEqual(answer["error"], "[curtail.cancelled] the bot cancelled the job")
        self.assertIn("cancel job_unknown: there is no such job", stderr)

    async def test_a_bot_that_cancels_and_says_goodbye_has_got_what_it_wants(self):
        async def scenario(connection, _):
            await self.first_progress(connection)
            await connection.send(json.dumps({"type": "cancel", "job_id": JOB}))

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url, *LONG)
        self.assertEqual((code, bot.connections), (0, 1), stderr)

    # --- messages that nobody knows ----------------------------------------------------------------------------------

    async def test_unknown_messages_are_passed_over(self):
        async def scenario(connection, _):
            await connection.send(json.dumps({"type": "heartbeat\u001b[31m", "n": 1}))
            await connection.send(json.dumps({"type": "log" + "g" * 10_000}))
            await connection.send(b"\x00\xff\xfe binary")
            await connection.send('{"type":"job","job_id":"job_surrogate","action":"predict","params":{"file_path":"\\ud800"}}')
            await connection.send("x" * 3_000_000)
            await connection.send("")
            await connection.send(["in ", "fragments"])
            return json.loads(await result(connection)), json.loads(await result(connection, job()))

        async with Bot(scenario) as bot:
            code, _, stderr = await self.run_worker(bot.url)
        self.assertEqual(code, 0, stderr)
        broken, good = bot.value
        self.assertEqual(broken["job_id"], "job_surrogate")
        self.assertIn("malformed job", broken["error"])
        self.assertTrue(good["success"])
        self.assertEqual(stderr.count("passing over a message that names no job"), 3)
        self.assertIn("passing over a message of type 'heartbeat", stderr)
        self.assertIn("passing over a message of 3,000,000 bytes", stderr)
        self.assertNotIn("\x1b", stderr)
        self.assertLess(len(stderr), 10_000)

    async def test_more_jobs_than_can_wait_are_refused(self):
        async def scenario(connection, _):
            await self.first_progress(connection)
            for number in range(101):
                await connection.send(job(job_id="job_%d" % number))
            answer = json.loads(await result(connection))
            self.assertEqual((answer["job_id"], answer["error"]), ("job_100", "too many jobs are waiting"))

        async with Bot(scenario) as bot:
            process = await self.start(bot.url, *LONG, "--retries", "0")
            await process.end()

    # --- secrets -----------------------------------------------------------------------------------------------------

    async def test_the_token_is_read_from_the_environment_or_a_file(self):
        async def scenario(connection, _):
            return (await greet(connection))["token"]

        file = self.write("token", "from-a-file\r\n")
        async with Bot(scenario, greeting=False) as bot:
            for token, arguments, expected in [
                ("from-the-environment", [], "from-the-environment"),
                (None, ["--token-file", file], "from-a-file"),
                ("from-the-environment", ["--token-file", file], "from-a-file"),
                ("from-the-environment", ["--token", "given"], "given"),
            ]:
                code, _, stderr = await self.run_worker(bot.url, *arguments, token=token)
                self.assertEqual((code, bot.value), (0, expected), stderr)
        for arguments in [], ["--token", "a", "--token-file", file], ["--token="]:
            code, _, stderr = await self.run_worker("ws://127.0.0.1:1/", *arguments, token=None)
            self.assertEqual(code, 2, stderr)
        for content in "", "\n", b"\xff\xfe-token":
            code, _, stderr = await self.run_worker("ws://127.0.0.1:1/", "--token-file", self.write("empty", content))
            self.assertIn(code, (1, 2), stderr)
            self.assertIn("token", stderr.split("\n")[0])
            self.assertIn("not UTF-8" if isinstance(content, bytes) else "empty", stderr)

    async def test_the_token_is_in_no_list_of_processes_and_in_no_log(self):
        token = "T0ken/with+signs=="
        seen = []

        async def scenario(connection, number):
            auth = json.loads(await connection.recv())
            self.assertEqual(auth["token"], token)
            if number == 1:
                await connection.send(json.dumps({"type": "auth_failed", "error": "x" * 490 + "no " + token}))
                await connection.wait_closed()
            else:
                await connection.send(json.dumps({"type": "auth_response", "success": True}))
                await connection.send(json.dumps({"type": "to " + token}))
                await connection.send(job(job_id="job_" + "x" * 70, action="do " + token))
                await result(connection)
                await connection.close(1008, "go away, " + token)

        async with Bot(scenario, greeting=False) as bot:
            for _ in range(2):
                process = await self.start(bot.url + "chat?token=" + token + "&x=URLSECRET", token=token)
                with open("/proc/%d/cmdline" % process.process.pid, "rb") as file:
                    seen.append(file.read().decode().replace("?token=" + token, ""))
                code, stdout, stderr = await process.end()
                self.assertEqual(code, 1)
                seen.append(stdout + stderr)
        for url in [
            "ws://user:%s@127.0.0.1:1/" % token,
            "ws://127.0.0.1:1/%s?token=%s#%s" % (token, token, token),
            "wss://127.0.0.1:1?token=" + token,
            "http://%s@127.0.0.1/" % token,
            "ws://127.0.0.1:%s/" % token,
            "ws:// %s" % token,
        ]:
            code, _, stderr = await self.run_worker(url, "--retries", "0", token="another")
            self.assertEqual(code, 1, url)
            seen.append(stderr)
        for text in seen:
            self.assertNotIn(token, text)
            self.assertNotIn(token[:8], text)
            self.assertNotIn("URLSECRET", text if "curtail" not in text else "")

    # --- TLS ---------------------------------------------------------------------------------------------------------

    async def test_tls_with_a_trusted_certificate_and_no_other(self):
        if not has_tls():
            self.skipTest("needs OpenSSL")
        good, good_key = make_certificate(self.scratch)
        named, named_key = make_certificate(self.scratch, "localhost")
        other, other_key = make_certificate(self.scratch, "elsewhere")
        expired, expired_key = make_expired_certificate(self.scratch)

        async def scenario(connection, _):
            return await result(connection, job())

        async def serve(certificate, key, host, *arguments):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            os.makedirs(self.path("out"), exist_ok=True)
            async with Bot(scenario, ssl=context) as bot:
                code, _, stderr = await self.run_worker(
                    bot.url.replace("127.0.0.1", host), "--jobs", "1", *arguments, out=self.path("out")
                )
                return code, bot.connections, stderr

        for certificate, key, host in [(good, good_key, "127.0.0.1"), (named, named_key, "localhost")]:
            code, connections, stderr = await serve(certificate, key, host, "--ca", certificate)
            self.assertEqual((code, connections), (0, 1), stderr)
        for certificate, key, arguments, reason in [
            (good, good_key, [], "self"),
            (good, good_key, ["--ca", other], "self"),
            (other, other_key, ["--ca", other], "it is not for 127.0.0.1"),
            (expired, expired_key, ["--ca", expired], "certificate has expired"),
        ]:
            code, connections, stderr = await serve(certificate, key, "127.0.0.1", *arguments)
            self.assertEqual((code, connections), (1, 0), stderr)
            self.assertIn("the certificate is not trusted: " + reason, stderr)
        code, _, stderr = await self.run_worker("wss://127.0.0.1:1/", "--ca", self.path("none.pem"))
        self.assertEqual(code, 1)
        self.assertIn("none.pem", stderr)

    # --- progress ----------------------------------------------------------------------------------------------------

    async def show_progress(self, columns, enough):
        """Returns the bars that a terminal of that width shows until `enough` matches."""
        ours, theirs = pty.openpty()
        os.set_blocking(ours, False)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        shown = b""

        async def scenario(connection, _):
            nonlocal shown
            await self.first_progress(connection)
            for _ in range(1200):  # a minute
                if re.search(enough, shown):
                    break
                await asyncio.sleep(0.05)
                with contextlib.suppress(BlockingIOError):
                    shown += os.read(ours, 1 << 20)
            await connection.send(json.dumps({"type": "cancel", "job_id": JOB}))
            await result(connection)

        async with Bot(scenario) as bot:
            process = await asyncio.create_subprocess_exec(
                programs.program("worker"),
                *["--url", bot.url, "--model", MODEL, "--out", self.scratch, "--repeat", "20000"],
                env={**os.environ, "CURTAIL_TOKEN": "secret", "TERM": "xterm"},
                stderr=theirs,
            )
            os.close(theirs)
            try:
                await asyncio.wait_for(process.wait(), 120)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                os.close(ours)
        whole = shown[: shown.rindex(b"\r")].decode("utf-8")  # what comes last may have been read in part
        return [part for part in whole.split("\r\x1b[K") if part.startswith(JOB)]

    async def test_a_terminal_shows_a_bar(self):
        bars = await self.show_progress(100, rb" left\r")
        self.assertRegex(bars[-1], r"^job_\w+: +\d+ % \[#*\.*\] [\d,]+ rows, [\d,]+ rows/s, \d+ (s|min) left$")
        self.assertLess(max(map(len, bars)), 100)
        narrow = await self.show_progress(40, rb"(?s)(job_.*?\r\x1b\[K){5}")
        self.assertLess(max(map(len, narrow)), 40)

    async def test_a_log_has_lines_instead(self):
        async def scenario(connection, _):
            await self.first_progress(connection)
            await self.process.says(" rows/s")
            await connection.send(json.dumps({"type": "cancel", "job_id": JOB}))
            await result(connection)

        async with Bot(scenario) as bot:
            _, _, stderr = await self.run_worker(bot.url, *LONG)
        self.assertRegex(stderr, r"(?m)^worker: %s: +\d+ % [\d,]+ rows, [\d,]+ rows/s".replace("%s", JOB, 1))
        self.assertNotIn("\r", stderr)


if __name__ == "__main__":
    programs.main()
