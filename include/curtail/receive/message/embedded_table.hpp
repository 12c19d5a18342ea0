// SPDX-License-Identifier: MIT
#pragma once
// Reads a table that is JSON inside a string of the message, as it arrives.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/error.hpp>
#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/message/cell_reader.hpp>
#include <curtail/receive/message/table_collector.hpp>

namespace curtail::inline v0::detail {

// Text that does not begin with a bracket is not a table. Text that does, and then is not JSON, makes the message
// malformed.
class EmbeddedTable {
  public:
    // Takes the next part of the string, which ends before the byte `offset` of the message. Throws MessageError.
    void feed(std::string_view part, std::uint64_t offset, const Limits& limits) {
        if (!reader_ && !begin(part, limits)) return;
        // Only the end of a part is known, because escapes are longer in the message than here.
        const std::uint64_t shift = offset - part.size() - reader_->offset();
        guard(shift, [&] { reader_->feed(part); });
    }

    // Ends the string, whose closing quote is before the byte `offset`. Returns the table if the string held one.
    // Throws MessageError.
    [[nodiscard]] std::optional<TableCollector> finish(std::uint64_t offset, Limits& limits) {
        if (!reader_) return {};
        guard(offset - 1 - reader_->offset(), [&] { reader_->finish(); });
        limits.left = reader_->handler().limits().left;
        return std::move(reader_->handler().collector());
    }

    // Returns the table as far as it was read, if the string holds one.
    [[nodiscard]] const TableCollector* table() const noexcept {
        return reader_ ? &reader_->handler().collector() : nullptr;
    }

  private:
    // Skips white space before the table. Returns false if there is nothing to read in `part`.
    bool begin(std::string_view& part, const Limits& limits) {
        const char* const begin = find_non_space(part.data(), part.data() + part.size());
        part.remove_prefix(static_cast<std::size_t>(begin - part.data()));
        if (part.empty() || not_a_table_) return false;
        not_a_table_ = part.front() != '[' && part.front() != '{';
        if (not_a_table_) return false;
        const ReceiverOptions& options = limits.options;
        reader_.emplace(CellReader<TableCollector>(options),
                        JsonReaderOptions{options.max_depth, options.allow_nonfinite});
        reader_->handler().limits().left = limits.left;
        return true;
    }

    template <class Act>
    static void guard(std::uint64_t shift, Act act) {
        try {
            act();
        } catch (const MessageError& error) {
            const bool limit = error.code() == ErrorCode::message_limit;
            throw MessageError(limit ? error.code() : ErrorCode::malformed_message,
                               "the table inside a text is not JSON at its byte " + std::to_string(error.offset()),
                               error.offset() + shift);
        }
    }

    std::optional<JsonPushReader<CellReader<TableCollector>>> reader_;
    bool not_a_table_ = false;
};

}  // namespace curtail::inline v0::detail
