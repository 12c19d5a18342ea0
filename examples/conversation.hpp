// SPDX-License-Identifier: MIT
#pragma once
// The messages between a bot and its workers, besides those of curtail/payload/messages.hpp. Each is one JSON text.

#include <cstdint>
#include <string>

#include <curtail/payload/messages.hpp>

#include <nlohmann/json.hpp>

// Returns the text under `key`, or an empty one if there is none.
template <class Json>
std::string text_of(const Json& message, const char* key) {
    const Json value = message.is_object() ? message.value(key, Json()) : Json();
    return value.is_string() ? value.template get<std::string>() : std::string();
}

// Returns the worker's first message.
inline std::string auth_message(const std::string& token, const std::string& machine_id) {
    return curtail::message_text(nlohmann::json{{"type", "auth"}, {"token", token}, {"machine_id", machine_id}});
}

// Returns the bot's answer to the right token. connected_message() follows it.
inline std::string auth_response_message() {
    return curtail::message_text(nlohmann::ordered_json{{"type", "auth_response"}, {"success", true}, {"user_id", 1}});
}

inline std::string connected_message() {
    return curtail::message_text(nlohmann::ordered_json{{"type", "connected"}, {"message", "welcome"}});
}

// Returns the bot's answer to a wrong token.
inline std::string auth_failed_message(const std::string& why) {
    return curtail::message_text(nlohmann::ordered_json{{"type", "auth_failed"}, {"error", why}});
}

// Returns the bot's job. Its empty feature_columns mean those of the model.
inline std::string job_message(const std::string& job_id, const std::string& file) {
    using Json = nlohmann::ordered_json;
    const Json params{{"model_id", "default"}, {"file_path", file}, {"feature_columns", Json::array()}};
    return curtail::message_text(Json{{"type", "job"}, {"job_id", job_id}, {"action", "predict"}, {"params", params}});
}

// The most rows that a bot may ask for at once.
inline constexpr std::uint64_t max_page_rows = 100;

// Returns the bot's request for rows of an earlier job, from `first` on, counted from 0.
inline std::string rows_message(const std::string& job_id, const std::string& job, std::uint64_t first,
                                std::uint64_t count) {
    using Json = nlohmann::ordered_json;
    const Json params{{"job", job}, {"first", first}, {"count", count}};
    return curtail::message_text(Json{{"type", "job"}, {"job_id", job_id}, {"action", "rows"}, {"params", params}});
}

// Returns what the bot sends if it no longer wants the result of a job. Workers that do not know it pass over it.
inline std::string cancel_message(const std::string& job_id) {
    return curtail::message_text(nlohmann::ordered_json{{"type", "cancel"}, {"job_id", job_id}});
}
