// SPDX-License-Identifier: MIT
#pragma once
// Finds the characters for which a text must be quoted, sixteen bytes per step with SSE2 and eight elsewhere.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#endif

namespace curtail::inline v0::detail {

// Finds CR, LF and two more bytes in a text, also while it is copied, and doubles quotes. The last step of a text
// overlaps the one before it: a loop over the last bytes took most of the time of a short text.
class QuoteScan {
  public:
    QuoteScan(char separator, char quote) noexcept : separator_(separator), quote_(quote) {}

    [[nodiscard]] bool finds(std::string_view text) const noexcept {
#if defined(__SSE2__) || defined(_M_X64)
        const char* p = text.data();
        const char* const end = p + text.size();
        if (text.size() >= 16) {
            for (; end - p > 16; p += 16) {
                if (found_in(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))) return true;
            }
            return found_in(_mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16)));
        }
        if (text.size() >= 8) return found_in(_mm_set_epi64x(load<long long>(p), load<long long>(end - 8)));
        if (text.size() >= 4) return found_in(_mm_set_epi32(0, 0, load<int>(p), load<int>(end - 4)));
        return finds_one_by_one(text);
#else
        return finds_portably(text);
#endif
    }

    // Does the same without SSE2. Always compiled, so that a test can compare the two.
    [[nodiscard]] bool finds_portably(std::string_view text) const noexcept {
        const char* p = text.data();
        const char* const end = p + text.size();
        if (text.size() < 8) return finds_one_by_one(text);
        for (; end - p > 8; p += 8) {
            if (found_in(load<std::uint64_t>(p))) return true;
        }
        return found_in(load<std::uint64_t>(end - 8));
    }

    // Copies `text` and returns true if finds() is false for it. Does both at once, because a call of memcpy takes
    // longer than the bytes of a short text.
    [[nodiscard]] bool copies_plain(char* out, std::string_view text) const noexcept {
#if defined(__SSE2__) || defined(_M_X64)
        const char* const p = text.data();
        const std::size_t size = text.size();
        if (size >= 16) {
            __m128i found = _mm_setzero_si128();
            for (std::size_t i = 0; size - i > 16; i += 16) found = _mm_or_si128(found, copied_special(out + i, p + i));
            const std::size_t last = size - 16;
            return !any(_mm_or_si128(found, copied_special(out + last, p + last)));
        }
        if (size >= 8) {
            const auto first = load<long long>(p);
            const auto last = load<long long>(p + size - 8);
            std::memcpy(out, &first, 8);
            std::memcpy(out + size - 8, &last, 8);
            return !found_in(_mm_set_epi64x(first, last));
        }
        if (size >= 4) {
            const auto first = load<int>(p);
            const auto last = load<int>(p + size - 4);
            std::memcpy(out, &first, 4);
            std::memcpy(out + size - 4, &last, 4);
            return !found_in(_mm_set_epi32(0, 0, first, last));
        }
        for (std::size_t i = 0; i < size; ++i) out[i] = p[i];
        return !finds_one_by_one(text);
#else
        return copies_plain_portably(out, text);
#endif
    }
    [[nodiscard]] bool copies_plain_portably(char* out, std::string_view text) const noexcept {
        if (finds_portably(text)) return false;
        std::memcpy(out, text.data(), text.size());
        return true;
    }

    // Copies `text` with every quote doubled and returns the end. `out` must have 2 * size + 16 bytes.
    char* copy_doubled(char* out, std::string_view text) const noexcept {
#if defined(__SSE2__) || defined(_M_X64)
        const __m128i quote = _mm_set1_epi8(quote_);
        while (text.size() >= 16) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data()));
            _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
            const auto quotes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)));
            const auto before = static_cast<std::size_t>(quotes == 0 ? 16 : std::countr_zero(quotes) + 1);
            out += before;
            text.remove_prefix(before);
            if (quotes != 0) *out++ = quote_;
        }
#endif
        return copy_doubled_portably(out, text);
    }
    char* copy_doubled_portably(char* out, std::string_view text) const noexcept {
        for (const char c : text) {
            *out++ = c;
            if (c == quote_) *out++ = c;
        }
        return out;
    }

  private:
    template <class Word>
    [[nodiscard]] static Word load(const char* p) noexcept {
        Word word{};
        std::memcpy(&word, p, sizeof word);
        return word;
    }

    [[nodiscard]] bool finds_one_by_one(std::string_view text) const noexcept {
        for (const char c : text) {
            if (c == separator_ || c == quote_ || c == '\n' || c == '\r') return true;
        }
        return false;
    }

#if defined(__SSE2__) || defined(_M_X64)
    [[nodiscard]] static bool any(__m128i mask) noexcept {
        return _mm_movemask_epi8(mask) != 0;
    }
    [[nodiscard]] bool found_in(__m128i bytes) const noexcept {
        return any(special(bytes));
    }
    [[nodiscard]] __m128i special(__m128i bytes) const noexcept {
        const __m128i own = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(separator_)),
                                         _mm_cmpeq_epi8(bytes, _mm_set1_epi8(quote_)));
        const __m128i breaks =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')));
        return _mm_or_si128(own, breaks);
    }
    [[nodiscard]] __m128i copied_special(char* out, const char* p) const noexcept {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes);
        return special(bytes);
    }
#endif

    [[nodiscard]] bool found_in(std::uint64_t word) const noexcept {
        return holds(word, separator_) || holds(word, quote_) || holds(word, '\n') || holds(word, '\r');
    }

    // Returns true if any byte of `word` is `c`. Exact, and independent of the byte order.
    [[nodiscard]] static bool holds(std::uint64_t word, char c) noexcept {
        constexpr std::uint64_t ones = 0x0101010101010101U;
        const std::uint64_t rest = word ^ ones * static_cast<unsigned char>(c);
        return ((rest - ones) & ~rest & (ones << 7U)) != 0;
    }

    char separator_;
    char quote_;
};

}  // namespace curtail::inline v0::detail
