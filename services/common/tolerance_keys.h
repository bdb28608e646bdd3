// The keys under which a policy pack states the boundary rules' tolerances.
#ifndef LANDBOOK_SERVICES_COMMON_TOLERANCE_KEYS_H_
#define LANDBOOK_SERVICES_COMMON_TOLERANCE_KEYS_H_

#include <cstdint>
#include <span>
#include <string_view>

#include "geo/tolerances.h"

namespace landbook::common {

// One key ("B201.width_max"), in the unit of the member of geo::Tolerances that it sets, and what a
// pack may put there: anything beyond is a slip of the pen and not surveying practice.
struct ToleranceKey {
  std::string_view key;
  // The member; null for a severity, which is no number.
  std::int64_t geo::Tolerances::*member;
  std::int64_t least;
  std::int64_t greatest;
  // True when a greater value finds fewer plots wrong.
  bool greater_is_looser;
  // The member that is a severity; null for a number.
  geo::Severity geo::Tolerances::*severity = nullptr;
};

// All of them, by key.
std::span<const ToleranceKey> ToleranceKeys();

// The key of that name; null when there is none.
const ToleranceKey* ToleranceKeyNamed(std::string_view key);

// The value under `key` in `tolerances`; a severity is its number.
std::int64_t ToleranceOf(const geo::Tolerances& tolerances, const ToleranceKey& key);

// Sets it. REQUIRES: the value is within the key's bounds.
void SetTolerance(geo::Tolerances& tolerances, const ToleranceKey& key, std::int64_t value);

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_TOLERANCE_KEYS_H_
