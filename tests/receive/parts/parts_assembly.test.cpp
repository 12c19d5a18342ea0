// SPDX-License-Identifier: MIT
// What a message says of its parts, and what does not agree.
#include <curtail/receive/parts/parts_assembly.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <curtail/receive/result_receiver.hpp>

#include "catch.hpp"

using curtail::OutputPart;
using curtail::ResultPayload;
using Numbers = std::vector<std::uint64_t>;
using Texts = std::vector<std::string>;

namespace {

// Returns what is read of a table of 30 rows.
ResultPayload of(const std::string& members) {
    return curtail::parse_result(
        R"({"success":true,"data":{"dataframe_sample":[],"dataframe_rows":30,"truncated":true,)" + members + "}}");
}

Texts notes(const std::string& members) {
    return of(members).notes;
}

// Returns a list of so many parts with ten rows and 100 bytes each.
std::string parts(std::size_t count) {
    std::string text = R"("output_parts":[)";
    for (std::size_t i = 0; i < count; ++i) {
        text += (i == 0 ? "" : ",") + (R"({"file":"part-0000)" + std::to_string(i) + R"(.csv","rows":10,"bytes":100})");
    }
    return text + "]";
}

bool says_parts(const ResultPayload& payload) {
    for (const std::string& why : payload.truncation) {
        if (why == "parts") return payload.truncated;
    }
    return false;
}

}  // namespace

TEST_CASE("PartsAssembly: a message that agrees with itself has no note", "[receive]") {
    const ResultPayload whole = of(parts(3) + R"(,"output_parts_total":3,"output_bytes":300)");
    CHECK(whole.notes == Texts());
    CHECK(whole.output_parts_total == 3U);
    REQUIRE(whole.output_parts.size() == 3);
    CHECK(whole.output_parts[2] == OutputPart{"part-00002.csv", 10, 100, "", ""});
    CHECK(whole.parts_missing_total == 0);
    CHECK_FALSE(says_parts(whole));
    const ResultPayload missing = of(
        parts(3) +
        R"(,"output_parts_total":5,"output_bytes":300,"parts_missing":[0,4],"parts_missing_total":2,"truncation":["parts"])");
    CHECK(missing.notes == Texts());
    CHECK(missing.parts_missing == Numbers{0, 4});
    CHECK(missing.parts_missing_total == 2);
    const ResultPayload cut =
        of(parts(2) + R"(,"output_parts_total":3,"output_bytes":300,"truncation":["rows","parts"])");
    CHECK(cut.notes == Texts());
    CHECK(cut.output_parts_total == 3U);
    // Keys that are not there say nothing.
    CHECK(of(R"("output_file":"/a")") == of(R"("output_file":"/a","output_parts":null,"parts_missing":null)"));
    CHECK_FALSE(of(R"("output_file":"/a")").output_parts_total);
    CHECK(notes(parts(3)) == Texts());
    CHECK(of(parts(3)).output_parts_total == 3U);
}

TEST_CASE("PartsAssembly: missing parts never look complete, whatever else the message says", "[receive]") {
    for (const char* members :
         {R"("parts_missing":[3],"truncated":false)", R"("parts_missing_total":1,"truncated":false)",
          R"("parts_missing":[3],"parts_missing_total":0,"truncated":false)",
          R"("parts_missing":["x"],"truncated":false)", R"("parts_missing":[3,3],"output_parts_total":1)",
          R"("parts_missing":[3],"output_file":null)"}) {
        INFO(members);
        const ResultPayload payload = of(members);
        CHECK(payload.parts_missing_total >= 1);
        CHECK(payload.parts_missing_total >= payload.parts_missing.size());
        CHECK(says_parts(payload));
    }
    const ResultPayload summary =
        curtail::parse_result(R"({"success":true,"data":{"output_file":"/a","row_count":7,"parts_missing":[3]}})");
    CHECK(summary.form == ResultPayload::Form::summary);
    CHECK(says_parts(summary));
}

TEST_CASE("PartsAssembly: what is not listed is a reason of truncation, also if the message does not say so",
          "[receive]") {
    CHECK(says_parts(of(parts(2) + R"(,"output_parts_total":3)")));
    CHECK(says_parts(of(R"("output_parts_total":3)")));
    CHECK(says_parts(of(R"("output_parts_total":3,"output_parts":[7,8,9])")));
    CHECK(notes(parts(2) + R"(,"output_parts_total":3)") ==
          Texts{"the message says that it shows all, but it lists 2 of 3 parts"});
}

TEST_CASE("PartsAssembly: says which numbers of parts do not agree, and keeps the larger", "[receive]") {
    const ResultPayload more = of(parts(3) + R"(,"output_parts_total":2)");
    CHECK(more.notes == Texts{"output_parts_total is 2, but the message lists 3 parts"});
    CHECK(more.output_parts_total == 3U);
    CHECK(notes(parts(3) + R"(,"output_parts_total":3,"parts_missing":[1],"truncation":["parts"])") ==
          Texts{"of 3 parts the message lists 3, and says that 1 is missing"});
    CHECK(notes(R"("output_parts_total":3,"parts_missing_total":18446744073709551615,"truncation":["parts"])") ==
          Texts{"of 3 parts the message lists 0, and says that 18446744073709551615 are missing"});
    CHECK(notes(R"("output_parts_total":3,"parts_missing":[7],"truncation":["parts"])") ==
          Texts{"part 7 is said to be missing, but there are 3 parts, numbered from 0"});
    CHECK(notes(R"("parts_missing":[1,2],"parts_missing_total":1,"truncation":["parts"])") ==
          Texts{"parts_missing_total is 1, but the message names 2 missing parts"});
    const ResultPayload odd = of(R"("parts_missing":[1,-2],"truncation":["parts"])");
    CHECK(odd.notes == Texts{"parts_missing has entries that are not counts and was ignored"});
    CHECK(odd.parts_missing.empty());
    CHECK(odd.parts_missing_total == 2);
}

TEST_CASE("PartsAssembly: compares the rows and bytes of the parts with those of the table", "[receive]") {
    CHECK(notes(parts(2) + R"(,"output_parts_total":2)") ==
          Texts{"the number of rows is 30, but the listed parts have 20 rows"});
    CHECK(notes(parts(4) + R"(,"output_parts_total":9,"truncation":["parts"])") ==
          Texts{"the number of rows is 30, but the listed parts have 40 rows"});
    CHECK(notes(parts(3) + R"(,"output_bytes":299)") ==
          Texts{"output_bytes is 299, but the listed parts have 300 bytes"});
    // What is not listed may have the rest.
    CHECK(notes(parts(2) + R"(,"output_parts_total":9,"output_bytes":900,"truncation":["parts"])") == Texts());
    CHECK(notes(R"("output_parts":[{"file":"a"}])") ==
          Texts{"output_parts does not say of every part how many rows and bytes it has"});
    CHECK(notes(R"("output_parts":[{"rows":18446744073709551615,"bytes":1},{"rows":31,"bytes":1}])") ==
          Texts{"output_parts does not say of every part how many rows and bytes it has"});
}

TEST_CASE("PartsAssembly: accepts nothing but a digest as one", "[receive]") {
    const std::string digest(64, 'a');
    const auto said = [](const std::string& text) {
        return of(R"("output_parts":[{"rows":30,"bytes":1,"sha256":")" + text + "\"}]");
    };
    CHECK(said(digest).output_parts[0].sha256 == digest);
    CHECK(said(digest).notes == Texts());
    CHECK(said("").notes == Texts());
    for (const std::string& wrong : {digest + "a", digest.substr(1), "A" + digest.substr(1)}) {
        CHECK(said(wrong).output_parts[0].sha256.empty());
        CHECK(said(wrong).notes == Texts{"output_parts has a sha256 that is not a SHA-256 digest and was ignored"});
    }
}

TEST_CASE("PartsAssembly: a million parts and huge names are counted, and few are kept", "[receive]") {
    const std::string name(5000, 'n');
    std::string data = R"("output_parts":[)";
    for (int i = 0; i < 20'000; ++i)
        data += R"({"file":")" + name.substr(0, i < 200 ? 5000 : 1) + R"(","rows":1,"bytes":1},)";
    const ResultPayload payload = of(data + R"({"rows":1,"bytes":1}],"output_parts_total":20001)");
    CHECK(payload.output_parts.size() <= 100);
    CHECK(payload.output_parts_total == 20'001U);
    CHECK(payload.notes == Texts{"the number of rows is 30, but the listed parts have 100 rows"});
    CHECK(says_parts(payload));
}

TEST_CASE("PartsAssembly: does not compare what has not been read to its end", "[receive]") {
    curtail::ResultReceiver receiver;
    receiver.feed(R"({"success":true,"data":{"dataframe_rows":30,"output_parts_total":3,)" + parts(2));
    const ResultPayload whole_list = receiver.partial();
    curtail::ResultReceiver early;
    std::string text = R"({"success":true,"data":{"dataframe_rows":30,"output_parts_total":3,)" + parts(2);
    text.pop_back();
    early.feed(text);
    const ResultPayload begun = early.partial();
    CHECK(begun.output_parts == whole_list.output_parts);
    CHECK(begun.notes == Texts());
    CHECK(whole_list.notes.size() == 1);
}
