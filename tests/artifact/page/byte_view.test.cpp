// SPDX-License-Identifier: MIT
#include <curtail/artifact/page/byte_view.hpp>

#include <string>

#include "artifact/page/memory_view.hpp"
#include "catch.hpp"

TEST_CASE("ByteView: malformed() is an error of the input, with the byte", "[artifact]") {
    const MemoryView view("abc");
    try {
        view.malformed("it is odd", 2);
        FAIL("no error");
    } catch (const curtail::InputError& error) {
        CHECK(error.code() == curtail::ErrorCode::malformed_input);
        CHECK(error.offset() == 2);
        CHECK(error.path() == "memory");
        CHECK(std::string(error.what()) == "[curtail.malformed_input] memory, byte 2: it is odd");
        CHECK(error.permanent());
    }
}
