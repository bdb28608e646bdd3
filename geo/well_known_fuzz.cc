// The readers of well-known text and well-known binary on any bytes: they never crash, and what the
// plane can keep of a boundary comes back from what is written of it.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "geo/check.h"
#include "geo/normalise.h"
#include "geo/well_known.h"

namespace {

using landbook::geo::Normalise;
using landbook::geo::PlaneBoundary;
using landbook::geo::RawBoundary;

void CheckRoundTrips(const absl::StatusOr<RawBoundary>& raw) {
  if (!raw.ok()) return;
  const PlaneBoundary plane = Normalise(*raw);
  if (!plane.faults.empty()) return;
  const auto text = landbook::geo::RawFromWkt(landbook::geo::WktOf(plane.boundary));
  LANDBOOK_GEO_CHECK(text.ok() && Normalise(*text).boundary == plane.boundary);
  const auto binary = landbook::geo::RawFromWkb(landbook::geo::WkbOf(plane.boundary));
  LANDBOOK_GEO_CHECK(binary.ok() && Normalise(*binary).boundary == plane.boundary);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  CheckRoundTrips(landbook::geo::RawFromWkt(bytes));
  CheckRoundTrips(landbook::geo::RawFromWkb(bytes));
  return 0;
}
