// SPDX-License-Identifier: MIT
#pragma once
// The halves of the module, which module.cpp puts together.

#include <pybind11/pybind11.h>

namespace py = pybind11;

void register_split(py::module_& module);
void register_receive(py::module_& module);
