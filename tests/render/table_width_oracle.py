# SPDX-License-Identifier: MIT
"""Checks with wcwidth that all lines of each table (tables end in a blank line) take the same number of cells."""
import sys

from wcwidth import wcswidth

tables = 0
with open(sys.argv[1], encoding="utf-8") as file:
    for table in filter(None, file.read().split("\n\n")):
        widths = {wcswidth(line) for line in table.strip("\n").split("\n")}
        if len(widths) != 1 or min(widths) < 1:
            sys.exit(f"widths {sorted(widths)} in\n{table}")
        tables += 1
sys.exit(0 if tables else "no tables")
