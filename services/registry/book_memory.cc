#include "services/registry/book_memory.h"

#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// The names of parts. A cell: its tier, size class, and number among the cells of that class, which
// needs 38 bits at most.
PartName NameOf(const GroundCellName& cell) {
  const std::uint64_t number = cell.first_position >> (2 * kGroundCellBits[cell.size_class]);
  return (std::uint64_t{cell.tier} << 48) | (std::uint64_t{cell.size_class} << 40) | number;
}

// A run: its number, apart from all cells.
PartName NameOfRun(std::uint64_t plot) { return (std::uint64_t{1} << 63) | plot / PlotRun::kPlots; }

std::uint64_t NextId() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

// Neighbouring keys mostly change one part.
void AddPart(PartName part, BookMemory::Changed* changed) {
  if (changed->parts.empty() || changed->parts.back() != part) changed->parts.push_back(part);
}

void AddChanged(std::string_view table_key, BookMemory::Changed* changed) {
  switch (static_cast<Table>(table_key.front())) {
    case Table::kWindow: {
      const WindowKeyTail line = TailOfWindowKey(table_key);
      AddPart(NameOf(CellOf(line)), changed);
      changed->classes.emplace(line.tier, line.size_class);
      return;
    }
    case Table::kPlace:
    case Table::kUnitsOfPlot:
      // Both have the plot's number first.
      AddPart(NameOfRun(storage::ByteReader(table_key.substr(1)).ReadU64()), changed);
      return;
    default:
      return;
  }
}

}  // namespace

BookMemory::BookMemory(ReadMemory* memory, BookNumber book, std::uint64_t sequence)
    : memory_(memory), book_(book), id_(NextId()), stamps_(sequence), begun_(sequence) {
  LANDBOOK_CHECK(memory_ != nullptr);
}

BookMemory::Changed BookMemory::ChangedBy(const storage::WriteBatch& batch) const {
  const std::string prefix = SpacePrefix(book_, Space::kCurrent);
  Changed changed;
  for (const storage::WriteBatch::Operation& operation : batch.Operations()) {
    const std::string_view key = operation.key;
    if (key.starts_with(prefix)) AddChanged(key.substr(prefix.size()), &changed);
  }
  return changed;
}

void BookMemory::HasWritten(const Changed& changed, std::uint64_t sequence) {
  for (const PartName part : changed.parts) stamps_.Stamp(part, sequence);
  storage::MutexLock lock(classes_mutex_);
  classes_.insert(changed.classes.begin(), changed.classes.end());
}

std::shared_ptr<const GroundLines> BookMemory::FindCell(const GroundCellName& cell,
                                                        std::uint64_t as_of) {
  return memory_->ground.Find({id_, NameOf(cell)}, stamps_, as_of);
}

void BookMemory::KeepCell(const GroundCellName& cell, std::uint64_t as_of,
                          std::shared_ptr<const GroundLines> lines) {
  const std::size_t bytes = lines->SizeBytes();
  memory_->ground.Keep({id_, NameOf(cell)}, as_of, std::move(lines), bytes);
}

std::shared_ptr<const PlotRun> BookMemory::FindRun(std::uint64_t first, std::uint64_t as_of) {
  return memory_->plots.Find({id_, NameOfRun(first)}, stamps_, as_of);
}

void BookMemory::KeepRun(std::uint64_t as_of, std::shared_ptr<const PlotRun> run) {
  const std::size_t bytes = run->SizeBytes();
  const PartName name = NameOfRun(run->first());
  memory_->plots.Keep({id_, name}, as_of, std::move(run), bytes);
}

std::optional<std::set<TierClass>> BookMemory::Classes() const {
  storage::MutexLock lock(classes_mutex_);
  return classes_known_ ? std::optional(classes_) : std::nullopt;
}

void BookMemory::LearnClasses(const std::set<TierClass>& classes) {
  storage::MutexLock lock(classes_mutex_);
  classes_.insert(classes.begin(), classes.end());
  classes_known_ = true;
}

}  // namespace landbook::registry
