// SPDX-License-Identifier: MIT
#pragma once
// Columns whose types are known when a slice of rows begins: their layout in memory, and a table of them.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

#include "time_forms.hpp"

// Functions that are called per cell must be inlined into the loop that formats, which otherwise keeps its state in
// memory instead of registers.
#if defined(__GNUC__)
#define CURTAIL_PYTHON_INLINE __attribute__((always_inline))
#else
#define CURTAIL_PYTHON_INLINE
#endif

// A text of a categorical, which the sink spells once.
struct CategoryText {
    const std::vector<std::string_view>* texts;
    std::size_t index;

    operator std::string_view() const noexcept { return (*texts)[index]; }
    [[nodiscard]] const void* dictionary() const noexcept { return texts; }
    [[nodiscard]] std::size_t code() const noexcept { return index; }
    [[nodiscard]] std::size_t codes() const noexcept { return texts->size(); }
};

// The layout in memory of the cells of a column, for all rows of a slice.
enum class Layout : std::uint8_t {
    int8,
    int16,
    int32,
    int64,
    uint8,
    uint16,
    uint32,
    uint64,
    float32,
    float64,
    boolean,
    timestamps,  // counts of `unit`, INT64_MIN for a null, as in all layouts of times
    dates,       // counts of days
    durations,   // counts of `unit`
    pandas_timestamps,
    pandas_durations,
    local_times,  // nanoseconds of local time, and its offset from UTC in `offsets`
    codes8,       // of `categories`, negative for a null
    codes16,
    codes32,
    texts,  // `texts`, without data for a null
    cells,  // `cells`, of any kind
};

// The cells of one column in the rows of a slice. Owns only what is in its vectors.
struct ColumnCells {
    Layout layout = Layout::cells;
    const char* data = nullptr;
    std::ptrdiff_t stride = 0;
    const char* mask = nullptr;  // bytes that are not 0 for nulls, or null without any
    std::ptrdiff_t mask_stride = 0;
    curtail::TimeUnit unit = curtail::TimeUnit::nanosecond;
    std::string zone;
    const char* offsets = nullptr;
    std::ptrdiff_t offsets_stride = 0;
    PandasTimeForms forms;
    std::vector<std::string_view> categories;
    std::vector<std::string_view> texts;
    std::vector<curtail::Cell> cells;

    template <class T>
    [[nodiscard]] T at(std::size_t row) const noexcept {
        T value;
        std::memcpy(&value, data + static_cast<std::ptrdiff_t>(row) * stride, sizeof value);
        return value;
    }
    [[nodiscard]] bool is_null(std::size_t row) const noexcept {
        return mask != nullptr && mask[static_cast<std::ptrdiff_t>(row) * mask_stride] != 0;
    }

    // Returns the values as a span, or an empty one if they have a mask, are not contiguous or not aligned.
    template <class T>
    [[nodiscard]] std::span<const T> contiguous(std::size_t first, std::size_t count) const noexcept {
        const bool aligned = reinterpret_cast<std::uintptr_t>(data) % alignof(T) == 0;
        if (mask != nullptr || stride != static_cast<std::ptrdiff_t>(sizeof(T)) || !aligned) return {};
        return {reinterpret_cast<const T*>(data) + first, count};
    }
};

// Calls `visit` with the cell of a row in a column of numbers.
template <class T, class Visitor>
CURTAIL_PYTHON_INLINE inline void visit_number(const ColumnCells& column, std::size_t row, Visitor& visit) {
    column.is_null(row) ? visit(curtail::Null{}) : visit(column.at<T>(row));
}

// Calls `visit` with make(count) of a time, or with a null.
template <class Visitor, class Make>
void visit_time(const ColumnCells& column, std::size_t row, Visitor& visit, const Make& make) {
    const auto count = column.at<std::int64_t>(row);
    count == INT64_MIN || column.is_null(row) ? visit(curtail::Null{}) : visit(make(count));
}

template <class Code, class Visitor>
CURTAIL_PYTHON_INLINE inline void visit_code(const ColumnCells& column, std::size_t row, Visitor& visit) {
    const auto code = static_cast<std::int64_t>(column.at<Code>(row));
    if (code < 0 || static_cast<std::size_t>(code) >= column.categories.size()) return visit(curtail::Null{});
    visit(CategoryText{&column.categories, static_cast<std::size_t>(code)});
}

// Calls `visit` with the cell of a row in a column of times.
template <class Visitor>
void visit_any_time(const ColumnCells& column, std::size_t row, Visitor& visit) {
    using curtail::Date;
    switch (column.layout) {
        case Layout::timestamps:
            return visit_time(column, row, visit, [&](std::int64_t count) {
                return curtail::Timestamp{count, column.unit, column.zone};
            });
        case Layout::dates:
            return visit_time(column, row, visit,
                              [](std::int64_t days) { return Date{static_cast<std::int32_t>(days)}; });
        case Layout::durations:
            return visit_time(column, row, visit, [&](std::int64_t count) {
                return curtail::Duration{count, column.unit};
            });
        default: break;
    }
    const auto count = column.at<std::int64_t>(row);
    if (count == INT64_MIN || column.is_null(row)) return visit(curtail::Null{});
    switch (column.layout) {
        case Layout::pandas_timestamps: return column.forms.visit_timestamp(row, count, visit);
        case Layout::pandas_durations: return column.forms.visit_duration(row, count, visit);
        default: break;
    }
    std::int64_t offset = 0;
    std::memcpy(&offset, column.offsets + static_cast<std::ptrdiff_t>(row) * column.offsets_stride, sizeof offset);
    LocalTimeText text;
    visit(text.write(count, offset));
}

// Calls `visit` with the cell of a row in each of the columns [first, last), which all have one layout.
template <class Visitor>
CURTAIL_PYTHON_INLINE inline void visit_run(const std::vector<ColumnCells>& columns, std::size_t first,
                                            std::size_t last, std::size_t row, Visitor& visit) {
    const auto each = [&](const auto& visit_one) CURTAIL_PYTHON_INLINE {
        for (std::size_t i = first; i < last; ++i) visit_one(columns[i]);
    };
    switch (columns[first].layout) {
        case Layout::int8:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::int8_t>(c, row, visit); });
        case Layout::int16:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::int16_t>(c, row, visit); });
        case Layout::int32:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::int32_t>(c, row, visit); });
        case Layout::int64:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::int64_t>(c, row, visit); });
        case Layout::uint8:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::uint8_t>(c, row, visit); });
        case Layout::uint16:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::uint16_t>(c, row, visit); });
        case Layout::uint32:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::uint32_t>(c, row, visit); });
        case Layout::uint64:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<std::uint64_t>(c, row, visit); });
        case Layout::float32:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<float>(c, row, visit); });
        case Layout::float64:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_number<double>(c, row, visit); });
        case Layout::boolean:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE {
                c.is_null(row) ? visit(curtail::Null{}) : visit(c.template at<unsigned char>(row) != 0);
            });
        case Layout::timestamps:
        case Layout::dates:
        case Layout::durations:
        case Layout::pandas_timestamps:
        case Layout::pandas_durations:
        case Layout::local_times:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_any_time(c, row, visit); });
        case Layout::codes8:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_code<std::int8_t>(c, row, visit); });
        case Layout::codes16:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_code<std::int16_t>(c, row, visit); });
        case Layout::codes32:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit_code<std::int32_t>(c, row, visit); });
        case Layout::texts:
            return each([&](const auto& c) CURTAIL_PYTHON_INLINE {
                const std::string_view text = c.texts[row];
                text.data() == nullptr ? visit(curtail::Null{}) : visit(text);
            });
        case Layout::cells: return each([&](const auto& c) CURTAIL_PYTHON_INLINE { visit(c.cells[row]); });
    }
}

// A slice of the rows of a table, as the library reads it. Which column has which layout is settled when a slice is
// loaded, so that a row is a few loops over columns of one type.
class FrameSlice {
  public:
    // Several threads may read it: no Python object is touched.
    static constexpr bool concurrent_reads = true;

    explicit FrameSlice(curtail::Schema schema) : schema_(std::move(schema)), columns_(schema_.size()) {}

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return schema_; }
    [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
    [[nodiscard]] std::vector<ColumnCells>& columns() noexcept { return columns_; }

    // Makes `rows` rows of what was put into columns().
    void set_rows(std::size_t rows) {
        rows_ = rows;
        run_ends_.clear();
        for (std::size_t i = 1; i <= columns_.size(); ++i) {
            if (i == columns_.size() || columns_[i].layout != columns_[i - 1].layout) run_ends_.push_back(i);
        }
    }

    template <class Visitor>
    void visit_row(std::size_t row, Visitor&& visit) const {
        std::size_t first = 0;
        for (const std::size_t last : run_ends_) {
            visit_run(columns_, first, last, row, visit);
            first = last;
        }
    }

    template <class Visitor>
    void visit_row_from(std::size_t row, std::size_t first, Visitor&& visit) const {
        for (std::size_t i = first; i < columns_.size(); ++i) visit_run(columns_, i, i + 1, row, visit);
    }

    template <class Visitor>
    void visit_column(std::size_t number, std::size_t first, std::size_t count, Visitor&& visit) const {
        if (count == 0) return;
        const ColumnCells& column = columns_[number];
        switch (column.layout) {
            case Layout::float64:
                if (visit_span<double>(column, first, count, visit)) return;
                break;
            case Layout::float32:
                if (visit_span<float>(column, first, count, visit)) return;
                break;
            case Layout::int64:
                if (visit_span<std::int64_t>(column, first, count, visit)) return;
                break;
            case Layout::int32:
                if (visit_span<std::int32_t>(column, first, count, visit)) return;
                break;
            case Layout::texts: return visit_texts(column, first, count, visit);
            case Layout::cells: return visit(std::span<const curtail::Cell>(column.cells).subspan(first, count));
            default: break;
        }
        const auto single = [&](const auto& value) { visit(std::span(&value, 1)); };
        for (std::size_t row = first; row < first + count; ++row) visit_run(columns_, number, number + 1, row, single);
    }

  private:
    template <class T, class Visitor>
    static bool visit_span(const ColumnCells& column, std::size_t first, std::size_t count, Visitor& visit) {
        const std::span<const T> values = column.contiguous<T>(first, count);
        if (values.empty()) return false;
        visit(values);
        return true;
    }

    // Texts between two nulls are one run.
    template <class Visitor>
    static void visit_texts(const ColumnCells& column, std::size_t first, std::size_t count, Visitor& visit) {
        const std::span<const std::string_view> all(column.texts);
        constexpr curtail::Cell null;
        for (std::size_t row = first; row < first + count;) {
            std::size_t end = row;
            while (end < first + count && all[end].data() != nullptr) ++end;
            if (end != row) visit(all.subspan(row, end - row));
            if (end < first + count) visit(std::span(&null, 1));
            row = end + 1;
        }
    }

    curtail::Schema schema_;
    std::vector<ColumnCells> columns_;
    std::vector<std::size_t> run_ends_;  // of neighbouring columns that have one layout
    std::size_t rows_ = 0;
};
