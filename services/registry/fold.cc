#include "services/registry/fold.h"

#include <utility>

#include "fmt/format.h"
#include "geo/compact.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

TableKey WindowKey(const Place& place, std::uint64_t plot) {
  return TableKey(Table::kWindow).U8(place.tier).U8(place.size_class).U64(place.position).U64(plot);
}

TableKey PlaceKey(std::uint64_t plot) { return TableKey(Table::kPlace).U64(plot); }

absl::StatusOr<Derived> DeriveOrNothing(v1::RecordKind kind, std::uint64_t number,
                                        const std::optional<std::string>& record) {
  if (!record) return Derived{};
  return DeriveFrom(kind, number, *record);
}

}  // namespace

absl::Status Fold::Apply(v1::RecordKind kind, std::uint64_t number, std::string_view record) {
  if (kind == v1::RECORD_KIND_BOUNDARY) return ApplyBoundary(number, record);
  const TableKey key = RecordKey(kind, number);
  const bool first = IsFirst(kind, number);
  const VersionReader reader(overlay_, book_);
  const auto before = DeriveOrNothing(kind, number, first ? std::nullopt : reader.Value(key));
  if (!before.ok()) return before.status();
  const auto after = DeriveFrom(kind, number, record);
  if (!after.ok()) return after.status();

  if (first) {
    tables_.PutFirst(key, record);
    if (kind == v1::RECORD_KIND_PLOT) unplaced_.insert(number);
  } else {
    tables_.Put(key, record);
  }
  for (const auto& [entry, value] : before->entries) {
    if (!after->entries.contains(entry)) tables_.Remove(TableKey::FromBytes(entry));
  }
  for (const auto& [entry, value] : after->entries) {
    const auto old = before->entries.find(entry);
    if (old == before->entries.end() || old->second != value) {
      tables_.Put(TableKey::FromBytes(entry), value);
    }
  }
  for (const auto& [family, serial] : after->serials) {
    RaiseCounter(SerialCounterKey(book_, family), serial);
  }
  if (before->live != after->live) {
    if (before->live) {
      AddToCounter(LiveCountKey(book_, kind, before->live->word), -1,
                   -before->live->area_hundredths_m2);
    }
    if (after->live) {
      AddToCounter(LiveCountKey(book_, kind, after->live->word), 1,
                   after->live->area_hundredths_m2);
    }
  }
  if (number != 0) RaiseCounter(NumberCounterKey(book_, kind), number);
  return absl::OkStatus();
}

bool Fold::IsFirst(v1::RecordKind kind, std::uint64_t number) const {
  return number > ReadNumber(*overlay_, NumberCounterKey(book_, kind));
}

void Fold::PutPlaced(bool first, const TableKey& key, std::string_view value) {
  if (first) return tables_.PutFirst(key, value);
  tables_.Put(key, value);
}

absl::Status Fold::ApplyBoundary(std::uint64_t plot, std::string_view record) {
  const bool first = unplaced_.erase(plot) > 0;
  if (!first) RemovePlace(plot);
  if (record.empty()) return absl::OkStatus();
  const auto tier = static_cast<std::uint8_t>(record.front());
  const std::string_view compact = record.substr(1);
  const auto boundary = geo::DecodeCompact(compact);
  if (!boundary.ok()) {
    return absl::DataLossError(fmt::format("the boundary of plot {} in the journal: {}", plot,
                                           std::string(boundary.status().message())));
  }
  const geo::Box box = boundary->Bounds();
  const auto entries = WindowEntriesOf(tier, *boundary);
  LANDBOOK_CHECK(!entries.empty());
  PutPlaced(first, PlaceKey(plot), EncodePlace(entries.front().place));
  for (const WindowEntry& entry : entries) {
    PutPlaced(first, WindowKey(entry.place, plot),
              entry.place.size_class == kStretchClass ? EncodeStretchValue(entry.box, box, compact)
                                                      : EncodeWindowValue(box, compact));
    AddToCounter(WindowCountKey(book_, tier, entry.place.size_class), 1, 0);
  }
  return absl::OkStatus();
}

void Fold::RemovePlace(std::uint64_t plot) {
  const auto stored = VersionReader(overlay_, book_).Value(PlaceKey(plot));
  if (!stored) return;
  const auto place = DecodePlace(*stored);
  LANDBOOK_CHECK(place.ok());
  for (const Place& line : LinesOf(*place, plot)) {
    tables_.Remove(WindowKey(line, plot));
    AddToCounter(WindowCountKey(book_, line.tier, line.size_class), -1, 0);
  }
  tables_.Remove(PlaceKey(plot));
}

std::vector<Place> Fold::LinesOf(const Place& place, std::uint64_t plot) const {
  if (place.size_class != kStretchClass) return {place};
  const auto line = VersionReader(overlay_, book_).Value(WindowKey(place, plot));
  LANDBOOK_CHECK(line.has_value());
  const auto value = DecodeWindowValue(kStretchClass, *line);
  LANDBOOK_CHECK(value.ok());
  const auto boundary = geo::DecodeCompact(value->compact);
  LANDBOOK_CHECK(boundary.ok());
  std::vector<Place> places;
  for (const WindowEntry& entry : WindowEntriesOf(place.tier, *boundary)) {
    places.push_back(entry.place);
  }
  return places;
}

void Fold::Remember(const v1::EntryHeader& header) {
  overlay_->Put(RequestKey(book_, header.actor().principal(), header.request_id()),
                EncodeAnsweredRequest({header.request_hash(), header.sequence()}));
}

void Fold::AddToCounter(const std::string& key, std::int64_t count,
                        std::int64_t area_hundredths_m2) {
  CounterValue value = ReadCounter(*overlay_, key);
  // Only what was counted before is ever taken away.
  LANDBOOK_CHECK(count >= 0 || value.count >= static_cast<std::uint64_t>(-count));
  value.count += static_cast<std::uint64_t>(count);
  value.area_hundredths_m2 += area_hundredths_m2;
  std::string bytes;
  storage::AppendU64(bytes, value.count);
  storage::AppendI64(bytes, value.area_hundredths_m2);
  overlay_->Put(key, std::move(bytes));
}

void Fold::RaiseCounter(std::string key, std::uint64_t at_least) {
  if (ReadNumber(*overlay_, key) >= at_least) return;
  std::string bytes;
  storage::AppendU64(bytes, at_least);
  overlay_->Put(std::move(key), std::move(bytes));
}

std::uint64_t ReadNumber(const View& view, const std::string& key) {
  const auto stored = view.Get(key);
  if (!stored) return 0;
  storage::ByteReader reader(*stored);
  const std::uint64_t number = reader.ReadU64();
  LANDBOOK_CHECK(reader.FinishedOk());
  return number;
}

CounterValue ReadCounter(const View& view, const std::string& key) {
  const auto stored = view.Get(key);
  if (!stored) return {};
  storage::ByteReader reader(*stored);
  CounterValue value;
  value.count = reader.ReadU64();
  value.area_hundredths_m2 = reader.ReadI64();
  LANDBOOK_CHECK(reader.FinishedOk());
  return value;
}

std::string EncodeAnsweredRequest(const AnsweredRequest& request) {
  std::string bytes;
  storage::AppendU64(bytes, request.sequence);
  bytes.append(request.request_hash);
  return bytes;
}

absl::StatusOr<AnsweredRequest> DecodeAnsweredRequest(std::string_view bytes) {
  storage::ByteReader reader(bytes);
  AnsweredRequest request;
  request.sequence = reader.ReadU64();
  request.request_hash = reader.Rest();
  if (!reader.Ok()) return absl::DataLossError("the memory of a request cannot be read");
  return request;
}

}  // namespace landbook::registry
