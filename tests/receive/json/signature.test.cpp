// SPDX-License-Identifier: MIT
#include <curtail/receive/json/signature.hpp>

#include <curtail/receive/result_receiver.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include "catch.hpp"

using curtail::MessageError;
using curtail::detail::match_signature;
using curtail::detail::shown_bytes;

namespace {

// Returns what() of the error of a text that is fed in two pieces.
std::string error_of(std::string_view text, std::size_t split, std::uint64_t offset) {
    curtail::ResultReceiver receiver;
    try {
        receiver.feed(text.substr(0, split));
        receiver.feed(text.substr(split));
        (void)receiver.finish();
    } catch (const MessageError& error) {
        CHECK(error.code() == curtail::ErrorCode::malformed_message);
        CHECK(error.offset() == offset);
        CHECK(receiver.offset() == offset);
        CHECK_THROWS_AS(receiver.feed("{}"), MessageError);
        return error.what();
    }
    return {};
}

bool says(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

std::string utf16(std::string_view ascii, bool big_endian) {
    std::string out;
    for (const char c : ascii) out += big_endian ? std::string{'\0', c} : std::string{c, '\0'};
    return out;
}

std::string utf32(std::string_view ascii, bool big_endian) {
    std::string out;
    for (const char c : ascii) out += big_endian ? std::string{'\0', '\0', '\0', c} : std::string{c, '\0', '\0', '\0'};
    return out;
}

}  // namespace

TEST_CASE("match_signature: names what begins like another format, wherever the text is split", "[receive]") {
    const std::string json = R"({"type":"result"})";
    const std::string nothing(4, '\0');
    struct Foreign {
        std::string text;
        const char* name;
    };
    const Foreign texts[] = {
        {"\xFF\xFE" + utf16(json, false), "UTF-16"},
        {"\xFE\xFF" + utf16(json, true), "UTF-16"},
        {utf16(json, false), "UTF-16"},
        {utf16(json, true), "UTF-16"},
        {utf16("[1]", false), "UTF-16"},
        {utf16("\"a\"", true), "UTF-16"},
        {"\xFF\xFE" + nothing.substr(0, 2) + utf32(json, false), "UTF-32"},
        {nothing.substr(0, 2) + "\xFE\xFF" + utf32(json, true), "UTF-32"},
        {utf32(json, false), "UTF-32"},
        {utf32(json, true), "UTF-32"},
        {"\x1F\x8B\x08" + nothing, "gzip"},
        {"\x28\xB5\x2F\xFD\x04", "zstd"},
        {"\x78\x9C\xAB\x56", "zlib"},
        {"BZh91AY&SY", "bzip2"},
        {"\xFD" + ("7zXZ" + nothing), "xz"},
        {"\x04\x22\x4D\x18\x64", "LZ4"},
        {"PK\x03\x04\x14", "a ZIP file"},
        {"]" + nothing.substr(0, 2) + "\x80", "LZMA"},
        {"\x80\x04\x95\x1A", "a Python pickle"},
        {"PAR1\x15", "a Parquet file"},
        {"HTTP/1.1 502 Bad Gateway\r\n\r\n", "an HTTP response"},
        {"eyJ0eXBlIjoicmVzdWx0In0=", "Base64"},
        {"H4sIAAAAAAAAA6tWKqksSFWyUkpKLEpUqgUAPBRc2RAAAAA=", "gzip in Base64"},
        {"\x1E" + json + "\n", "a JSON text sequence"},
    };
    for (const Foreign& foreign : texts) {
        for (std::size_t split = 0; split <= foreign.text.size(); ++split) {
            const std::string error = error_of(foreign.text, split, 0);
            INFO(error);
            CHECK(says(error, std::string("is not JSON but looks like ") + foreign.name));
            const std::string first = shown_bytes(foreign.text.substr(0, 1));
            CHECK(says(error, "It begins with " + first.substr(0, first.size() - 1)));
        }
    }
}

TEST_CASE("match_signature: what is JSON, or might become it, is not another format", "[receive]") {
    for (const char* json : {"{\"", "{}", "[1", "\"e", "y", "1", "\xEF\xBB\xBF", " ", "\n{"}) {
        CHECK(match_signature(json).found == nullptr);
        CHECK_FALSE(match_signature(json).undecided);
    }
    for (const char* begun : {"{", "[", "\"", "B", "P", "PAR", "\x1F", "HTTP"}) CHECK(match_signature(begun).undecided);
    // A message that ends where it might have been something else.
    curtail::ResultReceiver receiver;
    receiver.feed("{");
    CHECK(receiver.offset() == 1);
    CHECK(receiver.begun());
    try {
        (void)receiver.finish();
        FAIL("no error");
    } catch (const MessageError& error) {
        CHECK(error.code() == curtail::ErrorCode::incomplete_message);
        CHECK(error.offset() == 1);
    }
    for (const char* other : {"BZip", "PARAM", "HTTX", "\x1F\x1F"})
        CHECK(says(error_of(other, 2, 0), "a value was expected"));
}

TEST_CASE("ResultReceiver: an error quotes the bytes at fault, and says what they look like", "[receive]") {
    const auto error = [](std::string_view text, std::uint64_t offset) { return error_of(text, 0, offset); };
    CHECK(error("<html><body>502 Bad Gateway</body></html>", 0) ==
          "[curtail.malformed_message] at byte 0: a value was expected, but found \"<html><body>502 Bad \": this looks "
          "like HTML "
          "or XML");
    CHECK(says(error("\xEF\xBB\xBF\r\n<?xml version=\"1.0\"?>", 5), "HTML or XML"));
    CHECK(says(error("upstream connect error", 0), "\"upstream connect err\""));
    CHECK(says(error("502 Bad Gateway", 4), "the end of the message was expected, but found \"Bad Gateway\""));
    CHECK(says(error("{} {}", 3), "feed_some() reads messages one after another"));
    CHECK(says(error("{'type': 'result'}", 1), "Python's repr()"));
    CHECK(says(error(R"({"success": True})", 12), "Python's repr()"));
    CHECK(says(error("\x84\xa4type\xa6result", 0), "binary data"));
    CHECK(says(error("{\"a\":\x1b[31m}", 5), R"("\x1b[31m}")"));
    CHECK(says(error("{\"a\":\xE2\x82\xAC\"\\", 5), R"("\xe2\x82\xac\x22\x5c")"));
    CHECK(says(error("[\"\n\"]", 2), "a control character must be escaped in a string, but found \"\\x0a\\x22]\""));
}

TEST_CASE("shown_bytes: shows twenty bytes at most, each as printable ASCII", "[receive]") {
    CHECK(shown_bytes("") == "\"\"");
    CHECK(shown_bytes("plain") == "\"plain\"");
    CHECK(shown_bytes(std::string(30, 'x')) == "\"" + std::string(20, 'x') + "\"");
    for (int byte = 0; byte < 256; ++byte) {
        const char c = static_cast<char>(byte);
        for (const char shown : shown_bytes(std::string_view(&c, 1))) CHECK((shown >= 0x20 && shown < 0x7F));
    }
}
