#include "services/registry/cell_stamps.h"

#include <algorithm>

#include "storage/check.h"

namespace landbook::registry {
namespace {

std::int64_t FloorDivide(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((by - 1 - value) / by);
}

std::uint64_t CellKey(std::uint8_t tier, std::int64_t column, std::int64_t row) {
  // Columns and rows of the plane fit 18 bits and a sign; 28 each leave room for the tier.
  constexpr std::uint64_t kMask = (std::uint64_t{1} << 28) - 1;
  return (std::uint64_t{tier} << 56) | ((static_cast<std::uint64_t>(column) & kMask) << 28) |
         (static_cast<std::uint64_t>(row) & kMask);
}

}  // namespace

struct CellStamps::CellRange {
  explicit CellRange(const geo::Box& box)
      : first_column(FloorDivide(box.min_x, kCellSteps)),
        last_column(FloorDivide(box.max_x, kCellSteps)),
        first_row(FloorDivide(box.min_y, kCellSteps)),
        last_row(FloorDivide(box.max_y, kCellSteps)) {}

  std::int64_t count() const {
    return (last_column - first_column + 1) * (last_row - first_row + 1);
  }
  template <typename Visit>
  bool AllOf(Visit visit) const {
    for (std::int64_t column = first_column; column <= last_column; ++column) {
      for (std::int64_t row = first_row; row <= last_row; ++row) {
        if (!visit(column, row)) return false;
      }
    }
    return true;
  }

  std::int64_t first_column;
  std::int64_t last_column;
  std::int64_t first_row;
  std::int64_t last_row;
};

void CellStamps::Stamp(std::uint8_t tier, const geo::Box& box, std::uint64_t sequence) {
  LANDBOOK_CHECK(!box.Empty());
  const CellRange cells(box);
  if (cells.count() > kCellsOfBoxMax || stamps_.size() > kCellsMax) {
    stamps_.clear();
    everywhere_ = std::max(everywhere_, sequence);
    return;
  }
  cells.AllOf([&](std::int64_t column, std::int64_t row) {
    stamps_[CellKey(tier, column, row)] = sequence;
    return true;
  });
}

bool CellStamps::UnchangedSince(std::uint8_t tier, const geo::Box& box,
                                std::uint64_t sequence) const {
  if (everywhere_ > sequence) return false;
  const CellRange cells(box);
  if (cells.count() > kCellsOfBoxMax) {
    return std::all_of(stamps_.begin(), stamps_.end(),
                       [&](const auto& stamp) { return stamp.second <= sequence; });
  }
  return cells.AllOf([&](std::int64_t column, std::int64_t row) {
    const auto stamp = stamps_.find(CellKey(tier, column, row));
    return stamp == stamps_.end() || stamp->second <= sequence;
  });
}

}  // namespace landbook::registry
