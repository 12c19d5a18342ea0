// SPDX-License-Identifier: MIT
#pragma once
// What a published table must have so that any of its rows can be shown later.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>

#include <curtail/artifact/artifact_sink.hpp>
#include <curtail/table/cell.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0 {

/// Takes the rows of a page, one after the other: for each begin_row(), then text_limit() and cell() once per column
/// that was asked for, in the order of the table, then end_row().
class PageReceiver {
  public:
    /// A row begins; `number` counts from 0 in the whole table.
    virtual void begin_row(std::uint64_t number) = 0;
    /// Returns how many bytes of the next cell's text are of use. Of a longer text its beginning is enough.
    virtual std::size_t text_limit() = 0;
    /// Takes a cell. `bytes` is the size of its whole text, where `cell` has only the beginning of it.
    virtual void cell(const Cell& cell, std::uint64_t bytes) = 0;
    /// The row is complete. Returns false if no further row is of use.
    virtual bool end_row() = 0;

  protected:
    PageReceiver() = default;
    PageReceiver(const PageReceiver&) = default;
    PageReceiver& operator=(const PageReceiver&) = default;
    ~PageReceiver() = default;
};

/// A type that reads rows of a published table by their numbers. CsvArtifact is one.
///
/// | call | does |
/// |---|---|
/// | `schema()` | returns the columns of the table |
/// | `info()` | returns where the table is, and how large |
/// | `read_page(first, count, columns, receiver)` | gives the receiver the rows from `first` on, counted from 0, at
/// most `count` and those that there are; of each the columns of these indices, which rise |
template <class S>
concept PageSource = requires(const S& source, std::uint64_t number, std::span<const std::size_t> columns,
                              PageReceiver& receiver) {
    { source.schema() } -> std::convertible_to<const Schema&>;
    { source.info() } -> std::convertible_to<ArtifactInfo>;
    source.read_page(number, number, columns, receiver);
};

}  // namespace curtail::inline v0
