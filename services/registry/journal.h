// Reading the journal: the stored bytes of entries, and what they say.
#ifndef LANDBOOK_SERVICES_REGISTRY_JOURNAL_H_
#define LANDBOOK_SERVICES_REGISTRY_JOURNAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/keys.h"
#include "services/registry/view.h"

namespace landbook::registry {

// An entry as it is stored: the leaves' bytes, header first, and the same decoded.
struct StoredEntry {
  std::vector<std::string> leaves;
  v1::EntryHeader header;
  std::vector<v1::ActRecord> acts;
};

// The entry of that sequence. NOT_FOUND when the book has none; DATA_LOSS when its bytes cannot be
// read, leaves are missing, or the header is not of that sequence.
absl::StatusOr<StoredEntry> ReadEntry(const View& view, BookNumber book, std::uint64_t sequence);

// The last entry's header; nullopt in an empty journal. Costs one seek and one read.
absl::StatusOr<std::optional<v1::EntryHeader>> ReadLastHeader(const storage::Engine& engine,
                                                              BookNumber book);

// The sequence of the last entry recorded at or before that time; 0 when there is none. Recorded
// times never decrease, so this is a binary search over headers.
absl::StatusOr<std::uint64_t> SequenceAt(const View& view, BookNumber book,
                                         std::int64_t recorded_micros, std::uint64_t last_sequence);

// The entry as it is sent; without the decoded parts when `bytes_only`.
v1::JournalEntry ToWire(const StoredEntry& entry, bool bytes_only);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_JOURNAL_H_
