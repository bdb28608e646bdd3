#include "services/registry/search_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/registry/book_testing.h"

namespace landbook::registry {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class SearchNotesTest : public testing::Test {
 protected:
  void PutRight(std::uint64_t number, std::uint64_t holder, v1::RecordState state) {
    v1::Right right;
    right.set_unit(7);
    right.set_state(state);
    right.add_holders()->set_party(holder);
    test_.Put(v1::RECORD_KIND_RIGHT, number, right);
  }
  template <typename Shown>
  AccessRow RowOf(const Shown& shown) {
    BookReader reader({.engine = &test_.engine(), .book = 1, .county = kTestCounty},
                      test_.book().writer().position().sequence);
    AccessRow row;
    NoteShown(shown, &reader, &row);
    EXPECT_TRUE(reader.status().ok());
    return row;
  }
  static std::vector<std::uint64_t> PartiesOf(const AccessRow& row) {
    std::vector<std::uint64_t> parties;
    for (const ShownParty& shown : row.shown) parties.push_back(shown.number);
    return parties;
  }

  TestBook test_;
};

TEST_F(SearchNotesTest, AUnitShowsWhoHoldsItNow) {
  PutRight(1, 21, v1::RECORD_STATE_ENDED);
  PutRight(2, 22, v1::RECORD_STATE_LIVE);
  v1::Unit unit;
  unit.set_number(7);
  const AccessRow row = RowOf(unit);
  EXPECT_THAT(row.records, ElementsAre(SearchedRecord{v1::RECORD_KIND_UNIT, 7}));
  EXPECT_THAT(PartiesOf(row), ElementsAre(22u));
}

TEST_F(SearchNotesTest, AHistoryShowsEachHolderOnce) {
  v1::GetRightHistoryResponse history;
  for (const std::uint64_t holder : {21u, 22u, 21u}) {
    auto& version = *history.add_versions();
    version.set_number(5);
    version.add_holders()->set_party(holder);
  }
  const AccessRow row = RowOf(history);
  EXPECT_THAT(row.records, ElementsAre(SearchedRecord{v1::RECORD_KIND_RIGHT, 5}));
  EXPECT_THAT(PartiesOf(row), ElementsAre(21u, 22u));
}

TEST_F(SearchNotesTest, AMortgageShowsTheRightsBelowIt) {
  PutRight(2, 22, v1::RECORD_STATE_LIVE);
  v1::Mortgage mortgage;
  mortgage.add_rights(2);
  v1::Certificate certificate;
  *certificate.mutable_mortgage() = mortgage;
  for (const AccessRow& row : {RowOf(mortgage), RowOf(certificate)}) {
    EXPECT_THAT(row.records, ElementsAre(SearchedRecord{v1::RECORD_KIND_RIGHT, 2}));
    EXPECT_THAT(PartiesOf(row), ElementsAre(22u));
  }
}

TEST_F(SearchNotesTest, AStatusShowsTheUnitAndTheRightsOfWhoConsented) {
  v1::Unit unit;
  unit.set_code("9901010010010100001W00000000");
  test_.Put(v1::RECORD_KIND_UNIT, 7, unit);
  v1::UnitStatus status;
  status.set_unit(unit.code());
  v1::Right& right = *status.add_rights();
  right.set_number(2);
  right.add_holders()->set_party(22);
  const AccessRow row = RowOf(status);
  EXPECT_THAT(row.records, ElementsAre(SearchedRecord{v1::RECORD_KIND_UNIT, 7},
                                       SearchedRecord{v1::RECORD_KIND_RIGHT, 2}));
  EXPECT_THAT(PartiesOf(row), ElementsAre(22u));
}

TEST_F(SearchNotesTest, AnOrganisationAndACaseShowNobody) {
  v1::GetPartyHistoryResponse history;
  history.add_versions()->mutable_organisation();
  EXPECT_THAT(RowOf(history).shown, IsEmpty());
  EXPECT_THAT(RowOf(v1::Case()).shown, IsEmpty());
}

}  // namespace
}  // namespace landbook::registry
