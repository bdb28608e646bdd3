// The hash of what a caller asked, by which a repeated request is known to be the same one.
#ifndef LANDBOOK_SERVICES_REGISTRY_REQUEST_HASH_H_
#define LANDBOOK_SERVICES_REGISTRY_REQUEST_HASH_H_

#include <string>

#include "google/protobuf/message.h"
#include "storage/secret.h"
#include "storage/suite.h"

namespace landbook::registry {

// The bytes that are hashed: every field that is present, by ascending number, whatever order it came
// in (storage/FORMAT.md, section Request hash). Two messages have the same bytes exactly when they
// say the same. REQUIRES: no unknown fields, no maps, no floats.
std::string CanonicalBytes(const google::protobuf::Message& message);

// HMAC of the canonical bytes under a secret of the book: 32 bytes that tell nothing of the request to
// who reads the journal.
std::string RequestHash(const storage::Suite& suite, const storage::Secret& key,
                        const google::protobuf::Message& message);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_REQUEST_HASH_H_
