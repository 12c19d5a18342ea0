# SPDX-License-Identifier: MIT
"""pip install ./examples/python: builds the extension by CMake, from the headers of the same checkout.

With --no-build-isolation nothing is downloaded: on Debian all comes from cmake, g++, nlohmann-json3-dev,
python3-setuptools, python3-wheel, python3-pybind11, pybind11-dev and, for speed and gzip, libdragonbox-dev and
libdeflate-dev. CMAKE_ARGS in the environment is passed on to CMake.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = HERE.parent.parent / "include"


def version():
    number = int(re.search(r"#define CURTAIL_VERSION (\d+)", (HEADERS / "curtail/core/version.hpp").read_text()).group(1))
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


class CMakeBuild(build_ext):
    def build_extension(self, extension):
        target = pathlib.Path(self.get_ext_fullpath(extension.name)).resolve()
        build = pathlib.Path(self.build_temp).resolve() / "cmake"
        subprocess.run(
            ["cmake", "-S", str(HERE), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release",
             f"-DPython_EXECUTABLE={sys.executable}", f"-DCURTAIL_PYTHON_PACKAGE={build / 'package'}",
             *shlex.split(os.environ.get("CMAKE_ARGS", ""))], check=True)
        subprocess.run(["cmake", "--build", str(build), "--config", "Release", "--parallel", str(self.parallel or 2),
                        "--target", "curtail.python"], check=True)
        built, = (build / "package" / "curtail").rglob("_curtail*.pyd" if os.name == "nt" else "_curtail*.so")
        target.parent.mkdir(parents=True, exist_ok=True)
        self.copy_file(str(built), str(target))


setup(
    name="curtail",
    version=version(),
    description="Splits a table of predictions into a CSV file and a message of less than a megabyte",
    license="MIT",
    packages=["curtail"],
    package_data={"curtail": ["py.typed", "*.pyi"]},
    ext_modules=[Extension("curtail._curtail", sources=[])],
    cmdclass={"build_ext": CMakeBuild},
    python_requires=">=3.8",
    install_requires=["numpy>=1.20"],
    zip_safe=False,
)
