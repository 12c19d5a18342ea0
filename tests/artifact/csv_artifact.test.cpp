// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv_artifact.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/csv_input.hpp>
#include <curtail/table/generate.hpp>
#include <curtail/table/with_prediction.hpp>

#include "artifact/page/blocked_gzip.hpp"
#include "artifact/page/collected_page.hpp"
#include "artifact/page/memory_view.hpp"
#include "catch.hpp"
#include "fault/machine.hpp"
#include "fault/scratch_directory.hpp"
#include "seed.hpp"

namespace {

using curtail::CsvArtifact;
using curtail::CsvDialect;
using curtail::CsvSink;
using curtail::ErrorCode;
using curtail::OnExists;

std::vector<CsvDialect> dialects() {
    return {{},
            CsvDialect::rfc4180(),
            CsvDialect::excel(),
            {.separator = ';', .null_text = "NA", .decimal_comma = true},
            {.separator = '|', .quote = '\'', .quote_style = curtail::QuoteStyle::all},
            {.quote_style = curtail::QuoteStyle::non_numeric},
            {.separator = '\t', .header = false, .true_text = "yes", .false_text = "no"}};
}

// A table of every kind of column that a page tells apart.
struct Made {
    std::vector<std::int64_t> ids;
    std::vector<std::string> texts;
    std::vector<bool> flags;
    std::vector<double> scores;

    Made(std::mt19937_64& random, std::size_t rows) {
        const std::size_t longest = std::size_t{1} << random() % 12;
        for (std::size_t i = 0; i < rows; ++i) {
            ids.push_back(static_cast<std::int64_t>(random()));
            std::string text = i % 7 == 0 ? "" : "t";
            for (std::size_t size = random() % longest; text.size() < size;) text += "ab\n\",;|\t'=\r "[random() % 12];
            texts.push_back(text);
            flags.push_back(random() % 2 == 0);
            scores.push_back(static_cast<double>(random() % 1'000'000) / 7);
        }
    }
    [[nodiscard]] auto table() const {
        return curtail::with_prediction(curtail::columns(curtail::column("id", ids), curtail::column("=text", texts),
                                                         curtail::column("flag", flags)),
                                        curtail::column("score", scores));
    }
    [[nodiscard]] std::vector<std::string> row(std::size_t i) const {
        return {shown(ids[i]), shown(std::string_view(texts[i])), shown(bool{flags[i]}), shown(scores[i])};
    }
};

void write(const std::string& path, const Made& made, const curtail::CsvSinkOptions& options) {
    CsvSink sink(path, options);
    const auto table = made.table();
    sink.open(table.schema());
    // In batches of any size, so that some are formatted by several threads.
    for (std::size_t first = 0; first < made.ids.size();) {
        const std::size_t count = first == 0 ? (std::min)(made.ids.size(), std::size_t{100}) : made.ids.size() - first;
        sink.append(curtail::RowSlice(table, first, count));
        first += count;
    }
    sink.finish();
}

template <class Action>
std::pair<ErrorCode, std::uint64_t> failure_of(Action action) {
    try {
        action();
    } catch (const curtail::InputError& error) {
        return {error.code(), error.offset().value_or(0)};
    } catch (const curtail::Error& error) {
        return {error.code(), 0};
    }
    return {ErrorCode::wrong_state, 0};
}

}  // namespace

TEST_CASE("CsvArtifact: gives the rows that CsvSink wrote, in every dialect", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    int number = 0;
    for (const CsvDialect& dialect : dialects()) {
        CAPTURE(number);
        const Made made(random, 1 + random() % 5000);
        const std::size_t rows = made.ids.size();
        const std::string path = dir / std::to_string(number++);
        write(path, made, {.dialect = dialect, .threads = 1 + random() % 3, .metadata = true});
        const CsvArtifact artifact(path);
        CHECK(artifact.had_index());
        CHECK(artifact.rows() == rows);
        CHECK(artifact.schema() == made.table().schema());
        CHECK(artifact.info().bytes == std::filesystem::file_size(path));
        for (int i = 0; i < 20; ++i) {
            const std::size_t first = i == 0 ? 0 : i == 1 ? rows - 1 : random() % rows;
            const CollectedPage page = page_of(artifact, first, 5);
            REQUIRE(page.rows.size() == (std::min)(std::size_t{5}, rows - first));
            for (std::size_t row = 0; row < page.rows.size(); ++row) {
                CHECK(page.numbers[row] == first + row);
                CHECK(page.rows[row] == made.row(first + row));
            }
        }
    }
}

TEST_CASE("CsvArtifact: reads a file without metadata once, and finds the same rows", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    Made made(random, 3000);
    made.texts[0] = "t";  // not spaces alone, which mean a null in a column of no type
    write(dir / "a", made, {});
    dir.put("b.gz", blocked_gzip(dir.read("a")));
    for (const char* const name : {"a", "b.gz"}) {
        CHECK(CsvArtifact(dir / name, {.predictions = 1}).schema().prediction_count() == 1);
        // With types, because a text of spaces alone would be taken for a null.
        const CsvArtifact artifact(dir / name,
                                   {.dialect = CsvDialect{}, .schema = made.table().schema(), .threads = 2});
        CHECK_FALSE(artifact.had_index());
        CHECK(artifact.rows() == 3000);
        CHECK(artifact.schema().prediction_count() == 1);
        CHECK(artifact.schema()[1].name == "=text");
        CHECK(artifact.info().format == (std::string(name) == "a" ? "csv" : "csv.gz"));
        if (std::string(name) != "a") CHECK(artifact.info().uncompressed_bytes == dir.read("a").size());
        for (const std::uint64_t first : {0U, 1U, 1500U, 2999U})
            CHECK(page_of(artifact, first, 1).rows[0] == made.row(first));
    }
    CHECK(failure_of([&] { CsvArtifact(dir / "a", {.predictions = 5}); }).first == ErrorCode::invalid_option);
    dir.put("nothing", "");
    const CsvDialect bare{.header = false};
    CHECK(CsvArtifact(dir / "nothing", {.dialect = bare}).rows() == 0);
    CHECK(failure_of([&] { CsvArtifact(dir / "nothing", {.dialect = bare, .predictions = 1}); }).first ==
          ErrorCode::invalid_option);
}

TEST_CASE("CsvArtifact: reads a header that any number of compressed members hold", "[artifact]") {
    const ScratchDirectory dir;
    const std::string text = "identifier,score\n1,0.5\n2,1.5\n";
    const std::string end(curtail::detail::gzip_end);
    for (const std::size_t size : {std::size_t{1}, std::size_t{5}, std::size_t{17}, std::size_t{65'280}}) {
        for (const std::string& before : {std::string(), end, end + end}) {  // as of a joined part without rows
            for (const char* const mark : {"", "\xEF\xBB\xBF"}) {
                dir.put("a.csv.gz", before + blocked_gzip(mark + text, true, size));
                const CsvArtifact artifact(dir / "a.csv.gz");
                CHECK(artifact.schema()[0].name == "identifier");
                CHECK(page_of(artifact, 1, 5).rows == std::vector<std::vector<std::string>>{{"2", "1.5"}});
            }
        }
    }
}

TEST_CASE("CsvSink: writes the same index for any number of threads", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    for (int round = 0; round < 4; ++round) {
        const Made made(random, 20'000);
        std::string first;
        for (const std::size_t threads : {1U, 2U, 5U}) {
            const std::string path = dir / std::to_string(threads);
            write(path, made, {.file = {.on_exists = OnExists::replace}, .threads = threads, .metadata = true});
            const auto json = nlohmann::json::parse(dir.read(std::to_string(threads) + "-metadata.json"));
            const std::string index = json["dc:tableOfContents"].back()["schema:value"];
            if (threads == 1) first = index;
            CHECK(index == first);
            CHECK(index.size() <= 6 * (std::filesystem::file_size(path) / 65'280 + 1));
            const CsvArtifact scanned(path, {.dialect = CsvDialect{}, .schema = made.table().schema()});
            CHECK(page_of(scanned, 19'990, 10).rows == page_of(CsvArtifact(path), 19'990, 10).rows);
        }
    }
}

TEST_CASE("CsvArtifact: gives what was asked for and is there", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("x.csv", "a,b,c\n1,2,3\n4,5,6\n7,8,9\n");
    const CsvArtifact artifact(dir / "x.csv");
    CHECK(page_of(artifact, 3, 10).rows.empty());
    CHECK(page_of(artifact, UINT64_MAX, UINT64_MAX).rows.empty());
    CHECK(page_of(artifact, 1, UINT64_MAX).rows.size() == 2);
    CHECK(page_of(artifact, 1, 0).rows.empty());
    CollectedPage page;
    page.most = 1;
    artifact.read_page(0, 3, std::array<std::size_t, 2>{0, 2}, page);
    CHECK(page.rows == std::vector<std::vector<std::string>>{{"1", "3"}});

    dir.put("empty.csv", "a,b\n");
    CHECK(CsvArtifact(dir / "empty.csv").rows() == 0);
    CHECK(page_of(CsvArtifact(dir / "empty.csv"), 0, 1).rows.empty());
    dir.put("one.csv", "a\n\"\"\nx\n");
    CHECK(page_of(CsvArtifact(dir / "one.csv"), 0, 9).rows == std::vector<std::vector<std::string>>{{"''"}, {"'x'"}});
    dir.put("bare.csv", "1,2\n");
    const CsvArtifact bare(dir / "bare.csv", {.dialect = CsvDialect{.header = false}});
    CHECK(bare.schema()[1].name == "column_2");
    CHECK(page_of(bare, 0, 9).rows[0] == std::vector<std::string>{"1", "2"});
}

TEST_CASE("CsvArtifact: refuses files that are not what CsvSink wrote, with the byte", "[artifact]") {
    const ScratchDirectory dir;
    const auto fault = [&](std::string_view text, const curtail::CsvArtifactOptions& options = {}) {
        dir.put("x.csv", text);
        return failure_of([&] { page_of(CsvArtifact(dir / "x.csv", options), 0, 10); });
    };
    using Failure = std::pair<ErrorCode, std::uint64_t>;
    CHECK(fault("a,b\n1,2\n3,4") == Failure{ErrorCode::malformed_input, 11});      // cut off
    CHECK(fault("a,b\n1,\"2\n3,4\n") == Failure{ErrorCode::malformed_input, 13});  // within quotes
    CHECK(fault("a,b\n1,2\n3\n") == Failure{ErrorCode::malformed_input, 8});       // a row of one field
    CHECK(fault("a,b\n1,2,3\n") == Failure{ErrorCode::malformed_input, 4});
    CHECK(fault("a,b\r\n1,2\r\n") == Failure{ErrorCode::malformed_input, 3});  // another dialect
    CHECK(fault("a;b\n1;2\n", {.dialect = CsvDialect{.line_end = curtail::LineEnd::crlf}}).first ==
          ErrorCode::malformed_input);
    CHECK(fault("") == Failure{ErrorCode::malformed_input, 0});
    CHECK(fault("\x1F\x8B\x08") == Failure{ErrorCode::malformed_input, 3});
    CHECK(fault("a,b\n", {.dialect = CsvDialect{.separator = 'x'}}).first == ErrorCode::invalid_option);
    CHECK(failure_of([&] { CsvArtifact(dir / "missing.csv"); }).first == ErrorCode::unreadable_input);
    std::error_code no_links;  // Windows has them for some users alone
    std::filesystem::create_symlink("x.csv", dir / "link.csv", no_links);
    CHECK((no_links || failure_of([&] { CsvArtifact(dir / "link.csv"); }).first == ErrorCode::unreadable_input));
}

TEST_CASE("CsvArtifact: refuses a file that its metadata do not describe", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir;
    const Made made(random, 2000);
    const Made other(random, 2000);
    const auto fresh = [&] {
        const curtail::CsvSinkOptions options{.file = {.on_exists = OnExists::replace}, .metadata = true};
        write(dir / "a.csv", made, options);
        write(dir / "b.csv", other, options);
    };
    const auto code = [&] { return failure_of([&] { CsvArtifact(dir / "a.csv"); }).first; };
    fresh();
    CHECK(code() == ErrorCode::wrong_state);
    // Another job's metadata.
    dir.put("a.csv-metadata.json", dir.read("b.csv-metadata.json"));
    CHECK(code() == ErrorCode::changed_input);
    fresh();
    // Cut off, longer, and with one other bit.
    const std::string bytes = dir.read("a.csv");
    for (std::string changed : {bytes.substr(0, bytes.size() / 2), bytes + "x", bytes}) {
        if (changed.size() == bytes.size()) changed[random() % bytes.size()] ^= 4;
        dir.put("a.csv", changed);
        CHECK(code() == ErrorCode::changed_input);
    }
    // A copy is another file with other times, and the same bytes.
    dir.put("a.csv", bytes);
    std::filesystem::last_write_time(dir / "a.csv",
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(5));
    CHECK(code() == ErrorCode::wrong_state);
    // Metadata of which one character is another: without their checksum rows would have wrong numbers.
    fresh();
    std::string damaged = dir.read("a.csv-metadata.json");
    const std::size_t index = damaged.find("\"rowStarts\"");
    char& digit = damaged[damaged.find("\"", damaged.find(":", damaged.find("value", index))) + 3];
    digit = digit == 'C' ? 'D' : 'C';
    dir.put("a.csv-metadata.json", damaged);
    CHECK(code() == ErrorCode::malformed_input);
    // Metadata that were written by somebody else.
    fresh();
    dir.put("a.csv-metadata.json", "{}");
    CHECK(code() == ErrorCode::changed_input);
    CHECK(failure_of([&] { CsvArtifact(dir / "a.csv", {.dialect = CsvDialect{}}); }).first == ErrorCode::wrong_state);
}

TEST_CASE("CsvArtifact: takes a schema with a name that is not UTF-8", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("a.csv", "\xE9,b\n1,2\n");
    const curtail::Schema schema{"\xE9", "b"};
    const curtail::CsvArtifactOptions options{.dialect = CsvDialect{}, .schema = schema};
    CHECK(page_of(CsvArtifact(dir / "a.csv", options), 0, 1).rows.size() == 1);
    dir.put("a.csv", "\xE9,c\n1,2\n");
    CHECK(failure_of([&] { CsvArtifact(dir / "a.csv", options); }).first == ErrorCode::malformed_input);
}

TEST_CASE("CsvArtifact: reads the cells of a CSV input as the input read them", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string text = "a,prediction\nNA,1\n-,2\n\"-\",NA\n,-\n missing ,3\nnull,x\n\"1,5\",k.A.\n";
    // Words that a table without a spelling of its own would have in the file.
    CsvDialect dialect{.true_text = "x", .nan_text = "k.A.", .decimal_comma = true};
    const std::vector<std::vector<std::string>> lists = {
        {"-", "missing"}, {}, {"NA"}, {"\"", "a\\b", "\n", "x,y", "NA "}, curtail::CsvInputOptions().null_texts};
    for (const char* const null_text : {"", "-", "(none)"}) {
        for (std::size_t i = 0; i < lists.size(); ++i) {
            CAPTURE(null_text, i);
            const auto input = [&](auto use) {
                bool read = false;
                curtail::CsvInput csv(
                    [&](std::span<char> buffer) {
                        return std::exchange(read, true) ? 0 : text.copy(buffer.data(), buffer.size());
                    },
                    "input", {.null_texts = lists[i]});
                use(curtail::with_prediction(std::move(csv), "prediction"));
            };
            const std::string path = dir / std::to_string(i);
            std::vector<std::vector<std::string>> expected;
            input([&](auto rows) {
                while (const auto* const batch = rows.next()) {
                    for (std::size_t row = 0; row < batch->rows(); ++row) {
                        expected.emplace_back();
                        curtail::visit_row(*batch, row,
                                           [&](const auto& cell) { expected.back().push_back(shown(cell)); });
                    }
                }
            });
            input([&](auto rows) {
                dialect.null_text = null_text;
                CsvSink sink(path, {.dialect = dialect, .file = {.on_exists = OnExists::replace}, .metadata = true});
                sink.open(rows.schema());
                while (const auto* const batch = rows.next()) sink.append(*batch);
                sink.finish();
            });
            CHECK(page_of(CsvArtifact(path), 0, 100).rows == expected);
        }
    }
}

TEST_CASE("CsvArtifact: takes no text of a table for a null that only CSV files have", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::vector<curtail::Cell> cells = {std::string_view("NA"), curtail::Null{}, std::string_view("null"),
                                              std::numeric_limits<double>::quiet_NaN()};
    const std::vector<int> other = {1, 2, 3, 4};
    CsvSink sink(dir / "a", {.metadata = true});
    const auto table = curtail::columns(curtail::column("a", cells), curtail::column("b", other));
    sink.open(table.schema());
    sink.append(table);
    sink.finish();
    CHECK(page_of(CsvArtifact(dir / "a"), 0, 4).rows ==
          std::vector<std::vector<std::string>>{{"'NA'", "1"}, {"null", "2"}, {"'null'", "3"}, {"nan", "4"}});
}

TEST_CASE("CsvArtifact: reads the values of a column without a type as the dialect spells them", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::vector<curtail::Cell> cells = {1.5, true, std::numeric_limits<double>::quiet_NaN(), std::int64_t{-2},
                                              curtail::Null{}};
    const std::vector<std::vector<std::string>> expected = {{"1.5"}, {"true"}, {"nan"}, {"-2"}, {"null"}};
    const CsvDialect german{.separator = ';',
                            .null_text = "k.A.",
                            .true_text = "ja",
                            .false_text = "nein",
                            .nan_text = "keine",
                            .decimal_comma = true};
    const auto table = curtail::columns(curtail::column("a", cells));
    for (const bool metadata : {true, false}) {
        const std::string path = dir / (metadata ? "a" : "b");
        CsvSink sink(path, {.dialect = german, .metadata = metadata});
        sink.open(table.schema());
        sink.append(table);
        sink.finish();
        const auto given = metadata ? std::optional<CsvDialect>() : std::optional(german);
        CHECK(page_of(CsvArtifact(path, {.dialect = given}), 0, 9).rows == expected);
    }
}

TEST_CASE("CsvArtifact: does not guess the dialect of a file whose metadata cannot be read", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("a.csv", "a;b\n1;2\n");
    std::filesystem::create_directory(dir / "a.csv-metadata.json");
    CHECK(failure_of([&] { CsvArtifact(dir / "a.csv"); }).first == ErrorCode::unreadable_input);
    const CsvArtifact told(dir / "a.csv", {.dialect = CsvDialect{.separator = ';'}});
    CHECK(page_of(told, 0, 1).rows[0].size() == 2);
}

TEST_CASE("CsvArtifact: takes a given schema for a file without metadata", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("a.csv", "id,score\n007,1\n");
    const curtail::Schema schema({{"id", {curtail::CellKind::text}}, {"score", {curtail::CellKind::float64}}}, 1);
    const CsvArtifact artifact(dir / "a.csv", {.schema = schema});
    CHECK(artifact.schema() == schema);
    CHECK(page_of(artifact, 0, 1).rows[0] == std::vector<std::string>{"'007'", "1.0"});
    dir.put("a.csv", "id,score\n007,x\n");
    try {
        page_of(CsvArtifact(dir / "a.csv", {.schema = schema}), 0, 1);
        FAIL("read");
    } catch (const curtail::InputError& error) {
        CHECK(std::string_view(error.what()).find("the given schema") != std::string_view::npos);
    }
    for (const auto& [header, fault] : {std::pair{"other,score", "column 0 of the header is \"other\"; by the schema"},
                                        std::pair{"id", "the header has fewer columns than the schema"},
                                        std::pair{"id,score,more", "\"more\"; by the schema there is none"}}) {
        dir.put("a.csv", std::string(header) + "\n007,1\n");
        try {
            CsvArtifact(dir / "a.csv", {.schema = schema});
            FAIL("opened");
        } catch (const curtail::InputError& error) {
            CHECK(error.code() == ErrorCode::malformed_input);
            CHECK(std::string_view(error.what()).find(fault) != std::string_view::npos);
        }
    }
}

TEST_CASE("CsvArtifact: shows every generated cell that its column's type let pass", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::vector<curtail::Cell> cells{std::int64_t{300},
                                           std::int64_t{-1},
                                           1.5,
                                           std::numeric_limits<double>::quiet_NaN(),
                                           -std::numeric_limits<double>::infinity(),
                                           std::string_view("x"),
                                           std::string_view(),
                                           curtail::Verbatim{"NA", curtail::Verbatim::Meaning::null},
                                           curtail::TimeOfDay{5, curtail::TimeUnit::second},
                                           true,
                                           curtail::Date{1},
                                           curtail::Timestamp{5, curtail::TimeUnit::second, {}},
                                           curtail::Duration{5, curtail::TimeUnit::second},
                                           curtail::Decimal{"1.50"},
                                           curtail::Nested{"[1]"}};
    int shown = 0;
    const auto show = [&](const curtail::Schema& schema, const curtail::Cell& cell, const CsvDialect& dialect) {
        bool more = true;
        auto stream = curtail::generate(schema, [&](std::span<curtail::Cell> row) {
            row[0] = cell;
            return std::exchange(more, false);
        });
        CsvSink sink(dir / "a.csv",
                     {.dialect = dialect, .file = {.on_exists = OnExists::replace}, .threads = 1, .metadata = true});
        try {
            sink.open(stream.schema());
            while (const auto* batch = stream.next()) sink.append(*batch);
        } catch (const curtail::TableError&) {
            return sink.abort();
        }
        sink.finish();
        CHECK(page_of(CsvArtifact(dir / "a.csv"), 0, 2).rows.size() == 1);
        ++shown;
    };
    for (const CsvDialect& dialect : {CsvDialect(), CsvDialect::pandas(), CsvDialect{.nan_text = "missing"},
                                      CsvDialect{.separator = ';', .null_text = "NA", .decimal_comma = true}}) {
        for (int kind = 0; kind <= static_cast<int>(curtail::CellKind::nested); ++kind) {
            for (const curtail::Cell& cell : cells) {
                CAPTURE(kind, cell.index(), dialect.nan_text);
                show({{"a", static_cast<curtail::CellKind>(kind)}, {"b"}}, cell, dialect);
            }
        }
    }
    CHECK(shown > 60 * 4);
}

TEST_CASE("CsvArtifact: does not take the rows of another separator for single texts", "[artifact]") {
    const ScratchDirectory dir;
    for (const char separator : {';', '\t', '|', '^'}) {
        const std::string line = std::string("a") + separator + "b\n";
        dir.put("a.csv", line + line);
        CHECK(failure_of([&] { CsvArtifact(dir / "a.csv"); }).first == ErrorCode::malformed_input);
        // Who gives a dialect is believed.
        CHECK(CsvArtifact(dir / "a.csv", {.dialect = CsvDialect{}}).schema().size() == 1);
        CHECK(CsvArtifact(dir / "a.csv", {.dialect = CsvDialect{.separator = separator}}).schema().size() == 2);
        // A table of one column can have such a name.
        for (const std::string& rows : {std::string("1\n"), std::string(), '"' + line.substr(0, 3) + "\"\n"}) {
            dir.put("a.csv", line + rows);
            CHECK(CsvArtifact(dir / "a.csv").schema().size() == 1);
        }
    }
}

TEST_CASE("CsvArtifact: refuses a first line of more fields than can be kept", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string commas(1'000'000, ',');
    dir.put("a.csv", commas + "\n" + commas + "\n");
    using Failure = std::pair<ErrorCode, std::uint64_t>;
    for (const bool header : {true, false}) {
        const curtail::CsvArtifactOptions options{.dialect = CsvDialect{.header = header}};
        CHECK(failure_of([&] { CsvArtifact(dir / "a.csv", options); }) ==
              Failure{ErrorCode::malformed_input, 1'000'000});
    }
}

TEST_CASE("CsvArtifact: refuses to go on with a file that changes under it", "[artifact]") {
    const ScratchDirectory dir;
    dir.put("a.csv", "a,b\n1,2\n");
    const CsvArtifact artifact(dir / "a.csv");
    CHECK(page_of(artifact, 0, 1).rows.size() == 1);
    dir.put("b.csv", "a,b\n3,4\n");
    std::error_code kept;
    std::filesystem::rename(dir / "b.csv", dir / "a.csv", kept);
    if (kept && on_windows) return;  // it may keep a file that is being read
    CHECK(failure_of([&] { page_of(artifact, 0, 1); }).first == ErrorCode::changed_input);
}

TEST_CASE("CsvArtifact: holds no more of a cell than is of use", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string long_text(30'000'000, 'y');
    dir.put("a.csv", "a,b\n\"" + long_text + "\",2\n" + long_text + ",4\n5,6\n");
    const CsvArtifact artifact(dir / "a.csv");
    CHECK(artifact.rows() == 3);
    CollectedPage page;
    page.limit = 1000;
    artifact.read_page(0, 3, all_columns(artifact.schema()), page);
    REQUIRE(page.rows.size() == 3);
    CHECK(page.rows[0] == std::vector<std::string>{"'" + std::string(1000, 'y') + "'", "2"});
    CHECK(page.rows[1][1] == "4");
    CHECK(page.largest == long_text.size());
}

TEST_CASE("CsvArtifact: never cuts a number or a bool, however little room a page has", "[artifact]") {
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    const std::string digits(80, '7');
    const CsvDialect dialect{.true_text = std::string(100, 'y'), .float_precision = 100};
    for (const curtail::CellKind kind : {curtail::CellKind::decimal, curtail::CellKind::any}) {
        auto rows =
            curtail::generate({{"a", kind}, {"b", curtail::CellKind::float64}, {"c", curtail::CellKind::boolean}},
                              [&, more = true](std::span<curtail::Cell> row) mutable {
                                  row[0] = curtail::Decimal{digits};
                                  row[1] = -1e300;
                                  row[2] = true;
                                  return std::exchange(more, false);
                              });
        CsvSink sink(dir / "a", {.dialect = dialect, .file = {.on_exists = OnExists::replace}, .metadata = true});
        sink.open(rows.schema());
        while (const auto* const batch = rows.next()) sink.append(*batch);
        sink.finish();
        const CsvArtifact artifact(dir / "a");
        CollectedPage page;
        page.limit = 1;
        artifact.read_page(0, 1, all_columns(artifact.schema()), page);
        CHECK(page.rows == std::vector<std::vector<std::string>>{{digits, "-1e+300", "true"}});
    }
}

TEST_CASE("CsvArtifact: reads damaged files without a wrong row of another place", "[artifact]") {
    std::mt19937_64 random(test_seed());
    const ScratchDirectory dir(ScratchDirectory::fast_parent());
    std::vector<std::int64_t> ids(3000);
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
    const auto table = curtail::columns(curtail::column("id", ids), curtail::column("twice", ids));
    CsvSink sink(dir / "a.csv");
    sink.open(table.schema());
    sink.append(table);
    sink.finish();
    const std::string gzip = blocked_gzip(dir.read("a.csv"));
    int refused = 0;
    for (int i = 0; i < 200; ++i) {
        std::string bytes = gzip;
        bytes[random() % bytes.size()] ^= static_cast<char>(1U << random() % 8);
        dir.put("b.csv.gz", bytes);
        try {
            const CollectedPage page = page_of(CsvArtifact(dir / "b.csv.gz"), 2990, 5);
            REQUIRE(page.rows.size() == 5);
            CHECK(page.rows[0][0] == "2990");
        } catch (const curtail::InputError& error) {
            ++refused;
            CHECK(error.offset());
        }
    }
    CHECK(refused > 190);
}
