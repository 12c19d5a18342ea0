// SPDX-License-Identifier: MIT
#pragma once
// Reads what Packer wrote. Believes nothing: the bytes may come from anywhere.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <curtail/core/error.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/little_endian.hpp>
#include <curtail/core/text/concat.hpp>

namespace curtail::inline v0::detail {

// Every member throws MessageError (part_damaged) for bytes that are not there or that Packer does not write. What is
// read takes no more memory than a small multiple of the bytes: a count is believed only if so many things can follow.
class Unpacker {
  public:
    static constexpr std::uint64_t max_rows = std::uint64_t{1} << 53U;

    // `offset` is that of the first byte, for errors.
    explicit Unpacker(std::string_view bytes, std::size_t offset = 0) noexcept : bytes_(bytes), offset_(offset) {}

    [[nodiscard]] std::uint64_t number(std::uint64_t max = (std::numeric_limits<std::uint64_t>::max)()) {
        std::uint64_t value = 0;
        for (unsigned shift = 0;; shift += 7) {
            const std::uint64_t byte = next();
            if (shift == 63 && byte > 1) fail("a number is too long");
            value |= (byte & 0x7FU) << shift;
            if (byte < 0x80) {
                if (byte == 0 && shift != 0) fail("a number is spelled too long");
                break;
            }
        }
        if (value > max) fail("a number is too large");
        return value;
    }
    // Reads a number of rows or bytes, so small that 1,000 of them can be added.
    [[nodiscard]] std::uint64_t rows() { return number(max_rows); }
    [[nodiscard]] std::size_t size(std::size_t max) { return cast_to<std::size_t>(number(max)); }
    // Reads how many things of at least `min_bytes` bytes each follow.
    [[nodiscard]] std::size_t count(std::size_t min_bytes,
                                    std::size_t max = (std::numeric_limits<std::size_t>::max)()) {
        const std::size_t value = size(max);
        if (value > left() / min_bytes) fail("it is cut off");
        return value;
    }
    [[nodiscard]] std::int64_t integer() {
        const std::uint64_t bits = number();
        return static_cast<std::int64_t>((bits & 1U) != 0 ? ~(bits >> 1U) : bits >> 1U);
    }
    [[nodiscard]] bool flag() {
        const unsigned byte = next();
        if (byte > 1) fail("neither yes nor no");
        return byte == 1;
    }
    [[nodiscard]] std::uint64_t word() { return little_endian(raw(8).data(), 8); }
    [[nodiscard]] double real() { return std::bit_cast<double>(word()); }
    [[nodiscard]] double finite() {
        const double value = real();
        if (!is_finite(value)) fail("a number is not finite");
        return value;
    }
    // Reads so many finite numbers.
    [[nodiscard]] std::vector<double> finite(std::size_t count) {
        if (count > left() / 8) fail("it is cut off");
        std::vector<double> values(count);
        for (double& value : values) value = finite();
        return values;
    }
    [[nodiscard]] std::string_view raw(std::size_t count) {
        if (count > left()) fail("it is cut off");
        const std::string_view bytes = bytes_.substr(at_, count);
        at_ += count;
        return bytes;
    }
    [[nodiscard]] std::string_view text(std::size_t max = (std::numeric_limits<std::size_t>::max)()) {
        return raw(size(max));
    }

    [[nodiscard]] std::size_t left() const noexcept { return bytes_.size() - at_; }
    void expect_end() const {
        if (left() != 0) fail("there is more than there should be");
    }
    void expect(bool condition, std::string_view otherwise) const {
        if (!condition) fail(otherwise);
    }
    [[noreturn]] void fail(std::string_view why) const {
        throw MessageError(ErrorCode::part_damaged, concat({"a part's summary is damaged: ", why}), offset_ + at_);
    }

  private:
    [[nodiscard]] unsigned next() {
        if (at_ == bytes_.size()) fail("it is cut off");
        return static_cast<unsigned char>(bytes_[at_++]);
    }

    std::string_view bytes_;
    std::size_t offset_;
    std::size_t at_ = 0;
};

}  // namespace curtail::inline v0::detail
