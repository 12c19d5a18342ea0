// SPDX-License-Identifier: MIT
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "stream_connection.hpp"

#ifdef EXAMPLES_WITH_TLS
std::shared_ptr<TlsContext> client_tls(const std::string& ca_file) {
    auto tls = std::make_shared<TlsContext>(asio::ssl::context::tls_client);
    error_code error;
    ca_file.empty() ? tls->ssl.set_default_verify_paths(error) : tls->ssl.load_verify_file(ca_file, error);
    if (error) throw std::runtime_error("the trusted certificates " + ca_file + ": " + error.message());
    tls->ssl.set_verify_mode(asio::ssl::verify_peer);
    return tls;
}

std::shared_ptr<TlsContext> server_tls(const std::string& certificate_file, const std::string& key_file) {
    auto tls = std::make_shared<TlsContext>(asio::ssl::context::tls_server);
    error_code error;
    tls->ssl.use_certificate_chain_file(certificate_file, error);
    if (error) throw std::runtime_error("the certificate " + certificate_file + ": " + error.message());
    // Without this OpenSSL would ask the terminal for the passphrase of an encrypted key.
    tls->ssl.set_password_callback([](std::size_t, asio::ssl::context::password_purpose) { return std::string(); });
    tls->ssl.use_private_key_file(key_file, asio::ssl::context::pem, error);
    if (error) throw std::runtime_error("the key " + key_file + ": " + error.message());
    return tls;
}
#else
std::shared_ptr<TlsContext> client_tls(const std::string&) {
    throw std::runtime_error("this program was built without TLS, because OpenSSL was not found");
}

std::shared_ptr<TlsContext> server_tls(const std::string&, const std::string&) {
    return client_tls({});
}
#endif

std::shared_ptr<Connection> connect_to(asio::io_context& io, const WebSocketUrl& url, std::shared_ptr<TlsContext> tls,
                                       ConnectionLimits limits) {
#ifdef EXAMPLES_WITH_TLS
    if (tls) {
        auto& ssl = tls->ssl;
        return std::make_shared<StreamConnection<TlsStream>>(io, url, url.shown(), std::move(tls), limits, io, ssl);
    }
#endif
    return std::make_shared<StreamConnection<beast::tcp_stream>>(io, url, url.shown(), std::move(tls), limits, io);
}

struct Listener::State : std::enable_shared_from_this<Listener::State> {
    State(asio::io_context& context, std::shared_ptr<TlsContext> tls_context, ConnectionLimits connection_limits,
          OnPeer callback)
        : io(context),
          tls(std::move(tls_context)),
          limits(connection_limits),
          on_peer(std::move(callback)),
          acceptor(context),
          pause(context) {}

    void accept() {
        acceptor.async_accept([self = shared_from_this()](error_code error, tcp::socket peer) {
            if (!self->acceptor.is_open()) return;
            if (!error) self->take(std::move(peer));
            if (!error) return self->accept();
            self->pause.expires_after(std::chrono::milliseconds(100));  // no file descriptor may be left
            self->pause.async_wait([self](error_code cancelled) {
                if (!cancelled) self->accept();
            });
        });
    }

    void take(tcp::socket peer) {
        error_code error;
        const tcp::endpoint address = peer.remote_endpoint(error);
        if (error) return;  // it is gone already
        const std::string name =
            (address.address().is_v6() ? "[" + address.address().to_string() + "]" : address.address().to_string()) +
            ":" + std::to_string(address.port());
#ifdef EXAMPLES_WITH_TLS
        if (tls) {
            beast::tcp_stream stream(std::move(peer));
            return on_peer(std::make_shared<StreamConnection<TlsStream>>(io, std::nullopt, name, tls, limits,
                                                                         std::move(stream), tls->ssl));
        }
#endif
        on_peer(std::make_shared<StreamConnection<beast::tcp_stream>>(io, std::nullopt, name, tls, limits,
                                                                      std::move(peer)));
    }

    asio::io_context& io;
    std::shared_ptr<TlsContext> tls;
    ConnectionLimits limits;
    OnPeer on_peer;
    tcp::acceptor acceptor;
    asio::steady_timer pause;
};

Listener::Listener(asio::io_context& io, const std::string& host, std::uint16_t port, std::shared_ptr<TlsContext> tls,
                   ConnectionLimits limits, OnPeer on_peer) try
    : state_(std::make_shared<State>(io, std::move(tls), limits, std::move(on_peer))) {
    const tcp::endpoint address(asio::ip::make_address(host), port);
    state_->acceptor.open(address.protocol());
    state_->acceptor.set_option(asio::socket_base::reuse_address(true));
    state_->acceptor.bind(address);
    state_->acceptor.listen();
    state_->accept();
} catch (const boost::system::system_error& error) {
    throw std::runtime_error("cannot listen on " + host + ":" + std::to_string(port) + ": " + error.code().message());
}

Listener::~Listener() {
    error_code ignored;
    state_->acceptor.close(ignored);
    state_->pause.cancel();
}

std::uint16_t Listener::port() const {
    return state_->acceptor.local_endpoint().port();
}
