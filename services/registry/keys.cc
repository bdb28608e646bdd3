#include "services/registry/keys.h"

#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// What a counter counts; the first byte after the space.
enum class CounterKind : std::uint8_t { kNumber = 1, kSerial = 2, kWindow = 3, kLive = 4 };

std::string CounterPrefix(BookNumber book, CounterKind kind) {
  std::string key = SpacePrefix(book, Space::kCounter);
  storage::AppendU8(key, static_cast<std::uint8_t>(kind));
  return key;
}

}  // namespace

std::string BookPrefix(BookNumber book) {
  std::string key;
  storage::AppendU32(key, book);
  return key;
}

std::string SpacePrefix(BookNumber book, Space space) {
  std::string key = BookPrefix(book);
  key.push_back(static_cast<char>(space));
  return key;
}

TableKey& TableKey::U8(std::uint8_t value) {
  storage::AppendU8(bytes_, value);
  return *this;
}

TableKey& TableKey::U32(std::uint32_t value) {
  storage::AppendU32(bytes_, value);
  return *this;
}

TableKey& TableKey::U64(std::uint64_t value) {
  storage::AppendU64(bytes_, value);
  return *this;
}

TableKey& TableKey::Text(std::string_view text) {
  storage::AppendOrderedText(bytes_, text);
  return *this;
}

TableKey TableKey::FromBytes(std::string_view bytes) {
  TableKey key;
  key.bytes_ = bytes;
  return key;
}

TableKey RecordKey(v1::RecordKind kind, std::uint64_t number) {
  return TableKey(static_cast<Table>(kind)).U64(number);
}

std::uint64_t DayNumber(std::string_view date) {
  constexpr std::size_t kDateDigits = 10;
  LANDBOOK_CHECK(date.size() == kDateDigits);
  std::uint64_t number = 0;
  for (const char c : date) {
    if (c != '-') number = number * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return number;
}

std::string NumberCounterKey(BookNumber book, v1::RecordKind kind) {
  std::string key = CounterPrefix(book, CounterKind::kNumber);
  storage::AppendU8(key, static_cast<std::uint8_t>(kind));
  return key;
}

std::string SerialCounterKey(BookNumber book, std::string_view family) {
  std::string key = CounterPrefix(book, CounterKind::kSerial);
  storage::AppendOrderedText(key, family);
  return key;
}

std::string WindowCountKey(BookNumber book, std::uint8_t tier, std::uint8_t size_class) {
  std::string key = CounterPrefix(book, CounterKind::kWindow);
  storage::AppendU8(key, tier);
  storage::AppendU8(key, size_class);
  return key;
}

std::string LiveCountKey(BookNumber book, v1::RecordKind kind, std::string_view word) {
  std::string key = CounterPrefix(book, CounterKind::kLive);
  storage::AppendU8(key, static_cast<std::uint8_t>(kind));
  storage::AppendOrderedText(key, word);
  return key;
}

std::string RequestKey(BookNumber book, std::string_view caller, std::string_view request_id) {
  std::string key = SpacePrefix(book, Space::kRequest);
  storage::AppendOrderedText(key, caller);
  storage::AppendOrderedText(key, request_id);
  return key;
}

std::string JournalKey(BookNumber book, std::uint64_t sequence, std::uint32_t leaf) {
  std::string key = SpacePrefix(book, Space::kJournal);
  storage::AppendU64(key, sequence);
  storage::AppendU32(key, leaf);
  return key;
}

}  // namespace landbook::registry
