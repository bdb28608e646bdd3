// What lies on plots, the units and the rights in them, when plots are divided, joined or given
// another code.
#ifndef LANDBOOK_SERVICES_REGISTRY_PLOT_UNITS_H_
#define LANDBOOK_SERVICES_REGISTRY_PLOT_UNITS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/plot.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// A unit that stands, with the rights that stand in it, by number: a parent before what derives
// from it.
struct OccupiedUnit {
  Loaded<v1::Unit> unit;
  std::vector<Loaded<v1::Right>> rights;
};

// The units of a plot that stand, by number.
std::vector<OccupiedUnit> OccupiedUnitsOf(std::uint64_t plot, const ActContext& context);

// Refuses with PLOT_ENCUMBERED when a mortgage over one of the rights stands, or a caution on one
// of the units: those who are protected by them would find their ground changed.
void CheckUnencumbered(const std::vector<OccupiedUnit>& units, std::string_view field,
                       ActContext* context);

// Makes on `plot` a unit with the fixture of `from`, and in it a right like each of its rights: the
// same type, holders, term, contract, day of registration and origin; a derived right derives from
// the one made here. `from` stays as it is. REQUIRES: the plot was put.
void CarryUnit(const OccupiedUnit& from, std::uint64_t plot, ActContext* context);

// Ends the units, their rights and the rights' certificates. `cause` is what the rights say of it
// ("split").
void EndUnits(const std::vector<OccupiedUnit>& units, std::string_view cause, ActContext* context);

// True when the same rights stand in the units of both: of the same type, of the same holders, for
// the same term, under the same contract, deriving from rights that are the same again.
bool SameRights(const std::vector<OccupiedUnit>& a, const std::vector<OccupiedUnit>& b);

// Gives the plot's units the codes that follow from its new one, where they followed from the old
// one.
struct CodeChange {
  std::string from;
  std::string to;
};
void RecodeUnits(std::uint64_t plot, const CodeChange& change, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_PLOT_UNITS_H_
