// SPDX-License-Identifier: MIT
// The same rows make the same file and the same message, whatever holds them and however they are divided into batches.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/map.hpp>
#include <curtail/table/matrix.hpp>
#include <curtail/table/records.hpp>
#include <curtail/table/rows.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

namespace {

using curtail::column;
using curtail::last_column;
using curtail::with_prediction;
using nlohmann::ordered_json;

struct Outcome {
    std::string file;
    std::string message;
};

// The whole table in one call.
template <class T>
Outcome split(T&& table, std::size_t threads = 1) {
    MemoryOutput output;
    const auto kept = output.kept;
    const auto result = curtail::ResultPayloadBuilder("job_1").build(
        std::forward<T>(table), curtail::CsvSink<MemoryOutput>(output, {.threads = threads}));
    return {kept->bytes, result.message()};
}

// The same in batches of `size` rows.
template <class T>
Outcome split_in_batches(const T& table, std::size_t size) {
    MemoryOutput output;
    const auto kept = output.kept;
    auto split =
        curtail::ResultPayloadBuilder("job_1").start(curtail::schema_of(table), curtail::CsvSink<MemoryOutput>(output));
    const std::size_t rows = curtail::rows_of(table);
    for (std::size_t first = 0; first < rows; first += size) {
        split.append(curtail::RowSlice(table, first, (std::min)(size, rows - first)));
    }
    const auto result = split.finish();
    return {kept->bytes, result.message()};
}

void check_same(std::string_view form, const Outcome& outcome, const Outcome& expected) {
    INFO("held as " << form);
    const bool same_file = outcome.file == expected.file;
    CHECK(same_file);
    if (outcome.message != expected.message) CHECK(outcome.message == expected.message);
}

template <class T>
void check_any_batches(std::string_view form, const T& table, const Outcome& expected) {
    for (const std::size_t threads : {1U, 3U}) {
        INFO(threads << " threads");
        check_same(form, split(table, threads), expected);
    }
    for (const std::size_t size : {1U, 7U, 1000U}) {
        INFO("in batches of " << size);
        check_same(form, split_in_batches(table, size), expected);
    }
}

struct Person {
    std::int64_t id = 0;
    std::string name;
    std::optional<double> weight;
    bool member = false;
    std::optional<std::int64_t> visits;
    double score = 0;
};
using PersonTuple =
    std::tuple<std::int64_t, std::string, std::optional<double>, bool, std::optional<std::int64_t>, double>;
const std::vector<std::string> names = {"id", "name", "weight", "member", "visits", "score"};

std::vector<Person> random_people(table_maker::TableMaker& maker, std::size_t count) {
    std::vector<Person> people(count);
    for (Person& person : people) {
        person.id = static_cast<std::int64_t>(maker.below(1'000'000)) - 500'000;
        person.name = maker.any_text(300);
        if (!maker.one_in(5)) person.weight = maker.any_double();
        person.member = maker.one_in(2);
        if (!maker.one_in(5)) person.visits = static_cast<std::int64_t>(maker.below(UINT64_MAX));
        person.score = maker.one_in(9) ? maker.any_double() : static_cast<double>(maker.below(1000)) / 7.0;
    }
    // A holder that learns a column's type from its cells needs one cell to learn from.
    people[0].weight = 1.5;
    people[0].visits = 3;
    return people;
}

template <class Member>
auto gathered(const std::vector<Person>& people, Member member) {
    std::vector<std::remove_cvref_t<decltype(people[0].*member)>> values;
    for (const Person& person : people) values.push_back(person.*member);
    return values;
}

template <class T>
ordered_json json_of(const std::optional<T>& value) {
    return value ? ordered_json(*value) : ordered_json(nullptr);
}

}  // namespace

TEST_CASE(
    "tables: rows, tuples, columns, maps, records and generators of the same people give the same file and message",
    "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker maker(seed);
    for (const std::size_t count :
         {std::size_t{1}, std::size_t{10}, std::size_t{11}, std::size_t{1001 + maker.below(500)}, std::size_t{9000}}) {
        INFO(count << " rows");
        const std::vector<Person> people = random_people(maker, count);
        const auto as_rows = with_prediction(
            curtail::rows(people, curtail::field("id", &Person::id), curtail::field("name", &Person::name),
                          curtail::field("weight", &Person::weight), curtail::field("member", &Person::member),
                          curtail::field("visits", &Person::visits), curtail::field("score", &Person::score)),
            last_column);
        const Outcome expected = split(as_rows);
        REQUIRE(std::count(expected.file.begin(), expected.file.end(), '\n') > static_cast<std::ptrdiff_t>(count));
        check_any_batches("rows", as_rows, expected);

        std::vector<PersonTuple> tuples;
        ordered_json records = ordered_json::array();
        for (const Person& person : people) {
            tuples.emplace_back(person.id, person.name, person.weight, person.member, person.visits, person.score);
            ordered_json record = {{"id", person.id}, {"name", person.name}};
            // A missing key and a null mean the same.
            if (person.weight || maker.one_in(2)) record["weight"] = json_of(person.weight);
            record["member"] = person.member;
            if (person.visits || maker.one_in(2)) record["visits"] = json_of(person.visits);
            record["score"] = person.score;
            records.push_back(std::move(record));
        }
        check_any_batches("tuples", with_prediction(curtail::tuples(tuples, names), last_column), expected);
        check_any_batches("records", with_prediction(curtail::records(records), "score"), expected);
        check_any_batches("records of given columns", with_prediction(curtail::records(records, names), last_column),
                          expected);

        const auto id = gathered(people, &Person::id);
        const auto name = gathered(people, &Person::name);
        const auto weight = gathered(people, &Person::weight);
        const auto member = gathered(people, &Person::member);
        const auto visits = gathered(people, &Person::visits);
        const auto score = gathered(people, &Person::score);
        const auto features = curtail::columns(column("id", id), column("name", name), column("weight", weight),
                                               column("member", member), column("visits", visits));
        check_any_batches("columns", with_prediction(features, column("score", score)), expected);
        check_any_batches("columns and a matrix", with_prediction(features, curtail::matrix(score, {"score"})),
                          expected);

        using Column =
            std::variant<std::vector<std::int64_t>, std::vector<std::string>, std::vector<std::optional<double>>,
                         std::vector<bool>, std::vector<std::optional<std::int64_t>>, std::vector<double>>;
        const std::map<std::string, Column> map = {{"id", id},         {"name", name},     {"weight", weight},
                                                   {"member", member}, {"visits", visits}, {"score", score}};
        check_any_batches("a map", with_prediction(curtail::map_columns(map, names), last_column), expected);

        check_same(
            "a generator of tuples",
            split(with_prediction(curtail::generate(names,
                                                    [&, at = std::size_t{0}]() mutable -> std::optional<PersonTuple> {
                                                        if (at == tuples.size()) return std::nullopt;
                                                        return tuples[at++];
                                                    }),
                                  last_column)),
            expected);
        const auto fill = [&, at = std::size_t{0}](std::span<curtail::Cell> row) mutable {
            if (at == people.size()) return false;
            const Person& person = people[at++];
            row[0] = person.id;
            row[1] = std::string_view(person.name);
            if (person.weight) row[2] = *person.weight;
            row[3] = person.member;
            if (person.visits) row[4] = *person.visits;
            row[5] = person.score;
            return true;
        };
        std::vector<curtail::ColumnSpec> untyped;
        for (const std::string& column_name : names) untyped.push_back({column_name});
        check_same("a generator of cells",
                   split(with_prediction(curtail::generate(curtail::Schema(std::move(untyped)), fill), last_column)),
                   expected);
    }
}

TEST_CASE(
    "tables: matrices of any strides, arrays, columns, maps and records of the same numbers give the same file and "
    "message",
    "[table]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    table_maker::TableMaker maker(seed);
    constexpr std::size_t width = 5;
    const std::vector<std::string> features = {"a", "b", "c", "d"};
    const std::vector<std::string> all = {"a", "b", "c", "d", "score"};
    for (const std::size_t count : {std::size_t{1}, std::size_t{1001 + maker.below(500)}, std::size_t{20'000}}) {
        INFO(count << " rows");
        std::vector<std::array<double, width>> rows(count);
        for (auto& row : rows) {
            for (double& number : row)
                number = maker.one_in(3) ? maker.any_double() : static_cast<double>(maker.below(99));
        }
        std::vector<double> by_rows;
        std::vector<double> scores;
        std::vector<double> by_columns(width * count);
        std::vector<double> padded(2 * width * count);  // each number has a neighbour that is not in the matrix
        std::map<std::string, std::vector<double>> map;
        ordered_json records = ordered_json::array();
        for (std::size_t row = 0; row < count; ++row) {
            records.push_back(ordered_json::object());
            for (std::size_t i = 0; i < width; ++i) {
                const double number = rows[row][i];
                by_rows.push_back(number);
                by_columns[i * count + row] = number;
                padded[2 * ((count - 1 - row) * width + (width - 1 - i))] = number;
                map[all[i]].push_back(number);
                records[row][all[i]] = number;
            }
            scores.push_back(rows[row][width - 1]);
        }
        const auto arrays = with_prediction(curtail::tuples(rows, all), last_column);
        const Outcome expected = split(arrays);
        check_any_batches("arrays", arrays, expected);
        check_any_batches("a map", with_prediction(curtail::map_columns(map, all), last_column), expected);
        check_any_batches("a map in its order", with_prediction(curtail::map_columns(map), last_column), expected);
        check_any_batches("records", with_prediction(curtail::records(records), last_column), expected);
        check_any_batches("a row-major matrix", with_prediction(curtail::matrix(by_rows, all), last_column), expected);
        check_any_batches("a column-major matrix",
                          with_prediction(curtail::column_major(by_columns.data(), count, width, all), last_column),
                          expected);
        check_any_batches("a matrix read backwards",
                          with_prediction(curtail::matrix(&padded[2 * (count * width - 1)], count, width, all,
                                                          {-2 * static_cast<std::ptrdiff_t>(width), -2}),
                                          last_column),
                          expected);
        const curtail::MatrixStrides in_wider = {width, 1};
        const auto left = curtail::matrix(by_rows.data(), count, width - 1, features, in_wider);
        check_any_batches("two matrices", with_prediction(left, curtail::matrix(scores, {"score"})), expected);
        check_any_batches("a matrix and a column", with_prediction(left, column("score", scores)), expected);
        check_any_batches(
            "two parts of one matrix",
            with_prediction(left, curtail::matrix(by_rows.data() + width - 1, count, 1, {"score"}, in_wider)),
            expected);
    }
}
