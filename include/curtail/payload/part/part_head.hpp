// SPDX-License-Identifier: MIT
#pragma once
// The head of a summary: which part it is of, and where the part's file is.

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

// Returns the head of a summary. Throws MessageError unless the bytes begin like one and match their checksum.
[[nodiscard]] PartHead unpack_part_head(std::string_view bytes);

}  // namespace curtail::inline v0::detail
