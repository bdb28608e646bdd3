// How far a case is within its state: what its reviews add up to, and whether its clock stands.
#ifndef LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_
#define LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_

#include <cstdint>
#include <string_view>

#include "landbook/v1/case.pb.h"

namespace landbook::law {

// How many review steps stand as passed: one that is sent back undoes the last.
std::uint32_t StepsPassed(const v1::Case& the_case);

// The stretch that the clock does not count and that lasts; null while the clock runs.
const v1::ClockStop* OpenStop(const v1::Case& the_case);

// True when the officer reviewed the case, at any step of it.
bool HasReviewed(const v1::Case& the_case, std::string_view principal);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CASE_PROGRESS_H_
