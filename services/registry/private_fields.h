// Private fields of natural persons: kept apart from the journal, sealed under a key of each
// party's own, so that destroying the key erases them and breaks no proof (architecture, idea 2).
#ifndef LANDBOOK_SERVICES_REGISTRY_PRIVATE_FIELDS_H_
#define LANDBOOK_SERVICES_REGISTRY_PRIVATE_FIELDS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "landbook/v1/party.pb.h"
#include "services/registry/view.h"

namespace landbook::registry {

// A party's number and which of its sealed values is meant; versions count from 1.
struct PrivateVersion {
  std::uint64_t party = 0;
  std::uint32_t version = 0;
};

// What a party's record says of its private fields.
using Commitments = google::protobuf::RepeatedPtrField<v1::FieldCommitment>;

// Seals, opens and destroys private fields of one book. The keys that it writes lie in ranges which
// fold and verification leave out. One thread at a time for what changes; any number may open.
class PrivateVault {
 public:
  virtual ~PrivateVault() = default;

  // Seals `values` under the party's key, which is made with version 1, enters the blind index, and
  // gives the commitments that the journal keeps, by field number. UNAVAILABLE without randomness.
  virtual absl::StatusOr<std::vector<v1::FieldCommitment>> Seal(
      Overlay* overlay, const PrivateVersion& version, const v1::PersonPrivate& values) = 0;

  // The values of a version, each of them what the journal committed to; nullopt when the key was
  // destroyed. DATA_LOSS when they cannot be opened, or are others than `commitments` says.
  virtual absl::StatusOr<std::optional<v1::PersonPrivate>> Open(
      const View& view, const PrivateVersion& version, const Commitments& commitments) const = 0;

  // Destroys the party's key, all sealed versions and its lines in the blind index, and notes that
  // they have to be purged from the engine's files (PurgeErased).
  virtual void Destroy(Overlay* overlay, std::uint64_t party) = 0;

  // The parties with that identity number, by number.
  virtual std::vector<std::uint64_t> FindByIdentityNumber(const View& view,
                                                          std::string_view number) const = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PRIVATE_FIELDS_H_
