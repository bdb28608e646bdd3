#include "geo/control_check.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/boundary_testing.h"
#include "geo/exact.h"
#include "geo/geos_bridge.h"
#include "geo/normalise.h"
#include "geo/well_known.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::geo {
namespace {

// --- Cases ---------------------------------------------------------------------------------------

struct Case {
  std::string name;
  Boundary plot;
  std::vector<Boundary> areas;
  double distance_m = 0.05;
  std::vector<std::string> expected;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

Boundary FromWkt(const std::string& wkt) {
  const auto raw = RawFromWkt(wkt);
  EXPECT_TRUE(raw.ok()) << wkt << ": " << raw.status();
  return raw.ok() ? Normalise(*raw).boundary : Boundary();
}

std::vector<Case> AllCases() {
  std::ifstream in(LANDBOOK_SOURCE_DIR "/geo/testdata/control_cases/areas.txt");
  std::vector<Case> cases;
  std::string line;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    std::string kind;
    std::string rest;
    words >> kind >> std::ws;
    std::getline(words, rest);
    if (kind.empty() || kind.front() == '#') continue;
    if (kind == "case") {
      cases.push_back({rest, {}, {}, 0.05, {}});
    } else if (kind == "plot") {
      cases.back().plot = FromWkt(rest);
    } else if (kind == "area") {
      cases.back().areas.push_back(FromWkt(rest));
    } else if (kind == "distance") {
      cases.back().distance_m = std::stod(rest);
    } else {
      cases.back().expected.push_back(line);
    }
  }
  return cases;
}

// Areas as the check takes them, and what keeps them alive.
struct Areas {
  explicit Areas(const std::vector<Boundary>& boundaries) {
    for (const Boundary& boundary : boundaries) {
      kept.push_back(std::make_unique<ControlArea>(boundary));
      all.push_back(kept.back().get());
    }
  }
  std::vector<std::unique_ptr<ControlArea>> kept;
  std::vector<const ControlArea*> all;
};

std::string M2(std::int64_t mm2) { return fmt::format("{:.10g}", static_cast<double>(mm2) / 1e6); }

std::string Metres(std::int64_t steps) {
  return fmt::format("{:g}", static_cast<double>(steps) / kStepsPerMetre);
}

std::string LeavesLine(const std::optional<Leaving>& leaving) {
  if (!leaving) return "leaves no";
  if (leaving->altogether) return "leaves altogether";
  return "leaves " + Metres(leaving->distance_steps);
}

class ControlCaseTest : public testing::TestWithParam<Case> {};

TEST_P(ControlCaseTest, MeasuresWhatIsExpected) {
  const Case& c = GetParam();
  const Areas areas(c.areas);
  const auto inside = PartInside(c.plot, areas.all);
  const auto outside = PartOutside(c.plot, areas.all);
  const auto leaving = LeavingOf(c.plot, areas.all, std::llround(c.distance_m * kStepsPerMetre));
  ASSERT_TRUE(inside.ok() && outside.ok() && leaving.ok());
  std::string most = inside->most ? fmt::format(" {}", *inside->most) : "";
  EXPECT_EQ((std::vector<std::string>{"inside " + M2(inside->area_mm2) + most,
                                      "outside " + M2(outside->area_mm2), LeavesLine(*leaving)}),
            c.expected);
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, ControlCaseTest, testing::ValuesIn(AllCases()), NameOf);

// --- Against the plainest way --------------------------------------------------------------------

// A square with jagged sides, `size` high and wide in metres.
Boundary Jagged(Vertex corner, std::int64_t size_m) {
  const std::int64_t size = size_m * kStepsPerMetre;
  const auto wobble = [size] { return *rc::gen::inRange<std::int64_t>(-size / 8, size / 8); };
  std::vector<Vertex> ring;
  constexpr std::int64_t kPerSide = 6;
  for (std::int64_t i = 0; i < kPerSide; ++i) {
    ring.push_back({corner.x + wobble(), corner.y + size * i / kPerSide});
  }
  for (std::int64_t i = 0; i < kPerSide; ++i) {
    ring.push_back({corner.x + size * i / kPerSide, corner.y + size + wobble()});
  }
  for (std::int64_t i = 0; i < kPerSide; ++i) {
    ring.push_back({corner.x + size + wobble(), corner.y + size - size * i / kPerSide});
  }
  for (std::int64_t i = 0; i < kPerSide; ++i) {
    ring.push_back({corner.x + size - size * i / kPerSide, corner.y + wobble()});
  }
  return BoundaryOf({ring});
}

RC_GTEST_PROP(ControlCheckTest, AgreesWithOneUnionOfAllAreas, ()) {
  const auto at = [](std::int64_t span_m) {
    return *rc::gen::inRange<std::int64_t>(0, span_m * kStepsPerMetre);
  };
  const Boundary plot = Jagged({at(100), at(100)}, 10);
  std::vector<Boundary> boundaries;
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) boundaries.push_back(Jagged({at(100), at(100)}, 40));
  const Areas areas(boundaries);

  const Vertex origin{};
  Shape rest = *Shape::Of(plot, origin);
  const auto whole_valid = rest.Valid();
  RC_PRE(whole_valid.ok() && *whole_valid);
  for (const Boundary& boundary : boundaries) {
    const Shape area = *Shape::Of(boundary, origin);
    const auto valid = area.Valid();
    RC_PRE(valid.ok() && *valid);
    rest = *rest.Difference(area);
  }
  const auto outside_mm2 = std::llround(rest.area_steps2() / 100);
  const auto outside = PartOutside(plot, areas.all);
  const auto inside = PartInside(plot, areas.all);
  RC_ASSERT(outside.ok() && inside.ok());
  RC_ASSERT(std::abs(outside->area_mm2 - outside_mm2) <= 1);
  RC_ASSERT(std::abs(AreaMm2(plot) - inside->area_mm2 - outside->area_mm2) <= 2);
  RC_ASSERT((inside->area_mm2 > 0) == inside->most.has_value());

  // No corner of the plot is farther from the areas than the plot is said to leave them.
  const auto leaving = LeavingOf(plot, areas.all, 500);
  RC_ASSERT(leaving.ok());
  RC_ASSERT(leaving->has_value() || outside->area_mm2 == 0 || inside->area_mm2 > 0);
  const std::int64_t said = !*leaving ? 500 : (*leaving)->distance_steps;
  if (*leaving && (*leaving)->altogether) return;
  for (const Vertex v : plot.vertices) {
    bool near = false;
    for (const Boundary& boundary : boundaries) {
      near = near || LocationInBoundary({2 * v.x, 2 * v.y}, boundary) != Location::kOutside;
      const auto& ring = boundary.vertices;
      for (std::size_t i = 0; i < ring.size() && !near; ++i) {
        near = WithinDistance(v, {ring[i], ring[(i + 1) % ring.size()]}, said + 1);
      }
    }
    RC_ASSERT(near);
  }
}

TEST(ControlCheckTest, ALargeAreaIsDecidedWithoutMeasuring) {
  // A ring of 100,000 vertices, 20 km across; the plots lie clear of its edge.
  std::vector<Vertex> ring;
  constexpr int kVertices = 100'000;
  for (int i = 0; i < kVertices; ++i) {
    const double angle = -2 * M_PI * i / kVertices;
    ring.push_back({std::llround(1e8 * std::cos(angle)), std::llround(1e8 * std::sin(angle))});
  }
  const ControlArea area(BoundaryOf({ring}));
  const Boundary within = BoundaryOf({{{0, 0}, {0, 100}, {100, 100}, {100, 0}}});
  const Boundary apart =
      BoundaryOf({{{99'000'000, 99'000'000}, {99'000'000, 99'000'100}, {99'000'100, 99'000'000}}});
  EXPECT_EQ(area.LieOf(within), Lie::kWithin);
  EXPECT_EQ(area.LieOf(apart), Lie::kApart);
}

}  // namespace
}  // namespace landbook::geo
