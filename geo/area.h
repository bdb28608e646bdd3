// Areas on the fixed-precision plane, exact to the last digit.
//
// No area is ever a binary float: twice the area of a ring of integer vertices is an integer (the
// shoelace formula), and it is rounded once. Areas that people read are in hundredths of a square
// metre, as NY/T 2539 states them (SCMJ, two decimals); the second field is mu (SCMJM).
#ifndef LANDBOOK_GEO_AREA_H_
#define LANDBOOK_GEO_AREA_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "geo/wide_integer.h"

namespace landbook::geo {

// Twice the signed area of `ring`, in steps squared: positive when it runs counter-clockwise, zero
// for fewer than three vertices. REQUIRES: |coordinate| <= kCoordinateMax.
Int128 DoubledSignedArea(std::span<const Vertex> ring);

// Twice the area of `boundary`, in steps squared: shells added, holes taken away, each by its size
// whichever way it runs. Negative only for an invalid boundary with holes larger than its shells.
Int128 DoubledArea(const Boundary& boundary);

// The computed area in hundredths of a square metre, rounded half up once from the exact area.
// Saturates at the limits of its type, which only an invalid boundary can reach.
std::int64_t ComputedAreaHundredthsM2(const Boundary& boundary);

// The area in whole square millimetres, the unit of tolerances, rounded half up. Saturates at 9.2
// million square kilometres.
std::int64_t AreaMm2(const Boundary& boundary);

// Twice an area in steps squared as hundredths of a square metre and as square millimetres, rounded
// half up and saturated as above.
std::int64_t HundredthsM2FromDoubled(Int128 doubled_steps2);
std::int64_t Mm2FromDoubled(Int128 doubled_steps2);

// Hundredths of a mu of an area in hundredths of a square metre, rounded half up. 1 mu is 2000/3 m2
// (国务院关于在我国统一实行法定计量单位的命令, 1984), so mu = m2 x 0.0015 exactly.
std::int64_t MuHundredthsFromM2(std::int64_t hundredths_m2);

// "1234.50" for 123450 and "-0.05" for -5: always two decimals, no grouping.
std::string FormatHundredths(std::int64_t hundredths);

// The hundredths of a decimal text: digits, then optionally a point and decimals ("12", "12.3",
// "12.30"). Decimals behind the second must be zeros: an area is never rounded on the way in. Fails
// with INVALID_ARGUMENT for a sign, blanks, an exponent, other decimals, or more than the type
// holds.
absl::StatusOr<std::int64_t> ParseHundredths(std::string_view text);

// `total` divided in proportion to `weights` by largest remainder (Hamilton's method): each part
// gets the whole hundredths of its exact share, and what is left goes one each to the largest
// remainders, the earlier part first where they are equal. The parts sum to `total` exactly; a part
// of weight zero gets nothing. REQUIRES: total >= 0; weights >= 0 with a sum above zero and below
// 2^120.
std::vector<std::int64_t> ApportionByLargestRemainder(std::int64_t total,
                                                      std::span<const Int128> weights);

}  // namespace landbook::geo

#endif  // LANDBOOK_GEO_AREA_H_
