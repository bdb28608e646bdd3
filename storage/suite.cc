#include "storage/suite.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "storage/openssl_bridge.h"

namespace landbook::storage {
namespace {

using openssl::DigestAlgorithm;
using openssl::SignatureAlgorithm;

// The first byte of sealed bytes is the number of the suite that sealed them.
constexpr std::size_t kMarkSize = 1;
constexpr std::size_t kGcmNonceSize = 12;
constexpr std::size_t kGcmTagSize = 16;
constexpr std::size_t kSm4BlockSize = 16;
constexpr std::size_t kRawEd25519Size = 32;
constexpr std::size_t kRawSm2Size = 65;

DigestAlgorithm DigestOf(SuiteId id) {
  return id == SuiteId::kSha256Ed25519 ? DigestAlgorithm::kSha256 : DigestAlgorithm::kSm3;
}

SignatureAlgorithm SignatureOf(SuiteId id) {
  return id == SuiteId::kSha256Ed25519 ? SignatureAlgorithm::kEd25519 : SignatureAlgorithm::kSm2;
}

absl::StatusOr<std::string> FreshBytes(RandomSource& random, std::size_t size) {
  std::string bytes(size, '\0');
  const std::span<std::uint8_t> out(reinterpret_cast<std::uint8_t*>(bytes.data()), size);
  if (absl::Status filled = random.Fill(out); !filled.ok()) return filled;
  return bytes;
}

absl::Status SealDoesNotFit() {
  return absl::InvalidArgumentError(
      "the seal does not fit: the bytes, what they belong to, or the key differ");
}

std::size_t NonceSizeOf(SuiteId id) {
  return id == SuiteId::kSha256Ed25519 ? kGcmNonceSize : kSm4BlockSize;
}

// SM4 and HMAC-SM3 get keys of their own, both derived from the one key of the seal.
struct Sm4Keys {
  Hash for_mac;
  std::string for_cipher;

  Sm4Keys(const Suite& suite, const Secret& key) {
    std::string both = suite.Hkdf({.key_material = key.bytes(), .salt = {}, .info = "sm4-ctr-hmac"},
                                  kHashSize + kSm4BlockSize);
    std::copy_n(both.begin(), kHashSize, for_mac.begin());
    for_cipher = both.substr(kHashSize);
    WipeText(both);
  }
  ~Sm4Keys() {
    Wipe(for_mac);
    WipeText(for_cipher);
  }
  Sm4Keys(const Sm4Keys&) = delete;
  Sm4Keys& operator=(const Sm4Keys&) = delete;

  static void WipeText(std::string& text) {
    Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  }
};

std::string BigEndian64(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value & 0xff);
  return bytes;
}

// The length of the associated data goes first, so that no byte can move between it and the
// counter without changing what is authenticated.
Hash Sm4Tag(const Suite& suite, const Sm4Keys& keys, const SealedMessage& counter_and_text) {
  return suite.Hmac(BytesOf(keys.for_mac), {BigEndian64(counter_and_text.associated.size()),
                                            counter_and_text.associated, counter_and_text.sealed});
}

std::string Sm4Seal(const Suite& suite, const Secret& key, const PlainMessage& message,
                    const std::string& counter) {
  const Sm4Keys keys(suite, key);
  std::string sealed = counter + openssl::Sm4Counter({.key = keys.for_cipher, .counter = counter},
                                                     message.plaintext);
  const Hash tag = Sm4Tag(suite, keys, {.sealed = sealed, .associated = message.associated});
  sealed.append(BytesOf(tag));
  return sealed;
}

// REQUIRES: the sealed bytes hold at least a counter and a tag.
absl::StatusOr<std::string> Sm4Open(const Suite& suite, const Secret& key,
                                    const SealedMessage& message) {
  const Sm4Keys keys(suite, key);
  const std::string_view body = message.sealed.substr(0, message.sealed.size() - kHashSize);
  const Hash tag = Sm4Tag(suite, keys, {.sealed = body, .associated = message.associated});
  if (!EqualInConstantTime(BytesOf(tag), message.sealed.substr(body.size()))) {
    return SealDoesNotFit();
  }
  return openssl::Sm4Counter({.key = keys.for_cipher, .counter = body.substr(0, kSm4BlockSize)},
                             body.substr(kSm4BlockSize));
}

KeyId IdOf(const Suite& suite, std::string_view der) {
  const Hash hash = suite.HashOf(der);
  KeyId id;
  std::copy_n(hash.begin(), id.size(), id.begin());
  return id;
}

}  // namespace

const Suite& Suite::Sha256Ed25519() {
  static const Suite suite(SuiteId::kSha256Ed25519, "sha256-ed25519");
  return suite;
}

const Suite& Suite::Sm3Sm2() {
  static const Suite suite(SuiteId::kSm3Sm2, "sm3-sm2");
  return suite;
}

absl::StatusOr<const Suite*> Suite::WithId(std::uint8_t id) {
  for (const Suite* suite : {&Sha256Ed25519(), &Sm3Sm2()}) {
    if (static_cast<std::uint8_t>(suite->id()) == id) return suite;
  }
  return absl::InvalidArgumentError(
      fmt::format("there is no suite number {}; there are 1 (sha256-ed25519) and 2 (sm3-sm2)", id));
}

absl::StatusOr<const Suite*> Suite::WithName(std::string_view name) {
  for (const Suite* suite : {&Sha256Ed25519(), &Sm3Sm2()}) {
    if (suite->name() == name) return suite;
  }
  return absl::InvalidArgumentError(
      fmt::format("there is no suite named \"{}\"; name sha256-ed25519 or sm3-sm2", name));
}

Hash Suite::HashOf(std::initializer_list<std::string_view> parts) const {
  return openssl::Digest(DigestOf(id_), parts);
}

Hash Suite::Hmac(std::string_view key, std::initializer_list<std::string_view> parts) const {
  return openssl::Hmac(DigestOf(id_), key, parts);
}

// RFC 5869, section 2: extract, then expand block by block. It is written here over HMAC because
// the two suites then share one path that the published vectors test.
std::string Suite::Hkdf(const HkdfInput& input, std::size_t size) const {
  static constexpr Hash kNoSalt{};
  Hash extracted = Hmac(input.salt.empty() ? BytesOf(kNoSalt) : input.salt, {input.key_material});
  std::string derived;
  Hash block{};
  for (std::uint8_t number = 1; derived.size() < size; ++number) {
    const char counter = static_cast<char>(number);
    const std::string_view previous = number == 1 ? std::string_view() : BytesOf(block);
    block = Hmac(BytesOf(extracted), {previous, input.info, {&counter, 1}});
    derived.append(BytesOf(block));
  }
  derived.resize(size);
  Wipe(block);
  Wipe(extracted);
  return derived;
}

Secret Suite::Derive(const Secret& key, std::string_view purpose) const {
  std::string derived =
      Hkdf({.key_material = key.bytes(), .salt = {}, .info = purpose}, Secret::kSize);
  std::array<std::uint8_t, Secret::kSize> bytes;
  std::copy(derived.begin(), derived.end(), bytes.begin());
  Sm4Keys::WipeText(derived);
  Secret secret(bytes);
  Wipe(bytes);
  return secret;
}

std::size_t Suite::SealOverhead() const {
  const std::size_t tag_size = id_ == SuiteId::kSha256Ed25519 ? kGcmTagSize : kHashSize;
  return kMarkSize + NonceSizeOf(id_) + tag_size;
}

absl::StatusOr<std::string> Suite::Seal(const Secret& key, const PlainMessage& message,
                                        RandomSource& random) const {
  absl::StatusOr<std::string> nonce = FreshBytes(random, NonceSizeOf(id_));
  if (!nonce.ok()) return nonce.status();
  const std::string mark(kMarkSize, static_cast<char>(id_));
  if (id_ == SuiteId::kSm3Sm2) return mark + Sm4Seal(*this, key, message, *nonce);
  return mark + *nonce +
         openssl::GcmSeal({.key = key.bytes(), .nonce = *nonce, .associated = message.associated},
                          message.plaintext);
}

absl::StatusOr<std::string> Suite::Open(const Secret& key, const SealedMessage& message) const {
  if (message.sealed.size() < SealOverhead()) {
    return absl::InvalidArgumentError(
        fmt::format("sealed bytes of {} are at least {} long, and {} came", name_, SealOverhead(),
                    message.sealed.size()));
  }
  if (static_cast<std::uint8_t>(message.sealed.front()) != static_cast<std::uint8_t>(id_)) {
    return absl::InvalidArgumentError(
        fmt::format("sealed bytes of {} begin with {}, and these begin with {}", name_,
                    static_cast<int>(id_), static_cast<std::uint8_t>(message.sealed.front())));
  }
  const std::string_view body = message.sealed.substr(kMarkSize);
  if (id_ == SuiteId::kSm3Sm2) {
    return Sm4Open(*this, key, {.sealed = body, .associated = message.associated});
  }
  return openssl::GcmOpen({.key = key.bytes(),
                           .nonce = body.substr(0, kGcmNonceSize),
                           .associated = message.associated},
                          body.substr(kGcmNonceSize));
}

struct Hasher::Stream {
  openssl::DigestStream digest;
};

Hasher::Hasher(const Suite& suite)
    : stream_(new Stream{openssl::DigestStream(DigestOf(suite.id()))}) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::Update(std::string_view bytes) { stream_->digest.Update(bytes); }

Hash Hasher::Finish() { return stream_->digest.Finish(); }

std::string HexOf(const KeyId& id) {
  return HexOf(std::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

struct VerifyingKey::Material {
  openssl::Key key;
};

VerifyingKey::VerifyingKey(const Suite& suite, std::string der,
                           std::shared_ptr<const Material> material)
    : suite_(&suite),
      der_(std::move(der)),
      id_(IdOf(suite, der_)),
      material_(std::move(material)) {}

absl::StatusOr<VerifyingKey> VerifyingKey::FromDer(const Suite& suite, std::string_view der) {
  absl::StatusOr<openssl::Key> key = openssl::Key::FromPublicDer(SignatureOf(suite.id()), der);
  if (!key.ok()) return key.status();
  return VerifyingKey(suite, std::string(der),
                      std::make_shared<const Material>(Material{std::move(*key)}));
}

// In a SubjectPublicKeyInfo of either algorithm the key itself is what stands last.
std::string_view VerifyingKey::raw() const {
  const std::size_t size = suite_->id() == SuiteId::kSha256Ed25519 ? kRawEd25519Size : kRawSm2Size;
  return std::string_view(der_).substr(der_.size() - size);
}

absl::Status VerifyingKey::Verify(std::string_view message, std::string_view signature) const {
  return material_->key.Verify(message, signature);
}

absl::StatusOr<SigningKey> SigningKey::Generate(const Suite& suite) {
  absl::StatusOr<openssl::Key> key = openssl::Key::Generate(SignatureOf(suite.id()));
  if (!key.ok()) return key.status();
  return FromMaterial(suite, std::make_shared<const VerifyingKey::Material>(
                                 VerifyingKey::Material{std::move(*key)}));
}

absl::StatusOr<SigningKey> SigningKey::FromPem(const Suite& suite, std::string_view pem) {
  absl::StatusOr<openssl::Key> key = openssl::Key::FromPrivatePem(SignatureOf(suite.id()), pem);
  if (!key.ok()) return key.status();
  return FromMaterial(suite, std::make_shared<const VerifyingKey::Material>(
                                 VerifyingKey::Material{std::move(*key)}));
}

absl::StatusOr<SigningKey> SigningKey::FromMaterial(
    const Suite& suite, std::shared_ptr<const VerifyingKey::Material> material) {
  absl::StatusOr<std::string> der = material->key.PublicDer();
  if (!der.ok()) return der.status();
  return SigningKey(VerifyingKey(suite, std::move(*der), std::move(material)));
}

absl::StatusOr<std::string> SigningKey::ToPem() const {
  return public_key_.material_->key.PrivatePem();
}

absl::StatusOr<std::string> SigningKey::Sign(std::string_view message) const {
  return public_key_.material_->key.Sign(message);
}

}  // namespace landbook::storage
