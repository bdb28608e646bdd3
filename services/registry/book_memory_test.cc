#include "services/registry/book_memory.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "services/registry/book_reader.h"
#include "services/registry/book_twin_testing.h"

namespace landbook::registry {
namespace {

constexpr std::uint64_t kPlots = 40;
constexpr std::int64_t kGroundMetres = 900;

// A ditch of 1.5 km, which has a line for each of its stretches.
geo::Boundary Ditch(std::int64_t x_m, std::int64_t y_m) {
  const geo::Vertex corner = Square({x_m, y_m}).vertices.front();
  geo::Boundary ditch;
  ditch.vertices = {corner,
                    {corner.x + 15'000'000, corner.y + 15'000'000},
                    {corner.x + 15'000'000, corner.y + 14'990'000}};
  ditch.EndRing();
  ditch.EndPart();
  return ditch;
}

// Random lives of plots with their units: they come, move, change and end.
class Life {
 public:
  explicit Life(unsigned seed) : random_(seed) {}

  std::vector<ActMaker> NextEntry() {
    std::vector<ActMaker> acts;
    for (std::uint64_t act = 0; act <= Below(2); ++act) acts.push_back(NextAct());
    return acts;
  }
  std::uint64_t Below(std::uint64_t end) { return random_() % end; }
  geo::Box Window() {
    const auto side = static_cast<std::int64_t>(Below(2) == 0 ? 120 : 1'500);
    return Square({Metres(), Metres(), side}).Bounds();
  }
  geo::Vertex Point() { return Square({Metres(), Metres()}).vertices.front(); }

 private:
  std::int64_t Metres() { return static_cast<std::int64_t>(Below(kGroundMetres)); }

  ActMaker NextAct() {
    const std::uint64_t plot = 1 + Below(kPlots);
    ActMaker act("change");
    switch (Below(6)) {
      case 0:
        return act.Put(plot, Ended(PlotWith("c" + std::to_string(plot)))).EndBoundary(plot);
      case 1:
        return act.Put(1 + Below(20), UnitOn(plot));
      case 2:
        return act.Put(plot, PlotWith("c" + std::to_string(plot)))
            .PutBoundary(plot, 1, Ditch(Metres(), Metres()));
      default:
        return act.Put(plot, PlotWith("c" + std::to_string(plot)))
            .PutBoundary(plot, 2, Square({Metres(), Metres(), Below(3) == 0 ? 300 : 30}));
    }
  }

  static v1::Unit UnitOn(std::uint64_t plot) {
    v1::Unit unit;
    unit.set_plot(plot);
    unit.set_state(v1::RECORD_STATE_LIVE);
    return unit;
  }

  std::mt19937 random_;
};

// What is asked of a reader.
struct Question {
  geo::Box window;
  geo::Vertex point;
  std::vector<std::uint64_t> plots;
};
Question AskedOf(Life* life) {
  return {life->Window(), life->Point(), {1 + life->Below(kPlots), 1 + life->Below(kPlots)}};
}

// Everything that the reader answers, byte for byte.
std::string Answer(BookReader reader, const Question& asked) {
  std::string answer;
  WindowCursor cursor(&reader, asked.window, std::nullopt);
  for (v1::FindPlotsResponse page; cursor.Next(&page); page.Clear()) {
    answer += page.SerializeAsString();
  }
  for (const v1::Plot& plot : reader.Locate(asked.point, v1::BOUNDARY_FORMAT_COMPACT)) {
    answer += plot.SerializeAsString();
  }
  for (const auto& plot : reader.FindPlots(asked.plots, v1::BOUNDARY_FORMAT_COMPACT)) {
    answer += plot ? plot->SerializeAsString() : "none";
  }
  return reader.status().ok() ? answer : std::string(reader.status().message());
}

std::string AnswerOfMemory(const BookTwin& twin, std::uint64_t as_of, const Question& asked) {
  BookReader reader = twin.Reader(as_of);
  reader.ExpectNewest();
  return Answer(std::move(reader), asked);
}

RC_GTEST_PROP(BookMemoryProperty, EveryReaderIsAnsweredAsTheEngineAnswersIt, ()) {
  storage::MemoryEngine engine;
  BookTwin twin(&engine);
  Life life(*rc::gen::arbitrary<unsigned>());
  for (int entry = 0; entry < 30; ++entry) {
    twin.Append(life.NextEntry());
    for (int question = 0; question < 4; ++question) {
      // Also one who began before the last entries came, and was slow.
      const std::uint64_t as_of = twin.sequence() - std::min(twin.sequence(), life.Below(3));
      const Question asked = AskedOf(&life);
      RC_ASSERT(AnswerOfMemory(twin, as_of, asked) == Answer(twin.Reader(as_of), asked));
    }
  }
}

TEST(BookMemoryTest, ReadersAreAnsweredAsTheEngineAnswersThemWhileTheWriterGoesOn) {
  storage::MemoryEngine engine;
  BookTwin twin(&engine);
  std::atomic<std::uint64_t> position = 0;
  std::atomic<bool> written = false;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> readers;
  for (unsigned seed = 1; seed <= 2; ++seed) {
    readers.emplace_back([&, seed] {
      Life life(seed);
      for (int after = 0; after < 3; after += written ? 1 : 0) {
        const std::uint64_t as_of = position.load();
        const Question asked = AskedOf(&life);
        // An earlier entry stays what it was: the engine is asked afterwards.
        if (AnswerOfMemory(twin, as_of, asked) != Answer(twin.Reader(as_of), asked)) ++wrong;
      }
    });
  }
  Life life(99);
  for (int entry = 0; entry < 150; ++entry) position.store(twin.Append(life.NextEntry()));
  written = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
}

// The engine is not asked again for what lies in memory: what is deleted behind its back stays.
TEST(BookMemoryTest, WhatWasReadOnceIsShownFromMemory) {
  storage::MemoryEngine engine;
  BookTwin twin(&engine);
  twin.Append({ActMaker("create")
                   .Put(1, PlotWith("a"))
                   .PutBoundary(1, 2, Square({0, 0}))
                   .Put(2, PlotWith("b"))
                   .PutBoundary(2, 1, Ditch(0, 0))});
  const Question asked{Square({0, 0}).Bounds(), {-1, -1}, {}};
  const std::string answer = AnswerOfMemory(twin, 1, asked);
  storage::WriteBatch batch;
  batch.DeleteRange(storage::PrefixRange(SpacePrefix(BookTwin::kBook, Space::kCurrent)));
  ASSERT_TRUE(engine.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  EXPECT_EQ(AnswerOfMemory(twin, 1, asked), answer);
  EXPECT_NE(Answer(twin.Reader(1), asked), answer);
}

TEST(BookMemoryTest, KnowsWhetherAnEntryMayHaveBegun) {
  ReadMemory shared;
  BookMemory memory(&shared, 1, 5);
  EXPECT_FALSE(memory.MayHaveMoved(5));
  EXPECT_TRUE(memory.MayHaveMoved(4));
  memory.WillWrite(7);
  EXPECT_TRUE(memory.MayHaveMoved(5));
  EXPECT_FALSE(memory.MayHaveMoved(7));
}

TEST(BookMemoryTest, LearnsTheClassesThatHoldSomethingAndThoseThatComeLater) {
  ReadMemory shared;
  BookMemory memory(&shared, 1, 5);
  storage::MemoryEngine engine;
  const EngineView view(&engine);
  Overlay changes(&view);
  changes.Put(
      SpacePrefix(1, Space::kCurrent) + TableKey(Table::kWindow).U8(2).U8(1).U64(77).U64(1).bytes(),
      "line");
  EXPECT_FALSE(memory.Classes());
  memory.HasWritten(memory.ChangedBy(changes), 6);
  EXPECT_FALSE(memory.Classes());
  memory.LearnClasses({{1, 0}});
  EXPECT_EQ(memory.Classes(), (std::set<TierClass>{{1, 0}, {2, 1}}));
}

TEST(BookMemoryTest, ACellOfVeryManyLinesIsReadEachTime) {
  storage::MemoryEngine engine;
  BookTwin twin(&engine);
  std::vector<ActMaker> acts;
  for (std::uint64_t plot = 1; plot <= 12'000; ++plot) {
    acts.push_back(ActMaker("create")
                       .Put(plot, PlotWith("p" + std::to_string(plot)))
                       .PutBoundary(plot, 2, Square({static_cast<std::int64_t>(plot % 50), 0, 3})));
  }
  twin.Append(acts);
  const Question asked{Square({0, 0}).Bounds(), Square({1, 1}).vertices.front(), {5}};
  const std::string answer = Answer(twin.Reader(), asked);
  EXPECT_EQ(AnswerOfMemory(twin, 1, asked), answer);
  EXPECT_EQ(AnswerOfMemory(twin, 1, asked), answer);
  EXPECT_TRUE(AnswerOfMemory(twin, 1, {{0, 0, 1, 1}, {0, 0}, {}}).empty());
}

}  // namespace
}  // namespace landbook::registry
