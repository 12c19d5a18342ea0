// SPDX-License-Identifier: MIT
// Arrow schemas and arrays from any bytes: nodes of every type, shared children, missing buffers, wrong counts, offsets
// that run anywhere. They are read or refused with a TableError, nothing outside a buffer is read, and each struct is
// released once. A buffer has exactly the bytes that the array's length and last offset promise, because the interface
// leaves a consumer no way to check that.
#include <curtail/table/arrow.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../table/arrow_structs.hpp"
#include "input.hpp"

namespace {

struct Node {
    ArrowSchema schema{};
    ArrowArray array{};
    std::string format;
    std::string name;
    std::vector<std::unique_ptr<char[]>> memory;
    std::vector<const void*> buffers;
    std::vector<ArrowSchema*> schemas;
    std::vector<ArrowArray*> arrays;
};

void release_schema(ArrowSchema* schema) {
    schema->release = nullptr;
}
void release_array(ArrowArray* array) {
    array->release = nullptr;
}

int schemas_released = 0;
int arrays_released = 0;

class Maker {
  public:
    explicit Maker(Input& in) : in_(in) {}

    Node& make(int depth) {
        if (!nodes_.empty() && in_.byte() >= 230) {
            return nodes_[static_cast<std::size_t>(in_.byte()) % nodes_.size()];
        }
        constexpr std::string_view formats[] = {
            "n",   "b",       "c",    "S",   "i",   "l",   "L",       "e",           "f",   "g",   "d:9,2",
            "u",   "U",       "z",    "Z",   "vu",  "vz",  "w:3",     "w:0",         "tdD", "tdm", "tts",
            "ttn", "tsu:UTC", "tsn:", "tDm", "tiM", "tiD", "tin",     "d:70,-3,256", "+l",  "+L",  "+vl",
            "+vL", "+w:2",    "+w:0", "+s",  "+m",  "+r",  "+ud:0,5", "+us:5,0",     "+l",  "+vl", "dictionary"};
        const std::size_t plain = 30;
        const auto choice = static_cast<std::size_t>(in_.byte());
        std::string format(formats[depth == 0 ? choice % plain : choice % std::size(formats)]);
        const bool coded = format == "dictionary";
        if (coded) format = in_.byte() % 2 == 0 ? "c" : "l";
        const auto parsed = curtail::detail::parse_arrow_format(format);
        require(parsed.has_value());
        // Children first, so that a node cannot be below itself.
        std::vector<Node*> below;
        if (coded) {
            below.push_back(&make(depth - 1));
        } else {
            for (std::int64_t i = 0; i < children_of(*parsed); ++i) below.push_back(&make(depth - 1));
            if (format == "+m" && !in_.rarely()) below[0] = &struct_of_two(depth - 1);
            if (format == "+r" && !in_.rarely()) below[0] = &run_ends();
        }
        return link(std::move(format), *parsed, below, coded);
    }

    // A record batch, more often than anything else.
    Node& root() {
        if (in_.rarely()) return make(4);
        std::vector<Node*> columns;
        for (std::int64_t i = 1 + in_.below(3); i > 0; --i) columns.push_back(&make(5));
        return link("+s", *curtail::detail::parse_arrow_format("+s"), columns, false);
    }

  private:
    using Kind = curtail::detail::ArrowKind;
    using Type = curtail::detail::ArrowType;

    std::int64_t children_of(const Type& type) {
        const std::int64_t count = curtail::detail::arrow_child_count(type);
        return count < 0 ? in_.below(4) : count;
    }

    Node& struct_of_two(int depth) {
        std::vector<Node*> below = {&make(depth < 0 ? 0 : depth), &make(depth < 0 ? 0 : depth)};
        return link("+s", *curtail::detail::parse_arrow_format("+s"), below, false);
    }
    Node& run_ends() {
        constexpr std::string_view formats[] = {"s", "i", "l"};
        const std::string_view format = formats[in_.below(3)];
        return link(std::string(format), *curtail::detail::parse_arrow_format(format), {}, false);
    }

    Node& link(std::string format, const Type& type, const std::vector<Node*>& below, bool coded) {
        Node& node = nodes_.emplace_back();
        node.format = std::move(format);
        node.name = std::string(static_cast<std::size_t>(in_.below(3)), 'n');
        for (Node* child : below) {
            node.schemas.push_back(in_.rarely() ? nullptr : &child->schema);
            node.arrays.push_back(in_.rarely() ? nullptr : &child->array);
        }
        node.schema.format = in_.rarely() ? nullptr : node.format.c_str();
        node.schema.name = in_.rarely() ? nullptr : node.name.c_str();
        node.schema.release = in_.rarely() ? nullptr : release_schema;
        node.array.release = in_.rarely() ? nullptr : release_array;
        if (coded) {
            node.schema.dictionary = node.schemas[0];
            node.array.dictionary = node.arrays[0];
        } else {
            node.schema.n_children = node.array.n_children = static_cast<std::int64_t>(below.size());
            node.schema.children = in_.rarely() ? nullptr : node.schemas.data();
            node.array.children = in_.rarely() ? nullptr : node.arrays.data();
            if (in_.rarely()) node.array.n_children -= 1;
            if (in_.rarely()) node.schema.n_children -= 1;
        }
        fill(node, type);
        return node;
    }

    void fill(Node& node, const Type& type) {
        ArrowArray& array = node.array;
        array.length = in_.below(9);
        array.offset = in_.below(4) == 0 ? in_.below(5) : 0;
        array.null_count = in_.below(4) - 1;
        const std::int64_t rows = array.length + array.offset;
        if (curtail::detail::has_arrow_validity(type)) add((rows + 7) / 8, in_.byte() >= 128);
        if (type.is_view()) {
            fill_views(node, rows);
        } else if (type.has_offsets()) {
            fill_offsets(node, type, rows);
        } else if (type.buffers > static_cast<std::int64_t>(node.buffers.size())) {
            add(type.kind == Kind::boolean ? (rows + 7) / 8 : rows * type.width);
            if (small_values(type.kind)) make_small(node, static_cast<std::size_t>(type.width));
            if (type.buffers > static_cast<std::int64_t>(node.buffers.size())) {
                add(rows * (type.kind == Kind::large_list_view ? 8 : 4));
                make_small(node, type.kind == Kind::large_list_view ? 8 : 4);
            }
        }
        array.buffers = in_.rarely() ? nullptr : node.buffers.data();
        array.n_buffers = static_cast<std::int64_t>(node.buffers.size());
        if (in_.rarely()) array.n_buffers -= 1;
        // What no array can be, and what only an array without memory can be.
        if (in_.rarely()) (in_.byte() % 2 == 0 ? array.length : array.offset) = in_.byte() % 2 == 0 ? -1 : INT64_MIN;
        const bool bare = std::all_of(node.buffers.begin(), node.buffers.end(), [](const void* at) { return !at; });
        if (bare && type.width == 0 && type.kind != Kind::boolean && in_.byte() >= 240) {
            constexpr std::int64_t claims[] = {INT64_MAX, INT64_MAX - 5, std::int64_t{1} << 40U, 1000};
            array.length = claims[in_.below(4)];
            if (in_.rarely()) array.offset = claims[in_.below(4)];
        }
    }

    [[nodiscard]] static bool small_values(Kind kind) {
        return kind == Kind::list_view || kind == Kind::large_list_view || kind == Kind::dense_union ||
               kind == Kind::sparse_union || (kind >= Kind::int8 && kind <= Kind::uint64);
    }

    // Adds a buffer of random bytes to the newest node, or a null pointer.
    void add(std::int64_t size, bool missing = false) {
        Node& node = nodes_.back();
        if (missing || in_.rarely()) {
            node.buffers.push_back(nullptr);
            return;
        }
        node.memory.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
        for (std::int64_t i = 0; i < size; ++i)
            node.memory.back()[static_cast<std::size_t>(i)] = static_cast<char>(in_.byte());
        node.buffers.push_back(node.memory.back().get());
        sizes_[node.buffers.back()] = size;
    }

    // Lets most integers of the last buffer be small: indices, sizes, type ids, ends of runs.
    void make_small(Node& node, std::size_t width) {
        if (node.buffers.back() == nullptr || in_.rarely()) return;
        char* const bytes = node.memory.back().get();
        const auto count = static_cast<std::size_t>(sizes_[node.buffers.back()]) / width;
        for (std::size_t i = 0; i < count; ++i) {
            const auto value = static_cast<std::int8_t>(bytes[i * width]);
            const std::int64_t small = value % 16;
            std::int64_t stored = value == 127 ? -1 : small;
            std::memcpy(bytes + i * width, &stored, width);
        }
    }

    void fill_offsets(Node& node, const Type& type, std::int64_t rows) {
        const auto width = static_cast<std::size_t>(type.width);
        const bool rising = in_.byte() < 200;
        std::vector<std::int64_t> offsets;
        for (std::int64_t i = 0; i <= rows; ++i) {
            const std::int64_t step = in_.below(5);
            offsets.push_back(rising ? (offsets.empty() ? 0 : offsets.back()) + step : in_.below(20) - 2);
        }
        add((rows + 1) * type.width);
        if (node.buffers.back() != nullptr) {
            for (std::size_t i = 0; i < offsets.size(); ++i) {
                std::memcpy(node.memory.back().get() + i * width, &offsets[i], width);
            }
        }
        if (type.children.empty() && type.buffers == 3)
            add((std::max)(std::int64_t{0}, offsets.back()), in_.below(8) == 0);
    }

    void fill_views(Node& node, std::int64_t rows) {
        const std::int64_t count = in_.below(3);
        add(16 * rows);
        char* const views = node.buffers.back() == nullptr ? nullptr : node.memory.back().get();
        for (std::int64_t i = 0; views != nullptr && i < rows; ++i) {
            const std::int32_t parts[] = {static_cast<std::int32_t>(in_.below(40)) - 2,
                                          static_cast<std::int32_t>(in_.below(4)) - 1,
                                          static_cast<std::int32_t>(in_.below(12)) - 1};
            std::memcpy(views + 16 * i, &parts[0], 4);
            std::memcpy(views + 16 * i + 8, &parts[1], 8);
        }
        std::vector<std::int64_t> sizes;
        for (std::int64_t i = 0; i < count; ++i) {
            sizes.push_back(in_.below(60));
            add(sizes.back());
        }
        add(8 * count);
        if (node.buffers.back() != nullptr && count > 0)
            std::memcpy(node.memory.back().get(), sizes.data(), static_cast<std::size_t>(8 * count));
    }

    Input& in_;
    std::deque<Node> nodes_;
    std::map<const void*, std::int64_t> sizes_;
};

// Reads every byte of a cell.
struct Touch {
    std::size_t* sum;

    void text(std::string_view bytes) const {
        for (const char c : bytes) *sum += static_cast<unsigned char>(c);
    }
    template <class T>
    void operator()(const T& plain) const {
        if constexpr (std::is_same_v<T, std::string_view>) {
            text(plain);
        } else if constexpr (std::is_same_v<T, curtail::Bytes>) {
            text(plain.data);
        } else if constexpr (std::is_same_v<T, curtail::Nested>) {
            text(plain.json);
        } else if constexpr (std::is_same_v<T, curtail::Decimal>) {
            text(plain.digits);
        } else {
            *sum += sizeof plain;
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Input in(data, size);
    Maker maker(in);
    Node& root = maker.root();
    schemas_released = arrays_released = 0;
    const int given = root.schema.release != nullptr && root.array.release != nullptr ? 1 : 0;
    if (given == 1) {
        root.schema.release = [](ArrowSchema* schema) {
            ++schemas_released;
            schema->release = nullptr;
        };
        root.array.release = [](ArrowArray* array) {
            ++arrays_released;
            array->release = nullptr;
        };
    }
    std::size_t sum = 0;
    try {
        const auto table = curtail::arrow_batch(std::move(root.schema), std::move(root.array));
        const std::size_t rows = (std::min)(table.rows(), std::size_t{64});
        for (std::size_t row = 0; row < rows; ++row) {
            try {
                curtail::visit_row(table, row, [&](const auto& cell) { curtail::visit_cell(cell, Touch{&sum}); });
            } catch (const curtail::TableError& error) {
                require(error.code() == curtail::ErrorCode::bad_cell && error.row() == row);
                if (std::string_view(error.what()).find("16 MiB") != std::string_view::npos) break;  // one is enough
            }
        }
    } catch (const curtail::TableError& error) {
        require(error.code() == curtail::ErrorCode::bad_cell || error.code() == curtail::ErrorCode::invalid_schema);
    } catch (const curtail::UsageError&) {
        require(given == 0);
    }
    require(root.schema.release == nullptr && root.array.release == nullptr);
    require(given == 0 || (schemas_released == 1 && arrays_released == 1));
    return 0;
}
