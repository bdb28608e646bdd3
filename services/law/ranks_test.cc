#include "services/law/ranks.h"

#include <algorithm>

#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

class RanksTest : public Village {
 protected:
  void Enter(const std::string& name, const std::string& day, int sequence) {
    Put<v1::Mortgage>(name, "rights: #Contract state: RECORD_STATE_LIVE registered_date: '" + day +
                                "' entered_sequence: " + std::to_string(sequence));
  }
  std::vector<std::uint64_t> Ranked() {
    std::vector<std::uint64_t> numbers;
    for (const auto& mortgage : RankedMortgages(NumberOf("Contract"), state_)) {
      numbers.push_back(mortgage.number);
    }
    return numbers;
  }
  std::vector<std::uint64_t> Numbers(const std::vector<std::string>& names) {
    std::vector<std::uint64_t> numbers;
    for (const std::string& name : names) numbers.push_back(NumberOf(name));
    return numbers;
  }
};

TEST_F(RanksTest, FollowTheDayThenTheEntryThenTheNumber) {
  Enter("A", "2026-02-01", 5);
  Enter("B", "2026-01-01", 9);
  Enter("C", "2026-02-01", 4);
  Enter("D", "2026-02-01", 5);
  EXPECT_EQ(Ranked(), Numbers({"B", "C", "A", "D"}));
  Change<v1::Mortgage>("C", "state: RECORD_STATE_ENDED");
  EXPECT_EQ(Ranked(), Numbers({"B", "A", "D"}));
}

TEST_F(RanksTest, AnAgreementOrdersThePlacesOfItsMortgagesOnly) {
  Enter("A", "2026-01-01", 1);
  Enter("B", "2026-01-02", 2);
  Enter("C", "2026-01-03", 3);
  Put<v1::RankAgreement>("First", "right: #Contract mortgages: [#C, #A] state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ranked(), Numbers({"C", "B", "A"}));
  Put<v1::RankAgreement>("Second", "right: #Contract mortgages: [#A, #C] state: RECORD_STATE_LIVE");
  EXPECT_EQ(Ranked(), Numbers({"A", "B", "C"}));
}

RC_GTEST_PROP(Reorder, KeepsEveryOtherPlace, ()) {
  std::vector<std::uint64_t> ranked =
      *rc::gen::unique<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1, 1'000));
  const auto agreed =
      *rc::gen::unique<std::vector<std::uint64_t>>(rc::gen::inRange<std::uint64_t>(1, 1'000));
  const auto before = ranked;
  Reorder(agreed, &ranked);
  std::vector<std::uint64_t> moved;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const bool named = std::find(agreed.begin(), agreed.end(), before[i]) != agreed.end();
    if (named) {
      moved.push_back(ranked[i]);
    } else {
      RC_ASSERT(ranked[i] == before[i]);
    }
  }
  std::vector<std::uint64_t> wanted;
  for (const std::uint64_t number : agreed) {
    if (std::find(before.begin(), before.end(), number) != before.end()) wanted.push_back(number);
  }
  RC_ASSERT(moved == wanted);
}

}  // namespace
}  // namespace landbook::law
