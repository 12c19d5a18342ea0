// SPDX-License-Identifier: MIT
#pragma once
// An output that computes the SHA-256 of its bytes. Needs OpenSSL's libcrypto; curtail.hpp leaves it out.

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
#include <curtail/artifact/file/byte_output.hpp>
#include <curtail/artifact/file/output_wrapper.hpp>
#include <curtail/core/error.hpp>
#include <curtail/core/text/hex.hpp>

namespace curtail::inline v0 {

#if __has_include(<openssl/evp.h>)

namespace detail {

// SHA-256 over bytes that come in pieces, by libcrypto, which uses what the processor has for it.
class Sha256 {
  public:
    // Throws UsageError (invalid_option) if libcrypto has no SHA-256.
    Sha256() : context_(EVP_MD_CTX_new()) {
        if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
            throw UsageError(ErrorCode::invalid_option, "libcrypto refuses to compute a SHA-256 on this machine");
        }
    }

    // Returns false if libcrypto refuses.
    [[nodiscard]] bool update(std::span<const char> bytes) {
        return EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1;
    }

    // Returns the digest of all bytes so far, or an empty text if libcrypto refuses. More bytes may follow.
    [[nodiscard]] std::string hex() const {
        const Context copy(EVP_MD_CTX_new());
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (!copy || EVP_MD_CTX_copy_ex(copy.get(), context_.get()) != 1 ||
            EVP_DigestFinal_ex(copy.get(), digest, &size) != 1) {
            return {};
        }
        std::string out;
        append_hex(out, {reinterpret_cast<const char*>(digest), size});
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

/// Wraps any output and adds the SHA-256 of its bytes to ArtifactInfo and to the message. Takes the time that libcrypto
/// takes: 1.1 s per gigabyte with the SHA instructions of x86. Link libcrypto: OpenSSL::Crypto in CMake, or
/// -D CURTAIL_WITH_SHA256=ON for curtail to do so, or -lcrypto.
///
///     curtail::CsvSink<curtail::Sha256File> sink(path);
template <class Output>
class Sha256Output : public detail::OutputWrapper<detail::OwnedOutput<Output>> {
    static_assert(
        !requires { Output::compression; },
        "the digest is that of the file's bytes: put it inside, as in GzipOutput<Sha256File>");

  public:
    /// Takes the arguments of Output's constructor. Throws what that throws, and UsageError (invalid_option) if
    /// libcrypto has no SHA-256.
    template <class... Arguments>
    requires std::constructible_from<Output, Arguments...>
    explicit Sha256Output(Arguments&&... arguments)
        : Sha256Output::OutputWrapper(
              std::make_unique<detail::OwnedOutput<Output>>(Output(std::forward<Arguments>(arguments)...)), true) {}

    /// Tells the output how many threads it may use, if it asks for that.
    void limit_threads(std::size_t threads) requires requires(Output& output) { output.limit_threads(threads); }
    { this->output().limit_threads(threads); }

    /// Tells the output that the bytes are compressed, and how (`compression`), if it asks for that.
    void compressed_as(std::string_view compression) requires requires(Output& output) {
        output.compressed_as(compression);
    }
    { this->output().compressed_as(compression); }

    /// Opens the output, if it has open().
    void open() requires requires(Output& output) { output.open(); }
    { this->output().open(); }

    /// Writes and hashes bytes. Throws what the output throws, and ArtifactError (io_failed) if libcrypto fails.
    void write(std::span<const char> bytes) {
        this->output().write(bytes);
        if (!sha256_.update(bytes)) refuse();
    }

    /// Returns the digest of all bytes so far: 64 lower-case hexadecimal digits, as sha256sum prints them. Throws
    /// ArtifactError (io_failed) if libcrypto fails.
    [[nodiscard]] std::string sha256() const {
        std::string digest = sha256_.hex();
        if (digest.empty()) refuse();
        return digest;
    }

  private:
    [[noreturn]] void refuse() const {
        std::string path;
        if constexpr (requires { this->location(); }) path = std::string(this->location());
        throw ArtifactError(ErrorCode::io_failed, "libcrypto could not go on with the SHA-256; nothing was published",
                            path, "sha256");
    }

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

/// A local file with its digest: CsvSink<Sha256File>(path).
using Sha256File = Sha256Output<AtomicFile>;

}  // namespace curtail::inline v0
