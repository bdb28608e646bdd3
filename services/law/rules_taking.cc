// Taking back, adjusting and putting right (收回、调整、纠正) on grounds that statutes name, and
// the extension of contracts (LAL 66, LALR 36, RLCL 21, 28).
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/resolutions.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

const v1::TakeBackRight& Taking(const Facts& facts) { return facts.act().take_back_right(); }

bool NamesMeasure(const v1::TakingRule& rule, v1::TakingMeasure measure) {
  const auto& measures = rule.measures();
  return std::find(measures.begin(), measures.end(), WordOf(measure)) != measures.end();
}

std::vector<v1::TakingRule> RulesOf(const Facts& facts) {
  auto rules = facts.pack().TakingRulesFor(Taking(facts).ground(), facts.right_type().code(),
                                           ScopeAt(*facts.plot(), facts.asked));
  std::erase_if(rules,
                [&](const auto& rule) { return !NamesMeasure(rule, Taking(facts).measure()); });
  return rules;
}

// The rule with a statute; nullopt when only documents name the ground, or none does.
std::optional<v1::TakingRule> StatutoryRule(const Facts& facts) {
  const auto rules = RulesOf(facts);
  if (rules.empty() || rules.front().statute().empty()) return std::nullopt;
  return rules.front();
}

// --- T-01: a ground that a statute names.

void RefuseGround(const Facts& facts, Answer* answer) {
  const auto rules = RulesOf(facts);
  if (rules.empty()) {
    return answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "ground",
        {fmt::format("No policy pack in force names the ground \"{}\" for this measure and "
                     "right.",
                     Taking(facts).ground()),
         fmt::format("现行政策包没有将“{}”列为对该权利采取该措施的事由。",
                     Taking(facts).ground())});
  }
  const v1::TakingRule& rule = rules.front();
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "ground",
      {fmt::format(
           "\"{}\" is named by {} and by no statute. A document alone takes nobody's right; "
           "the ground has to be one of the law's.",
           rule.ground(), rule.source().document()),
       fmt::format("“{}”仅见于 {}，没有法律规定为事由。仅凭文件不得收回、调整或者限制权利。",
                   rule.title_zh(), rule.source().document())});
}

// What is adjusted gets other land in its place, in the same commit, for the same holders.
void AskReplacement(const Facts& facts, Answer* answer) {
  if (Taking(facts).measure() != v1::TAKING_MEASURE_ADJUST) return;
  const auto other = Taking(facts).has_replaced_by()
                         ? FindReferred<v1::Right>(facts.state(), Taking(facts).replaced_by())
                         : std::nullopt;
  const bool alike =
      other && Stands(other->record) && HoldersOf(other->record) == HoldersOf(facts.right().right);
  if (alike) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "replaced_by",
      {"An adjustment gives other land in place, to the same holders. Grant it in the same commit, "
       "and name it.",
       "调整须在同一次提交中向同一权利人提供替代的土地，请填写 replaced_by。"});
}

// Land is run together with others' by its holders' consent only.
void AskRunTogether(const Facts& facts, Answer* answer) {
  if (Taking(facts).measure() != v1::TAKING_MEASURE_RUN_TOGETHER) return;
  const auto consenting = GiversOf(facts.asked, v1::EVIDENCE_KIND_CONSENT);
  const auto holders = HoldersOf(facts.right().right);
  if (std::includes(consenting.begin(), consenting.end(), holders.begin(), holders.end())) return;
  answer->Refuse(Reason::CONSENT_MISSING, "evidence",
                 {"Land is run together by its holders' written consent only. Bring it.",
                  "集中统一经营须经权利人书面同意，请提交。"});
}

void AskGround(const Facts& facts, Answer* answer) {
  const bool statutory = StatutoryRule(facts).has_value();
  if (statutory) {
    AskReplacement(facts, answer);
    AskRunTogether(facts, answer);
  }
  if (statutory || IsContractRight(facts.right_type()) || IsOwnership(facts.right_type())) return;
  RefuseGround(facts, answer);
}

// --- T-02: the approving government approves.

void AskApproval(const Facts& facts, Answer* answer) {
  const auto rule = StatutoryRule(facts);
  if (!rule || rule->approval() == v1::CONSENT_PARTY_UNSPECIFIED) return;
  const auto organ = FindReferred<v1::Party>(facts.state(), Taking(facts).approved_by());
  if (!organ || !organ->record.has_authority()) {
    return answer->Refuse(
        Reason::EVIDENCE_MISSING, "approved_by",
        {"Nothing is taken back or put right without the approval of the government that "
         "approved the use. Name the authority.",
         "收回、调整、纠正须经原批准用地的人民政府批准，请填写批准机关。"},
        rule->statute());
  }
  if (GivenBy(facts.asked, v1::EVIDENCE_KIND_PERMIT, organ->number)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"The approval is named but not brought. Bring it as evidence of kind PERMIT, given by that "
       "authority.",
       "未提交批准机关的批准文件，请提交。"},
      rule->statute());
}

// --- T-03: the holder is heard.

void AskHearing(const Facts& facts, Answer* answer) {
  const auto rule = StatutoryRule(facts);
  if (!rule || !rule->hearing()) return;
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_HEARING},
                  {"the record of the hearing of the holder", "听取权利人意见的笔录"}, answer);
}

// --- T-04: compensation is settled where due.

void AskCompensation(const Facts& facts, Answer* answer) {
  const auto rule = StatutoryRule(facts);
  if (!rule || !rule->compensation()) return;
  if (Taking(facts).compensation_fen() <= 0) {
    answer->Refuse(
        Reason::COMPENSATION_UNSETTLED, "compensation_fen",
        {"The statute asks for compensation, and none is stated.", "依法应予补偿，未填写补偿额。"},
        rule->statute());
  }
  if (Taking(facts).compensation_settled()) return;
  answer->Refuse(Reason::COMPENSATION_UNSETTLED, "compensation_settled",
                 {"The compensation is not settled. The right ends only once it is.",
                  "补偿尚未付清，付清之后方可登记。"},
                 rule->statute());
}

// --- E-01, E-03: by how many years a contract is extended, and to how many it is made up.

constexpr int kMonthsOfYear = 12;

int Years(std::uint32_t years) { return static_cast<int>(std::min(years, 9999U)); }

std::optional<v1::ExtensionRule> ExtensionOf(const Facts& facts) {
  return facts.pack().ExtensionRuleFor(facts.right_type().code(), facts.plot()->land_use(),
                                       ScopeAt(*facts.plot(), facts.asked));
}

// An old term, the new one, and the years that law leaves; nullopt when one of them is not there.
struct Extension {
  TermSpan before;
  TermSpan after;
  v1::ExtensionRule rule;
};

std::optional<Extension> ReadExtension(const Facts& facts) {
  const auto before = ReadTerm(facts.right().right.term());
  const auto after = ReadTerm(facts.act().vary_right().term());
  const auto rule = ExtensionOf(facts);
  if (!before || !before->end || !after || !after->end || !rule) return std::nullopt;
  return Extension{*before, *after, *rule};
}

void RefuseTerm(const Extension& extension, CivilDate first, CivilDate last, Answer* answer) {
  answer->Refuse(
      Reason::TERM_TOO_LONG, "term",
      {fmt::format("The term has to begin on {} as it does, and to end between {} and {}.",
                   common::FormatCivilDate(extension.before.start), common::FormatCivilDate(first),
                   common::FormatCivilDate(last)),
       fmt::format("期限应仍自 {} 起，至 {} 与 {} 之间届满。",
                   common::FormatCivilDate(extension.before.start), common::FormatCivilDate(first),
                   common::FormatCivilDate(last))},
      extension.rule.source().document());
}

void RefuseUnknownTerm(Answer* answer) {
  answer->Refuse(
      Reason::TERM_REQUIRED, "term",
      {"The old or the new term has no last day, or no pack says by how many years such a right is "
       "extended.",
       "原期限或者新期限没有终止日，或者政策包未规定该项权利的延长年限。"});
}

bool Varies(const Facts& facts, v1::VaryCause cause) {
  return facts.act().vary_right().cause() == cause;
}

// A longer term of a contract right comes by extension, by the statutory term, or not at all.
bool GrowsOtherwise(const Facts& facts) {
  if (!IsContractRight(facts.right_type())) return false;
  const auto before = ReadTerm(facts.right().right.term());
  const auto after = ReadTerm(facts.act().vary_right().term());
  if (!before || !after || !before->end) return false;
  return !after->end || *after->end > *before->end;
}

void AskExtension(const Facts& facts, Answer* answer) {
  if (Varies(facts, v1::VARY_CAUSE_STATUTORY_TERM)) return;  // E-03
  if (!Varies(facts, v1::VARY_CAUSE_EXTENSION)) {
    if (!GrowsOtherwise(facts)) return;
    return answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, "cause",
        {"The term of a contract grows by extension on its expiry, or up to the term of the "
         "law. State which.",
         "承包期只能因期满延包或者补足法定承包期而延长，请填写变更原因。"});
  }
  const auto extension = ReadExtension(facts);
  if (!extension) return RefuseUnknownTerm(answer);
  const CivilDate old_end = *extension->before.end;
  const CivilDate first =
      common::AddMonths(old_end, kMonthsOfYear * Years(extension->rule.years_min()));
  const CivilDate last =
      common::AddMonths(old_end, kMonthsOfYear * Years(extension->rule.years_max()));
  const bool within = extension->after.start == extension->before.start &&
                      *extension->after.end >= first && *extension->after.end <= last;
  if (!within) RefuseTerm(*extension, first, last, answer);
}

void AskStatutoryTerm(const Facts& facts, Answer* answer) {
  if (!Varies(facts, v1::VARY_CAUSE_STATUTORY_TERM)) return;
  const auto extension = ReadExtension(facts);
  if (!extension) return RefuseUnknownTerm(answer);
  const int years = Years(extension->rule.years_max());
  const bool within = extension->after.start == extension->before.start &&
                      *extension->after.end >= *extension->before.end &&
                      HasAtMostYears(extension->after, years);
  if (within) return;
  RefuseTerm(*extension, *extension->before.end,
             common::AddMonths(extension->before.start, kMonthsOfYear * years), answer);
}

// --- E-02: a plan that was shown and resolved.

void AskPlan(const Facts& facts, Answer* answer) {
  if (!Varies(facts, v1::VARY_CAUSE_EXTENSION)) return;
  RequireResolution(facts.asked,
                    {.matters = {v1::RESOLUTION_MATTER_CONTRACT_PLAN}, .plot = facts.plot()},
                    {"the plan of extension", "延包方案"}, answer);
  RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_DISPLAY},
                  {"what shows the display of the plan", "延包方案的公示材料"}, answer);
}

constexpr std::array kTake = {Act::kTakeBackRight};
constexpr std::array kVary = {Act::kVaryRight};

constexpr Rule kRules[] = {
    {"E-01", "RLCL 21; LS 8", "延包期限：耕地三十年，草地、林地从其规定",
     "Extension: cropland thirty years, grass and forest by their own terms", kVary, &AskExtension},
    {"E-02", "RLCL 19", "延包须有公示过的方案和决议", "Extension needs a plan shown and resolved",
     kVary, &AskPlan},
    {"E-03", "SPC-RL 7; RLCL 21", "补足法定承包期不得超过法定期限",
     "A term made up is no longer than the law's", kVary, &AskStatutoryTerm},
    {"T-01", "LAL 66; LALR 36", "收回、调整、纠正须有法律规定的事由",
     "Taking back needs a ground that a statute names", kTake, &AskGround},
    {"T-02", "LAL 66; RLCL 28", "须经批准机关批准", "The approving government approves", kTake,
     &AskApproval},
    {"T-03", "LALR 36", "须听取权利人意见", "The holder is heard", kTake, &AskHearing},
    {"T-04", "LAL 66", "依法应补偿的先行补偿", "Compensation is settled where due", kTake,
     &AskCompensation},
};

}  // namespace

std::span<const Rule> TakingRules() { return kRules; }

}  // namespace landbook::law
