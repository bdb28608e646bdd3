#include "services/registry/book.h"

#include <filesystem>
#include <utility>

#include "fmt/format.h"
#include "geo/projection.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/act_context.h"
#include "services/registry/journal.h"
#include "services/registry/private_vault.h"

namespace landbook::registry {
namespace {

constexpr std::uint32_t kJournalFormat = 1;

std::string KeyDirectory(const BookEnvironment& environment, const std::string& code) {
  return environment.keys_directory + "/" + code;
}

// Outside the key ring's own folder, whose contents it checks.
std::string OutsideHeadPath(const BookEnvironment& environment, const std::string& code) {
  return environment.keys_directory + "/" + code + ".head";
}

absl::StatusOr<geo::Plane> PlaneOfEpsg(std::uint32_t epsg) {
  return geo::PlaneOf(fmt::format("EPSG:{}", epsg));
}

v1::BookRecord FirstRecord(const NewBook& made, bool trial, std::int64_t now) {
  v1::BookRecord record;
  record.set_code(made.county.code());
  record.set_title(made.county.title());
  record.set_epsg(made.county.epsg());
  record.set_suite(made.county.suite() == v1::SUITE_UNSPECIFIED ? v1::SUITE_SHA256_ED25519
                                                                : made.county.suite());
  record.set_state(v1::BOOK_STATE_PREPARING);
  record.set_trial(trial);
  record.set_pack(1);
  record.set_identity(fmt::format("{}/{}", made.county.code(), now));
  return record;
}

// What the first entry is made of, besides the two leaves.
struct FirstEntry {
  v1::EntryHeader header;
  v1::ActRecord act;
};

void AddEffect(v1::RecordKind kind, std::uint64_t number, const google::protobuf::Message& record,
               v1::ActRecord* act) {
  v1::Effect& effect = *act->add_effects();
  effect.set_kind(kind);
  effect.set_number(number);
  effect.set_record(record.SerializeAsString());
}

FirstEntry MakeFirstEntry(const NewBook& made, const common::Policy& policy,
                          const v1::BookRecord& book, std::int64_t now) {
  FirstEntry entry;
  entry.act.set_act("create_county");
  v1::AdoptedPack pack;
  pack.set_code(policy.code());
  pack.set_version(policy.version());
  for (const std::string& text : policy.chain()) pack.add_chain(text);
  v1::Appointment administrator;
  administrator.set_principal(made.creator.principal());
  administrator.set_role(v1::ROLE_ADMINISTRATOR);
  administrator.set_from_date(common::FormatCivilDate(policy.time_zone().DateAt(now)));
  AddEffect(v1::RECORD_KIND_PACK, 1, pack, &entry.act);
  AddEffect(v1::RECORD_KIND_APPOINTMENT, 1, administrator, &entry.act);
  AddEffect(v1::RECORD_KIND_BOOK, 0, book, &entry.act);

  entry.header.set_format_version(kJournalFormat);
  entry.header.set_book(book.identity());
  entry.header.set_sequence(1);
  entry.header.set_recorded_micros(now);
  entry.header.set_act_count(1);
  *entry.header.mutable_actor() = made.creator;
  entry.header.set_request_id(made.request_id);
  entry.header.set_pack(policy.code());
  entry.header.set_pack_version(policy.version());
  entry.header.set_day(administrator.from_date());
  return entry;
}

// Folds and writes the first entry with its two leaves.
absl::Status WriteFirstEntry(const BookEnvironment& environment, const FirstEntry& entry,
                             BookNumber number, const storage::Suite& suite) {
  const EngineView view(environment.engine);
  Overlay overlay(&view);
  Fold fold(&overlay, number, 1);
  for (const v1::Effect& effect : entry.act.effects()) {
    if (auto folded = fold.Apply(effect.kind(), effect.number(), effect.record()); !folded.ok()) {
      return folded;
    }
  }
  fold.Remember(entry.header);
  const std::string leaves[] = {entry.header.SerializeAsString(), entry.act.SerializeAsString()};
  auto log = storage::MerkleLog::Open(
      storage::MerkleLogReader(*environment.engine, suite, SpacePrefix(number, Space::kTree)), 0);
  if (!log.ok()) return log.status();
  auto stage = log->Begin();
  for (std::uint32_t leaf = 0; leaf < 2; ++leaf) {
    overlay.Put(JournalKey(number, 1, leaf), leaves[leaf]);
    stage.Append(storage::LeafHash(suite, leaves[leaf]));
  }
  if (!overlay.status().ok()) return overlay.status();
  storage::WriteBatch batch;
  overlay.MoveTo(&batch);
  stage.WriteTo(batch);
  return environment.engine->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
}

}  // namespace

Book::Book(const BookEnvironment& environment, BookNumber number, std::string code,
           storage::KeyRing keys)
    : environment_(environment),
      number_(number),
      code_(std::move(code)),
      keys_(std::move(keys)),
      suite_(&keys_.public_keys().front().key.suite()),
      log_(*environment.engine, *suite_, SpacePrefix(number, Space::kTree)),
      status_tree_(*environment.engine, *suite_, SpacePrefix(number, Space::kStatus)),
      vault_(MakePrivateVault(number, *suite_, keys_.secrets(), *environment.random)) {}

Book::~Book() = default;

std::string Book::outside_head_path() const { return OutsideHeadPath(environment_, code_); }

common::Outcome<std::unique_ptr<Book>> Book::Create(const BookEnvironment& environment,
                                                    const NewBook& made) {
  const auto plane = PlaneOfEpsg(made.county.epsg());
  if (!plane.ok()) {
    return common::Refuse(
        Reason::PLANE_UNUSABLE, "county.epsg",
        {fmt::format("EPSG:{} cannot be a book's plane: {}", made.county.epsg(),
                     std::string(plane.status().message())),
         fmt::format("EPSG:{} 不能作为登簿平面坐标系，须为以米为单位的投影坐标系。",
                     made.county.epsg())});
  }
  auto policy = common::Policy::FromTexts(made.chain);
  if (!policy.ok()) return std::move(policy.refusals());

  const std::int64_t now = environment.clock->NowMicros();
  const v1::BookRecord record = FirstRecord(made, environment.clock->trial(), now);
  const auto suite = storage::Suite::WithId(static_cast<std::uint8_t>(record.suite()));
  if (!suite.ok()) return common::RefusalFromEngine(suite.status());
  const auto keys = storage::KeyRing::Create(KeyDirectory(environment, made.county.code()), **suite,
                                             *environment.random);
  if (!keys.ok()) return common::RefusalFromEngine(keys.status());
  const FirstEntry entry = MakeFirstEntry(made, *policy, record, now);
  if (auto written = WriteFirstEntry(environment, entry, made.number, **suite); !written.ok()) {
    return common::RefusalFromEngine(written);
  }
  auto book = Open(environment, made.number, made.county.code());
  if (!book.ok()) return common::RefusalFromEngine(book.status());
  return *std::move(book);
}

absl::StatusOr<std::unique_ptr<Book>> Book::Open(const BookEnvironment& environment,
                                                 BookNumber number, const std::string& code) {
  auto keys = storage::KeyRing::Load(KeyDirectory(environment, code));
  if (!keys.ok()) return keys.status();
  std::unique_ptr<Book> book(new Book(environment, number, code, *std::move(keys)));
  if (auto started = book->Start(); !started.ok()) return started;
  return book;
}

absl::Status Book::CompareWithOutsideHead(const Position& position) const {
  const auto outside =
      storage::ReadHeadFile(OutsideHeadPath(environment_, code_),
                            [this](const auto& head) { return keys_.VerifyHead(head); });
  if (absl::IsNotFound(outside.status())) return absl::OkStatus();
  if (!outside.ok()) return outside.status();
  if (outside->head.sequence > position.sequence) {
    return absl::DataLossError(fmt::format(
        "the journal of county {} ends at entry {}, but the head kept outside was signed at entry "
        "{}: acknowledged entries are missing. Restore the newest backup, or the lost files.",
        code_, position.sequence, outside->head.sequence));
  }
  const auto root = log_.RootAt(outside->head.tree_size);
  if (!root.ok()) return root.status();
  if (*root != outside->head.root) {
    return absl::DataLossError(fmt::format(
        "the first {} leaves of county {} are not those that the head kept outside signed",
        outside->head.tree_size, code_));
  }
  return absl::OkStatus();
}

absl::StatusOr<Position> Book::FindPosition() const {
  const auto last = ReadLastHeader(*environment_.engine, number_);
  if (!last.ok()) return last.status();
  if (!*last) return absl::DataLossError(fmt::format("county {} has no journal", code_));
  const auto status = status_tree_.Summary();
  if (!status.ok()) return status.status();
  return Position{.sequence = (*last)->sequence(),
                  .recorded_micros = (*last)->recorded_micros(),
                  .tree_size = (*last)->first_leaf() + 1 + (*last)->act_count(),
                  .status_size = status->size,
                  .status_root = status->root};
}

absl::Status Book::ReadOwnRecord() {
  const EngineView view(environment_.engine);
  v1::BookRecord record;
  const auto bytes = VersionReader(&view, number_).Value(RecordKey(v1::RECORD_KIND_BOOK, 0));
  if (!bytes || !record.ParseFromString(*bytes)) {
    return absl::DataLossError(fmt::format("county {} has no record of itself", code_));
  }
  if (environment_.clock->trial() && !record.trial()) {
    return absl::FailedPreconditionError(
        fmt::format("the book of county {} keeps real time and is never written under a trial "
                    "clock; start without --trial-clock, or name another data directory",
                    code_));
  }
  const auto plane = PlaneOfEpsg(record.epsg());
  if (!plane.ok()) return plane.status();
  epsg_ = record.epsg();
  plane_extent_ = plane->extent;
  return absl::OkStatus();
}

absl::Status Book::SucceedKey(const Position& position) {
  if (environment_.succeeded_county != code_) return absl::OkStatus();
  return keys_.Succeed(*suite_, position.sequence + 1);
}

absl::Status Book::FinishErasures() const {
  const absl::Status purged = PurgeErased(*environment_.engine, number_);
  if (purged.ok()) return purged;
  return absl::Status(purged.code(),
                      fmt::format("county {}: private fields that were erased still lie in the "
                                  "store's files, and cannot be taken out of them: {}",
                                  code_, std::string(purged.message())));
}

absl::Status Book::Start() {
  auto position = FindPosition();
  if (!position.ok()) return position.status();
  auto log = storage::MerkleLog::Open(log_, position->tree_size);
  if (!log.ok()) return log.status();
  position->root = log->Root();
  if (auto same = CompareWithOutsideHead(*position); !same.ok()) return same;
  if (auto found = ReadOwnRecord(); !found.ok()) return found;
  if (auto succeeded = SucceedKey(*position); !succeeded.ok()) return succeeded;
  const EngineView view(environment_.engine);
  auto policy = PolicyInForce(VersionReader(&view, number_));
  if (!policy.ok()) {
    return absl::DataLossError(
        fmt::format("county {}: {}", code_, policy.refusals().front().message_en()));
  }
  auto fence = environment_.engine->AcquireFence(fmt::format("book {}", number_));
  if (!fence.ok()) return fence.status();
  if (auto finished = FinishErasures(); !finished.ok()) return finished;
  memory_ = std::make_unique<BookMemory>(environment_.read_memory, number_, position->sequence);
  writer_ = std::make_unique<BookWriter>(BookWriterParts{.engine = environment_.engine,
                                                         .fence = *std::move(fence),
                                                         .book = number_,
                                                         .suite = suite_,
                                                         .vault = vault_.get(),
                                                         .memory = memory_.get(),
                                                         .clock = environment_.clock,
                                                         .epsg = epsg_,
                                                         .plane_extent = plane_extent_,
                                                         .policy = *std::move(policy),
                                                         .log = *std::move(log),
                                                         .status_tree = status_tree_,
                                                         .position = *position});
  heads_ = std::make_unique<HeadKeeper>(
      HeadKeeperParts{.engine = environment_.engine,
                      .book = number_,
                      .county = code_,
                      .keys = &keys_,
                      .writer = writer_.get(),
                      .outside_path = OutsideHeadPath(environment_, code_)});
  return absl::OkStatus();
}

v1::County Book::ToWire(const View& view) const {
  const Position position = writer_->position();
  const VersionReader state(&view, number_, position.sequence);
  v1::BookRecord record;
  v1::AdoptedPack pack;
  if (const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_BOOK, 0))) {
    record.ParseFromString(*bytes);
  }
  if (const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_PACK, record.pack()))) {
    pack.ParseFromString(*bytes);
  }
  v1::County county;
  county.set_name(fmt::format("counties/{}", code_));
  county.set_code(code_);
  county.set_title(record.title());
  county.set_epsg(record.epsg());
  county.set_suite(static_cast<v1::Suite>(record.suite()));
  county.set_state(static_cast<v1::BookState>(record.state()));
  county.set_pack(pack.code());
  county.set_pack_version(pack.version());
  const auto policy = writer_->policy();
  for (const v1::PlaneTransformation* way : policy->PlaneTransformationsTo(record.epsg())) {
    *county.add_plane_transformations() = *way;
  }
  county.set_trial(record.trial());
  county.set_succeeded_by(record.succeeded_by());
  county.set_book(number_);
  county.set_sequence(position.sequence);
  *county.mutable_recorded_at() =
      google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(position.recorded_micros);
  return county;
}

}  // namespace landbook::registry
