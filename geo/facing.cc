#include "geo/facing.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

namespace landbook::geo {
namespace {

// A quantity that changes in a straight line from one end of the first edge to the other.
struct Linear {
  double at_begin;
  double at_end;
  double At(double fraction) const { return at_begin + (at_end - at_begin) * fraction; }
};

// Narrows [begin, end] to where low <= quantity <= high.
void Clip(const Linear& quantity, double low, double high, Facing* stretch) {
  const double change = quantity.at_end - quantity.at_begin;
  if (change == 0) {
    if (quantity.at_begin < low || quantity.at_begin > high) stretch->end = stretch->begin;
    return;
  }
  double at_low = (low - quantity.at_begin) / change;
  double at_high = (high - quantity.at_begin) / change;
  if (at_low > at_high) std::swap(at_low, at_high);
  stretch->begin = std::max(stretch->begin, at_low);
  stretch->end = std::min(stretch->end, at_high);
}

// Sets of items that grow together.
class Groups {
 public:
  explicit Groups(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t Root(std::size_t item) {
    while (parent_[item] != item) item = parent_[item] = parent_[parent_[item]];
    return item;
  }
  // The smaller root stays, so that a group is known by its first item.
  void Join(std::size_t a, std::size_t b) {
    a = Root(a);
    b = Root(b);
    parent_[std::max(a, b)] = std::min(a, b);
  }

 private:
  std::vector<std::size_t> parent_;
};

// An end of a strip, in the cell of a grid as wide as the reach.
struct GridEnd {
  double cell_x;
  double cell_y;
  std::size_t strip;
  RealPoint at;
};

bool CellBefore(const GridEnd& a, const GridEnd& b) {
  return std::tie(a.cell_x, a.cell_y, a.strip) < std::tie(b.cell_x, b.cell_y, b.strip);
}

// Joins the strip of `end` with those that end near it, in its column of cells and the next one.
void JoinNear(const std::vector<GridEnd>& ends, const GridEnd& end, double reach, Groups* groups) {
  for (const double column : {end.cell_x, end.cell_x + 1}) {
    const GridEnd lowest{column, end.cell_y - 1, 0, {}};
    for (auto other = std::lower_bound(ends.begin(), ends.end(), lowest, CellBefore);
         other != ends.end() && other->cell_x == column && other->cell_y <= end.cell_y + 1;
         ++other) {
      if (std::abs(other->at.x - end.at.x) <= reach && std::abs(other->at.y - end.at.y) <= reach) {
        groups->Join(end.strip, other->strip);
      }
    }
  }
}

}  // namespace

std::optional<Facing> FacingStretch(const FacingEdges& edges, std::int64_t width_steps) {
  const Segment& first = edges.first;
  const Segment& second = edges.second;
  const Vertex shifted = {second.start.x + first.end.x - first.start.x,
                          second.start.y + first.end.y - first.start.y};
  const Int128 along = Dot(second.start, second.end, shifted);
  const Int128 across = Cross(second.start, second.end, shifted);
  if (along >= 0 || 2 * (across < 0 ? -across : across) > -along) return std::nullopt;

  const auto squared_length = static_cast<double>(SquaredDistance(second.start, second.end));
  const double length = std::sqrt(squared_length);
  const Linear height{static_cast<double>(Cross(second.start, second.end, first.start)),
                      static_cast<double>(Cross(second.start, second.end, first.end))};
  const Linear foot{static_cast<double>(Dot(second.start, second.end, first.start)),
                    static_cast<double>(Dot(second.start, second.end, first.end))};
  const double limit = static_cast<double>(width_steps) * length;
  // Parallel edges are decided here: exactly as wide as allowed, or on one line, is no strip.
  if (height.at_begin == height.at_end && (height.at_begin <= 0 || height.at_begin >= limit)) {
    return std::nullopt;
  }
  Facing stretch{0, 1, 0, 0, 0};
  Clip(height, 0, limit, &stretch);
  Clip(foot, 0, squared_length, &stretch);
  if (!(stretch.begin < stretch.end)) return std::nullopt;
  stretch.length_steps = (stretch.end - stretch.begin) *
                         std::sqrt(static_cast<double>(SquaredDistance(first.start, first.end)));
  const double at_begin = std::max(0.0, height.At(stretch.begin) / length);
  const double at_end = std::max(0.0, height.At(stretch.end) / length);
  stretch.narrowest_steps = std::min(at_begin, at_end);
  stretch.widest_steps = std::max(at_begin, at_end);
  return stretch;
}

RealPoint PointAlong(const Segment& segment, double fraction) {
  const auto dx = static_cast<double>(segment.end.x - segment.start.x);
  const auto dy = static_cast<double>(segment.end.y - segment.start.y);
  return {static_cast<double>(segment.start.x) + dx * fraction,
          static_cast<double>(segment.start.y) + dy * fraction};
}

RealPoint FootOn(const Segment& segment, RealPoint p) {
  const auto dx = static_cast<double>(segment.end.x - segment.start.x);
  const auto dy = static_cast<double>(segment.end.y - segment.start.y);
  const double along = (p.x - static_cast<double>(segment.start.x)) * dx +
                       (p.y - static_cast<double>(segment.start.y)) * dy;
  return PointAlong(segment, along / (dx * dx + dy * dy));
}

RealPoint MiddleOf(RealPoint a, RealPoint b) { return {(a.x + b.x) / 2, (a.y + b.y) / 2}; }

Vertex Rounded(RealPoint p) { return {std::llround(p.x), std::llround(p.y)}; }

std::vector<std::size_t> GroupsOf(std::span<const StripEnds> strips, double reach_steps) {
  std::vector<GridEnd> ends;
  for (std::size_t strip = 0; strip < strips.size(); ++strip) {
    for (const RealPoint at : {strips[strip].begin, strips[strip].end}) {
      ends.push_back({std::floor(at.x / reach_steps), std::floor(at.y / reach_steps), strip, at});
    }
  }
  std::sort(ends.begin(), ends.end(), CellBefore);
  Groups groups(strips.size());
  for (const GridEnd& end : ends) JoinNear(ends, end, reach_steps, &groups);

  std::vector<std::size_t> group_of(strips.size());
  std::size_t count = 0;
  for (std::size_t strip = 0; strip < strips.size(); ++strip) {
    const std::size_t root = groups.Root(strip);
    group_of[strip] = root == strip ? count++ : group_of[root];
  }
  return group_of;
}

}  // namespace landbook::geo
