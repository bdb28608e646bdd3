// Voluntary withdrawal (自愿有偿退出): a holder gives a right up; every other right stays as it is.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/acts_certificate.h"
#include "services/registry/acts_withdrawal_terms.h"
#include "services/registry/form.h"
#include "services/registry/standing.h"

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

void CheckReturn(const v1::WithdrawRight& act, ActContext* context) {
  if (!act.compensation().empty()) RefuseOutOfPlace("compensation", context);
  if (act.compensation_fen() <= 0) return;
  context->Refuse(
      Reason::COMPENSATION_NOT_OF_ROUTE, "compensation_fen",
      {fmt::format("{} fen came for a plain return, which is without compensation. State "
                   "0, or take the paid route.",
                   act.compensation_fen()),
       fmt::format("自愿交回收到补偿 {} 分。请填 0，或改为有偿退出。", act.compensation_fen())},
      "Rural Land Contracting Law 30 (农村土地承包法第30条)");
}

void CheckRoute(const v1::WithdrawRight& act, ActContext* context) {
  if (act.compensation_fen() < 0) {
    context->Refuse(Reason::MONEY_NEGATIVE, "compensation_fen",
                    {fmt::format("{} fen came; an amount is zero or more.", act.compensation_fen()),
                     fmt::format("收到 {} 分，金额不得为负。", act.compensation_fen())});
  }
  if (act.route() == v1::WITHDRAWAL_ROUTE_PAID) return;
  if (act.route() == v1::WITHDRAWAL_ROUTE_RETURN) return CheckReturn(act, context);
  context->Refuse(Reason::FIELD_UNSPECIFIED, "route",
                  {"The route is not said. State return or paid.",
                   "未写明退出方式，请填写自愿交回或有偿退出。"});
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
  CheckRoute(act, context);
  const auto withdrawn = TakeWithdrawalTerms(act, *standing, context);
  if (!MayPut(before, context)) return;
  KeepTerms(act, context);
  standing->right.record.set_state(v1::RECORD_STATE_ENDED);
  standing->right.record.set_ended_cause("withdrawn");
  context->Put(standing->right.number, standing->right.record);
  EndCertificates(v1::RECORD_KIND_RIGHT, standing->right.number, "withdrawn", context);
  EnterWithdrawalTerms(withdrawn, context);
}

}  // namespace landbook::registry
