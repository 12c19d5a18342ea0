// SPDX-License-Identifier: MIT
#pragma once
// Makes arithmetic of doubles give the same bits everywhere, whatever the compiler's options and the processor's mode.

#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64) || (defined(_M_IX86_FP) && _M_IX86_FP >= 2)
#include <xmmintrin.h>
#define CURTAIL_SSE_ARITHMETIC
#endif

// Both macros are private. Between them the compiler keeps to IEEE 754: it neither fuses a product with a sum nor
// reorders sums nor takes NaN and infinities for impossible. g++ does so anyhow without -ffast-math on processors that
// cannot fuse; clang 14 fuses by default and does not say whether it can. Use them outside of all namespaces, after the
// includes.
#if defined(_MSC_VER) && !defined(__clang__)
#define CURTAIL_STANDARD_BEGIN __pragma(float_control(precise, on, push)) __pragma(fp_contract(off))
#define CURTAIL_STANDARD_END __pragma(float_control(pop))
#elif defined(__GNUC__) && (defined(__clang__) || defined(__FAST_MATH__) || defined(__FP_FAST_FMA) || \
                            defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || __FINITE_MATH_ONLY__ + 0)
#if defined(__clang__)
#define CURTAIL_STANDARD_BEGIN _Pragma("float_control(precise, on, push)") _Pragma("clang fp contract(off)")
#define CURTAIL_STANDARD_END _Pragma("float_control(pop)")
#else
#define CURTAIL_STANDARD_BEGIN \
    _Pragma("GCC push_options") _Pragma("GCC optimize(\"no-fast-math\", \"fp-contract=off\")")
#define CURTAIL_STANDARD_END _Pragma("GCC pop_options")
#endif
#else
#define CURTAIL_STANDARD_BEGIN
#define CURTAIL_STANDARD_END
#endif

namespace curtail::inline v0::detail {

// While it exists, this thread's processor keeps subnormal numbers and rounds to the bits of a double. Programs linked
// with -ffast-math, and some libraries, make the processor treat subnormal numbers as zero; a 32-bit x86 without SSE
// keeps eleven bits too many.
class StandardArithmetic {
  public:
    StandardArithmetic() noexcept : saved_(get()) {
        if (standard(saved_) != saved_) set(standard(saved_));
        fence();
    }
    StandardArithmetic(const StandardArithmetic&) = delete;
    StandardArithmetic& operator=(const StandardArithmetic&) = delete;
    ~StandardArithmetic() {
        fence();
        if (standard(saved_) != saved_) set(saved_);
    }

  private:
#if defined(CURTAIL_SSE_ARITHMETIC) && (!defined(__FLT_EVAL_METHOD__) || __FLT_EVAL_METHOD__ == 0)
    using Word = std::uint32_t;
    static Word get() noexcept {
        return _mm_getcsr();
    }
    static void set(Word word) noexcept {
        _mm_setcsr(word);
    }
    // Clears "flush to zero" and "denormals are zeros".
    static constexpr Word standard(Word word) noexcept {
        return word & ~Word{0x8000U | 0x0040U};
    }
#elif defined(__GNUC__) && defined(__i386__)
    using Word = std::uint16_t;
    static Word get() noexcept {
        Word word = 0;
        __asm__ __volatile__("fnstcw %0" : "=m"(word));
        return word;
    }
    static void set(Word word) noexcept {
        __asm__ __volatile__("fldcw %0" : : "m"(word));
    }
    // Rounds to 53 bits.
    static constexpr Word standard(Word word) noexcept {
        return static_cast<Word>((word & ~0x0300U) | 0x0200U);
    }
#elif defined(__GNUC__) && defined(__aarch64__)
    using Word = std::uint64_t;
    static Word get() noexcept {
        Word word = 0;
        __asm__ __volatile__("mrs %0, fpcr" : "=r"(word));
        return word;
    }
    static void set(Word word) noexcept {
        __asm__ __volatile__("msr fpcr, %0" : : "r"(word));
    }
    // Clears "flush to zero".
    static constexpr Word standard(Word word) noexcept {
        return word & ~Word{0x0100'0000U};
    }
#elif defined(__GNUC__) && defined(__ARM_FP) && (__ARM_FP & 8) != 0 && !defined(__SOFTFP__)
    using Word = std::uint32_t;
    static Word get() noexcept {
        Word word = 0;
        __asm__ __volatile__("vmrs %0, fpscr" : "=r"(word));
        return word;
    }
    static void set(Word word) noexcept {
        __asm__ __volatile__("vmsr fpscr, %0" : : "r"(word));
    }
    static constexpr Word standard(Word word) noexcept {
        return word & ~Word{0x0100'0000U};
    }
#else
    using Word = std::uint32_t;
    static Word get() noexcept {
        return 0;
    }
    static void set(Word) noexcept {}
    static constexpr Word standard(Word word) noexcept {
        return word;
    }
#endif

    // Keeps the compiler from moving loads and stores, and thus calculations, past the change of mode.
    static void fence() noexcept {
#if defined(__GNUC__)
        __asm__ __volatile__("" : : : "memory");
#endif
    }

    Word saved_;
};

}  // namespace curtail::inline v0::detail

#undef CURTAIL_SSE_ARITHMETIC
