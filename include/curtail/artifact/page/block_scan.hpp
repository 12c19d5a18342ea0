// SPDX-License-Identifier: MIT
#pragma once
// Counts the lines of a piece of CSV whose beginning may be inside of quotes or not.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace curtail::inline v0::detail {

// What a piece of at most 4 GiB holds, for both cases: [0] if it begins outside of quotes, [1] if inside. So pieces can
// be scanned in any order; how the first one begins decides it for all.
struct BlockScan {
    static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

    std::uint32_t size = 0;
    bool odd = false;                                   // the number of quotes
    std::array<std::uint32_t, 2> lines{};               // that end in it
    std::array<std::uint32_t, 2> first = {none, none};  // where the first line begins after the end of another
    std::array<bool, 2> ends_line{};                    // its last byte ends a line
};

// Finds quotes and line feeds, 64 bytes at a time.
class LineScanner {
  public:
    explicit LineScanner(char quote) noexcept : quote_(quote) {}

    [[nodiscard]] BlockScan scan(std::string_view text) const noexcept {
        BlockScan found;
        found.size = static_cast<std::uint32_t>(text.size());
        std::uint64_t inside = 0;  // all ones inside of quotes, if it began outside
        std::size_t at = 0;
        for (; text.size() - at >= 64; at += 64) add(found, masks(text.data() + at), inside, at);
        if (at != text.size()) {
            std::array<char, 64> rest{};
            std::memcpy(rest.data(), text.data() + at, text.size() - at);
            add(found, masks(rest.data()), inside, at);
        }
        found.odd = inside != 0;
        if (!text.empty() && text.back() == '\n') {
            found.ends_line = {!found.odd, found.odd};
            for (std::uint32_t& first : found.first) first = first == found.size ? BlockScan::none : first;
        }
        return found;
    }

  private:
    struct Masks {
        std::uint64_t quotes = 0;
        std::uint64_t line_feeds = 0;
    };

    static void add(BlockScan& found, const Masks& masks, std::uint64_t& inside, std::size_t at) noexcept {
        if ((masks.quotes | masks.line_feeds) == 0) return;
        // Bit i becomes the parity of the quotes up to i.
        std::uint64_t quoted = masks.quotes;
        for (unsigned shift = 1; shift < 64; shift *= 2) quoted ^= quoted << shift;
        quoted ^= inside;
        inside = 0U - (quoted >> 63U);
        const std::array<std::uint64_t, 2> ends = {masks.line_feeds & ~quoted, masks.line_feeds & quoted};
        for (std::size_t i = 0; i < 2; ++i) {
            if (ends[i] == 0) continue;
            found.lines[i] += static_cast<std::uint32_t>(std::popcount(ends[i]));
            const std::size_t behind = at + static_cast<std::size_t>(std::countr_zero(ends[i])) + 1;
            if (found.first[i] == BlockScan::none) found.first[i] = static_cast<std::uint32_t>(behind);
        }
    }

    [[nodiscard]] Masks masks(const char* bytes) const noexcept {
        Masks out;
#if defined(__SSE2__) || defined(_M_X64)
        const __m128i quote = _mm_set1_epi8(quote_);
        const __m128i line_feed = _mm_set1_epi8('\n');
        for (std::size_t i = 0; i < 4; ++i) {
            const __m128i part = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + 16 * i));
            const auto mask = [&](__m128i wanted) {
                const int found = _mm_movemask_epi8(_mm_cmpeq_epi8(part, wanted));
                return std::uint64_t{static_cast<unsigned>(found)} << (16 * i);
            };
            out.quotes |= mask(quote);
            out.line_feeds |= mask(line_feed);
        }
#else
        for (unsigned i = 0; i < 64; ++i) {
            out.quotes |= std::uint64_t{bytes[i] == quote_} << i;
            out.line_feeds |= std::uint64_t{bytes[i] == '\n'} << i;
        }
#endif
        return out;
    }

    char quote_;
};

}  // namespace curtail::inline v0::detail
