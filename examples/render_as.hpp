// SPDX-License-Identifier: MIT
#pragma once
// The option --as text|telegram-html|telegram-markdown|markdown|slack: how a program prints a result.

#include <string>

#include <curtail/payload/result_payload.hpp>
#include <curtail/render/render.hpp>
#include <curtail/render/render_options.hpp>

#include "arguments.hpp"

using Renderer = std::string (*)(const curtail::ResultPayload&, const curtail::RenderOptions&);

inline Renderer renderer_named(const std::string& name) {
    if (name == "text") return curtail::render_text;
    if (name == "telegram-html") return curtail::render_telegram_html;
    if (name == "telegram-markdown") return curtail::render_telegram_markdown_v2;
    if (name == "markdown") return curtail::render_markdown;
    if (name == "slack") return curtail::render_slack;
    throw UsageMistake("--as must be text, telegram-html, telegram-markdown, markdown or slack, not '" + name + "'");
}
