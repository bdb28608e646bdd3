#include "services/common/row_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "geo/boundary_check.h"
#include "geo/compact.h"
#include "services/common/division.h"
#include "services/common/door.h"
#include "services/common/finding_wire.h"
#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr std::size_t kCodeBytes = 19;
constexpr std::size_t kLettersAt = kVillageDigits;
constexpr std::size_t kSerialAt = kLettersAt + 2;

bool AllDigits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsCadastralCode(std::string_view code) {
  return code.size() == kCodeBytes && AllDigits(code.substr(0, kLettersAt)) &&
         std::string_view("GJZ").find(code[kLettersAt]) != std::string_view::npos &&
         code[kLettersAt + 1] >= 'A' && code[kLettersAt + 1] <= 'Z' &&
         AllDigits(code.substr(kSerialAt)) && code.substr(kSerialAt) != "00000";
}

std::string_view DetailOf(CodeFault fault) {
  switch (fault) {
    case CodeFault::kMalformed:
      return "malformed";
    case CodeFault::kOtherCounty:
      return "other_county";
    default:
      return "not_of_kind";
  }
}

void AddError(CheckedRow& row, geo::Rule rule, std::string_view detail) {
  geo::Finding finding;
  finding.rule = rule;
  finding.severity = geo::Severity::kError;
  finding.detail = detail;
  if (row.boundary && !row.boundary->empty()) finding.place = row.boundary->vertices.front();
  row.findings.push_back(std::move(finding));
}

void CheckCode(CheckedRow& row, const RowRules& rules) {
  if (row.code.empty()) {
    if (!rules.codes_allocated) AddError(row, geo::Rule::kAttributeMissing, "code");
    return;
  }
  const auto fault = CheckPlotCode({rules.kind, rules.county}, row.code);
  if (fault) AddError(row, geo::Rule::kCodeMalformed, DetailOf(*fault));
}

void CheckAttributes(CheckedRow& row, const v1::ImportRow& source) {
  const std::string& area = source.stated_area_m2();
  if (IsAreaText(area)) {
    row.stated_area_mm2 = AreaFromText(area);
  } else if (!area.empty()) {
    AddError(row, geo::Rule::kAttributeMissing, "stated_area");
  }
  const std::string& use = source.land_use();
  if (!use.empty() && (use.size() != 4 || !AllDigits(use))) {
    AddError(row, geo::Rule::kAttributeMissing, "land_use");
  }
}

// Whether the reader said already why there is no boundary.
bool SaysWhyNoBoundary(const CheckedRow& row) {
  return std::any_of(row.findings.begin(), row.findings.end(), [](const geo::Finding& finding) {
    return finding.severity == geo::Severity::kError &&
           (finding.rule == geo::Rule::kAttributeMissing ||
            finding.rule == geo::Rule::kRingOpenOrDegenerate ||
            finding.rule == geo::Rule::kCoordinateOutsidePlane);
  });
}

std::optional<v1::Refusal> ReadBoundary(CheckedRow& row, const std::string& bytes,
                                        const RowPosition& position) {
  if (bytes.empty()) {
    if (!SaysWhyNoBoundary(row)) AddError(row, geo::Rule::kAttributeMissing, "null");
    return std::nullopt;
  }
  absl::StatusOr<geo::Boundary> boundary = geo::DecodeCompact(bytes);
  if (boundary.ok()) {
    row.boundary = std::move(*boundary);
    return std::nullopt;
  }
  if (boundary.status().code() == absl::StatusCode::kOutOfRange) {
    AddError(row, geo::Rule::kAttributeMissing, "too_many_vertices");
    return std::nullopt;
  }
  const std::string field = position.Path() + ".boundary";
  const auto message = boundary.status().message();
  return Refuse(Reason::BOUNDARY_UNDECODABLE, field,
                {fmt::format("{}: no boundary in the compact codec: {}", field,
                             std::string_view(message.data(), message.size())),
                 fmt::format("{}：不是紧凑编码的界址数据", field)});
}

std::optional<v1::Refusal> ReadFindings(CheckedRow& row, const v1::ImportRow& source,
                                        const RowPosition& position) {
  for (int i = 0; i < source.findings_size(); ++i) {
    std::optional<geo::Finding> finding = FindingFromWire(source.findings(i), 0);
    if (!finding) {
      const std::string field = fmt::format("{}.findings[{}]", position.Path(), i);
      return Refuse(
          Reason::VALUE_OUT_OF_RANGE, field,
          {fmt::format("{}: no finding of docs/boundary-rules.md; send a rule, a severity "
                       "and a unit that it has",
                       field),
           fmt::format("{}：不是规则表中的质检结果", field)});
    }
    row.findings.push_back(std::move(*finding));
  }
  return std::nullopt;
}

void MarkRepeated(std::vector<CheckedRow>& rows, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    AddError(rows[i], geo::Rule::kCodeAlreadyUsed, "in_file");
    rows[i].findings.back().other = i == begin ? begin + 1 : begin;
  }
}

}  // namespace

std::optional<CodeFault> CheckPlotCode(const CodeRules& rules, std::string_view code) {
  const bool cadastral = rules.kind.code_layout() == v1::PLOT_CODE_LAYOUT_CADASTRAL;
  const bool well_laid_out =
      cadastral ? IsCadastralCode(code) : code.size() == kCodeBytes && AllDigits(code);
  if (!well_laid_out) return CodeFault::kMalformed;
  if (!code.starts_with(rules.county)) return CodeFault::kOtherCounty;
  if (cadastral && code.substr(kLettersAt, 2) != rules.kind.feature_letters()) {
    return CodeFault::kNotOfKind;
  }
  return std::nullopt;
}

std::string RowPosition::Path() const { return fmt::format("{}rows[{}]", within, index); }

bool CheckedRow::HasError() const { return geo::HasError(findings); }

Outcome<CheckedRow> CheckRow(const v1::ImportRow& row, const RowRules& rules,
                             const RowPosition& position) {
  Outcome<CheckedRow> checked = CheckShapeRow(row, position);
  if (!checked.ok()) return checked;
  checked->code = row.code();
  checked->land_use = row.land_use();
  CheckCode(*checked, rules);
  CheckAttributes(*checked, row);
  return checked;
}

Outcome<CheckedRow> CheckShapeRow(const v1::ImportRow& row, const RowPosition& position) {
  CheckedRow checked;
  checked.row = row.row();
  if (auto refusal = ReadFindings(checked, row, position)) return *refusal;
  if (auto refusal = ReadBoundary(checked, row.boundary(), position)) return *refusal;
  return checked;
}

void AssignSubjects(std::vector<CheckedRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const CheckedRow& a, const CheckedRow& b) {
    return std::tie(a.code, a.row) < std::tie(b.code, b.row);
  });
  for (std::size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
    while (end < rows.size() && rows[end].code == rows[begin].code) ++end;
    if (end - begin > 1 && !rows[begin].code.empty()) MarkRepeated(rows, begin, end);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (geo::Finding& finding : rows[i].findings) finding.subject = i;
  }
}

std::int64_t AreaFromText(std::string_view text) {
  LANDBOOK_CHECK(IsAreaText(text));
  constexpr std::int64_t kMm2PerM2 = 1'000'000;
  std::int64_t digits = 0;
  std::int64_t scale = kMm2PerM2;
  bool decimals = false;
  for (const char c : text) {
    if (c == '.') {
      decimals = true;
      continue;
    }
    digits = digits * 10 + (c - '0');
    if (decimals) scale /= 10;
  }
  return digits * scale;
}

}  // namespace landbook::common
