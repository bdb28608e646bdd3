#include "services/registry/fold.h"

#include <algorithm>
#include <iterator>
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

// What a record of the state derives. Stored bytes that cannot be read contradict themselves: the
// process ends rather than act on them.
Derived DerivedFromState(v1::RecordKind kind, std::uint64_t number,
                         const std::optional<std::string>& record) {
  if (!record) return {};
  auto derived = DeriveFrom(kind, number, *record);
  LANDBOOK_CHECK(derived.ok());
  return *std::move(derived);
}

std::string_view ViewOf(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

std::uint64_t NumberIn(std::string_view stored) {
  storage::ByteReader reader(stored);
  const std::uint64_t number = reader.ReadU64();
  LANDBOOK_CHECK(reader.FinishedOk());
  return number;
}

CounterValue CounterIn(std::string_view stored) {
  storage::ByteReader reader(stored);
  CounterValue value;
  value.count = reader.ReadU64();
  value.area_hundredths_m2 = reader.ReadI64();
  LANDBOOK_CHECK(reader.FinishedOk());
  return value;
}

// The counter of that name among those that are placed. The one that was asked for last is asked
// for most, so it is moved to the end, where the search begins.
template <typename Counter, typename Name>
auto FindPlaced(std::vector<Counter>* placed, const Name& name) {
  const auto found = std::find_if(placed->rbegin(), placed->rend(),
                                  [&](const Counter& counter) { return counter.name == name; });
  if (found == placed->rend()) return placed->end();
  std::iter_swap(found, placed->rbegin());
  return std::prev(placed->end());
}

// Keeps where a counter lies. A county has more villages than are worth looking through: then all
// are forgotten, and the next ones are kept.
template <typename Counter>
void KeepPlaced(Counter counter, std::vector<Counter>* placed) {
  constexpr std::size_t kPlacedMax = 32;
  if (placed->size() >= kPlacedMax) placed->clear();
  placed->push_back(std::move(counter));
}

}  // namespace

absl::Status Fold::Apply(v1::RecordKind kind, std::uint64_t number, std::string_view record) {
  if (kind == v1::RECORD_KIND_BOUNDARY) return ApplyBoundary(number, record);
  const auto derived = DeriveFrom(kind, number, record);
  if (!derived.ok()) return derived.status();
  Apply(kind, number, record, *derived);
  return absl::OkStatus();
}

void Fold::Apply(v1::RecordKind kind, std::uint64_t number, std::string_view record,
                 const Derived& after) {
  const TableKey key = RecordKey(kind, number);
  const bool first = IsFirst(kind, number);
  const Derived before =
      first ? Derived() : DerivedFromState(kind, number, VersionReader(overlay_, book_).Value(key));
  if (first) {
    tables_.PutFirst(key, record);
    if (kind == v1::RECORD_KIND_PLOT) unplaced_.insert(number);
  } else {
    tables_.Put(key, record);
  }
  for (const auto& [entry, value] : before.entries) {
    if (after.Find(entry) == nullptr) tables_.Remove(TableKey::FromBytes(entry));
  }
  for (const auto& [entry, value] : after.entries) {
    const std::string* old = before.Find(entry);
    if (old == nullptr || *old != value) tables_.Put(TableKey::FromBytes(entry), value);
  }
  Count(kind, before, after);
  if (number != 0) Raise(&numbers_, kind, number);
}

void Fold::Count(v1::RecordKind kind, const Derived& before, const Derived& after) {
  for (const auto& [family, serial] : after.serials) Raise(&serials_, family, serial);
  if (before.live == after.live) return;
  if (before.live) {
    AddTo(&live_, {kind, before.live->word}, {-1, -before.live->area_hundredths_m2});
  }
  if (after.live) AddTo(&live_, {kind, after.live->word}, {1, after.live->area_hundredths_m2});
}

void Fold::ApplyNewPlot(const NewPlotRecord& plot) {
  LANDBOOK_CHECK(plot.number == LastNumber(v1::RECORD_KIND_PLOT) + 1);
  tables_.PutFirst(RecordKey(v1::RECORD_KIND_PLOT, plot.number), plot.record);
  for (const auto& [entry, value] : plot.derived->entries) {
    tables_.PutFirst(TableKey::FromBytes(entry), value);
  }
  Count(v1::RECORD_KIND_PLOT, Derived(), *plot.derived);
  Raise(&numbers_, v1::RECORD_KIND_PLOT, plot.number);
  PutBoundary(/*first=*/true, plot.number, plot.boundary, WindowEntriesOf(plot.boundary));
}

bool Fold::IsFirst(v1::RecordKind kind, std::uint64_t number) const {
  return number > LastNumber(kind);
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
  PutBoundary(first, plot, {tier, boundary->Bounds(), compact}, WindowEntriesOf(tier, *boundary));
  return absl::OkStatus();
}

void Fold::PutBoundary(bool first, std::uint64_t plot, const PlacedBoundary& boundary,
                       std::span<const WindowEntry> entries) {
  LANDBOOK_CHECK(!entries.empty());
  PutPlaced(first, PlaceKey(plot), EncodePlace(entries.front().place));
  for (const WindowEntry& entry : entries) {
    PutPlaced(first, WindowKey(entry.place, plot),
              entry.place.size_class == kStretchClass
                  ? EncodeStretchValue(entry.box, boundary.box, boundary.compact)
                  : EncodeWindowValue(boundary.box, boundary.compact));
    AddTo(&windows_, {boundary.tier, entry.place.size_class}, {1, 0});
  }
}

void Fold::RemovePlace(std::uint64_t plot) {
  const auto stored = VersionReader(overlay_, book_).Value(PlaceKey(plot));
  if (!stored) return;
  const auto place = DecodePlace(*stored);
  LANDBOOK_CHECK(place.ok());
  for (const Place& line : LinesOf(*place, plot)) {
    tables_.Remove(WindowKey(line, plot));
    AddTo(&windows_, {line.tier, line.size_class}, {-1, 0});
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

// --- Counters ----------------------------------------------------------------------------------

std::string Fold::KeyOf(v1::RecordKind kind) const { return NumberCounterKey(book_, kind); }
std::string Fold::KeyOf(const std::string& family) const { return SerialCounterKey(book_, family); }
std::string Fold::KeyOf(const LiveName& name) const {
  return LiveCountKey(book_, name.kind, name.word);
}
std::string Fold::KeyOf(const ClassName& name) const {
  return WindowCountKey(book_, name.first, name.second);
}

void Fold::ForgetMoved() const {
  if (era_ == overlay_->era()) return;
  era_ = overlay_->era();
  numbers_.clear();
  serials_.clear();
  live_.clear();
  windows_.clear();
}

std::uint64_t Fold::LastNumber(v1::RecordKind kind) const { return Last(&numbers_, kind); }
std::uint64_t Fold::LastSerial(const std::string& family) const { return Last(&serials_, family); }

template <typename Name>
std::uint64_t Fold::Last(PlacedCounters<Name>* placed, const Name& name) const {
  ForgetMoved();
  auto known = FindPlaced(placed, name);
  if (known == placed->end()) {
    KeepPlaced<PlacedCounter<Name>>({name, {}, ReadNumber(*overlay_, KeyOf(name))}, placed);
    known = std::prev(placed->end());
  }
  return known->bytes.empty() ? known->read : NumberIn(ViewOf(known->bytes));
}

template <typename Name>
void Fold::Raise(PlacedCounters<Name>* placed, const Name& name, std::uint64_t at_least) {
  if (Last(placed, name) >= at_least) return;
  const auto known = FindPlaced(placed, name);  // Last has placed it
  if (!known->bytes.empty()) return storage::StoreU64(known->bytes, at_least);
  std::string bytes;
  storage::AppendU64(bytes, at_least);
  known->bytes = overlay_->PutInPlace(KeyOf(name), bytes);
}

template <typename Name>
void Fold::AddTo(PlacedCounters<Name>* placed, const Name& name, const Amount& amount) {
  ForgetMoved();
  const auto known = FindPlaced(placed, name);
  const bool is_known = known != placed->end();
  const std::string key = is_known ? std::string() : KeyOf(name);
  CounterValue value = is_known ? CounterIn(ViewOf(known->bytes)) : ReadCounter(*overlay_, key);
  // Only what was counted before is ever taken away.
  LANDBOOK_CHECK(amount.count >= 0 || value.count >= static_cast<std::uint64_t>(-amount.count));
  value.count += static_cast<std::uint64_t>(amount.count);
  value.area_hundredths_m2 += amount.area_hundredths_m2;
  if (is_known) {
    storage::StoreU64(known->bytes, value.count);
    return storage::StoreI64(known->bytes.subspan(sizeof(value.count)), value.area_hundredths_m2);
  }
  std::string bytes;
  storage::AppendU64(bytes, value.count);
  storage::AppendI64(bytes, value.area_hundredths_m2);
  KeepPlaced<PlacedCounter<Name>>({name, overlay_->PutInPlace(key, bytes)}, placed);
}

std::uint64_t ReadNumber(const View& view, const std::string& key) {
  const auto stored = view.Get(key);
  return stored ? NumberIn(*stored) : 0;
}

CounterValue ReadCounter(const View& view, const std::string& key) {
  const auto stored = view.Get(key);
  return stored ? CounterIn(*stored) : CounterValue();
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
