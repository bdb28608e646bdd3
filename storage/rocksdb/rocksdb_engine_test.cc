#include "storage/rocksdb/rocksdb_engine.h"

#include <unistd.h>

#include "storage/engine_conformance_testing.h"
#include "storage/engine_model_testing.h"
#include "storage/rocksdb/store_testing.h"

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct RocksdbStore {
  RocksdbStore() { Reopen(); }
  Engine& Get() { return *engine; }
  void Reopen() {
    engine.reset();
    engine = OpenStore(scratch.File("book"));
    ASSERT_NE(engine, nullptr);
  }
  ScratchDirectory scratch;
  std::unique_ptr<Engine> engine;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Rocksdb, EngineConformance, RocksdbStore);
INSTANTIATE_TYPED_TEST_SUITE_P(Rocksdb, EngineModel, RocksdbStore);

absl::Status OpeningOf(const std::string& directory, bool create_if_missing = false) {
  return OpenRocksdb(directory, {.create_if_missing = create_if_missing}).status();
}

TEST(RocksdbEngine, OpensWhatItMadeAndMakesOnlyWhatItIsAskedTo) {
  ScratchDirectory scratch;
  EXPECT_EQ(OpeningOf(scratch.File("book")).code(), absl::StatusCode::kNotFound);
  EXPECT_FALSE(fs::exists(scratch.File("book")));
  ASSERT_TRUE(PutDurably(*OpenStore(scratch.File("book")), "a", "1").ok());
  auto engine = OpenRocksdb(scratch.File("book"));
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_EQ(*ReadOne(**engine, "a"), "1");
}

TEST(RocksdbEngine, RefusesAStoreThatIsOpenAndNamesTheProcess) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  const absl::Status status = OpeningOf(scratch.File("book"));
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("is open in process " + std::to_string(::getpid()) + ";"));
  engine.reset();
  EXPECT_TRUE(OpeningOf(scratch.File("book")).ok());
}

TEST(RocksdbEngine, AnOwnerLeftByACrashHoldsNothing) {
  ScratchDirectory scratch;
  OpenStore(scratch.File("book")).reset();
  WriteFile(scratch.File("book/OWNER"), "1\n");
  auto engine = OpenRocksdb(scratch.File("book"));
  ASSERT_TRUE(engine.ok()) << engine.status();
  EXPECT_EQ(ReadFile(scratch.File("book/OWNER")), std::to_string(::getpid()) + "\n");
}

TEST(RocksdbEngine, RefusesADirectoryThatHoldsSomethingElse) {
  ScratchDirectory scratch;
  fs::create_directory(scratch.File("other"));
  WriteFile(scratch.File("other/notes.txt"), "mine");
  const absl::Status status = OpeningOf(scratch.File("other"), /*create_if_missing=*/true);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("holds files but no store"));
  EXPECT_EQ(std::distance(fs::directory_iterator(scratch.File("other")), {}), 1);
  EXPECT_EQ(OpeningOf(scratch.File("other/notes.txt"), true).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(RocksdbEngine, RefusesANewerFormatAnotherEngineAndAMarkerThatDoesNotRead) {
  ScratchDirectory scratch;
  OpenStore(scratch.File("book")).reset();
  const std::string marker = scratch.File("book/LANDBOOK");
  EXPECT_EQ(ReadFile(marker), "landbook store\nformat 1\nengine rocksdb\n");
  WriteFile(marker, "landbook store\nformat 2\nengine rocksdb\n");
  EXPECT_EQ(OpeningOf(scratch.File("book")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(OpeningOf(scratch.File("book")).message()),
              HasSubstr("has format 2 and this program reads formats up to 1"));
  WriteFile(marker, "landbook store\nformat 1\nengine postgres\n");
  EXPECT_EQ(OpeningOf(scratch.File("book")).code(), absl::StatusCode::kFailedPrecondition);
  for (const char* text : {"", "landbook store\nformat x\nengine rocksdb\n", "format 1\n"}) {
    WriteFile(marker, text);
    EXPECT_EQ(OpeningOf(scratch.File("book")).code(), absl::StatusCode::kDataLoss);
  }
}

TEST(RocksdbEngine, GoesOnWithACreationThatWasInterrupted) {
  ScratchDirectory scratch;
  fs::create_directory(scratch.File("book"));
  WriteFile(scratch.File("book/LANDBOOK.new"), "landbook st");
  EXPECT_EQ(OpeningOf(scratch.File("book")).code(), absl::StatusCode::kNotFound);
  EXPECT_TRUE(OpeningOf(scratch.File("book"), true).ok());
  EXPECT_TRUE(OpeningOf(scratch.File("book")).ok());
}

TEST(RocksdbEngine, AMarkedStoreWhoseFilesAreGoneIsNotMadeAnew) {
  ScratchDirectory scratch;
  ASSERT_TRUE(PutDurably(*OpenStore(scratch.File("book")), "a", "1").ok());
  fs::remove_all(scratch.File("book/rocksdb"));
  EXPECT_EQ(OpeningOf(scratch.File("book"), true).code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(fs::exists(scratch.File("book/rocksdb/CURRENT")));
}

TEST(RocksdbEngine, ACheckpointIsAStoreOfItsOwn) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  ASSERT_TRUE(PutDurably(*engine, "a", "before").ok());
  ASSERT_TRUE(engine->Checkpoint(scratch.File("copy")).ok());
  ASSERT_TRUE(PutDurably(*engine, "a", "after").ok());
  auto copy = OpenRocksdb(scratch.File("copy"));
  ASSERT_TRUE(copy.ok()) << copy.status();
  EXPECT_EQ(*ReadOne(**copy, "a"), "before");
  EXPECT_EQ(engine->Checkpoint(scratch.File("copy")).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(engine->Checkpoint(scratch.File("none/copy")).code(),
            absl::StatusCode::kFailedPrecondition);
}

// Whether any file of the store holds `bytes`.
bool AnyFileHolds(const std::string& directory, const std::string& bytes) {
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file() &&
        ReadFile(entry.path().string()).find(bytes) != std::string::npos) {
      return true;
    }
  }
  return false;
}

// Bytes that no compression shortens, so that they are found as they are.
std::string Incompressible(unsigned seed) {
  std::string bytes;
  for (std::uint64_t i = 0, x = seed; i < 64; ++i) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    bytes.push_back(static_cast<char>(x >> 56));
  }
  return bytes;
}

TEST(RocksdbEngine, PurgeTakesReplacedValuesOffTheDisk) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  const std::string deleted = Incompressible(1);
  const std::string replaced = Incompressible(2);
  const std::string standing = Incompressible(3);
  ASSERT_TRUE(PutDurably(*engine, "a", deleted).ok());
  ASSERT_TRUE(PutDurably(*engine, "b", replaced).ok());
  ASSERT_TRUE(PutDurably(*engine, "c", standing).ok());
  ASSERT_TRUE(engine->Purge({}).ok());
  ASSERT_TRUE(AnyFileHolds(scratch.File("book"), deleted));
  WriteBatch batch;
  batch.Delete("a");
  batch.Put("b", "new");
  ASSERT_TRUE(engine->Write(batch, kUnfenced, Durability::kDurable).ok());
  ASSERT_TRUE(engine->Flush().ok());
  ASSERT_TRUE(AnyFileHolds(scratch.File("book"), replaced));
  ASSERT_TRUE(engine->Purge(PrefixRange("a")).ok());
  ASSERT_TRUE(engine->Purge(PrefixRange("b")).ok());
  EXPECT_FALSE(AnyFileHolds(scratch.File("book"), deleted));
  EXPECT_FALSE(AnyFileHolds(scratch.File("book"), replaced));
  EXPECT_TRUE(AnyFileHolds(scratch.File("book"), standing));
}

TEST(RocksdbEngine, PurgeReachesTheLogAsWell) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  const std::string secret = Incompressible(4);
  ASSERT_TRUE(PutDurably(*engine, "a", secret).ok());
  ASSERT_TRUE(AnyFileHolds(scratch.File("book"), secret));
  ASSERT_TRUE(PutDurably(*engine, "a", "gone").ok());
  ASSERT_TRUE(engine->Purge(PrefixRange("a")).ok());
  EXPECT_FALSE(AnyFileHolds(scratch.File("book"), secret));
}

}  // namespace
}  // namespace landbook::storage
