#include "services/law/pack_rules.h"

#include <algorithm>
#include <utility>

#include "services/common/civil_date.h"
#include "services/law/area.h"

namespace landbook::law {
namespace {

using common::CivilDate;
using common::ParseCivilDate;
using Packs = std::vector<v1::PolicyPack>;

const std::string& Or(const std::string& own, const std::string& pack) {
  return own.empty() ? pack : own;
}

bool Lies(std::string_view division, const google::protobuf::RepeatedPtrField<std::string>& area) {
  return area.empty() || std::any_of(area.begin(), area.end(), [&](const std::string& part) {
           return !part.empty() && division.starts_with(part);
         });
}

// True when a rule of the pack holds there and then.
bool Holds(const v1::RuleSource& source, const v1::PolicyPack& pack, const RuleScope& scope) {
  const auto from = ParseCivilDate(Or(source.from_date(), pack.from_date()));
  const auto until = ParseCivilDate(Or(source.until_date(), pack.until_date()));
  if ((from && scope.day < *from) || (until && scope.day > *until)) return false;
  return Lies(scope.division, source.divisions().empty() ? pack.divisions() : source.divisions());
}

template <class Values, class Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

// The rules of a list that hold and fit, the lowest pack's first.
template <class Rule, class List, class Fits>
std::vector<Rule> Rules(const Packs& packs, const RuleScope& scope, List list, Fits fits) {
  std::vector<Rule> rules;
  for (const v1::PolicyPack& pack : packs) {
    for (const Rule& rule : list(pack)) {
      if (fits(rule) && Holds(rule.source(), pack, scope)) rules.push_back(rule);
    }
  }
  return rules;
}

template <class Rule>
std::optional<Rule> Lowest(std::vector<Rule> rules) {
  if (rules.empty()) return std::nullopt;
  return std::move(rules.front());
}

void AddSource(const v1::RuleSource& source, v1::RuleSource* to) {
  if (to->document().find(source.document()) != std::string::npos) return;
  to->set_document(to->document() + "; " + source.document());
}

// The larger of two fractions; a zero below the line asks for nothing.
void TakeLarger(std::uint32_t numerator, std::uint32_t denominator,
                std::pair<std::uint32_t, std::uint32_t>* largest) {
  if (denominator == 0) return;
  const bool larger = largest->second == 0 || std::uint64_t{numerator} * largest->second >
                                                  std::uint64_t{largest->first} * denominator;
  if (larger) *largest = {numerator, denominator};
}

void Tighten(const v1::ResolutionRule& by, v1::ResolutionRule* rule) {
  std::pair favour(rule->favour_numerator(), rule->favour_denominator());
  TakeLarger(by.favour_numerator(), by.favour_denominator(), &favour);
  rule->set_favour_numerator(favour.first);
  rule->set_favour_denominator(favour.second);
  std::pair present(rule->present_numerator(), rule->present_denominator());
  TakeLarger(by.present_numerator(), by.present_denominator(), &present);
  rule->set_present_numerator(present.first);
  rule->set_present_denominator(present.second);
  if (by.favour_of() == v1::MAJORITY_OF_ENTITLED) rule->set_favour_of(v1::MAJORITY_OF_ENTITLED);
  rule->set_convened_days_before(std::max(rule->convened_days_before(), by.convened_days_before()));
  rule->set_plan_display_days(std::max(rule->plan_display_days(), by.plan_display_days()));
  rule->set_result_display_days(std::max(rule->result_display_days(), by.result_display_days()));
  rule->set_charter_required(rule->charter_required() || by.charter_required());
  rule->set_township_approval(rule->township_approval() || by.township_approval());
  rule->set_county_approval(rule->county_approval() || by.county_approval());
  AddSource(by.source(), rule->mutable_source());
}

bool SmallerCap(const v1::AreaCapRule& a, const v1::AreaCapRule& b) {
  return ParseAreaHundredths(a.area_max_m2()) < ParseAreaHundredths(b.area_max_m2());
}

bool NamesClass(const v1::ExtensionRule& rule, std::string_view land_class) {
  return std::any_of(rule.land_classes().begin(), rule.land_classes().end(),
                     [&](const std::string& prefix) { return land_class.starts_with(prefix); });
}

// Narrows the range of one rule by another.
void Narrow(const v1::ExtensionRule& by, v1::ExtensionRule* rule) {
  rule->set_years_min(std::max(rule->years_min(), by.years_min()));
  rule->set_years_max(std::min(rule->years_max(), by.years_max()));
}

}  // namespace

PackRules PackRules::Of(std::vector<v1::PolicyPack> chain) {
  std::reverse(chain.begin(), chain.end());
  PackRules rules;
  rules.packs_ = std::make_shared<const Packs>(std::move(chain));
  return rules;
}

PackRules PackRules::OfPolicy(const common::Policy& policy) {
  PackRules rules;
  rules.packs_ = policy.packs();
  return rules;
}

std::optional<v1::CautionRule> PackRules::CautionRuleFor(v1::CautionCause cause, v1::ActKind act,
                                                         const RuleScope& scope) const {
  return Lowest(Rules<v1::CautionRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.caution_rules(); },
      [&](const v1::CautionRule& rule) {
        return rule.cause() == cause && Contains(rule.acts(), static_cast<int>(act));
      }));
}

std::optional<v1::MortgageRule> PackRules::MortgageRuleFor(std::string_view right_type,
                                                           const RuleScope& scope) const {
  return Lowest(Rules<v1::MortgageRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.mortgage_rules(); },
      [&](const v1::MortgageRule& rule) { return rule.right_type() == right_type; }));
}

std::optional<v1::WithdrawalRule> PackRules::WithdrawalRuleFor(std::string_view right_type,
                                                               const RuleScope& scope) const {
  return Lowest(Rules<v1::WithdrawalRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.withdrawal_rules(); },
      [&](const v1::WithdrawalRule& rule) { return rule.right_type() == right_type; }));
}

std::vector<v1::ConsentRule> PackRules::ConsentRulesFor(const ConsentAsked& asked,
                                                        const RuleScope& scope) const {
  const auto rules = Rules<v1::ConsentRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.consent_rules(); },
      [&](const v1::ConsentRule& rule) {
        return rule.right_type() == asked.right_type &&
               Contains(rule.acts(), static_cast<int>(asked.act)) &&
               (rule.causes().empty() || Contains(rule.causes(), asked.cause));
      });
  std::vector<v1::ConsentRule> merged;
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {  // from the top down
    const auto same = std::find_if(merged.begin(), merged.end(), [&](const v1::ConsentRule& other) {
      return other.party() == rule->party();
    });
    if (same == merged.end()) {
      merged.push_back(*rule);
      continue;
    }
    const bool warns = same->warns() && rule->warns();
    if (rule->form() > same->form()) *same = *rule;
    same->set_warns(warns);
  }
  std::sort(merged.begin(), merged.end(),
            [](const auto& a, const auto& b) { return a.party() < b.party(); });
  return merged;
}

std::optional<v1::ResolutionRule> PackRules::ResolutionRuleFor(v1::ResolutionMatter matter,
                                                               v1::ResolutionBody body,
                                                               const RuleScope& scope) const {
  const auto rules = Rules<v1::ResolutionRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.resolution_rules(); },
      [&](const v1::ResolutionRule& rule) {
        return rule.matter() == matter && rule.body() == body;
      });
  if (rules.empty()) return std::nullopt;
  v1::ResolutionRule merged = rules.back();
  for (const v1::ResolutionRule& rule : rules) Tighten(rule, &merged);
  return merged;
}

std::optional<v1::NoticeRule> PackRules::NoticeRuleFor(std::string_view case_kind,
                                                       const RuleScope& scope) const {
  auto rules = Rules<v1::NoticeRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.notice_rules(); },
      [&](const v1::NoticeRule& rule) { return Contains(rule.case_kinds(), case_kind); });
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return a.working_days() > b.working_days();
  });
  return Lowest(std::move(rules));
}

std::optional<v1::DeadlineRule> PackRules::DeadlineRuleFor(std::string_view matter,
                                                           std::string_view case_kind,
                                                           const RuleScope& scope) const {
  std::vector<v1::DeadlineRule> of_packs;
  for (const v1::PolicyPack& pack : *packs_) {
    std::optional<v1::DeadlineRule> found;
    for (const v1::DeadlineRule& rule : pack.deadline_rules()) {
      if (rule.matter() != matter || !Holds(rule.source(), pack, scope)) continue;
      const bool names = Contains(rule.case_kinds(), case_kind);
      if (names || (!found && rule.case_kinds().empty())) found = rule;
    }
    if (found) of_packs.push_back(*found);
  }
  std::stable_sort(of_packs.begin(), of_packs.end(),
                   [](const auto& a, const auto& b) { return a.days() < b.days(); });
  return Lowest(std::move(of_packs));
}

std::optional<v1::MannerRule> PackRules::MannerRuleFor(std::string_view right_type,
                                                       v1::CirculationManner manner,
                                                       const RuleScope& scope) const {
  const auto rules = Rules<v1::MannerRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.manner_rules(); },
      [&](const v1::MannerRule& rule) {
        return rule.right_type() == right_type && rule.manner() == manner;
      });
  auto lowest = Lowest(rules);
  for (const v1::MannerRule& rule : rules) {
    const bool shorter = rule.years_max() != 0 &&
                         (lowest->years_max() == 0 || rule.years_max() < lowest->years_max());
    if (shorter) lowest->set_years_max(rule.years_max());
  }
  return lowest;
}

std::vector<v1::AreaCapRule> PackRules::AreaCapRules(std::string_view right_type,
                                                     const RuleScope& scope) const {
  const auto rules = Rules<v1::AreaCapRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.area_cap_rules(); },
      [&](const v1::AreaCapRule& rule) { return rule.right_type() == right_type; });
  std::vector<v1::AreaCapRule> smallest;
  for (const v1::AreaCapRule& rule : rules) {
    const auto same =
        std::find_if(smallest.begin(), smallest.end(), [&](const v1::AreaCapRule& other) {
          return other.ground() == rule.ground() && other.per_person() == rule.per_person();
        });
    if (same == smallest.end()) {
      smallest.push_back(rule);
    } else if (SmallerCap(rule, *same)) {
      *same = rule;
    }
  }
  return smallest;
}

std::vector<v1::TakingRule> PackRules::TakingRulesFor(std::string_view ground,
                                                      std::string_view right_type,
                                                      const RuleScope& scope) const {
  auto rules = Rules<v1::TakingRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.taking_rules(); },
      [&](const v1::TakingRule& rule) {
        return rule.ground() == ground && Contains(rule.right_types(), right_type);
      });
  std::stable_partition(rules.begin(), rules.end(),
                        [](const v1::TakingRule& rule) { return !rule.statute().empty(); });
  return rules;
}

std::optional<v1::DispositionRule> PackRules::DispositionRuleFor(std::string_view right_type,
                                                                 v1::PlotDisposition disposition,
                                                                 const RuleScope& scope) const {
  return Lowest(Rules<v1::DispositionRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.disposition_rules(); },
      [&](const v1::DispositionRule& rule) {
        return rule.right_type() == right_type && rule.disposition() == disposition;
      }));
}

std::optional<v1::ExtensionRule> PackRules::ExtensionRuleFor(std::string_view right_type,
                                                             std::string_view land_class,
                                                             const RuleScope& scope) const {
  const auto rules = Rules<v1::ExtensionRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.extension_rules(); },
      [&](const v1::ExtensionRule& rule) { return rule.right_type() == right_type; });
  std::optional<v1::ExtensionRule> named;
  std::optional<v1::ExtensionRule> cropland;
  for (const v1::ExtensionRule& rule : rules) {
    auto* merged = rule.land_classes().empty()    ? &cropland
                   : NamesClass(rule, land_class) ? &named
                                                  : nullptr;
    if (merged == nullptr) continue;
    if (*merged) {
      Narrow(rule, &**merged);
    } else {
      *merged = rule;
    }
  }
  return named ? named : cropland;
}

std::optional<v1::BuildingPermitRule> PackRules::BuildingPermitRuleFor(
    std::string_view plot_kind, const RuleScope& scope) const {
  auto rules = Rules<v1::BuildingPermitRule>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.building_permit_rules(); },
      [&](const v1::BuildingPermitRule& rule) { return Contains(rule.plot_kinds(), plot_kind); });
  // Civil dates of one form are ordered as their texts.
  std::stable_sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) {
    return a.begun_from_date() < b.begun_from_date();
  });
  return Lowest(std::move(rules));
}

std::optional<v1::CaseKind> PackRules::CaseKindNamed(std::string_view code,
                                                     const RuleScope& scope) const {
  const auto rules = Rules<v1::CaseKind>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.case_kinds(); },
      [&](const v1::CaseKind& kind) { return kind.code() == code; });
  if (rules.empty()) return std::nullopt;
  v1::CaseKind merged = rules.back();
  std::uint32_t steps = 1;
  for (const v1::CaseKind& kind : rules) {
    steps = std::max(steps, kind.review_steps());
    if (&kind == &rules.back()) continue;
    merged.mutable_documents()->MergeFrom(kind.documents());
  }
  merged.set_review_steps(steps);
  return merged;
}

std::optional<v1::OpenMatter> PackRules::OpenMatterFor(std::string_view key,
                                                       const RuleScope& scope) const {
  return Lowest(Rules<v1::OpenMatter>(
      *packs_, scope, [](const auto& pack) -> const auto& { return pack.open_matters(); },
      [&](const v1::OpenMatter& matter) { return matter.key() == key; }));
}

}  // namespace landbook::law
