// SPDX-License-Identifier: MIT
#pragma once
// What a rendering may take: how long, how wide, how many rows; and the limits of Telegram by name.

#include <cstddef>
#include <cstdint>
#include <optional>

namespace curtail::inline v0 {

enum class LimitUnit : std::uint8_t { bytes, code_points, utf16_units };

// core.telegram.org/bots/api: a message has at most 4096 characters after its entities are parsed, a caption
// 1024. Which characters those are is not said; UTF-16 units are the strictest reading. The Bot API server
// itself refuses texts of more than 32,768 bytes before it parses them.
inline constexpr std::size_t telegram_message_units = 4096;
inline constexpr std::size_t telegram_caption_units = 1024;
inline constexpr std::size_t telegram_request_bytes = 32'768;
inline constexpr std::uint64_t telegram_upload_bytes = 50'000'000;
inline constexpr std::uint64_t telegram_local_server_upload_bytes = 2'000'000'000;

inline constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

// Every field that is left empty takes the default of the renderer it is given to.
struct RenderOptions {
    // The longest text, counted in `unit`. Telegram's renderers count what is left after parsing, the others
    // the text itself. What cannot be shown gives way; a limit of zero gives an empty text. Default: 4096 for
    // Telegram, no_limit else.
    std::optional<std::size_t> limit{};
    // Default: utf16_units for Telegram, code_points else.
    std::optional<LimitUnit> unit{};
    // The most bytes of text with all its markup, whatever `limit` allows. Default: 32,768 for Telegram,
    // no_limit else.
    std::optional<std::size_t> max_bytes{};
    // The widest line of the table, in cells; at least 12. A wider table loses columns in its middle, a much
    // wider one becomes one card a row. Default: 40 for Telegram, which a phone shows without wrapping, else
    // 100.
    std::optional<std::size_t> max_width{};
    // The most rows of the sample that are shown; up to three more are shown rather than cut. Default: 10.
    std::optional<std::size_t> max_rows{};
    // The largest file that the reader's side can attach; a line says whether this one could be. Zero: no
    // such line. Default: 50,000,000 for Telegram, zero else.
    std::optional<std::uint64_t> attach_limit{};
};

// The text under a picture or a document.
inline constexpr RenderOptions telegram_caption{.limit = telegram_caption_units};

// True when a file of this size can be uploaded under this limit.
[[nodiscard]] constexpr bool can_attach(std::uint64_t file_bytes,
                                        std::uint64_t upload_limit = telegram_upload_bytes) noexcept {
    return file_bytes <= upload_limit;
}

}  // namespace curtail::inline v0
