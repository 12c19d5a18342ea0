// SPDX-License-Identifier: MIT
#include <curtail/core/number/standard_arithmetic.hpp>

#include <cstdlib>
#include <limits>
#include <string>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/number/read_floating.hpp>
#include <curtail/core/number/shortest_digits.hpp>
#include <curtail/statistics/prediction_statistics.hpp>

#include "catch.hpp"

namespace {

// A program linked with -ffast-math.
class Altered {
  public:
    Altered() {
#if defined(__SSE2__)
        _mm_setcsr(saved_ | 0x8040U);
#endif
    }
    Altered(const Altered&) = delete;
    Altered& operator=(const Altered&) = delete;
    ~Altered() {
#if defined(__SSE2__)
        _mm_setcsr(saved_);
#endif
    }

  private:
#if defined(__SSE2__)
    unsigned saved_ = _mm_getcsr();
#endif
};

}  // namespace

TEST_CASE("StandardArithmetic: numbers are read, written and summed alike whatever the program has set") {
    const std::string smallest = "5e-324";
    const double tiny = std::numeric_limits<double>::denorm_min();
    const double values[] = {0.1, 0.2, 0.3, 7e9, tiny};
    curtail::PredictionStatistics plain;
    plain.add_all(values);
    const curtail::PredictionStats expected = plain.result();

    double read = 0;
    double by_strtod = 0;
    std::string written;
    curtail::detail::ShortestDigits digits{};
    curtail::PredictionStatistics other;
    curtail::PredictionStats found;
    {
        const Altered altered;
        curtail::detail::read_floating(smallest.data(), smallest.data() + smallest.size(), read);
        curtail::detail::read_by_strtod(smallest.data(), smallest.data() + smallest.size(), by_strtod);
        written = curtail::detail::number_text(tiny);
        digits = curtail::detail::ToCharsDigits::of(tiny);
        other.add_all(values);
        found = other.result();
    }
    CHECK(read == tiny);
    CHECK(by_strtod == tiny);
    CHECK(written == smallest);
    CHECK(digits.digits == 5);
    CHECK(found.mean == expected.mean);
    CHECK(found.std == expected.std);
    CHECK(found.min == tiny);
}
