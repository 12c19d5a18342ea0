// SPDX-License-Identifier: MIT
#pragma once
// Reads JSON into a collector.

#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/text/json_escape.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/receiver_options.hpp>

// Returns what the collector holds after `text`, which need not be whole.
template <class Collector>
Collector collect(std::string_view text, const curtail::ReceiverOptions& options = {}, Collector collector = {}) {
    using curtail::detail::CellReader;
    curtail::detail::JsonPushReader<CellReader<Collector>> reader({}, options, std::move(collector));
    reader.feed(text);
    return std::move(reader.handler().collector());
}

// Returns `text` as a JSON string.
inline std::string json_string(std::string_view text) {
    std::string out;
    curtail::detail::append_json_string(out, text);
    return out;
}
