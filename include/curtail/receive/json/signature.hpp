// SPDX-License-Identifier: MIT
#pragma once
// Tells by its first bytes what a text is that is not JSON in UTF-8, and shows such bytes in an error.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/text/quoted_text.hpp>

namespace curtail::inline v0::detail {

// How another format begins, what it is called, and what to do about it.
struct Signature {
    std::string_view bytes;
    std::string_view name;
    std::string_view cure;

    // Takes a literal whole, with the NULs in it.
    template <std::size_t N>
    constexpr Signature(const char (&literal)[N], std::string_view called, std::string_view do_this) noexcept
        : bytes(literal, N - 1), name(called), cure(do_this) {}
};

// clang-format off
inline constexpr Signature signatures[] = {
    {"\xFF\xFE\0\0", "UTF-32", "encode it as UTF-8"},
    {"\0\0\xFE\xFF", "UTF-32", "encode it as UTF-8"},
    {"{\0\0\0",      "UTF-32", "encode it as UTF-8"},
    {"[\0\0\0",      "UTF-32", "encode it as UTF-8"},
    {"\"\0\0\0",     "UTF-32", "encode it as UTF-8"},
    {"\0\0\0",       "UTF-32", "encode it as UTF-8"},
    {"\xFF\xFE",     "UTF-16", "encode it as UTF-8"},
    {"\xFE\xFF",     "UTF-16", "encode it as UTF-8"},
    {"{\0",          "UTF-16", "encode it as UTF-8"},
    {"[\0",          "UTF-16", "encode it as UTF-8"},
    {"\"\0",         "UTF-16", "encode it as UTF-8"},
    {"\0{",          "UTF-16", "encode it as UTF-8"},
    {"\0[",          "UTF-16", "encode it as UTF-8"},
    {"\0\"",         "UTF-16", "encode it as UTF-8"},
    {"\x1F\x8B",         "gzip",  "decompress it first"},
    {"\x28\xB5\x2F\xFD", "zstd",  "decompress it first"},
    {"\xFD" "7zXZ",      "xz",    "decompress it first"},
    {"BZh",              "bzip2", "decompress it first"},
    {"\x04\x22\x4D\x18", "LZ4",   "decompress it first"},
    {"\x78\x01",         "zlib",  "decompress it first"},
    {"\x78\x5E",         "zlib",  "decompress it first"},
    {"\x78\x9C",         "zlib",  "decompress it first"},
    {"\x78\xDA",         "zlib",  "decompress it first"},
    {"]\0\0",              "LZMA",  "decompress it first"},
    {"PK\x03\x04",       "a ZIP file", "unpack it first"},
    {"\x80\x02", "a Python pickle", "send JSON"},
    {"\x80\x03", "a Python pickle", "send JSON"},
    {"\x80\x04", "a Python pickle", "send JSON"},
    {"\x80\x05", "a Python pickle", "send JSON"},
    {"}q\0",       "a Python pickle", "send JSON"},
    {"PAR1",     "a Parquet file", "send JSON"},
    {"HTTP/",    "an HTTP response with its header", "pass its body only"},
    {"eyJ",      "Base64", "decode it first"},
    {"H4sI",     "gzip in Base64", "decode and decompress it first"},
    {"\x1E",     "a JSON text sequence (RFC 7464)", "drop the byte 1E before each message"},
};
// clang-format on

// What the beginning of a text says.
struct SignatureMatch {
    const Signature* found = nullptr;
    bool undecided = false;  // more bytes are needed
};

// Returns the longest signature that `head` begins with.
[[nodiscard]] inline SignatureMatch match_signature(std::string_view head) noexcept {
    SignatureMatch match;
    for (const Signature& each : signatures) {
        if (each.bytes.size() > head.size()) {
            match.undecided = match.undecided || each.bytes.starts_with(head);
        } else if (head.starts_with(each.bytes) &&
                   (match.found == nullptr || each.bytes.size() > match.found->bytes.size())) {
            match.found = &each;
        }
    }
    return match;
}

// Returns the first bytes of `text` in quotes, as any terminal can show them: "\x1F\x8B".
[[nodiscard]] inline std::string shown_bytes(std::string_view text) {
    return quoted_for_error(text.substr(0, 20));
}

}  // namespace curtail::inline v0::detail
