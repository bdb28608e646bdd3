// Voluntary withdrawal (自愿有偿退出): a holder gives a right up; every other right stays as it is.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/acts_withdrawal_terms.h"
#include "services/registry/law_cautions.h"
#include "services/registry/law_consent.h"
#include "services/registry/law_sources.h"
#include "services/registry/law_standing.h"

namespace landbook::registry {
namespace {

std::string_view WordOf(v1::WithdrawalRoute route) {
  switch (route) {
    case v1::WITHDRAWAL_ROUTE_RETURN:
      return "return";
    case v1::WITHDRAWAL_ROUTE_PAID:
      return "paid";
    default:
      return "";
  }
}

std::string_view WordOf(v1::EligibilityAfter eligibility) {
  switch (eligibility) {
    case v1::ELIGIBILITY_AFTER_KEPT:
      return "kept";
    case v1::ELIGIBILITY_AFTER_SUSPENDED:
      return "suspended";
    case v1::ELIGIBILITY_AFTER_GIVEN_UP:
      return "given up";
    default:
      return "";
  }
}

std::string SourceOf(const v1::RightType& type) {
  return IsHomestead(type) ? source::kWithdrawHomestead : source::kReturnContract;
}

// The pack's rule for the type, in force on the day and at the plot; refused with
// WITHDRAWAL_NOT_OPEN when there is none.
const v1::WithdrawalRule* TakeRule(const StandingRight& standing, ActContext* context) {
  const v1::WithdrawalRule* rule = context->policy().WithdrawalRuleFor(
      standing.type->code(), ScopeAt(standing.land.plot.record, *context));
  if (rule != nullptr) return rule;
  context->Refuse(
      Reason::WITHDRAWAL_NOT_OPEN, "right",
      {fmt::format("Policy pack {} opens no withdrawal of rights of type {} here on {}.",
                   context->policy().code(), standing.type->code(), context->day()),
       fmt::format("政策包 {} 在 {} 未开放此处“{}”的退出。", context->policy().code(),
                   context->day(), standing.type->title_zh())},
      SourceOf(*standing.type));
  return nullptr;
}

void CheckPaid(const v1::WithdrawRight& act, const v1::WithdrawalRule& rule, ActContext* context) {
  if (!rule.paid()) {
    context->Refuse(Reason::WITHDRAWAL_NOT_OPEN, "route",
                    {"The pack does not open the paid route for this right; the plain return is "
                     "open to every household.",
                     "政策包未开放该权利的有偿退出；自愿交回不受限制。"},
                    rule.source().document());
  }
  if (act.compensation_settled()) return;
  context->Refuse(Reason::COMPENSATION_UNSETTLED, "compensation_settled",
                  {"The compensation is not settled. The right ends only once it is paid in full.",
                   "补偿尚未付清。付清之后方可登记退出。"},
                  rule.source().document());
}

void CheckReturn(const v1::WithdrawRight& act, ActContext* context) {
  if (act.compensation_fen() <= 0) return;
  context->Refuse(
      Reason::COMPENSATION_NOT_OF_ROUTE, "compensation_fen",
      {fmt::format("{} fen came for a plain return, which is without compensation. State "
                   "0, or take the paid route.",
                   act.compensation_fen()),
       fmt::format("自愿交回收到补偿 {} 分。请填 0，或改为有偿退出。", act.compensation_fen())},
      source::kReturnContract);
}

void CheckRoute(const v1::WithdrawRight& act, const v1::WithdrawalRule& rule, ActContext* context) {
  if (act.compensation_fen() < 0) {
    context->Refuse(Reason::MONEY_NEGATIVE, "compensation_fen",
                    {fmt::format("{} fen came; an amount is zero or more.", act.compensation_fen()),
                     fmt::format("收到 {} 分，金额不得为负。", act.compensation_fen())});
  }
  if (act.route() == v1::WITHDRAWAL_ROUTE_PAID) return CheckPaid(act, rule, context);
  if (act.route() == v1::WITHDRAWAL_ROUTE_RETURN) return CheckReturn(act, context);
  context->Refuse(Reason::FIELD_UNSPECIFIED, "route",
                  {"The route is not said. State return or paid.",
                   "未写明退出方式，请填写自愿交回或有偿退出。"});
}

// The notice has to lie the rule's months before the day; a month ends on the day of the same
// number, or on its last (Civil Code 202).
void CheckNotice(const v1::WithdrawRight& act, const v1::WithdrawalRule& rule,
                 ActContext* context) {
  if (rule.notice_months() == 0) return;
  const std::string& source = rule.source().document();
  const auto notice = common::ParseCivilDate(act.notice_date());
  if (!notice) {
    context->Refuse(
        Reason::NOTICE_MISSING, "notice_date",
        {fmt::format("The day of the written notice is missing; it has to lie {} months "
                     "before.",
                     rule.notice_months()),
         fmt::format("缺少书面通知日期；须提前 {} 个月书面通知。", rule.notice_months())},
        source);
    return;
  }
  constexpr std::uint32_t kMonthsMax = 1200;
  const auto months = static_cast<int>(std::min(rule.notice_months(), kMonthsMax));
  const std::string first_day = common::FormatCivilDate(common::AddMonths(*notice, months));
  if (first_day <= context->day()) return;
  context->Refuse(Reason::NOTICE_TOO_LATE, "notice_date",
                  {fmt::format("Notice was given on {}; with {} months of notice the right can be "
                               "withdrawn from {} on, and the day is {}.",
                               act.notice_date(), rule.notice_months(), first_day, context->day()),
                   fmt::format("书面通知日为 {}，须提前 {} 个月，自 {} 起方可退出，今日为 {}。",
                               act.notice_date(), rule.notice_months(), first_day, context->day())},
                  source);
}

void CheckEligibility(const v1::WithdrawRight& act, const v1::RightType& type,
                      ActContext* context) {
  if (!IsHomestead(type) || !WordOf(act.eligibility_after()).empty()) return;
  context->Refuse(
      Reason::ELIGIBILITY_SILENT, "eligibility_after",
      {"The agreement does not say whether the household keeps, suspends or gives up its "
       "claim to another homestead. It has to say so.",
       "协议未写明宅基地资格权保留、暂停还是放弃，须予写明。"},
      source::kWithdrawHomestead);
}

void KeepTerms(const v1::WithdrawRight& act, ActContext* context) {
  v1::ActTerms& terms = *context->record().mutable_terms();
  terms.set_route(std::string(WordOf(act.route())));
  terms.set_notice_date(act.notice_date());
  terms.set_eligibility_after(std::string(WordOf(act.eligibility_after())));
  terms.set_compensation_fen(act.compensation_fen());
  terms.set_compensation_settled(act.compensation_settled());
}

}  // namespace

void Decide(const v1::WithdrawRight& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  context->TakeEvidence(act.evidence());
  auto standing = TakeRight(act.right(), act.etag(), "right", context);
  if (!standing) return;
  CheckNotExpired(standing->right.record, "right", context);
  if (const auto* rule = TakeRule(*standing, context)) {
    CheckRoute(act, *rule, context);
    CheckNotice(act, *rule, context);
  }
  CheckEligibility(act, *standing->type, context);
  const auto withdrawn = TakeWithdrawalTerms(act, *standing, context);
  CheckConsentOfAdultHolders(standing->right.record, context);
  CheckNoDerivedRights(standing->right.number, context);
  CheckNoMortgages(standing->right.number, context);
  CheckCautionsBeforeEnd({standing->land.unit.number, standing->right.number},
                         v1::ACT_KIND_WITHDRAW, context);
  if (context->refusal_count() != before) return;
  KeepTerms(act, context);
  standing->right.record.set_state(v1::RECORD_STATE_ENDED);
  standing->right.record.set_ended_cause("withdrawn");
  context->Put(standing->right.number, standing->right.record);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "withdrawn", context);
  EnterWithdrawalTerms(withdrawn, context);
}

}  // namespace landbook::registry
