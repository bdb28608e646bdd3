// The one writer of a book: takes what waits, applies it, makes it durable with one write, answers.
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
  std::uint64_t sequence = 0;
  std::int64_t recorded_micros = 0;
  std::uint64_t tree_size = 0;
  storage::Hash root{};
  std::uint64_t status_size = 0;
  storage::Hash status_root{};
};

// What a writer is made of. Pointers are borrowed and outlive it.
struct BookWriterParts {
  storage::Engine* engine = nullptr;
  storage::Fence fence;
  BookNumber book = 0;
  const storage::Suite* suite = nullptr;
  PrivateVault* vault = nullptr;
  BookMemory* memory = nullptr;
  common::Clock* clock = nullptr;
  std::uint32_t epsg = 0;
  std::optional<geo::Box> plane_extent;
  std::shared_ptr<const common::Policy> policy;
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
  // A batch ends when it has taken this long, or holds this many commits or bytes.
  static constexpr std::chrono::milliseconds kBatchTimeMax{50};
  static constexpr std::size_t kBatchCommitsMax = 256;

  explicit BookWriter(BookWriterParts parts);
  // Refuses what still waits with SHUTTING_DOWN, and ends the thread.
  ~BookWriter();
  BookWriter(const BookWriter&) = delete;
  BookWriter& operator=(const BookWriter&) = delete;

  // Takes a commit in. `done` is called once, from the writer's thread or from here when the queue
  // is full, and must not block.
  void Submit(ProposedCommit proposed, Lane lane, Done done);

  // Where the book stands for readers: everything up to it is durable.
  Position position() const;
  // The pack in force there.
  std::shared_ptr<const common::Policy> policy() const;
  // Waits until the book has reached `sequence`; false when the deadline came first.
  bool WaitFor(std::uint64_t sequence, std::chrono::steady_clock::time_point deadline) const;

  // Is called after every durable write, from the writer's thread, and must not block. The listener
  // of a returned number is not called again once RemoveListener has returned.
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
  // How far a batch takes the book, and everything about one batch.
  struct Progress;
  struct Batch;

  void Run();
  std::optional<Waiting> TakeOne(bool wait);
  void ProcessBatch(Waiting first);
  void ApplyOne(Waiting waiting, Batch* batch);
  void KeepApplied(const ProposedCommit& proposed, const Applied& applied, Batch* batch);
  absl::Status Write(Batch* batch);
  absl::Status Settle();
  void Publish(const Progress& progress);
  void AnswerAll(std::vector<Answer> answers, const absl::Status& written);
  void NotifyListeners();

  BookWriterParts parts_;
  StateMachine machine_;
  CellStamps stamps_;
  // The progress of a write that failed, until it is known whether the engine applied it. Of the
  // writer's thread, as are the machine and the stamps.
  std::unique_ptr<Progress> in_doubt_;

  mutable storage::Mutex mutex_;
  mutable storage::ConditionVariable changed_;
  std::deque<Waiting> clerks_ LANDBOOK_GUARDED_BY(mutex_);
  std::deque<Waiting> imports_ LANDBOOK_GUARDED_BY(mutex_);
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  Position position_ LANDBOOK_GUARDED_BY(mutex_);
  std::shared_ptr<const common::Policy> policy_ LANDBOOK_GUARDED_BY(mutex_);

  storage::Mutex listeners_mutex_;
  std::vector<std::pair<std::uint64_t, std::function<void(const Position&)>>> listeners_
      LANDBOOK_GUARDED_BY(listeners_mutex_);
  std::uint64_t last_listener_ LANDBOOK_GUARDED_BY(listeners_mutex_) = 0;

  std::thread thread_;  // last: it uses everything above
};

// The pack in force in a state: the newest adopted one, read from its texts.
common::Outcome<std::shared_ptr<const common::Policy>> PolicyInForce(const VersionReader& state);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_WRITER_H_
