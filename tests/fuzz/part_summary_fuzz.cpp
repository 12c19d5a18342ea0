// SPDX-License-Identifier: MIT
// Summaries of parts from any bytes: as they come, and as the body of a summary with a right checksum. They are merged
// with a part that is known, or refused with a typed error; a message that is made of them is under its limit.
#include <curtail/payload/part_merger.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <curtail/core/error.hpp>
#include <curtail/core/pack/sealed.hpp>
#include <curtail/payload/result_payload_builder.hpp>
#include <curtail/table/columns.hpp>
#include <curtail/table/with_prediction.hpp>

#include "../payload/null_sink.hpp"
#include "input.hpp"

namespace {

constexpr std::string_view mark = "curtail part\n";

// Small bounds, so that every branch is near.
curtail::PayloadOptions options(std::uint64_t part) {
    curtail::PayloadOptions options{.sample_rows = 3, .sample_strategy = curtail::SampleStrategy::tail};
    options.max_bytes = 5'000;
    options.statistics = {.exact_median_values = 1024, .max_classes = 4, .max_number_classes = 4, .histogram_bins = 4};
    options.part = {.number = part, .of = 2};
    return options;
}

std::string summary(std::uint64_t part) {
    std::vector<double> numbers(1'500, 0.5);
    numbers[7] = 3;
    std::vector<std::string> labels(numbers.size(), "a");
    labels[9] = "b\xFF";
    const auto table =
        curtail::with_prediction(curtail::columns(curtail::column("n", numbers), curtail::column("l", labels)),
                                 curtail::column("p", numbers), curtail::column("q", labels));
    auto split = curtail::ResultPayloadBuilder("job_1", options(part)).start(curtail::schema_of(table), NullSink());
    split.append(table);
    return split.finish_part().bytes();
}

void merge(std::string_view bytes) {
    static const std::string second = summary(1);
    try {
        curtail::PartMerger merger("job_1", options(0), {.on_missing = curtail::OnMissingParts::answer});
        merger.add(second);
        merger.add(bytes);
        const auto result = merger.finish();
        require(result.message().size() < 5'000);
    } catch (const curtail::MessageError&) {
    } catch (const curtail::PartsDiffer&) {
    } catch (const curtail::PayloadTooLarge& error) {
        require(error.limit() == 1'000'000);
    } catch (const curtail::BudgetTooSmall&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes = bytes_of(data, size);
    merge(bytes);
    curtail::detail::Packer packer;
    curtail::detail::seal(packer, mark, 1, {}, bytes);
    merge(packer.bytes());
    // A good summary of which up to eight bytes are others. Short inputs make many of them, because the fuzzer begins
    // with short ones.
    static const std::string good = summary(0);
    auto unsealed = curtail::detail::unseal(mark, 1, good);
    std::string body(unsealed.body.raw(unsealed.body.left()));
    std::uint64_t state = curtail::detail::checksum_of(bytes);
    for (std::uint64_t changes = 1 + state % 8; changes > 0; --changes) {
        state = curtail::detail::split_mix(state + curtail::detail::split_mix_step);
        // Half of them where the counts are, and half of them small numbers.
        const std::size_t reach = (state & 1U) != 0 ? body.size() : (std::min)(body.size(), std::size_t{400});
        const std::uint64_t value = state >> 56U;
        body[static_cast<std::size_t>((state >> 8U) % reach)] =
            static_cast<char>((state & 2U) != 0 ? value : value % 4);
    }
    curtail::detail::seal(packer, mark, 1, {}, body);
    merge(packer.bytes());
    return 0;
}
