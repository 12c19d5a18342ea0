// SPDX-License-Identifier: MIT
#pragma once
// Cells as JSON text, for the nested cells that a source builds itself.

#include <concepts>
#include <string>
#include <string_view>

#include <curtail/core/number/number_text.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell/time_text.hpp>
#include <curtail/table/cell/verbatim.hpp>

namespace curtail::inline v0::detail {

// A visitor that appends a cell's plain form as JSON. NaN and the infinities become null, times and bytes the strings
// that they are in the file. Throws CellFault, because a source may call it with cells that are not checked.
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
        *out += is_finite(value) ? number_text(value) : std::string("null");
    }
    void operator()(const Decimal& value) const { *out += value.digits; }
    void operator()(std::string_view value) const { append_json_string(*out, value); }
    void operator()(const Bytes& value) const { append_json_string(*out, bytes_text(value)); }
    template <TimeForm Time>
    void operator()(const Time& value) const {
        check_plain(value);
        append_json_string(*out, TimeText(value));
    }
    void operator()(const Nested& value) const { *out += value.json; }
    void operator()(const Verbatim& value) const { visit_meaning(value, *this); }
};

}  // namespace curtail::inline v0::detail
