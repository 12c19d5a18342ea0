// SPDX-License-Identifier: MIT
// Whichever allocation fails: there is a result and its file, or an exception and no file.
#include <curtail/payload/result_payload_builder.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/artifact_path.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/payload/part_merger.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "fault/heap.hpp"
#include "fault/scratch_directory.hpp"
#include "payload/part/content_maker.hpp"
#include "seed.hpp"

namespace {

using curtail::column;
using curtail::OnArtifactError;
using curtail::PayloadOptions;
using curtail::ResultPayloadBuilder;
using curtail::SampleStrategy;
using heap::allowed;
using heap::failed;
using heap::for_ever;
using heap::live_blocks;

const std::string job = "job_0123456789ab";

// Rows whose texts have `width` bytes: some twenty allocations a run come from cells that do not fit into a string.
struct Source {
    std::vector<std::string> texts;
    std::vector<std::int64_t> numbers;
    std::vector<double> scores;

    Source(std::size_t rows, std::size_t width) {
        for (std::size_t row = 0; row < rows; ++row) {
            texts.push_back(std::string(width, 't') + std::to_string(row));
            numbers.push_back(static_cast<std::int64_t>(row));
            scores.push_back(static_cast<double>(row * row % 97) / 7);
        }
    }

    [[nodiscard]] auto table() const {
        return curtail::with_prediction(curtail::columns(column("text", texts), column("number", numbers)),
                                        column("score", scores));
    }
};

struct Setting {
    std::size_t threads = 1;
    bool metadata = true;
    PayloadOptions options = {};
    std::vector<std::string> files = {};  // that stand after success
};

enum class Ending { result, exception };

// Runs once, with the allocation after the first `before` failing, and returns how it ended. Whatever the run made is
// destroyed while allocations still fail.
template <class T>
Ending run(const T& table, const std::string& path, const Setting& setting, std::int64_t before, bool persistent) {
    Ending ending = Ending::exception;
    failed = 0;
    for_ever = persistent;
    allowed = before;
    try {
        const auto result = ResultPayloadBuilder(job, setting.options)
                                .build(table, curtail::CsvSink(path, {.file = {.durability = curtail::Durability::none},
                                                                      .threads = setting.threads,
                                                                      .metadata = setting.metadata}));
        ending = result.message().empty() ? Ending::exception : Ending::result;
    } catch (const std::exception&) {
    }
    allowed = -1;
    return ending;
}

// Fails one allocation after the other, until a run needs no more.
template <class T>
void fail_each(const T& table, const Setting& setting) {
    REQUIRE(heap::installed());
    const ScratchDirectory scratch(ScratchDirectory::fast_parent());
    const std::string path = curtail::artifact_path(scratch.path(), job);
    const auto clear = [&] {
        for (const std::string& name : scratch.names()) std::filesystem::remove(scratch / name);
    };
    REQUIRE(run(table, path, setting, -1, false) == Ending::result);  // what is allocated once and for all
    REQUIRE(scratch.names() == setting.files);
    clear();
    static std::uint64_t part = 0;
    for (const bool persistent : {false, true}) {
        const Sweep sweep = sweep_of(part++);
        std::int64_t before = sweep.first;
        int exceptions = 0;
        for (;; before += sweep.step) {
            const std::int64_t live = live_blocks;
            const Ending ending = run(table, path, setting, before, persistent);
            const std::int64_t leaked = live_blocks - live;
            const std::vector<std::string> names = scratch.names();
            INFO("allocation " << before << (persistent ? " and all later ones fail" : " fails"));
            REQUIRE(leaked == 0);
            REQUIRE(names == (ending == Ending::result ? setting.files : std::vector<std::string>()));
            exceptions += ending == Ending::exception ? 1 : 0;
            clear();
            if (failed == 0) break;
        }
        CHECK(before > 100);
        CHECK(exceptions > 90 / sweep.step);
    }
}

}  // namespace

TEST_CASE("Split::finish: gives a result and a file, or an exception and none, whatever allocation fails", "[fault]") {
    const Source source(120, 40);
    const std::string name = "predictions_" + job + ".csv";
    for (const OnArtifactError on_error : {OnArtifactError::throw_error, OnArtifactError::report}) {
        for (const SampleStrategy strategy : {SampleStrategy::head, SampleStrategy::random}) {
            INFO("report " << (on_error == OnArtifactError::report) << ", strategy " << static_cast<int>(strategy));
            const PayloadOptions options{.sample_strategy = strategy, .on_artifact_error = on_error};
            fail_each(source.table(), {.options = options, .files = {name, name + "-metadata.json"}});
        }
    }
    fail_each(source.table(), {.metadata = false, .options = {.max_bytes = 2000}, .files = {name}});
}

TEST_CASE("PartMerger: whatever allocation of add() fails, a message has all rows, or there is none", "[fault]") {
    REQUIRE(heap::installed());
    std::vector<std::string> parts;
    for (std::size_t number = 0; number < 3; ++number) {
        parts.push_back(content_maker::summary_of(content_maker::content_of(number, 3, 40, 40 * number)));
    }
    std::size_t given_up = 0;
    for (std::size_t at = 1;; ++at) {
        INFO("allocation " << at);
        curtail::PartMerger merger("job_1");
        merger.add(parts[2]);
        bool failed_once = false;
        // Each is added until that succeeds, as a careful caller does.
        try {
            for (const std::size_t number : {1U, 0U}) {
                heap::allocations = 0;
                heap::failing = failed_once ? 0 : at;
                try {
                    merger.add(parts[number]);
                } catch (const std::bad_alloc&) {
                    failed_once = true;
                    heap::failing = 0;
                    merger.add(parts[number]);
                }
                heap::failing = 0;
            }
            REQUIRE(merger.finish().payload().rows == 120);
        } catch (const curtail::UsageError&) {
            ++given_up;
        }
        if (!failed_once) break;
    }
    CHECK(given_up > 10);
}

TEST_CASE("Split::finish: keeps to that with four threads", "[fault]") {
    const Source source(1500, 1000);  // enough for all threads: 1.5 MB
    const std::string name = "predictions_" + job + ".csv";
    fail_each(source.table(), {.threads = 4, .files = {name, name + "-metadata.json"}});
}
