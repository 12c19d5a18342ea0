// SPDX-License-Identifier: MIT
// A user of the digest, who links curtail and nothing else: with CURTAIL_WITH_SHA256 it brings libcrypto along.
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/artifact/sha256_output.hpp>
#include <curtail/table/columns.hpp>

#include <cstdlib>
#include <vector>

int main(int argc, char** argv) {
    if (argc != 2) return EXIT_FAILURE;
    const std::vector<int> ages = {22, 38};
    const auto table = curtail::columns(curtail::column("age", ages));
    curtail::CsvSink<curtail::Sha256File> sink(argv[1]);
    sink.open(table.schema());
    sink.append(table);
    // Of "age\n22\n38\n".
    return sink.finish().sha256 == "c62cb5fb062f545bc196ed7c175c6d86a51ce159a8af4021570f4fc8c3764fad" ? EXIT_SUCCESS
                                                                                                      : EXIT_FAILURE;
}
