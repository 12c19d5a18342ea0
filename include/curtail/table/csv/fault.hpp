// SPDX-License-Identifier: MIT
#pragma once
// Finds what is wrong with a CSV record that could not be read, and where.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace curtail::inline v0::detail {

enum class CsvFaultKind : std::uint8_t {
    none,
    nul_byte,
    stray_quote,        // in a field that does not begin with one
    text_behind_quote,  // between a closing quote and the separator
    lone_carriage_return,
    unclosed_quote,
};

struct CsvFault {
    CsvFaultKind kind = CsvFaultKind::none;
    std::size_t offset = 0;  // of the byte at fault; of the opening quote for unclosed_quote
};

// Returns what is wrong and how to mend it, for a person.
[[nodiscard]] constexpr std::string_view describe_fault(CsvFaultKind kind) noexcept {
    switch (kind) {
        case CsvFaultKind::none: return "";
        case CsvFaultKind::nul_byte: return "a NUL byte: this is UTF-16 or not text; save it as CSV in UTF-8";
        case CsvFaultKind::stray_quote:
            return "a quote inside a field that does not begin with one; "
                   "put the whole field in quotes and double the quotes that belong to its text";
        case CsvFaultKind::text_behind_quote:
            return "text behind a closing quote; "
                   "double the quotes that belong to the text, and let the separator follow the closing one";
        case CsvFaultKind::lone_carriage_return:
            return "a carriage return outside quotes that no line feed follows; "
                   "save the file with line ends LF or CRLF";
        case CsvFaultKind::unclosed_quote:
            return "the quote that opens here is never closed; close it, or double it if it belongs to the text";
    }
    return "";
}

// Returns what a text that begins like this is in place of CSV, and how to mend it, for a person. Empty for all other
// texts: the bytes of each format are more than any header line begins with.
[[nodiscard]] constexpr std::string_view foreign_format(std::string_view head) noexcept {
    const auto begins = [&](auto... marks) { return (head.starts_with(std::string_view(marks)) || ...); };
    if (begins("\xFF\xFE", "\xFE\xFF")) return "the text is UTF-16; save it as CSV in UTF-8";
    if (begins("\x1F\x8B")) return "this is gzip; decompress it first";
    if (begins("\x28\xB5\x2F\xFD")) return "this is zstd; decompress it first";
    if (begins("\xFD\x37zXZ")) return "this is xz; decompress it first";
    if (begins("BZh91AY&SY")) return "this is bzip2; decompress it first";
    if (begins("PK\x03\x04")) return "this is a ZIP file, as a workbook of Excel is; save the table as CSV";
    if (begins("\xD0\xCF\x11\xE0")) return "this is a workbook of Excel; save the table as CSV";
    if (begins("PAR1\x15")) return "this is a Parquet file; save the table as CSV";
    if (begins(std::string_view("ARROW1\0", 7))) return "this is an Arrow file; save the table as CSV";
    if (begins("SQLite format 3")) return "this is an SQLite database; save the table as CSV";
    if (begins("[{\"", "{\"", "[[", "[\n", "{\n", "[\r\n", "{\r\n")) return "this is JSON; save the table as CSV";
    return {};
}

// Returns the first fault of a text of one or more records.
[[nodiscard]] constexpr CsvFault find_csv_fault(std::string_view text, char separator) noexcept {
    enum class State : std::uint8_t { field_begin, bare, quoted, behind_quote };
    State state = State::field_begin;
    std::size_t opened = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\0') return {CsvFaultKind::nul_byte, i};
        if (state == State::quoted) {
            if (c == '"') state = State::behind_quote;
        } else if (c == '"') {
            if (state == State::bare) return {CsvFaultKind::stray_quote, i};
            if (state == State::field_begin) opened = i;
            state = State::quoted;
        } else if (c == separator || c == '\n') {
            state = State::field_begin;
        } else if (c == '\r') {
            if (i + 1 == text.size() || text[i + 1] != '\n') return {CsvFaultKind::lone_carriage_return, i};
        } else {
            if (state == State::behind_quote) return {CsvFaultKind::text_behind_quote, i};
            state = State::bare;
        }
    }
    if (state == State::quoted) return {CsvFaultKind::unclosed_quote, opened};
    return {};
}

}  // namespace curtail::inline v0::detail
