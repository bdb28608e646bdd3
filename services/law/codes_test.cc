#include "services/law/codes.h"

#include <string>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace landbook::law {
namespace {

// The standard's own example (GB 11643-1999).
constexpr char kExample[] = "11010519491231002X";

TEST(BirthDateOfResidentNumber, ReadsTheStandardsExample) {
  const auto date = BirthDateOfResidentNumber(kExample);
  ASSERT_TRUE(date.has_value());
  EXPECT_EQ(*date, (common::CivilDate{1949, 12, 31}));
  EXPECT_TRUE(BirthDateOfResidentNumber("990101197202290011").has_value());
}

TEST(BirthDateOfResidentNumber, RefusesDaysThatNeverWere) {
  // The check character is right; 1973 had no 29 February.
  EXPECT_FALSE(BirthDateOfResidentNumber("990101197302290019").has_value());
}

TEST(BirthDateOfResidentNumber, RefusesOtherFormsAndALowerCaseX) {
  EXPECT_FALSE(BirthDateOfResidentNumber("").has_value());
  EXPECT_FALSE(BirthDateOfResidentNumber("110105491231002").has_value());
  EXPECT_FALSE(BirthDateOfResidentNumber("11010519491231002x").has_value());
  EXPECT_FALSE(BirthDateOfResidentNumber("11010519491231002XX").has_value());
}

// ISO 7064 MOD 11-2 finds every single wrong digit.
RC_GTEST_PROP(BirthDateOfResidentNumber, FindsEveryWrongDigit, ()) {
  std::string number = kExample;
  const auto place = *rc::gen::inRange<std::size_t>(0, number.size() - 1);
  const char digit = *rc::gen::inRange('0', static_cast<char>('9' + 1));
  RC_PRE(number[place] != digit);
  number[place] = digit;
  RC_ASSERT(!BirthDateOfResidentNumber(number).has_value());
}

TEST(IsCreditCode, TakesARealOneAndFindsSlips) {
  EXPECT_TRUE(IsCreditCode("12350100MB02709751"));
  EXPECT_FALSE(IsCreditCode("12350100MB02709752"));
  EXPECT_FALSE(IsCreditCode("12350100MB0270975"));
  EXPECT_FALSE(IsCreditCode("12350100IB02709751"));  // the alphabet has no I
  EXPECT_FALSE(IsCreditCode("12350100BM02709751"));  // two characters exchanged
}

TEST(DivisionDigits, FollowsTheLevel) {
  EXPECT_EQ(DivisionDigits(v1::COLLECTIVE_LEVEL_TOWNSHIP), 9U);
  EXPECT_EQ(DivisionDigits(v1::COLLECTIVE_LEVEL_VILLAGE), 12U);
  EXPECT_EQ(DivisionDigits(v1::COLLECTIVE_LEVEL_GROUP), 14U);
  EXPECT_EQ(DivisionDigits(v1::COLLECTIVE_LEVEL_UNSPECIFIED), 0U);
}

TEST(DivisionsAgree, WhenTheShorterBeginsTheLonger) {
  EXPECT_TRUE(DivisionsAgree({"99010110120101", "99010110120101"}));
  EXPECT_TRUE(DivisionsAgree({"990101101201", "99010110120101"}));
  EXPECT_TRUE(DivisionsAgree({"99010110120101", "990101101201"}));
  EXPECT_TRUE(DivisionsAgree({"990101101", "99010110120101"}));
  EXPECT_FALSE(DivisionsAgree({"99010110120101", "99010110120102"}));
  EXPECT_FALSE(DivisionsAgree({"990101101201", "990101101202"}));
  EXPECT_FALSE(DivisionsAgree({"", "990101101202"}));
}

TEST(DivisionsAgree, TakesGroupNoughtForTheVillage) {
  EXPECT_TRUE(DivisionsAgree({"99010110120100", "990101101201"}));
  EXPECT_TRUE(DivisionsAgree({"99010110120100", "99010110120103"}));
}

}  // namespace
}  // namespace landbook::law
