// A finding of a boundary check: which rule, where, and by how much.
#ifndef LANDBOOK_GEO_FINDING_H_
#define LANDBOOK_GEO_FINDING_H_

#include <compare>
#include <cstdint>
#include <string>

#include "geo/boundary.h"

namespace landbook::geo {

// The boundary rules, by the number in their names (B201 is 201). A number is never reused.
enum class Rule : std::uint16_t {
  kRingOpenOrDegenerate = 101,
  kCoordinateOutsidePlane = 102,
  kRingCrossesItself = 103,
  kRingTouchesItself = 104,
  kVerticesTooClose = 105,
  kSpike = 106,
  kTooSmall = 107,
  kTooNarrow = 108,
  kSeveralParts = 109,
  kStatedAreaDiffers = 110,
  kNotCanonical = 111,
  kOverlap = 201,
  kSameOrContained = 202,
  kVerticesNearlyEqual = 203,
  kVertexOnEdge = 204,
  kSliverGap = 205,
  kLeavesVillage = 301,
  kOnBasicFarmland = 302,
  kInsideRedLine = 303,
  kOutsidePlanZone = 304,
  kUseRestricted = 305,
  kOutsideUrbanBoundary = 306,
  kCodeMalformed = 401,
  kCodeAlreadyUsed = 402,
  kAttributeMissing = 403,
  kTextUndecodable = 404,
  kUnionDiffers = 501,
  kNeighbourWouldChange = 502,
};

enum class Severity : std::uint8_t { kNote = 1, kWarning = 2, kError = 3 };

// The unit of a measured amount.
enum class Unit : std::uint8_t {
  kNone = 0,
  kMetre = 1,
  kSquareMetre = 2,
  kDegree = 3,
  kCount = 4,
  kPercent = 5
};

// The `other` of a finding of a rule that looks at one plot.
inline constexpr std::uint64_t kNoOther = ~std::uint64_t{0};

// One finding. `subject` and `other` are the caller's own identifiers of the plots concerned (an
// index in a batch, a plot number): the check never looks inside them.
//
// `measured` and `tolerance` are integers in millionths of the unit (1 um, 1 mm2, 1e-6 degree), so
// that findings are equal when their text is, on any machine.
struct Finding {
  Rule rule{};
  Severity severity{};
  std::uint64_t subject = 0;
  std::uint64_t other = kNoOther;
  Vertex place;                // the coordinate to zoom to, in steps of the plane
  std::int64_t measured = 0;   // millionths of `unit`
  std::int64_t tolerance = 0;  // millionths of `unit`
  Unit unit = Unit::kNone;
  // The area concerned, in mm2, where a rule measures it beside a width (B201, B202, B501); 0 for
  // other rules.
  std::int64_t area_mm2 = 0;
  // A stable key, not a sentence, for what numbers cannot carry; empty for most rules. A key may
  // end in "=N", a number that its sentence tells. The keys that have sentences of their own, the
  // rule's general sentence standing in for any other:
  //   any rule  by_rounding                   only rounding to the plane caused it
  //   B101      open, too_few_vertices, collapsed_by_rounding
  //   B102      not_finite, outside_plane, degrees, degrees_swapped, axes_swapped, other_zone=39,
  //             zone_numbered_3=39, zone_numbered_6=20, no_zone_number,
  //             stated_system_wrong
  //   B104      hole_outside, hole_crosses, nested_shells, interior_disconnected
  //   B202      same, contains, within
  //   B301      outside (no part of the plot is inside), no_village (the layer has no such village)
  //   B301-B306 unsound_shape (a shape of the layer cannot be measured)
  //   B403      null, empty, not_polygon
  std::string detail;

  friend bool operator==(const Finding&, const Finding&) = default;
};

// The fixed order in which findings are told: by subject, rule, other, place, measured, then by
// what is left, so that only equal findings are level.
bool FindingBefore(const Finding& a, const Finding& b);

// "B201".
std::string RuleName(Rule rule);

// The finding as one sentence of plain English, and of Chinese; amounts with their unit, never a
// binary float's digits. REQUIRES: a rule of the enum.
std::string SentenceEnglish(const Finding& finding);
std::string SentenceChinese(const Finding& finding);

// The words of that sentence alone, without the rule and the place, for a message about a whole
// layer. REQUIRES: a rule of the enum.
std::string WordsEnglish(const Finding& finding);
std::string WordsChinese(const Finding& finding);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_FINDING_H_
