// SPDX-License-Identifier: MIT
#pragma once
// One cell as one CSV field.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include <curtail/artifact/csv_dialect.hpp>
#include <curtail/artifact/text_buffer.hpp>
#include <curtail/core/number_text.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/cell_text.hpp>

namespace curtail::inline v0 {

// Writes fields in one dialect. Quotes only what must be quoted: text with a separator, a quote, CR or LF, and the empty
// text, so that it stays apart from a null, which is nothing at all.
template <class Output>
class CsvFieldWriter {
  public:
    CsvFieldWriter(TextBuffer<Output>& out, const CsvDialect& dialect) noexcept : out_(&out), separator_(dialect.separator) {}

    // Any CellLike.
    template <class T>
    void write(const T& value) {
        visit_cell(value, [this](const auto& cell) { this->field(cell); });
    }

    // A header name, or any text.
    void write_text(std::string_view text) { field(text); }

    // In quotes whatever it holds.
    void write_quoted(std::string_view text) {
        out_->put('"');
        for (;;) {
            const std::size_t quote = text.find('"');
            if (quote == std::string_view::npos) break;
            out_->append(text.substr(0, quote + 1));
            out_->put('"');
            text.remove_prefix(quote + 1);
        }
        out_->append(text);
        out_->put('"');
    }

  private:
    void field(Null) noexcept {}
    void field(bool value) { out_->append(value ? std::string_view("True") : std::string_view("False")); }
    void field(std::int64_t value) { out_->commit(write_integer(out_->reserve(max_number_chars), value)); }
    void field(std::uint64_t value) { out_->commit(write_integer(out_->reserve(max_number_chars), value)); }
    void field(float value) { floating(value); }
    void field(double value) { floating(value); }
    void field(const Decimal& value) { field(value.digits); }
    void field(std::string_view text) {
        if (text.empty() || needs_quotes(text)) {
            write_quoted(text);
        } else {
            out_->append(text);
        }
    }
    void field(const Bytes& value) { field(std::string_view(bytes_text(value))); }
    void field(const Timestamp& value) { out_->commit(write_timestamp(out_->reserve(max_time_chars), value)); }
    void field(const Date& value) { out_->commit(write_date(out_->reserve(max_time_chars), value.days)); }
    void field(const TimeOfDay& value) { out_->commit(write_time(out_->reserve(max_time_chars), value)); }
    void field(const Duration& value) { out_->commit(write_duration(out_->reserve(max_time_chars), value)); }
    void field(const Nested& value) { field(value.json); }

    // NaN, inf and -inf are the spellings that pandas, polars and DuckDB all read as numbers.
    template <class Float>
    void floating(Float value) {
        if (std::isfinite(value)) [[likely]] {
            out_->commit(write_floating(out_->reserve(max_number_chars), value));
        } else if (std::isnan(value)) {
            out_->append("NaN");
        } else {
            out_->append(value < 0 ? std::string_view("-inf") : std::string_view("inf"));
        }
    }

    [[nodiscard]] bool needs_quotes(std::string_view text) const noexcept {
        for (const char c : text) {
            // All that can be special but the separator lies at or below the quote, 0x22, so one comparison settles most.
            if (c == separator_ || c == '"' || c == '\n' || c == '\r') return true;
        }
        return false;
    }

    TextBuffer<Output>* out_;
    char separator_;
};

}  // namespace curtail::inline v0
