// SPDX-License-Identifier: MIT
#pragma once
// A result as text that a person reads: for a terminal, a Markdown page, or a message of Telegram or Slack.

#include <string>
#include <type_traits>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render_options.hpp>

namespace curtail::inline v0 {

/// Returns what a person wants to see of `payload` as plain text, for a terminal or a log.
///
/// The text has a title, "10 of 1,234,567 rows", a table of the sample, the statistics of the predictions, and the
/// location of the file on the worker's machine. A page says which rows it shows ("rows 9,000,001–9,000,010 of
/// 10,320,000", counted from 1), and a table in parts how many there are and which are missing. A failure or a progress
/// report is a title and its text. If a worker refused the action "rows" because it is too old to know it, the text
/// says so. There is no line end after the last line.
///
/// Everything that comes from the message is shown as safe_text() shows it, so it cannot send a control sequence to the
/// terminal. By default the table is at most 100 cells wide and the length is not limited.
///
/// All renderers keep the limits of `options` for every payload. They leave out rows first, then details; the
/// counts go last. If the limit holds nothing else, the text is the beginning of the counts, or empty.
///
/// @code
/// std::puts(curtail::render_text(receiver.finish()).c_str());
/// std::puts(curtail::render_text(payload, {.max_width = 80, .max_rows = 5}).c_str());
/// @endcode
[[nodiscard]] std::string render_text(const ResultPayload& payload, const RenderOptions& options = {});

/// Returns the same as CommonMark that every implementation shows alike.
///
/// The table is a fenced code block, names and paths are code spans: their fences are longer than any run of backticks
/// inside. Other text has a backslash before each character that can mean something in Markdown. Text of which GitHub
/// would make a mention, a link to an issue or a picture, in spite of a backslash, is a code span. A table of GitHub's
/// Markdown would need an extension, and markup in its cells would be obeyed. The defaults are those of render_text().
/// The limit counts the Markdown itself.
[[nodiscard]] std::string render_markdown(const ResultPayload& payload, const RenderOptions& options = {});

/// Returns the same for Telegram's parse_mode "HTML" (https://core.telegram.org/bots/api#html-style).
///
/// By default the text has at most 4096 UTF-16 units after parsing, which is the limit of a message, and 32,768 bytes
/// before. The table is at most 40 cells wide. Uses the tags b, code and pre, each of them closed; the characters
/// `& < > "` are escaped as entities. Text of which Telegram would make a link, a mention, a tag or a command is code.
/// The size of the file says whether it is small enough to be attached.
///
/// @code
/// send_message(chat, curtail::render_telegram_html(payload), "HTML");
/// send_photo(chat, plot, curtail::render_telegram_html(payload, curtail::telegram_caption), "HTML");
/// @endcode
[[nodiscard]] std::string render_telegram_html(const ResultPayload& payload, const RenderOptions& options = {});

/// Returns the same for Telegram's parse_mode "MarkdownV2"
/// (https://core.telegram.org/bots/api#markdownv2-style), with the defaults of render_telegram_html(). All characters
/// that are reserved there are escaped by a backslash.
[[nodiscard]] std::string render_telegram_markdown_v2(const ResultPayload& payload, const RenderOptions& options = {});

/// Returns the same as Slack's mrkdwn (https://api.slack.com/reference/surfaces/formatting), at most 4000 characters
/// long by default. Else the defaults are those of render_text().
///
/// The table is a fenced block without a language, which Slack would show; all text from the message is code, because
/// mrkdwn has no escape for its marks. The characters `& < >` are escaped as entities, so no mention and no link comes
/// from the message. A backtick of a code span, and every third of adjacent ones in a block, is shown as U+02CB. The
/// limit counts the text with its marks and entities.
///
/// @code
/// post_message(channel, curtail::render_slack(payload, {.max_width = 72}));
/// @endcode
[[nodiscard]] std::string render_slack(const ResultPayload& payload, const RenderOptions& options = {});

namespace detail {

// Fails to compile for what is not a payload, with a message that names the cure.
template <class Wrong>
auto expect_payload() {
    if constexpr (requires(const Wrong& result) { result.payload(); }) {
        static_assert(std::is_same_v<Wrong, ResultPayload>, "a result is rendered by its payload: result.payload()");
    } else {
        static_assert(std::is_same_v<Wrong, ResultPayload>,
                      "this renders a curtail::ResultPayload: feed() a message to a curtail::ResultReceiver, then pass "
                      "what finish() returns");
    }
}

template <class Wrong>
concept NoPayload = !std::is_convertible_v<const Wrong&, const ResultPayload&>;

}  // namespace detail

// For any other type: fail to compile, with a message that names the cure.
template <detail::NoPayload Wrong>
auto render_text(const Wrong&, const RenderOptions& = {}) {
    detail::expect_payload<Wrong>();
}
template <detail::NoPayload Wrong>
auto render_markdown(const Wrong&, const RenderOptions& = {}) {
    detail::expect_payload<Wrong>();
}
template <detail::NoPayload Wrong>
auto render_telegram_html(const Wrong&, const RenderOptions& = {}) {
    detail::expect_payload<Wrong>();
}
template <detail::NoPayload Wrong>
auto render_telegram_markdown_v2(const Wrong&, const RenderOptions& = {}) {
    detail::expect_payload<Wrong>();
}
template <detail::NoPayload Wrong>
auto render_slack(const Wrong&, const RenderOptions& = {}) {
    detail::expect_payload<Wrong>();
}

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/render/report/markup.hpp>
#include <curtail/render/report/report_fitter.hpp>

namespace curtail::inline v0 {

CURTAIL_INLINE std::string render_text(const ResultPayload& payload, const RenderOptions& options) {
    return detail::render(payload, options, detail::Markup::plain);
}

CURTAIL_INLINE std::string render_markdown(const ResultPayload& payload, const RenderOptions& options) {
    return detail::render(payload, options, detail::Markup::markdown);
}

CURTAIL_INLINE std::string render_telegram_html(const ResultPayload& payload, const RenderOptions& options) {
    return detail::render(payload, options, detail::Markup::telegram_html);
}

CURTAIL_INLINE std::string render_telegram_markdown_v2(const ResultPayload& payload, const RenderOptions& options) {
    return detail::render(payload, options, detail::Markup::telegram_markdown_v2);
}

CURTAIL_INLINE std::string render_slack(const ResultPayload& payload, const RenderOptions& options) {
    return detail::render(payload, options, detail::Markup::slack);
}

}  // namespace curtail::inline v0
#endif
