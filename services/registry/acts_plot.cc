// Plots (宗地、地块): established, carried over, amended and retired. Divided and joined they are
// in acts_plot_division.cc.
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/plot_code.h"
#include "services/registry/plot_rules.h"
#include "services/registry/plot_units.h"
#include "services/registry/standing.h"

namespace landbook::registry {
namespace {

// A new plot that passed its rules, ready to be put.
struct ReadyPlot {
  v1::Plot record;
  const CheckedBoundary* boundary = nullptr;
};

// Refuses all that stands in the way of a new plot; nothing when something does.
std::optional<ReadyPlot> TakeNewPlot(const v1::NewPlot& plot, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const v1::PlotKind* kind = TakePlotKind(plot.kind(), "plot.kind", context);
  const bool division = CheckDivision(plot.division(), "plot.division", context);
  CheckLandUse(plot.land_use(), "plot.land_use", context);
  if (kind == nullptr) return std::nullopt;
  CheckLayers({kind, plot.land_use()}, "plot", context);
  const CheckedBoundary* boundary = TakeBoundary(0, *kind, "plot.boundary", context);
  if (!division) return std::nullopt;

  const PlotCodeBasis basis{kind, plot.division()};
  PlotCodes codes(context);
  std::optional<std::string> code = plot.code();
  if (plot.code().empty()) {
    code = codes.Allocate(basis, "plot.code");
  } else if (!codes.Take(plot.code(), basis, "plot.code")) {
    return std::nullopt;
  }
  if (!code || boundary == nullptr || context->refusal_count() != before) return std::nullopt;
  ReadyPlot ready{PlotFrom(plot), boundary};
  ready.record.set_code(*std::move(code));
  ready.record.set_tier(kind->tier());
  ready.record.set_computed_area_m2(geo::FormatHundredths(boundary->computed_area_hundredths_m2));
  return ready;
}

void PutNewPlot(ReadyPlot ready, std::string recorded_area_m2, ActContext* context) {
  ready.record.set_recorded_area_m2(std::move(recorded_area_m2));
  const std::uint64_t number = context->Create(ready.record);
  context->PutBoundary(number, ready.boundary->tier, ready.boundary->compact);
}

// --- Amending ----------------------------------------------------------------------------------

bool ChangesAnything(const v1::AmendPlot& act) {
  return act.has_boundary() || act.has_stated_area_m2() || act.has_land_use() ||
         act.has_location() || act.has_structures() || act.has_code() || act.has_division() ||
         act.has_unconfirmed();
}

void RefuseNothingChanges(ActContext* context) {
  context->Refuse(Reason::NOTHING_CHANGES, "",
                  {"The amendment changes nothing. Set what shall change.",
                   "变更内容为空，请填写要变更的事项。"});
}

// The plot's code after the act; nothing when it was refused.
std::optional<std::string> TakeAmendedCode(const v1::AmendPlot& act, const v1::Plot& plot,
                                           const v1::PlotKind& kind, ActContext* context) {
  if (!act.has_code()) {
    if (!act.has_division()) return plot.code();
    context->Refuse(Reason::FIELD_REQUIRED, "code",
                    {"A new division needs a new code. Set code, or set it empty to be given the "
                     "next one of the division.",
                     "变更所属区划须同时变更代码；code 置空则由登簿分配该区划的下一号。"});
    return std::nullopt;
  }
  const PlotCodeBasis basis{&kind, act.has_division() ? act.division() : plot.division()};
  if (act.has_division() && !CheckDivision(act.division(), "division", context)) {
    return std::nullopt;
  }
  PlotCodes codes(context);
  if (act.code().empty()) return codes.Allocate(basis, "code");
  if (!codes.Take(act.code(), basis, "code")) return std::nullopt;
  return act.code();
}

void SetAttributes(const v1::AmendPlot& act, v1::Plot* plot) {
  if (act.has_stated_area_m2()) plot->set_stated_area_m2(AreaText(act.stated_area_m2()));
  if (act.has_land_use()) plot->set_land_use(act.land_use());
  if (act.has_location()) plot->set_location(act.location());
  if (act.has_structures()) *plot->mutable_structures() = act.structures().structures();
  if (act.has_division()) plot->set_division(act.division());
  if (act.has_unconfirmed()) plot->set_unconfirmed(act.unconfirmed());
}

void SetCode(const std::string& code, std::uint64_t number, v1::Plot* plot, ActContext* context) {
  if (code == plot->code()) return;
  v1::FormerCode& former = *plot->add_former_codes();
  former.set_code(plot->code());
  former.set_until_sequence(context->facts().sequence);
  plot->set_code(code);
  RecodeUnits(number, {former.code(), code}, context);
}

}  // namespace

void Decide(const v1::EstablishPlot& act, ActContext* context) {
  auto ready = TakeNewPlot(act.plot(), context);
  if (!ready) return;
  std::string recorded = ready->record.computed_area_m2();
  PutNewPlot(*std::move(ready), std::move(recorded), context);
}

void DecideCarriedPlot(const v1::CarriedPlot& plot, const v1::CarryOver&, ActContext* context) {
  auto ready = TakeNewPlot(plot.plot(), context);
  if (AreaText(plot.recorded_area_m2()).empty()) {
    return context->Refuse(
        Reason::AREA_MALFORMED, "recorded_area_m2",
        {fmt::format("\"{}\" came where an area in m2 with at most two decimals is "
                     "wanted.",
                     plot.recorded_area_m2()),
         fmt::format("收到“{}”，应为以平方米计、至多两位小数的面积。", plot.recorded_area_m2())});
  }
  if (ready) PutNewPlot(*std::move(ready), AreaText(plot.recorded_area_m2()), context);
}

void Decide(const v1::AmendPlot& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  if (!ChangesAnything(act)) return RefuseNothingChanges(context);
  const auto plot = context->LoadToChange<v1::Plot>(act.plot(), act.etag(), "plot");
  if (!plot || !CheckStands(plot->record.state(), "plot", {"plot", "宗地"}, context)) return;
  const v1::PlotKind* kind = TakePlotKind(plot->record.kind(), "plot", context);
  if (kind == nullptr) return;
  CheckLandUse(act.land_use(), "land_use", context);
  if (act.has_boundary() || act.has_land_use()) {
    const std::string& use = act.has_land_use() ? act.land_use() : plot->record.land_use();
    CheckLayers({kind, use}, act.has_boundary() ? "boundary" : "land_use", context);
  }
  const auto code = TakeAmendedCode(act, plot->record, *kind, context);
  const CheckedBoundary* boundary =
      act.has_boundary() ? TakeBoundary(0, *kind, "boundary", context) : nullptr;
  const bool boundary_missing = act.has_boundary() && boundary == nullptr;
  if (!code || boundary_missing || !MayPut(before, context)) return;

  v1::Plot amended = plot->record;
  SetAttributes(act, &amended);
  SetCode(*code, plot->number, &amended, context);
  if (boundary != nullptr) {
    amended.set_computed_area_m2(geo::FormatHundredths(boundary->computed_area_hundredths_m2));
    amended.set_recorded_area_m2(amended.computed_area_m2());
    context->PutBoundary(plot->number, boundary->tier, boundary->compact);
  }
  context->Put(plot->number, amended);
}

void Decide(const v1::RetirePlot& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto plot = context->LoadToChange<v1::Plot>(act.plot(), act.etag(), "plot");
  if (!plot || !CheckStands(plot->record.state(), "plot", {"plot", "宗地"}, context)) return;
  const auto units = OccupiedUnitsOf(plot->number, *context);
  for (const OccupiedUnit& unit : units) {
    if (unit.rights.empty()) continue;
    context->Refuse(Reason::PLOT_HAS_RIGHTS, "plot",
                    {fmt::format("{} right(s) stand in unit {}. Extinguish them first.",
                                 unit.rights.size(), unit.unit.record.code()),
                     fmt::format("不动产单元 {} 上尚有 {} 项权利，须先行注销。",
                                 unit.unit.record.code(), unit.rights.size())});
  }
  CheckUnencumbered(units, "plot", context);
  if (context->refusal_count() != before) return;
  context->record().set_ground(act.ground());
  EndUnits(units, "retired", context);
  v1::Plot retired = plot->record;
  retired.set_state(v1::RECORD_STATE_ENDED);
  context->Put(plot->number, retired);
  context->PutBoundary(plot->number, /*tier=*/0, /*compact=*/"");
}

}  // namespace landbook::registry
