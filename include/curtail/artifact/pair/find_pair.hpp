// SPDX-License-Identifier: MIT
#pragma once
// Finds a published file and the description of it, whatever is being replaced meanwhile.

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/pair/content_hash.hpp>
#include <curtail/artifact/pair/description.hpp>
#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>

namespace curtail::inline v0::detail {

// Calls `use` with the bytes of a regular file, part by part, until it returns false. Returns true if all of it was
// read.
template <class System, class Use>
bool read_parts(System& system, int dir, const char* name, Use use) {
    const int file = uninterrupted([&] { return system.open_to_read(dir, name); });
    if (file < 0) return false;
    const Closing closing(system, file);
    FileEntry entry;
    if (system.describe(file, entry) < 0 || !entry.regular) return false;
    std::array<char, 65536> part;
    for (;;) {
        const auto taken = uninterrupted([&] { return system.read(file, part.data(), part.size()); });
        if (taken <= 0) return taken == 0;
        if (!use(std::span<const char>(part).first(static_cast<std::size_t>(taken)))) return false;
    }
}

// Returns the text of a description. Nothing if there is none, or none that can be read.
template <class System>
std::optional<std::string> read_description(System& system, int dir, const char* name) {
    constexpr std::size_t limit = 64U << 20U;  // far more than a million columns need
    std::string text;
    const bool whole = read_parts(system, dir, name, [&](std::span<const char> part) {
        text.append(part.data(), part.size());
        return text.size() <= limit;
    });
    return whole ? std::optional<std::string>(std::move(text)) : std::nullopt;
}

// Returns `text`, or an older description inside of it, if that describes the file `name`. Reads the file only if its
// size agrees and its times do not: for a copy.
template <class System>
std::optional<std::string> matching_description(System& system, int dir, const char* name, const FileEntry& file,
                                                std::optional<std::string> text) {
    std::optional<std::uint64_t> checksum;
    const auto has_content = [&](std::string_view identifier) {
        if (!names_size(identifier, file.bytes)) return false;
        if (!checksum) {
            ContentHash hash;
            const auto add = [&](std::span<const char> part) {
                hash.update(part);
                return true;
            };
            if (!read_parts(system, dir, name, add)) return false;
            checksum = hash.value();
        }
        return names_content(identifier, file.bytes, *checksum);
    };
    for (; text; text = replaced_in(*text)) {
        const std::string_view identifier = identifier_in(*text);
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
