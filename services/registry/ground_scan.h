// The lines of the window index that meet a window, as a book's reader reads them.
#ifndef LANDBOOK_SERVICES_REGISTRY_GROUND_SCAN_H_
#define LANDBOOK_SERVICES_REGISTRY_GROUND_SCAN_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "geo/boundary.h"
#include "services/registry/book_memory.h"
#include "services/registry/ground_cell.h"
#include "storage/engine.h"

namespace landbook::registry {

class BookReader;

// Gives one line after the other, in the order of the index; a plot of several stretches once, by
// the first of them that the window meets. A reader of the newest state takes the cells that the
// window needs from the book's memory, and puts there what it had to read; any other reader, and a
// window of very many cells, reads the engine by pages, so that no window is held whole.
class GroundScan {
 public:
  // All tiers when `tier` is absent. REQUIRES: `reader` outlives the scan.
  GroundScan(BookReader* reader, const geo::Box& window, std::optional<std::uint8_t> tier);

  // The next line; null when there is nothing more, or the reader has failed. It lives until the
  // next call.
  const GroundLine* Next();

 private:
  // Some lines in memory, or ranges of table keys to be read.
  struct Part {
    std::shared_ptr<const GroundLines> lines;
    std::vector<storage::KeyRange> ranges;
  };

  void AddClass(const TierClass& tier_class);
  void AddRanges(std::vector<storage::KeyRange> ranges);
  // The lines of a cell; null when the reader has failed.
  std::shared_ptr<const GroundLines> LinesOf(const GroundCellName& cell);
  // Goes on to the next lines; false when there are none.
  bool Advance();
  std::shared_ptr<const GroundLines> ReadPage(std::vector<storage::KeyRange>* ranges);

  BookReader* reader_;
  BookMemory* memory_;  // null when the reader does not look at the newest state
  const geo::Box window_;
  std::deque<Part> parts_;  // not begun yet, or to be read on
  std::shared_ptr<const GroundLines> lines_;
  std::size_t at_ = 0;  // in lines_
  GroundLine line_;
  std::set<std::uint64_t> stretched_;  // plots shown by one of their stretches
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_GROUND_SCAN_H_
