// SPDX-License-Identifier: MIT
// A source that throws at any row, whatever it is and whichever thread reads it, leaves nothing behind: no file, no
// temporary, no open file, no thread.
#include <curtail/payload/result_payload_builder.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/arrow.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/map.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/records.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/with_prediction.hpp>

#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "table/arrow_builder.hpp"

namespace {

constexpr std::size_t never = SIZE_MAX;

// The row whose cell throws, and whether it throws what is not a std::exception.
std::atomic<std::size_t> throws_at = never;
std::atomic<bool> throws_int = false;

void maybe_throw(std::size_t row) {
    if (row != throws_at) return;
    if (throws_int) throw 42;
    throw std::runtime_error("cell of row " + std::to_string(row));
}

struct Bomb {
    std::size_t row;
};

struct Person {
    std::size_t row;
    std::string name;
};

}  // namespace

template <>
struct curtail::cell_traits<Bomb> {
    static std::uint64_t cell(const Bomb& bomb) {
        maybe_throw(bomb.row);
        return bomb.row;
    }
};

namespace {

struct OwnTable {
    curtail::Schema columns{{"a"}, {"b"}};
    std::size_t count;

    static constexpr bool concurrent_reads = true;
    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return count; }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        visit(std::uint64_t{row});
        maybe_throw(row);
        visit(0.5);
    }
};

curtail::PayloadOptions options_with(curtail::SampleStrategy strategy = curtail::SampleStrategy::head) {
    curtail::PayloadOptions options;
    options.sample_strategy = strategy;
    return options;
}

// Splits what `make` returns. It must throw, nothing may be left, and the same split must succeed once nothing throws.
template <class Make>
void check_clean(Make make, std::size_t threads, const curtail::PayloadOptions& options = options_with()) {
    const ScratchDirectory directory(ScratchDirectory::fast_parent());
    const std::string path = directory / "predictions_job_1.csv";
    const std::size_t files = files_now();
    const std::size_t tasks = threads_now();
    const auto split = [&] {
        auto&& source = make();
        const curtail::ResultPayloadBuilder builder("job_1", options);
        static_cast<void>(builder.build(source, curtail::CsvSink(path, {.threads = threads, .metadata = true})));
    };
    INFO("row " << throws_at << ", " << threads << " threads");
    CHECK_THROWS(split());
    CHECK(directory.names().empty());
    CHECK(files_now() == files);
    CHECK(threads_now() == tasks);
}

// Calls `check` for each row of a small table, with either kind of exception, then for rows of a large one on threads.
template <class Check>
void at_each_row(Check check) {
    for (const bool is_int : {false, true}) {
        throws_int = is_int;
        for (std::size_t row = 0; row < 20; ++row) {
            throws_at = row;
            check(std::size_t{20}, std::size_t{1});
        }
        constexpr std::size_t many = 150'000;  // several blocks of each thread
        for (const std::size_t row : {0U, 1U, 63U, 64U, 50'000U, 100'001U, 149'999U}) {
            throws_at = row;
            check(many, std::size_t{4});
        }
    }
    throws_at = never;
    throws_int = false;
}

std::vector<Bomb> bombs_of(std::size_t count) {
    std::vector<Bomb> bombs(count);
    for (std::size_t row = 0; row < count; ++row) bombs[row].row = row;
    return bombs;
}

}  // namespace

TEST_CASE("Split: cell_traits that throw at any row, from any thread, leave nothing behind", "[fault]") {
    at_each_row([](std::size_t count, std::size_t threads) {
        const auto bombs = bombs_of(count);
        const std::vector<double> scores(count, 0.5);
        const auto table = curtail::columns(curtail::column("a", scores), curtail::column("b", bombs));
        check_clean(
            [&]() -> const auto& { return table; }, threads);
        check_clean([&] { return curtail::with_prediction(table, curtail::column("p", bombs)); }, threads,
                    options_with(curtail::SampleStrategy::highest_predictions));
        if (count > 20) return;
        for (const auto strategy : {curtail::SampleStrategy::random, curtail::SampleStrategy::tail}) {
            check_clean([&] { return curtail::with_prediction(table, curtail::column("p", bombs)); }, threads,
                        options_with(strategy));
        }
        std::vector<std::variant<int, std::optional<Bomb>>> wrapped;
        for (const Bomb& bomb : bombs) wrapped.emplace_back(std::optional(bomb));
        check_clean([&] { return curtail::columns(curtail::column("w", wrapped)); }, threads);
        check_clean([&] { return curtail::with_prediction(table, "b"); }, threads);
        check_clean([&] { return curtail::row_major(bombs.data(), count / 2, 2); }, threads);
        const std::map<std::string, std::vector<Bomb>> map = {{"a", bombs}, {"b", bombs}};
        check_clean([&] { return curtail::map_columns(map); }, threads);
        std::vector<std::pair<int, Bomb>> pairs;
        for (const Bomb& bomb : bombs) pairs.emplace_back(1, bomb);
        check_clean([&] { return curtail::tuples(pairs, {"a", "b"}); }, threads);
    });
}

TEST_CASE("Split: getters and tables of one's own that throw at any row leave nothing behind", "[fault]") {
    at_each_row([](std::size_t count, std::size_t threads) {
        std::vector<Person> people(count);
        for (std::size_t row = 0; row < count; ++row) people[row] = {row, "a name of some length"};
        const auto getter = [](const Person& person) {
            maybe_throw(person.row);
            return person.row;
        };
        check_clean(
            [&] { return curtail::rows(people, curtail::field("n", &Person::name), curtail::field("r", getter)); },
            threads);
        check_clean([&] { return OwnTable{.count = count}; }, threads);
    });
}

TEST_CASE("Split: generators that throw at any row leave nothing behind", "[fault]") {
    for (const bool is_int : {false, true}) {
        throws_int = is_int;
        for (std::size_t row = 0; row < 300; row += row < 20 ? 1 : 93) {
            throws_at = row;
            std::size_t next = 0;
            check_clean(
                [&] {
                    next = 0;
                    return curtail::generate(curtail::Schema{{"a"}}, [&](std::span<curtail::Cell> cells) {
                        maybe_throw(next);
                        cells[0] = std::uint64_t{next};
                        return next++ < 400;
                    });
                },
                4);
            const auto tuples = [&] {
                next = 0;
                return curtail::generate({"a", "b"}, [&]() -> std::optional<std::tuple<std::size_t, Bomb>> {
                    if (next == 400) return std::nullopt;
                    ++next;
                    return std::tuple(next, Bomb{next - 1});
                });
            };
            check_clean(tuples, 4);
            check_clean([&] { return curtail::with_prediction(tuples(), "b"); }, 4);
        }
    }
    throws_at = never;
    throws_int = false;
}

TEST_CASE("Split: a bad value at any row of records, Arrow data and CSV input leaves nothing behind", "[fault]") {
    const ScratchDirectory inputs(ScratchDirectory::fast_parent());
    for (std::size_t bad = 0; bad < 20; ++bad) {
        nlohmann::ordered_json records = nlohmann::ordered_json::array();
        std::string times;
        std::string csv = "a,b\n";
        for (std::size_t row = 0; row < 20; ++row) {
            records.push_back(row == bad ? nlohmann::ordered_json(1) : nlohmann::ordered_json{{"a", 1}});
            const std::int32_t time = row == bad ? -1 : 60;
            times.append(reinterpret_cast<const char*>(&time), sizeof time);
            csv += row == bad ? "1,2,3\n" : "1,2\n";
        }
        check_clean([&] { return curtail::records(records, {"a"}); }, 4);
        const arrow_test::Node batch =
            arrow_test::batch(20, {{.format = "tts", .name = "t", .length = 20, .buffers = {std::nullopt, times}}});
        check_clean([&] { return arrow_test::table_of(batch); }, 4);
        inputs.put("input.csv", csv);
        check_clean([&] { return curtail::CsvInput(inputs / "input.csv"); }, 4);
    }
    for (const std::size_t chunk : {0U, 1U, 2U}) {
        arrow_test::Releases releases;
        check_clean(
            [&] {
                const arrow_test::Node good =
                    arrow_test::batch(2, {arrow_test::column<std::int32_t>("a", "i", {1, 2})});
                return curtail::arrow_stream(arrow_test::export_stream<arrow_test::PlainAbi>(
                    {.schema = good, .chunks = {good, good, good}, .fail_at = chunk}, &releases));
            },
            4);
        CHECK(releases.each_once());
    }
}

TEST_CASE("Split: dates that the calendar does not have name column and row and leave nothing behind", "[fault]") {
    constexpr std::size_t count = 100'000;
    for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
        for (const std::size_t bad : {std::size_t{0}, std::size_t{77'777}, count - 1}) {
            std::vector<curtail::TimeOfDay> times(count, {1, curtail::TimeUnit::second});
            times[bad].count = times.back().count = -1;  // the first one counts
            const std::vector<std::string> texts(count, "a text of some length, so that all threads get some");
            const auto table = curtail::columns(curtail::column("text", texts), curtail::column("time", times));
            const ScratchDirectory directory(ScratchDirectory::fast_parent());
            try {
                static_cast<void>(curtail::ResultPayloadBuilder("job_1").build(
                    table, curtail::CsvSink(directory / "predictions_job_1.csv", {.threads = threads})));
                FAIL("written");
            } catch (const curtail::TableError& error) {
                CHECK(error.code() == curtail::ErrorCode::bad_cell);
                CHECK(error.row() == bad);
                CHECK(error.column() == "time");
                CHECK(error.permanent());
            }
            CHECK(directory.names().empty());
        }
    }
}

TEST_CASE("Split: a progress callback that throws at any of its calls leaves nothing behind", "[fault]") {
    const std::vector<std::string> texts(20'000, "some text");
    const auto table = curtail::columns(curtail::column("a", texts));
    int calls = 0;
    int last = -1;
    curtail::PayloadOptions options;
    options.progress_interval = std::chrono::milliseconds(0);
    options.on_progress = [&](const curtail::SplitProgress&) {
        if (calls++ == last) throw std::runtime_error("callback");
        return true;
    };
    const auto stream = [] {
        return curtail::generate({"a"}, [left = 2000]() mutable -> std::optional<std::tuple<int>> {
            return left-- > 0 ? std::optional(std::tuple(left)) : std::nullopt;
        });
    };
    const ScratchDirectory directory(ScratchDirectory::fast_parent());
    static_cast<void>(
        curtail::ResultPayloadBuilder("job_1", options).build(stream(), curtail::CsvSink(directory / "a.csv")));
    const int all = calls;
    CHECK(all > 3);
    for (last = 0; last < all; ++last) {
        calls = 0;
        check_clean(stream, 4, options);
        calls = last;  // the table has fewer calls: it throws at the first
        check_clean(
            [&]() -> const auto& { return table; }, 4, options);
    }
}

TEST_CASE("Split: after an exception in a loop of one's own nothing can be published", "[fault]") {
    const auto bombs = bombs_of(20);
    const auto table = curtail::columns(curtail::column("a", bombs));
    for (std::size_t row = 0; row < 20; ++row) {
        const ScratchDirectory directory(ScratchDirectory::fast_parent());
        {
            auto split =
                curtail::ResultPayloadBuilder("job_1").start(table.schema(), curtail::CsvSink(directory / "a.csv"));
            throws_at = never;
            split.append(table);
            throws_at = row;
            CHECK_THROWS_AS(split.append(table), std::runtime_error);
            throws_at = never;
            CHECK_THROWS_AS(split.append(table), curtail::UsageError);
            CHECK_THROWS_AS(split.finish(), curtail::UsageError);
        }
        CHECK(directory.names().empty());
    }
}

TEST_CASE("ResultPayloadBuilder: a stream that was read before is refused before there is a file", "[fault]") {
    const ScratchDirectory directory(ScratchDirectory::fast_parent());
    const auto build = [&](auto& stream) {
        static_cast<void>(curtail::ResultPayloadBuilder("job_1").build(
            stream, curtail::CsvSink(directory / "predictions_job_1.csv")));
    };
    std::size_t next = 0;
    auto stream = curtail::generate({"a"}, [&]() -> std::optional<std::tuple<Bomb>> {
        return next < 5 ? std::optional(std::tuple(Bomb{next++})) : std::nullopt;
    });
    throws_at = 3;
    CHECK_THROWS_AS(build(stream), std::runtime_error);
    throws_at = never;
    // The rest would be a file that lacks the first rows.
    CHECK_THROWS_AS(build(stream), curtail::UsageError);
    next = 0;
    CHECK_THROWS_AS(build(stream), curtail::UsageError);
    CHECK(directory.names().empty());
    directory.put("input.csv", "a,b\n1,2\n");
    curtail::CsvInput input(directory / "input.csv");
    build(input);
    CHECK_THROWS_AS(build(input), curtail::UsageError);
    CHECK(directory.read("predictions_job_1.csv") == "a,b\n1,2\n");
}
