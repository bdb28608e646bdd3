#include "services/common/finding_wire.h"

#include <gtest/gtest.h>

namespace landbook::common {
namespace {

geo::Finding Overlap() {
  geo::Finding finding;
  finding.rule = geo::Rule::kOverlap;
  finding.severity = geo::Severity::kError;
  finding.subject = 3;
  finding.other = 4;
  finding.place = {5'908'262'575, 40'755'426'937};
  finding.measured = 12'345;
  finding.tolerance = 1'000;
  finding.area_mm2 = 67'890;
  finding.unit = geo::Unit::kMetre;
  return finding;
}

TEST(FindingWireTest, SentencesThatAreAddedLaterAreTheSame) {
  const FindingPlot subject{"370303001001JC00001", 1};
  const FindingPlot other{"370303001001JC00002", 2};
  geo::Finding finding = Overlap();
  for (const char* rule :
       {"B105", "B108", "B110", "B201", "B202", "B203", "B204", "B205", "B402"}) {
    finding.rule = *RuleNamed(rule);
    for (const char* detail : {"", "in_file"}) {
      finding.detail = detail;
      const v1::Finding whole = FindingToWire(finding, {.subject = subject, .other = other});
      v1::Finding facts = FindingFacts(finding, {.subject = subject, .other = other});
      EXPECT_EQ(facts.message_en(), "");
      EXPECT_EQ(facts.message_zh(), "");
      AddSentences(&facts);
      EXPECT_EQ(facts.SerializeAsString(), whole.SerializeAsString()) << rule;
    }
  }
}

}  // namespace
}  // namespace landbook::common
