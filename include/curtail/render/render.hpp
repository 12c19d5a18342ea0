// SPDX-License-Identifier: MIT
#pragma once
// A result as plain text, for a terminal or a log.

#include <string>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render_options.hpp>
#include <curtail/render/report/markup.hpp>
#include <curtail/render/report/report_fitter.hpp>

namespace curtail::inline v0 {

// What a person wants to see of `payload`, in lines of at most 100 cells for the table and any length for the
// rest, without a final line end. Nothing in the message can send a control sequence to the terminal.
[[nodiscard]] inline std::string render_text(const ResultPayload& payload, const RenderOptions& options = {}) {
    return detail::render(payload, options,
                          {.markup = detail::Markup::plain,
                           .limit = no_limit,
                           .unit = LimitUnit::code_points,
                           .max_bytes = no_limit,
                           .max_width = 100,
                           .max_rows = 10,
                           .attach_limit = 0});
}

// CommonMark that every implementation shows alike. The table is a fenced block whose fence is longer than
// any run of backticks in it: a GFM table would need an extension, and in it markup, pipes and HTML could
// speak. Names and paths are code spans for the same reason. The limit counts the Markdown itself.
[[nodiscard]] inline std::string render_markdown(const ResultPayload& payload, const RenderOptions& options = {}) {
    return detail::render(payload, options,
                          {.markup = detail::Markup::markdown,
                           .limit = no_limit,
                           .unit = LimitUnit::code_points,
                           .max_bytes = no_limit,
                           .max_width = 100,
                           .max_rows = 10,
                           .attach_limit = 0});
}

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
[[nodiscard]] inline std::string render_telegram_html(const ResultPayload& payload, const RenderOptions& options = {}) {
    return detail::render(payload, options, detail::telegram_limits(detail::Markup::telegram_html));
}

// For parse_mode "MarkdownV2", within the same limits. Everything that is reserved there is escaped.
[[nodiscard]] inline std::string render_telegram_markdown_v2(const ResultPayload& payload,
                                                             const RenderOptions& options = {}) {
    return detail::render(payload, options, detail::telegram_limits(detail::Markup::telegram_markdown_v2));
}

}  // namespace curtail::inline v0
