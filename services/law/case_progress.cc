#include "services/law/case_progress.h"

#include <algorithm>

namespace landbook::law {

bool IsOpen(v1::CaseState state) {
  return state == v1::CASE_STATE_ACCEPTED || state == v1::CASE_STATE_IN_NOTICE ||
         state == v1::CASE_STATE_REVIEWED;
}

std::optional<v1::CaseKind> KindOfCase(const v1::Case& the_case, const PackRules& pack,
                                       common::CivilDate law_day) {
  return pack.CaseKindNamed(the_case.kind(), {.day = law_day, .division = the_case.code()});
}

std::uint32_t StepsPassed(const v1::Case& the_case) {
  std::uint32_t passed = 0;
  for (const v1::ReviewStep& review : the_case.reviews()) {
    if (review.outcome() == v1::REVIEW_OUTCOME_PASSED) ++passed;
    if (review.outcome() == v1::REVIEW_OUTCOME_SENT_BACK && passed > 0) --passed;
  }
  return passed;
}

bool IsReviewed(const v1::Case& the_case, const PackRules& pack, common::CivilDate law_day) {
  const auto kind = KindOfCase(the_case, pack, law_day);
  return kind && StepsPassed(the_case) >= kind->review_steps();
}

bool HasReviewed(const v1::Case& the_case, std::string_view principal) {
  return std::any_of(the_case.reviews().begin(), the_case.reviews().end(),
                     [&](const v1::ReviewStep& review) { return review.reviewer() == principal; });
}

std::optional<v1::NoticeRule> NoticeOf(const v1::Case& the_case, const PackRules& pack,
                                       common::CivilDate law_day) {
  return pack.NoticeRuleFor(the_case.kind(), {.day = law_day, .division = the_case.code()});
}

const v1::ClockStop* OpenStop(const v1::Case& the_case) {
  const v1::ClockStop* open = nullptr;
  for (const v1::ClockStop& stop : the_case.stops()) {
    if (!stop.until_date().empty()) continue;
    if (open == nullptr || open->cause() == v1::CLOCK_STOP_CAUSE_NOTICE) open = &stop;
  }
  return open;
}

}  // namespace landbook::law
