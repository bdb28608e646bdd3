#include "services/conveyance/draft_store.h"

#include <algorithm>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/division.h"
#include "storage/bytes.h"
#include "storage/digest.h"
#include "storage/suite.h"

namespace landbook::conveyance {
namespace {

using common::Micros;
using common::Reason;
using common::Refuse;

constexpr std::uint8_t kDraftVersion = 1;
constexpr std::string_view kCheckWord = "landbook conveyance";

constexpr char kCheckSpace = 'v';
constexpr char kDraftSpace = 'd';
constexpr char kNumberSpace = 'n';
constexpr char kRequestSpace = 'q';
constexpr char kAssignmentSpace = 'a';
constexpr char kReminderSpace = 'r';

const storage::Suite& StoreSuite() { return storage::Suite::Sha256Ed25519(); }

std::string KeyOf(char space, std::string_view county) {
  std::string key(1, space);
  key.append(county);
  return key;
}

std::string NumberedKey(char space, std::string_view county, std::uint64_t number) {
  std::string key = KeyOf(space, county);
  storage::AppendU64(key, number);
  return key;
}

std::uint64_t NumberAtEnd(std::string_view key) {
  return storage::ByteReader(key.substr(key.size() - sizeof(std::uint64_t))).ReadU64();
}

std::string U64Bytes(std::uint64_t value) {
  std::string bytes;
  storage::AppendU64(bytes, value);
  return bytes;
}

std::string ReminderKey(std::string_view county, const Reminder& reminder) {
  std::string key = KeyOf(kReminderSpace, county);
  storage::AppendU8(key, static_cast<std::uint8_t>(reminder.kind));
  storage::AppendU64(key, reminder.case_number);
  storage::AppendU64(key, reminder.caution_number);
  key.append(reminder.due_date);
  return key;
}

Reminder ReminderOf(std::string_view key) {
  storage::ByteReader reader(key.substr(1 + common::kCountyDigits));
  Reminder reminder;
  reminder.kind = static_cast<v1::DeadlineKind>(reader.ReadU8());
  reminder.case_number = reader.ReadU64();
  reminder.caution_number = reader.ReadU64();
  reminder.due_date = std::string(reader.Rest());
  return reminder;
}

v1::Refusal Corrupt() {
  return Refuse(Reason::STORE_CORRUPT, "",
                {"a value of the store of drafts is not what was kept there; restore its backup",
                 "申请草稿库中的数据已损坏，请从备份恢复"});
}

v1::Refusal NoDraft(const DraftId& id) {
  return Refuse(Reason::RECORD_NOT_FOUND, "draft",
                {fmt::format("There is no draft {}.", id.number),
                 fmt::format("没有编号为 {} 的申请草稿。", id.number)});
}

v1::Refusal Moved(const v1::Draft& draft) {
  return Refuse(Reason::RECORD_MOVED, "etag",
                {fmt::format("Draft {} has changed meanwhile: its etag is {}. Look at it again.",
                             draft.number(), draft.etag()),
                 fmt::format("申请草稿 {} 已有变动，现版本为 {}。请重新查看。", draft.number(),
                             draft.etag())});
}

void Stamp(Micros now, v1::Draft* draft) {
  *draft->mutable_updated_at() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(now);
}

}  // namespace

absl::StatusOr<bool> IsNewStore(const storage::Engine& engine) {
  const auto word = storage::ReadOne(engine, std::string(1, kCheckSpace));
  if (!word.ok()) return word.status();
  return !word->has_value();
}

DraftStore::DraftStore(storage::Engine& engine, const storage::Secret& key, common::Clock& clock,
                       storage::RandomSource& random)
    : engine_(engine),
      sealing_(StoreSuite().Derive(key, "seal drafts")),
      hashing_(StoreSuite().Derive(key, "hash requests")),
      clock_(clock),
      random_(random) {}

absl::StatusOr<std::unique_ptr<DraftStore>> DraftStore::Open(storage::Engine& engine,
                                                             const storage::Secret& key,
                                                             common::Clock& clock,
                                                             storage::RandomSource& random) {
  std::unique_ptr<DraftStore> store(new DraftStore(engine, key, clock, random));
  if (auto fits = store->CheckKey(); !fits.ok()) return fits;
  return store;
}

absl::Status DraftStore::CheckKey() {
  const std::string place(1, kCheckSpace);
  const auto word = storage::ReadOne(engine_, place);
  if (!word.ok()) return word.status();
  if (word->has_value()) {
    const auto opened = StoreSuite().Open(sealing_, {.sealed = **word, .associated = place});
    if (opened.ok() && *opened == kCheckWord) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "the key in conveyance.key is not that of the store of drafts; bring the one that was made "
        "with it");
  }
  auto sealed =
      StoreSuite().Seal(sealing_, {.plaintext = kCheckWord, .associated = place}, random_);
  if (!sealed.ok()) return sealed.status();
  storage::WriteBatch batch;
  batch.Put(place, *std::move(sealed));
  return engine_.Write(batch, storage::kUnfenced, storage::Durability::kDurable);
}

Outcome<std::string> DraftStore::SealFor(std::string_view key, std::string_view plaintext) const {
  auto sealed = StoreSuite().Seal(sealing_, {.plaintext = plaintext, .associated = key}, random_);
  if (!sealed.ok()) return common::RefusalFromEngine(sealed.status());
  return *std::move(sealed);
}

Outcome<std::string> DraftStore::OpenAt(std::string_view key, std::string_view sealed) const {
  auto opened = StoreSuite().Open(sealing_, {.sealed = sealed, .associated = key});
  if (!opened.ok()) return Corrupt();
  return *std::move(opened);
}

Outcome<DraftStore::Stored> DraftStore::FindAt(std::string_view key,
                                               std::string_view sealed) const {
  const auto plaintext = OpenAt(key, sealed);
  if (!plaintext.ok()) return plaintext.refusals();
  storage::ByteReader reader(*plaintext);
  Stored stored;
  const bool known = reader.ReadU8() == kDraftVersion;
  stored.changed = static_cast<Micros>(reader.ReadU64());
  stored.kept.revision = reader.ReadU64();
  stored.request_hash = std::string(reader.ReadLengthPrefixed());
  const std::string draft(reader.ReadLengthPrefixed());
  const std::string officer(reader.ReadLengthPrefixed());
  const std::string request(reader.ReadLengthPrefixed());
  if (!known || !reader.FinishedOk() || !stored.kept.draft.ParseFromString(draft)) return Corrupt();
  if (!request.empty()) {
    KeptDraft::Asked asked;
    if (!asked.officer.ParseFromString(officer) || !asked.request.ParseFromString(request)) {
      return Corrupt();
    }
    stored.kept.asked = std::move(asked);
  }
  return stored;
}

Outcome<DraftStore::Stored> DraftStore::Find(const DraftId& id) const {
  const std::string key = NumberedKey(kDraftSpace, id.county, id.number);
  const auto sealed = storage::ReadOne(engine_, key);
  if (!sealed.ok()) return common::RefusalFromEngine(sealed.status());
  if (!sealed->has_value()) return NoDraft(id);
  return FindAt(key, **sealed);
}

Outcome<DraftStore::Stored> DraftStore::FindUnmoved(const DraftId& id,
                                                    std::uint64_t revision) const {
  auto stored = Find(id);
  if (stored.ok() && stored->kept.revision != revision) return Moved(stored->kept.draft);
  return stored;
}

Outcome<bool> DraftStore::Put(const DraftId& id, const Stored& stored,
                              storage::WriteBatch* batch) const {
  std::string plaintext;
  storage::AppendU8(plaintext, kDraftVersion);
  storage::AppendU64(plaintext, static_cast<std::uint64_t>(stored.changed));
  storage::AppendU64(plaintext, stored.kept.revision);
  storage::AppendLengthPrefixed(plaintext, stored.request_hash);
  storage::AppendLengthPrefixed(plaintext, stored.kept.draft.SerializeAsString());
  const auto& asked = stored.kept.asked;
  storage::AppendLengthPrefixed(plaintext, asked ? asked->officer.SerializeAsString() : "");
  storage::AppendLengthPrefixed(plaintext, asked ? asked->request.SerializeAsString() : "");
  std::string key = NumberedKey(kDraftSpace, id.county, id.number);
  auto sealed = SealFor(key, plaintext);
  if (!sealed.ok()) return std::move(sealed.refusals());
  batch->Put(std::move(key), *std::move(sealed));
  return true;
}

Outcome<bool> DraftStore::Write(const storage::WriteBatch& batch) const {
  const auto written = engine_.Write(batch, storage::kUnfenced, storage::Durability::kDurable);
  if (!written.ok()) return common::RefusalFromEngine(written);
  return true;
}

Outcome<v1::Draft> DraftStore::Create(const v1::CreateDraftRequest& request,
                                      std::string_view principal) {
  std::string asked_by;
  storage::AppendLengthPrefixed(asked_by, principal);
  storage::AppendLengthPrefixed(asked_by, request.request_id());
  std::string request_key = KeyOf(kRequestSpace, request.county());
  const storage::Hash asked_hash = StoreSuite().Hmac(hashing_.bytes(), {asked_by});
  request_key.append(storage::BytesOf(asked_hash));

  storage::MutexLock lock(mutex_);
  const auto made = storage::ReadOne(engine_, request_key);
  if (!made.ok()) return common::RefusalFromEngine(made.status());
  if (!made->has_value()) return CreateNew(request, principal, request_key);
  storage::ByteReader reader(**made);
  const DraftId id{request.county(), reader.ReadU64()};
  const storage::Hash hash =
      StoreSuite().Hmac(hashing_.bytes(), {request.application().SerializeAsString()});
  if (reader.ReadBytes(storage::kHashSize) != storage::BytesOf(hash)) {
    return Refuse(Reason::REQUEST_ID_REUSED, "request_id",
                  {"This request id made another draft. Send a new id with new content.",
                   "该请求号已用于另一份申请草稿，新内容请使用新的请求号。"});
  }
  auto stored = Find(id);
  if (!stored.ok()) return std::move(stored.refusals());
  return std::move(stored->kept.draft);
}

Outcome<v1::Draft> DraftStore::CreateNew(const v1::CreateDraftRequest& request,
                                         std::string_view principal,
                                         const std::string& request_key) {
  const std::string number_key = KeyOf(kNumberSpace, request.county());
  const auto last = storage::ReadOne(engine_, number_key);
  if (!last.ok()) return common::RefusalFromEngine(last.status());
  const std::uint64_t number = last->has_value() ? NumberAtEnd(**last) + 1 : 1;
  const Micros now = clock_.NowMicros();
  Stored stored;
  stored.changed = now;
  stored.request_hash = request_key;
  stored.kept.revision = 1;
  v1::Draft& draft = stored.kept.draft;
  draft.set_name(fmt::format("counties/{}/drafts/{}", request.county(), number));
  draft.set_number(number);
  draft.set_etag("1");
  Stamp(now, &draft);
  draft.set_created_by(std::string(principal));
  draft.set_state(v1::DRAFT_STATE_OPEN);
  *draft.mutable_application() = request.application();

  storage::WriteBatch batch;
  const storage::Hash hash =
      StoreSuite().Hmac(hashing_.bytes(), {request.application().SerializeAsString()});
  batch.Put(request_key, U64Bytes(number) + std::string(storage::BytesOf(hash)));
  batch.Put(number_key, U64Bytes(number));
  auto put = Put({request.county(), number}, stored, &batch);
  if (put.ok()) put = Write(batch);
  if (!put.ok()) return std::move(put.refusals());
  return std::move(draft);
}

bool MaySee(const v1::Actor& caller, const v1::Draft& draft) {
  const bool of_office =
      caller.role() != v1::ROLE_CITIZEN && caller.role() != v1::ROLE_TRADING_CENTRE;
  return of_office || draft.created_by() == caller.principal();
}

Outcome<KeptDraft> DraftStore::Get(const v1::Actor& caller, const DraftId& id) const {
  auto stored = Find(id);
  if (!stored.ok()) return std::move(stored.refusals());
  if (!MaySee(caller, stored->kept.draft)) return NoDraft(id);
  return std::move(stored->kept);
}

Outcome<std::vector<v1::Draft>> DraftStore::List(const DraftId& from, std::size_t max) const {
  storage::KeyRange range = storage::PrefixRange(KeyOf(kDraftSpace, from.county));
  range.begin = NumberedKey(kDraftSpace, from.county, from.number);
  const auto page = storage::ScanPage(engine_, range, {.max_items = max});
  if (!page.ok()) return common::RefusalFromEngine(page.status());
  std::vector<v1::Draft> drafts;
  for (const storage::KeyValue& item : page->items) {
    auto stored = FindAt(item.key, item.value);
    if (!stored.ok()) return std::move(stored.refusals());
    drafts.push_back(std::move(stored->kept.draft));
  }
  return drafts;
}

Outcome<KeptDraft> DraftStore::Replace(const DraftId& id, const KeptDraft& by) {
  storage::MutexLock lock(mutex_);
  auto stored = FindUnmoved(id, by.revision);
  if (!stored.ok()) return std::move(stored.refusals());
  const bool changes = stored->kept.draft.SerializeAsString() != by.draft.SerializeAsString();
  const std::uint64_t etag = std::stoull(stored->kept.draft.etag());
  stored->changed = clock_.NowMicros();
  stored->kept = by;
  ++stored->kept.revision;
  if (changes) {
    stored->kept.draft.set_etag(std::to_string(etag + 1));
    Stamp(stored->changed, &stored->kept.draft);
  }
  storage::WriteBatch batch;
  auto put = Put(id, *stored, &batch);
  if (put.ok()) put = Write(batch);
  if (!put.ok()) return std::move(put.refusals());
  return std::move(stored->kept);
}

Outcome<bool> DraftStore::Delete(const DraftId& id, std::uint64_t revision) {
  storage::MutexLock lock(mutex_);
  const auto stored = FindUnmoved(id, revision);
  if (!stored.ok()) return stored.refusals();
  storage::WriteBatch batch;
  batch.Delete(NumberedKey(kDraftSpace, id.county, id.number));
  batch.Delete(stored->request_hash);
  return Write(batch);
}

Outcome<std::size_t> DraftStore::RemoveUntouched(Micros before) {
  storage::MutexLock lock(mutex_);
  storage::WriteBatch batch;
  common::RefusalList refused;
  std::size_t removed = 0;
  const storage::KeyRange range = storage::PrefixRange(std::string(1, kDraftSpace));
  const auto scanned =
      engine_.Scan(std::span(&range, 1), {}, [&](std::string_view key, std::string_view sealed) {
        const auto stored = FindAt(key, sealed);
        if (!stored.ok()) return refused = stored.refusals(), false;
        if (stored->changed >= before) return true;
        batch.Delete(std::string(key));
        batch.Delete(stored->request_hash);
        ++removed;
        return true;
      });
  if (!scanned.ok()) return common::RefusalFromEngine(scanned.status());
  if (!refused.empty()) return refused;
  if (auto written = Write(batch); !written.ok()) return std::move(written.refusals());
  return removed;
}

Outcome<v1::Assignment> DraftStore::Assign(std::string_view county,
                                           const v1::Assignment& assignment) {
  v1::Assignment kept = assignment;
  *kept.mutable_assigned_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(clock_.NowMicros());
  std::string key = NumberedKey(kAssignmentSpace, county, kept.case_());
  storage::WriteBatch batch;
  if (kept.principal().empty()) {
    batch.Delete(std::move(key));
  } else {
    auto sealed = SealFor(key, kept.SerializeAsString());
    if (!sealed.ok()) return std::move(sealed.refusals());
    batch.Put(std::move(key), *std::move(sealed));
  }
  storage::MutexLock lock(mutex_);
  if (auto written = Write(batch); !written.ok()) return std::move(written.refusals());
  return kept;
}

Outcome<std::vector<v1::Assignment>> DraftStore::Assignments(std::string_view county) const {
  const auto page =
      storage::ScanPage(engine_, storage::PrefixRange(KeyOf(kAssignmentSpace, county)), {});
  if (!page.ok()) return common::RefusalFromEngine(page.status());
  std::vector<v1::Assignment> assignments;
  for (const storage::KeyValue& item : page->items) {
    const auto plaintext = OpenAt(item.key, item.value);
    if (!plaintext.ok()) return plaintext.refusals();
    if (!assignments.emplace_back().ParseFromString(*plaintext)) return Corrupt();
  }
  return assignments;
}

Outcome<bool> DraftStore::Acknowledge(std::string_view county, const Reminder& reminder) {
  storage::WriteBatch batch;
  batch.Put(ReminderKey(county, reminder), "");
  storage::MutexLock lock(mutex_);
  return Write(batch);
}

Outcome<std::vector<Reminder>> DraftStore::Acknowledged(std::string_view county) const {
  const auto page =
      storage::ScanPage(engine_, storage::PrefixRange(KeyOf(kReminderSpace, county)), {});
  if (!page.ok()) return common::RefusalFromEngine(page.status());
  std::vector<Reminder> reminders;
  for (const storage::KeyValue& item : page->items) reminders.push_back(ReminderOf(item.key));
  std::sort(reminders.begin(), reminders.end());
  return reminders;
}

}  // namespace landbook::conveyance
