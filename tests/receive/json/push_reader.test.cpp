// SPDX-License-Identifier: MIT
#include <curtail/receive/json/push_reader.hpp>

#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "seed.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::detail::JsonKind;
using curtail::detail::JsonReaderOptions;
using curtail::detail::ReaderAnswer;

namespace {

// Writes the events down as JSON with every value marked by its kind, so that equal texts mean equal events.
struct Recorder {
    std::string out;
    ReaderAnswer answer = ReaderAnswer::keep;
    std::size_t kept_before = static_cast<std::size_t>(-1);  // so many values are kept, then `answer` is given
    std::uint64_t skipped = 0;

    ReaderAnswer wants(JsonKind) {
        if (kept_before == 0) return answer;
        --kept_before;
        out += ' ';
        return ReaderAnswer::keep;
    }
    void on_begin(JsonKind kind) { out += kind == JsonKind::object ? '{' : '['; }
    void on_end(JsonKind kind) { out += kind == JsonKind::object ? '}' : ']'; }
    void on_key_begin() { out += " k:"; }
    void on_key_part(std::string_view part) { out += part; }
    void on_key_end() { out += '='; }
    void on_string_part(std::string_view part, std::uint64_t) { out += part; }
    void on_string_end(std::uint64_t) { out += "$"; }
    void on_number_part(std::string_view part) { out += part; }
    void on_number_end() { out += "#"; }
    void on_boolean(bool truth) { out += truth ? "T" : "F"; }
    void on_null() { out += "N"; }
    void on_skipped(std::uint64_t count) { skipped += count; }
};

using Reader = curtail::detail::JsonPushReader<Recorder>;

struct Outcome {
    std::string events;
    std::uint64_t skipped = 0;
    std::optional<ErrorCode> error;
    std::uint64_t offset = 0;

    friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome read(const std::vector<std::string_view>& pieces, Recorder recorder = {}, JsonReaderOptions options = {}) {
    Reader reader(std::move(recorder), options);
    Outcome outcome;
    try {
        for (const std::string_view piece : pieces) reader.feed(piece);
        reader.finish();
    } catch (const MessageError& error) {
        outcome.error = error.code();
        outcome.offset = error.offset();
    }
    outcome.events = reader.handler().out;
    outcome.skipped = reader.handler().skipped;
    return outcome;
}

std::vector<std::string_view> bytes_of(std::string_view text) {
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
    return bytes;
}

// Each byte in memory of its own size, so that a sanitizer sees any look beyond it.
Outcome read_apart(std::string_view text, const Recorder& recorder = {}, JsonReaderOptions options = {}) {
    std::vector<std::vector<char>> cells;
    std::vector<std::string_view> pieces;
    for (const char c : text) cells.emplace_back(1, c);
    for (const auto& cell : cells) pieces.emplace_back(cell.data(), 1);
    return read(pieces, recorder, options);
}

// The same outcome whole and byte by byte, kept and skipped.
Outcome read_every_way(std::string_view text, JsonReaderOptions options = {}) {
    const Outcome whole = read({text}, {}, options);
    CHECK(read_apart(text, {}, options) == whole);
    const Outcome skipped = read({text}, Recorder{{}, ReaderAnswer::skip, 0, 0}, options);
    CHECK(skipped.error == whole.error);
    CHECK(skipped.offset == whole.offset);
    CHECK(read_apart(text, Recorder{{}, ReaderAnswer::skip, 0, 0}, options) == skipped);
    return whole;
}

const std::string replacement = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("every text of RFC 8259 is accepted, whole and byte by byte, kept and skipped") {
    const std::vector<std::string> accepted = {
        // structure
        "[]",
        "{}",
        "[[]]",
        "[{}]",
        "{\"a\":[]}",
        "[[],[[]]]",
        "{\"a\":{\"b\":{}}}",
        "[1,2,3]",
        "{\"a\":1,\"b\":2}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"a\":1}",
        "{\"\":0}",
        "[null,null]",
        "[[1],{\"a\":[2,{}]},\"x\"]",
        "{\"min\": -1.0e+28, \"max\": 1.0e+28}",
        "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}",
        "{\"a\":[[[]]],\"b\":{}}",
        // white space
        " []",
        "[] ",
        "\t[\n1\r,\t2 ]\r\n",
        " { \"a\" : 1 , \"b\" : [ ] } ",
        "[ ]",
        "{ }",
        "\n\n1\n",
        "[\"a\"\n]",
        "\r\n{\r\n\"a\":\r\n1\r\n}\r\n",
        "  \"x\"  ",
        "[1\n,1\n,   1]",
        // scalars alone
        "0",
        "-0",
        "42",
        "\"\"",
        "\"a\"",
        "true",
        "false",
        "null",
        " true ",
        "3.5",
        "-1e-5",
        // numbers
        "[0]",
        "[-0]",
        "[-1]",
        "[0.1]",
        "[-0.0]",
        "[1e1]",
        "[1E1]",
        "[1e+1]",
        "[1e-1]",
        "[1E+2]",
        "[1E-2]",
        "[0e1]",
        "[0e+1]",
        "[0E-0]",
        "[0.0e0]",
        "[123.456e78]",
        "[20e1]",
        "[123123e100000]",
        "[0.4e006]",
        "[1e00]",
        "[12345678901234567890]",
        "[-9223372036854775808]",
        "[18446744073709551615]",
        "[100000000000000000000000]",
        "[1.000000000000000000000000000000001]",
        "[1e400]",
        "[-1e-400]",
        "[1234567890123456.1234567890123456e1234567890123456]",
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
        "[-123]",
        "[1,-1]",
        // words
        "[true]",
        "[false]",
        "[null]",
        "[true,false,null]",
        "{\"a\":null,\"b\":true}",
        // strings
        "[\"\"]",
        "[\"a\"]",
        "[\"asd \"]",
        "[\"\x7F\"]",
        "[\"\\\"\"]",
        "[\"\\\\\"]",
        "[\"\\/\"]",
        "[\"\\b\\f\\n\\r\\t\"]",
        "[\"\\\\a\"]",
        "[\"\\\\n\"]",
        "[\"a/*b*/c/*d//e\"]",
        "[\"\\u0000\"]",
        "[\"\\u0060\\u012a\\u12AB\"]",
        "[\"\\uabcD\"]",
        "[\"\\uFFFF\"]",
        "[\"\\u0022\"]",
        "[\"\\u005C\"]",
        "[\"new\\u00A0line\"]",
        "{\"\\u0061\\n\":1}",
        "{\"a\\\"b\":1}",
        "{\"foo\\u0000bar\": 42}",
        "[\"0123456789abcdef0123456789abcdef\"]",
        "[\"0123456789abcde\\n\"]",
        "[\"\\u2028\"]",
        "[\"\xE2\x80\xA8\"]",
        "[\"\xE2\x82\xAC\xF0\x9D\x84\x9E\"]",
        "[\"\xF4\x8F\xBF\xBF\"]",
        "[\"\xEF\xBF\xBF\"]",
        "[\"\xC3\xA9\"]",
        "{\"\xE2\x82\xAC\":1}",
        "[\"\xEF\xBB\xBF\"]",
        // surrogates, joined, alone and out of order
        "[\"\\uD834\\uDd1e\"]",
        "[\"\\uD801\\udc37\"]",
        "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
        "[\"\\uDBFF\\uDFFF\"]",
        "[\"\\uDADA\"]",
        "[\"\\uDC00\"]",
        "[\"\\uD800\\n\"]",
        "[\"\\uD800abc\"]",
        "[\"\\uDd1ea\"]",
        "[\"\\uD800\\uD800\\n\"]",
        "[\"\\uDd1e\\uD834\"]",
        "[\"\\uD888\\u1234\"]",
        "{\"\\uDFAA\":0}",
        // what is not UTF-8 inside strings
        "[\"\xFF\"]",
        "[\"\x81\"]",
        "[\"\xC0\xAF\"]",
        "[\"\xE0\xFF\"]",
        "[\"\xED\xA0\x80\"]",
        "[\"\xFC\x80\x80\x80\x80\x80\"]",
        "[\"\xF4\xBF\xBF\xBF\"]",
        "[\"\xC3\"]",
        "[\"\xE6\x97\xA5\xD1\x88\xFA\"]",
        // byte order mark
        "\xEF\xBB\xBF[]",
        "\xEF\xBB\xBF 1",
        "\xEF\xBB\xBF{\"a\":1}",
        // what Python writes
        "[NaN]",
        "[Infinity]",
        "[-Infinity]",
        "NaN",
        "-Infinity",
        "{\"a\":NaN,\"b\":-Infinity}",
        "[ NaN , 1]",
    };
    CHECK(accepted.size() >= 125);
    for (const std::string& text : accepted) {
        INFO("text " << text);
        CHECK_FALSE(read_every_way(text).error.has_value());
    }
}

TEST_CASE(
    "every other text is refused at the byte at which that is certain, whole and byte by byte, kept and "
    "skipped") {
    struct Refused {
        std::string text;
        std::uint64_t offset;
    };
    const std::vector<Refused> malformed = {
        // structure
        {"]", 0},
        {"}", 0},
        {",", 0},
        {":", 0},
        {"[,]", 1},
        {"[1,]", 3},
        {"[,1]", 1},
        {"[1,,2]", 3},
        {"[1 2]", 3},
        {"[1}", 2},
        {"{]", 1},
        {"{\"a\":1]", 6},
        {"[]]", 2},
        {"{}}", 2},
        {"[][]", 2},
        {"{}{}", 2},
        {"1 2", 2},
        {"[]x", 2},
        {"[] x", 3},
        {"[1]#", 3},
        {"{,}", 1},
        {"{\"a\"}", 4},
        {"{\"a\",1}", 4},
        {"{\"a\":}", 5},
        {"{\"a\" 1}", 5},
        {"{\"a\"::1}", 5},
        {"{\"a\":1,}", 7},
        {"{\"a\":1,,\"b\":2}", 7},
        {"{a:1}", 1},
        {"{'a':1}", 1},
        {"{1:1}", 1},
        {"{null:1}", 1},
        {"{[]:1}", 1},
        {"{\"a\":1 \"b\":2}", 7},
        {"[\"a\" \"b\"]", 5},
        {"[a]", 1},
        {"[*]", 1},
        {"<a>", 0},
        {"[<null>]", 1},
        {"['a']", 1},
        {"a", 0},
        {"{\"a\":1}/**/", 7},
        {"[1/*x*/]", 2},
        {"//x\n[]", 0},
        {"[\"x\"]]", 5},
        {"{\"a\":\"b\"}#", 9},
        {"[\"\": 1]", 3},
        {"{\"x\", null}", 4},
        {"{\"a\": true} \"x\"", 12},
        {"{8:8,}", 1},
        {"@", 0},
        {"{\"a\":1 2}", 7},
        {"[undefined]", 1},
        // white space that is none
        {"[\f]", 1},
        {"[\v]", 1},
        {"\xC2\xA0[]", 0},
        {"[\xE2\x81\xA0]", 1},
        {std::string("[\0]", 3), 1},
        {std::string("1\0", 2), 1},
        {"\x1A", 0},
        // numbers
        {"[01]", 2},
        {"[-01]", 3},
        {"[00]", 2},
        {"[+1]", 1},
        {"[-]", 2},
        {"[--1]", 2},
        {"[-a]", 2},
        {"[.5]", 1},
        {"[-.5]", 2},
        {"[1.]", 3},
        {"[-1.]", 4},
        {"[1.e1]", 3},
        {"[1.a]", 3},
        {"[0e]", 3},
        {"[0e+]", 4},
        {"[1e]", 3},
        {"[1eE2]", 3},
        {"[1e+-2]", 4},
        {"[1e1.5]", 4},
        {"[0.3e]", 5},
        {"[0.3e+]", 6},
        {"[1.2.3]", 4},
        {"[0x1]", 2},
        {"[1a]", 2},
        {"[1_000]", 2},
        {"[1 000]", 3},
        {"[++1]", 1},
        {"[- 1]", 2},
        {"[9.e+]", 3},
        {"[-1x]", 3},
        {"[2.e-3]", 3},
        {"[\xEF\xBC\x91]", 1},
        {"[1e1e1]", 4},
        {"-foo", 1},
        {"-,", 1},
        {"[-2.]", 4},
        {"[0.e1]", 3},
        {"[1+2]", 2},
        {"[0 1]", 3},
        // words
        {"[True]", 1},
        {"[TRUE]", 1},
        {"[tru]", 4},
        {"[truth]", 4},
        {"[truee]", 5},
        {"[nul]", 4},
        {"[nulll]", 5},
        {"[fals]", 5},
        {"[falsee]", 6},
        {"[None]", 2},
        {"[nan]", 2},
        {"[Nan]", 3},
        {"[NAN]", 2},
        {"[NaNx]", 4},
        {"[+Infinity]", 1},
        {"[Inf]", 4},
        {"[-Inf]", 5},
        {"[-NaN]", 2},
        {"[inf]", 1},
        {"[-infinity]", 2},
        {"[Infinityy]", 9},
        {"nulls", 4},
        {"[true\"a\"]", 5},
        {"[1true]", 2},
        // strings
        {"[\"\n\"]", 2},
        {"[\"\t\"]", 2},
        {"[\"a\x1F\"]", 3},
        {std::string("[\"\0\"]", 5), 2},
        {"[\"0123456789abcdef\x01\"]", 18},
        {"[\"\\x00\"]", 3},
        {"[\"\\a\"]", 3},
        {"[\"\\'\"]", 3},
        {"[\"\\0\"]", 3},
        {"[\"\\U0041\"]", 3},
        {"[\"\\ \"]", 3},
        {"[\"\\u\"]", 4},
        {"[\"\\u1\"]", 5},
        {"[\"\\u12\"]", 6},
        {"[\"\\u123\"]", 7},
        {"[\"\\u00g0\"]", 6},
        {"[\"\\uD834\\u\"]", 10},
        {"[\"\\uD834\\x\"]", 9},
        {"[\\n]", 1},
        {"[\"\\\xC3\xA9\"]", 3},
        {"{\"\\q\":1}", 3},
        {"{\"a\x01\":1}", 3},
        {"[\"\\u+123\"]", 4},
        {"[\"a\"b]", 4},
        {"[\"\\{[\\\"\"]", 3},
        // byte order marks that are none
        {"\xEF\xBB[]", 2},
        {"\xEF[]", 1},
        {" \xEF\xBB\xBF[]", 1},
        {"\xEF\xBB\xBF\xEF\xBB\xBF[]", 3},
        {"\xFF\xFE[", 0},
        {"[\xEF\xBB\xBF]", 1},
        {"\xFE\xFF", 0},
    };
    for (const Refused& refused : malformed) {
        INFO("text " << refused.text);
        const Outcome outcome = read_every_way(refused.text);
        CHECK(outcome.error == ErrorCode::malformed_message);
        CHECK(outcome.offset == refused.offset);
    }
}

TEST_CASE("a text that ends early is incomplete at its length") {
    const std::vector<std::string> texts = {
        "",
        " ",
        "\xEF",
        "\xEF\xBB",
        "\xEF\xBB\xBF",
        "[",
        "{",
        "[1",
        "[1,",
        "[\"a\"",
        "[\"a",
        "[\"a\\",
        "[\"a\\u",
        "[\"a\\u00",
        "[\"\\uD800",
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "[[",
        "[{",
        "{\"a\":[",
        "t",
        "tru",
        "[nul",
        "-",
        "1.",
        "1e",
        "1e+",
        "N",
        "Infinit",
        "-I",
        "[-",
        "[1.",
        "\"",
        "\"abc",
        "[[[[1]]]",
        "{\"a\":{\"b\":1}",
    };
    for (const std::string& text : texts) {
        INFO("text " << text);
        const Outcome outcome = read_every_way(text);
        CHECK(outcome.error == ErrorCode::incomplete_message);
        CHECK(outcome.offset == text.size());
    }
}

TEST_CASE("the bare tokens of Python can be refused") {
    for (const char* text : {"[NaN]", "[Infinity]"}) {
        const Outcome outcome = read_every_way(text, {.allow_nonfinite = false});
        CHECK(outcome.error == ErrorCode::malformed_message);
        CHECK(outcome.offset == 1);
    }
    CHECK(read_every_way("[-Infinity]", {.allow_nonfinite = false}).offset == 2);
}

TEST_CASE("the bracket beyond the limit is an error, and so is an impossible limit") {
    for (const std::size_t limit : {std::size_t{1}, std::size_t{64}, std::size_t{1024}}) {
        const JsonReaderOptions options{.max_depth = limit};
        CHECK_FALSE(read_every_way(std::string(limit, '[') + std::string(limit, ']'), options).error.has_value());
        const Outcome outcome = read_every_way(std::string(limit + 1, '['), options);
        CHECK(outcome.error == ErrorCode::message_limit);
        CHECK(outcome.offset == limit);
    }
    std::string objects;
    for (int i = 0; i < 65; ++i) objects += "{\"a\":";
    CHECK(read_every_way(objects).error == ErrorCode::message_limit);
    CHECK(read_every_way(objects).offset == 64 * 5);
    CHECK(read({std::string(1'000'000, '[')}).offset == 64);
    CHECK_THROWS_AS(Reader(Recorder{}, {.max_depth = 0}), curtail::UsageError);
    CHECK_THROWS_AS(Reader(Recorder{}, {.max_depth = 1025}), curtail::UsageError);
}

TEST_CASE("escapes are decoded, pairs are joined, lone surrogates replaced") {
    const auto text_of = [](const std::string& escaped) { return read_every_way("\"" + escaped + "\"").events; };
    CHECK(text_of("\\\"\\\\\\/\\b\\f\\n\\r\\t") == " \"\\/\b\f\n\r\t$");
    CHECK(text_of("\\u0041\\u00e9\\u20AC\\ud83d\\uDE00") == " A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80$");
    CHECK(text_of("\\uD800") == " " + replacement + "$");
    CHECK(text_of("\\uD800x") == " " + replacement + "x$");
    CHECK(text_of("\\uD800\\n") == " " + replacement + "\n$");
    CHECK(text_of("\\uDC00") == " " + replacement + "$");
    CHECK(text_of("\\uD800\\uD83D\\uDE00") == " " + replacement + "\xF0\x9F\x98\x80$");
    CHECK(text_of("\\uD800\\u0041") == " " + replacement + "A$");
    CHECK(text_of("\\uDE00\\uD83D") == " " + replacement + replacement + "$");
    // Halves in two strings are no pair.
    CHECK(read_every_way("[\"\\uD83D\",\"\\uDE00\"]").events == " [ " + replacement + "$ " + replacement + "$]");
    CHECK(read_every_way("{\"\\uD83D\":\"\\uDE00\"}").events == " { k:" + replacement + "= " + replacement + "$}");
}

TEST_CASE("numbers keep their text") {
    CHECK(read_every_way("[12345678901234567890, -0.10e+07, NaN, -Infinity]").events ==
          " [ 12345678901234567890# -0.10e+07# NaN# -Infinity#]");
}

TEST_CASE("any division of a text gives the same events") {
    const std::string text =
        "\xEF\xBB\xBF {\"a\\u00e9\\ud83d\\ude00\": [1, -2.5e+10, true, false, null, NaN, -Infinity, "
        "\"x\\\"\\n\xE2\x82\xAC\"],\r\n"
        "\"b\": {\"c\": [[], {}, [[0]]], \"d\": \"0123456789abcdef0123456789\"}, \"b\": 0.125}\n";
    const std::string_view view = text;
    for (std::size_t kept = 0; kept < 20; ++kept) {
        for (const ReaderAnswer answer : {ReaderAnswer::keep, ReaderAnswer::skip, ReaderAnswer::skip_rest}) {
            const Recorder recorder{{}, answer, kept, 0};
            const Outcome whole = read({text}, recorder);
            CHECK_FALSE(whole.error.has_value());
            CHECK(read_apart(text, recorder) == whole);
            bool same = true;
            for (std::size_t i = 0; i <= text.size(); ++i) {
                same = same && read({view.substr(0, i), view.substr(i)}, recorder) == whole;
                for (std::size_t j = i; kept == 5 && j <= text.size(); j += 3) {
                    same = same && read({view.substr(0, i), view.substr(i, j - i), view.substr(j)}, recorder) == whole;
                }
            }
            CHECK(same);
        }
    }
}

TEST_CASE("skipping tells nothing of a value, and of the rest of an array or object only how many there were") {
    CHECK(read({"[1,[2,{\"a\":3}],4]"}, Recorder{{}, ReaderAnswer::skip, 1, 0}).events == " []");
    const Outcome rest = read({"[1,[2,[3,4]],{\"a\":[5,6]},\"x\",null]"}, Recorder{{}, ReaderAnswer::skip_rest, 2, 0});
    CHECK(rest.events == " [ 1#]");
    CHECK(rest.skipped == 4);
    const Outcome members =
        read({"{\"a\":1,\"b\":{\"x\":1,\"y\":2},\"c\":[1,2]}"}, Recorder{{}, ReaderAnswer::skip_rest, 1, 0});
    CHECK(members.events == " { k:a=}");
    CHECK(members.skipped == 3);
    // After the rest was skipped the reader is back to telling what follows.
    const Outcome after = read({"[[1,2],[3]]"}, Recorder{{}, ReaderAnswer::skip_rest, 2, 0});
    CHECK(after.events == " [ []]");
    CHECK(after.skipped == 3);
    CHECK(read({"7"}, Recorder{{}, ReaderAnswer::skip_rest, 0, 0}).skipped == 0);
}

TEST_CASE("an error is final and an empty piece is nothing") {
    Reader reader{Recorder{}};
    reader.feed("");
    reader.feed("[1,");
    CHECK_THROWS_AS(reader.feed("x]"), MessageError);
    CHECK(reader.offset() == 3);
    CHECK_FALSE(reader.complete());
    try {
        reader.feed("1]");
        FAIL("no error");
    } catch (const MessageError& error) {
        CHECK(error.code() == ErrorCode::malformed_message);
        CHECK(error.offset() == 3);
        CHECK(error.permanent());
    }
    CHECK_THROWS_AS(reader.finish(), MessageError);
    Reader whole{Recorder{}};
    whole.feed("[1] ");
    CHECK(whole.complete());
    whole.feed("");
    whole.finish();
    CHECK(whole.offset() == 4);
    Reader early{Recorder{}};
    early.feed("[1");
    CHECK_THROWS_AS(early.finish(), MessageError);
    CHECK_THROWS_AS(early.feed("]"), MessageError);
}

namespace {

using Random = std::mt19937_64;

std::string random_string(Random& random) {
    static const char* const pieces[] = {"a",
                                         "Z",
                                         " ",
                                         "\\n",
                                         "\\\"",
                                         "\\u00e9",
                                         "\xC3\xA9",
                                         "\xF0\x9F\x98\x80",
                                         "\\ud83d\\ude00",
                                         "0123456789abcdefg",
                                         "\\/",
                                         "{",
                                         "]",
                                         ","};
    std::string out = "\"";
    for (auto n = random() % 5; n > 0; --n) out += pieces[random() % std::size(pieces)];
    return out + "\"";
}

std::string random_space(Random& random) {
    static const char* const spaces[] = {"", "", "", " ", "\n", "\t ", "\r\n"};
    return spaces[random() % std::size(spaces)];
}

std::string random_json(Random& random, int depth) {
    switch (random() % (depth > 4 ? 5 : 8)) {
        case 0: return random() % 2 == 0 ? "true" : "false";
        case 1: return "null";
        case 2: return random_string(random);
        case 3: return std::to_string(static_cast<std::int64_t>(random()) >> (random() % 60));
        case 4:
            return std::to_string(random() % 100) + "." + std::to_string(random() % 1000) + (random() % 2 ? "e-3" : "");
        default: break;
    }
    const bool object = random() % 2 == 0;
    std::string out = object ? "{" : "[";
    for (auto i = 0U, n = static_cast<unsigned>(random() % 5); i < n; ++i) {
        if (i != 0) out += ",";
        out += random_space(random);
        if (object) out += random_string(random) + random_space(random) + ":" + random_space(random);
        out += random_json(random, depth + 1) + random_space(random);
    }
    return out + (object ? "}" : "]");
}

// nlohmann's events in the Recorder's writing.
struct Reference : nlohmann::json_sax<nlohmann::json> {
    std::string out;
    bool null() override {
        out += " N";
        return true;
    }
    bool boolean(bool truth) override {
        out += truth ? " T" : " F";
        return true;
    }
    bool number_integer(number_integer_t value) override {
        out += " " + std::to_string(value) + "#";
        return true;
    }
    bool number_unsigned(number_unsigned_t value) override {
        out += " " + std::to_string(value) + "#";
        return true;
    }
    bool number_float(number_float_t, const string_t& text) override {
        out += " " + text + "#";
        return true;
    }
    bool string(string_t& text) override {
        out += " " + text + "$";
        return true;
    }
    bool binary(binary_t&) override { return false; }
    bool start_object(std::size_t) override {
        out += " {";
        return true;
    }
    bool key(string_t& text) override {
        out += " k:" + text + "=";
        return true;
    }
    bool end_object() override {
        out += "}";
        return true;
    }
    bool start_array(std::size_t) override {
        out += " [";
        return true;
    }
    bool end_array() override {
        out += "]";
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
        out_of_range = error.id == 406;
        return false;
    }
    bool out_of_range = false;
};

// nlohmann reads the integer -0 as 0, where the reader keeps the digits.
std::string without_negative_zero(std::string events) {
    for (std::size_t at = 0; (at = events.find("-0#", at)) != std::string::npos;) events.erase(at, 1);
    return events;
}

}  // namespace

TEST_CASE("random texts, whole and damaged, are read as nlohmann reads them") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    Random random(seed);
    std::size_t refused = 0;
    for (int round = 0; round < 1500; ++round) {
        std::string text = random_json(random, 0);
        for (auto damage = random() % 3; damage > 0 && !text.empty(); --damage) {
            const std::size_t at = random() % text.size();
            static constexpr std::string_view bytes = "{}[]\",:0e.-+ntf\\u \x01";
            if (random() % 2 == 0) {
                text.erase(at, 1 + random() % 3);
            } else {
                text.insert(at, 1, bytes[random() % bytes.size()]);
            }
        }
        // Where nlohmann is stricter (ill-formed UTF-8, lone surrogates, numbers beyond a double) there is
        // nothing to compare.
        Reference reference;
        const bool accepted = nlohmann::json::sax_parse(text, &reference);
        const Outcome outcome = read({text}, {}, {.allow_nonfinite = false});
        INFO("text " << text);
        if (accepted) {
            REQUIRE_FALSE(outcome.error.has_value());
            REQUIRE(without_negative_zero(outcome.events) == without_negative_zero(reference.out));
        } else if (!reference.out_of_range && text.find("\\u") == std::string::npos && curtail::is_utf8(text)) {
            REQUIRE(outcome.error.has_value());
        }
        refused += outcome.error.has_value() ? 1 : 0;
        const std::size_t at = random() % (text.size() + 1);
        const std::string_view view = text;
        REQUIRE(read({view.substr(0, at), view.substr(at)}, {}, {.allow_nonfinite = false}) == outcome);
        REQUIRE(read(bytes_of(text), {}, {.allow_nonfinite = false}) == outcome);
        const Recorder skipper{{}, ReaderAnswer::skip_rest, random() % 4, 0};
        const Outcome skipped = read({text}, skipper, {.allow_nonfinite = false});
        REQUIRE(skipped.error == outcome.error);
        REQUIRE(skipped.offset == outcome.offset);
        REQUIRE(read(bytes_of(text), skipper, {.allow_nonfinite = false}) == skipped);
    }
    CHECK(refused > 100);
}
