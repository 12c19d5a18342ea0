// SPDX-License-Identifier: MIT
#pragma once
// Counts of whole numbers while there are few distinct ones: what tells a classifier's labels from a
// regression's values.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <curtail/core/number_text.hpp>

namespace curtail::inline v0 {

// Numbers are discrete while all of them are whole and at most `max_classes` are distinct. At the first
// number that breaks this the counting ends for good and costs nothing more. A floating-point number counts
// as whole up to 2^24 (float holds every integer that far); integers count whatever their size. 1 and 1.0 are
// different labels, as in the file; 0.0 and -0.0 are one.
class NumberClasses {
  public:
    explicit NumberClasses(std::size_t max_classes) : max_classes_(max_classes) {
        discrete_ = max_classes > 0;
    }

    [[nodiscard]] bool discrete() const noexcept { return discrete_; }

    void add(std::int64_t value) {
        count(static_cast<std::uint64_t>(value), value < 0 ? Form::negative : Form::whole, 1);
    }
    void add(std::uint64_t value) { count(value, Form::whole, 1); }
    void add(double value) {
        // Not by trunc(), which is a function call on the plainest x86-64.
        const auto whole = std::abs(value) <= 16777216.0 ? static_cast<std::int64_t>(value) : 0;
        if (static_cast<double>(whole) == value) {
            count(static_cast<std::uint64_t>(whole), Form::floating, 1);
        } else {
            end();
        }
    }

    void merge(const NumberClasses& other) {
        if (!other.discrete_) end();
        for (const Class& one : other.classes_) count(one.bits, one.form, one.count);
    }

    // A number that is not whole.
    void end() noexcept {
        discrete_ = false;
        classes_ = {};
        slots_ = {};
    }

    // Calls visit(text, count) for each distinct number, in the order of first appearance.
    template <class Visitor>
    void visit(Visitor&& visit) const {
        for (const Class& one : classes_) {
            const auto value = static_cast<std::int64_t>(one.bits);
            switch (one.form) {
                case Form::whole:
                    visit(number_text(one.bits), one.count);
                    break;
                case Form::negative:
                    visit(number_text(value), one.count);
                    break;
                case Form::floating:
                    visit(number_text(static_cast<double>(value)), one.count);
                    break;
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

}  // namespace curtail::inline v0
