#include "geo/faulty_coverage_testing.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/boundary_testing.h"

namespace landbook::geo {
namespace {

// What a fault works on: the layer, one plot of it, and numbers.
struct Ground {
  FaultyLayer* layer;
  TestNumbers* numbers;

  std::size_t Below(std::size_t count) const {
    return static_cast<std::size_t>(numbers->Between(0, static_cast<std::int64_t>(count) - 1));
  }
  // A length that is small, middling or large as often as not.
  std::int64_t Length() const {
    constexpr std::int64_t kReaches[] = {1, 12, 60, 600, 3'000, 40'000};
    return numbers->Between(1, kReaches[Below(std::size(kReaches))]);
  }
  std::int64_t Signed() const { return numbers->Between(0, 1) == 0 ? Length() : -Length(); }
  Vertex Shift() const {
    switch (numbers->Between(0, 3)) {
      case 0:
        return {Signed(), 0};
      case 1:
        return {0, Signed()};
      default:
        return {Signed(), Signed()};
    }
  }
  Boundary& Plot() const { return layer->boundaries[Below(layer->boundaries.size())]; }
};

Vertex Plus(Vertex v, Vertex shift) { return {v.x + shift.x, v.y + shift.y}; }

// Inserts a vertex behind one of the ring: `at` is past it.
void Insert(Boundary* boundary, std::size_t at, Vertex v) {
  boundary->vertices.insert(boundary->vertices.begin() + static_cast<std::ptrdiff_t>(at), v);
  for (std::uint32_t& end : boundary->ring_ends) end += end >= at ? 1 : 0;
}

// The middle of the edge that starts at vertex `at` of the first ring, rounded.
Vertex MiddleOfEdge(const Boundary& boundary, std::size_t at) {
  const auto ring = boundary.Ring(0);
  const Vertex next = ring[(at + 1) % ring.size()];
  return {(ring[at].x + next.x) / 2, (ring[at].y + next.y) / 2};
}

Vertex Middle(const Boundary& boundary) {
  const Box box = boundary.Bounds();
  return {(box.min_x + box.max_x) / 2, (box.min_y + box.max_y) / 2};
}

// A rectangle of the given half sides around a place, turned by any angle.
std::vector<Vertex> Turned(const Ground& ground, Vertex centre, std::int64_t along,
                           std::int64_t across) {
  const double angle = static_cast<double>(ground.numbers->Between(0, 3'600)) * M_PI / 1'800;
  std::vector<Vertex> ring;
  for (const auto& [u, v] : {std::pair{-1, -1}, {-1, 1}, {1, 1}, {1, -1}}) {
    const double x = static_cast<double>(u) * static_cast<double>(along);
    const double y = static_cast<double>(v) * static_cast<double>(across);
    ring.push_back(Plus(centre, {std::llround(x * std::cos(angle) - y * std::sin(angle)),
                                 std::llround(x * std::sin(angle) + y * std::cos(angle))}));
  }
  return ring;
}

void AddPlot(const Ground& ground, Boundary boundary) {
  ground.layer->boundaries.push_back(std::move(boundary));
}

void MoveVertex(const Ground& ground) {
  Boundary& plot = ground.Plot();
  Vertex& v = plot.vertices[ground.Below(plot.vertices.size())];
  v = Plus(v, ground.Shift());
}

void DropVertex(const Ground& ground) {
  Boundary& plot = ground.Plot();
  if (plot.ring_ends[0] < 5) return;
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  plot.vertices.erase(plot.vertices.begin() + static_cast<std::ptrdiff_t>(at));
  for (std::uint32_t& end : plot.ring_ends) --end;
}

// An unmatched T-junction: as near to the edge as the grid allows, or a little off it.
void AddJunction(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  Vertex v = MiddleOfEdge(plot, at);
  if (ground.numbers->Between(0, 1) == 0) v = Plus(v, ground.Shift());
  Insert(&plot, at + 1, v);
}

void AddNearVertex(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  Insert(&plot, at + 1, Plus(plot.vertices[at], ground.Shift()));
}

void AddSpike(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  const Vertex foot = MiddleOfEdge(plot, at);
  Insert(&plot, at + 1, foot);
  Insert(&plot, at + 2, Plus(foot, {ground.Signed(), ground.Signed()}));
  Insert(&plot, at + 3, Plus(foot, ground.Shift()));
}

void MovePlot(const Ground& ground) {
  const Vertex shift = ground.Shift();
  for (Vertex& v : ground.Plot().vertices) v = Plus(v, shift);
}

void CopyPlot(const Ground& ground) {
  Boundary copy = ground.Plot();
  if (ground.numbers->Between(0, 2) == 0) {
    const Vertex shift = ground.Shift();
    for (Vertex& v : copy.vertices) v = Plus(v, shift);
  }
  AddPlot(ground, std::move(copy));
}

void ReverseRings(const Ground& ground) {
  Boundary& plot = ground.Plot();
  std::reverse(plot.vertices.begin(), plot.vertices.begin() + plot.ring_ends[0]);
}

// A plot within another, or over several.
void LayPlot(const Ground& ground) {
  const Vertex centre = Plus(Middle(ground.Plot()), ground.Shift());
  AddPlot(ground,
          BoundaryOf({Turned(ground, centre, 100 + ground.Length(), 50 + ground.Length())}));
}

// A ditch through everything.
void LayDitch(const Ground& ground) {
  const Vertex centre = Middle(ground.Plot());
  AddPlot(ground, BoundaryOf({Turned(ground, centre, 2'000'000, 20 + ground.Length() / 10)}));
}

// A hole; filled, filled a little too small or too large, or left open.
void AddHole(const Ground& ground) {
  Boundary& plot = ground.Plot();
  if (plot.part_count() != 1) return;
  std::vector<Vertex> hole = Turned(ground, Middle(plot), 30'000, 300 + ground.Length());
  plot.vertices.insert(plot.vertices.end(), hole.begin(), hole.end());
  plot.ring_ends.push_back(static_cast<std::uint32_t>(plot.vertices.size()));
  plot.part_ends[0] = static_cast<std::uint32_t>(plot.ring_ends.size());
  if (ground.numbers->Between(0, 2) == 0) return;
  if (ground.numbers->Between(0, 1) == 0) {
    Vertex& v = hole[ground.Below(hole.size())];
    v = Plus(v, ground.Shift());
  }
  AddPlot(ground, BoundaryOf({hole}));
}

// A slit from an edge inward, as wide as comes.
void AddSlit(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  const Vertex middle = Middle(plot);
  const Vertex mouth = MiddleOfEdge(plot, at);
  const Vertex end = {(mouth.x + middle.x) / 2, (mouth.y + middle.y) / 2};
  const Vertex shift = ground.Shift();
  Insert(&plot, at + 1, mouth);
  Insert(&plot, at + 2, end);
  Insert(&plot, at + 3, Plus(end, shift));
  Insert(&plot, at + 4, Plus(mouth, shift));
}

// A narrow arm outward, into the neighbours.
void AddArm(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.ring_ends[0]);
  const Vertex middle = Middle(plot);
  const Vertex root = MiddleOfEdge(plot, at);
  const Vertex end = {2 * root.x - middle.x, 2 * root.y - middle.y};
  const Vertex shift = ground.Shift();
  Insert(&plot, at + 1, root);
  Insert(&plot, at + 2, end);
  Insert(&plot, at + 3, Plus(end, shift));
  Insert(&plot, at + 4, Plus(root, shift));
}

void CrossRing(const Ground& ground) {
  Boundary& plot = ground.Plot();
  std::swap(plot.vertices[ground.Below(plot.ring_ends[0])],
            plot.vertices[ground.Below(plot.ring_ends[0])]);
}

// Two plots made one of several parts.
void JoinPlots(const Ground& ground) {
  if (ground.layer->boundaries.size() < 2) return;
  Boundary last = std::move(ground.layer->boundaries.back());
  ground.layer->boundaries.pop_back();
  Boundary& plot = ground.Plot();
  const auto vertices = static_cast<std::uint32_t>(plot.vertices.size());
  const auto rings = static_cast<std::uint32_t>(plot.ring_count());
  plot.vertices.insert(plot.vertices.end(), last.vertices.begin(), last.vertices.end());
  for (const std::uint32_t end : last.ring_ends) plot.ring_ends.push_back(end + vertices);
  for (const std::uint32_t end : last.part_ends) plot.part_ends.push_back(end + rings);
}

void RepeatVertex(const Ground& ground) {
  Boundary& plot = ground.Plot();
  const std::size_t at = ground.Below(plot.vertices.size());
  Insert(&plot, at + 1, plot.vertices[at]);
}

void Stand(const Ground& ground) {
  ground.layer->standing.push_back(ground.Below(ground.layer->boundaries.size()));
}

void StateArea(const Ground& ground) {
  const std::size_t plot = ground.Below(ground.layer->boundaries.size());
  if (ground.layer->stated_area_mm2.size() <= plot) ground.layer->stated_area_mm2.resize(plot + 1);
  ground.layer->stated_area_mm2[plot] =
      AreaMm2(ground.layer->boundaries[plot]) + 1'000 * ground.Signed();
}

void BoundPlane(const Ground& ground) {
  Box box = ground.Plot().Bounds().Grown(150'000);
  ground.layer->extent = box;
}

struct FaultKind {
  const char* name;
  void (*seed)(const Ground&);
};

constexpr FaultKind kKinds[] = {
    {"move_vertex", MoveVertex},
    {"drop_vertex", DropVertex},
    {"junction", AddJunction},
    {"near_vertex", AddNearVertex},
    {"spike", AddSpike},
    {"move_plot", MovePlot},
    {"copy_plot", CopyPlot},
    {"reverse", ReverseRings},
    {"lay_plot", LayPlot},
    {"ditch", LayDitch},
    {"hole", AddHole},
    {"slit", AddSlit},
    {"arm", AddArm},
    {"cross", CrossRing},
    {"join", JoinPlots},
    {"repeat", RepeatVertex},
    {"stand", Stand},
    {"state_area", StateArea},
    {"bound_plane", BoundPlane},
};

}  // namespace

const int kFaultKinds = static_cast<int>(std::size(kKinds));

std::ostream& operator<<(std::ostream& out, const SeededFault& fault) {
  return out << kKinds[fault.kind].name << " " << fault.seed;
}

std::vector<LayerPlot> FaultyLayer::Plots() const {
  std::vector<LayerPlot> plots = LayerOf(boundaries, 0);
  for (const std::size_t plot : standing) {
    if (plot < plots.size()) plots[plot].standing = true;
  }
  for (std::size_t plot = 0; plot < std::min(plots.size(), stated_area_mm2.size()); ++plot) {
    plots[plot].subject.stated_area_mm2 = stated_area_mm2[plot];
  }
  return plots;
}

std::string FaultyLayer::Text() const {
  std::string text;
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    text += fmt::format("plot {}:", 3 * i + 1);
    for (std::size_t ring = 0; ring < boundaries[i].ring_count(); ++ring) {
      text += boundaries[i].IsShell(ring) ? " shell" : " hole";
      for (const Vertex& v : boundaries[i].Ring(ring)) text += fmt::format(" {} {},", v.x, v.y);
    }
    text += "\n";
  }
  return text;
}

FaultyLayer CoverageWith(std::int64_t side, std::uint64_t seed,
                         const std::vector<SeededFault>& faults) {
  TestNumbers numbers(seed);
  FaultyLayer layer;
  layer.boundaries = CoverageOf(side, &numbers);
  for (const SeededFault& fault : faults) {
    TestNumbers of_fault(fault.seed);
    kKinds[fault.kind].seed({&layer, &of_fault});
  }
  return layer;
}

}  // namespace landbook::geo
