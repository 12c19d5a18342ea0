// SPDX-License-Identifier: MIT
// The extension curtail._curtail. What users import is curtail/__init__.py.

#include <pybind11/pybind11.h>

#include <string>

#include <curtail/core/version.hpp>

#include "errors.hpp"
#include "module.hpp"

PYBIND11_MODULE(_curtail, module) {
    module.doc() = "The part of curtail that is written in C++.";
    register_errors();
    register_receive(module);
    register_split(module);
    module.attr("__version__") = std::to_string(CURTAIL_VERSION / 10000) + '.' +
                                 std::to_string(CURTAIL_VERSION / 100 % 100) + '.' +
                                 std::to_string(CURTAIL_VERSION % 100);
}
