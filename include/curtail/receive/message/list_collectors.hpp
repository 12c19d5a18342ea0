// SPDX-License-Identifier: MIT
#pragma once
// Reads numbers, counts and truth from cells, and collects the smaller lists of a result message: predictions, names,
// and the list of cut cells.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/number/number_grammar.hpp>
#include <curtail/core/number/read_floating.hpp>
#include <curtail/core/text/ascii.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>

namespace curtail::inline v0::detail {

// Returns true if `cell` is a number, or the text of one: what Python's json writes of NumPy's numbers with
// default=str.
[[nodiscard]] inline bool may_be_number(const SampleCell& cell) noexcept {
    return cell.kind == SampleCell::Kind::number || cell.kind == SampleCell::Kind::text;
}

// Returns the number in `cell`, or in its text, if a double can hold it.
[[nodiscard]] inline std::optional<double> to_double(const SampleCell& cell) {
    // Numbers end in a digit, except for NaN, Infinity and cut ones. The text is examined, because -ffast-math may
    // remove a test of the value.
    if (!may_be_number(cell) || cell.text.empty() || !is_digit(cell.text.back())) return {};
    return number_from<double>(cell.text);
}

// Returns the number in `cell` with its digits, or with those of its double if its text is longer than any extreme's or
// not a number of JSON.
[[nodiscard]] inline std::optional<Extreme> to_extreme(const SampleCell& cell) {
    const std::optional<double> value = to_double(cell);
    if (!value) return {};
    const bool kept = cell.text.size() <= Extreme::max_text && spells_json_number(cell.text);
    return kept ? Extreme(*value, cell.text) : Extreme(*value);
}

// Returns the count in `cell` or in its text: an integer, or a floating-point number without a fraction, because Python
// sometimes turns counts into these.
[[nodiscard]] inline std::optional<std::uint64_t> to_count(const SampleCell& cell) {
    if (!may_be_number(cell)) return {};
    if (const auto count = number_from<std::uint64_t>(cell.text)) return count;
    const std::optional<double> number = to_double(cell);
    constexpr double exact = 9007199254740992;  // 2^53: a larger double need not be the count that was meant
    if (!number || *number < 0 || *number > exact) return {};
    const auto value = static_cast<std::uint64_t>(*number);
    return static_cast<double>(value) == *number ? std::optional(value) : std::nullopt;
}

// Returns true if `text` is one of `words`, which are in lower case, in any case.
[[nodiscard]] inline bool is_any_word(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return is_word(text, word); });
}

// Returns what a cell says as yes or no, in the spellings of Python, C and people. Nothing for other values.
[[nodiscard]] CURTAIL_NOINLINE inline std::optional<bool> to_truth(const SampleCell* cell) {
    if (cell == nullptr) return {};
    const std::string_view text = cell->text;
    switch (cell->kind) {
        case SampleCell::Kind::boolean: return text == "true";
        case SampleCell::Kind::number: {
            const std::optional<double> number = to_double(*cell);
            return number ? std::optional(*number < 0 || *number > 0) : std::nullopt;
        }
        case SampleCell::Kind::text:
            if (is_any_word(text, {"false", "0", "no", "off", "failed", "failure", "error"})) return false;
            if (is_any_word(text, {"true", "1", "yes", "on", "ok", "success", "done"})) return true;
            return {};
        default: return {};
    }
}

// Returns true if the value says something: it is not null, empty, zero or false.
[[nodiscard]] CURTAIL_NOINLINE inline bool says_something(const SampleCell* cell) {
    if (cell == nullptr || cell->text.empty()) return false;
    switch (cell->kind) {
        case SampleCell::Kind::text: return true;
        case SampleCell::Kind::nested: return cell->text != "{}" && cell->text != "[]";
        default: return to_truth(cell).value_or(true);
    }
}

// [p], [[p, q]] or {label: p}: the first predictions, and the number of all.
class PredictionCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        const bool container = kind == JsonKind::array || kind == JsonKind::object;
        if (level_ == 0) {
            is_object_ = kind == JsonKind::object;
            return container ? CollectorAnswer::enter : CollectorAnswer::skip;
        }
        if (level_ == 2) {
            const bool fits = rows_.back().size() < limits.options.max_columns && !limits.spent();
            return fits ? CollectorAnswer::cell : CollectorAnswer::skip_rest;
        }
        has_containers_ = has_containers_ || container;
        if (is_object_) see_label(key.text);
        if (rows_.size() >= limits.options.sample_rows || limits.spent() || (is_object_ && container)) {
            return CollectorAnswer::skip_rest;
        }
        ++seen_;
        rows_.emplace_back();
        limits.spend(sizeof(SampleRow));
        left_out_ = 0;
        if (kind == JsonKind::array) return CollectorAnswer::enter;
        note_width(1);
        return CollectorAnswer::cell;
    }
    void cell(SampleCell&& cell, Limits& limits) {
        limits.spend(sizeof(SampleCell));
        limits.spend_text(cell.text);
        rows_.back().push_back(std::move(cell));
    }
    void enter() noexcept { ++level_; }
    void leave(const Limits&) {
        whole_ = --level_ == 0;
        if (level_ == 1) note_width(rows_.back().size() + left_out_);
    }
    void skipped(std::uint64_t count) noexcept { (level_ == 1 ? seen_ : left_out_) += count; }

    [[nodiscard]] bool present() const noexcept { return level_ != 0 || whole_; }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
    [[nodiscard]] const std::vector<SampleRow>& rows() const noexcept { return rows_; }

    // Say what the predictions are, up to the first one that is not kept.
    [[nodiscard]] bool is_object() const noexcept { return is_object_; }
    [[nodiscard]] bool has_containers() const noexcept { return has_containers_; }
    // Returns true for labels that are numbers and do not rise: rows of an order that the table may not have.
    [[nodiscard]] bool is_reordered() const noexcept { return reordered_; }
    // Return how many predictions the kept rows have each.
    [[nodiscard]] std::uint64_t narrowest() const noexcept { return (std::min)(narrowest_, widest_); }
    [[nodiscard]] std::uint64_t widest() const noexcept { return widest_; }

  private:
    void see_label(std::string_view label) noexcept {
        const auto number = number_from<std::uint64_t>(label);
        reordered_ = reordered_ || (number && last_label_ && *number <= *last_label_);
        last_label_ = number;
    }

    void note_width(std::uint64_t width) noexcept {
        narrowest_ = (std::min)(narrowest_, width);
        widest_ = (std::max)(widest_, width);
    }

    std::vector<SampleRow> rows_;
    std::uint64_t seen_ = 0;
    std::uint64_t left_out_ = 0;  // predictions of the current row that are not kept
    std::uint64_t narrowest_ = UINT64_MAX;
    std::uint64_t widest_ = 0;
    std::size_t level_ = 0;
    std::optional<std::uint64_t> last_label_;  // if that was a number
    bool reordered_ = false;
    bool is_object_ = false;
    bool has_containers_ = false;
    bool whole_ = false;
};

// ["a", "b"], or "a" alone: the first texts, and the number of all.
class TextListCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText&, const Limits& limits) {
        if (level_ == 0 && kind == JsonKind::array) return CollectorAnswer::enter;
        if (level_ == 0 && kind != JsonKind::string) return CollectorAnswer::skip;
        present_ = true;
        if (texts_.size() < limits.options.max_columns && !limits.spent()) return CollectorAnswer::name;
        if (level_ != 0) return CollectorAnswer::skip_rest;
        ++skipped_;  // what follows a text alone is of others
        return CollectorAnswer::skip;
    }
    void cell(SampleCell&& cell, Limits& limits) {
        limits.spend(cell.text);
        texts_.push_back(std::move(cell.text));
    }
    void enter() noexcept {
        ++level_;
        present_ = true;
    }
    void leave(const Limits&) noexcept { --level_; }
    void skipped(std::uint64_t count) noexcept { skipped_ += count; }

    [[nodiscard]] bool present() const noexcept { return present_; }
    [[nodiscard]] const std::vector<std::string>& texts() const noexcept { return texts_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return texts_.size() + skipped_; }

  private:
    std::vector<std::string> texts_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    bool present_ = false;
};

// [1, 2]: as many counts as rows are kept, and the number of all.
class CountListCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText&, const Limits& limits) {
        return value_up_to(limits.options.sample_rows, kind, limits);
    }
    void cell(const SampleCell& cell, Limits& limits) {
        limits.spend(sizeof(std::uint64_t));
        const std::optional<std::uint64_t> count = to_count(cell);
        valid_ = valid_ && count;
        counts_.push_back(count.value_or(0));
    }
    void enter() noexcept { ++level_; }
    void leave(const Limits&) noexcept { whole_ = --level_ == 0; }
    void skipped(std::uint64_t count) noexcept { skipped_ += count; }

    [[nodiscard]] bool whole() const noexcept { return whole_; }
    // Returns true if all that were kept are counts.
    [[nodiscard]] bool valid() const noexcept { return valid_; }
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return counts_.size() + skipped_; }

  protected:
    // Answers for a collector of at most `most` counts.
    [[nodiscard]] CollectorAnswer value_up_to(std::size_t most, JsonKind kind, const Limits& limits) const noexcept {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        return counts_.size() >= most || limits.spent() ? CollectorAnswer::skip_rest : CollectorAnswer::name;
    }

  private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    bool whole_ = false;
    bool valid_ = true;
};

// [{row, column, bytes, prediction}]: the first thousand, and the number of all.
class TruncatedCellCollector {
  public:
    CollectorAnswer value(JsonKind kind, const KeyText& key, Limits& limits) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 1) {
            if (cells_.size() >= 1000 || limits.spent()) return CollectorAnswer::skip_rest;
            if (kind != JsonKind::object) return CollectorAnswer::skip;
            limits.spend(sizeof(TruncatedCell));
            cells_.emplace_back();
            return CollectorAnswer::enter;
        }
        member_ = find_key(key.text);
        const bool known =
            member_ == Key::row || member_ == Key::column || member_ == Key::bytes || member_ == Key::prediction;
        return known ? CollectorAnswer::name : CollectorAnswer::skip;
    }
    void cell(SampleCell&& cell, Limits& limits) {
        TruncatedCell& last = cells_.back();
        if (member_ == Key::column) {
            limits.spend_text(cell.text);
            last.column = std::move(cell.text);
        }
        if (member_ == Key::prediction) last.prediction = cell.kind == SampleCell::Kind::boolean && cell.text == "true";
        if (member_ == Key::row) last.row = to_count(cell).value_or(0);
        if (member_ == Key::bytes) last.bytes = to_count(cell).value_or(0);
    }
    void enter() noexcept { ++level_; }
    void leave(const Limits&) noexcept { --level_; }
    void skipped(std::uint64_t count) noexcept { skipped_ += count; }

    [[nodiscard]] const std::vector<TruncatedCell>& cells() const noexcept { return cells_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return cells_.size() + skipped_; }

  private:
    std::vector<TruncatedCell> cells_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    Key member_ = Key::unknown;
};

}  // namespace curtail::inline v0::detail
