// SPDX-License-Identifier: MIT
#include <curtail/artifact/pair/description.hpp>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include <nlohmann/json.hpp>

#include <curtail/core/error.hpp>

#include "catch.hpp"
#include "seed.hpp"

namespace detail = curtail::detail;
using detail::FileEntry;
using nlohmann::json;

namespace {

const FileEntry file{.regular = true, .bytes = 8, .modified = {1716239022, 23456789}, .device = 1, .inode = 12};

}  // namespace

TEST_CASE("file_identifier: names checksum, size, inode and time", "[artifact]") {
    const std::string id = detail::file_identifier(file, 0xABCU);
    CHECK(id == "xxh64 0000000000000abc, bytes 8, inode 12, modified 1716239022.023456789");
    CHECK(detail::names_file(id, file));
    CHECK(detail::names_size(id, 8));
    CHECK(detail::names_content(id, 8, 0xABCU));
    // One thing is another, and it is no longer that file.
    FileEntry other = file;
    other.inode = 2;
    CHECK_FALSE(detail::names_file(id, other));
    other = file;
    other.modified.nanoseconds -= 1;
    CHECK_FALSE(detail::names_file(id, other));
    other = file;
    other.bytes = 18;
    CHECK_FALSE(detail::names_file(id, other));
    CHECK_FALSE(detail::names_size(id, 18));
    CHECK_FALSE(detail::names_size(id, 80));
    CHECK_FALSE(detail::names_content(id, 8, 0xABDU));
    CHECK_FALSE(detail::names_content(id, 80, 0xABCU));
    // A system that gives no inode names nothing by it.
    other = file;
    other.inode = 0;
    CHECK_FALSE(detail::names_file(detail::file_identifier(other, 1), other));
    CHECK_FALSE(detail::names_file("", file));
}

TEST_CASE("with_identifier: adds a member to any JSON object", "[artifact]") {
    for (const char* text : {"{}", "{ }\n", "{\"a\": 1}", "{\n\"a\": {\"b\": [1, 2]}\n}\n", "{\"a\": \"}\"}  \n\n"}) {
        INFO(text);
        const std::string described = detail::with_identifier(text, "xxh64 1");
        json expected = json::parse(text);
        expected["schema:identifier"] = "xxh64 1";
        json read = json::parse(described);
        CHECK(read.erase("dc:provenance") == 1);
        CHECK(read == expected);
        CHECK(detail::identifier_in(described) == "xxh64 1");
        CHECK_FALSE(detail::replaced_in(described));
        CHECK(detail::without_replaced(described) == described);
    }
    for (const char* text : {"", "}", "[]", "{\"a\": 1", "text"}) {
        INFO(text);
        CHECK_THROWS_AS(detail::with_identifier(text, "x"), curtail::UsageError);
    }
}

TEST_CASE("with_identifier: is not confused by members of the same names", "[artifact]") {
    const std::string own =
        "{\n\"dc:provenance\": \"xxh64 0123456789abcdef\",\n\"schema:identifier\": \"mine\",\n\"dc:replaces\": "
        "\"that\"\n}\n";
    const std::string text = detail::with_identifier(own, "xxh64 1");
    CHECK(detail::is_unchanged(text));
    CHECK(detail::identifier_in(text) == "xxh64 1");
    CHECK_FALSE(detail::replaced_in(text));
    CHECK(detail::without_replaced(text) == text);
    const std::string both = detail::with_replaced(text, own);
    CHECK(detail::replaced_in(both) == own);
    CHECK(detail::without_replaced(both) == text);
}

TEST_CASE("identifier_in: finds nothing in a string or object that only looks like one, or without the end",
          "[artifact]") {
    const std::string text = detail::with_identifier("{\"a\": 1}", "xxh64 1");
    CHECK(detail::identifier_in("").empty());
    CHECK(detail::identifier_in("{\"schema:identifier\": \"mine\"}").empty());
    CHECK(detail::identifier_in(json{{"a", text}}.dump()).empty());
    for (std::size_t size = 0; size < text.size(); ++size) CHECK(detail::identifier_in(text.substr(0, size)).empty());
}

TEST_CASE("with_replaced: holds any older text, and gives it back", "[artifact]") {
    const std::uint64_t seed = test_seed();
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    const std::string text = detail::with_identifier("{\"a\": 1}", "new");
    const std::string older = detail::with_identifier("{\"b\": \"\\u0001 \\\\ \\\"}\"}", "old");
    const std::string both = detail::with_replaced(text, older);
    CHECK(json::parse(both)["dc:replaces"] == older);
    CHECK(detail::identifier_in(both) == "new");
    CHECK(detail::replaced_in(both) == older);
    CHECK(detail::without_replaced(both) == text);
    const std::string three = detail::with_replaced(text, both);
    CHECK(detail::replaced_in(*detail::replaced_in(three)) == older);
    CHECK(detail::without_replaced(three) == text);
    for (int round = 0; round < 300; ++round) {
        std::string any(random() % 50, '\0');
        for (char& c : any) c = "\"\\\n\r\t\b\f\x01\x1F}{,:uabc"[random() % 17];
        REQUIRE(detail::replaced_in(detail::with_replaced(text, any)) == any);
        REQUIRE(json::parse(detail::with_replaced(text, any))["dc:replaces"] == any);
        const std::string cut = ",\n\"dc:replaces\": \"" + any;
        const std::size_t end = any.find('"');
        if (end == std::string::npos) REQUIRE_FALSE(detail::replaced_in(cut));
    }
}

TEST_CASE("is_unchanged: tells a changed description, and takes one without a checksum", "[artifact]") {
    const std::string text = detail::with_identifier("{\"rows\": 1}", "xxh64 1");
    CHECK(detail::is_unchanged(text));
    CHECK(detail::is_unchanged(detail::with_replaced(text, text)));
    CHECK(detail::is_unchanged("{\"rows\": 1,\n\"schema:identifier\": \"xxh64 1\"\n}\n"));
    for (std::size_t i = 0; i < text.find("\n\"dc:"); ++i) {
        std::string other = text;
        other[i] = static_cast<char>(other[i] ^ 1);
        CHECK_FALSE(detail::is_unchanged(other));
    }
    CHECK_FALSE(detail::is_unchanged(text.substr(0, text.find("xxh64 ") + 10)));
}
