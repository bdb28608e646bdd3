// What the calls that read records have in common: a record by its number or its code, and lists of
// those that a table links. Refused as read_point.h says.
#ifndef LANDBOOK_SERVICES_REGISTRY_RECORD_READS_H_
#define LANDBOOK_SERVICES_REGISTRY_RECORD_READS_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/registry/book.h"
#include "services/registry/book_reader.h"
#include "services/registry/list_page.h"
#include "services/registry/own_records.h"
#include "services/registry/read_point.h"

namespace landbook::registry {

// A kind of record in both languages.
struct RecordWord {
  const char* english;
  const char* chinese;
};

inline common::Sentence Said(const RecordWord& word, std::uint64_t number) {
  return {fmt::format("{} {}", word.english, number), fmt::format("{} {}", word.chinese, number)};
}
inline common::Sentence Said(const RecordWord& word, const std::string& text) {
  return {fmt::format("{} \"{}\"", word.english, text), fmt::format("{}“{}”", word.chinese, text)};
}

// A record that the caller may see; nullopt for all others.
template <typename Record>
std::optional<Record> FindVisible(const common::CallContext& call, BookReader* reader,
                                  std::uint64_t number) {
  auto record = reader->Find<Record>(number);
  if (record && !MaySee(call, reader, *record)) return std::nullopt;
  return record;
}

// A record by its number. REQUIRES: the request has `read`.
template <typename Record, typename Request>
common::Outcome<Record> GetByNumber(const Book& book, const common::CallContext& call,
                                    const Request& request, std::uint64_t number,
                                    const std::string& field, const RecordWord& word) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, request.read(), &*reader);
  return Found(*reader, FindVisible<Record>(call, &*reader, number), field, Said(word, number));
}

// A record by its number or code.
template <typename Record, typename Request>
common::Outcome<Record> GetByText(const Book& book, const common::CallContext& call,
                                  const Request& request, v1::RecordKind kind,
                                  const std::string& text, const RecordWord& word) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  const auto number = reader->NumberOf(kind, text);
  return Found(*reader, number ? FindVisible<Record>(call, &*reader, *number) : std::nullopt,
               word.english, Said(word, text));
}

// Which numbers a list is made of.
using NumberSource = std::function<NumberPage(const NumberRange&)>;

// Those that a link table has under `of`. The reader outlives the source.
inline NumberSource LinkedFrom(BookReader* reader, Table table, std::uint64_t of) {
  return [=](const NumberRange& range) { return reader->Linked(table, of, range); };
}

// A page of the records that `asked` chooses (a NumberSource of reader and request) and `wanted`
// lets through, of those that the caller may see, in the repeated field that `field` gives.
template <typename Record, typename Response, typename Request, typename Asked, typename Wanted,
          typename Field>
common::Outcome<Response> ListWanted(const Book& book, const common::CallContext& call,
                                     const Request& request, Asked asked, Wanted wanted,
                                     Field field) {
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, request.read(), &*reader);
  auto numbers = asked(&*reader, request);
  if (!numbers.ok()) return std::move(numbers.refusals());
  auto page = FillPage<Record>(&*reader, *paging, *numbers, [&](const Record& record) {
    return wanted(record) && MaySee(call, &*reader, record);
  });
  return ListAnswer<Response>(*reader, request, std::move(page), field);
}

// The same without records that have ended, unless the request wants them too.
template <typename Record, typename Response, typename Request, typename Asked, typename Field>
common::Outcome<Response> ListStanding(const Book& book, const common::CallContext& call,
                                       const Request& request, Asked asked, Field field) {
  return ListWanted<Record, Response>(
      book, call, request, asked,
      [&](const Record& record) {
        return request.include_ended() || record.state() == v1::RECORD_STATE_LIVE;
      },
      field);
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_RECORD_READS_H_
