#include "tools/office_ca/x509_bridge.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <utility>

#include "fmt/format.h"

namespace landbook::tools {
namespace {

template <typename T, void (*kFree)(T*)>
struct Releaser {
  void operator()(T* object) const { kFree(object); }
};
template <typename T, void (*kFree)(T*)>
using Owned = std::unique_ptr<T, Releaser<T, kFree>>;

using OwnedKey = Owned<EVP_PKEY, EVP_PKEY_free>;
using OwnedCertificate = Owned<X509, X509_free>;
using OwnedList = Owned<X509_CRL, X509_CRL_free>;
using OwnedRevoked = Owned<X509_REVOKED, X509_REVOKED_free>;
using OwnedExtension = Owned<X509_EXTENSION, X509_EXTENSION_free>;
using OwnedTime = Owned<ASN1_TIME, ASN1_TIME_free>;
using OwnedInteger = Owned<ASN1_INTEGER, ASN1_INTEGER_free>;
using OwnedBio = Owned<BIO, BIO_free_all>;

constexpr long kVersion3 = 2;
constexpr long kListVersion2 = 1;

absl::Status Failed(std::string_view what) {
  char reason[256] = "no reason was given";
  if (const unsigned long error = ERR_get_error(); error != 0) {
    ERR_error_string_n(error, reason, sizeof(reason));
  }
  ERR_clear_error();
  return absl::InvalidArgumentError(fmt::format("OpenSSL cannot {}: {}", what, reason));
}

template <typename Write>
absl::StatusOr<std::string> PemOf(Write write) {
  const OwnedBio memory(BIO_new(BIO_s_mem()));
  if (!memory || write(memory.get()) != 1) return Failed("write PEM");
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &bytes);
  return std::string(bytes, static_cast<std::size_t>(size));
}

OwnedBio Reading(std::string_view pem) {
  return OwnedBio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

absl::StatusOr<OwnedCertificate> ReadCertificate(std::string_view pem) {
  OwnedCertificate certificate(PEM_read_bio_X509(Reading(pem).get(), nullptr, nullptr, nullptr));
  if (!certificate) return Failed("read the authority's certificate");
  return certificate;
}

absl::StatusOr<OwnedKey> ReadKey(std::string_view pem) {
  OwnedKey key(PEM_read_bio_PrivateKey(Reading(pem).get(), nullptr, nullptr, nullptr));
  if (!key) return Failed("read the authority's key");
  return key;
}

OwnedTime TimeOf(absl::Time time) { return OwnedTime(ASN1_TIME_set(nullptr, absl::ToTimeT(time))); }

OwnedInteger IntegerOf(std::uint64_t value) {
  OwnedInteger integer(ASN1_INTEGER_new());
  if (integer) ASN1_INTEGER_set_uint64(integer.get(), value);
  return integer;
}

bool SetCommonName(X509_NAME* name, const std::string& text) {
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(text.data()),
                                    static_cast<int>(text.size()), /*loc=*/-1, /*set=*/0) == 1;
}

bool AddExtension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const OwnedExtension extension(X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), /*loc=*/-1) == 1;
}

// A comma ends a name in the text from which OpenSSL makes the extension.
bool IsHost(const std::string& host) {
  return !host.empty() && host.find_first_of(",\n\r ") == std::string::npos;
}

absl::StatusOr<std::string> AlternativeNames(const CertificateText& text) {
  std::string names = text.uri.empty() ? "" : "URI:" + text.uri;
  for (const std::string& host : text.hosts) {
    if (!IsHost(host)) {
      return absl::InvalidArgumentError(fmt::format("\"{}\" is no name of a host", host));
    }
    unsigned char address[sizeof(in6_addr)];
    const bool is_address = inet_pton(AF_INET, host.c_str(), address) == 1 ||
                            inet_pton(AF_INET6, host.c_str(), address) == 1;
    names += fmt::format("{}{}:{}", names.empty() ? "" : ",", is_address ? "IP" : "DNS", host);
  }
  return names;
}

// A fresh key and a certificate over it that nobody has signed yet.
struct Unsigned {
  OwnedKey key;
  OwnedCertificate certificate;
};

absl::StatusOr<Unsigned> Begin(const CertificateText& text) {
  Unsigned made{OwnedKey(EVP_EC_gen("P-256")), OwnedCertificate(X509_new())};
  if (!made.key || !made.certificate) return Failed("make a key");
  X509* certificate = made.certificate.get();
  const bool filled = X509_set_version(certificate, kVersion3) == 1 &&
                      X509_set_serialNumber(certificate, IntegerOf(text.serial).get()) == 1 &&
                      X509_set1_notBefore(certificate, TimeOf(text.validity.from).get()) == 1 &&
                      X509_set1_notAfter(certificate, TimeOf(text.validity.until).get()) == 1 &&
                      X509_set_pubkey(certificate, made.key.get()) == 1 &&
                      SetCommonName(X509_get_subject_name(certificate), text.common_name);
  if (!filled) return Failed(fmt::format("write a certificate for \"{}\"", text.common_name));
  return made;
}

absl::StatusOr<CertifiedKey> Finish(const Unsigned& made, EVP_PKEY* signer) {
  if (X509_sign(made.certificate.get(), signer, EVP_sha256()) == 0) {
    return Failed("sign a certificate");
  }
  auto certificate =
      PemOf([&](BIO* out) { return PEM_write_bio_X509(out, made.certificate.get()); });
  if (!certificate.ok()) return certificate.status();
  auto key = PemOf([&](BIO* out) {
    return PEM_write_bio_PKCS8PrivateKey(out, made.key.get(), nullptr, nullptr, 0, nullptr,
                                         nullptr);
  });
  if (!key.ok()) return key.status();
  return CertifiedKey{*std::move(certificate), *std::move(key)};
}

}  // namespace

absl::StatusOr<CertifiedKey> MakeAuthority(const CertificateText& text) {
  auto made = Begin(text);
  if (!made.ok()) return made.status();
  X509* certificate = made->certificate.get();
  const bool filled =
      X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) == 1 &&
      AddExtension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
      AddExtension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") &&
      AddExtension(certificate, certificate, NID_subject_key_identifier, "hash");
  if (!filled) return Failed("write the authority's certificate");
  return Finish(*made, made->key.get());
}

absl::StatusOr<CertifiedKey> IssueCertificate(const CertifiedKey& authority,
                                              const CertificateText& text) {
  const auto issuer = ReadCertificate(authority.certificate);
  if (!issuer.ok()) return issuer.status();
  const auto signer = ReadKey(authority.key);
  if (!signer.ok()) return signer.status();
  const auto names = AlternativeNames(text);
  if (!names.ok()) return names.status();
  auto made = Begin(text);
  if (!made.ok()) return made.status();
  X509* certificate = made->certificate.get();
  X509* issued_by = issuer->get();
  const bool is_server = text.use == CertificateUse::kServer;
  const bool filled =
      X509_set_issuer_name(certificate, X509_get_subject_name(issued_by)) == 1 &&
      AddExtension(certificate, issued_by, NID_basic_constraints, "critical,CA:FALSE") &&
      AddExtension(certificate, issued_by, NID_key_usage, "critical,digitalSignature") &&
      AddExtension(certificate, issued_by, NID_ext_key_usage,
                   is_server ? "serverAuth" : "clientAuth") &&
      AddExtension(certificate, issued_by, NID_authority_key_identifier, "keyid") &&
      (names->empty() || AddExtension(certificate, issued_by, NID_subject_alt_name, *names));
  if (!filled) return Failed(fmt::format("write a certificate for \"{}\"", text.common_name));
  return Finish(*made, signer->get());
}

absl::StatusOr<std::string> SignRevocations(const CertifiedKey& authority, std::uint64_t number,
                                            const Validity& validity,
                                            std::span<const RevokedSerial> revoked) {
  const auto issuer = ReadCertificate(authority.certificate);
  if (!issuer.ok()) return issuer.status();
  const auto signer = ReadKey(authority.key);
  if (!signer.ok()) return signer.status();
  const OwnedList list(X509_CRL_new());
  const bool begun =
      list && X509_CRL_set_version(list.get(), kListVersion2) == 1 &&
      X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer->get())) == 1 &&
      X509_CRL_set1_lastUpdate(list.get(), TimeOf(validity.from).get()) == 1 &&
      X509_CRL_set1_nextUpdate(list.get(), TimeOf(validity.until).get()) == 1 &&
      X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, IntegerOf(number).get(), 0, 0) == 1;
  if (!begun) return Failed("write a list of revoked certificates");
  for (const RevokedSerial& one : revoked) {
    OwnedRevoked entry(X509_REVOKED_new());
    const bool added =
        entry && X509_REVOKED_set_serialNumber(entry.get(), IntegerOf(one.serial).get()) == 1 &&
        X509_REVOKED_set_revocationDate(entry.get(), TimeOf(one.since).get()) == 1 &&
        X509_CRL_add0_revoked(list.get(), entry.get()) == 1;
    if (!added) return Failed("list a revoked certificate");
    static_cast<void>(entry.release());  // the list's now
  }
  X509_CRL_sort(list.get());
  if (X509_CRL_sign(list.get(), signer->get(), EVP_sha256()) == 0) return Failed("sign a list");
  return PemOf([&](BIO* out) { return PEM_write_bio_X509_CRL(out, list.get()); });
}

absl::StatusOr<std::string> RevocationFileName(std::string_view certificate) {
  const auto authority = ReadCertificate(certificate);
  if (!authority.ok()) return authority.status();
  return fmt::format("{:08x}", X509_NAME_hash(X509_get_subject_name(authority->get())));
}

}  // namespace landbook::tools
