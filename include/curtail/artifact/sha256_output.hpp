// SPDX-License-Identifier: MIT
#pragma once
// An output that knows the SHA-256 of what passes through it. Needs OpenSSL's libcrypto; curtail.hpp leaves it out.

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#if __has_include(<openssl/evp.h>)
#include <openssl/evp.h>
#endif

#include <curtail/artifact/atomic_file.hpp>
#include <curtail/artifact/file/sidecar.hpp>
#include <curtail/core/error.hpp>

namespace curtail::inline v0 {

#if __has_include(<openssl/evp.h>)

namespace detail {

// SHA-256 over bytes that come in pieces, by libcrypto, which uses what the processor has for it.
class Sha256 {
  public:
    // Throws UsageError (invalid_option) where libcrypto has no SHA-256 to give.
    Sha256() : context_(EVP_MD_CTX_new()) {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
            throw UsageError(ErrorCode::invalid_option, "libcrypto refuses to compute a SHA-256 on this machine");
        }
    }

    // False when libcrypto refuses.
    [[nodiscard]] bool update(std::span<const char> bytes) {
        return EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    }

    // Of all bytes so far; more may follow. Empty when libcrypto refuses.
    [[nodiscard]] std::string hex() const {
        constexpr std::string_view digits = "0123456789abcdef";
        const Context copy(EVP_MD_CTX_new());
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (!copy || EVP_MD_CTX_copy_ex(copy.get(), context_.get()) != 1 ||
            EVP_DigestFinal_ex(copy.get(), digest, &size) != 1) {
            return {};
        }
        std::string out;
        for (const unsigned char byte : std::span(digest, size)) {
            out += digits[byte >> 4U];
            out += digits[byte & 0x0FU];
        }
        return out;
    }

  private:
    struct Free {
        void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
    };
    using Context = std::unique_ptr<EVP_MD_CTX, Free>;

    Context context_;
};

}  // namespace detail

// Any output, and the SHA-256 of its bytes in ArtifactInfo and in the message: CsvSink<Sha256File>(path) in place of
// CsvSink(path). It costs what libcrypto costs: 1.1 s a gigabyte with the instructions of x86 for it. Link
// libcrypto: OpenSSL::Crypto in CMake, or -D CURTAIL_WITH_SHA256=ON for curtail to do so; -lcrypto elsewhere.
template <class Output>
class Sha256Output {
  public:
    // What Output takes. Throws what that throws.
    template <class... Arguments>
    requires std::constructible_from<Output, Arguments...>
    explicit Sha256Output(Arguments&&... arguments) : output_(std::forward<Arguments>(arguments)...) {}

    void open() requires requires(Output& output) { output.open(); }
    { output_.open(); }

    void write(std::span<const char> bytes) {
        output_.write(bytes);
        if (!sha256_.update(bytes)) refuse();
    }

    void commit() { output_.commit(); }
    void abort() noexcept { output_.abort(); }

    [[nodiscard]] decltype(auto) location() const requires requires(const Output& output) { output.location(); }
    { return output_.location(); }

    // Of all bytes so far: 64 hexadecimal digits in lower case, as sha256sum prints them.
    [[nodiscard]] std::string sha256() const {
        std::string digest = sha256_.hex();
        if (digest.empty()) refuse();
        return digest;
    }

    // What a sidecar needs (AccompaniedOutput), where Output has it. The sidecar has no digest of its own.
    [[nodiscard]] std::string_view name() const noexcept requires detail::AccompaniedOutput<Output> {
        return output_.name();
    }
    void prepare() requires detail::AccompaniedOutput<Output> { output_.prepare(); }
    [[nodiscard]] auto beside(std::string_view suffix) requires detail::AccompaniedOutput<Output> {
        return output_.beside(suffix);
    }
    [[nodiscard]] bool withdraw() noexcept requires detail::AccompaniedOutput<Output> { return output_.withdraw(); }

    [[nodiscard]] Output& output() noexcept { return output_; }

  private:
    [[noreturn]] void refuse() const {
        std::string path;
        if constexpr (requires { output_.location(); }) path = std::string(output_.location());
        throw ArtifactError(ErrorCode::io_failed, "libcrypto could not go on with the SHA-256; nothing was published",
                            path, "sha256");
    }

    Output output_;
    detail::Sha256 sha256_;
};

#else

template <class Output>
class Sha256Output {
    static_assert(sizeof(Output) == 0,
                  "a SHA-256 of the file needs OpenSSL's libcrypto: install its headers (Debian: libssl-dev) and link "
                  "-lcrypto");
};

#endif

// The file of a CsvSink with its digest: CsvSink<Sha256File>(path).
using Sha256File = Sha256Output<AtomicFile>;

}  // namespace curtail::inline v0
