// The access log: who asked for a person, a unit or a right that is not the caller's own, in what
// capacity, why, and what was shown. It says nothing of what private values were.
//
//   key    book:u32 'a' time:u64 n:u32       microseconds since 1970 UTC; n tells apart rows of one
//                                            time
//   value  version:u8 = 2, role:u8, text principal, text request id, text method,
//          varint count, then of each party shown: varint number, varint field mask;
//          text purpose, text document, text via, varint count, then of each record searched:
//          kind:u8, varint number
//
// Rows of version 1 end before the purpose. Integers of keys are big-endian; a text is its length
// as a varint and its bytes. Bit n of a field mask stands for field n of PersonPrivate; a party
// without bits is one whose rights or membership were shown. A search by identity number has bit 0
// set in the row of each party that it found, and one that found nobody has no parties. The rows
// lie outside the fold and outside verification.
#ifndef LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_
#define LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/journal.pb.h"
#include "landbook/v1/options.pb.h"
#include "services/common/call_frame.h"
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

// A unit or a right that was asked for.
struct SearchedRecord {
  v1::RecordKind kind = v1::RECORD_KIND_UNSPECIFIED;
  std::uint64_t number = 0;
  friend bool operator==(const SearchedRecord&, const SearchedRecord&) = default;
};

// One call that was shown something.
struct AccessRow {
  std::string principal;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::string request_id;
  std::string method;  // "GetParty"
  std::vector<ShownParty> shown;
  std::string purpose;   // as the caller stated it
  std::string document;  // that the caller named for it
  std::string via;       // the system that passed the caller on; empty for none
  std::vector<SearchedRecord> records;
  friend bool operator==(const AccessRow&, const AccessRow&) = default;
};

// When a row was taken in, and which of the rows of that microsecond it is.
struct AccessTime {
  std::int64_t micros = 0;
  std::uint32_t turn = 0;
  friend bool operator==(const AccessTime&, const AccessTime&) = default;
};

// The row of a call, before what it is shown is known.
AccessRow AccessRowOf(const common::CallContext& call, std::string method);

// Why the caller may not be shown what the row says; nullopt when it may. A bank, a trading centre
// and an auditor search for a purpose that they state: PURPOSE_MISSING. Officers of the office
// search for the cases that they handle. (Interim Regulations on Real Estate Registration 28.)
std::optional<v1::Refusal> RefuseSearch(const AccessRow& row);

std::string EncodeAccessRow(const AccessRow& row);
// The row of `value`. DATA_LOSS when it is none.
absl::StatusOr<AccessRow> DecodeAccessRow(std::string_view value);

// The log of all books of one engine. Thread-safe.
class AccessLog {
 public:
  // REQUIRES: `engine` and `clock` outlive the log.
  AccessLog(storage::Engine* engine, common::Clock* clock) : engine_(engine), clock_(clock) {}
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  // Answers when the row is durable; what many callers add at once is one write. Fails with what
  // the engine fails with: then what the row is about must not be shown.
  [[nodiscard]] absl::Status Add(BookNumber book, const AccessRow& row)
      LANDBOOK_EXCLUDES(mutex_, writing_);

 private:
  // A row and the caller that waits for it.
  struct Waiting {
    std::string key;
    std::string value;
    std::optional<absl::Status> written;  // under writing_
  };

  storage::Engine* engine_;
  common::Clock* clock_;
  storage::Mutex writing_;  // one write at a time
  storage::Mutex mutex_;
  std::vector<Waiting*> waiting_ LANDBOOK_GUARDED_BY(mutex_);
  AccessTime last_ LANDBOOK_GUARDED_BY(mutex_);
};

// Shows the rows of a book from a time on, oldest first, until the visitor says stop. Fails as the
// engine does, and with DATA_LOSS at a row that cannot be read.
absl::Status ReadAccessLog(const storage::Engine& engine, BookNumber book, const AccessTime& from,
                           absl::FunctionRef<bool(const AccessTime&, const AccessRow&)> visitor);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_ACCESS_LOG_H_
