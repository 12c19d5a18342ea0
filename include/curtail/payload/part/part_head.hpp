// SPDX-License-Identifier: MIT
#pragma once
// What a summary says of its part before all else.

#include <string>
#include <string_view>

#include <curtail/artifact/artifact_sink.hpp>

namespace curtail::inline v0::detail {

class Packer;

struct PartHead {
    ArtifactInfo artifact;
    std::string host;
    std::string job_id;
    PartPlace place;

    void pack(Packer& packer) const;
};

// Throws MessageError unless the bytes begin like a summary and none of them was changed by accident.
[[nodiscard]] PartHead unpack_part_head(std::string_view bytes);

}  // namespace curtail::inline v0::detail
