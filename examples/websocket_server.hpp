// SPDX-License-Identifier: MIT
#pragma once
// The server's end of a WebSocket conversation: one peer at a time, each wait with a time limit.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>

// A peer that went away, fell silent or broke the protocol.
class PeerProblem : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class WebSocketServer {
  public:
    // Starts to listen; port 0 takes a free one. Throws std::runtime_error.
    WebSocketServer(const std::string& host, std::uint16_t port) try
        : acceptor_(context_, {boost::asio::ip::make_address(host), port}) {
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen on " + host + ":" + std::to_string(port) + ": " +
                                 error.code().message());
    }

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  private:
    friend class WebSocketPeer;
    boost::asio::io_context context_;
    boost::asio::ip::tcp::acceptor acceptor_;
};

class WebSocketPeer {
  public:
    // Waits for the next peer, then for its handshake. Throws PeerProblem if that fails.
    explicit WebSocketPeer(WebSocketServer& server) : context_(server.context_), stream_(accept(server)) {
        namespace websocket = boost::beast::websocket;
        auto timeout = websocket::stream_base::timeout::suggested(boost::beast::role_type::server);
        timeout.idle_timeout = std::chrono::minutes(10);  // a Python worker answers no pings while it computes
        stream_.set_option(timeout);
        stream_.text(true);
        const auto error = wait([this](auto done) { stream_.async_accept(done); });
        if (error) throw PeerProblem("no WebSocket handshake: " + error.message());
    }

    // Sends a text message.
    void send(std::string_view message) {
        const auto error = wait([&](auto done) {
            stream_.async_write(boost::asio::buffer(message.data(), message.size()),
                                [done](boost::system::error_code result, std::size_t) { done(result); });
        });
        if (error) throw PeerProblem("sending failed: " + error.message());
    }

    // Returns the next message, of at most `max_bytes`. Throws PeerProblem if it does not arrive within `limit`.
    [[nodiscard]] std::string receive(std::size_t max_bytes, std::chrono::seconds limit) {
        stream_.read_message_max(max_bytes);
        boost::beast::flat_buffer buffer;
        const auto error = wait(
            [&](auto done) {
                stream_.async_read(buffer, [done](boost::system::error_code result, std::size_t) { done(result); });
            },
            limit);
        if (error) throw PeerProblem("receiving failed: " + error.message());
        return boost::beast::buffers_to_string(buffer.data());
    }

    // Reads one message of any size and passes it to `on_piece` as it arrives, in pieces of at most 64 KiB.
    template <class OnPiece>
    void receive_pieces(OnPiece on_piece) {
        stream_.read_message_max(0);  // 0 is no limit
        do {
            std::size_t size = 0;
            const auto error = wait([&](auto done) {
                stream_.async_read_some(boost::asio::buffer(piece_),
                                        [done, &size](boost::system::error_code result, std::size_t read) {
                                            size = read;
                                            done(result);
                                        });
            });
            if (error) throw PeerProblem("receiving failed: " + error.message());
            on_piece(std::string_view(piece_.data(), size));
        } while (!stream_.is_message_done());
    }

    // Closes the connection; waits at most five seconds for the peer's answer.
    void close() {
        wait([this](auto done) { stream_.async_close(boost::beast::websocket::close_code::normal, done); },
             std::chrono::seconds(5));
    }

  private:
    static boost::asio::ip::tcp::socket accept(WebSocketServer& server) {
        boost::system::error_code error;
        boost::asio::ip::tcp::socket socket = server.acceptor_.accept(error);
        if (error) throw PeerProblem("accepting failed: " + error.message());
        socket.set_option(boost::asio::ip::tcp::no_delay(true), error);
        return socket;
    }

    // Starts one operation and waits for it. Beast's timeouts work for asynchronous operations only.
    template <class Start>
    boost::system::error_code wait(Start start, std::chrono::seconds limit = std::chrono::hours(24 * 365)) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        boost::system::error_code result;
        bool finished = false;
        bool late = false;
        start([&](boost::system::error_code error) {
            result = error;
            finished = true;
        });
        while (!finished) {
            if (context_.stopped()) context_.restart();
            if (!late && context_.run_one_until(deadline) == 0 && std::chrono::steady_clock::now() >= deadline) {
                late = true;
                stream_.next_layer().cancel();
            } else if (late) {
                context_.run_one();
            }
        }
        return late && result ? boost::beast::error::timeout : result;
    }

    boost::asio::io_context& context_;
    boost::beast::websocket::stream<boost::beast::tcp_stream> stream_;
    std::array<char, 64 * 1024> piece_{};
};
