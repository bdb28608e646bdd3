#include "geo/formats/ring_nesting.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace landbook::geo {
namespace {

constexpr std::size_t kNoRing = std::numeric_limits<std::size_t>::max();

struct RawBox {
  double min_x = std::numeric_limits<double>::infinity();
  double min_y = std::numeric_limits<double>::infinity();
  double max_x = -std::numeric_limits<double>::infinity();
  double max_y = -std::numeric_limits<double>::infinity();

  bool Contains(const RawBox& other) const {
    return min_x <= other.min_x && min_y <= other.min_y && max_x >= other.max_x &&
           max_y >= other.max_y;
  }
};

// What nesting needs to know of a ring.
struct RingFacts {
  std::span<const RawVertex> vertices;
  double doubled_area = 0;  // positive when it runs counter-clockwise
  RawBox box;
  std::size_t parent = kNoRing;  // the smallest ring that this one lies in
  bool is_shell = true;
  std::size_t shell = 0;  // the shell that it belongs to, itself for a shell
};

RingFacts FactsOf(std::span<const RawVertex> vertices) {
  RingFacts facts;
  facts.vertices = vertices;
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    // Relative to the first vertex, so that large eastings do not eat the area's digits.
    const RawVertex& origin = vertices.front();
    const RawVertex& a = vertices[i];
    const RawVertex& b = vertices[i + 1 == vertices.size() ? 0 : i + 1];
    facts.doubled_area += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
    facts.box.min_x = std::min(facts.box.min_x, a.x);
    facts.box.min_y = std::min(facts.box.min_y, a.y);
    facts.box.max_x = std::max(facts.box.max_x, a.x);
    facts.box.max_y = std::max(facts.box.max_y, a.y);
  }
  return facts;
}

enum class Side { kInside, kOutside, kOn };

// Where `point` lies of the ring, by counting the edges to its east.
Side SideOf(RawVertex point, std::span<const RawVertex> ring) {
  bool inside = false;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    const RawVertex& a = ring[i];
    const RawVertex& b = ring[i + 1 == ring.size() ? 0 : i + 1];
    if (a == point) return Side::kOn;
    const double turn = (b.x - a.x) * (point.y - a.y) - (point.x - a.x) * (b.y - a.y);
    const bool within_box = std::min(a.x, b.x) <= point.x && point.x <= std::max(a.x, b.x) &&
                            std::min(a.y, b.y) <= point.y && point.y <= std::max(a.y, b.y);
    if (turn == 0 && within_box) return Side::kOn;
    if ((a.y > point.y) == (b.y > point.y)) continue;
    if ((turn > 0) == (b.y > a.y)) inside = !inside;
  }
  return inside ? Side::kInside : Side::kOutside;
}

// True when `inner` lies in `outer`: its first vertex that is not on the outer ring decides; a ring
// that lies on the other with every vertex is in it when it is no larger (the caller sees to it
// that of two equal rings only one is asked).
bool LiesIn(const RingFacts& inner, const RingFacts& outer) {
  if (!outer.box.Contains(inner.box)) return false;
  for (const RawVertex& vertex : inner.vertices) {
    const Side side = SideOf(vertex, outer.vertices);
    if (side != Side::kOn) return side == Side::kInside;
  }
  return true;
}

// The rings by size, largest first, so that a ring's parents come before it.
std::vector<std::size_t> BySize(const std::vector<RingFacts>& rings) {
  std::vector<std::size_t> order(rings.size());
  std::iota(order.begin(), order.end(), 0);
  // Areas that are not numbers count as zero, so that the order stays an order.
  const auto size = [&](std::size_t i) {
    const double area = std::abs(rings[i].doubled_area);
    return std::isfinite(area) ? area : 0.0;
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  return order;
}

void FindParents(std::vector<RingFacts>& rings) {
  const std::vector<std::size_t> order = BySize(rings);
  for (std::size_t i = 1; i < order.size(); ++i) {
    RingFacts& ring = rings[order[i]];
    for (std::size_t j = i; j-- > 0 && ring.parent == kNoRing;) {
      if (LiesIn(ring, rings[order[j]])) ring.parent = order[j];
    }
  }
  for (const std::size_t index : order) {
    RingFacts& ring = rings[index];
    ring.shell = index;
    if (ring.parent == kNoRing) continue;
    const RingFacts& parent = rings[ring.parent];
    const bool same_way = (ring.doubled_area > 0) == (parent.doubled_area > 0);
    ring.is_shell = parent.is_shell == same_way;
    if (!ring.is_shell) ring.shell = parent.shell;
  }
}

void AppendRing(RawBoundary& to, std::span<const RawVertex> ring) {
  to.vertices.insert(to.vertices.end(), ring.begin(), ring.end());
  to.EndRing();
}

}  // namespace

RawBoundary NestRings(RawBoundary rings) {
  rings.part_ends.clear();
  if (rings.ring_ends.size() <= 1) {
    if (!rings.ring_ends.empty()) rings.EndPart();
    return rings;
  }
  std::vector<RingFacts> facts;
  for (std::size_t i = 0; i < rings.ring_ends.size(); ++i) facts.push_back(FactsOf(rings.Ring(i)));
  FindParents(facts);

  std::vector<std::vector<std::size_t>> holes(facts.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i].is_shell) holes[facts[i].shell].push_back(i);
  }
  RawBoundary nested;
  nested.vertices.reserve(rings.vertices.size());
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (!facts[i].is_shell) continue;
    AppendRing(nested, facts[i].vertices);
    for (const std::size_t hole : holes[i]) AppendRing(nested, facts[hole].vertices);
    nested.EndPart();
  }
  return nested;
}

}  // namespace landbook::geo
