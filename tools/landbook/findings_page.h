// The findings report as a page to read and print: one HTML file that needs nothing else, no
// script, no network.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FINDINGS_PAGE_H_
#define LANDBOOK_TOOLS_LANDBOOK_FINDINGS_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "tools/landbook/findings_ground.h"
#include "tools/landbook/findings_ledger.h"
#include "tools/landbook/import_report.h"

namespace landbook::tools {

// What the page is about.
struct FindingsPage {
  std::string source;  // the path of what was read
  std::string plane;   // "EPSG:4548"
  const ImportReport& counts;
  const FindingsLedger& ledger;
  const FindingsGround& ground;
};

// The page, in Chinese and English: the counts, a table of the rules with what to do about each,
// the rules that did not run, and the worst cases of each rule, drawn. Errors come first, then
// warnings, then notes. Fails with INTERNAL when an overlap cannot be drawn.
absl::StatusOr<std::string> HtmlOf(const FindingsPage& page);

// `text` with the characters that HTML gives a meaning written as entities.
std::string HtmlText(std::string_view text);

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FINDINGS_PAGE_H_
