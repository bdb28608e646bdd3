#include "storage/rocksdb/write_ahead_log.h"

#include <absl/status/statusor.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/wal_filter.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "storage/check.h"
#include "storage/rocksdb/rocksdb_status.h"

namespace landbook::storage {
namespace {

namespace fs = std::filesystem;

// The format of the log: blocks of 32 KiB, filled with fragments of records. A fragment is a
// masked CRC-32C of type and payload (4 bytes, little-endian), the payload's length (2), the
// fragment's type (1) and the payload. (RocksDB wiki, "Write Ahead Log File Format".)
constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
enum FragmentType : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

// A record is a write batch: sequence (8 bytes), count (4), then its entries. The mark comes first:
// the tag of a note, the length of its text, its text.
constexpr std::string_view kDurableNote = "durable";
constexpr std::string_view kDurableEntry =
    "\x03\x07"
    "durable";
constexpr std::size_t kBatchHeaderBytes = 12;

std::uint8_t ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t LittleEndian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | ByteAt(bytes, i);
  return value;
}

// CRC-32C by RocksDB's own (hardware) implementation, masked as the log has it.
std::uint32_t MaskedCrc(std::string_view bytes) {
  const auto generator =
      rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(bytes.data(), bytes.size());
  generator->Finalize();
  std::uint32_t crc = 0;
  for (const char c : generator->GetChecksum()) crc = crc << 8 | static_cast<std::uint8_t>(c);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

struct Fragment {
  std::uint8_t type = 0;
  std::string_view payload;
};

// The fragment that starts at `at`; nullopt when none is there whole and sound.
std::optional<Fragment> FragmentAt(std::string_view log, std::size_t at) {
  const std::size_t block_end = std::min(log.size(), (at / kBlockBytes + 1) * kBlockBytes);
  if (at + kHeaderBytes > block_end) return std::nullopt;
  const std::size_t size = LittleEndian(log.substr(at + 4, 2));
  const std::uint8_t type = ByteAt(log, at + 6);
  if (type < kFull || type > kLast || at + kHeaderBytes + size > block_end) return std::nullopt;
  if (LittleEndian(log.substr(at, 4)) != MaskedCrc(log.substr(at + 6, 1 + size))) {
    return std::nullopt;
  }
  return Fragment{type, log.substr(at + kHeaderBytes, size)};
}

// The first bytes of the batch that a record holds, which may be spread over its fragments.
class BatchHeader {
 public:
  void Add(const Fragment& fragment) {
    if (fragment.type == kFull || fragment.type == kFirst) bytes_.clear();
    bytes_ += fragment.payload.substr(0, kBatchHeaderBytes - bytes_.size());
  }
  // Whether the batch changes anything behind `last_sequence`. One that only syncs changes nothing.
  bool ReachesBehind(std::uint64_t last_sequence) const {
    if (bytes_.size() < kBatchHeaderBytes) return false;
    const std::string_view bytes(bytes_);
    const std::uint64_t sequence =
        LittleEndian(bytes.substr(0, 4)) | std::uint64_t{LittleEndian(bytes.substr(4, 4))} << 32;
    return sequence + LittleEndian(bytes.substr(8, 4)) > last_sequence + 1;
  }

 private:
  std::string bytes_;
};

// Where a log is cut.
struct Extent {
  std::size_t size_bytes = 0;  // of the whole, sound records from the first on
  bool ended_by_batch = false;
};

// How many bytes hold whole, sound records one after the other. Ends before the first whose batch
// reaches behind `last_sequence`.
Extent ExtentUpTo(std::string_view log, std::uint64_t last_sequence) {
  std::size_t at = 0;
  Extent extent;
  BatchHeader header;
  bool inside_record = false;
  while (at < log.size()) {
    const std::size_t block_rest = kBlockBytes - at % kBlockBytes;
    if (block_rest < kHeaderBytes) {
      at += block_rest;
      if (!inside_record) extent.size_bytes = std::min(at, log.size());
      continue;
    }
    const std::optional<Fragment> fragment = FragmentAt(log, at);
    if (!fragment) break;
    const bool continues = fragment->type == kMiddle || fragment->type == kLast;
    if (continues != inside_record) break;
    at += kHeaderBytes + fragment->payload.size();
    inside_record = fragment->type == kFirst || fragment->type == kMiddle;
    header.Add(*fragment);
    if (inside_record) continue;
    extent.ended_by_batch = header.ReachesBehind(last_sequence);
    if (extent.ended_by_batch) break;
    extent.size_bytes = at;
  }
  return extent;
}

std::size_t ReadableBytes(std::string_view log) {
  // One less than the largest number, to which a batch's count is added.
  return ExtentUpTo(log, std::numeric_limits<std::uint64_t>::max() - 1).size_bytes;
}

// Whether a durable write starts anywhere at or behind `from`. Every offset is tried, since what
// cannot be read does not tell where the next record starts.
bool DurableWriteStarts(std::string_view log, std::size_t from) {
  for (std::size_t at = from; at < log.size(); ++at) {
    const std::string_view entry = at + kHeaderBytes + kBatchHeaderBytes < log.size()
                                       ? log.substr(at + kHeaderBytes + kBatchHeaderBytes)
                                       : std::string_view();
    if (!entry.starts_with(kDurableEntry)) continue;
    const std::optional<Fragment> fragment = FragmentAt(log, at);
    if (fragment && (fragment->type == kFull || fragment->type == kFirst)) return true;
  }
  return false;
}

struct Log {
  std::uint64_t number = 0;
  std::string path;
};

// The logs in `path`, oldest first.
absl::StatusOr<std::vector<Log>> ListLogs(const std::string& path) {
  std::vector<Log> logs;
  std::error_code error;
  if (!fs::exists(path, error)) return logs;
  for (fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->path().extension() != ".log") continue;
    const std::string stem = entry->path().stem().string();
    std::uint64_t number = 0;
    std::from_chars(stem.data(), stem.data() + stem.size(), number);
    logs.push_back({number, entry->path().string()});
  }
  if (error) {
    return absl::UnavailableError(fmt::format("cannot list {}: {}", path, error.message()));
  }
  std::sort(logs.begin(), logs.end(),
            [](const Log& a, const Log& b) { return a.number < b.number; });
  return logs;
}

absl::StatusOr<std::string> ReadLog(const Log& log) {
  std::ifstream file(log.path, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) return absl::UnavailableError(fmt::format("cannot read {}", log.path));
  return bytes;
}

absl::Status CutAt(const Log& log, std::size_t size_bytes) {
  const int descriptor = ::open(log.path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool done = descriptor >= 0 &&
                    ::ftruncate(descriptor, static_cast<off_t>(size_bytes)) == 0 &&
                    ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (done) return absl::OkStatus();
  return absl::UnavailableError(
      fmt::format("cannot cut the unfinished end off {}: {}", log.path,
                  std::error_code(error, std::generic_category()).message()));
}

// Learns from a read-only opening which logs are still needed, and has no record replayed.
class NeededLogs final : public rocksdb::WalFilter {
 public:
  void ColumnFamilyLogNumberMap(const std::map<std::uint32_t, std::uint64_t>& numbers,
                                const std::map<std::string, std::uint32_t>&) override {
    for (const auto& [family, number] : numbers) first_ = std::max(first_, number);
  }
  WalProcessingOption LogRecordFound(unsigned long long, const std::string&,
                                     const rocksdb::WriteBatch&, rocksdb::WriteBatch*,
                                     bool*) override {
    return WalProcessingOption::kStopReplay;
  }
  const char* Name() const override { return "landbook.needed_logs"; }

  // Logs with smaller numbers were written to the main files and only not deleted yet.
  std::uint64_t First() const { return first_; }

 private:
  std::uint64_t first_ = 0;
};

absl::StatusOr<std::uint64_t> FirstNeededLog(const std::string& path) {
  NeededLogs needed;
  rocksdb::Options options;
  options.wal_filter = &needed;
  options.max_open_files = 16;
  // As the store is opened itself: a list of files that tracks logs ends a process that opens it
  // without (an assertion of RocksDB 7.8 as Debian builds it).
  options.track_and_verify_wals_in_manifest = true;
  options.info_log_level = rocksdb::FATAL_LEVEL;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::OpenForReadOnly(options, path, &opened);
  const std::unique_ptr<rocksdb::DB> database(opened);
  if (!status.ok()) return FromRocksdb(status, path);
  return needed.First();
}

// Cuts the first of `logs` at `size_bytes` and empties the others, the last one first, so that no
// end stands without what comes before it.
absl::Status CutAll(std::span<const Log> logs, std::size_t size_bytes) {
  for (std::size_t i = logs.size(); i-- > 0;) {
    if (absl::Status cut = CutAt(logs[i], i == 0 ? size_bytes : 0); !cut.ok()) return cut;
  }
  return absl::OkStatus();
}

// Decides about `logs`, the first of which can be read up to `readable_bytes` only.
absl::Status TrimFrom(std::span<const Log> logs, std::size_t readable_bytes) {
  LANDBOOK_CHECK(!logs.empty());
  std::size_t from = readable_bytes + 1;
  for (const Log& log : logs) {
    auto bytes = ReadLog(log);
    if (!bytes.ok()) return bytes.status();
    if (DurableWriteStarts(*bytes, from)) {
      return absl::DataLossError(fmt::format(
          "the log {} is damaged at byte {}: acknowledged writes follow what cannot be read; keep "
          "the store as it is and restore from a backup",
          logs.front().path, readable_bytes));
    }
    from = 0;
  }
  return CutAll(logs, readable_bytes);
}

}  // namespace

void MarkDurable(rocksdb::WriteBatch& batch) {
  LANDBOOK_CHECK(batch.GetDataSize() == kBatchHeaderBytes);
  const rocksdb::Status status =
      batch.PutLogData(rocksdb::Slice(kDurableNote.data(), kDurableNote.size()));
  LANDBOOK_CHECK(status.ok() && batch.Data().ends_with(kDurableEntry));
}

absl::Status TrimUnfinishedTail(const std::string& path) {
  auto logs = ListLogs(path);
  if (!logs.ok()) return logs.status();
  std::optional<std::uint64_t> first_needed;
  for (std::size_t i = 0; i < logs->size(); ++i) {
    auto bytes = ReadLog((*logs)[i]);
    if (!bytes.ok()) return bytes.status();
    const std::size_t readable_bytes = ReadableBytes(*bytes);
    if (readable_bytes == bytes->size()) continue;
    if (!first_needed) {
      auto learned = FirstNeededLog(path);
      if (!learned.ok()) return learned.status();
      first_needed = *learned;
    }
    if ((*logs)[i].number < *first_needed) continue;
    return TrimFrom(std::span(*logs).subspan(i), readable_bytes);
  }
  return absl::OkStatus();
}

absl::Status CutBehind(const std::string& path, std::uint64_t last_sequence) {
  auto logs = ListLogs(path);
  if (!logs.ok()) return logs.status();
  for (std::size_t i = 0; i < logs->size(); ++i) {
    auto bytes = ReadLog((*logs)[i]);
    if (!bytes.ok()) return bytes.status();
    const Extent extent = ExtentUpTo(*bytes, last_sequence);
    if (extent.ended_by_batch) return CutAll(std::span(*logs).subspan(i), extent.size_bytes);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::uint64_t> LogBytes(const std::string& path) {
  auto logs = ListLogs(path);
  if (!logs.ok()) return logs.status();
  std::uint64_t size_bytes = 0;
  for (const Log& log : *logs) {
    std::error_code error;
    const std::uintmax_t log_bytes = fs::file_size(log.path, error);
    if (!error) size_bytes += log_bytes;  // One that is gone meanwhile takes no room.
  }
  return size_bytes;
}

}  // namespace landbook::storage
