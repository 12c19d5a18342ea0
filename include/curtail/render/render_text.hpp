// SPDX-License-Identifier: MIT
#pragma once
// A result as plain text, for a terminal or a log.

#include <string>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/fit_report.hpp>
#include <curtail/render/markup.hpp>
#include <curtail/render/render_options.hpp>

namespace curtail::inline v0 {

// What a person wants to see of `payload`, in lines of at most 100 cells for the table and any length for the
// rest, without a final line end. Nothing in the message can send a control sequence to the terminal.
[[nodiscard]] inline std::string render_text(const ResultPayload& payload,
                                             const RenderOptions& options = {}) {
    return detail::render(payload, options,
                          {.markup = detail::Markup::plain,
                           .limit = no_limit,
                           .unit = LimitUnit::code_points,
                           .max_bytes = no_limit,
                           .max_width = 100,
                           .max_rows = 10,
                           .attach_limit = 0});
}

}  // namespace curtail::inline v0
