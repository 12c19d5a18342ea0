// SPDX-License-Identifier: MIT
#pragma once
// Foreign headers that most tests include, precompiled for all of them. None of curtail's: the test of a header
// includes it first, which shows that it compiles alone.

#include <string>

#include <nlohmann/json.hpp>

#include "catch.hpp"

// json.cpp compiles these once. Every file that parses or prints a message would do so again, in two to three seconds.
extern template class nlohmann::basic_json<>;

namespace nlohmann::detail {

extern template class serializer<json>;
extern template class lexer<json, iterator_input_adapter<std::string::const_iterator>>;
extern template class parser<json, iterator_input_adapter<std::string::const_iterator>>;

}  // namespace nlohmann::detail
