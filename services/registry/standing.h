// What acts ask of the records that they rest on: that they stand, and what stands on them.
//
// Functions that take an ActContext refuse what is wrong and say so by their result; the others
// only read.
#ifndef LANDBOOK_SERVICES_REGISTRY_STANDING_H_
#define LANDBOOK_SERVICES_REGISTRY_STANDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "landbook/v1/plot.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// True when a unit, plot, right, mortgage, caution or certificate stands (现势).
template <typename Record>
bool Stands(const Record& record) {
  return record.state() == v1::RECORD_STATE_LIVE;
}

// A unit with the plot it lies on.
struct UnitOnPlot {
  Loaded<v1::Unit> unit;
  Loaded<v1::Plot> plot;
};

// A right with all that the rules about it look at. `type` lives with the policy.
struct StandingRight {
  Loaded<v1::Right> right;
  UnitOnPlot land;
  const v1::RightType* type = nullptr;
};

// The unit of that number with its plot; refused when either has ended (UNIT_ENDED, RECORD_ENDED).
std::optional<UnitOnPlot> TakeLand(std::uint64_t unit, std::string_view field, ActContext* context);

// The type of right of that code; refused with RIGHT_TYPE_UNKNOWN when the pack has none.
const v1::RightType* TakeRightType(const std::string& code, std::string_view field,
                                   ActContext* context);

// A right that an act changes or burdens: the etag is the state's and the right stands; otherwise
// refused (RIGHT_HAS_MOVED, RECORD_ENDED).
std::optional<StandingRight> TakeRight(const v1::Reference& reference, const std::string& etag,
                                       std::string_view field, ActContext* context);

// Refuses a right whose term is over: RIGHT_EXPIRED. Only what is carried over may rest on one.
void CheckNotExpired(const v1::Right& right, std::string_view field, ActContext* context);

// Refuses a record that has ended: RECORD_ENDED. `what` is its word in both languages.
bool CheckStands(v1::RecordState state, std::string_view field, const Sentence& what,
                 ActContext* context);

// The standing rights of a unit, by number.
std::vector<Loaded<v1::Right>> StandingRightsOf(std::uint64_t unit, const ActContext& context);
// The standing rights that derive from a right, by number.
std::vector<Loaded<v1::Right>> StandingDerivedRights(std::uint64_t right,
                                                     const ActContext& context);
// The standing mortgages over a right, by number.
std::vector<Loaded<v1::Mortgage>> StandingMortgages(std::uint64_t right, const ActContext& context);
// The standing cautions of a unit, those on its rights included, by number.
std::vector<Loaded<v1::Caution>> StandingCautions(std::uint64_t unit, const ActContext& context);

// Refuses while a right that derives from this one stands: DERIVED_RIGHT_STANDS.
void CheckNoDerivedRights(std::uint64_t right, ActContext* context);
// Refuses while a mortgage over this right stands: MORTGAGE_STANDS.
void CheckNoMortgages(std::uint64_t right, ActContext* context);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_STANDING_H_
