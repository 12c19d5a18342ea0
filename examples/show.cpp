// SPDX-License-Identifier: MIT
// Reads one message from stdin (a result, new or old, a failure or progress) and prints what a person would see.
#include <cstdio>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <curtail/receive/result_receiver.hpp>

#include "arguments.hpp"
#include "render_as.hpp"

namespace {

constexpr const char* usage =
    "show [--as text|telegram-html|telegram-markdown|markdown|slack] [--limit N] [--width N] < MESSAGE.json\n"
    "  --as     the rendering (default: text)\n"
    "  --limit  the longest text: UTF-16 units for Telegram, characters else (default: 4096 for Telegram, 4000 for "
    "Slack, else none)\n"
    "  --width  the widest line of the table, in cells of a terminal (default: 40 for Telegram, else 100)";

int show(int argc, char** argv) {
    const Arguments arguments(argc, argv, {"--as", "--limit", "--width"}, 0);
    const Renderer render = renderer_named(arguments.get("--as", "text"));
    curtail::RenderOptions options;
    if (arguments.find("--limit")) options.limit = arguments.number("--limit", 0);
    if (arguments.find("--width")) options.max_width = arguments.number("--width", 0);

    curtail::ResultReceiver receiver;
    std::vector<char> block(64 * 1024);
    while (const std::size_t size = std::fread(block.data(), 1, block.size(), stdin)) {
        receiver.feed(std::string_view(block.data(), size));
    }
    if (std::ferror(stdin) != 0) throw std::runtime_error("cannot read the standard input");
    print_line(render(receiver.finish(), options));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    return run_program("show", usage, argc, argv, show);
}
