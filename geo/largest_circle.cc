#include "geo/largest_circle.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "geo/box_tree.h"
#include "geo/check.h"
#include "geo/circle_centres_internal.h"

namespace landbook::geo {
namespace circle {
namespace {

constexpr double kRadiusPrecisionSteps = 0.005;
// Room shorter than this is the rounding of doubles.
constexpr double kRoomMinSteps = 1e-6;

// What a circle may touch: a side, or the corner at its start.
struct Anchor {
  std::size_t side;
  bool corner;
};

class Area {
 public:
  explicit Area(const RealRings& rings) {
    for (std::size_t ring = 0; ring < rings.size(); ++ring) AddRing(rings[ring], ring == 0);
    // The golden section of the sides, as near as it visits all of them.
    stride_ = std::max<std::size_t>(1, sides_.size() * 618 / 1'000);
    while (std::gcd(stride_, sides_.size()) > 1) ++stride_;
    if (sides_.size() > 2 * kNext) tree_ = TreeOf(sides_);
    // Scattered by a fixed stride, so that every run is the same.
    constexpr std::size_t kStride = 7'919;
    for (std::size_t i = 0; i < anchors_.size(); ++i) {
      std::swap(anchors_[i], anchors_[i + i * kStride % (anchors_.size() - i)]);
    }
  }

  // True when the area is too large for its boundary to have no room for the circle: what lies
  // within `radius` of a boundary of length P with h holes is at most P radius + h pi radius^2
  // (B. Sz.-Nagy, Über Parallelmengen nichtkonvexer ebener Bereiche, 1959).
  bool SurelyHolds(double radius) const {
    return area_ > radius * (perimeter_ + hole_count_ * std::numbers::pi * radius);
  }

  std::optional<RealPoint> RoomFor(double radius) {
    for (const Anchor& anchor : anchors_) {
      if (const auto centre = RoomAt(anchor, radius)) return centre;
    }
    return std::nullopt;
  }

  struct Circle {
    double radius = 0;
    RealPoint centre;
  };
  Circle Largest() {
    Circle best{0, sides_.empty() ? RealPoint{} : sides_[0].start};
    for (const Anchor& anchor : anchors_) Improve(anchor, &best);
    return best;
  }

 private:
  // The sides next to an anchor, on either hand, leave little of a long stretch, so they are asked
  // first.
  static constexpr std::size_t kNext = 8;

  void AddRing(const std::vector<RealPoint>& ring, bool shell) {
    double doubled = 0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      doubled += Cross(ring[i] - ring[0], ring[(i + 1) % ring.size()] - ring[0]);
    }
    area_ += (shell ? 1 : -1) * std::abs(doubled) / 2;
    hole_count_ += shell ? 0 : 1;
    const bool forward = (doubled > 0) == shell;
    const std::size_t first = sides_.size();
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const std::size_t next = (i + 1) % ring.size();
      AddSide(forward ? ring[i] : ring[ring.size() - i - 1],
              forward ? ring[next] : ring[ring.size() - next - 1]);
    }
    for (std::size_t i = first; i < sides_.size(); ++i) {
      const std::size_t before = i == first ? sides_.size() - 1 : i - 1;
      before_.push_back(before);
      anchors_.push_back({i, false});
      if (Cross(sides_[before].along, sides_[i].along) < 0) anchors_.push_back({i, true});
    }
  }

  void AddSide(RealPoint start, RealPoint end) {
    const double length = Length(end - start);
    if (length == 0) return;
    const RealPoint along = (end - start) * (1 / length);
    sides_.push_back({start, end, along, {-along.y, along.x}, length});
    perimeter_ += length;
  }

  // A centre at `radius` from the anchor and no nearer to any side.
  std::optional<RealPoint> RoomAt(const Anchor& anchor, double radius) {
    const Side& side = sides_[anchor.side];
    if (!anchor.corner) return RoomOn(LineOfCentres(side, radius), anchor, radius);
    return RoomOn(ArcOfCentres(sides_[before_[anchor.side]], side, radius), anchor, radius);
  }

  template <typename Centres>
  std::optional<RealPoint> RoomOn(const Centres& centres, const Anchor& anchor, double radius) {
    forbidden_.clear();
    for (std::size_t i = 1; i <= std::min(kNext, sides_.size() / 2); ++i) {
      for (const std::size_t other :
           {(anchor.side + i) % sides_.size(), (anchor.side + sides_.size() - i) % sides_.size()}) {
        if (anchor.corner && other == before_[anchor.side]) continue;
        if (centres.AddForbidden(sides_[other], &forbidden_)) return std::nullopt;
      }
    }
    if (sides_.size() <= 2 * kNext) return Room(centres);
    const std::optional<Stretch> left = LeftOf(centres);
    if (!left.has_value()) return std::nullopt;
    const RealPoint middle = centres.At((left->begin + left->end) / 2);
    const double reach = (left->end - left->begin) * centres.StepsEach() / 2;
    const double all_squared = reach < radius ? (radius - reach) * (radius - reach) * kNearer : 0;
    const double none_squared = (radius + reach) * (radius + reach) / kNearer;
    // Some scattered over the boundary first: a side that leaves nothing is then soon met.
    constexpr std::size_t kScattered = 64;
    for (std::size_t i = 1; i < std::min(kScattered, sides_.size()); ++i) {
      const Side& other = sides_[(anchor.side + i * stride_) % sides_.size()];
      if (SquaredDistance(middle, other) < all_squared) return std::nullopt;
    }
    bool all = false;
    tree_.Query(BoxAround(middle, std::sqrt(none_squared)), [&](std::size_t other) {
      const std::size_t offset = (other + sides_.size() - anchor.side) % sides_.size();
      if (offset <= kNext || offset + kNext >= sides_.size()) return true;
      const double squared = SquaredDistance(middle, sides_[other]);
      all = squared < all_squared ||
            (squared <= none_squared && centres.AddForbidden(sides_[other], &forbidden_));
      return !all;
    });
    return all ? std::nullopt : Room(centres);
  }

  static Box BoxAround(RealPoint p, double reach) {
    return {static_cast<std::int64_t>(std::floor(p.x - reach)),
            static_cast<std::int64_t>(std::floor(p.y - reach)),
            static_cast<std::int64_t>(std::ceil(p.x + reach)),
            static_cast<std::int64_t>(std::ceil(p.y + reach))};
  }

  static BoxTree TreeOf(const std::vector<Side>& sides) {
    std::vector<Box> boxes;
    boxes.reserve(sides.size());
    for (const Side& side : sides) boxes.push_back(BoxOf(side));
    return BoxTree(std::move(boxes));
  }

  static Box BoxOf(const Side& side) {
    Box box = BoxAround(side.start, 0);
    box.Add(BoxAround(side.end, 0));
    return box;
  }

  void SortForbidden() {
    std::sort(forbidden_.begin(), forbidden_.end(),
              [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
  }

  // From the first to the last place that no stretch forbids; nothing when there is none.
  template <typename Centres>
  std::optional<Stretch> LeftOf(const Centres& centres) {
    SortForbidden();
    Stretch left = centres.Whole();
    double last_end = left.begin;
    double last_free = left.begin;
    for (const Stretch& stretch : forbidden_) {
      if (stretch.begin <= left.begin) left.begin = std::max(left.begin, stretch.end);
      if (stretch.begin > last_end) last_free = stretch.begin;
      last_end = std::max(last_end, stretch.end);
    }
    if (last_end >= left.end) left.end = last_free;
    if (left.end <= left.begin) return std::nullopt;
    return left;
  }

  // The middle of the first room that no stretch forbids.
  template <typename Centres>
  std::optional<RealPoint> Room(const Centres& centres) {
    SortForbidden();
    const Stretch whole = centres.Whole();
    forbidden_.push_back({whole.end, whole.end});
    double free_from = whole.begin;
    for (const Stretch& stretch : forbidden_) {
      if ((stretch.begin - free_from) * centres.StepsEach() > kRoomMinSteps) {
        // In a corner of a millionth of a degree doubles see room on the other side of an edge.
        const RealPoint centre = centres.At((free_from + stretch.begin) / 2);
        if (Holds(centre)) return centre;
      }
      free_from = std::max(free_from, stretch.end);
    }
    return std::nullopt;
  }

  bool Holds(RealPoint p) const {
    bool inside = false;
    for (const Side& side : sides_) {
      if ((side.start.y > p.y) == (side.end.y > p.y)) continue;
      if ((Cross(side.along, p - side.start) > 0) == (side.end.y > side.start.y)) inside = !inside;
    }
    return inside;
  }

  // Lets the circle grow as far as it can at the anchor.
  void Improve(const Anchor& anchor, Circle* best) {
    double low = best->radius + kRadiusPrecisionSteps;
    std::optional<RealPoint> centre = RoomAt(anchor, low);
    if (!centre.has_value()) return;
    double high = 2 * std::max(low, area_ / perimeter_);
    while (const auto further = RoomAt(anchor, high)) {
      centre = further;
      low = high;
      high *= 2;
    }
    while (high - low > kRadiusPrecisionSteps / 2) {
      const double radius = (low + high) / 2;
      if (const auto further = RoomAt(anchor, radius)) {
        centre = further;
        low = radius;
      } else {
        high = radius;
      }
    }
    *best = {low, *centre};
  }

  std::vector<Side> sides_;
  std::vector<std::size_t> before_;  // by side: the one that ends where it starts
  std::vector<Anchor> anchors_;
  std::size_t stride_ = 1;
  BoxTree tree_;         // of the sides, where they are many
  Stretches forbidden_;  // at the anchor that is being looked at
  double area_ = 0;
  double perimeter_ = 0;
  double hole_count_ = 0;
};

}  // namespace
}  // namespace circle

InscribedCircle WidestPlace(std::span<const RealRings> polygons, Vertex origin) {
  InscribedCircle widest{0, origin};
  for (const RealRings& rings : polygons) {
    const circle::Area::Circle largest = circle::Area(rings).Largest();
    const Vertex centre = {origin.x + std::llround(largest.centre.x),
                           origin.y + std::llround(largest.centre.y)};
    const auto wider = std::llround(2 * largest.radius) - std::llround(widest.diameter_steps);
    if (wider < 0 || (wider == 0 && &rings != &polygons.front() && widest.centre < centre)) {
      continue;
    }
    widest = {2 * largest.radius, centre};
  }
  return widest;
}

absl::StatusOr<InscribedCircle> WidestPlace(const Shape& shape) {
  const absl::StatusOr<std::vector<RealRings>> polygons = shape.Polygons();
  if (!polygons.ok()) return polygons.status();
  return WidestPlace(*polygons, shape.origin());
}

bool WiderThan(std::span<const RealRings> polygons, std::int64_t width_steps) {
  LANDBOOK_GEO_CHECK(width_steps >= 0);
  if (width_steps == 0) return !polygons.empty();
  const double radius = static_cast<double>(width_steps) / 2;
  return std::any_of(polygons.begin(), polygons.end(), [radius](const RealRings& rings) {
    circle::Area area(rings);
    return area.SurelyHolds(radius) || area.RoomFor(radius + circle::kRoomMinSteps).has_value();
  });
}

absl::StatusOr<bool> WiderThan(const Shape& shape, std::int64_t width_steps) {
  if (width_steps == 0) return !shape.empty();
  const absl::StatusOr<std::vector<RealRings>> polygons = shape.Polygons();
  if (!polygons.ok()) return polygons.status();
  return WiderThan(*polygons, width_steps);
}

}  // namespace landbook::geo
