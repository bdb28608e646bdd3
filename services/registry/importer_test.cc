#include "services/registry/importer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "fmt/format.h"
#include "services/common/finding_wire.h"
#include "services/registry/act_context.h"
#include "services/registry/book_testing.h"
#include "services/registry/import_check.h"
#include "services/registry/import_commit.h"
#include "services/registry/import_staging.h"
#include "services/registry/import_testing.h"
#include "services/registry/window_index.h"
#include "storage/bytes.h"

namespace landbook::registry {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ImporterTest : public ::testing::Test {
 protected:
  ImporterTest() : importer_(std::make_unique<Importer>(&book_.book())) {}

  static v1::CreateImportRequest Request() {
    v1::CreateImportRequest request;
    request.set_county(kTestCounty);
    request.set_kind("contracted");
    request.set_workers(2);
    return request;
  }
  std::uint64_t Create(const v1::CreateImportRequest& request) {
    auto import = importer_->Create(request, ActorOf("surveyor", v1::ROLE_SURVEYOR));
    EXPECT_TRUE(import.ok());
    return import.ok() ? import->number() : 0;
  }
  v1::Import WaitFor(std::uint64_t import) {
    while (true) {
      auto now = importer_->Get(import);
      if (!now.ok()) return {};
      const auto state = now->state();
      if (state == v1::IMPORT_STATE_DONE || state == v1::IMPORT_STATE_CANCELLED ||
          state == v1::IMPORT_STATE_FAILED) {
        return *now;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
  }
  // Stages the rows in pieces, runs, waits, and checks what holds of every import.
  v1::Import Import(const Rows& rows, const v1::CreateImportRequest& request = Request()) {
    last_ = Create(request);
    for (int begin = 0; begin < rows.size(); begin += 7) {
      Rows some(rows.begin() + begin, rows.begin() + std::min(begin + 7, rows.size()));
      const auto added = importer_->AddRows(last_, std::move(some));
      EXPECT_TRUE(added.ok()) << added.refusals().front().message_en();
    }
    EXPECT_TRUE(importer_->Run(last_).ok());
    v1::Import import = WaitFor(last_);
    EXPECT_EQ(import.state(), v1::IMPORT_STATE_DONE) << import.failure();
    EXPECT_EQ(import.read(), static_cast<std::uint32_t>(rows.size()));
    EXPECT_EQ(import.checked(), import.read());
    EXPECT_EQ(import.accepted() + import.rejected(), import.read());
    return import;
  }
  std::vector<v1::Finding> Findings(std::uint64_t import) {
    std::vector<v1::Finding> findings;
    std::string from;
    do {
      auto page = importer_->ListFindings(import, from, 3);
      EXPECT_TRUE(page.ok());
      findings.insert(findings.end(), page->findings.begin(), page->findings.end());
      from = page->next;
    } while (!from.empty());
    return findings;
  }
  // "B402 row 3", in the order told.
  std::vector<std::string> Errors(std::uint64_t import) {
    std::vector<std::string> errors;
    for (const v1::Finding& finding : Findings(import)) {
      if (finding.severity() != v1::SEVERITY_ERROR) continue;
      errors.push_back(fmt::format("{} row {}", finding.rule(), finding.row()));
    }
    return errors;
  }
  // What the book has: code to boundary.
  std::map<std::string, std::string> Plots() {
    const EngineView view(&book_.engine());
    const VersionReader state(&view, 1);
    std::map<std::string, std::string> plots;
    state.Scan(TableKey(Table::kPlot),
               [&](std::string_view, std::uint64_t, std::string_view bytes) {
                 v1::Plot plot;
                 EXPECT_TRUE(plot.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
                 plots[plot.code()];
                 return true;
               });
    for (auto& [code, boundary] : plots) {
      const auto alias = state.Value(TableKey(Table::kAlias).U8(v1::RECORD_KIND_PLOT).Text(code));
      const auto stored = BoundaryOf(state, storage::ByteReader(*alias).ReadVarint());
      if (stored) boundary = stored->compact;
    }
    return plots;
  }
  std::uint64_t Sequence() { return book_.book().writer().position().sequence; }

  TestBook book_;
  std::unique_ptr<Importer> importer_;
  std::uint64_t last_ = 0;
};

TEST_F(ImporterTest, TakesACleanFieldIn) {
  const v1::Import import = Import(Field(12));
  EXPECT_EQ(import.accepted(), 144u);
  EXPECT_EQ(import.rejected(), 0u);
  EXPECT_EQ(import.unchanged(), 0u);
  EXPECT_EQ(import.committed(), 144u);
  EXPECT_EQ(import.last_sequence(), Sequence());
  EXPECT_THAT(Errors(last_), IsEmpty());
  EXPECT_EQ(Plots().size(), 144u);
  EXPECT_EQ(Plots()[CodeOf(1)], geo::EncodeCompact(BoundaryOfBlock({0, 0})));
}

TEST_F(ImporterTest, KeepsBothOfTwoOverlappingRowsOut) {
  Rows rows = Field(3);
  *rows.Add() = Row(100, CodeOf(500), BoundaryOfBlock({2, 2, 5, 5}));
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.rejected(), 2u);
  EXPECT_EQ(import.committed(), 8u);
  EXPECT_THAT(Errors(last_), ElementsAre("B202 row 0"));
  EXPECT_EQ(Findings(last_).front().other_row(), 100);
}

TEST_F(ImporterTest, KeepsANewRowOutForAPlotOfTheBook) {
  Import(Field(2));
  Rows rows;
  *rows.Add() = Row(5, CodeOf(500), BoundaryOfBlock({15, 15}));
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.rejected(), 1u);
  EXPECT_THAT(Errors(last_), ElementsAre("B201 row 5"));
  EXPECT_EQ(Findings(last_).front().other_plot(), CodeOf(4));
  EXPECT_EQ(Findings(last_).front().other_row(), -1);
}

TEST_F(ImporterTest, RejectsRowsByTheirAttributes) {
  Rows rows;
  *rows.Add() = Row(1, "123", BoundaryOfBlock({0, 0}));
  *rows.Add() = Row(2, "3703030010010100001", BoundaryOfBlock({20, 0}));
  *rows.Add() = Row(3, "", BoundaryOfBlock({40, 0}));
  *rows.Add() = Row(4, CodeOf(4), BoundaryOfBlock({60, 0}));
  rows.Mutable(3)->clear_boundary();
  *rows.Add() = Row(5, CodeOf(5), geo::Boundary());
  *rows.Add() = Row(6, CodeOf(6), BoundaryOfBlock({80, 0}));
  rows.Mutable(5)->set_land_use("farm");
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.rejected(), 6u);
  EXPECT_THAT(Errors(last_),
              ::testing::UnorderedElementsAre("B401 row 1", "B401 row 2", "B403 row 3",
                                              "B403 row 4", "B403 row 5", "B403 row 6"));
}

TEST_F(ImporterTest, TellsWhatTheReaderFound) {
  Rows rows = Field(1);
  v1::Finding& finding = *rows.Mutable(0)->add_findings();
  finding.set_rule("B404");
  finding.set_severity(v1::SEVERITY_ERROR);
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.rejected(), 1u);
  EXPECT_THAT(Errors(last_), ElementsAre("B404 row 0"));
  ASSERT_EQ(import.findings_size(), 1);
  EXPECT_EQ(import.findings(0).rule(), "B404");
  EXPECT_EQ(import.findings(0).count(), 1u);
}

TEST_F(ImporterTest, RejectsEveryRowOfARepeatedCode) {
  Rows rows = Field(2);
  for (int i = 1; i < 4; ++i) rows.Mutable(i)->set_code(CodeOf(77));
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.accepted(), 1u);
  EXPECT_THAT(Errors(last_), ElementsAre("B402 row 1", "B402 row 2", "B402 row 3"));
}

TEST_F(ImporterTest, TakesAWarningInAndKeepsItWithTheAct) {
  Rows rows = Field(1);
  rows.Mutable(0)->set_stated_area_m2("90");
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.committed(), 1u);
  ASSERT_EQ(Findings(last_).size(), 1u);
  EXPECT_EQ(Findings(last_).front().rule(), "B110");
}

TEST_F(ImporterTest, LeavesRowsUnchangedThatTheBookHas) {
  Import(Field(4));
  const std::uint64_t before = Sequence();
  const v1::Import again = Import(Field(4));
  EXPECT_EQ(again.unchanged(), 16u);
  EXPECT_EQ(again.accepted(), 16u);
  EXPECT_EQ(again.committed(), 0u);
  EXPECT_EQ(Sequence(), before);
  EXPECT_THAT(Findings(last_), IsEmpty());
}

TEST_F(ImporterTest, RefusesOtherContentUnderACodeOfTheBook) {
  Import(Field(2));
  Rows rows = Field(2);
  rows.Mutable(0)->set_location("elsewhere");
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.unchanged(), 3u);
  EXPECT_EQ(import.rejected(), 1u);
  EXPECT_THAT(Errors(last_), ElementsAre("B402 row 0"));
}

TEST_F(ImporterTest, GoesOnWithWhatIsMissing) {
  Rows rows = Field(4);
  Import(Rows(rows.begin(), rows.begin() + 9));
  const v1::Import import = Import(rows);
  EXPECT_EQ(import.unchanged(), 9u);
  EXPECT_EQ(import.committed(), 7u);
  EXPECT_EQ(Plots().size(), 16u);
}

TEST_F(ImporterTest, EntersAgainWhatWasEndedSince) {
  auto request = Request();
  request.set_allocate_division(kTestDivision);
  Rows rows;
  *rows.Add() = Row(1, "", BoundaryOfBlock({0, 0}));
  Import(rows, request);
  v1::Commit retire;
  auto& act = *retire.add_acts()->mutable_retire_plot();
  act.mutable_plot()->set_number(1);
  act.set_etag("2");
  act.set_ground("test");
  ASSERT_TRUE(book_.Commit(retire).ok());
  const v1::Import again = Import(rows, request);
  EXPECT_EQ(again.committed(), 1u);
  EXPECT_TRUE(Plots().contains(CodeOf(2)));
}

TEST_F(ImporterTest, AllocatesCodesByTheGroundAndNotByTheFile) {
  auto request = Request();
  request.set_allocate_division(kTestDivision);
  Rows rows = Field(6);
  for (v1::ImportRow& row : rows) row.clear_code();
  Import(rows, request);
  const auto plots = Plots();
  EXPECT_EQ(plots.size(), 36u);
  EXPECT_EQ(plots.begin()->first, CodeOf(1));
  EXPECT_EQ(plots.rbegin()->first, CodeOf(36));

  TestBook other;
  Importer importer(&other.book());
  std::mt19937 random(7);
  std::vector<v1::ImportRow> shuffled(rows.begin(), rows.end());
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  auto import = importer.Create(request, ActorOf("surveyor", v1::ROLE_SURVEYOR));
  ASSERT_TRUE(importer.AddRows(import->number(), Rows(shuffled.begin(), shuffled.end())).ok());
  ASSERT_TRUE(importer.Run(import->number()).ok());
  while (importer.Get(import->number())->state() != v1::IMPORT_STATE_DONE) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(ItemsOf(book_.engine(), 1, Space::kCurrent).size(),
            ItemsOf(other.engine(), 1, Space::kCurrent).size());
  const EngineView view(&other.engine());
  for (const auto& [code, boundary] : plots) {
    const auto alias =
        VersionReader(&view, 1).Value(TableKey(Table::kAlias).U8(v1::RECORD_KIND_PLOT).Text(code));
    ASSERT_TRUE(alias.has_value()) << code;
    const auto stored =
        BoundaryOf(VersionReader(&view, 1), storage::ByteReader(*alias).ReadVarint());
    EXPECT_EQ(stored->compact, boundary) << code;
  }
}

// A field with faults of every kind that concerns two rows.
Rows FaultyField(std::mt19937* random) {
  Rows rows = Field(9);
  std::uniform_int_distribution<int> any(0, rows.size() - 1);
  for (int i = 0; i < 12; ++i) {
    const int at = any(*random);
    const Block block{10.0 * (at % 9), 10.0 * (at / 9)};
    const Block faulty[] = {{block.east + 3, block.north, 10, 10},
                            {block.east, block.north, 9.97, 10},
                            {block.east, block.north, 9.9, 10},
                            {block.east, block.north, 10, 30}};
    rows.Mutable(at)->set_boundary(geo::EncodeCompact(BoundaryOfBlock(faulty[i % 4])));
  }
  return rows;
}

std::vector<std::string> Sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

// What the pieces of a staged import come to, read so many rows at a time.
std::vector<std::string> VerdictLines(TestBook& book, const Rows& rows, std::size_t piece_rows) {
  const auto policy = book.book().writer().policy();
  const v1::PlotKind* kind = policy->PlotKindNamed("contracted");
  ImportStaging staging(
      {.suite = &book.book().suite(), .scratch_directory = book.book().scratch_directory()});
  StagingBatch batch;
  for (v1::ImportRow source : rows) {
    const auto row = common::CheckRow(source, {*kind, kTestCounty, false}, {});
    staging.Stage(*row, &source, &batch);
  }
  EXPECT_TRUE(staging.Write(batch).ok());
  EXPECT_TRUE(staging.SortRows().ok());
  const ImportRules rules{.engine = &book.engine(),
                          .book = 1,
                          .sequence = 1,
                          .book_is_empty = false,
                          .policy = policy.get(),
                          .kind = kind,
                          .tier = kTestSurfaceTier,
                          .allocate_division = "",
                          .plane_extent = book.book().plane_extent(),
                          .day = "2026-03-02",
                          .control_layers = {}};
  std::vector<std::string> lines;
  ImportStaging::RowReader reader(&staging);
  while (true) {
    auto piece = reader.Next({.max_items = piece_rows});
    EXPECT_TRUE(piece.ok());
    if (!piece.ok() || piece->empty()) break;
    const auto verdict = CheckPiece(rules, staging, *std::move(piece));
    EXPECT_TRUE(verdict.ok());
    for (const v1::Finding& finding : verdict->findings) {
      lines.push_back(finding.SerializeAsString());
    }
    for (const PassedRow& row : verdict->accepted) {
      lines.push_back(fmt::format("accepted {}", row.staged.key()));
    }
  }
  return Sorted(std::move(lines));
}

TEST_F(ImporterTest, SaysTheSameForAnyPiecesAndAnyOrder) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    std::mt19937 random(seed);
    const Rows rows = FaultyField(&random);
    const auto whole = VerdictLines(book_, rows, 1'000);
    EXPECT_GT(whole.size(), 81u) << "the field has no faults";
    EXPECT_EQ(VerdictLines(book_, rows, 10), whole) << "seed " << seed;
    EXPECT_EQ(VerdictLines(book_, rows, 1), whole) << "seed " << seed;
    std::vector<v1::ImportRow> shuffled(rows.begin(), rows.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    EXPECT_EQ(VerdictLines(book_, Rows(shuffled.begin(), shuffled.end()), 10), whole)
        << "seed " << seed;
  }
}

// The book gives out codes to the rows of a first commit, and among them the code that the only row
// of the next commit brings.
TEST_F(ImporterTest, KeepsOutACodeThatItGaveToAnotherRow) {
  constexpr int kFirst = ImportCommitter::kActsMaxFirst;
  constexpr int kWide = 40;
  auto request = Request();
  request.set_allocate_division(kTestDivision);
  Rows rows;
  for (int i = 0; i < kFirst; ++i) {
    *rows.Add() = Row(i, "", BoundaryOfBlock({10.0 * (i % kWide), 10.0 * (i / kWide)}));
  }
  *rows.Add() = Row(kFirst, CodeOf(500), BoundaryOfBlock({-20'000, -20'000}));
  const v1::Import import = Import(rows, request);
  EXPECT_EQ(import.committed(), static_cast<std::uint32_t>(kFirst));
  EXPECT_THAT(Errors(last_), ElementsAre(fmt::format("B402 row {}", kFirst)));
}

TEST_F(ImporterTest, CommitsNothingOnADryRun) {
  auto request = Request();
  request.set_dry_run(true);
  const std::uint64_t before = Sequence();
  const v1::Import import = Import(Field(3), request);
  EXPECT_EQ(import.accepted(), 9u);
  EXPECT_EQ(import.committed(), 0u);
  EXPECT_EQ(Sequence(), before);
}

TEST_F(ImporterTest, ReportsTheRulesThatLackTheirLayers) {
  EXPECT_THAT(Import(Field(1)).rules_not_run(), ElementsAre("B301", "B305"));
  auto request = Request();
  request.set_kind("homestead");
  Rows rows;
  *rows.Add() = Row(1, "990101001001JC00001", BoundaryOfBlock({50, 0}));
  EXPECT_THAT(Import(rows, request).rules_not_run(),
              ElementsAre("B301", "B302", "B303", "B305", "B306"));
}

TEST_F(ImporterTest, ListsFindingsOnceItHasEnded) {
  Rows rows = Field(2);
  rows.Mutable(0)->set_stated_area_m2("90");
  const std::uint64_t receiving = Create(Request());
  ASSERT_TRUE(importer_->AddRows(receiving, Rows(rows)).ok());
  const auto early = importer_->ListFindings(receiving, "", 10);
  ASSERT_FALSE(early.ok());
  EXPECT_EQ(early.refusals().front().reason(), "IMPORT_RUNNING");
  ASSERT_TRUE(importer_->Cancel(receiving).ok());
  EXPECT_THAT(Findings(receiving), IsEmpty());
  Import(rows);
  EXPECT_EQ(Findings(last_).size(), 1u);
}

TEST_F(ImporterTest, CancelsCleanly) {
  const std::uint64_t receiving = Create(Request());
  ASSERT_TRUE(importer_->AddRows(receiving, Field(2)).ok());
  EXPECT_EQ(importer_->Cancel(receiving)->state(), v1::IMPORT_STATE_CANCELLED);
  EXPECT_EQ(importer_->Run(receiving)->state(), v1::IMPORT_STATE_CANCELLED);

  const std::uint64_t running = Create(Request());
  ASSERT_TRUE(importer_->AddRows(running, Field(30)).ok());
  ASSERT_TRUE(importer_->Run(running).ok());
  ASSERT_TRUE(importer_->Cancel(running).ok());
  const v1::Import ended = WaitFor(running);
  EXPECT_NE(ended.state(), v1::IMPORT_STATE_FAILED) << ended.failure();
  EXPECT_EQ(ended.accepted() + ended.rejected(), ended.checked());
  EXPECT_EQ(Plots().size(), ended.committed());
}

TEST_F(ImporterTest, RefusesCallsOutOfTurn) {
  const auto reason = [](const auto& outcome) {
    return outcome.ok() ? "" : outcome.refusals().front().reason();
  };
  EXPECT_EQ(reason(importer_->Get(99)), "IMPORT_UNKNOWN");
  EXPECT_EQ(reason(importer_->Run(99)), "IMPORT_UNKNOWN");
  EXPECT_EQ(reason(importer_->ListFindings(99, "", 1)), "IMPORT_UNKNOWN");
  const std::uint64_t import = Create(Request());
  ASSERT_TRUE(importer_->AddRows(import, Field(1)).ok());
  EXPECT_EQ(reason(importer_->AddRows(import, Field(1))), "IMPORT_ROW_TWICE");
  // One row twice in a call, and apart from each other.
  Rows twice;
  for (const std::int64_t number : {901, 900, 902, 900}) {
    *twice.Add() = Field(1)[0];
    twice.rbegin()->set_row(number);
  }
  EXPECT_EQ(reason(importer_->AddRows(import, std::move(twice))), "IMPORT_ROW_TWICE");
  EXPECT_EQ(importer_->Get(import)->read(), 1u);
  ASSERT_TRUE(importer_->Run(import).ok());
  WaitFor(import);
  EXPECT_EQ(reason(importer_->AddRows(import, Field(2))), "IMPORT_NOT_RECEIVING");
}

// As long as one of these lives the system gives no thread: none finds room for its stack.
class NoThreads {
 public:
  NoThreads() {
    EXPECT_EQ(pthread_getattr_default_np(&before_), 0);
    pthread_attr_t attributes;
    EXPECT_EQ(pthread_getattr_default_np(&attributes), 0);
    EXPECT_EQ(pthread_attr_setstacksize(&attributes, std::size_t{1} << 50), 0);
    EXPECT_EQ(pthread_setattr_default_np(&attributes), 0);
  }
  ~NoThreads() { EXPECT_EQ(pthread_setattr_default_np(&before_), 0); }
  NoThreads(const NoThreads&) = delete;
  NoThreads& operator=(const NoThreads&) = delete;

 private:
  pthread_attr_t before_;
};

TEST_F(ImporterTest, RunsLaterWhenThereIsNoThreadToRunOn) {
  const std::uint64_t import = Create(Request());
  ASSERT_TRUE(importer_->AddRows(import, Field(2)).ok());
  {
    const NoThreads none;
    EXPECT_THAT(ReasonsOf(importer_->Run(import).refusals()), ElementsAre("WRITER_BUSY"));
  }
  EXPECT_EQ(importer_->Get(import)->state(), v1::IMPORT_STATE_RECEIVING);
  ASSERT_TRUE(importer_->Run(import).ok());
  EXPECT_EQ(WaitFor(import).accepted(), 4u);
}

TEST_F(ImporterTest, FailsAndCommitsNothingWhenThereIsNoThreadToCheckOn) {
  const std::uint64_t import = Create(Request());
  ASSERT_TRUE(importer_->AddRows(import, Field(2)).ok());
  std::optional<NoThreads> none;
  // The import's own thread reads the book before it has the rows checked, and the store lets
  // nobody read while it shows a key.
  const storage::KeyRange all;
  const auto scanned = book_.engine().Scan({&all, 1}, {}, [&](std::string_view, std::string_view) {
    EXPECT_TRUE(importer_->Run(import).ok());
    none.emplace();
    return false;
  });
  ASSERT_TRUE(scanned.ok());
  const v1::Import ended = WaitFor(import);
  none.reset();
  EXPECT_EQ(ended.state(), v1::IMPORT_STATE_FAILED);
  EXPECT_THAT(ended.failure(), HasSubstr("no thread"));
  EXPECT_THAT(Plots(), IsEmpty());
  EXPECT_EQ(Import(Field(2)).committed(), 4u);
}

TEST_F(ImporterTest, RefusesRequestsThatCannotBeServed) {
  const auto actor = ActorOf("surveyor", v1::ROLE_SURVEYOR);
  auto request = Request();
  request.set_kind("none");
  EXPECT_THAT(ReasonsOf(importer_->Create(request, actor).refusals()),
              ElementsAre("PLOT_KIND_UNKNOWN"));
  request = Request();
  request.set_allocate_division("99");
  EXPECT_THAT(ReasonsOf(importer_->Create(request, actor).refusals()),
              ElementsAre("DIVISION_MALFORMED"));
  request.set_allocate_division("370303001001");
  EXPECT_THAT(ReasonsOf(importer_->Create(request, actor).refusals()),
              ElementsAre("DIVISION_OF_ANOTHER_COUNTY"));
  for (std::size_t i = 0; i < Importer::kUnderWayMax; ++i) Create(Request());
  EXPECT_THAT(ReasonsOf(importer_->Create(Request(), actor).refusals()),
              ElementsAre("IMPORTS_TOO_MANY"));
}

TEST_F(ImporterTest, ForgetsTheOldestImport) {
  const std::uint64_t first = Create(Request());
  ASSERT_TRUE(importer_->Cancel(first).ok());
  for (std::size_t i = 0; i < Importer::kRememberedMax; ++i) {
    ASSERT_TRUE(importer_->Cancel(Create(Request())).ok());
  }
  EXPECT_FALSE(importer_->Get(first).ok());
}

TEST_F(ImporterTest, RejectsAllOrNothingOfACallWithARowThatNoReaderMakes) {
  const std::uint64_t import = Create(Request());
  Rows rows = Field(2);
  rows.Mutable(2)->set_boundary("no codec");
  const auto added = importer_->AddRows(import, std::move(rows));
  ASSERT_FALSE(added.ok());
  EXPECT_THAT(ReasonsOf(added.refusals()), ElementsAre("BOUNDARY_UNDECODABLE"));
  EXPECT_EQ(importer_->Get(import)->read(), 0u);
  EXPECT_TRUE(importer_->AddRows(import, Field(2)).ok());
}

}  // namespace
}  // namespace landbook::registry
