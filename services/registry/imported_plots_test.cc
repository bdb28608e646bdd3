#include "services/registry/imported_plots.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "services/registry/import_testing.h"

namespace landbook::registry {
namespace {

v1::ImportRow AnyRow() {
  v1::ImportRow row;
  row.set_boundary("ground");
  row.set_code("9901010010010100001");
  row.set_stated_area_m2("12.5");
  row.set_land_use("0101");
  row.set_location("west of the ditch");
  v1::Attribute& attribute = *row.add_attributes();
  attribute.set_key("DKMC");
  attribute.set_value("the long field");
  return row;
}

// Rows, and what they have in common.
struct Delivery {
  std::vector<v1::ImportRow> rows = {AnyRow()};
  ImportedPlots plots = {.kind = "contracted", .tier = 2};
  v1::ImportRow& row() { return rows.front(); }
};

ImportedPlots PlotsOf(const Delivery& delivery) {
  ImportedPlots plots = delivery.plots;
  for (const v1::ImportRow& row : delivery.rows) {
    plots.rows.emplace_back().staged = StagedRowOf(row, geo::Box());
  }
  return plots;
}

TEST(ImportedPlotsTest, DifferentRowsMakeDifferentRequests) {
  using Change = std::function<void(Delivery*)>;
  const std::vector<Change> changes = {
      [](Delivery*) {},
      [](Delivery* made) { made->rows.clear(); },
      [](Delivery* made) { made->rows.push_back(AnyRow()); },
      [](Delivery* made) { made->plots.kind = "forest"; },
      [](Delivery* made) { made->plots.allocate_division = "99010100100101"; },
      [](Delivery* made) { made->row().set_boundary("other"); },
      [](Delivery* made) { made->row().set_code("9901010010010100002"); },
      [](Delivery* made) { made->row().set_stated_area_m2("12.50"); },
      [](Delivery* made) { made->row().set_land_use(""); },
      [](Delivery* made) { made->row().set_location(""); },
      [](Delivery* made) { made->row().clear_attributes(); },
      [](Delivery* made) { made->row().add_attributes(); },
      [](Delivery* made) { made->row().mutable_attributes(0)->set_value(""); },
      [](Delivery* made) { made->row().mutable_registered(); },
      [](Delivery* made) { made->row().mutable_registered()->set_document_number("2011-7"); }};
  const auto content = [](const Delivery& delivery) {
    return storage::HexOf(ContentHashOf(PlotsOf(delivery), storage::Suite::Sha256Ed25519()));
  };
  std::set<std::string> requests;
  for (const Change& change : changes) {
    Delivery delivery;
    change(&delivery);
    requests.insert(content(delivery));
  }
  EXPECT_EQ(requests.size(), changes.size());
  EXPECT_EQ(content(Delivery()), content(Delivery()));
}

TEST(ImportedPlotsTest, TheDivisionIsTheFirstPartOfTheCode) {
  ImportedPlots plots = PlotsOf(Delivery());
  const StagedRow& row = plots.rows.front().staged;
  EXPECT_EQ(DivisionOf(row, plots), "99010100100101");
  plots.cadastral_codes = true;
  EXPECT_EQ(DivisionOf(row, plots), "990101001001");
  plots.allocate_division = "99010100100102";
  EXPECT_EQ(DivisionOf(row, plots), "99010100100102");
}

}  // namespace
}  // namespace landbook::registry
