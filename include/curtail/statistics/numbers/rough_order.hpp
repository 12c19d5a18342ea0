// SPDX-License-Identifier: MIT
#pragma once
// Numbers brought nearly into order, and the one at a given place found, each for a fraction of what sorting costs.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <curtail/statistics/numbers/sort_numbers.hpp>

namespace curtail::inline v0::detail {

// Equally wide bins from the least to the greatest of some finite numbers. A greater number never has a lower bin:
// each step of place() rounds, but no step turns two numbers around.
class EqualBins {
  public:
    static constexpr std::size_t count = 2049;  // the last one for the greatest number, where rounding puts it there

    EqualBins(double low, double high) noexcept
        : low_(low / 2), half_width_(high / 2 - low / 2), scale_(static_cast<double>(count - 1) / half_width_) {}

    // False where the numbers are equal, or so close that the scale is beyond a double.
    [[nodiscard]] bool divide() const noexcept { return half_width_ > 1e-290; }
    // Half of each number, because high - low may be beyond a double's range.
    [[nodiscard]] std::size_t place(double value) const noexcept {
        // Never beyond the bins, whatever a compiler that was told to forget about NaN makes of the arithmetic.
        const auto bin = static_cast<std::uint32_t>(static_cast<std::int32_t>((value / 2 - low_) * scale_));
        return (std::min)(std::size_t{bin}, count - 1);
    }

  private:
    double low_;
    double half_width_;
    double scale_;
};

// The least and the greatest of some finite numbers, of which there is at least one.
[[nodiscard]] inline std::pair<double, double> range_of(std::span<const double> values) noexcept {
    constexpr std::size_t lanes = 4;  // which the processor compares side by side
    double lows[lanes] = {values[0], values[0], values[0], values[0]};
    double highs[lanes] = {values[0], values[0], values[0], values[0]};
    const std::size_t even = values.size() - values.size() % lanes;
    const auto take = [&](std::size_t lane, double value) {
        lows[lane] = value < lows[lane] ? value : lows[lane];
        highs[lane] = value > highs[lane] ? value : highs[lane];
    };
    for (std::size_t i = 0; i < even; i += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) take(lane, values[i + lane]);
    }
    for (std::size_t i = even; i < values.size(); ++i) take(0, values[i]);
    for (std::size_t lane = 1; lane < lanes; ++lane) {
        take(0, lows[lane]);
        take(0, highs[lane]);
    }
    return {lows[0], highs[0]};
}

// Puts runs of some thousand numbers into equally wide bins, one behind the other, and sorts a bin only where it holds
// more than one in 256 of them; so the place of a number is off by less than that. Random numbers take a third of the
// time of sort_numbers().
class RoughOrder {
  public:
    static constexpr std::size_t crowd = 256;

    void arrange(std::span<double> values) { arrange(values, values.size() / crowd, 2); }

  private:
    using Bins = detail::EqualBins;

    // A crowded bin is divided once more before it is sorted: an outlier leaves all others in one bin.
    void arrange(std::span<double> values, std::size_t most, int divisions) {
        if (values.empty()) return;
        const auto [low, high] = detail::range_of(values);
        if (low == high) return;
        const Bins bins(low, high);
        if (divisions == 0 || values.size() < Bins::count / 8 || !bins.divide()) return sort_numbers(values, keys_);

        std::array<std::uint32_t, Bins::count + 2> begins{};
        places_.resize((std::max)(places_.size(), values.size()));
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::size_t place = bins.place(values[i]);
            places_[i] = static_cast<std::uint16_t>(place);
            ++begins[place + 2];
        }
        for (std::size_t bin = 0; bin < Bins::count; ++bin) begins[bin + 2] += begins[bin + 1];
        room_.assign(values.begin(), values.end());
        // Each bin's begin stands one place too far behind; it has moved to the next one's when the bin is full.
        for (std::size_t i = 0; i < values.size(); ++i) values[begins[std::size_t{places_[i]} + 1]++] = room_[i];
        for (std::size_t bin = 0; bin < Bins::count; ++bin) {
            const std::size_t size = begins[bin + 1] - begins[bin];
            if (size > most) arrange(values.subspan(begins[bin], size), most, divisions - 1);
        }
    }

    std::vector<std::uint16_t> places_;
    std::vector<double> room_;
    std::vector<std::uint64_t> keys_;
};

// The numbers that stand at `rank` and at `rank` + 1 of the sorted `values` (counted from 0; the last one twice at the
// end), whose least is `low` and greatest is `high`. `rank` is below values.size().
[[nodiscard]] inline std::pair<double, double> select_numbers(std::vector<double> values, double low, double high,
                                                              std::size_t rank) {
    using Bins = detail::EqualBins;
    double beyond = high;  // the least number that is greater than all of `values`, but at the end
    for (int divisions = 0; divisions < 3 && values.size() > Bins::count / 2; ++divisions) {
        const Bins bins(low, high);
        if (!bins.divide()) break;
        std::array<std::size_t, Bins::count> counts{};
        for (const double value : values) ++counts[bins.place(value)];
        std::size_t bin = 0;
        std::size_t before = 0;
        while (before + counts[bin] <= rank) before += counts[bin++];
        if (rank + 1 == before + counts[bin] && rank + 1 < values.size()) {
            beyond = high;
            for (const double value : values) beyond = bins.place(value) > bin && value < beyond ? value : beyond;
        }
        // Each value is written, at or before its place, and stays where it falls into the bin.
        std::size_t size = 0;
        for (const double value : values) {
            values[size] = value;
            size += bins.place(value) == bin ? 1U : 0U;
        }
        values.resize(size);
        rank -= before;
        std::tie(low, high) = detail::range_of(values);
    }
    if (low == high) return {low, rank + 1 < values.size() ? low : beyond};
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), at, values.end());
    return {*at, at + 1 == values.end() ? beyond : *std::min_element(at + 1, values.end())};
}

}  // namespace curtail::inline v0::detail
