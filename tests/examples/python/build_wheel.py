# SPDX-License-Identifier: MIT
"""build_wheel.py SOURCE_DIR OUT_DIR: builds the module's wheel without network and installs it in a fresh environment.

The other tests of this directory run with OUT_DIR/venv/bin/python. Exits with 77 if a package is not installed.
"""
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys

source, out = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])

for module, package in {"pip": "python3-pip", "setuptools": "python3-setuptools", "wheel": "python3-wheel",
                        "pybind11": "python3-pybind11", "ensurepip": "python3-venv", "numpy": "python3-numpy",
                        "pandas": "python3-pandas"}.items():
    if importlib.util.find_spec(module) is None:
        print(f"skipped: {package} is not installed")
        sys.exit(77)


def run(*command, **options):
    subprocess.run([str(part) for part in command], check=True, **options)


# A copy, because pip builds in the tree. It has what a checkout has: the headers two levels above.
tree, wheels, venv = out / "tree", out / "wheels", out / "venv"
for directory in (tree, wheels, venv):
    shutil.rmtree(directory, ignore_errors=True)
for part in ("include", "examples/python"):
    shutil.copytree(source / part, tree / part, ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
shutil.copy(source / "CMakeLists.txt", tree)

environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
# What is tested is what the code does, not how fast: -O1 compiles in half the time.
environment["CMAKE_ARGS"] = "-DCMAKE_CXX_FLAGS_RELEASE=-O1 " + environment.get("CMAKE_ARGS", "")
run(sys.executable, "-m", "pip", "wheel", "--no-build-isolation", "--no-deps", "--wheel-dir", wheels,
    tree / "examples/python", env=environment)
wheel, = wheels.glob("curtail-*.whl")
print("built", wheel.name, wheel.stat().st_size, "bytes")

run(sys.executable, "-m", "venv", "--system-site-packages", venv)
python = venv / "bin" / "python"
run(python, "-m", "pip", "install", "--no-deps", wheel, env=environment)
run(python, "-c", "import curtail, sys; assert curtail.__file__.startswith(sys.prefix), curtail.__file__", cwd=out)
