// SPDX-License-Identifier: MIT
// A shared library that shows one function: what a person is shown of a message.
#include <string>
#include <string_view>

#include <curtail/bot.hpp>

__attribute__((visibility("default"))) std::string show(std::string_view message);
std::string show(std::string_view message) {
    return curtail::render_text(curtail::parse_result(message));
}
