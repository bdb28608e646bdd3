// What `--findings` and `--report` ask for, from the first finding to the finished files.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_REPORT_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_REPORT_H_

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/common.pb.h"
#include "tools/landbook/findings_file.h"
#include "tools/landbook/findings_ledger.h"
#include "tools/landbook/import_report.h"

namespace landbook::tools {

// The files that are wanted; empty for one that is not.
struct FindingsPaths {
  std::string package;  // --findings FILE.gpkg
  std::string page;     // --report FILE.html
  bool any() const { return !package.empty() || !page.empty(); }
};

// Adds --findings, which takes a path that ends in .gpkg, and --report, one that ends in .html.
// REQUIRES: `paths` outlives the parsing.
void AddFindingsOptions(CLI::App& verb, FindingsPaths& paths);

// Takes findings as they come and makes the files of them.
class FindingsReport {
 public:
  // Fails as FindingsFile::Create does; with no paths it takes findings and makes nothing.
  static absl::StatusOr<FindingsReport> Begin(const FindingsPaths& paths, int plane_epsg);

  absl::Status Add(const v1::Finding& finding);

  // Reads the plots concerned and writes the files; called once. Fails as ReadGround does, and when
  // a file cannot be written. REQUIRES: the source and plane that the findings are of.
  absl::Status Finish(const GroundSource& source, const ImportReport& counts);

 private:
  explicit FindingsReport(FindingsPaths paths) : paths_(std::move(paths)) {}

  FindingsPaths paths_;
  FindingsLedger ledger_;
  std::unique_ptr<FindingsFile> file_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_REPORT_H_
