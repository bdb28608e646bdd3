#include "services/registry/journal.h"

#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

absl::StatusOr<v1::EntryHeader> ReadHeader(const View& view, BookNumber book,
                                           std::uint64_t sequence) {
  const auto bytes = view.Get(JournalKey(book, sequence, 0));
  if (!view.status().ok()) return view.status();
  if (!bytes) return absl::NotFoundError(fmt::format("the journal has no entry {}", sequence));
  v1::EntryHeader header;
  if (!header.ParseFromString(*bytes) || header.sequence() != sequence) {
    return absl::DataLossError(fmt::format("the header of entry {} cannot be read", sequence));
  }
  return header;
}

}  // namespace

absl::StatusOr<StoredEntry> ReadEntry(const View& view, BookNumber book, std::uint64_t sequence) {
  StoredEntry entry;
  storage::KeyRange range{JournalKey(book, sequence, 0), JournalKey(book, sequence + 1, 0)};
  view.Scan(range, [&](std::string_view, std::string_view value) {
    entry.leaves.emplace_back(value);
    return true;
  });
  if (!view.status().ok()) return view.status();
  if (entry.leaves.empty()) {
    return absl::NotFoundError(fmt::format("the journal has no entry {}", sequence));
  }
  if (!entry.header.ParseFromString(entry.leaves.front()) ||
      entry.header.sequence() != sequence) {
    return absl::DataLossError(fmt::format("the header of entry {} cannot be read", sequence));
  }
  if (entry.leaves.size() != entry.header.act_count() + std::size_t{1}) {
    return absl::DataLossError(fmt::format("entry {} has {} acts, its header says {}", sequence,
                                           entry.leaves.size() - 1, entry.header.act_count()));
  }
  for (std::size_t leaf = 1; leaf < entry.leaves.size(); ++leaf) {
    if (!entry.acts.emplace_back().ParseFromString(entry.leaves[leaf])) {
      return absl::DataLossError(fmt::format("act {} of entry {} cannot be read", leaf, sequence));
    }
  }
  return entry;
}

absl::StatusOr<std::optional<v1::EntryHeader>> ReadLastHeader(const storage::Engine& engine,
                                                              BookNumber book) {
  const std::string prefix = SpacePrefix(book, Space::kJournal);
  const auto last = storage::Last(engine, storage::PrefixRange(prefix));
  if (!last.ok()) return last.status();
  if (!*last) return std::nullopt;
  storage::ByteReader reader(std::string_view((*last)->key).substr(prefix.size()));
  const std::uint64_t sequence = reader.ReadU64();
  const EngineView view(&engine);
  auto header = ReadHeader(view, book, sequence);
  if (!header.ok()) return header.status();
  return std::optional<v1::EntryHeader>(*std::move(header));
}

absl::StatusOr<std::uint64_t> SequenceAt(const View& view, BookNumber book,
                                         std::int64_t recorded_micros,
                                         std::uint64_t last_sequence) {
  std::uint64_t low = 0;  // recorded at or before the time, or 0
  std::uint64_t high = last_sequence + 1;
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    const auto header = ReadHeader(view, book, middle);
    if (!header.ok()) return header.status();
    (header->recorded_micros() <= recorded_micros ? low : high) = middle;
  }
  return low;
}

v1::JournalEntry ToWire(const StoredEntry& entry, bool bytes_only) {
  v1::JournalEntry wire;
  wire.set_sequence(entry.header.sequence());
  *wire.mutable_recorded_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(entry.header.recorded_micros());
  wire.set_header_bytes(entry.leaves.front());
  for (std::size_t leaf = 1; leaf < entry.leaves.size(); ++leaf) {
    wire.add_act_bytes(entry.leaves[leaf]);
  }
  if (bytes_only) return wire;
  *wire.mutable_header() = entry.header;
  wire.mutable_acts()->Add(entry.acts.begin(), entry.acts.end());
  return wire;
}

}  // namespace landbook::registry
