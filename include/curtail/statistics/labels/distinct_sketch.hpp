// SPDX-License-Identifier: MIT
#pragma once
// Estimates how many distinct values a stream has, in 4 KB.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// HyperLogLog (Flajolet et al. 2007): takes 64-bit hashes and estimates how many of them were distinct, with a standard
// error of 1.6 %. merge() of two halves is exactly the whole.
class DistinctSketch {
  public:
    void add(std::uint64_t hash) {
        if (registers_.empty()) registers_.assign(registers, 0);
        // The first bits choose a register, which keeps the longest run of zeros seen in the rest.
        std::uint8_t& longest = registers_[cast_to<std::size_t>(hash >> (64U - index_bits))];
        const auto run =
            static_cast<std::uint8_t>(std::countl_zero((hash << index_bits) | (1U << (index_bits - 1))) + 1);
        longest = (std::max)(longest, run);
    }

    void merge(const DistinctSketch& other) {
        if (other.registers_.empty()) return;
        if (registers_.empty()) registers_.assign(registers, 0);
        for (std::size_t i = 0; i < registers; ++i) registers_[i] = (std::max)(registers_[i], other.registers_[i]);
    }

    [[nodiscard]] bool empty() const noexcept { return registers_.empty(); }

    [[nodiscard]] std::uint64_t estimate() const {
        if (registers_.empty()) return 0;
        constexpr auto m = static_cast<double>(registers);
        double sum = 0;
        std::size_t zeros = 0;
        for (const std::uint8_t longest : registers_) {
            sum += std::ldexp(1.0, -longest);
            zeros += longest == 0 ? 1U : 0U;
        }
        double distinct = 0.7213 / (1 + 1.079 / m) * m * m / sum;
        if (distinct <= 2.5 * m && zeros != 0) distinct = m * std::log(m / static_cast<double>(zeros));
        return static_cast<std::uint64_t>(std::llround(distinct));
    }

    void pack(Packer& packer) const {
        packer.flag(!registers_.empty());
        for (const std::uint8_t longest : registers_) packer.number(longest);
    }
    [[nodiscard]] static DistinctSketch unpack(Unpacker& in) {
        DistinctSketch sketch;
        if (!in.flag()) return sketch;
        sketch.registers_.reserve(in.left() < registers ? 0 : registers);
        for (std::size_t i = 0; i < registers; ++i) {
            sketch.registers_.push_back(static_cast<std::uint8_t>(in.number(64 - index_bits + 1)));
        }
        return sketch;
    }

  private:
    static constexpr unsigned index_bits = 12;
    static constexpr std::size_t registers = std::size_t{1} << index_bits;

    std::vector<std::uint8_t> registers_;  // empty until something is added
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
