// What import and check print at the end.
#ifndef LANDBOOK_TOOLS_LANDBOOK_IMPORT_REPORT_H_
#define LANDBOOK_TOOLS_LANDBOOK_IMPORT_REPORT_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "landbook/v1/registry_service.pb.h"
#include "tools/landbook/command.h"

namespace landbook::tools {

// The counts of one table of a package.
struct TableReport {
  std::string table;
  std::uint32_t read = 0;
  std::uint32_t accepted = 0;
  std::uint32_t unchanged = 0;
  std::uint32_t rejected = 0;
};

// The counts of a delivery. `accepted` holds the unchanged rows too.
struct ImportReport {
  std::uint32_t read = 0;
  std::uint32_t accepted = 0;
  std::uint32_t unchanged = 0;
  std::uint32_t rejected = 0;
  double seconds = 0;
  std::map<std::string, std::uint32_t> findings;  // how many of each rule
  std::vector<std::string> rules_not_run;         // for want of data
  std::vector<TableReport> tables;                // of a package; then the counts above are their sums
};

// The report of what a server counted, in `seconds`.
ImportReport ReportOf(const v1::Import& import, double seconds);

// One line: {"read":N,"accepted":N,"unchanged":N,"rejected":N,"seconds":S,"findings":{...}}, and of a
// package "tables":{"DK":{"read":N,...},...} behind it.
std::string ReportJson(const ImportReport& report);

// Writes the report as that line, or for people; the rules that did not run go to `err`.
void AnswerReport(const Command& command, const ImportReport& report);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_IMPORT_REPORT_H_
