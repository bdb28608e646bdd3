#include "services/registry/verify_rules.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/box_tree.h"
#include "geo/compact.h"
#include "services/common/finding_wire.h"
#include "services/registry/act_context.h"
#include "services/registry/control_layers.h"
#include "services/registry/invariants.h"
#include "services/registry/key_words.h"
#include "services/registry/layer_ground.h"
#include "services/registry/record_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

constexpr int kRecordsPerStep = 10'000;
// Plots checked at once; their neighbours come on top.
constexpr std::size_t kRunPlotsMax = 5'000;
// A finding's square millimetres in a hundredth of a square metre.
constexpr std::int64_t kMm2PerHundredthM2 = 10'000;

storage::KeyRange TableRange(BookNumber book, const TableKey& prefix) {
  return storage::PrefixRange(SpacePrefix(book, Space::kCurrent) + prefix.bytes());
}

// The value behind a stored value's sequence.
std::string_view ValueOf(std::string_view stored) {
  storage::ByteReader reader(stored);
  reader.ReadVarint();
  return reader.Rest();
}

std::uint64_t LastNumber(std::string_view key) {
  return storage::ByteReader(key.substr(key.size() - sizeof(std::uint64_t))).ReadU64();
}

}  // namespace

InvariantCheck::InvariantCheck(const storage::Engine* folded, BookNumber book, VerifyReport* report)
    : view_(folded),
      state_(&view_, book),
      report_(report),
      rights_(folded, TableRange(book, TableKey(Table::kRight))),
      plots_(folded, TableRange(book, TableKey(Table::kPlot))),
      advances_(folded, TableRange(book, TableKey(Table::kFundAdvance))),
      cases_(folded, TableRange(book, TableKey(Table::kCase))),
      cautions_(folded, TableRange(book, TableKey(Table::kCaution))) {}

absl::Status InvariantCheck::status() const {
  absl::Status status = view_.status();
  status.Update(rights_.status());
  status.Update(plots_.status());
  status.Update(advances_.status());
  status.Update(cases_.status());
  status.Update(cautions_.status());
  return status;
}

template <typename Record, typename FaultOf>
bool InvariantCheck::CheckNext(KeyStream* records, FaultOf fault_of) {
  const storage::KeyValue* item = records->Peek();
  if (item == nullptr) return false;
  const std::uint64_t number = LastNumber(item->key);
  Record record;
  const std::string_view bytes = ValueOf(item->value);
  record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));  // the fold has read it
  if (const auto fault = fault_of(number, record)) {
    const auto key = std::string_view(item->key).substr(sizeof(BookNumber));
    report_->AddFault(fmt::format("{}: {}", KeyInWords(key), *fault));
  }
  records->Next();
  return true;
}

bool InvariantCheck::Step() {
  for (int i = 0; i < kRecordsPerStep; ++i) {
    if (!status().ok()) return false;
    const bool checked =
        CheckNext<v1::Right>(&rights_,
                             [this](std::uint64_t, const v1::Right& right) {
                               return FaultOfRight(state_, right);
                             }) ||
        CheckNext<v1::Plot>(&plots_,
                            [this](std::uint64_t number, const v1::Plot& plot) {
                              return FaultOfPlot(state_, number, plot);
                            }) ||
        CheckNext<v1::FundAdvance>(&advances_,
                                   [](std::uint64_t, const v1::FundAdvance& advance) {
                                     return FaultOfAdvance(advance);
                                   }) ||
        CheckNext<v1::Case>(&cases_,
                            [this](std::uint64_t number, const v1::Case& the_case) {
                              return FaultOfCase(state_, number, the_case);
                            }) ||
        CheckNext<v1::Caution>(&cautions_,
                               [this](std::uint64_t number, const v1::Caution& caution) {
                                 return FaultOfCaution(state_, number, caution);
                               });
    if (!checked) return false;
  }
  return true;
}

// A line of the window index, decoded.
struct LayerRecheck::Line {
  std::uint64_t number = 0;
  geo::Boundary boundary;
  v1::Plot plot;
};

// Neighbours on the curve, of one tier and one size class.
struct LayerRecheck::Run {
  std::uint8_t tier = 0;
  std::vector<Line> lines;
};

LayerRecheck::LayerRecheck(Inputs inputs, VerifyReport* report)
    : inputs_(std::move(inputs)),
      report_(report),
      view_(inputs_.folded),
      state_(&view_, inputs_.book),
      control_layers_(LayersInForce(state_, inputs_.day)),
      lines_(inputs_.folded, TableRange(inputs_.book, TableKey(Table::kWindow))) {}

absl::Status LayerRecheck::status() const {
  absl::Status status = status_;
  status.Update(view_.status());
  status.Update(lines_.status());
  return status;
}

bool LayerRecheck::Step() {
  const Run run = NextRun();
  if (run.lines.empty() || !status().ok()) return false;
  Check(run);
  if (!control_layers_.empty() && status().ok()) CheckControl(run);
  return status().ok();
}

v1::Plot LayerRecheck::PlotOf(std::uint64_t number) {
  v1::Plot plot;
  if (const auto bytes = state_.Value(RecordKey(v1::RECORD_KIND_PLOT, number))) {
    plot.ParseFromString(*bytes);
  }
  return plot;
}

// A plot's boundary is looked at where its place says that it is read.
bool LayerRecheck::IsFirstStretch(const WindowKeyTail& tail) const {
  const auto stored = state_.Value(TableKey(Table::kPlace).U64(tail.plot));
  const auto place = stored ? DecodePlace(*stored) : absl::NotFoundError("no place");
  return place.ok() && place->position == tail.position;
}

LayerRecheck::Run LayerRecheck::NextRun() {
  Run run;
  std::pair<std::uint8_t, std::uint8_t> group;
  for (; const storage::KeyValue* item = lines_.Peek(); lines_.Next()) {
    const WindowKeyTail tail = TailOfWindowKey(item->key);
    if (run.lines.empty()) group = {tail.tier, tail.size_class};
    if (group != std::pair(tail.tier, tail.size_class) || run.lines.size() == kRunPlotsMax) break;
    if (tail.size_class == kStretchClass && !IsFirstStretch(tail)) continue;
    run.tier = tail.tier;
    Line& line = run.lines.emplace_back();
    line.number = tail.plot;
    const auto value = DecodeWindowValue(tail.size_class, ValueOf(item->value));
    line.boundary = StoredBoundaryOf(value->compact);
    line.plot = PlotOf(line.number);
  }
  return run;
}

std::vector<LayerRecheck::Line> LayerRecheck::NeighboursOf(const Run& run,
                                                           std::int64_t reach_steps) {
  std::vector<geo::Box> boxes;
  std::set<std::uint64_t> own;
  geo::Box all;
  for (const Line& line : run.lines) {
    boxes.push_back(line.boundary.Bounds());
    all.Add(boxes.back());
    own.insert(line.number);
  }
  const geo::BoxTree tree(std::move(boxes));
  std::vector<Line> neighbours;
  ForEachInWindow(state_, {run.tier, all.Grown(reach_steps)}, [&](const WindowLine& line) {
    if (own.contains(line.plot)) return true;
    bool near = false;
    tree.Query(line.box.Grown(reach_steps), [&near](std::size_t) {
      near = true;
      return false;
    });
    if (near) neighbours.push_back({line.plot, StoredBoundaryOf(line.compact), {}});
    return true;
  });
  return neighbours;
}

void LayerRecheck::CheckControl(const Run& run) {
  // Lines of a run lie together on the curve, so that few of them make a small window.
  constexpr std::size_t kLinesPerWindow = 64;
  GroundGatherer gatherer(state_, control_layers_);
  for (std::size_t begin = 0; begin < run.lines.size(); begin += kLinesPerWindow) {
    geo::Box window;
    const std::size_t end = std::min(begin + kLinesPerWindow, run.lines.size());
    for (std::size_t i = begin; i < end; ++i) window.Add(run.lines[i].boundary.Bounds());
    gatherer.AddWindow(window);
  }
  std::set<std::string> villages;
  for (const Line& line : run.lines) villages.insert(line.plot.division());
  for (const std::string& village : villages) gatherer.AddVillage(village);
  const common::ControlGround ground = gatherer.Finish();
  for (const Line& line : run.lines) {
    common::ControlQuestion question;
    question.use = {inputs_.policy->PlotKindNamed(line.plot.kind()), line.plot.land_use()};
    if (question.use.kind == nullptr) continue;
    if (!IsSound(line.boundary, inputs_.policy->TolerancesFor(line.plot.kind()))) continue;
    question.village = line.plot.division();
    question.boundary = &line.boundary;
    question.name.code = line.plot.code();
    auto findings = ground.FindingsOf(question, *inputs_.policy);
    status_.Update(findings.status());
    if (!findings.ok()) return;
    for (v1::Finding& finding : *findings) {
      if (finding.severity() != v1::SEVERITY_NOTE) report_->findings.push_back(std::move(finding));
    }
  }
}

void LayerRecheck::Check(const Run& run) {
  std::map<std::string, geo::Tolerances> kinds;
  std::int64_t reach_steps = 0;
  for (const Line& line : run.lines) {
    if (kinds.contains(line.plot.kind())) continue;
    // A kind that today's pack does not name is held to the rules' own defaults.
    const bool named = inputs_.policy->PlotKindNamed(line.plot.kind()) != nullptr;
    const auto tolerances =
        named ? inputs_.policy->TolerancesFor(line.plot.kind()) : geo::Tolerances();
    reach_steps = std::max(reach_steps, NeighbourReachSteps(tolerances));
    kinds.emplace(line.plot.kind(), tolerances);
  }
  const auto neighbours = NeighboursOf(run, reach_steps);
  std::map<std::uint64_t, const Line*> by_number;
  for (const Line& line : run.lines) by_number[line.number] = &line;
  const auto name_of = [&](std::uint64_t number) {
    const auto known = by_number.find(number);
    return common::FindingPlot{known != by_number.end() ? known->second->plot.code()
                                                        : PlotOf(number).code()};
  };
  for (const auto& [kind, tolerances] : kinds) {
    std::vector<geo::LayerPlot> layer;
    const auto add = [&layer](const Line& line, bool standing) {
      geo::LayerPlot& plot = layer.emplace_back();
      plot.subject.id = line.number;
      plot.subject.boundary = &line.boundary;
      plot.standing = standing;
      const auto stated = geo::ParseHundredths(line.plot.stated_area_m2());
      if (stated.ok()) plot.subject.stated_area_mm2 = *stated * kMm2PerHundredthM2;
    };
    for (const Line& line : run.lines) add(line, line.plot.kind() != kind);
    for (const Line& line : neighbours) add(line, true);
    const auto verdict =
        geo::CheckLayer(layer, {.tolerances = tolerances, .plane_extent = inputs_.plane_extent});
    status_.Update(verdict.status());
    if (!verdict.ok()) return;
    for (const geo::Finding& finding : verdict->findings) {
      // Of a pair the lower number is the subject; the run in which that one is checked tells it.
      const auto subject = by_number.find(finding.subject);
      const bool told = subject != by_number.end() && subject->second->plot.kind() == kind;
      if (!told || finding.severity == geo::Severity::kNote) continue;
      report_->findings.push_back(FindingRecord(finding, name_of));
    }
  }
}

}  // namespace landbook::registry
