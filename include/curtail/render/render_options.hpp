// SPDX-License-Identifier: MIT
#pragma once
// What a rendering may take: how long, how wide, how many rows; and the limits of Telegram and Slack by name.

#include <cstddef>
#include <cstdint>
#include <optional>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

/// How the length of a text is counted.
enum class LimitUnit : std::uint8_t {
    bytes,        ///< bytes of UTF-8
    code_points,  ///< Unicode code points
    utf16_units,  ///< UTF-16 code units: one per code point, two above U+FFFF
};

/// The longest text of a Telegram message after its entities are parsed
/// (https://core.telegram.org/bots/api#sendmessage). The Bot API says "characters"; UTF-16 units are the strictest
/// reading.
inline constexpr std::size_t telegram_message_units = 4096;
/// The longest caption of a picture or document, counted in the same way.
inline constexpr std::size_t telegram_caption_units = 1024;
/// The Bot API server refuses longer texts, in bytes, before it parses them.
inline constexpr std::size_t telegram_request_bytes = 32'768;
/// The longest text that Slack advises for a message, in characters
/// (https://api.slack.com/methods/chat.postMessage#truncating).
inline constexpr std::size_t slack_message_characters = 4000;

/// As a limit: any length.
inline constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

/// How long and wide a rendering may be, and how many rows it shows. A field that is left empty takes the default of
/// the renderer.
///
/// @code
/// curtail::render_text(payload, {.limit = 2000, .max_width = 72});
/// @endcode
struct RenderOptions {
    /// The longest text, counted in `unit`. The Telegram renderers count what is left after parsing, the others the
    /// text itself. What does not fit is left out; a limit of 0 gives an empty text. Default: 4096 for Telegram, 4000
    /// for Slack, else no_limit.
    std::optional<std::size_t> limit{};
    /// The unit of `limit`. Default: utf16_units for Telegram, else code_points.
    std::optional<LimitUnit> unit{};
    /// The longest text in bytes, with all markup, whatever `limit` allows. Default: 32,768 for Telegram, else
    /// no_limit.
    std::optional<std::size_t> max_bytes{};
    /// The widest line of the table, in cells; fewer than 12 count as 12. Computed fractions are always rounded to six
    /// digits, or as many more as tell two cells apart. In a wider table first other fractions are rounded and lose up
    /// to two more digits, then headings take two lines, texts are cut, headings are cut, and long ids take more lines.
    /// If that is not enough, columns in the middle are left out; or the table becomes one card per row. Integers,
    /// integer parts, exponents, ids and the parts in which cells differ are never cut. Default: 40 for Telegram, which
    /// a phone shows without wrapping, else 100.
    std::optional<std::size_t> max_width{};
    /// The number of sample rows to show. Up to three more are shown rather than left out. Default: 10.
    std::optional<std::size_t> max_rows{};
    /// The largest file, in bytes, that the reader's side can attach; the line of its size says whether this one is
    /// small enough. 0: it does not. Default: 50,000,000 for Telegram, else 0.
    std::optional<std::uint64_t> attach_limit{};
};

/// The options for the text under a picture or a document.
inline constexpr RenderOptions telegram_caption{.limit = telegram_caption_units};

}  // namespace curtail::inline v0
