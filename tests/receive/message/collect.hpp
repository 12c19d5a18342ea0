// SPDX-License-Identifier: MIT
#pragma once
// Reads JSON into a collector.

#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/text/json_escape.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/receiver_options.hpp>

#include "receive/json/owning_reader.hpp"

// Returns what the collector holds after `text`, which need not be whole.
template <class Collector>
Collector collect(std::string_view text, const curtail::ReceiverOptions& options = {}, Collector collector = {}) {
    using curtail::detail::CellReader;
    OwningReader<CellReader<Collector>> reader(options, options, std::move(collector));
    reader.feed(text);
    return std::move(reader.handler().collector());
}

// Returns `text` as a JSON string.
inline std::string json_string(std::string_view text) {
    std::string out;
    curtail::detail::append_json_string(out, text);
    return out;
}
