// SPDX-License-Identifier: MIT
#pragma once
// How many bytes a message may have, and how it is encoded.

#include <cstddef>
#include <cstdint>
#include <string>

#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

/// What a transport puts the message into before it meets the limit. A budget bounds the result of that.
enum class Encoding : std::uint8_t {
    /// Nothing: the message is sent as it is. For WebSocket text frames, NATS, Kafka.
    raw,
    /// A string in another JSON text, as in the bodies of Amazon SQS, SNS and EventBridge. Quotes and backslashes are
    /// escaped once more, and the two quotes around the string count.
    json_string,
    /// Base64 (RFC 4648) with padding: four bytes for every three of the message, rounded up.
    base64,
};

/// The limits of common transports in bytes, for `max_bytes` of PayloadOptions and SizeGuard. A message is always
/// strictly smaller. Other transports, and other settings of these, have other limits: any number can be given.
namespace budgets {

/// The default. Safe wherever "1 MB" is the limit, be it 10^6 or 2^20 bytes; Socket.IO refuses more.
inline constexpr std::size_t one_megabyte = 1'000'000;

/// 2^20: NATS, websockets of Python, Kong and Amazon SQS by default.
inline constexpr std::size_t one_mebibyte = 1'048'576;

/// Kafka by default: max.request.size of 2^20, less 500 bytes for the headers of batch and record.
inline constexpr std::size_t kafka = 1'048'076;

/// 2^22: gRPC and the WebSockets of aiohttp by default.
inline constexpr std::size_t grpc = 4'194'304;

/// 2^18: Amazon SQS, SNS and EventBridge where the limit is still the old one.
inline constexpr std::size_t sqs_legacy = 262'144;

/// 2^17: WebSockets of the Amazon API Gateway.
inline constexpr std::size_t api_gateway = 131'072;

/// 2^16: WebSockets of Jetty by default.
inline constexpr std::size_t jetty = 65'536;

/// 2^13: WebSockets of Tomcat by default.
inline constexpr std::size_t tomcat = 8'192;

}  // namespace budgets

namespace detail {

// Returns the size of a message of `size` bytes in base64. The other encodings have `size`, because theirs depends on
// the text.
[[nodiscard]] constexpr std::size_t encoded_size(std::size_t size, Encoding encoding) noexcept {
    return encoding == Encoding::base64 ? (size + 2) / 3 * 4 : size;
}

}  // namespace detail

/// Returns the limit of the message itself that keeps its encoding under `max_bytes`: a base64 text is shorter than
/// `max_bytes` if and only if the message is shorter than the result. For the other encodings the result is
/// `max_bytes`, because their size depends on the text. Throws UsageError (invalid_option) if `max_bytes` is 0: there
/// is no unlimited budget.
[[nodiscard]] inline std::size_t raw_limit(std::size_t max_bytes, Encoding encoding) {
    if (max_bytes == 0) {
        throw UsageError(ErrorCode::invalid_option, "a message budget of 0 bytes: there is no unlimited budget");
    }
    // 4 * ceil(n / 3) < max holds up to n = 3 * floor((max - 1) / 4); the limit itself is excluded.
    return encoding == Encoding::base64 ? (max_bytes - 1) / 4 * 3 + 1 : max_bytes;
}

}  // namespace curtail::inline v0
