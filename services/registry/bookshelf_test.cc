#include "services/registry/bookshelf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include "services/registry/book_testing.h"
#include "storage/memory_engine.h"

namespace landbook::registry {
namespace {

// Two servers' stores that share one directory of keys, as when --data is mistaken.
class BookshelfTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/landbook-shelf-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    keys_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(keys_); }

  absl::StatusOr<std::unique_ptr<Bookshelf>> TryOpen(storage::Engine& engine,
                                                     const std::string& succeeded_county = {}) {
    return Bookshelf::Open({.engine = &engine,
                            .clock = &clock_,
                            .random = &storage::SystemRandom(),
                            .keys_directory = keys_,
                            .scratch_directory = keys_,
                            .read_memory = &read_memory_,
                            .succeeded_county = succeeded_county},
                           std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy");
  }
  std::unique_ptr<Bookshelf> Open(storage::Engine& engine,
                                  const std::string& succeeded_county = {}) {
    auto shelf = TryOpen(engine, succeeded_county);
    EXPECT_TRUE(shelf.ok()) << shelf.status();
    return shelf.ok() ? *std::move(shelf) : nullptr;
  }
  static bool Make(Bookshelf& shelf) {
    v1::CreateCountyRequest request;
    request.set_request_id("create");
    request.mutable_county()->set_code(kTestCounty);
    request.mutable_county()->set_title("样本县");
    request.mutable_county()->set_epsg(4548);
    request.mutable_county()->set_pack("sample");
    return shelf.Create(request, ActorOf("admin", v1::ROLE_ADMINISTRATOR)).ok();
  }
  // How many files and folders of keys have that beginning.
  std::ptrdiff_t CountOf(const std::string& beginning) const {
    using Directory = std::filesystem::directory_iterator;
    return std::count_if(Directory(keys_), Directory(), [&](const auto& entry) {
      return entry.path().filename().string().starts_with(beginning);
    });
  }

  std::string keys_;
  ReadMemory read_memory_;
  common::SystemClock clock_;
};

TEST_F(BookshelfTest, KeysOfABookInAnotherStoreAreSetAsideAndNeverDeleted) {
  storage::MemoryEngine one;
  storage::MemoryEngine other;
  auto shelf = Open(one);
  ASSERT_TRUE(Make(*shelf));
  shelf.reset();
  const std::string secrets = keys_ + "/" + kTestCounty + "/secrets.txt";
  ASSERT_TRUE(std::filesystem::exists(secrets));
  shelf = Open(other);
  ASSERT_TRUE(Make(*shelf));
  EXPECT_TRUE(std::filesystem::exists(secrets)) << "the new book has keys of its own";
  EXPECT_EQ(CountOf(std::string(kTestCounty) + ".set-aside-"), 1);
}

TEST_F(BookshelfTest, AFreshKeySignsFromTheNextEntryOn) {
  storage::MemoryEngine engine;
  ASSERT_TRUE(Make(*Open(engine)));
  const auto shelf = Open(engine, kTestCounty);
  const auto book = shelf->Find(kTestCounty);
  ASSERT_TRUE(book.ok());
  const storage::KeyRing& keys = (*book)->keys();
  ASSERT_EQ(keys.public_keys().size(), 2u);
  const std::uint64_t last = (*book)->writer().position().sequence;
  EXPECT_EQ(keys.public_keys().back().from_sequence, last + 1);
  const auto before = (*book)->heads().Get(last);
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_EQ(before->head.key_id, keys.public_keys().front().key.id());

  ProposedCommit proposed;
  proposed.commit.set_request_id("authority");
  proposed.commit.add_acts()
      ->mutable_register_party()
      ->mutable_party()
      ->mutable_authority()
      ->set_title("样例县自然资源局");
  proposed.actor = ActorOf("admin", v1::ROLE_ADMINISTRATOR);
  proposed.commit.set_document_number("鲁自然资函〔2026〕1号");
  std::promise<bool> accepted;
  (*book)->writer().Submit(std::move(proposed), BookWriter::Lane::kClerk,
                           [&](const auto& outcome) { accepted.set_value(outcome.ok()); });
  ASSERT_TRUE(accepted.get_future().get());
  const auto after = (*book)->heads().Get(last + 1);
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(after->head.key_id, keys.public_keys().back().key.id());
  EXPECT_TRUE(keys.VerifyHead(*before).ok());
  EXPECT_TRUE(keys.VerifyHead(*after).ok());
}

TEST_F(BookshelfTest, AFreshKeyIsForABookThatIsThere) {
  storage::MemoryEngine engine;
  ASSERT_TRUE(Make(*Open(engine)));
  EXPECT_EQ(TryOpen(engine, "999999").status().code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Open(engine, kTestCounty) != nullptr);
  // No entry came since, so that a second one would sign the same heads.
  EXPECT_EQ(TryOpen(engine, kTestCounty).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(BookshelfTest, ABookIsThereAfterOpeningAgain) {
  storage::MemoryEngine engine;
  ASSERT_TRUE(Make(*Open(engine)));
  const auto shelf = Open(engine);
  EXPECT_TRUE(shelf->Find(kTestCounty).ok());
  EXPECT_TRUE(Make(*shelf)) << "the same request gives the book that it made";
  EXPECT_EQ(CountOf(std::string(kTestCounty) + ".set-aside-"), 0);
}

}  // namespace
}  // namespace landbook::registry
