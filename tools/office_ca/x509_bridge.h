// The one door to OpenSSL's X.509: key pairs, certificates and lists of revoked ones, as PEM. No
// type of that library appears here. Certificates follow RFC 5280; keys are on the curve P-256,
// which every TLS library of today takes (Ed25519 is not taken by the gRPC of other languages).
#ifndef LANDBOOK_TOOLS_OFFICE_CA_X509_BRIDGE_H_
#define LANDBOOK_TOOLS_OFFICE_CA_X509_BRIDGE_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace landbook::tools {

// A key pair and the certificate over its public half, each as PEM.
struct CertifiedKey {
  std::string certificate;
  std::string key;
};

// From when to when a certificate or a list is valid.
struct Validity {
  absl::Time from;
  absl::Time until;
};

// What a certificate is for (RFC 5280, 4.2.1.12).
enum class CertificateUse : std::uint8_t { kServer, kClient };

// What a certificate says.
struct CertificateText {
  // Positive, 8 bytes, and no other certificate's of the same authority.
  std::uint64_t serial = 0;
  // The subject's common name, at most 64 bytes of UTF-8: a server's name, or the officer that the
  // books appoint.
  std::string common_name = {};
  CertificateUse use = CertificateUse::kClient;
  // Names and addresses that clients reach a server under.
  std::vector<std::string> hosts = {};
  // A further name, as a URI; empty for none.
  std::string uri = {};
  Validity validity = {};
};

// A self-signed authority that may sign certificates and lists, and no other authority. Fails with
// INVALID_ARGUMENT for a name that a certificate cannot hold.
absl::StatusOr<CertifiedKey> MakeAuthority(const CertificateText& text);

// A fresh key and a certificate of it, signed by `authority`. INVALID_ARGUMENT for a name that a
// certificate cannot hold, or an authority that is none.
absl::StatusOr<CertifiedKey> IssueCertificate(const CertifiedKey& authority,
                                              const CertificateText& text);

// A revoked certificate and since when.
struct RevokedSerial {
  std::uint64_t serial = 0;
  absl::Time since;
};

// The signed list of what `authority` has revoked (CRL), as PEM; `number` grows with each list.
absl::StatusOr<std::string> SignRevocations(const CertifiedKey& authority, std::uint64_t number,
                                            const Validity& validity,
                                            std::span<const RevokedSerial> revoked);

// The beginning of the file's name under which TLS libraries look for lists of the authority whose
// certificate this is: eight hexadecimal digits; ".r0", ".r1" and so on follow.
absl::StatusOr<std::string> RevocationFileName(std::string_view certificate);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_OFFICE_CA_X509_BRIDGE_H_
