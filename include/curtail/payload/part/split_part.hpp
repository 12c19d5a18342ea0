// SPDX-License-Identifier: MIT
#pragma once
// The part of a table that a split writes, and the summary that it makes of it.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/job_id.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/hex.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/part/fit_part.hpp>
#include <curtail/payload/part/part_content.hpp>
#include <curtail/payload/part/parts_list.hpp>
#include <curtail/payload/part_summary.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/sample/findings.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/table/batch/observed_types.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

class SplitPart {
  public:
    // `said` is what the sink says of its part. Throws UsageError and BudgetTooSmall.
    SplitPart(const std::string& job_id, const PayloadOptions& options, const Schema& schema, std::string_view location,
              std::string_view format, const std::optional<PartPlace>& said)
        : options_(options), is_part_(options.part.of != 0 || said) {
        PartHead head;
        head.artifact.path = to_valid_utf8(location);
        head.artifact.format = to_valid_utf8(format);
        head.host = options.part.host;
        head.job_id = job_id;
        head.place = place_of(options.part, said);
        if (head.host.size() > 255 || !is_utf8(head.host)) {
            throw UsageError(ErrorCode::invalid_option, "the host of a part is UTF-8 of at most 255 bytes");
        }
        // Twice as many still fit a summary, so that the numbers of all rows do.
        constexpr std::uint64_t last_first_row = Unpacker::max_rows / 2;
        if (options.part.first_row > last_first_row) {
            throw UsageError(ErrorCode::invalid_option,
                             concat({"a part's first row is ", std::to_string(*options.part.first_row),
                                     ", and must be at most ", std::to_string(last_first_row)}));
        }
        longest_ = longest_head(std::move(head));
        if (!is_part_) return;
        // A directory of parts is named after the job, as the file of a whole table is.
        if (said) check_job_of_path(job_id, concat({directory_of(longest_.artifact.path), artifact_suffix}));
        if (options.on_artifact_error == OnArtifactError::report) {
            throw UsageError(ErrorCode::invalid_option,
                             "a part needs its file: OnArtifactError::report is for a whole table");
        }
        check_summary_budget(longest_, options, schema);
    }

    // Numbers the rows so that the random rows of all parts together are a random sample of the whole.
    void number_rows(RowSelection& selection) const noexcept {
        if (options_.part.first_row) {
            selection.begin_at(*options_.part.first_row);
        } else if (longest_.place.number != 0) {
            selection.begin_part(longest_.place.number);
        }
    }

    // Throws UsageError (wrong_state) if this is one of several parts, which must not be published as the whole table.
    void expect_whole() const {
        if (longest_.place.of == 1) return;
        throw UsageError(ErrorCode::wrong_state,
                         concat({"this split is part ", std::to_string(longest_.place.number), " of ",
                                 std::to_string(longest_.place.of), ": end it by finish_part()"}));
    }

    void prepare(Findings found, const Schema& schema, const ObservedTypes& types) {
        if (!is_part_) check_summary_budget(longest_, options_, schema);
        PartContent content;
        content.head.place = longest_.place;
        content.options = options_;
        content.first_row = options_.part.first_row;
        content.features_total = schema.feature_count();
        content.names_hash = hash_of_names(schema);
        const std::size_t shown = found.sample.names().size();
        for (std::size_t column = 0; column < schema.size(); ++column) {
            const bool prediction = column >= schema.feature_count();
            if (!prediction && column >= shown) continue;
            (prediction ? content.predictions : content.features)
                .push_back({schema[column].name, types.seen_type(column)});
        }
        if (found.selection) {
            content.sample = found.selection->take();
            content.left_out = found.selection->left_out();
        } else {
            for (KeptRow& row : found.sample.take())
                content.sample.push_back({{0, content.sample.size()}, std::move(row)});
            const std::size_t kept = content.sample.size();
            if (kept < (std::min)(std::uint64_t{options_.sample_rows}, found.rows)) content.left_out = {0, kept};
        }
        content.statistics = std::move(found.statistics);
        longest_.artifact.rows = found.rows;
        fit_part(content, longest_);
        writer_.emplace(longest_, content);
        if (writer_->size() < options_.part.max_summary_bytes) return;
        throw BudgetTooSmall(options_.part.max_summary_bytes, writer_->size() + 1, "a part's summary");
    }

    // Returns the bytes of the summary. Allocates nothing for an artifact that is where and what its sink said.
    [[nodiscard]] const std::string& summarize(const ArtifactInfo& artifact) {
        ArtifactInfo& info = longest_.artifact;
        info.bytes = artifact.bytes;
        info.uncompressed_bytes = artifact.uncompressed_bytes;
        info.sha256 = is_sha256(artifact.sha256) ? std::string_view(artifact.sha256) : std::string_view();
        writer_->write(longest_);
        return writer_->bytes();
    }

    [[nodiscard]] PartSummary take() noexcept { return {std::move(longest_), writer_->take()}; }

  private:
    [[nodiscard]] static PartPlace place_of(const PartOptions& wanted, const std::optional<PartPlace>& said) {
        if (wanted.of == 0) return said.value_or(PartPlace{});
        const PartPlace place{wanted.number, wanted.of};
        if (place.number >= place.of || place.of > Unpacker::max_rows) {
            throw UsageError(ErrorCode::invalid_option,
                             concat({"part ", std::to_string(place.number), " of ", std::to_string(place.of),
                                     ": parts are counted from 0"}));
        }
        if (said && !(*said == place)) {
            throw UsageError(
                ErrorCode::invalid_option,
                concat({"the options say part ", std::to_string(place.number), " of ", std::to_string(place.of),
                        ", the sink says part ", std::to_string(said->number), " of ", std::to_string(said->of)}));
        }
        return place;
    }

    PayloadOptions options_;
    bool is_part_;      // known from the beginning
    PartHead longest_;  // until the sink has said more
    std::optional<PartWriter> writer_;
};

}  // namespace curtail::inline v0::detail
