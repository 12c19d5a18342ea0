// SPDX-License-Identifier: MIT
#include <curtail/artifact/csv/dictionary_fields.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/csv/row_writer.hpp>
#include <curtail/artifact/csv_sink.hpp>
#include <curtail/table/arrow.hpp>

#include "artifact/memory_output.hpp"
#include "catch.hpp"
#include "seed.hpp"
#include "table/arrow_builder.hpp"

namespace {

using namespace std::string_literals;
using curtail::CsvDialect;
using curtail::CsvSink;
using curtail::FormulaGuard;
using curtail::QuoteStyle;
using curtail::detail::CsvRowWriter;
using curtail::detail::DictionaryFields;
using curtail::detail::RowSource;

using Words = std::vector<std::string>;

// A text that may count how often it was looked up.
struct Label {
    const Words* words;
    std::size_t number;
    std::size_t* lookups = nullptr;

    const void* dictionary() const noexcept { return words; }
    std::size_t code() const noexcept { return number; }
    std::size_t codes() const noexcept { return words->size(); }
    operator std::string_view() const {
        if (lookups != nullptr) ++*lookups;
        return (*words)[number];
    }
};
static_assert(curtail::CodedText<Label>);

constexpr std::size_t null_code = std::numeric_limits<std::size_t>::max();

// A column takes its texts from one dictionary or, row by row, from several in turn.
struct LabelColumn {
    std::vector<std::unique_ptr<Words>> dictionaries;
    std::vector<std::size_t> codes;  // of each row
};

struct Labels {
    static constexpr bool concurrent_reads = true;

    curtail::Schema columns;
    std::vector<LabelColumn> values;
    bool coded = true;
    std::size_t* lookups = nullptr;

    const curtail::Schema& schema() const { return columns; }
    std::size_t rows() const { return values[0].codes.size(); }
    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        for (const LabelColumn& column : values) {
            const std::size_t code = column.codes[row];
            const Words& words = *column.dictionaries[row % column.dictionaries.size()];
            if (code == null_code) {
                visit(curtail::Null{});
            } else if (coded) {
                visit(Label{&words, code, lookups});
            } else {
                visit(std::string_view(words[code]));
            }
        }
    }
};

Labels labels_of(std::vector<LabelColumn> columns) {
    std::vector<curtail::ColumnSpec> specs;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        specs.push_back({"c" + std::to_string(i), {curtail::CellKind::text}});
    }
    return {curtail::Schema(std::move(specs)), std::move(columns)};
}

LabelColumn label_column(Words words, std::vector<std::size_t> codes) {
    LabelColumn column;
    column.dictionaries.push_back(std::make_unique<Words>(std::move(words)));
    column.codes = std::move(codes);
    return column;
}

// `times` over all words.
LabelColumn every_word(const Words& words, std::size_t times) {
    std::vector<std::size_t> codes;
    for (std::size_t i = 0; i < times * words.size(); ++i) codes.push_back(i % words.size());
    return label_column(words, std::move(codes));
}

struct File {
    std::string bytes;
    std::uint64_t guarded = 0;

    friend bool operator==(const File&, const File&) = default;
};

struct Division {
    std::size_t threads = 1;
    std::size_t batch_rows = std::numeric_limits<std::size_t>::max();
};

// For a table that cannot be written, what the error says.
template <class T>
File file_of(const T& table, const CsvDialect& dialect = {}, const Division& division = {}) {
    MemoryOutput output;
    CsvSink sink(output, {.dialect = dialect, .threads = division.threads});
    sink.open(curtail::schema_of(table));
    try {
        for (std::size_t first = 0; first < table.rows();) {
            const std::size_t count = (std::min)(division.batch_rows, table.rows() - first);
            sink.append(curtail::RowSlice(table, first, count));
            first += count;
        }
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::bad_cell);
        return {error.what()};
    }
    sink.finish();
    return {output.kept->bytes, sink.guarded_cells()};
}

// What the table is without codes, cell by cell.
File plain_file_of(Labels& table, const CsvDialect& dialect = {}) {
    table.coded = false;
    File file = file_of(table, dialect);
    table.coded = true;
    return file;
}

std::vector<CsvDialect> dialects() {
    const auto guard = FormulaGuard::apostrophe;
    return {
        {},
        CsvDialect::pandas(),
        CsvDialect::rfc4180(),
        CsvDialect::excel(),
        {.quote_style = QuoteStyle::all},
        {.quote_style = QuoteStyle::non_numeric, .formula_guard = guard},
        {.separator = ';', .quote = '\'', .formula_guard = guard},
        {.header = false},
        {.null_text = "null"},
    };
}

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t end) {
    return static_cast<std::size_t>(random() % end);
}

std::string random_word(Random& random) {
    static const Words some = {"", "=1+1", "'", "#", "null", "\\N", "\xEF\xBB\xBF", " ", "@", "\r", "\"", "a,b;c\td|e"};
    if (below(random, 4) == 0) return some[below(random, some.size())];
    const std::size_t size = below(random, 60) == 0 ? below(random, 12000) : below(random, 70);
    constexpr std::string_view special = ",\"\n\r;'\t\\|#=^ ";
    std::string word;
    for (std::size_t i = 0; i < size; ++i) {
        word += below(random, 16) == 0 ? special[below(random, special.size())]
                                       : static_cast<char>('a' + below(random, 26));
    }
    return word;
}

LabelColumn random_column(Random& random, std::size_t rows) {
    LabelColumn column;
    const std::size_t words = 1 + below(random, below(random, 3) == 0 ? 2 * rows : 30);
    const std::size_t dictionaries = below(random, 4) == 0 ? 1 + below(random, 3) : 1;
    for (std::size_t i = 0; i < dictionaries; ++i) {
        column.dictionaries.push_back(std::make_unique<Words>());
        for (std::size_t k = 0; k < words; ++k) column.dictionaries.back()->push_back(random_word(random));
    }
    for (std::size_t row = 0; row < rows; ++row) {
        column.codes.push_back(below(random, 10) == 0 ? null_code : below(random, words));
    }
    return column;
}

// The lines of one batch, through a buffer that is often full.
std::string lines_of(CsvRowWriter& writer, const Labels& table) {
    writer.begin_batch(table.rows());
    return text_of([&](auto& text) { writer.write_rows(text, RowSource(table), 0, table.rows(), 0); }, 512);
}

CsvRowWriter writer_for(const Labels& table, const CsvDialect& dialect, std::size_t capacity) {
    CsvRowWriter writer(dialect, capacity);
    static_cast<void>(text_of([&](auto& text) { writer.write_header(text, table.schema()); }));
    return writer;
}

}  // namespace

TEST_CASE("DictionaryFields: each text of a dictionary is looked up and spelled once per batch in a plain dialect") {
    for (const CsvDialect& dialect : {CsvDialect(), CsvDialect::rfc4180(), CsvDialect{.header = false}}) {
        const Words words = {"a", "b, \"c\"", "", "=d", std::string(200, 'e')};
        std::vector<LabelColumn> columns;
        columns.push_back(label_column({"x"}, std::vector<std::size_t>(50, 0)));
        columns.push_back(every_word(words, 10));
        columns.push_back(every_word(words, 10));
        Labels table = labels_of(std::move(columns));
        const File plain = plain_file_of(table, dialect);
        std::size_t lookups = 0;
        table.lookups = &lookups;
        CHECK(file_of(table, dialect) == plain);
        // The empty text needs quotes, so it is not plain and is looked up twice per row.
        const std::size_t empty_texts = 2 * 10;
        // The first cells of a file are written one by one, because a byte order mark would be special there.
        const std::size_t first_cells = dialect.header ? 0 : 3;
        CHECK(lookups == 1 + 2 * (words.size() - 1) + 2 * empty_texts + first_cells);
    }
}

TEST_CASE("DictionaryFields: bytes and guarded cells are those of texts without codes, in any dialect") {
    const std::uint64_t seed = test_seed();
    INFO("CURTAIL_SEED=" << seed);
    Random random(seed);
    for (const CsvDialect& dialect : dialects()) {
        for (int i = 0; i < 12; ++i) {
            const std::size_t rows = 1 + below(random, 400);
            std::vector<LabelColumn> columns;
            for (std::size_t k = 1 + below(random, 4); k > 0; --k) columns.push_back(random_column(random, rows));
            Labels table = labels_of(std::move(columns));
            const File plain = plain_file_of(table, dialect);
            CHECK(file_of(table, dialect) == plain);
            CHECK(file_of(table, dialect, {1, 1 + below(random, rows)}) == plain);
            const std::size_t room = below(random, 20000);
            CsvRowWriter with = writer_for(table, dialect, room);
            CsvRowWriter without = writer_for(table, dialect, 0);
            CHECK(lines_of(with, table) == lines_of(without, table));
            CHECK(with.guarded() == without.guarded());
        }
    }
}

TEST_CASE("DictionaryFields: several threads write the bytes that one writes") {
    const std::uint64_t seed = test_seed();
    INFO("CURTAIL_SEED=" << seed);
    Random random(seed);
    for (const CsvDialect& dialect : {CsvDialect(), CsvDialect::excel(), CsvDialect{.quote_style = QuoteStyle::all}}) {
        std::vector<LabelColumn> columns;
        columns.push_back(every_word({std::string(80, 'w'), "=q,\"" + std::string(40, 'q')}, 15000));
        for (std::size_t k = 0; k < 3; ++k) columns.push_back(random_column(random, 30000));
        Labels table = labels_of(std::move(columns));
        const File plain = plain_file_of(table, dialect);
        REQUIRE(plain.bytes.size() > 1'500'000);
        CHECK(file_of(table, dialect, {4}) == plain);
        CHECK(file_of(table, dialect, {3, 11000}) == plain);
    }
}

TEST_CASE("DictionaryFields: a later batch may have other texts in a dictionary at the same address") {
    Labels table = labels_of([] {
        std::vector<LabelColumn> columns;
        columns.push_back(every_word({"one", "two, or so"}, 4));
        columns.push_back(every_word({"alpha", "beta"}, 4));
        return columns;
    }());
    MemoryOutput output;
    CsvSink sink(output);
    sink.open(table.schema());
    std::string expected = "c0,c1\n";
    // More batches than there are generations.
    for (int i = 0; i < 600; ++i) {
        Words& words = *table.values[0].dictionaries[0];
        words[0] = std::to_string(i);
        words[1] = "\"" + std::to_string(i + 1) + "\"";
        sink.append(table);
        for (int row = 0; row < 4; ++row) {
            expected += std::to_string(i) + ",alpha\n\"\"\"" + std::to_string(i + 1) + "\"\"\",beta\n";
        }
    }
    sink.finish();
    CHECK(output.kept->bytes == expected);
}

TEST_CASE("DictionaryFields: arrays of an Arrow stream that reuse memory do not get each other's labels") {
    using namespace arrow_test;
    const auto chunk = [](const Words& words, std::initializer_list<std::int32_t> codes) {
        Node labels = column<std::int32_t>("label", "i", codes);
        labels.dictionary = {text_column("", "u", words)};
        Node numbers = column<std::int32_t>("number", "i", codes);
        return batch(labels.length, {labels, numbers});
    };
    Script script{.schema = chunk({"a"}, {0})};
    std::string expected = "label,number\n";
    for (int i = 0; i < 20; ++i) {
        // Of one size, so that the allocator gives the same memory again.
        const std::string odd = "a,b" + std::to_string(i % 10);
        script.chunks.push_back(chunk({odd, "text" + std::to_string(i % 10)}, {0, 1, 1, 0, 0, 1, 1, 0}));
        const std::string quoted = "\"" + odd + "\",0\n";
        const std::string plain = "text" + std::to_string(i % 10) + ",1\n";
        expected += quoted + plain + plain + quoted + quoted + plain + plain + quoted;
    }
    Releases releases;
    auto c_stream = export_stream<PlainAbi>(std::move(script), &releases);
    auto stream = curtail::arrow_stream(std::move(c_stream));
    MemoryOutput output;
    CsvSink sink(output);
    sink.open(stream.schema());
    while (const auto* next = stream.next()) sink.append(*next);
    sink.finish();
    CHECK(output.kept->bytes == expected);
}

TEST_CASE("DictionaryFields: a dictionary may change from row to row, any number of times") {
    LabelColumn changing;
    for (int i = 0; i < 3; ++i) {
        const std::string number = std::to_string(i);
        changing.dictionaries.push_back(std::make_unique<Words>(Words{"x" + number, ",y" + number}));
    }
    std::vector<LabelColumn> columns;
    for (std::size_t row = 0; row < 5000; ++row) changing.codes.push_back(row / 3 % 2);
    columns.push_back(std::move(changing));
    columns.push_back(every_word({"a", "b"}, 2500));
    Labels table = labels_of(std::move(columns));
    CHECK(file_of(table) == plain_file_of(table));
}

TEST_CASE("DictionaryFields: an Arrow index outside of its dictionary is an error with its row") {
    using namespace arrow_test;
    Node labels = column<std::int8_t>("label", "c", {0, 1, 0, 1, 0, 1, 0, 1, 2});
    labels.dictionary = {text_column("", "u", {"a", "b"})};
    const auto table = table_of(batch(9, {labels, labels}));
    const std::string told = file_of(table).bytes;
    CHECK(told.find("row 8, ") != std::string::npos);
    CHECK(told.find("the index 2 lies outside a dictionary of 2 values") != std::string::npos);
}

TEST_CASE("DictionaryFields: find() needs the same column, dictionary and code, and forgets all with the next batch") {
    const Words words = {"a", "b"};
    const Words others = {"c", "d"};
    DictionaryFields fields;
    fields.keep(0, Label{&words, 0}, "a");
    CHECK(fields.find(0, Label{&words, 0}) == nullptr);  // before the first batch
    fields.begin_batch(10, 2);
    fields.keep(1, Label{&words, 1}, "\"b\"");
    REQUIRE(fields.find(1, Label{&words, 1}) != nullptr);
    CHECK(fields.text(*fields.find(1, Label{&words, 1})) == "\"b\"");
    CHECK(fields.find(0, Label{&words, 1}) == nullptr);
    CHECK(fields.find(1, Label{&words, 0}) == nullptr);
    CHECK(fields.find(1, Label{&others, 1}) == nullptr);
    CHECK(fields.find(2, Label{&words, 1}) == nullptr);
    CHECK(DictionaryFields(fields).find(1, Label{&words, 1}) == nullptr);
    fields.begin_batch(10, 2);
    CHECK(fields.find(1, Label{&words, 1}) == nullptr);
}

TEST_CASE("DictionaryFields: forgets a dictionary whose address is null like any other") {
    struct Nameless {
        std::size_t number;

        const void* dictionary() const noexcept { return nullptr; }
        std::size_t code() const noexcept { return number; }
        std::size_t codes() const noexcept { return 2; }
        operator std::string_view() const { return "a"; }
    };
    const Words words = {"a", "b"};
    DictionaryFields fields;
    fields.begin_batch(10, 1);
    fields.keep(0, Label{&words, 1}, "b");
    fields.keep(0, Nameless{1}, "n");
    fields.begin_batch(10, 1);
    CHECK(fields.find(0, Nameless{1}) == nullptr);
}

TEST_CASE("DictionaryFields: copies whole fields of any length") {
    Words words;
    for (std::size_t size = 0; size < 200; ++size) words.push_back(std::string(size, 'x') + "!");
    DictionaryFields fields;
    fields.begin_batch(4 * words.size(), 1);
    for (std::size_t i = 0; i < words.size(); ++i) fields.keep(0, Label{&words, i}, words[i]);
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto* const field = fields.find(0, Label{&words, i});
        REQUIRE(field != nullptr);
        std::string copied(DictionaryFields::copy_size(*field), '?');
        copied.erase(static_cast<std::size_t>(fields.copy(copied.data(), *field) - copied.data()));
        CHECK(copied == words[i]);
    }
}

TEST_CASE("DictionaryFields: does not cache what has no room, or a dictionary that is large for the batch") {
    const Words few = {"a", "b"};
    const Words many(100, "word");
    const std::string field(100, 'f');
    const auto keeps = [&](const Words& words, std::string_view spelled, std::size_t rows, std::size_t columns,
                           std::size_t room) {
        DictionaryFields fields(room);
        fields.begin_batch(rows, columns);
        fields.keep(0, Label{&words, 1}, spelled);
        return fields.find(0, Label{&words, 1}) != nullptr;
    };
    CHECK(keeps(few, field, 8, 1, 10000));
    CHECK(!keeps(few, field, 7, 1, 10000));     // four rows a text at least
    CHECK(!keeps(few, field, 8, 1000, 10000));  // the columns alone would fill the room
    CHECK(!keeps(few, field, 8, 1, 200));
    CHECK(!keeps(few, field, 8, 1, 0));
    CHECK(!keeps(many, "f", 1'000'000, 1, 6000));     // each text has its share of the room
    CHECK(!keeps(many, field, 1'000'000, 1, 10000));  // the fields of the others would not fit
    CHECK(keeps(many, field, 1'000'000, 1, 12000));
    CHECK(!keeps(few, std::string(9000, 'f'), 8, 1, 1'000'000));
}

TEST_CASE("DictionaryFields: stops at its capacity if fields are longer than the first one") {
    Words words(100, "word");
    const std::string field(1000, 'f');
    DictionaryFields fields(10000);
    fields.begin_batch(1000, 1);
    fields.keep(0, Label{&words, 0}, "f");
    std::size_t kept = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
        fields.keep(0, Label{&words, i}, field);
        if (fields.find(0, Label{&words, i}) != nullptr) ++kept;
    }
    CHECK(kept >= 8);
    CHECK(kept <= 9);
}
