#include "services/registry/book_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "geo/compact.h"
#include "google/protobuf/util/time_util.h"
#include "services/registry/book_twin_testing.h"
#include "services/registry/record_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class BookReaderTest : public testing::Test {
 protected:
  storage::MemoryEngine engine_;
  BookTwin twin_{&engine_};

  std::uint64_t AddPlot(std::uint64_t number, const std::string& code, const SquareAt& at) {
    return twin_.Append(
        {ActMaker("create_plot").Put(number, PlotWith(code)).PutBoundary(number, 2, Square(at))});
  }
};

std::vector<std::uint64_t> NumbersIn(const std::vector<v1::Plot>& plots) {
  std::vector<std::uint64_t> numbers;
  for (const auto& plot : plots) numbers.push_back(plot.number());
  return numbers;
}

v1::Unit UnitOf(std::uint64_t plot) {
  v1::Unit unit;
  unit.set_plot(plot);
  unit.set_state(v1::RECORD_STATE_LIVE);
  return unit;
}

TEST_F(BookReaderTest, FillsWhatTheServerFills) {
  AddPlot(1, "9900010010010100001", {0, 0});
  v1::Unit ended = UnitOf(1);
  ended.set_state(v1::RECORD_STATE_ENDED);
  twin_.Append({ActMaker("create_unit").Put(1, UnitOf(1)).Put(2, ended).Put(3, UnitOf(1))});
  auto reader = twin_.Reader();
  const auto plot = reader.FindPlot("9900010010010100001", v1::BOUNDARY_FORMAT_UNSPECIFIED);
  ASSERT_TRUE(plot && reader.status().ok());
  EXPECT_EQ(plot->name(), "counties/990001/plots/9900010010010100001");
  EXPECT_EQ(plot->number(), 1u);
  EXPECT_EQ(plot->etag(), "1");
  EXPECT_EQ(google::protobuf::util::TimeUtil::TimestampToMicroseconds(plot->recorded_at()),
            BookTwin::MicrosOf(1));
  EXPECT_EQ(plot->recorded_area_mu(), "0.15");
  EXPECT_THAT(plot->units(), ElementsAre(1u, 3u));
  EXPECT_EQ(plot->boundary().compact(), geo::EncodeCompact(Square({0, 0})));
}

TEST_F(BookReaderTest, AllSpellingsOfABoundarySayTheSame) {
  AddPlot(1, "a", {0, 0});
  auto reader = twin_.Reader();
  EXPECT_FALSE(reader.FindPlot(1, v1::BOUNDARY_FORMAT_NONE)->has_boundary());
  const auto wkb = reader.FindPlot(1, v1::BOUNDARY_FORMAT_WKB);
  EXPECT_EQ(wkb->boundary().wkb().size(), 1u + 4 + 4 + 4 + 5 * 16);
  const auto json = reader.FindPlot(1, v1::BOUNDARY_FORMAT_GEOJSON);
  EXPECT_TRUE(json->boundary().geojson().starts_with(
      R"({"type":"Polygon","coordinates":[[[117.000000000000)"))
      << json->boundary().geojson();
  EXPECT_TRUE(reader.status().ok()) << reader.status();
}

TEST_F(BookReaderTest, FindsByAnyCodeAndByNumber) {
  AddPlot(1, "old", {0, 0});
  v1::Plot renamed = PlotWith("new");
  renamed.add_former_codes()->set_code("old");
  twin_.Append({ActMaker("change_code").Put(1, renamed)});
  for (const char* name : {"old", "new", "1"}) {
    auto reader = twin_.Reader();
    const auto plot = reader.FindPlot(name, v1::BOUNDARY_FORMAT_NONE);
    ASSERT_TRUE(plot) << name;
    EXPECT_EQ(plot->code(), "new");
  }
  auto before = twin_.Reader(1);
  EXPECT_EQ(before.FindPlot("old", v1::BOUNDARY_FORMAT_NONE)->code(), "old");
  EXPECT_FALSE(before.FindPlot("new", v1::BOUNDARY_FORMAT_NONE));
}

TEST_F(BookReaderTest, ACodeOfDigitsGoesBeforeANumber) {
  AddPlot(1, "2", {0, 0});
  AddPlot(2, "other", {20, 0});
  auto reader = twin_.Reader();
  EXPECT_EQ(reader.NumberOf(v1::RECORD_KIND_PLOT, "2"), 1u);
  EXPECT_EQ(reader.NumberOf(v1::RECORD_KIND_PLOT, "3"), 3u);
  for (const char* none : {"", "01", "0", "-1", "1 ", "18446744073709551616", "x"}) {
    EXPECT_FALSE(reader.NumberOf(v1::RECORD_KIND_PLOT, none)) << none;
  }
  EXPECT_FALSE(reader.NumberOf(v1::RECORD_KIND_PLOT, std::string(5'000, 'x')));
  EXPECT_TRUE(reader.status().ok());
}

TEST_F(BookReaderTest, ListsInPagesThatCoverEverythingOnce) {
  for (std::uint64_t number = 1; number <= 23; ++number) {
    AddPlot(number, "c" + std::to_string(number), {static_cast<std::int64_t>(number) * 20, 0});
  }
  for (const std::size_t size : {1u, 7u, 23u, 100u}) {
    auto reader = twin_.Reader();
    std::vector<std::uint64_t> all;
    for (std::uint64_t from = 1; from != 0;) {
      const auto page = reader.Numbers(v1::RECORD_KIND_PLOT, {from, size});
      ASSERT_LE(page.numbers.size(), size);
      all.insert(all.end(), page.numbers.begin(), page.numbers.end());
      from = page.next;
    }
    ASSERT_EQ(all.size(), 23u);
    for (std::uint64_t i = 0; i < all.size(); ++i) EXPECT_EQ(all[i], i + 1);
  }
  auto earlier = twin_.Reader(5);
  EXPECT_EQ(earlier.Numbers(v1::RECORD_KIND_PLOT, {}).numbers.size(), 5u);
}

TEST_F(BookReaderTest, ShowsEveryVersionAsItStood) {
  AddPlot(1, "a", {0, 0});
  twin_.Append({ActMaker("vary").Put(1, PlotWith("b")).PutBoundary(1, 2, Square({0, 0, 30}))});
  twin_.Append({ActMaker("end").Put(1, Ended(PlotWith("b"))).EndBoundary(1)});
  auto reader = twin_.Reader();
  const auto versions = reader.PlotHistory(1, v1::BOUNDARY_FORMAT_COMPACT);
  ASSERT_EQ(versions.size(), 3u);
  EXPECT_EQ(versions[0].etag(), "1");
  EXPECT_EQ(versions[0].boundary().compact(), geo::EncodeCompact(Square({0, 0})));
  EXPECT_EQ(versions[1].etag(), "2");
  EXPECT_EQ(versions[1].boundary().compact(), geo::EncodeCompact(Square({0, 0, 30})));
  EXPECT_EQ(versions[2].etag(), "3");
  EXPECT_FALSE(versions[2].has_boundary());
  auto earlier = twin_.Reader(2);
  EXPECT_EQ(earlier.PlotHistory(1, v1::BOUNDARY_FORMAT_NONE).size(), 2u);
}

TEST_F(BookReaderTest, FollowsLineageThroughSplitsAndMerges) {
  const auto with_kin = [](std::string code, std::vector<std::uint64_t> from,
                           std::vector<std::uint64_t> into) {
    v1::Plot plot = PlotWith(code);
    plot.mutable_made_from()->Add(from.begin(), from.end());
    plot.mutable_made_into()->Add(into.begin(), into.end());
    return plot;
  };
  twin_.Append({ActMaker("make")
                    .Put(1, with_kin("a", {}, {2, 3}))
                    .Put(2, with_kin("b", {1}, {4}))
                    .Put(3, with_kin("c", {1}, {4}))
                    .Put(4, with_kin("d", {2, 3}, {5}))
                    .Put(5, with_kin("e", {4}, {}))});
  auto reader = twin_.Reader();
  const Lineage lineage = reader.LineageOf(4);
  EXPECT_THAT(NumbersIn(lineage.ancestors), ElementsAre(1u, 2u, 3u));
  EXPECT_THAT(NumbersIn(lineage.descendants), ElementsAre(5u));
  EXPECT_TRUE(lineage.complete);
}

TEST_F(BookReaderTest, LocatesExactlyOnTheBoundaryToo) {
  AddPlot(1, "a", {0, 0});
  AddPlot(2, "b", {10, 0});
  twin_.Append({ActMaker("own").Put(3, PlotWith("o")).PutBoundary(3, 1, Square({-50, -50, 200}))});
  auto reader = twin_.Reader();
  const geo::Vertex corner = Square({0, 0}).vertices.front();
  const auto at = [&](std::int64_t x, std::int64_t y) {
    return NumbersIn(reader.Locate({corner.x + x, corner.y + y}, v1::BOUNDARY_FORMAT_NONE));
  };
  EXPECT_THAT(at(1, 1), ElementsAre(3u, 1u));  // tier 1 first
  EXPECT_THAT(at(100'000, 5), ElementsAre(3u, 1u, 2u));
  EXPECT_THAT(at(100'001, 5), ElementsAre(3u, 2u));
  EXPECT_THAT(at(0, 0), ElementsAre(3u, 1u));
  EXPECT_THAT(at(5, -1), ElementsAre(3u));
  EXPECT_THAT(at(-9'000'000, 0), IsEmpty());
  EXPECT_THAT(NumbersIn(reader.Locate({INT64_MAX, INT64_MIN}, v1::BOUNDARY_FORMAT_NONE)),
              IsEmpty());
}

// The plots of a packed page.
std::vector<std::uint64_t> Unpack(const v1::FindPlotsResponse& page) {
  std::vector<std::uint64_t> numbers;
  storage::ByteReader reader(page.page());
  while (reader.Ok() && !reader.Rest().empty()) {
    numbers.push_back(reader.ReadVarint());
    reader.ReadU8();
    reader.ReadLengthPrefixed();
  }
  EXPECT_TRUE(reader.FinishedOk());
  EXPECT_EQ(numbers.size(), page.count());
  return numbers;
}

std::vector<std::uint64_t> InWindow(BookReader reader, const geo::Box& window,
                                    std::optional<std::uint8_t> tier) {
  WindowCursor cursor(&reader, window, tier);
  std::vector<std::uint64_t> all;
  for (v1::FindPlotsResponse page; cursor.Next(&page); page.Clear()) {
    EXPECT_LE(page.page().size(), WindowCursor::kPageBytesMax);
    for (const std::uint64_t number : Unpack(page)) all.push_back(number);
  }
  EXPECT_TRUE(reader.status().ok()) << reader.status();
  return all;
}

TEST_F(BookReaderTest, APackedPageHoldsTheIndexsOwnBytes) {
  AddPlot(300, "a", {0, 0});
  auto reader = twin_.Reader();
  WindowCursor cursor(&reader, Square({5, 5, 1}).Bounds(), std::nullopt);
  v1::FindPlotsResponse page;
  ASSERT_TRUE(cursor.Next(&page));
  const std::string value =
      EncodeWindowValue(Square({0, 0}).Bounds(), geo::EncodeCompact(Square({0, 0})));
  std::string wanted = "\xac\x02\x02";  // plot 300, tier 2
  storage::AppendLengthPrefixed(wanted, value);
  EXPECT_EQ(page.page(), wanted);
  EXPECT_EQ(page.count(), 1u);
  EXPECT_EQ(page.sequence(), 1u);
  EXPECT_FALSE(cursor.Next(&page));
}

TEST_F(BookReaderTest, FindsWindowsInPagesAndByTier) {
  std::vector<ActMaker> acts;
  for (std::uint64_t number = 1; number <= 6'000; ++number) {
    const auto x = static_cast<std::int64_t>(number % 100) * 20;
    const auto y = static_cast<std::int64_t>(number / 100) * 20;
    acts.push_back(ActMaker("create_plot")
                       .Put(number, PlotWith("p" + std::to_string(number)))
                       .PutBoundary(number, number % 2 == 0 ? 2 : 3, Square({x, y})));
  }
  twin_.Append(acts);
  EXPECT_EQ(InWindow(twin_.Reader(), Square({-10, -10, 3'000}).Bounds(), std::nullopt).size(),
            6'000u);
  EXPECT_EQ(InWindow(twin_.Reader(), Square({-10, -10, 3'000}).Bounds(), 2).size(), 3'000u);
  EXPECT_THAT(InWindow(twin_.Reader(), Square({20, 0, 20}).Bounds(), std::nullopt),
              UnorderedElementsAre(1u, 2u, 101u, 102u));
  EXPECT_THAT(InWindow(twin_.Reader(), Square({20, 0, 20}).Bounds(), 9), IsEmpty());
}

TEST_F(BookReaderTest, ShowsALongDitchOnceWhereItRuns) {
  geo::Boundary ditch;
  ditch.vertices = {{0, 0}, {50'000'000, 50'000'000}, {50'000'000, 49'990'000}};
  ditch.EndRing();
  ditch.EndPart();
  twin_.Append({ActMaker("create_plot").Put(7, PlotWith("ditch")).PutBoundary(7, 2, ditch)});
  const geo::Box all = ditch.Bounds();
  EXPECT_THAT(InWindow(twin_.Reader(), all, std::nullopt), ElementsAre(7u));
  const geo::Box beside{40'000'000, 100, 41'000'000, 1'000'000};
  EXPECT_THAT(InWindow(twin_.Reader(), beside, std::nullopt), IsEmpty());
  auto reader = twin_.Reader();
  EXPECT_EQ(reader.Locate({49'999'000, 49'998'000}, v1::BOUNDARY_FORMAT_NONE).size(), 1u);
  const auto plot = reader.FindPlot(7, v1::BOUNDARY_FORMAT_COMPACT);
  ASSERT_TRUE(plot.has_value());
  EXPECT_EQ(plot->boundary().compact(), geo::EncodeCompact(ditch));
}

v1::Mortgage MortgageOver(std::vector<std::uint64_t> rights, std::string day,
                          std::uint64_t entered) {
  v1::Mortgage mortgage;
  mortgage.mutable_rights()->Add(rights.begin(), rights.end());
  mortgage.set_registered_date(day);
  mortgage.set_entered_sequence(entered);
  mortgage.set_state(v1::RECORD_STATE_LIVE);
  return mortgage;
}

TEST_F(BookReaderTest, RanksMortgagesThatStand) {
  v1::Mortgage ended = MortgageOver({1}, "2024-01-01", 1);
  ended.set_state(v1::RECORD_STATE_ENDED);
  twin_.Append({ActMaker("mortgage")
                    .Put(1, ended)
                    .Put(2, MortgageOver({1, 2}, "2024-02-02", 2))
                    .Put(3, MortgageOver({1}, "2024-02-01", 3))
                    .Put(4, MortgageOver({2}, "2024-02-02", 4))});
  auto reader = twin_.Reader();
  EXPECT_THAT(reader.Find<v1::Mortgage>(1)->ranks(), ElementsAre(0u));
  EXPECT_THAT(reader.Find<v1::Mortgage>(2)->ranks(), ElementsAre(2u, 1u));
  EXPECT_THAT(reader.Find<v1::Mortgage>(3)->ranks(), ElementsAre(1u));
  EXPECT_THAT(reader.Find<v1::Mortgage>(4)->ranks(), ElementsAre(2u));
}

TEST_F(BookReaderTest, QueuesSeizuresThatStand) {
  const auto caution = [](v1::CautionCause cause, std::string expiry, bool live) {
    v1::Caution made;
    made.set_unit(1);
    made.set_cause(cause);
    made.set_expiry_date(expiry);
    made.set_state(live ? v1::RECORD_STATE_LIVE : v1::RECORD_STATE_ENDED);
    return made;
  };
  twin_.Append({ActMaker("caution")
                    .Put(1, caution(v1::CAUTION_CAUSE_SEIZURE, "", false))
                    .Put(2, caution(v1::CAUTION_CAUSE_SEIZURE, "2025-06-30", true))
                    .Put(3, caution(v1::CAUTION_CAUSE_DISPUTE, "", true))
                    .Put(4, caution(v1::CAUTION_CAUSE_SEIZURE, "", true))});
  const auto places = [&](const std::string& day) {
    auto reader = twin_.Reader();
    reader.set_day(day);
    std::vector<std::uint32_t> found;
    for (const std::uint64_t number : {1, 2, 3, 4}) {
      found.push_back(reader.Find<v1::Caution>(number)->queue_position());
    }
    return found;
  };
  EXPECT_THAT(places("2025-06-30"), ElementsAre(0u, 1u, 0u, 2u));
  EXPECT_THAT(places("2025-07-01"), ElementsAre(0u, 0u, 0u, 1u));
}

TEST_F(BookReaderTest, StoredBytesThatCannotBeReadFailTheReader) {
  AddPlot(1, "a", {0, 0});
  storage::WriteBatch batch;
  batch.Put(
      SpacePrefix(BookTwin::kBook, Space::kCurrent) + RecordKey(v1::RECORD_KIND_PLOT, 1).bytes(),
      "\x01\xff\xff");
  ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  auto reader = twin_.Reader();
  EXPECT_FALSE(reader.FindPlot(1, v1::BOUNDARY_FORMAT_NONE));
  EXPECT_EQ(reader.status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(BookReaderTest, WhatComesAfterTheReadersEntryIsNotShownEvenWhenNotExpected) {
  AddPlot(1, "a", {0, 0});
  twin_.Append({ActMaker("create_unit").Put(1, UnitOf(1))});
  auto reader = twin_.Reader();
  reader.ExpectNewest();
  const auto before = reader.FindPlot(1, v1::BOUNDARY_FORMAT_COMPACT);
  ASSERT_TRUE(before);
  v1::Unit moved = UnitOf(2);
  twin_.Append({ActMaker("change").Put(1, Ended(PlotWith("b"))).EndBoundary(1).Put(1, moved)});
  auto late = twin_.Reader(2);
  late.ExpectNewest();
  const auto after = late.FindPlot(1, v1::BOUNDARY_FORMAT_COMPACT);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->SerializeAsString(), before->SerializeAsString());
  EXPECT_TRUE(late.status().ok());
  // The ground too: the plot's boundary has ended since.
  auto late_window = twin_.Reader(2);
  late_window.ExpectNewest();
  EXPECT_THAT(InWindow(std::move(late_window), Square({0, 0}).Bounds(), std::nullopt),
              ElementsAre(1u));
  auto late_point = twin_.Reader(2);
  late_point.ExpectNewest();
  EXPECT_EQ(late_point.Locate(Square({0, 0}).vertices.front(), v1::BOUNDARY_FORMAT_NONE).size(),
            1u);
  auto now = twin_.Reader();
  now.ExpectNewest();
  EXPECT_THAT(InWindow(std::move(now), Square({0, 0}).Bounds(), std::nullopt), IsEmpty());
}

// A random life of a few plots, beside a model that is a map a sequence.
struct Model {
  struct PlotState {
    std::string code;
    SquareAt at;
    bool live = true;
    std::uint64_t from = 0;
  };
  std::map<std::uint64_t, PlotState> plots;
};

RC_GTEST_PROP(BookReaderProperty, ReadsAsOfEveryEntryWhatAModelHolds, ()) {
  storage::MemoryEngine engine;
  BookTwin twin(&engine);
  std::vector<Model> models(1);
  const int entries = *rc::gen::inRange(1, 25);
  for (int entry = 0; entry < entries; ++entry) {
    Model model = models.back();
    std::vector<ActMaker> acts;
    const int changes = *rc::gen::inRange(1, 4);
    for (int change = 0; change < changes; ++change) {
      const std::uint64_t number = *rc::gen::inRange<std::uint64_t>(1, 6);
      Model::PlotState& plot = model.plots[number];
      plot.code = "c" + std::to_string(*rc::gen::inRange(0, 3)) + "/" + std::to_string(number);
      plot.live = *rc::gen::weightedElement<bool>({{4, true}, {1, false}});
      plot.at = {*rc::gen::inRange<std::int64_t>(0, 40), *rc::gen::inRange<std::int64_t>(0, 40),
                 *rc::gen::element<std::int64_t>(5, 10, 300)};
      plot.from = twin.sequence() + 1;
      ActMaker act("change");
      act.Put(number, plot.live ? PlotWith(plot.code) : Ended(PlotWith(plot.code)));
      if (plot.live) {
        act.PutBoundary(number, 2, Square(plot.at));
      } else {
        act.EndBoundary(number);
      }
      acts.push_back(act);
    }
    twin.Append(acts);
    models.push_back(model);
  }
  const geo::Box window = Square({10, 10, 15}).Bounds();
  for (std::uint64_t as_of = 0; as_of < models.size(); ++as_of) {
    auto reader = twin.Reader(as_of);
    std::vector<std::uint64_t> numbers;
    std::vector<std::uint64_t> in_window;
    for (const auto& [number, plot] : models[as_of].plots) {
      numbers.push_back(number);
      if (plot.live && Square(plot.at).Bounds().Intersects(window)) in_window.push_back(number);
      const auto found = reader.FindPlot(number, v1::BOUNDARY_FORMAT_COMPACT);
      RC_ASSERT(found.has_value());
      auto hopeful = twin.Reader(as_of);
      hopeful.ExpectNewest();
      RC_ASSERT(hopeful.FindPlot(number, v1::BOUNDARY_FORMAT_COMPACT)->SerializeAsString() ==
                found->SerializeAsString());
      RC_ASSERT(found->code() == plot.code);
      RC_ASSERT(found->etag() == std::to_string(plot.from));
      RC_ASSERT(found->boundary().compact() ==
                (plot.live ? geo::EncodeCompact(Square(plot.at)) : std::string()));
      RC_ASSERT(reader.NumberOf(v1::RECORD_KIND_PLOT, plot.code) == number);
    }
    std::vector<std::uint64_t> paged;
    for (std::uint64_t from = 1; from != 0;) {
      const auto page = reader.Numbers(v1::RECORD_KIND_PLOT, {from, 2});
      RC_ASSERT(page.numbers.size() <= 2u);
      paged.insert(paged.end(), page.numbers.begin(), page.numbers.end());
      from = page.next;
    }
    RC_ASSERT(paged == numbers);
    auto seen = InWindow(twin.Reader(as_of), window, std::nullopt);
    std::sort(seen.begin(), seen.end());
    RC_ASSERT(seen == in_window);
    auto hopeful = twin.Reader(as_of);
    hopeful.ExpectNewest();
    seen = InWindow(std::move(hopeful), window, std::nullopt);
    std::sort(seen.begin(), seen.end());
    RC_ASSERT(seen == in_window);
    RC_ASSERT(reader.status().ok());
  }
}

}  // namespace
}  // namespace landbook::registry
