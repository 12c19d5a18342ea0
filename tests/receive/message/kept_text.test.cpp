// SPDX-License-Identifier: MIT
#include <curtail/receive/message/kept_text.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

namespace {

struct Kept {
    std::string text;
    std::uint64_t bytes;
    bool cut;
};

Kept keep(const std::vector<std::string_view>& parts, std::size_t limit) {
    curtail::detail::KeptText kept;
    kept.start(limit);
    for (const std::string_view part : parts) kept.append(part);
    kept.end();
    const std::uint64_t bytes = kept.bytes();
    const bool cut = kept.cut();
    return {kept.take(), bytes, cut};
}

}  // namespace

TEST_CASE("KeptText: keeps a text within its limit whole and cuts a longer one at a character boundary", "[receive]") {
    CHECK(keep({"0123456789"}, 10).text == "0123456789");
    CHECK_FALSE(keep({"0123456789"}, 10).cut);
    const Kept cut = keep({"01234", "567890"}, 10);
    CHECK(cut.text == "0123456\xE2\x80\xA6");
    CHECK(cut.bytes == 11);
    CHECK(cut.cut);
    CHECK(keep({"012345\xC3\xA9"
                "abcd"},
               10)
              .text == "012345\xE2\x80\xA6");
    CHECK(keep({"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80"}, 11).text ==
          "\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xE2\x80\xA6");
    CHECK(keep({"abc"}, 0).text == "\xE2\x80\xA6");
    CHECK(keep({}, 0).text.empty());
}

TEST_CASE("KeptText: keeps nothing after a character that did not fit", "[receive]") {
    const Kept kept = keep({"012345678", "\xF0\x9F\x98\x80", "z"}, 12);
    CHECK(kept.text == "012345678\xE2\x80\xA6");
    CHECK(kept.bytes == 14);
}

TEST_CASE("KeptText: any division of any bytes keeps the same valid UTF-8", "[receive]") {
    const std::string samples[] = {
        "plain",
        "na\xC3\xAFve \xE2\x82\xAC \xF0\x9F\x98\x80 end",
        "\x80\xC3\xE2\x82\xF0\x9F\x98",
        "\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42",
        "\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41",
        "\xED\xA0\x80\xC0\xAF\xE0\x80\xBF",
        "a\xC3\xC3\xA9\xE2\x82\xE2\x82\xAC",
    };
    for (const std::string& sample : samples) {
        const std::string whole = curtail::to_valid_utf8(sample);
        std::vector<std::string_view> bytes;
        for (std::size_t i = 0; i < sample.size(); ++i) bytes.push_back(std::string_view(sample).substr(i, 1));
        CHECK(keep(bytes, 1000).text == whole);
        CHECK(keep(bytes, 1000).bytes == whole.size());
        for (std::size_t limit = 3; limit < whole.size(); ++limit) {
            const std::string expected = keep({sample}, limit).text;
            CHECK(curtail::is_utf8(expected));
            CHECK(expected.size() <= limit);
            CHECK(keep(bytes, limit).text == expected);
            for (std::size_t at = 0; at <= sample.size(); ++at) {
                const std::string_view view = sample;
                CHECK(keep({view.substr(0, at), view.substr(at)}, limit).text == expected);
            }
        }
    }
}
