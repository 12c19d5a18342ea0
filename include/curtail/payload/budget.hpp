// SPDX-License-Identifier: MIT
#pragma once
// How many bytes a message may have, and in what it travels.

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

// What the message is put into before it meets the limit. The limit bounds what travels, not what was put in.
enum class Encoding : std::uint8_t {
    raw,          // the message itself is the frame
    json_string,  // the message is a string inside another JSON text (SQS, SNS and EventBridge bodies): quotes and
                  // backslashes are escaped once more, and the two quotes around it count
    base64,       // four bytes for every three begun
};

// Limits for the whole encoded message, in bytes; a message is always strictly smaller.
namespace budgets {

// The default: under every common "1 MB", 10^6 as well as 2^20. Socket.IO and engine.io refuse more than this.
inline constexpr std::size_t one_megabyte = 1'000'000;
// 2^20: Python websockets, NATS, Kong, and SQS, EventBridge and asynchronous Lambda since 2025.
inline constexpr std::size_t websockets_python = 1'048'576;
inline constexpr std::size_t nats = 1'048'576;
inline constexpr std::size_t sqs = 1'048'576;
inline constexpr std::size_t eventbridge = 1'048'576;
inline constexpr std::size_t lambda_async = 1'048'576;
inline constexpr std::size_t kong = 1'048'576;
// Kafka's max.request.size of 1,048,576 less 500 bytes for the batch and record headers.
inline constexpr std::size_t kafka = 1'048'076;
inline constexpr std::size_t aiohttp = 4'194'304;
inline constexpr std::size_t grpc = 4'194'304;
// 2^18: SQS queues made before 2025.
inline constexpr std::size_t sqs_legacy = 262'144;
inline constexpr std::size_t temporal = 2'097'152;
inline constexpr std::size_t beast = 16'777'216;
inline constexpr std::size_t aws_api_gateway_websocket = 131'072;
inline constexpr std::size_t jetty = 65'536;
inline constexpr std::size_t uwebsockets = 16'384;
inline constexpr std::size_t tomcat = 8'192;

}  // namespace budgets

// The smallest number of bytes a raw message must stay under so that it stays under `max_bytes` in its encoding, as far
// as that does not depend on the text. Throws UsageError (invalid_option) for 0: there is no "unlimited".
[[nodiscard]] inline std::size_t raw_limit(std::size_t max_bytes, Encoding encoding) {
    if (max_bytes == 0) {
        throw UsageError(ErrorCode::invalid_option, "a message budget of 0 bytes: there is no unlimited budget");
    }
    // 4 * ceil(n / 3) < max holds up to n = 3 * floor((max - 1) / 4); the limit itself is excluded.
    return encoding == Encoding::base64 ? (max_bytes - 1) / 4 * 3 + 1 : max_bytes;
}

}  // namespace curtail::inline v0
