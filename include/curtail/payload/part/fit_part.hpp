// SPDX-License-Identifier: MIT
#pragma once
// Shortens the content of a part's summary until it fits.

#include <cstddef>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Returns the longest head that a part at `location` can have.
[[nodiscard]] PartHead longest_head(PartHead head);

// Throws BudgetTooSmall unless a summary of any such table is sure to fit.
void check_summary_budget(const PartHead& longest, const PayloadOptions& options, const Schema& schema);

// Shortens `content` until it fits with the head. Takes these steps in order, each only as far as needed: columns that
// no message can show beside a row are left out; numbers that an exact median needs become a sketch; sketches keep
// fewer values, within their rank error; texts of the sample are cut, while it has more than a quarter of the summary;
// rare labels are forgotten; texts, rows and columns of the sample are left out. Even if they fit, numbers become a
// sketch if all parts together could have more than 4 million.
void fit_part(PartContent& content, const PartHead& longest);

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/pack/sealed.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/statistics/column/column_statistics.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE PartHead longest_head(PartHead head) {
    constexpr std::uint64_t many = Unpacker::max_rows;
    head.artifact.rows = head.artifact.bytes = many;
    head.artifact.uncompressed_bytes = many;
    head.artifact.sha256.assign(64, 'f');
    return head;
}

template <class T>
[[nodiscard]] std::size_t packed_size(const T& value) {
    Packer packer;
    value.pack(packer);
    return packer.size();
}

// Returns the most bytes of a summary besides its columns, rows and statistics.
[[nodiscard]] inline std::size_t fixed_bytes(const PartHead& longest) {
    constexpr std::size_t options = std::size_t{18} * 10;  // 18 numbers of up to ten bytes
    return packed_size(longest) + max_seal_bytes + options;
}

CURTAIL_INLINE void check_summary_budget(const PartHead& longest, const PayloadOptions& options, const Schema& schema) {
    std::size_t needed = fixed_bytes(longest);
    for (std::size_t column = schema.feature_count(); column < schema.size(); ++column) {
        needed += schema[column].name.size() + schema[column].type.zone.size() + std::size_t{2} * 1024;
        needed += ColumnStatistics::smallest_pack(options.statistics);
    }
    if (needed >= options.part.max_summary_bytes) {
        throw BudgetTooSmall(options.part.max_summary_bytes, needed + 1, "a part's summary");
    }
}

class PartFit {
  public:
    PartFit(PartContent& content, const PartHead& longest)
        : content_(content), limit_(content.options.part.max_summary_bytes), fixed_(fixed_bytes(longest)) {
        for (const PartColumn& column : content.predictions) fixed_ += packed_size(column);
        measure_names();
        measure_rows();
        for (const PredictionStatistics& column : content.statistics) columns_.push_back(packed_size(column.column()));
    }

    void run() {
        const std::size_t kept =
            (std::max)(always_kept, cast_to<std::size_t>(kept_by_all_parts / content_.head.place.of));
        bound_all({.numbers = kept});
        if (!fits() && content_.options.sample_rows != 0) drop_features(most_columns());
        while (!fits() && sketch_longest()) {
        }
        for (std::size_t ranked = 8192; !fits() && ranked >= smallest.ranked; ranked /= 2)
            bound_all({.ranked = ranked});
        if (!fits()) cut_rows((std::max)(left_for_rows(), (std::min)(rows_, limit_ / 4)));
        for (std::size_t labels = most_labels(); !fits() && labels > smallest.labels;) {
            labels = (std::max)(labels / 2, smallest.labels);
            bound_all({.labels = labels});
        }
        if (!fits()) bound_all(smallest);
        if (!fits()) cut_rows(left_for_rows());
        while (!fits() && !content_.features.empty()) {
            drop_features(content_.features.size() - content_.features.size() / 8 - 1);
        }
    }

  private:
    static constexpr ColumnBounds smallest = ColumnStatistics::smallest_bounds;
    static constexpr std::size_t always_kept = 8192;
    static constexpr std::uint64_t kept_by_all_parts = 4'000'000;

    [[nodiscard]] std::size_t total() const noexcept {
        std::size_t size = fixed_ + names_ + rows_;
        for (const std::size_t column : columns_) size += column;
        return size;
    }
    [[nodiscard]] bool fits() const noexcept { return total() < limit_; }
    [[nodiscard]] std::size_t left_for_rows() const noexcept {
        const std::size_t others = total() - rows_ + 1;
        return limit_ > others ? limit_ - others : 0;
    }

    void measure_names() {
        names_ = 0;
        for (const PartColumn& column : content_.features) names_ += packed_size(column);
    }
    void measure_rows() {
        Packer packer;
        for (const RankedRow& row : content_.sample) pack_row(packer, row);
        rows_ = packer.size();
    }

    void bound(std::size_t column, const ColumnBounds& bounds) {
        ColumnStatistics& statistics = content_.statistics[column].column();
        statistics.keep_at_most(bounds);
        columns_[column] = packed_size(statistics);
    }
    void bound_all(const ColumnBounds& bounds) {
        for (std::size_t column = 0; column < columns_.size(); ++column) bound(column, bounds);
    }

    // Returns false if no column keeps more numbers than a sketch does.
    [[nodiscard]] bool sketch_longest() {
        std::size_t longest = columns_.size();
        std::size_t most = 1024;
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            const std::size_t kept = content_.statistics[column].column().kept_numbers();
            if (kept <= most) continue;
            most = kept;
            longest = column;
        }
        if (longest == columns_.size()) return false;
        bound(longest, {.numbers = 1024});
        return true;
    }

    [[nodiscard]] std::size_t most_labels() const noexcept {
        std::size_t most = 0;
        for (const PredictionStatistics& column : content_.statistics) {
            most = (std::max)(most, column.column().kept_labels());
        }
        return most;
    }

    // Keeps of the rows what a message of fewer bytes could show, until they take at most `bytes`.
    void cut_rows(std::size_t bytes) {
        const Schema names = content_.names();
        for (std::size_t budget = bytes; rows_ > bytes; budget -= budget / 8 + 1) {
            FirstRows shorter(names, content_.sample.size(), budget);
            std::size_t kept = 0;
            while (kept < content_.sample.size() && shorter.offer(content_.sample[kept].cells)) ++kept;
            std::vector<KeptRow> rows = shorter.take();
            if (kept < content_.sample.size()) content_.left_out = content_.sample[kept];
            content_.sample.resize(kept);
            for (std::size_t i = 0; i < kept; ++i) content_.sample[i].cells = std::move(rows[i]);
            measure_rows();
            if (budget == 0) break;
        }
    }

    // Returns how many columns a message can show beside a row of any values. It has each name twice, and FirstRows
    // counts 14 bytes more for a column: quotes and commas, the name of a type and a digit.
    [[nodiscard]] std::size_t most_columns() const {
        const std::size_t limit = raw_limit(content_.options.max_bytes, content_.options.encoding);
        std::size_t bytes = 0;
        std::size_t columns = 0;
        while (columns < content_.features.size() && bytes < limit) {
            bytes += 2 * content_.features[columns++].name.size() + 14;
        }
        return columns;
    }

    void drop_features(std::size_t left) {
        content_.features.erase(content_.features.begin() + static_cast<std::ptrdiff_t>(left), content_.features.end());
        measure_names();
        for (RankedRow& row : content_.sample) {
            if (row.cells.features.size() > left) row.cells.features.resize(left);
        }
        measure_rows();
    }

    PartContent& content_;
    std::size_t limit_;
    std::size_t fixed_;
    std::size_t names_ = 0;             // of the features
    std::size_t rows_ = 0;              // of the sample
    std::vector<std::size_t> columns_;  // of the statistics
};

CURTAIL_INLINE void fit_part(PartContent& content, const PartHead& longest) {
    PartFit(content, longest).run();
}

}  // namespace curtail::inline v0::detail

#endif
