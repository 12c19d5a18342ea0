// SPDX-License-Identifier: MIT
#pragma once
// Reads the small texts that are stored beside parts, without trusting them.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <system_error>

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
    // Takes `name`, and the text before the next `end`, which it returns; takes `end`, too.
    [[nodiscard]] std::string_view until(std::string_view name, char end) {
        word(name);
        const std::size_t size = rest_.find(end);
        failed_ = failed_ || size == std::string_view::npos;
        if (failed_) return {};
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size + 1);
        return out;
    }
    // Does the same for a number as std::to_string() writes it.
    [[nodiscard]] std::uint64_t number(std::string_view name, char end) {
        const std::string_view digits = until(name, end);
        failed_ = failed_ || (digits.size() > 1 && digits.front() == '0');
        return parsed(digits, 10);
    }
    // Does the same for sixteen digits, as hex_text() writes them.
    [[nodiscard]] std::uint64_t hash(std::string_view name, char end) {
        const std::string_view digits = until(name, end);
        failed_ = failed_ || digits.size() != 16 || digits.find_first_not_of(hex_digits) != std::string_view::npos;
        return parsed(digits, 16);
    }

  private:
    [[nodiscard]] std::uint64_t parsed(std::string_view digits, int base) {
        std::uint64_t value = 0;
        const char* const last = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), last, value, base);
        failed_ = failed_ || error != std::errc() || stop != last;
        return failed_ ? 0 : value;
    }

    std::string_view rest_;
    bool failed_ = false;
};

}  // namespace curtail::inline v0::detail
