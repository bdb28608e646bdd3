#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <utility>

#include "geo/circle_centres_internal.h"

namespace landbook::geo::circle {
namespace {

// A quantity that grows in a straight line along the centres.
struct Linear {
  double each;
  double at_zero;
};

// Narrows the stretch to where the quantity is between the two.
void Clip(const Linear& quantity, double low, double high, Stretch* stretch) {
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

void Extend(double begin, double end, Stretch* near) {
  near->begin = std::min(near->begin, begin);
  near->end = std::max(near->end, end);
}

}  // namespace

double SquaredDistance(RealPoint p, const Side& side) {
  const RealPoint from_start = p - side.start;
  const double at = std::clamp(Dot(from_start, side.along), 0.0, side.length);
  const RealPoint away = from_start - side.along * at;
  return Dot(away, away);
}

bool LineOfCentres::AddForbidden(const Side& other, Stretches* forbidden) const {
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

// How far along the side and inward of it.
RealPoint LineOfCentres::Seen(RealPoint p) const {
  const RealPoint from_start = p - side_.start;
  return {Dot(from_start, side_.along), Dot(from_start, side_.inward)};
}

void LineOfCentres::AddNear(RealPoint p, Stretch* near) const {
  const double squared = p.y * (2 * radius_ - p.y);
  if (squared <= 0) return;
  const double half = std::sqrt(squared);
  Extend(p.x - half, p.x + half, near);
}

// The centres that have their foot on the side between its ends, and nearer than the radius.
void LineOfCentres::AddNearBetween(RealPoint start, const Side& other, Stretch* near) const {
  const RealPoint along = {Dot(other.along, side_.along), Dot(other.along, side_.inward)};
  const double above = radius_ - start.y;
  const double reach = radius_ * kNearer;
  Stretch between = {-std::numeric_limits<double>::infinity(),
                     std::numeric_limits<double>::infinity()};
  Clip({along.x, along.y * above}, 0, other.length, &between);
  Clip({-along.y, along.x * above}, -reach, reach, &between);
  if (between.begin < between.end) Extend(start.x + between.begin, start.x + between.end, near);
}

// At most eight places where an arc may enter or leave the ground near a side, and its own two
// ends.
class ArcOfCentres::Places {
 public:
  void Add(double at) { places_[count_++] = at; }
  double* begin() { return places_.data(); }
  double* end() { return places_.data() + count_; }

 private:
  std::array<double, 10> places_;
  std::size_t count_ = 0;
};

ArcOfCentres::ArcOfCentres(const Side& before, const Side& after, double radius)
    : radius_(radius),
      corner_(after.start),
      begin_(std::atan2(after.inward.y, after.inward.x)),
      turn_(std::atan2(Cross(after.inward, before.inward), Dot(after.inward, before.inward))) {}

bool ArcOfCentres::AddForbidden(const Side& side, Stretches* forbidden) const {
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

void ArcOfCentres::AddPlaces(const Side& side, Places* places) const {
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
void ArcOfCentres::AddAngles(double middle, double cosine, Places* places) const {
  if (!(std::abs(cosine) <= 1)) return;
  const double away = std::acos(cosine);
  places->Add(Counted(middle - away));
  places->Add(Counted(middle + away));
}

// The same angle, from the arc's begin on.
double ArcOfCentres::Counted(double angle) const {
  constexpr double kTurn = 2 * std::numbers::pi;
  return angle + kTurn * std::ceil((begin_ - angle) / kTurn);
}

}  // namespace landbook::geo::circle
