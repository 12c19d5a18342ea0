// SPDX-License-Identifier: MIT
#pragma once
// Counts how many bytes a text takes in a JSON message, without building the message.

#include <cstddef>
#include <string_view>

#include <curtail/core/text/byte_scan.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>

namespace curtail::inline v0::detail {

// Counts bytes as JsonTextWriter writes them (no spaces, no escapes above 0x1F) and as they are escaped once more in
// Encoding::json_string. Base64 is not counted here: raw_limit() allows for it.
class JsonMeter {
  public:
    explicit constexpr JsonMeter(Encoding encoding = Encoding::raw) noexcept
        : twice_(encoding == Encoding::json_string) {}

    // Returns what the encoding adds around a whole message.
    [[nodiscard]] constexpr std::size_t envelope() const noexcept { return twice_ ? 2 : 0; }

    // Returns the size of a string value with its two quotes. `text` must be valid UTF-8.
    [[nodiscard]] std::size_t string(std::string_view text) const noexcept { return content(text) + (twice_ ? 4 : 2); }

    // Returns the size of a string value without its quotes.
    [[nodiscard]] std::size_t content(std::string_view text) const noexcept {
        const char* const end = text.data() + text.size();
        std::size_t size = text.size();
        for (const char* p = find_string_stop(text.data(), end); p != end; p = find_string_stop(p + 1, end)) {
            size += escape_size(*p) - 1;
        }
        return size;
    }

    // Returns the size of finished JSON.
    [[nodiscard]] std::size_t json(std::string_view text) const noexcept {
        std::size_t size = text.size();
        if (!twice_) return size;
        // Not std::count_if(): <algorithm> takes 0.1 s of each file that includes this.
        for (const char c : text) size += c == '"' || c == '\\' ? 1 : 0;
        return size;
    }

    struct Prefix {
        std::string_view text;
        std::size_t size;  // its content()
    };

    // Returns the longest prefix of `text` that ends between two characters and whose content() is at most `limit`.
    [[nodiscard]] Prefix prefix(std::string_view text, std::size_t limit) const noexcept {
        std::size_t size = 0;
        std::size_t end = 0;
        while (end < text.size()) {
            // The bytes that need no escape count once each.
            const std::string_view rest = text.substr(end, limit - size);
            const char* const stop = find_string_stop(rest.data(), rest.data() + rest.size());
            const auto plain = static_cast<std::size_t>(stop - rest.data());
            size += plain;
            end += plain;
            if (plain == rest.size()) break;
            const std::size_t escaped = escape_size(*stop);
            if (escaped > limit - size) break;
            size += escaped;
            ++end;
        }
        const std::string_view fits = utf8_prefix(text, end);
        return {fits, size - (end - fits.size())};
    }

  private:
    // Returns the size of a character that a string cannot hold as it is.
    [[nodiscard]] constexpr std::size_t escape_size(char c) const noexcept {
        if (c == '"' || c == '\\') return twice_ ? 4 : 2;
        const bool named = escaped_chars.find(c) != std::string_view::npos;
        return (named ? 2U : 6U) + (twice_ ? 1U : 0U);
    }

    bool twice_;  // the JSON is escaped as a string once more
};

}  // namespace curtail::inline v0::detail
