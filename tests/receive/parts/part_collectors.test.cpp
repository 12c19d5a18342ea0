// SPDX-License-Identifier: MIT
#include <curtail/receive/parts/part_collectors.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catch.hpp"
#include "receive/message/collect.hpp"

using curtail::OutputPart;
using curtail::ReceiverOptions;
using curtail::detail::MissingPartCollector;
using curtail::detail::PartCollector;
using Numbers = std::vector<std::uint64_t>;

namespace {

std::string list_of(std::size_t count, const std::string& item) {
    std::string text = "[";
    for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + item;
    return text + "]";
}

}  // namespace

TEST_CASE("PartCollector: reads parts member by member, in any order and beside anything", "[receive]") {
    const auto found = collect<PartCollector>(
        R"([{"file":"part-00000.csv","rows":5,"bytes":80},{"host":"n\u00e9","sha256":"ab","x":[{"rows":9}],"bytes":18446744073709551535,
            "rows":6.0,"file":"/s/p","attempt":{"file":"q"}}])");
    CHECK(found.present());
    CHECK(found.whole());
    CHECK(found.parts() == std::vector<OutputPart>{{"part-00000.csv", 5, 80, "", ""},
                                                   {"/s/p", 6, 18446744073709551535U, "ab", "n\xC3\xA9"}});
    CHECK(found.total() == 2);
    CHECK(found.rows() == 11U);
    CHECK(found.bytes() == UINT64_MAX);
    for (const char* other : {"7", "null", "true", R"({"file":"a"})"}) {
        CHECK_FALSE(collect<PartCollector>(other).present());
    }
    CHECK(collect<PartCollector>("[]").whole());
    CHECK(collect<PartCollector>("[]").rows() == 0U);
    CHECK_FALSE(collect<PartCollector>(R"([{"rows":1})").whole());
    CHECK(collect<PartCollector>(R"([{"rows":1},{"rows":2)").parts().size() == 2);
}

TEST_CASE("PartCollector: of equal members the last wins, and a sum is known only if every part says it", "[receive]") {
    const auto twice = collect<PartCollector>(R"([{"file":"a","file":"b","rows":1,"rows":2,"bytes":3,"bytes":4}])");
    CHECK(twice.parts() == std::vector<OutputPart>{{"b", 2, 4, "", ""}});
    CHECK(twice.rows() == 2U);
    for (const char* rows : {"-1", "1.5", "\"many\"", "null", "[1]", "true", "18446744073709551616"}) {
        INFO(rows);
        const auto odd =
            collect<PartCollector>(std::string(R"([{"rows":1,"bytes":1},{"bytes":2,"rows":)") + rows + "}]");
        CHECK(odd.parts()[1].rows == 0);
        CHECK_FALSE(odd.rows());
        CHECK(odd.bytes() == 3U);
    }
    CHECK_FALSE(collect<PartCollector>(R"([{"rows":18446744073709551615},{"rows":1}])").rows());
    CHECK_FALSE(collect<PartCollector>("[{}]").rows());
}

TEST_CASE("PartCollector: an entry that is not an object is counted and not kept", "[receive]") {
    const auto odd = collect<PartCollector>(R"([7,{"file":"a"},null,["b"],"c"])");
    CHECK(odd.parts().size() == 1);
    CHECK(odd.total() == 5);
}

TEST_CASE("PartCollector: keeps the first hundred, and what may be kept, and counts all", "[receive]") {
    const std::string part = R"({"file":"part","rows":1,"bytes":2})";
    CHECK(collect<PartCollector>(list_of(100, part)).total() == 100);
    const auto many = collect<PartCollector>(list_of(20'000, part));
    CHECK(many.parts().size() == 100);
    CHECK(many.total() == 20'000);
    const std::string wide = R"({"file":")" + std::string(900, 'f') + R"(","host":")" + std::string(900, 'h') + "\"}";
    const auto bounded = collect<PartCollector>(list_of(100, wide), {.max_kept_bytes = 10'000});
    CHECK(bounded.parts().size() < 7);
    CHECK(bounded.total() == 100);
    const auto cut = collect<PartCollector>(list_of(2, wide), {.max_name_bytes = 32, .max_text_bytes = 40});
    CHECK(cut.parts()[1].file.size() == 40);
    CHECK(cut.parts()[1].host.size() == 32);
    CHECK(cut.parts()[1].host.ends_with("\xE2\x80\xA6"));
}

TEST_CASE("MissingPartCollector: keeps the first 32 numbers and counts all", "[receive]") {
    const auto few = collect<MissingPartCollector>("[3,7]", {.sample_rows = 0});
    CHECK(few.counts() == Numbers{3, 7});
    CHECK(few.valid());
    const auto many = collect<MissingPartCollector>(list_of(5000, "9"));
    CHECK(many.counts() == Numbers(32, 9));
    CHECK(many.total() == 5000);
    CHECK_FALSE(collect<MissingPartCollector>("[3,-7]").valid());
    CHECK_FALSE(collect<MissingPartCollector>("[3,[7]]").valid());
    CHECK_FALSE(collect<MissingPartCollector>("7").whole());
}
