// SPDX-License-Identifier: MIT
#pragma once
// Counts of whole numbers while there are few distinct ones: what tells a classifier's labels from a
// regression's values.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <curtail/core/number/number_text.hpp>

namespace curtail::inline v0::detail {

// Numbers are discrete while all of them are whole and at most `max_classes` are distinct. At the first
// number that breaks this the counting ends for good and costs nothing more. A floating-point number counts
// as whole up to 2^24 (float holds every integer that far); integers count whatever their size. 1 and 1.0 are
// different labels, as in the file; 0.0 and -0.0 are one.
class NumberClasses {
  public:
    explicit NumberClasses(std::size_t max_classes) : max_classes_(max_classes) { discrete_ = max_classes > 0; }

    [[nodiscard]] bool discrete() const noexcept { return discrete_; }

    void add(std::int64_t value) {
        count(static_cast<std::uint64_t>(value), value < 0 ? Form::negative : Form::whole, 1);
    }
    void add(std::uint64_t value) { count(value, Form::whole, 1); }
    void add(double value) {
        // Not by trunc(), which is a function call on the plainest x86-64.
        const auto whole = may_be_whole(value) ? static_cast<std::int64_t>(value) : 0;
        if (static_cast<double>(whole) == value) {
            count(static_cast<std::uint64_t>(whole), Form::floating, 1);
        } else {
            end();
        }
    }

    // The same for up to block_size numbers. Those near the first one are counted before they are looked up.
    template <class T>
    void add(std::span<const T> values) {
        if (values.empty()) return;
        if (!may_be_whole(values[0])) return end();
        constexpr std::size_t range = 256;
        const std::uint64_t first = bits_of(values[0]) - range / 2;
        // Two counts each: the processor waits before it adds to a number that it has just written.
        std::array<std::array<std::uint16_t, range>, 2> counts{};
        std::size_t i = 0;
        for (; i < values.size(); ++i) {
            if (!may_be_whole(values[i])) return end();
            const std::uint64_t bits = bits_of(values[i]);
            if constexpr (std::is_floating_point_v<T>) {
                if (static_cast<T>(static_cast<std::int64_t>(bits)) != values[i]) return end();
            }
            if (bits - first >= range) break;
            ++counts[i % 2][static_cast<std::size_t>(bits - first)];
        }
        for (std::size_t at = 0; at < range; ++at) {
            const std::uint64_t times = std::uint64_t{counts[0][at]} + counts[1][at];
            if (times != 0) count(first + at, form_of<T>(first + at), times);
        }
        for (; i < values.size() && discrete_; ++i) add_one(values[i]);
    }

    void merge(const NumberClasses& other) {
        if (!other.discrete_) end();
        for (const Class& one : other.classes_) count(one.bits, one.form, one.count);
    }

    static constexpr std::size_t block_size = 1024;

    // A number that is not whole.
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

  private:
    enum class Form : std::uint8_t { whole, negative, floating };

    struct Class {
        std::uint64_t bits;
        Form form;
        std::uint64_t count;
    };

    static constexpr double most_whole = 16777216.0;

    template <class T>
    [[nodiscard]] static bool may_be_whole(T value) noexcept {
        if constexpr (std::is_floating_point_v<T>) return std::abs(value) <= most_whole;
        return true;
    }

    // Of a floating-point number that may be whole the whole part.
    template <class T>
    [[nodiscard]] static std::uint64_t bits_of(T value) noexcept {
        if constexpr (std::is_floating_point_v<T>) {
            return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
        } else {
            return static_cast<std::uint64_t>(value);
        }
    }
    template <class T>
    [[nodiscard]] static Form form_of(std::uint64_t bits) noexcept {
        if (std::is_floating_point_v<T>) return Form::floating;
        return std::is_signed_v<T> && static_cast<std::int64_t>(bits) < 0 ? Form::negative : Form::whole;
    }
    template <class T>
    void add_one(T value) {
        if constexpr (std::is_floating_point_v<T>) {
            add(double{value});
        } else {
            count(bits_of(value), form_of<T>(bits_of(value)), 1);
        }
    }

    void count(std::uint64_t bits, Form form, std::uint64_t times) {
        if (!discrete_) return;
        if (slots_.empty()) {
            std::size_t size = 16;
            while (size < 2 * max_classes_) size *= 2;
            slots_.assign(size, 0);
        }
        std::uint64_t hash = (bits + static_cast<std::uint64_t>(form)) * 0x9E3779B97F4A7C15U;
        for (hash >>= 32U;; ++hash) {
            std::size_t& slot = slots_[hash & (slots_.size() - 1)];
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
    bool discrete_ = true;
    std::vector<Class> classes_;
    std::vector<std::size_t> slots_;  // 0 is free, else 1 + the class's place
};

}  // namespace curtail::inline v0::detail
