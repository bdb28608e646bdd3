// The two families of algorithms that a book can be kept with. A book names its suite when it is
// created; a later key of another suite succeeds it through the key ring.
//
//   sha256-ed25519   SHA-256 (FIPS 180-4), Ed25519 (RFC 8032), AES-256-GCM (NIST SP 800-38D)
//   sm3-sm2          SM3 (GB/T 32905), SM2 with signer identity "1234567812345678" (GB/T 32918),
//                    SM4-CTR (GB/T 32907) with HMAC-SM3 over the ciphertext
//
// HMAC (RFC 2104) and HKDF (RFC 5869) use the suite's digest. Every function here is thread-safe.
#ifndef LANDBOOK_STORAGE_SUITE_H_
#define LANDBOOK_STORAGE_SUITE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/secret.h"

namespace landbook::storage {

// The numbers stand in stored bytes and are never used for another suite.
enum class SuiteId : std::uint8_t { kSha256Ed25519 = 1, kSm3Sm2 = 2 };

// What is to be sealed: the plaintext is encrypted and authenticated, `associated` (what the
// plaintext belongs to) is authenticated only and must come again at opening.
struct PlainMessage {
  std::string_view plaintext;
  std::string_view associated;
};

struct SealedMessage {
  std::string_view sealed;
  std::string_view associated;
};

// The inputs of HKDF (RFC 5869): input key material, an optional salt, and what the derived key
// is for.
struct HkdfInput {
  std::string_view key_material;
  std::string_view salt;
  std::string_view info;
};

// One suite. There are exactly two objects, made on first use and kept for ever, so a suite is
// passed by reference and compared by its id.
class Suite {
 public:
  static const Suite& Sha256Ed25519();
  static const Suite& Sm3Sm2();

  // The suite of that number or name; INVALID_ARGUMENT, with the suites there are, for any other.
  static absl::StatusOr<const Suite*> WithId(std::uint8_t id);
  static absl::StatusOr<const Suite*> WithName(std::string_view name);

  Suite(const Suite&) = delete;
  Suite& operator=(const Suite&) = delete;

  SuiteId id() const { return id_; }
  std::string_view name() const { return name_; }

  // The digest of the parts one after another, with nothing between them: a caller whose parts
  // vary in length must make their borders certain.
  Hash HashOf(std::initializer_list<std::string_view> parts) const;
  Hash HashOf(std::string_view bytes) const { return HashOf({bytes}); }

  // The HMAC of the parts one after another.
  Hash Hmac(std::string_view key, std::initializer_list<std::string_view> parts) const;

  // `size` bytes of HKDF. REQUIRES: size <= 255 * 32.
  std::string Hkdf(const HkdfInput& input, std::size_t size) const;

  // The key for one purpose under `key`: HKDF without salt, `purpose` as its info. Different
  // purposes give keys that tell nothing of each other or of `key`.
  Secret Derive(const Secret& key, std::string_view purpose) const;

  // Authenticated encryption under `key`; the layout is in FORMAT.md ("Sealed bytes"), and is
  // `SealOverhead()` bytes longer than the plaintext. UNAVAILABLE when there is no randomness for
  // the nonce. One key serves at most 2^32 messages (SP 800-38D, 8.3).
  absl::StatusOr<std::string> Seal(const Secret& key, const PlainMessage& message,
                                   RandomSource& random) const;
  // The plaintext; INVALID_ARGUMENT when the key, the bytes or what they belong to differ from
  // those at sealing, without telling which.
  absl::StatusOr<std::string> Open(const Secret& key, const SealedMessage& message) const;
  std::size_t SealOverhead() const;

 private:
  Suite(SuiteId id, std::string_view name) : id_(id), name_(name) {}

  SuiteId id_;
  std::string_view name_;
};

// A digest of the suite whose input comes piece by piece. One thread at a time.
class Hasher {
 public:
  explicit Hasher(const Suite& suite);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void Update(std::string_view bytes);

  // The digest of what came since the beginning or the last Finish.
  Hash Finish();

 private:
  struct Stream;
  std::unique_ptr<Stream> stream_;
};

// Names a signing key: the first eight bytes of the suite's digest of its public key in DER.
using KeyId = std::array<std::uint8_t, 8>;

// Sixteen lower-case hexadecimal digits.
std::string HexOf(const KeyId& id);

// The public half of a signing key. Cheap to copy.
class VerifyingKey {
 public:
  // From the DER of a SubjectPublicKeyInfo (RFC 5280). INVALID_ARGUMENT when it is none, or is a
  // key for other signatures than the suite's.
  static absl::StatusOr<VerifyingKey> FromDer(const Suite& suite, std::string_view der);

  const Suite& suite() const { return *suite_; }
  const KeyId& id() const { return id_; }
  // SubjectPublicKeyInfo in DER: what is published, and what the key id is made from.
  const std::string& der() const { return der_; }
  // The key alone: 32 bytes of Ed25519 (RFC 8032), or the 65 of an SM2 point, 04 || x || y.
  std::string_view raw() const;

  // OK when `signature` is this key's over `message`; else INVALID_ARGUMENT.
  absl::Status Verify(std::string_view message, std::string_view signature) const;

 private:
  friend class SigningKey;
  struct Material;
  VerifyingKey(const Suite& suite, std::string der, std::shared_ptr<const Material> material);

  const Suite* suite_;
  std::string der_;
  KeyId id_;
  std::shared_ptr<const Material> material_;
};

// A key pair that signs. Cheap to copy; the private key is wiped with its last copy.
class SigningKey {
 public:
  // A fresh pair from the cryptographic library's generator; UNAVAILABLE without randomness.
  static absl::StatusOr<SigningKey> Generate(const Suite& suite);

  // From PKCS #8 PEM without a password; INVALID_ARGUMENT for other text or another algorithm.
  static absl::StatusOr<SigningKey> FromPem(const Suite& suite, std::string_view pem);

  // The private key as PKCS #8 PEM. Whoever has this text signs as the book.
  absl::StatusOr<std::string> ToPem() const;

  const VerifyingKey& public_key() const { return public_key_; }

  // 64 bytes of Ed25519, always the same for a message; or the DER of an SM2 signature, at most
  // 72 bytes, another one every time.
  absl::StatusOr<std::string> Sign(std::string_view message) const;

 private:
  explicit SigningKey(VerifyingKey public_key) : public_key_(std::move(public_key)) {}
  static absl::StatusOr<SigningKey> FromMaterial(
      const Suite& suite, std::shared_ptr<const VerifyingKey::Material> material);

  VerifyingKey public_key_;  // whose material holds the private half too
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SUITE_H_
