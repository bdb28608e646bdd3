#include "services/registry/imported_plots.h"

#include <utility>

#include "services/common/division.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

// The plot that the act brings: carried over where an older register has it, else established.
v1::NewPlot* NewPlotOf(const StagedRow& staged, v1::Act* act) {
  const v1::ImportRow& row = staged.rest();
  if (!row.has_registered()) return act->mutable_establish_plot()->mutable_plot();
  v1::CarryOver& carry = *act->mutable_carry_over();
  carry.set_register_(row.registered().register_());
  carry.set_document_number(row.registered().document_number());
  carry.set_registered_date(row.registered().registered_date());
  carry.mutable_plot()->set_recorded_area_m2(row.registered().recorded_area_m2());
  return carry.mutable_plot()->mutable_plot();
}

void AppendRegistered(const v1::ImportRow& row, std::string* bytes) {
  storage::AppendU8(*bytes, row.has_registered() ? 1 : 0);
  if (!row.has_registered()) return;
  storage::AppendLengthPrefixed(*bytes, row.registered().register_());
  storage::AppendLengthPrefixed(*bytes, row.registered().document_number());
  storage::AppendLengthPrefixed(*bytes, row.registered().registered_date());
  storage::AppendLengthPrefixed(*bytes, row.registered().recorded_area_m2());
}

void AppendRow(const StagedRow& row, std::string* bytes) {
  const v1::ImportRow& rest = row.rest();
  storage::AppendLengthPrefixed(*bytes, row.code());
  storage::AppendLengthPrefixed(*bytes, row.compact());
  storage::AppendLengthPrefixed(*bytes, row.stated_area_m2());
  storage::AppendLengthPrefixed(*bytes, row.land_use());
  storage::AppendLengthPrefixed(*bytes, row.location());
  storage::AppendVarint(*bytes, static_cast<std::uint64_t>(rest.attributes_size()));
  for (const v1::Attribute& attribute : rest.attributes()) {
    storage::AppendLengthPrefixed(*bytes, attribute.key());
    storage::AppendLengthPrefixed(*bytes, attribute.value());
  }
  AppendRegistered(rest, bytes);
}

}  // namespace

std::string_view DivisionOf(const StagedRow& row, const ImportedPlots& plots) {
  if (!plots.allocate_division.empty()) return plots.allocate_division;
  return row.code().substr(0,
                           plots.cadastral_codes ? common::kVillageDigits : common::kGroupDigits);
}

v1::Commit ActsOf(const ImportedPlots& plots) {
  v1::Commit commit;
  for (const PassedRow& passed : plots.rows) {
    const StagedRow& row = passed.staged;
    v1::NewPlot& plot = *NewPlotOf(row, commit.add_acts());
    plot.mutable_code()->assign(row.code());
    plot.set_kind(plots.kind);
    plot.mutable_division()->assign(DivisionOf(row, plots));
    plot.mutable_boundary()->mutable_compact()->assign(row.compact());
    plot.mutable_stated_area_m2()->assign(row.stated_area_m2());
    plot.mutable_land_use()->assign(row.land_use());
    plot.mutable_location()->assign(row.location());
    *plot.mutable_attributes() = row.rest().attributes();
  }
  return commit;
}

std::vector<CheckedBoundary> BoundariesOf(const ImportedPlots& plots) {
  std::vector<CheckedBoundary> boundaries;
  boundaries.reserve(plots.rows.size());
  for (const PassedRow& passed : plots.rows) {
    CheckedBoundary& checked = boundaries.emplace_back();
    checked.act = static_cast<std::uint32_t>(boundaries.size() - 1);
    checked.tier = plots.tier;
    checked.compact = passed.staged.compact();
    checked.box = passed.staged.box();
    checked.computed_area_hundredths_m2 = passed.computed_area_hundredths_m2;
  }
  return boundaries;
}

storage::Hash ContentHashOf(const ImportedPlots& plots, const storage::Suite& suite) {
  storage::Hasher hasher(suite);
  std::string bytes;
  storage::AppendLengthPrefixed(bytes, plots.kind);
  storage::AppendLengthPrefixed(bytes, plots.allocate_division);
  hasher.Update(bytes);
  for (const PassedRow& passed : plots.rows) {
    bytes.clear();
    AppendRow(passed.staged, &bytes);
    hasher.Update(bytes);
  }
  return hasher.Finish();
}

}  // namespace landbook::registry
