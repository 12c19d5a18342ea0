// SPDX-License-Identifier: MIT
#pragma once
// Counts how many bytes a text takes in a JSON message, without building the message.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>

namespace curtail::inline v0::detail {

// Counts bytes as JsonTextWriter writes them (no spaces, no escapes above 0x1F) and as they are escaped once more in
// Encoding::json_string. Base64 is not counted here: raw_limit() allows for it.
class JsonMeter {
  public:
    explicit constexpr JsonMeter(Encoding encoding = Encoding::raw) noexcept {
        const bool twice = encoding == Encoding::json_string;
        quote_ = twice ? 2 : 1;
        envelope_ = twice ? 2 : 0;
        for (std::size_t c = 0; c < 256; ++c) {
            std::uint8_t cost = 1;
            if (c == '"' || c == '\\') {
                cost = twice ? 4 : 2;
            } else if (c == '\b' || c == '\f' || c == '\n' || c == '\r' || c == '\t') {
                cost = twice ? 3 : 2;
            } else if (c < 0x20) {
                cost = twice ? 7 : 6;
            }
            cost_[c] = cost;
        }
    }

    // Returns what the encoding adds around a whole message.
    [[nodiscard]] constexpr std::size_t envelope() const noexcept { return envelope_; }

    // Returns the size of a string value with its two quotes. `text` must be valid UTF-8.
    [[nodiscard]] constexpr std::size_t string(std::string_view text) const noexcept {
        return content(text) + 2 * quote_;
    }

    // Returns the size of a string value without its quotes.
    [[nodiscard]] constexpr std::size_t content(std::string_view text) const noexcept {
        std::size_t size = 0;
        for (std::size_t i = 0; i < text.size();) {
            if (plain_at(text, i)) {
                i += 8;
                size += 8;
            } else {
                size += cost_[static_cast<unsigned char>(text[i++])];
            }
        }
        return size;
    }

    // Returns the size of finished JSON.
    [[nodiscard]] constexpr std::size_t json(std::string_view text) const noexcept {
        if (quote_ == 1) return text.size();
        std::size_t size = text.size();
        for (const char c : text) size += c == '"' || c == '\\' ? 1 : 0;
        return size;
    }

    struct Prefix {
        std::string_view text;
        std::size_t size;  // its content()
    };

    // Returns the longest prefix of `text` that ends between two characters and whose content() is at most `limit`.
    [[nodiscard]] constexpr Prefix prefix(std::string_view text, std::size_t limit) const noexcept {
        std::size_t size = 0;
        std::size_t end = 0;
        std::size_t bytes = 0;
        for (std::size_t i = 0; i < text.size(); ++i) {
            while (size + 8 <= limit && plain_at(text, i)) {
                i += 8;
                size += 8;
                end = i;
                bytes = size;
            }
            if (i == text.size()) break;
            size += cost_[static_cast<unsigned char>(text[i])];
            if (size > limit) return {text.substr(0, end), bytes};
            const bool inside = i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80U;
            if (!inside) {
                end = i + 1;
                bytes = size;
            }
        }
        return {text, size};
    }

  private:
    // Returns true if the eight bytes from `i` on all count once: none is a control character, a quote, a backslash or
    // beyond ASCII. The search for the largest cap reads a fat cell some twenty times, which took 15 ms byte by byte.
    [[nodiscard]] static constexpr bool plain_at(std::string_view text, std::size_t i) noexcept {
        if (std::is_constant_evaluated() || text.size() - i < 8) return false;
        constexpr std::uint64_t ones = 0x0101010101010101U;
        constexpr std::uint64_t tops = 0x8080808080808080U;
        std::uint64_t word = 0;
        std::memcpy(&word, text.data() + i, sizeof word);
        const auto has_zero = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & tops; };
        const std::uint64_t control = (word - 0x20U * ones) & ~word & tops;
        return ((word & tops) | control | has_zero(word ^ ('"' * ones)) | has_zero(word ^ ('\\' * ones))) == 0;
    }

    std::uint8_t cost_[256] = {};
    std::size_t quote_ = 1;
    std::size_t envelope_ = 0;
};

}  // namespace curtail::inline v0::detail
