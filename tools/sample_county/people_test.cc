#include "tools/sample_county/people.h"

#include <set>
#include <string>

#include "gtest/gtest.h"

namespace landbook::sample_county {
namespace {

constexpr int kYear = 2026;

TEST(IdentityNumberTest, HasTheCheckCharacterOfTheStandardsExample) {
  EXPECT_EQ(IdentityCheckCharacter("11010519491231002"), 'X');
}

TEST(HouseholdTest, PeopleAreOfTheSampleCountyAndFitTogether) {
  for (int household = 0; household < 100; ++household) {
    const auto people = HouseholdOf(1, "900101", 5, household, kYear);
    ASSERT_GE(people.size(), 2U);
    ASSERT_LE(people.size(), 5U);
    EXPECT_EQ(people[0].relation, "02");
    const int head_born = std::stoi(people[0].identity_number.substr(6, 4));
    EXPECT_GE(kYear - head_born, 35);
    EXPECT_LT(kYear - head_born, 65);
    for (const Person& person : people) {
      const std::string& number = person.identity_number;
      ASSERT_EQ(number.size(), 18U);
      EXPECT_EQ(number.substr(0, 6), "900101");
      EXPECT_EQ(number[17], IdentityCheckCharacter(number));
      EXPECT_EQ((number[16] - '0') % 2 == 0, person.female);
      const int born = std::stoi(number.substr(6, 4));
      EXPECT_LE(born, kYear);
      EXPECT_GE(born, kYear - 90);
    }
  }
}

TEST(HouseholdTest, NoTwoPeopleHaveOneNumber) {
  std::set<std::string> numbers;
  std::size_t people = 0;
  // Groups far enough apart that days and serials come again.
  for (const std::int64_t group : {0, 1, 2, 326, 327, 652, 653}) {
    for (int household = 0; household < kHouseholdsPerGroupMax; ++household) {
      for (const Person& person : HouseholdOf(1, "900101", group, household, kYear)) {
        numbers.insert(person.identity_number);
        ++people;
      }
    }
  }
  EXPECT_EQ(numbers.size(), people);
}

TEST(HouseholdTest, AnotherSeedGivesOtherPeople) {
  EXPECT_NE(
      HouseholdOf(1, "900101", 0, 0, kYear)[0].name + HouseholdOf(1, "900101", 0, 1, kYear)[0].name,
      HouseholdOf(2, "900101", 0, 0, kYear)[0].name +
          HouseholdOf(2, "900101", 0, 1, kYear)[0].name);
}

}  // namespace
}  // namespace landbook::sample_county
