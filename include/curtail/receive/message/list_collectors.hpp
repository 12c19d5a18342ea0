// SPDX-License-Identifier: MIT
#pragma once
// Collects the smaller lists of a result message: predictions, names, and the list of cut cells.

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/cell_reader.hpp>

namespace curtail::inline v0::detail {

// The number in `cell`, when it is one that a double can hold.
[[nodiscard]] inline std::optional<double> to_double(const SampleCell& cell) {
    double value = 0;
    const char* const end = cell.text.data() + cell.text.size();
    if (cell.kind != SampleCell::Kind::number) return {};
    const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
    if (error != std::errc() || stop != end || value - value != 0) return {};
    return value;
}

// The count in `cell`: an integer, or a floating-point number without a fraction, as Python sometimes makes
// of one.
[[nodiscard]] inline std::optional<std::uint64_t> to_count(const SampleCell& cell) {
    std::uint64_t value = 0;
    const char* const end = cell.text.data() + cell.text.size();
    if (cell.kind != SampleCell::Kind::number) return {};
    const auto [stop, error] = std::from_chars(cell.text.data(), end, value);
    if (error == std::errc() && stop == end) return value;
    const std::optional<double> number = to_double(cell);
    constexpr double exact = 9007199254740992;  // 2^53: beyond it a double is not a count
    if (!number || *number < 0 || *number > exact) return {};
    value = static_cast<std::uint64_t>(*number);
    if (static_cast<double>(value) != *number) return {};
    return value;
}

// [p] or [[p, q]]: the first predictions, and the number of all.
template <class Row>
class BasicPredictionCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key&, const Limits& limits) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 2)
            return rows_.back().size() < limits.options.max_columns ? CollectorAnswer::cell
                                                                    : CollectorAnswer::skip_rest;
        if (rows_.size() >= limits.options.sample_rows || limits.left == 0) return CollectorAnswer::skip_rest;
        ++seen_;
        rows_.emplace_back();
        return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::cell;
    }
    void cell(SampleCell cell, Limits& limits) {
        limits.spend(cell.text.size() + sizeof(SampleCell));
        rows_.back().push_back(std::move(cell));
    }
    void enter() noexcept { ++level_; }
    void leave(const Limits&) noexcept { whole_ = --level_ == 0; }
    void skipped(std::uint64_t count) noexcept {
        if (level_ == 1) seen_ += count;
    }

    [[nodiscard]] bool present() const noexcept { return level_ != 0 || whole_; }
    [[nodiscard]] bool whole() const noexcept { return whole_; }
    [[nodiscard]] std::uint64_t seen() const noexcept { return seen_; }
    [[nodiscard]] const std::vector<Row>& rows() const noexcept { return rows_; }

  private:
    std::vector<Row> rows_;
    std::uint64_t seen_ = 0;
    std::size_t level_ = 0;
    bool whole_ = false;
};

using PredictionCollector = BasicPredictionCollector<SampleRow>;

// ["a", "b"], or "a" alone: the first texts, and the number of all.
class TextListCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key&, const Limits& limits) {
        if (level_ == 0 && kind == JsonKind::array) return CollectorAnswer::enter;
        if (level_ == 0 && kind != JsonKind::string) return CollectorAnswer::skip;
        present_ = true;
        return texts_.size() < limits.options.max_columns ? CollectorAnswer::name : CollectorAnswer::skip_rest;
    }
    void cell(SampleCell cell, const Limits&) { texts_.push_back(std::move(cell.text)); }
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

// [1, 2]: counts, as many as rows are kept, and the number of all.
class CountListCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key&, const Limits& limits) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (counts_.size() >= limits.options.sample_rows || limits.left == 0) return CollectorAnswer::skip_rest;
        return CollectorAnswer::name;
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
    // Whether all that were kept are counts.
    [[nodiscard]] bool valid() const noexcept { return valid_; }
    [[nodiscard]] const std::vector<std::uint64_t>& counts() const noexcept { return counts_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return counts_.size() + skipped_; }

  private:
    std::vector<std::uint64_t> counts_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    bool whole_ = false;
    bool valid_ = true;
};

// [{row, column, bytes}]: the first thousand, and the number of all.
template <class Cut>
class BasicTruncatedCellCollector {
  public:
    CollectorAnswer value(JsonKind kind, const Key& key, const Limits&) {
        if (level_ == 0) return kind == JsonKind::array ? CollectorAnswer::enter : CollectorAnswer::skip;
        if (level_ == 1) {
            if (cells_.size() >= 1000) return CollectorAnswer::skip_rest;
            if (kind != JsonKind::object) return CollectorAnswer::skip;
            cells_.emplace_back();
            return CollectorAnswer::enter;
        }
        member_ = key.text == "row" ? 'r' : key.text == "column" ? 'c' : key.text == "bytes" ? 'b' : '\0';
        return member_ == '\0' ? CollectorAnswer::skip : CollectorAnswer::name;
    }
    void cell(SampleCell&& cell, const Limits&) {
        Cut& last = cells_.back();
        if (member_ == 'c') last.column = std::move(cell.text);
        if (member_ == 'r') last.row = to_count(cell).value_or(0);
        if (member_ == 'b') last.bytes = to_count(cell).value_or(0);
    }
    void enter() noexcept {
        ++level_;
        present_ = true;
    }
    void leave(const Limits&) noexcept { --level_; }
    void skipped(std::uint64_t count) noexcept { skipped_ += count; }

    [[nodiscard]] bool present() const noexcept { return present_; }
    [[nodiscard]] const std::vector<Cut>& cells() const noexcept { return cells_; }
    [[nodiscard]] std::uint64_t total() const noexcept { return cells_.size() + skipped_; }

  private:
    std::vector<Cut> cells_;
    std::uint64_t skipped_ = 0;
    std::size_t level_ = 0;
    char member_ = '\0';
    bool present_ = false;
};

using TruncatedCellCollector = BasicTruncatedCellCollector<TruncatedCell>;

}  // namespace curtail::inline v0::detail
