// SPDX-License-Identifier: MIT
// Messages with tables as people have them, at the width of a phone and of a terminal: goldens that were looked at.
#include <curtail/render/render.hpp>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <string>

#include <curtail/receive/result_receiver.hpp>

#include "catch.hpp"
#include "render/golden.hpp"

namespace {

curtail::ResultPayload payload_of(const std::string& name) {
    std::ifstream file(std::string(CURTAIL_SOURCE_DIR) + "/tests/golden/tables/" + name + ".json", std::ios::binary);
    curtail::ResultReceiver receiver;
    receiver.feed(std::string(std::istreambuf_iterator<char>(file), {}));
    return receiver.finish();
}

}  // namespace

TEST_CASE("render_text: tables as people have them", "[render]") {
    for (const std::string name :
         {"cjk", "fraud", "genes", "houses", "iot", "multi", "penguins", "revenue3", "rtl", "sentiment", "wide60"}) {
        const curtail::ResultPayload payload = payload_of(name);
        std::string text;
        for (const std::size_t width : {100U, 40U}) {
            text += "==== " + std::to_string(width) + " cells ====\n";
            text += curtail::render_text(payload, {.max_width = width, .max_rows = width == 40 ? 3U : 10U}) + "\n\n";
        }
        INFO(name);
        CHECK(golden::matches("tables/" + name + ".txt", text));
    }
}
