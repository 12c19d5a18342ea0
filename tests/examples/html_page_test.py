# SPDX-License-Identifier: MIT
"""html_page: its page is HTML to a strict parser, shows what the message says, and nothing of it is markup."""

import json
import sys
import unittest

import programs
from programs import PENGUINS, run

try:
    import html5lib
except ImportError:
    print("html5lib is not installed")
    sys.exit(programs.SKIPPED)

HOSTILE = "</td></table></pre></title><script>alert(1)</script>&lt;\"' onload=\"x\u202e\x1b[31m<!--\u200b"


class HtmlPage(programs.TestCase):
    def page(self, message):
        done = run("html_page", stdin=message if isinstance(message, bytes) else json.dumps(message).encode())
        self.assertEqual(done.returncode, 0, done.stderr)
        return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(done.stdout.decode("utf-8"))

    def texts(self, page, name):
        return ["".join(element.itertext()) for element in page.iter(name)]

    def tags(self, page):
        return {element.tag.split("}")[-1] for element in page.iter() if isinstance(element.tag, str)}

    def test_a_result_of_split_is_a_table_and_a_histogram(self):
        message = run("split", PENGUINS, "--job-id", "x", "--out", self.scratch, "--prediction", "Body Mass (g)").stdout
        data = json.loads(message)["data"]
        page = self.page(message)
        names = data["dataframe_columns"] + [data["prediction_column"]]
        self.assertEqual(self.texts(page, "th"), names)
        rows = [[cell.text or "" for cell in row.iter("td")] for row in page.iter("tr")][1:]
        self.assertEqual(len(rows), len(data["dataframe_sample"]))
        for row, features, prediction in zip(rows, data["dataframe_sample"], data["predictions_sample"]):
            want = [*features.values(), prediction]
            self.assertEqual(row, ["" if value is None else value if isinstance(value, str) else json.dumps(value) for value in want])
        predicted = [cell for cell in page.iter("td") if cell.get("class") == "prediction"]
        self.assertEqual(len(predicted), len(rows))
        counts = data["prediction_stats"]["histogram"]["counts"]
        bars = [float(bar.get("height")) for bar in page.iter() if str(bar.tag).endswith("rect")]
        self.assertEqual(len(bars), len(counts))
        for bar, count in zip(bars, counts):
            self.assertAlmostEqual(bar, 200 * count / max(counts), delta=0.01)
        self.assertIn("of 344 rows", self.texts(page, "p")[0])

    def test_a_prediction_without_its_row_is_under_its_own_heading(self):
        data = {"dataframe": [{"a": 1, "b": 2}], "predictions": [7, 8], "count": 2}
        page = self.page({"type": "result", "job_id": "x", "success": True, "data": data})
        rows = [[(cell.text, cell.get("colspan")) for cell in row.iter("td")] for row in page.iter("tr")][1:]
        self.assertEqual(rows, [[("1", None), ("2", None), ("7", None)], [(None, "2"), ("8", None)]])

    def test_nothing_of_a_message_is_markup(self):
        stats = {"histogram": {"low": 0, "high": 1, "counts": [1, 2]}}
        result = {"type": "result", "job_id": HOSTILE, "success": True}
        result["data"] = {
            "predictions_sample": [HOSTILE], "predictions_count": 2, "dataframe_sample": [{HOSTILE: HOSTILE}],
            "dataframe_rows": 1, "dataframe_columns": [HOSTILE], "prediction_column": HOSTILE, "prediction_stats": stats,
            "output_file": HOSTILE,
        }
        failure = {"type": "result", "job_id": HOSTILE, "success": False, "error": HOSTILE}
        progress = {"type": "progress", "job_id": HOSTILE, "status": HOSTILE, "progress": 5, "message": HOSTILE}
        other = {"type": HOSTILE, "job_id": HOSTILE, "error": HOSTILE}
        for message in [result, failure, progress, other]:
            page = self.page(message)
            self.assertLessEqual(
                self.tags(page),
                {"html", "head", "meta", "title", "body", "p", "pre", "table", "tbody", "tr", "th", "td", "figure", "svg", "rect", "figcaption"},
            )
            for element in page.iter():
                self.assertLessEqual(
                    set(element.attrib), {"lang", "charset", "class", "viewBox", "width", "height", "role", "x", "y", "fill"}
                )
            text = "".join(page.itertext())
            self.assertIn("<script>alert(1)</script>", text)
            for invisible in "\u202e\x1b\u200b":
                self.assertNotIn(invisible, text)

    def test_what_is_no_message_is_an_error(self):
        for message in [b"", b"<html>", b"{}"]:
            done = run("html_page", stdin=message)
            self.assertEqual((done.returncode, done.stdout), (1, b""))
            self.assertTrue(done.stderr.startswith(b"html_page: [curtail."), done.stderr)


if __name__ == "__main__":
    programs.main()
