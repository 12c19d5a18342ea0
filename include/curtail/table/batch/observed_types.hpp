// SPDX-License-Identifier: MIT
#pragma once
// Finds the types of columns whose schema leaves them open, by looking at every cell.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/table/batch/seen_type.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/domain.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

// Watches the columns whose type the schema leaves open, and names them at the end as pandas would after reading them:
// int64, uint64, float64, bool, string, a temporal type, and object for a mixture. Does nothing for tables whose types
// are known. The schema must outlive it.
class ObservedTypes : private KindBits {
  public:
    enum class Watch : std::uint8_t {
        all,    // every open column
        times,  // those of them that are known to be timestamps or durations
    };

    explicit ObservedTypes(const Schema& schema, Watch watch = Watch::all) : schema_(&schema) {
        for (std::size_t i = 0; i < schema.size(); ++i) {
            const ColumnType& type = schema[i].type;
            const bool is_time = type.kind == CellKind::timestamp || type.kind == CellKind::duration;
            if (type.open() && (is_time || watch == Watch::all)) watched_.push_back(i);
        }
        if (!watched_.empty()) seen_.resize(schema.size());
    }

    void add(const BatchView& batch) {
        if (watched_.empty()) return;
        // By rows if most columns are watched. Where a table of rows is joined with columns, each of its columns is
        // read by visiting all rows, so 100 of them would take 50 times as long.
        const bool few = 2 * watched_.size() <= schema_->size();
        batch.has_columns() && few ? add_columns(batch) : add_rows(batch);
    }
    // Adds one cell, for callers that do not have batches.
    void add(std::size_t column, const Cell& cell) {
        visit_value(cell, [&](const auto& value) { see(column, value); });
    }

    // Returns the type of a column: that of its cells if it is watched, else what the schema says. A guess holds until
    // a cell is seen.
    [[nodiscard]] ColumnType type(std::size_t column) const {
        return watches(column) ? seen_type(column).type() : (*schema_)[column].type;
    }
    // Returns all that is known of a column's type, to be united with what other parts of the table know.
    [[nodiscard]] SeenType seen_type(std::size_t column) const {
        SeenType seen{(*schema_)[column].type};
        if (!watches(column)) return seen;
        seen.seen = seen_[column];
        if ((seen.seen & (timestamp | duration)) != 0) seen.stamp = stamps_[stamp_of_[column]];
        return seen;
    }
    // Returns the name of a column's type.
    [[nodiscard]] std::string dtype(std::size_t column) const { return dtype_name(type(column)); }
    // Returns those of the first `count` columns.
    [[nodiscard]] std::vector<std::string> dtypes(std::size_t count) const {
        std::vector<std::string> names;
        names.reserve(count);
        for (std::size_t column = 0; column < count; ++column) names.push_back(dtype(column));
        return names;
    }

  private:
    [[nodiscard]] bool watches(std::size_t column) const noexcept {
        return std::binary_search(watched_.begin(), watched_.end(), column);
    }

    void add_columns(const BatchView& batch) {
        for (const std::size_t column : watched_) {
            batch.visit_column(column, [&](const ColumnRun& run) {
                for (std::size_t i = 0; i < run.size(); ++i) add(column, run.cell(i));
            });
        }
    }
    void add_rows(const BatchView& batch) {
        const std::size_t rows = batch.rows();
        for (std::size_t row = 0; row < rows; ++row) {
            std::size_t column = 0;
            std::size_t next = 0;
            batch.visit_row(row, 0, [&](const Cell& cell) {
                if (next < watched_.size() && watched_[next] == column) {
                    add(column, cell);
                    ++next;
                }
                ++column;
            });
        }
    }

    template <class Plain>
    void see(std::size_t column, const Plain&) noexcept {
        seen_[column] |= bits_of(plain_kinds[plain_index<Plain>]);
    }
    void see(std::size_t column, std::int64_t value) noexcept { seen_[column] |= value < 0 ? negative : small_int; }
    void see(std::size_t column, std::uint64_t value) noexcept {
        seen_[column] |= value <= static_cast<std::uint64_t>(INT64_MAX) ? small_int : large_int;
    }
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
    void see(std::size_t column, const Timestamp& value) {
        see_stamp(column, CellKind::timestamp, value.unit, value.zone, timestamp);
    }
    void see(std::size_t column, const Duration& value) {
        see_stamp(column, CellKind::duration, value.unit, {}, duration);
    }

    void see_stamp(std::size_t column, CellKind kind, TimeUnit unit, std::string_view zone, std::uint32_t bit) {
        if (stamp_of_.empty()) stamp_of_.resize(seen_.size());
        if ((seen_[column] & (timestamp | duration)) == 0) {
            stamp_of_[column] = cast_to<std::uint32_t>(stamps_.size());
            stamps_.push_back({kind, unit, std::string(zone)});
        } else if (const ColumnType& first = stamps_[stamp_of_[column]];
                   first.kind != kind || first.unit != unit || first.zone != zone) {
            seen_[column] |= mixed;
        }
        seen_[column] |= bit;
    }

    const Schema* schema_;
    std::vector<std::size_t> watched_;     // rising
    std::vector<std::uint32_t> seen_;      // by column
    std::vector<ColumnType> stamps_;       // units and zones, where there are any
    std::vector<std::uint32_t> stamp_of_;  // by column
};

}  // namespace curtail::inline v0::detail
