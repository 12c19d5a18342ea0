// SPDX-License-Identifier: MIT
#pragma once
// Compares outputs with the files of tests/golden, byte for byte. With CURTAIL_WRITE_GOLDEN set it writes the files.

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "render/sample_payloads.hpp"

namespace golden {

inline bool matches(const std::string& name, const std::string& text) {
    const std::string path = std::string(CURTAIL_SOURCE_DIR) + "/tests/golden/" + name;
    if (std::getenv("CURTAIL_WRITE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {}) == text;
}

// Returns the renderings of several payloads, each below a line that names it.
template <class Render>
std::string joined(const Render& render) {
    return "==== a result ====\n" + render(samples::customers()) + "\n\n==== a wide one of classes ====\n" +
           render(samples::churn()) + "\n\n==== parts ====\n" + render(samples::in_parts()) +
           "\n\n==== missing parts ====\n" + render(samples::with_missing_parts()) +
           "\n\n==== parts on machines ====\n" + render(samples::on_machines()) + "\n\n==== a page ====\n" +
           render(samples::page()) + "\n\n==== a failure ====\n" + render(samples::failed()) +
           "\n\n==== progress ====\n" + render(samples::saving()) + "\n";
}

}  // namespace golden
