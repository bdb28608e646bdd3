// Entering the plots of an import without deciding act by act.
//
// The commits of one import follow one another and differ in nothing but their rows. Once the state
// machine has decided one of them in full, all that it asked about the book, the officer, the pack
// and the day holds for the next, as long as no other entry came between (book_writer.h sees to
// that). Its codes were looked for in the book and among its rows when it was checked, unless the
// book gives out codes to some of them: such an import is decided act by act. What is left are the
// rules about a single row; they are asked here, of the same functions. A row that breaks one, or
// wants more than a new plot with its own code, leaves its commit to the state machine, which tells
// what is to be told. Both ways leave the same bytes.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_ENTRY_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_ENTRY_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "landbook/v1/journal.pb.h"
#include "landbook/v1/plot.pb.h"
#include "services/common/policy.h"
#include "services/registry/fold.h"
#include "services/registry/imported_plots.h"
#include "services/registry/view.h"

namespace landbook::registry {

// What the rows of a commit are entered by. Pointers are borrowed.
struct PlotEntryFacts {
  BookNumber book = 0;
  std::uint64_t sequence = 0;  // the entry being made
  const ImportedPlots* plots = nullptr;
  const v1::PlotKind* kind = nullptr;  // of the plots, in the pack in force
  std::string county;                  // the book's code
};

class PlotEntry {
 public:
  // REQUIRES: `changes` lies over the state before the entry and outlives this; the plots' codes
  // were never used.
  PlotEntry(const PlotEntryFacts& facts, Overlay* changes);

  // Whether a row is all that its act has to say: a new plot with a code of its own, which keeps
  // the rules that the state machine asks of it.
  bool Takes(const StagedRow& row) const;
  // Enters a row as the next leaf; gives the leaf's bytes, where they lie. REQUIRES: Takes(row).
  std::string_view Enter(const PassedRow& row);

  Fold& fold() { return fold_; }

 private:
  void FillRecord(const PassedRow& row);

  const PlotEntryFacts facts_;
  Overlay* changes_;
  Fold fold_;
  std::uint32_t leaf_ = 0;
  // Made anew for each row in memory that is kept.
  v1::Plot plot_;
  v1::ActRecord act_;
  std::string leaf_bytes_;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_ENTRY_H_
