// The layers of a package around the contracted plots: regions and their borders, control points,
// basic farmland, the groups' land, homesteads and construction plots.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_REGIONS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_REGIONS_H_

#include "absl/status/status.h"
#include "tools/sample_county/package_tables.h"

namespace landbook::sample_county {

// XJXZQ, XJQY, CJQY, ZJQY, QYJX, KZD and JBNTBHQ of NY/T 2539, tables A.1 to A.7.
absl::Status WriteRegions(const Layout& layout, const PackagePlace& place);

// JA (land owned by groups), JB (construction plots) and JC (homesteads, one a household), with the
// fields of KTT_ZDJBXX and parcel codes of GB/T 37346.
absl::Status WriteParcels(const Layout& layout, const PackagePlace& place);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_REGIONS_H_
