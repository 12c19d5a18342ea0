// SPDX-License-Identifier: MIT
#pragma once
// The messages a worker sends: result, failure, progress. One JSON text each, in the fields existing bots look up.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

/// The longest error text of a failure message, and text or status of a progress message, in bytes.
inline constexpr std::size_t max_error_bytes = std::size_t{16} * 1024;

/// The longest job id that failure_message() and progress_message() send back as it came, in bytes: more than
/// is_job_id() allows, because a bot must recognise its own id in the refusal of it.
inline constexpr std::size_t max_echoed_job_id_bytes = 1024;

/// Returns the text of any other message of yours, from a value of nlohmann/json: compact, UTF-8, with U+FFFD for what
/// is not UTF-8. Needs `#include <nlohmann/json.hpp>`.
template <class Json>
[[nodiscard]] std::string message_text(const Json& message) {
    return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Returns the message that carries `payload`: one line of JSON,
/// `{"type":"result","job_id":…,"success":true,"data":…}`. Its size is not checked: SplitResult::message() is the one
/// that keeps to a budget.
[[nodiscard]] std::string result_message(const ResultPayload& payload);

/// Returns the message that says that a job failed:
///
///     {"type":"result","job_id":"job_1","success":false,"error":"[curtail.no_space] …"}
///
/// `error` is any text, such as what() of an exception. It is cut to max_error_bytes between two characters, and the
/// message is never without one. `job_id` may be any text too, so that a job with a hostile id can be refused; it is
/// cut to max_echoed_job_id_bytes. So the message has less than 120,000 bytes, whatever is given. What is cut ends in
/// U+2026, and what is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string failure_message(std::string_view job_id, std::string_view error);
// For an error itself: fails to compile, with a message that names the cure.
template <class Wrong>
requires(!std::is_convertible_v<const Wrong&, std::string_view>) auto failure_message(std::string_view, const Wrong&) {
    static_assert(std::is_convertible_v<const Wrong&, std::string_view>,
                  "a failure has the text of an error: failure_message(job_id, error.what())");
}

/// Returns the message that says how far a job is:
///
///     {"type":"progress","job_id":"job_1","status":"saving","progress":45,"message":"45,000 rows"}
///
/// `percent` is cut to a whole number from 0 to 100; NaN becomes 0. `text` is for people. `status` is a word for
/// programs; bots know "saving". Both are cut to max_error_bytes, and `job_id` as in failure_message().
[[nodiscard]] std::string progress_message(std::string_view job_id, double percent, std::string_view text,
                                           std::string_view status = "saving");

}  // namespace curtail::inline v0

#if CURTAIL_DEFINITIONS
#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/message/wire_format.hpp>

namespace curtail::inline v0 {

namespace detail {

// Returns `text` as valid UTF-8 of at most `max_bytes` bytes. If it is cut, it ends in an ellipsis.
[[nodiscard]] inline std::string bounded_text(std::string_view text, std::size_t max_bytes) {
    std::string bounded = to_valid_utf8(utf8_prefix(text, max_bytes));
    if (text.size() <= max_bytes && bounded.size() <= max_bytes) return bounded;
    return std::string(utf8_prefix(bounded, max_bytes - ellipsis.size())) + std::string(ellipsis);
}

}  // namespace detail

CURTAIL_INLINE std::string result_message(const ResultPayload& payload) {
    detail::JsonTextWriter out;
    detail::write_result(out, payload);
    return out.take();
}

CURTAIL_INLINE std::string failure_message(std::string_view job_id, std::string_view error) {
    using detail::Key;
    if (error.empty()) error = "the job failed without an error text";
    detail::JsonTextWriter out;
    out.open('{');
    out.key(Key::type).value(detail::type_result);
    out.key(Key::job_id).value(detail::bounded_text(job_id, max_echoed_job_id_bytes));
    out.key(Key::success).value(false);
    out.key(Key::error).value(detail::bounded_text(error, max_error_bytes));
    out.close('}');
    return out.take();
}

CURTAIL_INLINE std::string progress_message(std::string_view job_id, double percent, std::string_view text,
                                            std::string_view status) {
    using detail::Key;
    detail::JsonTextWriter out;
    out.open('{');
    out.key(Key::type).value(detail::type_progress);
    out.key(Key::job_id).value(detail::bounded_text(job_id, max_echoed_job_id_bytes));
    out.key(Key::status).value(detail::bounded_text(status, max_error_bytes));
    out.key(Key::progress).value(percent > 0 ? static_cast<int>(percent < 100 ? percent : 100) : 0);
    out.key(Key::message).value(detail::bounded_text(text, max_error_bytes));
    out.close('}');
    return out.take();
}

}  // namespace curtail::inline v0
#endif
