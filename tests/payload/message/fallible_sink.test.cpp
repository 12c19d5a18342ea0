// SPDX-License-Identifier: MIT
#include <curtail/payload/message/fallible_sink.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"

namespace {

using curtail::ArtifactError;
using curtail::Encoding;
using curtail::ErrorCode;
using curtail::OnArtifactError;
using curtail::PayloadOptions;
using curtail::ResultPayload;
using curtail::ResultPayloadBuilder;
using curtail::detail::JsonMeter;

enum class Step { none, open, append, finish };

struct Calls {
    int appends = 0;
    int finishes = 0;
    int aborts = 0;
};

// Fails at one step, for `append` at the second batch that it takes.
struct BrokenSink {
    Step broken = Step::none;
    ArtifactError error{ErrorCode::no_space, "write: No space left on device", "/data/out.csv", "write", 28};
    Calls* calls = nullptr;
    std::uint64_t rows = 0;

    [[nodiscard]] std::string_view location() const { return "/data/out.csv"; }
    [[nodiscard]] std::string_view format() const { return "csv"; }
    [[nodiscard]] std::uint64_t bytes_written() const { return rows; }
    void open(const curtail::Schema&) { fail_at(Step::open); }
    template <curtail::Table T>
    void append(const T& batch) {
        if (++calls->appends == 2) fail_at(Step::append);
        rows += curtail::rows_of(batch);
    }
    curtail::ArtifactInfo finish() {
        ++calls->finishes;
        fail_at(Step::finish);
        return {"/data/out.csv", "csv", rows, rows};
    }
    void abort() noexcept { ++calls->aborts; }

    void fail_at(Step step) const {
        if (step == broken) throw ArtifactError(error);
    }
};

// Lets others look at the batch, before it fails or after.
struct LookingSink : BrokenSink {
    bool before = false;

    template <curtail::Table T>
    void append(const T& batch) {
        BrokenSink::append(batch);
    }
    template <curtail::Table T, class Look>
    void append(const T& batch, Look look) {
        if (before) BrokenSink::append(batch);
        look();
        if (!before) BrokenSink::append(batch);
    }
};

std::vector<double> numbers_to(std::size_t count) {
    std::vector<double> numbers;
    for (std::size_t i = 0; i < count; ++i) numbers.push_back(static_cast<double>(i * i % 997));
    return numbers;
}

const std::vector<double> numbers = numbers_to(20'000);

auto table() {
    return curtail::with_prediction(curtail::columns(curtail::column("number", numbers)),
                                    curtail::column("prediction", numbers));
}

nlohmann::ordered_json answered(Step broken, PayloadOptions options = {}) {
    Calls calls;
    options.on_artifact_error = OnArtifactError::report;
    return ResultPayloadBuilder("job_1", options).build(table(), BrokenSink{.broken = broken, .calls = &calls}).data();
}

}  // namespace

TEST_CASE("FallibleSink: throws the error of the sink by default, wherever it fails", "[payload]") {
    for (const Step broken : {Step::open, Step::append, Step::finish}) {
        Calls calls;
        try {
            (void)ResultPayloadBuilder("job_1").build(table(), BrokenSink{.broken = broken, .calls = &calls});
            FAIL("no error");
        } catch (const ArtifactError& error) {
            CHECK(error.code() == ErrorCode::no_space);
            CHECK(error.path() == "/data/out.csv");
        }
    }
}

TEST_CASE("FallibleSink: leaves a report without a file as exact as one with it", "[payload]") {
    const auto whole = answered(Step::none);
    CHECK(whole["output_file"] == "/data/out.csv");
    CHECK(whole["output_bytes"] == 20'000);
    CHECK_FALSE(whole.contains("artifact_error"));
    CHECK_FALSE(whole.contains("artifact_error_permanent"));
    for (const Step broken : {Step::open, Step::append, Step::finish}) {
        auto data = answered(broken);
        CHECK(data["output_file"].is_null());
        CHECK(data["output_bytes"].is_null());
        CHECK_FALSE(data.contains("output_attachable"));
        CHECK(data["artifact_error"] == "[curtail.no_space] /data/out.csv: write: No space left on device");
        CHECK(data["artifact_error_permanent"] == false);
        CHECK(data["dataframe_rows"] == 20'000);
        for (const char* key : {"artifact_error", "artifact_error_permanent"}) data.erase(key);
        for (const char* key : {"output_file", "output_format", "output_bytes", "output_attachable"})
            data[key] = whole[key];
        CHECK(data == whole);
    }
}

TEST_CASE("FallibleSink: aborts a failed sink once and does not call it again", "[payload]") {
    for (const Step broken : {Step::open, Step::append, Step::finish}) {
        Calls calls;
        const PayloadOptions options{.on_artifact_error = OnArtifactError::report};
        (void)ResultPayloadBuilder("job_1", options).build(table(), BrokenSink{.broken = broken, .calls = &calls});
        CHECK(calls.aborts == 1);
        CHECK(calls.finishes == (broken == Step::finish ? 1 : 0));
        CHECK((broken == Step::finish || calls.appends == (broken == Step::open ? 0 : 2)));
    }
}

TEST_CASE("FallibleSink: lets every row be looked at once, whenever the sink fails", "[payload]") {
    for (const bool before : {true, false}) {
        Calls calls;
        LookingSink sink;
        sink.broken = Step::append;
        sink.calls = &calls;
        sink.before = before;
        const PayloadOptions options{.on_artifact_error = OnArtifactError::report};
        const auto data = ResultPayloadBuilder("job_1", options).build(table(), sink).data();
        CHECK(calls.appends == 2);
        CHECK(data["prediction_stats"] == answered(Step::none)["prediction_stats"]);
        CHECK(data["dataframe_sample"] == answered(Step::none)["dataframe_sample"]);
        CHECK(data["prediction_stats"]["n_rows"] == 20'000);
    }
}

TEST_CASE("OnArtifactError: tells permanent causes from others in the message", "[payload]") {
    const PayloadOptions options{.on_artifact_error = OnArtifactError::report};
    for (const auto& [code, permanent] :
         {std::pair(ErrorCode::no_space, false), std::pair(ErrorCode::no_permission, false),
          std::pair(ErrorCode::no_directory, false), std::pair(ErrorCode::io_failed, false),
          std::pair(ErrorCode::artifact_exists, true)}) {
        Calls calls;
        const auto result = ResultPayloadBuilder("job_1", options)
                                .build(table(), BrokenSink{.broken = Step::open,
                                                           .error = ArtifactError(code, "why", "/data/out.csv"),
                                                           .calls = &calls});
        CHECK(result.payload().artifact_error_permanent == permanent);
        CHECK(result.payload().artifact_error ==
              "[curtail." + std::string(curtail::name_of(code)) + "] /data/out.csv: why");
    }
}

TEST_CASE("FallibleSink: lets all errors but those of the sink end the split", "[payload]") {
    Calls calls;
    PayloadOptions options{.on_artifact_error = OnArtifactError::report};
    const auto throws = [](std::span<curtail::Cell>) -> bool { throw std::runtime_error("the source broke"); };
    const curtail::Schema schema{{"number", curtail::column_type_of<double>()}};
    for (const Step broken : {Step::none, Step::open}) {
        CHECK_THROWS_AS(ResultPayloadBuilder("job_1", options)
                            .build(curtail::generate(schema, throws), BrokenSink{.broken = broken, .calls = &calls}),
                        std::runtime_error);
        auto split = ResultPayloadBuilder("job_1", options)
                         .start(table().schema(), BrokenSink{.broken = broken, .calls = &calls});
        CHECK_THROWS_AS(split.append(curtail::columns(curtail::column("other", numbers))), curtail::TableError);
    }
    options.on_progress = [](const curtail::SplitProgress&) { return false; };
    CHECK_THROWS_AS(
        ResultPayloadBuilder("job_1", options).build(table(), BrokenSink{.broken = Step::open, .calls = &calls}),
        curtail::Cancelled);
}

TEST_CASE("FallibleSink: keeps the message under the smallest budget for any reason", "[payload]") {
    for (const Encoding encoding : {Encoding::raw, Encoding::json_string, Encoding::base64}) {
        PayloadOptions options{.max_bytes = 1, .encoding = encoding, .on_artifact_error = OnArtifactError::report};
        Calls calls;
        const auto build = [&](const std::string& path, const std::string& text) {
            return ResultPayloadBuilder("job_1", options)
                .build(table(), BrokenSink{.broken = Step::finish,
                                           .error = ArtifactError(ErrorCode::io_failed, text, path),
                                           .calls = &calls});
        };
        try {
            (void)build("/p", "t");
            FAIL("a budget of one byte was accepted");
        } catch (const curtail::BudgetTooSmall& error) {
            options.max_bytes = error.needed();
        }
        for (const std::string piece : {"x", "\"", "\x01", "\xE2\x82\xAC", "\xFF", "\\", "\xF0\x9F\x98\x80"}) {
            for (const std::size_t count : {std::size_t{1}, std::size_t{600}, std::size_t{5000}}) {
                std::string many;
                for (std::size_t i = 0; i < count; ++i) many += piece;
                const auto result = build("/" + many, "why");
                CHECK(result.payload().rows == 20'000);
                CHECK(result.payload().artifact_error.ends_with("why"));
                CHECK(build("/p", many).payload().artifact_error.starts_with("[curtail.io_failed] "));
            }
        }
    }
}

namespace {

// Reports its own failure where both it and the look fail.
struct OwnFirstSink : BrokenSink {
    template <curtail::Table T>
    void append(const T& batch) {
        BrokenSink::append(batch);
    }
    template <curtail::Table T, class Look>
    void append(const T&, Look look) {
        try {
            look();
        } catch (const std::exception&) {
        }
        throw ArtifactError(error);
    }
};

}  // namespace

TEST_CASE("FallibleSink: never loses an error of the look to an error of the sink", "[payload]") {
    Calls calls;
    const std::vector<int> few = {1, 2, 3};
    const auto table = curtail::columns(curtail::column("n", few));
    curtail::detail::FallibleSink<OwnFirstSink> sink(OwnFirstSink{{.calls = &calls}}, OnArtifactError::report);
    sink.open(table.schema());
    const auto run_out = [] { throw std::out_of_range("source"); };
    CHECK_THROWS_AS(sink.append(table, run_out), std::out_of_range);

    // Nor is an error of the source taken for the sink's because it is of the same type.
    curtail::detail::FallibleSink<LookingSink> other(LookingSink{{.calls = &calls}}, OnArtifactError::report);
    other.open(table.schema());
    const auto fail = [] { throw ArtifactError(ErrorCode::io_failed, "of the source", "/in", "read"); };
    CHECK_THROWS_AS(other.append(table, fail), ArtifactError);
}
