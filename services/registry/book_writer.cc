#include "services/registry/book_writer.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fmt/format.h"
#include "services/registry/act_context.h"
#include "services/registry/commit_control.h"
#include "services/registry/journal.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The refusal for a commit whose write failed. REQUIRES: !status.ok().
v1::Refusal RefusalFromWrite(const absl::Status& status) {
  if (!absl::IsFailedPrecondition(status)) return common::RefusalFromEngine(status);
  return common::Refuse(
      Reason::WRITER_REPLACED, "",
      {fmt::format("Another writer has taken the book over ({}). Send the request to the server "
                   "that has it now; if there is none, restart this one.",
                   std::string(status.message())),
       "本簿册已由其他写入者接管。请向现管服务器提交；如无其他服务器，请重启本服务器。"});
}

}  // namespace

struct BookWriter::Progress {
  storage::MerkleLog::Stage log;
  Position position;
  std::shared_ptr<const common::Policy> policy;
  BookMemory::Changed remembered = {};
  std::string last_header = {};  // of the entry at `position`, as it is stored
};

struct BookWriter::Batch {
  struct Changed {
    TierWindow window;
    std::uint64_t sequence;
  };

  // Over what `below` leaves, or over the engine when there is none.
  Batch(const storage::Engine* engine, std::shared_ptr<Batch> below, Position start,
        std::shared_ptr<const common::Policy> pack)
      : end(std::chrono::steady_clock::now() + kBatchTimeMax),
        durable(engine),
        before(std::move(below)),
        changes(before != nullptr ? static_cast<const View*>(&before->changes) : &durable),
        started_at(start.sequence),
        position(start),
        policy(std::move(pack)) {}

  bool IsFull() const {
    return answers.size() >= kBatchCommitsMax || leaves.size() >= kBatchLeavesMax;
  }
  bool HasEntries() const { return position.sequence != started_at; }

  const std::chrono::steady_clock::time_point end;
  const EngineView durable;
  std::shared_ptr<Batch> before;  // is being written
  Overlay changes;
  const std::uint64_t started_at;
  Position position;  // after it, but for what only the write tells: roots and certificates
  std::shared_ptr<const common::Policy> policy;
  std::vector<std::string_view> leaves;  // which lie in the changes
  std::string last_header;               // of the entry at `position`, as it is stored
  std::vector<Changed> ground;
  std::vector<std::uint64_t> certificates_issued;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> certificates_ended;  // number, sequence
  std::vector<Answer> answers;
};

BookWriter::BookWriter(BookWriterParts parts)
    : parts_(std::move(parts)),
      machine_(parts_.book, parts_.vault),
      position_(parts_.position),
      policy_(parts_.policy) {
  LANDBOOK_CHECK(parts_.engine != nullptr && parts_.suite != nullptr && parts_.clock != nullptr);
  LANDBOOK_CHECK(parts_.policy != nullptr && parts_.log.size() == parts_.position.tree_size);
  writing_thread_ = std::thread([this] { RunWrites(); });
  applying_thread_ = std::thread([this] { Run(); });
}

BookWriter::~BookWriter() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  applying_thread_.join();
  writing_thread_.join();
}

void BookWriter::Submit(ProposedCommit proposed, Lane lane, Done done) {
  LANDBOOK_CHECK(done != nullptr);
  std::optional<v1::Refusal> refusal;
  {
    storage::MutexLock lock(mutex_);
    auto& queue = lane == Lane::kClerk ? clerks_ : imports_;
    if (stopping_) {
      refusal = common::Refuse(Reason::SHUTTING_DOWN, "",
                               {"The server is shutting down. Send the request again.",
                                "服务器正在关闭，请重新发送请求。"});
    } else if (queue.size() >= kWaitingMax) {
      refusal = common::Refuse(Reason::WRITER_BUSY, "",
                               {"More commits wait than the book's writer takes. Try again.",
                                "等待登簿的提交过多，请稍后重试。"});
    } else {
      queue.push_back({std::move(proposed), std::move(done)});
      changed_.NotifyAll();
      return;
    }
  }
  done(*std::move(refusal));
}

std::size_t BookWriter::waiting() const {
  storage::MutexLock lock(mutex_);
  return clerks_.size() + imports_.size();
}

Position BookWriter::position() const {
  storage::MutexLock lock(mutex_);
  return position_;
}

std::shared_ptr<const common::Policy> BookWriter::policy() const {
  storage::MutexLock lock(mutex_);
  return policy_;
}

bool BookWriter::WaitFor(std::uint64_t sequence,
                         std::chrono::steady_clock::time_point deadline) const {
  storage::MutexLock lock(mutex_);
  while (position_.sequence < sequence) {
    if (stopping_ || !changed_.WaitUntil(mutex_, deadline)) return position_.sequence >= sequence;
  }
  return true;
}

std::uint64_t BookWriter::AddListener(std::function<void(const Position&)> listener) {
  storage::MutexLock lock(listeners_mutex_);
  listeners_.emplace_back(++last_listener_, std::move(listener));
  return last_listener_;
}

void BookWriter::RemoveListener(std::uint64_t number) {
  storage::MutexLock lock(listeners_mutex_);
  std::erase_if(listeners_, [&](const auto& listener) { return listener.first == number; });
}

// --- Applying ----------------------------------------------------------------------------------

void BookWriter::Run() {
  while (auto first = TakeFirst()) ProcessBatch(*std::move(first));
  RefuseWaiting();
  storage::MutexLock lock(mutex_);
  all_applied_ = true;
  changed_.NotifyAll();
}

void BookWriter::RefuseWaiting() {
  std::deque<Waiting> waiting;
  {
    storage::MutexLock lock(mutex_);
    for (auto* queue : {&clerks_, &imports_}) {
      std::move(queue->begin(), queue->end(), std::back_inserter(waiting));
      queue->clear();
    }
  }
  const auto refusal = common::Refuse(
      Reason::SHUTTING_DOWN, "",
      {"The server is shutting down. Send the request again.", "服务器正在关闭，请重新发送请求。"});
  for (Waiting& one : waiting) one.done(refusal);
}

// The next commit: a clerk's before an import's.
std::optional<BookWriter::Waiting> BookWriter::TakeNext() {
  auto& queue = clerks_.empty() ? imports_ : clerks_;
  if (queue.empty()) return std::nullopt;
  Waiting waiting = std::move(queue.front());
  queue.pop_front();
  return waiting;
}

// Waits for a commit; nullopt when the writer stops.
std::optional<BookWriter::Waiting> BookWriter::TakeFirst() {
  storage::MutexLock lock(mutex_);
  while (!stopping_ && clerks_.empty() && imports_.empty()) changed_.Wait(mutex_);
  if (stopping_) return std::nullopt;
  return TakeNext();
}

// A commit more for a batch, which may grow as long as the one before it is being written; nullopt
// when it is to be handed over.
std::optional<BookWriter::Waiting> BookWriter::TakeMore(const Batch& batch) {
  storage::MutexLock lock(mutex_);
  while (!batch.IsFull()) {
    const bool idle = writing_ == nullptr;
    if (idle && std::chrono::steady_clock::now() >= batch.end) return std::nullopt;
    if (auto waiting = TakeNext()) return waiting;
    if (idle || stopping_) return std::nullopt;
    changed_.Wait(mutex_);
  }
  return std::nullopt;
}

absl::StatusOr<std::shared_ptr<BookWriter::Batch>> BookWriter::BeginBatch() {
  std::shared_ptr<Batch> before;
  {
    storage::MutexLock lock(mutex_);
    before = writing_;
  }
  std::shared_ptr<Batch> batch;
  if (before != nullptr) {
    batch = std::make_shared<Batch>(parts_.engine, before, before->position, before->policy);
  } else {
    const std::uint64_t told = position().sequence;
    if (const absl::Status settled = Settle(); !settled.ok()) return settled;
    const Position start = position();
    if (start.sequence != told) NotifyListeners();
    batch = std::make_shared<Batch>(parts_.engine, nullptr, start, policy());
  }
  if (import_run_.last != batch->started_at) import_run_ = {};
  return batch;
}

void BookWriter::ProcessBatch(Waiting first) {
  auto batch = BeginBatch();
  if (!batch.ok()) return first.done(RefusalFromWrite(batch.status()));
  std::optional<Waiting> next = std::move(first);
  for (; next; next = TakeMore(**batch)) ApplyOne(*std::move(next), batch->get());
  HandOver(*std::move(batch));
}

// Gives a batch to the writing thread, once that has made durable what it stands on. What stands on
// a write that failed was decided over a state that never came to be.
void BookWriter::HandOver(std::shared_ptr<Batch> batch) {
  absl::Status last_write;
  bool stands = false;
  {
    storage::MutexLock lock(mutex_);
    while (writing_ != nullptr) changed_.Wait(mutex_);
    last_write = last_write_;
    stands = position_.sequence == batch->started_at;
  }
  if (!stands) {
    for (Answer& answer : batch->answers) answer.done(RefusalFromWrite(last_write));
    return;
  }
  if (!batch->HasEntries()) return AnswerAll(std::move(batch->answers), absl::OkStatus());
  batch->changes.Rebase(&batch->durable);
  // A stamp of an entry that does not become durable makes a verdict only be looked at again.
  for (const Batch::Changed& changed : batch->ground) {
    stamps_.Stamp(changed.window.tier, changed.window.box, changed.sequence);
  }
  storage::MutexLock lock(mutex_);
  writing_ = std::move(batch);
  changed_.NotifyAll();
}

// An answer that names an entry holds only when that entry is durable; refusals, and what was only
// validated, name none.
void BookWriter::AnswerAll(std::vector<Answer> answers, const absl::Status& written) {
  const std::uint64_t durable = position().sequence;
  for (Answer& answer : answers) {
    if (answer.outcome.ok() && answer.outcome->sequence() > durable) {
      answer.done(RefusalFromWrite(written));
    } else {
      answer.done(std::move(answer.outcome));
    }
  }
}

// Up to which entry the verdict of a commit holds.
std::uint64_t BookWriter::VerifiedUntil(const ProposedCommit& proposed) const {
  const std::uint64_t checked = proposed.verdict.sequence;
  const bool goes_on = proposed.import != 0 && proposed.import == import_run_.import &&
                       checked + 1 >= import_run_.first;
  return goes_on ? std::max(checked, import_run_.last) : checked;
}

// Whether a boundary has changed since the verdict where it looked.
bool BookWriter::IsStale(const ProposedCommit& proposed, const Batch& batch) const {
  const std::uint64_t verified = VerifiedUntil(proposed);
  const auto has_changed = [&](const TierWindow& window) {
    const bool in_batch =
        std::any_of(batch.ground.begin(), batch.ground.end(), [&](const Batch::Changed& changed) {
          return changed.sequence > verified && changed.window.tier == window.tier &&
                 changed.window.box.Intersects(window.box);
        });
    return in_batch || !stamps_.UnchangedSince(window.tier, window.box, verified);
  };
  const auto& windows = proposed.verdict.windows;
  return std::any_of(windows.begin(), windows.end(), has_changed);
}

// Whether an import's plots follow a commit of the same import that differs in nothing but its
// rows, so that nothing but the rows is left to be decided (StateMachine::Enter). An import checks
// the codes that its rows bring against the book and among its rows, as it does its boundaries.
bool BookWriter::GoesOn(const ProposedCommit& proposed, const Moment& moment,
                        const Batch& batch) const {
  return proposed.plots != nullptr && import_run_.import == proposed.import &&
         import_run_.last == batch.position.sequence &&
         VerifiedUntil(proposed) == batch.position.sequence && import_run_.day == moment.day &&
         import_run_.policy == batch.policy;
}

common::Outcome<Applied> BookWriter::Decide(ProposedCommit* proposed, const Moment& moment,
                                            Batch* batch) {
  const VersionReader state(&batch->changes, parts_.book);
  const PackInForce pack{batch->policy.get(), &RulesOf(batch->policy)};
  const bool moved =
      IsStale(*proposed, *batch) || ControlLayersMoved(proposed->verdict, state, moment.day);
  if (!moved && GoesOn(*proposed, moment, *batch)) {
    if (auto entered = machine_.Enter(*proposed, moment, pack, &batch->changes)) {
      return *std::move(entered);
    }
  }
  proposed->SpellOut();
  if (moved) {
    RefreshVerdict({.commit = &proposed->checked(),
                    .policy = batch->policy.get(),
                    .epsg = parts_.epsg,
                    .plane_extent = parts_.plane_extent,
                    .sequence = batch->position.sequence,
                    .day = moment.day},
                   state, &proposed->verdict);
  }
  return machine_.Apply(*proposed, moment, pack, &batch->changes);
}

void BookWriter::ApplyOne(Waiting waiting, Batch* batch) {
  const std::int64_t now = std::max(parts_.clock->NowMicros(), batch->position.recorded_micros);
  const Moment moment{.sequence = batch->position.sequence + 1,
                      .first_leaf = batch->position.tree_size,
                      .recorded_micros = now,
                      .day = common::FormatCivilDate(batch->policy->time_zone().DateAt(now))};
  auto applied = Decide(&waiting.proposed, moment, batch);
  if (!applied.ok()) {
    batch->answers.push_back({std::move(waiting.done), std::move(applied.refusals())});
    return;
  }
  if (!applied->leaves.empty()) batch->position.recorded_micros = now;
  batch->answers.push_back({std::move(waiting.done), std::move(applied->response)});
  KeepApplied(waiting.proposed, moment, *std::move(applied), batch);
}

const law::PackRules& BookWriter::RulesOf(const std::shared_ptr<const common::Policy>& policy) {
  if (rules_pack_ != policy) {
    rules_ = law::PackRules::OfPolicy(*policy);
    rules_pack_ = policy;
  }
  return rules_;
}

void BookWriter::KeepApplied(const ProposedCommit& proposed, const Moment& moment, Applied applied,
                             Batch* batch) {
  if (applied.leaves.empty()) return;
  const std::uint64_t sequence = ++batch->position.sequence;
  batch->position.tree_size += applied.leaves.size();
  batch->last_header = applied.leaves.front();
  batch->leaves.insert(batch->leaves.end(), applied.leaves.begin(), applied.leaves.end());
  const bool goes_on = import_run_.import == proposed.import && import_run_.last + 1 == sequence;
  import_run_ = {proposed.import, goes_on ? import_run_.first : sequence, sequence, moment.day,
                 batch->policy};
  for (const CheckedBoundary& boundary : proposed.verdict.boundaries) {
    batch->ground.push_back({{boundary.tier, boundary.box}, sequence});
  }
  if (proposed.plots != nullptr) {
    // The windows hold all of them, and are few.
    for (const TierWindow& window : proposed.verdict.windows) {
      batch->ground.push_back({window, sequence});
    }
  }
  for (const NodedNeighbour& noded : proposed.verdict.noded) {
    for (const TierWindow& window : proposed.verdict.windows) {
      if (window.tier == noded.tier) batch->ground.push_back({window, sequence});
    }
  }
  for (const std::uint64_t number : applied.certificates_issued) {
    batch->certificates_issued.push_back(number);
  }
  for (const std::uint64_t number : applied.certificates_ended) {
    batch->certificates_ended.emplace_back(number, sequence);
  }
  if (!applied.pack_changed) return;
  auto policy = PolicyInForce(VersionReader(&batch->changes, parts_.book));
  LANDBOOK_CHECK(policy.ok());  // AdoptPack let it through a moment ago
  batch->policy = *std::move(policy);
}

// --- Writing -----------------------------------------------------------------------------------

std::shared_ptr<BookWriter::Batch> BookWriter::AwaitBatch() {
  storage::MutexLock lock(mutex_);
  while (writing_ == nullptr && !all_applied_) changed_.Wait(mutex_);
  return writing_;
}

void BookWriter::RunWrites() {
  while (const auto batch = AwaitBatch()) {
    batch->before.reset();  // durable, and read by nobody any more
    const std::uint64_t told = position().sequence;
    const absl::Status written = Write(batch.get());
    {
      storage::MutexLock lock(mutex_);
      last_write_ = written;
      writing_.reset();
      changed_.NotifyAll();
    }
    AnswerAll(std::move(batch->answers), written);
    if (position().sequence != told) NotifyListeners();
  }
}

absl::Status BookWriter::WriteStatuses(const Batch& batch, Position* position,
                                       storage::WriteBatch* write) {
  if (batch.certificates_issued.empty() && batch.certificates_ended.empty()) {
    return absl::OkStatus();
  }
  auto stage = parts_.status_tree.Begin();
  if (!stage.ok()) return stage.status();
  for (const std::uint64_t number : batch.certificates_issued) {
    const auto issued = stage->Issue();
    if (!issued.ok()) return issued.status();
    if (*issued != number) return absl::DataLossError("the status tree and the book count apart");
  }
  for (const auto& [number, sequence] : batch.certificates_ended) {
    if (const auto ended = stage->End(number, sequence); !ended.ok()) return ended;
  }
  const auto summary = stage->WriteTo(*write);
  if (!summary.ok()) return summary.status();
  position->status_size = summary->size;
  position->status_root = summary->root;
  return absl::OkStatus();
}

absl::Status BookWriter::Write(Batch* batch) {
  const Position before = position();
  Progress progress{
      .log = parts_.log.Begin(), .position = batch->position, .policy = batch->policy};
  progress.last_header = std::move(batch->last_header);
  progress.position.status_size = before.status_size;
  progress.position.status_root = before.status_root;
  for (const std::string_view leaf : batch->leaves) {
    progress.log.Append(storage::LeafHash(*parts_.suite, leaf));
  }
  storage::WriteBatch write;
  batch->changes.LendTo(&write);
  progress.log.WriteTo(write);
  const absl::Status statuses = WriteStatuses(*batch, &progress.position, &write);
  if (!statuses.ok()) return statuses;
  const std::uint64_t reached = progress.position.sequence;
  progress.remembered = parts_.memory->ChangedBy(write);
  parts_.memory->WillWrite(reached);
  in_doubt_ = std::make_unique<Progress>(std::move(progress));
  absl::Status written = parts_.engine->Write(write, parts_.fence, storage::Durability::kDurable);
  if (written.ok()) {
    Publish(*std::exchange(in_doubt_, nullptr));
  } else if (Settle().ok() && position().sequence == reached) {
    return absl::OkStatus();
  }
  return written;
}

// Finds out what became of a write that failed, where that is not known yet. OK when the book may
// go on: from the entries of that write where they are in the journal, from before them where not.
absl::Status BookWriter::Settle() {
  if (in_doubt_ == nullptr) return absl::OkStatus();
  // Once this has returned the failed write is no longer under way, and what it left is durable.
  const absl::Status over = parts_.engine->Write({}, parts_.fence, storage::Durability::kDurable);
  if (!over.ok()) return over;
  const auto last = ReadLastHeader(*parts_.engine, parts_.book);
  if (!last.ok()) return last.status();
  const std::uint64_t sequence = *last ? (*last)->sequence() : 0;
  const auto header =
      storage::ReadOne(*parts_.engine, JournalKey(parts_.book, sequence, /*leaf=*/0));
  if (!header.ok()) return header.status();
  if (*header == in_doubt_->last_header) {
    Publish(*std::exchange(in_doubt_, nullptr));
  } else if (sequence == position().sequence) {
    in_doubt_.reset();
  } else {
    return absl::FailedPreconditionError(
        fmt::format("the journal ends with entry {}; this writer stood at {} and did not write it",
                    sequence, position().sequence));
  }
  return absl::OkStatus();
}

void BookWriter::Publish(const Progress& progress) {
  parts_.log.Commit(progress.log);
  parts_.memory->HasWritten(progress.remembered, progress.position.sequence);
  storage::MutexLock lock(mutex_);
  LANDBOOK_CHECK(progress.position.sequence > position_.sequence);
  LANDBOOK_CHECK(progress.position.recorded_micros >= position_.recorded_micros);
  LANDBOOK_CHECK(progress.position.tree_size == parts_.log.size());
  position_ = progress.position;
  position_.root = parts_.log.Root();
  policy_ = progress.policy;
  changed_.NotifyAll();
}

void BookWriter::NotifyListeners() {
  const Position now = position();
  storage::MutexLock lock(listeners_mutex_);
  for (const auto& [number, listener] : listeners_) listener(now);
}

common::Outcome<std::shared_ptr<const common::Policy>> PolicyInForce(const VersionReader& state) {
  const auto bytes = state.Value(RecordKey(v1::RECORD_KIND_BOOK, 0));
  v1::BookRecord book;
  v1::AdoptedPack pack;
  std::optional<std::string> pack_bytes;
  if (bytes && book.ParseFromString(*bytes)) {
    pack_bytes = state.Value(RecordKey(v1::RECORD_KIND_PACK, book.pack()));
  }
  if (!pack_bytes || !pack.ParseFromString(*pack_bytes)) {
    return common::RefusalFromEngine(absl::DataLossError("the book has no pack in force"));
  }
  const std::vector<std::string> chain(pack.chain().begin(), pack.chain().end());
  auto policy = common::Policy::FromAdopted(chain);
  if (!policy.ok()) return std::move(policy.refusals());
  return std::shared_ptr<const common::Policy>(
      std::make_shared<common::Policy>(*std::move(policy)));
}

}  // namespace landbook::registry
