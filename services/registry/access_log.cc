#include "services/registry/access_log.h"

#include <algorithm>
#include <utility>

#include "services/common/identity.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr std::uint8_t kRowVersion = 2;
constexpr std::uint8_t kRowVersionWithoutPurpose = 1;

std::string KeyOf(BookNumber book, const AccessTime& time) {
  std::string key = SpacePrefix(book, Space::kAccessLog);
  storage::AppendU64(key, static_cast<std::uint64_t>(time.micros));
  storage::AppendU32(key, time.turn);
  return key;
}

void ReadPurpose(storage::ByteReader* reader, AccessRow* row) {
  row->purpose = reader->ReadLengthPrefixed();
  row->document = reader->ReadLengthPrefixed();
  row->via = reader->ReadLengthPrefixed();
  const std::uint64_t count = reader->ReadVarint();
  for (std::uint64_t i = 0; i < count && reader->Ok(); ++i) {
    SearchedRecord& record = row->records.emplace_back();
    record.kind = static_cast<v1::RecordKind>(reader->ReadU8());
    record.number = reader->ReadVarint();
  }
}

}  // namespace

AccessRow AccessRowOf(const common::CallContext& call, std::string method) {
  AccessRow row;
  row.principal = call.actor.principal();
  row.role = call.actor.role();
  row.request_id = call.request_id;
  row.method = std::move(method);
  row.purpose = call.purpose;
  row.document = call.purpose_document;
  for (const std::string& system : call.actor.via()) {
    if (!row.via.empty()) row.via += ", ";
    row.via += system;
  }
  return row;
}

std::optional<v1::Refusal> RefuseSearch(const AccessRow& row) {
  const bool from_outside = row.role == v1::ROLE_BANK || row.role == v1::ROLE_TRADING_CENTRE ||
                            row.role == v1::ROLE_AUDITOR;
  if (!from_outside || !row.purpose.empty()) return std::nullopt;
  return common::Refuse(
      common::Reason::PURPOSE_MISSING, common::kPurposeKey,
      {"Who searches for persons, units or rights states what for. Send the purpose "
       "(landbook-purpose; --purpose on the command line).",
       "查询权利主体、不动产单元或者权利须说明查询目的，请填写 landbook-purpose（命令行为 "
       "--purpose）。"},
      "Interim Regulations on Real Estate Registration 28");
}

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
  storage::AppendLengthPrefixed(value, row.purpose);
  storage::AppendLengthPrefixed(value, row.document);
  storage::AppendLengthPrefixed(value, row.via);
  storage::AppendVarint(value, row.records.size());
  for (const SearchedRecord& record : row.records) {
    storage::AppendU8(value, static_cast<std::uint8_t>(record.kind));
    storage::AppendVarint(value, record.number);
  }
  return value;
}

absl::StatusOr<AccessRow> DecodeAccessRow(std::string_view value) {
  storage::ByteReader reader(value);
  const std::uint8_t version = reader.ReadU8();
  const bool known = version == kRowVersion || version == kRowVersionWithoutPurpose;
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
  if (version == kRowVersion) ReadPurpose(&reader, &row);
  if (!known || !reader.FinishedOk()) {
    return absl::DataLossError("a row of the access log cannot be read");
  }
  return row;
}

absl::Status AccessLog::Add(BookNumber book, const AccessRow& row) {
  Waiting mine{.key = {}, .value = EncodeAccessRow(row), .written = std::nullopt};
  {
    storage::MutexLock lock(mutex_);
    const std::int64_t now = std::max(clock_->NowMicros(), last_.micros);
    last_ = {now, now == last_.micros ? last_.turn + 1 : 0};
    mine.key = KeyOf(book, last_);
    waiting_.push_back(&mine);
  }
  storage::MutexLock writing(writing_);
  if (mine.written) return *mine.written;  // by a caller before, with its own
  std::vector<Waiting*> together;
  {
    storage::MutexLock lock(mutex_);
    together.swap(waiting_);
  }
  storage::WriteBatch batch;
  for (Waiting* one : together) batch.Put(std::move(one->key), std::move(one->value));
  const absl::Status written =
      engine_->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
  for (Waiting* one : together) one->written = written;
  return written;
}

absl::Status ReadAccessLog(const storage::Engine& engine, BookNumber book, const AccessTime& from,
                           absl::FunctionRef<bool(const AccessTime&, const AccessRow&)> visitor) {
  const std::string prefix = SpacePrefix(book, Space::kAccessLog);
  storage::KeyRange range = storage::PrefixRange(prefix);
  range.begin = KeyOf(book, from);
  absl::Status status;
  const auto scanned = engine.Scan({&range, 1}, storage::ScanLimit{},
                                   [&](std::string_view key, std::string_view value) {
                                     const auto row = DecodeAccessRow(value);
                                     status = row.status();
                                     if (!row.ok()) return false;
                                     storage::ByteReader time(key.substr(prefix.size()));
                                     const auto micros = static_cast<std::int64_t>(time.ReadU64());
                                     return visitor({micros, time.ReadU32()}, *row);
                                   });
  status.Update(scanned.status());
  return status;
}

}  // namespace landbook::registry
