#include "services/law/case_progress.h"

#include <algorithm>

namespace landbook::law {

std::uint32_t StepsPassed(const v1::Case& the_case) {
  std::uint32_t passed = 0;
  for (const v1::ReviewStep& review : the_case.reviews()) {
    if (review.outcome() == v1::REVIEW_OUTCOME_PASSED) ++passed;
    if (review.outcome() == v1::REVIEW_OUTCOME_SENT_BACK && passed > 0) --passed;
  }
  return passed;
}

const v1::ClockStop* OpenStop(const v1::Case& the_case) {
  for (const v1::ClockStop& stop : the_case.stops()) {
    if (stop.until_date().empty()) return &stop;
  }
  return nullptr;
}

bool HasReviewed(const v1::Case& the_case, std::string_view principal) {
  return std::any_of(the_case.reviews().begin(), the_case.reviews().end(),
                     [&](const v1::ReviewStep& review) { return review.reviewer() == principal; });
}

}  // namespace landbook::law
