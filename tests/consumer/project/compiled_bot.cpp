// SPDX-License-Identifier: MIT
// The other file of the program: what a bot makes of the worker's message.
#include <curtail/bot.hpp>

#include <string>
#include <string_view>

std::string shown(std::string_view message);

std::string shown(std::string_view message) {
    curtail::ResultReceiver receiver;
    receiver.feed(message);
    return curtail::render_text(receiver.finish());
}
