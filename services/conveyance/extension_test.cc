// The preview of a village's extension.
#include "services/conveyance/extension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/conveyance/office_testing.h"

namespace landbook::conveyance {
namespace {

using ::testing::SizeIs;
using Stub = v1::ConveyanceService::Stub;

TEST(ExtensionTest, AVillagesContractsAreShownWithTheirNewTerms) {
  Office office;
  office.registry.plots = {
      Parse<v1::Plot>(
          R"(number: 1 code: "370303100201JC00001" division: "37030310020101" land_use: "0103")"),
      Parse<v1::Plot>(
          R"(number: 2 code: "370303100201JC00002" division: "37030310020101" land_use: "0301")"),
      Parse<v1::Plot>(
          R"(number: 3 code: "370303100299JC00001" division: "37030310029901" land_use: "0103")")};
  const auto right = [](int number, int plot, const std::string& start, const std::string& end) {
    v1::Right made;
    made.set_number(number);
    made.set_unit(plot);
    made.set_type("contract");
    made.set_etag("5");
    made.mutable_term()->set_start_date(start);
    made.mutable_term()->set_end_date(end);
    return made;
  };
  office.registry.rights = {
      right(11, 1, "1997-10-01", "2027-09-30"), right(12, 2, "1977-10-01", "2027-09-30"),
      right(13, 3, "1997-10-01", "2027-09-30"), right(14, 1, "1998-10-01", "2028-09-30")};
  v1::PreviewExtensionRequest request;
  request.set_county("370303");
  request.set_division("370303100201");
  request.set_ending_until_date("2027-12-31");
  const auto preview = office.As("li:intake", &Stub::PreviewExtension, request);
  ASSERT_TRUE(preview.ok()) << preview.refusals()[0].ShortDebugString();
  ASSERT_THAT(preview->rows(), SizeIs(2));
  EXPECT_EQ(preview->rows(0).right(), 11u);
  EXPECT_EQ(preview->rows(0).new_end_date(), "2057-09-30");
  // Forest land: as long as it was given for, 50 years, which the rule leaves between 30 and 70.
  EXPECT_EQ(preview->rows(1).new_end_date(), "2077-09-30");
  ASSERT_THAT(preview->application().acts(), SizeIs(2));
  const auto& act = preview->application().acts(0).vary_right();
  EXPECT_EQ(act.right().number(), 11u);
  EXPECT_EQ(act.etag(), "5");
  EXPECT_EQ(act.term().end_date(), "2057-09-30");
  EXPECT_EQ(act.cause(), v1::VARY_CAUSE_EXTENSION);
  EXPECT_FALSE(preview->more());

  request.set_rights_max(1);
  const auto cut = office.As("li:intake", &Stub::PreviewExtension, request);
  EXPECT_TRUE(cut->more());
  EXPECT_THAT(cut->rows(), SizeIs(1));
  request.set_rights_max(9'001);
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::PreviewExtension, request)),
            "VALUE_OUT_OF_RANGE");
  request.set_rights_max(0);
  request.set_division("370303");
  EXPECT_EQ(ReasonOf(office.As("li:intake", &Stub::PreviewExtension, request)),
            "VALUE_OUT_OF_RANGE");
}

TEST(ExtensionTest, LandThatNoRuleExtendsIsLeftOut) {
  Office office;
  office.registry.plots = {Parse<v1::Plot>(R"(number: 1 code: "c" division: "370303100201")")};
  const PlotRight without_end{office.registry.plots[0],
                              Parse<v1::Right>(R"(number: 1 type: "homestead"
                                  term { start_date: "1997-10-01" end_date: "2027-09-30" })")};
  const auto policy = common::Policy::FromTexts(office.registry.chain);
  ASSERT_TRUE(policy.ok());
  const Law law{*policy, law::PackRules::OfPolicy(*policy)};
  const auto row = ExtensionRowOf(without_end, law, {2026, 3, 2});
  EXPECT_EQ(row.new_end_date(), "");
  EXPECT_NE(row.left_out_because(), "");
  EXPECT_EQ(ExtensionApplication({row}, {without_end}).acts_size(), 0);
}

}  // namespace
}  // namespace landbook::conveyance
