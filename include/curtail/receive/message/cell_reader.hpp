// SPDX-License-Identifier: MIT
#pragma once
// Makes whole, bounded keys and cells of the parts that a JSON reader reports, for a collector.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/core/text/byte_scan.hpp>
#include <curtail/core/text/json_escape.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/json/events.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/json/reader_state.hpp>
#include <curtail/receive/message/kept_text.hpp>
#include <curtail/receive/message/limits.hpp>
#include <curtail/receive/receiver_options.hpp>

namespace curtail::inline v0::detail {

// A collector's answer before a value is read.
enum class CollectorAnswer : std::uint8_t {
    enter,      // report the members of this array or object
    cell,       // report the value as one cell, an array or object as compact JSON
    name,       // the same, with the limit for names
    text,       // the same, with the limit for texts
    embedded,   // if this string holds JSON, report that in its place, otherwise a cell with the limit for names
    skip,       // ignore the value
    skip_rest,  // ignore it and all that follow in its array or object, but count them
};

// The JsonHandler of a Collector, which has these members:
//   CollectorAnswer value(JsonKind, const KeyText&, Limits&)  is called before each value
//   void cell(SampleCell, Limits&)  follows CollectorAnswer::cell, name and text
//   void enter(), leave(Limits&)    are called around the members after CollectorAnswer::enter
//   void skipped(std::uint64_t)     counts values after CollectorAnswer::skip_rest; counts add up
//   bool embedded_failed(depth)     is called if the JSON in a string breaks off: forget what it gave. `depth` is the
//                                   number of arrays and objects around the string. After the answer true, a text cell
//                                   without text says how large the string was; false makes the message malformed.
//                                   Needed by those that answer CollectorAnswer::embedded.
template <class Collector>
class CellReader {
  public:
    // The collector is made of `of_collector`.
    template <class... Of>
    explicit CellReader(const ReceiverOptions& options, Of&&... of_collector)
        : collector_(std::forward<Of>(of_collector)...), limits_(options) {}

    [[nodiscard]] Collector& collector() noexcept { return collector_; }
    [[nodiscard]] const Collector& collector() const noexcept { return collector_; }

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
            case CollectorAnswer::enter: break;
            case CollectorAnswer::cell: text_.start((std::min)(options.max_cell_bytes, limits_.left)); break;
            case CollectorAnswer::embedded:
            case CollectorAnswer::name: text_.start(at_most_left(options.max_name_bytes)); break;
            case CollectorAnswer::text: {
                const std::size_t free = (std::max)(limits_.left, Limits::min_text_bytes);
                text_.start((std::min)(options.max_text_bytes, free));
                break;
            }
        }
        return ReaderAnswer::keep;
    }

    void on_begin(JsonKind kind) {
        if (nested_ == 0 && answer_ == CollectorAnswer::enter) {
            key_.start(0);
            key_hash_ = empty_hash;
            ++entered_;
            collector_.enter();
            return;
        }
        ++nested_;
        comma_ = false;
        text_.append(kind == JsonKind::object ? "{" : "[");
    }

    void on_end(JsonKind kind) {
        if (nested_ == 0) {
            --entered_;
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
        if (running_ < embedded_count_) {
            feed_embedded(part, offset);
        } else if (nested_ != 0) {
            append_escaped(part);
        } else if (answer_ == CollectorAnswer::embedded) {
            begin_embedded(part, offset);
        } else {
            text_.append(part);
        }
    }

    void on_string_end(std::uint64_t offset) {
        if (running_ < embedded_count_) {
            end_embedded(offset);
        } else if (nested_ != 0) {
            text_.append("\"");
            comma_ = true;
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
    // JSON inside a string. It is read with this CellReader as its handler.
    struct Embedded {
        JsonReaderState at{ReceiverOptions{}};
        std::size_t depth = 0;    // entered_ at the string
        std::uint64_t bytes = 0;  // of the string
        bool failed = false;
    };

    // A string that is the text of a string that is the text of a message: some peers encode twice.
    static constexpr std::size_t max_embedded = 3;

    [[nodiscard]] std::size_t at_most_left(std::size_t limit) const noexcept {
        return (std::min)(limit, (std::max)(limits_.left, Limits::min_name_bytes));
    }

    // Decides by the first character whether a string is JSON.
    void begin_embedded(std::string_view part, std::uint64_t offset) {
        const char* const end = part.data() + part.size();
        const char* const begin = find_non_space(part.data(), end);
        if (begin == end) return text_.append(part);
        const bool opens = *begin == '[' || *begin == '{' || *begin == '"';
        if (opens && embedded_count_ < max_embedded) {
            // White space before this part is not given to the reader, but counts.
            Embedded& inner = embedded_[embedded_count_++];
            inner = {JsonReaderState(limits_.options), entered_, text_.bytes(), false};
            inner.at.base = inner.bytes;
            feed_embedded(part, offset);
        } else {
            answer_ = CollectorAnswer::name;
            text_.append(part);
        }
    }

    void feed_embedded(std::string_view part, std::uint64_t offset) {
        Embedded& inner = embedded_[running_];
        inner.bytes += part.size();
        // Only the end of a part is known, because escapes are longer in the message than here.
        const std::uint64_t shift = offset - part.size() - inner.at.base;
        run_embedded(inner, shift, [&] { JsonPushReader<CellReader>(inner.at, *this).feed(part); });
    }

    // Ends a string, whose closing quote is before the byte `offset` of the message.
    void end_embedded(std::uint64_t offset) {
        Embedded& inner = embedded_[running_];
        run_embedded(inner, offset - 1 - inner.at.base, [&] { JsonPushReader<CellReader>(inner.at, *this).finish(); });
        const bool failed = inner.failed;
        const std::uint64_t bytes = inner.bytes;
        --embedded_count_;
        if (failed) collector_.cell(SampleCell{SampleCell::Kind::text, {}, bytes}, limits_);
    }

    template <class Act>
    void run_embedded(Embedded& inner, std::uint64_t shift, Act act) {
        if (inner.failed) return;
        ++running_;
        try {
            act();
            --running_;
        } catch (const MessageError& error) {
            --running_;
            embedded_count_ = running_ + 1;
            nested_ = 0;
            entered_ = inner.depth;
            inner.failed = true;
            if constexpr (requires { collector_.embedded_failed(inner.depth); }) {
                if (collector_.embedded_failed(inner.depth)) return;
            }
            const bool limit = error.code() == ErrorCode::message_limit;
            throw MessageError(limit ? error.code() : ErrorCode::malformed_message,
                               ShortText{"the message is a JSON text inside a JSON text, and is not JSON at its byte ",
                                         count_text(error.offset())},
                               error.offset() + shift);
        }
    }

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
    std::array<Embedded, max_embedded> embedded_;  // strings that are being read as JSON, each inside the one before
    std::size_t embedded_count_ = 0;
    std::size_t running_ = 0;  // how many of these are around the current event
    std::size_t entered_ = 0;  // arrays and objects that the collector is in
    std::size_t nested_ = 0;   // open brackets of the cell that is kept as JSON
    bool comma_ = false;       // the next value in that cell needs a comma before it
    CollectorAnswer answer_ = CollectorAnswer::skip;
};

}  // namespace curtail::inline v0::detail
