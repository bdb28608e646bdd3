// Whether two plots run into each other at a point where a ring of each passes.
#include <cstdint>
#include <cstdlib>

#include "geo/boundary_check_pair_internal.h"

namespace landbook::geo {
namespace {

// A direction; Int holds the products of two.
template <typename Int>
struct Direction {
  Int x;
  Int y;
};

template <typename Int>
Int Dot(const Direction<Int>& a, const Direction<Int>& b) {
  return a.x * b.x + a.y * b.y;
}

template <typename Int>
Int Cross(const Direction<Int>& a, const Direction<Int>& b) {
  return a.x * b.y - a.y * b.x;
}

// Directions whose products of two fit 64 bits.
bool IsShort(Vertex from, Vertex to) {
  constexpr std::int64_t kShortMax = std::int64_t{1} << 30;
  return std::abs(to.x - from.x) <= kShortMax && std::abs(to.y - from.y) <= kShortMax;
}

// What a plot takes of the ground around a point: what is swept counter-clockwise from `begin` to
// `end`.
struct Sector {
  Vertex begin;
  Vertex end;
};

Sector SectorOf(const PassAt& pass) {
  return pass.to.left ? Sector{pass.to.to, pass.from.to} : Sector{pass.from.to, pass.to.to};
}

// As StrictlyBetween of geo/exact.h, of cross products that are known.
template <typename Int>
struct Between {
  const Direction<Int>& begin;
  const Direction<Int>& end;
  Int sector;  // begin x end

  bool Holds(const Direction<Int>& d, Int begin_d, Int d_end) const {
    if (begin_d == 0 && Dot(begin, d) > 0) return false;
    if (d_end == 0 && Dot(d, end) > 0) return false;
    if (sector > 0) return begin_d > 0 && d_end > 0;
    if (sector < 0) return begin_d > 0 || d_end > 0;
    return begin_d > 0 || Dot(begin, end) > 0;
  }
};

// Each side of the one sector is compared with each of the other once: where a side of the one lies
// inside the other, or along its side with both plots to one side of it, the insides meet.
template <typename Int>
bool Meet(Vertex place, const Sector& a, const Sector& b) {
  const auto direction = [place](Vertex to) {
    return Direction<Int>{to.x - place.x, to.y - place.y};
  };
  const Direction<Int> a_begin = direction(a.begin);
  const Direction<Int> a_end = direction(a.end);
  const Direction<Int> b_begin = direction(b.begin);
  const Direction<Int> b_end = direction(b.end);
  const Int begins = Cross(a_begin, b_begin);
  const Int ends = Cross(a_end, b_end);
  if (begins == 0 && Dot(a_begin, b_begin) > 0) return true;
  if (ends == 0 && Dot(a_end, b_end) > 0) return true;
  const Int begin_end = Cross(a_begin, b_end);
  const Int end_begin = Cross(a_end, b_begin);
  const Between<Int> in_a{a_begin, a_end, Cross(a_begin, a_end)};
  const Between<Int> in_b{b_begin, b_end, Cross(b_begin, b_end)};
  return in_a.Holds(b_begin, begins, -end_begin) || in_a.Holds(b_end, begin_end, -ends) ||
         in_b.Holds(a_begin, -begins, begin_end) || in_b.Holds(a_end, -end_begin, ends);
}

}  // namespace

PassAt PassOf(const Edge& edge, bool at_start) {
  return {{at_start ? edge.before : edge.start, !edge.interior_left},
          {edge.end, edge.interior_left}};
}

bool InsidesMeetAt(Vertex place, const PassAt& a, const PassAt& b) {
  const Sector of_a = SectorOf(a);
  const Sector of_b = SectorOf(b);
  const bool is_short = IsShort(place, of_a.begin) && IsShort(place, of_a.end) &&
                        IsShort(place, of_b.begin) && IsShort(place, of_b.end);
  return is_short ? Meet<std::int64_t>(place, of_a, of_b) : Meet<Int128>(place, of_a, of_b);
}

}  // namespace landbook::geo
