// At which entry a call reads the book, and what every read answers when it cannot.
#ifndef LANDBOOK_SERVICES_REGISTRY_READ_POINT_H_
#define LANDBOOK_SERVICES_REGISTRY_READ_POINT_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "landbook/v1/common.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"
#include "services/registry/book_reader.h"
#include "services/registry/page_token.h"

namespace landbook::registry {

// A read that waits for an entry holds a worker, so it waits this long at most, whatever the
// caller's deadline.
inline constexpr std::chrono::seconds kReadWaitMax{30};

// A reader at the point that the options name. Without `as_of` it reads where the book stands when
// the call begins. Refused: SEQUENCE_NOT_REACHED when `min_sequence` is not there before the
// deadline; AS_OF_IN_FUTURE for an entry that the book has not reached or a time that has not come;
// TIME_MALFORMED. The reader lives no longer than the book.
common::Outcome<BookReader> OpenReader(const Book& book, const common::CallContext& call,
                                       const v1::ReadOptions& options);

// A reader for a page of a list: where the first page was read, for a later one.
common::Outcome<BookReader> OpenReader(const Book& book, const common::CallContext& call,
                                       const v1::ReadOptions& options, const PageWanted& page);

// Makes the reader judge expiry by the day that the read looks at: today for the book as it stands,
// else the day of the time that was asked for, or on which the entry was recorded.
void JudgeExpiry(const Book& book, const v1::ReadOptions& options, BookReader* reader);

// RECORD_NOT_FOUND: the book has no such record as of the reader's entry. `what` is its word, and
// what was said of it, in both languages.
v1::Refusal NotFound(const BookReader& reader, std::string field, const common::Sentence& what);

// `value`, or the refusal for what the reader failed with.
template <typename T>
common::Outcome<T> Answered(const BookReader& reader, T value) {
  if (!reader.status().ok()) return common::RefusalFromEngine(reader.status());
  return value;
}

// The same for a record that may be absent, which is then refused with NotFound.
template <typename T>
common::Outcome<T> Found(const BookReader& reader, std::optional<T> record, std::string field,
                         const common::Sentence& what) {
  if (!reader.status().ok()) return common::RefusalFromEngine(reader.status());
  if (!record) return NotFound(reader, std::move(field), what);
  return *std::move(record);
}

// The number of the record that `text` names by code or number; refused with NotFound when the book
// has none as of the reader's entry.
common::Outcome<std::uint64_t> NumberNamed(BookReader* reader, v1::RecordKind kind,
                                           std::string_view text, std::string field,
                                           const common::Sentence& what);

// At most this many records are asked for by one batch.
inline constexpr int kBatchMax = 1'000;
// Why a batch of that many is not served: VALUE_OUT_OF_RANGE; nullopt when it is.
std::optional<v1::Refusal> CheckBatchSize(int count, std::string field);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_READ_POINT_H_
