#include "services/common/finding_wire.h"

#include <iterator>

#include "storage/check.h"

namespace landbook::common {
namespace {

constexpr geo::Rule kRules[] = {
    geo::Rule::kRingOpenOrDegenerate,
    geo::Rule::kCoordinateOutsidePlane,
    geo::Rule::kRingCrossesItself,
    geo::Rule::kRingTouchesItself,
    geo::Rule::kVerticesTooClose,
    geo::Rule::kSpike,
    geo::Rule::kTooSmall,
    geo::Rule::kTooNarrow,
    geo::Rule::kSeveralParts,
    geo::Rule::kStatedAreaDiffers,
    geo::Rule::kNotCanonical,
    geo::Rule::kOverlap,
    geo::Rule::kSameOrContained,
    geo::Rule::kVerticesNearlyEqual,
    geo::Rule::kVertexOnEdge,
    geo::Rule::kSliverGap,
    geo::Rule::kLeavesVillage,
    geo::Rule::kOnBasicFarmland,
    geo::Rule::kInsideRedLine,
    geo::Rule::kOutsidePlanZone,
    geo::Rule::kUseRestricted,
    geo::Rule::kOutsideUrbanBoundary,
    geo::Rule::kCodeMalformed,
    geo::Rule::kCodeAlreadyUsed,
    geo::Rule::kAttributeMissing,
    geo::Rule::kTextUndecodable,
    geo::Rule::kUnionDiffers,
    geo::Rule::kNeighbourWouldChange,
};

// By geo::Unit. Counts have no unit on the wire.
constexpr std::string_view kUnits[] = {"", "m", "m2", "degree", "", "%"};

std::optional<geo::Unit> UnitNamed(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kUnits); ++i) {
    if (kUnits[i] == name) return static_cast<geo::Unit>(i);
  }
  return std::nullopt;
}

}  // namespace

v1::Finding FindingToWire(const geo::Finding& finding, const FindingPlots& plots) {
  v1::Finding wire = FindingFacts(finding, plots);
  wire.set_message_zh(geo::SentenceChinese(finding));
  wire.set_message_en(geo::SentenceEnglish(finding));
  return wire;
}

void AddSentences(v1::Finding* facts) {
  const auto finding = FindingFromWire(*facts, /*subject=*/0);
  LANDBOOK_CHECK(finding.has_value());
  facts->set_message_zh(geo::SentenceChinese(*finding));
  facts->set_message_en(geo::SentenceEnglish(*finding));
}

v1::Finding FindingFacts(const geo::Finding& finding, const FindingPlots& plots) {
  v1::Finding wire;
  wire.set_rule(geo::RuleName(finding.rule));
  wire.set_severity(static_cast<v1::Severity>(finding.severity));
  wire.set_plot(plots.subject.code);
  wire.set_row(plots.subject.row);
  wire.set_other_row(-1);
  if (finding.other != geo::kNoOther) {
    wire.set_other_plot(plots.other.code);
    wire.set_other_row(plots.other.row);
  }
  wire.mutable_place()->set_x(finding.place.x);
  wire.mutable_place()->set_y(finding.place.y);
  wire.set_measured_millionths(finding.measured);
  wire.set_tolerance_millionths(finding.tolerance);
  wire.set_area_millionths(finding.area_mm2);
  wire.set_unit(std::string(kUnits[static_cast<std::size_t>(finding.unit)]));
  wire.set_detail(finding.detail);
  return wire;
}

std::optional<geo::Finding> FindingFromWire(const v1::Finding& finding, std::uint64_t subject) {
  const std::optional<geo::Rule> rule = RuleNamed(finding.rule());
  const std::optional<geo::Unit> unit = UnitNamed(finding.unit());
  const bool known_severity =
      finding.severity() >= v1::SEVERITY_NOTE && finding.severity() <= v1::SEVERITY_ERROR;
  if (!rule || !unit || !known_severity) return std::nullopt;
  geo::Finding back;
  back.rule = *rule;
  back.severity = static_cast<geo::Severity>(finding.severity());
  back.subject = subject;
  back.place = {finding.place().x(), finding.place().y()};
  back.measured = finding.measured_millionths();
  back.tolerance = finding.tolerance_millionths();
  back.area_mm2 = finding.area_millionths();
  back.unit = *unit;
  back.detail = finding.detail();
  return back;
}

std::optional<geo::Rule> RuleNamed(std::string_view name) {
  for (const geo::Rule rule : kRules) {
    if (geo::RuleName(rule) == name) return rule;
  }
  return std::nullopt;
}

}  // namespace landbook::common
