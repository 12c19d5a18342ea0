// SPDX-License-Identifier: MIT
#pragma once
// What a text must be quoted for in one dialect, and the text in its quotes.

#include <cstddef>
#include <string_view>

#include <curtail/artifact/csv/quote_scan.hpp>
#include <curtail/artifact/csv_dialect.hpp>

namespace curtail::inline v0::detail {

// Knows the characters that are special wherever they stand; what is so in some places only is its user's to know.
class FieldQuotes {
  public:
    explicit FieldQuotes(const CsvDialect& dialect) noexcept
        : scan_(dialect.separator, dialect.quote),
          separator_(dialect.separator),
          quote_(dialect.quote),
          escape_(dialect.escape),
          line_mark_(dialect.line_end.front()),
          doubles_(dialect.double_quote) {}

    // Whether finds_usual() finds all that there is to find.
    [[nodiscard]] bool only_usual() const noexcept {
        return escape_ == '\0' && (line_mark_ == '\n' || line_mark_ == '\r');
    }
    // The separator, the quote, CR or LF.
    [[nodiscard]] bool finds_usual(std::string_view text) const noexcept { return scan_.finds(text); }

    [[nodiscard]] bool finds(std::string_view text) const noexcept {
        return scan_.finds(text) ||
               (!only_usual() && (text.find(line_mark_) != std::string_view::npos ||
                                  (escape_ != '\0' && text.find(escape_) != std::string_view::npos)));
    }

    [[nodiscard]] bool is_special(char c) const noexcept { return finds({&c, 1}); }

    template <class Buffer>
    void put_quote(Buffer& out) const {
        out.put(quote_);
    }

    // Text inside of quotes.
    template <class Buffer>
    void write_inside(Buffer& out, std::string_view text) const {
        if (escape_ == '\0') {
            // A quote doubled is a quote before a quote; to look for one byte alone is a search of memory.
            for (std::size_t at; (at = text.find(quote_)) != std::string_view::npos;) {
                out.append(text.substr(0, at + 1));
                out.put(quote_);
                text.remove_prefix(at + 1);
            }
            out.append(text);
        } else {
            const char marks[] = {quote_, escape_};
            write_marked(out, text, std::string_view(marks, sizeof marks), doubles_ ? quote_ : escape_);
        }
    }

    // Text without quotes, which an escape must make up for.
    template <class Buffer>
    void write_escaped(Buffer& out, std::string_view text) const {
        const char marks[] = {separator_, quote_, escape_, line_mark_, '\r', '\n'};
        write_marked(out, text, std::string_view(marks, sizeof marks), escape_);
    }

    template <class Buffer>
    void put_escape(Buffer& out) const {
        out.put(escape_);
    }

  private:
    // `before_quote` before each quote, the escape before each other one of `marks`.
    template <class Buffer>
    void write_marked(Buffer& out, std::string_view text, std::string_view marks, char before_quote) const {
        for (std::size_t at; (at = text.find_first_of(marks)) != std::string_view::npos;) {
            out.append(text.substr(0, at));
            out.put(text[at] == quote_ ? before_quote : escape_);
            out.put(text[at]);
            text.remove_prefix(at + 1);
        }
        out.append(text);
    }

    QuoteScan scan_;
    char separator_;
    char quote_;
    char escape_;
    char line_mark_;
    bool doubles_;
};

}  // namespace curtail::inline v0::detail
