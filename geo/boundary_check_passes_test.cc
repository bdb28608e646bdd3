#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "geo/boundary_check_pair_internal.h"
#include "geo/boundary_coverage_testing.h"
#include "geo/exact.h"

namespace landbook::geo {
namespace {

// As the definition says, side by side: an arm runs into a plot inside its sector, or along a side
// of it with both plots to one side.
bool RunsInto(Vertex place, const Arm& arm, const PassAt& pass) {
  for (const Arm& other : {pass.from, pass.to}) {
    if (SameDirection(place, arm.to, other.to)) return arm.left == other.left;
  }
  const Vertex begin = pass.to.left ? pass.to.to : pass.from.to;
  const Vertex end = pass.to.left ? pass.from.to : pass.to.to;
  return StrictlyBetween(place, arm.to, begin, end);
}

// A way through `place` whose arms lead in different directions, to one of few points so that many
// arms lie along each other, `scale` steps apart.
PassAt AnyPass(Vertex place, std::int64_t scale, TestNumbers* numbers) {
  const auto arm = [&] {
    while (true) {
      const std::int64_t x = numbers->Between(-2, 2);
      const std::int64_t y = numbers->Between(-2, 2);
      if (x != 0 || y != 0) return Vertex{place.x + x * scale, place.y + y * scale};
    }
  };
  PassAt pass;
  pass.from.to = arm();
  do {
    pass.to.to = arm();
  } while (SameDirection(place, pass.from.to, pass.to.to));
  pass.to.left = numbers->Between(0, 1) == 0;
  pass.from.left = !pass.to.left;
  return pass;
}

RC_GTEST_PROP(InsidesMeetAtTest, WhereAnArmOfEitherRunsIntoTheOther, ()) {
  const auto scale = *rc::gen::element<std::int64_t>(
      1, 1'000, std::int64_t{1} << 29, (std::int64_t{1} << 29) + 1, kCoordinateMax / 4);
  TestNumbers numbers(*rc::gen::inRange<std::uint64_t>(0, 1'000'000));
  const Vertex place{numbers.Between(-9, 9), kCoordinateMax / 2};
  const PassAt a = AnyPass(place, scale, &numbers);
  const PassAt b = AnyPass(place, scale, &numbers);
  const bool meet = RunsInto(place, a.from, b) || RunsInto(place, a.to, b) ||
                    RunsInto(place, b.from, a) || RunsInto(place, b.to, a);
  RC_ASSERT(InsidesMeetAt(place, a, b) == meet);
  RC_ASSERT(InsidesMeetAt(place, b, a) == meet);
}

}  // namespace
}  // namespace landbook::geo
