// SPDX-License-Identifier: MIT
#pragma once
// A result as Markdown, for issues, wikis, notebooks and other chats.

#include <string>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/fit_report.hpp>
#include <curtail/render/markup.hpp>
#include <curtail/render/render_options.hpp>

namespace curtail::inline v0 {

// CommonMark that every implementation shows alike. The table is a fenced block whose fence is longer than
// any run of backticks in it: a GFM table would need an extension, and in it markup, pipes and HTML could
// speak. Names and paths are code spans for the same reason. The limit counts the Markdown itself.
[[nodiscard]] inline std::string render_markdown(const ResultPayload& payload,
                                                 const RenderOptions& options = {}) {
    return detail::render(payload, options,
                          {.markup = detail::Markup::markdown,
                           .limit = no_limit,
                           .unit = LimitUnit::code_points,
                           .max_bytes = no_limit,
                           .max_width = 100,
                           .max_rows = 10,
                           .attach_limit = 0});
}

}  // namespace curtail::inline v0
