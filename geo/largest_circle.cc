#include "geo/largest_circle.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "geo/box_tree.h"
#include "geo/check.h"

namespace landbook::geo {
namespace {

constexpr double kRadiusPrecisionSteps = 0.005;
// Room shorter than this is the rounding of doubles.
constexpr double kRoomMinSteps = 1e-6;
constexpr double kNearer = 1 - 1e-12;

RealPoint operator+(RealPoint a, RealPoint b) { return {a.x + b.x, a.y + b.y}; }
RealPoint operator-(RealPoint a, RealPoint b) { return {a.x - b.x, a.y - b.y}; }
RealPoint operator*(RealPoint a, double factor) { return {a.x * factor, a.y * factor}; }
double Dot(RealPoint a, RealPoint b) { return a.x * b.x + a.y * b.y; }
double Cross(RealPoint a, RealPoint b) { return a.x * b.y - a.y * b.x; }
double Length(RealPoint a) { return std::sqrt(Dot(a, a)); }

// A side of the area, which lies to its left.
struct Side {
  RealPoint start;
  RealPoint end;
  RealPoint along;   // of length 1
  RealPoint inward;  // of length 1
  double length = 0;
};

double SquaredDistance(RealPoint p, const Side& side) {
  const RealPoint from_start = p - side.start;
  const double at = std::clamp(Dot(from_start, side.along), 0.0, side.length);
  const RealPoint away = from_start - side.along * at;
  return Dot(away, away);
}

struct Stretch {
  double begin;
  double end;
};

// Stretches of centres that are nearer to a side than the radius.
using Stretches = std::vector<Stretch>;

// Centres at one distance from a side.
class LineOfCentres {
 public:
  LineOfCentres(const Side& side, double radius) : side_(side), radius_(radius) {}

  Stretch Whole() const { return {0, side_.length}; }
  double StepsEach() const { return 1; }
  RealPoint At(double at) const { return side_.start + side_.inward * radius_ + side_.along * at; }

  // Adds the stretch whose centres are nearer than the radius to `other`; true when that is all.
  // What is near a side is convex, so it is one stretch: from the first to the last of those near
  // its ends and near what is between them. Everything is reckoned along the line and across it.
  bool AddForbidden(const Side& other, Stretches* forbidden) const {
    const RealPoint start = Seen(other.start);
    const RealPoint end = Seen(other.end);
    if (std::max(start.y, end.y) <= 0 || std::min(start.y, end.y) >= 2 * radius_) return false;
    Stretch near{side_.length, 0};
    AddNear(start, &near);
    AddNear(end, &near);
    AddNearBetween(start, other, &near);
    near = {std::max(near.begin, 0.0), std::min(near.end, side_.length)};
    if (near.begin >= near.end) return false;
    forbidden->push_back(near);
    return near.begin <= 0 && near.end >= side_.length;
  }

 private:
  // How far along the side and inward of it.
  RealPoint Seen(RealPoint p) const {
    const RealPoint from_start = p - side_.start;
    return {Dot(from_start, side_.along), Dot(from_start, side_.inward)};
  }

  static void Extend(double begin, double end, Stretch* near) {
    near->begin = std::min(near->begin, begin);
    near->end = std::max(near->end, end);
  }

  void AddNear(RealPoint p, Stretch* near) const {
    const double squared = p.y * (2 * radius_ - p.y);
    if (squared <= 0) return;
    const double half = std::sqrt(squared);
    Extend(p.x - half, p.x + half, near);
  }

  // The centres that have their foot on the side between its ends, and nearer than the radius.
  void AddNearBetween(RealPoint start, const Side& other, Stretch* near) const {
    const RealPoint along = {Dot(other.along, side_.along), Dot(other.along, side_.inward)};
    const double above = radius_ - start.y;
    Stretch between = {-std::numeric_limits<double>::infinity(),
                       std::numeric_limits<double>::infinity()};
    const double reach = radius_ * kNearer;
    Clip({along.x, along.y * above}, 0, other.length, &between);
    Clip({-along.y, along.x * above}, -reach, reach, &between);
    if (between.begin < between.end) Extend(start.x + between.begin, start.x + between.end, near);
  }

  // A quantity that grows in a straight line along the centres.
  struct Linear {
    double each;
    double at_zero;
  };

  // Narrows the stretch to where the quantity is between the two.
  static void Clip(const Linear& quantity, double low, double high, Stretch* stretch) {
    if (quantity.each == 0) {
      if (quantity.at_zero <= low || quantity.at_zero >= high) stretch->end = stretch->begin;
      return;
    }
    double at_low = (low - quantity.at_zero) / quantity.each;
    double at_high = (high - quantity.at_zero) / quantity.each;
    if (at_low > at_high) std::swap(at_low, at_high);
    stretch->begin = std::max(stretch->begin, at_low);
    stretch->end = std::min(stretch->end, at_high);
  }

  const Side& side_;
  double radius_;
};

// At most eight places where an arc may enter or leave the ground near a side, and its own two
// ends.
class Places {
 public:
  void Add(double at) { places_[count_++] = at; }
  double* begin() { return places_.data(); }
  double* end() { return places_.data() + count_; }

 private:
  std::array<double, 10> places_;
  std::size_t count_ = 0;
};

// Centres at one distance from an inward corner, by their angle.
class ArcOfCentres {
 public:
  ArcOfCentres(const Side& before, const Side& after, double radius)
      : radius_(radius),
        corner_(after.start),
        begin_(std::atan2(after.inward.y, after.inward.x)),
        turn_(std::atan2(Cross(after.inward, before.inward), Dot(after.inward, before.inward))) {}

  Stretch Whole() const { return {begin_, begin_ + turn_}; }
  double StepsEach() const { return radius_; }
  RealPoint At(double at) const {
    return corner_ + RealPoint{std::cos(at), std::sin(at)} * radius_;
  }
  // Adds the stretches whose centres are nearer than the radius to `side`; true when that is all.
  bool AddForbidden(const Side& side, Stretches* forbidden) const {
    if (SquaredDistance(corner_, side) >= 4 * radius_ * radius_) return false;
    const Stretch whole = Whole();
    Places places;
    places.Add(whole.begin);
    places.Add(whole.end);
    AddPlaces(side, &places);
    for (double& place : places) place = std::clamp(place, whole.begin, whole.end);
    std::sort(places.begin(), places.end());
    const double nearest_squared = radius_ * radius_ * kNearer;
    bool all = true;
    for (const double* place = places.begin(); place + 1 != places.end(); ++place) {
      if (place[0] == place[1]) continue;
      const bool near = SquaredDistance(At((place[0] + place[1]) / 2), side) < nearest_squared;
      if (near) forbidden->push_back({place[0], place[1]});
      all = all && near;
    }
    return all;
  }

 private:
  void AddPlaces(const Side& side, Places* places) const {
    for (const RealPoint& end : {side.start, side.end}) {
      const RealPoint to = end - corner_;
      AddAngles(std::atan2(to.y, to.x), Length(to) / (2 * radius_), places);
    }
    const double height = Dot(corner_ - side.start, side.inward);
    const double inward = std::atan2(side.inward.y, side.inward.x);
    AddAngles(inward, (radius_ - height) / radius_, places);
    AddAngles(inward, (-radius_ - height) / radius_, places);
  }

  // Adds the angles whose cosine, counted from `middle`, is as given; none when there are none.
  void AddAngles(double middle, double cosine, Places* places) const {
    if (!(std::abs(cosine) <= 1)) return;
    const double away = std::acos(cosine);
    places->Add(Counted(middle - away));
    places->Add(Counted(middle + away));
  }
  // The same angle, from the arc's begin on.
  double Counted(double angle) const {
    constexpr double kTurn = 2 * std::numbers::pi;
    return angle + kTurn * std::ceil((begin_ - angle) / kTurn);
  }

  double radius_;
  RealPoint corner_;
  double begin_;
  double turn_;
};

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

InscribedCircle WidestPlace(std::span<const RealRings> polygons, Vertex origin) {
  InscribedCircle widest{0, origin};
  for (const RealRings& rings : polygons) {
    const Area::Circle circle = Area(rings).Largest();
    const Vertex centre = {origin.x + std::llround(circle.centre.x),
                           origin.y + std::llround(circle.centre.y)};
    const auto wider = std::llround(2 * circle.radius) - std::llround(widest.diameter_steps);
    if (wider < 0 || (wider == 0 && &rings != &polygons.front() && widest.centre < centre)) {
      continue;
    }
    widest = {2 * circle.radius, centre};
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
    Area area(rings);
    return area.SurelyHolds(radius) || area.RoomFor(radius + kRoomMinSteps).has_value();
  });
}

absl::StatusOr<bool> WiderThan(const Shape& shape, std::int64_t width_steps) {
  if (width_steps == 0) return !shape.empty();
  const absl::StatusOr<std::vector<RealRings>> polygons = shape.Polygons();
  if (!polygons.ok()) return polygons.status();
  return WiderThan(*polygons, width_steps);
}

}  // namespace landbook::geo
