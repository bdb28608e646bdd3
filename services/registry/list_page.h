// Filling a page of a list from numbers of which not all are wanted.
#ifndef LANDBOOK_SERVICES_REGISTRY_LIST_PAGE_H_
#define LANDBOOK_SERVICES_REGISTRY_LIST_PAGE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "services/registry/book_reader.h"
#include "services/registry/page_token.h"
#include "services/registry/read_point.h"

namespace landbook::registry {

// A page of a list and where the next begins; 0 at the end.
template <typename Record>
struct RecordPage {
  std::vector<Record> records;
  std::uint64_t next = 0;
};

// What numbers a sorted list has in a range.
inline NumberPage PageOf(const std::vector<std::uint64_t>& numbers, const NumberRange& range) {
  const auto begin = std::lower_bound(numbers.begin(), numbers.end(), range.from);
  const auto left = static_cast<std::size_t>(numbers.end() - begin);
  NumberPage page;
  const auto end = begin + static_cast<std::ptrdiff_t>(std::min(left, range.max));
  page.numbers.assign(begin, end);
  page.next = end == numbers.end() ? 0 : *end;
  return page;
}

// The first records that are wanted among the numbers that `numbers` gives (NumberPage of a
// NumberRange), read by `find` (optional records of a span of numbers).
template <typename Record, typename Numbers, typename FindRecords, typename Wanted>
RecordPage<Record> FillPage(const BookReader& reader, const PageWanted& page, Numbers numbers,
                            FindRecords find, Wanted wanted) {
  RecordPage<Record> filled;
  std::uint64_t from = page.place ? page.place->next : 1;
  while (from != 0 && filled.records.size() < page.size && reader.status().ok()) {
    const NumberPage some = numbers(NumberRange{from, page.size - filled.records.size()});
    for (std::optional<Record>& record : find(some.numbers)) {
      if (record && wanted(*record)) filled.records.push_back(*std::move(record));
    }
    from = some.next;
  }
  filled.next = from;
  return filled;
}

// The same for records that FindAll reads.
template <typename Record, typename Numbers, typename Wanted>
RecordPage<Record> FillPage(BookReader* reader, const PageWanted& page, Numbers numbers,
                            Wanted wanted) {
  return FillPage<Record>(
      *reader, page, numbers,
      [reader](const std::vector<std::uint64_t>& some) { return reader->FindAll<Record>(some); },
      wanted);
}

// A list's answer: the page in the repeated field that `field` gives, and the token of the next.
template <typename Response, typename Request, typename Record, typename Field>
common::Outcome<Response> ListAnswer(const BookReader& reader, const Request& request,
                                     RecordPage<Record> page, Field field) {
  Response response;
  for (Record& record : page.records) *field(response)->Add() = std::move(record);
  response.set_next_page_token(NextPageToken(request, {reader.as_of(), page.next}));
  return Answered(reader, std::move(response));
}

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_LIST_PAGE_H_
