#include "geo/common_ground.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <tuple>
#include <utility>

#include "geo/exact.h"

namespace landbook::geo {
namespace {

// Points that are nearer each other along an edge than doubles can be trusted with, in steps.
constexpr double kNearestTold = 0.01;

// A ring walked clockwise, the plot to its right, from the vertex that is kept first.
class Walk {
 public:
  explicit Walk(const BoundaryEdges& edges)
      : vertices_(edges.boundary().vertices), backward_(edges.InteriorLeft(0)) {}

  std::size_t size() const { return vertices_.size(); }
  // Whether the ring is kept the other way round.
  bool backward() const { return backward_; }
  Vertex At(std::size_t index) const {
    const std::size_t kept = index % size();
    return vertices_[backward_ && kept != 0 ? size() - kept : kept];
  }
  Segment Edge(std::size_t index) const { return {At(index), At(index + 1)}; }
  // The edge of the walk that is kept as edge `kept`.
  std::size_t OfKept(std::size_t kept) const { return backward_ ? size() - 1 - kept : kept; }

 private:
  std::span<const Vertex> vertices_;
  bool backward_;
};

// A place on a walk: an edge, and how far along it as a fraction below 1, 0 at its start.
struct Place {
  std::size_t edge = 0;
  double along = 0;
  friend bool operator<(const Place& p, const Place& q) {
    return std::tie(p.edge, p.along) < std::tie(q.edge, q.along);
  }
};

// How a stretch of one ring runs to the other plot; along and against the other ring where the two
// lie on each other.
enum class Run : std::uint8_t { kOutside, kInside, kAlong, kAgainst };

// A point where the two rings meet: on either one, where it lies and how the ring comes and goes
// on.
struct Node {
  struct On {
    Place place;
    Run in = Run::kOutside;
    Run out = Run::kOutside;
  };
  std::array<On, 2> on;
  RealPoint point;  // in steps from the origin
};

// The ends of a ring at a node, seen from there.
struct Arms {
  Vertex from;
  Vertex to;
};

Arms ArmsAt(const Walk& walk, const Place& place) {
  const std::size_t from = place.along > 0 ? place.edge : place.edge + walk.size() - 1;
  return {walk.At(from), walk.At(place.edge + 1)};
}

// How `arm`, one end of a ring at `at`, runs to the plot whose ring has the ends `other` there.
// `same` is that end of the other ring which has its direction when the two run along each other.
Run RunOf(Vertex at, Vertex arm, const Arms& other, Vertex same) {
  for (const Vertex end : {other.from, other.to}) {
    if (SameDirection(at, arm, end)) return end == same ? Run::kAlong : Run::kAgainst;
  }
  // With the plot to its right, its inside is swept counter-clockwise from where the ring comes.
  return StrictlyBetween(at, arm, other.from, other.to) ? Run::kInside : Run::kOutside;
}

class Tracer {
 public:
  Tracer(const BoundaryEdges& a, const BoundaryEdges& b, Vertex origin)
      : boxes_of_b_(b.boxes()), walks_{Walk(a), Walk(b)}, origin_(origin) {}

  std::optional<std::vector<RealRings>> Trace() {
    FindNodes();
    if (nodes_.size() < 2) return std::nullopt;
    for (const int side : {0, 1}) OrderAlong(side);
    if (!WellApart() || !RunsAgree() || !GoesOnOneWay()) return std::nullopt;
    for (const Start& start : Starts()) {
      if (OutOf(start.node) == kOfA && !traced_[start.node]) parts_.push_back({RingFrom(start)});
    }
    for (std::size_t node = 0; node < nodes_.size(); ++node) {
      if (OutOf(node) != kNone && !traced_[node]) return std::nullopt;
    }
    if (parts_.empty()) return std::nullopt;
    return std::move(parts_);
  }

 private:
  // Which ring goes on from a node along the common ground.
  static constexpr int kOfA = 0;
  static constexpr int kOfB = 1;
  static constexpr int kNone = 2;

  // Where a ring begins: at a node, or at the first vertex behind it that its walk begins with.
  struct Start {
    std::size_t node;
    bool at_first_vertex = false;
  };

  // --- Nodes -----------------------------------------------------------------------------------

  void FindNodes() {
    const auto& [a, b] = walks_;
    for (std::size_t edge = 0; edge < a.size(); ++edge) {
      const Segment segment = a.Edge(edge);
      EdgeBits near = boxes_of_b_.Meeting(BoundsOf(segment));
      for (; near != 0; near &= near - 1) Meet(edge, segment, b.OfKept(LowestEdge(near)));
    }
  }

  // Adds the nodes where edges of the two meet, but at their ends, which are starts of other edges.
  void Meet(std::size_t a_edge, const Segment& a, std::size_t b_edge) {
    const Segment b = walks_[1].Edge(b_edge);
    if (a.start == b.start) return AddAtVertex(a.start, {a_edge, 0}, {b_edge, 0});
    const bool one_end = a.start == b.end || a.end == b.start || a.end == b.end;
    const Meeting meeting = one_end ? Meeting::kTouch : MeetingOf(a, b);
    if (meeting == Meeting::kApart) return;
    if (meeting == Meeting::kCross) return AddCrossing({a_edge, a}, {b_edge, b});
    if (a.start != b.end && OnSegment(a.start, b)) {
      AddAtVertex(a.start, {a_edge, 0}, {b_edge, FractionOf(a.start, b)});
    }
    if (b.start != a.end && OnSegment(b.start, a)) {
      AddAtVertex(b.start, {a_edge, FractionOf(b.start, a)}, {b_edge, 0});
    }
  }

  // How far along the segment a point on it lies.
  static double FractionOf(Vertex v, const Segment& segment) {
    return static_cast<double>(Dot(segment.start, segment.end, v)) /
           static_cast<double>(SquaredDistance(segment.start, segment.end));
  }

  void AddAtVertex(Vertex v, Place on_a, Place on_b) {
    const Arms a = ArmsAt(walks_[0], on_a);
    const Arms b = ArmsAt(walks_[1], on_b);
    Node node;
    node.point = FromOrigin(v);
    node.on[0] = {on_a, RunOf(v, a.from, b, b.from), RunOf(v, a.to, b, b.to)};
    node.on[1] = {on_b, RunOf(v, b.from, a, a.from), RunOf(v, b.to, a, a.to)};
    nodes_.push_back(node);
  }

  struct WalkEdge {
    std::size_t index;
    const Segment& segment;
  };

  void AddCrossing(const WalkEdge& a, const WalkEdge& b) {
    const Int128 start = Cross(b.segment.start, b.segment.end, a.segment.start);
    const Int128 end = Cross(b.segment.start, b.segment.end, a.segment.end);
    const bool enters = end < 0;  // a runs to the right of b, where its plot lies
    Node node;
    node.point = {
        CrossingOn(a.segment.start.x - origin_.x, a.segment.end.x - origin_.x, start, end),
        CrossingOn(a.segment.start.y - origin_.y, a.segment.end.y - origin_.y, start, end)};
    const Int128 b_start = Cross(a.segment.start, a.segment.end, b.segment.start);
    const Int128 b_end = Cross(a.segment.start, a.segment.end, b.segment.end);
    const Run inside = Run::kInside;
    const Run outside = Run::kOutside;
    node.on[0] = {{a.index, FractionToZero(start, end)},
                  enters ? outside : inside,
                  enters ? inside : outside};
    node.on[1] = {{b.index, FractionToZero(b_start, b_end)},
                  enters ? inside : outside,
                  enters ? outside : inside};
    nodes_.push_back(node);
  }

  // Where a quantity that changes in a straight line from `start` to `end` is zero.
  static double FractionToZero(Int128 start, Int128 end) {
    return static_cast<double>(start) / static_cast<double>(start - end);
  }

  // The coordinate there of an edge with these coordinates, to the nearest double: the whole steps
  // and what is left of one are reckoned apart.
  static double CrossingOn(std::int64_t from, std::int64_t to, Int128 start, Int128 end) {
    const Int128 whole = start - end;
    const Int128 product = static_cast<Int128>(to - from) * start;
    const Int128 steps = product / whole;
    const double rest = static_cast<double>(product % whole) / static_cast<double>(whole);
    return static_cast<double>(from + static_cast<std::int64_t>(steps)) + rest;
  }

  RealPoint FromOrigin(Vertex v) const {
    return {static_cast<double>(v.x - origin_.x), static_cast<double>(v.y - origin_.y)};
  }

  // --- Stretches -------------------------------------------------------------------------------

  void OrderAlong(int side) {
    std::vector<std::size_t>& order = orders_[static_cast<std::size_t>(side)];
    order.resize(nodes_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [this, side](std::size_t p, std::size_t q) {
      return PlaceOf(p, side) < PlaceOf(q, side);
    });
    std::vector<std::size_t>& next = next_[static_cast<std::size_t>(side)];
    next.resize(nodes_.size());
    for (std::size_t i = 0; i < order.size(); ++i) next[order[i]] = order[(i + 1) % order.size()];
    traced_.assign(nodes_.size(), false);
  }

  const Node::On& On(std::size_t node, int side) const {
    return nodes_[node].on[static_cast<std::size_t>(side)];
  }
  const Place& PlaceOf(std::size_t node, int side) const { return On(node, side).place; }
  std::size_t NextOf(std::size_t node, int side) const {
    return next_[static_cast<std::size_t>(side)][node];
  }
  const Walk& WalkOf(int side) const { return walks_[static_cast<std::size_t>(side)]; }

  // Whether doubles tell the nodes of each edge from each other and from its ends.
  bool WellApart() const {
    for (const int side : {0, 1}) {
      for (const std::size_t node : orders_[static_cast<std::size_t>(side)]) {
        const Place& place = PlaceOf(node, side);
        const Place& next = PlaceOf(NextOf(node, side), side);
        const Segment edge = WalkOf(side).Edge(place.edge);
        const double length = std::sqrt(static_cast<double>(SquaredDistance(edge.start, edge.end)));
        const double end = next.edge == place.edge && !(next < place) ? next.along : 1;
        if ((end - place.along) * length < kNearestTold) return false;
        if (place.along > 0 && place.along * length < kNearestTold) return false;
      }
    }
    return true;
  }

  // Whether every stretch comes as it went.
  bool RunsAgree() const {
    for (const int side : {0, 1}) {
      for (std::size_t node = 0; node < nodes_.size(); ++node) {
        if (On(node, side).out != On(NextOf(node, side), side).in) return false;
      }
    }
    return true;
  }

  // Whether a stretch bounds the common ground. One that both rings have is taken once.
  static bool Bounds(Run run, int side) {
    return run == Run::kInside || (run == Run::kAlong && side == kOfA);
  }

  int OutOf(std::size_t node) const {
    if (Bounds(On(node, kOfA).out, kOfA)) return kOfA;
    return Bounds(On(node, kOfB).out, kOfB) ? kOfB : kNone;
  }

  // Whether the boundary of the common ground passes every node once at most.
  bool GoesOnOneWay() const {
    return std::all_of(nodes_.begin(), nodes_.end(), [](const Node& node) {
      const int in = Bounds(node.on[0].in, kOfA) + Bounds(node.on[1].in, kOfB);
      const int out = Bounds(node.on[0].out, kOfA) + Bounds(node.on[1].out, kOfB);
      return in == out && out <= 1;
    });
  }

  // --- Rings -----------------------------------------------------------------------------------

  // Where rings begin in GEOS's order: it takes the stretches of the first ring as that is kept.
  std::vector<Start> Starts() const {
    const std::vector<std::size_t>& order = orders_[0];
    std::vector<Start> starts;
    if (WalkOf(kOfA).backward()) {
      for (std::size_t i = order.size(); i-- > 0;) starts.push_back({order[i]});
      return starts;
    }
    const Place& first = PlaceOf(order.front(), kOfA);
    if (first.edge != 0 || first.along != 0) starts.push_back({order.back(), true});
    for (const std::size_t node : order) starts.push_back({node});
    return starts;
  }

  std::vector<RealPoint> RingFrom(const Start& start) {
    std::vector<RealPoint> ring;
    std::size_t before_first_vertex = 0;
    std::size_t node = start.node;
    do {
      const int side = OutOf(node);
      traced_[node] = true;
      ring.push_back(nodes_[node].point);
      const std::size_t next = NextOf(node, side);
      const Place& from = PlaceOf(node, side);
      const Place& to = PlaceOf(next, side);
      std::size_t end = to.edge + (from < to ? 0 : WalkOf(side).size());
      if (to.along > 0) ++end;
      for (std::size_t index = from.edge + 1; index < end; ++index) {
        if (node == start.node && index == WalkOf(side).size()) before_first_vertex = ring.size();
        ring.push_back(FromOrigin(WalkOf(side).At(index)));
      }
      node = next;
    } while (node != start.node);
    // GEOS tells the point where it begins last.
    const std::size_t first = (start.at_first_vertex ? before_first_vertex : 0) + 1;
    std::rotate(ring.begin(), ring.begin() + static_cast<std::ptrdiff_t>(first % ring.size()),
                ring.end());
    return ring;
  }

  const EdgeBoxes& boxes_of_b_;
  const std::array<Walk, 2> walks_;
  const Vertex origin_;
  std::vector<Node> nodes_;
  std::array<std::vector<std::size_t>, 2> orders_;  // of the nodes, along either ring
  std::array<std::vector<std::size_t>, 2> next_;    // by node, along either ring
  std::vector<bool> traced_;                        // by node, the stretch that goes on from it
  std::vector<RealRings> parts_;
};

double DoubledAreaOf(const std::vector<RealPoint>& ring) {
  double doubled = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    doubled += (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
               (ring[i].y - ring[0].y) * (ring[i + 1].x - ring[0].x);
  }
  return std::abs(doubled);
}

}  // namespace

std::optional<std::vector<RealRings>> TraceCommonGround(const BoundaryEdges& a,
                                                        const BoundaryEdges& b, Vertex origin) {
  for (const BoundaryEdges* edges : {&a, &b}) {
    if (edges->boxes().empty() || edges->boundary().ring_count() != 1) return std::nullopt;
  }
  return Tracer(a, b, origin).Trace();
}

double AreaOf(const RealRings& rings) {
  double doubled = 0;
  for (const std::vector<RealPoint>& ring : rings) {
    doubled += (&ring == &rings.front() ? 1 : -1) * DoubledAreaOf(ring);
  }
  return doubled / 2;
}

}  // namespace landbook::geo
