// SPDX-License-Identifier: MIT
#pragma once
// Brings numbers nearly into order, for a third of the time that sorting takes.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/statistics/numbers/lanes.hpp>
#include <curtail/statistics/numbers/sort_numbers.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Puts runs of some thousand finite numbers into equally wide bins, one after the other. A bin with more than one in
// `crowd` of them is divided again, because an outlier leaves all others in one bin, and sorted in the end. So each
// number is less than size / crowd away from its sorted position.
class RoughOrder {
  public:
    static constexpr std::size_t crowd = 256;

    void arrange(std::span<double> values) { arrange(values, values.size() / crowd, 2); }

  private:
    static constexpr std::size_t bin_count = 2049;  // the last one for the maximum, where rounding puts it there

    void arrange(std::span<double> values, std::size_t max_in_bin, int divisions) {
        if (values.empty()) return;
        const Extent extent(values);
        if (extent.low() == extent.high()) return;
        // Half of each number, because high - low may be beyond a double's range.
        const double half_low = extent.low() / 2;
        const double half_width = extent.high() / 2 - half_low;
        // Numbers so close that the scale would be beyond a double cannot be divided.
        if (divisions == 0 || values.size() < bin_count / 8 || half_width <= 1e-290) return sort_numbers(values, keys_);

        const double scale = static_cast<double>(bin_count - 1) / half_width;
        std::array<std::uint32_t, bin_count + 2> begins{};
        bins_.resize((std::max)(bins_.size(), values.size()));
        for (std::size_t i = 0; i < values.size(); ++i) {
            // Rounding never puts a greater number into a lower bin. The bin is in range whatever a compiler makes of
            // the arithmetic under -ffast-math.
            const auto bin = static_cast<std::uint32_t>(static_cast<std::int32_t>((values[i] / 2 - half_low) * scale));
            bins_[i] = static_cast<std::uint16_t>((std::min)(std::size_t{bin}, bin_count - 1));
            ++begins[bins_[i] + std::size_t{2}];
        }
        for (std::size_t bin = 0; bin < bin_count; ++bin) begins[bin + 2] += begins[bin + 1];
        copy_.assign(values.begin(), values.end());
        // begins[bin + 1] is where the bin begins, and the next one begins when the bin is full.
        for (std::size_t i = 0; i < values.size(); ++i) values[begins[std::size_t{bins_[i]} + 1]++] = copy_[i];
        for (std::size_t bin = 0; bin < bin_count; ++bin) {
            const std::size_t size = begins[bin + 1] - begins[bin];
            if (size > max_in_bin) arrange(values.subspan(begins[bin], size), max_in_bin, divisions - 1);
        }
    }

    // Workspace.
    std::vector<std::uint16_t> bins_;
    std::vector<double> copy_;
    std::vector<std::uint64_t> keys_;
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
