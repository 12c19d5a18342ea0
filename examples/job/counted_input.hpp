// SPDX-License-Identifier: MIT
#pragma once
// A CSV input that says how far it was read.

#include <cstdint>
#include <utility>

#include <curtail/table/csv_input.hpp>

// A stream that leaves in `bytes_read` how much of its input was read. `bytes_read` must outlive it.
class CountedInput {
  public:
    CountedInput(curtail::CsvInput input, std::uint64_t& bytes_read)
        : input_(std::move(input)), bytes_read_(&bytes_read) {}

    [[nodiscard]] const curtail::Schema& schema() const noexcept { return input_.schema(); }

    [[nodiscard]] const curtail::CsvInput::Batch* next() {
        const auto* const batch = input_.next();
        *bytes_read_ = input_.bytes_read();
        return batch;
    }

  private:
    curtail::CsvInput input_;
    std::uint64_t* bytes_read_;
};
