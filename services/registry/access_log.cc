#include "services/registry/access_log.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr std::uint8_t kRowVersion = 1;
// Rows are gathered this long before they are written, and this long passes before a failed write
// is tried again.
constexpr std::chrono::milliseconds kGatherTime{50};

std::string KeyFrom(BookNumber book, std::int64_t micros, std::uint32_t count) {
  std::string key = SpacePrefix(book, Space::kAccessLog);
  storage::AppendU64(key, static_cast<std::uint64_t>(micros));
  storage::AppendU32(key, count);
  return key;
}

}  // namespace

std::string EncodeAccessRow(const AccessRow& row) {
  std::string value;
  storage::AppendU8(value, kRowVersion);
  storage::AppendU8(value, static_cast<std::uint8_t>(row.role));
  storage::AppendLengthPrefixed(value, row.principal);
  storage::AppendLengthPrefixed(value, row.request_id);
  storage::AppendLengthPrefixed(value, row.method);
  storage::AppendVarint(value, row.shown.size());
  for (const ShownParty& party : row.shown) {
    storage::AppendVarint(value, party.number);
    storage::AppendVarint(value, party.field_mask);
  }
  return value;
}

absl::StatusOr<AccessRow> DecodeAccessRow(std::string_view value) {
  storage::ByteReader reader(value);
  const bool known = reader.ReadU8() == kRowVersion;
  AccessRow row;
  row.role = static_cast<v1::Role>(reader.ReadU8());
  row.principal = reader.ReadLengthPrefixed();
  row.request_id = reader.ReadLengthPrefixed();
  row.method = reader.ReadLengthPrefixed();
  const std::uint64_t count = reader.ReadVarint();
  for (std::uint64_t i = 0; i < count && reader.Ok(); ++i) {
    ShownParty& party = row.shown.emplace_back();
    party.number = reader.ReadVarint();
    party.field_mask = static_cast<std::uint32_t>(reader.ReadVarint());
  }
  if (!known || !reader.FinishedOk()) {
    return absl::DataLossError("a row of the access log cannot be read");
  }
  return row;
}

AccessLog::AccessLog(storage::Engine* engine, common::Clock* clock)
    : engine_(engine), clock_(clock), thread_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
  Flush().IgnoreError();  // nobody is left to tell; the engine's own health says what failed
}

bool AccessLog::Add(BookNumber book, AccessRow row) {
  std::string value = EncodeAccessRow(row);
  storage::MutexLock lock(mutex_);
  if (waiting_.size() >= kWaitingMax) return false;
  const std::int64_t now = std::max(clock_->NowMicros(), last_micros_);
  rows_at_last_ = now == last_micros_ ? rows_at_last_ + 1 : 0;
  last_micros_ = now;
  waiting_.push_back({KeyFrom(book, now, rows_at_last_), std::move(value)});
  if (waiting_.size() == 1) changed_.NotifyAll();
  return true;
}

absl::Status AccessLog::Flush() {
  storage::MutexLock writing(writing_);
  storage::WriteBatch batch;
  std::size_t count = 0;
  {
    storage::MutexLock lock(mutex_);
    for (const Waiting& row : waiting_) batch.Put(row.key, row.value);
    count = waiting_.size();
  }
  if (count == 0) return absl::OkStatus();
  if (auto written = engine_->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
      !written.ok()) {
    return written;
  }
  storage::MutexLock lock(mutex_);
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
  return absl::OkStatus();
}

void AccessLog::Run() {
  while (true) {
    {
      storage::MutexLock lock(mutex_);
      while (!stopping_ && waiting_.empty()) changed_.Wait(mutex_);
      const auto gathered = std::chrono::steady_clock::now() + kGatherTime;
      while (!stopping_ && changed_.WaitUntil(mutex_, gathered)) {
      }
      if (stopping_) return;
    }
    // What cannot be written now waits and is tried at the next turn; a full queue then refuses
    // reads.
    Flush().IgnoreError();
  }
}

absl::Status ReadAccessLog(const storage::Engine& engine, BookNumber book, std::int64_t from_micros,
                           absl::FunctionRef<bool(const AccessRow&)> visitor) {
  const std::string prefix = SpacePrefix(book, Space::kAccessLog);
  storage::KeyRange range = storage::PrefixRange(prefix);
  range.begin = KeyFrom(book, from_micros, 0);
  absl::Status status;
  const auto scanned = engine.Scan(
      {&range, 1}, storage::ScanLimit{}, [&](std::string_view key, std::string_view value) {
        auto row = DecodeAccessRow(value);
        status = row.status();
        if (!row.ok()) return false;
        row->micros =
            static_cast<std::int64_t>(storage::ByteReader(key.substr(prefix.size())).ReadU64());
        return visitor(*row);
      });
  status.Update(scanned.status());
  return status;
}

}  // namespace landbook::registry
