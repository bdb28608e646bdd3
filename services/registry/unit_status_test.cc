#include "services/registry/unit_status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "services/registry/book_testing.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint64_t kHolder = 21;
constexpr std::uint64_t kOther = 22;

// A unit of contracted land with a contract of one household and a management right of another,
// folded as they are.
class UnitStatusTest : public testing::Test {
 protected:
  UnitStatusTest() {
    call_.actor = ActorOf("bank", v1::ROLE_BANK);
    plot_.set_code("9901010010010100001");
    plot_.set_kind("contracted");
    plot_.set_division("99010100100101");
    plot_.set_recorded_area_m2("666.67");
    plot_.set_state(v1::RECORD_STATE_LIVE);
    test_.Put(v1::RECORD_KIND_PLOT, 31, plot_);
    v1::Unit unit;
    unit.set_code(plot_.code() + "W00000000");
    unit.set_plot(31);
    unit.set_state(v1::RECORD_STATE_LIVE);
    test_.Put(v1::RECORD_KIND_UNIT, 41, unit);
    PutRight(51, "contract", kHolder);
    PutRight(52, "management", kOther);
    request_.set_county(kTestCounty);
    request_.set_unit(unit.code());
    request_.set_consent_date("2026-03-01");
    request_.set_consented_by(kHolder);
    request_.set_consent_hash(std::string(32, '\x07'));
  }

  void PutRight(std::uint64_t number, const std::string& type, std::uint64_t holder,
                v1::RecordState state = v1::RECORD_STATE_LIVE,
                v1::GrantBasis basis = v1::GRANT_BASIS_EXISTING) {
    v1::Right right;
    right.set_unit(41);
    right.set_type(type);
    right.set_basis(basis);
    right.set_state(state);
    right.add_holders()->set_party(holder);
    test_.Put(v1::RECORD_KIND_RIGHT, number, right);
  }
  void PutMortgage(std::uint64_t number, std::uint64_t right, std::int64_t fen,
                   v1::RecordState state = v1::RECORD_STATE_LIVE) {
    v1::Mortgage mortgage;
    mortgage.add_rights(right);
    mortgage.set_secured_fen(fen);
    mortgage.set_state(state);
    test_.Put(v1::RECORD_KIND_MORTGAGE, number, mortgage);
  }
  void PutCaution(std::uint64_t number, v1::CautionCause cause, std::uint64_t right,
                  const std::string& expiry_date = "") {
    v1::Caution caution;
    caution.set_unit(41);
    caution.set_right(right);
    caution.set_cause(cause);
    caution.set_expiry_date(expiry_date);
    caution.set_state(v1::RECORD_STATE_LIVE);
    test_.Put(v1::RECORD_KIND_CAUTION, number, caution);
  }

  v1::UnitStatus Status() {
    auto status = GetUnitStatus(test_.book(), call_, request_);
    EXPECT_TRUE(status.ok());
    return status.ok() ? *status : v1::UnitStatus();
  }
  std::vector<std::string> Refused() {
    const auto status = GetUnitStatus(test_.book(), call_, request_);
    return status.ok() ? std::vector<std::string>() : ReasonsOf(status.refusals());
  }

  TestBook test_;
  common::CallContext call_;
  v1::Plot plot_;
  v1::GetUnitStatusRequest request_;
};

TEST_F(UnitStatusTest, ShowsWhatTheConsentingPartyHolds) {
  PutRight(53, "contract", kHolder, v1::RECORD_STATE_ENDED);
  const v1::UnitStatus status = Status();
  EXPECT_EQ(status.unit(), request_.unit());
  EXPECT_EQ(status.plot_kind(), "contracted");
  EXPECT_EQ(status.recorded_area_m2(), "666.67");
  ASSERT_EQ(status.rights_size(), 1) << "neither what another holds nor what has ended";
  EXPECT_EQ(status.rights(0).number(), 51u);
  EXPECT_THAT(status.mortgageable(), ElementsAre(true));
  EXPECT_EQ(status.mortgages(), 0u);
  EXPECT_THAT(status.cautions(), IsEmpty());
  EXPECT_EQ(status.sequence(), test_.book().writer().position().sequence);
}

TEST_F(UnitStatusTest, CountsTheMortgagesThatStandOverThem) {
  PutMortgage(61, 51, 1'000'000);
  PutMortgage(62, 51, 2'500'000);
  PutMortgage(63, 51, 4'000'000, v1::RECORD_STATE_ENDED);
  PutMortgage(64, 52, 8'000'000);
  const v1::UnitStatus status = Status();
  EXPECT_EQ(status.mortgages(), 2u);
  EXPECT_EQ(status.secured_fen(), 3'500'000);
}

TEST_F(UnitStatusTest, AmountsBeyondCountingAreTheMost) {
  PutMortgage(61, 51, std::numeric_limits<std::int64_t>::max());
  PutMortgage(62, 51, 1);
  EXPECT_EQ(Status().secured_fen(), std::numeric_limits<std::int64_t>::max());
}

// The test's day is 2026-03-02.
TEST_F(UnitStatusTest, TellsCautionsInForceOnTheUnitOrTheRight) {
  PutCaution(71, v1::CAUTION_CAUSE_SEIZURE, 0);
  PutCaution(72, v1::CAUTION_CAUSE_OBJECTION, 51, "2026-03-02");
  PutCaution(73, v1::CAUTION_CAUSE_ADVANCE_NOTICE, 51, "2026-03-01");
  PutCaution(74, v1::CAUTION_CAUSE_DISPUTE, 52);
  EXPECT_THAT(Status().cautions(),
              ElementsAre(v1::CAUTION_CAUSE_SEIZURE, v1::CAUTION_CAUSE_OBJECTION));
}

TEST_F(UnitStatusTest, SaysWhatTheLawOfTodayLetsSecureADebt) {
  PutRight(54, "homestead", kHolder);
  PutRight(55, "construction", kHolder);
  PutRight(56, "construction", kHolder, v1::RECORD_STATE_LIVE, v1::GRANT_BASIS_APPROVED_USE);
  PutRight(57, "ownership", kHolder);
  PutRight(58, "no such type", kHolder);
  EXPECT_THAT(Status().mortgageable(), ElementsAre(true, false, true, false, false, false));
  plot_.add_structures()->set_description("厂房");
  test_.Put(v1::RECORD_KIND_PLOT, 31, plot_);
  EXPECT_THAT(Status().mortgageable(), ElementsAre(true, false, true, true, false, false))
      << "with the building on it";
}

TEST_F(UnitStatusTest, NeedsTheConsentOfAHolder) {
  request_.set_consented_by(kOther);
  EXPECT_EQ(Status().rights(0).number(), 52u);
  request_.set_consented_by(99);
  EXPECT_THAT(Refused(), ElementsAre("CONSENT_MISSING"));
  PutRight(51, "contract", kHolder, v1::RECORD_STATE_ENDED);
  request_.set_consented_by(kHolder);
  EXPECT_THAT(Refused(), ElementsAre("CONSENT_MISSING")) << "who held it once";
}

TEST_F(UnitStatusTest, RefusesAConsentThatCannotBe) {
  request_.set_consent_date("2026-03-02");
  EXPECT_THAT(Refused(), IsEmpty());
  request_.set_consent_date("2026-03-03");
  request_.set_consent_hash("short");
  EXPECT_THAT(Refused(), ElementsAre("VALUE_OUT_OF_RANGE", "VALUE_OUT_OF_RANGE"));
}

TEST_F(UnitStatusTest, AUnitThatThereIsNotIsNotFound) {
  request_.set_unit("41");
  EXPECT_THAT(Refused(), IsEmpty());
  request_.set_unit("42");
  EXPECT_THAT(Refused(), ElementsAre("RECORD_NOT_FOUND"));
}

TEST_F(UnitStatusTest, TheConsentIsSaidInTheAccessLogsWords) {
  EXPECT_EQ(ConsentDocument(request_),
            "consent of party 21, 2026-03-01, "
            "0707070707070707070707070707070707070707070707070707070707070707");
}

}  // namespace
}  // namespace landbook::registry
