// SPDX-License-Identifier: MIT
#pragma once
// Cells as JSON text, for the nested cells that a source builds itself.

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>

namespace curtail::inline v0::detail {

// Appends `text` as a JSON string. Characters above U+007F stay as they are; what is not UTF-8 becomes U+FFFD.
inline void append_json_string(std::string& out, std::string_view text) {
    constexpr char hex[] = "0123456789abcdef";
    out += '"';
    while (!text.empty()) {
        std::size_t plain = 0;
        const auto is_plain = [](char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; };
        while (plain < text.size() && is_plain(text[plain])) ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const Utf8Step step = decode_utf8(text);
        switch (text[0]) {
            case '"': out += "\\\""; break;
            case '\\': out += "\\\\"; break;
            case '\b': out += "\\b"; break;
            case '\f': out += "\\f"; break;
            case '\n': out += "\\n"; break;
            case '\r': out += "\\r"; break;
            case '\t': out += "\\t"; break;
            default:
                if (step.code_point < 0x20) {
                    out += "\\u00";
                    out += hex[step.code_point >> 4U];
                    out += hex[step.code_point & 15U];
                } else {
                    append_utf8(out, step.code_point);
                }
        }
        text.remove_prefix(step.size);
    }
    out += '"';
}

// A visitor that appends a cell's plain form as JSON: numbers and decimals with all their digits, NaN and the
// infinities as null, times and bytes as strings with the text that they have in the file.
struct JsonCellWriter {
    std::string* out;

    void operator()(Null) const { *out += "null"; }
    void operator()(bool value) const { *out += value ? "true" : "false"; }
    template <std::integral Integer>
    void operator()(Integer value) const {
        *out += number_text(value);
    }
    template <std::floating_point Float>
    void operator()(Float value) const {
        *out += detail::is_finite(value) ? number_text(value) : std::string("null");
    }
    void operator()(const Decimal& value) const { *out += value.digits; }
    void operator()(std::string_view value) const { append_json_string(*out, value); }
    void operator()(const Bytes& value) const { append_json_string(*out, bytes_text(value)); }
    void operator()(const Timestamp& value) const {
        timed([&](char* text) { return write_timestamp(text, value); });
    }
    void operator()(const Date& value) const {
        timed([&](char* text) { return write_date(text, value.days); });
    }
    void operator()(const TimeOfDay& value) const {
        timed([&](char* text) { return write_time(text, value); });
    }
    void operator()(const Duration& value) const {
        timed([&](char* text) { return write_duration(text, value); });
    }
    void operator()(const Nested& value) const { *out += value.json; }

  private:
    template <class Write>
    void timed(Write write) const {
        char text[max_time_chars];
        append_json_string(*out, std::string_view(text, static_cast<std::size_t>(write(text) - text)));
    }
};

}  // namespace curtail::inline v0::detail
