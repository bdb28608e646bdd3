#include "tools/landbook/findings_ledger.h"

#include <algorithm>

#include "tools/landbook/rule_advice.h"

namespace landbook::tools {
namespace {

ConcernedKey KeyOf(std::int64_t row, const std::string& code) {
  return row >= 0 ? ConcernedKey{row, {}} : ConcernedKey{-1, code};
}

bool IsOverlap(const std::string& rule) { return rule == "B201" || rule == "B202"; }

// Rules about two plots; in others the other code may be of something else.
bool IsOfPairs(const std::string& rule) { return rule.starts_with("B2") || rule == "B402"; }

bool Worse(const v1::Finding& a, const v1::Finding& b) {
  if (a.severity() != b.severity()) return a.severity() > b.severity();
  if (AdviceOn(a.rule()).smaller_is_worse) return a.measured_millionths() < b.measured_millionths();
  return a.measured_millionths() > b.measured_millionths();
}

}  // namespace

ConcernedKey SubjectOf(const v1::Finding& finding) { return KeyOf(finding.row(), finding.plot()); }

ConcernedKey OtherOf(const v1::Finding& finding) {
  if (!IsOfPairs(finding.rule())) return {};
  return KeyOf(finding.other_row(), finding.other_plot());
}

bool NamesPlot(const ConcernedKey& key) { return key.row >= 0 || !key.code.empty(); }

std::string SeverityWord(v1::Severity severity) {
  switch (severity) {
    case v1::SEVERITY_NOTE:
      return "note";
    case v1::SEVERITY_WARNING:
      return "warning";
    case v1::SEVERITY_ERROR:
      return "error";
    default:
      return "";
  }
}

void FindingsLedger::Add(const v1::Finding& finding) {
  RuleTally& tally = rules_[finding.rule()];
  ++tally.count;
  tally.severity = std::max(tally.severity, finding.severity());
  NoteWorst(finding);
  const ConcernedKey plot = SubjectOf(finding);
  const ConcernedKey other = OtherOf(finding);
  Note(plot, finding.plot(), finding);
  if (other != plot) Note(other, finding.other_plot(), finding);
  if (!IsOverlap(finding.rule()) || !NamesPlot(plot) || !NamesPlot(other)) return;
  if (!pairs_.insert(std::minmax(plot, other)).second) return;
  overlaps_.push_back(
      {finding.rule(), finding.severity(), plot, other, finding.plot(), finding.other_plot()});
}

void FindingsLedger::Note(const ConcernedKey& key, const std::string& code,
                          const v1::Finding& finding) {
  // A note asks for nothing, and a whole delivery may have one each.
  if (!NamesPlot(key) || finding.severity() == v1::SEVERITY_NOTE) return;
  ConcernedPlot& plot = plots_[key];
  if (plot.code.empty()) plot.code = code;
  plot.severity = std::max(plot.severity, finding.severity());
  plot.rules.insert(finding.rule());
  ++plot.findings;
}

void FindingsLedger::NoteWorst(const v1::Finding& finding) {
  std::vector<v1::Finding>& worst = rules_[finding.rule()].worst;
  // What two plots say of each other is one case.
  const bool mirrored = std::any_of(worst.begin(), worst.end(), [&](const v1::Finding& other) {
    return NamesPlot(OtherOf(finding)) && SubjectOf(other) == OtherOf(finding) &&
           OtherOf(other) == SubjectOf(finding);
  });
  if (mirrored) return;
  const auto place = std::upper_bound(worst.begin(), worst.end(), finding, Worse);
  if (worst.size() == kWorstOfRule && place == worst.end()) return;
  worst.insert(place, finding);
  if (worst.size() > kWorstOfRule) worst.pop_back();
}

std::set<ConcernedKey> FindingsLedger::PlotsOfWorst() const {
  std::set<ConcernedKey> keys;
  for (const auto& [rule, tally] : rules_) {
    for (const v1::Finding& finding : tally.worst) {
      for (const ConcernedKey& key : {SubjectOf(finding), OtherOf(finding)}) {
        if (NamesPlot(key)) keys.insert(key);
      }
    }
  }
  return keys;
}

}  // namespace landbook::tools
