// Runs the cases of geo/testdata/cases: boundaries in, findings out. The format is told at the head
// of geo/testdata/cases/README.md.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "geo/layer_check.h"
#include "geo/normalise.h"
#include "geo/reference_compare_testing.h"
#include "geo/well_known.h"
#include "gtest/gtest.h"

namespace landbook::geo {
namespace {

struct CasePlot {
  std::string label;
  bool standing = false;
  bool contracted = false;
  std::optional<std::int64_t> stated_area_mm2;
  std::string wkt;
};

struct Case {
  std::string file;
  std::string name;
  std::vector<CasePlot> plots;
  Tolerances tolerances;
  std::optional<Box> extent;
  std::vector<std::string> expected;
  std::string kept_out;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file << ": " << c.name; }

std::int64_t Scaled(std::istringstream* words, double scale) {
  double value = 0;
  *words >> value;
  return std::llround(value * scale);
}

// A tolerance line: its name in words, and its value in metres, square metres, degrees or percent.
bool SetTolerance(std::istringstream* words, Tolerances* t) {
  constexpr double kMm2 = 1e6;
  std::string name;
  *words >> name;
  const std::map<std::string, std::pair<std::int64_t*, double>> fields = {
      {"vertex-distance", {&t->vertex_distance_max_steps, kStepsPerMetre}},
      {"spike-angle", {&t->spike_angle_min_millidegrees, 1'000}},
      {"area-min", {&t->area_min_mm2, kMm2}},
      {"part-width", {&t->part_width_min_steps, kStepsPerMetre}},
      {"narrow-length", {&t->narrow_length_max_steps, kStepsPerMetre}},
      {"overlap-width", {&t->overlap_width_max_steps, kStepsPerMetre}},
      {"overlap-area", {&t->overlap_area_max_mm2, kMm2}},
      {"neighbour-vertex", {&t->neighbour_vertex_max_steps, kStepsPerMetre}},
      {"vertex-on-edge", {&t->vertex_on_edge_max_steps, kStepsPerMetre}},
      {"gap-width", {&t->gap_width_min_steps, kStepsPerMetre}},
      {"gap-length", {&t->gap_length_max_steps, kStepsPerMetre}},
  };
  const auto field = fields.find(name);
  if (field == fields.end()) return false;
  *field->second.first = Scaled(words, field->second.second);
  return true;
}

CasePlot PlotOf(std::istringstream* words) {
  CasePlot plot;
  *words >> plot.label;
  std::string word;
  while (*words >> word) {
    if (word == "standing") {
      plot.standing = true;
    } else if (word == "contracted") {
      plot.contracted = true;
    } else if (word == "stated") {
      plot.stated_area_mm2 = Scaled(words, 1e6);
    } else {
      std::getline(*words, plot.wkt);
      plot.wkt = word + plot.wkt;
    }
  }
  return plot;
}

// Reads one line into the case; false when its first word is none of the format's.
bool ReadLine(const std::string& line, Case* c) {
  std::istringstream words(line);
  std::string kind;
  words >> kind;
  if (kind.empty() || kind[0] == '#') return true;
  if (kind == "tolerance") return SetTolerance(&words, &c->tolerances);
  if (kind == "plot") {
    c->plots.push_back(PlotOf(&words));
  } else if (kind == "extent") {
    Box box;
    box.min_x = Scaled(&words, kStepsPerMetre);
    box.min_y = Scaled(&words, kStepsPerMetre);
    box.max_x = Scaled(&words, kStepsPerMetre);
    box.max_y = Scaled(&words, kStepsPerMetre);
    c->extent = box;
  } else if (kind == "expect") {
    std::string rest;
    std::getline(words >> std::ws, rest);
    c->expected.push_back(rest);
  } else if (kind == "kept-out") {
    std::getline(words >> std::ws, c->kept_out);
  } else {
    return false;
  }
  return true;
}

std::vector<Case> CasesOf(const std::filesystem::path& path) {
  std::vector<Case> cases;
  std::ifstream in(path);
  std::string line;
  while (std::getline(in, line)) {
    if (line.rfind("case ", 0) == 0) {
      cases.push_back({});
      cases.back().file = path.filename().string();
      cases.back().name = line.substr(5);
    } else if (cases.empty() ? !line.empty() && line[0] != '#' : !ReadLine(line, &cases.back())) {
      ADD_FAILURE() << path << ": cannot read the line '" << line << "'";
    }
  }
  return cases;
}

std::vector<Case> AllCases() {
  std::vector<std::filesystem::path> paths;
  const std::filesystem::path folder = LANDBOOK_SOURCE_DIR "/geo/testdata/cases";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".txt") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Case> cases;
  for (const auto& path : paths) {
    for (Case& c : CasesOf(path)) cases.push_back(std::move(c));
  }
  return cases;
}

std::string Decimal(std::int64_t value, std::int64_t unit) {
  const int digits = static_cast<int>(std::to_string(unit).size()) - 1;
  std::string text = fmt::format("{}{}.{:0{}}", value < 0 ? "-" : "", std::abs(value) / unit,
                                 std::abs(value) % unit, digits);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string SeverityWord(Severity severity) {
  return severity == Severity::kError ? "error" : severity == Severity::kNote ? "note" : "warning";
}

std::string UnitWord(Unit unit) {
  const std::map<Unit, std::string> words = {
      {Unit::kNone, ""},           {Unit::kMetre, " m"}, {Unit::kSquareMetre, " m2"},
      {Unit::kDegree, " degrees"}, {Unit::kCount, ""},   {Unit::kPercent, " %"}};
  return words.at(unit);
}

// A finding as the cases write it.
std::string Line(const Finding& f, const Case& c) {
  std::string text =
      fmt::format("{} {} {} {} at {} {}", RuleName(f.rule), SeverityWord(f.severity),
                  c.plots[f.subject].label, f.other == kNoOther ? "-" : c.plots[f.other].label,
                  Decimal(f.place.x, kStepsPerMetre), Decimal(f.place.y, kStepsPerMetre));
  if (f.unit != Unit::kNone) {
    text += fmt::format(" measured {}{}", Decimal(f.measured, 1'000'000), UnitWord(f.unit));
  }
  if (f.area_mm2 != 0) text += fmt::format(" area {} m2", Decimal(f.area_mm2, 1'000'000));
  if (!f.detail.empty()) text += fmt::format(" ({})", f.detail);
  return text;
}

// What lies behind the subjects of a case, which borrow from it.
struct Layer {
  std::vector<RawBoundary> raw;
  std::vector<PlaneBoundary> plane;
  std::vector<std::vector<Finding>> delivered;
  std::vector<LayerPlot> plots;
};

Layer LayerOf(const Case& c) {
  Layer layer;
  for (const CasePlot& plot : c.plots) {
    absl::StatusOr<RawBoundary> raw = RawFromWkt(plot.wkt);
    EXPECT_TRUE(raw.ok()) << plot.label << ": " << raw.status();
    layer.raw.push_back(raw.ok() ? *std::move(raw) : RawBoundary());
    layer.plane.push_back(Normalise(layer.raw.back()));
    layer.delivered.push_back(FindingsOf(layer.plane.back(), layer.delivered.size()));
  }
  for (std::size_t i = 0; i < c.plots.size(); ++i) {
    LayerPlot plot;
    plot.subject.id = i;
    plot.subject.boundary = &layer.plane[i].boundary;
    plot.subject.delivered = layer.delivered[i];
    plot.subject.raw = &layer.raw[i];
    plot.subject.stated_area_mm2 = c.plots[i].stated_area_mm2;
    if (c.plots[i].contracted) plot.subject.several_parts = Severity::kError;
    plot.standing = c.plots[i].standing;
    layer.plots.push_back(plot);
  }
  return layer;
}

// The orientation of rings is told by the cases that are about it, and left out of the others.
bool Told(const Finding& finding, const Case& c) {
  return finding.rule != Rule::kNotCanonical ||
         std::any_of(c.expected.begin(), c.expected.end(),
                     [](const std::string& line) { return line.rfind("B111", 0) == 0; });
}

class CaseTest : public testing::TestWithParam<Case> {};

TEST_P(CaseTest, FindsWhatIsExpected) {
  const Case& c = GetParam();
  Layer layer = LayerOf(c);
  LayerOptions options;
  options.tolerances = c.tolerances;
  options.plane_extent = c.extent;
  const absl::StatusOr<LayerVerdict> verdict = CheckLayer(layer.plots, options);
  ASSERT_TRUE(verdict.ok()) << verdict.status();
  std::vector<std::string> found;
  for (const Finding& finding : verdict->findings) {
    if (Told(finding, c)) found.push_back(Line(finding, c));
  }
  EXPECT_EQ(found, c.expected);
  std::string kept_out;
  for (const std::uint64_t id : verdict->kept_out) {
    kept_out += (kept_out.empty() ? "" : " ") + c.plots[id].label;
  }
  EXPECT_EQ(kept_out, c.kept_out);

  std::reverse(layer.plots.begin(), layer.plots.end());
  options.workers = 3;
  const absl::StatusOr<LayerVerdict> reversed = CheckLayer(layer.plots, options);
  ASSERT_TRUE(reversed.ok()) << reversed.status();
  EXPECT_EQ(reversed->findings, verdict->findings) << "the order of the plots made a difference";
}

TEST_P(CaseTest, ReferencePathFindsTheSame) {
  const Layer layer = LayerOf(GetParam());
  LayerOptions options;
  options.tolerances = GetParam().tolerances;
  options.plane_extent = GetParam().extent;
  EXPECT_EQ(DifferenceOfPaths(layer.plots, options), "");
  for (const std::int64_t tolerance_steps : kComparedToleranceSteps) {
    options.tolerances = TolerancesOf(tolerance_steps);
    EXPECT_EQ(DifferenceOfPaths(layer.plots, options), "") << tolerance_steps << " steps";
  }
}

std::string NameOf(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char ch) { return std::isalnum(ch) == 0; }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, CaseTest, testing::ValuesIn(AllCases()), NameOf);

TEST(CasesTest, EveryRuleIsExpectedSomewhere) {
  std::map<std::string, int> seen;
  for (const Case& c : AllCases()) {
    for (const std::string& line : c.expected) ++seen[line.substr(0, 4)];
  }
  for (const int rule :
       {101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 201, 202, 203, 204, 205}) {
    EXPECT_GT(seen[fmt::format("B{}", rule)], 0) << rule;
  }
}

}  // namespace
}  // namespace landbook::geo
