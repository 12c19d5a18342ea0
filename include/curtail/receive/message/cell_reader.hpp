// SPDX-License-Identifier: MIT
#pragma once
// Makes whole, bounded keys and cells of the parts that a JSON reader reports, for a collector.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/text/json_escape.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/json/byte_scan.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/message/kept_text.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

// A collector's answer before a value is read.
enum class CollectorAnswer : std::uint8_t {
    enter,      // give me the members of this array or object
    cell,       // give me the value as one cell, an array or object as compact JSON
    name,       // the same, with the limit for names
    text,       // the same, with the limit for texts
    embedded,   // give me this string in parts, because it holds JSON
    skip,       // ignore the value
    skip_rest,  // ignore it and all that follow in its array or object, but count them
};

// The key of the current value. Keys that are cut differ by size and hash.
struct KeyText {
    std::string_view text;
    std::uint64_t bytes = 0;
    std::uint64_t hash = 0;
    bool cut = false;
};

// The options, and what is left of max_kept_bytes.
struct Limits {
    ReceiverOptions options;
    std::size_t left = 0;

    // Returns true if nothing more may be kept.
    [[nodiscard]] bool spent() const noexcept { return left == 0; }
    void spend(std::size_t bytes) noexcept { left -= (std::min)(left, bytes); }
    void spend(const std::string& kept) noexcept { spend(kept.size() + sizeof(std::string)); }
    void refund(std::size_t bytes) noexcept { left = (std::min)(left + bytes, options.max_kept_bytes); }
};

inline constexpr std::uint64_t empty_hash = 14695981039346656037U;  // FNV-1a

// Returns the hash of a text that continues with `part`.
[[nodiscard]] constexpr std::uint64_t hash_on(std::uint64_t hash, std::string_view part) noexcept {
    for (const char c : part) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return hash;
}

// Returns the key as a name, with U+2026 at the end of a cut one.
[[nodiscard]] inline std::string kept_name(const KeyText& key, const Limits& limits) {
    if (!key.cut) return std::string(key.text);
    std::string name(utf8_prefix(key.text, limits.options.max_name_bytes - ellipsis.size()));
    return name += ellipsis;
}

// The JsonHandler of a Collector, which has these members:
//   CollectorAnswer value(JsonKind, const KeyText&, Limits&)  is called before each value
//   void cell(SampleCell, Limits&)  follows CollectorAnswer::cell, name and text
//   void enter(), leave(Limits&)    are called around the members after CollectorAnswer::enter
//   void skipped(std::uint64_t)     counts values after CollectorAnswer::skip_rest; counts add up
//   void embedded(part, offset, Limits&), embedded_end(offset, Limits&)  follow CollectorAnswer::embedded
template <class Collector>
class CellReader {
  public:
    explicit CellReader(const ReceiverOptions& options, Collector collector = {})
        : collector_(std::move(collector)), limits_{options, options.max_kept_bytes} {}

    [[nodiscard]] Collector& collector() noexcept { return collector_; }
    [[nodiscard]] const Collector& collector() const noexcept { return collector_; }
    [[nodiscard]] Limits& limits() noexcept { return limits_; }

    ReaderAnswer wants(JsonKind kind) {
        if (nested_ != 0) {
            if (comma_) text_.append(",");
            comma_ = false;
            if (kind == JsonKind::string) text_.append("\"");
            return ReaderAnswer::keep;
        }
        const ReceiverOptions& options = limits_.options;
        answer_ = collector_.value(kind, KeyText{key_.view(), key_.bytes(), key_hash_, key_.cut()}, limits_);
        switch (answer_) {
            case CollectorAnswer::skip: return ReaderAnswer::skip;
            case CollectorAnswer::skip_rest: return ReaderAnswer::skip_rest;
            case CollectorAnswer::enter:
            case CollectorAnswer::embedded: return ReaderAnswer::keep;
            case CollectorAnswer::cell: text_.start((std::min)(options.max_cell_bytes, limits_.left)); break;
            case CollectorAnswer::name: text_.start(options.max_name_bytes); break;
            case CollectorAnswer::text: text_.start(options.max_text_bytes); break;
        }
        return ReaderAnswer::keep;
    }

    void on_begin(JsonKind kind) {
        if (nested_ == 0 && answer_ == CollectorAnswer::enter) {
            key_.start(0);
            key_hash_ = empty_hash;
            collector_.enter();
            return;
        }
        ++nested_;
        comma_ = false;
        text_.append(kind == JsonKind::object ? "{" : "[");
    }

    void on_end(JsonKind kind) {
        if (nested_ == 0) {
            collector_.leave(limits_);
            return;
        }
        text_.append(kind == JsonKind::object ? "}" : "]");
        comma_ = true;
        if (--nested_ == 0) finish_cell(SampleCell::Kind::nested);
    }

    void on_key_begin() {
        if (nested_ == 0) {
            key_.start(limits_.options.max_name_bytes);
            key_hash_ = empty_hash;
        } else {
            text_.append(comma_ ? ",\"" : "\"");
            comma_ = false;
        }
    }

    void on_key_part(std::string_view part) {
        if (nested_ == 0) {
            key_.append(part);
            key_hash_ = hash_on(key_hash_, part);
        } else {
            append_escaped(part);
        }
    }

    void on_key_end() {
        if (nested_ == 0) {
            key_.end();
        } else {
            text_.append("\":");
        }
    }

    void on_string_part(std::string_view part, std::uint64_t offset) {
        if (nested_ != 0) {
            append_escaped(part);
        } else if (answer_ == CollectorAnswer::embedded) {
            if constexpr (reads_embedded) collector_.embedded(part, offset, limits_);
        } else {
            text_.append(part);
        }
    }

    void on_string_end(std::uint64_t offset) {
        if (nested_ != 0) {
            text_.append("\"");
            comma_ = true;
        } else if (answer_ == CollectorAnswer::embedded) {
            if constexpr (reads_embedded) collector_.embedded_end(offset, limits_);
        } else {
            finish_cell(SampleCell::Kind::text);
        }
    }

    void on_number_part(std::string_view part) { text_.append(part); }
    void on_number_end() { finish_scalar(SampleCell::Kind::number); }

    void on_boolean(bool truth) {
        text_.append(truth ? "true" : "false");
        finish_scalar(SampleCell::Kind::boolean);
    }

    void on_null() {
        if (nested_ != 0) text_.append("null");
        finish_scalar(SampleCell::Kind::null);
    }

    void on_skipped(std::uint64_t count) { collector_.skipped(count); }

  private:
    static constexpr bool reads_embedded = requires(Collector collector, Limits limits) {
        collector.embedded(std::string_view(), std::uint64_t(), limits);
        collector.embedded_end(std::uint64_t(), limits);
    };

    void append_escaped(std::string_view part) {
        const char* p = part.data();
        const char* const end = p + part.size();
        while (p != end) {
            const char* const stop = find_string_stop(p, end);
            text_.append(std::string_view(p, static_cast<std::size_t>(stop - p)));
            if (stop == end) return;
            std::string escape;
            append_json_escape(escape, *stop);
            text_.append(escape);
            p = stop + 1;
        }
    }

    void finish_scalar(SampleCell::Kind kind) {
        comma_ = true;
        if (nested_ == 0) finish_cell(kind);
    }

    void finish_cell(SampleCell::Kind kind) {
        text_.end();
        const std::uint64_t cut_from = text_.cut() ? text_.bytes() : 0;
        collector_.cell(SampleCell{kind, text_.take(), cut_from}, limits_);
    }

    Collector collector_;
    Limits limits_;
    KeptText key_;
    KeptText text_;
    std::uint64_t key_hash_ = empty_hash;
    std::size_t nested_ = 0;  // open brackets of the cell that is kept as JSON
    bool comma_ = false;      // the next value in that cell needs a comma before it
    CollectorAnswer answer_ = CollectorAnswer::skip;
};

}  // namespace curtail::inline v0::detail
