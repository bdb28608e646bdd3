// Circulation of contracted land: the management right that derives from a contract right, or is
// given by tender, auction or negotiation (RLCL 36-53).
#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

bool IsCirculation(const Facts& facts) {
  return facts.is(Act::kGrantRight) && facts.grant().basis() == v1::GRANT_BASIS_CIRCULATION;
}

bool IsCirculationOfContract(const Facts& facts) {
  return IsCirculation(facts) && IsManagementRight(*facts.type);
}

// --- C-07: agricultural use stays.

void AskUse(const Facts& facts, Answer* answer) {
  if (!IsCirculationOfContract(facts)) return;
  const std::string& use = facts.grant().circulation().land_use();
  if (IsAgricultural(use)) return;
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "circulation.land_use",
      {fmt::format(
           "The agreed use \"{}\" is no agricultural class of GB/T 21010-2017. Contracted land "
           "keeps its agricultural use; state it.",
           use),
       fmt::format(
           "约定用途“{}”不是 GB/T 21010-2017 的农用地类。承包地不得改变农业用途，请填写农业用途。",
           use)});
}

// --- C-08: what derives from a right ends within it.

// The right that bounds the term, and the term that the act sets.
struct Bound {
  v1::Right parent;
  TermSpan term;
};

std::optional<Bound> BoundBy(std::uint64_t parent, const v1::Term& term, const State& state) {
  auto right = Find<v1::Right>(state, parent);
  const auto span = ReadTerm(term);
  if (!right || !span) return std::nullopt;
  return Bound{*std::move(right), *span};
}

std::vector<Bound> BoundsOf(const Facts& facts) {
  std::vector<Bound> bounds;
  const auto add = [&](std::uint64_t parent, const v1::Term& term) {
    if (auto bound = BoundBy(parent, term, facts.state())) bounds.push_back(*std::move(bound));
  };
  if (facts.is(Act::kGrantRight)) {
    if (facts.parent) add(facts.parent->number, facts.grant().term());
  } else if (facts.is(Act::kEnforceMortgage)) {
    // Realised over the management part: from each contract right one derives.
    for (const RightFacts& right : facts.rights) {
      add(right.number, facts.act().enforce_mortgage().term());
    }
  } else if (facts.varied() != nullptr) {
    add(facts.right().right.parent(), facts.varied()->term());
  }
  return bounds;
}

void RefusePastParent(const TermSpan& term, const TermSpan& limit, Answer* answer) {
  const Sentence said = SayTerm(term);
  const Sentence within = SayTerm(limit);
  answer->Refuse(Reason::TERM_PAST_PARENT, "term",
                 {fmt::format("The term {} does not lie within {}, the term of the right that it "
                              "derives from. Keep it within that term.",
                              said.english, within.english),
                  fmt::format("期限{}超出其所派生的权利的期限（{}），请限于该期限之内。",
                              said.chinese, within.chinese)});
}

// A term made shorter still holds what derives from the right.
void AskDerivedRights(const Facts& facts, Answer* answer) {
  const auto limit = ReadTerm(facts.varied()->term());
  if (!limit) return;
  for (const auto& derived :
       StandingRecords<v1::Right>(facts.state(), Link::kRightsOfParent, facts.right().number)) {
    const auto term = ReadTerm(derived.record.term());
    if (term && !LiesWithin(*term, *limit)) RefusePastParent(*term, *limit, answer);
  }
}

void AskTermWithin(const Facts& facts, Answer* answer) {
  if (facts.varied() != nullptr) AskDerivedRights(facts, answer);
  for (const Bound& bound : BoundsOf(facts)) {
    const auto limit = bound.parent.has_term() ? ReadTerm(bound.parent.term()) : std::nullopt;
    if (limit && !LiesWithin(bound.term, *limit)) RefusePastParent(bound.term, *limit, answer);
  }
}

// --- C-10, C-11: members come first, and lose that only after the period of a notice.

bool AllOfCollective(const Facts& facts) {
  return std::all_of(facts.holders.begin(), facts.holders.end(), [&](const NewHolder& holder) {
    return IsHouseholdOfLand(holder.party.record, *facts.plot(), facts.state()) ||
           IsCollectiveOfLand(holder.party.record, *facts.plot());
  });
}

bool HasNotice(const v1::Circulation& terms) {
  return common::ParseCivilDate(terms.priority_notice_date()).has_value();
}

void AskPriority(const Facts& facts, Answer* answer) {
  if (!IsCirculationOfContract(facts) || AllOfCollective(facts)) return;
  const v1::Circulation& terms = facts.grant().circulation();
  if (terms.priority_claimed()) {
    return answer->Refuse(
        Reason::LAW_WARNS, "circulation.priority_claimed",
        {"A member of the collective claimed priority on equal terms and was passed "
         "over. An authorised officer decides.",
         "有本集体成员在同等条件下主张优先权而未获准，须由有权人员决定。"});
  }
  if (HasNotice(terms)) return;
  answer->Refuse(
      Reason::LAW_WARNS, "circulation.priority_notice_date",
      {"Members of the collective come first on equal terms, and no written notice to them is "
       "stated. State its day, or an authorised officer decides.",
       "同等条件下本集体成员享有优先权，未填写书面公示日期。请填写，或者由有权人员决定。"});
}

void AskPriorityPeriod(const Facts& facts, Answer* answer) {
  if (!IsCirculationOfContract(facts) || AllOfCollective(facts)) return;
  const v1::Circulation& terms = facts.grant().circulation();
  if (!HasNotice(terms)) return;  // C-10
  const auto until = common::ParseCivilDate(terms.priority_until_date());
  if (!until || *until < *common::ParseCivilDate(terms.priority_notice_date())) {
    return answer->Refuse(
        Reason::PERIOD_RUNNING, "circulation.priority_until_date",
        {"The notice sets no last day for claiming priority, or one before its own day. "
         "State it.",
         "公示未写明主张优先权的截止日，或者早于公示日。请填写。"});
  }
  if (*until < facts.today()) return;
  const CivilDate first = common::AddDays(*until, 1);
  answer->RefuseUntil(
      first, Reason::PERIOD_RUNNING, "circulation.priority_until_date",
      {fmt::format("Members may claim priority until {}; the right can be entered from "
                   "{} on.",
                   terms.priority_until_date(), common::FormatCivilDate(first)),
       fmt::format("成员主张优先权的期限至 {}，自 {} 起方可登记。", terms.priority_until_date(),
                   common::FormatCivilDate(first))});
}

// --- C-13: registered from five years on.

void AskLeastTerm(const Facts& facts, Answer* answer) {
  const bool grants = facts.is(Act::kGrantRight);
  if (!grants && facts.varied() == nullptr) return;
  const v1::RightType& type = facts.right_type();
  const bool derived = grants ? facts.parent.has_value() : facts.right().right.parent() != 0;
  if (!derived || type.years_min() == 0) return;
  const auto term = ReadTerm(grants ? facts.grant().term() : facts.varied()->term());
  const auto years = static_cast<int>(std::min(type.years_min(), 9999U));
  if (!term || HasAtLeastYears(*term, years)) return;
  const Sentence said = SayTerm(*term);
  answer->Refuse(Reason::TERM_TOO_SHORT, "term",
                 {fmt::format("The term {} is shorter than the {} years from which such a right is "
                              "registered. File it instead.",
                              said.english, years),
                  fmt::format("期限{}不足 {} 年，不能登记；可以备案。", said.chinese, years)},
                 type.source().document());
}

// --- C-15: before its time it ends by agreement or by judgment only.

// The contractors agree when they consent, and when they give the contract right itself up in the
// same commit.
bool GivesUp(std::uint64_t right, const Question& question) {
  const auto& acts = question.commit->acts();
  return std::any_of(acts.begin(), acts.end(), [&](const v1::Act& act) {
    return act.has_withdraw_right() &&
           question.state->Resolve(act.withdraw_right().right(), v1::RECORD_KIND_RIGHT) == right;
  });
}

void RequireAgreement(const v1::Right& right, const Question& question, Answer* answer) {
  const auto consenting = GiversOf(question, v1::EVIDENCE_KIND_CONSENT);
  for (const std::uint64_t party : HoldersOf(right)) {
    if (consenting.contains(party)) continue;
    answer->Refuse(
        Reason::CONSENT_MISSING, "evidence",
        {fmt::format("The circulation ends by an agreement, and party {} has not consented in "
                     "writing. Bring the agreement, given by both sides.",
                     party),
         fmt::format("提前终止流转须双方协议，缺少第 {} 号主体的书面同意。请提交双方的协议。",
                     party)});
  }
}

void AskAgreement(const Facts& facts, Answer* answer) {
  const v1::Right& right = facts.right().right;
  RequireAgreement(right, facts.asked, answer);
  const auto parent = Find<v1::Right>(facts.state(), right.parent());
  if (!parent || GivesUp(right.parent(), facts.asked)) return;
  RequireAgreement(*parent, facts.asked, answer);
}

void AskEndOfCirculation(const Facts& facts, Answer* answer) {
  const v1::RightType& type = facts.right_type();
  if (!IsManagementRight(type) && !IsOperation(type)) return;
  if (IsExpired(facts.right().right, facts.today())) return;
  switch (facts.act().extinguish_right().cause()) {
    case v1::EXTINGUISH_CAUSE_AGREEMENT:
      return AskAgreement(facts, answer);
    case v1::EXTINGUISH_CAUSE_JUDGMENT:
    case v1::EXTINGUISH_CAUSE_ENFORCEMENT:
      return RequireEvidence(facts.asked, {v1::EVIDENCE_KIND_ORDER},
                             {"the judgment", "生效裁判文书"}, answer);
    case v1::EXTINGUISH_CAUSE_LOSS:
    case v1::EXTINGUISH_CAUSE_EXPROPRIATION:
      return RequireEvidence(facts.asked,
                             {v1::EVIDENCE_KIND_OTHER, v1::EVIDENCE_KIND_ORDER,
                              v1::EVIDENCE_KIND_PERMIT, v1::EVIDENCE_KIND_SURVEY},
                             {"what proves the loss or the expropriation", "灭失或者征收的证明"},
                             answer);
    default:
      return answer->Refuse(
          Reason::GROUND_NOT_STATUTORY, "cause",
          {"The right has not run out. Before its time it ends by an agreement or by a "
           "judgment; state which.",
           "该权利尚未届满，提前终止须有双方协议或者生效裁判，请写明。"});
  }
}

// --- C-17: business capital is reviewed first.

void AskReview(const Facts& facts, Answer* answer) {
  if (!IsCirculationOfContract(facts)) return;
  if (!facts.grant().circulation().business_capital()) return;
  if (AuthoritiesThatGave(facts.asked, v1::EVIDENCE_KIND_QUALIFICATION_REVIEW) > 0) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"Business capital takes contracted land after the county's review of qualification and "
       "project only. Bring the review, given by the authority.",
       "工商企业等社会资本流转土地经营权，须经县级主管部门资格审查、项目审核。请提交审核意见，"
       "并写明出具机关。"});
}

// --- C-29: permanent basic farmland keeps its use.

// The use that the act puts the plot to; empty when it says none.
std::string NewUse(const Facts& facts) {
  return facts.is(Act::kAmendPlot) ? facts.act().amend_plot().land_use()
                                   : facts.grant().circulation().land_use();
}

void AskBasicFarmland(const Facts& facts, Answer* answer) {
  const std::string use = NewUse(facts);
  if (use.empty() || use.starts_with("01") || !IsBasicFarmland(*facts.plot())) return;
  const bool amends = facts.is(Act::kAmendPlot);
  answer->Refuse(
      Reason::LAW_WARNS, amends ? "land_use" : "circulation.land_use",
      {fmt::format(
           "Plot {} is permanent basic farmland, and class {} is no cropland. An authorised "
           "officer decides.",
           facts.plot()->code(), use),
       fmt::format("宗地 {} 为永久基本农田，拟用途 {} 不是耕地，须由有权人员决定。",
                   facts.plot()->code(), use)});
}

// --- C-31: a manner that the packs permit.

void AskManner(const Facts& facts, Answer* answer) {
  if (!IsCirculationOfContract(facts)) return;
  const v1::CirculationManner manner = facts.grant().circulation().manner();
  const auto rule =
      facts.pack().MannerRuleFor(facts.type->code(), manner, ScopeAt(*facts.plot(), facts.asked));
  if (rule && rule->permitted()) return;
  answer->Refuse(Reason::GROUND_NOT_STATUTORY, "circulation.manner",
                 {"No policy pack in force permits this manner of circulation, or none is stated.",
                  "现行政策包未准许以该方式流转，或者未写明流转方式。"});
}

// --- C-32: a whole village circulates with every household's consent.

void AskEveryHousehold(const Facts& facts, Answer* answer) {
  const v1::Case* the_case = facts.asked.the_case;
  if (the_case == nullptr || the_case->kind() != "village-circulation" || !facts.parent) return;
  const auto consenting = GiversOf(facts.asked, v1::EVIDENCE_KIND_CONSENT);
  for (const std::uint64_t holder : HoldersOf(facts.parent->right)) {
    if (consenting.contains(holder)) continue;
    answer->Refuse(
        Reason::CONSENT_MISSING, "evidence",
        {fmt::format("The village circulates as a whole, and household {} has not consented. "
                     "Bring its written consent.",
                     holder),
         fmt::format("整村流转须每户同意，缺少第 {} 号农户的书面同意。", holder)});
  }
}

constexpr std::array kGrant = {Act::kGrantRight};
constexpr std::array kDerivedTerm = {Act::kGrantRight, Act::kVaryRight, Act::kCorrect,
                                     Act::kEnforceMortgage};
constexpr std::array kTerm = {Act::kGrantRight, Act::kVaryRight, Act::kCorrect};
constexpr std::array kEnd = {Act::kExtinguishRight};
constexpr std::array kUses = {Act::kGrantRight, Act::kAmendPlot};

constexpr Rule kRules[] = {
    {"C-05",
     "RLCL 36; SPC-RL 14",
     "流转土地经营权向发包方备案；未备案不影响合同效力",
     "A circulation is filed with the issuer; lack of it does not void the contract",
     {},
     nullptr,
     nullptr,
     true},
    {"C-07", "RLCL 38(2); CC 334", "不得改变农业用途", "Agricultural use stays", kGrant, &AskUse},
    {"C-08", "RLCL 38(3)", "流转期限不超过承包期的剩余期限",
     "A circulation ends within the remaining term of the contract", kDerivedTerm, &AskTermWithin,
     nullptr, false, CarriedOver::kRefused},
    {"C-10", "RLCL 38(5)", "同等条件下本集体成员优先", "Members come first on equal terms", kGrant,
     &AskPriority, nullptr, true},
    {"C-11", "SPC-RL 11", "公示的合理期间届满方视为放弃优先权",
     "Priority is lost only after the period of a public notice", kGrant, &AskPriorityPeriod},
    {"C-13", "RLCL 41; CC 341", "流转期限五年以上的土地经营权方可登记",
     "A management right is registered from five years on", kTerm, &AskLeastTerm, nullptr, false,
     CarriedOver::kKept},
    {"C-14", "RLCL 46", "再流转须承包方书面同意并备案",
     "Passing it on needs the contractor's written consent and a filing"},
    {"C-15", "RLCL 42, 64", "提前终止流转须双方协议或者依法解除",
     "A circulation ends before its time by agreement or by judgment only", kEnd,
     &AskEndOfCirculation},
    {"C-17", "RLCL 45", "工商企业等社会资本流转须经资格审查、项目审核",
     "Business capital is reviewed first", kGrant, &AskReview},
    {"C-29", "LAL 33-35", "永久基本农田不得擅自改变用途", "Permanent basic farmland keeps its use",
     kUses, &AskBasicFarmland, nullptr, true},
    {"C-31", "RLCL 36; pack manner_rules", "只能以政策包准许的方式流转",
     "Circulation is in a manner that the pack permits", kGrant, &AskManner},
    {"C-32", "RLCL 38(1); ZB 2(2)4(2)", "整村流转须每户同意",
     "A whole village circulates with every household's consent", kGrant, &AskEveryHousehold},
};

}  // namespace

std::span<const Rule> CirculationRules() { return kRules; }

}  // namespace landbook::law
