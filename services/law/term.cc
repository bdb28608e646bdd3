#include "services/law/term.h"

#include <string>

#include "fmt/format.h"

namespace landbook::law {

using common::AddDays;
using common::AddMonths;
using common::CivilDate;
using common::FormatCivilDate;
using common::ParseCivilDate;

namespace {

constexpr int kMonthsOfYear = 12;

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

bool IsExpired(const v1::Right& right, CivilDate day) {
  if (!right.has_term()) return false;
  const auto term = ReadTerm(right.term());
  return term && term->end && *term->end < day;
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

bool LastsAtMostYears(const TermSpan& term, int years) {
  return term.end && AddDays(*term.end, 1) <= AddMonths(term.start, kMonthsOfYear * years);
}

common::Sentence SayTerm(const TermSpan& term) {
  const std::string start = FormatCivilDate(term.start);
  if (!term.end) return {fmt::format("{} to no end", start), fmt::format("{}起长久", start)};
  const std::string end = FormatCivilDate(*term.end);
  return {fmt::format("{} to {}", start, end), fmt::format("{}至{}", start, end)};
}

}  // namespace landbook::law
