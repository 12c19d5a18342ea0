#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Fails unless header, change log and packages have one version, and the tag too, if one is given: v0.2.0."""

import json
import re
import sys

from amalgamate import ROOT, version


def versions():
    """Returns where a version is written -> the version."""
    github = ROOT / ".github"
    changes = (github / "CHANGELOG.md").read_text(encoding="utf-8")
    meson = (github / "packaging/meson/packagefiles/curtail/meson.build").read_text(encoding="utf-8")
    wrap = (github / "packaging/meson/curtail.wrap").read_text(encoding="utf-8")
    port = (github / "packaging/vcpkg/curtail/vcpkg.json").read_text(encoding="utf-8")
    return {
        "CHANGELOG.md": re.search(r"^## ([\d.]+)$", changes, re.M)[1],
        "meson.build": re.search(r"^ *version: '([\d.]+)'", meson, re.M)[1],
        "curtail.wrap, directory": re.search(r"^directory = curtail-([\d.]+)$", wrap, re.M)[1],
        "curtail.wrap, source_filename": re.search(r"^source_filename = curtail-([\d.]+)\.tar\.gz$", wrap, re.M)[1],
        "vcpkg.json": json.loads(port)["version"],
    }


def main():
    found = versions()
    if len(sys.argv) > 1:
        found["the tag"] = sys.argv[1].removeprefix("v")
    wrong = [f"{where} has {written}, and core/version.hpp {version()}" for where, written in found.items() if written != version()]
    for line in wrong:
        print(line, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
