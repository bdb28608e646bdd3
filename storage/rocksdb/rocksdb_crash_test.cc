// What the engine on disk keeps when its process is killed, its disk is full, or its bytes change.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/engine_conformance_testing.h"
#include "storage/rocksdb/store_testing.h"

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;

std::string Key(int number) { return "key" + std::to_string(1'000'000 + number); }

// In a child: writes numbers one after the other, and tells each over the pipe once acknowledged.
[[noreturn]] void WriteUntilKilled(const std::string& directory, int pipe) {
  auto engine = OpenRocksdb(directory, {.create_if_missing = true, .write_buffer_bytes = 1u << 20});
  for (int number = 0; engine.ok(); ++number) {
    if (!PutDurably(**engine, Key(number), std::string(300, 'v')).ok()) break;
    if (::write(pipe, &number, sizeof number) != sizeof number) break;
  }
  ::_exit(1);
}

// Runs the child until it has acknowledged `least` writes, kills it, and gives the last number.
int LastAcknowledged(const std::string& directory, int least) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  const pid_t child = ::fork();
  if (child == 0) WriteUntilKilled(directory, ends[1]);
  ::close(ends[1]);
  int last = -1;
  for (int number; ::read(ends[0], &number, sizeof number) == sizeof number; last = number) {
    if (number == least) ::kill(child, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  return last;
}

TEST(RocksdbCrash, NothingAcknowledgedIsLostWhenTheProcessIsKilled) {
  for (const int least : {0, 40, 3000}) {
    ScratchDirectory scratch;
    const int last = LastAcknowledged(scratch.File("book"), least);
    ASSERT_GE(last, least);
    auto engine = OpenRocksdb(scratch.File("book"));
    ASSERT_TRUE(engine.ok()) << engine.status();
    auto page = ScanPage(**engine, {}, {});
    ASSERT_TRUE(page.ok());
    ASSERT_GE(page->items.size(), static_cast<std::size_t>(last) + 1);
    EXPECT_EQ(page->items[static_cast<std::size_t>(last)].key, Key(last));
  }
}

// A store with one log of `count` durable records, closed.
std::string StoreWithLog(const ScratchDirectory& scratch, int count) {
  auto engine = OpenStore(scratch.File("book"));
  for (int number = 0; number < count; ++number) {
    EXPECT_TRUE(PutDurably(*engine, Key(number), "value" + std::to_string(number)).ok());
  }
  engine.reset();
  const auto logs = StoreFiles(scratch.File("book"), ".log");
  EXPECT_EQ(logs.size(), 1u);
  return logs.front();
}

std::size_t ItemsIn(const std::string& directory) {
  auto engine = OpenRocksdb(directory);
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? ScanPage(**engine, {}, {})->items.size() : 0;
}

TEST(RocksdbCrash, AChangedByteOfTheLogIsRefusedWhereverItLies) {
  ScratchDirectory scratch;
  const std::string log = StoreWithLog(scratch, 30);
  const std::string sound = ReadFile(log);
  // Behind the start of the last record, a change looks like an unfinished write.
  const std::size_t last_record = sound.rfind(Key(29)) - 40;
  int refused = 0;
  for (std::size_t at = 0; at < last_record; at += 13) {
    std::string changed = sound;
    changed[at] = static_cast<char>(changed[at] ^ 0x41);
    WriteFile(log, changed);
    const absl::Status status = OpenRocksdb(scratch.File("book")).status();
    ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << "byte " << at << ": " << status;
    ASSERT_EQ(ReadFile(log), changed) << "a refused store was changed";
    ++refused;
  }
  EXPECT_GT(refused, 50);
  WriteFile(log, sound);
  EXPECT_EQ(ItemsIn(scratch.File("book")), 30u);
}

TEST(RocksdbCrash, AnUnfinishedLastRecordIsDropped) {
  for (const std::size_t cut : {1u, 5u, 20u, 40u}) {
    ScratchDirectory scratch;
    const std::string log = StoreWithLog(scratch, 30);
    const std::string sound = ReadFile(log);
    WriteFile(log, sound.substr(0, sound.size() - cut));
    EXPECT_EQ(ItemsIn(scratch.File("book")), 29u) << "cut by " << cut;
  }
}

TEST(RocksdbCrash, AnEndOfZeroesOrNoiseIsDropped) {
  for (const std::string& end :
       {std::string(5000, '\0'), std::string(5000, '\x5a'), std::string(40'000, '\0')}) {
    ScratchDirectory scratch;
    const std::string log = StoreWithLog(scratch, 30);
    WriteFile(log, ReadFile(log) + end);
    EXPECT_EQ(ItemsIn(scratch.File("book")), 30u);
    EXPECT_EQ(ItemsIn(scratch.File("book")), 30u) << "at the second opening";
  }
}

TEST(RocksdbCrash, BufferedWritesBehindATornOneAreDroppedWithIt) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  ASSERT_TRUE(PutDurably(*engine, "durable", "1").ok());
  for (const char* key : {"torn", "whole"}) {
    WriteBatch batch;
    batch.Put(key, "1");
    ASSERT_TRUE(engine->Write(batch, kUnfenced, Durability::kBuffered).ok());
  }
  engine.reset();
  const std::string log = StoreFiles(scratch.File("book"), ".log").front();
  std::string bytes = ReadFile(log);
  bytes[bytes.find("torn")] = 'T';
  WriteFile(log, bytes);
  EXPECT_EQ(ItemsIn(scratch.File("book")), 1u);
}

TEST(RocksdbCrash, RecordsLongerThanABlockOfTheLogAreUnderstood) {
  ScratchDirectory scratch;
  auto engine = OpenStore(scratch.File("book"));
  for (int number = 0; number < 4; ++number) {
    ASSERT_TRUE(PutDurably(*engine, Key(number), std::string(100'000, 'v')).ok());
  }
  engine.reset();
  const std::string log = StoreFiles(scratch.File("book"), ".log").front();
  const std::string sound = ReadFile(log);
  std::string changed = sound;
  changed[150'000] ^= 1;
  WriteFile(log, changed);
  EXPECT_EQ(OpenRocksdb(scratch.File("book")).status().code(), absl::StatusCode::kDataLoss);
  WriteFile(log, sound.substr(0, sound.size() - 50'000));
  EXPECT_EQ(ItemsIn(scratch.File("book")), 3u);
}

TEST(RocksdbCrash, AMissingTableIsRefused) {
  ScratchDirectory scratch;
  StoreWithLog(scratch, 30);
  ASSERT_TRUE(OpenStore(scratch.File("book"))->Flush().ok());
  for (const std::string& table : StoreFiles(scratch.File("book"), ".sst")) fs::remove(table);
  EXPECT_EQ(OpenRocksdb(scratch.File("book")).status().code(), absl::StatusCode::kDataLoss);
}

// Reads everything in both ways; OK, or the first error. Wrong bytes fail the test.
absl::Status ReadAll(const std::string& directory, int count) {
  auto engine = OpenRocksdb(directory);
  if (!engine.ok()) return engine.status();
  for (int number = 0; number < count; ++number) {
    auto value = ReadOne(**engine, Key(number));
    if (!value.ok()) return value.status();
    EXPECT_EQ(*value, "value" + std::to_string(number));
  }
  auto page = ScanPage(**engine, {}, {});
  if (!page.ok()) return page.status();
  EXPECT_EQ(page->items.size(), static_cast<std::size_t>(count));
  return absl::OkStatus();
}

TEST(RocksdbCrash, AChangedByteOfATableIsNeverReadAsData) {
  ScratchDirectory scratch;
  constexpr int kCount = 100;
  StoreWithLog(scratch, kCount);
  ASSERT_TRUE(OpenStore(scratch.File("book"))->Flush().ok());
  const auto tables = StoreFiles(scratch.File("book"), ".sst");
  ASSERT_FALSE(tables.empty());
  int lost = 0;
  for (const std::string& table : tables) {
    const std::string sound = ReadFile(table);
    for (std::size_t at = 0; at < sound.size(); at += 97) {
      std::string changed = sound;
      changed[at] = static_cast<char>(changed[at] ^ 0x41);
      WriteFile(table, changed);
      const absl::Status status = ReadAll(scratch.File("book"), kCount);
      if (status.ok()) continue;  // A byte that no reader needs, such as a property.
      ASSERT_EQ(status.code(), absl::StatusCode::kDataLoss) << "byte " << at << ": " << status;
      ++lost;
    }
    WriteFile(table, sound);
  }
  EXPECT_GT(lost, 5);
  EXPECT_TRUE(ReadAll(scratch.File("book"), kCount).ok());
}

}  // namespace
}  // namespace landbook::storage
