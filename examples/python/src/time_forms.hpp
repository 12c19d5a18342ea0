// SPDX-License-Identifier: MIT
#pragma once
// Times as DataFrame.to_csv() writes them: with the digits that the data need, where curtail's own dialect has those of
// the unit.

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <vector>

#include <curtail/table/cell.hpp>

// Returns what `count` leaves above a multiple of `by`, at least 0.
[[nodiscard]] constexpr std::int64_t remainder_of(std::int64_t count, std::int64_t by) noexcept {
    const std::int64_t rest = count % by;
    return rest < 0 ? rest + by : rest;
}
[[nodiscard]] constexpr std::int64_t floor_of(std::int64_t count, std::int64_t by) noexcept {
    return count / by - (count % by < 0 ? 1 : 0);
}

[[nodiscard]] constexpr std::int64_t units_in_second(curtail::TimeUnit unit) noexcept {
    switch (unit) {
        case curtail::TimeUnit::second: return 1;
        case curtail::TimeUnit::millisecond: return 1'000;
        case curtail::TimeUnit::microsecond: return 1'000'000;
        case curtail::TimeUnit::nanosecond: break;
    }
    return 1'000'000'000;
}

// pandas writes a table in chunks of rows and decides for each column of a chunk: days alone, or as many digits as the
// chunk's finest time has. Durations have 0, 6 or 9 digits each, and none of the clock if the chunk has whole days
// alone.
class PandasTimeForms {
  public:
    // Looks at `count` counts of `unit` from `data` on, of which the first is the first of a chunk. Row 0 of the slice
    // is the count with number `first`.
    void look(const char* data, std::ptrdiff_t stride, std::size_t count, std::size_t first, std::size_t chunk,
              curtail::TimeUnit unit) {
        unit_ = unit;
        first_ = first;
        chunk_ = chunk;
        finest_.clear();
        for (std::size_t begin = 0; begin < count; begin += chunk) {
            const std::size_t end = (std::min)(begin + chunk, count);
            Finest finest = Finest::day;
            for (std::size_t i = begin; i < end && finest != Finest::nanosecond; ++i) {
                std::int64_t value = 0;
                std::memcpy(&value, data + static_cast<std::ptrdiff_t>(i) * stride, sizeof value);
                if (value != INT64_MIN) finest = (std::max)(finest, finest_of(value, finest));
            }
            finest_.push_back(finest);
        }
    }

    // Makes row 0 of the slice the one that was row `rows`.
    void skip(std::size_t rows) noexcept { first_ += rows; }

    template <class Visitor>
    void visit_timestamp(std::size_t row, std::int64_t count, Visitor& visit) const {
        const std::int64_t per_second = units_in_second(unit_);
        const Finest finest = finest_[(first_ + row) / chunk_];
        if (finest == Finest::day) {
            return visit(curtail::Date{static_cast<std::int32_t>(floor_of(count, 86'400 * per_second))});
        }
        const auto unit = static_cast<curtail::TimeUnit>(static_cast<int>(finest) - 1);
        const std::int64_t by = per_second / units_in_second(unit);
        visit(curtail::Timestamp{by == 1 ? count : floor_of(count, by), unit});
    }

    template <class Visitor>
    void visit_duration(std::size_t row, std::int64_t count, Visitor& visit) const {
        using curtail::TimeUnit;
        const std::int64_t per_second = units_in_second(unit_);
        if (finest_[(first_ + row) / chunk_] == Finest::day) {
            char text[32];
            const int size = std::snprintf(text, sizeof text, "%lld days",
                                           static_cast<long long>(floor_of(count, 86'400 * per_second)));
            return visit(std::string_view(text, static_cast<std::size_t>(size)));
        }
        const std::int64_t rest = remainder_of(count, per_second);
        TimeUnit unit = TimeUnit::second;
        if (rest != 0)
            unit = per_second == 1'000'000'000 && rest % 1'000 != 0 ? TimeUnit::nanosecond : TimeUnit::microsecond;
        const std::int64_t wanted = units_in_second(unit);
        visit(curtail::Duration{
            wanted >= per_second ? count * (wanted / per_second) : floor_of(count, per_second / wanted), unit});
    }

  private:
    enum class Finest : std::uint8_t { day, second, millisecond, microsecond, nanosecond };

    // Returns the unit that a count needs, if that is finer than `known`.
    [[nodiscard]] Finest finest_of(std::int64_t count, Finest known) const noexcept {
        const std::int64_t per_second = units_in_second(unit_);
        if (known == Finest::day && count % (86'400 * per_second) == 0) return Finest::day;
        for (int digits = 0; digits < 3; ++digits) {
            const std::int64_t wanted = units_in_second(static_cast<curtail::TimeUnit>(digits));
            if (wanted >= per_second || count % (per_second / wanted) == 0) return static_cast<Finest>(digits + 1);
        }
        return Finest::nanosecond;
    }

    std::vector<Finest> finest_;  // by chunk
    std::size_t first_ = 0;
    std::size_t chunk_ = 1;
    curtail::TimeUnit unit_ = curtail::TimeUnit::nanosecond;
};

// A time with its offset as str() of pandas' Timestamp writes it: 0, 6 or 9 digits, and the seconds of an offset if it
// has any.
class LocalTimeText {
  public:
    // `local` counts nanoseconds of local time since 1970, `offset` seconds east of UTC. The text is in this object.
    [[nodiscard]] std::string_view write(std::int64_t local, std::int64_t offset) {
        constexpr std::int64_t second = 1'000'000'000;
        const std::int64_t in_day = remainder_of(local, 86'400 * second);
        const std::chrono::year_month_day day{
            std::chrono::sys_days(std::chrono::days(floor_of(local, 86'400 * second)))};
        at_ = text_;
        put(static_cast<std::uint64_t>(static_cast<int>(day.year())), 4);  // nanoseconds reach from 1677 to 2262
        put_two('-', static_cast<unsigned>(day.month()));
        put_two('-', static_cast<unsigned>(day.day()));
        const auto seconds = static_cast<std::uint64_t>(in_day / second);
        put_two(' ', seconds / 3600);
        put_two(':', seconds / 60 % 60);
        put_two(':', seconds % 60);
        if (const auto rest = static_cast<std::uint64_t>(in_day % second); rest != 0) {
            *at_++ = '.';
            rest % 1'000 != 0 ? put(rest, 9) : put(rest / 1'000, 6);
        }
        const auto east = static_cast<std::uint64_t>(offset < 0 ? -offset : offset);
        put_two(offset < 0 ? '-' : '+', east / 3600);
        put_two(':', east / 60 % 60);
        if (east % 60 != 0) put_two(':', east % 60);
        return {text_, static_cast<std::size_t>(at_ - text_)};
    }

  private:
    void put(std::uint64_t value, int digits) noexcept {
        for (int i = digits; i-- > 0; value /= 10) at_[i] = static_cast<char>('0' + value % 10);
        at_ += digits;
    }
    // Puts a character and two digits.
    void put_two(char before, std::uint64_t value) noexcept {
        *at_++ = before;
        put(value, 2);
    }

    char text_[64];
    char* at_ = text_;
};
