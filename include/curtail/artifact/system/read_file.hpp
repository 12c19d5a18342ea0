// SPDX-License-Identifier: MIT
#pragma once
// Reads files from their beginning.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include <curtail/artifact/system/file_entry.hpp>
#include <curtail/artifact/system/system_call.hpp>

namespace curtail::inline v0::detail {

// Calls `use` with the bytes of an open file, block by block, up to its end or to `limit` bytes. Returns false, with
// errno set, if it cannot be read or is not a regular file.
template <class System, class Use>
[[nodiscard]] bool read_blocks(System& system, int file, std::uint64_t limit, Use use) {
    FileEntry entry;
    if (system.describe(file, entry) < 0) return false;
    if (!entry.regular) {
        errno = EISDIR;
        return false;
    }
    std::array<char, 65536> block;
    while (limit != 0) {
        const auto wanted = static_cast<std::size_t>((std::min)(limit, std::uint64_t{block.size()}));
        const auto taken = uninterrupted([&] { return system.read(file, block.data(), wanted); });
        if (taken <= 0) return taken == 0;
        use(std::span<const char>(block).first(static_cast<std::size_t>(taken)));
        limit -= static_cast<std::uint64_t>(taken);
    }
    return true;
}

// Returns the text of an open file, or its first `limit` bytes. Returns nothing, with errno set, if there is none.
template <class System>
[[nodiscard]] std::optional<std::string> read_text(System& system, int file, std::uint64_t limit) {
    std::string text;
    const auto add = [&](std::span<const char> block) { text.append(block.data(), block.size()); };
    return read_blocks(system, file, limit, add) ? std::optional<std::string>(std::move(text)) : std::nullopt;
}

// Opens the file `name` of a directory and returns what `read` returns for it. Returns an empty value, with errno set,
// if it cannot be opened.
template <class System, class Read>
[[nodiscard]] auto read_named(System& system, int directory, const char* name, Read read) -> decltype(read(0)) {
    const int file = uninterrupted([&] { return system.open_to_read(directory, name); });
    if (file < 0) return {};
    const Closing closing(system, file);
    return read(file);
}

}  // namespace curtail::inline v0::detail
