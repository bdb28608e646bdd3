// What an act's evidence may name.
#include "services/registry/act_context.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/registry/act_testing.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;

// A filing with an organ, resting on one piece of evidence of the kind.
v1::Commit FilingWith(v1::EvidenceKind kind, std::uint64_t organ) {
  v1::Commit commit;
  commit.add_evidence()->set_kind(kind);
  v1::RecordFiling& filing = *commit.add_acts()->mutable_record_filing();
  filing.set_matter(v1::FILING_MATTER_MEMBER_LIST);
  filing.mutable_with()->set_number(organ);
  filing.set_date("2026-03-01");
  filing.add_evidence(0);
  return commit;
}

class EvidenceTest : public testing::Test {
 protected:
  EvidenceTest() {
    v1::Party organ;
    organ.mutable_authority()->set_title("镇政府");
    organ_ = bench_.Given(organ);
  }

  ActBench bench_;
  std::uint64_t organ_ = 0;
};

TEST_F(EvidenceTest, NamesARecordThatIsThere) {
  v1::Commit commit = FilingWith(v1::EVIDENCE_KIND_RESOLUTION, organ_);
  commit.mutable_evidence(0)->mutable_resolution()->set_number(1);
  const Decided refused = bench_.Commit(commit);
  ASSERT_THAT(refused.reasons(), ElementsAre("REFERENCE_UNRESOLVED"));
  EXPECT_EQ(refused.refusals[0].field(), "commit.acts[0].record_filing.evidence[0].resolution");
  bench_.Given(v1::Resolution());
  EXPECT_TRUE(bench_.Commit(commit).accepted());
}

TEST_F(EvidenceTest, OfAnotherKindNamesNone) {
  bench_.Given(v1::Resolution());
  bench_.Given(v1::Filing());
  v1::Commit commit = FilingWith(v1::EVIDENCE_KIND_FILING, organ_);
  commit.mutable_evidence(0)->mutable_filing()->set_number(1);
  EXPECT_TRUE(bench_.Commit(commit).accepted());
  commit.mutable_evidence(0)->mutable_resolution()->set_number(1);
  EXPECT_THAT(bench_.Commit(commit).reasons(), ElementsAre("FIELD_OF_ANOTHER_KIND"));
  commit = FilingWith(v1::EVIDENCE_KIND_RESOLUTION, organ_);
  commit.mutable_evidence(0)->mutable_filing()->set_number(1);
  EXPECT_THAT(bench_.Commit(commit).reasons(), ElementsAre("FIELD_OF_ANOTHER_KIND"));
}

TEST_F(EvidenceTest, WhoSignedForTheGiverIsAParty) {
  v1::Commit commit = FilingWith(v1::EVIDENCE_KIND_CONSENT, organ_);
  commit.mutable_evidence(0)->mutable_signed_by()->set_number(organ_);
  EXPECT_TRUE(bench_.Commit(commit).accepted());
  commit.mutable_evidence(0)->mutable_signed_by()->set_number(900);
  EXPECT_THAT(bench_.Commit(commit).reasons(), ElementsAre("REFERENCE_UNRESOLVED"));
}

}  // namespace
}  // namespace landbook::registry
