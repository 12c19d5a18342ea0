// SPDX-License-Identifier: MIT
#pragma once
// Counts whole numbers while few of them are distinct, which tells a classifier's labels from a regression's values.

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// The types of numbers that NumberClasses takes. Callers widen others to these.
template <class T>
concept WideNumber = std::same_as<T, double> || std::same_as<T, std::int32_t> || std::same_as<T, std::int64_t> ||
    std::same_as<T, std::uint64_t>;

// Numbers are discrete while all of them are whole and at most `max_classes` are distinct. The first number that breaks
// this ends the counting for good. A double counts as whole up to 2^24, because float holds every integer that far;
// integers count whatever their size. 1 and 1.0 are different labels, as in the file; 0.0 and -0.0 are the same.
class NumberClasses {
  public:
    static constexpr std::size_t block_size = 1024;

    explicit NumberClasses(std::size_t max_classes) : max_classes_(max_classes), discrete_(max_classes > 0) {}

    [[nodiscard]] bool discrete() const noexcept { return discrete_; }

    template <WideNumber T>
    void add(T value) {
        if (!is_whole(value)) return end();
        count(bits_of(value), form_of<T>(bits_of(value)), 1);
    }

    // Takes up to block_size numbers. Those near the first one are counted before they are looked up.
    template <WideNumber T>
    void add(std::span<const T> values) {
        if (values.empty()) return;
        if (!is_whole(values[0])) return end();
        constexpr std::size_t range = 256;
        const std::uint64_t first = bits_of(values[0]) - range / 2;
        // Uses two counts per number in turn, because adding to a count that was just stored stalls on store
        // forwarding.
        std::array<std::array<std::uint16_t, range>, 2> counts{};
        std::size_t i = 0;
        for (; i < values.size(); ++i) {
            if (!is_whole(values[i])) return end();
            const std::uint64_t index = bits_of(values[i]) - first;
            if (index >= range) break;
            ++counts[i % 2][static_cast<std::size_t>(index)];
        }
        for (std::size_t index = 0; index < range; ++index) {
            const std::uint64_t times = std::uint64_t{counts[0][index]} + counts[1][index];
            if (times != 0) count(first + index, form_of<T>(first + index), times);
        }
        for (; i < values.size() && discrete_; ++i) add(values[i]);
    }

    void merge(const NumberClasses& other) {
        if (!other.discrete_) end();
        for (const Class& one : other.classes_) count(one.bits, one.form, one.count);
    }

    // Ends the counting, as a number that is not whole does.
    void end() noexcept {
        discrete_ = false;
        classes_ = {};
        slots_ = {};
    }

    // Calls visit(text, count) for each distinct number, in any order.
    template <class Visitor>
    void visit(Visitor&& visit) const {
        for (const Class& one : classes_) {
            const auto value = static_cast<std::int64_t>(one.bits);
            switch (one.form) {
                case Form::whole: visit(number_text(one.bits), one.count); break;
                case Form::negative: visit(number_text(value), one.count); break;
                case Form::floating: visit(number_text(static_cast<double>(value)), one.count); break;
            }
        }
    }

    void pack(Packer& packer) const {
        packer.flag(discrete_);
        packer.number(classes_.size());
        for (const Class& one : classes_) {
            packer.number(static_cast<std::uint64_t>(one.form));
            packer.integer(static_cast<std::int64_t>(one.bits));
            packer.number(one.count);
        }
    }
    // `max_classes` is that of the constructor.
    [[nodiscard]] static NumberClasses unpack(Unpacker& in, std::size_t max_classes) {
        NumberClasses unpacked(max_classes);
        if (!in.flag()) unpacked.end();
        const std::size_t size = in.count(3, unpacked.discrete_ ? max_classes : 0);
        while (unpacked.classes_.size() < size) {
            const std::size_t before = unpacked.classes_.size();
            const auto form = static_cast<Form>(in.number(static_cast<std::uint64_t>(Form::floating)));
            const std::int64_t value = in.integer();
            in.expect(form != Form::negative || value < 0, "a number that is not negative");
            in.expect(form != Form::floating || is_whole(static_cast<double>(value)), "a number that is not a class");
            unpacked.count(static_cast<std::uint64_t>(value), form, in.rows());
            in.expect(unpacked.classes_.size() > before && unpacked.classes_.back().count != 0, "a class comes twice");
        }
        return unpacked;
    }

    // Returns the number of numbers counted.
    [[nodiscard]] std::uint64_t total() const noexcept {
        std::uint64_t total = 0;
        for (const Class& one : classes_) total += one.count;
        return total;
    }

    // The most that a class takes when packed.
    static constexpr std::size_t max_packed_bytes = 1 + 10 + 8;

  private:
    enum class Form : std::uint8_t { whole, negative, floating };

    struct Class {
        std::uint64_t bits;
        Form form;
        std::uint64_t count;
    };

    template <class T>
    [[nodiscard]] static bool is_whole(T value) noexcept {
        if constexpr (std::same_as<T, double>) {
            // Not std::trunc(), which is a function call on the baseline x86-64.
            return std::abs(value) <= 16777216.0 && static_cast<double>(static_cast<std::int64_t>(value)) == value;
        }
        return true;
    }

    // Returns the integer in two's complement.
    template <class T>
    [[nodiscard]] static std::uint64_t bits_of(T whole) noexcept {
        if constexpr (std::same_as<T, double>) return static_cast<std::uint64_t>(static_cast<std::int64_t>(whole));
        return static_cast<std::uint64_t>(whole);
    }

    template <class T>
    [[nodiscard]] static Form form_of(std::uint64_t bits) noexcept {
        if (std::same_as<T, double>) return Form::floating;
        return std::signed_integral<T> && static_cast<std::int64_t>(bits) < 0 ? Form::negative : Form::whole;
    }

    void count(std::uint64_t bits, Form form, std::uint64_t times) {
        if (!discrete_) return;
        if (slots_.empty()) {
            std::size_t size = 16;
            while (size < 2 * max_classes_) size *= 2;
            slots_.assign(size, 0);
        }
        const std::uint64_t hash = (bits + static_cast<std::uint64_t>(form)) * 0x9E3779B97F4A7C15U;
        for (auto at = cast_to<std::size_t>(hash >> 32U);; ++at) {
            std::size_t& slot = slots_[at & (slots_.size() - 1)];
            if (slot == 0) {
                if (classes_.size() == max_classes_) return end();
                classes_.push_back({bits, form, times});
                slot = classes_.size();
                return;
            }
            Class& found = classes_[slot - 1];
            if (found.bits == bits && found.form == form) {
                found.count += times;
                return;
            }
        }
    }

    std::size_t max_classes_;
    bool discrete_;
    std::vector<Class> classes_;
    std::vector<std::size_t> slots_;  // 0: free; else 1 + the index of the class
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
