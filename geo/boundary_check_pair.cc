#include "geo/boundary_check_pair.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <utility>

#include "geo/boundary_check_internal.h"
#include "geo/boundary_check_pair_internal.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

// From this many edges on one side, an index over them pays.
constexpr std::size_t kIndexedFrom = 48;

// Neighbours seldom have more edges near each other.
constexpr std::size_t kNearUsually = 12;

// An edge that lies near the other plot, with its box.
struct NearEdge {
  Edge edge;
  Box box;
};

// What the search found for the vertex at the start of a near edge.
struct VertexMatch {
  static constexpr std::int64_t kNone = std::numeric_limits<std::int64_t>::max();
  bool shared = false;                   // the other plot has the same vertex
  std::int64_t nearest_squared = kNone;  // steps squared, to another vertex within the tolerance
};

// One of the two plots, as far as it lies near the other.
class Side {
 public:
  Side(const PreparedPlot& plot, const Box& window) : plot_(plot) {
    near_.reserve(std::min<std::size_t>(plot.edges().size(), kNearUsually));
    plot.edges().Near(window, 0, [this](const Edge& edge) {
      near_.push_back({edge, edge.box()});
      return true;
    });
    matches_.resize(near_.size());
    ring_met_.resize(plot.boundary().ring_count());
    if (near_.size() < kIndexedFrom) return;
    std::vector<Box> boxes;
    boxes.reserve(near_.size());
    for (const NearEdge& item : near_) boxes.push_back(item.box);
    tree_ = std::make_unique<const BoxTree>(std::move(boxes));
  }

  const PreparedPlot& plot() const { return plot_; }
  const std::vector<NearEdge>& near() const { return near_; }
  VertexMatch& match(std::size_t item) { return matches_[item]; }
  void MarkMet(const Edge& edge) { ring_met_[edge.ring] = true; }
  bool RingMet(std::size_t ring) const { return ring_met_[ring]; }

  // Calls visit(index) for the near edges whose box shares a point with `window`.
  template <typename Visit>
  void Query(const Box& window, Visit visit) const {
    if (tree_ != nullptr) {
      tree_->Query(window, [&](std::size_t item) {
        visit(item);
        return true;
      });
      return;
    }
    for (std::size_t item = 0; item < near_.size(); ++item) {
      if (near_[item].box.Intersects(window)) visit(item);
    }
  }

 private:
  const PreparedPlot& plot_;
  std::vector<NearEdge> near_;
  std::vector<VertexMatch> matches_;
  std::vector<bool> ring_met_;
  std::unique_ptr<const BoxTree> tree_;
};

class PairCheck {
 public:
  PairCheck(const PreparedPlot& a, const PreparedPlot& b, const Tolerances& tolerances,
            const Box& window, PairOutcome* out)
      : a_(a, window), b_(b, window), tolerances_(tolerances), out_(out) {}

  absl::Status Run() {
    MatchVertices();
    AddVertexFindings(a_, b_);
    AddVertexFindings(b_, a_);
    MeetEdges();
    if (!insides_meet_) LookForUnmetRing(a_, b_);
    if (!insides_meet_) LookForUnmetRing(b_, a_);
    if (!insides_meet_) return absl::OkStatus();
    return MeasureOverlap(a_.plot(), b_.plot(), met_at_, tolerances_, &out_->findings);
  }

 private:
  static Box BoxAround(Vertex v, std::int64_t steps) {
    return Box{v.x, v.y, v.x, v.y}.Grown(steps);
  }

  // Every vertex of either side with those of the other within the tolerance of B203.
  void MatchVertices() {
    const std::int64_t reach = tolerances_.neighbour_vertex_max_steps;
    for (std::size_t i = 0; i < a_.near().size(); ++i) {
      const Vertex v = a_.near()[i].edge.start;
      b_.Query(BoxAround(v, reach), [&](std::size_t j) {
        Match(v, b_.near()[j].edge.start, &a_.match(i), &b_.match(j));
      });
    }
  }

  void Match(Vertex v, Vertex w, VertexMatch* v_match, VertexMatch* w_match) const {
    const std::int64_t reach = tolerances_.neighbour_vertex_max_steps;
    const std::int64_t dx = v.x - w.x;
    const std::int64_t dy = v.y - w.y;
    if (std::abs(dx) > reach || std::abs(dy) > reach) return;
    const std::int64_t squared = dx * dx + dy * dy;
    if (squared == 0) {
      v_match->shared = true;
      w_match->shared = true;
    } else if (squared <= reach * reach) {
      v_match->nearest_squared = std::min(v_match->nearest_squared, squared);
      w_match->nearest_squared = std::min(w_match->nearest_squared, squared);
    }
  }

  // B203 and B204 of the vertices of `side`. A vertex that both plots have is where it should be.
  // Where rings touch, a vertex stands in both of them and is told once.
  void AddVertexFindings(Side& side, const Side& other) {
    const std::size_t begin = out_->findings.size();
    const Box near_other = other.plot().box().Grown(
        std::max(tolerances_.neighbour_vertex_max_steps, tolerances_.vertex_on_edge_max_steps));
    for (std::size_t i = 0; i < side.near().size(); ++i) {
      const VertexMatch& match = side.match(i);
      const Vertex v = side.near()[i].edge.start;
      if (match.shared || !near_other.Contains(v)) continue;
      if (match.nearest_squared != VertexMatch::kNone) {
        AddVertexFinding(Rule::kVerticesNearlyEqual, side, other, v,
                         SquaredToMicrometres(match.nearest_squared));
        continue;
      }
      AddIfOnEdge(side, other, v);
    }
    if (side.plot().boundary().ring_count() > 1) DropRepeats(begin);
  }

  void DropRepeats(std::size_t begin) {
    const auto added = out_->findings.begin() + static_cast<std::ptrdiff_t>(begin);
    std::sort(added, out_->findings.end(), FindingBefore);
    out_->findings.erase(std::unique(added, out_->findings.end()), out_->findings.end());
  }

  static std::int64_t SquaredToMicrometres(std::int64_t squared_steps) {
    constexpr std::int64_t kFourSquaredMicrometres = 4 * kMicrometresPerStep * kMicrometresPerStep;
    return static_cast<std::int64_t>(
        (SquareRoot(static_cast<Int128>(squared_steps) * kFourSquaredMicrometres) + 1) / 2);
  }

  void AddIfOnEdge(const Side& side, const Side& other, Vertex v) {
    const std::int64_t reach = tolerances_.vertex_on_edge_max_steps;
    std::int64_t nearest = std::numeric_limits<std::int64_t>::max();
    other.Query(BoxAround(v, reach), [&](std::size_t j) {
      const Segment edge = other.near()[j].edge.segment();
      if (!WithinDistance(v, edge, reach)) return;
      nearest = std::min(nearest, DistanceMicrometres(v, edge));
    });
    if (nearest == std::numeric_limits<std::int64_t>::max()) return;
    AddVertexFinding(Rule::kVertexOnEdge, side, other, v, nearest);
  }

  void AddVertexFinding(Rule rule, const Side& side, const Side& other, Vertex v,
                        std::int64_t measured) {
    const std::int64_t tolerance_steps = rule == Rule::kVertexOnEdge
                                             ? tolerances_.vertex_on_edge_max_steps
                                             : tolerances_.neighbour_vertex_max_steps;
    Finding finding;
    finding.rule = rule;
    finding.severity = Severity::kWarning;
    finding.subject = side.plot().id();
    finding.other = other.plot().id();
    finding.place = v;
    finding.measured = measured;
    finding.tolerance = tolerance_steps * kMicrometresPerStep;
    finding.unit = Unit::kMetre;
    out_->findings.push_back(std::move(finding));
  }

  void MeetEdges() {
    for (const NearEdge& item : a_.near()) {
      b_.Query(item.box.Grown(tolerances_.gap_width_min_steps), [&](std::size_t j) {
        const NearEdge& other = b_.near()[j];
        if (item.box.Intersects(other.box)) Meet(item.edge, other.edge);
        AddGap(item.edge, other.edge);
      });
    }
  }

  // Two boundaries that never cross inside their edges can only enter each other's inside where
  // they meet: it is enough to look there which way each goes on. (A point where a ring passes
  // twice is looked at once for each pass, which may see an inside where there is none, and then
  // GEOS finds no area, but never misses one.)
  void Meet(const Edge& a, const Edge& b) {
    const Meeting meeting = MeetingOf(a.segment(), b.segment());
    if (meeting == Meeting::kApart) return;
    a_.MarkMet(a);
    b_.MarkMet(b);
    if (insides_meet_) return;
    if (meeting == Meeting::kCross) {
      SetMet(MeetingPlace(a.segment(), b.segment()));
      return;
    }
    // A meeting at the end of an edge is looked at with the edge that starts there.
    if (a.start != b.end && OnSegment(a.start, b.segment())) {
      LookAround(a.start, PassOf(a, true), PassOf(b, a.start == b.start));
    }
    if (b.start != a.start && b.start != a.end && OnSegment(b.start, a.segment())) {
      LookAround(b.start, PassOf(a, false), PassOf(b, true));
    }
  }

  void LookAround(Vertex place, const PassAt& a, const PassAt& b) {
    if (!insides_meet_ && InsidesMeetAt(place, a, b)) SetMet(place);
  }

  void SetMet(Vertex place) {
    insides_meet_ = true;
    met_at_ = place;
  }

  // The insides meet where a ring of `side` that meets the other boundary nowhere lies inside the
  // other plot.
  void LookForUnmetRing(const Side& side, const Side& other) {
    const Boundary& boundary = side.plot().boundary();
    for (std::size_t ring = 0; ring < boundary.ring_count(); ++ring) {
      const Vertex v = boundary.Ring(ring)[0];
      if (side.RingMet(ring) || !other.plot().box().Contains(v)) continue;
      if (other.plot().edges().LocationOf({2 * v.x, 2 * v.y}) != Location::kInside) continue;
      return SetMet(v);
    }
  }

  void AddGap(const Edge& a, const Edge& b) {
    const FacingEdges edges{a.InteriorOnRight(), b.InteriorOnRight()};
    const std::optional<Facing> facing = FacingStretch(edges, tolerances_.gap_width_min_steps);
    if (!facing.has_value()) return;
    out_->gaps.push_back({&a_.plot(), &b_.plot(), a.index, b.index, {edges, *facing}});
  }

  Side a_;
  Side b_;
  const Tolerances& tolerances_;
  PairOutcome* out_;
  bool insides_meet_ = false;
  Vertex met_at_;
};

// What two boxes share. REQUIRES: they intersect.
Box Common(const Box& a, const Box& b) {
  return {std::max(a.min_x, b.min_x), std::max(a.min_y, b.min_y), std::min(a.max_x, b.max_x),
          std::min(a.max_y, b.max_y)};
}

}  // namespace

std::int64_t ReachSteps(const Tolerances& tolerances) {
  return std::max({tolerances.neighbour_vertex_max_steps, tolerances.vertex_on_edge_max_steps,
                   tolerances.gap_width_min_steps});
}

absl::Status ComparePlots(const PreparedPlot& a, const PreparedPlot& b,
                          const Tolerances& tolerances, PairOutcome* out) {
  LANDBOOK_GEO_CHECK(a.id() != b.id());
  if (b.id() < a.id()) return ComparePlots(b, a, tolerances, out);
  if (a.box().Empty() || b.box().Empty()) return absl::OkStatus();
  const std::int64_t reach = ReachSteps(tolerances);
  const Box a_grown = a.box().Grown(reach);
  if (!a_grown.Intersects(b.box())) return absl::OkStatus();
  const Box window = Common(a_grown, b.box().Grown(reach));
  if (PlainNeighbours(a, b, window, tolerances)) return absl::OkStatus();
  return PairCheck(a, b, tolerances, window, out).Run();
}

absl::Status CheckPair(const PreparedPlot& a, const PreparedPlot& b, const Tolerances& tolerances,
                       std::vector<Finding>* out) {
  PairOutcome outcome;
  absl::Status status = ComparePlots(a, b, tolerances, &outcome);
  std::move(outcome.findings.begin(), outcome.findings.end(), std::back_inserter(*out));
  return status;
}

}  // namespace landbook::geo
