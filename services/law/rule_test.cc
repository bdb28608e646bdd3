#include "services/law/rule.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "services/law/state_testing.h"

namespace landbook::law {
namespace {

// A row of docs/rules.tsv: id, effect, source, text_zh, text_en.
using Row = std::vector<std::string>;

std::map<std::string, Row> RowsOfTable() {
  std::map<std::string, Row> rows;
  std::ifstream stream(LANDBOOK_SOURCE_DIR "/docs/rules.tsv");
  std::string line;
  std::getline(stream, line);  // the names of the columns
  while (std::getline(stream, line)) {
    Row row;
    for (std::size_t from = 0; from <= line.size();) {
      const std::size_t to = std::min(line.find('\t', from), line.size());
      row.push_back(line.substr(from, to - from));
      from = to + 1;
    }
    rows.emplace(row.front(), row);
  }
  return rows;
}

// Rules that packs are asked about when they are loaded (services/common/policy_check.h).
const std::set<std::string> kOfPacks = {"L-01", "L-02", "L-05"};

TEST(AllRules, SaysWhatTheTableSays) {
  const auto rows = RowsOfTable();
  ASSERT_FALSE(rows.empty());
  for (const Rule& rule : AllRules()) {
    const auto row = rows.find(std::string(rule.id));
    ASSERT_NE(row, rows.end()) << rule.id;
    EXPECT_NE(row->second[1], "none") << rule.id;
    EXPECT_EQ(row->second[1] == "warns", rule.warns) << rule.id;
    EXPECT_EQ(row->second[2], rule.source) << rule.id;
    EXPECT_EQ(row->second[3], rule.text_zh) << rule.id;
    EXPECT_EQ(row->second[4], rule.text_en) << rule.id;
  }
}

TEST(AllRules, HasEveryRuleOfTheTableOnce) {
  std::set<std::string> ids;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(ids.insert(std::string(rule.id)).second) << rule.id;
    EXPECT_EQ(RuleNamed(rule.id), &rule);
  }
  for (const auto& [id, row] : RowsOfTable()) {
    const bool wanted = row[1] != "none" && !kOfPacks.contains(id);
    EXPECT_EQ(ids.contains(id), wanted) << id;
  }
  EXPECT_EQ(RuleNamed("Z-99"), nullptr);
}

TEST(AllRules, AreOrderedByIdWithinAFamily) {
  for (const auto family :
       {ContractRules(), CirculationRules(), HomesteadRules(), StructureRules(), MortgageRules(),
        WithdrawalRules(), DispositionRules(), ResolutionRules(), MemberRules(), TakingRules(),
        CaseRules(), ProcedureRules()}) {
    EXPECT_TRUE(std::is_sorted(family.begin(), family.end(),
                               [](const Rule& a, const Rule& b) { return a.id < b.id; }));
  }
}

TEST(AllRules, AskOfActsIfAndOnlyIfTheyNameSome) {
  for (const Rule& rule : AllRules()) EXPECT_EQ(rule.acts.empty(), rule.ask == nullptr) << rule.id;
}

class JudgeTest : public Village {};

TEST_F(JudgeTest, TellsRefusalsInTheOrderOfTheTable) {
  Put<v1::Mortgage>("M",
                    "rights: #Contract mortgagee: #Bank transfer_restricted: true "
                    "state: RECORD_STATE_LIVE");
  Put<v1::Caution>("Q",
                   "unit: #FieldU state: RECORD_STATE_LIVE effective_date: '2026-03-02' "
                   "cause: CAUTION_CAUSE_SEIZURE");
  EXPECT_EQ(Ask("transfer_right { right: $Contract cause: TRANSFER_CAUSE_ASSIGNMENT "
                "holders { party: $Farm } }"),
            "C-01@holders[0].party C-01@evidence G-04@evidence P-34@right");
}

TEST_F(JudgeTest, NamesTheActTheSourceAndTheReason) {
  ASSERT_EQ(Ask("transfer_right { right: $Owner cause: TRANSFER_CAUSE_ASSIGNMENT "
                "holders { party: $Farm } }"),
            "R-01@right");
  const v1::Refusal& refusal = last().refusals[0].refusal;
  EXPECT_EQ(refusal.reason(), "OWNERSHIP_STAYS_COLLECTIVE");
  EXPECT_EQ(refusal.source(), "LAL 2, 9, 11; CC 260-262");
}

TEST_F(JudgeTest, RefusesWhatItCannotFind) {
  const v1::Act act = ActOf("transfer_right { right: $Nothing }");
  Question question{.state = &state_, .policy = &policy_, .pack = &pack_, .days = days_};
  question.act = &act;
  question.commit = &commit_;
  const Judgment judgment = Judge(question);
  ASSERT_EQ(judgment.refusals.size(), 1U);
  EXPECT_EQ(judgment.refusals[0].refusal.reason(), "REFERENCE_UNRESOLVED");
}

TEST_F(JudgeTest, SaysNothingOfActsThatNoLawIsAbout) {
  EXPECT_EQ(Ask("establish_plot { plot { kind: 'contracted' } }"), "");
  EXPECT_EQ(Ask("register_party { party { person {} } }"), "");
}

// An older register is believed: what is asked of it is what the book itself can hold.
TEST_F(JudgeTest, AsksOfWhatIsCarriedOverNoEvidence) {
  EXPECT_EQ(
      Ask("carry_over { right { unit: $Field3U type: 'contract' holders { party: $Suns } basis: "
          "GRANT_BASIS_HOUSEHOLD_CONTRACT term { start_date: '1998-10-01' end_date: "
          "'2028-09-30' } } }"),
      "");
  EXPECT_EQ(Ask("carry_over { mortgage { rights { right: $Contract } mortgagee: $Farm } }"),
            "G-20@mortgagee");
}

}  // namespace
}  // namespace landbook::law
