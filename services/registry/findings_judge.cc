#include "services/registry/findings_judge.h"

#include <set>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "geo/geos_bridge.h"

namespace landbook::registry {
namespace {

constexpr std::string_view kSource = "docs/boundary-rules.md";

using RuleOfAct = std::pair<std::string, std::uint32_t>;

std::set<RuleOfAct> OverriddenRules(const v1::Commit& commit) {
  std::set<RuleOfAct> rules;
  for (const auto& override_ : commit.overrides()) rules.emplace(override_.rule(), override_.act());
  return rules;
}

bool IsOfControlLayer(const v1::Finding& finding) { return finding.rule().starts_with("B3"); }

v1::Refusal RefusalOf(const BoundaryFinding& found) {
  const v1::Finding& finding = found.finding;
  Reason reason = Reason::BOUNDARY_FAULTY;
  if (finding.severity() == v1::SEVERITY_WARNING) reason = Reason::BOUNDARY_WARNING;
  if (IsOfControlLayer(finding) && finding.severity() == v1::SEVERITY_ERROR) {
    reason = Reason::PLOT_AGAINST_CONTROL_LAYER;
  }
  if (finding.rule() == "B201" || finding.rule() == "B202")
    reason = Reason::PLOT_OVERLAPS_NEIGHBOUR;
  return common::Refuse(reason, fmt::format("commit.acts[{}]", found.act),
                        {fmt::format("{} {}", finding.rule(), finding.message_en()),
                         fmt::format("{} {}", finding.rule(), finding.message_zh())},
                        fmt::format("{} {}", kSource, finding.rule()));
}

}  // namespace

void JudgeFindings(const ProposedCommit& proposed, ActContext* context) {
  std::set<RuleOfAct> overrides = OverriddenRules(proposed.commit);
  std::set<RuleOfAct> unused = overrides;
  for (const BoundaryFinding& found : proposed.verdict.findings) {
    const RuleOfAct rule{found.finding.rule(), found.act};
    const bool warning = found.finding.severity() == v1::SEVERITY_WARNING;
    // What stood before the layer was drawn is carried over with what is to be said of it.
    const bool carried_over = IsOfControlLayer(found.finding) &&
                              proposed.commit.acts(static_cast<int>(found.act)).has_carry_over();
    const bool accepted =
        carried_over || (warning && (proposed.from_import || overrides.contains(rule)));
    unused.erase(rule);
    if (!accepted) {
      context->refusals().push_back(RefusalOf(found));
    } else if (found.act < context->records().size()) {
      *context->records()[found.act].add_findings() = found.finding;
    }
  }
  for (std::uint32_t act = 0; act < context->records().size(); ++act) {
    // Acts keep the warnings of their own that were overridden (act_law.h).
    for (const v1::Finding& kept : context->records()[act].findings()) {
      unused.erase({kept.rule(), act});
    }
  }
  for (const auto& [rule, act] : unused) {
    context->refusals().push_back(common::Refuse(
        Reason::OVERRIDE_WITHOUT_WARNING, "commit.overrides",
        {fmt::format(
             "The commit overrides {} of act {}, but the check gives no such warning. Leave "
             "the override out.",
             rule, act),
         fmt::format("本次提交声明接受第 {} 项行为的 {} 警告，但检查并无此警告。请删去该声明。",
                     act, rule)},
        std::string(kSource)));
  }
}

v1::Verdict VerdictForHeader(const CommitVerdict& verdict, const common::Policy& policy,
                             const v1::Commit& commit) {
  v1::Verdict kept;
  for (const auto& [key, value] : policy.ToleranceValues()) {
    v1::UsedTolerance& tolerance = *kept.add_tolerances();
    tolerance.set_key(key);
    tolerance.set_value(value);
  }
  kept.add_libraries(fmt::format("GEOS {}", geo::GeosVersion()));
  *kept.mutable_overrides() = commit.overrides();
  kept.set_notes(verdict.notes);
  for (const std::uint64_t layer : verdict.control_layers) kept.add_control_layers(layer);
  return kept;
}

}  // namespace landbook::registry
