#include "storage/rocksdb/table_load.h"

#include <fmt/format.h>
#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <zstd.h>

#include <algorithm>
#include <atomic>
#include <iterator>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "storage/prefetch.h"

namespace landbook::storage {
namespace {

using Operation = WriteBatch::Operation;

// The first bytes of a file's name, in the store's directory.
constexpr std::string_view kFilePrefix = "LOAD-";
// A file ends where the first bytes of the keys change: keys that are alike in them lie together,
// and files that span little overlap few others.
constexpr std::size_t kAlikeBytes = 8;
// Neighbouring stretches of fewer bytes share a file all the same, where these first bytes are the
// same.
constexpr std::size_t kKinBytes = 5;
constexpr std::size_t kFileBytesMin = 64u << 10;
// Level -1 takes a quarter of the time of the usual level, for tables a tenth larger, which are
// written at the usual one when they are merged.
constexpr int kCompressionLevel = -1;
// zstd begins each block anew: these cost it two thirds of what blocks of 8 KiB do.
constexpr std::size_t kStretchBlockBytes = 64u << 10;
constexpr std::size_t kSampleBytes = 8u << 10;
constexpr std::size_t kWritersMax = 8;
// Keys and values lie in memory in the order in which they were put, each table's among the
// others'. So many operations ahead they are asked for, which then costs no wait.
constexpr std::size_t kFetchedAhead = 6;

std::size_t BytesOf(const Operation& operation) {
  return operation.key.size() + operation.value.size();
}

bool Alike(std::string_view a, std::string_view b) {
  return a.substr(0, kAlikeBytes) == b.substr(0, kAlikeBytes);
}

bool Kin(std::string_view a, std::string_view b) {
  return a.substr(0, kKinBytes) == b.substr(0, kKinBytes);
}

rocksdb::Slice ToSlice(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ToView(const rocksdb::Slice* slice) { return {slice->data(), slice->size()}; }

// Ends the files of compactions where those of loads end.
class Partitioner final : public rocksdb::SstPartitioner {
 public:
  const char* Name() const override { return "landbook.alike"; }
  rocksdb::PartitionerResult ShouldPartition(const rocksdb::PartitionerRequest& request) override {
    const std::string_view before = ToView(request.prev_user_key);
    const std::string_view next = ToView(request.current_user_key);
    const bool small = request.current_output_file_size < kFileBytesMin;
    const bool stays = Alike(before, next) || (small && Kin(before, next));
    return stays ? rocksdb::PartitionerResult::kNotRequired : rocksdb::PartitionerResult::kRequired;
  }
  bool CanDoTrivialMove(const rocksdb::Slice&, const rocksdb::Slice&) override { return true; }
};

class PartitionerFactory final : public rocksdb::SstPartitionerFactory {
 public:
  const char* Name() const override { return "landbook.alike"; }
  std::unique_ptr<rocksdb::SstPartitioner> CreatePartitioner(
      const rocksdb::SstPartitioner::Context&) const override {
    return std::make_unique<Partitioner>();
  }
};

// RocksDB opens the tables that it takes in once more, to sync them in case nobody has.
class DiskWithoutSecondSyncs final : public rocksdb::FileSystemWrapper {
 public:
  explicit DiskWithoutSecondSyncs(std::shared_ptr<rocksdb::FileSystem> disk)
      : rocksdb::FileSystemWrapper(std::move(disk)) {}
  const char* Name() const override { return "landbook.without_second_syncs"; }
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override {
    if (path.ends_with(".sst")) return rocksdb::IOStatus::NotSupported("tables are synced once");
    return target()->ReopenWritableFile(path, options, file, debug);
  }
};

// The operations by key; of several with one key the last.
std::vector<const Operation*> Sorted(const WriteBatch& batch) {
  std::vector<const Operation*> sorted;
  sorted.reserve(batch.Operations().size());
  for (const Operation& operation : batch.Operations()) sorted.push_back(&operation);
  // Most come in ascending order, and what does not comes last: the nodes of the journal's tree.
  const auto before = [](const Operation* a, const Operation* b) { return a->key < b->key; };
  const auto rest = sorted.begin() + static_cast<std::ptrdiff_t>(batch.AscendingCount());
  if (rest == sorted.end()) return sorted;
  std::stable_sort(rest, sorted.end(), before);
  if (rest != sorted.begin() && !before(*std::prev(rest), *rest)) {
    std::inplace_merge(sorted.begin(), rest, sorted.end(), before);
  }
  std::vector<const Operation*> last;
  last.reserve(sorted.size());
  for (const Operation* operation : sorted) {
    if (!last.empty() && last.back()->key == operation->key) last.pop_back();
    last.push_back(operation);
  }
  return last;
}

// As much of the operations as a block holds, and as a block holds it: of each key what is not as
// in the key before.
std::string FirstBlockOf(std::span<const Operation* const> operations) {
  std::string block;
  std::string_view before;
  for (const Operation* operation : operations) {
    if (block.size() >= kSampleBytes) break;
    const std::string_view key = operation->key;
    const auto differs = std::mismatch(key.begin(), key.end(), before.begin(), before.end()).first;
    block.append(differs, key.end());
    block.append(operation->value);
    before = key;
  }
  return block;
}

// Whether compression takes more than an eighth off keys and values. Boundaries and hashes are as
// short as they get, and to try each of their blocks would cost a sixth of a load.
bool Shrinks(std::span<const Operation* const> operations) {
  const std::string block = FirstBlockOf(operations);
  std::string compressed(ZSTD_compressBound(block.size()), '\0');
  const std::size_t bytes = ZSTD_compress(compressed.data(), compressed.size(), block.data(),
                                          block.size(), kCompressionLevel);
  return ZSTD_isError(bytes) != 0 || bytes < block.size() - block.size() / 8;
}

// Tables of large blocks and without filters, otherwise as the options say.
std::shared_ptr<rocksdb::TableFactory> TablesOfStretches(const rocksdb::Options& options) {
  auto table = *options.table_factory->GetOptions<rocksdb::BlockBasedTableOptions>();
  table.block_size = kStretchBlockBytes;
  table.filter_policy.reset();
  return std::shared_ptr<rocksdb::TableFactory>(rocksdb::NewBlockBasedTableFactory(table));
}

// The files of the first level, by their last keys.
std::vector<rocksdb::SstFileMetaData> FirstLevel(rocksdb::DB& database) {
  rocksdb::ColumnFamilyMetaData tables;
  database.GetColumnFamilyMetaData(&tables);
  std::vector<rocksdb::SstFileMetaData> files = std::move(tables.levels.front().files);
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.largestkey < b.largestkey; });
  return files;
}

}  // namespace

// Operations of neighbouring keys: those of one file.
struct TableLoad::Group {
  std::span<const Operation* const> operations;
  std::size_t bytes = 0;
};

std::shared_ptr<rocksdb::SstPartitionerFactory> TableLoad::PartitionerForCompactions() {
  return std::make_shared<PartitionerFactory>();
}

std::shared_ptr<rocksdb::FileSystem> TableLoad::WithoutSecondSyncs(
    std::shared_ptr<rocksdb::FileSystem> disk) {
  return std::make_shared<DiskWithoutSecondSyncs>(std::move(disk));
}

bool TableLoad::Suits(const WriteBatch& batch) {
  return batch.SizeBytes() >= kBytesMin &&
         std::none_of(batch.Operations().begin(), batch.Operations().end(),
                      [](const Operation& operation) {
                        return operation.kind == WriteBatch::Kind::kDeleteRange;
                      });
}

void TableLoad::RemoveLeftovers(rocksdb::Env& env, const std::string& directory) {
  std::vector<std::string> names;
  env.GetChildren(directory, &names).PermitUncheckedError();
  for (const std::string& name : names) {
    if (name.starts_with(kFilePrefix)) {
      env.DeleteFile(directory + "/" + name).PermitUncheckedError();
    }
  }
}

TableLoad::TableLoad(std::string directory, const rocksdb::Options& options,
                     std::string_view kinds_in_stretches)
    : directory_(std::move(directory)), options_(options), kinds_in_stretches_(kinds_in_stretches) {
  options_.bottommost_compression_opts.enabled = true;
  options_.bottommost_compression_opts.level = kCompressionLevel;
}

TableLoad::~TableLoad() {
  for (const std::string& file : files_) options_.env->DeleteFile(file).PermitUncheckedError();
}

rocksdb::Status TableLoad::Write(const WriteBatch& batch) {
  const std::vector<const Operation*> sorted = Sorted(batch);
  const std::span<const Operation* const> all(sorted);
  std::vector<Group> groups;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    Group group;
    for (; end < all.size() && Alike(all[begin]->key, all[end]->key); ++end) {
      group.bytes += BytesOf(*all[end]);
    }
    group.operations = all.subspan(begin, end - begin);
    const bool joins = !groups.empty() && groups.back().bytes < kFileBytesMin &&
                       group.bytes < kFileBytesMin &&
                       Kin(groups.back().operations.back()->key, all[begin]->key);
    if (!joins) {
      groups.push_back(group);
      continue;
    }
    Group& before = groups.back();
    before.operations = {before.operations.data(), before.operations.size() + end - begin};
    before.bytes += group.bytes;
  }
  return WriteFiles(std::move(groups));
}

// Each file is synced, which is mostly waiting; syncs that wait side by side share one flush of the
// disk's cache. So there are more threads than cores, and the largest files are begun first.
rocksdb::Status TableLoad::WriteFiles(std::vector<Group> groups) {
  std::sort(groups.begin(), groups.end(),
            [](const Group& a, const Group& b) { return a.bytes > b.bytes; });
  static std::atomic<std::uint64_t> last_number{0};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    files_.push_back(fmt::format("{}/{}{}", directory_, kFilePrefix, ++last_number));
  }
  std::vector<rocksdb::Status> statuses(groups.size());
  std::atomic<std::size_t> next{0};
  const auto write_some = [&] {
    for (std::size_t i = next++; i < groups.size(); i = next++) {
      statuses[i] = WriteFile(groups[i], files_[i]);
    }
  };
  std::vector<std::thread> helpers;
  try {
    while (helpers.size() + 1 < std::min(groups.size(), kWritersMax))
      helpers.emplace_back(write_some);
  } catch (const std::system_error&) {  // then those that there are write them all
  }
  write_some();
  for (std::thread& helper : helpers) helper.join();
  const auto failed = std::find_if(statuses.begin(), statuses.end(),
                                   [](const rocksdb::Status& status) { return !status.ok(); });
  return failed == statuses.end() ? rocksdb::Status::OK() : *failed;
}

bool TableLoad::IsInStretches(const Group& group) const {
  const std::string_view key = group.operations.front()->key;
  return key.size() >= kKinBytes &&
         kinds_in_stretches_.find(key[kKinBytes - 1]) != std::string::npos;
}

rocksdb::Status TableLoad::WriteFile(const Group& group, const std::string& file) const {
  rocksdb::Options options = options_;
  if (IsInStretches(group)) options.table_factory = TablesOfStretches(options);
  if (!Shrinks(group.operations)) options.bottommost_compression = rocksdb::kNoCompression;
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options);
  rocksdb::Status status = writer.Open(file);
  for (std::size_t i = 0; i < group.operations.size(); ++i) {
    if (!status.ok()) return status;
    if (i + kFetchedAhead < group.operations.size()) {
      Prefetch(group.operations[i + kFetchedAhead]->key);
      Prefetch(group.operations[i + kFetchedAhead]->value);
    }
    const Operation* operation = group.operations[i];
    status = operation->kind == WriteBatch::Kind::kPut
                 ? writer.Put(ToSlice(operation->key), ToSlice(operation->value))
                 : writer.Delete(ToSlice(operation->key));
  }
  return status.ok() ? writer.Finish() : status;
}

rocksdb::Status TableLoad::TakeInto(rocksdb::DB& database) {
  rocksdb::IngestExternalFileOptions options;
  options.move_files = true;
  options.failed_move_fall_back_to_copy = true;
  options.write_global_seqno = false;  // the manifest holds it
  return database.IngestExternalFile(database.DefaultColumnFamily(), files_, options);
}

rocksdb::Status SpreadFlushes(rocksdb::DB& database, std::uint64_t bytes_max) {
  std::vector<std::string> wide;
  std::uint64_t bytes = 0;
  for (const rocksdb::SstFileMetaData& file : FirstLevel(database)) {
    if (Kin(file.smallestkey, file.largestkey)) continue;
    wide.push_back(file.name);
    bytes += file.size;
  }
  if (wide.empty() || bytes > bytes_max) return rocksdb::Status::OK();
  rocksdb::CompactionOptions options;
  options.compression = rocksdb::kDisableCompressionOption;  // as the level's options say
  const rocksdb::Status spread = database.CompactFiles(options, wide, database.NumberLevels() - 2);
  const bool is_being_merged = spread.IsAborted() || spread.IsInvalidArgument();
  return is_being_merged ? rocksdb::Status::OK() : spread;
}

rocksdb::Status MergeLoads(rocksdb::DB& database) {
  std::string merged_to;  // the last key of the stretches that were merged
  const std::vector<rocksdb::SstFileMetaData> files = FirstLevel(database);
  if (files.size() < 2) return rocksdb::Status::OK();
  for (const rocksdb::SstFileMetaData& file : files) {
    if (!Kin(file.smallestkey, file.largestkey)) continue;
    if (file.largestkey <= merged_to) continue;
    const rocksdb::Slice begin(file.smallestkey);
    const rocksdb::Slice end(file.largestkey);
    rocksdb::Status merged = database.CompactRange(rocksdb::CompactRangeOptions(), &begin, &end);
    if (!merged.ok()) return merged;
    merged_to = file.largestkey;
  }
  return rocksdb::Status::OK();
}

}  // namespace landbook::storage
