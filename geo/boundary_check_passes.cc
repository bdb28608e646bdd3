// Whether two plots run into each other at a point where a ring of each passes.
#include "geo/boundary_check_pair_internal.h"

namespace landbook::geo {
namespace {

// True when `arm`, leaving `place`, runs into the inside of the plot that passes there, or along
// its boundary with both plots on one side.
bool RunsInto(Vertex place, const Arm& arm, const PassAt& pass) {
  for (const Arm& other : {pass.from, pass.to}) {
    if (SameDirection(place, arm.to, other.to)) return arm.left == other.left;
  }
  // With the plot to the left of the outgoing arm, its inside is swept counter-clockwise from it.
  const Vertex begin = pass.to.left ? pass.to.to : pass.from.to;
  const Vertex end = pass.to.left ? pass.from.to : pass.to.to;
  return StrictlyBetween(place, arm.to, begin, end);
}

}  // namespace

PassAt PassOf(const Edge& edge, bool at_start) {
  return {{at_start ? edge.before : edge.start, !edge.interior_left},
          {edge.end, edge.interior_left}};
}

bool InsidesMeetAt(Vertex place, const PassAt& a, const PassAt& b) {
  return RunsInto(place, a.from, b) || RunsInto(place, a.to, b) || RunsInto(place, b.from, a) ||
         RunsInto(place, b.to, a);
}

}  // namespace landbook::geo
