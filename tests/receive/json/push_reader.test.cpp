// SPDX-License-Identifier: MIT
#include <curtail/receive/json/push_reader.hpp>

#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"
#include "receive/json/recorder.hpp"
#include "seed.hpp"

using namespace recorder;

TEST_CASE("JsonPushReader: any division of a text gives the same events", "[receive]") {
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

TEST_CASE("JsonPushReader: reports nothing of skipped values, and of a skipped rest only the count", "[receive]") {
    CHECK(read({"[1,[2,{\"a\":3}],4]"}, Recorder{{}, ReaderAnswer::skip, 1, 0}).events == " []");
    const Outcome rest = read({"[1,[2,[3,4]],{\"a\":[5,6]},\"x\",null]"}, Recorder{{}, ReaderAnswer::skip_rest, 2, 0});
    CHECK(rest.events == " [ 1#]");
    CHECK(rest.skipped == 4);
    const Outcome members =
        read({"{\"a\":1,\"b\":{\"x\":1,\"y\":2},\"c\":[1,2]}"}, Recorder{{}, ReaderAnswer::skip_rest, 1, 0});
    CHECK(members.events == " { k:a=}");
    CHECK(members.skipped == 3);
    // After the skipped rest, the reader reports what follows.
    const Outcome after = read({"[[1,2],[3]]"}, Recorder{{}, ReaderAnswer::skip_rest, 2, 0});
    CHECK(after.events == " [ []]");
    CHECK(after.skipped == 3);
    CHECK(read({"7"}, Recorder{{}, ReaderAnswer::skip_rest, 0, 0}).skipped == 0);
}

TEST_CASE("JsonPushReader: an error is final, and an empty piece changes nothing", "[receive]") {
    Reader reader({}, Recorder{});
    reader.feed("");
    reader.feed("[1,");
    CHECK_THROWS_AS(reader.feed("x]"), MessageError);
    CHECK(reader.state().offset() == 3);
    CHECK_FALSE(reader.state().complete());
    try {
        reader.feed("1]");
        FAIL("no error");
    } catch (const MessageError& error) {
        CHECK(error.code() == ErrorCode::malformed_message);
        CHECK(error.offset() == 3);
        CHECK(error.permanent());
    }
    CHECK_THROWS_AS(reader.finish(), MessageError);
    Reader whole({}, Recorder{});
    whole.feed("[1] ");
    CHECK(whole.state().complete());
    whole.feed("");
    whole.finish();
    CHECK(whole.state().offset() == 4);
    Reader early({}, Recorder{});
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

// Writes the events of nlohmann/json as Recorder does.
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

// nlohmann/json reads the integer -0 as 0; the reader keeps the digits.
std::string without_negative_zero(std::string events) {
    for (std::size_t at = 0; (at = events.find("-0#", at)) != std::string::npos;) events.erase(at, 1);
    return events;
}

}  // namespace

TEST_CASE("JsonPushReader: reads random texts, whole and damaged, as nlohmann/json does", "[receive]") {
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
        // nlohmann/json is stricter with ill-formed UTF-8, lone surrogates and numbers beyond a double: these are not
        // compared.
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
