#include "services/registry/table_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "services/registry/view.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

// Book (4 bytes) and space (1): what stands before a table key.
constexpr std::size_t kSpaceAt = 4;
constexpr std::size_t kPrefixBytes = 5;
constexpr std::size_t kToBytes = sizeof(std::uint64_t);

absl::Status Unreadable() {
  return absl::DataLossError("a stored value does not begin with a sequence");
}

// The stored value's sequence and bytes; nullopt when it does not begin with one.
struct Stored {
  std::uint64_t from = 0;
  std::string_view value;
};
std::optional<Stored> SplitStored(std::string_view bytes) {
  storage::ByteReader reader(bytes);
  Stored stored;
  stored.from = reader.ReadVarint();
  stored.value = reader.Rest();
  if (!reader.Ok()) return std::nullopt;
  return stored;
}

// The end of a range of the past space that holds every version of `key` and of the keys before it.
std::string PastEndAt(const std::string& prefix, std::string_view key) {
  std::string end = prefix;
  end.append(key);
  end.append(kToBytes, '\xff');
  end.push_back('\0');
  return end;
}

storage::KeyRange Prefixed(const std::string& prefix, const storage::KeyRange& range) {
  return {prefix + range.begin, prefix + range.end};
}

bool KeyBefore(const TableItem& a, const TableItem& b) { return a.key < b.key; }
bool SameKey(const TableItem& a, const TableItem& b) { return a.key == b.key; }

// Two runs in key order as one. A version that was seen in both spaces, because it moved from the
// one to the other between two scans, is kept once.
std::vector<TableItem> Merged(std::vector<TableItem> current, std::vector<TableItem> past) {
  if (past.empty()) return current;
  std::vector<TableItem> merged;
  merged.reserve(current.size() + past.size());
  std::merge(std::make_move_iterator(current.begin()), std::make_move_iterator(current.end()),
             std::make_move_iterator(past.begin()), std::make_move_iterator(past.end()),
             std::back_inserter(merged), KeyBefore);
  merged.erase(std::unique(merged.begin(), merged.end(), SameKey), merged.end());
  return merged;
}

// What of `ranges` lies behind `key`, or from it on.
enum class From { kBehind, kAt };
std::vector<storage::KeyRange> RangesFrom(std::span<const storage::KeyRange> ranges,
                                          std::string_view key, From from) {
  std::vector<storage::KeyRange> rest;
  for (const storage::KeyRange& range : ranges) {
    if (range.end <= key) continue;
    storage::KeyRange kept = range;
    if (kept.begin <= key) {
      kept.begin = key;
      if (from == From::kBehind) kept.begin.push_back('\0');
    }
    if (kept.begin < kept.end) rest.push_back(std::move(kept));
  }
  return rest;
}

}  // namespace

storage::KeyRange RangeOf(const TableKey& prefix) { return storage::PrefixRange(prefix.bytes()); }

// One page while it is read.
class TableReader::PageScan {
 public:
  PageScan(std::uint64_t as_of, const storage::ScanLimit& limit, ItemFilter wanted)
      : as_of_(as_of), limit_(limit), wanted_(wanted) {}

  // False when the limit is reached or a value cannot be read.
  bool Visit(std::string_view key, std::string_view bytes) {
    const auto stored = SplitStored(bytes);
    if (!stored) {
      status_ = Unreadable();
      return false;
    }
    const bool past = key[kSpaceAt] == static_cast<char>(Space::kPast);
    key.remove_prefix(kPrefixBytes);
    if (past) return VisitPast(key, *stored);
    if (stored->from <= as_of_ && wanted_(key, stored->value)) Keep(key, *stored, &current_);
    read_bytes_ += key.size() + bytes.size();
    if (++read_ < limit_.max_items && read_bytes_ < limit_.max_bytes) return true;
    stopped_at_ = key;
    return false;
  }

  const absl::Status& status() const { return status_; }
  // The last key that was read when the limit ended the scan.
  const std::optional<std::string>& stopped_at() const { return stopped_at_; }
  std::vector<TableItem> TakeItems() { return Merged(std::move(current_), std::move(past_)); }

 private:
  bool VisitPast(std::string_view key, const Stored& stored) {
    if (key.size() <= kToBytes) {
      status_ = absl::DataLossError("a key of the past space is too short");
      return false;
    }
    const std::uint64_t to = storage::ByteReader(key.substr(key.size() - kToBytes)).ReadU64();
    key.remove_suffix(kToBytes);
    if (stored.from <= as_of_ && as_of_ < to && wanted_(key, stored.value)) {
      Keep(key, stored, &past_);
    }
    return true;
  }

  static void Keep(std::string_view key, const Stored& stored, std::vector<TableItem>* items) {
    items->push_back({std::string(key), stored.from, std::string(stored.value)});
  }

  const std::uint64_t as_of_;
  const storage::ScanLimit limit_;
  ItemFilter wanted_;
  absl::Status status_;
  std::vector<TableItem> current_;
  std::vector<TableItem> past_;
  std::size_t read_ = 0;
  std::size_t read_bytes_ = 0;
  std::optional<std::string> stopped_at_;
};

TablePage TableReader::Page(std::span<const storage::KeyRange> ranges,
                            const storage::ScanLimit& limit, ItemFilter wanted) {
  TablePage page;
  if (ranges.empty()) return page;
  const std::string current_prefix = SpacePrefix(book_, Space::kCurrent);
  const std::string past_prefix = SpacePrefix(book_, Space::kPast);
  std::vector<storage::KeyRange> both;
  for (const auto& range : ranges) both.push_back(Prefixed(current_prefix, range));
  const bool with_past = reads_past_ && as_of_ != kNewest;
  if (with_past) {
    for (const auto& range : ranges) both.push_back(Prefixed(past_prefix, range));
  }
  PageScan scan(as_of_, limit, wanted);
  const auto visit = [&scan](std::string_view key, std::string_view value) {
    return scan.Visit(key, value);
  };
  Fail(engine_->Scan(both, storage::ScanLimit{}, visit).status());
  if (scan.stopped_at()) {
    page.remaining = RangesFrom(ranges, *scan.stopped_at(), From::kBehind);
    // The past of what was read; current first and past second, so that nothing slips between.
    std::vector<storage::KeyRange> past;
    for (const auto& range : ranges) {
      if (!with_past || range.begin > *scan.stopped_at()) break;
      storage::KeyRange read = Prefixed(past_prefix, range);
      read.end = std::min(read.end, PastEndAt(past_prefix, *scan.stopped_at()));
      past.push_back(std::move(read));
    }
    if (!past.empty()) Fail(engine_->Scan(past, storage::ScanLimit{}, visit).status());
  }
  Fail(scan.status());
  if (!status_.ok()) return {};
  page.items = scan.TakeItems();
  if (page.items.size() > limit.max_items) {
    page.remaining = RangesFrom(ranges, page.items[limit.max_items].key, From::kAt);
    page.items.resize(limit.max_items);
  }
  return page;
}

TablePage TableReader::Page(std::span<const storage::KeyRange> ranges,
                            const storage::ScanLimit& limit) {
  return Page(ranges, limit, [](std::string_view, std::string_view) { return true; });
}

std::optional<Version> TableReader::Decode(std::string_view bytes) {
  const auto stored = SplitStored(bytes);
  if (!stored) {
    Fail(Unreadable());
    return std::nullopt;
  }
  return Version{stored->from, 0, std::string(stored->value)};
}

std::optional<Version> TableReader::GetPast(const TableKey& key) {
  if (!reads_past_ || as_of_ == kNewest) return std::nullopt;
  const EngineView view(engine_);
  auto version = VersionReader(&view, book_, as_of_).Get(key);
  Fail(view.status());
  return version;
}

std::vector<std::optional<std::string>> TableReader::ReadKeys(std::span<const std::string> keys) {
  if (keys.empty()) return {};
  auto values = engine_->Read(keys);
  if (values.ok()) return *std::move(values);
  Fail(values.status());
  return std::vector<std::optional<std::string>>(keys.size());
}

TableReader::Mixed TableReader::GetWith(std::span<const TableKey> keys,
                                        std::span<const std::string> other_keys) {
  const std::string prefix = SpacePrefix(book_, Space::kCurrent);
  std::vector<std::string> all;
  all.reserve(keys.size() + other_keys.size());
  for (const TableKey& key : keys) all.push_back(prefix + key.bytes());
  all.insert(all.end(), other_keys.begin(), other_keys.end());
  auto values = ReadKeys(all);
  Mixed mixed;
  mixed.versions.resize(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (values[i]) mixed.versions[i] = Decode(*values[i]);
    if (mixed.versions[i] && mixed.versions[i]->from <= as_of_) continue;
    mixed.versions[i] = GetPast(keys[i]);
  }
  mixed.others.assign(std::make_move_iterator(values.begin() + static_cast<long>(keys.size())),
                      std::make_move_iterator(values.end()));
  return mixed;
}

std::vector<std::optional<Version>> TableReader::Get(std::span<const TableKey> keys) {
  return GetWith(keys, {}).versions;
}

std::optional<Version> TableReader::Get(const TableKey& key) {
  return std::move(Get(std::span(&key, 1)).front());
}

std::vector<Version> TableReader::History(const TableKey& key) {
  const EngineView view(engine_);
  auto versions = VersionReader(&view, book_, as_of_).History(key);
  Fail(view.status());
  return versions;
}

}  // namespace landbook::registry
