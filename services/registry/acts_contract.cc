#include "services/registry/acts_contract.h"

#include <cstdint>
#include <string_view>

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts_entry.h"
#include "services/registry/record_codes.h"

namespace landbook::registry {
namespace {

void CheckMoney(std::int64_t fen, std::string_view field, ActContext* context) {
  if (fen >= 0) return;
  context->Refuse(Reason::MONEY_NEGATIVE, field,
                  {fmt::format("{} fen came; an amount is zero or more.", fen),
                   fmt::format("收到 {} 分，金额不得为负。", fen)});
}

// Silence about the price is an older register's only.
void CheckPrice(const v1::NewContract& asked, const std::string& before, ActContext* context) {
  CheckMoney(asked.price_fen(), before + "price_fen", context);
  if (!asked.price_unstated()) return;
  if (context->carried_over() && asked.price_fen() == 0) return;
  context->Refuse(
      Reason::VALUE_OUT_OF_RANGE, before + "price_unstated",
      {"A price that is not stated goes with a contract of an older register and a price "
       "of 0 only. State the price.",
       "只有承接原登记且价款为 0 的合同可注明“未载明价款”，请填写价款。"});
}

}  // namespace

std::optional<v1::Contract> TakeNewContract(const v1::NewContract& asked, const std::string& before,
                                            ActContext* context) {
  const std::size_t refusals = context->refusal_count();
  const auto issuer = context->Load<v1::Party>(asked.issuer(), before + "issuer");
  const auto taker = context->Load<v1::Party>(asked.taker(), before + "taker");
  CheckPrice(asked, before, context);
  CheckKeyText(asked.code(), before + "code", context);
  if (!common::ParseCivilDate(asked.signed_date())) {
    context->Refuse(
        Reason::DATE_MALFORMED, before + "signed_date",
        {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", asked.signed_date()),
         fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", asked.signed_date())});
  }
  if (!asked.code().empty() && context->FindByCode(v1::RECORD_KIND_CONTRACT, asked.code())) {
    context->Refuse(Reason::CODE_ALREADY_USED, before + "code",
                    {fmt::format("A contract with code {} is in the book already. Name it as "
                                 "contract, or correct the code.",
                                 asked.code()),
                     fmt::format("登记簿中已有代码为 {} 的合同。请以 contract 引用它，或更正代码。",
                                 asked.code())});
  }
  if (context->refusal_count() != refusals) return std::nullopt;
  v1::Contract contract;
  contract.set_code(asked.code());
  contract.set_issuer(issuer->number);
  contract.set_taker(taker->number);
  contract.set_signed_date(asked.signed_date());
  contract.set_method(asked.method());
  contract.set_price_fen(asked.price_fen());
  contract.set_price_unstated(asked.price_unstated());
  *contract.mutable_attributes() = asked.attributes();
  return contract;
}

void EnterContract(const v1::NewContract& act, const Entry& entry, ActContext* context) {
  auto contract = TakeNewContract(act, "", context);
  if (!contract) return;
  *contract->mutable_origin() = entry.origin;
  context->Create(*contract);
}

}  // namespace landbook::registry
