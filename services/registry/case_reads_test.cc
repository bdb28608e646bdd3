#include "services/registry/case_reads.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "services/registry/book_testing.h"
#include "services/registry/collective_reads.h"
#include "services/registry/household_reads.h"
#include "services/registry/plot_reads.h"
#include "services/registry/right_reads.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

common::CallContext CallOfRegistrar() {
  common::CallContext call;
  call.actor = ActorOf("wang", v1::ROLE_REGISTRAR);
  call.request_id = "call";
  return call;
}

// A book into which records are folded as they are, whatever act makes them.
class CaseReadsTest : public testing::Test {
 protected:
  void Put(v1::RecordKind kind, std::uint64_t number, const google::protobuf::Message& record) {
    test_.Put(kind, number, record);
  }

  void PutCase(std::uint64_t number, v1::CaseState state, std::uint64_t unit,
               std::uint64_t applicant, std::uint64_t agent = 0) {
    v1::Case one;
    one.set_code("99010120260301" + std::to_string(100'000 + number));
    one.set_state(state);
    one.add_units(unit);
    auto& side = *one.add_applicants();
    side.set_party(applicant);
    side.set_agent(agent);
    Put(v1::RECORD_KIND_CASE, number, one);
  }

  std::vector<std::uint64_t> Numbers(const v1::ListCasesRequest& request) {
    const auto listed = ListCases(book(), call_, request);
    std::vector<std::uint64_t> numbers;
    if (!listed.ok()) return numbers;
    for (const v1::Case& one : listed->cases()) numbers.push_back(one.number());
    return numbers;
  }

  Book& book() { return test_.book(); }
  const common::CallContext call_ = CallOfRegistrar();
  TestBook test_;
};

template <typename T>
std::string ReasonOf(const common::Outcome<T>& outcome) {
  return outcome.ok() ? "" : outcome.refusals().front().reason();
}

TEST_F(CaseReadsTest, ACaseIsFoundByNumberAndByCode) {
  PutCase(1, v1::CASE_STATE_ACCEPTED, 5, 7);
  v1::GetCaseRequest request;
  request.set_case_("1");
  const auto by_number = GetCase(book(), call_, request);
  ASSERT_TRUE(by_number.ok());
  EXPECT_EQ(by_number->name(), "counties/" + std::string(book().code()) + "/cases/1");
  EXPECT_NE(by_number->etag(), "");
  request.set_case_(by_number->code());
  EXPECT_EQ(GetCase(book(), call_, request)->number(), 1u);
  request.set_case_("2");
  EXPECT_EQ(ReasonOf(GetCase(book(), call_, request)), "RECORD_NOT_FOUND");
}

TEST_F(CaseReadsTest, CasesAreListedByUnitPartyAndState) {
  PutCase(1, v1::CASE_STATE_ACCEPTED, 5, 7);
  PutCase(2, v1::CASE_STATE_REGISTERED, 5, 8, /*agent=*/7);
  PutCase(3, v1::CASE_STATE_REVIEWED, 6, 8);
  PutCase(4, v1::CASE_STATE_ACCEPTED, 6, 9);
  EXPECT_THAT(Numbers({}), ElementsAre(1u, 2u, 3u, 4u));
  v1::ListCasesRequest request;
  request.set_unit(5);
  EXPECT_THAT(Numbers(request), ElementsAre(1u, 2u));
  request.add_states(v1::CASE_STATE_REGISTERED);
  EXPECT_THAT(Numbers(request), ElementsAre(2u));
  request.set_party(7);
  EXPECT_THAT(Numbers(request), ElementsAre(2u));
  request.clear_states();
  EXPECT_THAT(Numbers(request), ElementsAre(1u, 2u)) << "an agent's cases are among a party's";
}

TEST_F(CaseReadsTest, OpenCasesAreListedByStateInTheOrderOfAcceptance) {
  PutCase(1, v1::CASE_STATE_ACCEPTED, 5, 7);
  PutCase(2, v1::CASE_STATE_REGISTERED, 5, 8);
  PutCase(3, v1::CASE_STATE_REVIEWED, 6, 8);
  PutCase(4, v1::CASE_STATE_ACCEPTED, 6, 9);
  v1::ListCasesRequest request;
  request.add_states(v1::CASE_STATE_ACCEPTED);
  request.add_states(v1::CASE_STATE_REVIEWED);
  EXPECT_THAT(Numbers(request), ElementsAre(1u, 3u, 4u));
  // One that goes on to another state leaves the list of the one it had.
  PutCase(4, v1::CASE_STATE_REFUSED, 6, 9);
  EXPECT_THAT(Numbers(request), ElementsAre(1u, 3u));
  request.add_states(v1::CASE_STATE_REFUSED);
  EXPECT_THAT(Numbers(request), ElementsAre(1u, 3u, 4u));
}

TEST_F(CaseReadsTest, PagesOfCasesFollowEachOther) {
  for (std::uint64_t number = 1; number <= 5; ++number) {
    PutCase(number, v1::CASE_STATE_ACCEPTED, 5, 7);
  }
  v1::ListCasesRequest request;
  request.set_page_size(2);
  request.add_states(v1::CASE_STATE_ACCEPTED);
  std::vector<std::uint64_t> all;
  do {
    const auto page = ListCases(book(), call_, request);
    ASSERT_TRUE(page.ok());
    ASSERT_LE(page->cases_size(), 2);
    for (const v1::Case& one : page->cases()) all.push_back(one.number());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(all, ElementsAre(1u, 2u, 3u, 4u, 5u));
}

TEST_F(CaseReadsTest, AnApplicationIsReadUnderItsCasesNumber) {
  v1::Application application;
  application.set_kind("contract-transfer");
  Put(v1::RECORD_KIND_APPLICATION, 3, application);
  v1::GetApplicationRequest request;
  request.set_case_(3);
  EXPECT_EQ(GetApplication(book(), call_, request)->kind(), "contract-transfer");
  request.set_case_(4);
  EXPECT_EQ(ReasonOf(GetApplication(book(), call_, request)), "RECORD_NOT_FOUND");
}

TEST_F(CaseReadsTest, APackIsReadByItsNumberOrAsTheOneInForce) {
  const auto in_force = GetPack(book(), call_, {});
  ASSERT_TRUE(in_force.ok());
  EXPECT_EQ(in_force->code(), "sample");
  EXPECT_FALSE(in_force->chain().empty());
  v1::GetPackRequest request;
  request.set_pack(1);
  EXPECT_EQ(GetPack(book(), call_, request)->SerializeAsString(), in_force->SerializeAsString());
  request.set_pack(99);
  EXPECT_EQ(ReasonOf(GetPack(book(), call_, request)), "RECORD_NOT_FOUND");
}

TEST_F(CaseReadsTest, CautionsThatTimeCanEndAreListedForTheWholeBook) {
  const auto put = [&](std::uint64_t number, v1::CautionCause cause, const std::string& expiry,
                       v1::RecordState state) {
    v1::Caution caution;
    caution.set_unit(number);
    caution.set_cause(cause);
    caution.set_expiry_date(expiry);
    caution.set_state(state);
    Put(v1::RECORD_KIND_CAUTION, number, caution);
  };
  put(1, v1::CAUTION_CAUSE_DISPUTE, "", v1::RECORD_STATE_LIVE);
  put(2, v1::CAUTION_CAUSE_OBJECTION, "", v1::RECORD_STATE_LIVE);
  put(3, v1::CAUTION_CAUSE_SEIZURE, "2027-01-01", v1::RECORD_STATE_LIVE);
  put(4, v1::CAUTION_CAUSE_OBJECTION, "", v1::RECORD_STATE_ENDED);
  const auto listed = ListCautions(book(), call_, {});
  ASSERT_TRUE(listed.ok());
  std::vector<std::uint64_t> numbers;
  for (const v1::Caution& caution : listed->cautions()) numbers.push_back(caution.number());
  EXPECT_THAT(numbers, ElementsAre(2u, 3u));
}

TEST_F(CaseReadsTest, TheDayThatACaseRunsToIsComputedOnReading) {
  v1::Case one;
  one.set_code("99010120260302000001");
  one.set_kind("contract-transfer");
  one.set_accepted_date("2026-03-02");
  one.set_pack(1);
  const auto due = [&](v1::CaseState state) {
    one.set_state(state);
    Put(v1::RECORD_KIND_CASE, 7, one);
    v1::GetCaseRequest request;
    request.set_case_("7");
    return GetCase(book(), call_, request)->due_date();
  };
  EXPECT_EQ(due(v1::CASE_STATE_ACCEPTED), "2026-04-13");  // thirty working days
  v1::CalendarDay holiday;
  holiday.set_date("2026-04-06");
  holiday.set_working(false);
  Put(v1::RECORD_KIND_CALENDAR_DAY, 20260406, holiday);
  EXPECT_EQ(due(v1::CASE_STATE_ACCEPTED), "2026-04-14");
  v1::ListCasesRequest all;
  EXPECT_EQ(ListCases(book(), call_, all)->cases(0).due_date(), "2026-04-14");
  EXPECT_EQ(due(v1::CASE_STATE_REGISTERED), "");
  v1::ClockStop& stop = *one.add_stops();
  stop.set_cause(v1::CLOCK_STOP_CAUSE_SUSPENSION);
  stop.set_from_date("2026-03-03");
  EXPECT_EQ(due(v1::CASE_STATE_ACCEPTED), "");
}

TEST_F(CaseReadsTest, TheDayThatACautionLapsesOnIsComputedOnReading) {
  const auto lapses = [&](v1::CautionCause cause, v1::RecordState state) {
    v1::Caution caution;
    caution.set_unit(3);
    caution.set_cause(cause);
    caution.set_effective_date("2026-03-06");
    caution.set_state(state);
    Put(v1::RECORD_KIND_CAUTION, 1, caution);
    v1::GetCautionRequest request;
    request.set_caution(1);
    return GetCaution(book(), call_, request)->lapse_date();
  };
  // The fifteenth day is a Saturday (CC 203, 220).
  EXPECT_EQ(lapses(v1::CAUTION_CAUSE_OBJECTION, v1::RECORD_STATE_LIVE), "2026-03-23");
  EXPECT_EQ(ListCautions(book(), call_, {})->cautions(0).lapse_date(), "2026-03-23");
  EXPECT_EQ(lapses(v1::CAUTION_CAUSE_OBJECTION, v1::RECORD_STATE_ENDED), "");
  EXPECT_EQ(lapses(v1::CAUTION_CAUSE_SEIZURE, v1::RECORD_STATE_LIVE), "");
}

TEST_F(CaseReadsTest, PlotsAreListedByDivision) {
  const auto put = [&](std::uint64_t number, const std::string& code, const std::string& division) {
    v1::Plot plot;
    plot.set_code(code);
    plot.set_division(division);
    Put(v1::RECORD_KIND_PLOT, number, plot);
  };
  put(1, "9901010010010100001", "99010100100101");
  put(2, "9901010010010200001", "99010100100102");
  put(3, "9901010020010100001", "99010100200101");
  const auto numbers = [&](const std::string& division) {
    v1::ListPlotsRequest request;
    request.set_division(division);
    std::vector<std::uint64_t> found;
    const auto listed = ListPlots(book(), call_, request);
    if (!listed.ok()) return found;
    for (const v1::Plot& plot : listed->plots()) found.push_back(plot.number());
    return found;
  };
  EXPECT_THAT(numbers("990101001001"), ElementsAre(1u, 2u));
  EXPECT_THAT(numbers("99010100100102"), ElementsAre(2u));
  EXPECT_THAT(numbers("990102"), IsEmpty());
}

TEST_F(CaseReadsTest, CalendarDaysAreThoseOfTheStretch) {
  for (const char* date : {"2026-09-30", "2026-10-01", "2026-10-10", "2026-10-11"}) {
    v1::CalendarDay day;
    day.set_date(date);
    day.set_working(false);
    Put(v1::RECORD_KIND_CALENDAR_DAY, DayNumber(date), day);
  }
  v1::ListCalendarDaysRequest request;
  request.set_from_date("2026-10-01");
  request.set_until_date("2026-10-10");
  const auto days = ListCalendarDays(book(), call_, request);
  ASSERT_TRUE(days.ok());
  ASSERT_EQ(days->days_size(), 2);
  EXPECT_EQ(days->days(0).date(), "2026-10-01");
  EXPECT_EQ(days->days(1).date(), "2026-10-10");
  request.set_from_date("2026-10-12");
  request.set_until_date("2026-12-31");
  EXPECT_THAT(ListCalendarDays(book(), call_, request)->days(), IsEmpty());
}

TEST_F(CaseReadsTest, FilingsRanksAndAdvancesAreFoundByWhatTheyAreAbout) {
  v1::Filing filing;
  filing.add_rights(2);
  filing.set_with(9);
  Put(v1::RECORD_KIND_FILING, 1, filing);
  v1::ListFilingsRequest filings;
  EXPECT_EQ(ReasonOf(ListFilings(book(), call_, filings)), "ONEOF_REQUIRED");
  filings.set_right(2);
  EXPECT_EQ(ListFilings(book(), call_, filings)->filings_size(), 1);
  filings.set_right(3);
  EXPECT_EQ(ListFilings(book(), call_, filings)->filings_size(), 0);
  filings.set_with(9);
  EXPECT_EQ(ListFilings(book(), call_, filings)->filings(0).number(), 1u);

  v1::RankAgreement agreement;
  agreement.set_right(2);
  Put(v1::RECORD_KIND_RANK_AGREEMENT, 4, agreement);
  v1::ListRankAgreementsRequest ranks;
  ranks.set_right(2);
  EXPECT_EQ(ListRankAgreements(book(), call_, ranks)->rank_agreements(0).number(), 4u);

  v1::FundAdvance advance;
  advance.set_fund(8);
  advance.set_right(2);
  advance.set_advanced_fen(100);
  advance.set_repaid_fen(100);
  Put(v1::RECORD_KIND_FUND_ADVANCE, 5, advance);
  advance.set_repaid_fen(40);
  Put(v1::RECORD_KIND_FUND_ADVANCE, 6, advance);
  v1::ListFundAdvancesRequest advances;
  EXPECT_EQ(ReasonOf(ListFundAdvances(book(), call_, advances)), "ONEOF_REQUIRED");
  advances.set_fund(8);
  EXPECT_EQ(ListFundAdvances(book(), call_, advances)->fund_advances_size(), 2);
  advances.set_outstanding_only(true);
  ASSERT_EQ(ListFundAdvances(book(), call_, advances)->fund_advances_size(), 1);
  EXPECT_EQ(ListFundAdvances(book(), call_, advances)->fund_advances(0).number(), 6u);
}

TEST_F(CaseReadsTest, ResolutionsThatWereRevokedAreListedWhenAskedFor) {
  v1::Resolution resolution;
  resolution.set_collective(3);
  resolution.set_state(v1::RECORD_STATE_LIVE);
  Put(v1::RECORD_KIND_RESOLUTION, 1, resolution);
  resolution.set_state(v1::RECORD_STATE_ENDED);
  Put(v1::RECORD_KIND_RESOLUTION, 2, resolution);
  v1::ListResolutionsRequest request;
  request.set_collective(3);
  EXPECT_EQ(ListResolutions(book(), call_, request)->resolutions_size(), 1);
  request.set_include_ended(true);
  EXPECT_EQ(ListResolutions(book(), call_, request)->resolutions_size(), 2);
  v1::GetResolutionRequest one;
  one.set_resolution(2);
  EXPECT_EQ(GetResolution(book(), call_, one)->state(), v1::RECORD_STATE_ENDED);
}

TEST_F(CaseReadsTest, AppointmentsAreListedByNameAndByDay) {
  const auto put = [&](std::uint64_t number, const std::string& principal,
                       const std::string& until) {
    v1::Appointment appointment;
    appointment.set_principal(principal);
    appointment.set_role(v1::ROLE_INTAKE);
    appointment.set_from_date("2020-01-01");
    appointment.set_until_date(until);
    Put(v1::RECORD_KIND_APPOINTMENT, number, appointment);
  };
  put(11, "zhao", "");
  put(12, "li", "2020-12-31");
  put(13, "li", "");
  const auto names = [&](const v1::ListAppointmentsRequest& request) {
    std::vector<std::string> found;
    const auto listed = ListAppointments(book(), call_, request);
    if (!listed.ok()) return found;
    for (const auto& one : listed->appointments()) {
      found.push_back(one.principal() + " " + one.until_date());
    }
    return found;
  };
  v1::ListAppointmentsRequest request;
  EXPECT_THAT(names(request), ElementsAre("admin ", "li ", "zhao "));
  request.set_include_ended(true);
  EXPECT_THAT(names(request), ElementsAre("admin ", "li 2020-12-31", "li ", "zhao "));
  request.set_principal("zhao");
  EXPECT_THAT(names(request), ElementsAre("zhao "));
  request.set_principal("");
  request.set_page_size(3);
  const auto first = ListAppointments(book(), call_, request);
  ASSERT_TRUE(first.ok());
  request.set_page_token(first->next_page_token());
  EXPECT_THAT(names(request), ElementsAre("zhao "));
}

TEST_F(CaseReadsTest, AHouseholdIsSeenWithItsRightsAndWhatBurdensThem) {
  v1::Party collective;
  collective.mutable_collective()->set_title("一村集体");
  Put(v1::RECORD_KIND_PARTY, 21, collective);
  v1::Party household;
  household.mutable_household()->set_collective(21);
  household.mutable_household()->set_contractor_code("990101001001010001");
  household.mutable_household()->set_eligibility(v1::HOMESTEAD_ELIGIBILITY_HELD);
  Put(v1::RECORD_KIND_PARTY, 22, household);
  v1::Plot plot;
  plot.set_code("9901010010010100001");
  plot.set_recorded_area_m2("666.67");
  Put(v1::RECORD_KIND_PLOT, 31, plot);
  v1::Unit unit;
  unit.set_code("990101001001JC00001W00000000");
  unit.set_plot(31);
  Put(v1::RECORD_KIND_UNIT, 41, unit);
  const auto put_right = [&](std::uint64_t number, const std::string& type, std::uint64_t holder,
                             std::uint64_t parent, v1::RecordState state) {
    v1::Right right;
    right.set_type(type);
    right.set_unit(41);
    right.set_parent(parent);
    right.set_state(state);
    right.add_holders()->set_party(holder);
    Put(v1::RECORD_KIND_RIGHT, number, right);
  };
  put_right(51, "contract", 22, 0, v1::RECORD_STATE_LIVE);
  put_right(52, "management", 21, 51, v1::RECORD_STATE_LIVE);
  put_right(53, "homestead", 22, 0, v1::RECORD_STATE_ENDED);
  v1::Mortgage mortgage;
  mortgage.add_rights(51);
  mortgage.set_state(v1::RECORD_STATE_LIVE);
  Put(v1::RECORD_KIND_MORTGAGE, 61, mortgage);
  v1::Caution caution;
  caution.set_unit(41);
  caution.set_cause(v1::CAUTION_CAUSE_SEIZURE);
  caution.set_state(v1::RECORD_STATE_LIVE);
  Put(v1::RECORD_KIND_CAUTION, 71, caution);

  v1::GetHouseholdOverviewRequest request;
  request.set_household("990101001001010001");
  const auto overview = GetHouseholdOverview(book(), call_, request);
  ASSERT_TRUE(overview.ok());
  EXPECT_EQ(overview->household().number(), 22u);
  EXPECT_EQ(overview->collective().number(), 21u);
  EXPECT_EQ(overview->eligibility(), v1::HOMESTEAD_ELIGIBILITY_HELD);
  EXPECT_FALSE(overview->income_shares_kept());
  ASSERT_EQ(overview->contract_rights_size(), 1);
  const v1::OverviewRight& contract = overview->contract_rights(0);
  EXPECT_EQ(contract.right().number(), 51u);
  EXPECT_EQ(contract.unit(), unit.code());
  EXPECT_EQ(contract.plot(), plot.code());
  EXPECT_EQ(contract.recorded_area_m2(), "666.67");
  EXPECT_EQ(contract.mortgages(), 1u);
  EXPECT_EQ(contract.derived_rights(), 1u);
  EXPECT_THAT(contract.cautions(), ElementsAre(v1::CAUTION_CAUSE_SEIZURE));
  EXPECT_EQ(overview->homestead_rights_size(), 0) << "one that has ended is not held";
  EXPECT_EQ(overview->other_rights_size(), 0) << "what derives from it is another's";

  request.set_household("21");
  EXPECT_EQ(ReasonOf(GetHouseholdOverview(book(), call_, request)), "RECORD_NOT_FOUND");
  v1::GetPartyHistoryRequest history;
  history.set_party(22);
  EXPECT_EQ(GetPartyHistory(book(), call_, history)->versions_size(), 1);
  history.set_party(99);
  EXPECT_EQ(ReasonOf(GetPartyHistory(book(), call_, history)), "RECORD_NOT_FOUND");
}

}  // namespace
}  // namespace landbook::registry
