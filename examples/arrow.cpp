// SPDX-License-Identifier: MIT
// Arrow: a stream is read array by array, whatever its size, and taken over by std::move. With DuckDB it comes from
// ADBC's statement_execute_query, with pyarrow and polars from __arrow_c_stream__; here from arrow_structs.hpp.
#include <cstdio>
#include <exception>
#include <string>
#include <utility>

#include <curtail/worker.hpp>

#include "arrow_structs.hpp"

int main(int argc, char** argv) try {
    const std::string directory = argc > 1 ? argv[1] : ".";

    // A whole stream in one call.
    ArrowProducer producer(3);
    ArrowArrayStream stream;
    producer.export_to(&stream);
    const auto result = curtail::ResultPayloadBuilder("stream").build(
        curtail::with_prediction(curtail::arrow_stream(std::move(stream)), "score"), directory);
    std::puts(result.message().c_str());

    // Arrays that come one by one, all with one schema, which is read once.
    ArrowProducer loop(2);
    loop.export_to(&stream);
    ArrowSchema schema;
    stream.get_schema(&stream, &schema);
    const auto layout = curtail::ArrowLayout::take(std::move(schema));
    auto split = curtail::ResultPayloadBuilder("batches").start(layout.schema(), directory);
    for (ArrowArray array; stream.get_next(&stream, &array) == 0 && array.release != nullptr;) {
        split.append(curtail::arrow_batch(layout, std::move(array)));
    }
    stream.release(&stream);
    std::puts(split.finish().message().c_str());
} catch (const std::exception& error) {
    std::fprintf(stderr, "arrow: %s\n", error.what());
    return 1;
}
