// The one writer of a book: takes what waits, applies it, makes it durable with one write, answers.
// While one batch is being written the next is applied over it.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_WRITER_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_WRITER_H_

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "services/common/clock.h"
#include "services/common/policy.h"
#include "services/common/refusal.h"
#include "services/law/pack_rules.h"
#include "services/registry/book_memory.h"
#include "services/registry/cell_stamps.h"
#include "services/registry/commit_check.h"
#include "services/registry/state_machine.h"
#include "storage/engine.h"
#include "storage/merkle_log.h"
#include "storage/mutex.h"
#include "storage/status_tree.h"

namespace landbook::registry {

// Where a book stands after its last durable write.
struct Position {
  std::uint64_t sequence = 0;        // of the last entry
  std::int64_t recorded_micros = 0;  // when that one was recorded, since 1970 UTC; never decreases
  std::uint64_t tree_size = 0;       // leaves of the journal's tree
  storage::Hash root{};              // of that tree
  std::uint64_t status_size = 0;     // certificates in the status tree
  storage::Hash status_root{};
};

// What a writer is made of. Pointers are borrowed, outlive it, and are all there; the log, the
// status tree and the position are of one moment.
struct BookWriterParts {
  storage::Engine* engine = nullptr;
  storage::Fence fence;  // of the book's name, acquired last by whoever makes the writer
  BookNumber book = 0;
  const storage::Suite* suite = nullptr;  // of the hashes
  PrivateVault* vault = nullptr;
  BookMemory* memory = nullptr;
  common::Clock* clock = nullptr;
  std::uint32_t epsg = 0;                // of the book's plane
  std::optional<geo::Box> plane_extent;  // where that plane is meant to be used, if it says so
  std::shared_ptr<const common::Policy> policy;  // the pack in force at `position`
  storage::MerkleLog log;
  storage::StatusTree status_tree;
  Position position;
};

// A commit is answered as accepted only when its entry is durable. A write whose answer was lost is
// looked up in the journal: what is there is published and answered, what is not was never, and
// until that is known nothing is accepted. When the journal goes on with what this writer did not
// write, every later commit is refused with WRITER_REPLACED.
class BookWriter {
 public:
  using Done = std::function<void(common::Outcome<v1::CommitResponse>)>;
  // Clerks are served before import chunks.
  enum class Lane { kClerk, kImport };

  // At most this many commits wait in each lane; one more is refused with WRITER_BUSY.
  static constexpr std::size_t kWaitingMax = 1'024;
  // A batch ends when it has taken this long and nothing is being written, or when it holds this
  // many commits or leaves.
  static constexpr std::chrono::milliseconds kBatchTimeMax{50};
  static constexpr std::size_t kBatchCommitsMax = 256;
  static constexpr std::size_t kBatchLeavesMax = 20'000;

  explicit BookWriter(BookWriterParts parts);
  // Refuses what still waits with SHUTTING_DOWN, and ends the thread.
  ~BookWriter();
  BookWriter(const BookWriter&) = delete;
  BookWriter& operator=(const BookWriter&) = delete;

  // Takes a commit in. `done` is called once, from a thread of the writer's or from here when the
  // queue is full, and must not block.
  void Submit(ProposedCommit proposed, Lane lane, Done done);

  // How many commits wait to be applied.
  std::size_t waiting() const;

  // Where the book stands for readers: everything up to it is durable.
  Position position() const;
  // The pack in force there.
  std::shared_ptr<const common::Policy> policy() const;
  // Waits until the book has reached `sequence`; false when the deadline came first.
  bool WaitFor(std::uint64_t sequence, std::chrono::steady_clock::time_point deadline) const;

  // Is called after every durable write, from a thread of the writer's, and must not block. The
  // listener of a returned number is not called again once RemoveListener has returned.
  std::uint64_t AddListener(std::function<void(const Position&)> listener);
  void RemoveListener(std::uint64_t number);

 private:
  struct Waiting {
    ProposedCommit proposed;
    Done done;
  };
  struct Answer {
    Done done;
    common::Outcome<v1::CommitResponse> outcome;
  };
  // Everything about one batch, and how far its write takes the book.
  struct Batch;
  struct Progress;
  // Entries one after another that one import made. What an import checks is checked against all of
  // its own rows, so its verdicts hold over these.
  struct ImportRun {
    std::uint64_t import = 0;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::string day;                               // of the last
    std::shared_ptr<const common::Policy> policy;  // under which that was decided
  };

  // The applying thread's part.
  void Run();
  std::optional<Waiting> TakeNext() LANDBOOK_REQUIRES(mutex_);
  std::optional<Waiting> TakeFirst();
  std::optional<Waiting> TakeMore(const Batch& batch);
  void ProcessBatch(Waiting first);
  absl::StatusOr<std::shared_ptr<Batch>> BeginBatch();
  void ApplyOne(Waiting waiting, Batch* batch);
  std::uint64_t VerifiedUntil(const ProposedCommit& proposed) const;
  bool IsStale(const ProposedCommit& proposed, const Batch& batch) const;
  bool GoesOn(const ProposedCommit& proposed, const Moment& moment, const Batch& batch) const;
  common::Outcome<Applied> Decide(ProposedCommit* proposed, const Moment& moment, Batch* batch);
  const law::PackRules& RulesOf(const std::shared_ptr<const common::Policy>& policy);
  void KeepApplied(const ProposedCommit& proposed, const Moment& moment, Applied applied,
                   Batch* batch);
  void HandOver(std::shared_ptr<Batch> batch);
  void RefuseWaiting();

  // The writing thread's.
  void RunWrites();
  std::shared_ptr<Batch> AwaitBatch();
  absl::Status Write(Batch* batch);
  absl::Status WriteStatuses(const Batch& batch, Position* position, storage::WriteBatch* write);

  // Of whichever of them has the batch: the applying thread while nothing is being written.
  absl::Status Settle();
  void Publish(const Progress& progress);
  void AnswerAll(std::vector<Answer> answers, const absl::Status& written);
  void NotifyListeners();

  BookWriterParts parts_;
  // The applying thread's.
  StateMachine machine_;
  // What law asks of a pack, and of which: read anew when the pack is another.
  law::PackRules rules_;
  std::shared_ptr<const common::Policy> rules_pack_;
  CellStamps stamps_;
  ImportRun import_run_;
  // The progress of a write that failed, until it is known whether the engine applied it. Of the
  // writing thread while a batch is being written, else of the applying one.
  std::unique_ptr<Progress> in_doubt_;

  mutable storage::Mutex mutex_;
  mutable storage::ConditionVariable changed_;
  std::deque<Waiting> clerks_ LANDBOOK_GUARDED_BY(mutex_);
  std::deque<Waiting> imports_ LANDBOOK_GUARDED_BY(mutex_);
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool all_applied_ LANDBOOK_GUARDED_BY(mutex_) = false;  // no batch comes any more
  std::shared_ptr<Batch> writing_ LANDBOOK_GUARDED_BY(mutex_);
  absl::Status last_write_ LANDBOOK_GUARDED_BY(mutex_);
  Position position_ LANDBOOK_GUARDED_BY(mutex_);
  std::shared_ptr<const common::Policy> policy_ LANDBOOK_GUARDED_BY(mutex_);

  storage::Mutex listeners_mutex_;
  std::vector<std::pair<std::uint64_t, std::function<void(const Position&)>>> listeners_
      LANDBOOK_GUARDED_BY(listeners_mutex_);
  std::uint64_t last_listener_ LANDBOOK_GUARDED_BY(listeners_mutex_) = 0;

  // Last: they use everything above.
  std::thread writing_thread_;
  std::thread applying_thread_;
};

// The pack in force in a state: the newest adopted one, read from its texts.
common::Outcome<std::shared_ptr<const common::Policy>> PolicyInForce(const VersionReader& state);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_WRITER_H_
