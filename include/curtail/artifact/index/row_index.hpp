// SPDX-License-Identifier: MIT
#pragma once
// Where rows begin in the text of a CSV file: one for every 64 KiB.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/artifact/index/number_text_list.hpp>

namespace curtail::inline v0::detail {

// A row, counted from 0, and the offset in the uncompressed text at which it begins.
struct RowStart {
    std::uint64_t row = 0;
    std::uint64_t offset = 0;

    friend bool operator==(const RowStart&, const RowStart&) = default;
};

// An index has row 0, and for each multiple of this many bytes the first row that begins there or after it. So it
// depends on the text alone, and not on who wrote it in which pieces. It is what a member of blocked gzip holds, so
// that an offset says in which member it is.
inline constexpr std::uint64_t row_index_step = 65'280;

// Writes an index as text while rows are written, in less than six bytes per step: for each start the rows since the
// one before, and the bytes since the offset that was wanted.
class RowIndexWriter {
  public:
    // `offset` is where row 0 begins.
    explicit RowIndexWriter(std::uint64_t offset) { add({0, offset}); }

    // Returns the offset from which on the first row that begins is wanted next.
    [[nodiscard]] std::uint64_t wanted() const noexcept { return wanted_; }
    // Adds the first row that begins at wanted() or after it.
    void add(RowStart start) {
        size_before_last_ = text_.size();
        append_vlq(text_, start.row - last_.row);
        append_vlq(text_, start.offset - wanted_);
        last_ = start;
        wanted_ = (start.offset / row_index_step + 1) * row_index_step;
    }
    // Adds what is wanted of consecutive rows. `ends` are those of the rows from `first` on, and count from `base`.
    void add_run(std::uint64_t first, std::uint64_t base, const std::vector<std::uint64_t>& ends) {
        for (auto at = ends.begin(); !ends.empty() && base + ends.back() >= wanted();) {
            at = std::lower_bound(at, ends.end(), wanted() - base);
            add({first + static_cast<std::uint64_t>(at - ends.begin()) + 1, base + *at});
        }
    }

    // Returns the index of a text that ends after `rows` rows: no row begins behind the last of them.
    [[nodiscard]] std::string_view text(std::uint64_t rows) const noexcept {
        return std::string_view(text_).substr(0, last_.row < rows ? text_.size() : size_before_last_);
    }

  private:
    std::string text_;
    std::size_t size_before_last_ = 0;
    RowStart last_;
    std::uint64_t wanted_ = 0;
};

// An index as it is used.
class RowIndex {
  public:
    [[nodiscard]] const std::vector<RowStart>& starts() const noexcept { return starts_; }

    // Returns the last start that is not behind `row`, which must exist.
    [[nodiscard]] RowStart before(std::uint64_t row) const noexcept {
        const auto behind = std::upper_bound(starts_.begin(), starts_.end(), row,
                                             [](std::uint64_t wanted, const RowStart& s) { return wanted < s.row; });
        return *std::prev(behind);
    }

    // Returns the index that a RowIndexWriter wrote, if it can be that of `rows` rows in `bytes` bytes.
    [[nodiscard]] static std::optional<RowIndex> read(std::string_view text, std::uint64_t rows, std::uint64_t bytes) {
        RowIndex index;
        RowStart start;
        for (std::uint64_t from = 0; !text.empty(); from = (start.offset / row_index_step + 1) * row_index_step) {
            const auto later = take_vlq(text);
            const auto further = later ? take_vlq(text) : std::nullopt;
            const bool first = index.starts_.empty();
            if (!further || *later >= rows - start.row || (first ? *later != 0 : *later == 0)) return std::nullopt;
            if (from >= bytes || *further >= bytes - from) return std::nullopt;
            start = {start.row + *later, from + *further};
            index.starts_.push_back(start);
        }
        if (index.starts_.empty() != (rows == 0)) return std::nullopt;
        return index;
    }

  private:
    std::vector<RowStart> starts_;
};

}  // namespace curtail::inline v0::detail
