#include "storage/engine.h"

#include <fmt/format.h>

#include "storage/check.h"
#include "storage/engine_internal.h"

namespace landbook::storage {
namespace {

constexpr std::string_view kFirstReservedKey("\xff", 1);

absl::Status ValidateKey(std::string_view key) {
  if (key.empty()) {
    return absl::InvalidArgumentError("a key is empty; keys have at least one byte");
  }
  if (key.size() > kKeyBytesMax) {
    return absl::InvalidArgumentError(
        fmt::format("a key has {} bytes; at most {} are possible", key.size(), kKeyBytesMax));
  }
  if (key.front() == kReservedByte) {
    return absl::InvalidArgumentError(
        "a key begins with the byte 0xff, which is reserved for the engine; use another prefix");
  }
  return absl::OkStatus();
}

// A bound may be one byte longer than a key, so that the successor of the longest key is a bound.
absl::Status ValidateBound(std::string_view bound) {
  if (bound.size() > kKeyBytesMax + 1) {
    return absl::InvalidArgumentError(
        fmt::format("a bound of a range has {} bytes; at most {} are possible", bound.size(),
                    kKeyBytesMax + 1));
  }
  if (bound > kFirstReservedKey) {
    return absl::InvalidArgumentError(
        "a bound of a range lies among the keys that begin with the byte 0xff, which are reserved "
        "for the engine; leave the end empty to reach the last key");
  }
  return absl::OkStatus();
}

absl::Status ValidateOperation(const WriteBatch::Operation& operation) {
  if (operation.kind == WriteBatch::Kind::kDeleteRange) {
    return ValidateRange(
        {.begin = std::string(operation.key), .end = std::string(operation.value)});
  }
  if (operation.value.size() > kValueBytesMax) {
    return absl::InvalidArgumentError(fmt::format("a value has {} bytes; at most {} are possible",
                                                  operation.value.size(), kValueBytesMax));
  }
  return ValidateKey(operation.key);
}

}  // namespace

KeyRange PrefixRange(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  LANDBOOK_CHECK(prefix.empty() || !end.empty());
  if (!end.empty()) ++end.back();
  return {.begin = std::string(prefix), .end = std::move(end)};
}

WriteBatch& WriteBatch::operator=(WriteBatch&& other) noexcept {
  operations_ = std::exchange(other.operations_, {});
  memory_ = std::move(other.memory_);
  ascending_count_ = std::exchange(other.ascending_count_, 0);
  size_bytes_ = std::exchange(other.size_bytes_, 0);
  return *this;
}

std::string_view WriteBatch::CopyOf(std::string_view bytes) {
  const std::span<const char> copy = memory_.Copy(bytes);
  return {copy.data(), copy.size()};
}

void WriteBatch::Add(Kind kind, std::string_view key, std::string_view value) {
  size_bytes_ += key.size() + value.size();
  const bool all_ascend = ascending_count_ == operations_.size();
  if (all_ascend && (operations_.empty() || operations_.back().key < key)) ++ascending_count_;
  operations_.push_back({kind, key, value});
}

void WriteBatch::Put(std::string_view key, std::string_view value) {
  Add(Kind::kPut, CopyOf(key), CopyOf(value));
}

void WriteBatch::Delete(std::string_view key) { Add(Kind::kDelete, CopyOf(key), {}); }

void WriteBatch::DeleteRange(const KeyRange& range) {
  Add(Kind::kDeleteRange, CopyOf(range.begin), CopyOf(range.end));
}

void WriteBatch::PutBorrowed(std::string_view key, std::string_view value) {
  Add(Kind::kPut, key, value);
}

void WriteBatch::DeleteBorrowed(std::string_view key) { Add(Kind::kDelete, key, {}); }

void WriteBatch::Append(const WriteBatch& other) {
  Reserve(other.operations_.size());
  for (const Operation& operation : other.operations_) {
    Add(operation.kind, CopyOf(operation.key), CopyOf(operation.value));
  }
}

void WriteBatch::Clear() { *this = WriteBatch(); }

absl::StatusOr<std::optional<std::string>> ReadOne(const Engine& engine, const std::string& key) {
  auto values = engine.Read(std::span(&key, 1));
  if (!values.ok()) return values.status();
  LANDBOOK_CHECK(values->size() == 1);
  return std::move(values->front());
}

absl::StatusOr<std::optional<KeyValue>> Last(const Engine& engine, const KeyRange& range) {
  KeyRange backwards = range;
  backwards.reverse = true;
  auto page = ScanPage(engine, backwards, {.max_items = 1});
  if (!page.ok()) return page.status();
  LANDBOOK_CHECK(page->items.size() <= 1);
  if (page->items.empty()) return std::optional<KeyValue>();
  return std::optional<KeyValue>(std::move(page->items.front()));
}

absl::StatusOr<Page> ScanPage(const Engine& engine, const KeyRange& range, const ScanLimit& limit) {
  Page page;
  auto remaining = engine.Scan(std::span(&range, 1), limit,
                               [&page](std::string_view key, std::string_view value) {
                                 page.items.push_back({std::string(key), std::string(value)});
                                 return true;
                               });
  if (!remaining.ok()) return remaining.status();
  page.remaining = *std::move(remaining);
  return page;
}

absl::Status ValidateKeys(std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    if (absl::Status status = ValidateKey(key); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateRange(const KeyRange& range) {
  if (absl::Status status = ValidateBound(range.begin); !status.ok()) return status;
  if (absl::Status status = ValidateBound(range.end); !status.ok()) return status;
  if (std::string_view(range.begin) > EndBound(range.end)) {
    return absl::InvalidArgumentError(
        "a range ends before it begins; give the smaller key as begin, and reverse = true to visit "
        "it backwards");
  }
  return absl::OkStatus();
}

absl::Status ValidateRanges(std::span<const KeyRange> ranges) {
  for (const KeyRange& range : ranges) {
    if (absl::Status status = ValidateRange(range); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateBatch(const WriteBatch& batch) {
  for (const WriteBatch::Operation& operation : batch.Operations()) {
    if (absl::Status status = ValidateOperation(operation); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ValidateFenceName(std::string_view name) {
  if (name.empty() || name.size() > kKeyBytesMax / 2) {
    return absl::InvalidArgumentError(fmt::format(
        "the name of a fence has {} bytes; it must have 1 to {}", name.size(), kKeyBytesMax / 2));
  }
  return absl::OkStatus();
}

absl::Status FenceRefusal(const Fence& fence, std::uint64_t current_epoch) {
  if (current_epoch == 0) {
    return absl::FailedPreconditionError(
        fmt::format("the fence {} was never acquired; acquire it before writing", fence.name));
  }
  return absl::FailedPreconditionError(fmt::format(
      "the fence {} is held at epoch {} and this write carries epoch {}: another writer has taken "
      "over; stop writing and acquire the fence again",
      fence.name, current_epoch, fence.epoch));
}

std::string_view EndBound(std::string_view end) { return end.empty() ? kFirstReservedKey : end; }

bool ScanProgress::LimitReached(std::size_t item_bytes) const {
  if (items_ == 0) return false;
  return items_ >= limit_.max_items || bytes_ >= limit_.max_bytes ||
         item_bytes > limit_.max_bytes - bytes_;
}

bool ScanProgress::Visit(std::size_t range_index, std::string_view key, std::string_view value) {
  const std::size_t item_bytes = key.size() + value.size();
  if (LimitReached(item_bytes)) {
    Stop(range_index, key, /*visited=*/false);
    return false;
  }
  ++items_;
  bytes_ += item_bytes;
  if (visitor_(key, value)) return true;
  Stop(range_index, key, /*visited=*/true);
  return false;
}

void ScanProgress::Stop(std::size_t range_index, std::string_view key, bool visited) {
  LANDBOOK_CHECK(range_index < ranges_.size());
  remaining_.assign(ranges_.begin() + static_cast<std::ptrdiff_t>(range_index), ranges_.end());
  KeyRange& first = remaining_.front();
  std::string bound(key);
  // The successor of a key is the key with a zero byte after it.
  if (first.reverse != visited) bound.push_back('\0');
  (first.reverse ? first.end : first.begin) = std::move(bound);
}

}  // namespace landbook::storage
