// The attribute tables of a package: who issued, who contracted what, and under which title.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_RECORDS_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_RECORDS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/sample_county/package_tables.h"

namespace landbook::sample_county {

// NY/T 2539, tables B.1 to B.5, B.8 and B.9: CBDKXX, FBF, CBF, CBF_JTCY, CBHT, CBJYQZDJB, CBJYQZ.
class RecordTables {
 public:
  static absl::StatusOr<RecordTables> Open(const PackagePlace& place);
  absl::Status Add(const GroupRecords& records);
  absl::Status Close();

 private:
  absl::Status Row(const std::string& table, const std::vector<geo::Value>& values) {
    return tables_.at(table)->AddRow(values);
  }
  absl::Status AddIssuer(const GroupRecords& records);
  absl::Status AddHousehold(const GroupRecords& records, int household);
  absl::Status AddTitle(const GroupRecords& records, int household);
  absl::Status AddPlot(const GroupRecords& records, const Plot& plot);

  std::map<std::string, Writer> tables_;
  std::int64_t next_certificate_ = 1;
};

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PACKAGE_RECORDS_H_
