// SPDX-License-Identifier: MIT
#pragma once
// Where rows begin in the text of a CSV file: one for every 64 KiB.

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

    // Returns the index of a text that ends after `rows` rows: no row begins after the last of them.
    [[nodiscard]] std::string_view text(std::uint64_t rows) const noexcept {
        return std::string_view(text_).substr(0, last_.row < rows ? text_.size() : size_before_last_);
    }

  private:
    std::string text_;
    std::size_t size_before_last_ = 0;
    RowStart last_;
    std::uint64_t wanted_ = 0;
};

// Looks rows up in the text of an index. Reads it anew for each row, which takes less time than to keep another form.
class RowIndex {
  public:
    // The text that a RowIndexWriter wrote of `rows` rows in `bytes` bytes, or any other.
    RowIndex(std::string text, std::uint64_t rows, std::uint64_t bytes) noexcept
        : text_(std::move(text)), rows_(rows), bytes_(bytes) {}

    // Returns the last start that is not after `row`, which must exist. Returns nothing if the text cannot be the
    // index of such a file, as far as it was read.
    [[nodiscard]] std::optional<RowStart> before(std::uint64_t row) const {
        std::optional<RowStart> found;
        RowStart start;
        std::string_view text = text_;
        for (std::uint64_t from = 0; !text.empty(); from = (start.offset / row_index_step + 1) * row_index_step) {
            const auto later = take_vlq(text);
            const auto further = later ? take_vlq(text) : std::nullopt;
            const bool first = !found;
            if (!further || *later >= rows_ - start.row || (*later == 0) != first) return std::nullopt;
            if (from >= bytes_ || *further >= bytes_ - from) return std::nullopt;
            start = {start.row + *later, from + *further};
            if (start.row > row) break;
            found = start;
        }
        return found;
    }

  private:
    std::string text_;
    std::uint64_t rows_;
    std::uint64_t bytes_;
};

}  // namespace curtail::inline v0::detail
