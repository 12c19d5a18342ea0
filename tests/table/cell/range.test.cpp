// SPDX-License-Identifier: MIT
#include <curtail/table/cell/range.hpp>

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "catch.hpp"

using curtail::detail::CellRange;
using curtail::detail::visit_elements;

namespace {

// Every other one of some numbers, halved: what data() gives are not the elements.
class HalvesOfEveryOther {
  public:
    explicit HalvesOfEveryOther(std::vector<double> stored) : stored_(std::move(stored)) {}

    class Iterator {
      public:
        explicit Iterator(const double* at) noexcept : at_(at) {}
        double operator[](std::ptrdiff_t i) const noexcept { return at_[2 * i] / 2; }

      private:
        const double* at_;
    };

    [[nodiscard]] std::size_t size() const noexcept { return stored_.size() / 2; }
    [[nodiscard]] const double* data() const noexcept { return stored_.data(); }
    [[nodiscard]] Iterator begin() const noexcept { return Iterator(stored_.data()); }

  private:
    std::vector<double> stored_;
};

}  // namespace

TEST_CASE("CellRange: is a range of what its callback returns", "[table]") {
    std::vector<std::size_t> squares;
    const CellRange some(3, 6, [](std::size_t row) { return row * row; });
    for (const std::size_t square : some) squares.push_back(square);
    CHECK(squares == std::vector<std::size_t>{9, 16, 25});
    const CellRange none(3, 3, [](std::size_t row) { return row; });
    CHECK(none.begin() == none.end());
}

TEST_CASE("visit_elements: gives contiguous elements as a span, others by index", "[table]") {
    const std::vector<double> values{1, 2, 3, 4};
    visit_elements(values, 1, 2, [&](const auto& seen) {
        CHECK(std::is_same_v<std::remove_cvref_t<decltype(seen)>, std::span<const double>>);
        CHECK(seen.data() == &values[1]);
        CHECK(seen.size() == 2);
    });
    std::deque<std::unique_ptr<int>> owners;  // no copies
    for (int i = 0; i < 4; ++i) owners.push_back(std::make_unique<int>(i));
    std::size_t next = 2;
    visit_elements(owners, 2, 2, [&](const auto& seen) {
        for (const auto& owner : seen) CHECK(&owner == &owners[next++]);
    });
    CHECK(next == 4);
    const std::vector<bool> bits{true, false, true};
    std::vector<bool> seen_bits;
    visit_elements(bits, 1, 2, [&](const auto& seen) {
        for (const bool bit : seen) seen_bits.push_back(bit);
    });
    CHECK(seen_bits == std::vector<bool>{false, true});
}

TEST_CASE("visit_elements: reads through the iterator, not data()", "[table]") {
    const HalvesOfEveryOther halves({2, 100, 4, 100, 6, 100});
    std::vector<double> seen;
    visit_elements(halves, 1, 2, [&](const auto& range) {
        for (const double value : range) seen.push_back(value);
    });
    CHECK(seen == std::vector<double>{2, 3});
}
