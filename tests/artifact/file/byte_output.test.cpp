// SPDX-License-Identifier: MIT
#include <curtail/artifact/file/byte_output.hpp>

#include <span>
#include <string>

#include "artifact/memory_output.hpp"
#include "catch.hpp"

TEST_CASE("OwnedOutput: passes bytes to the output that it owns", "[artifact]") {
    const MemoryOutput memory;
    curtail::detail::OwnedOutput<MemoryOutput> owned(memory);
    curtail::detail::ByteOutput& bytes = owned;
    const std::string text = "a,b\n";
    bytes.write(std::span<const char>(text));
    bytes.write(std::span<const char>());
    CHECK(memory.kept->bytes == "a,b\n");
    CHECK(memory.kept->write_sizes.size() == 2);
    CHECK(owned.output.kept == memory.kept);
}
