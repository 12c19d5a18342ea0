// SPDX-License-Identifier: MIT
#pragma once
// Every error curtail throws: one hierarchy, each kind with a code, a greppable prefix and what a handler needs.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace curtail::inline v0 {

enum class ErrorCode : std::uint8_t {
    invalid_option,       // an option or a combination of options that cannot work
    invalid_job_id,       // a job id that could leave its directory or break a file name
    invalid_schema,       // no name, too many prediction columns, a batch that differs from the schema
    column_clash,         // two columns that must differ bear one name
    row_count_mismatch,   // columns, or table and predictions, of unequal length
    cell_count_mismatch,  // a row with more or fewer cells than the header has columns
    bad_cell,             // a cell that cannot be what its column must be
    unreadable_input,     // an input that cannot be opened or read
    malformed_input,      // an input that was read and makes no sense
    artifact_exists,      // the final name is taken
    no_space,             // disk, quota or file size limit
    no_permission,        // the system refused
    no_directory,         // the directory is missing or is none
    io_failed,            // any other failed call, a failed sync among them
    cancelled,            // the progress callback asked to stop
    budget_too_small,     // not even counts, statistics and the location fit
    payload_too_large,    // a message over its limit
    malformed_message,    // a message that is not JSON or not one of the known messages
    incomplete_message,   // a message that ended early
    message_limit,        // a message deeper or with longer tokens than the receiver allows
    wrong_state,          // a call out of order, such as append() after finish()
};

// The code's name as it stands in the prefix of what(): "no_space" in "[curtail.no_space] …".
[[nodiscard]] constexpr std::string_view name_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::invalid_option: return "invalid_option";
        case ErrorCode::invalid_job_id: return "invalid_job_id";
        case ErrorCode::invalid_schema: return "invalid_schema";
        case ErrorCode::column_clash: return "column_clash";
        case ErrorCode::row_count_mismatch: return "row_count_mismatch";
        case ErrorCode::cell_count_mismatch: return "cell_count_mismatch";
        case ErrorCode::bad_cell: return "bad_cell";
        case ErrorCode::unreadable_input: return "unreadable_input";
        case ErrorCode::malformed_input: return "malformed_input";
        case ErrorCode::artifact_exists: return "artifact_exists";
        case ErrorCode::no_space: return "no_space";
        case ErrorCode::no_permission: return "no_permission";
        case ErrorCode::no_directory: return "no_directory";
        case ErrorCode::io_failed: return "io_failed";
        case ErrorCode::cancelled: return "cancelled";
        case ErrorCode::budget_too_small: return "budget_too_small";
        case ErrorCode::payload_too_large: return "payload_too_large";
        case ErrorCode::malformed_message: return "malformed_message";
        case ErrorCode::incomplete_message: return "incomplete_message";
        case ErrorCode::message_limit: return "message_limit";
        case ErrorCode::wrong_state: return "wrong_state";
    }
    return "unknown";
}

// The root of all errors. what() begins with "[curtail.<code>] " and is fit to be shown to a person.
class Error : public std::runtime_error {
  public:
    Error(ErrorCode code, std::string_view text)
        : std::runtime_error("[curtail." + std::string(name_of(code)) + "] " + std::string(text)), code_(code) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

    // True when the same call with the same input must fail again, so that nobody retries for ever. Room, permission
    // and device errors, a missing directory and a cancelled run can be mended from outside; the rest cannot.
    [[nodiscard]] bool permanent() const noexcept {
        switch (code_) {
            case ErrorCode::no_space:
            case ErrorCode::no_permission:
            case ErrorCode::no_directory:
            case ErrorCode::io_failed:
            case ErrorCode::unreadable_input:
            case ErrorCode::cancelled: return false;
            default: return true;
        }
    }

  private:
    ErrorCode code_;
};

// Options that contradict each other or lie outside their range, and calls out of order.
class UsageError : public Error {
  public:
    using Error::Error;
};

// A table that cannot be split: names the column and the row (counted from 0) where there is one.
class TableError : public Error {
  public:
    TableError(ErrorCode code, std::string_view text, std::string column = {}, std::optional<std::uint64_t> row = {})
        : Error(code, text), column_(std::move(column)), row_(row) {}

    [[nodiscard]] const std::string& column() const noexcept { return column_; }
    [[nodiscard]] std::optional<std::uint64_t> row() const noexcept { return row_; }

  private:
    std::string column_;
    std::optional<std::uint64_t> row_;
};

// An input file that cannot be read rightly: names the file and the line (counted from 1; 0 when no line is at fault).
class InputError : public Error {
  public:
    InputError(ErrorCode code, std::string_view text, std::string path, std::uint64_t line = 0)
        : Error(code, path + (line != 0 ? ":" + std::to_string(line) : std::string()) + ": " + std::string(text)),
          path_(std::move(path)),
          line_(line) {}

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }

  private:
    std::string path_;
    std::uint64_t line_;
};

// An artifact that was not published: names the path, the operation that failed and its errno (0 when none).
class ArtifactError : public Error {
  public:
    ArtifactError(ErrorCode code, std::string_view text, std::string path, std::string operation = {},
                  int system_error = 0)
        : Error(code, path + ": " + std::string(text)),
          path_(std::move(path)),
          operation_(std::move(operation)),
          system_error_(system_error) {}

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] const std::string& operation() const noexcept { return operation_; }
    [[nodiscard]] int system_error() const noexcept { return system_error_; }

  private:
    std::string path_;
    std::string operation_;
    int system_error_;
};

// The progress callback asked to stop. Nothing was published.
class Cancelled : public Error {
  public:
    explicit Cancelled(std::uint64_t rows_done)
        : Error(ErrorCode::cancelled,
                "stopped by the progress callback after " + std::to_string(rows_done) + " rows; nothing was published"),
          rows_done_(rows_done) {}

    [[nodiscard]] std::uint64_t rows_done() const noexcept { return rows_done_; }

  private:
    std::uint64_t rows_done_;
};

// A budget that cannot hold even counts, statistics and the location. needed() is the smallest max_bytes that would do.
class BudgetTooSmall : public Error {
  public:
    BudgetTooSmall(std::size_t max_bytes, std::size_t needed)
        : Error(ErrorCode::budget_too_small, "a message budget of " + std::to_string(max_bytes) +
                                                 " bytes cannot hold this result; the smallest that can is " +
                                                 std::to_string(needed)),
          needed_(needed) {}

    [[nodiscard]] std::size_t needed() const noexcept { return needed_; }

  private:
    std::size_t needed_;
};

// A message that is not strictly smaller than its limit. Counting stops at the limit, so actual() is a lower bound.
class PayloadTooLarge : public Error {
  public:
    PayloadTooLarge(std::size_t actual, std::size_t limit)
        : Error(ErrorCode::payload_too_large, "the message has at least " + std::to_string(actual) +
                                                  " bytes and must stay under " + std::to_string(limit)),
          actual_(actual),
          limit_(limit) {}

    [[nodiscard]] std::size_t actual() const noexcept { return actual_; }
    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }

  private:
    std::size_t actual_;
    std::size_t limit_;
};

// A received message that cannot be read: offset() is the byte, counted from 0, at which that became certain.
class MessageError : public Error {
  public:
    MessageError(ErrorCode code, std::string_view text, std::uint64_t offset)
        : Error(code, "at byte " + std::to_string(offset) + ": " + std::string(text)), offset_(offset) {}

    [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

  private:
    std::uint64_t offset_;
};

}  // namespace curtail::inline v0
