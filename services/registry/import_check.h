// The check of one piece of an import: rows that lie together, among their neighbours in the file
// and in the book.
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORT_CHECK_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORT_CHECK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/policy.h"
#include "services/registry/import_staging.h"
#include "services/registry/keys.h"
#include "storage/engine.h"

namespace landbook::registry {

// What the rows of an import are checked by. Pointers are borrowed.
struct ImportRules {
  const storage::Engine* engine = nullptr;
  BookNumber book = 0;
  std::uint64_t sequence = 0;  // the state of the book that is looked at
  bool book_is_empty = false;  // no plot had a number in it: nothing of the book is a neighbour
  const common::Policy* policy = nullptr;
  const v1::PlotKind* kind = nullptr;
  std::uint8_t tier = 0;
  std::string allocate_division;  // empty when rows bring their codes
  std::optional<geo::Box> plane_extent;
  std::string day;                            // says which control layers are in force
  std::vector<std::uint64_t> control_layers;  // those: LayersInForce of the state that is looked at
};

// A row that the check let through.
struct PassedRow {
  StagedRow staged;
  std::vector<v1::Finding> warnings;
  std::int64_t computed_area_hundredths_m2 = 0;
};

// What came of the piece. Every row of it is counted once.
struct PieceVerdict {
  std::vector<PassedRow> accepted;  // in the order of the piece
  std::uint32_t boxes_kept = 0;     // rejected rows that are accepted into staging for their box
  std::uint32_t unchanged = 0;
  std::uint32_t rejected = 0;
  std::vector<v1::Finding> findings;  // those of rules on boundaries without their sentences
};

// Checks `rows`, one or more that ImportStaging::RowReader gave one after the other. Findings are
// those about them: of two rows the one with the lesser code is the subject (allocated codes: the
// one that comes first on the curve), and the piece that holds the subject tells the finding, so
// that it is told once whatever the pieces are. Thread-safe: reads only.
absl::StatusOr<PieceVerdict> CheckPiece(const ImportRules& rules, const ImportStaging& staging,
                                        std::vector<StagedRow> rows);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORT_CHECK_H_
