// SPDX-License-Identifier: MIT
#pragma once
// The schema of Arrow data, checked and read once: the columns' names and types and the layout of their buffers.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <curtail/core/compiled/linkage.hpp>
#include <curtail/core/error.hpp>
#include <curtail/table/arrow/abi.hpp>
#include <curtail/table/arrow/format.hpp>
#include <curtail/table/schema.hpp>

namespace curtail::inline v0::detail {

// An error in Arrow data, before its place in the table is known. Becomes a TableError where it is.
struct ArrowFault {
    std::string text;
    std::string column;
    std::int64_t row = -1;  // of the batch, if it is known
};

[[nodiscard]] ArrowFault arrow_fault(const ArrowType& type, const std::string& text);

[[noreturn]] void throw_arrow_fault(const ArrowType& type, const std::string& text);

[[noreturn]] void throw_broken_schema(const ArrowType& type, const std::string& text);

[[nodiscard]] inline bool is_arrow_integer(ArrowKind kind) noexcept {
    return kind >= ArrowKind::int8 && kind <= ArrowKind::uint64;
}

// Returns the type of one node, without its children.
[[nodiscard]] ArrowType arrow_node_type(const char* format, const char* name, const std::string& path,
                                        const std::string& column, std::int64_t children);

// Throws ArrowFault unless the children have the types that their parent's type demands.
void check_arrow_children(const ArrowType& type);

// A deeper schema is a loop or an attack, and reading it would overflow the stack.
inline constexpr int max_arrow_depth = 64;

// What is left of the memory that the description of a schema may take. Nodes that share their children, or names, are
// cheap for a producer and would take any memory here: 60 levels of two equal children are 2^60 nodes.
class ArrowSchemaBudget {
  public:
    // Throws ArrowFault unless the node fits. Columns have a pointer each in the producer's memory, so only their texts
    // count.
    void charge(const ArrowType& type, std::string_view format, int depth) {
        const std::size_t bytes = (depth > 1 ? nested_bytes : 0) + 2 * type.name.size() + type.path.size() +
                                  type.column.size() + format.size();
        if (bytes > left_) {
            throw_arrow_fault(type,
                              "its Arrow schema describes more nested types or longer names than 256 MiB hold; "
                              "flatten or shorten them");
        }
        left_ -= bytes;
    }

  private:
    static constexpr std::size_t nested_bytes = 1024;  // more than any node takes beside its texts
    std::size_t left_ = std::size_t{256} << 20U;
};

// Returns the type of a node and all nodes below it. Throws ArrowFault.
template <ArrowSchemaLike S>
[[nodiscard]] ArrowType read_arrow_node(const S& node, const std::string& path, const std::string& column, int depth,
                                        ArrowSchemaBudget& budget) {
    ArrowType type = arrow_node_type(node.format, node.name, path, column, node.n_children);
    if (depth == max_arrow_depth) throw_arrow_fault(type, "it is nested more than 64 levels deep; flatten it");
    budget.charge(type, node.format, depth);
    if (node.dictionary != nullptr) {
        if (node.dictionary->release == nullptr) throw_arrow_fault(type, "the schema of its dictionary was released");
        if (!is_arrow_integer(type.kind)) {
            throw_broken_schema(type, "a dictionary's indices must be integers");
        }
        type.index = type.kind;
        type.kind = ArrowKind::dictionary;
        type.children.push_back(read_arrow_node(*node.dictionary, path, column, depth + 1, budget));
        return type;
    }
    if (node.n_children > 0 && node.children == nullptr)
        throw_arrow_fault(type, "its Arrow schema has no children pointer");
    for (std::int64_t i = 0; i < node.n_children; ++i) {
        const S* child = node.children[i];
        if (child == nullptr || child->release == nullptr) {
            throw_arrow_fault(type, "child " + std::to_string(i) + " of its Arrow schema is missing or was released");
        }
        const bool named = child->name != nullptr && child->name[0] != '\0';
        const std::string step = named ? std::string(".") + child->name : "[" + std::to_string(i) + "]";
        type.children.push_back(read_arrow_node(*child, path + step, column, depth + 1, budget));
    }
    check_arrow_children(type);
    return type;
}

// The columns of Arrow data, as <curtail/table/arrow.hpp> documents it. A struct is a table of its children. Anything
// else (a chunked array or a series) is a table of one column.
class ArrowLayout {
  public:
    template <class S>
    [[nodiscard]] static ArrowLayout take(S&& schema) {
        using Plain = std::remove_reference_t<S>;
        expect_arrow_schema<S>();
        const ArrowOwner<Plain> owner(schema);
        if (owner.released()) {
            throw UsageError(ErrorCode::wrong_state,
                             "the Arrow schema was released, moved away or never filled; for many batches take it "
                             "once, layout = ArrowLayout::take(std::move(schema)), and make each of them by "
                             "arrow_batch(layout, std::move(array))");
        }
        const Plain& root = owner.value();
        auto shared = std::make_shared<Shared>();
        if (root.format != nullptr && std::string_view(root.format) == "+s" && root.dictionary == nullptr) {
            read_columns(root, *shared);
        } else {
            ArrowSchemaBudget budget;
            shared->root = read_column(root, 0, budget);
            shared->schema = Schema{{shared->root.name, column_type(shared->root)}};
        }
        return ArrowLayout(std::move(shared));
    }

    [[nodiscard]] const Schema& schema() const noexcept { return shared_->schema; }
    // Returns the struct whose children are the columns, or the one column.
    [[nodiscard]] const ArrowType& root() const noexcept { return shared_->root; }

  private:
    struct Shared {
        Schema schema;
        ArrowType root;
    };

    explicit ArrowLayout(std::shared_ptr<const Shared> shared) noexcept : shared_(std::move(shared)) {}

    template <class S>
    static ArrowType read_column(const S& node, std::int64_t number, ArrowSchemaBudget& budget) {
        const std::string name = node.name != nullptr ? node.name : "";
        try {
            return read_arrow_node(node, name.empty() ? "#" + std::to_string(number) : name, name, 1, budget);
        } catch (const ArrowFault& fault) {
            throw TableError(ErrorCode::invalid_schema, fault.text, fault.column);
        }
    }

    template <class S>
    static void read_columns(const S& root, Shared& shared) {
        const auto fail = [&](const std::string& text) {
            throw TableError(ErrorCode::invalid_schema, "the Arrow schema " + text + "; export it again");
        };
        if (root.n_children < 0) fail("has a negative number of columns");
        if (root.n_children > 0 && root.children == nullptr) fail("has no children pointer");
        shared.root = *parse_arrow_format("+s");
        std::vector<ColumnSpec> columns;
        ArrowSchemaBudget budget;
        for (std::int64_t i = 0; i < root.n_children; ++i) {
            const S* child = root.children[i];
            if (child == nullptr || child->release == nullptr) {
                fail("lacks column " + std::to_string(i) + ", or it was released");
            }
            shared.root.children.push_back(read_column(*child, i, budget));
            const ArrowType& type = shared.root.children.back();
            columns.push_back({type.name, column_type(type)});
        }
        shared.schema = Schema(std::move(columns));
    }

    std::shared_ptr<const Shared> shared_;
};

}  // namespace curtail::inline v0::detail

#if CURTAIL_DEFINITIONS

namespace curtail::inline v0::detail {

CURTAIL_INLINE ArrowFault arrow_fault(const ArrowType& type, const std::string& text) {
    const std::string subject = type.path.empty() ? "the record batch" : "column '" + type.path + "'";
    return {subject + ": " + text, type.column};
}

CURTAIL_INLINE void throw_arrow_fault(const ArrowType& type, const std::string& text) {
    throw arrow_fault(type, text);
}

CURTAIL_INLINE void throw_broken_schema(const ArrowType& type, const std::string& text) {
    throw_arrow_fault(type, text + "; the producer's schema is broken");
}

// Returns how many children a format has; -1: any number.
CURTAIL_INLINE std::int64_t arrow_child_count(const ArrowType& type) noexcept {
    switch (type.kind) {
        case ArrowKind::list:
        case ArrowKind::large_list:
        case ArrowKind::list_view:
        case ArrowKind::large_list_view:
        case ArrowKind::fixed_list:
        case ArrowKind::map: return 1;
        case ArrowKind::run_ends: return 2;
        case ArrowKind::structure: return -1;
        case ArrowKind::dense_union:
        case ArrowKind::sparse_union: return static_cast<std::int64_t>(type.type_ids.size());
        default: return 0;
    }
}

CURTAIL_INLINE ArrowType arrow_node_type(const char* format, const char* name, const std::string& path,
                                         const std::string& column, std::int64_t children) {
    const ArrowType named{.name = name != nullptr ? name : "", .path = path, .column = column};
    if (format == nullptr) throw_arrow_fault(named, "its Arrow schema has no format; export it again");
    auto type = parse_arrow_format(format);
    if (!type) {
        throw_arrow_fault(named, "the Arrow format '" + std::string(format) +
                                     "' is unknown; cast the column to another type before it is exported");
    }
    type->name = named.name;
    type->path = named.path;
    type->column = named.column;
    const std::int64_t wanted = arrow_child_count(*type);
    if (children < 0 || (wanted >= 0 && children != wanted)) {
        throw_broken_schema(*type, "the Arrow format '" + std::string(format) + "' has " + std::to_string(children) +
                                       " children" + (wanted >= 0 ? ", but takes " + std::to_string(wanted) : ""));
    }
    return std::move(*type);
}

CURTAIL_INLINE void check_arrow_children(const ArrowType& type) {
    if (type.kind == ArrowKind::map) {
        const ArrowType& entries = type.children[0];
        if (entries.kind != ArrowKind::structure || entries.children.size() != 2) {
            throw_broken_schema(type, "a map's child must be a struct of key and value");
        }
    } else if (type.kind == ArrowKind::run_ends) {
        const ArrowKind ends = type.children[0].kind;
        if (ends != ArrowKind::int16 && ends != ArrowKind::int32 && ends != ArrowKind::int64) {
            throw_broken_schema(type, "run ends must be int16, int32 or int64");
        }
    }
}

}  // namespace curtail::inline v0::detail
#endif
