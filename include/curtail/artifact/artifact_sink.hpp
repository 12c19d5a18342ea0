// SPDX-License-Identifier: MIT
#pragma once
// What the rest of the library knows of a sink: enough to fill it, publish it and say where it is.

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// What was published.
struct ArtifactInfo {
    std::string path;    // absolute, valid UTF-8
    std::string format;  // "csv"
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::string sha256 = {};  // of the file's bytes, in lower-case hexadecimal digits; empty unless asked for
};

// A place that takes a whole table, batch by batch, and publishes it at once or not at all.
//   location()       where the artifact will be (absolute, valid UTF-8), known before open()
//   format()         what it will be, such as "csv"
//   open(schema)     begins; nothing was created before it, and it throws before it creates anything it cannot use
//   append(batch)    takes every row of any Table that fits the schema
//   append(batch, beside)  optional: the same, and calls beside() once on the calling thread, while others are at work
//   bytes_written()  how much was formatted so far
//   finish()         publishes; the final name appears here and nowhere else
//   abort()          discards; so does destruction without finish()
template <class S>
concept ArtifactSink = std::movable<S> &&
    requires(S& sink, const S& constant, const Schema& schema, const AnyTable& batch) {
    { constant.location() } -> std::convertible_to<std::string_view>;
    { constant.format() } -> std::convertible_to<std::string_view>;
    { constant.bytes_written() } -> std::convertible_to<std::uint64_t>;
    sink.open(schema);
    sink.append(batch);
    { sink.finish() } -> std::same_as<ArtifactInfo>;
    { sink.abort() }
    noexcept;
};

}  // namespace curtail::inline v0
