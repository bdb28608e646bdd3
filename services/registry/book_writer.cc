#include "services/registry/book_writer.h"

#include <algorithm>
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
  struct Changed {
    TierWindow window;
    std::uint64_t sequence;
  };

  storage::MerkleLog::Stage log;
  Position position;
  std::shared_ptr<const common::Policy> policy;
  std::vector<Changed> ground = {};
  BookMemory::Changed remembered = {};
  std::string last_header = {};  // of the entry at `position`, as it is stored
};

struct BookWriter::Batch {
  Batch(const View* engine, Progress start) : changes(engine), progress(std::move(start)) {}

  Overlay changes;
  Progress progress;
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
  thread_ = std::thread([this] { Run(); });
}

BookWriter::~BookWriter() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
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

void BookWriter::Run() {
  while (auto first = TakeOne(/*wait=*/true)) ProcessBatch(*std::move(first));
  const auto refusal = common::Refuse(
      Reason::SHUTTING_DOWN, "",
      {"The server is shutting down. Send the request again.", "服务器正在关闭，请重新发送请求。"});
  while (auto waiting = TakeOne(/*wait=*/false)) waiting->done(refusal);
}

// The next commit: a clerk's before an import's. Waiting ends with nullopt when the writer stops.
std::optional<BookWriter::Waiting> BookWriter::TakeOne(bool wait) {
  storage::MutexLock lock(mutex_);
  while (wait && !stopping_ && clerks_.empty() && imports_.empty()) changed_.Wait(mutex_);
  if (wait && stopping_) return std::nullopt;
  auto& queue = clerks_.empty() ? imports_ : clerks_;
  if (queue.empty()) return std::nullopt;
  Waiting waiting = std::move(queue.front());
  queue.pop_front();
  return waiting;
}

void BookWriter::ProcessBatch(Waiting first) {
  const auto end = std::chrono::steady_clock::now() + kBatchTimeMax;
  const std::uint64_t told = position().sequence;
  if (const absl::Status settled = Settle(); !settled.ok()) {
    return first.done(RefusalFromWrite(settled));
  }
  const EngineView engine(parts_.engine);
  const Position start = position();
  Batch batch(&engine, {.log = parts_.log.Begin(), .position = start, .policy = policy()});
  std::optional<Waiting> next = std::move(first);
  while (next) {
    ApplyOne(*std::move(next), &batch);
    const bool full =
        batch.answers.size() >= kBatchCommitsMax || std::chrono::steady_clock::now() >= end;
    next = full ? std::nullopt : TakeOne(/*wait=*/false);
  }
  const bool changed = batch.progress.position.sequence != start.sequence;
  const absl::Status written = changed ? Write(&batch) : absl::OkStatus();
  AnswerAll(std::move(batch.answers), written);
  if (position().sequence != told) NotifyListeners();
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

void BookWriter::ApplyOne(Waiting waiting, Batch* batch) {
  Progress& progress = batch->progress;
  const std::int64_t now = std::max(parts_.clock->NowMicros(), progress.position.recorded_micros);
  const Moment moment{.sequence = progress.position.sequence + 1,
                      .first_leaf = progress.log.size(),
                      .recorded_micros = now,
                      .day = common::FormatCivilDate(progress.policy->time_zone().DateAt(now))};
  CommitVerdict& verdict = waiting.proposed.verdict;
  const bool stale =
      std::any_of(verdict.windows.begin(), verdict.windows.end(), [&](const TierWindow& window) {
        const bool in_batch = std::any_of(progress.ground.begin(), progress.ground.end(),
                                          [&](const Progress::Changed& changed) {
                                            return changed.window.tier == window.tier &&
                                                   changed.window.box.Intersects(window.box);
                                          });
        return in_batch || !stamps_.UnchangedSince(window.tier, window.box, verdict.sequence);
      });
  const VersionReader state(&batch->changes, parts_.book);
  if (stale || ControlLayersMoved(verdict, state, moment.day)) {
    RefreshVerdict({.commit = &waiting.proposed.commit,
                    .policy = progress.policy.get(),
                    .epsg = parts_.epsg,
                    .plane_extent = parts_.plane_extent,
                    .sequence = progress.position.sequence,
                    .day = moment.day},
                   state, &verdict);
  }
  auto applied = machine_.Apply(waiting.proposed, moment, *progress.policy, &batch->changes);
  if (!applied.ok()) {
    batch->answers.push_back({std::move(waiting.done), std::move(applied.refusals())});
    return;
  }
  KeepApplied(waiting.proposed, *applied, batch);
  if (!applied->leaves.empty()) progress.position.recorded_micros = now;
  batch->answers.push_back({std::move(waiting.done), std::move(applied->response)});
}

void BookWriter::KeepApplied(const ProposedCommit& proposed, const Applied& applied, Batch* batch) {
  if (applied.leaves.empty()) return;
  Progress& progress = batch->progress;
  for (const std::string& leaf : applied.leaves) {
    progress.log.Append(storage::LeafHash(*parts_.suite, leaf));
  }
  progress.last_header = applied.leaves.front();
  const std::uint64_t sequence = ++progress.position.sequence;
  for (const CheckedBoundary& boundary : proposed.verdict.boundaries) {
    progress.ground.push_back({{boundary.tier, boundary.box}, sequence});
  }
  for (const NodedNeighbour& noded : proposed.verdict.noded) {
    for (const TierWindow& window : proposed.verdict.windows) {
      if (window.tier == noded.tier) progress.ground.push_back({window, sequence});
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
  progress.policy = *std::move(policy);
}

absl::Status BookWriter::Write(Batch* batch) {
  storage::WriteBatch write;
  batch->changes.AppendTo(&write);
  batch->progress.log.WriteTo(write);
  if (!batch->certificates_issued.empty() || !batch->certificates_ended.empty()) {
    auto stage = parts_.status_tree.Begin();
    if (!stage.ok()) return stage.status();
    for (const std::uint64_t number : batch->certificates_issued) {
      const auto issued = stage->Issue();
      if (!issued.ok()) return issued.status();
      if (*issued != number) return absl::DataLossError("the status tree and the book count apart");
    }
    for (const auto& [number, sequence] : batch->certificates_ended) {
      if (const auto ended = stage->End(number, sequence); !ended.ok()) return ended;
    }
    const auto summary = stage->WriteTo(write);
    if (!summary.ok()) return summary.status();
    batch->progress.position.status_size = summary->size;
    batch->progress.position.status_root = summary->root;
  }
  const std::uint64_t reached = batch->progress.position.sequence;
  batch->progress.remembered = parts_.memory->ChangedBy(batch->changes);
  parts_.memory->WillWrite(reached);
  in_doubt_ = std::make_unique<Progress>(std::move(batch->progress));
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
  for (const Progress::Changed& changed : progress.ground) {
    stamps_.Stamp(changed.window.tier, changed.window.box, changed.sequence);
  }
  storage::MutexLock lock(mutex_);
  LANDBOOK_CHECK(progress.position.sequence > position_.sequence);
  LANDBOOK_CHECK(progress.position.recorded_micros >= position_.recorded_micros);
  position_ = progress.position;
  position_.tree_size = parts_.log.size();
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
  auto policy = common::Policy::FromTexts(chain);
  if (!policy.ok()) return std::move(policy.refusals());
  return std::shared_ptr<const common::Policy>(
      std::make_shared<common::Policy>(*std::move(policy)));
}

}  // namespace landbook::registry
