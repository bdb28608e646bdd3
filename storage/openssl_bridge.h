// The one door to OpenSSL 3. No type of that library appears here, and no other file of the
// project includes it. What the rest of storage uses is suite.h and secret.h; this header is for
// their sources.
//
// An algorithm is named as the library names it. An error that only a broken installation can
// cause (a digest that cannot be fetched, memory that cannot be had) ends the process with a
// sentence, because no caller could go on; everything that depends on bytes given is a status.
#ifndef LANDBOOK_STORAGE_OPENSSL_BRIDGE_H_
#define LANDBOOK_STORAGE_OPENSSL_BRIDGE_H_

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"

namespace landbook::storage::openssl {

enum class DigestAlgorithm : std::uint8_t { kSha256 = 0, kSm3 = 1 };
enum class SignatureAlgorithm : std::uint8_t { kEd25519 = 0, kSm2 = 1 };

// The digest of all parts one after another. The context belongs to the thread and is used again,
// so a small input costs little more than its compression.
Hash Digest(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts);

// The HMAC (RFC 2104) of all parts one after another, under a key of any length.
Hash Hmac(DigestAlgorithm algorithm, std::string_view key,
          std::initializer_list<std::string_view> parts);

// A digest whose input comes piece by piece.
class DigestStream {
 public:
  explicit DigestStream(DigestAlgorithm algorithm);
  DigestStream(DigestStream&&) noexcept;
  DigestStream& operator=(DigestStream&&) noexcept;
  ~DigestStream();

  void Update(std::string_view bytes);

  // The digest of what came so far. The stream then starts again, empty.
  Hash Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// A key pair, or the public half of one. Immutable, and used by many threads at once.
class Key {
 public:
  Key(Key&&) noexcept;
  Key& operator=(Key&&) noexcept;
  ~Key();

  // A fresh pair from the library's own generator.
  static absl::StatusOr<Key> Generate(SignatureAlgorithm algorithm);
  // A pair from PKCS #8 PEM without a password. INVALID_ARGUMENT when the text is no such key or
  // a key of another algorithm.
  static absl::StatusOr<Key> FromPrivatePem(SignatureAlgorithm algorithm, std::string_view pem);
  // A public key from the DER of its SubjectPublicKeyInfo (RFC 5280), with the same refusals.
  static absl::StatusOr<Key> FromPublicDer(SignatureAlgorithm algorithm, std::string_view der);

  absl::StatusOr<std::string> PrivatePem() const;
  absl::StatusOr<std::string> PublicDer() const;
  absl::StatusOr<std::string> Sign(std::string_view message) const;
  // OK when `signature` is this key's over `message`; else INVALID_ARGUMENT.
  absl::Status Verify(std::string_view message, std::string_view signature) const;

 private:
  struct Holder;
  Key(SignatureAlgorithm algorithm, std::unique_ptr<Holder> holder);

  SignatureAlgorithm algorithm_;
  std::unique_ptr<Holder> holder_;
};

// AES-256-GCM (NIST SP 800-38D): `key` of 32 bytes, `nonce` of 12, a tag of 16 after the
// ciphertext.
struct GcmInput {
  std::string_view key;
  std::string_view nonce;
  std::string_view associated;
};
std::string GcmSeal(const GcmInput& input, std::string_view plaintext);
// INVALID_ARGUMENT when the tag does not fit the rest.
absl::StatusOr<std::string> GcmOpen(const GcmInput& input, std::string_view sealed);

// SM4 (GB/T 32907) in counter mode: `key` and `counter` of 16 bytes each. Applying it twice gives
// the text back; it authenticates nothing.
struct CounterInput {
  std::string_view key;
  std::string_view counter;
};
std::string Sm4Counter(const CounterInput& input, std::string_view text);

absl::Status FillRandom(std::span<std::uint8_t> out);
void Wipe(std::span<std::uint8_t> bytes);
// REQUIRES: both have the same size.
bool EqualInConstantTime(std::string_view a, std::string_view b);

// `bytes` in base64 (RFC 4648, padded, one line), and back. Other characters, or a length that
// is no multiple of four, are INVALID_ARGUMENT.
std::string Base64(std::string_view bytes);
absl::StatusOr<std::string> FromBase64(std::string_view text);

}  // namespace landbook::storage::openssl

#endif  // LANDBOOK_STORAGE_OPENSSL_BRIDGE_H_
