// SPDX-License-Identifier: MIT
#pragma once
// Checks the arguments of the builder and the split while they compile, and names the cure of each mistake.

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

template <class...>
inline constexpr bool never = false;

// True for the arguments of a builder's constructor.
template <class Builder, class... Arguments>
inline constexpr bool is_builder_call = false;
template <class Builder, class JobId>
inline constexpr bool is_builder_call<Builder, JobId> =
    std::convertible_to<JobId, std::string> || std::derived_from<JobId, Builder>;
template <class Builder, class JobId, class Options>
inline constexpr bool is_builder_call<Builder, JobId, Options> =
    std::convertible_to<JobId, std::string>&& std::convertible_to<Options, PayloadOptions>;

// True for what build() takes, as far as the place of the artifact is concerned.
template <class... Arguments>
inline constexpr bool is_placed_call = false;
template <class T, class Place>
inline constexpr bool is_placed_call<T, Place> =
    ArtifactSink<std::remove_cvref_t<Place>> || FillableDirectory<std::remove_cvref_t<Place>>;
template <class T, class Place, class Options>
inline constexpr bool is_placed_call<T, Place, Options> = FillableDirectory<std::remove_cvref_t<Place>>;

// True for what start() takes.
template <class... Arguments>
inline constexpr bool is_start_call = false;
template <class S, class... Place>
inline constexpr bool is_start_call<S, Place...> = std::convertible_to<S, Schema>&& is_placed_call<S, Place...>;

// Fails to compile unless the sink can be taken over.
template <class Sink>
constexpr auto expect_own_sink() noexcept {
    static_assert(std::is_constructible_v<std::remove_cvref_t<Sink>, Sink>,
                  "a sink is used up by one split: pass std::move(sink) of a sink that is not const, or make it in the "
                  "call");
}

// Fails to compile unless `T` can be split into the sink.
template <class T, class Sink>
constexpr auto expect_split() noexcept {
    expect_table<T>();
    expect_own_sink<Sink>();
}

template <class T = void, class Place = void, class... More>
constexpr auto explain_build() noexcept {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (ArtifactSink<Plain> || DirectoryPath<Plain>) {
        static_assert(never<T>, "the table comes first: build(table, directory), or build(table, sink)");
    } else if constexpr (std::is_void_v<Place>) {
        static_assert(never<T>,
                      "build() needs the place of the file too: build(table, directory), or build(table, "
                      "curtail::CsvSink(path))");
    } else if constexpr (ArtifactSink<std::remove_cvref_t<Place>>) {
        static_assert(never<T>, "a sink has its own options: build(table, curtail::CsvSink(path, options))");
    } else if constexpr (TableOrStream<Place>) {
        static_assert(never<T>,
                      "build() takes one table: curtail::with_prediction(table, predictions) joins two, then "
                      "build(joined, directory)");
    } else {
        expect_sink<std::remove_cvref_t<Place>>();
    }
}

template <class T = void, class Place = void, class... More>
constexpr auto explain_start() noexcept {
    using Plain = std::remove_cvref_t<T>;
    if constexpr (std::is_void_v<Place>) {
        static_assert(never<T>,
                      "start() needs the place of the file too: start(schema, directory), or start(schema, "
                      "curtail::CsvSink(path))");
    } else if constexpr (Table<T>) {
        static_assert(never<T>,
                      "start() takes the schema of the batches, not a batch: start(curtail::schema_of(batch), sink)");
    } else if constexpr (TableStream<T>) {
        static_assert(never<T>,
                      "start() takes a schema: start(stream.schema(), sink); or build(stream, sink) splits all of it");
    } else if constexpr (!std::convertible_to<T, Schema>) {
        static_assert(never<Plain>,
                      "start() takes the names of the columns first: start({\"id\", \"score\"}, directory), or a "
                      "curtail::Schema");
    } else if constexpr (ArtifactSink<std::remove_cvref_t<Place>>) {
        static_assert(never<T>, "a sink has its own options: start(schema, curtail::CsvSink(path, options))");
    } else {
        expect_sink<std::remove_cvref_t<Place>>();
    }
}

// Fails to compile for what no page can be read from, with a message that names the cure.
template <class Source>
constexpr auto explain_page() noexcept {
    static_assert(never<Source>,
                  "page() reads a file that was published before: page(curtail::CsvArtifact(path), first, count), or a "
                  "curtail::PartsArtifact");
}

// Fails to compile for what append() does not take, with a message that names the cure.
template <class T>
constexpr auto expect_batch() noexcept {
    if constexpr (TableStream<T>) {
        static_assert(never<T>,
                      "a stream is appended batch by batch: while (const auto* batch = stream.next()) "
                      "split.append(*batch); or let builder.build(stream, sink) do it");
    } else if constexpr (requires(const T& batch) { requires Table<std::remove_cvref_t<decltype(*batch)>>; }) {
        static_assert(never<T>, "this is a pointer to a batch: split.append(*batch)");
    } else {
        expect_table<T>();
    }
}

}  // namespace curtail::inline v0::detail
