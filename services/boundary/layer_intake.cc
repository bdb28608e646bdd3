#include "services/boundary/layer_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "geo/finding.h"
#include "geo/layer_check.h"
#include "services/common/division.h"
#include "services/common/finding_wire.h"
#include "storage/check.h"

namespace landbook::boundary {
namespace {

using common::CheckedRow;
using common::Reason;
using common::RefusalList;
using common::Refuse;

constexpr std::size_t kFindingsPerPage = 500;

std::string Text(absl::string_view text) { return std::string(text.data(), text.size()); }

common::FindingPlot PlotOf(const CheckedRow& row) { return {row.code, row.row}; }

// What a layer's check came to.
struct Found {
  std::vector<v1::Finding> of_layers;  // what is wrong with the control layers themselves
  std::vector<geo::Finding> findings;
  std::vector<ControlFinding> of_control;
  v1::Import counts;
};

// Tells it page by page: findings are put into words as they go.
class Report {
 public:
  Report(std::vector<CheckedRow> rows, Found found)
      : rows_(std::move(rows)), found_(std::move(found)) {}

  common::Outcome<common::PageStep> NextPage(v1::CheckLayerResponse& page) {
    if (ended_) return common::PageStep::kEnd;
    while (static_cast<std::size_t>(page.findings_size()) < kFindingsPerPage && !Told()) {
      *page.add_findings() = Next();
    }
    if (Told()) {
      *page.mutable_result() = found_.counts;
      ended_ = true;
    }
    return common::PageStep::kPage;
  }

 private:
  bool Told() const {
    return of_layers_ == found_.of_layers.size() && finding_ == found_.findings.size() &&
           of_control_ == found_.of_control.size();
  }

  // The next finding: those of the layers, then by row and rule. REQUIRES: not all are told.
  v1::Finding Next() {
    if (of_layers_ < found_.of_layers.size()) return found_.of_layers[of_layers_++];
    if (finding_ == found_.findings.size() ||
        (of_control_ < found_.of_control.size() && ControlIsNext())) {
      return found_.of_control[of_control_++].finding;
    }
    const geo::Finding& finding = found_.findings[finding_++];
    const common::FindingPlot other =
        finding.other == geo::kNoOther ? common::FindingPlot() : PlotOf(rows_[finding.other]);
    return common::FindingToWire(finding, {PlotOf(rows_[finding.subject]), other});
  }

  bool ControlIsNext() const {
    const ControlFinding& control = found_.of_control[of_control_];
    const geo::Finding& finding = found_.findings[finding_];
    return std::tie(control.subject, control.rule) < std::tie(finding.subject, finding.rule);
  }

  const std::vector<CheckedRow> rows_;
  const Found found_;
  std::size_t of_layers_ = 0;
  std::size_t finding_ = 0;
  std::size_t of_control_ = 0;
  bool ended_ = false;
};

// Counts the rows, and which of them errors keep out.
class Counter {
 public:
  explicit Counter(std::size_t rows) : rejected_(rows) {}

  void Add(const geo::Finding& finding) {
    ++by_rule_[geo::RuleName(finding.rule)];
    if (finding.severity != geo::Severity::kError) return;
    rejected_[finding.subject] = true;
    if (finding.other != geo::kNoOther) rejected_[finding.other] = true;
  }
  void AddControl(const ControlFinding& found) {
    ++by_rule_[found.finding.rule()];
    if (found.finding.severity() == v1::SEVERITY_ERROR) rejected_[found.subject] = true;
  }

  v1::Import Result(const std::vector<std::string>& rules_not_run) const {
    v1::Import counts;
    counts.set_state(v1::IMPORT_STATE_DONE);
    counts.set_read(static_cast<std::uint32_t>(rejected_.size()));
    counts.set_checked(counts.read());
    counts.set_rejected(
        static_cast<std::uint32_t>(std::count(rejected_.begin(), rejected_.end(), true)));
    counts.set_accepted(counts.read() - counts.rejected());
    for (const auto& [rule, count] : by_rule_) {
      v1::RuleCount& entry = *counts.add_findings();
      entry.set_rule(rule);
      entry.set_count(count);
    }
    for (const std::string& rule : rules_not_run) counts.add_rules_not_run(rule);
    return counts;
  }

 private:
  std::map<std::string, std::uint32_t> by_rule_;
  std::vector<bool> rejected_;
};

// The rows that have a boundary, as the geometry check takes them.
std::vector<geo::LayerPlot> PlotsOf(std::span<const CheckedRow> rows) {
  std::vector<geo::LayerPlot> plots;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].boundary) continue;
    geo::LayerPlot& plot = plots.emplace_back();
    plot.subject.id = i;
    plot.subject.boundary = &*rows[i].boundary;
    plot.subject.stated_area_mm2 = rows[i].stated_area_mm2;
    plot.subject.delivered = rows[i].findings;
  }
  return plots;
}

v1::Refusal CheckFailed(const absl::Status& status) {
  return Refuse(Reason::INVARIANT_BROKEN, "",
                {fmt::format("the check itself failed: {}; report this", Text(status.message())),
                 "检查程序出错；请报告"});
}

}  // namespace

RefusalList LayerIntake::Begin(const v1::CheckLayerRequest& first) {
  const auto chain = common::PackChainFromDirectory(limits_.policy_directory, first.pack());
  if (!chain.ok()) return chain.refusals();
  auto policy = common::Policy::FromTexts(*chain);
  if (!policy.ok()) return policy.refusals();
  policy_ = std::move(*policy);
  kind_ = policy_->PlotKindNamed(first.kind());
  if (kind_ == nullptr) {
    return {Refuse(Reason::PLOT_KIND_UNKNOWN, "kind",
                   {fmt::format("kind: the pack \"{}\" has no kind of plot \"{}\"", first.pack(),
                                first.kind()),
                    fmt::format("kind：政策包“{}”没有地块种类“{}”", first.pack(), first.kind())})};
  }
  const auto plane = geo::PlaneOf(fmt::format("EPSG:{}", first.epsg()));
  if (!plane.ok()) {
    return {Refuse(Reason::PLANE_UNUSABLE, "epsg",
                   {fmt::format("epsg: {} is no plane for a book: {}", first.epsg(),
                                Text(plane.status().message())),
                    fmt::format("epsg：EPSG:{} 不能用作登记簿平面", first.epsg())})};
  }
  extent_ = plane->extent;
  tolerances_ = policy_->TolerancesFor(first.kind());
  county_ = first.county();
  codes_allocated_ = first.codes_allocated();
  begun_ = true;
  return {};
}

RefusalList LayerIntake::Take(const common::CallContext&, v1::CheckLayerRequest& message) {
  if (!begun_) {
    RefusalList refusals = Begin(message);
    if (!refusals.empty()) return refusals;
  }
  std::size_t coming = static_cast<std::size_t>(message.rows_size());
  for (const v1::ControlRows& control : message.control()) {
    coming += static_cast<std::size_t>(control.rows_size());
  }
  if (rows_.size() + control_rows_ + coming > limits_.rows_max) {
    return {Refuse(
        Reason::VALUE_OUT_OF_RANGE, "rows",
        {fmt::format("rows: more than {} rows came; check the layer in parts", limits_.rows_max),
         fmt::format("rows：超过 {} 行；请分批检查", limits_.rows_max)})};
  }
  RefusalList refusals;
  for (int i = 0; i < message.control_size(); ++i) {
    RefusalList of_layer = TakeControl(message.control(i), fmt::format("control[{}]", i));
    refusals.insert(refusals.end(), of_layer.begin(), of_layer.end());
  }
  for (int i = 0; i < message.rows_size(); ++i) {
    auto row = common::CheckRow(message.rows(i), {*kind_, county_, codes_allocated_}, {i});
    if (row.ok()) {
      rows_.push_back(std::move(*row));
    } else {
      refusals.insert(refusals.end(), row.refusals().begin(), row.refusals().end());
    }
  }
  return refusals;
}

RefusalList LayerIntake::TakeControl(const v1::ControlRows& control, const std::string& path) {
  if (common::ControlRuleOf(control.layer()) == nullptr) {
    return {Refuse(Reason::CONTROL_LAYER_UNKNOWN, path + ".layer",
                   {fmt::format("There is no control layer \"{}\".", control.layer()),
                    fmt::format("没有管控图层“{}”。", control.layer())},
                   "docs/control-layers.md")};
  }
  if (!ground_.Has(control.layer())) {
    v1::ControlLayer layer;
    layer.set_layer(control.layer());
    layer.set_document_number(control.source());
    ground_.AddLayer(layer);
  }
  RefusalList refusals;
  const std::string within = path + ".";
  for (int i = 0; i < control.rows_size(); ++i) {
    const v1::ImportRow& given = control.rows(i);
    auto row = common::CheckShapeRow(given, {i, within});
    if (!row.ok()) {
      refusals.insert(refusals.end(), row.refusals().begin(), row.refusals().end());
      continue;
    }
    v1::ControlShape shape = common::ControlShapeFrom(given);
    shape.set_number(++control_rows_);
    const geo::Boundary boundary = row->boundary.value_or(geo::Boundary());
    const auto findings =
        boundary.empty() ? row->findings : common::ShapeFindings(boundary, row->findings, &extent_);
    for (const geo::Finding& finding : findings) {
      v1::Finding told =
          common::FindingToWire(finding, {.subject = {given.code(), given.row()}, .other = {}});
      told.set_control_layer(control.layer());
      layer_findings_.push_back(std::move(told));
    }
    if (boundary.empty()) continue;
    shape.set_unsound(geo::HasError(findings));
    ground_.AddShape(control.layer(), shape,
                     shape.unsound()
                         ? std::vector<geo::Boundary>{common::BoundaryOfBox(boundary.Bounds())}
                         : common::PartsOf(boundary));
  }
  return refusals;
}

std::vector<std::string> LayerIntake::RulesNotRun() const {
  std::vector<std::string> rules;
  for (const common::ControlRule& rule : common::kControlRules) {
    std::string name = geo::RuleName(rule.rule);
    if (ground_.Has(rule.layer) || (!rules.empty() && rules.back() == name)) continue;
    rules.push_back(std::move(name));
  }
  return rules;
}

absl::StatusOr<std::vector<ControlFinding>> LayerIntake::CheckControl(
    const std::vector<geo::Finding>& findings) {
  ground_.Finish();
  std::vector<bool> unsound(rows_.size());
  for (const geo::Finding& finding : findings) {
    if (finding.rule <= geo::Rule::kRingTouchesItself) unsound[finding.subject] = true;
  }
  std::vector<ControlFinding> found;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const CheckedRow& row = rows_[i];
    if (!row.boundary || unsound[i]) continue;
    common::ControlQuestion question;
    question.use = {kind_, row.land_use};
    question.village = std::string_view(row.code).substr(0, common::kVillageDigits);
    question.boundary = &*row.boundary;
    question.name = {row.code, row.row};
    auto of_row = ground_.FindingsOf(question, *policy_);
    if (!of_row.ok()) return of_row.status();
    for (v1::Finding& finding : *of_row) {
      const auto rule = common::RuleNamed(finding.rule());
      LANDBOOK_CHECK(rule.has_value());
      found.push_back({i, *rule, std::move(finding)});
    }
  }
  return found;
}

common::Outcome<common::PageSource<v1::CheckLayerResponse>> LayerIntake::Finish(
    const common::CallContext&) {
  if (!begun_) {
    return Refuse(Reason::FIELD_REQUIRED, "pack",
                  {"pack: the call ended without a message; the first one says by what to check",
                   "pack：未收到任何消息；首条消息须说明检查依据"});
  }
  common::AssignSubjects(rows_);
  geo::LayerOptions options;
  options.tolerances = tolerances_;
  options.plane_extent = extent_;
  options.workers = limits_.threads;
  absl::StatusOr<geo::LayerVerdict> verdict = geo::CheckLayer(PlotsOf(rows_), options);
  if (!verdict.ok()) return CheckFailed(verdict.status());
  std::vector<geo::Finding> findings = std::move(verdict->findings);
  for (const CheckedRow& row : rows_) {
    if (!row.boundary) findings.insert(findings.end(), row.findings.begin(), row.findings.end());
  }
  std::sort(findings.begin(), findings.end(), geo::FindingBefore);
  auto of_control = CheckControl(findings);
  if (!of_control.ok()) return CheckFailed(of_control.status());

  Counter counter(rows_.size());
  for (const geo::Finding& finding : findings) counter.Add(finding);
  for (const ControlFinding& found : *of_control) counter.AddControl(found);
  auto report = std::make_shared<Report>(
      std::move(rows_), Found{std::move(layer_findings_), std::move(findings),
                              *std::move(of_control), counter.Result(RulesNotRun())});
  return common::PageSource<v1::CheckLayerResponse>(
      [report](v1::CheckLayerResponse& page) { return report->NextPage(page); });
}

}  // namespace landbook::boundary
