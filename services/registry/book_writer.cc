#include "services/registry/book_writer.h"

#include <algorithm>
#include <utility>

#include "services/registry/act_context.h"
#include "services/registry/commit_control.h"
#include "storage/check.h"

namespace landbook::registry {

struct BookWriter::Batch {
  Batch(const View* engine, storage::MerkleLog::Stage log_stage, const Position& start,
        std::shared_ptr<const common::Policy> policy_in_force)
      : changes(engine), log(std::move(log_stage)), position(start),
        policy(std::move(policy_in_force)) {}

  Overlay changes;
  storage::MerkleLog::Stage log;
  Position position;
  std::shared_ptr<const common::Policy> policy;
  std::vector<std::uint64_t> certificates_issued;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> certificates_ended;  // number, sequence
  struct Changed {
    TierWindow window;
    std::uint64_t sequence;
  };
  std::vector<Changed> ground;
  std::vector<Answer> answers;
};

BookWriter::BookWriter(BookWriterParts parts)
    : parts_(std::move(parts)),
      machine_(parts_.book, parts_.vault),
      position_(parts_.position),
      policy_(parts_.policy),
      thread_([this] { Run(); }) {}

BookWriter::~BookWriter() {
  {
    storage::MutexLock lock(mutex_);
    stopping_ = true;
    changed_.NotifyAll();
  }
  thread_.join();
}

void BookWriter::Submit(ProposedCommit proposed, Lane lane, Done done) {
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
  const auto refusal = common::Refuse(Reason::SHUTTING_DOWN, "",
                                      {"The server is shutting down. Send the request again.",
                                       "服务器正在关闭，请重新发送请求。"});
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
  const EngineView engine(parts_.engine);
  Position start;
  std::shared_ptr<const common::Policy> policy_in_force;
  {
    storage::MutexLock lock(mutex_);
    start = position_;
    policy_in_force = policy_;
  }
  Batch batch(&engine, parts_.log.Begin(), start, std::move(policy_in_force));
  std::optional<Waiting> next = std::move(first);
  while (next) {
    ApplyOne(*std::move(next), &batch);
    const bool full = batch.answers.size() >= kBatchCommitsMax ||
                      std::chrono::steady_clock::now() >= end;
    next = full ? std::nullopt : TakeOne(/*wait=*/false);
  }
  const bool changed = batch.position.sequence != start.sequence;
  const absl::Status written = changed ? Write(&batch) : absl::OkStatus();
  if (written.ok() && changed) Publish(batch);
  for (Answer& answer : batch.answers) {
    // What was only refused or validated needs no write; what was accepted holds only when written.
    if (answer.outcome.ok() && !written.ok()) {
      answer.done(common::RefusalFromEngine(written));
    } else {
      answer.done(std::move(answer.outcome));
    }
  }
  if (written.ok() && changed) NotifyListeners();
}

void BookWriter::ApplyOne(Waiting waiting, Batch* batch) {
  const std::int64_t now =
      std::max(parts_.clock->NowMicros(), batch->position.recorded_micros);
  const Moment moment{.sequence = batch->position.sequence + 1,
                      .first_leaf = batch->log.size(),
                      .recorded_micros = now,
                      .day = common::FormatCivilDate(batch->policy->time_zone().DateAt(now))};
  CommitVerdict& verdict = waiting.proposed.verdict;
  const bool stale = std::any_of(
      verdict.windows.begin(), verdict.windows.end(), [&](const TierWindow& window) {
        const bool in_batch = std::any_of(
            batch->ground.begin(), batch->ground.end(), [&](const Batch::Changed& changed) {
              return changed.window.tier == window.tier &&
                     changed.window.box.Intersects(window.box);
            });
        return in_batch || !stamps_.UnchangedSince(window.tier, window.box, verdict.sequence);
      });
  const VersionReader state(&batch->changes, parts_.book);
  if (stale || ControlLayersMoved(verdict, state, moment.day)) {
    RefreshVerdict({.commit = &waiting.proposed.commit,
                    .policy = batch->policy.get(),
                    .epsg = parts_.epsg,
                    .plane_extent = parts_.plane_extent,
                    .sequence = batch->position.sequence,
                    .day = moment.day},
                   state, &verdict);
  }
  auto applied = machine_.Apply(waiting.proposed, moment, *batch->policy, &batch->changes);
  if (!applied.ok()) {
    batch->answers.push_back({std::move(waiting.done), std::move(applied.refusals())});
    return;
  }
  KeepApplied(waiting.proposed, *applied, batch);
  if (!applied->leaves.empty()) batch->position.recorded_micros = now;
  batch->answers.push_back({std::move(waiting.done), std::move(applied->response)});
}

void BookWriter::KeepApplied(const ProposedCommit& proposed, const Applied& applied,
                             Batch* batch) {
  if (applied.leaves.empty()) return;
  for (const std::string& leaf : applied.leaves) {
    batch->log.Append(storage::LeafHash(*parts_.suite, leaf));
  }
  const std::uint64_t sequence = ++batch->position.sequence;
  for (const CheckedBoundary& boundary : proposed.verdict.boundaries) {
    batch->ground.push_back({{boundary.tier, boundary.box}, sequence});
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

absl::Status BookWriter::Write(Batch* batch) {
  storage::WriteBatch write;
  batch->changes.AppendTo(&write);
  batch->log.WriteTo(write);
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
    batch->position.status_size = summary->size;
    batch->position.status_root = summary->root;
  }
  return parts_.engine->Write(write, parts_.fence, storage::Durability::kDurable);
}

void BookWriter::Publish(const Batch& batch) {
  parts_.log.Commit(batch.log);
  for (const Batch::Changed& changed : batch.ground) {
    stamps_.Stamp(changed.window.tier, changed.window.box, changed.sequence);
  }
  storage::MutexLock lock(mutex_);
  position_ = batch.position;
  position_.tree_size = parts_.log.size();
  position_.root = parts_.log.Root();
  policy_ = batch.policy;
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
