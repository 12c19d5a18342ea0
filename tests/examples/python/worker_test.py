# SPDX-License-Identifier: MIT
"""A worker and a bot that exist: their functions as they were, and with the module in place of their lines."""
import json
import os
import pickle

import numpy as np
import pandas as pd

import curtail
from module_case import ModuleCase, main


def create_result_message(job_id, success, data=None, error=None):
    """The worker's own."""
    message = {"type": "result", "job_id": job_id, "success": success}
    if data is not None:
        message["data"] = data
    if error is not None:
        message["error"] = error
    return message


def old_worker(df, predictions, job_id):
    """Sends all rows: what the bot died of."""
    return create_result_message(job_id, True, data={
        "predictions": predictions.tolist(),
        "count": len(predictions),
        "dataframe": df.to_dict("records"),
    })


def planned_worker(df, predictions, job_id, output_path):
    """The plan: a copy, to_csv, the first rows."""
    df_with_predictions = df.copy()
    df_with_predictions["prediction"] = predictions
    df_with_predictions.to_csv(output_path, index=False)
    return create_result_message(job_id, True, data={
        "predictions_sample": predictions[:10].tolist(),
        "predictions_count": len(predictions),
        "dataframe_sample": df.head(10).to_dict("records"),
        "dataframe_rows": len(df),
        "dataframe_columns": list(df.columns),
        "output_file": output_path,
    })


def worker(df, predictions, job_id, output_path):
    """The same with the module: one call, and what it cannot do becomes the failure that the bot knows."""
    try:
        return json.loads(curtail.split(df, predictions, job_id, path=output_path, dialect="pandas").message)
    except curtail.Error as error:
        return json.loads(curtail.failure_message(job_id, str(error)))


def bot_handler(result):
    """The bot's lines that display a result, with both sets of keys."""
    if not result.get("success", True):
        return f"Prediction failed: {result.get('error')}"
    data = result.get("data", result)
    sample = data.get("predictions_sample") or data.get("predictions", [])[:10]
    rows = data.get("dataframe_sample") or data.get("dataframe", [])[:10]
    count = data.get("predictions_count") or data.get("count", len(sample))
    columns = data.get("dataframe_columns") or list(rows[0])
    lines = [f"{count} predictions", " | ".join([*columns, "prediction"])]
    lines += [" | ".join(str(row[column]) for column in columns) + f" | {value}" for row, value in zip(rows, sample)]
    if data.get("output_file"):
        lines.append(f"all rows: {data['output_file']}")
    return "\n".join(lines)


class Model:
    """Stands for a pickled regression."""

    def predict(self, values):
        return values @ np.array([0.5, -2.0])


def job(rows):
    r = np.random.default_rng(7)
    df = pd.DataFrame({"age": r.integers(18, 90, rows), "income": r.normal(50_000, 9_000, rows).round(2),
                       "city": np.array(["Oslo", "Åre", "x,y"], object)[r.integers(0, 3, rows)],
                       "seen": pd.Timestamp("2024-03-01") + pd.to_timedelta(r.integers(0, 10**6, rows), "s")})
    model = pickle.loads(pickle.dumps(Model()))
    return df, model.predict(df[["age", "income"]].to_numpy(float))


class Worker(ModuleCase):
    def test_the_plan_and_the_module_agree(self):
        df, predictions = job(1000)
        plan = planned_worker(df, predictions, "job_0123456789ab", str(self.scratch / "plan.csv"))
        path = str(self.scratch / "predictions_forest_price_job_0123456789ab.csv")
        message = worker(df, predictions, "job_0123456789ab", path)
        with open(self.scratch / "plan.csv", "rb") as one, open(path, "rb") as other:
            self.assertEqual(one.read(), other.read())
        self.assertEqual({key: message[key] for key in ("type", "job_id", "success")},
                         {key: plan[key] for key in ("type", "job_id", "success")})
        planned = json.loads(json.dumps(plan["data"], default=str))
        for key in ("predictions_sample", "predictions_count", "dataframe_rows", "dataframe_columns"):
            self.assertEqual(message["data"][key], planned[key])
        self.assertEqual(message["data"]["output_file"], path)
        for mine, theirs in zip(message["data"]["dataframe_sample"], planned["dataframe_sample"]):
            self.assertEqual({**mine, "seen": mine["seen"][:19]}, theirs)
        self.assertEqual(bot_handler(message).count("\n"), 12)

    def test_the_message_stays_under_a_megabyte_whatever_the_rows(self):
        sizes = []
        for rows in (100, 50_000):
            df, predictions = job(rows)
            message = worker(df, predictions, f"job_{rows}", self.scratch / f"{rows}.csv")
            sizes.append(len(json.dumps(message)))
            self.assertEqual(message["data"]["predictions_count"], rows)
            self.assertEqual(len(pd.read_csv(message["data"]["output_file"])), rows)
            self.assertEqual(len(message["data"]["dataframe_sample"]), 10)
        self.assertLess(max(sizes), 10_000)
        self.assertGreater(len(json.dumps(old_worker(df, predictions, "job_1"), default=str)), 1_000_000)

    def test_the_table_is_as_it_was(self):
        df, predictions = job(100)
        before = df.copy(deep=True)
        worker(df, predictions, "job_1", self.scratch / "x.csv")
        pd.testing.assert_frame_equal(df, before)

    def test_a_failure_is_what_the_bot_knows(self):
        df, predictions = job(10)
        message = worker(df, predictions, "job_1", self.scratch / "no" / "x.csv")
        self.assertIs(message["success"], False)
        self.assertIn("[curtail.no_directory]", bot_handler(message))
        self.assertNotIn("data", message)

    def test_the_bot_reads_both_workers_in_pieces(self):
        df, predictions = job(3000)
        old = json.dumps(old_worker(df, predictions, "job_1"), default=str).encode()
        new = json.dumps(worker(df, predictions, "job_1", self.scratch / "x.csv")).encode()
        for message in (old, new):
            receiver = curtail.Receiver()
            for at in range(0, len(message), 4096):
                receiver.feed(message[at:at + 4096])
            payload = receiver.finish()
            self.assertEqual(bot_handler(payload.to_dict()), bot_handler(json.loads(message)))
            text = curtail.render(payload, "telegram-html", limit=4096)
            self.assertIn("10 of 3,000 rows", text)
            self.assertLessEqual(len(text.encode("utf-16-le")) // 2, 4096 + 200)  # before the tags are parsed
        self.assertIn(os.fspath(self.scratch / "x.csv"), text)


if __name__ == "__main__":
    main()
