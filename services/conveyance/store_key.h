// The key that the store of drafts is sealed under, in a file beside the books' keys.
//
//   conveyance.key   "landbook conveyance key 1", then 64 hexadecimal digits, a line each; mode
//   0600
#ifndef LANDBOOK_SERVICES_CONVEYANCE_STORE_KEY_H_
#define LANDBOOK_SERVICES_CONVEYANCE_STORE_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "storage/secret.h"

namespace landbook::conveyance {

// The key of the store in `keys_directory`, from the file conveyance.key. With `create_if_missing`
// it is made when it is not there. NOT_FOUND without a file; DATA_LOSS for one that holds no key;
// FAILED_PRECONDITION when others than its owner may read it; UNAVAILABLE as the disk says.
absl::StatusOr<storage::Secret> LoadStoreKey(const std::string& keys_directory,
                                             bool create_if_missing, storage::RandomSource& random);

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_STORE_KEY_H_
