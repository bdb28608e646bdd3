// Terms of rights (期限): civil dates, the last day included, no end as a value of its own.
#ifndef LANDBOOK_SERVICES_REGISTRY_LAW_TERM_H_
#define LANDBOOK_SERVICES_REGISTRY_LAW_TERM_H_

#include <optional>
#include <string>
#include <string_view>

#include "landbook/v1/common.pb.h"
#include "landbook/v1/policy.pb.h"
#include "landbook/v1/right.pb.h"
#include "services/common/civil_date.h"
#include "services/registry/act_context.h"

namespace landbook::registry {

// A term that could be read. No `end` says that the right has none (长久).
struct TermSpan {
  common::CivilDate start;
  std::optional<common::CivilDate> end;
};

// The term, or nullopt when a date is not one, no end is said, or it ends before it begins.
std::optional<TermSpan> ReadTerm(const v1::Term& term);

// The same, refused with what is wrong: TERM_REQUIRED, DATE_MALFORMED or TERM_BACKWARD.
std::optional<TermSpan> TakeTerm(const v1::Term& term, std::string_view field, ActContext* context);

// True when the last day of the term lies before `day`. A right without a term, or without an end,
// never expires.
bool IsExpired(const v1::Right& right, const std::string& day);

// True when every day of `inner` is one of `outer`.
bool LiesWithin(const TermSpan& inner, const TermSpan& outer);

// Whether the term has at most, or at least, that many years. A period of years ends on the day
// that has the number of its first day (Civil Code 201, 202); contracts also count it to the day
// before. Both are taken: 2026-01-01 to 2031-01-01 and to 2030-12-31 are each neither too long nor
// too short for five years. No end is longer than any number of years.
bool HasAtMostYears(const TermSpan& term, int years);
bool HasAtLeastYears(const TermSpan& term, int years);

// Refuses, or for a carry-over notes, a term that is longer or shorter than its type of right
// allows: TERM_TOO_LONG, TERM_TOO_SHORT.
void CheckTermOfType(const TermSpan& term, const v1::RightType& type, ActContext* context);

// Refuses a derived right's term that is not within its parent's: TERM_PAST_PARENT. A parent
// without a term (ownership) bounds nothing.
void CheckTermWithinParent(const TermSpan& term, const v1::Right& parent, ActContext* context);

// "2026-01-01 to 2030-12-31", "2026-01-01 to no end"; the same in Chinese.
Sentence SayTerm(const TermSpan& term);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LAW_TERM_H_
