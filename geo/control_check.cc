#include "geo/control_check.h"

#include <cmath>
#include <utility>
#include <vector>

#include "geo/area.h"
#include "geo/exact.h"
#include "geo/geos_bridge.h"

namespace landbook::geo {
namespace {

constexpr double kSteps2PerMm2 = 100;
// So many edges in a quarter circle make a distance round an inward corner right to 0.008 %.
constexpr int kSegmentsInQuarter = 64;

std::int64_t Mm2Of(double steps2) { return std::llround(steps2 / kSteps2PerMm2); }

MeasuredPart WholeOf(const Boundary& plot, std::optional<std::size_t> most) {
  return {AreaMm2(plot), plot.vertices.front(), most};
}

// The areas on whose edge the plot lies, as positions; nullopt when one holds all of it.
struct Sorted {
  std::optional<std::size_t> within;
  std::vector<std::size_t> on_edge;
};

Sorted SortAreas(const Boundary& plot, std::span<const ControlArea* const> areas) {
  Sorted sorted;
  for (std::size_t i = 0; i < areas.size() && !sorted.within; ++i) {
    const Lie lie = areas[i]->LieOf(plot);
    if (lie == Lie::kWithin) sorted.within = i;
    if (lie == Lie::kOnEdge) sorted.on_edge.push_back(i);
  }
  return sorted;
}

// The plot without the areas at those positions.
absl::StatusOr<Shape> Without(Shape rest, std::span<const ControlArea* const> areas,
                              std::span<const std::size_t> positions) {
  for (const std::size_t position : positions) {
    if (rest.empty()) break;
    const auto area = Shape::Of(areas[position]->boundary(), rest.origin());
    if (!area.ok()) return area.status();
    auto left = rest.Difference(*area);
    if (!left.ok()) return left.status();
    rest = *std::move(left);
  }
  return rest;
}

Boundary Rectangle(const Box& box) {
  Boundary rectangle;
  rectangle.vertices = {{box.min_x, box.min_y},
                        {box.min_x, box.max_y},
                        {box.max_x, box.max_y},
                        {box.max_x, box.min_y}};
  rectangle.EndRing();
  rectangle.EndPart();
  return rectangle;
}

// Tells for a plot that is partly inside which of its points are farther from the areas than a
// distance: what is left of the ground outside them after shrinking it by that distance.
class Distances {
 public:
  static absl::StatusOr<Distances> Make(const Boundary& plot,
                                        std::span<const ControlArea* const> areas) {
    const Vertex origin = plot.vertices.front();
    const Box box = plot.Bounds();
    // Some point of the plot is inside, so none is farther from the areas than its box is wide and
    // high; the window's own edge has to be farther away still.
    const std::int64_t reach = (box.max_x - box.min_x) + (box.max_y - box.min_y) + 1;
    const Box window = box.Grown(2 * reach);
    std::vector<std::size_t> near;
    for (std::size_t i = 0; i < areas.size(); ++i) {
      if (areas[i]->box().Intersects(window)) near.push_back(i);
    }
    auto plot_shape = Shape::Of(plot, origin);
    auto ground = Shape::Of(Rectangle(window), origin);
    if (!plot_shape.ok()) return plot_shape.status();
    if (!ground.ok()) return ground.status();
    auto outside = Without(*std::move(ground), areas, near);
    if (!outside.ok()) return outside.status();
    return Distances(*std::move(plot_shape), *std::move(outside), reach);
  }

  absl::StatusOr<Shape> FartherThan(double steps) const {
    const auto far = outside_.Shrunk(steps, kSegmentsInQuarter);
    if (!far.ok()) return far.status();
    return plot_.Intersection(*far);
  }

  // The largest distance, within half a step, by halving; `least` is one that is exceeded.
  absl::StatusOr<Leaving> Farthest(double least, Vertex place) const {
    Leaving leaving;
    leaving.place = place;
    double most = static_cast<double>(reach_);
    while (most - least > 0.5) {
      const double middle = (least + most) / 2;
      const auto farther = FartherThan(middle);
      if (!farther.ok()) return farther.status();
      if (farther->empty()) {
        most = middle;
      } else {
        least = middle;
        leaving.place = farther->SomeVertex();
      }
    }
    leaving.distance_steps = std::llround(least);
    return leaving;
  }

 private:
  Distances(Shape plot, Shape outside, std::int64_t reach)
      : plot_(std::move(plot)), outside_(std::move(outside)), reach_(reach) {}

  Shape plot_;
  Shape outside_;
  std::int64_t reach_;
};

}  // namespace

ControlArea::ControlArea(Boundary boundary)
    : boundary_(std::make_unique<const Boundary>(std::move(boundary))), edges_(boundary_.get()) {}

// A ray to the east crosses the rings an odd number of times from a point inside. A vertex on the
// ray counts with the edge below it, so that passing one counts once and touching one twice or not
// at all (J. O'Rourke, Computational Geometry in C, 7.4).
bool ControlArea::Contains(Vertex v) const {
  bool inside = false;
  const Box ray{v.x, v.y, std::max(v.x, box().max_x), v.y};
  edges_.Near(ray, 0, [&](const Edge& edge) {
    if ((edge.start.y > v.y) == (edge.end.y > v.y)) return true;
    const bool upward = edge.end.y > edge.start.y;
    const int turn = Turn(edge.start, edge.end, v);
    if (upward ? turn > 0 : turn < 0) inside = !inside;
    return true;
  });
  return inside;
}

Lie ControlArea::LieOf(const Boundary& plot) const {
  const Box window = plot.Bounds();
  if (!window.Intersects(box())) return Lie::kApart;
  bool on_edge = false;
  edges_.Near(window, 0, [&](const Edge&) {
    on_edge = true;
    return false;
  });
  if (on_edge) return Lie::kOnEdge;
  return Contains(plot.vertices.front()) ? Lie::kWithin : Lie::kApart;
}

absl::StatusOr<MeasuredPart> PartInside(const Boundary& plot,
                                        std::span<const ControlArea* const> areas) {
  const Sorted sorted = SortAreas(plot, areas);
  if (sorted.within) return WholeOf(plot, sorted.within);
  if (sorted.on_edge.empty()) return MeasuredPart();
  const auto whole = Shape::Of(plot, plot.vertices.front());
  if (!whole.ok()) return whole.status();
  MeasuredPart inside;
  double most_steps2 = 0;
  std::optional<Shape> all;
  for (const std::size_t position : sorted.on_edge) {
    const auto area = Shape::Of(areas[position]->boundary(), whole->origin());
    if (!area.ok()) return area.status();
    auto common = whole->Intersection(*area);
    if (!common.ok()) return common.status();
    if (common->area_steps2() > most_steps2) {
      most_steps2 = common->area_steps2();
      inside.most = position;
      inside.place = common->SomeVertex();
    }
    auto sum = all ? all->Union(*common) : std::move(common);
    if (!sum.ok()) return sum.status();
    all = *std::move(sum);
  }
  inside.area_mm2 = Mm2Of(all->area_steps2());
  return inside;
}

absl::StatusOr<MeasuredPart> PartOutside(const Boundary& plot,
                                         std::span<const ControlArea* const> areas) {
  const Sorted sorted = SortAreas(plot, areas);
  if (sorted.within) return MeasuredPart();
  if (sorted.on_edge.empty()) return WholeOf(plot, std::nullopt);
  auto whole = Shape::Of(plot, plot.vertices.front());
  if (!whole.ok()) return whole.status();
  const auto rest = Without(*std::move(whole), areas, sorted.on_edge);
  if (!rest.ok()) return rest.status();
  if (rest->empty()) return MeasuredPart();
  return MeasuredPart{Mm2Of(rest->area_steps2()), rest->SomeVertex(), std::nullopt};
}

absl::StatusOr<std::optional<Leaving>> LeavingOf(const Boundary& plot,
                                                 std::span<const ControlArea* const> areas,
                                                 std::int64_t distance_max_steps) {
  const auto outside = PartOutside(plot, areas);
  if (!outside.ok()) return outside.status();
  if (outside->area_mm2 == 0) return std::optional<Leaving>();
  const auto inside = PartInside(plot, areas);
  if (!inside.ok()) return inside.status();
  if (inside->area_mm2 == 0) return std::optional(Leaving{true, 0, outside->place});
  const auto distances = Distances::Make(plot, areas);
  if (!distances.ok()) return distances.status();
  // Half a step lies between the tolerance itself and the next distance on the grid.
  const double least = static_cast<double>(distance_max_steps) + 0.5;
  const auto farther = distances->FartherThan(least);
  if (!farther.ok()) return farther.status();
  if (farther->empty()) return std::optional<Leaving>();
  auto leaving = distances->Farthest(least, farther->SomeVertex());
  if (!leaving.ok()) return leaving.status();
  return std::optional(*std::move(leaving));
}

}  // namespace landbook::geo
