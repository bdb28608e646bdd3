#include "tools/landbook/findings_ground.h"

#include <gtest/gtest.h>

#include <vector>

namespace landbook::tools {
namespace {

using Ring = std::vector<geo::Vertex>;
using Part = std::vector<Ring>;

const Ring kShell = {{0, 0}, {90, 0}, {90, 90}, {0, 90}};
const Ring kHole = {{10, 10}, {10, 20}, {20, 20}};
const Ring kLine = {{30, 30}, {40, 40}};
const Ring kPoint = {{50, 50}};

geo::Boundary BoundaryOf(const std::vector<Part>& parts) {
  geo::Boundary boundary;
  for (const Part& part : parts) {
    for (const Ring& ring : part) {
      boundary.vertices.insert(boundary.vertices.end(), ring.begin(), ring.end());
      boundary.EndRing();
    }
    boundary.EndPart();
  }
  return boundary;
}

// The parts that rounding left, and those that are kept of them.
struct CollapsedCase {
  const char* name;
  std::vector<Part> rounded;
  std::vector<Part> kept;
};

TEST(FindingsGround, LeavesAwayWhatHasCollapsed) {
  const std::vector<CollapsedCase> cases = {
      {"nothing collapsed", {{kShell, kHole}, {kHole}}, {{kShell, kHole}, {kHole}}},
      {"a hole", {{kShell, kLine, kHole, kPoint}}, {{kShell, kHole}}},
      {"a shell with its hole", {{kLine, kHole}, {kShell}}, {{kShell}}},
      {"the last shell", {{kShell}, {kPoint}}, {{kShell}}},
      {"an empty ring", {{kShell, {}}}, {{kShell}}},
      {"all of it", {{kLine}, {kPoint, kHole}}, {}},
      {"nothing at all", {}, {}},
  };
  for (const CollapsedCase& tested : cases) {
    EXPECT_EQ(WithoutCollapsed(BoundaryOf(tested.rounded)), BoundaryOf(tested.kept)) << tested.name;
  }
}

}  // namespace
}  // namespace landbook::tools
