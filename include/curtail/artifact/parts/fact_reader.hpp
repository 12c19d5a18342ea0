// SPDX-License-Identifier: MIT
#pragma once
// Reads the small texts that are stored beside parts, without trusting them.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0::detail {

// Takes facts from the front of a text. After the first that is missing, failed() is true.
class FactReader {
  public:
    explicit FactReader(std::string_view text) : rest_(text) {}

    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

    // Takes `expected`.
    void word(std::string_view expected) {
        failed_ = failed_ || !rest_.starts_with(expected);
        if (!failed_) rest_.remove_prefix(expected.size());
    }
    // Takes the text before the next `end` and returns it; takes `end`, too.
    [[nodiscard]] std::string_view until(char end) {
        const std::size_t size = rest_.find(end);
        failed_ = failed_ || size == std::string_view::npos;
        if (failed_) return {};
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size + 1);
        return out;
    }
    // Takes a number as std::to_string() writes it.
    [[nodiscard]] std::uint64_t number(char end) {
        const std::string_view digits = until(end);
        std::uint64_t value = 0;
        for (const char digit : digits) {
            const bool fits = value < UINT64_MAX / 10;
            failed_ = failed_ || digit < '0' || digit > '9' || !fits;
            if (failed_) return 0;
            value = value * 10 + static_cast<std::uint64_t>(digit - '0');
        }
        failed_ = failed_ || digits.empty() || (digits.size() > 1 && digits.front() == '0');
        return failed_ ? 0 : value;
    }
    // Takes sixteen digits, as hex_text() writes them.
    [[nodiscard]] std::uint64_t hash(char end) {
        const std::string_view digits = until(end);
        std::uint64_t value = 0;
        failed_ = failed_ || digits.size() != 16;
        for (const char digit : digits) {
            const std::size_t at = hex_digits.find(digit);
            failed_ = failed_ || at == std::string_view::npos;
            if (failed_) return 0;
            value = value << 4U | static_cast<std::uint64_t>(at);
        }
        return value;
    }

  private:
    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace curtail::inline v0::detail
