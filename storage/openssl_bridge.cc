#include "storage/openssl_bridge.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <cstdio>
#include <cstdlib>
#include <limits>
#include <utility>

#include "fmt/format.h"

namespace landbook::storage::openssl {
namespace {

template <typename T, void (*kFree)(T*)>
struct Releaser {
  void operator()(T* object) const { kFree(object); }
};
template <typename T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Releaser<T, kFree>>;

using OwnedDigestContext = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedMacContext = Owned<EVP_MAC_CTX, EVP_MAC_CTX_free>;
using OwnedCipherContext = Owned<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedKeyContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;

constexpr int kAlgorithms = 2;
constexpr int kGcmTagSize = 16;

// The identity that GB/T 35276 and GM/T 0009 give every signer who has agreed on no other.
constexpr std::string_view kSm2SignerId = "1234567812345678";

std::string LastError() {
  char text[256] = "no reason was given";
  if (const unsigned long error = ERR_get_error(); error != 0) {
    ERR_error_string_n(error, text, sizeof(text));
  }
  ERR_clear_error();
  return text;
}

[[noreturn]] void EndProcess(const char* what) {
  std::fprintf(stderr, "OpenSSL cannot %s: %s\n", what, LastError().c_str());
  std::abort();
}

void Must(bool done, const char* what) {
  if (!done) EndProcess(what);
}

const unsigned char* Octets(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

unsigned char* Octets(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

int LengthOf(std::string_view bytes) {
  Must(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()),
       "take more than 2 GiB at once");
  return static_cast<int>(bytes.size());
}

const char* NameOf(DigestAlgorithm algorithm) {
  return algorithm == DigestAlgorithm::kSha256 ? "SHA256" : "SM3";
}

const char* NameOf(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kEd25519 ? "ED25519" : "SM2";
}

// Fetching searches the providers under a lock, so each algorithm is fetched once and kept for
// the life of the process.
const EVP_MD* Fetched(DigestAlgorithm algorithm) {
  static const EVP_MD* const digests[kAlgorithms] = {EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                     EVP_MD_fetch(nullptr, "SM3", nullptr)};
  const EVP_MD* digest = digests[static_cast<int>(algorithm)];
  Must(digest != nullptr, "fetch the digest");
  return digest;
}

OwnedMacContext NewMacContext(DigestAlgorithm algorithm) {
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  Must(hmac != nullptr, "fetch HMAC");
  OwnedMacContext context(EVP_MAC_CTX_new(hmac));
  Must(context != nullptr, "make an HMAC context");
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string("digest", const_cast<char*>(NameOf(algorithm)), 0),
      OSSL_PARAM_construct_end()};
  Must(EVP_MAC_CTX_set_params(context.get(), parameters) == 1, "choose the digest of HMAC");
  return context;
}

EVP_MD_CTX* DigestContextOfThread(DigestAlgorithm algorithm) {
  thread_local OwnedDigestContext contexts[kAlgorithms];
  OwnedDigestContext& context = contexts[static_cast<int>(algorithm)];
  if (context == nullptr) {
    context.reset(EVP_MD_CTX_new());
    Must(context != nullptr, "make a digest context");
  }
  return context.get();
}

EVP_MAC_CTX* MacContextOfThread(DigestAlgorithm algorithm) {
  thread_local OwnedMacContext contexts[kAlgorithms];
  OwnedMacContext& context = contexts[static_cast<int>(algorithm)];
  if (context == nullptr) context = NewMacContext(algorithm);
  return context.get();
}

EVP_CIPHER* FetchedCipher(const char* name) {
  EVP_CIPHER* cipher = EVP_CIPHER_fetch(nullptr, name, nullptr);
  Must(cipher != nullptr, "fetch the cipher");
  return cipher;
}

EVP_CIPHER* Aes256Gcm() {
  static EVP_CIPHER* const cipher = FetchedCipher("AES-256-GCM");
  return cipher;
}

EVP_CIPHER* Sm4Ctr() {
  static EVP_CIPHER* const cipher = FetchedCipher("SM4-CTR");
  return cipher;
}

OwnedCipherContext NewCipherContext() {
  OwnedCipherContext context(EVP_CIPHER_CTX_new());
  Must(context != nullptr, "make a cipher context");
  return context;
}

// A context for signing or verifying with `key`: SM2 hashes the signer's identity with the
// message, so the identity is set before the digest begins.
struct SignatureContext {
  OwnedKeyContext key;
  OwnedDigestContext digest;
};

SignatureContext NewSignatureContext(SignatureAlgorithm algorithm, EVP_PKEY* key) {
  SignatureContext context{nullptr, OwnedDigestContext(EVP_MD_CTX_new())};
  Must(context.digest != nullptr, "make a signature context");
  if (algorithm == SignatureAlgorithm::kEd25519) return context;
  context.key.reset(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  Must(context.key != nullptr, "make a context for SM2");
  Must(EVP_PKEY_CTX_set1_id(context.key.get(), kSm2SignerId.data(), LengthOf(kSm2SignerId)) == 1,
       "set the identity of the SM2 signer");
  EVP_MD_CTX_set_pkey_ctx(context.digest.get(), context.key.get());
  return context;
}

// Ed25519 hashes by itself and wants no digest to be named.
const char* SignatureDigest(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kEd25519 ? nullptr : "SM3";
}

absl::Status CheckAlgorithm(SignatureAlgorithm algorithm, const EVP_PKEY* key) {
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("these bytes are no {} key: {}", NameOf(algorithm), LastError()));
  }
  if (EVP_PKEY_is_a(key, NameOf(algorithm)) == 1) return absl::OkStatus();
  const char* came = EVP_PKEY_get0_type_name(key);
  return absl::InvalidArgumentError(fmt::format("a key for {} was wanted, and one for {} came",
                                                NameOf(algorithm),
                                                came == nullptr ? "something else" : came));
}

// A key file is read by a service without a person beside it, so a password is never asked for.
int NoPassword(char*, int, int, void*) { return -1; }

}  // namespace

Hash Digest(DigestAlgorithm algorithm, std::initializer_list<std::string_view> parts) {
  EVP_MD_CTX* context = DigestContextOfThread(algorithm);
  Must(EVP_DigestInit_ex2(context, Fetched(algorithm), nullptr) == 1, "begin a digest");
  for (const std::string_view part : parts) {
    Must(EVP_DigestUpdate(context, part.data(), part.size()) == 1, "go on with a digest");
  }
  Hash hash;
  Must(EVP_DigestFinal_ex(context, hash.data(), nullptr) == 1, "finish a digest");
  return hash;
}

Hash Hmac(DigestAlgorithm algorithm, std::string_view key,
          std::initializer_list<std::string_view> parts) {
  // An empty key is a key of HMAC, but a null pointer would mean "the key of the last call".
  const std::string_view present = key.data() == nullptr ? std::string_view("") : key;
  EVP_MAC_CTX* context = MacContextOfThread(algorithm);
  Must(EVP_MAC_init(context, Octets(present), present.size(), nullptr) == 1, "begin an HMAC");
  for (const std::string_view part : parts) {
    Must(EVP_MAC_update(context, Octets(part), part.size()) == 1, "go on with an HMAC");
  }
  Hash hash;
  std::size_t written = 0;
  Must(EVP_MAC_final(context, hash.data(), &written, hash.size()) == 1 && written == hash.size(),
       "finish an HMAC");
  return hash;
}

struct DigestStream::Context {
  DigestAlgorithm algorithm;
  OwnedDigestContext digest;

  void Begin() const {
    Must(EVP_DigestInit_ex2(digest.get(), Fetched(algorithm), nullptr) == 1, "begin a digest");
  }
};

DigestStream::DigestStream(DigestAlgorithm algorithm)
    : context_(new Context{algorithm, OwnedDigestContext(EVP_MD_CTX_new())}) {
  Must(context_->digest != nullptr, "make a digest context");
  context_->Begin();
}
DigestStream::DigestStream(DigestStream&&) noexcept = default;
DigestStream& DigestStream::operator=(DigestStream&&) noexcept = default;
DigestStream::~DigestStream() = default;

void DigestStream::Update(std::string_view bytes) {
  Must(EVP_DigestUpdate(context_->digest.get(), bytes.data(), bytes.size()) == 1,
       "go on with a digest");
}

Hash DigestStream::Finish() {
  Hash hash;
  Must(EVP_DigestFinal_ex(context_->digest.get(), hash.data(), nullptr) == 1, "finish a digest");
  context_->Begin();
  return hash;
}

struct Key::Holder {
  OwnedKey key;
};

Key::Key(SignatureAlgorithm algorithm, std::unique_ptr<Holder> holder)
    : algorithm_(algorithm), holder_(std::move(holder)) {}
Key::Key(Key&&) noexcept = default;
Key& Key::operator=(Key&&) noexcept = default;
Key::~Key() = default;

absl::StatusOr<Key> Key::Generate(SignatureAlgorithm algorithm) {
  OwnedKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, NameOf(algorithm)));
  if (key == nullptr) {
    return absl::UnavailableError(
        fmt::format("no {} key could be made: {}", NameOf(algorithm), LastError()));
  }
  return Key(algorithm, std::make_unique<Holder>(Holder{std::move(key)}));
}

absl::StatusOr<Key> Key::FromPrivatePem(SignatureAlgorithm algorithm, std::string_view pem) {
  OwnedBio text(BIO_new_mem_buf(pem.data(), LengthOf(pem)));
  Must(text != nullptr, "make a buffer");
  OwnedKey key(PEM_read_bio_PrivateKey(text.get(), nullptr, NoPassword, nullptr));
  if (absl::Status fits = CheckAlgorithm(algorithm, key.get()); !fits.ok()) return fits;
  return Key(algorithm, std::make_unique<Holder>(Holder{std::move(key)}));
}

absl::StatusOr<Key> Key::FromPublicDer(SignatureAlgorithm algorithm, std::string_view der) {
  const unsigned char* position = Octets(der);
  OwnedKey key(d2i_PUBKEY(nullptr, &position, LengthOf(der)));
  if (absl::Status fits = CheckAlgorithm(algorithm, key.get()); !fits.ok()) return fits;
  if (position != Octets(der) + der.size()) {
    return absl::InvalidArgumentError("a public key is followed by bytes that are no part of it");
  }
  return Key(algorithm, std::make_unique<Holder>(Holder{std::move(key)}));
}

absl::StatusOr<std::string> Key::PrivatePem() const {
  OwnedBio text(BIO_new(BIO_s_secmem()));
  Must(text != nullptr, "make a buffer");
  if (PEM_write_bio_PKCS8PrivateKey(text.get(), holder_->key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr) != 1) {
    return absl::InternalError(
        fmt::format("the private key cannot be written as PKCS #8: {}", LastError()));
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return std::string(data, static_cast<std::size_t>(size));
}

absl::StatusOr<std::string> Key::PublicDer() const {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(holder_->key.get(), &der);
  if (size <= 0) {
    return absl::InternalError(fmt::format("the public key cannot be written: {}", LastError()));
  }
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

absl::StatusOr<std::string> Key::Sign(std::string_view message) const {
  const SignatureContext context = NewSignatureContext(algorithm_, holder_->key.get());
  EVP_MD_CTX* digest = context.digest.get();
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(holder_->key.get())), '\0');
  std::size_t size = signature.size();
  if (EVP_DigestSignInit_ex(digest, nullptr, SignatureDigest(algorithm_), nullptr, nullptr,
                            holder_->key.get(), nullptr) != 1 ||
      EVP_DigestSign(digest, Octets(signature), &size, Octets(message), message.size()) != 1) {
    return absl::InternalError(
        fmt::format("{} could not sign: {}", NameOf(algorithm_), LastError()));
  }
  signature.resize(size);
  return signature;
}

absl::Status Key::Verify(std::string_view message, std::string_view signature) const {
  const SignatureContext context = NewSignatureContext(algorithm_, holder_->key.get());
  EVP_MD_CTX* digest = context.digest.get();
  const bool fits = EVP_DigestVerifyInit_ex(digest, nullptr, SignatureDigest(algorithm_), nullptr,
                                            nullptr, holder_->key.get(), nullptr) == 1 &&
                    EVP_DigestVerify(digest, Octets(signature), signature.size(), Octets(message),
                                     message.size()) == 1;
  ERR_clear_error();
  if (fits) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("the {} signature does not fit the message and the key", NameOf(algorithm_)));
}

std::string GcmSeal(const GcmInput& input, std::string_view plaintext) {
  const OwnedCipherContext owned = NewCipherContext();
  EVP_CIPHER_CTX* context = owned.get();
  std::string sealed(plaintext.size() + kGcmTagSize, '\0');
  int written = 0;
  Must(EVP_EncryptInit_ex2(context, Aes256Gcm(), Octets(input.key), Octets(input.nonce), nullptr) ==
               1 &&
           EVP_EncryptUpdate(context, nullptr, &written, Octets(input.associated),
                             LengthOf(input.associated)) == 1 &&
           EVP_EncryptUpdate(context, Octets(sealed), &written, Octets(plaintext),
                             LengthOf(plaintext)) == 1 &&
           EVP_EncryptFinal_ex(context, Octets(sealed) + plaintext.size(), &written) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, kGcmTagSize,
                               Octets(sealed) + plaintext.size()) == 1,
       "seal with AES-256-GCM");
  return sealed;
}

absl::StatusOr<std::string> GcmOpen(const GcmInput& input, std::string_view sealed) {
  if (sealed.size() < kGcmTagSize) {
    return absl::InvalidArgumentError(
        fmt::format("sealed bytes end in a tag of {}, and {} came", kGcmTagSize, sealed.size()));
  }
  const std::string_view ciphertext = sealed.substr(0, sealed.size() - kGcmTagSize);
  std::string tag(sealed.substr(ciphertext.size()));
  const OwnedCipherContext owned = NewCipherContext();
  EVP_CIPHER_CTX* context = owned.get();
  std::string plaintext(sealed.size(), '\0');
  int written = 0;
  Must(EVP_DecryptInit_ex2(context, Aes256Gcm(), Octets(input.key), Octets(input.nonce), nullptr) ==
               1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, kGcmTagSize, Octets(tag)) == 1 &&
           EVP_DecryptUpdate(context, nullptr, &written, Octets(input.associated),
                             LengthOf(input.associated)) == 1 &&
           EVP_DecryptUpdate(context, Octets(plaintext), &written, Octets(ciphertext),
                             LengthOf(ciphertext)) == 1,
       "open with AES-256-GCM");
  const bool fits =
      EVP_DecryptFinal_ex(context, Octets(plaintext) + ciphertext.size(), &written) == 1;
  plaintext.resize(ciphertext.size());
  if (fits) return plaintext;
  OPENSSL_cleanse(plaintext.data(), plaintext.size());
  ERR_clear_error();
  return absl::InvalidArgumentError(
      "the seal does not fit: the bytes, what they belong to, or the key differ");
}

std::string Sm4Counter(const CounterInput& input, std::string_view text) {
  const OwnedCipherContext owned = NewCipherContext();
  std::string result(text.size(), '\0');
  int written = 0;
  Must(EVP_EncryptInit_ex2(owned.get(), Sm4Ctr(), Octets(input.key), Octets(input.counter),
                           nullptr) == 1 &&
           EVP_EncryptUpdate(owned.get(), Octets(result), &written, Octets(text), LengthOf(text)) ==
               1,
       "encrypt with SM4-CTR");
  return result;
}

absl::Status FillRandom(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) == 1) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("the system gives no random bytes now: {}", LastError()));
}

void Wipe(std::span<std::uint8_t> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  Must(a.size() == b.size(), "compare bytes of different lengths");
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string Base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(Octets(text), Octets(bytes), LengthOf(bytes));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

absl::StatusOr<std::string> FromBase64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 1, '\0');
  const int size = EVP_DecodeBlock(Octets(bytes), Octets(text), LengthOf(text));
  const std::size_t padding =
      text.ends_with("==") ? 2 : static_cast<std::size_t>(text.ends_with('='));
  if (size < 0 || static_cast<std::size_t>(size) < padding) {
    return absl::InvalidArgumentError("the text is not base64 with its padding");
  }
  bytes.resize(static_cast<std::size_t>(size) - padding);
  // One text for one value: the library forgives white space, and bits behind the end.
  if (Base64(bytes) == text) return bytes;
  return absl::InvalidArgumentError("the text is not base64 in its one canonical form");
}

}  // namespace landbook::storage::openssl
