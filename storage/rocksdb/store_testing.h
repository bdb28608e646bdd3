// What the tests of the engine on disk share: a directory of their own, and ways to harm it.
#ifndef LANDBOOK_STORAGE_ROCKSDB_STORE_TESTING_H_
#define LANDBOOK_STORAGE_ROCKSDB_STORE_TESTING_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook::storage {

// A directory that goes away with the object. In memory where there is such a place: these tests
// sync thousands of times and none of them is about the medium.
class ScratchDirectory {
 public:
  ScratchDirectory() {
    const bool has_memory_disk = std::filesystem::is_directory("/dev/shm");
    std::string path = (has_memory_disk ? "/dev/shm" : testing::TempDir()) + "/landbook-XXXXXX";
    EXPECT_NE(::mkdtemp(path.data()), nullptr);
    path_ = path;
  }
  ~ScratchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::unique_ptr<Engine> OpenStore(const std::string& directory) {
  auto engine = OpenRocksdb(directory, {.create_if_missing = true});
  EXPECT_TRUE(engine.ok()) << engine.status();
  return engine.ok() ? *std::move(engine) : nullptr;
}

inline absl::Status PutDurably(Engine& engine, const std::string& key, const std::string& value) {
  WriteBatch batch;
  batch.Put(key, value);
  return engine.Write(batch, kUnfenced, Durability::kDurable);
}

inline std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
}

inline void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// The store's files whose names end in `extension`, the non-empty ones.
inline std::vector<std::string> StoreFiles(const std::string& directory,
                                           const std::string& extension) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory + "/rocksdb")) {
    if (entry.path().extension() == extension && entry.file_size() > 0) {
      files.push_back(entry.path().string());
    }
  }
  return files;
}

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_ROCKSDB_STORE_TESTING_H_
