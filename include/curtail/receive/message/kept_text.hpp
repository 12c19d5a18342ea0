// SPDX-License-Identifier: MIT
#pragma once
// Keeps the beginning of a text that arrives in parts, as valid UTF-8.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/compiled/attributes.hpp>
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0::detail {

// Holds at most `limit` bytes, however much is appended, and counts the bytes of the whole text. Ill-formed sequences
// become U+FFFD, and count as such. The result does not depend on how the text was divided.
class KeptText {
  public:
    void start(std::size_t limit) {
        text_.clear();
        limit_ = limit;
        bytes_ = 0;
        held_ = 0;
        full_ = false;
    }

    void append(std::string_view part) {
        while (held_ != 0 && !part.empty()) {
            // At most three bytes are held until the rest of their character arrives.
            hold_[held_++] = part.front();
            part.remove_prefix(1);
            settle(false);
        }
        while (!part.empty()) {
            const char* const begin = part.data();
            const auto ascii = static_cast<std::size_t>(find_non_ascii(begin, begin + part.size()) - begin);
            put_ascii(part.substr(0, ascii));
            part.remove_prefix(ascii);
            if (part.empty()) return;
            const Utf8Step step = decode_utf8(part);
            if (may_continue(step, part)) {
                held_ = part.copy(hold_, part.size());
                return;
            }
            put_character(step, part);
            part.remove_prefix(step.size);
        }
    }

    // Ends the text.
    void end() {
        if (held_ != 0) settle(true);
    }

    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] bool cut() const noexcept { return bytes_ > limit_; }
    [[nodiscard]] std::string_view view() const noexcept { return text_; }

    // Returns what is kept. If that is not all, it is cut at a character boundary and ends in U+2026, within the limit.
    [[nodiscard]] std::string take() {
        if (cut()) {
            text_.resize(utf8_prefix(text_, limit_ - (std::min)(limit_, ellipsis.size())).size());
            text_ += ellipsis;
        }
        std::string out;
        // The buffer may be much larger than the text, and stays here.
        out.assign(text_);
        text_.clear();
        return out;
    }

  private:
    // Returns true if more bytes could complete the character that `text` begins. `step` is that of decode_utf8().
    [[nodiscard]] static bool may_continue(const Utf8Step& step, std::string_view text) noexcept {
        const auto lead = static_cast<unsigned char>(text[0]);
        return !step.valid && step.size == text.size() && lead >= 0xC2 && lead <= 0xF4;
    }

    CURTAIL_NOINLINE void settle(bool last) {
        while (held_ != 0) {
            const std::string_view held(hold_, held_);
            const Utf8Step step = decode_utf8(held);
            if (!last && may_continue(step, held)) return;
            put_character(step, held);
            held_ -= step.size;
            for (std::size_t i = 0; i < held_; ++i) hold_[i] = hold_[i + step.size];
        }
    }

    void put_character(const Utf8Step& step, std::string_view source) {
        const std::string_view character = step.valid ? source.substr(0, step.size) : "\xEF\xBF\xBD";
        bytes_ += character.size();
        full_ = full_ || limit_ - text_.size() < character.size();
        if (!full_) text_ += character;
    }

    void put_ascii(std::string_view run) {
        bytes_ += run.size();
        if (full_) return;
        const std::size_t free = limit_ - text_.size();
        full_ = run.size() > free;
        text_ += run.substr(0, free);
    }

    std::string text_;
    std::size_t limit_ = 0;
    std::uint64_t bytes_ = 0;
    std::size_t held_ = 0;
    char hold_[4] = {};
    bool full_ = false;
};

}  // namespace curtail::inline v0::detail
