// SPDX-License-Identifier: MIT
// A program of two files that uses curtail::compiled: each file sees declarations, the library has the definitions.
#include <curtail/worker.hpp>

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#ifndef CURTAIL_COMPILED
#error "curtail::compiled defines CURTAIL_COMPILED for those who link it"
#endif

std::string shown(std::string_view message);

int main(int argc, char** argv) {
    if (argc != 2) return EXIT_FAILURE;
    const std::vector<double> scores = {0.25, 0.75};
    const auto table = curtail::columns(curtail::column("score", scores));
    const auto result = curtail::ResultPayloadBuilder("job_1").build(table, curtail::CsvSink(argv[1]));
    const std::string text = shown(result.message());
    return text.find("job_1") != std::string::npos ? EXIT_SUCCESS : EXIT_FAILURE;
}
