// A disk that is really full: a small tmpfs, which takes the right to mount. Skipped without it.
#include <sys/mount.h>

#include "storage/engine_conformance_testing.h"
#include "storage/rocksdb/store_testing.h"

namespace landbook::storage {
namespace {

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

TEST(RocksdbFullDisk, WritesAreRefusedByNameReadsGoOnAndOpeningAgainWithRoomHeals) {
  ScratchDirectory scratch;
  SmallDisk disk(scratch.File("disk"));
  if (!disk.IsMounted()) GTEST_SKIP() << "mounting a tmpfs is not permitted here";
  auto engine = OpenStore(scratch.File("disk/book"));
  ASSERT_TRUE(PutDurably(*engine, "key0", std::string(10'000, 'v')).ok());
  const std::string ballast = scratch.File("disk/ballast");
  WriteFile(ballast, std::string(100u << 20, 'b'));  // As much as there is room for.

  int acknowledged = 1;
  absl::Status status;
  for (; acknowledged < 10'000; ++acknowledged) {
    status = PutDurably(*engine, "key" + std::to_string(acknowledged), std::string(10'000, 'v'));
    if (!status.ok()) break;
  }
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), testing::HasSubstr("is full"));
  EXPECT_EQ(PutDurably(*engine, "more", "1").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ReadOne(*engine, "key0").value(), std::string(10'000, 'v'));
  EXPECT_EQ(*ReadOne(*engine, "key" + std::to_string(acknowledged)), std::nullopt);

  std::filesystem::remove(ballast);
  engine = nullptr;
  engine = OpenStore(scratch.File("disk/book"));
  ASSERT_NE(engine, nullptr);
  EXPECT_EQ(ScanPage(*engine, {}, {})->items.size(), static_cast<std::size_t>(acknowledged));
  EXPECT_TRUE(PutDurably(*engine, "more", "1").ok());
}

}  // namespace
}  // namespace landbook::storage
