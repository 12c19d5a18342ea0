// SPDX-License-Identifier: MIT
#pragma once
// The plain forms of a cell: the forms in which every cell reaches the file and the message.

#include <cstdint>
#include <string_view>
#include <variant>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// The unit of a Timestamp, a TimeOfDay or a Duration. It decides how many digits a time has in the file: none, 3, 6 or
/// 9 after the seconds.
enum class TimeUnit : std::uint8_t {
    second,       ///< 1 s.
    millisecond,  ///< 10^-3 s.
    microsecond,  ///< 10^-6 s.
    nanosecond,   ///< 10^-9 s.
};

/// A missing value.
struct Null {};

/// An exact number as text in JSON's number grammar: -?digits[.digits][e±digits], no leading zeros, no plus sign. Any
/// other text is refused.
struct Decimal {
    std::string_view digits;  ///< Must be valid while the cell is visited.
};

/// Bytes that are not text.
struct Bytes {
    std::string_view data;  ///< Must be valid while the cell is visited.
};

/// A date and time of day.
struct Timestamp {
    /// Units since 1970-01-01 00:00:00: UTC with a zone, else local ("naive") time. INT64_MAX and -INT64_MAX are the
    /// infinite future and past of databases, written as infinity and -infinity. INT64_MIN is refused: producers write
    /// it for a missing value.
    std::int64_t count;
    TimeUnit unit;               ///< What `count` counts.
    std::string_view zone = {};  ///< The name of a time zone, such as "Europe/Zurich". Default: none.
};

/// A day.
struct Date {
    /// Days since 1970-01-01 in the proleptic Gregorian calendar. INT32_MAX, -INT32_MAX and INT32_MIN mean what the
    /// extremes of a Timestamp mean.
    std::int32_t days;
};

/// A time of day without a date.
struct TimeOfDay {
    std::int64_t count;  ///< Units since midnight, 0 to 24 hours.
    TimeUnit unit;       ///< What `count` counts.
};

/// A length of time.
struct Duration {
    std::int64_t count;  ///< May be negative. INT64_MIN is refused, as for a Timestamp.
    TimeUnit unit;       ///< What `count` counts.
};

/// A list, struct or map.
struct Nested {
    std::string_view json;  ///< Its JSON text. Must be valid while the cell is visited.
};

/// A cell of a text input that has a meaning beside its text. The file has the text, which is never spelled in another
/// way; message, statistics and number_of() have the meaning.
struct Verbatim {
    /// What the text stands for.
    enum class Meaning : std::uint8_t {
        null,     ///< A missing value.
        boolean,  ///< True or False, in any of pandas' spellings.
        number,   ///< A number, as read_number() reads it.
        text,     ///< Itself. The file has it in quotes, because it would be a null without them.
    };

    std::string_view text;  ///< Must be valid while the cell is visited.
    Meaning meaning;        ///< What it stands for.
};

/// One cell of any kind, for sources that know their types only at run time. The alternatives are the plain forms.
using Cell = std::variant<Null, bool, std::int64_t, std::uint64_t, float, double, Decimal, std::string_view, Bytes,
                          Timestamp, Date, TimeOfDay, Duration, Nested, Verbatim>;

/// The kind of the cells in a column.
enum class CellKind : std::uint8_t {
    any,        ///< Not known before the cells are read.
    null,       ///< Nothing but nulls.
    boolean,    ///< True and False.
    int8,       ///< Signed integers of 8 bits.
    int16,      ///< Signed integers of 16 bits.
    int32,      ///< Signed integers of 32 bits.
    int64,      ///< Signed integers of 64 bits.
    uint8,      ///< Unsigned integers of 8 bits.
    uint16,     ///< Unsigned integers of 16 bits.
    uint32,     ///< Unsigned integers of 32 bits.
    uint64,     ///< Unsigned integers of 64 bits.
    float32,    ///< float.
    float64,    ///< double.
    decimal,    ///< Exact numbers of any length.
    text,       ///< UTF-8 text.
    bytes,      ///< Bytes that are not text.
    timestamp,  ///< Dates with a time of day.
    date,       ///< Days.
    time,       ///< Times of day.
    duration,   ///< Lengths of time.
    nested,     ///< Lists, structs and maps.
};

}  // namespace curtail::inline v0
