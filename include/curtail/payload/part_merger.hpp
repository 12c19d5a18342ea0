// SPDX-License-Identifier: MIT
#pragma once
// Many workers, one message: the summaries of all parts go in, the message of the whole comes out.

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/payload/part/part_folder.hpp>
#include <curtail/payload/part_options.hpp>
#include <curtail/payload/part_summary.hpp>
#include <curtail/payload/payload_json.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split_result.hpp>

namespace curtail::inline v0 {

/// Makes one message of the summaries of all parts of a table. It is byte for byte the message that one run over the
/// whole table gives, however the table was divided, but for these:
///
/// - the location: output_file is the directory of the parts, and output_parts lists them;
/// - an estimated median, and estimated inner edges of the histogram, may differ. They are estimates beyond
///   `exact_median_values` numbers, or if a summary could not hold all numbers of its part. It holds up to 100,000 if
///   there are at most 40 parts, and 10,000 if there are 400;
/// - random rows are those that one run shows if all parts know their first row (PartOptions::first_row); otherwise
///   they are another random sample of the whole;
/// - counts of labels beyond `max_classes`, or beyond what a summary holds, may lack rows
///   (`class_counts_are_lower_bounds`);
/// - cells whose texts together take more than a summary holds are cut earlier;
/// - of a table of thousands of columns fewer rows or columns may be shown, if a summary could not hold their names and
///   cells; the type of a column that a summary does not name is open (`object`).
///
/// Summaries come in any order. Those that come early are kept as bytes until the parts before them are there.
///
///     curtail::PartMerger merger(job_id, options);  // the options of the parts
///     for (const std::string& bytes : gathered) merger.add(bytes);
///     auto result = merger.finish();
template <class Json = nlohmann::ordered_json>
class PartMerger {
  public:
    /// `job_id` and `options` are those that the parts were made with, `part` aside. Throws UsageError (invalid_job_id,
    /// invalid_option).
    explicit PartMerger(std::string job_id, const PayloadOptions& options = {}, const MergeOptions& merging = {})
        : folder_(std::move(job_id), options, merging) {}

    /// Takes the summary of a part. The same summary may come again. Throws PayloadTooLarge and MessageError for bytes
    /// that are not a summary, and PartsDiffer (parts_differ) for a part of another job or table, of another number of
    /// parts, made with other options, or that came before with other content; the merger is then as it was. Throws
    /// PartsDiffer too, at the latest from finish(), for a part whose first row is not where it says.
    void add(std::string_view summary) { folder_.add(summary); }
    /// Does the same.
    void add(const PartSummary& summary) { folder_.add(summary.bytes()); }
    // For any other type: fails to compile, with a message that names the cure.
    template <class Wrong>
    requires(!std::is_convertible_v<const Wrong&, std::string_view>) auto add(const Wrong&) {
        static_assert(std::is_convertible_v<const Wrong&, std::string_view>,
                      "add() takes what split.finish_part() returns in a worker, or its bytes()");
    }

    /// Returns the number of parts that were added.
    [[nodiscard]] std::uint64_t parts() const noexcept { return folder_.parts(); }

    /// Returns the message of the whole, whose parts stay where they are. Throws PartsMissing if parts are missing,
    /// unless MergeOptions say otherwise, BudgetTooSmall, and UsageError (wrong_state) if no part was added; after
    /// PartsMissing more parts can be added.
    [[nodiscard]] SplitResult<Json> finish() {
        static_cast<void>(folder_.finish());
        return SplitResult<Json>(folder_.answer());
    }

    /// Lets `publisher`, such as a directory of parts, mark the parts as complete, and returns the message. The message
    /// is made first, so that nothing can fail once they are marked. Nothing is marked while a part is missing. Throws
    /// what finish() and the publisher throw.
    template <PartsPublisher Publisher>
    [[nodiscard]] SplitResult<Json> finish(Publisher&& publisher) {
        if (!folder_.finish()) return SplitResult<Json>(folder_.answer());
        constexpr bool one_file = requires {
            requires std::remove_cvref_t<Publisher>::one_file;
        };
        const std::string location(std::as_const(publisher).location());
        SplitResult<Json> result(folder_.prepare(location, !one_file));
        folder_.complete(publisher.publish(folder_.schema(), folder_.artifacts()));
        return result;
    }

    // For any other type: fails to compile, with a message that names the cure.
    template <class Wrong>
    requires(!PartsPublisher<Wrong>) auto finish(const Wrong&) {
        static_assert(PartsPublisher<Wrong>,
                      "finish() marks the parts of a directory: finish(curtail::PartsDirectory(directory, job_id))");
    }

  private:
    detail::PartFolder folder_;
};

PartMerger(std::string)->PartMerger<>;
PartMerger(std::string, PayloadOptions)->PartMerger<>;
PartMerger(std::string, PayloadOptions, MergeOptions)->PartMerger<>;

}  // namespace curtail::inline v0
