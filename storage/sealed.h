// Private fields: what the journal's leaves say of them, and how their values lie apart so that
// they can be erased for good.
//
// A leaf holds a commitment, H(0x02 || salt || field:u16 || value). Value and salt are sealed
// under a key of the party's own, and that key is wrapped under the book's wrapping key. Destroying
// the wrapped key erases all of the party's values; without its salt a commitment tells nothing of
// its value, however few values are possible. Layouts: FORMAT.md, "Private fields".
#ifndef LANDBOOK_STORAGE_SEALED_H_
#define LANDBOOK_STORAGE_SEALED_H_

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/secret.h"
#include "storage/suite.h"

namespace landbook::storage {

inline constexpr std::size_t kSaltSize = 32;
using Salt = std::array<std::uint8_t, kSaltSize>;

// A salt that nobody can guess; UNAVAILABLE without randomness. It is drawn before the state
// machine runs and comes in with the batch.
absl::StatusOr<Salt> FreshSalt(RandomSource& random);

// A private field in clear. Which number means which field is the caller's table.
struct PrivateField {
  std::uint16_t number = 0;
  Salt salt{};
  std::string value;

  friend bool operator==(const PrivateField&, const PrivateField&) = default;
};

// What the leaf holds instead of the value.
Hash Commitment(const Suite& suite, const PrivateField& field);

// OK when the commitment is that of the field; else INVALID_ARGUMENT, without the value.
absl::Status VerifyCommitment(const Suite& suite, const PrivateField& field,
                              const Hash& commitment);

// Wraps the keys of parties under the wrapping key of their book.
class PartyKeyWrapper {
 public:
  // REQUIRES: the suite and the source of randomness outlive the wrapper.
  PartyKeyWrapper(const Suite& suite, const Secret& wrapping_key, RandomSource& random)
      : suite_(suite), wrapping_key_(wrapping_key), random_(random) {}

  // A party's key, sealed under the book's wrapping key and bound to the party's number.
  // UNAVAILABLE without randomness.
  absl::StatusOr<std::string> Wrap(std::uint64_t party_number, const Secret& party_key) const;

  // The party's key. INVALID_ARGUMENT when the bytes were not wrapped for this party by this book.
  absl::StatusOr<Secret> Unwrap(std::uint64_t party_number, std::string_view wrapped) const;

 private:
  const Suite& suite_;
  Secret wrapping_key_;
  RandomSource& random_;
};

// Seals the private fields of one party under its key.
class FieldSealer {
 public:
  // REQUIRES: the suite and the source of randomness outlive the sealer.
  FieldSealer(const Suite& suite, std::uint64_t party_number, const Secret& party_key,
              RandomSource& random)
      : suite_(suite), party_number_(party_number), party_key_(party_key), random_(random) {}

  // Salt and value, sealed and bound to the party and the number of the field.
  absl::StatusOr<std::string> Seal(const PrivateField& field) const;

  // The field as it was sealed. INVALID_ARGUMENT when the bytes were not sealed as this field of
  // this party. That the value is the one a leaf committed to shows in VerifyCommitment.
  absl::StatusOr<PrivateField> Open(std::uint16_t field_number, std::string_view sealed) const;

 private:
  const Suite& suite_;
  std::uint64_t party_number_;
  Secret party_key_;
  RandomSource& random_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SEALED_H_
