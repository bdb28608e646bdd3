#include "services/registry/import_staging.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "geo/compact.h"
#include "geo/hilbert.h"
#include "services/registry/plot_testing.h"
#include "storage/suite.h"

namespace landbook::registry {
namespace {

RC_GTEST_PROP(RowNumbersTest, KnowsExactlyWhatWasAdded, ()) {
  RowNumbers numbers;
  std::set<std::int64_t> model;
  for (int left = *rc::gen::inRange(0, 200); left > 0; --left) {
    const std::int64_t row = *rc::gen::inRange(-40, 40);
    RC_ASSERT(numbers.Contains(row) == model.contains(row));
    if (model.insert(row).second) numbers.Add(row);
  }
  for (std::int64_t row = -50; row < 50; ++row) {
    RC_ASSERT(numbers.Contains(row) == model.contains(row));
  }
}

class ImportStagingTest : public ::testing::Test {
 protected:
  // Holds so much of the rows in memory, and the rest on that disk.
  ImportStaging StagingIn(const std::string& scratch_directory,
                          std::size_t memory_bytes_max = 1u << 20) {
    return ImportStaging({.suite = &storage::Suite::Sha256Ed25519(),
                          .scratch_directory = scratch_directory,
                          .memory_bytes_max = memory_bytes_max,
                          .chunk_bytes = 200});
  }
  static std::string Temporary() { return std::filesystem::temp_directory_path().string(); }

  // A block at `place` blocks east, under `code`.
  static void Stage(const ImportStaging& staging, std::int64_t number, const std::string& code,
                    int place, StagingBatch* batch) {
    common::CheckedRow row;
    row.row = number;
    row.code = code;
    row.boundary = BoundaryOfBlock({10.0 * place, 0});
    v1::ImportRow source;
    source.set_row(number);
    source.set_code(code);
    source.set_boundary(geo::EncodeCompact(*row.boundary));
    source.set_location("west of the ditch");
    staging.Stage(row, &source, batch);
  }
};

TEST_F(ImportStagingTest, GivesRowsAsTheyCame) {
  ImportStaging staging = StagingIn(Temporary());
  StagingBatch batch;
  Stage(staging, 1, "a", 3, &batch);
  Stage(staging, 2, "b", 0, &batch);
  EXPECT_EQ(staging.FirstKnown(std::vector<std::int64_t>{1, 2}), std::nullopt);
  ASSERT_TRUE(staging.Write(batch).ok());
  EXPECT_EQ(staging.FirstKnown(std::vector<std::int64_t>{3, 2}), 2);
  ASSERT_TRUE(staging.SortRows().ok());
  const auto rows = ImportStaging::RowReader(&staging).Next({});
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2u);
  std::set<std::string> codes;
  for (const StagedRow& row : *rows) {
    codes.emplace(row.code());
    EXPECT_EQ(row.location(), "west of the ditch");
    EXPECT_EQ(geo::DecodeCompact(row.compact())->Bounds(), row.box());
  }
  EXPECT_EQ(codes, (std::set<std::string>{"a", "b"}));
  const auto again = staging.ReadRows(std::vector<std::string>{std::string((*rows)[1].key())});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->front().row(), (*rows)[1].row());
}

TEST_F(ImportStagingTest, ReadsAlongTheCurveWhateverTheSizesOfRows) {
  ImportStaging staging = StagingIn(Temporary());
  StagingBatch batch;
  for (int i = 0; i < 40; ++i) {
    common::CheckedRow row;
    row.row = i;
    const double side = i % 3 == 0 ? 900 : 5;
    row.boundary = BoundaryOfBlock({1'000.0 * (i * 7 % 40), 0, side, side});
    v1::ImportRow source;
    source.set_boundary(geo::EncodeCompact(*row.boundary));
    staging.Stage(row, &source, &batch);
  }
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  ImportStaging::RowReader reader(&staging);
  std::vector<std::uint64_t> positions;
  std::set<char> classes;
  while (true) {
    const auto rows = reader.Next({.max_items = 7});
    ASSERT_TRUE(rows.ok());
    if (rows->empty()) break;
    EXPECT_LE(rows->size(), 7u);
    for (const StagedRow& row : *rows) {
      positions.push_back(geo::AnchorPosition(row.box()));
      classes.insert(row.key()[1]);
    }
  }
  EXPECT_EQ(positions.size(), 40u);
  EXPECT_GT(classes.size(), 1u);
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
}

TEST_F(ImportStagingTest, MarksRowsOfOneCodeWithAnother) {
  ImportStaging staging = StagingIn(Temporary());
  StagingBatch batch;
  Stage(staging, 1, "twice", 0, &batch);
  Stage(staging, 2, "once", 1, &batch);
  Stage(staging, 3, "twice", 2, &batch);
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  std::vector<std::int64_t> told;
  ASSERT_TRUE(
      staging.MarkRepeated([&](const auto& repeated) { told.push_back(repeated.row); }).ok());
  EXPECT_EQ(told, (std::vector<std::int64_t>{1, 3}));
  const auto others = staging.RepeatedWith(std::vector<std::int64_t>{1, 2, 3});
  EXPECT_EQ(others, (std::vector<std::optional<std::int64_t>>{3, std::nullopt, 1}));
}

TEST_F(ImportStagingTest, GivesAcceptedRowsAlongTheCurveWithTheirWarnings) {
  ImportStaging staging = StagingIn(Temporary());
  StagingBatch batch;
  for (int i = 0; i < 5; ++i) Stage(staging, i, std::to_string(i), (i * 3) % 5, &batch);
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  const auto rows = ImportStaging::RowReader(&staging).Next({});
  ASSERT_TRUE(rows.ok());
  StagingBatch accepted;
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    v1::Finding warning;
    warning.set_row(row->row());
    staging.Accept({std::string(row->key()), {warning}}, &accepted);
  }
  ASSERT_TRUE(staging.Write(accepted).ok());
  ASSERT_TRUE(staging.SortAccepted().ok());
  const auto read = staging.ReadAccepted(storage::KeyRange(), 3);
  ASSERT_TRUE(read.ok());
  ASSERT_EQ(read->rows.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read->rows[i].row_key, (*rows)[i].key());
    EXPECT_EQ(read->rows[i].warnings.front().row(), (*rows)[i].row());
  }
  EXPECT_FALSE(read->remaining.empty());
}

TEST_F(ImportStagingTest, GivesFindingsInTheirOrderWithTheirSentences) {
  ImportStaging staging = StagingIn(Temporary(), 1);
  v1::Finding finding;
  finding.set_rule("B403");
  finding.set_severity(v1::SEVERITY_ERROR);
  for (const char* plot : {"c", "a", "b"}) {
    StagingBatch batch;
    finding.set_plot(plot);
    staging.Tell(finding, &batch);
    staging.Tell(finding, &batch);
    ASSERT_TRUE(staging.Write(batch).ok());
  }
  ASSERT_TRUE(staging.SortFindings().ok());
  staging.DropRows();
  std::vector<v1::Finding> findings;
  std::string from;
  std::size_t pages = 0;
  do {
    auto next = staging.ReadFindings(from, 4, &findings);
    ASSERT_TRUE(next.ok());
    from = *std::move(next);
    ++pages;
  } while (!from.empty());
  EXPECT_EQ(pages, 2u);
  std::string plots;
  for (const v1::Finding& told : findings) {
    plots += told.plot();
    EXPECT_FALSE(told.message_en().empty());
    EXPECT_FALSE(told.message_zh().empty());
  }
  EXPECT_EQ(plots, "aabbcc");
}

TEST_F(ImportStagingTest, RefusesToReadFindingsThatWereNotSorted) {
  ImportStaging staging = StagingIn(Temporary());
  std::vector<v1::Finding> findings;
  EXPECT_TRUE(absl::IsUnavailable(staging.ReadFindings("", 4, &findings).status()));
}

TEST_F(ImportStagingTest, SaysWhenThereIsNoScratchDisk) {
  ImportStaging staging = StagingIn("/nonexistent", 1);
  StagingBatch batch;
  for (int i = 0; i < 3; ++i) Stage(staging, i, std::to_string(i), i, &batch);
  ASSERT_TRUE(staging.Write(batch).ok());  // in memory as yet
  batch.Clear();
  Stage(staging, 3, "d", 3, &batch);
  EXPECT_TRUE(absl::IsUnavailable(staging.Write(batch)));
  EXPECT_EQ(staging.FirstKnown(batch.numbers), std::nullopt);
}

// The rows of one staging, as the check reads them.
std::vector<StagedRow> ReadAll(const ImportStaging& staging) {
  std::vector<StagedRow> all;
  ImportStaging::RowReader reader(&staging);
  while (true) {
    auto rows = reader.Next({.max_items = 9});
    EXPECT_TRUE(rows.ok());
    if (!rows.ok() || rows->empty()) return all;
    std::move(rows->begin(), rows->end(), std::back_inserter(all));
  }
}

TEST_F(ImportStagingTest, GivesTheSameFromMemoryAndFromTheDisk) {
  std::vector<std::vector<StagedRow>> read;
  std::vector<std::set<std::int64_t>> near;
  for (const std::size_t memory : {std::size_t{1}, std::size_t{2'000}, std::size_t{1} << 20}) {
    ImportStaging staging = StagingIn(Temporary(), memory);
    for (int begin = 0; begin < 60; begin += 6) {
      StagingBatch batch;
      for (int i = begin; i < begin + 6; ++i) {
        Stage(staging, i, std::to_string(i % 50), i * 37 % 60, &batch);
      }
      ASSERT_TRUE(staging.Write(batch).ok());
    }
    ASSERT_TRUE(staging.SortRows().ok());
    std::size_t repeated = 0;
    ASSERT_TRUE(staging.MarkRepeated([&](const auto&) { ++repeated; }).ok());
    EXPECT_EQ(repeated, 20u);
    read.push_back(ReadAll(staging));
    std::set<std::int64_t>& found = near.emplace_back();
    const auto seen = [&](std::string_view key, std::string_view value) {
      found.insert(StagedRow(key, value).row());
    };
    ASSERT_TRUE(staging.ForEachNear(read.back()[20].box(), seen).ok());
    EXPECT_TRUE(found.contains(read.back()[20].row()));
  }
  for (std::size_t i = 1; i < read.size(); ++i) {
    EXPECT_EQ(near[i], near[0]);
    ASSERT_EQ(read[i].size(), 60u);
    for (std::size_t row = 0; row < 60; ++row) {
      EXPECT_EQ(read[i][row].key(), read[0][row].key());
      EXPECT_EQ(read[i][row].compact(), read[0][row].compact());
      EXPECT_EQ(read[i][row].ToWire().SerializeAsString(),
                read[0][row].ToWire().SerializeAsString());
    }
  }
}

TEST_F(ImportStagingTest, TellsTheWholeCodeOfRowsWhoseLongCodesAreTheSame) {
  ImportStaging staging = StagingIn(Temporary());
  const std::string code(300, 'x');
  StagingBatch batch;
  Stage(staging, 1, code, 0, &batch);
  Stage(staging, 2, code + "y", 1, &batch);
  Stage(staging, 3, code, 2, &batch);
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  std::vector<std::int64_t> told;
  const auto tell = [&](const ImportStaging::Repeated& repeated) {
    told.push_back(repeated.row);
    EXPECT_EQ(repeated.code, code);
    EXPECT_EQ(repeated.place.x, repeated.row == 1 ? 5'000'000'000 : 5'000'200'000);
  };
  ASSERT_TRUE(staging.MarkRepeated(tell).ok());
  EXPECT_EQ(told, (std::vector<std::int64_t>{1, 3}));
}

// The order of rows at one place has to be the same in every process and of every build, or one
// file would give two journals.
TEST_F(ImportStagingTest, ThePlaceOfARowInTheOrderIsForEver) {
  ImportStaging staging = StagingIn(Temporary());
  StagingBatch batch;
  Stage(staging, 258, "a", 0, &batch);
  ASSERT_TRUE(staging.Write(batch).ok());
  ASSERT_TRUE(staging.SortRows().ok());
  EXPECT_EQ(storage::HexOf(ReadAll(staging).front().key()),
            "0000203a24edbf0704cce0662a64642f10388000000000000102");
}

}  // namespace
}  // namespace landbook::registry
