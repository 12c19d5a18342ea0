// SPDX-License-Identifier: MIT
#include <curtail/core/job_id.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "catch.hpp"

using namespace std::string_literals;

namespace {

// Returns the error text for an id, or "" if it is accepted.
std::string refusal(std::string_view id) {
    try {
        curtail::check_job_id(id);
        return {};
    } catch (const curtail::UsageError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_job_id);
        CHECK(error.permanent());
        return error.what();
    }
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("check_job_id: accepts ordinary job ids", "[core]") {
    for (const std::string& id :
         {"a"s, "0"s, "_"s, "-"s, "-rf"s, "job_0123456789ab"s, "7b0c3f4e-3c1e-4a0c-9f0b-0d4f0f6f7a11"s, "a.b"s, "a..b"s,
          "CONSOLE"s, "COM"s, "COM10"s, "LPT"s, "nul_"s, "x.con"s, "AUX-1"s, std::string(128, 'x')}) {
        INFO(id);
        CHECK(refusal(id).empty());
        CHECK(curtail::is_job_id(id));
    }
}

TEST_CASE("check_job_id: refuses a hostile job id and names the rule that it breaks", "[core]") {
    struct Case {
        std::string id;
        std::string_view rule;
    };
    const std::string_view bytes = "holds a byte other than A-Z a-z 0-9 . _ -";
    const std::string_view front = "starts with a dot";
    const std::string_view back = "ends with a dot";
    const std::string_view device = "is the name of a device";
    const std::vector<Case> cases = {
        {"", "is empty"},
        {std::string(129, 'a'), "is longer than 128 bytes"},
        {std::string(256, 'a'), "is longer than 128 bytes"},
        {std::string(300, '/'), "is longer than 128 bytes"},
        {std::string(1'000'000, 'a'), "is longer than 128 bytes"},
        {"../x", bytes},
        {"../../etc/passwd", bytes},
        {"a/b", bytes},
        {"/etc/passwd", bytes},
        {"a\\b", bytes},
        {"..\\x", bytes},
        {"C:x", bytes},
        {"a:stream", bytes},
        {"a\0b"s, bytes},
        {"\0"s, bytes},
        {"a\n", bytes},
        {"a\r\nX: y", bytes},
        {"a\x1b[31m", bytes},
        {"a\x7f", bytes},
        {"a b", bytes},
        {"a ", bytes},
        {" a", bytes},
        {"a\t", bytes},
        {"a*", bytes},
        {"a?", bytes},
        {"a\"", bytes},
        {"a'", bytes},
        {"a|b", bytes},
        {"a<b>", bytes},
        {"$(id)", bytes},
        {"`id`", bytes},
        {"a;b", bytes},
        {"a%2fb", bytes},
        {"~", bytes},
        {"a,b", bytes},
        {"=1+1", bytes},
        {"caf\xC3\xA9", bytes},  // é
        {"a\xE2\x88\x95"
         "b",
         bytes},  // division slash
        {"a\xEF\xBC\x8F"
         "b",
         bytes},                              // fullwidth solidus
        {"\xE2\x80\xA4\xE2\x80\xA4", bytes},  // one dot leader, twice
        {"\xEF\xBC\x8E", bytes},              // fullwidth full stop
        {"j\xD0\xBE"
         "b",
         bytes},  // Cyrillic o
        {"a\xE2\x80\xAE"
         "vsc",
         bytes},                              // right-to-left override
        {"a\xE2\x80\x8B", bytes},             // zero width space
        {"COM\xC2\xB9", bytes},               // superscript one, a device as well
        {"\xC0\xAE\xC0\xAE\xC0\xAF", bytes},  // overlong ../
        {"\xFF\xFE", bytes},
        {"\xED\xA0\x80", bytes},
        {".", front},
        {"..", front},
        {"...", front},
        {".hidden", front},
        {"..a", front},
        {"a.", back},
        {"a..", back},
        {"CON", device},
        {"con", device},
        {"cOn.txt", device},
        {"PRN", device},
        {"AUX", device},
        {"NUL", device},
        {"nul.tar.gz", device},
        {"COM0", device},
        {"com1", device},
        {"Com9.x", device},
        {"LPT0", device},
        {"lpt9", device},
        {"CON..x", device},
    };
    for (const Case& c : cases) {
        INFO(c.id.substr(0, 80));
        const std::string text = refusal(c.id);
        CHECK(text.starts_with("[curtail.invalid_job_id] the job id \""));
        CHECK(says(text, c.rule));
        CHECK_FALSE(curtail::is_job_id(c.id));
        // The text is safe for a terminal and a log, whatever the id is.
        CHECK(text.size() < 500);
        for (const char byte : text) CHECK((byte >= 0x20 && byte < 0x7F));
    }
    CHECK(says(refusal("a/b\n"), R"("a/b\x0a")"));
}

TEST_CASE("is_job_id: accepts the sixty-five allowed bytes and no others", "[core]") {
    const std::string allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    for (int byte = 0; byte < 256; ++byte) {
        const std::string id = "a"s + static_cast<char>(byte) + "b";
        INFO(byte);
        CHECK(curtail::is_job_id(id) == (allowed.find(static_cast<char>(byte)) != std::string::npos));
    }
    static_assert(curtail::is_job_id("job_1"));
    static_assert(noexcept(curtail::is_job_id("job_1")));
}

TEST_CASE("job_id_of: finds the id in the name of an artifact, and in no other name", "[core]") {
    using curtail::job_id_of;
    for (const std::string id : {"job_0123456789ab", "a", "a.b", "x.csv", "predictions_a"}) {
        for (const std::string dir : {"", "/", "/data/", "./", "/predictions_other.csv/", "C:\\out\\"}) {
            CHECK(job_id_of(dir + "predictions_" + id + ".csv") == id);
            CHECK(job_id_of(dir + "predictions_" + id + ".csv.gz") == id);
        }
    }
    for (const std::string path :
         {"", "/", "/data/out.csv", "predictions_.csv", "predictions_a", "predictions_a.csv/", "predictions_a.csv.zip",
          "predictions_a b.csv", "predictions_..csv", "predictions.csv", "my_predictions_a.csv", ".gz",
          "predictions_a.csv-metadata.json", "predictions_\xEF\xBF\xBD.csv"}) {
        INFO(path);
        CHECK(job_id_of(path).empty());
    }
}

TEST_CASE("check_job_of_path: refuses the name of another job's artifact, and names both", "[core]") {
    CHECK_NOTHROW(curtail::check_job_of_path("job_1", "/data/predictions_job_1.csv"));
    CHECK_NOTHROW(curtail::check_job_of_path("job_1", "/data/out.csv"));
    CHECK_NOTHROW(curtail::check_job_of_path("job_1", ""));
    CHECK_NOTHROW(curtail::check_job_of_path("job_1", "/data/predictions_forest_price_job_1.csv"));
    CHECK_THROWS_AS(curtail::check_job_of_path("job_1", "/data/predictions_job_11.csv"), curtail::UsageError);
    CHECK_THROWS_AS(curtail::check_job_of_path("job_1", "/data/predictions_job_1_job_2.csv"), curtail::UsageError);
    CHECK_THROWS_AS(curtail::check_job_of_path("job_1", "/data/predictions_xjob_1.csv"), curtail::UsageError);
    try {
        curtail::check_job_of_path("job_1", "/data/predictions_job_2.csv");
        FAIL("accepted");
    } catch (const curtail::UsageError& error) {
        CHECK(error.code() == curtail::ErrorCode::invalid_job_id);
        CHECK(says(error.what(), "\"job_1\""));
        CHECK(says(error.what(), "\"job_2\""));
        CHECK(says(error.what(), "artifact_path()"));
    }
}
