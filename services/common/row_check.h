// The checks of a row as delivered, before any geometry is compared: B401 to B403 of
// docs/boundary-rules.md. The boundary service and the registry's import read rows alike.
#ifndef LANDBOOK_SERVICES_COMMON_ROW_CHECK_H_
#define LANDBOOK_SERVICES_COMMON_ROW_CHECK_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/boundary.h"
#include "geo/finding.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/refusal.h"

namespace landbook::common {

// What can be wrong with a plot's code.
enum class CodeFault {
  kMalformed,    // not laid out as the kind's codes are
  kOtherCounty,  // well laid out, but does not begin with the county's six digits
  kNotOfKind,    // a cadastral code with another kind's letters
};

// What is wrong with `code` for a plot of `kind`; nullopt when nothing is. Cadastral: 12 digits,
// the two letters of the kind, a serial from 00001 (GB/T 37346). Contracted: 14 digits of the
// issuing party and 5 of serial (NY/T 2539). An empty county lets codes of any pass.
struct CodeRules {
  const v1::PlotKind& kind;
  std::string_view county;
};
std::optional<CodeFault> CheckPlotCode(const CodeRules& rules, std::string_view code);

// How the rows of a source are read.
struct RowRules {
  const v1::PlotKind& kind;
  std::string_view county;
  // The book allocates codes: a row without one is as it should be.
  bool codes_allocated = false;
};

// A row, read.
struct CheckedRow {
  std::int64_t row = 0;
  std::string code;
  // nullopt when the row has none that could be read; its findings then say so.
  std::optional<geo::Boundary> boundary;
  std::optional<std::int64_t> stated_area_mm2;
  std::string land_use;  // as it came
  // What reading it found, the reader's own findings first. `subject` is 0 until AssignSubjects.
  std::vector<geo::Finding> findings;

  // True when a finding keeps the row out.
  bool HasError() const;
};

// Where a row stands in its request. Its path is only written when something is wrong with the row.
struct RowPosition {
  int index = 0;              // among the rows of its message
  std::string_view within{};  // the path of that message with its dot; empty for the request itself

  // "rows[3]".
  std::string Path() const;
};

// Reads one row. Findings: B401 for its code; B403 with the detail "code" (none, and none is
// allocated), "null" (no boundary), "too_many_vertices", "stated_area" or "land_use" (not four
// digits). Refused are rows that no reader makes: BOUNDARY_UNDECODABLE, and VALUE_OUT_OF_RANGE for
// a finding that is none.
Outcome<CheckedRow> CheckRow(const v1::ImportRow& row, const RowRules& rules,
                             const RowPosition& position);

// Reads one row of a control layer: its boundary and what the reader found. Findings: B403 with the
// details "null" and "too_many_vertices"; codes, areas and land uses mean nothing here. Refused as
// above.
Outcome<CheckedRow> CheckShapeRow(const v1::ImportRow& row, const RowPosition& position);

// Puts rows in their fixed order, by code, then row, adds B402 (detail "in_file") to every row
// whose code another has too, and makes each row's position its findings' subject. After this
// nothing depends on the order in which rows came, as long as no two have the same code and row.
void AssignSubjects(std::vector<CheckedRow>& rows);

// The area of a text that IsAreaText takes, in mm2.
std::int64_t AreaFromText(std::string_view text);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_ROW_CHECK_H_
