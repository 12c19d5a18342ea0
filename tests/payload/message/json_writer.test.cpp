// SPDX-License-Identifier: MIT
#include <curtail/payload/message/json_writer.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "payload/message_model.hpp"
#include "payload/table_maker.hpp"
#include "seed.hpp"

using curtail::Encoding;
using curtail::detail::JsonMeter;
using curtail::detail::JsonSizeWriter;
using curtail::detail::JsonTextWriter;
using curtail::detail::JsonWriter;

namespace {

template <class Write>
std::string written(Write write) {
    JsonTextWriter out;
    write(out);
    return out.take();
}

// Writes any value, nested at most `depth` levels deep. The same state of `random` gives the same value.
void write_any(JsonWriter& out, table_maker::TableMaker& random, int depth) {
    switch (random.below(depth > 0 ? 9 : 7)) {
        case 0: return out.null();
        case 1: return out.value(random.one_in(2));
        case 2: return out.value(static_cast<std::int64_t>(random.below(UINT64_MAX)));
        case 3: return out.value(random.below(UINT64_MAX));
        case 4: return out.value(random.any_double());
        case 5:
        case 6: return out.value(random.any_text(300));
        case 7: {
            out.open('[');
            for (std::uint64_t i = random.below(6); i > 0; --i) write_any(out, random, depth - 1);
            return out.close(']');
        }
        default: {
            out.open('{');
            for (std::uint64_t i = random.below(6); i > 0; --i) {
                write_any(out.key(std::to_string(i) + random.any_text(40)), random, depth - 1);
            }
            return out.close('}');
        }
    }
}

}  // namespace

TEST_CASE("CommaWriter: puts commas between members and elements, and nowhere else", "[payload]") {
    CHECK(written([](JsonWriter& out) {
              out.open('{');
              out.key("none").open('[');
              out.close(']');
              out.key("empty").open('{');
              out.close('}');
              out.key("list").open('[');
              out.value(1);
              out.open('[');
              out.close(']');
              out.open('{');
              out.key("a").null();
              out.key("b").value(true);
              out.close('}');
              out.value("x");
              out.close(']');
              out.key("last").literal("1e5");
              out.close('}');
          }) == R"({"none":[],"empty":{},"list":[1,[],{"a":null,"b":true},"x"],"last":1e5})");
}

TEST_CASE("JsonWriter::value: writes all digits, and null if JSON has no such number", "[payload]") {
    const auto spelled = [](const auto& value) { return written([&](JsonWriter& out) { out.value(value); }); };
    CHECK(spelled(true) == "true");
    CHECK(spelled(false) == "false");
    CHECK(spelled(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(spelled(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(spelled(0.1) == "0.1");
    CHECK(spelled(-0.0) == "-0.0");
    CHECK(spelled(0.1F) == "0.1");
    CHECK(spelled(1e23) == "1e+23");
    CHECK(spelled(std::numeric_limits<double>::infinity()) == "null");
    CHECK(spelled(std::numeric_limits<double>::quiet_NaN()) == "null");
    CHECK(spelled("literal") == "\"literal\"");
    CHECK(spelled(std::string("\xFF\"\x01")) == "\"\xEF\xBF\xBD\\\"\\u0001\"");
    CHECK(spelled(std::optional<double>()) == "null");
    CHECK(spelled(std::optional<double>(2)) == "2.0");
    CHECK(written([](JsonWriter& out) { out.list(std::vector<std::string>{"a", "b"}); }) == R"(["a","b"])");
    CHECK(written([](JsonWriter& out) { out.list(std::vector<std::uint64_t>{}); }) == "[]");
}

TEST_CASE("JsonSizeWriter: counts what JsonTextWriter writes, in any encoding", "[payload]") {
    const std::uint64_t seed = test_seed();
    for (std::uint64_t i = 0; i < 2000; ++i) {
        INFO("seed " << seed + i);
        table_maker::TableMaker random(seed + i);
        const std::string text = written([&](JsonWriter& out) { write_any(out, random, 5); });
        REQUIRE(message_model::StrictReader::accepts(text));
        REQUIRE(message_model::json_text(nlohmann::ordered_json::parse(text)) == text);
        for (const Encoding encoding : {Encoding::raw, Encoding::json_string}) {
            table_maker::TableMaker again(seed + i);
            const JsonMeter meter(encoding);
            JsonSizeWriter counted(meter);
            write_any(counted, again, 5);
            REQUIRE(counted.size() == message_model::encoded(text, encoding));
        }
    }
}
