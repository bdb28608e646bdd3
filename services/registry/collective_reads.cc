#include "services/registry/collective_reads.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "services/registry/book_appointments.h"
#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

Outcome<NumberSource> ResolutionsAskedFor(BookReader* reader,
                                          const v1::ListResolutionsRequest& request) {
  return LinkedFrom(reader, Table::kResolutionsOf, request.collective());
}

Outcome<NumberSource> FilingsAskedFor(BookReader* reader, const v1::ListFilingsRequest& request) {
  switch (request.filter_case()) {
    case v1::ListFilingsRequest::kRight:
      return LinkedFrom(reader, Table::kFilingsOfRight, request.right());
    case v1::ListFilingsRequest::kWith:
      return LinkedFrom(reader, Table::kFilingsWith, request.with());
    case v1::ListFilingsRequest::FILTER_NOT_SET:
      break;
  }
  return common::Refuse(
      Reason::ONEOF_REQUIRED, "filter",
      {"Filings are listed by right or by whom they were filed with. Name one of them.",
       "备案按权利或备案单位列出，请指明其一。"});
}

Outcome<NumberSource> AdvancesAskedFor(BookReader* reader,
                                       const v1::ListFundAdvancesRequest& request) {
  switch (request.filter_case()) {
    case v1::ListFundAdvancesRequest::kFund:
      return LinkedFrom(reader, Table::kAdvancesOfFund, request.fund());
    case v1::ListFundAdvancesRequest::kRight:
      return LinkedFrom(reader, Table::kAdvancesOfRight, request.right());
    case v1::ListFundAdvancesRequest::FILTER_NOT_SET:
      break;
  }
  return common::Refuse(Reason::ONEOF_REQUIRED, "filter",
                        {"Advances are listed by fund or by right. Name one of them.",
                         "垫付按基金或权利列出，请指明其一。"});
}

// The appointments' numbers in the order of their names.
std::vector<std::uint64_t> AppointmentsByName(BookReader* reader, const std::string& principal) {
  TableKey prefix(Table::kAppointmentsOf);
  if (!principal.empty()) prefix.Text(principal);
  return reader->NumbersInOrder(prefix);
}

}  // namespace

Outcome<v1::Resolution> GetResolution(const Book& book, const CallContext& call,
                                      const v1::GetResolutionRequest& request) {
  return GetByNumber<v1::Resolution>(book, call, request, request.resolution(), "resolution",
                                     {"resolution", "决议"});
}

Outcome<v1::ListResolutionsResponse> ListResolutions(const Book& book, const CallContext& call,
                                                     const v1::ListResolutionsRequest& request) {
  return ListStanding<v1::Resolution, v1::ListResolutionsResponse>(
      book, call, request, ResolutionsAskedFor,
      [](v1::ListResolutionsResponse& response) { return response.mutable_resolutions(); });
}

Outcome<v1::ListFilingsResponse> ListFilings(const Book& book, const CallContext& call,
                                             const v1::ListFilingsRequest& request) {
  return ListWanted<v1::Filing, v1::ListFilingsResponse>(
      book, call, request, FilingsAskedFor, [](const v1::Filing&) { return true; },
      [](v1::ListFilingsResponse& response) { return response.mutable_filings(); });
}

Outcome<v1::ListRankAgreementsResponse> ListRankAgreements(
    const Book& book, const CallContext& call, const v1::ListRankAgreementsRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  v1::ListRankAgreementsResponse response;
  const auto numbers = reader->LinkedOfAll(Table::kRankAgreementsOf, {request.right()});
  for (auto& agreement : reader->FindAll<v1::RankAgreement>(numbers)) {
    if (!agreement || !MaySee(call, &*reader, *agreement)) continue;
    *response.add_rank_agreements() = *std::move(agreement);
  }
  return Answered(*reader, std::move(response));
}

Outcome<v1::ListFundAdvancesResponse> ListFundAdvances(const Book& book, const CallContext& call,
                                                       const v1::ListFundAdvancesRequest& request) {
  return ListWanted<v1::FundAdvance, v1::ListFundAdvancesResponse>(
      book, call, request, AdvancesAskedFor,
      [&](const v1::FundAdvance& advance) {
        return !request.outstanding_only() || advance.repaid_fen() < advance.advanced_fen();
      },
      [](v1::ListFundAdvancesResponse& response) { return response.mutable_fund_advances(); });
}

Outcome<v1::ListAppointmentsResponse> ListAppointments(const Book& book, const CallContext& call,
                                                       const v1::ListAppointmentsRequest& request) {
  auto paging = ReadPaging(request);
  if (!paging.ok()) return std::move(paging.refusals());
  auto reader = OpenReader(book, call, request.read(), *paging);
  if (!reader.ok()) return std::move(reader.refusals());
  JudgeExpiry(book, request.read(), &*reader);
  // A page begins at a place among the names, counted from one.
  const std::vector<std::uint64_t> by_name = AppointmentsByName(&*reader, request.principal());
  const auto places = [&](const NumberRange& range) {
    NumberPage page;
    const std::size_t begin = std::min<std::size_t>(range.from - 1, by_name.size());
    const std::size_t end = std::min(begin + range.max, by_name.size());
    page.numbers.assign(by_name.begin() + static_cast<std::ptrdiff_t>(begin),
                        by_name.begin() + static_cast<std::ptrdiff_t>(end));
    page.next = end == by_name.size() ? 0 : end + 1;
    return page;
  };
  auto page =
      FillPage<v1::Appointment>(&*reader, *paging, places, [&](const v1::Appointment& appointment) {
        return request.include_ended() || HoldsOn(appointment, reader->day());
      });
  return ListAnswer<v1::ListAppointmentsResponse>(
      *reader, request, std::move(page),
      [](v1::ListAppointmentsResponse& response) { return response.mutable_appointments(); });
}

}  // namespace landbook::registry
