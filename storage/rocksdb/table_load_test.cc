// Large durable writes, which become tables: that they are writes like any other.
#include "storage/rocksdb/table_load.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <random>

#include "storage/engine_conformance_testing.h"
#include "storage/rocksdb/failing_disk_testing.h"
#include "storage/rocksdb/rocksdb_engine_internal.h"
#include "storage/rocksdb/store_testing.h"
#include "storage/rocksdb/write_ahead_log.h"

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;
using Items = std::map<std::string, std::string>;

// As many items of 10,000 bytes as make a load, under keys that begin with `prefix`.
Items LargeItems(const std::string& prefix, const std::string& value = "v") {
  Items items;
  for (int i = 0; i < 120; ++i) {
    std::string filled = value;
    filled.resize(10'000, 'x');
    items[prefix + std::to_string(1'000 + i)] = filled;
  }
  return items;
}

WriteBatch BatchOf(const Items& items) {
  WriteBatch batch;
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    batch.Put(item->first, item->second);
  }
  return batch;
}

absl::Status Load(Engine& engine, const WriteBatch& batch, const Fence& fence = kUnfenced) {
  EXPECT_TRUE(TableLoad::Suits(batch));
  return engine.Write(batch, fence, Durability::kDurable);
}

Items AllOf(const Engine& engine) {
  Items items;
  const auto page = ScanPage(engine, {}, {});
  EXPECT_TRUE(page.ok()) << page.status();
  if (page.ok()) {
    for (const KeyValue& item : page->items) items[item.key] = item.value;
  }
  return items;
}

// How many files a load has left beside the database.
int Leftovers(const std::string& directory) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(directory)) {
    files += entry.path().filename().string().starts_with("LOAD-") ? 1 : 0;
  }
  return files;
}

TEST(TableLoad, IsReadAtOnceAndAfterOpeningAndIsNotInTheLog) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  const Items items = LargeItems("key");
  const std::uint64_t before = engine->Sequence();
  ASSERT_TRUE(Load(*engine, BatchOf(items)).ok());
  EXPECT_GT(engine->Sequence(), before);
  EXPECT_EQ(AllOf(*engine), items);
  EXPECT_EQ(Leftovers(scratch.File("book")), 0);
  EXPECT_LT(*LogBytes(scratch.File("book") + "/rocksdb"), 10'000u);
  engine.reset();
  EXPECT_EQ(AllOf(*OpenStore(scratch.File("book"))), items);
}

TEST(TableLoad, ReplacesAndDeletesWhatWasBeforeAndIsReplacedByWhatComesAfter) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  Items items = LargeItems("key", "first");
  ASSERT_TRUE(PutDurably(*engine, "key1000", "in the log").ok());
  ASSERT_TRUE(PutDurably(*engine, "gone", "in the log").ok());
  WriteBatch batch;
  batch.Put("key1001", "replaced in the batch");
  batch.Append(BatchOf(items));
  batch.Delete("key1002");
  batch.Delete("gone");
  ASSERT_TRUE(Load(*engine, batch).ok());
  items.erase("key1002");
  EXPECT_EQ(AllOf(*engine), items);
  ASSERT_TRUE(PutDurably(*engine, "key1003", "after").ok());
  items["key1003"] = "after";
  EXPECT_EQ(AllOf(*engine), items);
  const Items second = LargeItems("key", "second");
  ASSERT_TRUE(Load(*engine, BatchOf(second)).ok());
  EXPECT_EQ(AllOf(*engine), second);
  engine.reset();
  EXPECT_EQ(AllOf(*OpenStore(scratch.File("book"))), second);
}

TEST(TableLoad, IsRefusedUnderAFenceThatWasReplaced) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  const auto old = engine->AcquireFence("book");
  const auto current = engine->AcquireFence("book");
  ASSERT_TRUE(old.ok() && current.ok());
  EXPECT_EQ(Load(*engine, BatchOf(LargeItems("key")), *old).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(AllOf(*engine).empty());
  EXPECT_EQ(Leftovers(scratch.File("book")), 0);
  EXPECT_TRUE(Load(*engine, BatchOf(LargeItems("key")), *current).ok());
}

// Buffered writes before a load are as durable as the load: damage to them is no unfinished end.
TEST(TableLoad, MakesTheLogBeforeItDurable) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  WriteBatch batch;
  batch.Put("buffered", "1");
  ASSERT_TRUE(engine->Write(batch, kUnfenced, Durability::kBuffered).ok());
  ASSERT_TRUE(Load(*engine, BatchOf(LargeItems("key"))).ok());
  engine.reset();
  const std::string log = StoreFiles(scratch.File("book"), ".log").front();
  std::string bytes = ReadFile(log);
  bytes[bytes.find("buffered")] = 'B';
  WriteFile(log, bytes);
  EXPECT_EQ(OpenRocksdb(scratch.File("book")).status().code(), absl::StatusCode::kDataLoss);
}

TEST(TableLoad, ADiskWithoutRoomRefusesAllOfItAndIsNotAiling) {
  ScratchDirectory scratch;
  auto disk = std::make_shared<FailingDisk>();
  auto opened = OpenRocksdbWith({.directory = scratch.File("book"),
                                 .options = {.create_if_missing = true},
                                 .file_system = disk,
                                 .mend_every = std::chrono::hours(1)});
  ASSERT_TRUE(opened.ok()) << opened.status();
  Engine& engine = **opened;
  ASSERT_TRUE(PutDurably(engine, "first", "1").ok());
  Items standing = {{"first", "1"}};
  disk->SetRoom(2'000);
  EXPECT_EQ(Load(engine, BatchOf(LargeItems("key"))).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(AllOf(engine), standing);
  EXPECT_EQ(Leftovers(scratch.File("book")), 0);
  disk->SetRoom(FailingDisk::kAmpleBytes);
  standing.merge(LargeItems("key"));
  EXPECT_TRUE(Load(engine, BatchOf(LargeItems("key"))).ok());
  EXPECT_EQ(AllOf(engine), standing);
}

TEST(TableLoad, EveryTableIsSyncedOnce) {
  ScratchDirectory scratch;
  auto disk = std::make_shared<FailingDisk>();
  auto engine = OpenRocksdbWith({.directory = scratch.File("book"),
                                 .options = {.create_if_missing = true},
                                 .file_system = disk});
  ASSERT_TRUE(engine.ok()) << engine.status();
  Items items;
  for (const char* prefix : {"a_table:", "b_table:", "c_table:"}) items.merge(LargeItems(prefix));
  ASSERT_TRUE(Load(**engine, BatchOf(items)).ok());
  EXPECT_EQ(StoreFiles(scratch.File("book"), ".sst").size(), 3u);
  EXPECT_EQ(disk->LoadSyncs(), 3);
  EXPECT_EQ(disk->Reopened(), 0);
  disk->FailSyncs(true);
  EXPECT_EQ(Load(**engine, BatchOf(LargeItems("d_table:"))).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(AllOf(**engine), items);
}

TEST(TableLoad, FlushingMergesWhatLoadsLeftBesideEachOther) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  Items items;
  for (int load = 0; load < 6; ++load) {
    items = LargeItems("load/key", std::to_string(load));
    ASSERT_TRUE(Load(*engine, BatchOf(items)).ok());
  }
  EXPECT_EQ(StoreFiles(scratch.File("book"), ".sst").size(), 6u);
  ASSERT_TRUE(engine->Flush().ok());
  EXPECT_LE(StoreFiles(scratch.File("book"), ".sst").size(), 2u);
  EXPECT_EQ(AllOf(*engine), items);
}

std::string LargestFile(const std::string& store) {
  std::string largest;
  for (const std::string& file : StoreFiles(store, ".sst")) {
    const bool larger =
        largest.empty() || std::filesystem::file_size(file) > std::filesystem::file_size(largest);
    if (larger) largest = file;
  }
  return largest;
}

// What is flushed reaches over everything; merging loads beside it leaves what lies between alone.
TEST(TableLoad, MergingLoadsRewritesNothingThatAFlushReachesOver) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  Items standing = LargeItems("middle/key");
  standing.merge(LargeItems("middle/more"));
  ASSERT_TRUE(Load(*engine, BatchOf(standing)).ok());
  const std::string untouched = LargestFile(scratch.File("book"));
  ASSERT_TRUE(PutDurably(*engine, "a", "1").ok());
  ASSERT_TRUE(PutDurably(*engine, "z", "1").ok());
  Items loaded;
  for (int load = 0; load < 3; ++load) {
    loaded = LargeItems("other/key", std::to_string(load));
    ASSERT_TRUE(Load(*engine, BatchOf(loaded)).ok());
    ASSERT_TRUE(engine->Flush().ok());
  }
  EXPECT_TRUE(std::filesystem::exists(untouched));
  standing.merge(loaded);
  standing.merge(Items{{"a", "1"}, {"z", "1"}});
  EXPECT_EQ(AllOf(*engine), standing);
}

using Properties = std::shared_ptr<const rocksdb::TableProperties>;

// What the tables of a store that nobody has open say of themselves, by the keys' first letter.
std::map<char, Properties> PropertiesOf(const std::string& directory) {
  rocksdb::DB* opened = nullptr;
  EXPECT_TRUE(rocksdb::DB::OpenForReadOnly({}, directory + "/rocksdb", &opened).ok());
  const std::unique_ptr<rocksdb::DB> database(opened);
  std::vector<rocksdb::LiveFileMetaData> files;
  rocksdb::TablePropertiesCollection properties;
  database->GetLiveFilesMetaData(&files);
  EXPECT_TRUE(database->GetPropertiesOfAllTables(&properties).ok());
  std::map<char, Properties> by_letter;
  for (const rocksdb::LiveFileMetaData& file : files) {
    for (const auto& [path, of_file] : properties) {
      if (path.ends_with(file.name)) by_letter[file.smallestkey[0]] = of_file;
    }
  }
  return by_letter;
}

TEST(TableLoad, CompressesOnlyWhatItShrinks) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  std::mt19937 random(7);
  Items items = LargeItems("text");
  for (auto& [key, value] : LargeItems("hash")) {
    std::string dense = value;
    for (char& c : dense) c = static_cast<char>(random());
    items[key] = dense;
  }
  ASSERT_TRUE(Load(*engine, BatchOf(items)).ok());
  EXPECT_EQ(AllOf(*engine), items);
  engine.reset();
  std::map<char, Properties> tables = PropertiesOf(scratch.File("book"));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables['h']->compression_name, "NoCompression");
  EXPECT_EQ(tables['t']->compression_name, "ZSTD");
}

TEST(TableLoad, WhatIsReadInStretchesHasLargeBlocksAndNoFilter) {
  ScratchDirectory scratch;
  auto engine =
      *OpenRocksdb(scratch.File("book"), {.create_if_missing = true, .kinds_in_stretches = "sj"});
  Items items = LargeItems("1234journal");
  items.merge(LargeItems("2234plots"));
  ASSERT_TRUE(Load(*engine, BatchOf(items)).ok());
  EXPECT_EQ(AllOf(*engine), items);
  EXPECT_EQ(*ReadOne(*engine, items.begin()->first), items.begin()->second);
  engine.reset();
  std::map<char, Properties> tables = PropertiesOf(scratch.File("book"));
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables['1']->filter_size, 0u);
  EXPECT_GT(tables['2']->filter_size, 0u);
  EXPECT_LT(2 * tables['1']->num_data_blocks, tables['2']->num_data_blocks);
}

TEST(TableLoad, OpeningRemovesWhatACrashLeft) {
  ScratchDirectory scratch;
  OpenStore(scratch.File("book")).reset();
  WriteFile(scratch.File("book/LOAD-7"), "half a table");
  EXPECT_TRUE(AllOf(*OpenStore(scratch.File("book"))).empty());
  EXPECT_EQ(Leftovers(scratch.File("book")), 0);
}

// In a child: loads one after the other, and tells each over the pipe once acknowledged.
[[noreturn]] void LoadUntilKilled(const std::string& directory, int pipe) {
  auto engine = OpenRocksdb(directory, {.create_if_missing = true});
  for (int load = 0; engine.ok(); ++load) {
    const Items items = LargeItems("load" + std::to_string(1'000 + load) + "/");
    if (!Load(**engine, BatchOf(items)).ok()) break;
    if (::write(pipe, &load, sizeof load) != sizeof load) break;
  }
  ::_exit(1);
}

TEST(TableLoad, IsThereInWholeOrNotAtAllWhenTheProcessIsKilled) {
  for (const int least : {0, 3, 9}) {
    ScratchDirectory scratch;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) LoadUntilKilled(scratch.File("book"), ends[1]);
    ::close(ends[1]);
    int last = -1;
    for (int load; ::read(ends[0], &load, sizeof load) == sizeof load; last = load) {
      if (load != least) continue;
      ::usleep(1'000u * static_cast<unsigned>(least));
      ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ASSERT_GE(last, least);
    const auto engine = OpenRocksdb(scratch.File("book"));
    ASSERT_TRUE(engine.ok()) << engine.status();
    const std::size_t items = AllOf(**engine).size();
    EXPECT_EQ(items % 120, 0u);
    EXPECT_GE(items, 120 * (static_cast<std::size_t>(last) + 1));
  }
}

// Keys that differ early and late, so that loads have one file or many, which overlap.
RC_GTEST_PROP(TableLoad, AnswersAsASortedMap, ()) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  Items model;
  for (int load = *rc::gen::inRange(1, 4); load > 0; --load) {
    WriteBatch batch;
    for (int left = *rc::gen::inRange(20, 60); left > 0; --left) {
      const std::string key = *rc::gen::element<std::string>("a", "a2345678", "b") +
                              std::to_string(*rc::gen::inRange(0, 30));
      if (*rc::gen::inRange(0, 4) == 0) {
        batch.Delete(key);
        model.erase(key);
      } else {
        std::string value(*rc::gen::element<std::size_t>(10, 100'000), 'v');
        value += std::to_string(left);
        batch.Put(key, value);
        model[key] = value;
      }
    }
    RC_ASSERT(engine->Write(batch, kUnfenced, Durability::kDurable).ok());
    RC_ASSERT(AllOf(*engine) == model);
  }
  engine.reset();
  RC_ASSERT(AllOf(*OpenStore(scratch.File("book"))) == model);
}

}  // namespace
}  // namespace landbook::storage
