#include "services/registry/book_appointments.h"

#include <gtest/gtest.h>

#include "services/registry/book_testing.h"
#include "services/registry/control_layers.h"

namespace landbook::registry {
namespace {

class BookAppointmentsTest : public testing::Test {
 protected:
  // Whose commits stand for the first administrator's, whom the book itself appoints.
  bool Appoint(v1::Role role, const std::string& from, const std::string& until,
               bool ended = false) {
    v1::Commit commit;
    v1::AppointOfficer& act = *commit.add_acts()->mutable_appoint_officer();
    act.set_principal("li");
    act.set_role(role);
    act.set_from_date(from);
    act.set_until_date(until);
    act.set_ended(ended);
    return test_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), commit).ok();
  }
  bool IsAppointed(std::string_view principal, v1::Role role) {
    const auto refusal = CheckAppointed(test_.book(), ActorOf(principal, role));
    EXPECT_TRUE(!refusal || refusal->reason() == "NOT_APPOINTED");
    return !refusal;
  }
  std::string today() { return TodayOf(test_.book()); }

  TestBook test_;
};

TEST_F(BookAppointmentsTest, AnOfficerHasTheRolesOfItsAppointmentsAndNoOther) {
  EXPECT_FALSE(IsAppointed("li", v1::ROLE_REGISTRAR));
  ASSERT_TRUE(Appoint(v1::ROLE_REGISTRAR, today(), ""));
  EXPECT_TRUE(IsAppointed("li", v1::ROLE_REGISTRAR));
  EXPECT_FALSE(IsAppointed("li", v1::ROLE_ADMINISTRATOR));
  EXPECT_FALSE(IsAppointed("l", v1::ROLE_REGISTRAR));
  EXPECT_FALSE(IsAppointed("lin", v1::ROLE_REGISTRAR));
}

TEST_F(BookAppointmentsTest, AnAppointmentHoldsOnItsDays) {
  ASSERT_TRUE(Appoint(v1::ROLE_REVIEWER, "2999-01-01", ""));
  EXPECT_FALSE(IsAppointed("li", v1::ROLE_REVIEWER));
  ASSERT_TRUE(Appoint(v1::ROLE_REVIEWER, "2001-01-01", "2001-12-31"));
  EXPECT_FALSE(IsAppointed("li", v1::ROLE_REVIEWER));
  ASSERT_TRUE(Appoint(v1::ROLE_REVIEWER, "2001-01-01", today()));
  EXPECT_TRUE(IsAppointed("li", v1::ROLE_REVIEWER));
  ASSERT_TRUE(Appoint(v1::ROLE_REVIEWER, "2001-01-01", today(), /*ended=*/true));
  EXPECT_FALSE(IsAppointed("li", v1::ROLE_REVIEWER));
}

TEST_F(BookAppointmentsTest, WhoMadeTheBookIsItsAdministrator) {
  EXPECT_TRUE(IsAppointed("admin", v1::ROLE_ADMINISTRATOR));
}

}  // namespace
}  // namespace landbook::registry
