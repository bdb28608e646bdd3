// Random acts against a simple model of the book: the model predicts what is refused, the state
// after each commit equals it, the journal folds to the same bytes, and the past reads as it was.
//
// One seed is one run. LANDBOOK_SEED=N reruns one; LANDBOOK_LONG=1 runs more and longer ones.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "fmt/format.h"
#include "services/registry/act_context.h"
#include "services/registry/book_model_acts_testing.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

// The book beside its model.
class Comparison {
 public:
  explicit Comparison(ModelActs* acts) : acts_(*acts) {}

  void CompareNewest() { Compare(acts_.model(), acts_.Sequence()); }
  void ComparePast() {
    for (const auto& [sequence, model] : acts_.past()) Compare(model, sequence);
  }
  void CompareRefold() {
    const auto refolded = acts_.book().Refolded();
    for (const Space space : {Space::kCurrent, Space::kPast, Space::kCounter, Space::kRequest}) {
      EXPECT_EQ(ItemsOf(acts_.book().engine(), 1, space), ItemsOf(*refolded, 1, space))
          << "space " << static_cast<char>(space);
    }
  }

 private:
  template <typename Record>
  std::optional<Record> Read(const VersionReader& state, std::uint64_t number) {
    const auto bytes = state.Value(RecordKey(kKindOf<Record>, number));
    Record record;
    if (!bytes || !record.ParseFromString(*bytes)) return std::nullopt;
    return record;
  }

  void Compare(const Model& model, std::uint64_t sequence) {
    const EngineView view(&acts_.book().engine());
    const VersionReader state(&view, 1, sequence);
    CompareRights(model, state);
    ComparePlots(model, state);
    for (const auto& [number, expected] : model.mortgages) {
      const auto mortgage = Read<v1::Mortgage>(state, number);
      ASSERT_TRUE(mortgage) << number << " at " << sequence;
      EXPECT_EQ(mortgage->state() == v1::RECORD_STATE_LIVE, expected.live);
    }
    for (const auto& [number, expected] : model.seizures) {
      const auto caution = Read<v1::Caution>(state, number);
      ASSERT_TRUE(caution) << number << " at " << sequence;
      EXPECT_EQ(caution->state() == v1::RECORD_STATE_LIVE, expected.live);
    }
    EXPECT_TRUE(view.status().ok());
  }

  void CompareRights(const Model& model, const VersionReader& state) {
    std::map<std::uint64_t, std::set<std::uint64_t>> by_holder;
    for (const auto& [number, expected] : model.rights) {
      const auto right = Read<v1::Right>(state, number);
      ASSERT_TRUE(right) << number << " at " << state.as_of();
      EXPECT_EQ(right->state() == v1::RECORD_STATE_LIVE, expected.live);
      EXPECT_EQ(right->unit(), expected.unit);
      EXPECT_EQ(right->type(), expected.type);
      EXPECT_EQ(right->parent(), expected.parent);
      ASSERT_EQ(right->holders_size(), 1);
      EXPECT_EQ(right->holders(0).party(), expected.holder);
      by_holder[expected.holder].insert(number);
    }
    EXPECT_FALSE(state.Has(RecordKey(v1::RECORD_KIND_RIGHT, model.rights.size() + 1)));
    for (std::uint64_t party = 1; party <= acts_.last_party(); ++party) {
      std::set<std::uint64_t> held;
      state.Scan(TableKey(Table::kRightsOfHolder).U64(party),
                 [&](std::string_view key, std::uint64_t, std::string_view) {
                   held.insert(storage::ByteReader(key.substr(key.size() - 8)).ReadU64());
                   return true;
                 });
      EXPECT_EQ(held, by_holder[party]) << "party " << party << " at " << state.as_of();
    }
  }

  void ComparePlots(const Model& model, const VersionReader& state) {
    const int column = acts_.Below(kCellsAcross);
    geo::Box window{kOriginX + column * kCellSteps + 1, kOriginY,
                    kOriginX + (column + 1) * kCellSteps - 1, kOriginY + kCellsAcross * kCellSteps};
    std::set<std::uint64_t> expected_in_window;
    for (const auto& [number, expected] : model.plots) {
      const auto plot = Read<v1::Plot>(state, number);
      ASSERT_TRUE(plot) << number << " at " << state.as_of();
      EXPECT_EQ(plot->state() == v1::RECORD_STATE_LIVE, expected.live);
      if (expected.live && expected.cell % kCellsAcross == column)
        expected_in_window.insert(number);
      const auto alias = state.Value(TableKey(Table::kAlias)
                                         .U8(static_cast<std::uint8_t>(v1::RECORD_KIND_PLOT))
                                         .Text(plot->code()));
      ASSERT_TRUE(alias);
      EXPECT_EQ(storage::ByteReader(*alias).ReadVarint(), number);
    }
    std::set<std::uint64_t> found;
    ForEachInWindow(state, {kSurface, window}, [&](const WindowLine& line) {
      found.insert(line.plot);
      return true;
    });
    EXPECT_EQ(found, expected_in_window) << "column " << column << " at " << state.as_of();
  }

  ModelActs& acts_;
};

void RunSeed(std::uint32_t seed, int steps) {
  SCOPED_TRACE(fmt::format("rerun with LANDBOOK_SEED={}", seed));
  ModelActs acts(seed);
  Comparison comparison(&acts);
  for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
    acts.Step();
    comparison.CompareNewest();
  }
  comparison.ComparePast();
  comparison.CompareRefold();
  // The run is worth something only when both outcomes occurred often.
  EXPECT_GT(acts.accepted(), static_cast<std::uint64_t>(steps / 8));
  EXPECT_GT(acts.refusals(), static_cast<std::uint64_t>(steps / 20));
  ASSERT_TRUE(acts.book().Reopen().ok());
  comparison.CompareNewest();
}

TEST(BookModelTest, RandomActsAgreeWithTheModelNowAndInThePast) {
  if (const char* seed = std::getenv("LANDBOOK_SEED")) {
    return RunSeed(static_cast<std::uint32_t>(std::atoll(seed)), 400);
  }
  const bool long_run = std::getenv("LANDBOOK_LONG") != nullptr;
  for (std::uint32_t seed = 1; seed <= (long_run ? 40u : 3u); ++seed) {
    RunSeed(seed, long_run ? 1'000 : 250);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace landbook::registry
