#include "services/registry/acts_withdrawal_terms.h"

#include <set>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "services/registry/form.h"

namespace landbook::registry {
namespace {

// The end of an enum's name in the journal's words: "TOWN_HOUSING" is "town-housing".
std::string WordOf(std::string_view name, std::string_view prefix) {
  std::string word(name.substr(prefix.size()));
  for (char& c : word) {
    if (c == '_') c = '-';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

std::string WordsOf(const v1::CompensationPart& part) {
  const std::string kind = WordOf(v1::CompensationKind_Name(part.kind()), "COMPENSATION_KIND_");
  if (part.settled_date().empty()) return fmt::format("{} {}", kind, part.value_fen());
  return fmt::format("{} {} settled {}", kind, part.value_fen(), part.settled_date());
}

void TakeCompensation(const v1::WithdrawRight& act, ActContext* context) {
  for (int i = 0; i < act.compensation_size(); ++i) {
    const v1::CompensationPart& part = act.compensation(i);
    const std::string field = fmt::format("compensation[{}]", i);
    CheckHasCome(part.settled_date(), field + ".settled_date", context);
    context->record().mutable_terms()->add_compensation_parts(WordsOf(part));
    if (part.value_fen() >= 0) continue;
    context->Refuse(Reason::MONEY_NEGATIVE, field + ".value_fen",
                    {fmt::format("{} fen came; an amount is zero or more.", part.value_fen()),
                     fmt::format("收到 {} 分，金额不得为负。", part.value_fen())});
  }
}

std::optional<v1::FundAdvance> TakeAdvance(const v1::WithdrawRight& act, std::uint64_t right,
                                           ActContext* context) {
  if (!act.has_advance()) return std::nullopt;
  const v1::NewAdvance& asked = act.advance();
  const auto fund = TakePartyOf({v1::Party::kOrganisation, v1::Party::kAuthority}, asked.fund(),
                                "advance.fund", context);
  const auto debtor = context->Load<v1::Party>(asked.debtor(), "advance.debtor");
  CheckHasCome(asked.advanced_date(), "advance.advanced_date", context);
  if (asked.advanced_fen() <= 0) {
    context->Refuse(
        Reason::AMOUNT_NOT_POSITIVE, "advance.advanced_fen",
        {fmt::format("{} fen came; what a fund advances is more than zero.", asked.advanced_fen()),
         fmt::format("收到 {} 分；垫付金额须大于零。", asked.advanced_fen())});
  }
  if (!fund || !debtor) return std::nullopt;
  v1::FundAdvance advance;
  advance.set_fund(fund->number);
  advance.set_right(right);
  advance.set_debtor(debtor->number);
  advance.set_advanced_fen(asked.advanced_fen());
  advance.set_advanced_date(asked.advanced_date());
  advance.set_document_number(asked.document_number());
  return advance;
}

// An agreement that ties a withdrawal to nothing ties it to nothing else.
void TakeTies(const v1::WithdrawRight& act, ActContext* context) {
  std::set<int> seen;
  for (int i = 0; i < act.tied_to_size(); ++i) {
    const std::string field = fmt::format("tied_to[{}]", i);
    CheckOnce(static_cast<int>(act.tied_to(i)), &seen, field, context);
    const auto tie = static_cast<v1::TiedTo>(act.tied_to(i));
    if (tie == v1::TIED_TO_NOTHING && act.tied_to_size() > 1) RefuseOutOfPlace(field, context);
    context->record().mutable_terms()->add_tied_to(WordOf(v1::TiedTo_Name(tie), "TIED_TO_"));
  }
}

std::optional<Loaded<v1::Plot>> TakeDisposition(const v1::WithdrawRight& act, Loaded<v1::Plot> plot,
                                                ActContext* context) {
  constexpr std::string_view kDocument = "disposition_document";
  if (act.disposition() == v1::PLOT_DISPOSITION_UNSPECIFIED) {
    if (!act.disposition_document().empty()) RefuseOutOfPlace(kDocument, context);
    return std::nullopt;
  }
  const bool by_plan = act.disposition() == v1::PLOT_DISPOSITION_CONVERT ||
                       act.disposition() == v1::PLOT_DISPOSITION_RECLAIM;
  if (by_plan && act.disposition_document().empty()) {
    context->Refuse(Reason::FIELD_REQUIRED, kDocument,
                    {"A conversion or a reclamation follows a plan. State the plan's number.",
                     "转用或复垦须依处置方案办理，请填写方案文号。"});
  }
  v1::ActTerms& terms = *context->record().mutable_terms();
  terms.set_disposition(WordOf(v1::PlotDisposition_Name(act.disposition()), "PLOT_DISPOSITION_"));
  terms.set_disposition_document(act.disposition_document());
  plot.record.set_disposition(act.disposition());
  plot.record.set_disposition_date(context->day());
  return plot;
}

}  // namespace

WithdrawalTerms TakeWithdrawalTerms(const v1::WithdrawRight& act, const StandingRight& standing,
                                    ActContext* context) {
  if (act.extent() != v1::WITHDRAWAL_EXTENT_UNSPECIFIED) {
    context->record().mutable_terms()->set_extent(
        WordOf(v1::WithdrawalExtent_Name(act.extent()), "WITHDRAWAL_EXTENT_"));
  }
  TakeCompensation(act, context);
  TakeTies(act, context);
  WithdrawalTerms terms;
  terms.advance = TakeAdvance(act, standing.right.number, context);
  terms.plot = TakeDisposition(act, standing.land.plot, context);
  return terms;
}

void EnterWithdrawalTerms(WithdrawalTerms terms, ActContext* context) {
  if (terms.advance) context->Create(*terms.advance);
  if (terms.plot) context->Put(terms.plot->number, terms.plot->record);
}

}  // namespace landbook::registry
