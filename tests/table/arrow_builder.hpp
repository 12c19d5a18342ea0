// SPDX-License-Identifier: MIT
#pragma once
// Arrow data built by hand and exported with either of two definitions of the Arrow structs. Counts every release.

#include <curtail/table/arrow.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "table/arrow_structs.hpp"
#include "table/described.hpp"

namespace arrow_test {

// The structs as the specification prints them.
struct PlainAbi {
    using Schema = ArrowSchema;
    using Array = ArrowArray;
    using Stream = ArrowArrayStream;
};

// The same memory as C++ libraries like to define it, with defaults.
struct MemberAbi {
    struct Schema {
        const char* format = nullptr;
        const char* name = nullptr;
        const char* metadata = nullptr;
        std::int64_t flags = 0;
        std::int64_t n_children = 0;
        Schema** children = nullptr;
        Schema* dictionary = nullptr;
        void (*release)(Schema*) = nullptr;
        void* private_data = nullptr;
    };
    struct Array {
        std::int64_t length = 0;
        std::int64_t null_count = 0;
        std::int64_t offset = 0;
        std::int64_t n_buffers = 0;
        std::int64_t n_children = 0;
        const void** buffers = nullptr;
        Array** children = nullptr;
        Array* dictionary = nullptr;
        void (*release)(Array*) = nullptr;
        void* private_data = nullptr;
    };
    struct Stream {
        int (*get_schema)(Stream*, Schema*) = nullptr;
        int (*get_next)(Stream*, Array*) = nullptr;
        const char* (*get_last_error)(Stream*) = nullptr;
        void (*release)(Stream*) = nullptr;
        void* private_data = nullptr;
    };
};

// The bytes of a buffer. Nothing means a null pointer.
using Buffer = std::optional<std::string>;

template <class T>
Buffer values(std::initializer_list<T> list) {
    std::string bytes(list.size() * sizeof(T), '\0');
    std::size_t at = 0;
    for (const T& value : list) std::memcpy(bytes.data() + sizeof(T) * at++, &value, sizeof(T));
    return bytes;
}

// Returns the bitmap "1 0 1" or "101", whose first character is bit 0.
inline Buffer bits(std::string_view text) {
    std::string bytes;
    std::size_t count = 0;
    for (const char c : text) {
        if (c != '0' && c != '1') continue;
        if (count % 8 == 0) bytes += '\0';
        if (c == '1') bytes.back() = static_cast<char>(static_cast<unsigned char>(bytes.back()) | 1U << count % 8);
        ++count;
    }
    return bytes;
}

// One node of a schema and of its array.
struct Node {
    std::string format;
    std::optional<std::string> name = std::string();
    std::int64_t length = 0;
    std::vector<Buffer> buffers = {};
    std::int64_t null_count = -1;
    std::int64_t offset = 0;
    std::vector<Node> children = {};
    std::vector<Node> dictionary = {};  // none or one
};

// Returns a record batch of these columns.
inline Node batch(std::int64_t length, std::vector<Node> columns) {
    return {.format = "+s", .length = length, .buffers = {std::nullopt}, .children = std::move(columns)};
}

template <class T>
Node column(std::string name, std::string format, std::initializer_list<T> list, Buffer validity = std::nullopt) {
    return {.format = std::move(format),
            .name = std::move(name),
            .length = static_cast<std::int64_t>(list.size()),
            .buffers = {std::move(validity), values(list)}};
}

// Returns a column of text or bytes, with offsets of 32 or 64 bits as the format says. The bytes of `before` come first
// in the data, as if they were other values.
inline Node text_column(std::string name, std::string format, const std::vector<std::string>& list,
                        Buffer validity = std::nullopt, const std::string& before = {}) {
    std::string offsets;
    std::string data = before;
    const auto add = [&](std::size_t offset) {
        const auto wide = static_cast<std::int64_t>(offset);
        const auto narrow = static_cast<std::int32_t>(offset);
        const bool large = format == "U" || format == "Z";
        offsets.append(large ? reinterpret_cast<const char*>(&wide) : reinterpret_cast<const char*>(&narrow),
                       large ? 8 : 4);
    };
    add(data.size());
    for (const std::string& text : list) {
        data += text;
        add(data.size());
    }
    return {.format = std::move(format),
            .name = std::move(name),
            .length = static_cast<std::int64_t>(list.size()),
            .buffers = {std::move(validity), std::move(offsets), std::move(data)}};
}

// Counts the structs that were exported and those that were released.
struct Releases {
    int schemas_out = 0;
    int arrays_out = 0;
    int streams_out = 0;
    int schemas = 0;
    int arrays = 0;
    int streams = 0;

    [[nodiscard]] bool each_once() const {
        return schemas == schemas_out && arrays == arrays_out && streams == streams_out;
    }
};

template <class Struct>
struct Exported {
    std::string format;
    std::optional<std::string> name;
    std::vector<std::unique_ptr<char[]>> memory;
    std::vector<const void*> buffers;
    std::vector<std::unique_ptr<Struct>> owned;
    std::vector<Struct*> children;
    Releases* releases = nullptr;  // of a root only
};

template <class Struct>
Exported<Struct>& exported(Struct* from) {
    return *static_cast<Exported<Struct>*>(from->private_data);
}

// Releases the structs below, then itself. Counts the release of a root.
template <class Struct>
void release_exported(Struct* self, int Releases::*count) {
    if (self->release == nullptr) std::abort();  // released twice
    auto* const held = static_cast<Exported<Struct>*>(self->private_data);
    for (const auto& child : held->owned) {
        if (child->release != nullptr) child->release(child.get());
    }
    if (held->releases != nullptr) ++(held->releases->*count);
    delete held;
    self->release = nullptr;
}

template <class Abi>
void export_schema(const Node& node, typename Abi::Schema& out, Releases* releases = nullptr) {
    using Schema = typename Abi::Schema;
    auto held = std::make_unique<Exported<Schema>>();
    held->format = node.format;
    held->name = node.name;
    held->releases = releases;
    if (releases != nullptr) ++releases->schemas_out;
    const auto below = [&](const Node& child) {
        held->owned.push_back(std::make_unique<Schema>());
        export_schema<Abi>(child, *held->owned.back());
        return held->owned.back().get();
    };
    for (const Node& child : node.children) held->children.push_back(below(child));
    out = Schema{};
    if (!node.dictionary.empty()) out.dictionary = below(node.dictionary[0]);
    out.format = held->format.c_str();
    out.name = held->name ? held->name->c_str() : nullptr;
    out.flags = 2;
    out.n_children = static_cast<std::int64_t>(held->children.size());
    out.children = held->children.empty() ? nullptr : held->children.data();
    out.release = [](Schema* self) { release_exported(self, &Releases::schemas); };
    out.private_data = held.release();
}

// Gives each buffer memory of exactly its size, so that a sanitizer sees a read beyond it. With `skew` a buffer is not
// aligned for any type.
template <class Abi>
void export_array(const Node& node, typename Abi::Array& out, Releases* releases = nullptr, std::size_t skew = 0) {
    using Array = typename Abi::Array;
    auto held = std::make_unique<Exported<Array>>();
    held->releases = releases;
    if (releases != nullptr) ++releases->arrays_out;
    for (const Buffer& buffer : node.buffers) {
        if (!buffer) {
            held->buffers.push_back(nullptr);
            continue;
        }
        held->memory.push_back(std::make_unique<char[]>(buffer->size() + skew));
        std::memcpy(held->memory.back().get() + skew, buffer->data(), buffer->size());
        held->buffers.push_back(held->memory.back().get() + skew);
    }
    const auto below = [&](const Node& child) {
        held->owned.push_back(std::make_unique<Array>());
        export_array<Abi>(child, *held->owned.back(), nullptr, skew);
        return held->owned.back().get();
    };
    for (const Node& child : node.children) held->children.push_back(below(child));
    out = Array{};
    if (!node.dictionary.empty()) out.dictionary = below(node.dictionary[0]);
    out.length = node.length;
    out.null_count = node.null_count;
    out.offset = node.offset;
    out.n_buffers = static_cast<std::int64_t>(held->buffers.size());
    out.buffers = held->buffers.data();
    out.n_children = static_cast<std::int64_t>(held->children.size());
    out.children = held->children.empty() ? nullptr : held->children.data();
    out.release = [](Array* self) { release_exported(self, &Releases::arrays); };
    out.private_data = held.release();
}

// What a stream gives, and how it fails.
struct Script {
    Node schema;
    std::vector<Node> chunks = {};
    int schema_error = 0;
    std::size_t fail_at = static_cast<std::size_t>(-1);  // the number of the get_next that fails
    int error = 5;
    std::optional<std::string> reason = std::string("the producer's reason");
    std::size_t skew = 0;
};

template <class Abi>
typename Abi::Stream export_stream(Script script, Releases* releases) {
    using Stream = typename Abi::Stream;
    struct Held {
        Script script;
        Releases* releases;
        std::size_t calls = 0;
    };
    ++releases->streams_out;
    Stream stream{};
    stream.get_schema = [](Stream* self, typename Abi::Schema* out) {
        auto& held = *static_cast<Held*>(self->private_data);
        if (held.script.schema_error != 0) {
            // A failed call may leave anything in the struct. A reader that calls this crashes.
            out->release = [](typename Abi::Schema*) { std::abort(); };
            return held.script.schema_error;
        }
        export_schema<Abi>(held.script.schema, *out, held.releases);
        return 0;
    };
    stream.get_next = [](Stream* self, typename Abi::Array* out) {
        auto& held = *static_cast<Held*>(self->private_data);
        const std::size_t call = held.calls++;
        if (call == held.script.fail_at) {
            out->release = [](typename Abi::Array*) { std::abort(); };
            return held.script.error;
        }
        if (call < held.script.chunks.size()) {
            export_array<Abi>(held.script.chunks[call], *out, held.releases, held.script.skew);
        } else {
            out->release = nullptr;
        }
        return 0;
    };
    stream.get_last_error = [](Stream* self) -> const char* {
        const auto& held = *static_cast<Held*>(self->private_data);
        return held.script.reason ? held.script.reason->c_str() : nullptr;
    };
    stream.release = [](Stream* self) {
        auto* const held = static_cast<Held*>(self->private_data);
        ++held->releases->streams;
        delete held;
        self->release = nullptr;
    };
    stream.private_data = new Held{std::move(script), releases};
    return stream;
}

// Returns one record batch as a table, as a user would.
template <class Abi = PlainAbi>
auto table_of(const Node& node, std::size_t skew = 0, Releases* releases = nullptr) {
    typename Abi::Schema schema{};
    typename Abi::Array array{};
    export_schema<Abi>(node, schema, releases);
    export_array<Abi>(node, array, releases, skew);
    return curtail::arrow_batch(std::move(schema), std::move(array));
}

// Returns the described cells of a column.
inline std::vector<std::string> cells_of(const Node& column, std::size_t skew = 0) {
    std::vector<std::string> cells;
    for (const DescribedRow& row : described_rows(table_of(batch(column.length, {column}), skew))) {
        cells.insert(cells.end(), row.begin(), row.end());
    }
    return cells;
}

// Reads a column and returns the text of the error, which names the column, or "no error".
inline std::string read_error(const Node& column) {
    try {
        cells_of(column);
    } catch (const curtail::TableError& error) {
        CHECK(error.code() == curtail::ErrorCode::bad_cell);
        CHECK(error.column() == *column.name);
        return error.what();
    }
    return "no error";
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace arrow_test
