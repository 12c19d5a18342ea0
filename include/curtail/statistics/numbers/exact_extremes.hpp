// SPDX-License-Identifier: MIT
#pragma once
// The lowest and the highest of numbers that have more digits than a double.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/statistics/prediction_stats.hpp>
#include <curtail/table/number_of.hpp>

namespace curtail::inline v0::detail {

// Returns -1, 0 or 1 as `a` is less than, equal to or greater than `b`. Both are numbers of JSON without exponents.
[[nodiscard]] inline int compare_digits(std::string_view a, std::string_view b) noexcept {
    struct Parts {
        bool negative;
        std::string_view whole;
        std::string_view fraction;  // without zeros at the end

        explicit Parts(std::string_view digits) : negative(digits.starts_with('-')) {
            if (negative) digits.remove_prefix(1);
            const std::size_t point = (std::min)(digits.find('.'), digits.size());
            whole = digits.substr(0, point);
            if (whole == "0") whole = {};
            fraction = digits.substr((std::min)(point + 1, digits.size()));
            fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
            negative = negative && !(whole.empty() && fraction.empty());
        }
    };
    const Parts x(a);
    const Parts y(b);
    if (x.negative != y.negative) return x.negative ? -1 : 1;
    int order = x.whole.size() < y.whole.size() ? -1 : x.whole.size() > y.whole.size() ? 1 : x.whole.compare(y.whole);
    if (order == 0) order = x.fraction.compare(y.fraction);
    if (order == 0) return 0;
    return (order < 0) == x.negative ? 1 : -1;
}

// Takes integers, and decimals of at most Extreme::max_text bytes without an exponent. merge() of two halves is the
// whole.
class ExactExtremes {
  public:
    template <std::integral Integer>
    void add(Integer low, Integer high) noexcept {
        const Whole lowest(low);
        const Whole highest(high);
        if (!wholes_ || lowest < low_) low_ = lowest;
        if (!wholes_ || high_ < highest) high_ = highest;
        wholes_ = true;
    }

    // Takes a number of JSON whose double is `value`; ignores those that it does not keep.
    void add(std::string_view digits, double value) {
        if (digits.size() > Extreme::max_text || digits.find_first_of("eE") != std::string_view::npos) return;
        if (!lowest_ || is_before(digits, value, *lowest_, -1)) lowest_.emplace(value, std::string(digits));
        if (!highest_ || is_before(digits, value, *highest_, 1)) highest_.emplace(value, std::string(digits));
    }

    void merge(const ExactExtremes& other) {
        if (other.wholes_) {
            if (!wholes_ || other.low_ < low_) low_ = other.low_;
            if (!wholes_ || high_ < other.high_) high_ = other.high_;
            wholes_ = true;
        }
        if (other.lowest_) add(other.lowest_->text(), other.lowest_->value());
        if (other.highest_) add(other.highest_->text(), other.highest_->value());
    }

    // Restores the digits of extremes that were rounded to doubles. Leaves an extreme as it is if it is not one of the
    // numbers here.
    void restore(std::optional<Extreme>& low, std::optional<Extreme>& high) const {
        restore(low, low_, lowest_, -1);
        restore(high, high_, highest_, 1);
    }

    void pack(Packer& packer) const {
        packer.flag(wholes_);
        if (wholes_) {
            low_.pack(packer);
            high_.pack(packer);
        }
        packer.flag(lowest_.has_value());
        if (!lowest_) return;
        packer.text(lowest_->text());
        packer.text(highest_->text());
    }
    [[nodiscard]] static ExactExtremes unpack(Unpacker& in) {
        ExactExtremes extremes;
        extremes.wholes_ = in.flag();
        if (extremes.wholes_) {
            extremes.low_ = Whole::unpack(in);
            extremes.high_ = Whole::unpack(in);
            in.expect(!(extremes.high_ < extremes.low_), "a minimum above its maximum");
        }
        if (!in.flag()) return extremes;
        extremes.lowest_ = unpack_decimal(in);
        extremes.highest_ = unpack_decimal(in);
        in.expect(compare_digits(extremes.lowest_->text(), extremes.highest_->text()) <= 0,
                  "a minimum above its maximum");
        return extremes;
    }

  private:
    [[nodiscard]] static Extreme unpack_decimal(Unpacker& in) {
        const std::string_view digits = in.text(Extreme::max_text);
        const std::optional<double> value = decimal_value(digits);
        in.expect(
            spells_json_number(digits) && digits.find_first_of("eE") == std::string_view::npos && value.has_value(),
            "an extreme that is not a decimal");
        return {*value, std::string(digits)};
    }

    struct Whole {
        bool negative = false;
        std::uint64_t size = 0;

        Whole() = default;
        template <std::integral Integer>
        explicit Whole(Integer value) noexcept : negative(value < 0), size(static_cast<std::uint64_t>(value)) {
            if (negative) size = 0 - size;
        }

        void pack(Packer& packer) const {
            packer.flag(negative);
            packer.number(size);
        }
        [[nodiscard]] static Whole unpack(Unpacker& in) {
            Whole whole;
            whole.negative = in.flag();
            whole.size = in.number();
            in.expect(!whole.negative || (whole.size != 0 && whole.size <= std::uint64_t{1} << 63U),
                      "an integer of more than 64 bits");
            return whole;
        }

        [[nodiscard]] Extreme extreme() const {
            const double value = static_cast<double>(size);
            return {negative ? -value : value, (negative ? "-" : "") + number_text(size)};
        }
        friend bool operator<(const Whole& a, const Whole& b) noexcept {
            if (a.negative != b.negative) return a.negative;
            return a.negative ? b.size < a.size : a.size < b.size;
        }
    };

    // Returns true if the number is less than `known`, for a `sign` of -1, or greater, for 1.
    [[nodiscard]] static bool is_before(std::string_view digits, double value, const Extreme& known, int sign) {
        if (value == known.value()) return compare_digits(digits, known.text()) == sign;
        return (value < known.value()) == (sign < 0);
    }

    void restore(std::optional<Extreme>& rounded, const Whole& whole, const std::optional<Extreme>& decimal,
                 int sign) const {
        if (!rounded) return;
        std::optional<Extreme> exact = decimal;
        if (wholes_) {
            const Extreme other = whole.extreme();
            if (!exact || is_before(other.text(), other.value(), *exact, sign)) exact = other;
        }
        if (exact && exact->value() == rounded->value()) rounded = exact;
    }

    bool wholes_ = false;
    Whole low_;
    Whole high_;
    std::optional<Extreme> lowest_;  // of the decimals
    std::optional<Extreme> highest_;
};

}  // namespace curtail::inline v0::detail
