// SPDX-License-Identifier: MIT
#pragma once
// A batch as the sink reads it: the one loop that is compiled for its type, and a view for everything else.

#include <cstddef>
#include <cstdint>

#include <curtail/artifact/csv/plain_rows.hpp>
#include <curtail/artifact/file/text_buffer.hpp>
#include <curtail/table/batch/view.hpp>
#include <curtail/table/table.hpp>

namespace curtail::inline v0::detail {

// Refers to a table, which must outlive it.
class RowSource {
  public:
    template <Table T>
    explicit RowSource(const T& table) : RowSource(RowSlice(table, 0, curtail::rows_of(table))) {}
    // Reads the table of the slice, because the loop over a slice takes 7 % longer for flights.
    template <Table T>
    explicit RowSource(const RowSlice<T>& slice)
        : table_(&slice.table()),
          first_(slice.first()),
          view_(slice.table(), slice.first(), slice.rows()),
          concurrent_(ConcurrentTable<T>),
          write_plain_(&write_plain_of<T>) {}

    [[nodiscard]] std::size_t rows() const noexcept { return view_.rows(); }
    // Returns true if several threads may read the table at the same time.
    [[nodiscard]] bool concurrent() const noexcept { return concurrent_; }
    [[nodiscard]] BatchView slice(std::size_t first, std::size_t count) const noexcept {
        return view_.slice(first, count);
    }

    void write_plain(PlainRowWriter& writer, CsvFieldWriter& others, TextBuffer& out, std::size_t first,
                     std::size_t last, std::uint64_t number) const {
        write_plain_(table_, writer, others, out, first_ + first, first_ + last, number - first_);
    }

  private:
    template <class T>
    static void write_plain_of(const void* table, PlainRowWriter& writer, CsvFieldWriter& others, TextBuffer& out,
                               std::size_t first, std::size_t last, std::uint64_t number) {
        writer.write_rows(others, out, *static_cast<const T*>(table), first, last, number);
    }

    const void* table_;
    std::size_t first_;
    BatchView view_;
    bool concurrent_;
    void (*write_plain_)(const void*, PlainRowWriter&, CsvFieldWriter&, TextBuffer&, std::size_t, std::size_t,
                         std::uint64_t);
};

}  // namespace curtail::inline v0::detail
