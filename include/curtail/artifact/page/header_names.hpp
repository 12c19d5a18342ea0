// SPDX-License-Identifier: MIT
#pragma once
// What the names in the first line of an artifact must be.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/artifact/page/record_reader.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/csv/separator_evidence.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Refuses a header whose field `field`, with the name `name`, is not that of column `index` of `schema`. `whose` says
// where the schema is from, for a person. Throws InputError (malformed_input).
inline void expect_column(const Schema& schema, std::size_t index, std::string_view name, std::string_view whose,
                          const RecordReader& reader, const FieldText& field) {
    const bool known = index < schema.size();
    if (known && to_valid_utf8(schema[index].name) == to_valid_utf8(name)) return;
    reader.fail(concat({"column ", std::to_string(index), " of the header is ", quoted_for_error(name), "; by ", whose,
                        known ? " it is " + quoted_for_error(schema[index].name) : " there is none"}),
                field.offset);
}

// Refuses a file of another separator than `separator`, which nobody gave: each of its rows would be one text. `name`
// is the only one in the header, and the reader is at the first row, which it reads if `name` has a known separator in
// it. Throws InputError (malformed_input).
inline void expect_separator(char separator, std::string_view name, RecordReader& reader) {
    if (name.find_first_of(known_separators) == std::string_view::npos || reader.at_end()) return;
    FieldText row;
    if (reader.field(65'536, row) || row.quoted) return;
    SeparatorEvidence evidence;
    evidence.see_header(name, separator);
    evidence.see_row(row.text);
    if (evidence.other() == '\0') return;
    reader.fail(concat({"read with a comma between fields, the header is a single field, and it has ",
                        separator_name(evidence.other()), " in it as the first row has: give the dialect of the file"}),
                row.offset);
}

}  // namespace curtail::inline v0::detail
