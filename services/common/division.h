// The codes of administrative divisions (行政区划代码): a division's code begins with those of the
// divisions that it lies in, so its first so many digits name one of them.
//
// Source: GB/T 2260 for the county, GB/T 10114 for township and village, NY/T 2539 for the group.
#ifndef LANDBOOK_SERVICES_COMMON_DIVISION_H_
#define LANDBOOK_SERVICES_COMMON_DIVISION_H_

#include <cstddef>

namespace landbook::common {

// How many digits the code of a division of each level has.
inline constexpr std::size_t kCountyDigits = 6;
inline constexpr std::size_t kTownshipDigits = 9;
inline constexpr std::size_t kVillageDigits = 12;
inline constexpr std::size_t kGroupDigits = 14;

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_DIVISION_H_
