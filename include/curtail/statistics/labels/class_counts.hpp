// SPDX-License-Identifier: MIT
#pragma once
// How often each label occurs: exactly while the labels are few, within bounded memory when they are many.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <curtail/core/utf8.hpp>
#include <curtail/statistics/labels/distinct_sketch.hpp>
#include <curtail/statistics/prediction_stats.hpp>

namespace curtail::inline v0::detail {

// Every count is exact while there are at most `max_labels` distinct labels. When one more comes, the rarer half is
// forgotten to make room (a relative of Space-Saving, Metwally et al. 2005). A label that was kept from before the
// first forgetting still has its exact count. One that came later, or again, lacks at most the rows of a forgotten
// label, which are about 2 / max_labels of all rows. So a label that is more frequent than that is always kept, and no
// count is ever too high: the rows that the counts lack are in total().
//
// Labels are told apart by their bytes; those above 256 bytes by their first 256, their size and a 64-bit hash. merge()
// of two halves is the whole, exactly while neither half nor the whole had to forget.
class ClassCounts {
  public:
    static constexpr std::size_t max_label_bytes = 256;

    explicit ClassCounts(std::size_t max_labels) : max_labels_((std::max)(max_labels, std::size_t{2})) {}

    void add(std::string_view label, std::uint64_t times = 1) {
        const Ends ends = ends_of(label);
        if (label.size() > max_short) return static_cast<void>(count(key_of(label, ends), times));
        // A short label is its ends, and has most often been seen a moment ago.
        if (recent_.empty()) recent_.resize(recent_labels);
        Recent& recent = recent_[((ends.first ^ std::rotl(ends.last, 29)) * 0x9E3779B97F4A7C15U) >> 54U];
        if (recent.first == ends.first && recent.last == ends.last && recent.size == label.size()) {
            total_ += times;
            labels_[recent.place].count += times;
            return;
        }
        const std::size_t place = count(key_of(label, ends), times);
        if (place < labels_.size()) {
            const auto size = static_cast<std::uint32_t>(label.size());
            recent = {ends.first, ends.last, size, static_cast<std::uint32_t>(place)};
        }
    }

    // A label of `size` bytes, more than max_label_bytes, that nobody wants to write out: `head` is its
    // beginning and `content` what makes it differ from others.
    void add_long(std::string_view head, std::uint64_t size, std::string_view content) {
        count({head.substr(0, max_label_bytes), size, hash_of(content, ends_of(content))}, 1);
    }

    void merge(const ClassCounts& other) {
        total_ += other.total_;
        for (Label& label : labels_) {
            if (other.place_of(label.key()) == other.labels_.size()) label.lacking += other.forgotten_;
        }
        for (const Label& theirs : other.labels_) {
            const std::size_t place = place_of(theirs.key());
            if (place < labels_.size()) {
                labels_[place].count += theirs.count;
                labels_[place].lacking += theirs.lacking;
            } else {
                insert(theirs.key(), theirs.count, theirs.lacking + forgotten_);
            }
        }
        forgotten_ += other.forgotten_;
        if (!other.distinct_.empty()) see_all();
        distinct_.merge(other.distinct_);
        least_distinct_ = (std::max)(least_distinct_, other.least_distinct_);
        if (labels_.size() > max_labels_) forget();
    }

    // Rows counted.
    [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

    // Distinct labels: exact while none was forgotten, then an estimate above max_labels with a standard
    // error of 1.6 %.
    [[nodiscard]] std::uint64_t distinct() const {
        if (distinct_.empty()) return labels_.size();
        return (std::max)(distinct_.estimate(), least_distinct_);
    }

    // The `most` most frequent labels, ties in the order of their bytes, with percentages of `rows`. The text
    // of a label is valid UTF-8 of at most 256 bytes, a cut one ends in U+2026; where that makes two labels
    // look alike, the later one is marked " (2)", " (3)" and so on: no two labels of the list have the same
    // text.
    [[nodiscard]] std::vector<ClassCount> most_frequent(std::size_t most, std::uint64_t rows) const {
        std::vector<const Label*> order;
        order.reserve(labels_.size());
        for (const Label& label : labels_) order.push_back(&label);
        std::sort(order.begin(), order.end(), [](const Label* a, const Label* b) {
            if (a->count != b->count) return a->count > b->count;
            if (const int by_text = a->head.compare(b->head); by_text != 0) return by_text < 0;
            return std::pair(a->size, a->hash) < std::pair(b->size, b->hash);
        });
        if (order.size() > most) order.resize(most);
        std::vector<ClassCount> list;
        list.reserve(order.size());  // so that no text moves
        std::vector<std::string_view> taken;
        for (const Label* label : order) {
            const double share = 100 * static_cast<double>(label->count) / static_cast<double>(rows);
            list.push_back({unlike(taken, *label), label->count, share});
            const std::string_view text = list.back().label;
            taken.insert(std::lower_bound(taken.begin(), taken.end(), text), text);
        }
        return list;
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
        std::uint64_t lacking;  // at most so many rows came before the label was kept

        [[nodiscard]] Key key() const noexcept { return {head, size, hash}; }
        [[nodiscard]] bool is(const Key& key) const noexcept {
            return hash == key.hash && size == key.size && head == key.head;
        }
    };

    static constexpr std::uint32_t max_short = 16;

    // Where a label of at most max_short bytes was found; an empty place has the size of none.
    struct Recent {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
        std::uint32_t size = max_short + 1;
        std::uint32_t place = 0;
    };
    static constexpr std::size_t recent_labels = 1024;

    [[nodiscard]] static std::uint64_t mixed(std::uint64_t z) noexcept {
        z = (z ^ (z >> 32U)) * 0xD6E8FEB86659FD93U;
        z = (z ^ (z >> 29U)) * 0x9E3779B97F4A7C15U;
        return z ^ (z >> 32U);
    }

    // What stands at both ends of a text, eight bytes each. With its size they are all of a short one.
    struct Ends {
        std::uint64_t first = 0;
        std::uint64_t last = 0;
    };

    template <class Word>
    [[nodiscard]] static std::uint64_t load(const char* at) noexcept {
        Word word;
        std::memcpy(&word, at, sizeof word);
        return word;
    }

    [[nodiscard]] static Ends ends_of(std::string_view text) noexcept {
        const char* const data = text.data();
        const std::size_t size = text.size();
        if (size > max_short) return {load<std::uint64_t>(data), load<std::uint64_t>(data + size - 8)};
        if (size >= 4) {
            // By halves, so that labels below and above 8 bytes take one way: the processor could not guess which.
            const std::size_t apart = size / 8 * 4;
            return {load<std::uint32_t>(data) | load<std::uint32_t>(data + apart) << 32U,
                    load<std::uint32_t>(data + size - 4 - apart) | load<std::uint32_t>(data + size - 4) << 32U};
        }
        if (size == 0) return {};
        return {load<std::uint8_t>(data) | load<std::uint8_t>(data + size / 2) << 8U,
                load<std::uint8_t>(data + size - 1)};
    }

    [[nodiscard]] static std::uint64_t hash_of(std::string_view text, Ends ends) noexcept {
        std::uint64_t hash = mixed(ends.first ^ (text.size() + 0x2545F4914F6CDD1DU));
        for (std::size_t at = 8; at + 8 < text.size(); at += 8) {
            hash = mixed(hash ^ load<std::uint64_t>(text.data() + at)) + 0x9E3779B97F4A7C15U;
        }
        return mixed(hash ^ ends.last);
    }

    [[nodiscard]] static Key key_of(std::string_view label, Ends ends) noexcept {
        return {label.substr(0, max_label_bytes), label.size(), hash_of(label, ends)};
    }

    // Returns the label's place, or labels_.size() when it was forgotten at once.
    std::size_t count(const Key& key, std::uint64_t times) {
        total_ += times;
        const std::size_t place = place_of(key);
        if (place < labels_.size()) {
            labels_[place].count += times;
            return place;
        }
        insert(key, times, forgotten_);
        if (labels_.size() <= max_labels_) return place;
        forget();
        return labels_.size();
    }

    // labels_.size() when it is not there.
    [[nodiscard]] std::size_t place_of(const Key& key) const noexcept {
        if (slots_.empty()) return labels_.size();
        for (std::uint64_t at = key.hash;; ++at) {
            const std::uint32_t slot = slots_[at & (slots_.size() - 1)];
            if (slot == 0) return labels_.size();
            if (labels_[slot - 1].is(key)) return slot - 1;
        }
    }

    void insert(const Key& key, std::uint64_t count, std::uint64_t lacking) {
        labels_.push_back({std::string(key.head), key.size, key.hash, count, lacking});
        if (!distinct_.empty()) distinct_.add(key.hash);
        if (2 * labels_.size() > slots_.size()) {
            index();
        } else {
            occupy(labels_.size() - 1);
        }
    }

    void occupy(std::size_t place) noexcept {
        std::uint64_t at = labels_[place].hash;
        while (slots_[at & (slots_.size() - 1)] != 0) ++at;
        slots_[at & (slots_.size() - 1)] = static_cast<std::uint32_t>(place + 1);
    }

    void index() {
        std::size_t size = (std::max)(slots_.size(), std::size_t{32});
        while (size < 2 * labels_.size()) size *= 2;
        slots_.assign(size, 0);
        for (std::size_t i = 0; i < labels_.size(); ++i) occupy(i);
    }

    // Once labels come and go, the distinct ones must be counted in another way.
    void see_all() {
        if (!distinct_.empty()) return;
        for (const Label& label : labels_) distinct_.add(label.hash);
    }

    void forget() {
        see_all();
        least_distinct_ = (std::max)(least_distinct_, std::uint64_t{labels_.size()});
        const auto at_most = [](const Label& label) { return label.count + label.lacking; };
        std::vector<std::uint64_t> ordered;
        ordered.reserve(labels_.size());
        for (const Label& label : labels_) ordered.push_back(at_most(label));
        const std::size_t kept = max_labels_ / 2;
        const auto limit = ordered.begin() + static_cast<std::ptrdiff_t>(kept);
        std::nth_element(ordered.begin(), limit, ordered.end(), [](auto a, auto b) { return a > b; });
        forgotten_ = (std::max)(forgotten_, *limit);
        // Of those at the limit the earlier stay.
        auto ties = kept - static_cast<std::size_t>(
                               std::count_if(ordered.begin(), limit, [&](auto count) { return count > *limit; }));
        std::size_t place = 0;
        for (Label& label : labels_) {
            const bool tie = at_most(label) == *limit;
            if (at_most(label) < *limit || (tie && ties == 0)) continue;
            if (tie) --ties;
            if (&labels_[place] != &label) labels_[place] = std::move(label);
            ++place;
        }
        labels_.erase(labels_.begin() + static_cast<std::ptrdiff_t>(kept), labels_.end());
        recent_.clear();
        index();
    }

    // The text of a label, marked where one of the sorted `taken` is the same.
    [[nodiscard]] static std::string unlike(const std::vector<std::string_view>& taken, const Label& label) {
        const std::string valid = to_valid_utf8(label.head);
        for (std::size_t copy = 1;; ++copy) {
            std::string end = label.size > max_label_bytes || valid.size() > max_label_bytes ? "\xE2\x80\xA6" : "";
            if (copy > 1) end += " (" + std::to_string(copy) + ")";
            std::string text(utf8_prefix(valid, max_label_bytes - end.size()));
            text += end;
            if (!std::binary_search(taken.begin(), taken.end(), text)) return text;
        }
    }

    std::size_t max_labels_;
    std::vector<Label> labels_;         // at most max_labels_, twice that within merge()
    std::vector<std::uint32_t> slots_;  // by hash: 0 is free, else 1 + the label's place
    std::vector<Recent> recent_;        // by the ends, those that came last
    std::uint64_t total_ = 0;
    std::uint64_t forgotten_ = 0;  // no forgotten label had more rows
    std::uint64_t least_distinct_ = 0;
    DistinctSketch distinct_;  // empty until a label is forgotten
};

}  // namespace curtail::inline v0::detail
