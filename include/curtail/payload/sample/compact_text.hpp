// SPDX-License-Identifier: MIT
#pragma once
// A text that is usually short, in little room.

#include <concepts>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace curtail::inline v0::detail {

// Up to 12 bytes are held in place, longer texts elsewhere: with a size and three flags of its user's that makes 16
// bytes. std::string has 32, and a sample of 100 rows of 100,000 columns is half a million cells.
class CompactText {
  public:
    static constexpr std::size_t in_place = 12;

    CompactText() noexcept = default;
    template <class Text>
    requires std::convertible_to<const Text&, std::string_view> &&
        (!std::same_as<Text, CompactText>)CompactText(const Text& text) {  // as implicit as std::string's
        assign(text);
    }
    CompactText(const CompactText& other) { assign(other.view()); }
    CompactText(CompactText&& other) noexcept { swap(other); }
    CompactText& operator=(CompactText other) noexcept {
        swap(other);
        return *this;
    }
    ~CompactText() {
        if (size_ == elsewhere) delete[] block();
    }

    [[nodiscard]] std::string_view view() const noexcept {
        if (size_ != elsewhere) return {bytes_, size_};
        std::size_t size = 0;
        std::memcpy(&size, block(), sizeof size);
        return {block() + sizeof size, size};
    }
    operator std::string_view() const noexcept { return view(); }

    [[nodiscard]] std::size_t size() const noexcept { return view().size(); }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

    // Keeps the first `size` bytes of more, in no more memory than they need.
    void cut(std::size_t size) {
        if (size < this->size()) *this = CompactText(view().substr(0, size));
    }

    friend bool operator==(const CompactText& a, const CompactText& b) noexcept { return a.view() == b.view(); }
    template <class Text>
    requires std::convertible_to<const Text&, std::string_view> &&(!std::same_as<Text, CompactText>)friend bool
    operator==(const CompactText& a, const Text& b) noexcept {
        return a.view() == std::string_view(b);
    }

  private:
    static constexpr unsigned char elsewhere = 255;

    // The size and then the text, at the pointer that stands in bytes_, which no alignment is demanded of.
    [[nodiscard]] char* block() const noexcept {
        char* block = nullptr;
        std::memcpy(&block, bytes_, sizeof block);
        return block;
    }

    void assign(std::string_view text) {
        if (text.size() <= in_place) {
            if (!text.empty()) std::memcpy(bytes_, text.data(), text.size());
            size_ = static_cast<unsigned char>(text.size());
            return;
        }
        const std::size_t size = text.size();
        char* const block = new char[sizeof size + size];
        std::memcpy(block, &size, sizeof size);
        std::memcpy(block + sizeof size, text.data(), size);
        std::memcpy(bytes_, &block, sizeof block);
        size_ = elsewhere;
    }

    void swap(CompactText& other) noexcept {
        char bytes[in_place];
        std::memcpy(bytes, bytes_, in_place);
        std::memcpy(bytes_, other.bytes_, in_place);
        std::memcpy(other.bytes_, bytes, in_place);
        std::swap(size_, other.size_);
    }

    char bytes_[in_place]{};
    unsigned char size_ = 0;
};

}  // namespace curtail::inline v0::detail
