#include "services/registry/acts_entry.h"

#include "fmt/format.h"
#include "services/common/civil_date.h"
#include "services/registry/acts.h"

namespace landbook::registry {
namespace {

// The older register's date has to be a day that has come: nothing is registered in the future.
bool CheckRegisteredDate(const std::string& text, ActContext* context) {
  if (!common::ParseCivilDate(text)) {
    context->Refuse(Reason::DATE_MALFORMED, "registered_date",
                    {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", text),
                     fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", text)});
    return false;
  }
  if (text <= context->day()) return true;
  context->Refuse(Reason::VALUE_OUT_OF_RANGE, "registered_date",
                  {fmt::format("The older register's date {} lies after {}, the day of the commit.",
                               text, context->day()),
                   fmt::format("原登记日期 {} 晚于本次登记之日 {}。", text, context->day())});
  return false;
}

void RefuseEmpty(ActContext* context) {
  context->Refuse(
      Reason::ONEOF_REQUIRED, "",
      {"The carry-over brings nothing. Set a right, a mortgage, a plot, a contract or a "
       "certificate.",
       "承接内容为空，请填写权利、抵押权、宗地、合同或证书之一。"});
}

}  // namespace

Entry EntryOfToday(const ActContext& context) { return {context.day(), {}}; }

InnerField::~InnerField() {
  const std::string outer = context_->Path("");
  auto& refusals = context_->refusals();
  for (std::size_t i = before_; i < refusals.size(); ++i) {
    const std::string& field = refusals[i].field();
    if (field != outer && !field.starts_with(outer + ".")) continue;
    refusals[i].set_field(fmt::format("{}.{}{}", outer, name_, field.substr(outer.size())));
  }
}

void Decide(const v1::CarryOver& act, ActContext* context) {
  if (!CheckRegisteredDate(act.registered_date(), context)) return;
  Entry entry{act.registered_date(), {}};
  entry.origin.set_register_(act.register_());
  entry.origin.set_document_number(act.document_number());
  entry.origin.set_registered_date(act.registered_date());
  context->set_carried_over(true);
  switch (act.act_case()) {
    case v1::CarryOver::kRight: {
      const InnerField inner("right", context);
      return EnterRight(act.right(), entry, context);
    }
    case v1::CarryOver::kMortgage: {
      const InnerField inner("mortgage", context);
      return EnterMortgage(act.mortgage(), entry, context);
    }
    case v1::CarryOver::kPlot: {
      const InnerField inner("plot", context);
      return DecideCarriedPlot(act.plot(), act, context);
    }
    case v1::CarryOver::kContract: {
      const InnerField inner("contract", context);
      return EnterContract(act.contract(), entry, context);
    }
    case v1::CarryOver::kCertificate: {
      const InnerField inner("certificate", context);
      return EnterCertificate(act.certificate(), entry, context);
    }
    case v1::CarryOver::ACT_NOT_SET:
      return RefuseEmpty(context);
  }
}

}  // namespace landbook::registry
