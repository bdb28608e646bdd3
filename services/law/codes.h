// Codes that the State gives to people, bodies and divisions: their form and their check digits.
// Pure functions of text.
#ifndef LANDBOOK_SERVICES_LAW_CODES_H_
#define LANDBOOK_SERVICES_LAW_CODES_H_

#include <cstddef>
#include <optional>
#include <string_view>

#include "landbook/v1/party.pb.h"
#include "services/common/civil_date.h"

namespace landbook::law {

// True when `text` is exactly `count` ASCII digits.
bool IsDigits(std::string_view text, std::size_t count);

// The birth date that a citizen's identity number states (公民身份号码): 17 digits and a check
// character by ISO 7064 MOD 11-2, the date in places 7 to 14. nullopt when the length, a character,
// the date or the check character is wrong. Source: GB 11643-1999.
std::optional<common::CivilDate> BirthDateOfResidentNumber(std::string_view number);

// True for a unified social credit code (统一社会信用代码): 18 characters of the standard's
// alphabet of 31, the last the check character by MOD 31. Source: GB 32100-2015.
bool IsCreditCode(std::string_view code);

// How many digits the division of a collective of that level has: 14 for a group, 12 for a
// village, 9 for a township; 0 for an unspecified level. Source: GB/T 10114, NY/T 2539.
std::size_t DivisionDigits(v1::CollectiveLevel level);

// True when a collective of division `owner` owns at `place`, the division of a plot: the shorter
// of the two codes begins the longer one. A group part of "00" says that the village itself is
// meant and is left out. A plot that is placed by its village alone may so belong to the village or
// to any of its groups, because its code can say no more.
struct OwnerAndPlace {
  std::string_view owner;
  std::string_view place;
};
bool DivisionsAgree(const OwnerAndPlace& divisions);

}  // namespace landbook::law

#endif  // LANDBOOK_SERVICES_LAW_CODES_H_
