# SPDX-License-Identifier: MIT
"""What the tests of the Python module share: a scratch directory, a printed seed, a split and its file."""
import json
import os
import pathlib
import random
import shutil
import sys
import tempfile
import unittest

import curtail

SEED = int(os.environ.get("CURTAIL_SEED", random.randrange(2**32)))


class ModuleCase(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.scratch, ignore_errors=True)

    def split(self, table, prediction=None, job_id="job_1", **options):
        """Returns a result, its message as a value, and the bytes of its file."""
        if "path" not in options:
            options.setdefault("directory", self.scratch)
        result = curtail.split(table, prediction, job_id, **options)
        return result, json.loads(result.message), result.path.read_bytes()

    def csv(self, table, prediction=None, **options):
        return self.split(table, prediction, replace=True, **options)[2].decode()

    def assert_nothing_left(self):
        self.assertEqual(os.listdir(self.scratch), [])


def main():
    print(f"CURTAIL_SEED={SEED}")
    unittest.main(argv=sys.argv[:1], verbosity=1)
