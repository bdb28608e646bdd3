#include "services/registry/window_index.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geo/boundary_testing.h"
#include "geo/compact.h"
#include "geo/stretch.h"
#include "services/registry/fold.h"
#include "services/registry/plot_testing.h"
#include "services/registry/record_index.h"
#include "services/registry/view.h"
#include "storage/bytes.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 3;
constexpr std::uint8_t kTier = kTestSurfaceTier;

// A boundary as the brute force knows it.
struct Known {
  std::uint64_t from = 0;
  geo::Box box;
  std::string compact;
  friend bool operator==(const Known&, const Known&) = default;
};

// True when a window meets the boundary: its box, or that of a stretch where it is long and thin.
bool Meets(const Known& known, const geo::Box& window) {
  const auto boundary = geo::DecodeCompact(known.compact);
  const auto stretches = geo::StretchesOf(*boundary);
  if (stretches.empty()) return known.box.Intersects(window);
  return std::any_of(stretches.begin(), stretches.end(),
                     [&](const geo::Box& stretch) { return stretch.Intersects(window); });
}

using Ground = std::map<std::uint64_t, Known>;  // by plot

// Boundaries that come, move and go, one entry each, beside every state that there was.
class Index {
 public:
  void Change(std::uint64_t plot, std::uint8_t tier, const std::optional<geo::Boundary>& boundary) {
    const std::uint64_t sequence = states_.size();
    const EngineView view(&engine_);
    Overlay overlay(&view);
    std::string bytes;
    if (boundary) bytes = static_cast<char>(tier) + geo::EncodeCompact(*boundary);
    ASSERT_TRUE(Fold(&overlay, kBook, sequence).Apply(v1::RECORD_KIND_BOUNDARY, plot, bytes).ok());
    storage::WriteBatch batch;
    overlay.MoveTo(&batch);
    ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
    Ground ground = states_.back();
    ground.erase(plot);
    if (boundary && tier == kTier) {
      ground[plot] = {sequence, boundary->Bounds(), geo::EncodeCompact(*boundary)};
    }
    states_.push_back(std::move(ground));
  }

  std::uint64_t newest() const { return states_.size() - 1; }
  const storage::Engine& engine() const { return engine_; }
  const Ground& At(std::uint64_t sequence) const { return states_[sequence]; }

  Ground BruteForce(std::uint64_t sequence, const geo::Box& window) const {
    Ground found;
    for (const auto& [plot, known] : states_[sequence]) {
      if (Meets(known, window)) found.emplace(plot, known);
    }
    return found;
  }

 private:
  storage::MemoryEngine engine_;
  std::vector<Ground> states_ = {Ground()};
};

Ground ReadWindow(const Index& index, std::uint64_t as_of, const geo::Box& window) {
  const EngineView view(&index.engine());
  Ground found;
  ForEachInWindow(VersionReader(&view, kBook, as_of), {kTier, window}, [&](const WindowLine& line) {
    EXPECT_TRUE(
        found.emplace(line.plot, Known{line.from, line.box, std::string(line.compact)}).second);
    return true;
  });
  return found;
}

// Blocks from a metre to some kilometres, so that every size class has some.
rc::Gen<geo::Boundary> AnyBroadBlock() {
  return rc::gen::apply(
      [](int east, int north, int width, int scale) {
        const double size = width * (scale == 0 ? 1.0 : scale == 1 ? 10.0 : 200.0);
        return BoundaryOfBlock({static_cast<double>(east), static_cast<double>(north), size, size});
      },
      rc::gen::inRange(-600, 600), rc::gen::inRange(-600, 600), rc::gen::inRange(1, 40),
      rc::gen::inRange(0, 3));
}

// Ditches of up to 6 km, level, upright or slanting.
rc::Gen<geo::Boundary> AnyDitch() {
  return rc::gen::apply(
      [](int east, int north, int run_east, int run_north) {
        const geo::Vertex from = TestPoint(east, north);
        const geo::Vertex to = TestPoint(east + run_east, north + run_north);
        const std::int64_t width = 5 * geo::kStepsPerMetre;
        return geo::BoundaryOf(
            {{from, to, {to.x + width, to.y + width}, {from.x + width, from.y + width}}});
      },
      rc::gen::inRange(-600, 600), rc::gen::inRange(-600, 600), rc::gen::inRange(0, 6'000),
      rc::gen::inRange(0, 6'000));
}

rc::Gen<geo::Boundary> AnyBlock() {
  return rc::gen::weightedOneOf<geo::Boundary>({{3, AnyBroadBlock()}, {1, AnyDitch()}});
}

void Fill(Index* index) {
  const int changes = *rc::gen::inRange(1, 60);
  for (int i = 0; i < changes; ++i) {
    const auto plot = static_cast<std::uint64_t>(*rc::gen::inRange(1, 25));
    const bool ends = *rc::gen::inRange(0, 4) == 0;
    const auto tier = static_cast<std::uint8_t>(*rc::gen::inRange(1, 3));
    index->Change(plot, tier, ends ? std::nullopt : std::optional(*AnyBlock()));
  }
}

RC_GTEST_PROP(WindowIndex, GivesWhatBruteForceGives, ()) {
  Index index;
  Fill(&index);
  for (int i = 0; i < 4; ++i) {
    const geo::Box window = (*AnyBlock()).Bounds();
    const auto as_of = *rc::gen::inRange<std::uint64_t>(0, index.newest() + 1);
    RC_ASSERT(ReadWindow(index, kNewest, window) == index.BruteForce(index.newest(), window));
    RC_ASSERT(ReadWindow(index, as_of, window) == index.BruteForce(as_of, window));
  }
}

RC_GTEST_PROP(WindowIndex, KnowsTheBoundaryOfEachPlot, ()) {
  Index index;
  Fill(&index);
  const EngineView view(&index.engine());
  for (std::uint64_t sequence = 0; sequence <= index.newest(); ++sequence) {
    const VersionReader state(&view, kBook, sequence);
    for (const auto& [plot, known] : index.At(sequence)) {
      const auto stored = BoundaryOf(state, plot);
      RC_ASSERT(stored.has_value());
      RC_ASSERT(stored->from == known.from);
      RC_ASSERT(stored->box == known.box);
      RC_ASSERT(stored->compact == known.compact);
      RC_ASSERT(stored->tier == kTier);
    }
  }
}

TEST(WindowIndex, ALongDitchIsFoundOnceAndOnlyWhereItIs) {
  Index index;
  const geo::Vertex from = TestPoint(0, 0);
  const geo::Vertex to = TestPoint(5'000, 5'000);
  index.Change(1, kTier, geo::BoundaryOf({{from, to, {to.x - 50'000, to.y}}}));
  const geo::Box all = BoundaryOfBlock({-100, -100, 6'000, 6'000}).Bounds();
  const geo::Box beside = BoundaryOfBlock({4'000, 100, 500, 500}).Bounds();
  for (const std::uint64_t as_of : {kNewest, index.newest()}) {
    EXPECT_EQ(ReadWindow(index, as_of, all).size(), 1u);
    EXPECT_TRUE(ReadWindow(index, as_of, beside).empty());
  }
  index.Change(1, kTier, BoundaryOfBlock({4'000, 100, 10, 10}));
  EXPECT_EQ(ReadWindow(index, kNewest, all).size(), 1u);
  EXPECT_EQ(ReadWindow(index, kNewest, beside).size(), 1u);
  EXPECT_TRUE(ReadWindow(index, 1, beside).empty());
}

TEST(WindowIndex, StopsWhenTheVisitorHasEnough) {
  Index index;
  for (std::uint64_t plot = 1; plot <= 5; ++plot) {
    index.Change(plot, kTier, BoundaryOfBlock({static_cast<double>(plot) * 20, 0, 10, 10}));
  }
  const EngineView view(&index.engine());
  const geo::Box everywhere = BoundaryOfBlock({-100, -100, 1000, 1000}).Bounds();
  for (const std::uint64_t as_of : {kNewest, index.newest()}) {
    int seen = 0;
    ForEachInWindow(VersionReader(&view, kBook, as_of), {kTier, everywhere},
                    [&](const WindowLine&) { return ++seen < 2; });
    EXPECT_EQ(seen, 2);
  }
}

TEST(WindowIndex, HasNoBoundaryOfAPlotThatEnded) {
  Index index;
  index.Change(1, kTier, BoundaryOfBlock({}));
  index.Change(1, kTier, std::nullopt);
  const EngineView view(&index.engine());
  EXPECT_FALSE(BoundaryOf(VersionReader(&view, kBook), 1).has_value());
  EXPECT_TRUE(BoundaryOf(VersionReader(&view, kBook, 1), 1).has_value());
}

TEST(WindowValueTest, ALineWhoseBoxWrapsRoundIsDamaged) {
  const std::string whole = EncodeWindowValue({1, 2, 3, 4}, "compact");
  ASSERT_TRUE(DecodeWindowValue(0, whole).ok());
  std::string wrapped;
  storage::AppendVarint(wrapped, 2);  // min_x 1, min_y 1
  storage::AppendVarint(wrapped, 2);
  storage::AppendVarint(wrapped, ~std::uint64_t{0});
  storage::AppendVarint(wrapped, 1);
  EXPECT_EQ(DecodeWindowValue(0, wrapped).status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace landbook::registry
