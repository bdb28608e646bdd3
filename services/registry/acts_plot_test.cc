// The acts on plots, each permitted and refused, the whole way through the writer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "geo/area.h"
#include "services/registry/act_context.h"
#include "services/registry/book_testing.h"
#include "services/registry/plot_testing.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ActsPlot : public ::testing::Test {
 protected:
  template <typename Record>
  Record Read(std::uint64_t number) {
    const EngineView view(&book_.engine());
    Record record;
    const auto bytes = VersionReader(&view, 1).Value(RecordKey(kKindOf<Record>, number));
    EXPECT_TRUE(bytes && record.ParseFromString(*bytes)) << "record " << number;
    return record;
  }
  std::uint64_t NumberOfCode(const std::string& code) {
    const EngineView view(&book_.engine());
    const auto number =
        VersionReader(&view, 1).Value(TableKey(Table::kAlias).U8(v1::RECORD_KIND_PLOT).Text(code));
    return number ? storage::ByteReader(*number).ReadVarint() : 0;
  }
  std::optional<StoredBoundary> BoundaryNow(std::uint64_t plot) {
    const EngineView view(&book_.engine());
    return BoundaryOf(VersionReader(&view, 1), plot);
  }
  std::string Etag(std::uint64_t plot) {
    const EngineView view(&book_.engine());
    const auto version = VersionReader(&view, 1).Get(RecordKey(v1::RECORD_KIND_PLOT, plot));
    return version ? std::to_string(version->from) : "";
  }

  // Commits what has to be accepted.
  v1::CommitResponse Enter(const v1::Commit& commit) {
    auto outcome = book_.Commit(commit);
    if (outcome.ok()) return *outcome;
    ADD_FAILURE() << outcome.refusals().front().field() << ": "
                  << outcome.refusals().front().message_en();
    return {};
  }
  // The reasons for which a commit is refused; none when it is accepted.
  std::vector<std::string> Refused(const v1::Commit& commit) {
    auto outcome = book_.Commit(commit);
    return outcome.ok() ? std::vector<std::string>() : ReasonsOf(outcome.refusals());
  }

  static v1::NewPlot& Establish(const Block& block, v1::Commit* commit) {
    v1::NewPlot& plot = *commit->add_acts()->mutable_establish_plot()->mutable_plot();
    plot = NewContractedPlot(BoundaryOfBlock(block));
    return plot;
  }
  std::uint64_t EnterPlot(const Block& block) {
    v1::Commit commit;
    Establish(block, &commit);
    return NumberIn(Enter(commit), 0, v1::RECORD_KIND_PLOT);
  }
  v1::AmendPlot& Amend(std::uint64_t plot, v1::Commit* commit) {
    v1::AmendPlot& amend = *commit->add_acts()->mutable_amend_plot();
    amend.mutable_plot()->set_number(plot);
    amend.set_etag(Etag(plot));
    return amend;
  }
  v1::Commit Split(std::uint64_t plot, const std::vector<Block>& parts) {
    v1::Commit commit;
    v1::SplitPlot& split = *commit.add_acts()->mutable_split_plot();
    split.mutable_plot()->set_number(plot);
    split.set_etag(Etag(plot));
    for (const Block& part : parts) *split.add_parts() = NewContractedPlot(BoundaryOfBlock(part));
    return commit;
  }
  v1::Commit Merge(const std::vector<std::uint64_t>& plots) {
    v1::Commit commit;
    v1::MergePlots& merge = *commit.add_acts()->mutable_merge_plots();
    for (const std::uint64_t plot : plots) {
      v1::PlotVersion& version = *merge.add_plots();
      version.mutable_plot()->set_number(plot);
      version.set_etag(Etag(plot));
    }
    return commit;
  }
  v1::Commit Retire(std::uint64_t plot) {
    v1::Commit commit;
    v1::RetirePlot& retire = *commit.add_acts()->mutable_retire_plot();
    retire.mutable_plot()->set_number(plot);
    retire.set_etag(Etag(plot));
    retire.set_ground("entered by mistake");
    return commit;
  }

  // A collective, a household of it and a bank; the household's number is 3, the bank's 4.
  void RegisterParties() {
    v1::Commit commit;
    auto& collective =
        *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_collective();
    collective.set_title("集体");
    collective.set_level(v1::COLLECTIVE_LEVEL_VILLAGE);
    collective.set_division("990101001001");
    auto& person = *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_person();
    person.set_identity_document(v1::IDENTITY_DOCUMENT_PASSPORT);
    person.mutable_private_()->set_full_name("户主");
    person.mutable_private_()->set_identity_number("P1");
    person.mutable_private_()->set_birth_date("1970-01-01");
    auto& household = *commit.add_acts()->mutable_register_party();
    household.mutable_party()->mutable_household();
    household.mutable_collective()->mutable_created_by()->set_act(0);
    auto& member = *household.add_members();
    member.mutable_person()->mutable_created_by()->set_act(1);
    member.set_standing(v1::MEMBER_STANDING_MEMBER);
    member.set_head(true);
    member.set_co_holder(true);
    auto& bank =
        *commit.add_acts()->mutable_register_party()->mutable_party()->mutable_organisation();
    bank.set_title("银行");
    bank.set_organisation_kind(v1::ORGANISATION_KIND_FINANCIAL_INSTITUTION);
    Enter(commit);
  }
  // A unit of the plot with the household's contract right carried over; gives the right's number.
  std::uint64_t CarryContract(std::uint64_t plot, const std::string& end_date = "2049-12-31") {
    v1::Commit commit;
    auto& unit = *commit.add_acts()->mutable_establish_unit();
    unit.mutable_plot()->set_number(plot);
    unit.set_fixture("W");
    auto& carry = *commit.add_acts()->mutable_carry_over();
    carry.set_register_("contract register");
    carry.set_document_number("1");
    carry.set_registered_date("2020-01-01");
    auto& right = *carry.mutable_right();
    right.mutable_unit()->mutable_created_by()->set_act(0);
    right.set_type("contract");
    right.set_co_ownership(v1::CO_OWNERSHIP_JOINT);
    right.add_holders()->mutable_party()->set_number(3);
    right.mutable_term()->set_start_date("2020-01-01");
    right.mutable_term()->set_end_date(end_date);
    return NumberIn(Enter(commit), 1, v1::RECORD_KIND_RIGHT);
  }
  void MortgageRight(std::uint64_t right) {
    v1::Commit commit;
    auto& carry = *commit.add_acts()->mutable_carry_over();
    carry.set_register_("mortgage register");
    carry.set_document_number("2");
    carry.set_registered_date("2021-01-01");
    auto& mortgage = *carry.mutable_mortgage();
    auto& version = *mortgage.add_rights();
    version.mutable_right()->set_number(right);
    const EngineView view(&book_.engine());
    version.set_etag(
        std::to_string(VersionReader(&view, 1).Get(RecordKey(v1::RECORD_KIND_RIGHT, right))->from));
    mortgage.mutable_mortgagee()->set_number(4);
    mortgage.set_mortgage_kind(v1::MORTGAGE_KIND_GENERAL);
    mortgage.set_secured_fen(100'000);
    mortgage.mutable_debt_term()->set_start_date("2021-01-01");
    mortgage.mutable_debt_term()->set_end_date("2030-01-01");
    mortgage.set_transfer_restricted(false);
    Enter(commit);
  }

  TestBook book_;
};

std::string Code(const std::string& serial) { return std::string(kTestDivision) + serial; }

// --- Establishing ------------------------------------------------------------------------------

TEST_F(ActsPlot, EstablishesAPlotAndAllocatesItsCode) {
  v1::Commit commit;
  Establish({0, 0, 10, 12.5}, &commit).set_stated_area_m2("125");
  Establish({20, 0}, &commit);
  Enter(commit);
  const auto plot = Read<v1::Plot>(1);
  EXPECT_EQ(plot.code(), Code("00001"));
  EXPECT_EQ(plot.tier(), "surface");
  EXPECT_EQ(plot.state(), v1::RECORD_STATE_LIVE);
  EXPECT_EQ(plot.stated_area_m2(), "125.00");
  EXPECT_EQ(plot.computed_area_m2(), "125.00");
  EXPECT_EQ(plot.recorded_area_m2(), "125.00");
  EXPECT_EQ(Read<v1::Plot>(2).code(), Code("00002"));
  ASSERT_TRUE(BoundaryNow(1).has_value());
  EXPECT_EQ(BoundaryNow(1)->tier, kTestSurfaceTier);
}

TEST_F(ActsPlot, GoesOnFromTheGreatestSerial) {
  v1::Commit commit;
  Establish({0, 0}, &commit).set_code(Code("00041"));
  Establish({20, 0}, &commit);
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(2).code(), Code("00042"));
}

TEST_F(ActsPlot, ExhaustsSerials) {
  v1::Commit commit;
  Establish({0, 0}, &commit).set_code(Code("99999"));
  Establish({20, 0}, &commit);
  EXPECT_THAT(Refused(commit), ElementsAre("SERIAL_EXHAUSTED"));
}

TEST_F(ActsPlot, MakesCadastralCodesOfTheVillageAndTheKindsLetters) {
  v1::Commit commit;
  Establish({0, 0}, &commit).set_kind("homestead");
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(1).code(), "990101001001JC00001");
}

TEST_F(ActsPlot, RefusesCodesThatDoNotFit) {
  const auto reasons = [&](const std::string& code, const std::string& kind) {
    v1::Commit commit;
    v1::NewPlot& plot = Establish({0, 0}, &commit);
    plot.set_code(code);
    plot.set_kind(kind);
    return Refused(commit);
  };
  EXPECT_THAT(reasons("123", "contracted"), ElementsAre("PLOT_CODE_MALFORMED"));
  EXPECT_THAT(reasons("9901010010010200001", "contracted"), ElementsAre("PLOT_CODE_MALFORMED"));
  EXPECT_THAT(reasons("3703030010010100001", "contracted"),
              ElementsAre("PLOT_CODE_OF_ANOTHER_COUNTY"));
  EXPECT_THAT(reasons("990101001001JB00001", "homestead"), ElementsAre("PLOT_CODE_NOT_OF_KIND"));
  EXPECT_THAT(reasons("990101001001XC00001", "homestead"), ElementsAre("PLOT_CODE_MALFORMED"));
  EXPECT_THAT(reasons("", "no such kind"), Contains("PLOT_KIND_UNKNOWN"));
}

TEST_F(ActsPlot, RefusesDivisionsAndLandUsesThatAreNone) {
  v1::Commit commit;
  v1::NewPlot& plot = Establish({0, 0}, &commit);
  plot.set_division("9901");
  EXPECT_THAT(Refused(commit), ElementsAre("DIVISION_MALFORMED"));
  plot.set_division("370303001001");
  EXPECT_THAT(Refused(commit), ElementsAre("DIVISION_OF_ANOTHER_COUNTY"));
  plot.set_division(kTestDivision);
  plot.set_land_use("farm");
  EXPECT_THAT(Refused(commit), ElementsAre("LAND_USE_UNKNOWN"));
}

TEST_F(ActsPlot, NeverUsesACodeAgain) {
  v1::Commit commit;
  Establish({0, 0}, &commit).set_code(Code("00007"));
  Enter(commit);
  Enter(Retire(1));
  v1::Commit again;
  Establish({50, 0}, &again).set_code(Code("00007"));
  EXPECT_THAT(Refused(again), ElementsAre("CODE_ALREADY_USED"));
}

TEST_F(ActsPlot, RefusesAPlotThatOverlaps) {
  EnterPlot({0, 0});
  v1::Commit commit;
  Establish({5, 0}, &commit);
  EXPECT_THAT(Refused(commit), Contains("PLOT_OVERLAPS_NEIGHBOUR"));
}

TEST_F(ActsPlot, CarriesTheRecordedAreaOver) {
  v1::Commit commit;
  auto& carry = *commit.add_acts()->mutable_carry_over();
  carry.set_register_("contract register");
  carry.set_document_number("1");
  carry.set_registered_date("2015-01-01");
  *carry.mutable_plot()->mutable_plot() = NewContractedPlot(BoundaryOfBlock({0, 0}));
  carry.mutable_plot()->set_recorded_area_m2("99.5");
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(1).recorded_area_m2(), "99.50");
  EXPECT_EQ(Read<v1::Plot>(1).computed_area_m2(), "100.00");
}

// --- Amending ----------------------------------------------------------------------------------

TEST_F(ActsPlot, AmendsAttributesAndLeavesTheBoundary) {
  EnterPlot({0, 0});
  const std::uint64_t from = BoundaryNow(1)->from;
  v1::Commit commit;
  v1::AmendPlot& amend = Amend(1, &commit);
  amend.set_location("村东");
  amend.set_land_use("0101");
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(1).location(), "村东");
  EXPECT_EQ(Read<v1::Plot>(1).land_use(), "0101");
  EXPECT_EQ(BoundaryNow(1)->from, from);
}

TEST_F(ActsPlot, RecordsTheAreaOfANewBoundary) {
  EnterPlot({0, 0});
  v1::Commit commit;
  Amend(1, &commit)
      .mutable_boundary()
      ->set_compact(geo::EncodeCompact(BoundaryOfBlock({0, 0, 11, 10})));
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(1).recorded_area_m2(), "110.00");
  EXPECT_EQ(BoundaryNow(1)->from, 3u);
}

TEST_F(ActsPlot, KeepsFormerCodes) {
  EnterPlot({0, 0});
  v1::Commit commit;
  v1::AmendPlot& amend = Amend(1, &commit);
  amend.set_code("");
  amend.set_division("99010100100202");
  Enter(commit);
  const auto plot = Read<v1::Plot>(1);
  EXPECT_EQ(plot.code(), "9901010010020200001");
  ASSERT_EQ(plot.former_codes_size(), 1);
  EXPECT_EQ(plot.former_codes(0).code(), Code("00001"));
  EXPECT_EQ(plot.former_codes(0).until_sequence(), 3u);
  EXPECT_EQ(NumberOfCode(Code("00001")), 1u);
  v1::Commit taken;
  Establish({50, 0}, &taken).set_code(Code("00001"));
  EXPECT_THAT(Refused(taken), ElementsAre("CODE_ALREADY_USED"));
}

TEST_F(ActsPlot, GivesUnitsTheCodeThatFollows) {
  v1::Commit commit;
  Establish({0, 0}, &commit).set_kind("homestead");
  auto& unit = *commit.add_acts()->mutable_establish_unit();
  unit.mutable_plot()->mutable_created_by()->set_act(0);
  unit.set_fixture("W");
  Enter(commit);
  v1::Commit change;
  Amend(1, &change).set_code("990101001001JC00009");
  Enter(change);
  EXPECT_EQ(Read<v1::Unit>(1).code(), "990101001001JC00009W00000000");
  EXPECT_EQ(Read<v1::Unit>(1).former_codes(0).code(), "990101001001JC00001W00000000");
}

TEST_F(ActsPlot, RefusesAmendments) {
  EnterPlot({0, 0});
  v1::Commit nothing;
  Amend(1, &nothing);
  EXPECT_THAT(Refused(nothing), ElementsAre("NOTHING_CHANGES"));
  v1::Commit stale;
  v1::AmendPlot& amend = Amend(1, &stale);
  amend.set_etag("1");
  amend.set_location("x");
  EXPECT_THAT(Refused(stale), ElementsAre("RECORD_MOVED"));
  v1::Commit division;
  Amend(1, &division).set_division("990101002002");
  EXPECT_THAT(Refused(division), ElementsAre("FIELD_REQUIRED"));
  Enter(Retire(1));
  v1::Commit ended;
  Amend(1, &ended).set_location("x");
  EXPECT_THAT(Refused(ended), ElementsAre("RECORD_ENDED"));
}

// --- Splitting ---------------------------------------------------------------------------------

TEST_F(ActsPlot, SplitsAPlotAndConservesItsArea) {
  v1::Commit commit;
  auto& carry = *commit.add_acts()->mutable_carry_over();
  carry.set_register_("contract register");
  carry.set_document_number("1");
  carry.set_registered_date("2015-01-01");
  *carry.mutable_plot()->mutable_plot() = NewContractedPlot(BoundaryOfBlock({0, 0, 9, 10}));
  carry.mutable_plot()->set_recorded_area_m2("100.01");
  Enter(commit);
  Enter(Split(1, {{0, 0, 3, 10}, {3, 0, 3, 10}, {6, 0, 3, 10}}));
  std::int64_t sum = 0;
  for (const std::uint64_t part : {2, 3, 4}) {
    const auto plot = Read<v1::Plot>(part);
    sum += geo::ParseHundredths(plot.recorded_area_m2()).value();
    EXPECT_EQ(plot.computed_area_m2(), "30.00");
    EXPECT_THAT(plot.made_from(), ElementsAre(1));
    EXPECT_TRUE(BoundaryNow(part).has_value());
  }
  EXPECT_EQ(sum, 10'001);
  EXPECT_EQ(Read<v1::Plot>(1).state(), v1::RECORD_STATE_ENDED);
  EXPECT_THAT(Read<v1::Plot>(1).made_into(), ElementsAre(2, 3, 4));
  EXPECT_FALSE(BoundaryNow(1).has_value());
}

TEST_F(ActsPlot, GivesEveryPartACodeOfItsOwn) {
  EnterPlot({0, 0});
  v1::Commit commit = Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}});
  // The code that would be allocated first is chosen for the second part.
  commit.mutable_acts(0)->mutable_split_plot()->mutable_parts(1)->set_code(Code("00002"));
  Enter(commit);
  EXPECT_EQ(Read<v1::Plot>(2).code(), Code("00003"));
  EXPECT_EQ(Read<v1::Plot>(3).code(), Code("00002"));
}

TEST_F(ActsPlot, NodesTheNeighbourOfASplit) {
  EnterPlot({0, 0});
  EnterPlot({0, 10});
  Enter(Split(1, {{0, 0, 4, 10}, {4, 0, 6, 10}}));
  const auto boundary = geo::DecodeCompact(BoundaryNow(2)->compact);
  ASSERT_TRUE(boundary.ok());
  EXPECT_THAT(boundary->vertices, Contains(TestPoint(4, 10)));
  EXPECT_EQ(Read<v1::Plot>(2).recorded_area_m2(), "100.00");
}

TEST_F(ActsPlot, CarriesRightsToEveryPart) {
  RegisterParties();
  EnterPlot({0, 0});
  const std::uint64_t right = CarryContract(1);
  Enter(Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}}));
  EXPECT_EQ(Read<v1::Right>(right).state(), v1::RECORD_STATE_ENDED);
  EXPECT_EQ(Read<v1::Right>(right).ended_cause(), "split");
  EXPECT_EQ(Read<v1::Unit>(1).state(), v1::RECORD_STATE_ENDED);
  for (const std::uint64_t part : {2, 3}) {
    const auto carried = Read<v1::Right>(part);
    EXPECT_EQ(carried.state(), v1::RECORD_STATE_LIVE);
    EXPECT_EQ(carried.type(), "contract");
    EXPECT_EQ(carried.holders(0).party(), 3u);
    EXPECT_EQ(carried.registered_date(), "2020-01-01");
    EXPECT_EQ(carried.origin().register_(), "contract register");
    const auto unit = Read<v1::Unit>(carried.unit());
    EXPECT_EQ(unit.plot(), part);
    EXPECT_THAT(unit.made_from(), ElementsAre(1));
  }
  EXPECT_NE(Read<v1::Unit>(2).code(), Read<v1::Unit>(3).code());
}

TEST_F(ActsPlot, RefusesSplits) {
  EnterPlot({0, 0});
  EXPECT_THAT(Refused(Split(1, {{0, 0, 10, 10}})), Contains("SPLIT_NEEDS_PARTS"));
  EXPECT_THAT(Refused(Split(1, {{0, 0, 5, 10}, {5, 0, 4, 10}})),
              Contains("PARTS_DIFFER_FROM_WHOLE"));
  v1::Commit kind = Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}});
  kind.mutable_acts(0)->mutable_split_plot()->mutable_parts(1)->set_kind("homestead");
  EXPECT_THAT(Refused(kind), Contains("PARTS_DIFFER_FROM_WHOLE"));
  v1::Commit codes = Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}});
  for (int i = 0; i < 2; ++i) {
    codes.mutable_acts(0)->mutable_split_plot()->mutable_parts(i)->set_code(Code("00005"));
  }
  EXPECT_THAT(Refused(codes), ElementsAre("CODE_ALREADY_USED"));
  v1::Commit blank = Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}});
  blank.mutable_acts(0)->mutable_split_plot()->mutable_parts(0)->clear_boundary();
  EXPECT_THAT(Refused(blank), ElementsAre("BOUNDARY_REQUIRED"));
}

TEST_F(ActsPlot, RefusesToDivideWhatIsEncumbered) {
  RegisterParties();
  EnterPlot({0, 0});
  EnterPlot({10, 0});
  const std::uint64_t right = CarryContract(1);
  CarryContract(2);
  MortgageRight(right);
  EXPECT_THAT(Refused(Split(1, {{0, 0, 5, 10}, {5, 0, 5, 10}})), ElementsAre("PLOT_ENCUMBERED"));
  EXPECT_THAT(Refused(Merge({1, 2})), ElementsAre("PLOT_ENCUMBERED"));
}

// --- Merging -----------------------------------------------------------------------------------

TEST_F(ActsPlot, MergesPlotsAndAddsTheirAreas) {
  EnterPlot({0, 0});
  EnterPlot({10, 0, 5, 10});
  Enter(Merge({1, 2}));
  const auto merged = Read<v1::Plot>(3);
  EXPECT_EQ(merged.recorded_area_m2(), "150.00");
  EXPECT_EQ(merged.computed_area_m2(), "150.00");
  EXPECT_EQ(merged.code(), Code("00003"));
  EXPECT_THAT(merged.made_from(), ElementsAre(1, 2));
  for (const std::uint64_t old : {1, 2}) {
    EXPECT_EQ(Read<v1::Plot>(old).state(), v1::RECORD_STATE_ENDED);
    EXPECT_THAT(Read<v1::Plot>(old).made_into(), ElementsAre(3));
    EXPECT_FALSE(BoundaryNow(old).has_value());
  }
}

TEST_F(ActsPlot, CarriesTheSameRightsIntoAMergedPlot) {
  RegisterParties();
  EnterPlot({0, 0});
  EnterPlot({10, 0});
  CarryContract(1);
  CarryContract(2);
  Enter(Merge({1, 2}));
  EXPECT_EQ(Read<v1::Right>(1).ended_cause(), "merged");
  EXPECT_EQ(Read<v1::Right>(2).ended_cause(), "merged");
  EXPECT_EQ(Read<v1::Right>(3).state(), v1::RECORD_STATE_LIVE);
  EXPECT_EQ(Read<v1::Unit>(Read<v1::Right>(3).unit()).plot(), 3u);
}

TEST_F(ActsPlot, RefusesMerges) {
  RegisterParties();
  EnterPlot({0, 0});
  EnterPlot({10, 0});
  EnterPlot({100, 0});
  v1::Commit other;
  Establish({20, 0}, &other).set_division("99010100100202");
  Enter(other);
  EXPECT_THAT(Refused(Merge({1})), ElementsAre("MERGE_NEEDS_PLOTS"));
  EXPECT_THAT(Refused(Merge({1, 3})), ElementsAre("MERGE_NOT_ADJACENT"));
  EXPECT_THAT(Refused(Merge({2, 4})), Contains("MERGE_OF_DIFFERENT_KINDS"));
  CarryContract(1);
  EXPECT_THAT(Refused(Merge({1, 2})), ElementsAre("RIGHTS_DIFFER"));
  CarryContract(2, "2030-12-31");
  EXPECT_THAT(Refused(Merge({1, 2})), ElementsAre("RIGHTS_DIFFER"));
}

// --- Retiring ----------------------------------------------------------------------------------

TEST_F(ActsPlot, RetiresAPlotWithItsUnits) {
  EnterPlot({0, 0});
  v1::Commit commit;
  auto& unit = *commit.add_acts()->mutable_establish_unit();
  unit.mutable_plot()->set_number(1);
  unit.set_fixture("W");
  Enter(commit);
  Enter(Retire(1));
  EXPECT_EQ(Read<v1::Plot>(1).state(), v1::RECORD_STATE_ENDED);
  EXPECT_EQ(Read<v1::Unit>(1).state(), v1::RECORD_STATE_ENDED);
  EXPECT_FALSE(BoundaryNow(1).has_value());
  EXPECT_NE(EnterPlot({0, 0}), 0u);
}

TEST_F(ActsPlot, RefusesToRetireAPlotWithRights) {
  RegisterParties();
  EnterPlot({0, 0});
  CarryContract(1);
  EXPECT_THAT(Refused(Retire(1)), ElementsAre("PLOT_HAS_RIGHTS"));
}

TEST_F(ActsPlot, FoldsToTheSameBytes) {
  RegisterParties();
  EnterPlot({0, 0});
  EnterPlot({0, 10});
  CarryContract(1);
  Enter(Split(1, {{0, 0, 4, 10}, {4, 0, 6, 10}}));
  Enter(Merge({3, 4}));
  const auto refolded = book_.Refolded();
  for (const Space space : {Space::kCurrent, Space::kPast, Space::kCounter}) {
    EXPECT_EQ(ItemsOf(book_.engine(), 1, space), ItemsOf(*refolded, 1, space));
  }
}

}  // namespace
}  // namespace landbook::registry
