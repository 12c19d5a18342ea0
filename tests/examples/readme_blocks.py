#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each block of C++ in README.md after the first is in readme_blocks.cpp word for word, and that program runs.

    readme_blocks.py README.md readme_blocks.cpp PROGRAM
"""
import re
import subprocess
import sys
import tempfile
import textwrap


def main():
    readme, source, program = sys.argv[1:]
    with open(readme, encoding="utf-8") as file:
        shown = re.findall(r"^```cpp\n(.*?)^```$", file.read(), re.MULTILINE | re.DOTALL)[1:]
    with open(source, encoding="utf-8") as file:
        run = re.findall(r"^ *// \[block\]\n(.*?)^ *// \[end\]$", file.read(), re.MULTILINE | re.DOTALL)
    run = [textwrap.dedent(block) for block in run]
    if len(shown) < 8:
        return f"only {len(shown)} blocks found in {readme}"
    for block in shown:
        if block not in run:
            return f"{source} does not run this block of README.md:\n{block}"
    for block in run:
        if block not in shown:
            return f"README.md does not show this block of {source}:\n{block}"
    with tempfile.TemporaryDirectory() as directory:
        return subprocess.run([program, directory]).returncode


if __name__ == "__main__":
    sys.exit(main())
