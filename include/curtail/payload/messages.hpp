// SPDX-License-Identifier: MIT
#pragma once
// The messages a worker sends: result, failure, progress. One JSON text each, in the fields existing bots look up.

#include <cstddef>
#include <string>
#include <string_view>

#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

// The longest error text a failure message carries, in bytes.
inline constexpr std::size_t max_error_bytes = std::size_t{16} * 1024;

// The text of any other message, of whichever JSON library: compact, UTF-8, what is not UTF-8 replaced by U+FFFD.
template <class Json>
[[nodiscard]] std::string message_text(const Json& message) {
    return message.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The message that carries `payload`, as wire_format.hpp describes it.
[[nodiscard]] inline std::string result_message(const ResultPayload& payload) {
    detail::JsonTextWriter out;
    detail::write_result(out, payload);
    return out.take();
}

// {type:"result", job_id, success:false, error}: the error is cut to 16 KiB between two characters, and never empty.
[[nodiscard]] inline std::string failure_message(std::string_view job_id, std::string_view error) {
    constexpr std::string_view mark = "\xE2\x80\xA6";
    std::string text = to_valid_utf8(utf8_prefix(error, max_error_bytes));
    if (error.size() > max_error_bytes || text.size() > max_error_bytes) {
        text = std::string(utf8_prefix(text, max_error_bytes - mark.size())) + std::string(mark);
    }
    if (text.empty()) text = "the job failed without saying why";
    detail::JsonTextWriter out;
    out.open('{');
    out.key("type").value("result");
    out.key("job_id").value(job_id);
    out.key("success").value(false);
    out.key("error").value(text);
    out.close('}');
    return out.take();
}

// {type:"progress", job_id, status, progress, message}: `percent` is brought into 0..100.
[[nodiscard]] inline std::string progress_message(std::string_view job_id, double percent, std::string_view text,
                                                  std::string_view status = "saving") {
    detail::JsonTextWriter out;
    out.open('{');
    out.key("type").value("progress");
    out.key("job_id").value(job_id);
    out.key("status").value(status);
    out.key("progress").value(percent > 0 ? static_cast<int>(percent < 100 ? percent : 100) : 0);
    out.key("message").value(utf8_prefix(text, max_error_bytes));
    out.close('}');
    return out.take();
}

}  // namespace curtail::inline v0
