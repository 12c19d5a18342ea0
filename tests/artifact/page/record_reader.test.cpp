// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/record_reader.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>

#include "artifact/page/memory_view.hpp"
#include "catch.hpp"

namespace {

using curtail::CsvDialect;
using curtail::LineEnd;
using curtail::detail::Content;
using curtail::detail::FieldText;
using curtail::detail::RecordReader;

struct Reading {
    explicit Reading(std::string text, CsvDialect how = {}, std::uint64_t offset = 0)
        : view(std::move(text)), content{&view}, dialect(std::move(how)), reader(content, dialect, offset) {}

    // Returns the fields of the next record; those in quotes within angle brackets.
    std::vector<std::string> record(std::size_t limit = 1000) {
        std::vector<std::string> fields;
        FieldText field;
        for (bool more = true; more;) {
            more = reader.field(limit, field);
            const std::string text(field.text);
            fields.push_back(field.quoted ? "<" + text + ">" : text);
            bytes = field.bytes;
        }
        return fields;
    }

    MemoryView view;
    Content content;
    CsvDialect dialect;
    RecordReader reader;
    std::uint64_t bytes = 0;
};

using Fields = std::vector<std::string>;

}  // namespace

TEST_CASE("RecordReader: splits what CsvSink joins", "[artifact]") {
    Reading csv("a,\"b,\"\"c\"\"\nd\",\n\"\",,x\n");
    CHECK(csv.record() == Fields{"a", "<b,\"c\"\nd>", ""});
    CHECK(csv.record() == Fields{"<>", "", "x"});
    CHECK(csv.reader.at_end());
    CHECK(csv.reader.offset() == csv.view.held.size());

    Reading other("a;'x''y\r\n'\r\n;\r\n", {.separator = ';', .quote = '\'', .line_end = LineEnd::crlf});
    CHECK(other.record() == Fields{"a", "<x'y\r\n>"});
    CHECK(other.record() == Fields{"", ""});
    CHECK(other.reader.at_end());
}

TEST_CASE("RecordReader: passes over records, and begins anywhere", "[artifact]") {
    const std::string text = "1,\"a\nb\"\n2,\"\"\"\n\"\"\"\n3,c\n4,d\n";
    for (std::uint64_t records = 0; records < 4; ++records) {
        Reading csv(text);
        csv.reader.skip(records);
        CHECK(csv.record()[0] == std::to_string(records + 1));
    }
    Reading csv(text, {}, text.find('3'));
    CHECK(csv.record() == Fields{"3", "c"});
    Reading behind(text, {}, text.find('3') - 1);
    behind.reader.end_of_other();
    CHECK(behind.record() == Fields{"3", "c"});
    Reading within(text, {}, 3);
    CHECK(fault_of([&] { within.reader.end_of_other(); }) == 3);
}

TEST_CASE("RecordReader: keeps the beginning of a long field, and counts all of it", "[artifact]") {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "caf\xC3\xA9\"\"\n";  // 9 bytes for 8
    Reading csv("\"" + text + "\",1\n" + std::string(200'000, 'x') + ",2\n");
    for (const std::size_t limit : {512U, 513U, 514U, 515U, 1000U}) {
        FieldText field;
        Reading again("\"" + text + "\"\n");
        CHECK_FALSE(again.reader.field(limit, field));
        CHECK(field.bytes == 700'000);
        CHECK(field.text.size() <= limit);
        CHECK(field.text.size() + 3 >= limit);
        CHECK(curtail::is_utf8(field.text));
    }
    FieldText field;
    Reading all("\"" + text + "\"\n");
    CHECK_FALSE(all.reader.field(static_cast<std::size_t>(-1), field));
    CHECK(field.text.size() == 700'000);
    CHECK(csv.record().back() == "1");
    CHECK(csv.record(1000)[0] == std::string(1000, 'x'));
    CHECK(csv.reader.at_end());
}

TEST_CASE("RecordReader: names the byte of what CsvSink does not write", "[artifact]") {
    const auto fault = [](std::string text, CsvDialect dialect = {}) {
        Reading csv(std::move(text), std::move(dialect));
        return fault_of([&] {
            while (!csv.reader.at_end()) csv.record();
        });
    };
    const CsvDialect crlf{.line_end = LineEnd::crlf};
    CHECK(fault("a,b\n") == static_cast<std::uint64_t>(-1));
    CHECK(fault("a,b") == 3);         // cut off
    CHECK(fault("a,\"b\n") == 5);     // within quotes
    CHECK(fault("a,b\"c\n") == 3);    // a quote in the middle
    CHECK(fault("a,\"b\"c\n") == 5);  // bytes behind a quote
    CHECK(fault("a\r\n") == 1);       // another line end
    CHECK(fault("a\n", crlf) == 1);
    CHECK(fault("a\rb\r\n", crlf) == 2);
    CHECK(fault("a\r", crlf) == 2);
    Reading csv("a,b\n");
    CHECK(fault_of([&] { csv.reader.skip(2); }) == 4);
}
