// SPDX-License-Identifier: MIT
#pragma once
// The messages a worker sends: result, failure, progress. One JSON text each, in the fields existing bots look up.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include <curtail/core/utf8.hpp>

namespace curtail::inline v0 {

// The longest error text a failure message carries, in bytes.
inline constexpr std::size_t max_error_bytes = std::size_t{16} * 1024;

// The text of a message: compact, UTF-8, what is not UTF-8 replaced by U+FFFD.
template <class Json>
[[nodiscard]] std::string message_text(const Json& message) {
    return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// {type:"result", job_id, success:true, data}.
template <class Json>
[[nodiscard]] Json result_envelope(std::string_view job_id, Json data) {
    Json message = Json::object();
    message["type"] = "result";
    message["job_id"] = to_valid_utf8(job_id);
    message["success"] = true;
    message["data"] = std::move(data);
    return message;
}

// {type:"result", job_id, success:false, error}: the error is cut to 16 KiB between two characters, and never empty.
[[nodiscard]] inline std::string failure_message(std::string_view job_id, std::string_view error) {
    constexpr std::string_view mark = "\xE2\x80\xA6";
    std::string text = to_valid_utf8(utf8_prefix(error, max_error_bytes));
    if (error.size() > max_error_bytes || text.size() > max_error_bytes) {
        text = std::string(utf8_prefix(text, max_error_bytes - mark.size())) + std::string(mark);
    }
    if (text.empty()) text = "the job failed without saying why";
    nlohmann::ordered_json message = nlohmann::ordered_json::object();
    message["type"] = "result";
    message["job_id"] = to_valid_utf8(job_id);
    message["success"] = false;
    message["error"] = std::move(text);
    return message_text(message);
}

// {type:"progress", job_id, status, progress, message}: `percent` is brought into 0..100.
[[nodiscard]] inline std::string progress_message(std::string_view job_id, double percent, std::string_view text,
                                                  std::string_view status = "saving") {
    nlohmann::ordered_json message = nlohmann::ordered_json::object();
    message["type"] = "progress";
    message["job_id"] = to_valid_utf8(job_id);
    message["status"] = to_valid_utf8(status);
    message["progress"] = percent > 0 ? static_cast<int>(percent < 100 ? percent : 100) : 0;
    message["message"] = to_valid_utf8(utf8_prefix(text, max_error_bytes));
    return message_text(message);
}

}  // namespace curtail::inline v0
