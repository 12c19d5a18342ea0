// SPDX-License-Identifier: MIT
#pragma once
// What a system says about a file, and what it keeps for one.

#include <compare>
#include <cstdint>

namespace curtail::inline v0::detail {

// A time since 1970. Seconds and their fraction are apart, because 64 bits of nanoseconds end in 2262.
struct FileTime {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;  // 0 to 999,999,999, also before 1970

    auto operator<=>(const FileTime&) const = default;
};

// Returns true if `then` is before `now`, by at least `seconds`.
[[nodiscard]] constexpr bool is_older(const FileTime& then, const FileTime& now, std::uint64_t seconds) noexcept {
    if (then >= now) return false;
    // Exact for any two times: the difference of two int64 fits into 64 bits without a sign.
    const std::uint64_t apart = static_cast<std::uint64_t>(now.seconds) - static_cast<std::uint64_t>(then.seconds);
    return apart - (now.nanoseconds < then.nanoseconds ? 1U : 0U) >= seconds;
}

// What a name in a directory, or an open file, refers to.
struct FileEntry {
    bool regular = false;
    bool directory = false;
    unsigned mode = 0;  // the permission bits 0..0777
    std::uint64_t bytes = 0;
    FileTime modified = {};
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    bool special = false;  // a device, a pipe or a socket

    // Returns true if both are the same file, whatever its names.
    [[nodiscard]] constexpr bool is(const FileEntry& other) const noexcept {
        return device == other.device && inode == other.inode;
    }
};

// Where a system makes syncs while the process goes on.
struct SyncQueue {
    std::uint64_t id = 0;  // 0: there is none yet
    bool busy = false;     // a sync is under way, or may be
};

}  // namespace curtail::inline v0::detail
