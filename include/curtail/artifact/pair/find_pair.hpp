// SPDX-License-Identifier: MIT
#pragma once
// Finds a published file and the description of it, whatever is being replaced meanwhile.

#include <cerrno>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/read_file.hpp>
#include <curtail/artifact/system/system_call.hpp>

namespace curtail::inline v0::detail {

// Returns the text of a description; nothing, with errno set, if there is none or it cannot be read.
template <class System>
std::optional<std::string> read_description(System& system, int dir, const char* name) {
    // More than the widest header that CsvArtifact reads makes: 16 MiB of names, each byte as up to nine, of a million
    // columns.
    constexpr std::uint64_t limit = std::uint64_t{512} << 20U;
    auto text = read_named(system, dir, name, [&](int file) { return read_text(system, file, limit + 1); });
    if (!text || text->size() <= limit) return text;
    errno = EFBIG;
    return {};
}

// Returns true if the file `name` is the description of some file, and not another's text.
template <class System>
[[nodiscard]] bool is_description(System& system, int dir, const std::string& name) {
    const auto text = read_description(system, dir, name.c_str());
    return text && !identifier_in(*text).empty();
}

// Returns the checksum of a regular file. Nothing, with errno set, if it cannot be read.
template <class System>
std::optional<std::uint64_t> hash_of_file(System& system, int dir, const char* name) {
    return read_named(system, dir, name, [&](int file) {
        ContentHash hash;
        const auto add = [&](std::span<const char> block) { hash.update(block); };
        return read_blocks(system, file, UINT64_MAX, add) ? std::optional(hash.value()) : std::nullopt;
    });
}

// Returns `text`, or an older description inside of it, if that is whole and describes the file `name`. Reads the file
// only if its size agrees and its times do not: for a copy.
template <class System>
std::optional<std::string> matching_description(System& system, int dir, const char* name, const FileEntry& file,
                                                std::optional<std::string> text) {
    std::optional<std::uint64_t> checksum;
    const auto has_content = [&](std::string_view identifier) {
        if (!names_size(identifier, file.bytes)) return false;
        if (!checksum) checksum = hash_of_file(system, dir, name);
        return checksum && names_content(identifier, file.bytes, *checksum);
    };
    for (; text; text = replaced_in(*text)) {
        const std::string_view identifier = identifier_in(*text);
        if (!is_unchanged(*text)) continue;
        if (names_file(identifier, file) || has_content(identifier)) return without_replaced(*text);
    }
    return {};
}

// Returns the part of a description that describes `file` as the system shows it; all of it if no part does.
[[nodiscard]] inline std::string description_of(const std::string& text, const FileEntry& file) {
    for (auto part = std::optional<std::string>(text); part; part = replaced_in(*part)) {
        if (names_file(identifier_in(*part), file)) return without_replaced(*part);
    }
    return text;
}

// A published file, and the text that describes it if there is one.
struct FoundPair {
    FileEntry file;
    std::optional<std::string> description;
};

// Returns the regular file `name` of a directory and the description of it in the file `description_name`. Returns
// nothing, with errno set, if there is no such file.
template <class System>
std::optional<FoundPair> find_pair(System& system, int dir, const std::string& name,
                                   const std::string& description_name) {
    FileEntry file;
    // A run may replace both between two looks: then both are looked at again.
    for (int attempt = 0;; ++attempt) {
        FileEntry found;
        if (uninterrupted([&] { return system.look_up(dir, name.c_str(), found); }) < 0) return {};
        if (!found.regular) {
            errno = ENOENT;
            return {};
        }
        if (attempt == 16 || (attempt != 0 && found.is(file) && found.modified == file.modified)) {
            return FoundPair{found, {}};
        }
        file = found;
        auto description = matching_description(system, dir, name.c_str(), file,
                                                read_description(system, dir, description_name.c_str()));
        if (description) return FoundPair{file, std::move(description)};
    }
}

}  // namespace curtail::inline v0::detail
