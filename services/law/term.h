// Terms of rights (期限): civil dates, the last day included, no end as a value of its own.
#ifndef LANDBOOK_SERVICES_LAW_TERM_H_
#define LANDBOOK_SERVICES_LAW_TERM_H_

#include <optional>

#include "landbook/v1/common.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/civil_date.h"
#include "services/common/refusal.h"

namespace landbook::law {

// A term that could be read. No `end` says that the right has none (长久).
struct TermSpan {
  common::CivilDate start;
  std::optional<common::CivilDate> end;
};

// The term, or nullopt when a date is not one, no end is said, or it ends before it begins.
std::optional<TermSpan> ReadTerm(const v1::Term& term);

// True when the last day of the term lies before `day`. A right without a term, or without an end,
// never expires.
bool IsExpired(const v1::Right& right, common::CivilDate day);

// True when every day of `inner` is one of `outer`.
bool LiesWithin(const TermSpan& inner, const TermSpan& outer);

// Whether the term has at most, or at least, that many years. A period of years ends on the day
// that has the number of its first day (Civil Code 201, 202); contracts also count it to the day
// before. Both are taken: 2026-01-01 to 2031-01-01 and to 2030-12-31 are each neither too long nor
// too short for five years. No end is longer than any number of years.
bool HasAtMostYears(const TermSpan& term, int years);
bool HasAtLeastYears(const TermSpan& term, int years);

// True when the term, its first day and its last both counted, lasts that many years and not a day
// more: 2026-03-02 to 2046-03-01 lasts twenty. A lease is bounded so. Source: Civil Code 705.
bool LastsAtMostYears(const TermSpan& term, int years);

// "2026-01-01 to 2030-12-31", "2026-01-01 to no end"; the same in Chinese.
common::Sentence SayTerm(const TermSpan& term);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_TERM_H_
