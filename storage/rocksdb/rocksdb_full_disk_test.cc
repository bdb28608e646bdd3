// A disk that is full, and has room again, under an open store. The last test mounts a small tmpfs,
// which is really full and takes the right to mount; it is skipped without it.
#include <rapidcheck.h>
#include <sys/mount.h>

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "storage/engine_conformance_testing.h"
#include "storage/rocksdb/failing_disk_testing.h"
#include "storage/rocksdb/rocksdb_engine_internal.h"
#include "storage/rocksdb/store_testing.h"

namespace landbook::storage {
namespace {

using testing::HasSubstr;
using Items = std::map<std::string, std::string>;

// A store on a failing disk, which asks for room at every write that is refused.
struct StoreOnFailingDisk {
  explicit StoreOnFailingDisk(std::chrono::milliseconds mend_every = std::chrono::milliseconds(0),
                              std::size_t write_buffer_bytes = 1u << 20) {
    auto opened = OpenRocksdbWith(
        {.directory = scratch.File("book"),
         .options = {.create_if_missing = true, .write_buffer_bytes = write_buffer_bytes},
         .file_system = disk,
         .mend_every = mend_every});
    EXPECT_TRUE(opened.ok()) << opened.status();
    if (opened.ok()) engine = *std::move(opened);
  }

  // Everything as it is read now, or, with `again`, from a store that was closed and opened.
  Items All(bool again = false) {
    if (again) {
      engine.reset();
      engine = OpenStore(scratch.File("book"));
    }
    Items items;
    const auto page = ScanPage(*engine, {}, {});
    EXPECT_TRUE(page.ok()) << page.status();
    if (page.ok()) {
      for (const KeyValue& item : page->items) items[item.key] = item.value;
    }
    return items;
  }
  absl::Status Put(const std::string& key, const std::string& value) {
    return PutDurably(*engine, key, value);
  }

  ScratchDirectory scratch;
  std::shared_ptr<FailingDisk> disk = std::make_shared<FailingDisk>();
  std::unique_ptr<Engine> engine;
};

TEST(RocksdbFullDisk, WritesAreRefusedByNameReadsGoOnAndWritingGoesOnWithRoom) {
  StoreOnFailingDisk store;
  Items acknowledged;
  ASSERT_TRUE(store.Put("first", "1").ok());
  acknowledged["first"] = "1";
  store.disk->SetRoom(50'000);
  absl::Status status;
  for (int i = 0; i < 100; ++i) {
    const std::string key = "key" + std::to_string(i);
    status = store.Put(key, std::string(10'000, 'v'));
    if (!status.ok()) break;
    acknowledged[key] = std::string(10'000, 'v');
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is full"));
  EXPECT_GT(acknowledged.size(), 3u);
  EXPECT_EQ(store.Put("more", "1").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.engine->AcquireFence("late").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.All(), acknowledged);

  store.disk->SetRoom(FailingDisk::kAmpleBytes);
  ASSERT_TRUE(store.Put("more", "2").ok());
  acknowledged["more"] = "2";
  EXPECT_EQ(store.All(), acknowledged);
  EXPECT_EQ(store.All(/*again=*/true), acknowledged);
}

TEST(RocksdbFullDisk, AWriteThatOnlyCouldNotBeSyncedDoesNotComeToLife) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", "kept").ok());
  const std::uint64_t sequence = store.engine->Sequence();
  store.disk->FailSyncs(true);
  EXPECT_EQ(store.Put("a", "refused").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.Put("b", "refused").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.engine->Sequence(), sequence);
  store.disk->FailSyncs(false);
  ASSERT_TRUE(store.Put("c", "kept").ok());
  EXPECT_GT(store.engine->Sequence(), sequence);
  const Items acknowledged = {{"a", "kept"}, {"c", "kept"}};
  EXPECT_EQ(store.All(), acknowledged);
  EXPECT_EQ(store.All(/*again=*/true), acknowledged);
}

TEST(RocksdbFullDisk, ACrashWhileItIsFullLosesNothingAcknowledged) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", "kept").ok());
  store.disk->FailSyncs(true);
  EXPECT_FALSE(store.Put("b", "unknown").ok());
  EXPECT_FALSE(store.Put("c", "refused").ok());
  // What was written in whole but not synced may have come, as the interface says; nothing later.
  const Items items = store.All(/*again=*/true);
  const Items with = {{"a", "kept"}, {"b", "unknown"}};
  const Items without = {{"a", "kept"}};
  EXPECT_TRUE(items == with || items == without);
}

// The list of files names the logs that were synced and not yet written to tables.
TEST(RocksdbFullDisk, ATornEndBehindATrackedLogIsCutOff) {
  StoreOnFailingDisk store(std::chrono::hours(1));
  store.disk->FailNextFileNamed(".sst");
  Items acknowledged;
  for (int i = 0; StoreFiles(store.scratch.File("book"), ".log").size() < 2 && i < 200; ++i) {
    const std::string key = "key" + std::to_string(i);
    if (store.Put(key, std::string(20'000, 'v')).ok()) acknowledged[key] = std::string(20'000, 'v');
  }
  store.engine.reset();
  auto logs = StoreFiles(store.scratch.File("book"), ".log");
  ASSERT_EQ(logs.size(), 2u);
  const std::string last = std::max(logs[0], logs[1]);
  WriteFile(last, ReadFile(last) + std::string(100, '\x5a'));
  EXPECT_EQ(store.All(/*again=*/true), acknowledged);
}

TEST(RocksdbFullDisk, FencesHoldOverTheReturn) {
  StoreOnFailingDisk store;
  auto older = store.engine->AcquireFence("county");
  auto newer = store.engine->AcquireFence("county");
  ASSERT_TRUE(older.ok() && newer.ok());
  WriteBatch batch;
  batch.Put("a", "1");
  store.disk->SetRoom(0);
  EXPECT_EQ(store.engine->Write(batch, *newer, Durability::kDurable).code(),
            absl::StatusCode::kUnavailable);
  store.disk->SetRoom(FailingDisk::kAmpleBytes);
  EXPECT_EQ(store.engine->Write(batch, *older, Durability::kDurable).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(store.engine->Write(batch, *newer, Durability::kDurable).ok());
}

TEST(RocksdbFullDisk, FlushingAndPurgingAreRefusedAndComeBackAsWell) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", "1").ok());
  store.disk->SetRoom(0);
  EXPECT_EQ(store.engine->Flush().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.engine->Purge({}).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store.All(), (Items{{"a", "1"}}));
  store.disk->SetRoom(FailingDisk::kAmpleBytes);
  EXPECT_TRUE(store.engine->Flush().ok());
  EXPECT_TRUE(store.engine->Purge({}).ok());
  EXPECT_EQ(store.All(/*again=*/true), (Items{{"a", "1"}}));
}

TEST(RocksdbFullDisk, ReadsGoOnWhenThereIsRoomButOpeningForWritingFails) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", "1").ok());
  store.disk->FailSyncs(true);
  EXPECT_FALSE(store.Put("b", "refused").ok());
  store.disk->FailSyncs(false);
  store.disk->FailNextFileNamed("MANIFEST-");
  const absl::Status status = store.Put("b", "refused");
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is full"));
  // The store stands open for reading only.
  EXPECT_EQ(store.All(), (Items{{"a", "1"}}));
  EXPECT_EQ(store.engine->Read(std::vector<std::string>{"a", "b"})->front(), "1");
  EXPECT_GT(store.engine->Sequence(), 0u);
  ASSERT_TRUE(store.Put("b", "kept").ok());
  EXPECT_EQ(store.All(/*again=*/true), (Items{{"a", "1"}, {"b", "kept"}}));
}

TEST(RocksdbFullDisk, AsksForRoomOnlyAfterAFailureAndNotAtEveryWrite) {
  StoreOnFailingDisk store(std::chrono::hours(1));
  ASSERT_TRUE(store.Put("a", "1").ok());
  EXPECT_EQ(store.disk->Probes(), 0);
  store.disk->TellRoom(false);
  store.disk->SetRoom(0);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(store.Put("b", "refused").ok());
  EXPECT_EQ(store.disk->Probes(), 1);
  EXPECT_FALSE(std::filesystem::exists(store.scratch.File("book/ROOM")));
}

TEST(RocksdbFullDisk, AFileSystemThatTellsThatItIsFullIsNotWrittenTo) {
  StoreOnFailingDisk store;
  store.disk->SetRoom(1u << 19);
  ASSERT_FALSE(store.Put("a", std::string(1'000'000, 'v')).ok());
  store.disk->SetRoom(1u << 19);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(store.Put("b", "refused").ok());
  EXPECT_EQ(store.disk->Probes(), 0);
}

TEST(RocksdbFullDisk, DamageIsNotTakenForAFullDisk) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", std::string(10'000, 'v')).ok());
  ASSERT_TRUE(store.engine->Flush().ok());
  const std::string table = StoreFiles(store.scratch.File("book"), ".sst").front();
  std::string bytes = ReadFile(table);
  bytes[20] = static_cast<char>(bytes[20] ^ 0x41);
  WriteFile(table, bytes);
  EXPECT_EQ(store.engine->Purge({}).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store.Put("b", "1").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(store.disk->Probes(), 0);
}

TEST(RocksdbFullDisk, ALongScanPutsTheReturnOffAndNobodyWaitsForIt) {
  StoreOnFailingDisk store;
  ASSERT_TRUE(store.Put("a", "1").ok());
  store.disk->SetRoom(0);
  ASSERT_FALSE(store.Put("b", "refused").ok());
  std::promise<void> inside;
  std::promise<void> leave;
  std::thread reader([&] {
    const KeyRange all;
    EXPECT_TRUE(store.engine
                    ->Scan(std::span(&all, 1), {},
                           [&](std::string_view, std::string_view) {
                             inside.set_value();
                             leave.get_future().wait();
                             return true;
                           })
                    .ok());
  });
  inside.get_future().wait();
  store.disk->SetRoom(FailingDisk::kAmpleBytes);
  EXPECT_EQ(store.Put("b", "refused").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(*ReadOne(*store.engine, "a"), "1");
  leave.set_value();
  reader.join();
  EXPECT_TRUE(store.Put("b", "kept").ok());
}

// Counts up under its own name in three keys, trying a refused write again, until told to stop.
// Gives the last number that was acknowledged.
int CountUntil(const std::atomic<bool>& stop, Engine& engine, const std::string& name,
               std::atomic<int>& refused) {
  int count = 0;
  while (!stop.load()) {
    WriteBatch batch;
    batch.Put("count" + name, std::to_string(count + 1));
    batch.Put("again" + name, std::to_string(count + 1));
    batch.Put("item" + name + "/" + std::to_string(count + 1), "1");
    if (engine.Write(batch, kUnfenced, Durability::kDurable).ok()) {
      ++count;
    } else {
      ++refused;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
  return count;
}

// Reads the counts of CountUntil, which never go back and are never seen torn.
void WatchUntil(const std::atomic<bool>& stop, const Engine& engine,
                const std::vector<std::string>& names) {
  std::map<std::string, int> seen;
  while (!stop.load()) {
    for (const std::string& name : names) {
      const auto values = engine.Read(std::vector<std::string>{"count" + name, "again" + name});
      ASSERT_TRUE(values.ok()) << values.status();
      EXPECT_EQ((*values)[0], (*values)[1]);
      const int count = std::stoi((*values)[0].value_or("0"));
      EXPECT_GE(count, seen[name]);
      seen[name] = count;
    }
  }
}

TEST(RocksdbFullDisk, ConcurrentWritersAndReadersGoOnThroughFullDisks) {
  StoreOnFailingDisk store(std::chrono::milliseconds(10));
  const std::vector<std::string> names = {"a", "b", "c"};
  std::atomic<bool> stop = false;
  std::atomic<int> refused = 0;
  std::vector<std::future<int>> counts;
  for (const std::string& name : names) {
    counts.push_back(std::async(
        std::launch::async, [&, name] { return CountUntil(stop, *store.engine, name, refused); }));
  }
  std::thread reader([&] { WatchUntil(stop, *store.engine, names); });
  for (int fills = 0; fills < 5; ++fills) {
    const int refused_before = refused;
    store.disk->SetRoom(3'000);
    while (refused.load() == refused_before) std::this_thread::yield();
    store.disk->SetRoom(FailingDisk::kAmpleBytes);
    while (!store.Put("free", std::to_string(fills)).ok()) std::this_thread::yield();
  }
  stop = true;
  reader.join();
  std::size_t wanted = 1;
  for (std::future<int>& count : counts) wanted += static_cast<std::size_t>(count.get()) + 2;
  EXPECT_EQ(store.All().size(), wanted);
  EXPECT_EQ(store.All(/*again=*/true).size(), wanted);
}

// Writes, fills and frees the disk and closes the store at random, with buffers so small that
// tables and the list of files meet the full disk as well as the log.
TEST(RocksdbFullDisk, HoldsWhatAMapOfTheAcknowledgedWritesHolds) {
  const bool holds = rc::check("the store is the map of what was acknowledged", [] {
    StoreOnFailingDisk store(std::chrono::milliseconds(0), 128u << 10);
    Items acknowledged;
    for (int step = *rc::gen::inRange(1, 40); step > 0; --step) {
      const int action = *rc::gen::inRange(0, 10);
      if (action == 0) store.disk->SetRoom(*rc::gen::inRange<std::uint64_t>(0, 100'000));
      if (action == 1) store.disk->FailSyncs(true);
      if (action == 2) store.disk->FailSyncs(false);
      if (action == 3) store.disk->SetRoom(FailingDisk::kAmpleBytes);
      const int name = *rc::gen::inRange(0, 20);
      const std::string first = "first" + std::to_string(name);
      const std::string second = "second" + std::to_string(name);
      WriteBatch batch;
      batch.Put(first, std::to_string(step));
      batch.Put(second, std::string(*rc::gen::inRange<std::size_t>(0, 40'000), 'v'));
      const absl::Status status = store.engine->Write(batch, kUnfenced, Durability::kDurable);
      if (status.ok()) {
        for (const auto& put : batch.Operations()) {
          acknowledged[std::string(put.key)] = put.value;
        }
      } else {
        RC_ASSERT(absl::IsUnavailable(status));
      }
      RC_ASSERT(store.All() == acknowledged);
    }
    store.disk->FailSyncs(false);
    store.disk->SetRoom(FailingDisk::kAmpleBytes);
    RC_ASSERT(store.Put("last", "1").ok());
    acknowledged["last"] = "1";
    RC_ASSERT(store.All() == acknowledged);
    RC_ASSERT(store.All(/*again=*/true) == acknowledged);
  });
  EXPECT_TRUE(holds);
}

// A file system of 64 MB, mounted while the object lives.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    std::filesystem::create_directory(path);
    mounted_ = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=64m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool IsMounted() const { return mounted_; }

 private:
  std::string path_;
  bool mounted_;
};

// Writes until the disk is full, under names that begin with `prefix`; gives how many were taken.
int WriteUntilRefused(Engine& engine, const std::string& prefix) {
  for (int number = 0; number < 100'000; ++number) {
    const absl::Status status =
        PutDurably(engine, prefix + std::to_string(number), std::string(10'000, 'v'));
    if (status.ok()) continue;
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr("is full"));
    return number;
  }
  ADD_FAILURE() << "the disk never was full";
  return 0;
}

TEST(RocksdbFullDisk, ASmallDiskIsFilledAndFreedAgainAndAgain) {
  ScratchDirectory scratch;
  SmallDisk disk(scratch.File("disk"));
  if (!disk.IsMounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  auto engine = *OpenRocksdbWith({.directory = scratch.File("disk/book"),
                                  .options = {.create_if_missing = true},
                                  .mend_every = std::chrono::milliseconds(0)});
  ASSERT_TRUE(PutDurably(*engine, "first", "1").ok());
  std::size_t acknowledged = 1;
  for (const std::string round : {"a", "b"}) {
    const std::string ballast = scratch.File("disk/ballast");
    WriteFile(ballast, std::string(100u << 20, 'b'));  // As much as there is room for.
    acknowledged += static_cast<std::size_t>(WriteUntilRefused(*engine, round));
    EXPECT_EQ(ReadOne(*engine, "first").value(), "1");
    EXPECT_EQ(ScanPage(*engine, {}, {})->items.size(), acknowledged);
    std::filesystem::remove(ballast);
    ASSERT_TRUE(PutDurably(*engine, "more" + round, "1").ok());
    ++acknowledged;
    EXPECT_EQ(ScanPage(*engine, {}, {})->items.size(), acknowledged);
  }
  engine = nullptr;
  engine = OpenStore(scratch.File("disk/book"));
  EXPECT_EQ(ScanPage(*engine, {}, {})->items.size(), acknowledged);
}

}  // namespace
}  // namespace landbook::storage
