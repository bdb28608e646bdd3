// A sample county as the package in which contracted land is handed over (NY/T 2539, chapter 7).
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_H_

#include <string>

#include "absl/status/status.h"
#include "tools/sample_county/options.h"

namespace landbook::sample_county {

// Makes the folder <folder>/<code><name>/ with
//   矢量数据/  DK, JZD, JZX, XJXZQ, XJQY, CJQY, ZJQY, KZD, QYJX, JBNTBHQ as
//              <TABLE><code><year>.shp, and JA, JB, JC: the land owned by groups, the construction
//              plots and the homesteads, with the fields of the registration database's KTT_ZDJBXX;
//   权属数据/  FBF, CBF, CBF_JTCY, CBHT, CBDKXX, CBJYQZDJB, CBJYQZ as .dbf tables, because nothing
//              free writes the .mdb that the standard names.
// Text is in `encoding`, and a .cpg says so. Files that are there are replaced.
absl::Status WritePackage(const Options& options, const std::string& folder,
                          const std::string& encoding);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_H_
