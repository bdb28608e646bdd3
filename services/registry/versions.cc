#include "services/registry/versions.h"

#include <map>
#include <utility>

#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

std::string KeyIn(BookNumber book, Space space, const TableKey& key) {
  std::string bytes = SpacePrefix(book, space);
  bytes.reserve(bytes.size() + key.bytes().size());
  bytes.append(key.bytes());
  return bytes;
}

// A stored value: the sequence it holds from, then the bytes. Stored bytes that cannot be read
// contradict themselves: the process ends rather than act on them.
std::pair<std::uint64_t, std::string_view> Split(std::string_view stored) {
  storage::ByteReader reader(stored);
  const std::uint64_t from = reader.ReadVarint();
  LANDBOOK_CHECK(reader.Ok());
  return {from, reader.Rest()};
}

std::uint64_t ToOfPastKey(std::string_view key) {
  LANDBOOK_CHECK(key.size() >= sizeof(std::uint64_t));
  storage::ByteReader reader(key.substr(key.size() - sizeof(std::uint64_t)));
  return reader.ReadU64();
}

std::string PastKey(BookNumber book, const TableKey& key, std::uint64_t to) {
  std::string past = KeyIn(book, Space::kPast, key);
  storage::AppendU64(past, to);
  return past;
}

// The keys of the versions of one key. Keys of one table are never prefixes of each other's, since
// their fields have fixed lengths or end themselves, so exactly eight bytes follow.
storage::KeyRange PastRange(BookNumber book, const TableKey& key, std::uint64_t after) {
  std::string end = KeyIn(book, Space::kPast, key);
  end.append(sizeof(std::uint64_t), '\xff');
  end.push_back('\0');
  return {PastKey(book, key, after), std::move(end)};
}

}  // namespace

std::optional<Version> VersionReader::Get(const TableKey& key) const {
  if (const auto stored = view_->Get(KeyIn(book_, Space::kCurrent, key))) {
    const auto [from, value] = Split(*stored);
    if (from <= as_of_) return Version{from, 0, std::string(value)};
  }
  if (as_of_ == kNewest) return std::nullopt;
  std::optional<Version> found;
  view_->Scan(PastRange(book_, key, as_of_ + 1),
              [&](std::string_view past, std::string_view stored) {
                const auto [from, value] = Split(stored);
                if (from <= as_of_) found = Version{from, ToOfPastKey(past), std::string(value)};
                return false;
              });
  return found;
}

std::optional<std::string> VersionReader::Value(const TableKey& key) const {
  auto version = Get(key);
  if (!version) return std::nullopt;
  return std::move(version->value);
}

void VersionReader::ScanNewest(const storage::KeyRange& range, VersionVisitor visitor) const {
  const std::size_t skip = SpacePrefix(book_, Space::kCurrent).size();
  view_->Scan(range, [&](std::string_view key, std::string_view stored) {
    const auto [from, value] = Split(stored);
    return visitor(key.substr(skip), from, value);
  });
}

void VersionReader::Scan(const TableKey& prefix, std::string_view from_key,
                         VersionVisitor visitor) const {
  const auto range_in = [&](Space space) {
    const std::string space_prefix = SpacePrefix(book_, space);
    storage::KeyRange range = storage::PrefixRange(space_prefix + prefix.bytes());
    range.begin = space_prefix + std::string(from_key);
    return range;
  };
  if (as_of_ == kNewest) return ScanNewest(range_in(Space::kCurrent), visitor);

  std::map<std::string, std::pair<std::uint64_t, std::string>> holding;
  ScanNewest(range_in(Space::kCurrent),
             [&](std::string_view key, std::uint64_t from, std::string_view value) {
               if (from <= as_of_) holding[std::string(key)] = {from, std::string(value)};
               return true;
             });
  const std::size_t skip = SpacePrefix(book_, Space::kPast).size();
  view_->Scan(range_in(Space::kPast), [&](std::string_view past, std::string_view stored) {
    const auto [from, value] = Split(stored);
    if (from > as_of_ || ToOfPastKey(past) <= as_of_) return true;
    past.remove_prefix(skip);
    past.remove_suffix(sizeof(std::uint64_t));
    holding[std::string(past)] = {from, std::string(value)};
    return true;
  });
  for (const auto& [key, version] : holding) {
    if (!visitor(key, version.first, version.second)) return;
  }
}

std::vector<Version> VersionReader::History(const TableKey& key) const {
  std::vector<Version> versions;
  std::optional<Version> current;
  if (const auto stored = view_->Get(KeyIn(book_, Space::kCurrent, key))) {
    const auto [from, value] = Split(*stored);
    current = Version{from, 0, std::string(value)};
  }
  view_->Scan(PastRange(book_, key, 0), [&](std::string_view past, std::string_view stored) {
    const auto [from, value] = Split(stored);
    if (from > as_of_) return false;
    const std::uint64_t to = ToOfPastKey(past);
    versions.push_back({from, to <= as_of_ ? to : 0, std::string(value)});
    return true;
  });
  const bool moved = !versions.empty() && current && versions.back().from == current->from;
  if (current && current->from <= as_of_ && !moved) versions.push_back(*std::move(current));
  return versions;
}

VersionWriter::VersionWriter(Overlay* overlay, BookNumber book, std::uint64_t sequence)
    : overlay_(overlay),
      book_(book),
      sequence_(sequence),
      current_prefix_(SpacePrefix(book, Space::kCurrent)) {
  LANDBOOK_CHECK(sequence > 0 && sequence < kNewest);
}

const std::string& VersionWriter::Current(const TableKey& key) {
  current_ = current_prefix_;
  return current_.append(key.bytes());
}

const std::string& VersionWriter::Stored(std::string_view value) {
  stored_.clear();
  storage::AppendVarint(stored_, sequence_);
  return stored_.append(value);
}

void VersionWriter::Retire(const TableKey& key) {
  const auto stored = overlay_->Get(Current(key));
  if (!stored) return;
  const auto from = Split(*stored).first;
  LANDBOOK_CHECK(from <= sequence_);
  if (from < sequence_) overlay_->Put(PastKey(book_, key, sequence_), *stored);
}

void VersionWriter::Put(const TableKey& key, std::string_view value) {
  Retire(key);
  overlay_->Put(Current(key), Stored(value));
}

void VersionWriter::PutFirst(const TableKey& key, std::string_view value) {
  overlay_->PutFirst(Current(key), Stored(value));
}

void VersionWriter::Remove(const TableKey& key) {
  Retire(key);
  overlay_->Delete(Current(key));
}

}  // namespace landbook::registry
