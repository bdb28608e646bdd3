#include "services/registry/bookshelf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

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

  std::unique_ptr<Bookshelf> Open(storage::Engine& engine) {
    auto shelf = Bookshelf::Open({.engine = &engine,
                                  .clock = &clock_,
                                  .random = &storage::SystemRandom(),
                                  .keys_directory = keys_,
                                  .read_memory = &read_memory_},
                                 std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy");
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
  common::SystemClock clock_;
  ReadMemory read_memory_;
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
