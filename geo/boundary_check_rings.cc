// B103 and B104: rings that cross or touch themselves or each other, decided exactly.
#include <algorithm>
#include <numeric>
#include <string>
#include <tuple>

#include "geo/boundary_check.h"
#include "geo/boundary_check_internal.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

// Two rings of one part that share a point; legal as long as the inside hangs together.
struct RingTouch {
  std::size_t part;
  Vertex place;
  std::uint32_t ring;
  auto Order() const { return std::tie(part, place, ring); }
  friend bool operator<(const RingTouch& a, const RingTouch& b) { return a.Order() < b.Order(); }
  friend bool operator==(const RingTouch& a, const RingTouch& b) { return a.Order() == b.Order(); }
};

// How a ring passes through a point: where it comes from and where it goes.
struct Pass {
  Vertex from;
  Vertex to;
};

Pass PassThrough(const Edge& edge, Vertex place) {
  return {place == edge.start ? edge.before : edge.start, edge.end};
}

enum class PassMeeting { kTouch, kCross, kAlong };

// Two passes through `place` cross when one goes in on one side of the other and out on the other.
PassMeeting MeetingOfPasses(Vertex place, const Pass& a, const Pass& b) {
  for (const Vertex arm : {b.from, b.to}) {
    if (SameDirection(place, arm, a.from) || SameDirection(place, arm, a.to)) {
      return PassMeeting::kAlong;
    }
  }
  const bool from_inside = StrictlyBetween(place, b.from, a.from, a.to);
  const bool to_inside = StrictlyBetween(place, b.to, a.from, a.to);
  return from_inside == to_inside ? PassMeeting::kTouch : PassMeeting::kCross;
}

class RingCheck {
 public:
  RingCheck(const BoundaryEdges& edges, std::uint64_t subject)
      : edges_(edges), boundary_(edges.boundary()), subject_(subject) {
    for (std::size_t part = 0; part < boundary_.part_count(); ++part) {
      part_of_ring_.resize(boundary_.PartEnd(part), part);
    }
  }

  std::vector<Finding> Run() {
    MeetEdges();
    if (boundary_.ring_count() > 1 && !rings_cross_) {
      PlaceRings();
      FindDisconnectedInterior();
    }
    return std::move(findings_);
  }

 private:
  bool Full() const { return findings_.size() >= kRingFindingsMax; }

  void Add(Rule rule, Vertex place, std::string detail) {
    if (Full()) return;
    Finding finding;
    finding.rule = rule;
    finding.severity = Severity::kError;
    finding.subject = subject_;
    finding.place = place;
    finding.detail = std::move(detail);
    findings_.push_back(std::move(finding));
  }

  void MeetEdges() {
    for (std::size_t index = 0; index < edges_.size() && !Full(); ++index) {
      const Edge edge = edges_.At(index);
      edges_.Near(edge.box(), index + 1, [&](const Edge& other) {
        Meet(edge, other);
        return !Full();
      });
    }
  }

  void Meet(const Edge& a, const Edge& b) {
    // Neighbours in a ring that are not on one line meet in the end that they share, as they
    // should.
    if (a.end == b.start && Turn(a.start, a.end, b.end) != 0) return;
    if (b.end == a.start && Turn(b.start, b.end, a.end) != 0) return;
    const Meeting meeting = MeetingOf(a.segment(), b.segment());
    if (meeting == Meeting::kApart) return;
    const Vertex place = MeetingPlace(a.segment(), b.segment());
    if (meeting == Meeting::kCross) return AddCrossing(a, b, place);
    if (meeting == Meeting::kAlong) return AddAlong(a, b, place);
    // A touch at the end of an edge is met again at the start of the next one.
    if (place == a.end || place == b.end) return;
    switch (MeetingOfPasses(place, PassThrough(a, place), PassThrough(b, place))) {
      case PassMeeting::kAlong:
        return;  // the edges along each other are met on their own
      case PassMeeting::kCross:
        return AddCrossing(a, b, place);
      case PassMeeting::kTouch:
        return AddTouch(a, b, place);
    }
  }

  void AddCrossing(const Edge& a, const Edge& b, Vertex place) {
    if (a.ring == b.ring) return Add(Rule::kRingCrossesItself, place, "");
    rings_cross_ = true;
    const bool hole = !boundary_.IsShell(a.ring) || !boundary_.IsShell(b.ring);
    Add(Rule::kRingTouchesItself, place, hole ? "hole_crosses" : "");
  }

  void AddAlong(const Edge& a, const Edge& b, Vertex place) {
    if (a.ring != b.ring) rings_cross_ = true;
    Add(Rule::kRingTouchesItself, place, "");
  }

  void AddTouch(const Edge& a, const Edge& b, Vertex place) {
    if (a.ring == b.ring) return Add(Rule::kRingTouchesItself, place, "");
    const std::size_t part = part_of_ring_[a.ring];
    if (part != part_of_ring_[b.ring]) return;  // parts may meet in points
    touches_.push_back({part, place, a.ring});
    touches_.push_back({part, place, b.ring});
  }

  // True when ring `inner` lies in ring `outer`, given that they do not cross. What decides is a
  // vertex or the middle of an edge that is not on the other ring.
  bool RingInside(std::size_t inner, std::size_t outer) const {
    const std::span<const Vertex> ring = boundary_.Ring(inner);
    Vertex last = ring.back();
    for (const Vertex v : ring) {
      for (const Vertex doubled : {Vertex{last.x + v.x, last.y + v.y}, Vertex{2 * v.x, 2 * v.y}}) {
        const Location location = LocationInRing(doubled, boundary_.Ring(outer));
        if (location != Location::kOn) return location == Location::kInside;
      }
      last = v;
    }
    return true;  // the same ring twice, told as running along each other
  }

  void PlaceRings() {
    std::vector<Box> boxes(boundary_.ring_count());
    for (std::size_t ring = 0; ring < boxes.size(); ++ring) {
      for (const Vertex v : boundary_.Ring(ring)) boxes[ring].Add(v);
    }
    const BoxTree tree(boxes);
    for (std::size_t ring = 0; ring < boxes.size() && !Full(); ++ring) {
      const Box& box = boxes[ring];
      std::vector<std::size_t> around;
      tree.Query(box, [&](std::size_t other) {
        const bool holds = other != ring && boxes[other].Contains({box.min_x, box.min_y}) &&
                           boxes[other].Contains({box.max_x, box.max_y});
        if (holds && RingInside(ring, other)) around.push_back(other);
        return true;
      });
      PlaceRing(ring, around);
    }
  }

  // Judges ring `ring` by the rings that it lies in.
  void PlaceRing(std::size_t ring, const std::vector<std::size_t>& around) {
    const std::size_t part = part_of_ring_[ring];
    const Vertex place = boundary_.Ring(ring)[0];
    if (!boundary_.IsShell(ring)) {
      const bool in_shell =
          std::binary_search(around.begin(), around.end(), boundary_.PartBegin(part));
      const bool in_hole = std::any_of(around.begin(), around.end(), [&](std::size_t other) {
        return part_of_ring_[other] == part && !boundary_.IsShell(other);
      });
      if (!in_shell || in_hole) Add(Rule::kRingTouchesItself, place, "hole_outside");
      return;
    }
    const bool nested = std::any_of(around.begin(), around.end(), [&](std::size_t other) {
      return boundary_.IsShell(other) && !InHoleOf(part_of_ring_[other], around);
    });
    if (nested) Add(Rule::kRingTouchesItself, place, "nested_shells");
  }

  bool InHoleOf(std::size_t part, const std::vector<std::size_t>& around) const {
    return std::any_of(around.begin(), around.end(), [&](std::size_t other) {
      return part_of_ring_[other] == part && !boundary_.IsShell(other);
    });
  }

  // Rings and the points where they touch form a graph; a cycle in it cuts the inside apart
  // (OGC 06-103r4, 6.1.11.1: the interior of every polygon is a connected point set).
  void FindDisconnectedInterior() {
    std::sort(touches_.begin(), touches_.end());
    touches_.erase(std::unique(touches_.begin(), touches_.end()), touches_.end());
    std::vector<std::size_t> parent(boundary_.ring_count() + touches_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&parent](std::size_t item) {
      while (parent[item] != item) item = parent[item] = parent[parent[item]];
      return item;
    };
    std::size_t point = boundary_.ring_count();
    for (std::size_t i = 0; i < touches_.size(); ++i) {
      const RingTouch& touch = touches_[i];
      if (i > 0 && (touches_[i - 1].part != touch.part || touches_[i - 1].place != touch.place)) {
        ++point;
      }
      const std::size_t ring_root = root(touch.ring);
      const std::size_t point_root = root(point);
      if (ring_root == point_root) {
        Add(Rule::kRingTouchesItself, touch.place, "interior_disconnected");
      }
      parent[ring_root] = point_root;
    }
  }

  const BoundaryEdges& edges_;
  const Boundary& boundary_;
  const std::uint64_t subject_;
  std::vector<std::size_t> part_of_ring_;
  std::vector<RingTouch> touches_;
  bool rings_cross_ = false;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> RingFindings(const BoundaryEdges& edges, std::uint64_t subject) {
  return RingCheck(edges, subject).Run();
}

}  // namespace landbook::geo
