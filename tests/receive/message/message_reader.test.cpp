// SPDX-License-Identifier: MIT
#include <curtail/receive/message/message_reader.hpp>

#include <string_view>
#include <vector>

#include "catch.hpp"

using curtail::ErrorCode;
using curtail::MessageError;
using curtail::ReceiverOptions;
using curtail::detail::MessageReader;

TEST_CASE("MessageReader: refuses options outside their range", "[receive]") {
    const auto refused = [](const ReceiverOptions& options) {
        try {
            const MessageReader reader(options);
            return false;
        } catch (const curtail::UsageError& error) {
            return error.code() == ErrorCode::invalid_option;
        }
    };
    CHECK_FALSE(refused({.sample_rows = 0, .max_classes = 0, .max_kept_bytes = 0}));
    CHECK_FALSE(refused({.max_columns = 1, .max_cell_bytes = 16, .max_name_bytes = 32, .max_text_bytes = 16}));
    CHECK(refused({.max_columns = 0}));
    CHECK(refused({.max_cell_bytes = 15}));
    CHECK(refused({.max_name_bytes = 31}));
    CHECK(refused({.max_text_bytes = 15}));
    CHECK(refused({.max_depth = 0}));
    CHECK(refused({.max_depth = 1025}));
}

TEST_CASE("MessageReader: JSON of no known form is an error that stays", "[receive]") {
    MessageReader reader{ReceiverOptions{}};
    reader.feed("[1]");
    CHECK(reader.complete());
    CHECK_THROWS_AS(reader.finish(), MessageError);
    CHECK_FALSE(reader.complete());
    CHECK(reader.offset() == 3);
    CHECK_THROWS_AS(reader.feed(" "), MessageError);
    CHECK_THROWS_AS(reader.finish(), MessageError);
}
