// The vault of a book: private fields sealed under a key of each party's own, and the blind index
// over identity numbers (storage/FORMAT.md, "Private fields").
//
//   'k' party            the party's key, wrapped under the book's wrapping secret
//   'v' party version    length-prefixed blind index (empty without an identity number), then for
//                        each field that is set, by number: field u16, length-prefixed sealed salt
//                        and value
//   'b' first party      the blind index: the HMAC of the identity number, a last x in upper case,
//                        under the book's blind-index secret; first is its first byte. Finds the
//                        newest version only. An engine may keep keys that were deleted as bounds
//                        of its files; one byte in 256 names nobody, and the rest is a value, which
//                        purging takes away
//   'e' party            nothing; the party was erased, and what was deleted may still lie in the
//                        engine's files
//
// A text's value is its bytes; that of an enum is its number in decimal digits. A field that is
// empty or unspecified is not there. Old versions stay, for reads of the past, until the key is
// destroyed.
#ifndef LANDBOOK_SERVICES_REGISTRY_PRIVATE_VAULT_H_
#define LANDBOOK_SERVICES_REGISTRY_PRIVATE_VAULT_H_

#include <memory>

#include "absl/status/status.h"
#include "services/registry/keys.h"
#include "services/registry/private_fields.h"
#include "storage/engine.h"
#include "storage/key_ring.h"
#include "storage/secret.h"
#include "storage/suite.h"

namespace landbook::registry {

// The vault of one book. REQUIRES: the suite, the secrets and the source of randomness outlive it.
std::unique_ptr<PrivateVault> MakePrivateVault(BookNumber book, const storage::Suite& suite,
                                               const storage::BookSecrets& secrets,
                                               storage::RandomSource& random);

// Takes from the disk what Destroy deleted: when it returns OK, the keys, sealed values and lines
// of the blind index of all parties that were erased before the call are in no file of the engine.
// Does nothing when no erasure is left to finish; else takes a second or so, and fails as the
// engine does. What fails, or is cut off by a crash, is finished by the next call, and every
// opening of the book makes one.
absl::Status PurgeErased(storage::Engine& engine, BookNumber book);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PRIVATE_VAULT_H_
