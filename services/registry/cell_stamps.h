// When the boundaries of each piece of ground last changed: by it the writer knows whether a
// verdict that was reached outside still holds (architecture, idea 1).
#ifndef LANDBOOK_SERVICES_REGISTRY_CELL_STAMPS_H_
#define LANDBOOK_SERVICES_REGISTRY_CELL_STAMPS_H_

#include <cstdint>
#include <unordered_map>

#include "geo/boundary.h"

namespace landbook::registry {

// The sequence of the last boundary change, per tier and cell of 256 m. It lives in memory only and
// starts empty: a verdict reached before the server started cannot be waiting. One thread: the
// writer.
class CellStamps {
 public:
  // A cell, and how many of them are kept before all of them are forgotten in favour of one stamp
  // for everywhere: memory stays below 40 MB, and forgetting only makes the writer look again.
  static constexpr std::int64_t kCellSteps = 256 * geo::kStepsPerMetre;
  static constexpr std::size_t kCellsMax = 500'000;
  // A box over more cells than this is stamped as everywhere in its tier.
  static constexpr std::int64_t kCellsOfBoxMax = 10'000;

  // A boundary of `tier` within `box` changed in entry `sequence`. REQUIRES: a box that is not
  // empty.
  void Stamp(std::uint8_t tier, const geo::Box& box, std::uint64_t sequence);

  // True when nothing of `tier` within `box` changed after entry `sequence`.
  bool UnchangedSince(std::uint8_t tier, const geo::Box& box, std::uint64_t sequence) const;

 private:
  struct CellRange;

  std::unordered_map<std::uint64_t, std::uint64_t> stamps_;
  std::uint64_t everywhere_ = 0;
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_CELL_STAMPS_H_
