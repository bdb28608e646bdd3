#include "services/registry/case_reads.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/registry/due_dates.h"
#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

constexpr RecordWord kCaseWord{"case", "案件"};
constexpr std::size_t kCalendarDaysMax = 1'000;

bool IsAmong(v1::CaseState state, const v1::ListCasesRequest& request) {
  return std::find(request.states().begin(), request.states().end(), state) !=
         request.states().end();
}

// Whether cases of that state are in the table of those that stand.
bool Stands(int state) {
  return state == v1::CASE_STATE_ACCEPTED || state == v1::CASE_STATE_IN_NOTICE ||
         state == v1::CASE_STATE_REVIEWED;
}

NumberSource StandingCases(BookReader* reader, const v1::ListCasesRequest& request) {
  std::vector<TableKey> prefixes;
  for (const int state : request.states()) {
    prefixes.push_back(TableKey(Table::kStandingCases).U8(static_cast<std::uint8_t>(state)));
  }
  return [numbers = reader->NumbersUnder(prefixes)](const NumberRange& range) {
    return PageOf(numbers, range);
  };
}

Outcome<NumberSource> CasesAskedFor(BookReader* reader, const v1::ListCasesRequest& request) {
  switch (request.filter_case()) {
    case v1::ListCasesRequest::kUnit:
      return LinkedFrom(reader, Table::kCasesOfUnit, request.unit());
    case v1::ListCasesRequest::kParty:
      return LinkedFrom(reader, Table::kCasesOfParty, request.party());
    case v1::ListCasesRequest::FILTER_NOT_SET:
      break;
  }
  const bool all_stand = !request.states().empty() &&
                         std::all_of(request.states().begin(), request.states().end(), Stands);
  if (all_stand) return StandingCases(reader, request);
  return NumberSource(
      [reader](const NumberRange& range) { return reader->Numbers(v1::RECORD_KIND_CASE, range); });
}

}  // namespace

Outcome<v1::Case> GetCase(const Book& book, const CallContext& call,
                          const v1::GetCaseRequest& request) {
  return WithDates(
      book, call,
      GetByText<v1::Case>(book, call, request, v1::RECORD_KIND_CASE, request.case_(), kCaseWord));
}

Outcome<v1::ListCasesResponse> ListCases(const Book& book, const CallContext& call,
                                         const v1::ListCasesRequest& request) {
  const auto cases = [](v1::ListCasesResponse& response) { return response.mutable_cases(); };
  auto listed = ListWanted<v1::Case, v1::ListCasesResponse>(
      book, call, request, CasesAskedFor,
      [&](const v1::Case& one) {
        return request.states().empty() || IsAmong(one.state(), request);
      },
      cases);
  return WithDates(book, call, std::move(listed), cases);
}

Outcome<v1::Application> GetApplication(const Book& book, const CallContext& call,
                                        const v1::GetApplicationRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  // An application is its case's: who may see the one may see the other.
  auto application = reader->Find<v1::Application>(request.case_());
  if (call.own_only && !FindVisible<v1::Case>(call, &*reader, request.case_())) application.reset();
  return Found(*reader, std::move(application), "case", Said(kCaseWord, request.case_()));
}

Outcome<v1::AdoptedPack> GetPack(const Book& book, const CallContext& call,
                                 const v1::GetPackRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  std::uint64_t number = request.pack();
  if (number == 0) {
    const auto record = reader->Find<v1::BookRecord>(0);
    if (record) number = record->pack();
  }
  return Found(*reader, reader->Find<v1::AdoptedPack>(number), "pack",
               Said(RecordWord{"pack", "政策包"}, number));
}

Outcome<v1::ListCalendarDaysResponse> ListCalendarDays(const Book& book, const CallContext& call,
                                                       const v1::ListCalendarDaysRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  // One more than are answered tells whether there are too many.
  const NumberPage page =
      reader->Numbers(v1::RECORD_KIND_CALENDAR_DAY,
                      {.from = DayNumber(request.from_date()), .max = kCalendarDaysMax + 1});
  std::vector<std::uint64_t> numbers = page.numbers;
  std::erase_if(numbers, [last = DayNumber(request.until_date())](std::uint64_t number) {
    return number > last;
  });
  if (numbers.size() > kCalendarDaysMax) {
    return common::Refuse(
        Reason::VALUE_OUT_OF_RANGE, "until_date",
        {fmt::format("From {} to {} more than {} days count otherwise than their weekday. Ask for "
                     "a shorter stretch.",
                     request.from_date(), request.until_date(), kCalendarDaysMax),
         fmt::format("{} 至 {} 期间调整的工作日超过 {} 天，请缩短查询期间。", request.from_date(),
                     request.until_date(), kCalendarDaysMax)});
  }
  v1::ListCalendarDaysResponse response;
  for (auto& day : reader->FindAll<v1::CalendarDay>(numbers)) {
    if (day) *response.add_days() = *std::move(day);
  }
  return Answered(*reader, std::move(response));
}

}  // namespace landbook::registry
