// SPDX-License-Identifier: MIT
#pragma once
// Compact JSON written value by value: as text, or only counted.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// Takes one JSON text in the order in which it is read. The caller closes what it opens, and gives a key before every
// value of an object. An interface and not a template, so that code that writes is compiled once for all writers.
class JsonWriter {
  public:
    JsonWriter() = default;
    JsonWriter(const JsonWriter&) = delete;
    JsonWriter& operator=(const JsonWriter&) = delete;
    virtual ~JsonWriter() = default;

    // Takes '{' or '['.
    virtual void open(char bracket) = 0;
    // Takes the matching bracket.
    virtual void close(char bracket) = 0;
    // Takes a number, true, false or null as JSON spells it.
    virtual void literal(std::string_view json) = 0;
    // Takes a string; what is not UTF-8 in it becomes U+FFFD.
    virtual void text(std::string_view value) = 0;

    // Takes a key that its object does not have yet.
    JsonWriter& key(std::string_view name) {
        member(name);
        return *this;
    }
    JsonWriter& key(Key known) { return key(key_name(known)); }

    void null() { literal("null"); }
    void value(std::string_view string) { text(string); }
    // Takes booleans and numbers, and nothing that would only convert to them, as a pointer does to bool.
    template <class T>
    requires std::is_arithmetic_v<T>
    void value(T plain) {
        if constexpr (std::same_as<T, bool>) {
            literal(plain ? "true" : "false");
        } else {
            using Number = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
            number(static_cast<std::conditional_t<std::is_floating_point_v<T>, T, Number>>(plain));
        }
    }
    void value(const Extreme& extreme) { literal(extreme.text()); }
    template <class T>
    void value(const std::optional<T>& known) {
        known ? value(*known) : null();
    }
    template <class Range>
    void list(const Range& values) {
        open('[');
        for (const auto& each : values) value(each);
        close(']');
    }

  private:
    virtual void member(std::string_view name) = 0;

    void number(std::int64_t value);
    void number(std::uint64_t value);
    void number(float value);
    void number(double value);
};

// Adds the commas, so that a class derived from it only takes pieces.
class CommaWriter : public JsonWriter {
  public:
    void open(char bracket) final {
        begin();
        piece({&bracket, 1});
        comma_ = false;
    }
    void close(char bracket) final {
        piece({&bracket, 1});
        comma_ = true;
    }
    void literal(std::string_view json) final {
        begin();
        piece(json);
    }
    void text(std::string_view value) final {
        begin();
        quote(value);
    }

  private:
    virtual void piece(std::string_view json) = 0;
    virtual void quote(std::string_view text) = 0;

    void member(std::string_view name) final {
        begin();
        quote(name);
        piece(":");
        comma_ = false;
    }

    void begin() {
        if (comma_) piece(",");
        comma_ = true;
    }

    bool comma_ = false;
};

// Writes JSON as text.
class JsonTextWriter final : public CommaWriter {
  public:
    // Writes into the memory of `memory`, whose text is dropped.
    explicit JsonTextWriter(std::string memory = {}) noexcept : out_(std::move(memory)) { out_.clear(); }

    // Returns what was written so far, and forgets it.
    [[nodiscard]] std::string take() { return std::exchange(out_, {}); }

  private:
    void piece(std::string_view json) override { out_ += json; }
    void quote(std::string_view text) override { append_json_string(out_, text); }

    std::string out_;
};

// Counts what JsonTextWriter would write, in the encoding of the meter.
class JsonSizeWriter final : public CommaWriter {
  public:
    explicit JsonSizeWriter(const JsonMeter& meter) : meter_(&meter), size_(meter.envelope()) {}

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    void piece(std::string_view json) override { size_ += meter_->json(json); }
    void quote(std::string_view text) override {
        size_ += is_utf8(text) ? meter_->string(text) : meter_->string(to_valid_utf8(text));
    }

    const JsonMeter* meter_;
    std::size_t size_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <curtail/core/number/double_bits.hpp>
#include <curtail/core/number/number_text.hpp>

namespace curtail::inline v0::detail {

CURTAIL_INLINE void JsonWriter::number(std::int64_t value) {
    char digits[max_number_chars];
    literal({digits, static_cast<std::size_t>(write_integer(digits, value) - digits)});
}
CURTAIL_INLINE void JsonWriter::number(std::uint64_t value) {
    char digits[max_number_chars];
    literal({digits, static_cast<std::size_t>(write_integer(digits, value) - digits)});
}
CURTAIL_INLINE void JsonWriter::number(float value) {
    if (!is_finite(value)) return null();
    char digits[max_number_chars];
    literal({digits, static_cast<std::size_t>(write_floating(digits, value) - digits)});
}
CURTAIL_INLINE void JsonWriter::number(double value) {
    if (!is_finite(value)) return null();
    char digits[max_number_chars];
    literal({digits, static_cast<std::size_t>(write_floating(digits, value) - digits)});
}

}  // namespace curtail::inline v0::detail
#endif
