// SPDX-License-Identifier: MIT
#pragma once
// The "data" of a result message as a value of nlohmann/json, for those who include that.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#if __has_include(<nlohmann/json_fwd.hpp>)
#include <nlohmann/json_fwd.hpp>
#else
#include <nlohmann/json.hpp>  // the single header alone
#endif

#include <curtail/core/utf8.hpp>
#include <curtail/payload/message/json_writer.hpp>
#include <curtail/payload/message/wire_format.hpp>
#include <curtail/payload/result_payload.hpp>

namespace curtail::inline v0 {

namespace detail {

template <class Json>
concept CompleteJson = requires {
    sizeof(Json);
};

// Builds the value that a JSON library would make of the text.
template <class Json>
class JsonTreeWriter final : public JsonWriter {
  public:
    // Returns the value, once all that was opened is closed.
    [[nodiscard]] Json take() { return std::move(root_); }

    void open(char bracket) override { open_.push_back(&add(bracket == '{' ? Json::object() : Json::array())); }
    void close(char /*bracket*/) override { open_.pop_back(); }
    void literal(std::string_view json) override { add(Json::parse(json)); }
    void text(std::string_view value) override { add(Json(to_valid_utf8(value))); }

  private:
    using Object = typename Json::object_t;

    void member(std::string_view name) override { key_ = to_valid_utf8(name); }

    Json& add(Json value) {
        if (open_.empty()) return root_ = std::move(value);
        if (open_.back()->is_array()) {
            open_.back()->push_back(std::move(value));
            return open_.back()->back();
        }
        // operator[] of an ordered object searches all keys: at 10,000 columns fifty million comparisons per row.
#if defined(JSON_DIAGNOSTICS) && JSON_DIAGNOSTICS
        return (*open_.back())[key_] = std::move(value);  // which also notes who holds the value
#else
        auto& object = open_.back()->template get_ref<Object&>();
        if constexpr (requires { typename Object::Container; }) {
            return static_cast<typename Object::Container&>(object).emplace_back(key_, std::move(value)).second;
        } else {
            return object.emplace_hint(object.end(), key_, std::move(value))->second;
        }
#endif
    }

    Json root_;
    std::vector<Json*> open_;  // only the innermost grows, so none of them moves
    std::string key_;
};

}  // namespace detail

/// Returns the "data" object of the message that carries `payload` as a value of nlohmann/json: the value that
/// `Json::parse(result_message(payload))["data"]` gives, with the keys in the message's order if `Json` is
/// nlohmann::ordered_json, the default.
///
/// Include <nlohmann/json.hpp> to call it. This header does not, because a worker that only sends text compiles in half
/// the time without it.
template <class Json = nlohmann::ordered_json>
[[nodiscard]] auto payload_to_json(const ResultPayload& payload) {
    static_assert(detail::CompleteJson<Json>, "a JSON value needs #include <nlohmann/json.hpp>");
    detail::JsonTreeWriter<Json> tree;
    detail::write_data(tree, payload);
    return tree.take();
}

}  // namespace curtail::inline v0
