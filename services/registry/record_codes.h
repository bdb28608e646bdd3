// Texts that are parts of keys: codes of records, names of officers. A key of the engine has an end
// (storage::kKeyBytesMax), so such a text has one too, and what is longer is refused or names
// nothing before it reaches the engine, which would take it for this program's mistake.
#ifndef LANDBOOK_SERVICES_REGISTRY_RECORD_CODES_H_
#define LANDBOOK_SERVICES_REGISTRY_RECORD_CODES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "landbook/v1/journal.pb.h"
#include "services/registry/act_context.h"
#include "services/registry/versions.h"

namespace landbook::registry {

// The longest text that a key holds, in bytes. Even with every byte escaped it leaves room for the
// rest of the key.
inline constexpr std::size_t kKeyTextBytesMax = 256;

// The number of the record of `kind` that has the code or had it before, as of the reader's
// sequence. nullopt when there is none, and for a text that no key holds.
std::optional<std::uint64_t> NumberOfCode(const VersionReader& state, v1::RecordKind kind,
                                          std::string_view code);

// The engine's key of the number that has the code now or had it before.
std::string KeyOfCode(BookNumber book, v1::RecordKind kind, std::string_view code);

// Refuses with FIELD_TOO_LONG a text of the act under way that is to be part of keys and no key
// holds. `field` is relative to the act.
void CheckKeyText(std::string_view text, std::string_view field, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RECORD_CODES_H_
