// SPDX-License-Identifier: MIT
#pragma once
// A result as a Telegram message, for either parse_mode.

#include <string>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/fit_report.hpp>
#include <curtail/render/markup.hpp>
#include <curtail/render/render_options.hpp>

namespace curtail::inline v0 {
namespace detail {

[[nodiscard]] constexpr RenderLimits telegram_limits(Markup markup) noexcept {
    return {.markup = markup,
            .limit = telegram_message_units,
            .unit = LimitUnit::utf16_units,
            .max_bytes = telegram_request_bytes,
            .max_width = 40,
            .max_rows = 10,
            .attach_limit = telegram_upload_bytes};
}

}  // namespace detail

// For parse_mode "HTML": at most 4096 UTF-16 units after parsing and 32,768 bytes before. Uses <b>, <code>
// and <pre>, always closed, and the entities &amp; &lt; &gt; &quot;. For a caption pass telegram_caption.
[[nodiscard]] inline std::string render_telegram_html(const ResultPayload& payload,
                                                      const RenderOptions& options = {}) {
    return detail::render(payload, options, detail::telegram_limits(detail::Markup::telegram_html));
}

// For parse_mode "MarkdownV2", within the same limits. Everything that is reserved there is escaped.
[[nodiscard]] inline std::string render_telegram_markdown_v2(const ResultPayload& payload,
                                                             const RenderOptions& options = {}) {
    return detail::render(payload, options, detail::telegram_limits(detail::Markup::telegram_markdown_v2));
}

}  // namespace curtail::inline v0
