// Plots divided (分割) and joined (合并). Both conserve area: the recorded areas of what comes out
// sum to those of what went in, to the last hundredth of a square metre.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "services/registry/acts.h"
#include "services/registry/plot_code.h"
#include "services/registry/plot_rules.h"
#include "services/registry/plot_units.h"
#include "services/registry/standing.h"
#include "services/registry/window_index.h"

namespace landbook::registry {
namespace {

// Areas in records are the book's own and always readable.
std::int64_t HundredthsOf(const std::string& area_m2) {
  return geo::ParseHundredths(area_m2).value_or(0);
}

// Puts the vertices that the split set into neighbours. What was noded has to be the boundary that
// stands, or one that an earlier act of this commit noded.
void PutNodedNeighbours(ActContext* context) {
  for (const NodedNeighbour& noded : context->facts().verdict->noded) {
    if (noded.act != context->act()) continue;
    const auto stored = BoundaryOf(context->state(), noded.plot);
    const bool unchanged =
        stored && (stored->from == noded.from || stored->from == context->facts().sequence);
    if (unchanged) {
      context->PutBoundary(noded.plot, noded.tier, noded.compact);
      continue;
    }
    context->Refuse(Reason::NEIGHBOUR_WOULD_CHANGE, "",
                    {fmt::format("The neighbouring plot number {} changed after this commit was "
                                 "checked. Send the commit again.",
                                 noded.plot),
                     fmt::format("编号 {} 的相邻宗地在检查之后已变更，请重新提交。", noded.plot)},
                    "docs/boundary-rules.md B502");
  }
}

// --- Split -------------------------------------------------------------------------------------

std::string PartPath(int part, std::string_view field) {
  return fmt::format("parts[{}].{}", part, field);
}

// At least two parts, of the kind and division of the plot.
void CheckParts(const v1::SplitPlot& act, const v1::Plot& plot, ActContext* context) {
  if (act.parts_size() < 2) {
    context->Refuse(Reason::SPLIT_NEEDS_PARTS, "parts",
                    {fmt::format("A split makes at least two parts; {} came.", act.parts_size()),
                     fmt::format("分割至少须有两部分，收到 {} 部分。", act.parts_size())});
  }
  for (int i = 0; i < act.parts_size(); ++i) {
    const v1::NewPlot& part = act.parts(i);
    CheckLandUse(part.land_use(), PartPath(i, "land_use"), context);
    if (part.kind() == plot.kind() && part.division() == plot.division()) continue;
    context->Refuse(
        Reason::PARTS_DIFFER_FROM_WHOLE, PartPath(i, "kind"),
        {fmt::format("A part has to be of the plot's kind \"{}\" and division {}; it is "
                     "of \"{}\" and {}.",
                     plot.kind(), plot.division(), part.kind(), part.division()),
         fmt::format("分割后的宗地须与原宗地同种类（{}）、同区划（{}），收到 {}、{}。", plot.kind(),
                     plot.division(), part.kind(), part.division())});
  }
}

// The layers that the plot's use needs, and those of parts which are put to another use.
void CheckLayersOfParts(const v1::SplitPlot& act, const v1::Plot& plot, const v1::PlotKind& kind,
                        ActContext* context) {
  CheckLayers({&kind, plot.land_use()}, "plot", context);
  for (int i = 0; i < act.parts_size(); ++i) {
    const std::string& use = act.parts(i).land_use();
    if (use != plot.land_use()) CheckLayers({&kind, use}, PartPath(i, "land_use"), context);
  }
}

// A code for every part: those that the caller chose first, so that none is given out twice.
std::vector<std::string> TakePartCodes(const v1::SplitPlot& act, const PlotCodeBasis& basis,
                                       ActContext* context) {
  PlotCodes codes(context);
  std::vector<std::string> taken(static_cast<std::size_t>(act.parts_size()));
  for (int i = 0; i < act.parts_size(); ++i) {
    const std::string& code = act.parts(i).code();
    if (!code.empty() && codes.Take(code, basis, PartPath(i, "code"))) {
      taken[static_cast<std::size_t>(i)] = code;
    }
  }
  for (int i = 0; i < act.parts_size(); ++i) {
    if (!act.parts(i).code().empty()) continue;
    taken[static_cast<std::size_t>(i)] = codes.Allocate(basis, PartPath(i, "code")).value_or("");
  }
  return taken;
}

// The boundaries of all parts; empty when the check refused one.
std::vector<const CheckedBoundary*> TakePartBoundaries(const v1::SplitPlot& act,
                                                       const v1::PlotKind& kind,
                                                       ActContext* context) {
  std::vector<const CheckedBoundary*> boundaries;
  for (int i = 0; i < act.parts_size(); ++i) {
    const auto* boundary =
        TakeBoundary(static_cast<std::uint32_t>(i), kind, PartPath(i, "boundary"), context);
    if (boundary == nullptr) return {};
    boundaries.push_back(boundary);
  }
  return boundaries;
}

// The recorded area of the whole, divided over its parts. Empty, and refused, when they have none.
std::vector<std::int64_t> Apportion(const v1::Plot& plot,
                                    const std::vector<const CheckedBoundary*>& boundaries,
                                    ActContext* context) {
  std::vector<geo::Int128> weights;
  geo::Int128 sum = 0;
  for (const CheckedBoundary* boundary : boundaries) {
    weights.push_back(boundary->computed_area_hundredths_m2);
    sum += boundary->computed_area_hundredths_m2;
  }
  if (sum > 0) {
    return geo::ApportionByLargestRemainder(HundredthsOf(plot.recorded_area_m2()), weights);
  }
  context->Refuse(Reason::AREA_NOT_CONSERVED, "parts",
                  {"The parts have no area over which the plot's could be divided.",
                   "各部分面积均为零，无法分摊原宗地面积。"});
  return {};
}

struct ReadySplit {
  std::vector<std::string> codes;
  std::vector<const CheckedBoundary*> boundaries;
  std::vector<std::int64_t> areas;  // hundredths of a m2
};

void PutSplit(const v1::SplitPlot& act, const Loaded<v1::Plot>& whole, const ReadySplit& ready,
              ActContext* context) {
  const auto units = OccupiedUnitsOf(whole.number, *context);
  v1::Plot ended = whole.record;
  ended.set_state(v1::RECORD_STATE_ENDED);
  for (std::size_t i = 0; i < ready.codes.size(); ++i) {
    v1::Plot part = PlotFrom(act.parts(static_cast<int>(i)));
    part.set_code(ready.codes[i]);
    part.set_tier(whole.record.tier());
    part.set_computed_area_m2(
        geo::FormatHundredths(ready.boundaries[i]->computed_area_hundredths_m2));
    part.set_recorded_area_m2(geo::FormatHundredths(ready.areas[i]));
    part.add_made_from(whole.number);
    const std::uint64_t number = context->Create(part);
    context->PutBoundary(number, ready.boundaries[i]->tier, ready.boundaries[i]->compact);
    for (const OccupiedUnit& unit : units) CarryUnit(unit, number, context);
    ended.add_made_into(number);
  }
  EndUnits(units, "split", context);
  context->Put(whole.number, ended);
  context->PutBoundary(whole.number, /*tier=*/0, /*compact=*/"");
  PutNodedNeighbours(context);
}

// --- Merge -------------------------------------------------------------------------------------

void RefuseDifferent(Reason reason, int plot, const Sentence& what, ActContext* context) {
  context->Refuse(reason, fmt::format("plots[{}]", plot),
                  {fmt::format("Plots that are merged have to have the same {} as the first one.",
                               what.english),
                   fmt::format("合并的宗地须与第一宗{}相同。", what.chinese)});
}

// The plots as they stand, each once; empty when one was refused.
std::vector<Loaded<v1::Plot>> TakePlots(const v1::MergePlots& act, ActContext* context) {
  std::vector<Loaded<v1::Plot>> plots;
  for (int i = 0; i < act.plots_size(); ++i) {
    const std::string field = fmt::format("plots[{}]", i);
    auto plot = context->LoadToChange<v1::Plot>(act.plots(i).plot(), act.plots(i).etag(), field);
    if (!plot || !CheckStands(plot->record.state(), field, {"plot", "宗地"}, context)) return {};
    const bool twice = std::any_of(plots.begin(), plots.end(),
                                   [&](const auto& other) { return other.number == plot->number; });
    if (!twice) plots.push_back(*std::move(plot));
  }
  if (plots.size() >= 2) return plots;
  context->Refuse(Reason::MERGE_NEEDS_PLOTS, "plots",
                  {"A merge joins at least two different plots.", "合并至少须有两宗不同的宗地。"});
  return {};
}

// The units of each plot, with the rules that all of them have to keep.
std::vector<std::vector<OccupiedUnit>> TakeUnits(const std::vector<Loaded<v1::Plot>>& plots,
                                                 ActContext* context) {
  std::vector<std::vector<OccupiedUnit>> units;
  for (std::size_t i = 0; i < plots.size(); ++i) {
    const int position = static_cast<int>(i);
    units.push_back(OccupiedUnitsOf(plots[i].number, *context));
    CheckUnencumbered(units[i], fmt::format("plots[{}]", i), context);
    const v1::Plot& first = plots.front().record;
    const v1::Plot& plot = plots[i].record;
    if (plot.kind() != first.kind() || plot.division() != first.division()) {
      RefuseDifferent(Reason::MERGE_OF_DIFFERENT_KINDS, position,
                      {"kind and division", "的种类和区划"}, context);
    }
    if (!SameRights(units[i], units.front())) {
      RefuseDifferent(Reason::RIGHTS_DIFFER, position,
                      {"rights of the same holders, or none", "的权利及权利人"}, context);
    }
  }
  return units;
}

// What all plots say alike, and nothing where they differ.
std::string Common(const std::vector<Loaded<v1::Plot>>& plots,
                   const std::string& (v1::Plot::*field)() const) {
  const std::string& first = (plots.front().record.*field)();
  const bool same = std::all_of(plots.begin(), plots.end(),
                                [&](const auto& plot) { return (plot.record.*field)() == first; });
  return same ? first : "";
}

v1::Plot MergedFrom(const std::vector<Loaded<v1::Plot>>& plots) {
  const v1::Plot& first = plots.front().record;
  v1::Plot merged;
  merged.set_kind(first.kind());
  merged.set_tier(first.tier());
  merged.set_division(first.division());
  merged.set_state(v1::RECORD_STATE_LIVE);
  merged.set_land_use(Common(plots, &v1::Plot::land_use));
  merged.set_location(Common(plots, &v1::Plot::location));
  std::int64_t recorded = 0;
  for (const Loaded<v1::Plot>& plot : plots) {
    recorded += HundredthsOf(plot.record.recorded_area_m2());
    merged.mutable_structures()->MergeFrom(plot.record.structures());
    if (plot.record.unconfirmed()) merged.set_unconfirmed(true);
    merged.add_made_from(plot.number);
  }
  merged.set_recorded_area_m2(geo::FormatHundredths(recorded));
  return merged;
}

void PutMerge(const std::vector<Loaded<v1::Plot>>& plots,
              const std::vector<std::vector<OccupiedUnit>>& units, v1::Plot merged,
              const CheckedBoundary& boundary, ActContext* context) {
  merged.set_computed_area_m2(geo::FormatHundredths(boundary.computed_area_hundredths_m2));
  const std::uint64_t number = context->Create(merged);
  for (std::size_t i = 0; i < plots.size(); ++i) {
    v1::Plot ended = plots[i].record;
    ended.set_state(v1::RECORD_STATE_ENDED);
    ended.add_made_into(number);
    context->Put(plots[i].number, ended);
    context->PutBoundary(plots[i].number, /*tier=*/0, /*compact=*/"");
  }
  context->PutBoundary(number, boundary.tier, boundary.compact);
  for (const OccupiedUnit& unit : units.front()) CarryUnit(unit, number, context);
  for (const auto& of_plot : units) EndUnits(of_plot, "merged", context);
}

}  // namespace

void Decide(const v1::SplitPlot& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto plot = context->LoadToChange<v1::Plot>(act.plot(), act.etag(), "plot");
  if (!plot || !CheckStands(plot->record.state(), "plot", {"plot", "宗地"}, context)) return;
  const v1::PlotKind* kind = TakePlotKind(plot->record.kind(), "plot", context);
  if (kind == nullptr) return;
  CheckParts(act, plot->record, context);
  CheckUnencumbered(OccupiedUnitsOf(plot->number, *context), "plot", context);
  CheckLayersOfParts(act, plot->record, *kind, context);
  ReadySplit ready;
  ready.codes = TakePartCodes(act, {kind, plot->record.division()}, context);
  ready.boundaries = TakePartBoundaries(act, *kind, context);
  if (ready.boundaries.empty() || context->refusal_count() != before) return;
  ready.areas = Apportion(plot->record, ready.boundaries, context);
  if (context->refusal_count() == before) PutSplit(act, *plot, ready, context);
}

void Decide(const v1::MergePlots& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  const auto plots = TakePlots(act, context);
  if (plots.empty()) return;
  const v1::Plot& first = plots.front().record;
  const v1::PlotKind* kind = TakePlotKind(first.kind(), "plots[0]", context);
  if (kind == nullptr) return;
  const auto units = TakeUnits(plots, context);
  v1::Plot merged = MergedFrom(plots);
  CheckLayers({kind, merged.land_use()}, "plots", context);
  const PlotCodeBasis basis{kind, first.division()};
  PlotCodes codes(context);
  if (act.code().empty()) {
    merged.set_code(codes.Allocate(basis, "code").value_or(""));
  } else if (codes.Take(act.code(), basis, "code")) {
    merged.set_code(act.code());
  }
  const CheckedBoundary* boundary = TakeBoundary(0, *kind, "plots", context);
  if (boundary == nullptr || context->refusal_count() != before) return;
  PutMerge(plots, units, std::move(merged), *boundary, context);
}

}  // namespace landbook::registry
