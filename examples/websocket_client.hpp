// SPDX-License-Identifier: MIT
#pragma once
// A WebSocket connection that stays alive while its owner is busy and calls poll().

#include <cstddef>
#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

// ws://HOST[:PORT][/PATH]
struct WebSocketUrl {
    std::string host;
    std::string port = "80";
    std::string path = "/";

    // Throws std::runtime_error.
    static WebSocketUrl parse(std::string_view text) {
        const std::string whole(text);
        if (text.starts_with("wss://")) {
            throw std::runtime_error(whole + ": TLS is not built in; connect to ws:// through a tunnel or a proxy");
        }
        if (!text.starts_with("ws://")) throw std::runtime_error(whole + " is not a URL of the form ws://HOST:PORT/");
        text.remove_prefix(5);
        WebSocketUrl url;
        const std::size_t slash = text.find('/');
        if (slash != std::string_view::npos) {
            url.path = text.substr(slash);
            text = text.substr(0, slash);
        }
        const std::size_t bracket = text.rfind(']');  // of an IPv6 address
        const std::size_t colon = text.rfind(':');
        if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
            url.port = text.substr(colon + 1);
            text = text.substr(0, colon);
        }
        if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
        url.host = text;
        if (url.host.empty() || url.port.empty())
            throw std::runtime_error(whole + " is not a URL of the form ws://HOST:PORT/");
        return url;
    }
};

// A peer sends pings and closes the connection if they are not answered (Python's websockets: after 20 seconds). Beast
// answers pings only while it reads, so a read is always under way, and the owner calls poll() a few times per second.
// Uses one thread. Takes messages of up to 1 MiB.
class WebSocketClient {
  public:
    // Connects; throws std::runtime_error that names the peer.
    explicit WebSocketClient(const WebSocketUrl& url) : stream_(context_) {
        namespace websocket = boost::beast::websocket;
        const std::string peer = url.host + ":" + url.port;
        try {
            boost::asio::ip::tcp::resolver resolver(context_);
            boost::asio::connect(stream_.next_layer().socket(), resolver.resolve(url.host, url.port));
            stream_.next_layer().socket().set_option(boost::asio::ip::tcp::no_delay(true));
            stream_.set_option(websocket::stream_base::timeout::suggested(boost::beast::role_type::client));
            stream_.read_message_max(std::size_t{1} << 20U);
            stream_.text(true);
            stream_.handshake(peer, url.path);
        } catch (const boost::system::system_error& error) {
            throw std::runtime_error("cannot connect to " + peer + ": " + error.code().message());
        }
        start_read();
    }

    WebSocketClient(const WebSocketClient&) = delete;
    WebSocketClient& operator=(const WebSocketClient&) = delete;
    ~WebSocketClient() = default;

    // Sends a text message in the background of poll(), receive() and flush().
    void send(std::string message) {
        outbox_.push_back(std::move(message));
        if (outbox_.size() == 1) start_write();
    }

    // Does what can be done without waiting. Returns false if the connection is gone.
    bool poll() {
        if (context_.stopped()) context_.restart();
        context_.poll();
        return !ended_;
    }

    // Returns true if everything was sent. A slow peer then gets fewer progress messages rather than a longer queue.
    [[nodiscard]] bool is_idle() const noexcept { return outbox_.empty(); }

    // Waits for the next message. Returns nothing if the connection is gone.
    [[nodiscard]] std::optional<std::string> receive() {
        wait_until([this] { return !inbox_.empty() || ended_; });
        if (inbox_.empty()) return {};
        std::string message = std::move(inbox_.front());
        inbox_.pop_front();
        return message;
    }

    // Waits until everything was sent. Returns false if the connection is gone before that.
    bool flush() {
        wait_until([this] { return outbox_.empty() || ended_; });
        return outbox_.empty();
    }

    // Closes the connection; waits for the peer's answer for at most 30 seconds, which is Beast's limit.
    void close() {
        if (!ended_) stream_.async_close(boost::beast::websocket::close_code::normal, [this](auto) { ended_ = true; });
        wait_until([this] { return ended_; });
    }

    // Returns why the connection is gone; empty if the peer closed it properly.
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

  private:
    // A bot sends one job at a time. One that sends thousands is broken, and they are not kept.
    static constexpr std::size_t max_waiting = 1000;

    template <class Condition>
    void wait_until(Condition reached) {
        while (!reached()) {
            if (context_.stopped()) context_.restart();
            if (context_.run_one() == 0) end("the connection has nothing left to do");
        }
    }

    void start_read() {
        stream_.async_read(incoming_, [this](boost::system::error_code error, std::size_t) {
            if (error) {
                end(error == boost::beast::websocket::error::closed ? std::string() : error.message());
                return;
            }
            inbox_.push_back(boost::beast::buffers_to_string(incoming_.data()));
            incoming_.consume(incoming_.size());
            if (inbox_.size() < max_waiting) {
                start_read();
            } else {
                end("more than " + std::to_string(max_waiting) + " messages are waiting");
            }
        });
    }

    void start_write() {
        stream_.async_write(boost::asio::buffer(outbox_.front()), [this](boost::system::error_code error, std::size_t) {
            if (error) {
                end(error.message());
                return;
            }
            outbox_.pop_front();
            if (!outbox_.empty()) start_write();
        });
    }

    void end(std::string problem) {
        if (!ended_) problem_ = std::move(problem);
        ended_ = true;
    }

    boost::asio::io_context context_;
    boost::beast::websocket::stream<boost::beast::tcp_stream> stream_;
    boost::beast::flat_buffer incoming_;
    std::deque<std::string> inbox_;
    std::deque<std::string> outbox_;  // its front is being written
    std::string problem_;
    bool ended_ = false;
};
