#include "services/boundary/layer_intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "geo/finding.h"
#include "geo/layer_check.h"
#include "services/common/finding_wire.h"

namespace landbook::boundary {
namespace {

using common::CheckedRow;
using common::Reason;
using common::RefusalList;
using common::Refuse;

constexpr std::size_t kFindingsPerPage = 500;

// Nothing is known here of villages, farmland, red lines and plans.
constexpr std::string_view kRulesNotRun[] = {"B301", "B302", "B303", "B304", "B305", "B306"};

std::string Text(absl::string_view text) { return std::string(text.data(), text.size()); }

// What a layer's check came to, and how far it has been told.
class Report {
 public:
  Report(std::vector<CheckedRow> rows, std::vector<geo::Finding> findings)
      : rows_(std::move(rows)), findings_(std::move(findings)) {}

  common::Outcome<common::PageStep> NextPage(v1::CheckLayerResponse& page) {
    if (ended_) return common::PageStep::kEnd;
    const std::size_t end = std::min(findings_.size(), told_ + kFindingsPerPage);
    for (; told_ < end; ++told_) *page.add_findings() = Told(findings_[told_]);
    if (told_ == findings_.size()) {
      *page.mutable_result() = Counts();
      ended_ = true;
    }
    return common::PageStep::kPage;
  }

 private:
  common::FindingPlot PlotOf(std::uint64_t subject) const {
    if (subject == geo::kNoOther) return {};
    const CheckedRow& row = rows_[static_cast<std::size_t>(subject)];
    return {row.code, row.row};
  }

  v1::Finding Told(const geo::Finding& finding) const {
    const common::FindingPlot subject = PlotOf(finding.subject);
    const common::FindingPlot other = PlotOf(finding.other);
    return common::FindingToWire(finding, {subject, other});
  }

  v1::Import Counts() const;

  const std::vector<CheckedRow> rows_;
  const std::vector<geo::Finding> findings_;
  std::size_t told_ = 0;
  bool ended_ = false;
};

v1::Import Report::Counts() const {
  std::map<std::string, std::uint32_t> by_rule;
  std::vector<bool> rejected(rows_.size());
  for (const geo::Finding& finding : findings_) {
    ++by_rule[geo::RuleName(finding.rule)];
    if (finding.severity != geo::Severity::kError) continue;
    rejected[finding.subject] = true;
    if (finding.other != geo::kNoOther) rejected[finding.other] = true;
  }
  v1::Import counts;
  counts.set_state(v1::IMPORT_STATE_DONE);
  counts.set_read(static_cast<std::uint32_t>(rows_.size()));
  counts.set_checked(counts.read());
  counts.set_rejected(
      static_cast<std::uint32_t>(std::count(rejected.begin(), rejected.end(), true)));
  counts.set_accepted(counts.read() - counts.rejected());
  for (const auto& [rule, count] : by_rule) {
    v1::RuleCount& entry = *counts.add_findings();
    entry.set_rule(rule);
    entry.set_count(count);
  }
  for (const std::string_view rule : kRulesNotRun) counts.add_rules_not_run(std::string(rule));
  return counts;
}

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
  if (rows_.size() + static_cast<std::size_t>(message.rows_size()) > limits_.rows_max) {
    return {Refuse(
        Reason::VALUE_OUT_OF_RANGE, "rows",
        {fmt::format("rows: more than {} rows came; check the layer in parts", limits_.rows_max),
         fmt::format("rows：超过 {} 行；请分批检查", limits_.rows_max)})};
  }
  RefusalList refusals;
  for (int i = 0; i < message.rows_size(); ++i) {
    auto row = common::CheckRow(message.rows(i), {*kind_, county_, codes_allocated_},
                                fmt::format("rows[{}]", i));
    if (row.ok()) {
      rows_.push_back(std::move(*row));
    } else {
      refusals.insert(refusals.end(), row.refusals().begin(), row.refusals().end());
    }
  }
  return refusals;
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
  if (!verdict.ok()) {
    return Refuse(
        Reason::INVARIANT_BROKEN, "",
        {fmt::format("the check itself failed: {}; report this", Text(verdict.status().message())),
         "检查程序出错；请报告"});
  }
  std::vector<geo::Finding> findings = std::move(verdict->findings);
  for (const CheckedRow& row : rows_) {
    if (!row.boundary) findings.insert(findings.end(), row.findings.begin(), row.findings.end());
  }
  std::sort(findings.begin(), findings.end(), geo::FindingBefore);
  auto report = std::make_shared<Report>(std::move(rows_), std::move(findings));
  return common::PageSource<v1::CheckLayerResponse>(
      [report](v1::CheckLayerResponse& page) { return report->NextPage(page); });
}

}  // namespace landbook::boundary
