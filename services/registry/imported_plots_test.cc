#include "services/registry/imported_plots.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

namespace landbook::registry {
namespace {

PassedRow AnyRow() {
  PassedRow row;
  row.staged.compact = "ground";
  row.staged.source.set_code("9901010010010100001");
  row.staged.source.set_stated_area_m2("12.5");
  row.staged.source.set_land_use("0101");
  row.staged.source.set_location("west of the ditch");
  v1::Attribute& attribute = *row.staged.source.add_attributes();
  attribute.set_key("DKMC");
  attribute.set_value("the long field");
  return row;
}

ImportedPlots AnyPlots() { return {.rows = {AnyRow()}, .kind = "contracted", .tier = 2}; }

TEST(ImportedPlotsTest, DifferentRowsMakeDifferentRequests) {
  using Change = std::function<void(ImportedPlots*)>;
  const auto source = [](ImportedPlots* plots) -> v1::ImportRow& {
    return plots->rows.front().staged.source;
  };
  const std::vector<Change> changes = {
      [](ImportedPlots*) {},
      [](ImportedPlots* plots) { plots->rows.clear(); },
      [](ImportedPlots* plots) { plots->rows.push_back(AnyRow()); },
      [](ImportedPlots* plots) { plots->kind = "forest"; },
      [](ImportedPlots* plots) { plots->allocate_division = "99010100100101"; },
      [](ImportedPlots* plots) { plots->rows.front().staged.compact = "other"; },
      [&](ImportedPlots* plots) { source(plots).set_code("9901010010010100002"); },
      [&](ImportedPlots* plots) { source(plots).set_stated_area_m2("12.50"); },
      [&](ImportedPlots* plots) { source(plots).set_land_use(""); },
      [&](ImportedPlots* plots) { source(plots).set_location(""); },
      [&](ImportedPlots* plots) { source(plots).clear_attributes(); },
      [&](ImportedPlots* plots) { source(plots).add_attributes(); },
      [&](ImportedPlots* plots) { source(plots).mutable_attributes(0)->set_value(""); },
      [&](ImportedPlots* plots) { source(plots).mutable_registered(); },
      [&](ImportedPlots* plots) {
        source(plots).mutable_registered()->set_document_number("2011-7");
      }};
  const auto content = [](const ImportedPlots& plots) {
    return storage::HexOf(ContentHashOf(plots, storage::Suite::Sha256Ed25519()));
  };
  std::set<std::string> requests;
  for (const Change& change : changes) {
    ImportedPlots plots = AnyPlots();
    change(&plots);
    requests.insert(content(plots));
  }
  EXPECT_EQ(requests.size(), changes.size());
  EXPECT_EQ(content(AnyPlots()), content(AnyPlots()));
}

TEST(ImportedPlotsTest, TheDivisionIsTheFirstPartOfTheCode) {
  ImportedPlots plots = AnyPlots();
  const StagedRow& row = plots.rows.front().staged;
  EXPECT_EQ(DivisionOf(row, plots), "99010100100101");
  plots.cadastral_codes = true;
  EXPECT_EQ(DivisionOf(row, plots), "990101001001");
  plots.allocate_division = "99010100100102";
  EXPECT_EQ(DivisionOf(row, plots), "99010100100102");
}

}  // namespace
}  // namespace landbook::registry
