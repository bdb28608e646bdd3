#include "services/law/mortgage_object.h"

#include <gtest/gtest.h>

#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class MortgageObjectTest : public Village {
 protected:
  const v1::RightType& Type(const std::string& code) { return *policy_.RightTypeNamed(code); }
  bool IsOpen(const std::string& code, const std::optional<v1::MortgageRule>& rule) {
    return IsOpenToMortgage(Type(code), rule);
  }
};

TEST_F(MortgageObjectTest, NothingIsOpenThatNoRulePermits) {
  v1::MortgageRule rule;
  for (const char* type : {"contract", "management", "construction"}) {
    EXPECT_FALSE(IsOpen(type, std::nullopt)) << type;
    rule.set_permitted(false);
    EXPECT_FALSE(IsOpen(type, rule)) << type;
    rule.set_permitted(true);
    EXPECT_TRUE(IsOpen(type, rule)) << type;
  }
  EXPECT_FALSE(IsOpen("ownership", rule)) << "whatever a pack says";
}

TEST_F(MortgageObjectTest, AHomesteadIsOpenByALawOnly) {
  v1::MortgageRule rule;
  rule.set_permitted(true);
  rule.set_permitting_law("ZB 2(2)3");
  EXPECT_FALSE(IsOpen("homestead", rule));
  rule.set_permitting_law("全国人民代表大会常务委员会关于授权的决定");
  EXPECT_TRUE(IsOpen("homestead", rule));
}

TEST_F(MortgageObjectTest, EnterpriseLandGoesWithItsBuilding) {
  EXPECT_TRUE(NeedsBuildingToMortgage(Type("construction"), v1::GRANT_BASIS_APPROVED_USE));
  EXPECT_FALSE(NeedsBuildingToMortgage(Type("construction"), v1::GRANT_BASIS_MARKET_ENTRY));
  EXPECT_FALSE(NeedsBuildingToMortgage(Type("contract"), v1::GRANT_BASIS_APPROVED_USE));
}

}  // namespace
}  // namespace landbook::law
