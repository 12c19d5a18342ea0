# SPDX-License-Identifier: MIT
"""Checks with wcwidth that all lines of each table (tables end in a blank line) take the same number of cells."""
import sys

from wcwidth import wcswidth

# Isolates take no cell; wcwidth 0.2.5 counts one for each.
ISOLATES = dict.fromkeys((0x2066, 0x2067, 0x2068, 0x2069))

tables = 0
with open(sys.argv[1], encoding="utf-8") as file:
    for table in filter(None, file.read().split("\n\n")):
        lines = table.translate(ISOLATES).strip("\n").split("\n")
        widths = {wcswidth(line) for line in lines}
        if len(widths) != 1 or min(widths) < 1:
            sys.exit(f"widths {sorted(widths)} in\n{table}")
        tables += 1
sys.exit(0 if tables else "no tables")
