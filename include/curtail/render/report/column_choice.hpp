// SPDX-License-Identifier: MIT
#pragma once
// Which columns of a table too wide to be shown are shown: the first, the last and the predictions; the
// middle goes.

#include <cstddef>

namespace curtail::inline v0::detail {

// The columns kept: `front` from the beginning of the features, `back` from their end, `predictions` from the
// beginning of the predictions.
struct ColumnChoice {
    std::size_t front = 0;
    std::size_t back = 0;
    std::size_t predictions = 0;

    [[nodiscard]] std::size_t features() const noexcept { return front + back; }
};

// Offers columns in the order of their worth, one prediction, then one feature, features from both ends
// inwards.
class ColumnPicker {
  public:
    // With `front_only`, features come from the beginning alone: the end of the table is not at hand.
    ColumnPicker(std::size_t features, std::size_t predictions, bool front_only)
        : features_(features), predictions_(predictions), front_only_(front_only) {}

    [[nodiscard]] bool done() const noexcept {
        return choice_.features() == features_ && choice_.predictions == predictions_;
    }

    // The index of the next column, in a table whose predictions follow its features; not to be asked when
    // done.
    [[nodiscard]] std::size_t next() const noexcept {
        if (prediction_next()) return features_ + choice_.predictions;
        return front_next() ? choice_.front : features_ - 1 - choice_.back;
    }

    void take() noexcept {
        if (prediction_next()) {
            ++choice_.predictions;
        } else if (front_next()) {
            ++choice_.front;
        } else {
            ++choice_.back;
        }
    }

    [[nodiscard]] const ColumnChoice& choice() const noexcept { return choice_; }

  private:
    [[nodiscard]] bool prediction_next() const noexcept {
        return choice_.predictions < predictions_ &&
               (choice_.predictions <= choice_.features() || choice_.features() == features_);
    }

    // Two from the front before the first from the back: a table begins with what names its rows.
    [[nodiscard]] bool front_next() const noexcept { return front_only_ || choice_.front <= choice_.back + 1; }

    std::size_t features_;
    std::size_t predictions_;
    bool front_only_;
    ColumnChoice choice_;
};

}  // namespace curtail::inline v0::detail
