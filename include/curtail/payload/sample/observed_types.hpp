// SPDX-License-Identifier: MIT
#pragma once
// The types of columns whose source knows them only cell by cell, found by looking at every cell.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/table/batch/view.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

// Watches the columns whose type the schema leaves open, and names them at the end as pandas would after reading them:
// int64, uint64, float64, bool, string, a temporal type, and object for a mixture. Does nothing for tables whose types
// are known.
class ObservedTypes {
  public:
    explicit ObservedTypes(const Schema& schema) : schema_(&schema) {
        for (const ColumnSpec& column : schema.columns()) watching_ = watching_ || column.type.open();
        if (watching_) seen_.resize(schema.size());
    }

    void add(const BatchView& batch) {
        if (!watching_) return;
        const std::size_t rows = batch.rows();
        for (std::size_t row = 0; row < rows; ++row) {
            batch.visit_row(row, 0, [this, column = std::size_t{0}](const Cell& cell) mutable {
                if (column < seen_.size() && (*schema_)[column].type.open()) add(column, cell);
                ++column;
            });
        }
    }
    void add(std::size_t column, const Cell& cell) {
        visit_value(cell, [&](const auto& value) { see(column, value); });
    }

    // Returns the dtype name of a column of the schema.
    [[nodiscard]] std::string dtype(std::size_t column) const {
        const ColumnType& declared = (*schema_)[column].type;
        if (!declared.open() || (declared.guessed && seen_[column] == 0)) return dtype_name(declared);
        return dtype_name(settled(column));
    }

  private:
    // One bit per kind of value. A set has no order, so all batchings give the same name.
    enum Bit : std::uint32_t {
        boolean = 1U << 0U,
        negative = 1U << 1U,   // integers below 0
        small_int = 1U << 2U,  // 0 .. INT64_MAX
        large_int = 1U << 3U,  // above INT64_MAX
        floating = 1U << 4U,
        exact = 1U << 5U,  // decimals that no 64-bit type holds
        text = 1U << 6U,
        bytes = 1U << 7U,
        timestamp = 1U << 8U,
        date = 1U << 9U,
        time = 1U << 10U,
        duration = 1U << 11U,
        nested = 1U << 12U,
        mixed = 1U << 13U,  // times of several units or zones
    };
    static constexpr std::uint32_t integers = negative | small_int | large_int;

    void see(std::size_t, Null) noexcept {}
    void see(std::size_t column, bool) noexcept { seen_[column] |= boolean; }
    void see(std::size_t column, std::int64_t value) noexcept { seen_[column] |= value < 0 ? negative : small_int; }
    void see(std::size_t column, std::uint64_t value) noexcept {
        seen_[column] |= value <= static_cast<std::uint64_t>(INT64_MAX) ? small_int : large_int;
    }
    void see(std::size_t column, float) noexcept { seen_[column] |= floating; }
    void see(std::size_t column, double) noexcept { seen_[column] |= floating; }
    void see(std::size_t column, const Decimal& value) noexcept {
        const bool sign = value.digits.starts_with('-');
        const std::string_view digits = value.digits.substr(sign ? 1 : 0);
        if (digits.find_first_not_of("0123456789") != std::string_view::npos) {
            seen_[column] |= floating;
        } else if (digits.size() < 19 ||
                   (digits.size() == 19 && digits <= (sign ? "9223372036854775808" : "9223372036854775807"))) {
            seen_[column] |= sign ? negative : small_int;
        } else {
            const bool holds =
                !sign && (digits.size() < 20 || (digits.size() == 20 && digits <= "18446744073709551615"));
            seen_[column] |= holds ? large_int : exact;
        }
    }
    void see(std::size_t column, std::string_view) noexcept { seen_[column] |= text; }
    void see(std::size_t column, const Bytes&) noexcept { seen_[column] |= bytes; }
    void see(std::size_t column, const Timestamp& value) {
        see_stamp(column, {CellKind::timestamp, value.unit, std::string(value.zone)}, timestamp);
    }
    void see(std::size_t column, const Date&) noexcept { seen_[column] |= date; }
    void see(std::size_t column, const TimeOfDay&) noexcept { seen_[column] |= time; }
    void see(std::size_t column, const Duration& value) {
        see_stamp(column, {CellKind::duration, value.unit}, duration);
    }
    void see(std::size_t column, const Nested&) noexcept { seen_[column] |= nested; }

    void see_stamp(std::size_t column, ColumnType stamp, std::uint32_t bit) {
        if (stamp_of_.empty()) stamp_of_.resize(seen_.size());
        if ((seen_[column] & (timestamp | duration)) == 0) {
            stamp_of_[column] = static_cast<std::uint32_t>(stamps_.size());
            stamps_.push_back(std::move(stamp));
        } else if (stamps_[stamp_of_[column]] != stamp) {
            seen_[column] |= mixed;
        }
        seen_[column] |= bit;
    }

    [[nodiscard]] ColumnType settled(std::size_t column) const {
        const std::uint32_t seen = seen_[column];
        const auto only = [&](std::uint32_t bits) { return (seen & ~bits) == 0; };
        if (seen == 0) return {CellKind::null};
        if (only(integers)) {
            if ((seen & large_int) == 0) return {CellKind::int64};
            return {(seen & negative) != 0 ? CellKind::decimal : CellKind::uint64};
        }
        if (only(integers | floating)) return {CellKind::float64};
        if (only(integers | floating | exact)) return {CellKind::decimal};
        if (only(timestamp) || only(duration)) return stamps_[stamp_of_[column]];
        constexpr std::uint32_t single[] = {boolean, text, bytes, date, time, nested};
        constexpr CellKind kinds[] = {CellKind::boolean, CellKind::text, CellKind::bytes,
                                      CellKind::date,    CellKind::time, CellKind::nested};
        for (std::size_t i = 0; i < std::size(single); ++i) {
            if (only(single[i])) return {kinds[i]};
        }
        return {CellKind::any};
    }

    const Schema* schema_;
    std::vector<std::uint32_t> seen_;
    std::vector<ColumnType> stamps_;       // units and zones, where there are any
    std::vector<std::uint32_t> stamp_of_;  // by column
    bool watching_ = false;
};

}  // namespace curtail::inline v0::detail
