// SPDX-License-Identifier: MIT
// Reads messages from stdin, one after another, and prints what a person would see of each.
#include <string>
#include <string_view>
#include <vector>

#include <curtail/receive/result_receiver.hpp>

#include "arguments.hpp"
#include "render_as.hpp"
#include "standard_input.hpp"

namespace {

constexpr const char* usage =
    "show [--as text|telegram-html|telegram-markdown|markdown|slack] [--limit N] [--width N] < MESSAGE.json\n"
    "Prints what a person would see of the messages that it reads from the standard input, one after another.\n"
    "  --as          the rendering (default: text)\n"
    "  --limit       the longest text: UTF-16 units for Telegram, characters else (default: 4096 for Telegram,\n"
    "                4000 for Slack, else none)\n"
    "  --width       the widest line of the table, in cells of a terminal (default: 40 for Telegram, else 100)\n"
    "exit code: 0 if all messages were shown; 1 if one could not be read; 2 for a wrong command";

// Prints a text below others. Returns true.
bool print_result(const std::string& text, bool others) {
    if (others) print_line("");
    print_line(text);
    return true;
}

int show(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--as", "--limit", "--width"}, 0);
    const Renderer render = renderer_named(arguments.get("--as", "text"));
    curtail::RenderOptions options;
    if (arguments.find("--limit")) options.limit = arguments.number("--limit", 0);
    if (arguments.find("--width")) options.max_width = arguments.number("--width", 0);

    curtail::ResultReceiver receiver;
    std::vector<char> block(64 * 1024);
    bool shown = false;
    while (const std::size_t size = read_standard_input(block)) {
        for (std::string_view text(block.data(), size); !text.empty();) {
            text.remove_prefix(receiver.feed_some(text));
            if (receiver.complete()) shown = print_result(render(receiver.take(), options), shown);
        }
    }
    if (receiver.begun() || !shown) print_result(render(receiver.take(), options), shown);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run_program("show", usage, argc, argv, show);
}
