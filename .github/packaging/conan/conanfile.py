# SPDX-License-Identifier: MIT
"""A recipe for Conan 2, of the tree that it is in:

    conan create .github/packaging/conan
"""

import os
import re

from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout

required_conan_version = ">=2.0"


class CurtailConan(ConanFile):
    name = "curtail"
    description = "Splits a table of predictions into a message under 1 MB and a CSV file on disk"
    license = "MIT"
    topics = ("csv", "json", "predictions", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"with_csv_input": [True, False], "with_gzip": [True, False], "with_sha256": [True, False]}
    default_options = {"with_csv_input": False, "with_gzip": False, "with_sha256": False}
    no_copy_source = True

    @property
    def _root(self):
        return os.path.abspath(os.path.join(self.recipe_folder, "..", "..", ".."))

    def set_version(self):
        text = load(self, os.path.join(self._root, "include", "curtail", "core", "version.hpp"))
        number = int(re.search(r"^#define CURTAIL_VERSION (\d+)$", text, re.M).group(1))
        self.version = f"{number // 10000}.{number // 100 % 100}.{number % 100}"

    def export_sources(self):
        copy(self, "LICENSE", self._root, self.export_sources_folder)
        copy(self, "*.hpp", os.path.join(self._root, "include"), os.path.join(self.export_sources_folder, "include"))

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("nlohmann_json/[>=3.11]", transitive_headers=True)
        if self.options.with_csv_input:
            # Its own default does not define CSV_IO_NO_THREAD, which curtail does: one program must not have both.
            self.requires("fast-cpp-csv-parser/cci.20211104", transitive_headers=True, options={"with_thread": False})
        if self.options.with_gzip:
            self.requires("libdeflate/[>=1.14]", transitive_headers=True, transitive_libs=True)
        if self.options.with_sha256:
            self.requires("openssl/[>=1.1 <4]", transitive_headers=True, transitive_libs=True)

    def package_id(self):
        self.info.clear()

    def validate(self):
        check_min_cppstd(self, 20)

    def package(self):
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"), os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.defines = ["CSV_IO_NO_THREAD"]
        self.cpp_info.set_property("cmake_file_name", "curtail")
        self.cpp_info.set_property("cmake_target_name", "curtail::curtail")
        self.cpp_info.set_property("pkg_config_name", "curtail")
        self.cpp_info.requires = ["nlohmann_json::nlohmann_json"]
        if self.options.with_csv_input:
            self.cpp_info.requires.append("fast-cpp-csv-parser::fast-cpp-csv-parser")
        if self.options.with_gzip:
            self.cpp_info.requires.append("libdeflate::libdeflate")
        if self.options.with_sha256:
            self.cpp_info.requires.append("openssl::crypto")
        if self.settings.os in ("Linux", "FreeBSD"):
            self.cpp_info.system_libs = ["pthread"]
        if self.settings.arch == "x86" and self.settings.os == "Linux":
            self.cpp_info.defines.append("_FILE_OFFSET_BITS=64")
