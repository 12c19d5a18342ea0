# SPDX-License-Identifier: MIT
"""Bots for the tests of worker: one that speaks the conversation, and raw ones that stop in the middle of it."""

import asyncio
import base64
import codecs
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import programs

try:
    import websockets
except ImportError:
    print("skipped: needs python3-websockets")
    sys.exit(programs.SKIPPED)


def job(file_path=programs.PENGUINS, job_id="job_0123456789ab", **more):
    params = {"model_id": "penguins", "file_path": file_path, "feature_columns": []}
    return json.dumps({"type": "job", "job_id": job_id, "action": "predict", "params": params, **more})


async def greet(connection):
    """Authenticates a worker; returns its first message."""
    auth = json.loads(await connection.recv())
    await connection.send(json.dumps({"type": "auth_response", "success": True, "user_id": 7}))
    await connection.send(json.dumps({"type": "connected", "message": "hello"}))
    return auth


async def result(connection, message=None):
    """Sends a job, if given; returns the text of the next result."""
    if message is not None:
        await connection.send(message)
    while True:
        text = await asyncio.wait_for(connection.recv(), 60)
        if json.loads(text)["type"] == "result":
            return text


async def until(condition, within=60):
    """Waits until `condition()` is true; returns what it returned."""
    end = time.monotonic() + within
    while not (value := condition()):
        assert time.monotonic() < end, "nothing came within %d s" % within
        await asyncio.sleep(0.01)
    return value


async def patiently(attempt):
    """Awaits `attempt(limit)`, with a longer limit in seconds after a failure: a busy machine can miss a short one."""
    for limit in 1, 3, 9:
        try:
            return await attempt(limit)
        except Exception:
            if limit == 9:
                raise


class Process:
    """A program that runs beside the test."""

    def __init__(self):
        self.process, self.reading = None, None
        self.stdout, self.stderr = "", ""

    async def read(self, name):
        decoder = codecs.getincrementaldecoder("utf-8")()
        while piece := await getattr(self.process, name).read(1 << 16):
            setattr(self, name, getattr(self, name) + decoder.decode(piece))

    async def start(self, name, *arguments, prefix=(), token="secret-token", **options):
        environment = {k: v for k, v in os.environ.items() if k != "CURTAIL_TOKEN"}
        if token is not None:
            environment["CURTAIL_TOKEN"] = token
        pipe = asyncio.subprocess.PIPE
        self.process = await asyncio.create_subprocess_exec(
            *prefix, programs.program(name), *arguments, env=environment, stdout=pipe, stderr=pipe, **options
        )
        self.reading = asyncio.gather(self.read("stdout"), self.read("stderr"))
        return self

    async def says(self, part):
        """Waits until stderr has that text."""
        await until(lambda: part in self.stderr or (self.reading is not None and self.reading.done()))
        assert part in self.stderr, self.stderr

    async def end(self):
        """Returns exit code, stdout and stderr."""
        try:
            await asyncio.wait_for(asyncio.gather(self.process.wait(), self.reading), 60)
        except BaseException:
            self.kill()
            raise
        return self.process.returncode, self.stdout, self.stderr

    def kill(self):
        if self.process is not None and self.process.returncode is None:
            self.process.kill()


class Bot:
    """Serves each connection with `scenario(connection, number)`, after the greeting unless told otherwise."""

    def __init__(self, scenario, greeting=True, port=0, **options):
        self.scenario, self.greeting, self.wanted_port, self.options = scenario, greeting, port, options
        self.connections = 0
        self.value = None
        self.error = None

    async def handle(self, connection, path="/"):
        self.connections += 1
        try:
            if self.greeting:
                await greet(connection)
            value = await self.scenario(connection, self.connections)
            self.value = value if value is not None else self.value
        except websockets.ConnectionClosed:
            pass
        except BaseException as error:
            self.error = error
            raise

    async def __aenter__(self):
        self.server = await websockets.serve(self.handle, "127.0.0.1", self.wanted_port, **self.options)
        self.port = self.server.sockets[0].getsockname()[1]
        scheme = "wss" if self.options.get("ssl") else "ws"
        self.url = "%s://127.0.0.1:%d/" % (scheme, self.port)
        return self

    async def __aexit__(self, *_):
        self.server.close()
        await self.server.wait_closed()
        if self.error is not None:
            raise self.error


class RawBot:
    """Reads what comes and answers with bytes: a handshake and frames, or nothing at all."""

    def __init__(self, *steps):
        self.steps = steps  # "handshake", "greeting", "job", and then silence

    @staticmethod
    def frame(text):
        data = text.encode()
        assert len(data) < 65536
        return b"\x81" + (bytes([len(data)]) if len(data) < 126 else b"\x7e" + len(data).to_bytes(2, "big")) + data

    async def handle(self, reader, writer):
        self.writers.append(writer)
        for step in self.steps:
            if step == "handshake":
                request = await reader.readuntil(b"\r\n\r\n")
                key = [l.split(b": ")[1] for l in request.split(b"\r\n") if l.lower().startswith(b"sec-websocket-key")][0]
                accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
                writer.write(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
                )
            elif step == "greeting":
                writer.write(self.frame(json.dumps({"type": "auth_response", "success": True})))
            else:
                writer.write(self.frame(step) if isinstance(step, str) else step)
        await asyncio.sleep(600)  # neither reads nor answers pings

    async def __aenter__(self):
        self.writers = []
        self.server = await asyncio.start_server(self.handle, "127.0.0.1", 0, limit=4096)
        self.url = "ws://127.0.0.1:%d/" % self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self.server.close()
        for writer in self.writers:
            writer.transport.abort()


def make_certificate(directory, name="127.0.0.1"):
    """Returns the paths of a self-signed certificate and its key."""
    certificate, key = os.path.join(directory, name + ".pem"), os.path.join(directory, name + ".key")
    kind = "IP" if name[0].isdigit() else "DNS"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        + ["-subj", "/CN=curtail", "-addext", "subjectAltName=%s:%s" % (kind, name), "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    return certificate, key


OLD_AUTHORITY = """[ca]
default_ca = old
[old]
database = %(directory)s/index
rand_serial = yes
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def make_expired_certificate(directory):
    """Does the same for 127.0.0.1, but the certificate was good on one day of 2020."""
    paths = {name: os.path.join(directory, "expired." + name) for name in ["pem", "key", "request", "conf"]}
    with open(paths["conf"], "w") as conf:
        conf.write(OLD_AUTHORITY % {"directory": directory})
    open(os.path.join(directory, "index"), "w").close()
    for command in [
        ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=curtail"]
        + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", paths["key"], "-out", paths["request"]],
        ["ca", "-config", paths["conf"], "-selfsign", "-batch", "-md", "sha256", "-notext", "-outdir", directory]
        + ["-keyfile", paths["key"], "-in", paths["request"], "-out", paths["pem"]]
        + ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"],
    ]:
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    return paths["pem"], paths["key"]


def has_tls():
    """Returns true if the programs were built with TLS and certificates can be made."""
    done = programs.run("worker", "--url", "wss://127.0.0.1:1/", "--token", "t", "--model", "m", "--retries", "0")
    return b"without TLS" not in done.stderr and shutil.which("openssl") is not None
