# SPDX-License-Identifier: MIT
"""curtail-split, curtail-show and curtail-rows as cmake --install leaves them: what they say of themselves, their pages of
the manual, and what a shell completes. Called with the build tree and the version."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, VERSION = sys.argv[1:3]
PREFIX = tempfile.TemporaryDirectory(prefix="curtail_tools_")
CMAKE = sys.argv[3]


def path(*parts):
    return os.path.join(PREFIX.name, *parts)


def run(tool, *arguments, **more):
    return subprocess.run([path("bin", "curtail-" + tool), *arguments], capture_output=True, text=True, timeout=60, **more)


def tools():
    return sorted(name.removeprefix("curtail-") for name in os.listdir(path("bin")) if name.startswith("curtail-"))


def synopsis_of(help):
    return help[: re.search(r"\n[A-Z ] ?\S", help).start()]


class Tools(unittest.TestCase):
    def test_each_has_a_version_and_a_help_that_begins_with_its_name(self):
        self.assertLessEqual({"split", "show"}, set(tools()))
        for tool in tools():
            name = "curtail-" + tool
            with self.subTest(tool=tool):
                done = run(tool, "--version")
                self.assertEqual((done.returncode, done.stdout, done.stderr), (0, f"{name} (curtail) {VERSION}\n", ""))
                done = run(tool, "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout.startswith(f"usage: {name} "), done.stdout)
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 120)
                mistake = run(tool, "--no-such-option")
                self.assertEqual(mistake.returncode, 2)
                self.assertTrue(mistake.stderr.startswith(f"{name}: unknown option --no-such-option\nusage: {name} "))

    def test_the_help_says_something_of_each_option_of_the_synopsis_and_the_program_takes_it(self):
        for tool in tools():
            with self.subTest(tool=tool):
                help = run(tool, "--help").stdout
                synopsis = synopsis_of(help)
                described = set(re.findall(r"(?m)^  (--[a-z-]+)", help))
                self.assertEqual(set(re.findall(r"--[a-z-]+", synopsis)) | {"--help", "--version"}, described)
                for option in re.findall(r"--[a-z-]+", synopsis):
                    self.assertNotIn("unknown option", run(tool, option, stdin=subprocess.DEVNULL).stderr)

    def test_they_work(self):
        file = path("in.csv")
        with open(file, "w", encoding="utf-8") as written:
            written.write("a,p\n1,0.5\n2,1.5\n")
        message = run("split", file, "--job-id", "installed", "--out", PREFIX.name)
        self.assertEqual(message.returncode, 0, message.stderr)
        self.assertEqual(json.loads(message.stdout)["data"]["dataframe_rows"], 2)
        shown = run("show", input=message.stdout)
        self.assertIn("2 of 2 rows", shown.stdout)
        self.assertTrue(run("split", path("none.csv"), "--job-id", "x").stderr.startswith("curtail-split: "))

    def test_each_has_a_page_of_the_manual(self):
        for tool in tools():
            page = path("share", "man", "man1", f"curtail-{tool}.1")
            with open(page, encoding="utf-8") as file:
                text = file.read()
            self.assertIn(f'"curtail {VERSION}"', text)
            if shutil.which("man"):
                shown = subprocess.run(
                    ["man", "--warnings", "--nh", "--nj", "-E", "UTF-8", "-l", "-Tutf8", page], capture_output=True, text=True,
                    env={**os.environ, "MANWIDTH": "130", "MAN_KEEP_FORMATTING": "0"},
                )
                self.assertEqual(shown.stderr, "")
                words = " ".join(re.sub(r".\x08|\x1b\[[0-9;]*m", "", shown.stdout).split())
                for line in run(tool, "--help").stdout.splitlines()[1:]:
                    self.assertIn(" ".join(line.split()), words)

    @unittest.skipUnless(shutil.which("bash"), "needs bash")
    def test_bash_completes(self):
        os.makedirs(path("folder", "inner"), exist_ok=True)
        for line, expected in [
            ("curtail-show --", ["--as", "--help", "--limit", "--version", "--width"]),
            ("curtail-show --w", ["--width"]),
            ("curtail-show --as ", ["markdown", "slack", "telegram-html", "telegram-markdown", "text"]),
            ("curtail-show --as telegram-m", ["telegram-markdown"]),
            ("curtail-show --as = sl", ["slack"]),
            ("curtail-show --limit ", []),
            ("curtail-split --sample", ["--sample-rows"]),
            ("curtail-split --out fol", ["folder"]),
            ("curtail-split --job-id ", []),
            ("curtail-split --replace fold", ["folder"]),
        ]:
            words = line.split(" ")
            # As readline calls it: the words, and which of them is to be completed.
            script = (
                'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                '"$(complete -p "$1" | sed -E "s/.*-F ([^ ]+).*/\\1/")" "$1"; printf "%s\\n" "${COMPREPLY[@]}"'
            )
            file = path("share", "bash-completion", "completions", words[0])
            done = subprocess.run(
                ["bash", "-c", script, "bash", file, *words], capture_output=True, text=True, cwd=PREFIX.name,
                env={**os.environ, "PATH": path("bin") + ":" + os.environ["PATH"]},
            )
            self.assertEqual((sorted(done.stdout.split()), done.stderr), (expected, ""), line)

    @unittest.skipUnless(shutil.which("fish"), "needs fish")
    def test_fish_completes(self):
        file = path("share", "fish", "vendor_completions.d", "curtail-show.fish")
        done = subprocess.run(
            ["fish", "--no-config", "-c", f"source {file}; complete -C 'curtail-show --w'"], capture_output=True, text=True,
            env={**os.environ, "PATH": path("bin") + ":" + os.environ["PATH"]},
        )
        self.assertRegex(done.stdout, r"(?m)^--width\tthe widest line")

    def test_zsh_has_its_file(self):
        with open(path("share", "zsh", "site-functions", "_curtail-show"), encoding="utf-8") as file:
            self.assertTrue(file.readline().startswith("#compdef curtail-split curtail-show curtail-rows"))


if __name__ == "__main__":
    subprocess.run([CMAKE, "--install", BUILD, "--prefix", PREFIX.name], check=True, stdout=subprocess.DEVNULL)
    unittest.main(argv=sys.argv[:1], verbosity=2)
