// A village's extension of contracts in one batch (延包预览): one act a right, shown before anybody
// decides (RLCL 21; the second round of contracts runs out from 2023 to 2028).
#ifndef LANDBOOK_SERVICES_CONVEYANCE_EXTENSION_H_
#define LANDBOOK_SERVICES_CONVEYANCE_EXTENSION_H_

#include <optional>
#include <string>
#include <vector>

#include "landbook/v1/conveyance_service.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/civil_date.h"
#include "services/conveyance/office_law.h"
#include "services/conveyance/registry_client.h"
#include "services/conveyance/task.h"

namespace landbook::conveyance {

// The kind of case that extends contracts (延包登记), as the packs name it.
inline constexpr char kExtensionKind[] = "contract-extension";

// A right with the plot that it is in.
struct PlotRight {
  v1::Plot plot;
  v1::Right right;
};

// The last day that an extension gives the right: its last day now, later by the years of the
// pack's rule for the type and the plot's class of land. Where the rule leaves a range (grass and
// forest land), it is by as many years as the right itself was given for, at most and at least
// those of the rule. nullopt when the right has no end or no rule extends it there.
std::optional<common::CivilDate> ExtendedEnd(const PlotRight& of, const Law& law,
                                             common::CivilDate today);

// The row of a right: extended, or left out with the reason.
v1::ExtensionRow ExtensionRowOf(const PlotRight& of, const Law& law, common::CivilDate today);

// The application that extends what the rows extend: an act a right, without evidence, and no
// applicant yet. REQUIRES: rows and rights are in one order.
v1::Application ExtensionApplication(const std::vector<v1::ExtensionRow>& rows,
                                     const std::vector<PlotRight>& rights);

// Looks up the rights that are due and gives the preview. May be used from any thread.
class ExtensionDesk {
 public:
  // Both are borrowed and outlive the desk.
  ExtensionDesk(RegistryClient& registry, LawReader& laws) : registry_(registry), laws_(laws) {}
  ExtensionDesk(const ExtensionDesk&) = delete;
  ExtensionDesk& operator=(const ExtensionDesk&) = delete;

  // VALUE_OUT_OF_RANGE for a division that is not 12 or 14 digits, or too many rights.
  Task<Outcome<v1::PreviewExtensionResponse>> Preview(const CallContext& call,
                                                      const v1::PreviewExtensionRequest& request);

 private:
  // Rights that are due, and whether there are more than asked for.
  struct Due {
    std::vector<PlotRight> rights;
    bool more = false;
  };
  Task<Outcome<Due>> DueRights(const CallContext& call, const v1::PreviewExtensionRequest& request,
                               std::size_t max);
  Task<Outcome<std::vector<v1::Right>>> RightsDueIn(const CallContext& call, std::string county,
                                                    std::uint64_t plot, std::string until);

  RegistryClient& registry_;
  LawReader& laws_;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_EXTENSION_H_
