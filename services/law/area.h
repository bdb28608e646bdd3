// Areas as records write them: m2 with at most two decimals, compared exactly.
#ifndef LANDBOOK_SERVICES_LAW_AREA_H_
#define LANDBOOK_SERVICES_LAW_AREA_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace landbook::law {

// The hundredths of a square metre that a text says; nullopt for what is no area ("", "12,5",
// "1.234") or more than 10^14.
std::optional<std::int64_t> ParseAreaHundredths(std::string_view area_m2);

// "140.01".
std::string FormatAreaHundredths(std::int64_t hundredths);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_AREA_H_
