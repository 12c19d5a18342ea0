// SPDX-License-Identifier: MIT
#pragma once
// Makes the parts of a ResultPayload of what a message says of them, and notes what does not agree.

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

#include <curtail/core/text/hex.hpp>
#include <curtail/core/text/short_text.hpp>
#include <curtail/payload/message/keys.hpp>
#include <curtail/payload/result_payload.hpp>
#include <curtail/receive/message/table_assembly.hpp>
#include <curtail/receive/parts/part_collectors.hpp>

namespace curtail::inline v0::detail {

// What a message states of its parts beside the two lists.
struct PartClaims {
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> missing_total;
    std::optional<std::uint64_t> rows;  // of the table
    bool list_cut = false;              // the message says that it does not list all of them
};

// Fills the members of a payload that are about parts. Parts that are said to be missing anywhere are missing in the
// payload.
class PartsAssembly {
  public:
    PartsAssembly(const PartCollector& listed, const MissingPartCollector& missing, const PartClaims& claims,
                  ResultPayload& out)
        : listed_(listed), missing_(missing), claims_(claims), out_(out) {
        build_missing();
        build_parts();
        compare_numbers();
        if (listed_.whole()) compare_sums();
    }

  private:
    void note(std::initializer_list<std::string_view> words) { add_note(out_.notes, words); }

    void build_missing() {
        copy_to(out_.parts_missing, missing_.counts());
        out_.parts_missing_total = (std::max)(claims_.missing_total.value_or(0), missing_.total());
        if (!missing_.valid()) {
            note({"parts_missing has entries that are not counts and was ignored"});
            out_.parts_missing.clear();
        }
        if (claims_.missing_total && *claims_.missing_total < missing_.total()) {
            note({"parts_missing_total is ", count_text(*claims_.missing_total), ", but the message names ",
                  counted(missing_.total(), "missing part")});
        }
    }

    void build_parts() {
        copy_to(out_.output_parts, listed_.parts());
        out_.output_parts_total = claims_.total;
        if (listed_.present()) out_.output_parts_total = (std::max)(claims_.total.value_or(0), listed_.total());
        bool bad_digest = false;
        for (OutputPart& part : out_.output_parts) {
            if (part.sha256.empty() || is_sha256(part.sha256)) continue;
            part.sha256.clear();
            bad_digest = true;
        }
        if (bad_digest) note({"output_parts has a sha256 that is not a SHA-256 digest and was ignored"});
        if (listed_.whole() && (!listed_.rows() || !listed_.bytes())) {
            note({"output_parts does not say of every part how many rows and bytes it has"});
        }
    }

    // Compares the numbers of listed, missing and all parts with each other.
    void compare_numbers() {
        if (claims_.total && listed_.total() > *claims_.total) {
            return note({"output_parts_total is ", count_text(*claims_.total), ", but the message lists ",
                         counted(listed_.total(), "part")});
        }
        if (!claims_.total) return;
        const std::uint64_t total = *claims_.total;
        const auto is_part = [&](std::uint64_t number) { return number < total; };
        const auto wrong = std::find_if_not(out_.parts_missing.begin(), out_.parts_missing.end(), is_part);
        if (wrong != out_.parts_missing.end()) {
            note({"part ", count_text(*wrong), " is said to be missing, but there are ", counted(total, "part"),
                  ", numbered from 0"});
        }
        const std::uint64_t missing = out_.parts_missing_total;
        if (missing > total || listed_.total() > total - missing) {
            note({"of ", counted(total, "part"), " the message lists ", count_text(listed_.total()), ", and says that ",
                  count_text(missing), missing == 1 ? " is" : " are", " missing"});
        } else if (listed_.whole() && listed_.total() < total - missing && !claims_.list_cut) {
            note({"the message says that it shows all, but it lists ", count_text(listed_.total()), " of ",
                  counted(total - missing, "part")});
        }
    }

    // Compares the sums over the listed parts with what the message says of the whole. If parts are not listed, the
    // sums may be smaller.
    void compare_sums() {
        const std::uint64_t missing = (std::min)(out_.parts_missing_total, out_.output_parts_total.value_or(0));
        const bool all = listed_.parts().size() == out_.output_parts_total.value_or(0) - missing;
        const auto compare = [&](const PartCollector::Sum& sum, const std::optional<std::uint64_t>& claimed,
                                 std::string_view key, std::string_view thing) {
            if (!sum || !claimed || *sum == *claimed || (!all && *sum < *claimed)) return;
            note({key, " is ", count_text(*claimed), ", but the listed parts have ", counted(*sum, thing)});
        };
        compare(listed_.rows(), claims_.rows, "the number of rows", "row");
        compare(listed_.bytes(), out_.output_bytes, key_name(Key::output_bytes), "byte");
    }

    const PartCollector& listed_;
    const MissingPartCollector& missing_;
    const PartClaims& claims_;
    ResultPayload& out_;
};

}  // namespace curtail::inline v0::detail
