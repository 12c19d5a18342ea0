// SPDX-License-Identifier: MIT
#pragma once
// A guard for messages of any origin: is this one strictly smaller than what its transport takes?

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/json_value.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/json_meter.hpp>

namespace curtail::inline v0 {

/// Refuses every message that is not strictly smaller than `max_bytes`.
///
///     curtail::SizeGuard guard{.max_bytes = curtail::budgets::kafka};
///     guard.check(text);  // throws PayloadTooLarge
///     if (guard.accepts(nlohmann_value)) send(nlohmann_value.dump());
///
/// A message is a text, or a value of nlohmann/json. A value is measured as its compact dump() would be, with U+FFFD
/// for what is not UTF-8. Nothing is built for that, counting ends at the limit, and values can be nested to any depth.
/// All members throw UsageError (invalid_option) if `max_bytes` is 0: there is no unlimited budget.
struct SizeGuard {
    /// The limit of the encoded message, in bytes. Default: 1,000,000.
    std::size_t max_bytes = budgets::one_megabyte;

    /// What the transport puts the message into before it meets the limit. Default: raw.
    Encoding encoding = Encoding::raw;

    /// Throws PayloadTooLarge (payload_too_large), with the limit and the size counted so far, if the message, `text`
    /// or `value`, is too large.
    void check(std::string_view text) const { refuse_over(encoded_size(text)); }
    template <detail::JsonValue J>
    void check(const J& value) const {
        refuse_over(encoded_size(value));
    }

    /// Returns true if the message, `text` or `value`, is small enough.
    [[nodiscard]] bool accepts(std::string_view text) const { return encoded_size(text) < max_bytes; }
    template <detail::JsonValue J>
    [[nodiscard]] bool accepts(const J& value) const {
        return encoded_size(value) < max_bytes;
    }

    /// Returns the exact size of the encoded message, `text` or `value`, in bytes. If that is `max_bytes` or more,
    /// returns any number from `max_bytes` on.
    [[nodiscard]] std::size_t encoded_size(std::string_view text) const;
    template <detail::JsonValue J>
    [[nodiscard]] std::size_t encoded_size(const J& value) const {
        const std::size_t limit = raw_limit(max_bytes, encoding);
        return detail::encoded_size(Counter<J>(detail::JsonMeter(encoding), limit).count(value), encoding);
    }

  private:
    // Returns the size of a text as a JSON string with its quotes; what is not UTF-8 counts as U+FFFD.
    [[nodiscard]] static std::size_t string_size(const detail::JsonMeter& meter, std::string_view text,
                                                 std::size_t limit);

    void refuse_over(std::size_t size) const;

    // Walks the value with a stack of its own. Every open array or object has been counted with its two brackets, so
    // the stack is never longer than half the limit.
    template <class J>
    class Counter {
      public:
        Counter(detail::JsonMeter meter, std::size_t limit) : meter_(meter), limit_(limit), size_(meter.envelope()) {}

        [[nodiscard]] std::size_t count(const J& root) {
            enter(root);
            while (!open_.empty() && size_ < limit_) {
                auto& [container, at] = open_.back();
                if (at == container->cend()) {
                    open_.pop_back();
                    continue;
                }
                if (at != container->cbegin()) size_ += 1;
                if (container->is_object()) size_ += text(at.key()) + 1;
                const J& value = *at;
                ++at;  // before enter(), which may move the stack
                enter(value);
            }
            return size_;
        }

      private:
        struct Open {
            const J* container;
            typename J::const_iterator at;
        };

        void enter(const J& value) {
            if (value.is_structured()) {
                size_ += 2;
                open_.push_back({&value, value.cbegin()});
            } else if (value.is_string()) {
                size_ += text(value.template get_ref<const typename J::string_t&>());
            } else if (value.is_binary()) {
                enter_binary(value.get_binary());
            } else {
                size_ += value.dump().size();  // a number or a word: short enough to need no memory of its own
            }
        }

        // Counts bytes as dump() writes them: an object of two members, an array of numbers and a subtype.
        void enter_binary(const typename J::binary_t& binary) {
            size_ += meter_.json("{\"bytes\":[],\"subtype\":null}") + (binary.empty() ? 0 : binary.size() - 1);
            if (binary.has_subtype())
                size_ += std::to_string(binary.subtype()).size() - std::string_view("null").size();
            for (std::size_t i = 0; i < binary.size() && size_ < limit_; ++i) {
                const auto byte = static_cast<unsigned>(binary[i]);
                size_ += byte < 10 ? 1 : byte < 100 ? 2 : 3;
            }
        }

        [[nodiscard]] std::size_t text(std::string_view value) const { return string_size(meter_, value, limit_); }

        detail::JsonMeter meter_;
        std::size_t limit_;
        std::size_t size_;
        std::vector<Open> open_;
    };
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE std::size_t SizeGuard::encoded_size(std::string_view text) const {
    const std::size_t limit = raw_limit(max_bytes, encoding);
    const bool wrapped = encoding == Encoding::json_string && text.size() < limit;
    const std::size_t size = wrapped ? string_size(detail::JsonMeter(), text, limit) : text.size();
    return detail::encoded_size(size, encoding);
}

CURTAIL_INLINE std::size_t SizeGuard::string_size(const detail::JsonMeter& meter, std::string_view text,
                                                  std::size_t limit) {
    std::size_t size = meter.string({});
    while (!text.empty() && size < limit) {
        // In pieces: a gigabyte need not be read to learn that it is too long.
        const std::string_view piece = utf8_prefix(text, 65536);
        text.remove_prefix(piece.size());
        size += is_utf8(piece) ? meter.content(piece) : meter.content(to_valid_utf8(piece));
    }
    return size;
}

CURTAIL_INLINE void SizeGuard::refuse_over(std::size_t size) const {
    if (size >= max_bytes) throw PayloadTooLarge(size, max_bytes);
}

}  // namespace curtail::inline v0
#endif
