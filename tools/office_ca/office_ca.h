// An office's own authority for TLS certificates (发证机构), for offices that have none: it lies in
// a directory, and nothing but files leaves it. Who a certificate names is who calls; what that
// person may do is for the appointments in the books.
//
//   ca.pem              the authority's certificate, which servers and clients trust
//   ca.key.pem          its key, for the owner alone; it belongs on no server
//   issued.txt          a line a certificate: serial, server or client, issued, revoked or "-",
//   name SERIAL.pem          a certificate; SERIAL.key.pem its key, which may be taken away
//   revoked/HASH.rN     the signed lists of revoked certificates; the last one counts
#ifndef LANDBOOK_TOOLS_OFFICE_CA_OFFICE_CA_H_
#define LANDBOOK_TOOLS_OFFICE_CA_OFFICE_CA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "storage/secret.h"
#include "tools/office_ca/x509_bridge.h"

namespace landbook::tools {

// What is to be certified.
struct CertificateWish {
  std::string name = {};  // the officer, or the server
  CertificateUse use = CertificateUse::kClient;
  std::vector<std::string> hosts = {};  // of a server; at least one
  std::string uri = {};                 // a further name, for a client; empty for none
  int days = 825;
};

// A line of issued.txt.
struct IssuedCertificate {
  std::uint64_t serial = 0;
  CertificateUse use = CertificateUse::kClient;
  absl::Time issued;
  std::optional<absl::Time> revoked;
  std::string name;

  friend bool operator==(const IssuedCertificate&, const IssuedCertificate&) = default;
};

// Where an issued certificate and its key lie.
struct IssuedFiles {
  std::uint64_t serial = 0;
  std::string certificate;
  std::string key;
};

// One process at a time.
class OfficeCa {
 public:
  // How long the authority and its lists are valid. A list that ran out would lock everybody out.
  static constexpr absl::Duration kLifetime = absl::Hours(24 * 3'653);
  // So much earlier than now certificates begin, for clocks that go differently.
  static constexpr absl::Duration kClockSkew = absl::Minutes(5);
  static constexpr int kDaysMax = 3'653;

  // Makes the directory, the authority and an empty list. ALREADY_EXISTS when there is something at
  // `directory`; INVALID_ARGUMENT for a name that a certificate cannot hold.
  static absl::StatusOr<OfficeCa> Create(const std::string& directory, const std::string& office,
                                         absl::Time now, storage::RandomSource& random);
  // NOT_FOUND when there is no authority; DATA_LOSS when issued.txt cannot be read.
  static absl::StatusOr<OfficeCa> Open(const std::string& directory);

  // A certificate and its key, in files of the directory. INVALID_ARGUMENT for an empty name or one
  // that no caller can have, a server without hosts, or days that are none or too many.
  absl::StatusOr<IssuedFiles> Issue(const CertificateWish& wish, absl::Time now,
                                    storage::RandomSource& random);

  // Revokes every certificate of the name that is not revoked yet, and tells how many. NOT_FOUND
  // when there is none. Servers that run look at the new list at the next handshake.
  absl::StatusOr<int> Revoke(const std::string& name, absl::Time now);

  const std::vector<IssuedCertificate>& issued() const { return issued_; }

 private:
  OfficeCa(std::string directory, CertifiedKey authority)
      : directory_(std::move(directory)), authority_(std::move(authority)) {}

  absl::Status WriteIssued() const;
  // Writes the list as it is now, under the number after the last one.
  absl::Status WriteRevocations(absl::Time now) const;

  std::string directory_;
  CertifiedKey authority_;
  std::vector<IssuedCertificate> issued_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_OFFICE_CA_OFFICE_CA_H_
