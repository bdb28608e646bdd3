// Voluntary withdrawal: the plain return that every household has, the paid route that packs open,
// and what becomes of the plot (RLCL 27-30, 52; LAL 62, LALR 35, 36).
#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "fmt/format.h"
#include "services/law/evidence.h"
#include "services/law/rule.h"
#include "services/law/term.h"

namespace landbook::law {
namespace {

using Act = v1::Act;

const v1::WithdrawRight& Withdrawal(const Facts& facts) { return facts.act().withdraw_right(); }

bool IsPaid(const Facts& facts) { return Withdrawal(facts).route() == v1::WITHDRAWAL_ROUTE_PAID; }

std::optional<v1::WithdrawalRule> RuleOf(const Facts& facts) {
  return facts.pack().WithdrawalRuleFor(facts.right_type().code(),
                                        ScopeAt(*facts.plot(), facts.asked));
}

bool HolderGave(v1::EvidenceKind kind, const Facts& facts) {
  const auto holders = HoldersOf(facts.right().right);
  return std::any_of(holders.begin(), holders.end(),
                     [&](std::uint64_t holder) { return GivenBy(facts.asked, kind, holder); });
}

// --- W-01: half a year's written notice.

void AskNotice(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  if (!rule || rule->notice_months() == 0) return;
  const auto notice = common::ParseCivilDate(Withdrawal(facts).notice_date());
  if (!notice) {
    return answer->Refuse(
        Reason::NOTICE_MISSING, "notice_date",
        {fmt::format("The day of the written notice is missing; it has to lie {} months before.",
                     rule->notice_months()),
         fmt::format("缺少书面通知日期；须提前 {} 个月书面通知。", rule->notice_months())},
        rule->source().document());
  }
  constexpr std::uint32_t kMonthsMax = 1200;
  const int months = static_cast<int>(std::min(rule->notice_months(), kMonthsMax));
  const CivilDate first = common::AddMonths(*notice, months);
  if (first <= facts.today()) return;
  const std::string day = common::FormatCivilDate(first);
  answer->RefuseUntil(
      first, Reason::NOTICE_TOO_LATE, "notice_date",
      {fmt::format("Notice was given on {}; with {} months of notice the right can be "
                   "withdrawn from {} on.",
                   Withdrawal(facts).notice_date(), months, day),
       fmt::format("书面通知日为 {}，须提前 {} 个月，自 {} 起方可退出。",
                   Withdrawal(facts).notice_date(), months, day)});
}

// --- W-02: without the written notice it is no voluntary return.

void AskLetter(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  if (!rule || rule->notice_months() == 0 || HolderGave(v1::EVIDENCE_KIND_NOTICE, facts)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"The household's written notice is missing, and without it this is no voluntary return. "
       "Bring it as evidence of kind NOTICE, given by the household.",
       "缺少农户的书面通知，不属于自愿交回。请提交由该户出具的书面通知。"});
}

// --- W-03, W-21: no condition of settling in town, nor of another right.

std::string TiedField(int index) { return fmt::format("tied_to[{}]", index); }

void AskSettling(const Facts& facts, Answer* answer) {
  for (int i = 0; i < Withdrawal(facts).tied_to_size(); ++i) {
    if (Withdrawal(facts).tied_to(i) != v1::TIED_TO_SETTLING_IN_TOWN) continue;
    answer->Refuse(
        Reason::CONDITION_TIED, TiedField(i),
        {"The agreement makes the withdrawal a condition of settling in town. Nobody's right may "
         "be.",
         "协议以退出作为进城落户的条件，法律禁止。"});
  }
}

bool IsOtherRight(v1::TiedTo tied) {
  return tied == v1::TIED_TO_CONTRACT_LAND || tied == v1::TIED_TO_HOMESTEAD ||
         tied == v1::TIED_TO_INCOME_SHARE;
}

void AskOtherRights(const Facts& facts, Answer* answer) {
  const auto& ties = Withdrawal(facts).tied_to();
  if (ties.empty() && IsPaid(facts)) {
    return answer->Refuse(
        Reason::CONDITION_TIED, "tied_to",
        {"The agreement has to say that no other right is its condition. Say what it is "
         "tied to: nothing.",
         "协议须写明不以退出其他权利为条件，请填写。"});
  }
  for (int i = 0; i < ties.size(); ++i) {
    if (!IsOtherRight(Withdrawal(facts).tied_to(i))) continue;
    answer->Refuse(
        Reason::CONDITION_TIED, TiedField(i),
        {"The agreement makes another right the condition. One withdrawal never touches another "
         "right.",
         "协议以退出其他权利为条件。各项权利的退出互不为条件。"});
  }
}

// --- W-07, W-13: what runs on the right is settled first.

std::uint64_t DerivedRight(const Facts& facts) {
  const auto derived =
      StandingRecords<v1::Right>(facts.state(), Link::kRightsOfParent, facts.right().number);
  return derived.empty() ? 0 : derived.front().number;
}

void RefuseDerived(std::uint64_t derived, Answer* answer) {
  answer->Refuse(
      Reason::DERIVED_RIGHT_STANDS, "right",
      {fmt::format("Right {} derives from it and still stands. End it first, its holder "
                   "agreeing; one commit may do both.",
                   derived),
       fmt::format("由其派生的第 {} 号权利尚未终止，须先行处理并经其权利人同意；可在同一次提交"
                   "中办理。",
                   derived)});
}

void AskRunningCirculation(const Facts& facts, Answer* answer) {
  if (!IsContractRight(facts.right_type())) return;
  if (const auto derived = DerivedRight(facts); derived != 0) RefuseDerived(derived, answer);
}

void AskBurdens(const Facts& facts, Answer* answer) {
  const auto derived = IsContractRight(facts.right_type()) ? 0 : DerivedRight(facts);
  if (derived != 0) RefuseDerived(derived, answer);
  const auto mortgages =
      StandingRecords<v1::Mortgage>(facts.state(), Link::kMortgagesOfRight, facts.right().number);
  if (mortgages.empty()) return;
  answer->Refuse(
      Reason::MORTGAGE_STANDS, "right",
      {fmt::format("{} mortgage(s) over it still stand, the first of them number {}. Discharge "
                   "those first.",
                   mortgages.size(), mortgages.front().number),
       fmt::format("该权利上尚有 {} 项抵押权未注销（首项编号 {}），须先行注销。", mortgages.size(),
                   mortgages.front().number)});
}

// --- W-14: what becomes of eligibility is said.

void AskEligibility(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  const bool stated = IsHomestead(facts.right_type()) || (rule && rule->eligibility_stated());
  if (!stated || Withdrawal(facts).eligibility_after() != v1::ELIGIBILITY_AFTER_UNSPECIFIED) return;
  answer->Refuse(
      Reason::ELIGIBILITY_SILENT, "eligibility_after",
      {"The agreement does not say whether the household keeps, suspends or gives up its claim "
       "to another homestead. It has to say so.",
       "协议未写明宅基地资格权保留、暂停还是放弃，须予写明。"});
}

// --- W-15: the paid route, and to whom it is open.

bool HoldsSeveralHomesteads(const Facts& facts) {
  const auto holders = HoldersOf(facts.right().right);
  return std::any_of(holders.begin(), holders.end(), [&](std::uint64_t holder) {
    return RightsHeldBy(holder, facts.right_type().code(), facts.state()).size() > 1;
  });
}

bool Holds(v1::WithdrawalCondition condition, const Facts& facts) {
  switch (condition) {
    case v1::WITHDRAWAL_CONDITION_STEADY_INCOME:
      return HolderGave(v1::EVIDENCE_KIND_INCOME, facts);
    case v1::WITHDRAWAL_CONDITION_LONG_IN_TOWN:
    case v1::WITHDRAWAL_CONDITION_OTHER_DWELLING:
      return HolderGave(v1::EVIDENCE_KIND_RESIDENCE, facts);
    case v1::WITHDRAWAL_CONDITION_SETTLED_IN_TOWN:
      return HolderGave(v1::EVIDENCE_KIND_CIVIL_STATUS, facts);
    case v1::WITHDRAWAL_CONDITION_SEVERAL_HOMESTEADS:
      return HoldsSeveralHomesteads(facts);
    default:
      return false;
  }
}

bool AnyGroupHolds(const v1::WithdrawalRule& rule, const Facts& facts) {
  const auto holds = [&](const v1::ConditionGroup& group) {
    return std::all_of(group.all().begin(), group.all().end(), [&](int condition) {
      return Holds(static_cast<v1::WithdrawalCondition>(condition), facts);
    });
  };
  return rule.any_of().empty() || std::any_of(rule.any_of().begin(), rule.any_of().end(), holds);
}

void RefuseNotOpen(const Facts& facts, std::string source, Answer* answer) {
  const auto matter =
      facts.pack().OpenMatterFor(fmt::format("withdrawal_rules.{}.paid", facts.right_type().code()),
                                 ScopeAt(*facts.plot(), facts.asked));
  if (matter) return answer->Unset(*matter, "route");
  answer->Refuse(
      Reason::WITHDRAWAL_NOT_OPEN, "route",
      {"The packs do not open the paid route for this right; the plain return is open to every "
       "household.",
       "政策包未开放该权利的有偿退出；自愿交回不受限制。"},
      std::move(source));
}

void AskConditions(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  if (!rule) {
    return answer->Refuse(Reason::WITHDRAWAL_NOT_OPEN, "right",
                          {"No policy pack in force says how such a right is withdrawn.",
                           "现行政策包未规定该项权利的退出。"});
  }
  if (!IsPaid(facts)) return;
  if (!rule->paid()) return RefuseNotOpen(facts, rule->source().document(), answer);
  if (AnyGroupHolds(*rule, facts)) return;
  answer->Refuse(
      Reason::EVIDENCE_MISSING, "evidence",
      {"The household does not show what the paid route is open to: income, residence or civil "
       "status, as the pack asks, each given by the household.",
       "该户未提交有偿退出条件的证明（稳定非农收入、城镇居住或者进城落户等），须由该户提供。"},
      rule->source().document());
}

// --- W-16: registered once compensation is settled.

void AskSettled(const Facts& facts, Answer* answer) {
  if (!IsPaid(facts)) return;
  const v1::WithdrawRight& act = Withdrawal(facts);
  if (!act.compensation_settled()) {
    return answer->Refuse(
        Reason::COMPENSATION_UNSETTLED, "compensation_settled",
        {"The compensation is not settled. The right ends only once it is paid in full.",
         "补偿尚未付清。付清之后方可登记退出。"});
  }
  for (int i = 0; i < act.compensation_size(); ++i) {
    const auto settled = common::ParseCivilDate(act.compensation(i).settled_date());
    if (settled && *settled <= facts.today()) continue;
    answer->Refuse(
        Reason::COMPENSATION_UNSETTLED, fmt::format("compensation[{}].settled_date", i),
        {"A part of the compensation says no day on which it was settled, or one to come.",
         "补偿的一部分未写明结清日期，或者日期尚未到。"});
  }
}

// --- W-17: kinds that packs permit, and parts that sum.

// 128 bits cannot run over: an act has fewer parts than bytes.
__extension__ typedef __int128 Wide;

Wide SumOfParts(const v1::WithdrawRight& act) {
  Wide sum = 0;
  for (const v1::CompensationPart& part : act.compensation()) sum += part.value_fen();
  return sum;
}

void AskAdvance(const v1::WithdrawalRule& rule, const Facts& facts, Answer* answer) {
  const v1::WithdrawRight& act = Withdrawal(facts);
  if (!act.has_advance()) return;
  if (rule.fund_advances() && act.advance().advanced_fen() <= act.compensation_fen()) return;
  answer->Refuse(Reason::WITHDRAWAL_NOT_OPEN, "advance",
                 {"The packs open no advance by a fund here, or it is more than the compensation.",
                  "政策包未准许基金垫付，或者垫付额超过补偿额。"},
                 rule.source().document());
}

void AskParts(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  if (!rule || !rule->paid() || !IsPaid(facts)) return;
  const v1::WithdrawRight& act = Withdrawal(facts);
  const auto& kinds = rule->compensation();
  for (int i = 0; i < act.compensation_size(); ++i) {
    const std::string kind = WordOf(act.compensation(i).kind());
    if (kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) continue;
    answer->Refuse(
        Reason::GROUND_NOT_STATUTORY, fmt::format("compensation[{}].kind", i),
        {fmt::format("Compensation by {} is not among the kinds that the packs permit.", kind),
         fmt::format("政策包未准许以 {} 方式补偿。", kind)},
        rule->source().document());
  }
  if (SumOfParts(act) != act.compensation_fen()) {
    answer->Refuse(
        Reason::COMPENSATION_PARTS_DIFFER, "compensation",
        {fmt::format("The parts do not sum to the compensation of {} fen.", act.compensation_fen()),
         fmt::format("各部分之和不等于补偿额 {} 分。", act.compensation_fen())},
        rule->source().document());
  }
  AskAdvance(*rule, facts, answer);
}

// --- W-18: a fund is paid back at most what it advanced.

void AskRepaid(const Facts& facts, Answer* answer) {
  const v1::RepayAdvance& act = facts.act().repay_advance();
  const auto advance = FindReferred<v1::FundAdvance>(facts.state(), act.advance());
  if (!advance) {
    return answer->Refuse(Reason::REFERENCE_UNRESOLVED, "advance",
                          {"The advance is not in the book.", "登记簿中没有该项垫付。"});
  }
  const std::int64_t open = advance->record.advanced_fen() - advance->record.repaid_fen();
  if (act.repaid_fen() <= open) return;
  answer->Refuse(Reason::VALUE_OUT_OF_RANGE, "repaid_fen",
                 {fmt::format("{} fen came, and {} fen of the advance are still open.",
                              act.repaid_fen(), open),
                  fmt::format("偿还 {} 分，超过尚未偿还的 {} 分。", act.repaid_fen(), open)});
}

// --- W-19: this term, or for good.

void AskExtent(const Facts& facts, Answer* answer) {
  const auto rule = RuleOf(facts);
  if (!rule || !rule->paid() || rule->extents().empty() || !IsPaid(facts)) return;
  const auto& extents = rule->extents();
  const std::string said = WordOf(Withdrawal(facts).extent());
  if (std::find(extents.begin(), extents.end(), said) != extents.end()) return;
  answer->Refuse(
      Reason::GROUND_NOT_STATUTORY, "extent",
      {"The agreement has to say whether land is given up for this term only or for good.",
       "协议须写明仅退出本轮承包期还是永久退出。"},
      rule->source().document());
}

// --- W-20: eligibility changes in the same commit.

v1::HomesteadEligibility EligibilitySaid(v1::EligibilityAfter after) {
  switch (after) {
    case v1::ELIGIBILITY_AFTER_SUSPENDED:
      return v1::HOMESTEAD_ELIGIBILITY_SUSPENDED;
    case v1::ELIGIBILITY_AFTER_GIVEN_UP:
      return v1::HOMESTEAD_ELIGIBILITY_GIVEN_UP;
    default:
      return v1::HOMESTEAD_ELIGIBILITY_UNSPECIFIED;
  }
}

bool EveryHouseholdIs(v1::HomesteadEligibility said, const v1::Right& right, const State& state) {
  const auto holders = HoldersOf(right);
  return std::all_of(holders.begin(), holders.end(), [&](std::uint64_t holder) {
    const auto household = HouseholdOf(holder, state);
    return !household || household->eligibility() == said;
  });
}

void AskChangedTogether(const Question& question, Answer* answer) {
  for (int i = 0; i < question.commit->acts_size(); ++i) {
    const v1::Act& act = question.commit->acts(i);
    if (!act.has_withdraw_right()) continue;
    const auto said = EligibilitySaid(act.withdraw_right().eligibility_after());
    const auto right = FindReferred<v1::Right>(*question.state, act.withdraw_right().right());
    if (said == v1::HOMESTEAD_ELIGIBILITY_UNSPECIFIED || !right) continue;
    if (EveryHouseholdIs(said, right->record, *question.state)) continue;
    answer->AboutAct(static_cast<std::uint32_t>(i));
    answer->Refuse(
        Reason::ELIGIBILITY_SILENT, "eligibility_after",
        {"The agreement suspends or gives up the claim to a homestead, and no act of this commit "
         "enters that. Add SetEligibility for the household.",
         "协议约定暂停或者放弃资格权，须在同一次提交中登记资格权变化。"});
  }
}

// --- W-24: no new contracted land within the term.

// What the household gave back in this term, or one that was merged into it.
std::optional<v1::Right> GivenBack(std::uint64_t household, const Facts& facts) {
  for (const std::uint64_t party : MergedInto(household, facts.state())) {
    for (const auto& right :
         LinkedRecords<v1::Right>(facts.state(), Link::kRightsOfHolder, party)) {
      const bool returned = !Stands(right.record) && right.record.ended_cause() == "withdrawn" &&
                            right.record.type() == facts.type->code();
      if (returned && !IsExpired(right.record, facts.today())) return right.record;
    }
  }
  return std::nullopt;
}

void AskNewContract(const Facts& facts, Answer* answer) {
  if (!IsContractRight(*facts.type)) return;
  for (const NewHolder& holder : facts.holders) {
    const auto returned = GivenBack(holder.party.number, facts);
    if (!returned) continue;
    answer->Refuse(
        Reason::HOLDER_NOT_ELIGIBLE, holder.field,
        {fmt::format("Household {} gave contracted land back in this term, which runs to {}; it "
                     "contracts no other before.",
                     holder.party.number, returned->term().end_date()),
         fmt::format("第 {} 号农户在本轮承包期（至 {}）内已交回承包地，期内不得再要求承包。",
                     holder.party.number, returned->term().end_date())});
  }
}

constexpr std::array kWithdraw = {Act::kWithdrawRight};
constexpr std::array kRepay = {Act::kRepayAdvance};
constexpr std::array kGrant = {Act::kGrantRight};

constexpr Rule kRules[] = {
    {"W-01", "RLCL 30", "自愿交回承包地提前半年书面通知", "Half a year's written notice", kWithdraw,
     &AskNotice},
    {"W-02", "SPC-RL 10", "未经书面通知的不属自愿交回",
     "Without the written notice it is no voluntary return", kWithdraw, &AskLetter},
    {"W-03", "RLCL 27; LALR 36", "不得作为进城落户条件", "Never a condition of settling in town",
     kWithdraw, &AskSettling},
    {"W-07", "SPC-RL 9", "尚在流转的先行处理", "A running circulation is settled first", kWithdraw,
     &AskRunningCirculation},
    {"W-11", "CC 301, 297-298", "全体成年成员同意", "Every adult member consents"},
    {"W-13", "CC 399, 406, 409", "抵押、查封、预告、争议先行清理或同意",
     "Mortgage, seizure, advance notice and dispute are cleared first", kWithdraw, &AskBurdens},
    {"W-14", "LAL 62(6)", "退出协议须写明资格权保留、暂停或放弃",
     "The agreement says what becomes of eligibility", kWithdraw, &AskEligibility},
    {"W-15", "pack withdrawal_rules", "有偿退出须符合政策包条件",
     "The paid route's conditions hold", kWithdraw, &AskConditions},
    {"W-16", "pack withdrawal_rules; ZB 2(2)5", "补偿付清后登记",
     "Registered once compensation is settled", kWithdraw, &AskSettled},
    {"W-17", "pack withdrawal_rules", "补偿方式由政策包准许，各部分合计等于补偿额",
     "Compensation is of permitted kinds and sums", kWithdraw, &AskParts},
    {"W-18", "ZB 2(2)3", "垫付资金偿还不超过垫付额", "A fund is paid back at most what it advanced",
     kRepay, &AskRepaid},
    {"W-19", "ZB 2(2)4(2)", "承包地有偿退出写明本轮或者永久",
     "A paid withdrawal says this term or for good", kWithdraw, &AskExtent},
    {"W-20",
     "LAL 62(6)",
     "资格权变化与退出同时登记",
     "Eligibility changes in the same commit",
     {},
     nullptr,
     &AskChangedTogether},
    {"W-21", "ZB 2(2)3, 2(2)4(3); RLCL 27", "不得以退出其他权利为条件，协议须写明",
     "No other right is a condition, and the agreement says so", kWithdraw, &AskOtherRights},
    {"W-24", "RLCL 30", "交回后本轮承包期内不得再要求承包",
     "No new contracted land within the term", kGrant, &AskNewContract},
};

}  // namespace

std::span<const Rule> WithdrawalRules() { return kRules; }

}  // namespace landbook::law
