#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Asks FriBidi where the parts of right-to-left lines stand: bidi_oracle.py PROGRAM

PROGRAM is the test program of the render room. A screen that knows the bidirectional algorithm must show everything
outside of an isolate where it stands in the text, and what is inside of one within the same cells. Exits with 77 without
FriBidi.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata

LINE, PART, END = "\u2066", "\u2068", "\u2069"


def visual_positions(lines, direction):
    """Returns, for each line, where each of its characters stands from left to right, isolates not counted."""
    command = ["fribidi", "--nobreak", "--nopad", "--novisual", "--ltov", *direction]
    answer = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    maps = [list(map(int, line.split())) for line in answer.stdout.splitlines() if line.strip()]
    assert len(maps) == len(lines), (len(maps), len(lines))
    for line, ltov in zip(lines, maps):
        assert len(ltov) == len(line)
        end = len(line.rstrip(" " + END))  # spaces at the end of a line stand where the paragraph ends
        shown = sorted((at, i) for i, at in enumerate(ltov[:end]) if line[i] not in (LINE, PART, END))
        rank = {i: place for place, (_, i) in enumerate(shown)}
        yield rank


def check(line, rank):
    place, depth, inside = 0, 0, []
    for i, c in enumerate(line):
        if c in (LINE, PART):
            depth += c == PART
            begin = place
        elif c == END:
            if depth:
                places = sorted(rank[j] for j in inside)
                assert places == list(range(begin, place)), f"a part is not in its cells: {line!r}"
            depth, inside = 0, []
        else:
            if depth:
                inside.append(i)
            elif i in rank:
                assert rank[i] == place, f"{c!r} at {place} is shown at {rank[i]}: {line!r}"
            place += 1


def main():
    if shutil.which("fribidi") is None:
        print("skipped: fribidi (on Debian: libfribidi-bin) is not installed")
        return 77
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "lines")
        subprocess.run([sys.argv[1], "[.bidi]"], env=dict(os.environ, CURTAIL_BIDI_LINES=path), check=True,
                       stdout=subprocess.DEVNULL)
        with open(path, encoding="utf-8") as file:
            lines = [line for line in file.read().splitlines() if line.strip()]
    isolated = [line for line in lines if line.startswith(LINE)]
    bare = [line for line in lines if line not in isolated]
    assert len(isolated) > 50, len(isolated)
    for line in bare:
        assert not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in line), f"not isolated: {line!r}"
    # Isolated lines are right in any surroundings, the others where nobody says that text goes from right to left.
    for direction in ([], ["--ltr"], ["--rtl"]):
        for line, rank in zip(isolated, visual_positions(isolated, direction)):
            check(line, rank)
    # The oracle can see a fault: the same lines without isolates are wrong.
    wrong = 0
    plain = [line.translate({ord(LINE): None, ord(PART): None, ord(END): None}) for line in isolated]
    for line, rank in zip(plain, visual_positions(plain, [])):
        wrong += any(rank[i] != i for i in rank if unicodedata.bidirectional(line[i]) in ("L", "EN"))
    assert wrong > 10, wrong
    print(f"{len(isolated)} lines, {wrong} of them wrong without isolates")
    return 0


if __name__ == "__main__":
    sys.exit(main())
