// SPDX-License-Identifier: MIT
#pragma once
// Cells of one column as a range.

#include <cstddef>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

namespace curtail::inline v0::detail {

// The range of get(row) for the rows [first, last).
template <class Get>
class CellRange {
  public:
    CellRange(std::size_t first, std::size_t last, Get get) : first_(first), last_(last), get_(std::move(get)) {}

    class Iterator {
      public:
        Iterator(const Get* get, std::size_t row) noexcept : get_(get), row_(row) {}

        decltype(auto) operator*() const { return (*get_)(row_); }
        Iterator& operator++() noexcept {
            ++row_;
            return *this;
        }
        friend bool operator==(const Iterator& a, const Iterator& b) noexcept { return a.row_ == b.row_; }

      private:
        const Get* get_;
        std::size_t row_;
    };

    [[nodiscard]] Iterator begin() const noexcept { return {std::addressof(get_), first_}; }
    [[nodiscard]] Iterator end() const noexcept { return {std::addressof(get_), last_}; }

  private:
    std::size_t first_;
    std::size_t last_;
    Get get_;
};

// Calls `visit` with the elements [first, first + count) of a container with elements by index. Does not use data(),
// because strided and decoding containers have it as well, with other elements.
template <class Values, class Visitor>
void visit_elements(const Values& values, std::size_t first, std::size_t count, Visitor&& visit) {
    if constexpr (std::contiguous_iterator<decltype(std::begin(values))>) {
        if (count != 0)
            visit(std::span(std::to_address(std::begin(values) + static_cast<std::ptrdiff_t>(first)), count));
    } else {
        visit(CellRange(first, first + count, [&values](std::size_t row) -> decltype(auto) {
            return std::begin(values)[static_cast<std::ptrdiff_t>(row)];
        }));
    }
}

}  // namespace curtail::inline v0::detail
