// SPDX-License-Identifier: MIT
#pragma once
// A reference to a callable without its type.

#include <memory>
#include <type_traits>

namespace curtail::inline v0::detail {

// Calls what it refers to, which must outlive it. std::function would copy the callable and may allocate.
template <class... Arguments>
class Callback {
  public:
    template <class F>
    requires(!std::is_same_v<std::remove_cvref_t<F>, Callback>) Callback(F& callable)
    noexcept  // NOLINT(google-explicit-constructor): a parameter that any callable may fill
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object, const Arguments&... arguments) { (*static_cast<F*>(object))(arguments...); }) {}

    void operator()(const Arguments&... arguments) const { call_(object_, arguments...); }

  private:
    void* object_;
    void (*call_)(void*, const Arguments&...);
};

}  // namespace curtail::inline v0::detail
