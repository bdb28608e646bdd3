// Who may bring which act: the table of the contract, act by act.
#include "services/registry/acts_book_state.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "services/registry/act_testing.h"
#include "services/registry/acts.h"

namespace landbook::registry {
namespace {

// Every act of the contract, with nothing in it.
std::vector<v1::Act> AllActs() {
  std::vector<v1::Act> acts;
  const auto& type = *v1::Act::descriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    v1::Act& act = acts.emplace_back();
    act.GetReflection()->MutableMessage(&act, type.field(i));
  }
  return acts;
}

bool Lists(const v1::ActAccess& access, v1::Role role) {
  return std::find(access.roles().begin(), access.roles().end(), role) != access.roles().end();
}

TEST(AccessTo, NamesRolesForEveryAct) {
  for (const v1::Act& act : AllActs()) {
    const v1::ActAccess& access = AccessTo(act.act_case());
    EXPECT_TRUE(Lists(access, v1::ROLE_ADMINISTRATOR)) << ActName(act);
    for (const v1::Role role :
         {v1::ROLE_BANK, v1::ROLE_TRADING_CENTRE, v1::ROLE_AUDITOR, v1::ROLE_CITIZEN}) {
      EXPECT_FALSE(Lists(access, role)) << ActName(act);
    }
  }
}

// What changes a right, a mortgage or a caution is registered with its case; what runs the book,
// the steps of a case and what is only recorded is not.
TEST(AccessTo, SaysWhichActsNeedACase) {
  std::set<std::string> by_case;
  for (const v1::Act& act : AllActs()) {
    if (AccessTo(act.act_case()).by_case()) by_case.emplace(ActName(act));
  }
  EXPECT_THAT(by_case,
              testing::IsSupersetOf({"grant_right", "transfer_right", "vary_right",
                                     "extinguish_right", "withdraw_right", "register_mortgage",
                                     "place_caution", "lift_caution", "correct", "split_plot"}));
  for (const char* act : {"register_party", "establish_plot", "carry_over", "open_book",
                          "record_filing", "record_resolution", "accept_case", "register_case"}) {
    EXPECT_FALSE(by_case.contains(act)) << act;
  }
}

TEST(RoleMayBring, AsksTheTableForEveryActAndRole) {
  ActBench bench;
  bench.SetBookState(v1::BOOK_STATE_CLOSED);
  for (const v1::Act& act : AllActs()) {
    for (int role = v1::Role_MIN; role <= v1::Role_MAX; ++role) {
      bench.actor.set_role(static_cast<v1::Role>(role));
      const bool listed = Lists(AccessTo(act.act_case()), static_cast<v1::Role>(role));
      const char* const expected = listed ? "BOOK_CLOSED" : "ACT_ROLE_NOT_ALLOWED";
      EXPECT_THAT(bench.Do(act).reasons(), testing::ElementsAre(expected))
          << ActName(act) << " by " << v1::Role_Name(static_cast<v1::Role>(role));
    }
  }
}

TEST(RoleMayBring, NamesTheRolesThatMay) {
  ActBench bench;
  v1::Act act;
  act.mutable_open_book();
  const Decided decided = bench.Do(act);
  ASSERT_EQ(decided.refusals.size(), 1u);
  EXPECT_EQ(decided.refusals[0].field(), "commit.acts[0].open_book");
  EXPECT_NE(decided.refusals[0].message_en().find("administrator only"), std::string::npos);
}

}  // namespace
}  // namespace landbook::registry
