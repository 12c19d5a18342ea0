// SPDX-License-Identifier: MIT
#pragma once
// What a worker that wrote one part of a table sends to the place where all parts become one message.

#include <string>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/part/part_head.hpp>

namespace curtail::inline v0 {

/// The summary of one part: statistics, types, sample rows and where the part's file is, as bytes of bounded size
/// (PartOptions::max_summary_bytes) that are the same on every machine. Made by Split::finish_part(); PartMerger reads
/// them.
///
///     const curtail::PartSummary summary = split.finish_part();
///     send(summary.bytes());
class PartSummary {
  public:
    /// Takes bytes that came from elsewhere. Throws MessageError for bytes that are not a summary (part_damaged), or
    /// that a later version of curtail wrote (newer_version). PartMerger checks the rest.
    explicit PartSummary(std::string bytes) : head_(detail::unpack_part_head(bytes)), bytes_(std::move(bytes)) {}

    /// Returns the bytes to send.
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    /// Returns the job that the part is of.
    [[nodiscard]] const std::string& job_id() const noexcept { return head_.job_id; }
    /// Returns which part it is.
    [[nodiscard]] PartPlace part() const noexcept { return head_.place; }
    /// Returns what was published: path, rows, size and digest.
    [[nodiscard]] const ArtifactInfo& artifact() const noexcept { return head_.artifact; }

    // For Split, which need not check what it made itself.
    PartSummary(detail::PartHead head, std::string bytes) noexcept : head_(std::move(head)), bytes_(std::move(bytes)) {}

  private:
    detail::PartHead head_;
    std::string bytes_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/payload/part/part_content.hpp>
#endif
