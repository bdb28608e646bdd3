// Rules that the acts on plots share: what a new plot has to say, which control layers an act
// needs, and the boundary that the check let through.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_RULES_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_RULES_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/act.pb.h"
#include "landbook/v1/plot.pb.h"
#include "landbook/v1/policy.pb.h"
#include "services/common/control_rules.h"
#include "services/registry/act_context.h"
#include "services/registry/boundary_verdict.h"

namespace landbook::registry {

// The kind of plot of that code; refused with PLOT_KIND_UNKNOWN, and null, when the pack has none
// or its tier is not there.
const v1::PlotKind* TakePlotKind(const std::string& code, std::string_view field,
                                 ActContext* context);

// The number of a kind's tier. REQUIRES: TakePlotKind gave the kind.
std::uint8_t TierOf(const v1::PlotKind& kind, const ActContext& context);

// True for a land use of four digits, and for none stated. Source: GB/T 21010-2017.
bool IsLandUse(std::string_view land_use);

// Refuses a land use that is not four digits (LAND_USE_UNKNOWN); empty says that none was stated.
// Source: GB/T 21010-2017.
void CheckLandUse(const std::string& land_use, std::string_view field, ActContext* context);

// The boundary that the act brings as its `part`-th, of a plot of that kind. Null when the check
// refused it, and also when the check did not look at it, or not in this tier, because the book has
// changed since, which is refused here (RECORD_MOVED).
const CheckedBoundary* TakeBoundary(std::uint32_t part, const v1::PlotKind& kind,
                                    std::string_view field, ActContext* context);

using common::PlotUse;

// Of the control layers that an act on a plot of that use needs, as the pack's use rules say (every
// plot its village, B301, and the list of restricted plots, B305; construction basic farmland, red
// line and urban boundary, B302, B303, B306; commerce the spatial and the village plan, B304):
// refuses with LAYER_MISSING for each that is not in force on the commit's day and of which
// the pack does not say that the county keeps none; and with RECORD_MOVED when the check did not
// look at the version that is. An import reports the rules as not run instead.
void CheckLayers(const PlotUse& use, std::string_view field, ActContext* context);

// The rules about plots of that use which have no layer to look at among `layers`, the names of
// those in force, and so do not run ("B301" ...), whether the county keeps such a layer or not:
// what an import reports.
std::vector<std::string> RulesNotRun(const PlotUse& use, const common::Policy& policy,
                                     std::span<const std::string> layers);

// What a new plot says, without code, areas, tier and ancestry.
v1::Plot PlotFrom(const v1::NewPlot& plot);

// An area as the book writes it ("12.50"); empty for none.
std::string AreaText(std::string_view text);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_RULES_H_
