#include "services/registry/plot_entry.h"

#include "geo/area.h"
#include "services/registry/plot_code.h"
#include "services/registry/plot_rules.h"

namespace landbook::registry {

PlotEntry::PlotEntry(const PlotEntryFacts& facts, Overlay* changes)
    : facts_(facts), changes_(changes), fold_(changes, facts.book, facts.sequence) {
  act_.set_act("establish_plot");
  act_.add_effects()->set_kind(v1::RECORD_KIND_PLOT);
  act_.add_effects()->set_kind(v1::RECORD_KIND_BOUNDARY);
}

bool PlotEntry::Takes(const StagedRow& row) const {
  // Where the book gives out codes, a row's own code may be one that it has given to another row.
  if (!facts_.plots->allocate_division.empty()) return false;
  if (row.code().empty() || row.rest().has_registered()) return false;
  const std::string division(DivisionOf(row, *facts_.plots));
  return IsDivisionOf(facts_.county, division) &&
         !FaultOfPlotCode({row.code(), facts_.county}, {facts_.kind, division}) &&
         IsLandUse(row.land_use());
}

// As EstablishPlot fills it (acts_plot.cc).
void PlotEntry::FillRecord(const PassedRow& row) {
  const StagedRow& staged = row.staged;
  const std::string computed = geo::FormatHundredths(row.computed_area_hundredths_m2);
  plot_.Clear();
  plot_.mutable_code()->assign(staged.code());
  plot_.set_tier(facts_.kind->tier());
  plot_.set_kind(facts_.plots->kind);
  plot_.mutable_division()->assign(DivisionOf(staged, *facts_.plots));
  plot_.set_state(v1::RECORD_STATE_LIVE);
  plot_.set_stated_area_m2(AreaText(staged.stated_area_m2()));
  plot_.set_computed_area_m2(computed);
  plot_.set_recorded_area_m2(computed);
  plot_.mutable_land_use()->assign(staged.land_use());
  plot_.mutable_location()->assign(staged.location());
  *plot_.mutable_attributes() = staged.rest().attributes();
}

std::string_view PlotEntry::Enter(const PassedRow& row) {
  FillRecord(row);
  const std::uint64_t number = fold_.LastNumber(v1::RECORD_KIND_PLOT) + 1;
  v1::Effect& plot = *act_.mutable_effects(0);
  plot.set_number(number);
  plot_.SerializeToString(plot.mutable_record());
  v1::Effect& boundary = *act_.mutable_effects(1);
  boundary.set_number(number);
  boundary.mutable_record()->assign(1, static_cast<char>(facts_.plots->tier));
  boundary.mutable_record()->append(row.staged.compact());
  act_.mutable_findings()->Assign(row.warnings.begin(), row.warnings.end());
  act_.SerializeToString(&leaf_bytes_);

  const Derived derived = DeriveFrom(v1::RECORD_KIND_PLOT, number, plot_);
  fold_.ApplyNewPlot({.number = number,
                      .record = plot.record(),
                      .derived = &derived,
                      .boundary = {facts_.plots->tier, row.staged.box(), row.staged.compact()}});
  return changes_->PutFirst(JournalKey(facts_.book, facts_.sequence, ++leaf_), leaf_bytes_);
}

}  // namespace landbook::registry
