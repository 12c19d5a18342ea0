// SPDX-License-Identifier: MIT
#pragma once
// The message with some rows of a table that was published before.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/payload_options.hpp>
#include <curtail/payload/split_result.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// Takes the rows of a page and makes a message of those that fit. Keeps of each cell what could be shown.
class PageMessage {
  public:
    // `info` says where the table is, and how large; `parts` are those of a table in parts. `first` is the first row
    // that is wanted. Throws BudgetTooSmall if not even that fits, and UsageError (invalid_option) for a name that no
    // column has.
    PageMessage(const std::string& job_id, const PayloadOptions& options, const Schema& schema,
                const ArtifactInfo& info, std::span<const PartArtifact> parts, std::uint64_t first,
                std::uint64_t max_rows, const std::vector<std::string>& shown_columns);
    PageMessage(const PageMessage&) = delete;
    PageMessage& operator=(const PageMessage&) = delete;
    ~PageMessage();

    // Returns the indices of the columns that are wanted.
    [[nodiscard]] std::span<const std::size_t> columns() const noexcept;

    // Returns what takes the rows.
    [[nodiscard]] PageReceiver& receiver() noexcept;

    [[nodiscard]] std::shared_ptr<const SplitOutcome> finish();

  private:
    class State;

    std::unique_ptr<State> state_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS
#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/quoted_text.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/payload/message/file_end.hpp>
#include <curtail/payload/message/fit.hpp>
#include <curtail/payload/message/json_meter.hpp>
#include <curtail/payload/message/skeleton.hpp>
#include <curtail/payload/part/parts_list.hpp>
#include <curtail/payload/sample/first_rows.hpp>
#include <curtail/payload/sample/row_selection.hpp>
#include <curtail/payload/size_guard.hpp>
#include <curtail/table/batch/observed_types.hpp>

namespace curtail::inline v0::detail {

// The columns of a page, chosen by the names that a message of the whole table has for them.
struct PageColumns {
    Schema schema;                    // of those that are shown, in their order
    std::vector<std::size_t> read;    // their indices in the whole table, rising; predictions last
    std::vector<std::size_t> places;  // parallel to `read`: where in `schema` each is

    PageColumns(const Schema& whole, const std::vector<std::string>& shown, std::size_t max_bytes) {
        std::vector<std::size_t> order;
        if (shown.empty()) {
            for (std::size_t i = 0; i < whole.feature_count(); ++i) order.push_back(i);
        } else {
            choose(whole, shown, max_bytes, order);
        }
        const std::size_t features = order.size();
        for (std::size_t i = whole.feature_count(); i < whole.size(); ++i) order.push_back(i);
        std::vector<ColumnSpec> columns;
        columns.reserve(order.size());
        for (const std::size_t i : order) columns.push_back(whole[i]);
        for (std::size_t i = 0; i < names_.size(); ++i) columns[i].name = std::move(names_[i]);
        schema = Schema(std::move(columns), order.size() - features);
        places.resize(order.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
        std::sort(places.begin(), places.end(), [&](std::size_t a, std::size_t b) { return order[a] < order[b]; });
        for (const std::size_t place : places) read.push_back(order[place]);
    }

  private:
    void choose(const Schema& whole, const std::vector<std::string>& shown, std::size_t max_bytes,
                std::vector<std::size_t>& order) {
        const std::vector<std::string> in_message = FirstRows(whole, 0, max_bytes).names();
        const std::vector<std::string> predictions = prediction_names(whole);
        // Sorted, because a request can have as many names as the table has columns. A name in the message goes before
        // one of the table.
        std::vector<std::pair<std::string_view, std::size_t>> known;
        known.reserve(in_message.size() + predictions.size() + whole.size());
        for (std::size_t i = 0; i < in_message.size(); ++i) known.emplace_back(in_message[i], i);
        for (std::size_t i = 0; i < whole.size(); ++i) known.emplace_back(whole[i].name, i);
        for (const std::string& name : predictions) known.emplace_back(name, whole.feature_count());
        const auto by_name = [](const auto& a, const auto& b) { return a.first < b.first; };
        std::stable_sort(known.begin(), known.end(), by_name);
        std::vector<char> taken(whole.size(), 0);
        for (const std::string& name : shown) {
            const std::pair<std::string_view, std::size_t> wanted(name, 0);
            const auto at = std::lower_bound(known.begin(), known.end(), wanted, by_name);
            if (at == known.end() || at->first != name) {
                throw UsageError(ErrorCode::invalid_option, concat({"the table has no column ", quoted_for_error(name),
                                                                    "; it has ", known_names(whole)}));
            }
            const std::size_t column = at->second;
            if (column >= whole.feature_count() || std::exchange(taken[column], char{1}) != 0) continue;
            order.push_back(column);
            names_.push_back(name);
        }
    }

    // Returns the names of the first columns that can be chosen, for a person.
    [[nodiscard]] static std::string known_names(const Schema& whole) {
        constexpr std::size_t listed = 20;
        const std::size_t count = whole.feature_count();
        if (count == 0) return "none but predictions";
        std::string known;
        for (std::size_t i = 0; i < count && i < listed; ++i) {
            known += concat({i == 0 ? "" : ", ", quoted_for_error(whole[i].name)});
        }
        return count <= listed ? known : concat({known, " and ", std::to_string(count - listed), " more"});
    }

    std::vector<std::string> names_;  // of the chosen ones, in their order
};

// Defines its virtual functions within the class. If one were defined outside, each file that includes this would
// compile them all, and what they call, which took 2 s.
class PageMessage::State final : public PageReceiver {
  public:
    State(const std::string& job_id, const PayloadOptions& options, const Schema& table, const ArtifactInfo& info,
          std::span<const PartArtifact> parts, std::uint64_t first, std::uint64_t max_rows,
          const std::vector<std::string>& shown)
        : meter(options.encoding),
          limit(raw_limit(options.max_bytes, options.encoding)),
          guard{options.max_bytes, options.encoding},
          columns(table, shown, limit),
          whole(skeleton(job_id, table, info, parts.size())),
          sample(columns.schema, cast_to<std::size_t>((std::min)(max_rows, std::uint64_t{limit})), limit),
          types(columns.schema),
          features(limit),
          predictions(limit) {
        if (first >= whole.rows) whole.notes.push_back(past_the_end(first, whole.rows));
        check_budget(largest_skeleton(whole), options);
        whole.output_parts = listed_parts(parts, std::vector<std::string>(parts.size()), whole.output_file);
    }

    // Returns a remark for people, who see no rows.
    [[nodiscard]] static std::string past_the_end(std::uint64_t first, std::uint64_t rows) {
        if (rows == 0) return "The table has no rows.";
        return concat({"There is no row ", std::to_string(first), ": rows are counted from 0, and the last one is row ",
                       std::to_string(rows - 1), "."});
    }

    // Returns the payload without rows, columns and the list of parts.
    [[nodiscard]] static ResultPayload skeleton(const std::string& job_id, const Schema& table,
                                                const ArtifactInfo& info, std::size_t parts) {
        ResultPayload payload = skeleton_of(table, job_id, SampleStrategy::head);
        payload.sample_strategy = page_strategy;
        payload.prediction_stats.clear();
        payload.rows = info.rows;
        payload.predictions_count = table.prediction_count() == 0 ? 0 : info.rows;
        if (parts != 0) payload.output_parts_total = parts;
        say_published(payload, to_valid_utf8(info.path), to_valid_utf8(info.format));
        settle(payload, ArtifactInfo(info));
        return payload;
    }

    void begin_row(std::uint64_t row_number) override {
        number = row_number;
        next = 0;
        features.clear();
        predictions.clear();
        row.features.assign(columns.schema.feature_count(), {});
        row.predictions.assign(columns.schema.prediction_count(), {});
    }

    [[nodiscard]] std::size_t text_limit() override {
        const bool prediction = columns.places[next] >= columns.schema.feature_count();
        return (prediction ? predictions : features).max_kept();
    }

    void cell(const Cell& value, std::uint64_t bytes) override {
        const std::size_t place = columns.places[next];
        const bool prediction = place >= columns.schema.feature_count();
        if (columns.schema[place].type.open()) types.add(place, value);
        KeptCell kept = (prediction ? predictions : features).keep(value);
        if (kept.cuttable() && bytes > kept.bytes) {
            kept.bytes = bytes;
            kept.whole = false;
        }
        (prediction ? row.predictions[place - columns.schema.feature_count()] : row.features[place]) = std::move(kept);
        ++next;
    }

    [[nodiscard]] bool end_row() override {
        if (!sample.offer(std::exchange(row, {}))) return false;
        selected.numbers.push_back(number);
        return true;
    }

    JsonMeter meter;
    std::size_t limit;
    SizeGuard guard;
    PageColumns columns;
    ResultPayload whole;
    FirstRows sample;
    ObservedTypes types;
    // These begin anew with each row, so they keep at least as much of it as the sample does.
    CellKeeper features;
    CellKeeper predictions;
    KeptRow row;
    std::size_t next = 0;  // the next column of the row
    std::uint64_t number = 0;
    SelectedRows selected;
};

CURTAIL_INLINE PageMessage::PageMessage(const std::string& job_id, const PayloadOptions& options, const Schema& schema,
                                        const ArtifactInfo& info, std::span<const PartArtifact> parts,
                                        std::uint64_t first, std::uint64_t max_rows,
                                        const std::vector<std::string>& shown_columns)
    : state_(std::make_unique<State>(job_id, options, schema, info, parts, first, max_rows, shown_columns)) {}
CURTAIL_INLINE PageMessage::~PageMessage() = default;

CURTAIL_INLINE std::span<const std::size_t> PageMessage::columns() const noexcept {
    return state_->columns.read;
}

CURTAIL_INLINE PageReceiver& PageMessage::receiver() noexcept {
    return *state_;
}

CURTAIL_INLINE std::shared_ptr<const SplitOutcome> PageMessage::finish() {
    State& state = *state_;
    const std::vector<std::string> dtypes = state.types.dtypes(state.sample.names().size());
    auto outcome =
        outcome_of(Fit(state.whole, state.sample, dtypes, state.meter, state.limit, state.selected).choose());
    state.guard.check(outcome->message);
    return outcome;
}

}  // namespace curtail::inline v0::detail
#endif
