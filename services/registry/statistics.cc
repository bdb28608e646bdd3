#include "services/registry/statistics.h"

#include <array>
#include <string>
#include <utility>

#include "geo/area.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

// One counter of live records.
struct Count {
  v1::RecordKind kind = v1::RECORD_KIND_UNSPECIFIED;
  std::string word;
  std::uint32_t count = 0;
  std::int64_t area_hundredths_m2 = 0;
};

absl::StatusOr<Count> DecodeCount(std::string_view key, std::string_view value) {
  storage::ByteReader key_reader(key);
  storage::ByteReader value_reader(value);
  Count count;
  count.kind = static_cast<v1::RecordKind>(key_reader.ReadU8());
  count.word = key_reader.ReadOrderedText();
  count.count = static_cast<std::uint32_t>(value_reader.ReadU64());
  count.area_hundredths_m2 = value_reader.ReadI64();
  if (!key_reader.FinishedOk() || !value_reader.FinishedOk()) {
    return absl::DataLossError("a counter of records cannot be read");
  }
  return count;
}

v1::KindCount KindCountOf(const Count& count) {
  v1::KindCount wire;
  wire.set_kind(count.word);
  wire.set_count(count.count);
  if (count.kind == v1::RECORD_KIND_PLOT) {
    wire.set_recorded_area_m2(geo::FormatHundredths(count.area_hundredths_m2));
  }
  return wire;
}

void Add(const Count& count, v1::Statistics* statistics) {
  if (count.count == 0) return;
  switch (count.kind) {
    case v1::RECORD_KIND_PLOT:
      *statistics->add_plots() = KindCountOf(count);
      break;
    case v1::RECORD_KIND_RIGHT:
      *statistics->add_rights() = KindCountOf(count);
      break;
    case v1::RECORD_KIND_UNIT:
      statistics->set_units(count.count);
      break;
    case v1::RECORD_KIND_PARTY:
      statistics->set_parties(count.count);
      break;
    case v1::RECORD_KIND_MORTGAGE:
      statistics->set_mortgages(count.count);
      break;
    case v1::RECORD_KIND_CAUTION:
      statistics->set_cautions(count.count);
      break;
    case v1::RECORD_KIND_CERTIFICATE:
      statistics->set_certificates(count.count);
      break;
    default:
      break;
  }
}

// The space of counters of live records, all kinds.
std::string LivePrefix(BookNumber book) {
  std::string prefix = LiveCountKey(book, v1::RECORD_KIND_PLOT, "");
  std::string none;
  storage::AppendOrderedText(none, "");
  prefix.resize(prefix.size() - none.size() - 1);  // without kind and word
  return prefix;
}

}  // namespace

absl::StatusOr<v1::Statistics> CountBook(const storage::Engine& engine, BookNumber book) {
  const std::string counters = LivePrefix(book);
  const std::string journal = SpacePrefix(book, Space::kJournal);
  // One scan, so that the counters are those of the journal's last entry.
  std::array<storage::KeyRange, 2> ranges = {storage::PrefixRange(counters),
                                             storage::PrefixRange(journal)};
  ranges[1].reverse = true;
  v1::Statistics statistics;
  absl::Status status;
  const auto scanned =
      engine.Scan(ranges, storage::ScanLimit{}, [&](std::string_view key, std::string_view value) {
        if (!key.starts_with(counters)) {
          statistics.set_sequence(storage::ByteReader(key.substr(journal.size())).ReadU64());
          return false;
        }
        const auto count = DecodeCount(key.substr(counters.size()), value);
        status.Update(count.status());
        if (count.ok()) Add(*count, &statistics);
        return status.ok();
      });
  status.Update(scanned.status());
  if (!status.ok()) return status;
  if (statistics.sequence() == 0) return absl::NotFoundError("the book has no entries");
  const auto bytes = storage::ReadOne(engine, JournalKey(book, statistics.sequence(), 0));
  v1::EntryHeader header;
  if (!bytes.ok()) return bytes.status();
  if (!*bytes || !header.ParseFromString(**bytes)) {
    return absl::DataLossError("the last entry's header cannot be read");
  }
  statistics.set_entries(static_cast<std::uint32_t>(statistics.sequence()));
  statistics.set_leaves(static_cast<std::uint32_t>(header.first_leaf() + 1 + header.act_count()));
  return statistics;
}

common::Outcome<v1::Statistics> GetStatistics(const Book& book, const common::CallContext&,
                                              const v1::GetStatisticsRequest&) {
  auto statistics = CountBook(book.engine(), book.number());
  if (!statistics.ok()) return common::RefusalFromEngine(statistics.status());
  return *std::move(statistics);
}

}  // namespace landbook::registry
