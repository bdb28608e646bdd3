#include "services/registry/verify_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>

#include "services/common/policy.h"
#include "services/registry/book_twin_testing.h"
#include "storage/bytes.h"
#include "storage/secret.h"
#include "storage/signed_head.h"

namespace landbook::registry {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A book of a few entries with heads, in order as it stands.
class VerifyBookTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string path = testing::TempDir() + "/landbook-XXXXXX";
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    directory_ = path;
    auto keys =
        storage::KeyRing::Create(directory_ + "/keys", twin_.suite(), storage::SystemRandom());
    ASSERT_TRUE(keys.ok()) << keys.status();
    keys_.emplace(*std::move(keys));
    MakeBook();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void MakeBook() {
    for (std::uint64_t number = 1; number <= 300; ++number) {
      const auto x = static_cast<std::int64_t>(number) * 20;
      twin_.Append({ActMaker("create_plot")
                        .Put(number, PlotWith("p" + std::to_string(number)))
                        .PutBoundary(number, 2, Square({x, 0})),
                    ActMaker("create_unit").Put(number, UnitOf(number))});
      if (number % 100 == 50) KeepHead();
    }
    v1::Certificate certificate;
    certificate.set_certificate_number("证1号");
    certificate.set_state(v1::RECORD_STATE_LIVE);
    twin_.Append({ActMaker("issue").Put(1, certificate)});
    KeepHead();
    certificate.set_state(v1::RECORD_STATE_ENDED);
    twin_.Append(
        {ActMaker("end").Put(1, certificate).Put(7, Ended(PlotWith("p7"))).EndBoundary(7)});
    KeepHead();
  }

  static v1::Unit UnitOf(std::uint64_t plot) {
    v1::Unit unit;
    unit.set_plot(plot);
    unit.set_state(v1::RECORD_STATE_LIVE);
    return unit;
  }

  storage::SignedHead SignNow() {
    storage::Head head;
    head.book = BookTwin::kIdentity;
    head.format_version = 1;
    head.sequence = twin_.sequence();
    head.tree_size = twin_.tree_size();
    head.root = twin_.root();
    const auto status = twin_.status_tree().Summary();
    head.status_size = status->size;
    head.status_root = status->root;
    head.recorded_at_us = BookTwin::MicrosOf(twin_.sequence());
    auto signed_head = keys_->Sign(head);
    EXPECT_TRUE(signed_head.ok()) << signed_head.status();
    return *std::move(signed_head);
  }
  void KeepHead() {
    const auto head = SignNow();
    Put(HeadKey(twin_.sequence()), storage::HeadText(head));
  }
  static std::string HeadKey(std::uint64_t sequence) {
    std::string key = SpacePrefix(BookTwin::kBook, Space::kHead);
    storage::AppendU64(key, sequence);
    return key;
  }

  void Put(const std::string& key, const std::string& value) {
    storage::WriteBatch batch;
    batch.Put(key, value);
    ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  }
  void Delete(const std::string& key) {
    storage::WriteBatch batch;
    batch.Delete(key);
    ASSERT_TRUE(engine_.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  }
  // Flips the lowest bit of the last byte under a key.
  void Damage(const std::string& key) {
    auto value = storage::ReadOne(engine_, key);
    ASSERT_TRUE(value.ok() && value->has_value() && !(*value)->empty());
    (*value)->back() ^= 1;
    Put(key, **value);
  }
  std::string CurrentKey(const TableKey& key) {
    return SpacePrefix(BookTwin::kBook, Space::kCurrent) + key.bytes();
  }

  VerifyInputs Inputs() {
    VerifyInputs inputs;
    inputs.engine = &engine_;
    inputs.book = BookTwin::kBook;
    inputs.suite = &twin_.suite();
    inputs.keys = &*keys_;
    return inputs;
  }
  // Verifies to the end; `between` runs after each step.
  VerifyReport Verify(
      VerifyInputs inputs, const std::function<void()>& between = [] {}) {
    BookVerifier verifier(std::move(inputs));
    while (verifier.Step()) between();
    EXPECT_TRUE(verifier.status().ok()) << verifier.status();
    return verifier.report();
  }
  std::vector<std::string> Faults() { return Verify(Inputs()).faults; }

  std::string directory_;
  storage::MemoryEngine engine_;
  BookTwin twin_{&engine_};
  std::optional<storage::KeyRing> keys_;
};

TEST_F(VerifyBookTest, ABookInOrderHasNoFaults) {
  const VerifyReport report = Verify(Inputs());
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.entries, 302u);
  EXPECT_EQ(report.leaves, 300u * 3 + 2 * 2);
  EXPECT_EQ(report.heads, 5u);
  EXPECT_GT(report.keys, 300u * 7);
}

TEST_F(VerifyBookTest, FoldsOnDiskAndLeavesNothingBehind) {
  VerifyInputs inputs = Inputs();
  inputs.temporary_directory = directory_;
  inputs.journal_bytes_in_memory_max = 0;
  EXPECT_THAT(Verify(inputs).faults, IsEmpty());
  const auto left = std::distance(std::filesystem::directory_iterator(directory_), {});
  EXPECT_EQ(left, 1);  // the keys
}

TEST_F(VerifyBookTest, IsOfOneMomentWhileTheBookIsWritten) {
  std::uint64_t number = 1'000;
  const VerifyReport report = Verify(Inputs(), [&] {
    ++number;
    v1::Certificate certificate;
    certificate.set_certificate_number("证" + std::to_string(number) + "号");
    certificate.set_state(v1::RECORD_STATE_LIVE);
    twin_.Append({ActMaker("change")
                      .Put(number, PlotWith("q" + std::to_string(number)))
                      .Put(5, PlotWith("p5 for the " + std::to_string(number) + "th time"))
                      .Put(6, Ended(PlotWith("p6")))
                      .EndBoundary(6)
                      .Put(number - 999, certificate)});
    KeepHead();
  });
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.entries, 302u);
  EXPECT_EQ(report.heads, 5u);
}

TEST_F(VerifyBookTest, NamesAChangedAct) {
  Damage(JournalKey(BookTwin::kBook, 17, 2));
  EXPECT_THAT(Faults(), Contains(HasSubstr("entry 17, act 2: its bytes are not those")));
}

TEST_F(VerifyBookTest, NamesAChangedHeader) {
  Damage(JournalKey(BookTwin::kBook, 17, 0));
  EXPECT_THAT(Faults(), Contains(HasSubstr("entry 17, header: its bytes are not those")));
}

TEST_F(VerifyBookTest, NamesAChangedLeafHash) {
  std::string run = SpacePrefix(BookTwin::kBook, Space::kTree);
  storage::AppendU8(run, 0);
  storage::AppendU64(run, 48);  // the leaves of entry 17: 48, 49, 50
  Damage(run);
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("entry 17, act 2: its bytes are not those")));
}

TEST_F(VerifyBookTest, NamesAChangedSubtree) {
  std::string key = SpacePrefix(BookTwin::kBook, Space::kTree);
  storage::AppendU8(key, 8);
  storage::AppendU64(key, 2);
  Damage(key);
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("subtree 2 of level 8")));
}

TEST_F(VerifyBookTest, NamesAChangedRecordAndWhatIsDerivedFromIt) {
  Damage(CurrentKey(RecordKey(v1::RECORD_KIND_PLOT, 9)));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("the state: plot 9 differs")));
  Damage(CurrentKey(RecordKey(v1::RECORD_KIND_PLOT, 9)));
  Damage(CurrentKey(TableKey(Table::kAlias).U8(v1::RECORD_KIND_PLOT).Text("p10")));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("the state: code p10 of the plots differs")));
}

TEST_F(VerifyBookTest, NamesWhatIsMissingAndWhatNobodyMade) {
  Delete(CurrentKey(RecordKey(v1::RECORD_KIND_UNIT, 11)));
  Put(CurrentKey(RecordKey(v1::RECORD_KIND_UNIT, 999)), "\x01");
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("unit 11 is missing from the state"),
                                    HasSubstr("unit 999 is in the state, and no act made it")));
}

TEST_F(VerifyBookTest, NamesAChangedPastCounterAndRequest) {
  std::string past =
      SpacePrefix(BookTwin::kBook, Space::kPast) + RecordKey(v1::RECORD_KIND_PLOT, 7).bytes();
  storage::AppendU64(past, 302);
  Damage(past);
  Damage(LiveCountKey(BookTwin::kBook, v1::RECORD_KIND_PLOT, "contracted"));
  Damage(RequestKey(BookTwin::kBook, "li", "request 5"));
  EXPECT_THAT(Faults(),
              ElementsAre(HasSubstr("plot 7 as it stood until entry 302 differs"),
                          HasSubstr("the memory of request \"request 5\" of li differs"),
                          HasSubstr("the count of plots of kind \"contracted\" differs")));
}

TEST_F(VerifyBookTest, NamesAChangedStatusTree) {
  std::string tile = SpacePrefix(BookTwin::kBook, Space::kStatus);
  storage::AppendU8(tile, 0);
  storage::AppendU64(tile, 0);
  Damage(tile);
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("the status tree at")));
}

TEST_F(VerifyBookTest, TellsTwentyDifferencesOfASpaceAndCountsTheRest) {
  for (std::uint64_t number = 101; number <= 150; ++number) {
    Damage(CurrentKey(RecordKey(v1::RECORD_KIND_PLOT, number)));
  }
  const auto faults = Faults();
  ASSERT_EQ(faults.size(), 21u);
  EXPECT_EQ(faults.back(), "30 more differences of the same kind");
}

TEST_F(VerifyBookTest, NamesAChangedHead) {
  auto text = storage::ReadOne(engine_, HeadKey(150));
  ASSERT_TRUE(text.ok() && text->has_value());
  auto head = storage::ParseHeadText(**text);
  ASSERT_TRUE(head.ok());
  head->head.root[3] ^= 1;
  Put(HeadKey(150), storage::HeadText(*head));
  Damage(HeadKey(250));
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("the head of entry 150: its signature does not hold"),
                                    HasSubstr("the head of entry 150: its root is not"),
                                    HasSubstr("the head of entry 250 cannot be read")));
}

TEST_F(VerifyBookTest, ARewrittenJournalDoesNotMatchItsHeads) {
  // Someone rewrites an act, its leaf hash and the subtree above it: only the heads tell.
  storage::MemoryEngine other_engine;
  BookTwin other(&other_engine);
  other.Append({ActMaker("create_plot").Put(1, PlotWith("forged"))});
  auto head = SignNow();
  head.head.sequence = 1;
  head.head.tree_size = 2;
  auto kept = keys_->Sign(head.head);
  storage::WriteBatch batch;
  batch.Put(HeadKey(1), storage::HeadText(*kept));
  ASSERT_TRUE(other_engine.Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  VerifyInputs inputs = Inputs();
  inputs.engine = &other_engine;
  EXPECT_THAT(Verify(inputs).faults,
              Contains(HasSubstr("the head of entry 1: its root is not that")));
}

TEST_F(VerifyBookTest, ChecksTheHeadOutside) {
  VerifyInputs inputs = Inputs();
  inputs.outside_head_path = directory_ + "/outside.head";
  EXPECT_THAT(Verify(inputs).faults, IsEmpty());  // none is kept yet
  ASSERT_TRUE(storage::WriteHeadFile(inputs.outside_head_path, SignNow()).ok());
  EXPECT_EQ(Verify(inputs).heads, 6u);
  auto ahead = SignNow().head;
  ahead.sequence += 1;
  ASSERT_TRUE(storage::WriteHeadFile(inputs.outside_head_path, *keys_->Sign(ahead)).ok());
  EXPECT_THAT(Verify(inputs).faults, ElementsAre(HasSubstr("acknowledged entries are missing")));
}

TEST_F(VerifyBookTest, NamesMissingEntriesAndActs) {
  Delete(JournalKey(BookTwin::kBook, 20, 2));
  EXPECT_THAT(Faults(), Contains("entry 20 has 1 acts, its header says 2"));
  for (std::uint32_t leaf = 0; leaf < 2; ++leaf) Delete(JournalKey(BookTwin::kBook, 20, leaf));
  EXPECT_THAT(Faults(), Contains(HasSubstr("entry 19 is followed by entry 21")));
}

TEST_F(VerifyBookTest, NamesBrokenInvariants) {
  v1::Right right;
  right.set_unit(1);
  right.set_state(v1::RECORD_STATE_LIVE);
  twin_.Append({ActMaker("grant").Put(1, right), ActMaker("end").Put(30, Ended(PlotWith("p30")))});
  EXPECT_THAT(Faults(), ElementsAre(HasSubstr("right 1: it has no holder"),
                                    HasSubstr("plot 30: it has ended and still has a boundary")));
}

// The sample county's rules, as today's.
std::shared_ptr<const common::Policy> SamplePolicy() {
  const auto chain =
      common::PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "sample");
  EXPECT_TRUE(chain.ok());
  auto policy = common::Policy::FromTexts(*chain);
  EXPECT_TRUE(policy.ok());
  return std::make_shared<common::Policy>(*std::move(policy));
}

TEST_F(VerifyBookTest, RecheckingReportsOverlapsAsFindingsAndNoFaults) {
  VerifyInputs inputs = Inputs();
  inputs.policy = SamplePolicy();
  EXPECT_THAT(Verify(inputs).findings, IsEmpty());
  // Plot 400 lies half on plot 3 and in a tier of its own, plot 401 the same in plot 3's tier.
  twin_.Append(
      {ActMaker("create_plot").Put(400, PlotWith("p400")).PutBoundary(400, 1, Square({65, 3})),
       ActMaker("create_plot").Put(401, PlotWith("p401")).PutBoundary(401, 2, Square({65, 3}))});
  const VerifyReport report = Verify(inputs);
  EXPECT_THAT(report.faults, IsEmpty());
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings.front().rule(), "B201");
  EXPECT_EQ(report.findings.front().plot(), "p3");
  EXPECT_EQ(report.findings.front().other_plot(), "p401");
}

TEST_F(VerifyBookTest, RecheckingTellsAPairOnceAcrossRunsOfTheIndex) {
  // Two size classes, so two runs: a large plot that a small one overlaps.
  twin_.Append({ActMaker("create_plot")
                    .Put(500, PlotWith("p500"))
                    .PutBoundary(500, 2, Square({-5'000, 0, 100})),
                ActMaker("create_plot")
                    .Put(501, PlotWith("p501"))
                    .PutBoundary(501, 2, Square({-4'905, 10, 10}))});
  VerifyInputs inputs = Inputs();
  inputs.policy = SamplePolicy();
  const VerifyReport report = Verify(inputs);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings.front().plot(), "p500");
  EXPECT_EQ(report.findings.front().other_plot(), "p501");
}

}  // namespace
}  // namespace landbook::registry
