// SPDX-License-Identifier: MIT
#pragma once
// A Connection over Boost.Beast, for a plain and a TLS stream. For websocket.cpp alone.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#ifdef EXAMPLES_WITH_TLS
#include <boost/asio/ssl.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket/ssl.hpp>
#endif

#include "connection.hpp"

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

#ifdef EXAMPLES_WITH_TLS
struct TlsContext {
    explicit TlsContext(asio::ssl::context::method method) : ssl(method) {
        SSL_CTX_set_min_proto_version(ssl.native_handle(), TLS1_2_VERSION);
    }
    asio::ssl::context ssl;
};
#else
struct TlsContext {};
#endif

inline constexpr std::size_t piece_bytes = std::size_t{64} * 1024;

#ifdef EXAMPLES_WITH_TLS
using TlsStream = beast::ssl_stream<beast::tcp_stream>;
#endif

template <class Stream>
constexpr bool is_tls = !std::is_same_v<Stream, beast::tcp_stream>;

// Returns the meaning of a close code in RFC 6455 and the registry of IANA; empty if it is a private one.
inline std::string_view name_of_close_code(int code) {
    switch (code) {
        case 1000: return "normal";
        case 1001: return "going away";
        case 1002: return "protocol error";
        case 1003: return "unsupported data";
        case 1005: return "no code";
        case 1007: return "invalid data";
        case 1008: return "policy violation";
        case 1009: return "message too big";
        case 1010: return "extension required";
        case 1011: return "internal error";
        case 1012: return "service restart";
        case 1013: return "try again later";
        case 3000: return "unauthorized";
        case 3003: return "forbidden";
        default: return {};
    }
}

inline std::string seconds_text(std::chrono::seconds time) {
    return std::to_string(time.count()) + " s";
}

template <class Stream>
class StreamConnection final : public Connection, public std::enable_shared_from_this<StreamConnection<Stream>> {
  public:
    // Makes the client's end or, without a URL, the server's end, whose socket is connected.
    template <class... StreamArguments>
    StreamConnection(asio::io_context& io, std::optional<WebSocketUrl> url, std::string peer,
                     std::shared_ptr<TlsContext> tls, ConnectionLimits limits, StreamArguments&&... arguments)
        : url_(std::move(url)),
          peer_(std::move(peer)),
          tls_(std::move(tls)),
          limits_(limits),
          resolver_(io),
          step_timer_(io),
          write_timer_(io),
          pong_timer_(io),
          ws_(std::forward<StreamArguments>(arguments)...) {}

    void start(ConnectionHandlers handlers) override {
        handlers_ = std::move(handlers);
        if (!url_) return secure();
        begin_step("connecting");
        resolver_.async_resolve(url_->host, url_->port, then([this](const tcp::resolver::results_type& addresses) {
                                    socket().async_connect(addresses, then([this](const auto&) { secure(); }));
                                }));
    }

    void established() override {
        step_ = nullptr;
        step_timer_.cancel();
    }

    void send(std::string message, std::function<void()> on_taken) override {
        if (ended_ || closing_) return;
        outbox_.push_back({std::move(message), std::move(on_taken)});
        if (outbox_.size() == 1) write_piece();
    }

    [[nodiscard]] bool is_idle() const override { return outbox_.empty(); }

    void close(int code, const std::string& reason) override {
        if (ended_ || closing_) return;
        if (!open_) return drop("closed before it was open");
        closing_ = websocket::close_reason(static_cast<websocket::close_code>(code), reason);
        if (outbox_.empty()) write_close();
    }

    void drop(const std::string& why) override { finish({.text = why}); }

    [[nodiscard]] const std::string& peer() const override { return peer_; }

  private:
    struct Outgoing {
        std::string text;
        std::function<void()> on_taken;
    };

    [[nodiscard]] beast::tcp_stream& socket() { return beast::get_lowest_layer(ws_); }

    // Returns a completion handler that keeps this object alive, ends the connection after an error, and does nothing
    // once it has ended.
    template <class Next>
    auto then(Next next) {
        return [self = this->shared_from_this(), next](error_code error, auto&&... results) -> void {
            if (self->ended_) return;
            if (error) return self->fail(error);
            next(results...);
        };
    }

    // Calls `late` unless the timer is set again or cancelled within `limit`.
    template <class Late>
    void arm(asio::steady_timer& timer, std::chrono::seconds limit, Late late) {
        timer.expires_after(limit);
        timer.async_wait([self = this->shared_from_this(), &timer, late](error_code error) {
            if (!error && !self->ended_ && timer.expiry() <= std::chrono::steady_clock::now()) late();
        });
    }

    void begin_step(const char* name) {
        step_ = name;
        arm(step_timer_, limits_.step, [this] { fail(asio::error::timed_out); });
    }

    void secure() {
        error_code ignored;
        socket().socket().set_option(tcp::no_delay(true), ignored);
#ifdef EXAMPLES_WITH_TLS
        if constexpr (is_tls<Stream>) return handshake_tls();
#endif
        upgrade();
    }

#ifdef EXAMPLES_WITH_TLS
    void handshake_tls() {
        begin_step("the TLS handshake");
        using Role = asio::ssl::stream_base;
        if (url_) {
            SSL_set_tlsext_host_name(ws_.next_layer().native_handle(), url_->host.c_str());
            ws_.next_layer().set_verify_callback(asio::ssl::host_name_verification(url_->host));
        }
        ws_.next_layer().async_handshake(url_ ? Role::client : Role::server, then([this] { upgrade(); }));
    }
#endif

    void upgrade() {
        begin_step("the WebSocket handshake");
        const auto none = websocket::stream_base::none();
        ws_.set_option(websocket::stream_base::timeout{none, limits_.silence, true});
        ws_.read_message_max(0);  // 0 is no limit: messages are passed on in pieces
        ws_.text(true);
        ws_.control_callback([this](websocket::frame_type kind, beast::string_view payload) {
            if (kind == websocket::frame_type::pong) take_pong(payload);
            if (kind == websocket::frame_type::close) close_seen();
        });
        if (url_) {
            ws_.async_handshake(response_, url_->authority(), url_->target, then([this] { opened(); }));
        } else {
            ws_.async_accept(then([this] { opened(); }));
        }
    }

    void opened() {
        begin_step("authentication");
        open_ = true;
        handlers_.on_open();
        read_piece();
    }

    void read_piece() {
        if (ended_) return;
        ws_.async_read_some(asio::buffer(piece_), then([this](std::size_t size) {
                                handlers_.on_piece({piece_.data(), size}, ws_.is_message_done());
                                read_piece();
                            }));
    }

    void write_piece() {
        const std::string& text = outbox_.front().text;
        const std::size_t size = (std::min)(text.size() - written_, piece_bytes);
        const bool last = written_ + size == text.size();
        arm(write_timer_, limits_.silence, [this] { end_with("the peer stopped reading", {}); });
        ws_.async_write_some(last, asio::buffer(text.data() + written_, size),
                             [self = this->shared_from_this(), this, size, last](error_code error, std::size_t) {
                                 if (ended_) return;
                                 if (error) return write_failed(error);
                                 written_ += size;
                                 last ? end_message() : write_piece();
                             });
    }

    void end_message() {
        written_ = 0;
        ++messages_;
        if (outbox_.front().on_taken) {
            unconfirmed_.emplace_back(messages_, std::move(outbox_.front().on_taken));
            ask_for_pong();
        }
        outbox_.pop_front();
        if (!outbox_.empty()) return write_piece();
        write_timer_.cancel();
        if (closing_) write_close();
    }

    // Waits two seconds for the close frame of a peer that refuses a message while it is being sent: it says why.
    void write_failed(error_code error) {
        arm(write_timer_, std::chrono::seconds(2), [this, error] { end_with("sending failed", error); });
    }

    void write_close() {
        begin_step("closing");
        ws_.async_close(*closing_, then([this] { fail(websocket::error::closed); }));
    }

    // Bounds the time in which the answer to the peer's close frame is sent. It waits for a message that is being sent,
    // which the peer may no longer read.
    void close_seen() {
        close_seen_ = true;
        if (!outbox_.empty() && !closing_) {
            arm(write_timer_, std::chrono::seconds(2), [this] { fail(websocket::error::closed); });
        } else {
            begin_step("closing");
        }
    }

    // Sends a ping with the number of messages that were sent. A peer answers in order, so the pong with that number
    // says that it has read all of them.
    void ask_for_pong() {
        if (unconfirmed_.size() == 1) await_pong();
        if (pinging_ || pinged_ == messages_) return;
        pinging_ = true;
        pinged_ = messages_;
        const std::string number = std::to_string(pinged_);
        ws_.async_ping(websocket::ping_data(beast::string_view(number.data(), number.size())),
                       [self = this->shared_from_this(), this](error_code error) {
                           pinging_ = false;
                           if (!error && !ended_) ask_for_pong();
                       });
    }

    void await_pong() {
        arm(pong_timer_, limits_.silence, [this] { end_with("the peer answers no ping", {}); });
    }

    void take_pong(beast::string_view payload) {
        std::uint64_t number = 0;  // a ping of Beast's own has no number
        for (const char c : payload) {
            if (c < '0' || c > '9' || number > messages_) return;
            number = number * 10 + static_cast<std::uint64_t>(c - '0');
        }
        if (number <= messages_) confirm(number);
    }

    void confirm(std::uint64_t number) {
        if (unconfirmed_.empty() || unconfirmed_.front().first > number) return;
        while (!unconfirmed_.empty() && unconfirmed_.front().first <= number) {
            const auto on_taken = std::move(unconfirmed_.front().second);
            unconfirmed_.pop_front();
            on_taken();
        }
        unconfirmed_.empty() ? static_cast<void>(pong_timer_.cancel()) : await_pong();
    }

    void fail(error_code error) {
        if (error == websocket::error::closed || close_seen_) return end_closed();
        if (error == websocket::error::upgrade_declined) {
            ConnectionEnd end{.http_status = static_cast<int>(response_.result_int())};
            const auto reason = response_.reason();
            end.text = "no connection to " + peer_ + ": the WebSocket handshake was refused: HTTP " +
                       std::to_string(end.http_status) + " " + std::string(reason.data(), reason.size());
            return finish(std::move(end));
        }
        const bool opening = url_ && !open_;
        end_with((opening            ? "no connection to " + peer_ + ": "
                  : step_ == nullptr ? "the connection broke: "
                                     : "") +
                     (step_ == nullptr ? "" : step_),
                 error);
    }

    // Ends the connection by the code of the peer's close frame.
    void end_closed() {
        const websocket::close_reason& reason = ws_.reason();
        ConnectionEnd end{.code = reason.code == 0 ? 1005 : reason.code};
        const std::string_view name = name_of_close_code(end.code);
        end.closed_here = closing_ && (end.code == closing_->code || end.code == 1000 || end.code == 1005);
        end.text = std::string(end.closed_here ? "this end" : "the peer") + " closed the connection: code " +
                   std::to_string(end.code);
        if (!name.empty()) end.text += " (" + std::string(name) + ")";
        if (!reason.reason.empty()) end.text += ": " + std::string(reason.reason.data(), reason.reason.size());
        if (end.closed_here || end.code == 1000) confirm(messages_);
        finish(std::move(end));
    }

    void end_with(const std::string& what, error_code error) {
        ConnectionEnd end{.text = what};
        const bool colon = !what.ends_with(": ") && error;
        if (error) end.text += (colon ? ": " : "") + explain(error);
#ifdef EXAMPLES_WITH_TLS
        if constexpr (is_tls<Stream>) {
            const long verdict = SSL_get_verify_result(ws_.next_layer().native_handle());
            if (url_ && !open_ && verdict != X509_V_OK) {
                end.untrusted = true;
                // Only host_name_verification gives no reason of its own.
                const bool other_host = verdict == X509_V_ERR_UNSPECIFIED;
                end.text += "; the certificate is not trusted: " +
                            (other_host ? "it is not for " + url_->host : X509_verify_cert_error_string(verdict));
            }
        }
#endif
        finish(std::move(end));
    }

    [[nodiscard]] std::string explain(error_code error) const {
        if (error == asio::error::timed_out) return "no answer within " + seconds_text(limits_.step);
        if (error == beast::error::timeout) return "nothing was heard for " + seconds_text(limits_.silence);
        if (error == asio::error::eof) return "the peer went away without a close frame";
        if (error == websocket::error::bad_close_code) return "the peer closed with a code that is reserved";
        return error.message();
    }

    void finish(ConnectionEnd end) {
        if (ended_) return;
        ended_ = true;
        step_timer_.cancel();
        write_timer_.cancel();
        pong_timer_.cancel();
        resolver_.cancel();
        socket().close();
        asio::post(ws_.get_executor(),
                   [self = this->shared_from_this(), end = std::move(end)] { self->handlers_.on_end(end); });
    }

    std::optional<WebSocketUrl> url_;
    std::string peer_;
    std::shared_ptr<TlsContext> tls_;
    ConnectionLimits limits_;
    ConnectionHandlers handlers_;
    tcp::resolver resolver_;
    asio::steady_timer step_timer_;
    asio::steady_timer write_timer_;
    asio::steady_timer pong_timer_;
    websocket::stream<Stream> ws_;
    websocket::response_type response_;
    std::array<char, piece_bytes> piece_{};
    std::deque<Outgoing> outbox_;  // its front is being written
    std::size_t written_ = 0;      // bytes of the front
    std::uint64_t messages_ = 0;   // written whole
    std::uint64_t pinged_ = 0;
    std::deque<std::pair<std::uint64_t, std::function<void()>>> unconfirmed_;
    std::optional<websocket::close_reason> closing_;
    const char* step_ = nullptr;  // what the peer must do next; null once it is established
    bool open_ = false;
    bool pinging_ = false;
    bool close_seen_ = false;
    bool ended_ = false;
};
