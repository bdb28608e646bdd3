// The access log: who was shown what of a natural person's private fields, and who searched for a
// person by identity number. It says nothing of what the values were.
//
//   key    book:u32 'a' time:u64 n:u32       microseconds since 1970 UTC; n tells rows of one time
//   apart value  version:u8 = 1, role:u8, text principal, text request id, text method,
//          varint count, then of each party shown: varint number, varint field mask
//
// Integers of keys are big-endian; a text is its length as a varint and its bytes. Bit n of a field
// mask stands for field n of PersonPrivate. A search has bit 0 set in the row of each party that it
// found, and one that found nobody has no parties. The rows lie outside the fold and outside
// verification.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_
#define LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/options.pb.h"
#include "services/common/clock.h"
#include "services/registry/keys.h"
#include "storage/engine.h"
#include "storage/mutex.h"

namespace landbook::registry {

// What was shown of one party.
struct ShownParty {
  std::uint64_t number = 0;
  std::uint32_t field_mask = 0;
  friend bool operator==(const ShownParty&, const ShownParty&) = default;
};

// The bit of a mask that says that the party was found by identity number.
inline constexpr std::uint32_t kFoundByIdentityNumber = 1;

// One call that was shown something.
struct AccessRow {
  std::int64_t micros = 0;  // when; set by the log
  std::string principal;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string request_id;
  std::string method;  // "GetParty"
  std::vector<ShownParty> shown;
  friend bool operator==(const AccessRow&, const AccessRow&) = default;
};

std::string EncodeAccessRow(const AccessRow& row);
// The row of `value`, without its time. DATA_LOSS when it is none.
absl::StatusOr<AccessRow> DecodeAccessRow(std::string_view value);

// The log of all books of one engine. Rows are taken at once and written in the background, many
// with one write. Thread-safe.
class AccessLog {
 public:
  // How many rows wait at most to be written.
  static constexpr std::size_t kWaitingMax = 10'000;

  // REQUIRES: `engine` and `clock` outlive the log.
  AccessLog(storage::Engine* engine, common::Clock* clock);
  // Writes what waits, durably. A crash may lose the rows of its last moments; ending never does
  // unless the engine has failed.
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Takes a row in. False when kWaitingMax rows wait because the engine does not take them: then
  // what the row is about must not be shown.
  [[nodiscard]] bool Add(BookNumber book, AccessRow row) LANDBOOK_EXCLUDES(mutex_);

  // Writes what waits before it returns. Fails with what the engine fails with; the rows then go on
  // waiting.
  absl::Status Flush() LANDBOOK_EXCLUDES(mutex_, writing_);

 private:
  struct Waiting {
    std::string key;
    std::string value;
  };
  void Run();

  storage::Engine* engine_;
  common::Clock* clock_;
  storage::Mutex writing_;  // one write at a time, so that rows keep their order
  storage::Mutex mutex_;
  storage::ConditionVariable changed_;
  std::deque<Waiting> waiting_ LANDBOOK_GUARDED_BY(mutex_);
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  std::int64_t last_micros_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  std::uint32_t rows_at_last_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  std::thread thread_;  // last: it uses everything above
};

// Shows the rows of a book from a time on, oldest first, until the visitor says stop.
absl::Status ReadAccessLog(const storage::Engine& engine, BookNumber book, std::int64_t from_micros,
                           absl::FunctionRef<bool(const AccessRow&)> visitor);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_
