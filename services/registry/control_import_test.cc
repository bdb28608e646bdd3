#include "services/registry/control_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "services/registry/book_testing.h"
#include "services/registry/commit_check.h"
#include "services/registry/control_layers.h"
#include "services/registry/control_reads.h"
#include "services/registry/importer.h"
#include "services/registry/journal.h"
#include "services/registry/plot_testing.h"
#include "services/registry/state_machine.h"

namespace landbook::registry {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kVillageCode[] = "990101001001";

using Rows = google::protobuf::RepeatedPtrField<v1::ImportRow>;

v1::ImportRow ShapeRow(std::int64_t number, const std::string& code,
                       const geo::Boundary& boundary) {
  v1::ImportRow row;
  row.set_row(number);
  row.set_code(code);
  row.set_location("name of " + code);
  row.set_boundary(geo::EncodeCompact(boundary));
  return row;
}

// A bow tie: it crosses itself (B103).
geo::Boundary BowTie(double east) {
  return geo::BoundaryOf({{TestPoint(east, 0), TestPoint(east + 100, 100), TestPoint(east + 100, 0),
                           TestPoint(east, 100)}});
}

v1::NewPlot Homestead(const geo::Boundary& boundary) {
  v1::NewPlot plot = NewContractedPlot(boundary);
  plot.set_kind("homestead");
  plot.set_land_use("0702");
  return plot;
}

v1::Commit Establish(const v1::NewPlot& plot) {
  v1::Commit commit;
  *commit.add_acts()->mutable_establish_plot()->mutable_plot() = plot;
  return commit;
}

// The pack of a county that keeps every layer.
v1::Commit AdoptKeepingPack() {
  auto chain = common::PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy",
                                              "national");
  EXPECT_TRUE(chain.ok());
  chain->push_back("code: \"keeping\" version: 1 title: \"县\" parent: \"national\" sample: true");
  v1::Commit commit;
  auto& adopt = *commit.add_acts()->mutable_adopt_pack();
  for (const std::string& text : *chain) adopt.add_chain(text);
  return commit;
}

class ControlImportTest : public ::testing::Test {
 protected:
  ControlImportTest() : importer_(std::make_unique<Importer>(&book_.book())) {}

  static v1::CreateImportRequest Request(const std::string& layer,
                                         const std::string& effective = "2020-01-01") {
    v1::CreateImportRequest request;
    request.set_county(kTestCounty);
    request.set_source("layer.gpkg");
    request.set_workers(2);
    request.mutable_control()->set_layer(layer);
    request.mutable_control()->set_effective_date(effective);
    request.mutable_control()->set_document_number("D-1");
    return request;
  }
  v1::Import Import(const Rows& rows, const v1::CreateImportRequest& request) {
    const auto created = importer_->Create(request, ActorOf("surveyor", v1::ROLE_SURVEYOR));
    EXPECT_TRUE(created.ok()) << created.refusals().front().message_en();
    last_ = created->number();
    EXPECT_TRUE(importer_->AddRows(last_, Rows(rows)).ok());
    EXPECT_TRUE(importer_->Run(last_).ok());
    while (true) {
      const auto now = importer_->Get(last_);
      if (now->state() >= v1::IMPORT_STATE_DONE) return *now;
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  // A version of one shape.
  v1::Import ImportOne(const std::string& layer, const geo::Boundary& boundary,
                       const std::string& effective = "2020-01-01") {
    Rows rows;
    *rows.Add() = ShapeRow(0, kVillageCode, boundary);
    const v1::Import import = Import(rows, Request(layer, effective));
    EXPECT_EQ(import.state(), v1::IMPORT_STATE_DONE) << import.failure();
    return import;
  }
  std::vector<v1::ControlLayer> Layers(const v1::ReadOptions& read = {}) {
    v1::ListControlLayersRequest request;
    request.set_county(kTestCounty);
    *request.mutable_read() = read;
    const auto answer = ListControlLayers(book_.book(), common::CallContext(), request);
    EXPECT_TRUE(answer.ok());
    return {answer->layers().begin(), answer->layers().end()};
  }
  std::vector<v1::ControlShape> Shapes(std::uint64_t layer) {
    v1::ListControlShapesRequest request;
    request.set_county(kTestCounty);
    request.set_layer(layer);
    const auto answer = ListControlShapes(book_.book(), common::CallContext(), request);
    EXPECT_TRUE(answer.ok());
    return {answer->shapes().begin(), answer->shapes().end()};
  }
  std::vector<std::string> RulesOf(std::uint64_t import) {
    const auto page = importer_->ListFindings(import, "", 100);
    std::vector<std::string> rules;
    for (const v1::Finding& finding : page->findings) rules.push_back(finding.rule());
    return rules;
  }
  std::vector<std::string> Refused(const v1::Commit& commit,
                                   v1::Role role = v1::ROLE_REGISTRAR) {
    const auto outcome = book_.CommitAs(ActorOf("officer", role), commit);
    return outcome.ok() ? std::vector<std::string>() : ReasonsOf(outcome.refusals());
  }
  static void SubmitAsImport(TestBook& book, const v1::Commit& commit) {
    ProposedCommit proposed;
    proposed.commit = commit;
    proposed.commit.set_request_id("import");
    proposed.actor = ActorOf("surveyor", v1::ROLE_SURVEYOR);
    proposed.from_import = true;
    std::promise<bool> answered;
    book.book().writer().Submit(
        std::move(proposed), BookWriter::Lane::kImport,
        [&](common::Outcome<v1::CommitResponse> outcome) { answered.set_value(outcome.ok()); });
    EXPECT_TRUE(answered.get_future().get());
  }
  std::uint64_t Sequence() { return book_.book().writer().position().sequence; }
  void ExpectRefoldsAlike() {
    const auto refolded = book_.Refolded();
    for (const Space space : {Space::kCurrent, Space::kPast, Space::kCounter}) {
      const auto kept = ItemsOf(book_.engine(), 1, space);
      const auto again = ItemsOf(*refolded, 1, space);
      ASSERT_EQ(kept.size(), again.size());
      for (std::size_t i = 0; i < kept.size(); ++i) {
        ASSERT_EQ(kept[i].key, again[i].key);
        ASSERT_EQ(kept[i].value, again[i].value);
      }
    }
  }

  TestBook book_;
  std::unique_ptr<Importer> importer_;
  std::uint64_t last_ = 0;
};

// --- Versions ------------------------------------------------------------------------------------

TEST_F(ControlImportTest, MakesAVersion) {
  Rows rows;
  *rows.Add() = ShapeRow(4, "F1", BoundaryOfBlock({0, 0, 100, 100}));
  *rows.Add() = ShapeRow(5, "F2", BoundaryOfBlock({50, 0, 100, 100}));  // overlaps: legal here
  v1::Attribute& zone = *rows.Mutable(1)->add_attributes();
  zone.set_key("zone");
  zone.set_value("soil-pollution");
  v1::Attribute& classes = *rows.Mutable(1)->add_attributes();
  classes.set_key("land_classes");
  classes.set_value("07, 0801");
  const v1::Import import = Import(rows, Request("restricted"));
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_DONE) << import.failure();
  EXPECT_EQ(import.accepted(), 2u);
  EXPECT_EQ(import.committed(), 2u);
  EXPECT_EQ(import.last_sequence(), Sequence());
  EXPECT_THAT(RulesOf(last_), IsEmpty());

  const auto layers = Layers();
  ASSERT_EQ(layers.size(), 1u);
  EXPECT_EQ(layers[0].number(), import.control_layer());
  EXPECT_EQ(layers[0].name(), "counties/990101/controlLayers/1");
  EXPECT_EQ(layers[0].layer(), "restricted");
  EXPECT_EQ(layers[0].version(), 1u);
  EXPECT_EQ(layers[0].state(), v1::CONTROL_LAYER_STATE_WHOLE);
  EXPECT_EQ(layers[0].shapes(), 2u);
  EXPECT_EQ(layers[0].source(), "layer.gpkg");
  EXPECT_TRUE(layers[0].in_force());

  const auto shapes = Shapes(layers[0].number());
  ASSERT_EQ(shapes.size(), 2u);
  const v1::ControlShape& second = shapes[0].code() == "F2" ? shapes[0] : shapes[1];
  EXPECT_EQ(second.title(), "name of F2");
  EXPECT_EQ(second.row(), 5);
  EXPECT_EQ(second.zone(), "soil-pollution");
  EXPECT_THAT(second.land_classes(), ElementsAre("07", "0801"));
  EXPECT_THAT(second.attributes(), IsEmpty());
  EXPECT_EQ(second.boundary().compact(), geo::EncodeCompact(BoundaryOfBlock({50, 0, 100, 100})));
  ExpectRefoldsAlike();
}

TEST_F(ControlImportTest, ManyShapesComeInSeveralCommits) {
  Rows rows;
  for (int i = 0; i < 2'100; ++i) {
    *rows.Add() = ShapeRow(i, "", BoundaryOfBlock({20.0 * (i % 50), 20.0 * (i / 50)}));
  }
  const v1::Import import = Import(rows, Request("red-line"));
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_DONE) << import.failure();
  EXPECT_EQ(import.committed(), 2'100u);
  EXPECT_EQ(Layers()[0].shapes(), 2'100u);
  EXPECT_EQ(import.last_sequence(), 1u + 4u);  // begin, two of shapes, complete
  EXPECT_THAT(Refused(Establish(Homestead(BoundaryOfBlock({205, 805, 2, 2})))),
              ElementsAre("PLOT_AGAINST_CONTROL_LAYER"));
}

TEST_F(ControlImportTest, TheSameDeliveryAgainChangesNothing) {
  const v1::Import first = ImportOne("red-line", BoundaryOfBlock({0, 0, 100, 100}));
  const std::uint64_t before = Sequence();
  const v1::Import again = ImportOne("red-line", BoundaryOfBlock({0, 0, 100, 100}));
  EXPECT_EQ(again.unchanged(), 1u);
  EXPECT_EQ(again.control_layer(), first.control_layer());
  EXPECT_EQ(Sequence(), before);
  EXPECT_EQ(Layers().size(), 1u);
}

TEST_F(ControlImportTest, AnInterruptedDeliveryGoesOnWhereItEnded) {
  Rows rows;
  *rows.Add() = ShapeRow(0, "R1", BoundaryOfBlock({0, 0, 10, 10}));
  *rows.Add() = ShapeRow(1, "R2", BoundaryOfBlock({20, 0, 10, 10}));
  ASSERT_EQ(Import(rows, Request("red-line")).state(), v1::IMPORT_STATE_DONE);
  // Another book to which the server that took the delivery got as far as the first shape.
  TestBook other;
  v1::Commit commit;
  auto& begin = *commit.add_acts()->mutable_begin_control_layer();
  *begin.mutable_source() = Request("red-line").control();
  begin.set_digest(Layers()[0].digest());
  auto& add = *commit.add_acts()->mutable_add_control_shapes();
  add.set_layer(1);
  v1::ControlShape& shape = *add.add_shapes();
  shape = Shapes(1)[0];
  shape.set_compact(shape.boundary().compact());
  shape.clear_boundary();
  SubmitAsImport(other, commit);
  const EngineView view(&other.engine());
  EXPECT_EQ(ControlLayerOf(VersionReader(&view, 1), 1).state(), v1::CONTROL_LAYER_STATE_PREPARING);
  EXPECT_THAT(LayersInForce(VersionReader(&view, 1), "2026-03-02"), IsEmpty());

  importer_ = std::make_unique<Importer>(&other.book());
  const v1::Import resumed = Import(rows, Request("red-line"));
  EXPECT_EQ(resumed.state(), v1::IMPORT_STATE_DONE) << resumed.failure();
  EXPECT_EQ(resumed.control_layer(), 1u);
  EXPECT_EQ(resumed.committed(), 1u);
  EXPECT_THAT(LayersInForce(VersionReader(&view, 1), "2026-03-02"), ElementsAre(1));
  EXPECT_EQ(ControlLayerOf(VersionReader(&view, 1), 1).shapes(), 2u);
  importer_.reset();  // before its book
}

TEST_F(ControlImportTest, OfTheVersionsTheOneWhoseDayHasComeLastIsInForce) {
  ImportOne("red-line", BoundaryOfBlock({0, 0, 100, 100}), "2020-01-01");
  ImportOne("red-line", BoundaryOfBlock({200, 0, 100, 100}), "2099-01-01");
  ImportOne("red-line", BoundaryOfBlock({400, 0, 100, 100}), "2019-01-01");
  ImportOne("village", BoundaryOfBlock({0, 0, 1000, 1000}), "2019-01-01");
  const EngineView view(&book_.engine());
  const VersionReader state(&view, 1);
  EXPECT_THAT(LayersInForce(state, "2018-12-31"), IsEmpty());
  EXPECT_THAT(LayersInForce(state, "2019-06-01"), ElementsAre(3, 4));
  EXPECT_THAT(LayersInForce(state, "2020-01-01"), ElementsAre(1, 4));
  EXPECT_THAT(LayersInForce(state, "2099-01-01"), ElementsAre(2, 4));
  EXPECT_EQ(Layers()[2].version(), 3u);
  // As of an earlier entry the book has only what it had then.
  v1::ReadOptions early;
  early.set_sequence(2);
  ASSERT_EQ(Layers(early).size(), 1u);
  EXPECT_EQ(Layers(early)[0].state(), v1::CONTROL_LAYER_STATE_PREPARING);
  // Of two of one date the later one.
  ImportOne("red-line", BoundaryOfBlock({600, 0, 100, 100}), "2020-01-01");
  EXPECT_THAT(LayersInForce(state, "2020-01-01"), ElementsAre(5, 4));
}

TEST_F(ControlImportTest, OnlyB101ToB104KeepARowOut) {
  Rows rows;
  *rows.Add() = ShapeRow(0, "R1", BoundaryOfBlock({0, 0, 0.5, 0.5}));  // too small for a plot
  *rows.Add() = ShapeRow(1, "R2", BowTie(200));
  v1::ImportRow none;
  none.set_row(2);
  *rows.Add() = none;
  const v1::Import import = Import(rows, Request("red-line"));
  EXPECT_EQ(import.read(), 3u);
  EXPECT_EQ(import.accepted(), 1u);
  EXPECT_EQ(import.rejected(), 2u);
  EXPECT_THAT(RulesOf(last_), ElementsAre("B403", "B103"));
  EXPECT_EQ(Layers()[0].shapes(), 2u);
  EXPECT_EQ(Layers()[0].rows_left_out(), 1u);
  // The ground of the faulty shape is not free: a warning, which an officer may accept.
  v1::Commit commit = Establish(Homestead(BoundaryOfBlock({210, 10})));
  EXPECT_THAT(Refused(commit), ElementsAre("BOUNDARY_WARNING"));
  auto& accepted = *commit.add_overrides();
  accepted.set_rule("B303");
  accepted.set_reason("the line runs elsewhere");
  accepted.set_document_number("D-2");
  EXPECT_THAT(Refused(commit), IsEmpty());
}

TEST_F(ControlImportTest, NoShapeNoVersion) {
  Rows rows;
  *rows.Add() = ShapeRow(0, "R1", BowTie(0));
  const v1::Import import = Import(rows, Request("red-line"));
  EXPECT_EQ(import.state(), v1::IMPORT_STATE_FAILED);
  EXPECT_EQ(import.rejected(), 1u);
  EXPECT_THAT(import.failure(), HasSubstr("makes no version"));
  EXPECT_THAT(Layers(), IsEmpty());
}

TEST_F(ControlImportTest, ADryRunMakesNoVersion) {
  v1::CreateImportRequest request = Request("red-line");
  request.set_dry_run(true);
  Rows rows;
  *rows.Add() = ShapeRow(0, "R1", BoundaryOfBlock({}));
  EXPECT_EQ(Import(rows, request).accepted(), 1u);
  EXPECT_THAT(Layers(), IsEmpty());
}

TEST_F(ControlImportTest, RefusesALayerThatThereIsNoneOf) {
  const auto refused =
      importer_->Create(Request("red_line"), ActorOf("surveyor", v1::ROLE_SURVEYOR));
  EXPECT_THAT(ReasonsOf(refused.refusals()), ElementsAre("CONTROL_LAYER_UNKNOWN"));
  v1::CreateImportRequest neither;
  neither.set_county(kTestCounty);
  EXPECT_THAT(ReasonsOf(importer_->Create(neither, v1::Actor()).refusals()),
              ElementsAre("FIELD_REQUIRED"));
}

TEST_F(ControlImportTest, ActsByHandAreRefused) {
  v1::Commit commit;
  auto& begin = *commit.add_acts()->mutable_begin_control_layer();
  begin.mutable_source()->set_layer("red-line");
  commit.add_acts()->mutable_add_control_shapes()->set_layer(1);
  commit.add_acts()->mutable_complete_control_layer()->set_layer(1);
  EXPECT_THAT(Refused(commit, v1::ROLE_SURVEYOR),
              ElementsAre("CONTROL_LAYER_BY_IMPORT_ONLY", "CONTROL_LAYER_BY_IMPORT_ONLY",
                          "CONTROL_LAYER_BY_IMPORT_ONLY"));
}

// --- Acts on plots -------------------------------------------------------------------------------

TEST_F(ControlImportTest, AnActAgainstALayerIsRefused) {
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  const auto outcome = book_.Commit(Establish(Homestead(BoundaryOfBlock({95, 10}))));
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(ReasonsOf(outcome.refusals()), ElementsAre("PLOT_AGAINST_CONTROL_LAYER"));
  EXPECT_THAT(outcome.refusals()[0].message_en(), HasSubstr("B302"));
  EXPECT_THAT(outcome.refusals()[0].message_en(), HasSubstr("50 m2"));
  EXPECT_THAT(outcome.refusals()[0].message_en(), HasSubstr("version 1 (D-1)"));
  EXPECT_THAT(Refused(Establish(Homestead(BoundaryOfBlock({100, 10})))), IsEmpty());
  EXPECT_THAT(Refused(Establish(NewContractedPlot(BoundaryOfBlock({50, 10})))), IsEmpty());
}

TEST_F(ControlImportTest, PuttingAPlotToAnotherUseAsksTheLayers) {
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  const auto made = book_.Commit(Establish(NewContractedPlot(BoundaryOfBlock({50, 10}))));
  ASSERT_TRUE(made.ok());
  v1::Commit commit;
  auto& amend = *commit.add_acts()->mutable_amend_plot();
  amend.mutable_plot()->set_number(NumberIn(*made, 0, v1::RECORD_KIND_PLOT));
  amend.set_etag(std::to_string(made->sequence()));
  amend.set_land_use("0601");
  EXPECT_THAT(Refused(commit), ElementsAre("PLOT_AGAINST_CONTROL_LAYER"));
  amend.set_land_use("0201");
  EXPECT_THAT(Refused(commit), IsEmpty());
}

TEST_F(ControlImportTest, LaterActsOfACommitAreAskedAsEarlierOnesLeaveThePlot) {
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  v1::Commit commit = Establish(NewContractedPlot(BoundaryOfBlock({50, 10})));
  auto& amend = *commit.add_acts()->mutable_amend_plot();
  amend.mutable_plot()->mutable_created_by()->set_act(0);
  amend.set_etag("*");
  amend.set_land_use("0601");
  const auto outcome = book_.Commit(commit);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.refusals()[0].reason(), "PLOT_AGAINST_CONTROL_LAYER");
  EXPECT_EQ(outcome.refusals()[0].field(), "commit.acts[1]");
}

TEST_F(ControlImportTest, SplitsAndMergesAskTheLayers) {
  const auto made = book_.Commit(Establish(NewContractedPlot(BoundaryOfBlock({50, 0, 20, 20}))));
  ASSERT_TRUE(made.ok());
  ImportOne("village", BoundaryOfBlock({0, 0, 60, 100}));
  v1::Commit commit;
  auto& split = *commit.add_acts()->mutable_split_plot();
  split.mutable_plot()->set_number(NumberIn(*made, 0, v1::RECORD_KIND_PLOT));
  split.set_etag(std::to_string(made->sequence()));
  *split.add_parts() = NewContractedPlot(BoundaryOfBlock({50, 0, 10, 20}));
  *split.add_parts() = NewContractedPlot(BoundaryOfBlock({60, 0, 10, 20}));
  const auto outcome = book_.Commit(commit);
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(ReasonsOf(outcome.refusals()), ElementsAre("PLOT_AGAINST_CONTROL_LAYER"));
  EXPECT_THAT(outcome.refusals()[0].message_en(), HasSubstr("B301"));
}

TEST_F(ControlImportTest, AWarningIsAcceptedByOverride) {
  ImportOne("urban-boundary", BoundaryOfBlock({0, 0, 100, 100}));
  v1::Commit commit = Establish(Homestead(BoundaryOfBlock({200, 10})));
  EXPECT_THAT(Refused(commit), ElementsAre("BOUNDARY_WARNING"));
  auto& accepted = *commit.add_overrides();
  accepted.set_rule("B306");
  accepted.set_reason("a village outside the town");
  accepted.set_document_number("D-3");
  const auto outcome = book_.Commit(commit);
  ASSERT_TRUE(outcome.ok());
  ASSERT_EQ(outcome->findings_size(), 1);
  EXPECT_EQ(outcome->findings(0).control_layer(), "urban-boundary");
  const EngineView journal(&book_.engine());
  const auto entry = ReadEntry(journal, 1, outcome->sequence());
  EXPECT_THAT(entry->header.verdict().control_layers(), ElementsAre(1));
}

TEST_F(ControlImportTest, ACarriedOverPlotKeepsWhatTheLayersSay) {
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  v1::Commit commit;
  auto& carried = *commit.add_acts()->mutable_carry_over();
  carried.set_register_("old register");
  carried.set_document_number("D-0");
  carried.set_registered_date("1998-01-01");
  *carried.mutable_plot()->mutable_plot() = Homestead(BoundaryOfBlock({50, 10}));
  carried.mutable_plot()->set_recorded_area_m2("99.00");
  const auto outcome = book_.Commit(commit);
  ASSERT_TRUE(outcome.ok()) << outcome.refusals().front().message_en();
  ASSERT_EQ(outcome->findings_size(), 1);
  EXPECT_EQ(outcome->findings(0).rule(), "B302");
}

TEST_F(ControlImportTest, AVersionThatComesInAfterTheCheckIsLookedAtByTheWriter) {
  const v1::Commit commit = Establish(Homestead(BoundaryOfBlock({50, 10})));
  const auto policy = book_.book().writer().policy();
  const auto inputs = [&] {
    return CommitCheckInputs{.commit = &commit,
                             .policy = policy.get(),
                             .epsg = book_.book().epsg(),
                             .plane_extent = book_.book().plane_extent(),
                             .sequence = Sequence(),
                             .day = "2026-03-02"};
  };
  const EngineView view(&book_.engine());
  CommitVerdict verdict = CheckCommit(inputs(), VersionReader(&view, 1, Sequence()));
  EXPECT_THAT(verdict.findings, IsEmpty());
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  RefreshVerdict(inputs(), VersionReader(&view, 1), &verdict);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].finding.rule(), "B302");
  EXPECT_THAT(verdict.control_layers, ElementsAre(1));
  // A later version that leaves the ground free takes the finding back.
  ImportOne("basic-farmland", BoundaryOfBlock({500, 0, 100, 100}));
  RefreshVerdict(inputs(), VersionReader(&view, 1), &verdict);
  EXPECT_THAT(verdict.findings, IsEmpty());
  EXPECT_THAT(verdict.control_layers, ElementsAre(2));
}

TEST_F(ControlImportTest, TheWriterRefusesWhatWasCheckedAgainstAnOlderVersion) {
  // A proposal whose check saw no layer, submitted after one came in.
  const v1::Commit commit = Establish(Homestead(BoundaryOfBlock({50, 10})));
  const auto policy = book_.book().writer().policy();
  const EngineView view(&book_.engine());
  ProposedCommit proposed;
  proposed.commit = commit;
  proposed.commit.set_request_id("early");
  proposed.actor = ActorOf("registrar", v1::ROLE_REGISTRAR);
  proposed.verdict = CheckCommit({.commit = &commit,
                                  .policy = policy.get(),
                                  .epsg = book_.book().epsg(),
                                  .plane_extent = book_.book().plane_extent(),
                                  .sequence = Sequence(),
                                  .day = "2026-03-02"},
                                 VersionReader(&view, 1, Sequence()));
  ImportOne("basic-farmland", BoundaryOfBlock({0, 0, 100, 100}));
  std::promise<common::Outcome<v1::CommitResponse>> answered;
  book_.book().writer().Submit(
      std::move(proposed), BookWriter::Lane::kClerk,
      [&](common::Outcome<v1::CommitResponse> outcome) { answered.set_value(std::move(outcome)); });
  const auto outcome = answered.get_future().get();
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(ReasonsOf(outcome.refusals()), ElementsAre("PLOT_AGAINST_CONTROL_LAYER"));
}

TEST_F(ControlImportTest, ACountyThatKeepsLayersNeedsThem) {
  ASSERT_TRUE(book_.CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), AdoptKeepingPack()).ok());
  EXPECT_THAT(Refused(Establish(NewContractedPlot(BoundaryOfBlock({0, 0})))),
              ElementsAre("LAYER_MISSING", "LAYER_MISSING"));
  ImportOne("village", BoundaryOfBlock({-100, -100, 500, 500}));
  EXPECT_THAT(Refused(Establish(NewContractedPlot(BoundaryOfBlock({0, 0})))),
              ElementsAre("LAYER_MISSING"));
  ImportOne("restricted", BoundaryOfBlock({300, 300}));
  EXPECT_THAT(Refused(Establish(NewContractedPlot(BoundaryOfBlock({0, 0})))), IsEmpty());
  EXPECT_THAT(Refused(Establish(Homestead(BoundaryOfBlock({50, 0})))),
              ElementsAre("LAYER_MISSING", "LAYER_MISSING", "LAYER_MISSING"));
}

// --- Imports of plots ----------------------------------------------------------------------------

class PlotsUnderControlTest : public ControlImportTest {
 protected:
  v1::Import ImportPlots(int across, const std::string& kind = "homestead") {
    Rows rows;
    for (int i = 0; i < across * across; ++i) {
      v1::ImportRow row;
      row.set_row(i);
      row.set_boundary(
          geo::EncodeCompact(BoundaryOfBlock({10.0 * (i % across), 10.0 * (i / across)})));
      *rows.Add() = row;
    }
    v1::CreateImportRequest request;
    request.set_county(kTestCounty);
    request.set_kind(kind);
    request.set_allocate_division(kTestDivision);
    request.set_workers(2);
    return Import(rows, request);
  }
};

TEST_F(PlotsUnderControlTest, RowsAgainstALayerStayOut) {
  ImportOne("red-line", BoundaryOfBlock({0, 0, 25, 1000}));
  ImportOne("urban-boundary", BoundaryOfBlock({0, 0, 60, 1000}));
  const v1::Import import = ImportPlots(10);
  EXPECT_EQ(import.read(), 100u);
  EXPECT_EQ(import.rejected(), 30u);  // three columns of ten
  EXPECT_EQ(import.committed(), 70u);
  EXPECT_EQ(RulesOf(last_).size(), 30u + 40u);  // B306 warns of the four columns to the east
  EXPECT_THAT(import.rules_not_run(), ElementsAre("B301", "B302", "B305"));
  EXPECT_THAT(Refused(Establish(Homestead(BoundaryOfBlock({30, 200})))), IsEmpty());
  ExpectRefoldsAlike();
}

TEST_F(PlotsUnderControlTest, FarmlandIsNotConcerned) {
  ImportOne("red-line", BoundaryOfBlock({0, 0, 25, 1000}));
  const v1::Import import = ImportPlots(5, "contracted");
  EXPECT_EQ(import.committed(), 25u);
  EXPECT_THAT(RulesOf(last_), Not(Contains("B303")));
}

}  // namespace
}  // namespace landbook::registry
