// SPDX-License-Identifier: MIT
#pragma once
// The first rows of a table, kept in no more memory than a message could use of them.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curtail/core/number_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/json_number.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/payload/water_level.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell_text.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0 {

// The shortest a text cell is ever cut to, in bytes of the message: enough to tell cells apart.
inline constexpr std::size_t cell_floor_bytes = 32;

// Decimals and times up to this length are never cut: a 256-bit decimal has 79 bytes. Longer digits are no number that
// anybody computes with, and bounding them is what the message is for.
inline constexpr std::size_t max_exact_bytes = 80;

// A cell of the sample before it is decided how much of it is shown.
struct KeptCell {
    SampleCell::Kind kind = SampleCell::Kind::null;
    bool whole = true;        // false: `text` is the beginning of something longer
    bool exact = false;       // a number or a time that only text can hold: shown whole or not at all
    std::string text;         // valid UTF-8
    std::uint64_t bytes = 0;  // size of the original text

    [[nodiscard]] bool cuttable() const noexcept { return kind == SampleCell::Kind::text && !exact; }
};

// Keeps the first `max_rows` rows of what it is offered, and of each cell as much as a message of `max_bytes` bytes
// could show: however long the cells, a few times max_bytes in all. Of a row that could not fit even with its cells cut
// to cell_floor_bytes as many columns are kept as could; one whose predictions alone could not fit ends the sample.
class Sample {
  public:
    Sample(const Schema& schema, std::size_t max_rows, std::size_t max_bytes)
        : max_rows_(max_rows),
          max_bytes_(max_bytes),
          features_(schema.features()),
          predictions_(schema.predictions()),
          level_(max_bytes) {
        name_columns(schema);
        full_ = max_rows_ == 0;
    }

    // The columns' names as the message spells them, as far as they could fit: valid UTF-8, and a repeated name
    // numbered as pandas.read_csv numbers it (a, a.1), because the rows are objects and an object cannot hold one key
    // twice.
    [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

    // The features of each row kept: as many of the first as could be shown together with all rows before, so never
    // more than in the row before.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& rows() const noexcept { return rows_; }
    // The predictions of each row kept.
    [[nodiscard]] const std::vector<std::vector<KeptCell>>& predictions() const noexcept { return prediction_rows_; }

    template <Table T>
    void offer(const T& batch) {
        const std::size_t count = rows_of(batch);
        for (std::size_t row = 0; row < count && !full_; ++row) offer_row(batch, row);
    }

  private:
    // A row as far as it could fit, and what all rows cost together with each number of columns.
    struct Offered {
        std::vector<KeptCell> predictions;
        std::vector<KeptCell> features;
        std::vector<std::size_t> costs;  // [n]: with the first n columns; empty when the row cannot fit at all
    };

    template <class T>
    void offer_row(const T& batch, std::size_t row) {
        Offered offered = read_row(batch, row);
        if (offered.costs.empty()) {
            full_ = true;
            return;
        }
        if (offered.features.size() < width_) {
            // The further cells are never shown together with this row, so they may not lower its level.
            width_ = offered.features.size();
            level_ = WaterLevel(max_bytes_);
            for (std::size_t i = 0; i < rows_.size(); ++i) {
                for (const KeptCell& cell : prediction_rows_[i]) refill(cell);
                for (std::size_t column = 0; column < width_; ++column) refill(rows_[i][column]);
            }
            offered = read_row(batch, row);
        }
        costs_ = std::move(offered.costs);
        rows_.push_back(std::move(offered.features));
        prediction_rows_.push_back(std::move(offered.predictions));
        full_ = rows_.size() == max_rows_;
    }

    template <class T>
    [[nodiscard]] Offered read_row(const T& batch, std::size_t row) {
        Offered offered;
        std::size_t cost = 2;
        bool fits = costs_[0] + cost < max_bytes_;
        visit_row_from(batch, row, features_, [&](const auto& value) {
            if (!fits) return;
            offered.predictions.push_back(keep(value));
            cost += 1 + least_size(offered.predictions.back());
            fits = costs_[0] + cost < max_bytes_;
        });
        if (!fits) return offered;
        offered.costs.push_back(costs_[0] + cost);
        visit_row(batch, row, [&](const auto& value) {
            const std::size_t column = offered.features.size();
            if (!fits || column == width_) return;
            // A column's name stands in every row; with the first row its place in the lists of names and types counts.
            cost += names_[column].size() + 4 + (rows_.empty() ? listing_size(column) : 0);
            fits = costs_[column + 1] + cost < max_bytes_;
            if (!fits) return;
            KeptCell cell = keep(value);
            cost += least_size(cell);
            fits = costs_[column + 1] + cost < max_bytes_;
            if (!fits) return;
            offered.features.push_back(std::move(cell));
            offered.costs.push_back(costs_[column + 1] + cost);
        });
        return offered;
    }

    void refill(const KeptCell& cell) {
        if (cell.cuttable()) level_.add(static_cast<std::size_t>(cell.bytes));
    }

    template <class T>
    KeptCell keep(const T& value) {
        KeptCell cell;
        visit_cell(value, [&](const auto& plain) { fill(cell, plain); });
        return cell;
    }

    // No more than the cell takes in any message: a cut between two characters can fall 10 bytes short of the floor.
    [[nodiscard]] static std::size_t least_size(const KeptCell& cell) noexcept {
        if (cell.kind != SampleCell::Kind::text) return cell.text.size();
        return 2 + (cell.exact ? cell.text.size() : (std::min)(cell.text.size(), cell_floor_bytes - 10));
    }

    // A column in the lists of names and types: two strings with quotes and commas, a type of at least three letters.
    [[nodiscard]] std::size_t listing_size(std::size_t column) const noexcept { return names_[column].size() + 9; }

    void fill(KeptCell& cell, Null) { cell.text = "null"; }
    void fill(KeptCell& cell, bool value) {
        cell.kind = SampleCell::Kind::boolean;
        cell.text = value ? "true" : "false";
    }
    template <class Integer>
    requires std::is_integral_v<Integer>
    void fill(KeptCell& cell, Integer value) {
        cell.kind = SampleCell::Kind::number;
        cell.text = number_text(value);
    }
    template <class Float>
    requires std::is_floating_point_v<Float>
    void fill(KeptCell& cell, Float value) {
        fill_number(cell, json_number(value));
        if (cell.kind != SampleCell::Kind::number) fill(cell, Null{});
    }
    void fill(KeptCell& cell, const Decimal& value) {
        fill_number(cell, json_number(value.digits));
        if (cell.kind != SampleCell::Kind::number) fill_exact(cell, value.digits);
    }
    void fill(KeptCell& cell, std::string_view text) {
        cell.kind = SampleCell::Kind::text;
        cell.bytes = text.size();
        const std::size_t room = level_.add(text.size());
        const std::string_view kept = utf8_prefix(text, room);
        std::string valid = to_valid_utf8(kept);
        cell.whole = kept.size() == text.size() && valid.size() <= level_.most();
        // What is not UTF-8 triples; no more of that than of other text can be shown.
        cell.text = valid.size() <= level_.most() ? std::move(valid) : std::string(utf8_prefix(valid, level_.most()));
    }
    void fill(KeptCell& cell, const Bytes& value) {
        // Two digits a byte: no more of a gigabyte of bytes is spelled out than could be kept.
        const std::size_t room = (std::min)(value.data.size(), max_bytes_);
        fill(cell, std::string_view(bytes_text({value.data.substr(0, room)})));
        cell.whole = cell.whole && room == value.data.size();
        cell.bytes = 2 + 2 * static_cast<std::uint64_t>(value.data.size());
    }
    void fill(KeptCell& cell, const Nested& value) { fill(cell, value.json); }
    void fill(KeptCell& cell, const Timestamp& value) {
        fill_short(cell, [&](char* out) { return write_timestamp(out, value); });
    }
    void fill(KeptCell& cell, const Date& value) {
        fill_short(cell, [&](char* out) { return write_date(out, value.days); });
    }
    void fill(KeptCell& cell, const TimeOfDay& value) {
        fill_short(cell, [&](char* out) { return write_time(out, value); });
    }
    void fill(KeptCell& cell, const Duration& value) {
        fill_short(cell, [&](char* out) { return write_duration(out, value); });
    }

    template <class Write>
    void fill_short(KeptCell& cell, Write write) {
        char text[max_time_chars];
        fill_exact(cell, std::string_view(text, static_cast<std::size_t>(write(text) - text)));
    }
    void fill_exact(KeptCell& cell, std::string_view text) {
        fill(cell, text);
        cell.exact = cell.whole && text.size() <= max_exact_bytes;
    }
    static void fill_number(KeptCell& cell, std::optional<std::string> number) {
        if (!number) return;
        cell.kind = SampleCell::Kind::number;
        cell.text = std::move(*number);
    }

    void name_columns(const Schema& schema) {
        std::unordered_map<std::string, std::size_t> uses;
        std::size_t size = 0;
        for (std::size_t column = 0; column < features_; ++column) {
            if (schema[column].name.size() >= max_bytes_ - size) break;
            const std::string name = to_valid_utf8(schema[column].name);
            std::string unique = name;
            while (uses.contains(unique)) unique = name + "." + std::to_string(uses[name]++);
            uses.emplace(unique, 1);
            names_.push_back(std::move(unique));
            size += listing_size(column);
            if (size >= max_bytes_) break;
        }
        width_ = names_.size();
        costs_.assign(width_ + 1, 0);
    }

    std::size_t max_rows_;
    std::size_t max_bytes_;
    std::size_t features_;
    std::size_t predictions_;
    WaterLevel level_;
    std::vector<std::string> names_;
    std::vector<std::vector<KeptCell>> rows_;
    std::vector<std::vector<KeptCell>> prediction_rows_;
    std::size_t width_ = 0;  // columns kept of the last row
    // [n]: of the rows kept, n columns of each, every text at its floor; never overrated.
    std::vector<std::size_t> costs_;
    bool full_ = false;
};

}  // namespace curtail::inline v0
