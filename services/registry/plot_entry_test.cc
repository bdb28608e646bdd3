// Entering an import's plots leaves byte for byte what deciding their acts one by one leaves.
#include "services/registry/plot_entry.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "geo/area.h"
#include "geo/compact.h"
#include "services/registry/act_testing.h"
#include "services/registry/import_testing.h"
#include "services/registry/plot_testing.h"
#include "services/registry/state_machine.h"

namespace landbook::registry {
namespace {

constexpr BookNumber kBook = 1;
constexpr std::uint64_t kSequence = 40;

using Items = std::vector<std::pair<std::string, std::string>>;

PassedRow RowOf(v1::ImportRow source, const geo::Boundary& boundary) {
  PassedRow row;
  source.set_boundary(geo::EncodeCompact(boundary));
  row.staged = StagedRowOf(std::move(source), boundary.Bounds());
  row.computed_area_hundredths_m2 = geo::ComputedAreaHundredthsM2(boundary);
  return row;
}

PassedRow RowOf(const std::string& code, const geo::Boundary& boundary) {
  v1::ImportRow source;
  source.set_code(code);
  return RowOf(std::move(source), boundary);
}

// What a commit leaves in the state, and its leaves.
struct Left {
  Items changes;
  std::vector<std::string> leaves;
};

class PlotEntryTest : public ::testing::Test {
 protected:
  PlotEntryTest() { bench_.SetBookState(v1::BOOK_STATE_PREPARING); }

  static ImportedPlots PlotsOf(std::vector<PassedRow> rows) {
    return {.rows = std::move(rows), .kind = "contracted", .tier = kTestSurfaceTier};
  }

  ProposedCommit Proposed(const ImportedPlots& plots) const {
    ProposedCommit proposed;
    proposed.commit.set_request_id("import-1");
    proposed.actor = bench_.actor;
    proposed.request_hash = "hash";
    proposed.from_import = true;
    proposed.import = 1;
    proposed.plots = std::make_shared<const ImportedPlots>(plots);
    geo::Box ground;
    for (std::size_t i = 0; i < plots.rows.size(); ++i) {
      ground.Add(plots.rows[i].staged.box());
      for (const v1::Finding& warning : plots.rows[i].warnings) {
        proposed.verdict.findings.push_back({static_cast<std::uint32_t>(i), 0, warning});
      }
    }
    proposed.verdict.windows.push_back({plots.tier, ground});
    return proposed;
  }

  using Way = std::function<std::optional<Applied>(const ProposedCommit&, const Moment&,
                                                   const PackInForce&, Overlay*)>;

  // What one way of taking the commit in leaves; nothing when it does not.
  std::optional<Left> Take(const ProposedCommit& proposed, const Way& way) {
    Overlay batch(&bench_.view());
    const Moment moment{.sequence = kSequence,
                        .first_leaf = 7,
                        .recorded_micros = 1'772'000'000'000'000,
                        .day = bench_.day};
    const auto applied = way(proposed, moment, {&bench_.policy(), &bench_.rules()}, &batch);
    if (!applied) return std::nullopt;
    EXPECT_EQ(applied->response.sequence(), kSequence);
    Left left;
    left.leaves.assign(applied->leaves.begin(), applied->leaves.end());
    storage::WriteBatch write;
    batch.MoveTo(&write);
    for (const auto& operation : write.Operations()) {
      left.changes.emplace_back(operation.key, operation.value);
    }
    return left;
  }

  std::optional<Left> Entered(const ProposedCommit& proposed) {
    return Take(proposed,
                [&](const auto& commit, const auto& moment, const auto& pack, Overlay* batch) {
                  return machine_.Enter(commit, moment, pack, batch);
                });
  }

  std::optional<Left> Decided(ProposedCommit proposed) {
    proposed.SpellOut();
    return Take(proposed,
                [&](const auto& commit, const auto& moment, const auto& pack,
                    Overlay* batch) -> std::optional<Applied> {
                  auto applied = machine_.Apply(commit, moment, pack, batch);
                  if (!applied.ok()) return std::nullopt;
                  return *std::move(applied);
                });
  }

  // Both ways, of rows that have to leave the same.
  void ExpectTheSame(const std::vector<PassedRow>& rows) {
    const ProposedCommit proposed = Proposed(PlotsOf(rows));
    const auto entered = Entered(proposed);
    const auto decided = Decided(proposed);
    ASSERT_TRUE(entered.has_value());
    ASSERT_TRUE(decided.has_value());
    EXPECT_EQ(entered->leaves, decided->leaves);
    EXPECT_EQ(entered->leaves.size(), rows.size() + 1);
    EXPECT_EQ(entered->changes, decided->changes);
  }

  bool Enters(const PassedRow& row) { return Entered(Proposed(PlotsOf({row}))).has_value(); }

  ActBench bench_;
  StateMachine machine_{kBook, &bench_.vault()};
};

std::string AnyText() {
  return *rc::gen::element<std::string>("", "0", "west of the ditch", "沟西",
                                        std::string("a\0b", 3));
}

PassedRow AnyRow(int serial) {
  const Block block{.east = 20.0 * serial,
                    .north = *rc::gen::inRange(-9'000, 9'000) / 1.0,
                    .width = *rc::gen::inRange(1, 15) / 1.0,
                    .height = *rc::gen::element(5.0, 60.0, 800.0, 3'000.0)};
  v1::ImportRow source;
  source.set_code(CodeOf(serial));
  source.set_stated_area_m2(*rc::gen::element<std::string>("", "12.5", "0012.50", "7"));
  source.set_land_use(*rc::gen::element<std::string>("", "0101"));
  source.set_location(AnyText());
  for (int left = *rc::gen::inRange(0, 3); left > 0; --left) {
    v1::Attribute& attribute = *source.add_attributes();
    attribute.set_key(fmt::format("K{}", left));
    attribute.set_value(AnyText());
  }
  PassedRow row = RowOf(std::move(source), BoundaryOfBlock(block));
  for (int left = *rc::gen::inRange(0, 2); left > 0; --left) {
    v1::Finding& warning = row.warnings.emplace_back();
    warning.set_rule("B203");
    warning.set_severity(v1::SEVERITY_WARNING);
    warning.set_message_en("two vertices lie close");
  }
  return row;
}

RC_GTEST_FIXTURE_PROP(PlotEntryTest, LeavesWhatDecidingActByActLeaves, ()) {
  std::vector<int> serials = *rc::gen::unique<std::vector<int>>(rc::gen::inRange(1, 99'999));
  std::vector<PassedRow> rows;
  for (const int serial : serials) rows.push_back(AnyRow(serial));
  if (rows.empty()) rows.push_back(AnyRow(1));
  ExpectTheSame(rows);
}

TEST_F(PlotEntryTest, LeavesToTheStateMachineWhatWantsToBeDecided) {
  const geo::Boundary ground = BoundaryOfBlock({0, 0});
  EXPECT_TRUE(Enters(RowOf(CodeOf(1), ground)));
  // The book gives the code.
  EXPECT_FALSE(Enters(RowOf("", ground)));
  // An older register has it: the act is a carry-over.
  v1::ImportRow registered;
  registered.set_code(CodeOf(1));
  registered.mutable_registered()->set_register_("old");
  EXPECT_FALSE(Enters(RowOf(registered, ground)));
  // Rules that a single row breaks are told by the state machine.
  v1::ImportRow other_use;
  other_use.set_code(CodeOf(1));
  other_use.set_land_use("011");
  const PassedRow use = RowOf(other_use, ground);
  EXPECT_FALSE(Enters(use));
  EXPECT_FALSE(Decided(Proposed(PlotsOf({use}))).has_value());
  for (const char* code : {"9901010010010100001x", "990101001001010000x", "1101010010010100001",
                           "990101001001JC00001"}) {
    EXPECT_FALSE(Enters(RowOf(code, ground))) << code;
    EXPECT_FALSE(Decided(Proposed(PlotsOf({RowOf(code, ground)}))).has_value()) << code;
  }
  // The book gives out codes to other rows of the import, perhaps this one.
  ImportedPlots given = PlotsOf({RowOf(CodeOf(1), ground)});
  given.allocate_division = kTestDivision;
  EXPECT_FALSE(Entered(Proposed(given)).has_value());
  EXPECT_TRUE(Decided(Proposed(given)).has_value());
  // One such row leaves the whole commit to it, and nothing of the others stays.
  EXPECT_FALSE(Entered(Proposed(PlotsOf({RowOf(CodeOf(1), ground), use}))).has_value());
}

TEST_F(PlotEntryTest, LeavesToTheStateMachineACommitOfAnotherBookOrPack) {
  const std::vector<PassedRow> rows = {RowOf(CodeOf(1), BoundaryOfBlock({0, 0}))};
  ImportedPlots unknown = PlotsOf(rows);
  unknown.kind = "no such kind";
  EXPECT_FALSE(Entered(Proposed(unknown)).has_value());
  ImportedPlots moved = PlotsOf(rows);
  moved.tier = kTestSurfaceTier + 1;  // the kind has moved to another tier since
  EXPECT_FALSE(Entered(Proposed(moved)).has_value());
  bench_.SetBookState(v1::BOOK_STATE_OPEN);
  EXPECT_FALSE(Entered(Proposed(PlotsOf(rows))).has_value());
}

TEST_F(PlotEntryTest, LeavesToTheStateMachineWhatWasRefusedOrMayNotBeBrought) {
  const ImportedPlots plots = PlotsOf({RowOf(CodeOf(1), BoundaryOfBlock({0, 0}))});
  ProposedCommit faulty = Proposed(plots);
  faulty.verdict.findings.emplace_back().finding.set_severity(v1::SEVERITY_ERROR);
  EXPECT_FALSE(Entered(faulty).has_value());
  ProposedCommit refused = Proposed(plots);
  refused.verdict.refusals.emplace_back();
  EXPECT_FALSE(Entered(refused).has_value());
  ProposedCommit bank = Proposed(plots);
  bank.actor.set_role(v1::ROLE_BANK);
  EXPECT_FALSE(Entered(bank).has_value());
  EXPECT_FALSE(Decided(bank).has_value());
}

TEST_F(PlotEntryTest, AnswersNoRequestASecondTime) {
  const ProposedCommit proposed = Proposed(PlotsOf({RowOf(CodeOf(1), BoundaryOfBlock({0, 0}))}));
  Overlay batch(&bench_.view());
  Moment moment{.sequence = kSequence, .first_leaf = 7, .recorded_micros = 1, .day = bench_.day};
  const PackInForce pack{&bench_.policy(), &bench_.rules()};
  ASSERT_TRUE(machine_.Enter(proposed, moment, pack, &batch).has_value());
  ++moment.sequence;
  EXPECT_FALSE(machine_.Enter(proposed, moment, pack, &batch).has_value());
}

}  // namespace
}  // namespace landbook::registry
