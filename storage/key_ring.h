// The keys of one book, in a directory outside the database: the pairs that sign its heads, and
// the book's secrets. Backups of the database hold none of this; it is backed up on its own.
//
//   keys.txt      the public keys with the sequence from which each is in force, oldest first
//   KEYID.pem     the private half of a key, PKCS #8; that of a succeeded key may be taken away
//   secrets.txt   the book's secrets
//
// The directory must have mode 0700 and its files 0600, or stricter. Looser ones are refused with
// FAILED_PRECONDITION and the name KEYS_OPEN_TO_OTHERS.
#ifndef LANDBOOK_STORAGE_KEY_RING_H_
#define LANDBOOK_STORAGE_KEY_RING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/secret.h"
#include "storage/signed_head.h"
#include "storage/suite.h"

namespace landbook::storage {

// A public key and the sequence of the first head that it signs.
struct KeyInForce {
  VerifyingKey key;
  std::uint64_t from_sequence = 0;
};

// Secrets that a book gets when it is created and keeps for ever.
struct BookSecrets {
  Secret request;      // keys the hash of what a request asked
  Secret blind_index;  // keys the look-up by identity number
  Secret wrapping;     // wraps the parties' own keys
};

// Reading is for any number of threads; Succeed is for one alone.
class KeyRing {
 public:
  // Makes the directory with a first key, in force from the beginning, and fresh secrets; it is
  // there in whole or not at all. ALREADY_EXISTS when there is something at `directory`; its
  // parent must be there.
  static absl::StatusOr<KeyRing> Create(const std::string& directory, const Suite& suite,
                                        RandomSource& random);

  // NOT_FOUND when there is no such directory; FAILED_PRECONDITION when others may read it;
  // DATA_LOSS when what it holds is damaged or incomplete.
  static absl::StatusOr<KeyRing> Load(const std::string& directory);

  // All public keys the book ever had, oldest first; never empty.
  const std::vector<KeyInForce>& public_keys() const { return public_keys_; }
  const VerifyingKey& KeyAt(std::uint64_t sequence) const;
  // Null when the book never had a key of that id.
  const VerifyingKey* Find(const KeyId& id) const;

  const BookSecrets& secrets() const { return secrets_; }

  // Signs with the key in force at the head's sequence. FAILED_PRECONDITION when its private half
  // has been taken away; INVALID_ARGUMENT when the head is not valid.
  absl::StatusOr<SignedHead> Sign(const Head& head) const;

  // OK when the head was signed by the key that was in force at its sequence; else
  // INVALID_ARGUMENT.
  absl::Status VerifyHead(const SignedHead& head) const;

  // Adds a fresh key, of this or another suite, in force from `from_sequence` on, and writes it
  // down before it is used. INVALID_ARGUMENT unless that is later than every key before.
  absl::Status Succeed(const Suite& suite, std::uint64_t from_sequence);

 private:
  KeyRing(std::string directory, BookSecrets secrets)
      : directory_(std::move(directory)), secrets_(std::move(secrets)) {}

  absl::Status LoadKeys(const std::string& text);
  absl::Status WriteKeyFile(const std::string& directory, const SigningKey& key) const;
  std::string KeysText() const;
  std::string PrivatePath(const KeyId& id) const;

  std::string directory_;
  BookSecrets secrets_;
  std::vector<KeyInForce> public_keys_;
  std::vector<SigningKey> private_keys_;  // those that are here, in no promised order
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_KEY_RING_H_
