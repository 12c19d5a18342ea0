# SPDX-License-Identifier: MIT
"""The bot's half: every known message through Receiver, as a dict for old handlers, as text, and the guard."""
import copy
import json
import os
import pickle
import random
import resource
import subprocess
import sys

import numpy as np

import curtail
from module_case import SEED, ModuleCase, main

OLD = {"type": "result", "job_id": "job_1", "success": True, "data": {
    "predictions": [1.5, float("nan"), 3], "count": 3,
    "dataframe": [{"a": 1, "t": "x"}, {"a": None, "t": "ß"}, {"a": 3, "t": "<b>"}]}}


def received(message, pieces=None):
    receiver = curtail.Receiver()
    data = message if isinstance(message, (bytes, str)) else json.dumps(message)
    step = pieces or len(data)
    for at in range(0, len(data), step):
        receiver.feed(data[at:at + step])
    return receiver.finish()


class Bot(ModuleCase):
    def test_a_message_of_a_split_comes_back(self):
        table = {"a": np.arange(50), "t": ["é"] * 50}
        result, message, _ = self.split(table, np.linspace(0, 1, 50))
        for pieces in (1, 7, 1000):
            payload = received(result.message, pieces)
            self.assertEqual(payload, result.payload)
            self.assertEqual(payload.to_dict(), message["data"])
            self.assertEqual(payload.to_message(), message)
        self.assertEqual((payload.form, payload.success, payload.job_id), ("bounded", True, "job_1"))
        self.assertEqual((payload.rows, payload.predictions_count, payload.columns), (50, 50, ["a", "t"]))
        self.assertEqual(payload.sample[1], {"a": 1, "t": "é"})
        self.assertEqual(payload.predictions_sample[0], {"prediction": 0.0})
        self.assertEqual(payload.prediction_stats[0]["n_rows"], 50)
        self.assertEqual(payload.output_file, str(result.path))
        self.assertEqual(payload.output_bytes, result.bytes)
        self.assertIn("50 rows", repr(payload))

    def test_an_old_message_fits_the_keys_of_a_new_one(self):
        payload = received(OLD, 5)
        data = payload.to_dict()
        self.assertEqual(payload.form, "complete")
        self.assertEqual(data["predictions_sample"], [1.5, None, 3])
        self.assertEqual(data["predictions_count"], 3)
        self.assertEqual(data["dataframe_sample"], OLD["data"]["dataframe"])
        self.assertEqual((data["dataframe_rows"], data["dataframe_columns"]), (3, ["a", "t"]))
        self.assertIn("output_file", data)

    def test_a_cell_that_was_cut_is_a_text(self):
        text = ('{"type": "result", "success": true, "data": {"predictions": [%s], "dataframe": [{"n": %s, "l": [%s]}]}}'
                % tuple(["1" * 2000] * 3))
        payload = received(text)
        for cell in (payload.sample[0]["n"], payload.sample[0]["l"], payload.predictions_sample[0]["prediction"]):
            self.assertTrue(isinstance(cell, str) and cell.endswith("1…"), cell)

    def test_an_integer_of_too_many_digits_for_python_is_a_text(self):
        digits = "9" * 5000
        text = ('{"type": "result", "success": true, "data": {"predictions": [1, %s], "dataframe": '
                '[{"n": 7, "l": [1, %s]}, {"n": %s, "l": []}]}}' % (digits, digits, digits))
        receiver = curtail.Receiver(max_cell_bytes=10_000)
        receiver.feed(text)
        payload = receiver.finish()
        self.assertEqual(payload.sample, [{"n": 7, "l": [1, digits]}, {"n": digits, "l": []}])
        self.assertEqual(payload.to_dict()["dataframe_sample"][0]["n"], 7)
        self.assertEqual(payload.predictions_sample[1], {"prediction": digits})

    def test_a_message_without_a_result(self):
        failure = received(curtail.failure_message("job_1", "no disk"))
        self.assertEqual((failure.form, failure.success, failure.error), ("failure", False, "no disk"))
        self.assertEqual(failure.to_dict(), {"type": "result", "job_id": "job_1", "success": False, "error": "no disk"})
        path = os.fsdecode(b"/data/caf\xe9.csv")  # a name that is not UTF-8, as an OSError's text has it
        self.assertEqual(received(curtail.failure_message("job_1", f"no {path}")).error, "no /data/caf?.csv")
        self.assertEqual(received(curtail.progress_message("job_1", 45, path)).progress_text, "/data/caf?.csv")
        progress = received(curtail.progress_message("job_1", 45, "45 rows"))
        self.assertEqual((progress.form, progress.percent, progress.status, progress.progress_text),
                         ("progress", 45, "saving", "45 rows"))
        self.assertEqual(progress.to_dict()["progress"], 45)
        other = received({"type": "heartbeat"})
        self.assertEqual((other.form, other.type, other.to_dict()["type"]), ("other", "heartbeat", "heartbeat"))

    def test_payloads_and_results_are_pickled_and_copied_whole(self):
        r = random.Random(SEED)
        table = {"a": np.arange(60), "t": ["é" * r.randrange(2000) for _ in range(60)], "b": [2**63, 2**70, None] * 20}
        split = self.split(table, np.array([["x", i] for i in "abc" * 20], object), name=["p", "q"], max_bytes=4000)[0]
        parts = [curtail.split_part(table, np.arange(60.0), "job_2", self.scratch, number=i, of=3, sample="random")
                 for i in range(2)]
        merged = curtail.merge(parts, "job_2", missing="answer", sample="random")
        normal = self.split({"a": np.arange(70_000)}, np.random.default_rng(1).normal(size=70_000), gzip=True)[0]
        self.assertTrue(split.payload.truncated and split.payload.to_dict()["cells_truncated"])
        self.assertTrue(merged.payload.parts_missing and merged.payload.notes and merged.payload.sample_row_numbers)
        payloads = [split.payload, merged.payload, normal.payload, received(OLD), curtail.Receiver().partial(),
                    received(curtail.failure_message("job_1", "no disk")), received({"type": "heartbeat", "error": "e"}),
                    received(curtail.progress_message("job_1", 45.5, "45 rows", "saving")),
                    received({"type": "result", "success": True, "data": {"output_file": "/f", "row_count": 3}}),
                    received({"type": "result", "success": True, "data": {"dataframe": [{"a": [1, {"k": None}]}, {}],
                                                                          "artifact_error": "no disk",
                                                                          "artifact_error_permanent": False}})]
        for payload in payloads:
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
                self.assertEqual(pickle.loads(pickle.dumps(payload, protocol)), payload)
            for same in (copy.copy(payload), copy.deepcopy(payload), copy.deepcopy([payload])[0]):
                self.assertEqual(same, payload)
                self.assertEqual((same.to_dict(), same.sample), (payload.to_dict(), payload.sample))
        for result in (split, merged, normal):
            self.assertEqual(pickle.loads(pickle.dumps(result)), result)
            self.assertEqual(copy.deepcopy(result), result)

    def test_a_state_that_is_no_payloads_is_refused(self):
        state = received(OLD).__getstate__()
        for wrong in (state[:-1], state + (1,), (77,) + state[1:], ("bounded",) + state[1:], None, 5,
                      state[:1] + (b"\xff",) + state[2:], state[:5] + ("columns",) + state[6:]):
            with self.subTest(wrong), self.assertRaises((ValueError, TypeError, RuntimeError)):
                curtail.Payload.__new__(curtail.Payload).__setstate__(wrong)

    def test_several_messages_of_one_stream(self):
        stream = b" ".join([json.dumps(OLD).encode(), curtail.failure_message("job_2", "x")]) + b"\n"
        receiver, jobs = curtail.Receiver(), []
        view = memoryview(bytearray(stream))
        while len(view):
            view = view[receiver.feed_some(view):]
            if receiver.complete:
                jobs.append(receiver.take().job_id)
        self.assertEqual(jobs, ["job_1", "job_2"])
        self.assertFalse(receiver.begun)

    def test_broken_messages(self):
        for message, code in ((b"<html>", "malformed_message"), (b'{"type":', "incomplete_message"),
                              (b"[" * 100, "message_limit"), (b"{}", "malformed_message")):
            with self.assertRaises(curtail.MessageError) as caught:
                received(message)
            self.assertEqual(caught.exception.code, code)
            self.assertTrue(caught.exception.permanent)
            self.assertIsInstance(caught.exception.offset, int)
            self.assertIsInstance(caught.exception, ValueError)
        receiver = curtail.Receiver()
        receiver.feed(json.dumps(OLD)[:-30])
        self.assertEqual(receiver.partial().job_id, "job_1")
        with self.assertRaises(TypeError):
            receiver.feed(5)

    def test_memory_does_not_grow_with_the_message(self):
        program = """
import json, resource, curtail
receiver = curtail.Receiver()
row = json.dumps({f"column {i}": "text" * 20 for i in range(20)}).encode() + b","
chunk = row * 500
receiver.feed(b'{"type":"result","job_id":"job_1","success":true,"data":{"count":0,"predictions":[],"dataframe":[')
receiver.feed(chunk)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(100):
    receiver.feed(chunk)
receiver.feed(row[:-1] + b"]}}")
payload = receiver.finish()
assert payload.rows == 101 * 500 + 1, payload.rows
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(chunk) * 101)
"""
        done = subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.PIPE)
        grown, size = (int(part) for part in done.stdout.split())
        self.assertGreater(size, 90_000_000)
        self.assertLess(grown, 8_000)

    def test_all_renderers_keep_their_limit(self):
        r = random.Random(SEED)
        payload = received({**OLD, "data": {**OLD["data"], "dataframe": [
            {f"c{i}": "".join(chr(r.randrange(32, 0x2FFF)) for _ in range(40)) for i in range(9)} for _ in range(30)]}})
        for form in ("text", "telegram-html", "telegram-markdown", "markdown", "slack"):
            text = curtail.render(payload, form)
            self.assertIn("30", text)
            self.assertLess(len(curtail.render(payload, form, max_rows=1)), len(text))
            short = curtail.render(payload, form, limit=300, unit="bytes", max_bytes=900)
            self.assertLessEqual(len(short.encode()), 900)
        html = curtail.render(received(OLD), "telegram-html", limit=4096)
        self.assertIn("&lt;b&gt;", html)
        self.assertNotIn("<b><b>", html)
        self.assertEqual(curtail.render(self.split({"a": [1]})[0], max_width=60).count("\x1b"), 0)
        for wrong in ({"form": "pdf"}, {"form": "text", "unit": "miles"}):
            with self.assertRaisesRegex(curtail.UsageError, "there is no"):
                curtail.render(payload, **wrong)

    def test_the_guard(self):
        guard = curtail.SizeGuard(100)
        for fits in (b"x" * 99, "x" * 99, {"a": "é"}, [1, 2], bytearray(5)):
            guard.check(fits)
            self.assertTrue(guard.accepts(fits))
        for large in (b"x" * 100, "é" * 50, {"a": "x" * 100}, list(range(100))):
            self.assertFalse(guard.accepts(large))
            with self.assertRaises(curtail.PayloadTooLarge) as caught:
                guard.check(large)
            self.assertEqual((caught.exception.limit, caught.exception.code), (100, "payload_too_large"))
            self.assertGreaterEqual(caught.exception.actual, 100)
        self.assertTrue(guard.accepts(message=b""))
        self.assertFalse(curtail.SizeGuard(100, encoding="base64").accepts(b"x" * 76))
        self.assertTrue(curtail.SizeGuard().accepts(b"x" * 999_999))
        with self.assertRaises(curtail.UsageError):
            curtail.SizeGuard(100, encoding="rot13")


if __name__ == "__main__":
    main()
