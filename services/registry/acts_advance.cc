// What is paid back of a fund's advance (垫付偿还): its form. That no more is paid back than was
// advanced is law, and an invariant of the book.
#include <limits>

#include "fmt/format.h"
#include "services/registry/act_law.h"
#include "services/registry/acts.h"
#include "services/registry/form.h"

namespace landbook::registry {
namespace {

void CheckAmount(std::int64_t repaid_fen, std::int64_t so_far_fen, ActContext* context) {
  if (repaid_fen <= 0) {
    return context->Refuse(
        Reason::AMOUNT_NOT_POSITIVE, "repaid_fen",
        {fmt::format("{} fen came; what is paid back is more than zero.", repaid_fen),
         fmt::format("收到 {} 分；偿还金额须大于零。", repaid_fen)});
  }
  if (repaid_fen <= std::numeric_limits<std::int64_t>::max() - so_far_fen) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, "repaid_fen",
      {fmt::format("{} fen came, beside which the sum so far cannot be counted.", repaid_fen),
       fmt::format("收到 {} 分，与已偿还金额之和超出可计数范围。", repaid_fen)});
}

}  // namespace

void Decide(const v1::RepayAdvance& act, ActContext* context) {
  const std::size_t before = context->refusal_count();
  auto advance = context->LoadToChange<v1::FundAdvance>(act.advance(), act.etag(), "advance");
  if (!advance) return;
  CheckAmount(act.repaid_fen(), advance->record.repaid_fen(), context);
  CheckOrder({advance->record.advanced_date(), act.repaid_date()}, "repaid_date", context);
  CheckHasCome(act.repaid_date(), "repaid_date", context);
  if (!MayPut(before, context)) return;
  advance->record.set_repaid_fen(advance->record.repaid_fen() + act.repaid_fen());
  context->record().set_ground(
      fmt::format("repaid {} fen on {}", act.repaid_fen(), act.repaid_date()));
  context->record().mutable_terms()->set_document_number(act.document_number());
  context->Put(advance->number, advance->record);
}

}  // namespace landbook::registry
