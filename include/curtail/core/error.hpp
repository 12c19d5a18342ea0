// SPDX-License-Identifier: MIT
#pragma once
// The errors that curtail throws: one hierarchy, each with a code, a greppable prefix and what a handler needs.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>

namespace curtail::inline v0 {

/// What went wrong.
enum class ErrorCode : std::uint8_t {
    invalid_option,       ///< An option or a combination of options that cannot work.
    invalid_job_id,       ///< A job id that could leave its directory or break a file name.
    invalid_schema,       ///< No name, too many prediction columns, or a batch that differs from the schema.
    column_clash,         ///< Two columns that must differ have the same name.
    row_count_mismatch,   ///< Columns, or table and predictions, of unequal length.
    cell_count_mismatch,  ///< A row with more or fewer cells than the header has columns.
    bad_cell,             ///< A cell whose value its column does not allow.
    unreadable_input,     ///< An input that cannot be opened or read.
    malformed_input,      ///< An input that was read and breaks the rules of its format.
    changed_input,        ///< A file that is not the one that was opened or described.
    artifact_exists,      ///< The final name of the file exists already.
    no_space,             ///< The disk is full, or a quota or the limit of file sizes is reached.
    no_permission,        ///< The system refused access.
    no_directory,         ///< The directory does not exist or is not a directory.
    io_failed,            ///< Any other failed system call, such as a failed sync.
    cancelled,            ///< A progress callback or a stop token asked to stop.
    budget_too_small,     ///< Not even counts, statistics and the location fit.
    payload_too_large,    ///< A message over its limit.
    malformed_message,    ///< A message that is not JSON or not one of the known messages.
    incomplete_message,   ///< A message that ended early.
    message_limit,        ///< A message deeper or with longer tokens than the receiver allows.
    wrong_state,          ///< A call out of order, such as append() after finish().
    part_taken,           ///< A part of a job that another attempt has committed.
    part_damaged,         ///< A part whose file or summary is not what was committed.
    parts_missing,        ///< A job of which not all parts are there.
    parts_differ,         ///< Parts that are not of one table, or not of one division of it.
    newer_version,        ///< Bytes that a later version of curtail wrote.
};

/// Returns the code's name as in the prefix of what(): "no_space" in "[curtail.no_space] …".
[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) noexcept {
    constexpr std::string_view names[] = {
        "invalid_option",      "invalid_job_id",   "invalid_schema",    "column_clash",      "row_count_mismatch",
        "cell_count_mismatch", "bad_cell",         "unreadable_input",  "malformed_input",   "changed_input",
        "artifact_exists",     "no_space",         "no_permission",     "no_directory",      "io_failed",
        "cancelled",           "budget_too_small", "payload_too_large", "malformed_message", "incomplete_message",
        "message_limit",       "wrong_state",      "part_taken",        "part_damaged",      "parts_missing",
        "parts_differ",        "newer_version"};
    static_assert(std::size(names) == static_cast<std::size_t>(ErrorCode::newer_version) + 1);
    const auto index = static_cast<std::size_t>(code);
    return index < std::size(names) ? names[index] : "unknown";
}

/// The base class of all errors. what() begins with "[curtail.<code>] " and can be shown to a person.
class Error : public std::runtime_error {
  public:
    /// what() becomes "[curtail.<code>] <text>", with the control characters of `text`, and its bytes that are not
    /// UTF-8, in hexadecimal.
    Error(ErrorCode code, std::string_view text);

    /// Returns what went wrong.
    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

    /// Returns true if the same call with the same input would fail again, so that a retry is useless. False for
    /// no_space, no_permission, no_directory, io_failed, unreadable_input, changed_input, parts_missing and cancelled,
    /// which can go away.
    [[nodiscard]] bool permanent() const noexcept {
        switch (code_) {
            case ErrorCode::no_space:
            case ErrorCode::no_permission:
            case ErrorCode::no_directory:
            case ErrorCode::io_failed:
            case ErrorCode::unreadable_input:
            case ErrorCode::changed_input:
            case ErrorCode::parts_missing:
            case ErrorCode::cancelled: return false;
            default: return true;
        }
    }

  private:
    ErrorCode code_;
};

/// Options that contradict each other or are out of range, and calls out of order.
class UsageError : public Error {
  public:
    using Error::Error;
};

/// A table that cannot be written.
class TableError : public Error {
  public:
    /// what() has `text`; `row` counts from 0.
    TableError(ErrorCode code, std::string_view text, std::string column = {}, std::optional<std::uint64_t> row = {});

    /// Returns the name of the column at fault; empty if there is none.
    [[nodiscard]] const std::string& column() const noexcept { return column_; }
    /// Returns the row at fault, counted from 0, if there is one.
    [[nodiscard]] std::optional<std::uint64_t> row() const noexcept { return row_; }

  private:
    std::string column_;
    std::optional<std::uint64_t> row_;
};

/// An input file that cannot be read, or that could mean more than one thing.
class InputError : public Error {
  public:
    /// what() names the path, the line, which counts from 1 (0: none), and has `text`.
    InputError(ErrorCode code, std::string_view text, std::string path, std::uint64_t line = 0);
    /// A byte of an artifact, counted from 0.
    struct Offset {
        std::uint64_t byte = 0;  ///< In the file, or in what a compressed file holds.
    };
    /// what() names the path and the byte, and has `text`.
    InputError(ErrorCode code, std::string_view text, std::string path, Offset offset);

    /// Returns the path of the file.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Returns the line at fault, counted from 1, or 0 if there is none.
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
    /// Returns the byte at fault of an artifact, counted from 0, if there is one.
    [[nodiscard]] std::optional<std::uint64_t> offset() const noexcept { return offset_; }

  private:
    std::string path_;
    std::uint64_t line_;
    std::optional<std::uint64_t> offset_;
};

/// An artifact that was not published.
class ArtifactError : public Error {
  public:
    /// what() names the path and has `text`. `system_error` is an errno.
    ArtifactError(ErrorCode code, std::string_view text, std::string path, std::string operation = {},
                  int system_error = 0);

    /// Returns the path of the file.
    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    /// Returns the operation that failed, such as "write"; empty if there is none.
    [[nodiscard]] const std::string& operation() const noexcept { return operation_; }
    /// Returns the errno of the operation, or 0.
    [[nodiscard]] int system_error() const noexcept { return system_error_; }

  private:
    std::string path_;
    std::string operation_;
    int system_error_;
};

/// A part that another attempt has committed before. The work is done: go on with summary() as if it were your own.
class PartTaken : public ArtifactError {
  public:
    /// `path` is that of the part's file, `summary` what its attempt committed with it.
    PartTaken(std::uint64_t number, std::string path, std::string summary);

    /// Returns the number of the part, from 0.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
    /// Returns the bytes of the summary that was committed with the part.
    [[nodiscard]] const std::string& summary() const noexcept { return summary_; }

  private:
    std::uint64_t number_;
    std::string summary_;
};

/// Parts that are not of one table, or not of one division of it.
class PartsDiffer : public Error {
  public:
    /// `number` is the part that differs from those before it; what() names it and has `text`.
    PartsDiffer(std::uint64_t number, std::string_view text);

    /// Returns the number of the part, from 0.
    [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

  private:
    std::uint64_t number_;
};

/// A job with missing parts. Nothing was published; run these parts, then finish the job again.
class PartsMissing : public Error {
  public:
    /// The most part numbers that an error lists.
    static constexpr std::size_t listed = 32;

    /// `numbers` are the missing parts in order, all of them or the first ones. `count` is the number of missing parts,
    /// `of` the number of all parts of the job.
    PartsMissing(std::vector<std::uint64_t> numbers, std::uint64_t count, std::uint64_t of);

    /// Returns the numbers of missing parts, from 0 and in order: the first 32 of them.
    [[nodiscard]] const std::vector<std::uint64_t>& numbers() const noexcept { return numbers_; }
    /// Returns how many parts are missing.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// Returns how many parts the job has.
    [[nodiscard]] std::uint64_t of() const noexcept { return of_; }

  private:
    std::vector<std::uint64_t> numbers_;
    std::uint64_t count_;
    std::uint64_t of_;
};

/// A run that a progress callback or a stop token stopped. Nothing was published.
class Cancelled : public Error {
  public:
    /// `rows_done` is the number of rows written before.
    explicit Cancelled(std::uint64_t rows_done);

    /// Returns how many rows were written before.
    [[nodiscard]] std::uint64_t rows_done() const noexcept { return rows_done_; }

  private:
    std::uint64_t rows_done_;
};

/// A budget that cannot hold even counts, statistics and the location.
class BudgetTooSmall : public Error {
  public:
    /// `max_bytes` is the budget and `needed` the smallest that suffices, both in bytes. `of` names what the budget is
    /// for.
    BudgetTooSmall(std::size_t max_bytes, std::size_t needed, std::string_view of = "a message");

    /// Returns the smallest budget that suffices.
    [[nodiscard]] std::size_t needed() const noexcept { return needed_; }

  private:
    std::size_t needed_;
};

/// A message that is not smaller than its limit.
class PayloadTooLarge : public Error {
  public:
    /// Both are in bytes.
    PayloadTooLarge(std::size_t actual, std::size_t limit);

    /// Returns a lower bound of the size in bytes: counting stops at the limit.
    [[nodiscard]] std::size_t actual() const noexcept { return actual_; }
    /// Returns the limit in bytes, which the size must stay below.
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  private:
    std::size_t actual_;
    std::size_t limit_;
};

/// A received message, or a summary of a part, that cannot be read.
class MessageError : public Error {
  public:
    /// what() names the offset, which counts bytes from 0, and has `text`.
    MessageError(ErrorCode code, std::string_view text, std::uint64_t offset);

    /// Returns the byte, counted from 0, at which the error was certain.
    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  private:
    std::uint64_t offset_;
};

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS

#include <curtail/core/text/concat.hpp>
#include <curtail/core/text/number_list.hpp>
#include <curtail/core/text/quoted_text.hpp>

namespace curtail::inline v0 {
CURTAIL_INLINE Error::Error(ErrorCode code, std::string_view text)
    : std::runtime_error(detail::concat({"[curtail.", name_of(code), "] ", detail::without_controls(text)})),
      code_(code) {}

CURTAIL_INLINE TableError::TableError(ErrorCode code, std::string_view text, std::string column,
                                      std::optional<std::uint64_t> row)
    : Error(code, text), column_(std::move(column)), row_(row) {}

CURTAIL_INLINE InputError::InputError(ErrorCode code, std::string_view text, std::string path, std::uint64_t line)
    : Error(code, detail::concat({path, line != 0 ? ":" + std::to_string(line) : std::string(),
                                  path.empty() && line == 0 ? "" : ": ", text})),
      path_(std::move(path)),
      line_(line) {}

CURTAIL_INLINE InputError::InputError(ErrorCode code, std::string_view text, std::string path, Offset offset)
    : Error(code, detail::concat({path, ", byte ", std::to_string(offset.byte), ": ", text})),
      path_(std::move(path)),
      line_(0),
      offset_(offset.byte) {}

CURTAIL_INLINE ArtifactError::ArtifactError(ErrorCode code, std::string_view text, std::string path,
                                            std::string operation, int system_error)
    : Error(code, detail::concat({path, path.empty() ? "" : ": ", text})),
      path_(std::move(path)),
      operation_(std::move(operation)),
      system_error_(system_error) {}

CURTAIL_INLINE PartTaken::PartTaken(std::uint64_t number, std::string path, std::string summary)
    : ArtifactError(ErrorCode::part_taken,
                    detail::concat({"another attempt has committed part ", std::to_string(number),
                                    "; go on with its summary; nothing was published now"}),
                    std::move(path)),
      number_(number),
      summary_(std::move(summary)) {}

CURTAIL_INLINE PartsDiffer::PartsDiffer(std::uint64_t number, std::string_view text)
    : Error(ErrorCode::parts_differ, detail::concat({"part ", std::to_string(number), " ", text})), number_(number) {}

CURTAIL_INLINE PartsMissing::PartsMissing(std::vector<std::uint64_t> numbers, std::uint64_t count, std::uint64_t of)
    : Error(ErrorCode::parts_missing,
            detail::concat({std::to_string(count), " of ", std::to_string(of), " parts are missing: ",
                            detail::number_list(numbers, listed, count), ". Run them, then finish the job again"})),
      numbers_(std::move(numbers)),
      count_(count),
      of_(of) {
    if (numbers_.size() > listed) numbers_.resize(listed);
}

CURTAIL_INLINE Cancelled::Cancelled(std::uint64_t rows_done)
    : Error(ErrorCode::cancelled,
            detail::concat({"stopped as requested after ", std::to_string(rows_done), " rows; nothing was published"})),
      rows_done_(rows_done) {}

CURTAIL_INLINE BudgetTooSmall::BudgetTooSmall(std::size_t max_bytes, std::size_t needed, std::string_view of)
    : Error(
          ErrorCode::budget_too_small,
          detail::concat({of, " of less than ", std::to_string(max_bytes),
                          " bytes cannot hold this result; the smallest budget that can is ", std::to_string(needed)})),
      needed_(needed) {}

CURTAIL_INLINE PayloadTooLarge::PayloadTooLarge(std::size_t actual, std::size_t limit)
    : Error(ErrorCode::payload_too_large, detail::concat({"the message has at least ", std::to_string(actual),
                                                          " bytes and must stay under ", std::to_string(limit)})),
      actual_(actual),
      limit_(limit) {}

CURTAIL_INLINE MessageError::MessageError(ErrorCode code, std::string_view text, std::uint64_t offset)
    : Error(code, detail::concat({"at byte ", std::to_string(offset), ": ", text})), offset_(offset) {}

}  // namespace curtail::inline v0

#endif
