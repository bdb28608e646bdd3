#include "services/registry/right_reads.h"

#include <utility>
#include <vector>

#include "services/registry/due_dates.h"
#include "services/registry/record_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::Outcome;
using common::Reason;

constexpr RecordWord kRightWord{"right", "权利"};
constexpr RecordWord kMortgageWord{"mortgage", "抵押权"};
constexpr RecordWord kCautionWord{"caution", "限制登记"};

Outcome<std::uint64_t> UnitNamed(BookReader* reader, const std::string& unit) {
  return NumberNamed(reader, v1::RECORD_KIND_UNIT, unit, "unit",
                     Said(RecordWord{"unit", "不动产单元"}, unit));
}

Outcome<NumberSource> RightsAskedFor(BookReader* reader, const v1::ListRightsRequest& request) {
  switch (request.filter_case()) {
    case v1::ListRightsRequest::kPlot: {
      const auto plot = NumberNamed(reader, v1::RECORD_KIND_PLOT, request.plot(), "plot",
                                    Said(RecordWord{"plot", "宗地"}, request.plot()));
      if (!plot.ok()) return plot.refusals();
      auto rights = reader->LinkedOfAll(Table::kRightsOfUnit,
                                        reader->LinkedOfAll(Table::kUnitsOfPlot, {*plot}));
      return NumberSource(
          [rights = std::move(rights)](const NumberRange& range) { return PageOf(rights, range); });
    }
    case v1::ListRightsRequest::kUnit: {
      const auto unit = UnitNamed(reader, request.unit());
      if (!unit.ok()) return unit.refusals();
      return LinkedFrom(reader, Table::kRightsOfUnit, *unit);
    }
    case v1::ListRightsRequest::kHolder:
      return LinkedFrom(reader, Table::kRightsOfHolder, request.holder());
    case v1::ListRightsRequest::FILTER_NOT_SET:
      break;
  }
  return NumberSource(
      [reader](const NumberRange& range) { return reader->Numbers(v1::RECORD_KIND_RIGHT, range); });
}

Outcome<NumberSource> MortgagesAskedFor(BookReader* reader,
                                        const v1::ListMortgagesRequest& request) {
  switch (request.filter_case()) {
    case v1::ListMortgagesRequest::kRight:
      return LinkedFrom(reader, Table::kMortgagesOfRight, request.right());
    case v1::ListMortgagesRequest::kMortgagee:
      return LinkedFrom(reader, Table::kMortgagesOfHolder, request.mortgagee());
    case v1::ListMortgagesRequest::FILTER_NOT_SET:
      break;
  }
  return common::Refuse(Reason::ONEOF_REQUIRED, "filter",
                        {"Mortgages are listed by right or by mortgagee. Name one of them.",
                         "抵押权按权利或抵押权人列出，请指明其一。"});
}

Outcome<NumberSource> CautionsAskedFor(BookReader* reader, const v1::ListCautionsRequest& request) {
  if (request.unit().empty()) {
    const TableKey all(Table::kLapsingCautions);
    return NumberSource([numbers = reader->NumbersUnder({&all, 1})](const NumberRange& range) {
      return PageOf(numbers, range);
    });
  }
  const auto unit = UnitNamed(reader, request.unit());
  if (!unit.ok()) return unit.refusals();
  return LinkedFrom(reader, Table::kCautionsOfUnit, *unit);
}

}  // namespace

Outcome<v1::Right> GetRight(const Book& book, const CallContext& call,
                            const v1::GetRightRequest& request) {
  return GetByNumber<v1::Right>(book, call, request, request.right(), "right", kRightWord);
}

Outcome<v1::BatchGetRightsResponse> BatchGetRights(const Book& book, const CallContext& call,
                                                   const v1::BatchGetRightsRequest& request) {
  if (auto refusal = CheckBatchSize(request.rights_size(), "rights")) return *std::move(refusal);
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  auto rights = reader->FindAll<v1::Right>(
      std::vector<std::uint64_t>(request.rights().begin(), request.rights().end()));
  if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
  v1::BatchGetRightsResponse response;
  for (int i = 0; i < request.rights_size(); ++i) {
    auto& right = rights[static_cast<std::size_t>(i)];
    if (!right) {
      return NotFound(*reader, fmt::format("rights[{}]", i), Said(kRightWord, request.rights(i)));
    }
    *response.add_rights() = *std::move(right);
  }
  return response;
}

Outcome<v1::ListRightsResponse> ListRights(const Book& book, const CallContext& call,
                                           const v1::ListRightsRequest& request) {
  return ListStanding<v1::Right, v1::ListRightsResponse>(
      book, call, request, RightsAskedFor,
      [](v1::ListRightsResponse& response) { return response.mutable_rights(); });
}

Outcome<v1::GetRightHistoryResponse> GetRightHistory(const Book& book, const CallContext& call,
                                                     const v1::GetRightHistoryRequest& request) {
  auto reader = OpenReader(book, call, request.read());
  if (!reader.ok()) return std::move(reader.refusals());
  v1::GetRightHistoryResponse response;
  if (FindVisible<v1::Right>(call, &*reader, request.right())) {
    for (v1::Right& right : reader->History<v1::Right>(request.right())) {
      *response.add_versions() = std::move(right);
    }
  }
  if (response.versions().empty() && reader->status().ok()) {
    return NotFound(*reader, "right", Said(kRightWord, request.right()));
  }
  return Answered(*reader, std::move(response));
}

Outcome<v1::Contract> GetContract(const Book& book, const CallContext& call,
                                  const v1::GetContractRequest& request) {
  return GetByText<v1::Contract>(book, call, request, v1::RECORD_KIND_CONTRACT, request.contract(),
                                 {"contract", "合同"});
}

Outcome<v1::Certificate> GetCertificate(const Book& book, const CallContext& call,
                                        const v1::GetCertificateRequest& request) {
  return GetByText<v1::Certificate>(book, call, request, v1::RECORD_KIND_CERTIFICATE,
                                    request.certificate(), {"certificate", "证书"});
}

Outcome<v1::Mortgage> GetMortgage(const Book& book, const CallContext& call,
                                  const v1::GetMortgageRequest& request) {
  return GetByNumber<v1::Mortgage>(book, call, request, request.mortgage(), "mortgage",
                                   kMortgageWord);
}

Outcome<v1::ListMortgagesResponse> ListMortgages(const Book& book, const CallContext& call,
                                                 const v1::ListMortgagesRequest& request) {
  return ListStanding<v1::Mortgage, v1::ListMortgagesResponse>(
      book, call, request, MortgagesAskedFor,
      [](v1::ListMortgagesResponse& response) { return response.mutable_mortgages(); });
}

Outcome<v1::Caution> GetCaution(const Book& book, const CallContext& call,
                                const v1::GetCautionRequest& request) {
  return WithDates(
      book, call,
      GetByNumber<v1::Caution>(book, call, request, request.caution(), "caution", kCautionWord));
}

Outcome<v1::ListCautionsResponse> ListCautions(const Book& book, const CallContext& call,
                                               const v1::ListCautionsRequest& request) {
  const auto cautions = [](v1::ListCautionsResponse& response) {
    return response.mutable_cautions();
  };
  auto listed = ListStanding<v1::Caution, v1::ListCautionsResponse>(book, call, request,
                                                                    CautionsAskedFor, cautions);
  return WithDates(book, call, std::move(listed), cautions);
}

}  // namespace landbook::registry
