// SPDX-License-Identifier: MIT
#pragma once
// How a metadata file says which file it describes.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0::detail {

// A description is a JSON object. Three members at its end are written and read here, each on a line of its own, which
// no text inside of a JSON string can be. The object may have members of these names before them:
//
//     "dc:provenance": "xxh64 8c7dd922ad47494f",
//     "schema:identifier": "xxh64 d24ec4f1a98c6e5b, bytes 1, inode 12, modified 1716239022.123456789",
//     "dc:replaces": "…"
//
// The first holds the checksum of the text before it, so that no row is shown by a damaged number. Nothing is compared
// where it is missing. The identifier names one file of one run. The file's checksum tells it from any other, and
// holds for a copy of it, too. The rest is what the system said of it when it was complete: where that still agrees,
// nothing has to be read.
//
// The third member is there only while a file is being replaced. It holds the older description as a text, which is
// the valid one until the new file has the name.

// Returns the identifier of a complete file.
[[nodiscard]] std::string file_identifier(const FileEntry& file, std::uint64_t checksum);

// Returns the beginning of a JSON object, up to a comma, with the member that holds its checksum.
[[nodiscard]] std::string with_checksum(std::string_view text);

// Returns the JSON object `text` with an identifier. Throws UsageError (invalid_option) if it does not end in a brace.
[[nodiscard]] std::string with_identifier(std::string_view text, std::string_view identifier);

// Returns a description that has an identifier, and the older one inside.
[[nodiscard]] std::string with_replaced(std::string_view text, std::string_view older);

// Returns the identifier of a description; empty if it has none.
[[nodiscard]] std::string_view identifier_in(std::string_view text) noexcept;

// Returns false if a description was changed since it got its identifier, as far as its checksum tells.
[[nodiscard]] bool is_unchanged(std::string_view text);

// Returns the older description in a description, if there is one.
[[nodiscard]] std::optional<std::string> replaced_in(std::string_view text);

// Returns a description without the older one.
[[nodiscard]] std::string without_replaced(std::string_view text);

// Returns true if the system says of `file` what it said when the identifier was made.
[[nodiscard]] bool names_file(std::string_view identifier, const FileEntry& file);

// Returns true if the identifier is that of a file of this size.
[[nodiscard]] bool names_size(std::string_view identifier, std::uint64_t bytes);

// Returns true if the identifier is that of a file of this size and checksum.
[[nodiscard]] bool names_content(std::string_view identifier, std::uint64_t bytes, std::uint64_t checksum);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <cstddef>

#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/text/json_cursor.hpp>
#include <curtail/core/text/json_escape.hpp>

namespace curtail::inline v0::detail {

inline constexpr std::string_view checksum_key = "\n\"dc:provenance\": \"xxh64 ";
inline constexpr std::string_view identifier_key = "\n\"schema:identifier\": \"";
inline constexpr std::string_view replaced_key = ",\n\"dc:replaces\": \"";
inline constexpr std::string_view description_end = "\n}\n";

CURTAIL_INLINE std::string content_text(std::uint64_t bytes, std::uint64_t checksum) {
    return concat({"xxh64 ", hex_text(checksum), ", bytes ", std::to_string(bytes)});
}

CURTAIL_INLINE std::string stamp_text(const FileEntry& file) {
    std::string fraction = std::to_string(1'000'000'000 + file.modified.nanoseconds);
    fraction[0] = '.';
    return concat({", bytes ", std::to_string(file.bytes), ", inode ", std::to_string(file.inode), ", modified ",
                   std::to_string(file.modified.seconds), fraction});
}

CURTAIL_INLINE std::string file_identifier(const FileEntry& file, std::uint64_t checksum) {
    const std::string stamp = stamp_text(file);
    return content_text(file.bytes, checksum) + stamp.substr(stamp.find(", inode"));
}

CURTAIL_INLINE std::string with_checksum(std::string_view text) {
    return concat({text, checksum_key, hex_text(content_hash(text)), "\""});
}

CURTAIL_INLINE std::string with_identifier(std::string_view text, std::string_view identifier) {
    constexpr std::string_view space = " \n\r\t";
    text = text.substr(0, text.find_last_not_of(space) + 1);
    if (text.size() < 2 || text.back() != '}') {
        throw UsageError(ErrorCode::invalid_option, "the text that describes a file must be a JSON object");
    }
    text.remove_suffix(1);
    text = text.substr(0, text.find_last_not_of(space) + 1);
    return concat({with_checksum(concat({text, text.back() == '{' ? "" : ","})), ",", identifier_key, identifier, "\"",
                   description_end});
}

CURTAIL_INLINE bool is_unchanged(std::string_view text) {
    const std::size_t key = text.rfind(checksum_key);
    if (key == std::string_view::npos) return true;
    return text.substr(key + checksum_key.size()).starts_with(hex_text(content_hash(text.substr(0, key))) + '"');
}

CURTAIL_INLINE std::string with_replaced(std::string_view text, std::string_view older) {
    std::string quoted;
    append_json_string(quoted, older);
    text.remove_suffix(description_end.size());
    return concat({text, replaced_key, std::string_view(quoted).substr(1), description_end});
}

CURTAIL_INLINE std::string_view identifier_in(std::string_view text) noexcept {
    const std::size_t key = text.rfind(identifier_key);
    if (key == std::string_view::npos || !text.ends_with(description_end)) return {};
    text.remove_prefix(key + identifier_key.size());
    return text.substr(0, text.find('"'));
}

// Returns where the member with the older description begins, which is behind the identifier; or npos.
CURTAIL_INLINE std::size_t place_of_replaced(std::string_view text) noexcept {
    const std::size_t identifier = text.rfind(identifier_key);
    return identifier == std::string_view::npos ? identifier : text.find(replaced_key, identifier);
}

CURTAIL_INLINE std::optional<std::string> replaced_in(std::string_view text) {
    const std::size_t key = place_of_replaced(text);
    if (key == std::string_view::npos) return {};
    try {
        return JsonCursor(text.substr(key + replaced_key.size() - 1)).string();  // from the quote on
    } catch (const JsonFault&) {
        return {};
    }
}

CURTAIL_INLINE std::string without_replaced(std::string_view text) {
    const std::size_t key = place_of_replaced(text);
    if (key == std::string_view::npos) return std::string(text);
    return concat({text.substr(0, key), description_end});
}

CURTAIL_INLINE bool names_file(std::string_view identifier, const FileEntry& file) {
    return file.inode != 0 && identifier.ends_with(stamp_text(file));
}

CURTAIL_INLINE bool names_size(std::string_view identifier, std::uint64_t bytes) {
    return identifier.find(concat({", bytes ", std::to_string(bytes), ","})) != std::string_view::npos;
}

CURTAIL_INLINE bool names_content(std::string_view identifier, std::uint64_t bytes, std::uint64_t checksum) {
    return identifier.starts_with(content_text(bytes, checksum) + ",");
}

}  // namespace curtail::inline v0::detail
#endif
