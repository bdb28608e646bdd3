#include "services/registry/terms.h"

#include "fmt/format.h"

namespace landbook::registry {

using common::CivilDate;
using common::ParseCivilDate;

namespace {

void RefuseNoEnd(std::string_view field, ActContext* context) {
  context->Refuse(Reason::TERM_REQUIRED, fmt::format("{}.end_date", field),
                  {"The term says neither its last day nor that it has no end. State end_date, or "
                   "no_end as true: that a right has no end is never assumed.",
                   "期限既未写明终止日，也未写明“长久”。请填写 end_date，或将 no_end 设为 true；"
                   "不得推定权利没有终期。"});
}

// The date of a field; refused when it is none.
std::optional<CivilDate> TakeDate(const std::string& text, const std::string& field,
                                  ActContext* context) {
  const auto date = ParseCivilDate(text);
  if (!date) {
    context->Refuse(Reason::DATE_MALFORMED, field,
                    {fmt::format("\"{}\" came where a date as YYYY-MM-DD is wanted.", text),
                     fmt::format("收到“{}”，应为 YYYY-MM-DD 形式的日期。", text)});
  }
  return date;
}

}  // namespace

std::optional<law::TermSpan> TakeTerm(const v1::Term& term, std::string_view field,
                                      ActContext* context) {
  if (const auto span = law::ReadTerm(term)) return span;
  if (term.start_date().empty()) {
    context->Refuse(Reason::TERM_REQUIRED, field,
                    {"A term came without its first day. State start_date as YYYY-MM-DD.",
                     "期限缺少起始日。请以 YYYY-MM-DD 填写 start_date。"});
    return std::nullopt;
  }
  const auto start = TakeDate(term.start_date(), fmt::format("{}.start_date", field), context);
  if (term.end_case() != v1::Term::kEndDate) {
    RefuseNoEnd(field, context);
    return std::nullopt;
  }
  const auto end = TakeDate(term.end_date(), fmt::format("{}.end_date", field), context);
  if (start && end) {
    context->Refuse(
        Reason::TERM_BACKWARD, fmt::format("{}.end_date", field),
        {fmt::format("The term ends on {}, before it begins on {}. Correct one of them.",
                     term.end_date(), term.start_date()),
         fmt::format("终止日 {} 早于起始日 {}，请更正。", term.end_date(), term.start_date())});
  }
  return std::nullopt;
}

}  // namespace landbook::registry
