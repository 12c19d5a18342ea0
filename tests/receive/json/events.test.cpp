// SPDX-License-Identifier: MIT
#include <curtail/receive/json/events.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "receive/json/owning_reader.hpp"

using curtail::detail::JsonHandler;
using curtail::detail::JsonKind;
using curtail::detail::ReaderAnswer;

namespace {

constexpr int nothing = -1;
constexpr std::size_t member_count = 13;

// A handler that has every member of the concept except the one with this number.
template <int Missing>
struct Lacking {
    ReaderAnswer wants(JsonKind) requires(Missing != 0) { return ReaderAnswer::keep; }
    void on_begin(JsonKind) requires(Missing != 1) {}
    void on_end(JsonKind) requires(Missing != 2) {}
    void on_key_begin() requires(Missing != 3) {}
    void on_key_part(std::string_view) requires(Missing != 4) {}
    void on_key_end() requires(Missing != 5) {}
    void on_string_part(std::string_view, std::uint64_t) requires(Missing != 6) {}
    void on_string_end(std::uint64_t) requires(Missing != 7) {}
    void on_number_part(std::string_view) requires(Missing != 8) {}
    void on_number_end() requires(Missing != 9) {}
    void on_boolean(bool) requires(Missing != 10) {}
    void on_null() requires(Missing != 11) {}
    void on_skipped(std::uint64_t) requires(Missing != 12) {}
};

template <std::size_t... Is>
constexpr bool none_is_a_handler(std::index_sequence<Is...>) {
    return (!JsonHandler<Lacking<static_cast<int>(Is)>> && ...);
}

static_assert(JsonHandler<Lacking<nothing>>);
static_assert(none_is_a_handler(std::make_index_sequence<member_count>()));

struct AnswersWithTruth : Lacking<0> {
    bool wants(JsonKind) { return true; }
};
struct AnswersNothing : Lacking<0> {
    void wants(JsonKind) {}
};
struct StringsWithoutPlace : Lacking<6> {
    void on_string_part(std::string_view) {}
};
struct OwnAnswer : Lacking<0> {
    ReaderAnswer wants(JsonKind) { return ReaderAnswer::skip; }
};
static_assert(!JsonHandler<AnswersWithTruth>);
static_assert(!JsonHandler<AnswersNothing>);
static_assert(!JsonHandler<StringsWithoutPlace>);
static_assert(JsonHandler<OwnAnswer>);
static_assert(!JsonHandler<int>);

// Records the offsets at which strings and their parts end, and how many values were skipped.
struct Places : Lacking<nothing> {
    std::string text;
    std::vector<std::uint64_t> parts;
    std::vector<std::uint64_t> ends;
    std::vector<JsonKind> kinds;
    std::uint64_t skipped = 0;

    ReaderAnswer wants(JsonKind kind) {
        kinds.push_back(kind);
        return kind == JsonKind::null ? ReaderAnswer::skip_rest : ReaderAnswer::keep;
    }
    void on_string_part(std::string_view part, std::uint64_t place) {
        text += part;
        parts.push_back(place);
    }
    void on_string_end(std::uint64_t place) { ends.push_back(place); }
    void on_skipped(std::uint64_t count) { skipped += count; }
};

Places read(std::string_view text, std::size_t split) {
    OwningReader<Places> reader({}, Places{});
    reader.feed(text.substr(0, split));
    reader.feed(text.substr(split));
    reader.finish();
    return reader.handler();
}

}  // namespace

TEST_CASE("JsonHandler: wants() is called with the kind of each value before anything else of it", "[receive]") {
    using enum JsonKind;
    const std::string_view text = R"([{},"",0,-Infinity,true,false,null])";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        CHECK(read(text, at).kinds ==
              std::vector<JsonKind>{array, object, string, number, number, boolean, boolean, null});
    }
}

TEST_CASE("JsonHandler: the offset that comes with a string is the byte after what is reported", "[receive]") {
    const std::string_view text = R"(["ab\ncd", "\u20acx"])";
    for (std::size_t at = 0; at <= text.size(); ++at) {
        const Places places = read(text, at);
        INFO("split at " << at);
        CHECK(places.text == "ab\ncd\xE2\x82\xACx");
        CHECK(places.ends == std::vector<std::uint64_t>{text.find(','), text.size() - 1});
        bool rising = true;
        for (std::size_t i = 1; i < places.parts.size(); ++i) rising = rising && places.parts[i - 1] < places.parts[i];
        CHECK(rising);
        REQUIRE_FALSE(places.parts.empty());
        CHECK(places.parts.front() <= text.find("\\n"));
        CHECK(places.parts.back() == text.size() - 2);
    }
    // In an undivided text the parts are: up to the escape, the escape, the text after it.
    CHECK(read(text, text.size()).parts == std::vector<std::uint64_t>{4, 6, 8, 18, 19});
}

TEST_CASE("JsonHandler: counts of skipped values add up, wherever the text is divided", "[receive]") {
    const std::string_view text = R"([1,null,"x",[2,3],{"a":4},5])";
    for (std::size_t at = 0; at <= text.size(); ++at) CHECK(read(text, at).skipped == 5);
}
