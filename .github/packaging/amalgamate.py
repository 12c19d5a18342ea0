#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints doors of curtail, and all that they include of curtail, as one header.

    .github/packaging/amalgamate.py >curtail.hpp                                   # the umbrella, curtail/curtail.hpp
    .github/packaging/amalgamate.py curtail/bot.hpp curtail/table/csv_input.hpp >mine.hpp

The same headers give the same bytes. Other libraries' headers stay includes.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = re.compile(r"\s*#\s*include\s*<(curtail/[^>]+)>")
DIRECTIVE = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b\s*(.*)")
ALWAYS = "CURTAIL_DEFINITIONS"  # true in a single header, so that it is not a condition


def version():
    text = (ROOT / "include/curtail/core/version.hpp").read_text(encoding="utf-8")
    number = int(re.search(r"^#define CURTAIL_VERSION (\d+)$", text, re.M)[1])
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def guard(header):
    return "CURTAIL_SINGLE_" + re.sub(r"\W", "_", header.removeprefix("curtail/").removesuffix(".hpp")).upper()


class Amalgamation:
    """A header that is first needed under a condition is not there for those that need it elsewhere. It then stands in
    both places, with a guard. Which those are is known after one run, so there are two."""

    def __init__(self, repeated=frozenset()):
        self.repeated = repeated
        self.places = {}  # header -> the conditions under which it was written
        self.conditions = ()
        self.next_condition = 0
        self.lines = []

    def add(self, header):
        places = self.places.setdefault(header, [])
        if any(self.conditions[: len(place)] == place for place in places):
            return
        places.append(self.conditions)
        text = (ROOT / "include" / header).read_text(encoding="utf-8")
        if header in self.repeated:
            self.lines += [f"#ifndef {guard(header)}", f"#define {guard(header)}"]
        self.lines += ["", f"// ---- <{header}>"]
        opened = []
        for line in text.splitlines():
            if included := INCLUDE.match(line):
                self.add(included[1])
                continue
            if line.startswith(("// SPDX-License-Identifier", "#pragma once")):
                continue
            if directive := DIRECTIVE.match(line):
                self.enter(opened, *directive.groups())
            if line or self.lines[-1]:
                self.lines.append(line)
        if opened:
            sys.exit(f"{header}: a condition is never closed")
        if header in self.repeated:
            self.lines.append("#endif")

    def enter(self, opened, word, condition):
        """Follows one #if, #else or #endif of a header."""
        if word.startswith("if"):
            opened.append(word == "if" and condition.strip() == ALWAYS)
        elif not opened[-1]:
            self.conditions = self.conditions[:-1]
        if word != "endif" and not opened[-1]:
            self.conditions += (self.next_condition,)
            self.next_condition += 1
        if word == "endif":
            opened.pop()


def amalgamate(doors):
    first = Amalgamation()
    for door in doors:
        first.add(door)
    whole = Amalgamation({header for header, places in first.places.items() if len(places) > 1})
    for door in doors:
        whole.add(door)
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    head = [f"// curtail {version()} in one header, made of {len(whole.places)} by .github/packaging/amalgamate.py."]
    head += ["// SPDX-License-Identifier: MIT", "//"]
    head += [f"// {line}".rstrip() for line in licence.splitlines()]
    head += ["#pragma once", "", "#if defined(CURTAIL_COMPILED)"]
    head += ['#error "curtail::compiled needs the headers as they are in the archive, not the single one"', "#endif"]
    return "\n".join(head + whole.lines) + "\n"


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(amalgamate(sys.argv[1:] or ["curtail/curtail.hpp"]))


if __name__ == "__main__":
    main()
