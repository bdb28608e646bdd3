// What an import proposes to the writer at once: thousands of rows that were let through, with what
// they have in common. They are spelled out as acts only where the state machine has to decide act
// by act (plot_entry.h says when it need not).
#ifndef LANDBOOK_SERVICES_REGISTRY_IMPORTED_PLOTS_H_
#define LANDBOOK_SERVICES_REGISTRY_IMPORTED_PLOTS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "services/registry/boundary_verdict.h"
#include "services/registry/import_check.h"
#include "storage/suite.h"

namespace landbook::registry {

struct ImportedPlots {
  std::vector<PassedRow> rows = {};  // one an act
  std::string kind = {};             // code of their kind of plot
  bool cadastral_codes = false;  // the kind's layout of codes, which says where the division ends
  std::uint8_t tier = 0;         // number of the kind's tier
  std::string allocate_division = {};  // empty when rows bring their codes
};

// The division that a row's plot is of: a view into the one or the other.
std::string_view DivisionOf(const StagedRow& row, const ImportedPlots& plots);

// The acts that enter the plots, in their order: EstablishPlot, and CarryOver for a row that an
// older register has.
v1::Commit ActsOf(const ImportedPlots& plots);

// The boundaries that those acts bring, as the check left them.
std::vector<CheckedBoundary> BoundariesOf(const ImportedPlots& plots);

// The digest of the rows in their order and of what they have in common (storage/FORMAT.md, section
// Request hash).
storage::Hash ContentHashOf(const ImportedPlots& plots, const storage::Suite& suite);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_IMPORTED_PLOTS_H_
