// SPDX-License-Identifier: MIT
#pragma once
// Counts how often each label occurs: exactly while the labels are few, within bounded memory when they are many.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curtail/core/number/cast_to.hpp>
#include <curtail/core/number/standard_arithmetic.hpp>
#include <curtail/core/pack/packer.hpp>
#include <curtail/core/pack/unpacker.hpp>
#include <curtail/core/utf8.hpp>
#include <curtail/statistics/labels/distinct_sketch.hpp>
#include <curtail/statistics/labels/label_hash.hpp>
#include <curtail/statistics/prediction_stats.hpp>

CURTAIL_STANDARD_BEGIN

namespace curtail::inline v0::detail {

// Every count is exact while there are at most `max_labels` distinct labels. When one more comes, the rarer half is
// forgotten to make room (a relative of Space-Saving, Metwally et al. 2005). A label that was kept from before the
// first forgetting still has its exact count. One that came later, or again, lacks at most the rows of a forgotten
// label, which are about 2 / max_labels of all rows. So a label that is more frequent than that is always kept, and no
// count is ever too high: the rows that the counts lack are in total().
//
// Labels are compared by their bytes; those above 256 bytes by their first 256, their size and a 64-bit hash. merge()
// of two halves is the whole, exactly while neither half nor the whole had to forget.
class ClassCounts {
  public:
    static constexpr std::size_t max_label_bytes = 256;

    explicit ClassCounts(std::size_t max_labels) : max_labels_((std::max)(max_labels, std::size_t{2})) {}

    void add(std::string_view label, std::uint64_t times = 1) {
        const LabelEnds ends = ends_of_label(label);
        if (label.size() > max_short_label) return static_cast<void>(count(key_of(label, ends), times));
        // The ends of a short label are all of it, and most short labels were seen a moment ago.
        if (recent_.empty()) recent_.resize(recent_labels);
        Recent& recent =
            recent_[cast_to<std::size_t>(((ends.first ^ std::rotl(ends.last, 29)) * 0x9E3779B97F4A7C15U) >> 54U)];
        if (recent.first == ends.first && recent.last == ends.last && recent.size == label.size()) {
            total_ += times;
            labels_[recent.index].count += times;
            return;
        }
        const std::size_t index = count(key_of(label, ends), times);
        if (index < labels_.size()) {
            const auto size = cast_to<std::uint32_t>(label.size());
            recent = {ends.first, ends.last, size, static_cast<std::uint32_t>(index)};
        }
    }

    // Counts a label of `size` bytes, more than max_label_bytes, without its text: `head` is its beginning, and labels
    // with different `content` are different.
    void add_long(std::string_view head, std::uint64_t size, std::string_view content) {
        count({head.substr(0, max_label_bytes), size, hash_of_label(content, ends_of_label(content))}, 1);
    }

    void merge(const ClassCounts& other) {
        total_ += other.total_;
        for (Label& label : labels_) {
            if (other.index_of(label.key()) == other.labels_.size()) label.lacking += other.forgotten_;
        }
        for (const Label& theirs : other.labels_) {
            const std::size_t index = index_of(theirs.key());
            if (index < labels_.size()) {
                labels_[index].count += theirs.count;
                labels_[index].lacking += theirs.lacking;
            } else {
                insert(theirs.key(), theirs.count, theirs.lacking + forgotten_);
            }
        }
        forgotten_ += other.forgotten_;
        if (!other.distinct_.empty()) start_sketch();
        distinct_.merge(other.distinct_);
        min_distinct_ = (std::max)(min_distinct_, other.min_distinct_);
        if (labels_.size() > max_labels_) forget(max_labels_ / 2);
    }

    // Forgets the rarer labels, so that at most `max_kept` remain.
    void keep_at_most(std::size_t max_kept) {
        if (labels_.size() > max_kept) forget(max_kept);
    }
    // Returns how many labels are kept.
    [[nodiscard]] std::size_t kept() const noexcept { return labels_.size(); }

    // Writes the hash of a label only if its text is cut.
    void pack(Packer& packer) const {
        packer.number(total_);
        packer.number(forgotten_);
        packer.number(min_distinct_);
        distinct_.pack(packer);
        packer.number(labels_.size());
        for (const Label& label : labels_) {
            packer.number(label.size);
            packer.raw(label.head);
            if (label.size > max_label_bytes) packer.word(label.hash);
            packer.number(label.count);
            packer.number(label.lacking);
        }
    }
    // `max_labels` is that of the constructor.
    [[nodiscard]] static ClassCounts unpack(Unpacker& in, std::size_t max_labels) {
        ClassCounts counts(max_labels);
        counts.total_ = in.rows();
        counts.forgotten_ = in.rows();
        counts.min_distinct_ = in.rows();
        DistinctSketch distinct = DistinctSketch::unpack(in);
        in.expect(!distinct.empty() || (counts.forgotten_ == 0 && counts.min_distinct_ == 0),
                  "labels were forgotten and are known");
        std::uint64_t counted = 0;
        for (std::size_t left = in.count(3, counts.max_labels_); left > 0; --left) {
            const std::uint64_t size = in.number();
            const std::string_view head =
                in.raw(cast_to<std::size_t>((std::min)(size, std::uint64_t{max_label_bytes})));
            const bool whole = size <= max_label_bytes;
            const Key key = whole ? key_of(head, ends_of_label(head)) : Key{head, size, in.word()};
            in.expect(counts.index_of(key) == counts.labels_.size(), "a label comes twice");
            const std::uint64_t count = in.rows();
            const std::uint64_t lacking = in.number(counts.forgotten_);
            in.expect(count != 0 && count <= counts.total_ - counted, "counts that disagree");
            counted += count;
            counts.insert(key, count, lacking);
        }
        in.expect(!distinct.empty() || counted == counts.total_, "counts that disagree");
        counts.distinct_ = std::move(distinct);
        return counts;
    }

    // Returns the number of rows counted.
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

    // Returns the number of distinct labels. Exact until one is forgotten, then an estimate with a standard error of
    // 1.6 %, and not below max_labels.
    [[nodiscard]] std::uint64_t distinct() const {
        if (distinct_.empty()) return labels_.size();
        return (std::max)(distinct_.estimate(), min_distinct_);
    }

    // Returns the most frequent labels, at most `max_listed`, ties in the order of their bytes, with percentages of
    // `rows`. Their texts are as ClassCount says, and all different.
    [[nodiscard]] std::vector<ClassCount> most_frequent(std::size_t max_listed, std::uint64_t rows) const {
        const std::vector<const Label*> order = first_labels(max_listed);
        std::vector<ClassCount> list;
        list.reserve(order.size());
        std::unordered_map<std::string, std::size_t> taken;
        for (const Label* label : order) {
            const double share = 100 * static_cast<double>(label->count) / static_cast<double>(rows);
            list.push_back({distinct_text(taken, *label), label->count, share});
        }
        return list;
    }

    // Returns true if the counts of most_frequent() may lack rows.
    [[nodiscard]] bool are_lower_bounds(std::size_t max_listed) const {
        if (forgotten_ == 0) return false;
        const std::vector<const Label*> listed = first_labels(max_listed);
        return std::any_of(listed.begin(), listed.end(), [](const Label* label) { return label->lacking != 0; });
    }

  private:
    struct Key {
        std::string_view head;
        std::uint64_t size;
        std::uint64_t hash;
    };

    struct Label {
        std::string head;  // the first max_label_bytes
        std::uint64_t size;
        std::uint64_t hash;
        std::uint64_t count;
        std::uint64_t lacking;  // upper bound of the rows that came before the label was kept

        [[nodiscard]] Key key() const noexcept { return {head, size, hash}; }
        [[nodiscard]] bool is(const Key& key) const noexcept {
            return hash == key.hash && size == key.size && head == key.head;
        }
    };

    [[nodiscard]] std::vector<const Label*> first_labels(std::size_t max_listed) const {
        std::vector<const Label*> order;
        order.reserve(labels_.size());
        for (const Label& label : labels_) order.push_back(&label);
        std::sort(order.begin(), order.end(), [](const Label* a, const Label* b) {
            if (a->count != b->count) return a->count > b->count;
            if (const int by_text = a->head.compare(b->head); by_text != 0) return by_text < 0;
            return std::pair(a->size, a->hash) < std::pair(b->size, b->hash);
        });
        if (order.size() > max_listed) order.resize(max_listed);
        return order;
    }

    // Where a label of at most max_short_label bytes was found. An empty entry has a size that no such label has.
    struct Recent {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint32_t size = max_short_label + 1;
        std::uint32_t index = 0;
    };
    static constexpr std::size_t recent_labels = 1024;

    [[nodiscard]] static Key key_of(std::string_view label, LabelEnds ends) noexcept {
        return {label.substr(0, max_label_bytes), label.size(), hash_of_label(label, ends)};
    }

    // Returns the index of the label, or labels_.size() if it was forgotten at once.
    std::size_t count(const Key& key, std::uint64_t times) {
        total_ += times;
        const std::size_t index = index_of(key);
        if (index < labels_.size()) {
            labels_[index].count += times;
            return index;
        }
        insert(key, times, forgotten_);
        if (labels_.size() <= max_labels_) return index;
        forget(max_labels_ / 2);
        return labels_.size();
    }

    // Returns the index of the label, or labels_.size() if it is not kept.
    [[nodiscard]] std::size_t index_of(const Key& key) const noexcept {
        if (slots_.empty()) return labels_.size();
        for (auto at = cast_to<std::size_t>(key.hash);; ++at) {
            const std::uint32_t slot = slots_[at & (slots_.size() - 1)];
            if (slot == 0) return labels_.size();
            if (labels_[slot - 1].is(key)) return slot - 1;
        }
    }

    void insert(const Key& key, std::uint64_t count, std::uint64_t lacking) {
        labels_.push_back({std::string(key.head), key.size, key.hash, count, lacking});
        if (!distinct_.empty()) distinct_.add(key.hash);
        if (2 * labels_.size() > slots_.size()) {
            rebuild_slots();
        } else {
            occupy(labels_.size() - 1);
        }
    }

    void occupy(std::size_t index) noexcept {
        auto at = cast_to<std::size_t>(labels_[index].hash);
        while (slots_[at & (slots_.size() - 1)] != 0) ++at;
        slots_[at & (slots_.size() - 1)] = cast_to<std::uint32_t>(index + 1);
    }

    void rebuild_slots() {
        std::size_t size = (std::max)(slots_.size(), std::size_t{32});
        while (size < 2 * labels_.size()) size *= 2;
        slots_.assign(size, 0);
        for (std::size_t i = 0; i < labels_.size(); ++i) occupy(i);
    }

    // Counts the distinct labels in the sketch from now on, because labels are about to be forgotten.
    void start_sketch() {
        if (!distinct_.empty()) return;
        for (const Label& label : labels_) distinct_.add(label.hash);
    }

    // Forgets the rarer labels and keeps `kept`, which must be fewer than there are.
    void forget(std::size_t kept) {
        start_sketch();
        min_distinct_ = (std::max)(min_distinct_, std::uint64_t{labels_.size()});
        const auto at_most = [](const Label& label) { return label.count + label.lacking; };
        std::vector<std::uint64_t> ordered;
        ordered.reserve(labels_.size());
        for (const Label& label : labels_) ordered.push_back(at_most(label));
        const auto limit = ordered.begin() + static_cast<std::ptrdiff_t>(kept);
        std::nth_element(ordered.begin(), limit, ordered.end(), [](auto a, auto b) { return a > b; });
        forgotten_ = (std::max)(forgotten_, *limit);
        // Of the labels at the limit the earlier ones stay.
        auto ties = kept - static_cast<std::size_t>(
                               std::count_if(ordered.begin(), limit, [&](auto count) { return count > *limit; }));
        std::size_t index = 0;
        for (Label& label : labels_) {
            const bool tie = at_most(label) == *limit;
            if (at_most(label) < *limit || (tie && ties == 0)) continue;
            if (tie) --ties;
            if (&labels_[index] != &label) labels_[index] = std::move(label);
            ++index;
        }
        labels_.erase(labels_.begin() + static_cast<std::ptrdiff_t>(kept), labels_.end());
        recent_.clear();
        rebuild_slots();
    }

    // Returns the text of a label, with a number if it is one of `taken`, and takes it. Each of these has the next
    // number to try.
    [[nodiscard]] static std::string distinct_text(std::unordered_map<std::string, std::size_t>& taken,
                                                   const Label& label) {
        const std::string valid = to_valid_utf8(label.head);
        const std::string mark(label.size > max_label_bytes || valid.size() > max_label_bytes ? ellipsis : "");
        const auto ending_in = [&](const std::string& end) {
            return std::string(utf8_prefix(valid, max_label_bytes - end.size())) + end;
        };
        std::string text = ending_in(mark);
        const auto same = taken.find(text);
        while (taken.contains(text)) text = ending_in(mark + " (" + std::to_string(same->second++) + ")");
        taken.emplace(text, 2);
        return text;
    }

    std::size_t max_labels_;
    std::vector<Label> labels_;         // at most max_labels_, twice that within merge()
    std::vector<std::uint32_t> slots_;  // by hash; 0: free, else 1 + the index of the label
    std::vector<Recent> recent_;        // by the ends: the labels that came last
    std::uint64_t total_ = 0;
    std::uint64_t forgotten_ = 0;  // upper bound of the rows of a forgotten label
    std::uint64_t min_distinct_ = 0;
    DistinctSketch distinct_;  // empty until a label is forgotten
};

}  // namespace curtail::inline v0::detail

CURTAIL_STANDARD_END
