// Where the centres of circles may lie that touch a side of an area, or an inward corner of it, and
// which of them are too near another side; for largest_circle.cc, not for others.
#ifndef LANDBOOK_GEO_CIRCLE_CENTRES_INTERNAL_H_
#define LANDBOOK_GEO_CIRCLE_CENTRES_INTERNAL_H_

#include <cmath>
#include <vector>

#include "geo/real_point.h"

namespace landbook::geo::circle {

inline RealPoint operator+(RealPoint a, RealPoint b) { return {a.x + b.x, a.y + b.y}; }
inline RealPoint operator-(RealPoint a, RealPoint b) { return {a.x - b.x, a.y - b.y}; }
inline RealPoint operator*(RealPoint a, double factor) { return {a.x * factor, a.y * factor}; }
inline double Dot(RealPoint a, RealPoint b) { return a.x * b.x + a.y * b.y; }
inline double Cross(RealPoint a, RealPoint b) { return a.x * b.y - a.y * b.x; }
inline double Length(RealPoint a) { return std::sqrt(Dot(a, a)); }

// What is nearer than this share of the radius is too near: doubles tell no more.
inline constexpr double kNearer = 1 - 1e-12;

// A side of the area, which lies to its left.
struct Side {
  RealPoint start;
  RealPoint end;
  RealPoint along;   // of length 1
  RealPoint inward;  // of length 1
  double length = 0;
};

// The square of the distance between a point and a side, its ends included.
double SquaredDistance(RealPoint p, const Side& side);

// A stretch of a line or an arc of centres.
struct Stretch {
  double begin;
  double end;
};
using Stretches = std::vector<Stretch>;

// Centres at one distance from a side, by how far along it they lie, in steps. Borrows the side.
class LineOfCentres {
 public:
  LineOfCentres(const Side& side, double radius) : side_(side), radius_(radius) {}

  Stretch Whole() const { return {0, side_.length}; }
  double StepsEach() const { return 1; }
  RealPoint At(double at) const { return side_.start + side_.inward * radius_ + side_.along * at; }

  // Adds the stretch whose centres are nearer than the radius to `other`; true when that is all.
  // What is near a side is convex, so it is one stretch: from the first to the last of those near
  // its ends and near what is between them. Everything is reckoned along the line and across it.
  bool AddForbidden(const Side& other, Stretches* forbidden) const;

 private:
  RealPoint Seen(RealPoint p) const;
  void AddNear(RealPoint p, Stretch* near) const;
  void AddNearBetween(RealPoint start, const Side& other, Stretch* near) const;

  const Side& side_;
  double radius_;
};

// Centres at one distance from an inward corner, by their angle in radians.
class ArcOfCentres {
 public:
  // The corner is the start of side `after`, where side `before` ends.
  ArcOfCentres(const Side& before, const Side& after, double radius);

  Stretch Whole() const { return {begin_, begin_ + turn_}; }
  double StepsEach() const { return radius_; }
  RealPoint At(double at) const {
    return corner_ + RealPoint{std::cos(at), std::sin(at)} * radius_;
  }

  // Adds the stretches whose centres are nearer than the radius to `side`; true when that is all.
  bool AddForbidden(const Side& side, Stretches* forbidden) const;

 private:
  class Places;
  void AddPlaces(const Side& side, Places* places) const;
  void AddAngles(double middle, double cosine, Places* places) const;
  double Counted(double angle) const;

  double radius_;
  RealPoint corner_;
  double begin_;
  double turn_;
};

}  // namespace landbook::geo::circle

#endif  // LANDBOOK_GEO_CIRCLE_CENTRES_INTERNAL_H_
