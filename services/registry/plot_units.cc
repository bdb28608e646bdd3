#include "services/registry/plot_units.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "fmt/format.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/sources.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// The first 19 characters of a unit's code are of the land, the next is the fixture's letter.
constexpr std::size_t kLandCharacters = 19;

void RefuseEncumbered(const Sentence& what, std::string_view field, ActContext* context) {
  context->Refuse(
      Reason::PLOT_ENCUMBERED, field,
      {fmt::format("{} still stands. It has to be discharged or lifted first.", what.english),
       fmt::format("{}尚未注销或解除，须先行办理。", what.chinese)},
      source::kEncumbered);
}

// A right as two plots have it in common: what it says, and the same of what it derives from.
std::string Likeness(const v1::Right& right, const std::vector<OccupiedUnit>& units) {
  v1::Right like;
  like.set_type(right.type());
  like.set_co_ownership(right.co_ownership());
  *like.mutable_holders() = right.holders();
  std::sort(like.mutable_holders()->begin(), like.mutable_holders()->end(),
            [](const v1::Holder& a, const v1::Holder& b) { return a.party() < b.party(); });
  *like.mutable_term() = right.term();
  like.set_contract(right.contract());
  std::string text = like.SerializeAsString();
  for (const OccupiedUnit& unit : units) {
    for (const Loaded<v1::Right>& parent : unit.rights) {
      if (parent.number == right.parent()) text += " of " + Likeness(parent.record, units);
    }
  }
  return text;
}

std::vector<std::string> LikenessesOf(const std::vector<OccupiedUnit>& units) {
  std::vector<std::string> likenesses;
  for (const OccupiedUnit& unit : units) {
    const std::string fixture = unit.unit.record.code().substr(kLandCharacters, 1);
    for (const Loaded<v1::Right>& right : unit.rights) {
      likenesses.push_back(fixture + Likeness(right.record, units));
    }
  }
  std::sort(likenesses.begin(), likenesses.end());
  return likenesses;
}

}  // namespace

std::vector<OccupiedUnit> OccupiedUnitsOf(std::uint64_t plot, const ActContext& context) {
  std::vector<OccupiedUnit> units;
  for (const std::uint64_t number : context.Linked(Table::kUnitsOfPlot, plot)) {
    auto unit = context.Find<v1::Unit>(number);
    if (!unit || !Stands(unit->record)) continue;
    units.push_back({*std::move(unit), StandingRightsOf(number, context)});
  }
  return units;
}

void CheckUnencumbered(const std::vector<OccupiedUnit>& units, std::string_view field,
                       ActContext* context) {
  for (const OccupiedUnit& unit : units) {
    for (const Loaded<v1::Right>& right : unit.rights) {
      for (const auto& mortgage : StandingMortgages(right.number, *context)) {
        RefuseEncumbered({fmt::format("Mortgage {} over right {}", mortgage.number, right.number),
                          fmt::format("权利 {} 上的第 {} 号抵押权", right.number, mortgage.number)},
                         field, context);
      }
    }
    for (const auto& caution : StandingCautions(unit.unit.number, *context)) {
      // What a case holds back for itself does not stand in its own way.
      const std::uint64_t held_by = caution.record.case_number();
      if (held_by != 0 && held_by == context->facts().case_number) continue;
      RefuseEncumbered(
          {fmt::format("Caution {} on unit {}", caution.number, unit.unit.record.code()),
           fmt::format("不动产单元 {} 上的第 {} 号限制", unit.unit.record.code(), caution.number)},
          field, context);
    }
  }
}

void CarryUnit(const OccupiedUnit& from, std::uint64_t plot, ActContext* context) {
  // Made as the act of its own would make it, so that its code follows the same rules.
  v1::EstablishUnit made;
  made.mutable_plot()->set_number(plot);
  made.set_fixture(from.unit.record.code().substr(kLandCharacters, 1));
  *made.mutable_structures() = from.unit.record.structures();
  const std::size_t before = context->refusal_count();
  const std::uint64_t number = context->NextNumber(v1::RECORD_KIND_UNIT);
  Decide(made, context);
  if (context->refusal_count() != before) return;
  v1::Unit unit = context->Find<v1::Unit>(number)->record;
  unit.add_made_from(from.unit.number);
  context->Put(number, unit);

  std::map<std::uint64_t, std::uint64_t> carried;  // the old right's number -> the new one's
  for (const Loaded<v1::Right>& old : from.rights) {
    v1::Right right = old.record;
    right.set_unit(number);
    const auto parent = carried.find(right.parent());
    if (parent != carried.end()) right.set_parent(parent->second);
    carried[old.number] = context->Create(right);
  }
}

void EndUnits(const std::vector<OccupiedUnit>& units, std::string_view cause, ActContext* context) {
  for (const OccupiedUnit& occupied : units) {
    for (const Loaded<v1::Right>& old : occupied.rights) {
      v1::Right right = old.record;
      right.set_state(v1::RECORD_STATE_ENDED);
      right.set_ended_cause(std::string(cause));
      context->Put(old.number, right);
      EndCertificates(v1::RECORD_KIND_RIGHT, old.number, cause, context);
    }
    v1::Unit unit = occupied.unit.record;
    unit.set_state(v1::RECORD_STATE_ENDED);
    context->Put(occupied.unit.number, unit);
  }
}

bool SameRights(const std::vector<OccupiedUnit>& a, const std::vector<OccupiedUnit>& b) {
  return LikenessesOf(a) == LikenessesOf(b);
}

void RecodeUnits(std::uint64_t plot, const CodeChange& change, ActContext* context) {
  for (const std::uint64_t number : context->Linked(Table::kUnitsOfPlot, plot)) {
    const auto loaded = context->Find<v1::Unit>(number);
    if (!loaded || !Stands(loaded->record) || !loaded->record.code().starts_with(change.from)) {
      continue;
    }
    v1::Unit unit = loaded->record;
    v1::FormerCode& former = *unit.add_former_codes();
    former.set_code(unit.code());
    former.set_until_sequence(context->facts().sequence);
    unit.set_code(change.to + former.code().substr(change.from.size()));
    context->Put(number, unit);
  }
}

}  // namespace landbook::registry
