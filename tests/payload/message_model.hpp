// SPDX-License-Identifier: MIT
#pragma once
// A second, slow and plain writer of result messages to compare with: given how much is shown, it writes the message
// letter by letter. It shares no code with the headers under test.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/core/number/read_floating.hpp>
#include <curtail/payload/budget.hpp>
#include <curtail/table/cell/time_text.hpp>
#include <curtail/table/cell/verbatim.hpp>
#include <curtail/table/table.hpp>

namespace message_model {

// Returns `text` with what is not UTF-8 replaced by nlohmann.
inline std::string valid(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return std::string(text);
    }
    return nlohmann::json::parse(
               nlohmann::json(std::string(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace))
        .get<std::string>();
}

inline std::size_t escaped_size(unsigned char c) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f') return 2;
    return c < 0x20 ? 6 : 1;
}

inline std::string json_string(std::string_view text) {
    static const std::string escapes = [] {
        std::string all;
        for (char c = 1; c < 0x20; ++c) all += c;
        return all + '"' + '\\' + '\0';
    }();
    std::string out = "\"";
    while (!text.empty()) {
        const std::size_t plain = (std::min)(text.find_first_of(escapes), text.size());
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const auto byte = static_cast<unsigned char>(text.front());
        if (escaped_size(byte) == 6) {
            constexpr char hex[] = "0123456789abcdef";
            out += "\\u00";
            out += hex[byte >> 4U];
            out += hex[byte & 15U];
        } else {
            constexpr std::string_view character = "\"\\\n\r\t\b\f";
            constexpr std::string_view letter = "\"\\nrtbf";
            out += '\\';
            out += letter[character.find(text.front())];
        }
        text.remove_prefix(1);
    }
    return out + '"';
}

// Returns a finite double as Python's repr() spells it.
inline std::string number_text(double value) {
    char shortest[64];
    const char* const end = std::to_chars(shortest, shortest + 64, value, std::chars_format::scientific).ptr;
    const std::string text(shortest, static_cast<std::size_t>(end - shortest));
    const std::size_t e = text.find('e');
    const int power = std::atoi(text.c_str() + e + 1);
    if (power < -4 || power >= 16) return text;
    std::string digits = text.substr(0, e);
    const std::string sign = digits.front() == '-' ? "-" : "";
    std::erase_if(digits, [](char c) { return c == '-' || c == '.'; });
    if (power < 0) return sign + "0." + std::string(static_cast<std::size_t>(-power - 1), '0') + digits;
    const auto whole = static_cast<std::size_t>(power) + 1;
    if (digits.size() < whole + 1) digits.resize(whole + 1, '0');
    return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

// Begins a string that is the text of a number with more digits than nlohmann's numbers keep.
inline constexpr std::string_view exact_mark = "\x01 a number with these digits: ";

// Returns a JSON value as text: as nlohmann dumps it, except for numbers.
inline std::string json_text(const nlohmann::ordered_json& value) {
    std::string out;
    if (value.is_object()) {
        for (const auto& member : value.items()) {
            out += (out.empty() ? "" : ",") + json_string(member.key()) + ":" + json_text(member.value());
        }
        return "{" + out + "}";
    }
    if (value.is_array()) {
        for (const auto& element : value) out += (out.empty() ? "" : ",") + json_text(element);
        return "[" + out + "]";
    }
    if (value.is_number_float()) return number_text(value.get<double>());
    if (value.is_string() && value.get_ref<const std::string&>().starts_with(exact_mark)) {
        return value.get_ref<const std::string&>().substr(exact_mark.size());
    }
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Returns the size of a message in its encoding.
inline std::size_t encoded(std::string_view message, curtail::Encoding encoding) {
    switch (encoding) {
        case curtail::Encoding::json_string: return json_string(message).size();
        case curtail::Encoding::base64: return (message.size() + 2) / 3 * 4;
        default: return message.size();
    }
}

// A strict reader of JSON (RFC 8259) that only accepts or refuses. Text that is not UTF-8 is refused.
class StrictReader {
  public:
    static bool accepts(std::string_view text) {
        StrictReader reader(text);
        return reader.value() && reader.text_.empty();
    }

  private:
    explicit StrictReader(std::string_view text) : text_(text) {}

    bool eat(char c) {
        if (text_.empty() || text_.front() != c) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool word(std::string_view expected) {
        if (!text_.starts_with(expected)) return false;
        text_.remove_prefix(expected.size());
        return true;
    }
    bool digits() {
        const std::size_t count = (std::min)(text_.find_first_not_of("0123456789"), text_.size());
        text_.remove_prefix(count);
        return count > 0;
    }
    bool number() {
        eat('-');
        if (!eat('0') && !digits()) return false;
        if (eat('.') && !digits()) return false;
        if (eat('e') || eat('E')) {
            if (!eat('+')) eat('-');
            if (!digits()) return false;
        }
        return true;
    }
    bool character() {
        const auto at = [&](std::size_t i) -> unsigned {
            return i < text_.size() ? static_cast<unsigned char>(text_[i]) : 0U;
        };
        const auto rest = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
        const unsigned c = at(0);
        std::size_t size = 0;
        if (c >= 0x20 && c < 0x80) {
            size = 1;
        } else if (c >= 0xC2 && c < 0xE0 && rest(1)) {
            size = 2;
        } else if (c >= 0xE0 && c < 0xF0 && rest(1) && rest(2) && !(c == 0xE0 && at(1) < 0xA0) &&
                   !(c == 0xED && at(1) > 0x9F)) {
            size = 3;
        } else if (c >= 0xF0 && c < 0xF5 && rest(1) && rest(2) && rest(3) && !(c == 0xF0 && at(1) < 0x90) &&
                   !(c == 0xF4 && at(1) > 0x8F)) {
            size = 4;
        }
        text_.remove_prefix(size);
        return size != 0;
    }
    bool string() {
        if (!eat('"')) return false;
        while (!eat('"')) {
            if (eat('\\')) {
                if (eat('u')) {
                    for (int i = 0; i < 4; ++i) {
                        if (text_.empty() ||
                            std::string_view("0123456789abcdefABCDEF").find(text_.front()) == std::string_view::npos)
                            return false;
                        text_.remove_prefix(1);
                    }
                } else if (text_.empty() ||
                           std::string_view("\"\\/bfnrt").find(text_.front()) == std::string_view::npos) {
                    return false;
                } else {
                    text_.remove_prefix(1);
                }
            } else if (!character()) {
                return false;
            }
        }
        return true;
    }
    bool value() {
        if (text_.empty()) return false;
        switch (text_.front()) {
            case '"': return string();
            case 't': return word("true");
            case 'f': return word("false");
            case 'n': return word("null");
            case '[':
                eat('[');
                if (eat(']')) return true;
                do {
                    if (!value()) return false;
                } while (eat(','));
                return eat(']');
            case '{':
                eat('{');
                if (eat('}')) return true;
                do {
                    if (!string() || !eat(':') || !value()) return false;
                } while (eat(','));
                return eat('}');
            default: return number();
        }
    }

    std::string_view text_;
};

// Returns a cell as JSON shows it in full.
struct ModelCell {
    bool is_text = false;
    std::string value;        // a text, or a JSON fragment
    std::uint64_t bytes = 0;  // of the original text
    std::size_t content = 0;  // of the text in the message, without quotes
    std::size_t first_replaced = static_cast<std::size_t>(-1);
    bool exact = false;  // a decimal or a time of at most 80 bytes: never cut
};

inline ModelCell model_cell(const curtail::Cell& cell) {
    ModelCell out;
    out.value = "null";
    const auto text = [&](std::string_view original) {
        out.is_text = true;
        out.value = valid(original);
        out.bytes = original.size();
        if (out.value != original) {
            for (out.first_replaced = 0; out.value[out.first_replaced] == original[out.first_replaced];)
                ++out.first_replaced;
        }
    };
    const auto written = [&](auto write) {
        char buffer[curtail::detail::max_time_chars];
        text({buffer, static_cast<std::size_t>(write(buffer) - buffer)});
        out.exact = true;
    };
    curtail::detail::visit_value(cell, [&](const auto& plain) {
        using T = std::remove_cvref_t<decltype(plain)>;
        if constexpr (std::is_same_v<T, bool>) {
            out.value = plain ? "true" : "false";
        } else if constexpr (std::is_integral_v<T>) {
            out.value = std::to_string(plain);
        } else if constexpr (std::is_floating_point_v<T>) {
            if (std::isfinite(plain)) {
                char shortest[64];
                const char* const end =
                    std::to_chars(shortest, shortest + 64, plain, std::chars_format::scientific).ptr;
                double number = 0;
                curtail::detail::read_floating(shortest, end, number);
                out.value = number_text(number);
            }
        } else if constexpr (std::is_same_v<T, curtail::Decimal>) {
            // A number if it is a 64-bit integer or the shortest digits of a double and zeros, else its text.
            const auto number = nlohmann::json::parse(plain.digits, nullptr, false);
            const auto canonical = [](std::string_view spelling) {
                std::string digits;
                long long exponent = 0;
                bool point = false;
                bool power = false;
                std::string shift;
                for (const char c : spelling) {
                    if (power) {
                        if (c != '+') shift += c;
                    } else if (c == '.') {
                        point = true;
                    } else if (c == 'e' || c == 'E') {
                        power = true;
                    } else if (c != '-') {
                        digits += c;
                        exponent -= point ? 1 : 0;
                    }
                }
                if (!shift.empty()) exponent += std::stoll(shift);
                while (!digits.empty() && digits.back() == '0') {
                    digits.pop_back();
                    ++exponent;
                }
                digits.erase(0, (std::min)(digits.find_first_not_of('0'), digits.size()));
                if (digits.empty()) exponent = 0;
                return digits + "e" + std::to_string(exponent);
            };
            char shortest[64];
            std::string_view back;
            if (number.is_number_float()) {
                const double value = number.template get<double>();
                // Not the default format: it writes all digits of an integer, as 159387313967007552.
                const char* const end =
                    std::to_chars(shortest, shortest + 64, value, std::chars_format::scientific).ptr;
                back = {shortest, static_cast<std::size_t>(end - shortest)};
            }
            if (number.is_number_integer() ||
                (number.is_number_float() && canonical(back) == canonical(plain.digits))) {
                // Its own digits, because a decimal's scale says something, unless there are very many.
                out.value = plain.digits.size() <= 80 ? std::string(plain.digits) : json_text(number);
            } else {
                text(plain.digits);
                out.exact = plain.digits.size() <= 80;
            }
        } else if constexpr (std::is_same_v<T, std::string_view>) {
            text(plain);
        } else if constexpr (std::is_same_v<T, curtail::Bytes>) {
            text(curtail::detail::bytes_text(plain));
        } else if constexpr (std::is_same_v<T, curtail::Nested>) {
            text(plain.json);
        } else if constexpr (curtail::detail::TimeForm<T>) {
            written([&](char* at) { return curtail::detail::write_time(at, plain); });
        }
    });
    return out;
}

// Returns the size of a file as a message says it; with `longest`, the most that a message can say of a file.
inline std::string file_size_text(std::uint64_t bytes, bool longest) {
    const std::string most = std::to_string(UINT64_MAX);
    if (!longest) {
        return ",\"output_bytes\":" + std::to_string(bytes) +
               ",\"output_attachable\":" + (bytes <= 50'000'000 ? "true" : "false");
    }
    return ",\"output_bytes\":" + most + ",\"output_uncompressed_bytes\":" + most +
           ",\"output_attachable\":false,\"output_sha256\":\"" + std::string(64, 'f') + "\"";
}

// How much of each part a message shows.
struct Choice {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::size_t labels = (std::numeric_limits<std::size_t>::max)();
    bool histograms = true;
    std::size_t listed = 32;
    std::size_t cap = (std::numeric_limits<std::size_t>::max)();
};

// Everything that a message could say about a table.
struct Model {
    std::string job_id;
    std::vector<std::string> names;
    std::vector<std::string> spelled_names;
    std::vector<bool> renamed;
    std::vector<bool> replaced;
    bool replaced_prediction_name = false;
    std::vector<std::string> dtypes;
    std::vector<std::vector<ModelCell>> rows;         // the sample, uncut
    std::vector<std::vector<ModelCell>> predictions;  // of those rows
    std::uint64_t rows_total = 0;
    std::vector<std::string> prediction_names;
    std::vector<nlohmann::ordered_json> stats;  // complete
    std::string output_file;
    std::string format;
    std::uint64_t output_bytes = 0;
    std::size_t name_room = 0;  // all the bytes of names in cells_truncated
    curtail::Encoding encoding = curtail::Encoding::raw;

    // Numbers repeated names as pandas.read_csv does.
    void set_names(const std::vector<std::string>& originals) {
        std::unordered_set<std::string> used;
        for (const std::string& original : originals) {
            const std::string base = valid(original);
            std::string name = base;
            for (std::size_t n = 1; !used.insert(name).second; ++n) name = base + "." + std::to_string(n);
            spelled_names.push_back(json_string(name));
            renamed.push_back(name != base);
            replaced.push_back(base != original);
            names.push_back(std::move(name));
        }
    }

    // Returns a text cut so that it and the ellipsis take at most `cap` bytes when escaped, and that size.
    [[nodiscard]] std::string cut(const ModelCell& cell, std::size_t cap) const {
        std::size_t used = 0;
        std::size_t end = 0;
        const std::string& text = cell.value;
        while (end < text.size()) {
            std::size_t next = end + 1;
            while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0U) == 0x80U) ++next;
            std::size_t cost = 0;
            for (std::size_t i = end; i < next; ++i) cost += cost_of(static_cast<unsigned char>(text[i]));
            if (used + cost + 3 > cap) break;
            used += cost;
            end = next;
        }
        return text.substr(0, end) + "\xE2\x80\xA6";
    }
    // Counts the escapes once more inside a JSON string.
    [[nodiscard]] std::size_t cost_of(unsigned char c) const {
        const std::size_t once = escaped_size(c);
        if (encoding != curtail::Encoding::json_string || once == 1) return once;
        return c == '"' || c == '\\' ? 4 : once + 1;
    }
    [[nodiscard]] std::size_t content_of(std::string_view text) const {
        std::size_t size = 0;
        for (const char c : text) size += cost_of(static_cast<unsigned char>(c));
        return size;
    }

    // Returns the statistics as text, and true if anything is missing. Keeps the last answer, because it is needed
    // most often.
    [[nodiscard]] const std::pair<std::string, bool>& stats_shown(const Choice& choice) const {
        if (last_labels == choice.labels && last_histograms == choice.histograms) return last_stats;
        last_labels = choice.labels;
        last_histograms = choice.histograms;
        auto& [text, is_cut] = last_stats = {};
        for (nlohmann::ordered_json each : stats) {
            if (!choice.histograms && each.contains("histogram")) {
                each.erase("histogram");
                is_cut = true;
            }
            if (each.contains("class_distribution") && each["class_distribution"].size() > choice.labels) {
                is_cut = true;
                nlohmann::ordered_json fewer = nlohmann::ordered_json::object();
                auto others = each["other_count"].get<std::uint64_t>();
                for (const auto& [label, counted] : each["class_distribution"].items()) {
                    if (fewer.size() < choice.labels) {
                        fewer[label] = counted;
                    } else {
                        others += counted["count"].get<std::uint64_t>();
                    }
                }
                each["class_distribution"] = fewer;
                each["other_count"] = others;
            }
            text += (text.empty() ? "" : ",") + json_text(each);
        }
        return last_stats;
    }
    mutable std::optional<std::size_t> last_labels = {};
    mutable bool last_histograms = false;
    mutable std::pair<std::string, bool> last_stats = {};

    // With `longest`, with the most that can be said of a file, which the budget must hold.
    [[nodiscard]] std::string encode(const Choice& choice, bool longest = false) const {
        const std::size_t row_count = (std::min)(choice.rows, rows.size());
        const std::size_t column_count = (std::min)(choice.columns, names.size());
        std::string sample;
        std::string predicted;
        std::string cuts;
        std::uint64_t cut_total = 0;
        std::size_t listed = 0;
        std::size_t room = name_room;
        bool renamed_shown = false;
        bool replaced_shown = replaced_prediction_name;
        for (std::size_t i = 0; i < column_count; ++i) {
            renamed_shown = renamed_shown || renamed[i];
            replaced_shown = replaced_shown || replaced[i];
        }
        for (std::size_t row = 0; row < row_count; ++row) {
            const auto shown = [&](const ModelCell& cell, const std::string& name, bool prediction) {
                if (!cell.is_text) return cell.value;
                if (cell.exact || cell.content <= choice.cap) {
                    replaced_shown = replaced_shown || cell.first_replaced < cell.value.size();
                    return json_string(cell.value);
                }
                ++cut_total;
                if (listed < choice.listed && name.size() <= room) {
                    room -= name.size();
                    ++listed;
                    cuts += (cuts.empty() ? "" : ",") + std::string("{\"row\":") + std::to_string(row) +
                            ",\"column\":" + json_string(name) + ",\"bytes\":" + std::to_string(cell.bytes) +
                            (prediction ? ",\"prediction\":true}" : "}");
                }
                const std::string shorter = cut(cell, choice.cap);
                replaced_shown = replaced_shown || cell.first_replaced < shorter.size() - 3;
                return json_string(shorter);
            };
            sample += row == 0 ? "{" : ",{";
            for (std::size_t i = 0; i < column_count; ++i) {
                if (i != 0) sample += ',';
                sample += spelled_names[i];
                sample += ':';
                sample += shown(rows[row][i], names[i], false);
            }
            sample += '}';
            if (prediction_names.empty()) continue;
            if (row != 0) predicted += ',';
            const bool bracket = predictions[row].size() != 1;
            if (bracket) predicted += '[';
            for (std::size_t i = 0; i < predictions[row].size(); ++i) {
                if (i != 0) predicted += ',';
                predicted += shown(predictions[row][i], prediction_names[i], true);
            }
            if (bracket) predicted += ']';
        }
        const auto& [stats_text, stats_cut] = stats_shown(choice);
        std::string reasons;
        const auto reason = [&](bool holds, const char* name) {
            if (holds) reasons += (reasons.empty() ? "" : ",") + json_string(name);
        };
        reason(row_count < rows_total, "rows");
        reason(cut_total > 0, "cells");
        reason(column_count < names.size(), "columns");
        reason(stats_cut, "stats");
        const auto list = [&](const std::vector<std::string>& texts, std::size_t count) {
            std::string out = "[";
            for (std::size_t i = 0; i < count; ++i) {
                if (i != 0) out += ',';
                out += json_string(texts[i]);
            }
            return out + "]";
        };
        std::string out =
            "{\"type\":\"result\",\"job_id\":" + json_string(valid(job_id)) + ",\"success\":true,\"data\":{";
        out += "\"predictions_sample\":[" + predicted + "]";
        out += ",\"predictions_count\":" + std::to_string(prediction_names.empty() ? 0 : rows_total);
        out += ",\"dataframe_sample\":[" + sample + "]";
        out += ",\"dataframe_rows\":" + std::to_string(rows_total);
        out += ",\"dataframe_columns\":" + list(names, column_count);
        out += ",\"output_file\":" + json_string(output_file);
        out += ",\"schema_version\":1";
        out += std::string(",\"truncated\":") + (reasons.empty() ? "false" : "true");
        out += ",\"truncation\":[" + reasons + "]";
        out += ",\"dataframe_dtypes\":" + list(dtypes, column_count);
        out += ",\"dataframe_columns_total\":" + std::to_string(names.size());
        out += ",\"cells_truncated\":[" + cuts + "]";
        out += ",\"cells_truncated_total\":" + std::to_string(cut_total);
        if (prediction_names.size() == 1) {
            out += ",\"prediction_column\":" + json_string(prediction_names[0]) + ",\"prediction_stats\":" + stats_text;
        } else if (prediction_names.size() > 1) {
            out += ",\"prediction_column\":" + list(prediction_names, prediction_names.size());
            out += ",\"prediction_stats\":[" + stats_text + "]";
        }
        out += ",\"output_format\":" + json_string(format) + file_size_text(output_bytes, longest);
        std::string notes;
        if (replaced_shown) notes += "\"Bytes of the table that are not UTF-8 are shown as U+FFFD here.\"";
        if (replaced_shown && renamed_shown) notes += ",";
        if (renamed_shown) notes += "\"Column names that the table repeats are numbered here, as in a, a.1.\"";
        if (!notes.empty()) out += ",\"notes\":[" + notes + "]";
        out += "}}";
        return out;
    }
};

}  // namespace message_model
