// SPDX-License-Identifier: MIT
#include <curtail/bot.hpp>

#include <string>
#include <string_view>

std::string shown(std::string_view message);

std::string shown(std::string_view message) {
    curtail::ResultReceiver receiver;
    receiver.feed(message);
    return curtail::render_telegram_html(receiver.finish());
}
