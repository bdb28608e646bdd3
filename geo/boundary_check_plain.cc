// The common case, decided early: a plot, and two neighbours, that plainly break no rule.
//
// In a clean coverage neighbours have their vertices in common. Whether that is all they have is
// seen from the boxes of their edges and from a few products of distances that fit 64 bits, in a
// tenth of the time that measuring every pair of edges takes. Whatever is not plain is left to the
// rules.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/edge_boxes.h"
#include "geo/facing.h"

namespace landbook::geo {
namespace {

EdgeBits BitOf(std::size_t edge) { return EdgeBits{1} << edge; }

// The distance between two vertices of plots that are no larger than EdgeBoxes::kExtentMax and lie
// near each other: the products of two fit 64 bits.
struct Distance {
  std::int64_t x;
  std::int64_t y;
};

Distance operator-(Vertex a, Vertex b) { return {a.x - b.x, a.y - b.y}; }
std::int64_t Dot(Distance a, Distance b) { return a.x * b.x + a.y * b.y; }
std::int64_t Cross(Distance a, Distance b) { return a.x * b.y - a.y * b.x; }

// What most questions about an edge need of it.
struct PlainEdge {
  Vertex start;
  Vertex end;
  std::uint32_t index;
  bool interior_left;

  Segment segment() const { return {start, end}; }
  Box box() const { return BoundsOf(segment()); }
  Segment InteriorOnRight() const {
    return interior_left ? Segment{end, start} : Segment{start, end};
  }
};

// True when the ring turns at the start of the edge by at most 135 degrees, so that there is
// neither a spike nor an edge that runs back along the one before it.
bool TurnsPlainly(const Edge& edge) {
  const Distance back = edge.before - edge.start;
  const Distance on = edge.end - edge.start;
  const std::int64_t dot = Dot(back, on);
  return dot <= 0 || std::abs(Cross(back, on)) >= dot;
}

// True when FacingStretch surely finds none: the edges run on the same way, or the first lies
// beyond an end of the second or behind it all along.
bool PlainlyNotFacing(const FacingEdges& edges) {
  const Distance second = edges.second.end - edges.second.start;
  if (Dot(edges.first.end - edges.first.start, second) >= 0) return true;
  const Distance start = edges.first.start - edges.second.start;
  const Distance end = edges.first.end - edges.second.start;
  const std::int64_t foot_start = Dot(second, start);
  const std::int64_t foot_end = Dot(second, end);
  if (foot_start <= 0 && foot_end <= 0) return true;
  const std::int64_t whole = Dot(second, second);
  if (foot_start >= whole && foot_end >= whole) return true;
  return Cross(second, start) <= 0 && Cross(second, end) <= 0;
}

// The comparison of two plots of one ring each, with boxes of their edges.
class PlainPair {
 public:
  PlainPair(const PreparedPlot& a, const PreparedPlot& b, const Tolerances& tolerances)
      : a_(a), b_(b), tolerances_(tolerances) {}

  bool Run(const Box& window) {
    a_.near = a_.edges().boxes().Meeting(window);
    b_.near = b_.edges().boxes().Meeting(window);
    return EdgesPlain() && VerticesPlain(a_, b_) && VerticesPlain(b_, a_) && PassesPlain() &&
           (a_.shared != 0 || (!MayHold(a_, b_) && !MayHold(b_, a_)));
  }

 private:
  struct Side {
    explicit Side(const PreparedPlot& of)
        : plot(of),
          vertices(of.edges().boundary().vertices),
          interior_left(of.edges().InteriorLeft(0)) {}

    const PreparedPlot& plot;
    const std::span<const Vertex> vertices;  // of its one ring
    const bool interior_left;
    EdgeBits near = 0;     // edges near the other plot
    EdgeBits shared = 0;   // those that start at a vertex of both
    EdgeBits matched = 0;  // those that the other plot has too, with its inside on the other side

    const BoundaryEdges& edges() const { return plot.edges(); }
    PlainEdge At(std::size_t index) const {
      const std::size_t next = index + 1 == vertices.size() ? 0 : index + 1;
      return {vertices[index], vertices[next], static_cast<std::uint32_t>(index), interior_left};
    }
  };

  // Edges that both have are found first: what lies beside them needs no second look.
  bool EdgesPlain() {
    const std::int64_t reach = ReachSteps(tolerances_);
    for (EdgeBits left = a_.near; left != 0; left &= left - 1) {
      const std::size_t index = LowestEdge(left);
      const PlainEdge edge = a_.At(index);
      near_[index] = b_.edges().boxes().Meeting(edge.box().Grown(reach)) & b_.near;
      same_[index] = 0;
      for (EdgeBits others = near_[index]; others != 0; others &= others - 1) {
        if (!TakeCommon(edge, b_.At(LowestEdge(others)))) return false;
      }
    }
    for (EdgeBits left = a_.near; left != 0; left &= left - 1) {
      const std::size_t index = LowestEdge(left);
      EdgeBits others = near_[index] & ~Settled(index);
      if (others == 0) continue;
      const PlainEdge edge = a_.At(index);
      for (; others != 0; others &= others - 1) {
        const PlainEdge other = b_.At(LowestEdge(others));
        if (!MeetPlainly(edge, other) || !NotFacing(edge, other)) return false;
      }
    }
    return true;
  }

  // Notes what the two edges have in common; false when both plots lie on one side of an edge.
  bool TakeCommon(const PlainEdge& a, const PlainEdge& b) {
    if (a.start == b.start) {
      Share(a, b);
      return a.end != b.end || Match(a, b, a.interior_left != b.interior_left);
    }
    return a.start != b.end || a.end != b.start || Match(a, b, a.interior_left == b.interior_left);
  }

  // The edges of b that have nothing with edge `index` of a but what two edges of one sound ring
  // have that follow each other, since they are the same as the one before it or the one after it,
  // or are beside one that is the same as it. Those have one end in common. Nor do they face each
  // other, with the plots on different sides: where the ring turns by less than a right angle, each
  // lies beyond the end of the other, and where it turns by more, they run on the same way.
  EdgeBits Settled(std::size_t index) const {
    const std::size_t last = a_.vertices.size() - 1;
    const std::size_t before = index == 0 ? last : index - 1;
    const std::size_t after = index == last ? 0 : index + 1;
    EdgeBits settled = same_[index] | Beside(same_[index], b_.vertices.size());
    if ((a_.near & BitOf(before)) != 0) settled |= same_[before];
    if ((a_.near & BitOf(after)) != 0) settled |= same_[after];
    return settled;
  }

  // The edges before and after `edges` in a ring of `count`.
  static EdgeBits Beside(EdgeBits edges, std::size_t count) {
    return edges << 1 | edges >> 1 | (edges >> (count - 1) & 1) | (edges & 1) << (count - 1);
  }

  void Share(const PlainEdge& a, const PlainEdge& b) {
    a_.shared |= BitOf(a.index);
    b_.shared |= BitOf(b.index);
    vertex_of_b_[a.index] = static_cast<std::uint8_t>(b.index);
  }

  bool Match(const PlainEdge& a, const PlainEdge& b, bool apart) {
    a_.matched |= BitOf(a.index);
    b_.matched |= BitOf(b.index);
    same_[a.index] |= BitOf(b.index);
    return apart;
  }

  // Edges that are not the same may have one end in common, and nothing else.
  static bool MeetPlainly(const PlainEdge& a, const PlainEdge& b) {
    if (a.start == b.start) return Diverge(a.start, a.end, b.end);
    if (a.start == b.end) return Diverge(a.start, a.end, b.start);
    if (a.end == b.start) return Diverge(a.end, a.start, b.end);
    if (a.end == b.end) return Diverge(a.end, a.start, b.start);
    return MeetingOf(a.segment(), b.segment()) == Meeting::kApart;
  }

  static bool Diverge(Vertex from, Vertex a, Vertex b) {
    return Dot(a - from, b - from) <= 0 || Cross(a - from, b - from) != 0;
  }

  bool NotFacing(const PlainEdge& a, const PlainEdge& b) const {
    const FacingEdges edges{a.InteriorOnRight(), b.InteriorOnRight()};
    return PlainlyNotFacing(edges) ||
           !FacingStretch(edges, tolerances_.gap_width_min_steps).has_value();
  }

  // No vertex that only one plot has is near an edge of the other.
  bool VerticesPlain(const Side& side, const Side& other) const {
    const std::int64_t reach =
        std::max(tolerances_.neighbour_vertex_max_steps, tolerances_.vertex_on_edge_max_steps);
    const Box near_other = other.plot.box().Grown(reach);
    for (EdgeBits left = side.near & ~side.shared; left != 0; left &= left - 1) {
      const Vertex v = side.vertices[LowestEdge(left)];
      if (!near_other.Contains(v)) continue;
      EdgeBits others = other.edges().boxes().Meeting(Box{v.x, v.y, v.x, v.y}.Grown(reach));
      for (; others != 0; others &= others - 1) {
        if (WithinDistance(v, other.At(LowestEdge(others)).segment(), reach)) return false;
      }
    }
    return true;
  }

  // At every vertex that both have, the one plot passes outside the other. Between two edges that
  // both have it does.
  bool PassesPlain() const {
    const std::size_t count = a_.edges().size();
    const EdgeBits matched_before = a_.matched << 1 | (a_.matched >> (count - 1) & 1);
    for (EdgeBits left = a_.shared & ~(a_.matched & matched_before); left != 0; left &= left - 1) {
      const Edge a = a_.edges().At(LowestEdge(left));
      const Edge b = b_.edges().At(vertex_of_b_[a.index]);
      if (InsidesMeetAt(a.start, PassOf(a, true), PassOf(b, true))) return false;
    }
    return true;
  }

  // Whether `inner`, which meets the boundary of `outer` nowhere, may lie in it.
  static bool MayHold(const Side& outer, const Side& inner) {
    return outer.plot.box().Contains(inner.vertices[0]);
  }

  Side a_;
  Side b_;
  std::array<std::uint8_t, EdgeBoxes::kEdgesMax> vertex_of_b_;  // by shared edge of a
  // By edge of a that is near b: the edges of b near it, and the one that is the same.
  std::array<EdgeBits, EdgeBoxes::kEdgesMax> near_;
  std::array<EdgeBits, EdgeBoxes::kEdgesMax> same_;
  const Tolerances& tolerances_;
};

bool OneRingWithBoxes(const BoundaryEdges& edges) {
  return !edges.boxes().empty() && edges.boundary().ring_count() == 1;
}

}  // namespace

bool PlainRing(const BoundaryEdges& edges, const Tolerances& tolerances) {
  constexpr std::int64_t kSpikePlainlyMax = 45'000;
  if (!OneRingWithBoxes(edges) || edges.size() < 4) return false;
  if (tolerances.spike_angle_min_millidegrees > kSpikePlainlyMax) return false;
  const std::int64_t short_max = tolerances.vertex_distance_max_steps;
  const std::int64_t reach = std::max(short_max, tolerances.part_width_min_steps);
  const std::size_t last = edges.size() - 1;
  for (std::size_t index = 0; index <= last; ++index) {
    const Edge edge = edges.At(index);
    const Box box = edge.box();
    if (box.max_x - box.min_x <= short_max && box.max_y - box.min_y <= short_max) return false;
    if (!TurnsPlainly(edge)) return false;
    const EdgeBits next_to_it =
        BitOf(index == 0 ? last : index - 1) | BitOf(index) | BitOf(index == last ? 0 : index + 1);
    if ((edges.boxes().Meeting(box.Grown(reach)) & ~next_to_it) != 0) return false;
  }
  return true;
}

bool PlainNeighbours(const PreparedPlot& a, const PreparedPlot& b, const Box& window,
                     const Tolerances& tolerances) {
  if (!OneRingWithBoxes(a.edges()) || !OneRingWithBoxes(b.edges())) return false;
  return PlainPair(a, b, tolerances).Run(window);
}

}  // namespace landbook::geo
