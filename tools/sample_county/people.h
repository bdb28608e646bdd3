// The people of a sample county: made-up names and identity numbers that no person has.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_PEOPLE_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_PEOPLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace landbook::sample_county {

inline constexpr int kHouseholdsPerGroupMax = 103;

struct Person {
  std::string name;
  bool female = false;
  std::string identity_number;  // 18 characters, GB 11643
  std::string relation;         // to the head of household, GB/T 4761: "02", "10", "20", …
};

// The check character of an identity number's first 17 digits (GB 11643: weights 2^(18-i) mod 11).
// REQUIRES: 17 digits.
char IdentityCheckCharacter(std::string_view digits);

// The household `household` of a group: its head first, two to five people. The identity numbers
// begin with the county's code, which as a sample's begins with 9, where no area code does; birth
// dates fit the relations and the year of the survey. No two people of a county have one number, up
// to a million households. REQUIRES: household < kHouseholdsPerGroupMax.
std::vector<Person> HouseholdOf(std::uint64_t seed, std::string_view county_code,
                                std::int64_t group, int household, int year);

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_PEOPLE_H_
