// SPDX-License-Identifier: MIT
#pragma once
// A concept for values of nlohmann/json that needs no header of that library.

namespace curtail::inline v0::detail {

// Any nlohmann::basic_json, recognised by its shape.
template <class J>
concept JsonValue = requires(const J& value) {
    typename J::array_t;
    typename J::object_t;
    typename J::binary_t;
    typename J::error_handler_t;
    value.is_structured();
    value.type_name();
    value.template get_ptr<const typename J::object_t*>();
    value.dump(-1, ' ', false, J::error_handler_t::replace);
};

}  // namespace curtail::inline v0::detail
