#include "tools/sample_county/plots.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include "geo/area.h"
#include "geo/layer_check.h"
#include "geo/projection.h"
#include "gtest/gtest.h"
#include "tools/sample_county/faults.h"
#include "tools/sample_county/layout.h"

namespace landbook::sample_county {
namespace {

std::vector<Plot> Generate(const Options& options) {
  EXPECT_TRUE(CheckOptions(options).ok()) << CheckOptions(options);
  std::vector<Plot> plots;
  EXPECT_TRUE(GeneratePlots(options, [&](const Plot& plot) {
                plots.push_back(plot);
                return absl::OkStatus();
              }).ok());
  return plots;
}

// The findings of the layer, notes left out.
std::vector<geo::Finding> Check(const Options& options, const std::vector<Plot>& plots) {
  const auto plane = geo::PlaneOf("EPSG:" + std::to_string(options.epsg));
  EXPECT_TRUE(plane.ok()) << plane.status();
  geo::LayerOptions layer;
  layer.plane_extent = plane->extent;
  layer.workers = 2;
  std::vector<geo::LayerPlot> subjects;
  for (const Plot& plot : plots) {
    if (plot.boundary.empty()) continue;
    geo::LayerPlot subject;
    subject.subject.id = static_cast<std::uint64_t>(plot.row);
    subject.subject.boundary = &plot.boundary;
    subject.subject.stated_area_mm2 = plot.stated_area_hundredths_m2 * 10'000;
    subjects.push_back(subject);
  }
  const auto verdict = geo::CheckLayer(subjects, layer);
  EXPECT_TRUE(verdict.ok()) << verdict.status();
  return verdict->findings;
}

std::set<std::string> RulesOf(const std::vector<geo::Finding>& findings) {
  std::set<std::string> rules;
  for (const geo::Finding& finding : findings) rules.insert(geo::RuleName(finding.rule));
  return rules;
}

TEST(GeneratePlotsTest, ACountyWithoutFaultsHasNoFindings) {
  for (const Options& options :
       {Options{.plots = 3'000}, Options{.seed = 7, .plots = 1'500, .long_per_mille = 500},
        Options{.plots = 600, .vertices = 64}, Options{.plots = 600, .vertices = 4},
        Options{.plots = 600, .epsg = 4527, .grid_steps = 1}}) {
    SCOPED_TRACE(options.vertices);
    EXPECT_EQ(RulesOf(Check(options, Generate(options))), std::set<std::string>());
  }
}

TEST(GeneratePlotsTest, GivesAsManyPlotsAsAskedWithCodesOfTheirOwn) {
  for (const std::int64_t count : {0, 1, 32, 511, 512, 513, 4'097}) {
    const std::vector<Plot> plots = Generate({.plots = count});
    ASSERT_EQ(plots.size(), static_cast<std::size_t>(count));
    std::set<std::string> codes;
    for (std::size_t i = 0; i < plots.size(); ++i) {
      EXPECT_EQ(plots[i].row, static_cast<std::int64_t>(i));
      EXPECT_EQ(plots[i].code.size(), 19U);
      codes.insert(plots[i].code);
    }
    EXPECT_EQ(codes.size(), plots.size());
  }
}

TEST(GeneratePlotsTest, TheSameSeedGivesTheSameCountyOnAnyMachine) {
  const std::vector<Plot> plots = Generate({.plots = 20});
  ASSERT_EQ(plots[12].code, "9001010010010100013");
  EXPECT_EQ(plots[12].boundary.vertices.size(), 16U);
  EXPECT_EQ(plots[12].boundary.vertices[0], (geo::Vertex{5'401'765'850, 40'500'616'360}));
  EXPECT_NE(Generate({.seed = 2, .plots = 20})[12].boundary, plots[12].boundary);
}

TEST(GeneratePlotsTest, LongPlotsAreAsManyAndAsLongAsAsked) {
  const std::vector<Plot> plots = Generate({.plots = 5'000, .long_per_mille = 50});
  int long_plots = 0;
  for (const Plot& plot : plots) {
    const geo::Box box = plot.boundary.Bounds();
    const std::int64_t length = box.max_x - box.min_x;
    long_plots += length > 190 * geo::kStepsPerMetre ? 1 : 0;
    EXPECT_LT(length, 5'005 * geo::kStepsPerMetre);
  }
  EXPECT_EQ(long_plots, 250);
}

TEST(GeneratePlotsTest, NeighboursHaveASideInCommon) {
  const std::vector<Plot> plots = Generate({.plots = 200});
  int pairs = 0;
  for (const Plot& plot : plots) {
    if (plot.neighbours.east == kNoPlot) continue;
    const Plot& east = plots[static_cast<std::size_t>(plot.neighbours.east)];
    const std::set<geo::Vertex> mine(plot.boundary.vertices.begin(), plot.boundary.vertices.end());
    int shared = 0;
    for (const geo::Vertex v : east.boundary.vertices) shared += mine.contains(v) ? 1 : 0;
    EXPECT_EQ(shared, 5);
    EXPECT_EQ(east.neighbours.west, plot.index);
    ++pairs;
  }
  EXPECT_GT(pairs, 100);
}

// The plots that a rule speaks of, by the plan and by the check.
using Pairs = std::set<std::pair<std::string, std::string>>;

TEST(GeneratePlotsTest, EachFaultMakesItsOwnFindingAndNoOther) {
  Options options{.plots = 2'000};
  for (const std::string& rule : PlantableRules()) options.faults[rule] = 3;
  const std::vector<Plot> plots = Generate(options);
  std::map<std::string, Pairs> planned;
  for (const Plot& plot : plots) {
    for (const PlantedFault& fault : plot.faults) {
      if (fault.rule < "B4") planned[fault.rule].insert({fault.code, fault.other_code});
    }
  }
  std::map<std::string, Pairs> found;
  for (const geo::Finding& finding : Check(options, plots)) {
    if (finding.severity == geo::Severity::kNote) continue;
    std::string code = plots[finding.subject].code;
    std::string other = finding.other == geo::kNoOther ? "" : plots[finding.other].code;
    if (!other.empty() && other < code) std::swap(code, other);
    found[geo::RuleName(finding.rule)].insert({code, other});
  }
  EXPECT_EQ(planned.size(), 15U);
  EXPECT_EQ(found, planned);
}

TEST(GeneratePlotsTest, SliversAreTheShareOfPairsThatWasAsked) {
  Options options{.plots = 4'096, .long_per_mille = 0, .sliver_per_mille = 100};
  const std::vector<Plot> plots = Generate(options);
  const std::vector<Plot> clean = Generate({.plots = 4'096, .long_per_mille = 0});
  Pairs overlapping;
  for (const geo::Finding& finding : Check(options, plots)) {
    if (finding.rule != geo::Rule::kOverlap) continue;
    overlapping.insert({plots[finding.subject].code, plots[finding.other].code});
  }
  std::int64_t moved = 0;  // vertices; three of a side
  for (std::size_t i = 0; i < plots.size(); ++i) {
    std::set<geo::Vertex> before(clean[i].boundary.vertices.begin(),
                                 clean[i].boundary.vertices.end());
    for (const geo::Vertex v : plots[i].boundary.vertices) moved += before.contains(v) ? 0 : 1;
  }
  const std::int64_t pairs = 4'096 / kFieldsPerBlock * kPairsPerBlock;
  EXPECT_NEAR(static_cast<double>(moved) / 3, 0.1 * static_cast<double>(pairs), 60);
  // The narrowest slivers, and those of little area, are within the tolerance.
  EXPECT_GT(std::ssize(overlapping), moved / 3 * 9 / 10);
  EXPECT_LT(std::ssize(overlapping), moved / 3);
}

TEST(GeneratePlotsTest, FaultsOfCodesAndTextAreInTheRowsThatThePlanNames) {
  const std::vector<Plot> plots =
      Generate({.plots = 100, .faults = {{"B401", 1}, {"B402", 1}, {"B403", 2}, {"B404", 1}}});
  ASSERT_EQ(plots.size(), 100U);
  EXPECT_EQ(plots[94].code.front(), 'X');
  EXPECT_EQ(plots[95].code, plots[96].code);
  EXPECT_EQ(plots[97].code, "");
  EXPECT_TRUE(plots[98].boundary.empty());
  EXPECT_FALSE(plots[99].name_is_text);
  EXPECT_EQ(plots[95].faults.at(0).other_code, plots[95].code);
  EXPECT_EQ(plots[97].faults.at(0).row, 97);
}

TEST(GeneratePlotsTest, EndsWithTheFailureOfItsSink) {
  int calls = 0;
  const absl::Status status = GeneratePlots({.plots = 100}, [&](const Plot&) {
    return ++calls == 3 ? absl::AbortedError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status, absl::AbortedError("enough"));
  EXPECT_EQ(calls, 3);
}

TEST(OptionsTest, RefusesWhatItCannotMake) {
  EXPECT_TRUE(CheckOptions({}).ok());
  for (const Options& wrong :
       {Options{.plots = -1}, Options{.county_code = "370303"}, Options{.county_code = "9001"},
        Options{.county_name = ""}, Options{.epsg = 4326}, Options{.vertices = 15},
        Options{.grid_steps = 7}, Options{.long_per_mille = 1'001},
        Options{.sliver_per_mille = kSliverPerMilleMax + 1},
        Options{.vertices = 4, .sliver_per_mille = 1}, Options{.faults = {{"B501", 1}}},
        Options{.plots = 1, .faults = {{"B201", 1}}}}) {
    EXPECT_EQ(CheckOptions(wrong).code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(OptionsTest, ReadsFaultCounts) {
  EXPECT_EQ(*ParseFaults("B201=5,B204=3"), (FaultCounts{{"B201", 5}, {"B204", 3}}));
  EXPECT_EQ(*ParseFaults(""), FaultCounts());
  for (const char* wrong : {"B201", "B201=", "B201=x", "B201=5;B204=3"}) {
    EXPECT_EQ(ParseFaults(wrong).status().code(), absl::StatusCode::kInvalidArgument) << wrong;
  }
}

}  // namespace
}  // namespace landbook::sample_county
