# SPDX-License-Identifier: MIT
"""pandas: DataFrame.to_csv(index=False). The conversation is that of serve.mjs."""
import json
import sys
import time

import pandas

TYPES = {"bool": "bool", "int32": "int32", "int64": "int64", "float32": "float32", "float64": "float64", "string": "object"}

path, columns = sys.argv[1], json.loads(sys.argv[2])
table = pandas.read_csv(path, dtype={name: TYPES[kind] for name, kind in columns}, keep_default_na=False,
                        float_precision="round_trip")
print(json.dumps({"version": "pandas " + pandas.__version__}), flush=True)
for line in sys.stdin:
    to, way = line.rstrip("\n").rsplit(" ", 1)
    begin, cpu = time.perf_counter(), time.process_time()
    table.to_csv(to, index=False, compression="gzip" if way == "gzip" else None)
    print(json.dumps({"seconds": time.perf_counter() - begin, "cpu_seconds": time.process_time() - cpu}), flush=True)
