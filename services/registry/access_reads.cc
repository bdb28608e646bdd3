#include "services/registry/access_reads.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/civil_date.h"
#include "services/registry/access_log.h"
#include "services/registry/own_records.h"
#include "services/registry/page_token.h"
#include "services/registry/read_point.h"

namespace landbook::registry {
namespace {

using common::Outcome;
using common::Reason;

// A call reads at most this many rows, so that a party of whom there are few costs no call a long
// log; the page is then short, and the next one goes on.
constexpr std::size_t kRowsReadMax = 100'000;

// Where the asked page begins. A page token holds the microsecond and the turn after which it goes
// on, counted from 1 because 0 means the end there.
Outcome<AccessTime> BeginningOf(const v1::ListAccessesRequest& request, const PageWanted& page) {
  if (page.place) {
    return AccessTime{static_cast<std::int64_t>(page.place->as_of),
                      static_cast<std::uint32_t>(page.place->next - 1)};
  }
  if (request.from().empty()) return AccessTime{};
  const auto micros = common::ParseTime(request.from());
  if (!micros) {
    return common::Refuse(
        Reason::TIME_MALFORMED, "from",
        {fmt::format("\"{}\" is no RFC 3339 time. Write it as 2026-01-01T00:00:00Z.",
                     request.from()),
         fmt::format("“{}”不是 RFC 3339 时间，请写作 2026-01-01T00:00:00Z。", request.from())});
  }
  return AccessTime{std::max<std::int64_t>(*micros, 0), 0};
}

void AddShown(const ShownParty& shown, v1::Access* access) {
  v1::ShownParty& told = *access->add_shown();
  told.set_party(shown.number);
  told.set_found_by_identity_number((shown.field_mask & kFoundByIdentityNumber) != 0);
  const auto* fields = v1::PersonPrivate::descriptor();
  for (int i = 0; i < fields->field_count(); ++i) {
    const std::uint32_t bit = std::uint32_t{1} << fields->field(i)->number();
    if ((shown.field_mask & bit) != 0) told.add_fields(fields->field(i)->name());
  }
}

v1::Access ToWire(const AccessTime& time, const AccessRow& row) {
  v1::Access access;
  *access.mutable_time() = google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(time.micros);
  access.set_principal(row.principal);
  access.set_role(row.role);
  access.set_request_id(row.request_id);
  access.set_method(row.method);
  for (const ShownParty& shown : row.shown) AddShown(shown, &access);
  access.set_purpose(row.purpose);
  access.set_document_number(row.document);
  access.set_via(row.via);
  for (const SearchedRecord& record : row.records) {
    const char* kind = record.kind == v1::RECORD_KIND_UNIT ? "units" : "rights";
    access.add_records(fmt::format("{}/{}", kind, record.number));
  }
  return access;
}

bool Concerns(const AccessRow& row, std::uint64_t party) {
  return party == 0 || std::any_of(row.shown.begin(), row.shown.end(),
                                   [&](const auto& shown) { return shown.number == party; });
}

// Why a holder may not read the rows about that party: it is neither itself nor its household.
std::optional<v1::Refusal> CheckOwn(const Book& book, const common::CallContext& call,
                                    std::uint64_t party) {
  if (!call.own_only) return std::nullopt;
  auto reader = OpenReader(book, call, v1::ReadOptions());
  if (!reader.ok()) return std::move(reader.refusals().front());
  if (OwnRecords(&*reader, call.own_party).IsOwn(party)) return std::nullopt;
  if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
  return common::Refuse(Reason::RECORD_NOT_FOUND, "party",
                        {"A holder reads the rows about itself or its household. Name one of them.",
                         "权利人只能查阅涉及本人或者本户的记录，请指明本人或者本户。"});
}

}  // namespace

Outcome<v1::ListAccessesResponse> ListAccesses(const Book& book, const common::CallContext& call,
                                               const v1::ListAccessesRequest& request) {
  if (auto refusal = CheckOwn(book, call, request.party())) return *std::move(refusal);
  const auto page = ReadPaging(request);
  if (!page.ok()) return page.refusals();
  const auto beginning = BeginningOf(request, *page);
  if (!beginning.ok()) return beginning.refusals();
  v1::ListAccessesResponse response;
  PagePlace next;
  std::size_t rows_read = 0;
  const auto read = ReadAccessLog(
      book.engine(), book.number(), *beginning, [&](const AccessTime& time, const AccessRow& row) {
        const bool full = static_cast<std::size_t>(response.accesses_size()) == page->size;
        if (full || ++rows_read > kRowsReadMax) {
          next = {static_cast<std::uint64_t>(time.micros), std::uint64_t{time.turn} + 1};
          return false;
        }
        if (Concerns(row, request.party())) *response.add_accesses() = ToWire(time, row);
        return true;
      });
  if (!read.ok()) return common::RefusalFromEngine(read);
  response.set_next_page_token(NextPageToken(request, next));
  return response;
}

}  // namespace landbook::registry
