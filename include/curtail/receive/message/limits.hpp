// SPDX-License-Identifier: MIT
#pragma once
// The budget that everything kept of a message is charged to, and keys, which are matched without being kept.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

// The key of the current value. Keys that are cut differ by size and hash.
struct KeyText {
    std::string_view text;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;
    bool cut = false;
};

// The options, and what is left of max_kept_bytes.
class Limits {
  public:
    // Lowers limits of single texts that are higher than that of all.
    explicit Limits(const ReceiverOptions& chosen) : options(chosen), left(chosen.max_kept_bytes) {
        const std::size_t most = (std::max)(chosen.max_kept_bytes, min_name_bytes);
        options.max_cell_bytes = (std::min)(options.max_cell_bytes, most);
        options.max_name_bytes = (std::min)(options.max_name_bytes, most);
        options.max_text_bytes = (std::min)(options.max_text_bytes, (std::max)(most, min_text_bytes));
    }

    ReceiverOptions options;
    std::size_t left = 0;

    // Returns true if nothing more may be kept.
    [[nodiscard]] bool spent() const noexcept { return left == 0; }
    void spend(std::size_t bytes) noexcept { left -= (std::min)(left, bytes); }
    // Charges what a text takes beside its std::string.
    void spend_text(const std::string& text) noexcept { spend(heap_bytes(text)); }
    void spend(const std::string& kept) noexcept { spend(heap_bytes(kept) + sizeof(std::string)); }
    void refund_text(const std::string& text) noexcept {
        left += (std::min)(heap_bytes(text), options.max_kept_bytes - left);
    }

    // The shortest limit of names: every key of the format is shorter.
    static constexpr std::size_t min_name_bytes = 32;

    // What a single text may have even if nothing is left: the reason of a failure must not depend on what else is in
    // the message.
    static constexpr std::size_t min_text_bytes = 1024;

  private:
    // A short text is inside its std::string, another in a block of the heap, whose header takes 16 bytes.
    [[nodiscard]] static std::size_t heap_bytes(const std::string& text) noexcept {
        return text.size() < sizeof(std::string) / 2 ? 0 : text.size() + 16;
    }
};

inline constexpr std::uint64_t empty_hash = 14695981039346656037U;  // FNV-1a

// Returns the hash of a text that continues with `part`.
[[nodiscard]] constexpr std::uint64_t hash_on(std::uint64_t hash, std::string_view part) noexcept {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

// Returns the key as a name, with U+2026 at the end of a cut one.
[[nodiscard]] inline std::string kept_name(const KeyText& key, const Limits& limits) {
    if (!key.cut) return std::string(key.text);
    std::string name(utf8_prefix(key.text, limits.options.max_name_bytes - ellipsis.size()));
    return name += ellipsis;
}

}  // namespace curtail::inline v0::detail
