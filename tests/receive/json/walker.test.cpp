// SPDX-License-Identifier: MIT
#include <curtail/receive/json/walker.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "receive/json/recorder.hpp"

using namespace recorder;

namespace {

const std::string replacement = "\xEF\xBF\xBD";

}  // namespace

TEST_CASE("JsonWalker: accepts every text of RFC 8259, whole and byte by byte, kept and skipped", "[receive]") {
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
        " \n\xEF\xBB\xBF[]",
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

TEST_CASE("JsonWalker: refuses any other text at the byte at which that is certain, kept and skipped", "[receive]") {
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
        // characters that are not white space
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
        // bytes that are not a byte order mark
        {"\xEF\xBB[]", 2},
        {"\xEF[]", 1},
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

TEST_CASE("JsonWalker: a text that ends early is incomplete at its length", "[receive]") {
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

TEST_CASE("JsonWalker: can refuse the words NaN and Infinity", "[receive]") {
    for (const char* text : {"[NaN]", "[Infinity]"}) {
        const Outcome outcome = read_every_way(text, {.allow_nonfinite = false});
        CHECK(outcome.error == ErrorCode::malformed_message);
        CHECK(outcome.offset == 1);
    }
    CHECK(read_every_way("[-Infinity]", {.allow_nonfinite = false}).offset == 2);
}

TEST_CASE("JsonWalker: one bracket more than the limit is an error, and so is an impossible limit", "[receive]") {
    for (const std::size_t limit : {std::size_t{1}, std::size_t{64}, std::size_t{1024}}) {
        const curtail::ReceiverOptions options{.max_depth = limit};
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
    CHECK_THROWS_AS(Reader({.max_depth = 0}, Recorder{}), curtail::UsageError);
    CHECK_THROWS_AS(Reader({.max_depth = 1025}, Recorder{}), curtail::UsageError);
}

TEST_CASE("JsonWalker: decodes escapes, joins surrogate pairs and replaces lone surrogates", "[receive]") {
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
    // Halves in two strings are not a pair.
    CHECK(read_every_way("[\"\\uD83D\",\"\\uDE00\"]").events == " [ " + replacement + "$ " + replacement + "$]");
    CHECK(read_every_way("{\"\\uD83D\":\"\\uDE00\"}").events == " { k:" + replacement + "= " + replacement + "$}");
}

TEST_CASE("JsonWalker: numbers keep their text", "[receive]") {
    CHECK(read_every_way("[12345678901234567890, -0.10e+07, NaN, -Infinity]").events ==
          " [ 12345678901234567890# -0.10e+07# NaN# -Infinity#]");
}
