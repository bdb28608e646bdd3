// What the readers of a book keep in memory of its newest state, so that most of a window or a
// look-up needs no engine: decoded lines of the window index (ground_cell.h), and where plots lie
// and which units they have (plot_run.h). Why it is right while the writer goes on: change_stamps.h
// and part_cache.h; who looks at an earlier entry asks the engine.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_MEMORY_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_MEMORY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "services/registry/change_stamps.h"
#include "services/registry/ground_cell.h"
#include "services/registry/part_cache.h"
#include "services/registry/plot_run.h"
#include "services/registry/recorded_times.h"
#include "services/registry/view.h"
#include "storage/mutex.h"

namespace landbook::registry {

// The memory that all books of a server share, so that many small counties take no more of it than
// one large county. A county of 200,000 plots takes some 35 MB of ground and 9 MB of plots.
struct ReadMemory {
  static constexpr std::size_t kGroundBytesMax = 64u << 20;
  static constexpr std::size_t kPlotBytesMax = 32u << 20;

  PartCache<GroundLines> ground{kGroundBytesMax};
  PartCache<PlotRun> plots{kPlotBytesMax};
};

// A tier and a size class of it that have held a boundary at some time.
using TierClass = std::pair<std::uint8_t, std::uint8_t>;

// One book's. Readers may be on any thread; one thread writes.
class BookMemory {
 public:
  // REQUIRES: the book stands at `sequence` and nothing is being written; `memory` outlives this.
  BookMemory(ReadMemory* memory, BookNumber book, std::uint64_t sequence);

  // --- The writer's part -----------------------------------------------------------------------

  // What of the memory a write changes.
  struct Changed {
    std::vector<PartName> parts;
    std::set<TierClass> classes;
  };
  Changed ChangedBy(const Overlay& changes) const;

  // Is about to write entries up to `sequence`.
  void WillWrite(std::uint64_t sequence) { begun_.store(sequence); }
  // Has written what changed in entries up to `sequence`, which is not yet the book's position.
  void HasWritten(const Changed& changed, std::uint64_t sequence)
      LANDBOOK_EXCLUDES(classes_mutex_);

  // --- The readers' part -----------------------------------------------------------------------

  // False only when what a reader has just seen of the engine held nothing of an entry after
  // `as_of`. Right because the writer says so first: whoever sees a change sees that, too.
  bool MayHaveMoved(std::uint64_t as_of) const { return begun_.load() > as_of; }

  std::shared_ptr<const GroundLines> FindCell(const GroundCellName& cell, std::uint64_t as_of);
  void KeepCell(const GroundCellName& cell, std::uint64_t as_of,
                std::shared_ptr<const GroundLines> lines);
  // The run that begins with a plot.
  std::shared_ptr<const PlotRun> FindRun(std::uint64_t first, std::uint64_t as_of);
  void KeepRun(std::uint64_t as_of, std::shared_ptr<const PlotRun> run);

  // All tiers and size classes that have held something as of any position so far, and perhaps
  // others; nullopt until some reader has learned them.
  std::optional<std::set<TierClass>> Classes() const LANDBOOK_EXCLUDES(classes_mutex_);
  // What the counters of the engine tell, read after the book was opened.
  void LearnClasses(const std::set<TierClass>& classes) LANDBOOK_EXCLUDES(classes_mutex_);

  // When its entries were recorded.
  RecordedTimes& recorded_times() { return recorded_times_; }

 private:
  ReadMemory* memory_;
  const BookNumber book_;
  const std::uint64_t id_;  // of this opening, in the shared memory
  ChangeStamps stamps_;
  std::atomic<std::uint64_t> begun_;
  RecordedTimes recorded_times_;

  mutable storage::Mutex classes_mutex_;
  std::set<TierClass> classes_ LANDBOOK_GUARDED_BY(classes_mutex_);
  bool classes_known_ LANDBOOK_GUARDED_BY(classes_mutex_) = false;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_MEMORY_H_
