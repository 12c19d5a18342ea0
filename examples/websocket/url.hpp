// SPDX-License-Identifier: MIT
#pragma once
// The address of a WebSocket server.

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

// ws[s]://HOST[:PORT][/PATH][?QUERY]. Path and query may hold credentials, so only shown() is for logs and errors.
struct WebSocketUrl {
    bool tls = false;
    std::string host;  // without the brackets of an IPv6 address
    std::string port;
    std::string target = "/";  // path and query

    // Returns the scheme, the host and the port.
    [[nodiscard]] std::string shown() const { return (tls ? "wss://" : "ws://") + authority(); }

    // Returns what the HTTP header Host says.
    [[nodiscard]] std::string authority() const {
        return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port;
    }

    // Throws std::runtime_error, which does not repeat the URL.
    [[nodiscard]] static WebSocketUrl parse(std::string_view text) {
        const auto refuse = [](const std::string& why) -> void {
            throw std::runtime_error("the URL " + why + "; it has the form ws://HOST:PORT/ or wss://HOST:PORT/");
        };
        const auto visible = [](char c) { return c > ' ' && c <= '~'; };
        if (!std::all_of(text.begin(), text.end(), visible)) refuse("has a space or another character that no URL has");
        WebSocketUrl url;
        url.tls = text.starts_with("wss://");
        if (!url.tls && !text.starts_with("ws://")) refuse("begins with neither ws:// nor wss://");
        text.remove_prefix(url.tls ? 6 : 5);
        text = text.substr(0, text.find('#'));
        const std::size_t rest = (std::min)(text.find_first_of("/?"), text.size());
        if (rest < text.size()) url.target = (text[rest] == '?' ? "/" : "") + std::string(text.substr(rest));
        text = text.substr(0, rest);
        if (text.find('@') != std::string_view::npos) {
            refuse("holds a user name; a worker proves who it is by its token");
        }
        const std::size_t bracket = text.rfind(']');  // of an IPv6 address
        const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
        url.port = colon == std::string_view::npos ? (url.tls ? "443" : "80") : std::string(text.substr(colon + 1));
        url.host = text.substr(0, colon);
        if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
        if (url.host.empty()) refuse("names no host");
        const bool digits = std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!digits || url.port.empty() || url.port.size() > 5 || std::stoul(url.port) > 65535 || url.port == "0") {
            refuse("has a port that is not a number from 1 to 65535");
        }
        return url;
    }
};
