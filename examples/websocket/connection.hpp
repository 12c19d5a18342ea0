// SPDX-License-Identifier: MIT
#pragma once
// A WebSocket connection on which every wait has an end. Boost.Beast does the work, in websocket.cpp alone, because it
// takes long to compile.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "url.hpp"

// How long a connection waits.
struct ConnectionLimits {
    // For each step of the peer's: connecting, the TLS handshake, the WebSocket handshake, authentication, closing.
    std::chrono::seconds step{15};
    // For any sign of life, and for the peer to take the next 64 KiB. A ping is sent after half of it.
    std::chrono::seconds silence{60};
};

// Why a connection is over.
struct ConnectionEnd {
    std::string text = {};     // for people; holds words of the peer
    int code = 0;              // the peer's close code; 0 if it sent no close frame
    int http_status = 0;       // of a refused handshake, else 0
    bool untrusted = false;    // the peer's certificate is not trusted
    bool closed_here = false;  // close() was called, and the peer answered it

    // Returns true if another try may succeed in a minute. The peer would refuse again what was sent (1002, 1003, 1007,
    // 1009, 1010), who sent it (1008, HTTP 4xx) or the address (HTTP 3xx).
    [[nodiscard]] bool may_pass() const {
        if (untrusted) return false;
        if (http_status != 0) {
            return http_status == 408 || http_status == 425 || http_status == 429 || http_status >= 500;
        }
        return code != 1002 && code != 1003 && (code < 1007 || code > 1010);
    }
};

// Functions of the owner of a connection, which are called on the thread of the io_context.
struct ConnectionHandlers {
    std::function<void()> on_open;
    // A piece of a message, of at most 64 KiB, as it arrives; `last` ends the message, and its piece may be empty.
    std::function<void(std::string_view piece, bool last)> on_piece;
    // Exactly once, and the last of all calls.
    std::function<void(const ConnectionEnd&)> on_end;
};

class Connection {
  public:
    virtual ~Connection() = default;

    // Opens the connection. Authentication must follow: the owner calls established() in time, or the connection ends.
    virtual void start(ConnectionHandlers handlers) = 0;
    virtual void established() = 0;

    // Sends a text message after those that wait. `on_taken` is called once the peer has read it: when it answers a
    // ping that was sent behind the message, or closes in order. If the connection ends before that, it is never
    // called, and the message must be sent again.
    virtual void send(std::string message, std::function<void()> on_taken = {}) = 0;

    // Returns true if nothing waits to be sent. A slow peer then gets fewer messages instead of a longer queue.
    [[nodiscard]] virtual bool is_idle() const = 0;

    // Closes the connection after what waits to be sent, with a code of RFC 6455 and at most 120 bytes of text.
    virtual void close(int code, const std::string& reason) = 0;

    // Ends the connection at once.
    virtual void drop(const std::string& why) = 0;

    // Returns the peer's address and port, or the URL without credentials.
    [[nodiscard]] virtual const std::string& peer() const = 0;

  protected:
    Connection() = default;
    Connection(const Connection&) = default;
    Connection& operator=(const Connection&) = default;
};

// What TLS needs: the trusted certificates of a client, or the certificate and key of a server.
struct TlsContext;

// Trusts the system's certificates or, if `ca_file` is named, those in it. Throws std::runtime_error, also if the
// program was built without OpenSSL.
[[nodiscard]] std::shared_ptr<TlsContext> client_tls(const std::string& ca_file);
[[nodiscard]] std::shared_ptr<TlsContext> server_tls(const std::string& certificate_file, const std::string& key_file);

// Makes a client's end, which start() connects. `tls` is null for ws://.
[[nodiscard]] std::shared_ptr<Connection> connect_to(boost::asio::io_context& io, const WebSocketUrl& url,
                                                     std::shared_ptr<TlsContext> tls, ConnectionLimits limits);

// Accepts connections until it is destroyed.
class Listener {
  public:
    using OnPeer = std::function<void(std::shared_ptr<Connection>)>;

    // Listens; port 0 takes a free one. `on_peer` gets each connection and must start() it. Throws std::runtime_error.
    Listener(boost::asio::io_context& io, const std::string& host, std::uint16_t port, std::shared_ptr<TlsContext> tls,
             ConnectionLimits limits, OnPeer on_peer);
    ~Listener();

    [[nodiscard]] std::uint16_t port() const;

  private:
    struct State;
    std::shared_ptr<State> state_;
};
