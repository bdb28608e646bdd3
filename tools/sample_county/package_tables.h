// The files of a package, open for writing.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_TABLES_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_TABLES_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/formats/layer_writer.h"
#include "tools/sample_county/layout.h"
#include "tools/sample_county/people.h"
#include "tools/sample_county/plots.h"

namespace landbook::sample_county {

// Where a package is written.
struct PackagePlace {
  std::string vectors;   // the folder 矢量数据
  std::string records;   // the folder 权属数据
  std::string suffix;    // county code and year, which end the names of vector layers
  std::string encoding;  // of text
  int epsg = 0;
};

using Writer = std::unique_ptr<geo::LayerWriter>;

// Opens the vector layer `name`, or the attribute table `name`. `fields` is written as the standard
// writes it: "DKBM C19;SCMJ F16.2;CBFCYSL I2;DJSJ D", parted by semicolons.
absl::StatusOr<Writer> OpenLayer(const PackagePlace& place, std::string_view name,
                                 geo::LayerGeometry geometry, std::string_view fields);
absl::StatusOr<Writer> OpenTable(const PackagePlace& place, std::string_view name,
                                 std::string_view fields);

// "20260301".
std::string DateText(int year, int month, int day);
// An area as a value of a column in m2, and in mu.
geo::Value AreaM2(std::int64_t hundredths_m2);
geo::Value AreaMu(std::int64_t hundredths_m2);
// A vertex in metres.
geo::RawVertex InMetres(geo::Vertex vertex);
// The ring as a boundary in metres, closed.
geo::RawBoundary RingInMetres(const std::vector<geo::Vertex>& ring);

// A group with its plots and households, as the tables need it.
struct GroupRecords {
  const Layout* layout = nullptr;
  std::int64_t group = 0;
  std::string code;  // FBFBM
  std::vector<Plot> plots;
  std::vector<std::vector<Person>> households;

  // The household that holds the plot with this index in the group.
  int HouseholdOfPlot(int index) const { return index % static_cast<int>(households.size()); }
  std::string ContractorCode(int household) const;  // CBFBM
  std::string ContractCode(int household) const;    // CBHTBM, CBJYQZBM
};

// The records of a group's plots. Takes the plots over.
GroupRecords RecordsOf(const Layout& layout, std::int64_t group, std::vector<Plot> plots);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_TABLES_H_
