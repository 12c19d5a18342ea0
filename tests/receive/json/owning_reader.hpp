// SPDX-License-Identifier: MIT
#pragma once
// A push reader with a state and a handler of its own.

#include <cstddef>
#include <string_view>
#include <utility>

#include <curtail/receive/json/push_reader.hpp>
#include <curtail/receive/json/reader_state.hpp>
#include <curtail/receive/receiver_options.hpp>

template <class Handler>
class OwningReader {
  public:
    // The handler is made of `of_handler`.
    template <class... Of>
    explicit OwningReader(const curtail::ReceiverOptions& options, Of&&... of_handler)
        : handler_(std::forward<Of>(of_handler)...), state_(options) {}

    [[nodiscard]] std::size_t feed_some(std::string_view text) { return reader().feed_some(text); }
    void feed(std::string_view text) { reader().feed(text); }
    void finish() { reader().finish(); }

    [[nodiscard]] Handler& handler() noexcept { return handler_; }
    [[nodiscard]] const curtail::detail::JsonReaderState& state() const noexcept { return state_; }

  private:
    [[nodiscard]] curtail::detail::JsonPushReader<Handler> reader() noexcept { return {state_, handler_}; }

    Handler handler_;
    curtail::detail::JsonReaderState state_;
};
