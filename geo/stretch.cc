#include "geo/stretch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "geo/check.h"
#include "geo/wide_integer.h"

namespace landbook::geo {
namespace {

// A vertex by its place along the cut axis and across it.
struct Along {
  std::int64_t along = 0;
  std::int64_t across = 0;
};

Along AlongAxis(Vertex v, bool axis_is_x) { return axis_is_x ? Along{v.x, v.y} : Along{v.y, v.x}; }

std::int64_t FloorDivide(Int128 numerator, Int128 denominator) {
  const Int128 quotient = numerator / denominator;
  return static_cast<std::int64_t>(quotient - (numerator % denominator < 0 ? 1 : 0));
}

// Cuts at equal distances along the longer side of a box.
class Cutter {
 public:
  Cutter(const Box& box, std::size_t count)
      : axis_is_x_(box.max_x - box.min_x >= box.max_y - box.min_y),
        begin_(axis_is_x_ ? box.min_x : box.min_y),
        length_(axis_is_x_ ? box.max_x - box.min_x : box.max_y - box.min_y),
        boxes_(count) {}

  void Add(Vertex from, Vertex to) {
    Along a = AlongAxis(from, axis_is_x_);
    Along b = AlongAxis(to, axis_is_x_);
    if (b.along < a.along) std::swap(a, b);
    for (std::size_t i = StretchAt(a.along); i < boxes_.size() && CutAt(i) <= b.along; ++i) {
      // An edge that only ends on a cut belongs to the stretch before it.
      if (i > 0 && a.along < CutAt(i) && b.along == CutAt(i)) break;
      AddPart(a, b, i);
    }
  }

  std::vector<Box> Take() {
    std::erase_if(boxes_, [](const Box& box) { return box.Empty(); });
    return std::move(boxes_);
  }

 private:
  // Where stretch `i` begins; the last one ends at CutAt(count).
  std::int64_t CutAt(std::size_t i) const {
    return begin_ +
           length_ * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(boxes_.size());
  }

  // The stretch that holds a place: the last that begins at or before it.
  std::size_t StretchAt(std::int64_t along) const {
    std::size_t i = 0;
    while (i + 1 < boxes_.size() && CutAt(i + 1) <= along) ++i;
    return i;
  }

  // What of the edge from `a` to `b` lies in stretch `i`; rounded outward where a cut crosses it.
  void AddPart(Along a, Along b, std::size_t i) {
    AddEnd(a, b, std::max(a.along, CutAt(i)), i);
    AddEnd(a, b, std::min(b.along, CutAt(i + 1)), i);
    if (a.along == b.along) AddPlace(b, i);
  }

  void AddEnd(Along a, Along b, std::int64_t along, std::size_t i) {
    if (along == a.along) return AddPlace(a, i);
    if (along == b.along) return AddPlace(b, i);
    const Int128 rise = Int128{b.across - a.across} * (along - a.along);
    const Int128 run = b.along - a.along;
    AddPlace({along, a.across + FloorDivide(rise, run)}, i);
    AddPlace({along, a.across - FloorDivide(-rise, run)}, i);
  }

  void AddPlace(Along place, std::size_t i) {
    boxes_[i].Add(axis_is_x_ ? Vertex{place.along, place.across}
                             : Vertex{place.across, place.along});
  }

  const bool axis_is_x_;
  const std::int64_t begin_;
  const std::int64_t length_;
  std::vector<Box> boxes_;
};

bool IsWorthCutting(const std::vector<Box>& stretches) {
  std::set<std::uint64_t> anchors;
  return std::all_of(stretches.begin(), stretches.end(), [&](const Box& stretch) {
    return SizeClass(stretch) <= kStretchSizeClass &&
           anchors.insert(AnchorPosition(stretch)).second;
  });
}

}  // namespace

std::vector<Box> StretchesOf(const Boundary& boundary) {
  const Box box = boundary.Bounds();
  if (box.Empty() || SizeClass(box) <= kStretchSizeClass) return {};
  const std::int64_t length = std::max(box.max_x - box.min_x, box.max_y - box.min_y);
  const std::int64_t count = (length + kStretchExtentSteps - 1) / kStretchExtentSteps;
  if (count > static_cast<std::int64_t>(kStretchesMax)) return {};
  Cutter cutter(box, static_cast<std::size_t>(count));
  for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
    const auto vertices = boundary.Ring(ring);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      cutter.Add(vertices[i], vertices[(i + 1) % vertices.size()]);
    }
  }
  std::vector<Box> stretches = cutter.Take();
  if (!IsWorthCutting(stretches)) return {};
  return stretches;
}

}  // namespace landbook::geo
