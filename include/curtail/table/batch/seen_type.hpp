// SPDX-License-Identifier: MIT
#pragma once
// The type of a column by the kinds of value seen in it, and by those seen elsewhere.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// One bit per kind of value. A set has no order, so all batchings and all divisions give the same type.
struct KindBits {
    enum Bit : std::uint32_t {
        boolean = 1U << 0U,
        negative = 1U << 1U,   // integers below 0
        small_int = 1U << 2U,  // 0 .. INT64_MAX
        large_int = 1U << 3U,  // above INT64_MAX
        floating = 1U << 4U,
        exact = 1U << 5U,  // decimals that no 64-bit type holds
        text = 1U << 6U,
        bytes = 1U << 7U,
        timestamp = 1U << 8U,
        date = 1U << 9U,
        time = 1U << 10U,
        duration = 1U << 11U,
        nested = 1U << 12U,
        mixed = 1U << 13U,  // times of several units or zones, or a column of any kind
    };
    static constexpr std::uint32_t integers = negative | small_int | large_int;
    static constexpr std::uint32_t all_bits = 2 * mixed - 1;

    // Returns the type of values of these kinds. `stamp` is the type of the first timestamp or duration, or null.
    [[nodiscard]] static ColumnType settled(std::uint32_t seen, const ColumnType* stamp) {
        const auto only = [&](std::uint32_t bits) { return (seen & ~bits) == 0; };
        if (seen == 0) return {CellKind::null};
        if (only(integers)) {
            if ((seen & large_int) == 0) return {CellKind::int64};
            return {(seen & negative) != 0 ? CellKind::decimal : CellKind::uint64};
        }
        if (only(integers | floating)) return {CellKind::float64};
        if (only(integers | floating | exact)) return {CellKind::decimal};
        if (stamp != nullptr && (only(timestamp) || only(duration))) return *stamp;
        for (const CellKind kind :
             {CellKind::boolean, CellKind::text, CellKind::bytes, CellKind::date, CellKind::time, CellKind::nested}) {
            if (only(bits_of(kind))) return {kind};
        }
        return {CellKind::any};
    }

    // Returns the kinds of value that a column of a known type can have.
    [[nodiscard]] static constexpr std::uint32_t bits_of(CellKind kind) noexcept {
        switch (kind) {
            case CellKind::null: return 0;
            case CellKind::boolean: return boolean;
            case CellKind::int8:
            case CellKind::int16:
            case CellKind::int32:
            case CellKind::int64: return negative | small_int;
            case CellKind::uint8:
            case CellKind::uint16:
            case CellKind::uint32: return small_int;
            case CellKind::uint64: return small_int | large_int;
            case CellKind::float32:
            case CellKind::float64: return floating;
            case CellKind::decimal: return exact;
            case CellKind::text: return text;
            case CellKind::bytes: return bytes;
            case CellKind::timestamp: return timestamp;
            case CellKind::date: return date;
            case CellKind::time: return time;
            case CellKind::duration: return duration;
            case CellKind::nested: return nested;
            case CellKind::any: break;
        }
        return mixed;
    }
};

// What is known of a column's type: what its schema says, and what was seen of it if that leaves it open.
struct SeenType : KindBits {
    ColumnType declared;
    std::uint32_t seen = 0;
    std::optional<ColumnType> stamp;  // of the first timestamp or duration

    SeenType() = default;
    explicit SeenType(ColumnType type) : declared(std::move(type)) {}

    // Returns the type of the column.
    [[nodiscard]] ColumnType type() const {
        if (!declared.open() || (declared.guessed && seen == 0)) return declared;
        return settled(seen, stamp ? &*stamp : nullptr);
    }

    // Adds what was seen of the same column elsewhere; both places must have had rows. If their declared types differ,
    // the column counts as open, with all kinds that each type can have.
    void unite(const SeenType& other) {
        SeenType theirs = other;
        if (!(declared == other.declared)) {
            leave_open();
            theirs.leave_open();
        }
        if (!stamp) {
            stamp = theirs.stamp;
        } else if (theirs.stamp && !(*stamp == *theirs.stamp)) {
            seen |= mixed;
        }
        seen |= theirs.seen;
    }

    void pack(Packer& packer) const {
        packer.number(static_cast<std::uint64_t>(declared.kind));
        packer.number((declared.guessed ? is_guessed : 0U) | (declared.zone.empty() ? 0U : has_zone) |
                      (seen != 0 ? has_seen : 0U) | (stamp ? has_stamp : 0U) |
                      static_cast<std::uint32_t>(declared.unit) << unit_shift);
        if (!declared.zone.empty()) packer.text(to_valid_utf8(declared.zone));
        if (seen != 0) packer.number(seen);
        if (!stamp) return;
        packer.flag(stamp->kind == CellKind::duration);
        packer.number(static_cast<std::uint64_t>(stamp->unit));
        packer.text(to_valid_utf8(stamp->zone));
    }
    [[nodiscard]] static SeenType unpack(Unpacker& in) {
        SeenType type;
        type.declared.kind = static_cast<CellKind>(in.number(static_cast<std::uint64_t>(CellKind::nested)));
        const std::uint64_t flags = in.number(63);  // the four flags and the largest unit, 3
        type.declared.guessed = (flags & is_guessed) != 0;
        type.declared.unit = static_cast<TimeUnit>(flags >> unit_shift);
        if ((flags & has_zone) != 0) type.declared.zone = unpack_zone(in);
        if ((flags & has_seen) != 0) type.seen = static_cast<std::uint32_t>(in.number(all_bits));
        in.expect(((type.seen & (timestamp | duration)) != 0) == ((flags & has_stamp) != 0), "a time without a unit");
        if ((flags & has_stamp) == 0) return type;
        type.stamp.emplace();
        type.stamp->kind = in.flag() ? CellKind::duration : CellKind::timestamp;
        type.stamp->unit = static_cast<TimeUnit>(in.number(3));
        type.stamp->zone = unpack_zone(in);
        return type;
    }

  private:
    // The second number of a packed type: these flags, then the unit of the declared type.
    static constexpr std::uint32_t is_guessed = 1;
    static constexpr std::uint32_t has_zone = 2;
    static constexpr std::uint32_t has_seen = 4;
    static constexpr std::uint32_t has_stamp = 8;
    static constexpr unsigned unit_shift = 4;

    [[nodiscard]] static std::string unpack_zone(Unpacker& in) {
        const std::string_view zone = in.text(1024);
        in.expect(is_utf8(zone), "a time zone that is not UTF-8");
        return std::string(zone);
    }

    // Replaces the declared type by all kinds of value that it can have.
    void leave_open() {
        if (declared.open()) return;
        seen = bits_of(declared.kind);
        if ((seen & (timestamp | duration)) != 0) stamp = declared;
        declared.guessed = true;
    }
};

}  // namespace curtail::inline v0::detail
