#include "services/registry/law_term.h"

#include <algorithm>
#include <cstdint>

#include "fmt/format.h"
#include "services/registry/law_sources.h"

namespace landbook::registry {

using common::AddDays;
using common::AddMonths;
using common::CivilDate;
using common::FormatCivilDate;
using common::ParseCivilDate;

namespace {

constexpr int kMonthsOfYear = 12;

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

std::string RuleOf(const v1::RightType& type) { return type.source().document(); }

// A pack's number of years, within the calendar.
int Years(std::uint32_t years) {
  constexpr std::uint32_t kLastYear = 9999;
  return static_cast<int>(std::min(years, kLastYear));
}

}  // namespace

std::optional<TermSpan> ReadTerm(const v1::Term& term) {
  const auto start = ParseCivilDate(term.start_date());
  if (!start) return std::nullopt;
  if (term.end_case() == v1::Term::kNoEnd) {
    return term.no_end() ? std::optional(TermSpan{*start, std::nullopt}) : std::nullopt;
  }
  const auto end = ParseCivilDate(term.end_date());
  if (!end || *end < *start) return std::nullopt;
  return TermSpan{*start, *end};
}

std::optional<TermSpan> TakeTerm(const v1::Term& term, std::string_view field,
                                 ActContext* context) {
  if (const auto span = ReadTerm(term)) return span;
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

bool IsExpired(const v1::Right& right, const std::string& day) {
  if (!right.has_term()) return false;
  const auto term = ReadTerm(right.term());
  const auto on = ParseCivilDate(day);
  return term && on && term->end && *term->end < *on;
}

bool LiesWithin(const TermSpan& inner, const TermSpan& outer) {
  if (inner.start < outer.start) return false;
  if (!outer.end) return true;
  return inner.end && *inner.end <= *outer.end;
}

bool HasAtMostYears(const TermSpan& term, int years) {
  return term.end && *term.end <= AddMonths(term.start, kMonthsOfYear * years);
}

bool HasAtLeastYears(const TermSpan& term, int years) {
  return !term.end || AddDays(*term.end, 1) >= AddMonths(term.start, kMonthsOfYear * years);
}

Sentence SayTerm(const TermSpan& term) {
  const std::string start = FormatCivilDate(term.start);
  if (!term.end) return {fmt::format("{} to no end", start), fmt::format("{}起长久", start)};
  const std::string end = FormatCivilDate(*term.end);
  return {fmt::format("{} to {}", start, end), fmt::format("{}至{}", start, end)};
}

void CheckTermOfType(const TermSpan& term, const v1::RightType& type, ActContext* context) {
  const Sentence said = SayTerm(term);
  if (type.years_max() != 0 && !HasAtMostYears(term, Years(type.years_max()))) {
    context->Breach(Reason::TERM_TOO_LONG, "term",
                    {fmt::format("The term {} is longer than the {} years that a right of type {} "
                                 "may have. Shorten it.",
                                 said.english, type.years_max(), type.code()),
                     fmt::format("期限{}超过“{}”最长 {} 年的规定，请缩短。", said.chinese,
                                 type.title_zh(), type.years_max())},
                    RuleOf(type));
  }
  if (type.years_min() != 0 && !HasAtLeastYears(term, Years(type.years_min()))) {
    context->Breach(Reason::TERM_TOO_SHORT, "term",
                    {fmt::format("The term {} is shorter than the {} years from which a right of "
                                 "type {} can be registered.",
                                 said.english, type.years_min(), type.code()),
                     fmt::format("期限{}不足 {} 年，“{}”不能登记。", said.chinese, type.years_min(),
                                 type.title_zh())},
                    RuleOf(type));
  }
}

void CheckTermWithinParent(const TermSpan& term, const v1::Right& parent, ActContext* context) {
  if (!parent.has_term()) return;
  const auto bound = ReadTerm(parent.term());
  if (!bound || LiesWithin(term, *bound)) return;
  const Sentence said = SayTerm(term);
  const Sentence limit = SayTerm(*bound);
  context->Refuse(Reason::TERM_PAST_PARENT, "term",
                  {fmt::format("The term {} does not lie within {}, the term of the right that it "
                               "derives from. Keep it within that term.",
                               said.english, limit.english),
                   fmt::format("期限{}超出其所派生的权利的期限（{}），请限于该期限之内。",
                               said.chinese, limit.chinese)},
                  source::kDerivedTerm);
}

}  // namespace landbook::registry
