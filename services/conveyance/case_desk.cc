#include "services/conveyance/case_desk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "fmt/format.h"

namespace landbook::conveyance {
namespace {

using common::Reason;
using Stub = RegistryClient::Stub;

// RegistryService takes at most so many records in one batch.
constexpr std::size_t kBatchMax = 1'000;

v1::Refusal NoCaseNamed() {
  return common::Refuse(
      Reason::REFERENCE_MISSING, "registration.case",
      {"No case is named. Name it by its number or code.", "未指明案件，请写明案件编号或业务号。"});
}

v1::Refusal NoCaseLeft() {
  return common::Refuse(Reason::INVARIANT_BROKEN, "",
                        {"The step was entered, and the book names no case that it left. Look the "
                         "case up; report this.",
                         "该环节已登记，但登记簿未返回相应案件。请查询案件并报告此问题。"});
}

v1::ReadOptions ReadAt(std::uint64_t as_of) {
  v1::ReadOptions read;
  if (as_of != 0) read.set_sequence(as_of);
  return read;
}

}  // namespace

std::string NumberOrCode(const v1::Reference& reference) {
  if (reference.target_case() == v1::Reference::kCode) return reference.code();
  return reference.number() == 0 ? "" : std::to_string(reference.number());
}

Task<Outcome<v1::Case>> CaseDesk::GetCase(const CallContext& call, CaseAt wanted) {
  v1::GetCaseRequest request;
  request.set_county(wanted.county);
  request.set_case_(wanted.number_or_code);
  request.mutable_read()->set_min_sequence(wanted.min_sequence);
  return registry_.Ask<v1::GetCaseRequest, v1::Case>(&Stub::GetCase, call, std::move(request));
}

Task<Outcome<v1::Application>> CaseDesk::GetApplication(const CallContext& call, std::string county,
                                                        std::uint64_t case_number,
                                                        std::uint64_t as_of) {
  v1::GetApplicationRequest request;
  request.set_county(county);
  request.set_case_(case_number);
  *request.mutable_read() = ReadAt(as_of);
  return registry_.Ask<v1::GetApplicationRequest, v1::Application>(&Stub::GetApplication, call,
                                                                   std::move(request));
}

Task<Outcome<v1::Case>> CaseDesk::Take(const CallContext& call, v1::CommitRequest commit) {
  CaseAt wanted;
  wanted.county = commit.county();
  const auto taken = co_await registry_.Ask<v1::CommitRequest, v1::CommitResponse>(
      &Stub::Commit, call, std::move(commit));
  if (!taken.ok()) co_return Outcome<v1::Case>(taken.refusals());
  const std::uint64_t number = NumberLeftBy(*taken, v1::RECORD_KIND_CASE);
  if (number == 0) co_return Outcome<v1::Case>(NoCaseLeft());
  wanted.number_or_code = std::to_string(number);
  wanted.min_sequence = taken->sequence();
  co_return co_await GetCase(call, std::move(wanted));
}

Task<Outcome<v1::AmendCalendarResponse>> CaseDesk::AmendCalendar(
    const CallContext& call, const v1::AmendCalendarRequest& request) {
  using Result = Outcome<v1::AmendCalendarResponse>;
  v1::CommitRequest commit = StepOf(request);
  const auto taken = co_await registry_.Ask<v1::CommitRequest, v1::CommitResponse>(
      &Stub::Commit, call, std::move(commit));
  if (!taken.ok()) co_return Result(taken.refusals());
  v1::AmendCalendarResponse response;
  response.set_sequence(taken->sequence());
  co_return Result(std::move(response));
}

Task<Outcome<CaseDesk::Planned>> CaseDesk::PlanRegistration(
    const CallContext& call, const v1::RegisterCaseRequest& request) {
  using Result = Outcome<Planned>;
  CaseAt wanted;
  wanted.county = request.county();
  wanted.number_or_code = NumberOrCode(request.registration().case_());
  if (wanted.number_or_code.empty()) co_return Result(NoCaseNamed());
  auto the_case = co_await GetCase(call, std::move(wanted));
  if (!the_case.ok()) co_return Result(std::move(the_case.refusals()));
  const std::uint64_t registered = the_case->registered_sequence();
  const std::uint64_t as_of = registered == 0 ? 0 : registered - 1;
  auto application = co_await GetApplication(call, request.county(), the_case->number(), as_of);
  if (!application.ok()) co_return Result(std::move(application.refusals()));
  auto commit = RegistrationOf(request, *application);
  if (!commit.ok()) co_return Result(std::move(commit.refusals()));
  const auto refreshed =
      co_await RefreshEtags(call, &commit.value(), application->acts_size(), as_of);
  if (!refreshed.ok()) co_return Result(refreshed.refusals());
  co_return Result(Planned{*std::move(the_case), *std::move(application), *std::move(commit)});
}

Task<Outcome<v1::Case>> CaseDesk::Register(const CallContext& call,
                                           const v1::RegisterCaseRequest& request) {
  auto planned = co_await PlanRegistration(call, request);
  if (!planned.ok()) co_return Outcome<v1::Case>(std::move(planned.refusals()));
  co_return co_await Take(call, std::move(planned->commit));
}

Task<Outcome<bool>> CaseDesk::RefreshEtags(const CallContext& call, v1::CommitRequest* commit,
                                           int act_count, std::uint64_t as_of) {
  const std::vector<NamedVersion> versions = NamedVersions(commit, act_count);
  std::map<v1::RecordKind, std::set<std::uint64_t>> wanted;
  for (const NamedVersion& version : versions) wanted[version.kind].insert(version.number);
  for (const auto& [kind, numbers] : wanted) {
    std::vector<std::uint64_t> all(numbers.begin(), numbers.end());
    auto etags = co_await EtagsOf(call, commit->county(), kind, std::move(all), ReadAt(as_of));
    if (!etags.ok()) co_return Outcome<bool>(std::move(etags.refusals()));
    for (const NamedVersion& version : versions) {
      if (version.kind == kind) SetEtag(version, etags.value()[version.number]);
    }
  }
  co_return Outcome<bool>(true);
}

Task<Outcome<CaseDesk::Etags>> CaseDesk::EtagsOfRights(const CallContext& call, std::string county,
                                                       std::vector<std::uint64_t> numbers,
                                                       v1::ReadOptions read) {
  Etags etags;
  for (std::size_t from = 0; from < numbers.size(); from += kBatchMax) {
    v1::BatchGetRightsRequest request;
    request.set_county(county);
    *request.mutable_read() = read;
    for (std::size_t i = from; i < std::min(from + kBatchMax, numbers.size()); ++i) {
      request.add_rights(numbers[i]);
    }
    const auto rights =
        co_await registry_.Ask<v1::BatchGetRightsRequest, v1::BatchGetRightsResponse>(
            &Stub::BatchGetRights, call, std::move(request));
    if (!rights.ok()) co_return Outcome<Etags>(rights.refusals());
    for (const v1::Right& right : rights->rights()) etags[right.number()] = right.etag();
  }
  co_return Outcome<Etags>(std::move(etags));
}

Task<Outcome<CaseDesk::Etags>> CaseDesk::EtagsOfPlots(const CallContext& call, std::string county,
                                                      std::vector<std::uint64_t> numbers,
                                                      v1::ReadOptions read) {
  Etags etags;
  for (std::size_t from = 0; from < numbers.size(); from += kBatchMax) {
    v1::BatchGetPlotsRequest request;
    request.set_county(county);
    *request.mutable_read() = read;
    for (std::size_t i = from; i < std::min(from + kBatchMax, numbers.size()); ++i) {
      request.add_plots(std::to_string(numbers[i]));
    }
    const auto plots = co_await registry_.Ask<v1::BatchGetPlotsRequest, v1::BatchGetPlotsResponse>(
        &Stub::BatchGetPlots, call, std::move(request));
    if (!plots.ok()) co_return Outcome<Etags>(plots.refusals());
    for (const v1::Plot& plot : plots->plots()) etags[plot.number()] = plot.etag();
  }
  co_return Outcome<Etags>(std::move(etags));
}

Task<Outcome<CaseDesk::Etags>> CaseDesk::EtagsOf(const CallContext& call, std::string county,
                                                 v1::RecordKind kind,
                                                 std::vector<std::uint64_t> numbers,
                                                 v1::ReadOptions read) {
  if (kind == v1::RECORD_KIND_RIGHT) {
    co_return co_await EtagsOfRights(call, std::move(county), std::move(numbers), std::move(read));
  }
  if (kind == v1::RECORD_KIND_PLOT) {
    co_return co_await EtagsOfPlots(call, std::move(county), std::move(numbers), std::move(read));
  }
  Etags etags;
  for (const std::uint64_t number : numbers) {
    auto etag = co_await EtagOf(call, county, kind, number, read);
    if (!etag.ok()) co_return Outcome<Etags>(std::move(etag.refusals()));
    etags[number] = *std::move(etag);
  }
  co_return Outcome<Etags>(std::move(etags));
}

namespace {

// The etag of one record, read by a method of its own.
template <class Request, class Record>
Task<Outcome<std::string>> EtagBy(RegistryClient& registry,
                                  RegistryClient::Method<Request, Record> method,
                                  const CallContext& call, Request request) {
  const auto record = co_await registry.Ask<Request, Record>(method, call, std::move(request));
  if (!record.ok()) co_return Outcome<std::string>(record.refusals());
  co_return Outcome<std::string>(record->etag());
}

template <class Request>
Request Of(const std::string& county, const v1::ReadOptions& read) {
  Request request;
  request.set_county(county);
  *request.mutable_read() = read;
  return request;
}

}  // namespace

Task<Outcome<std::string>> CaseDesk::EtagOf(const CallContext& call, std::string county,
                                            v1::RecordKind kind, std::uint64_t number,
                                            v1::ReadOptions read) {
  switch (kind) {
    case v1::RECORD_KIND_UNIT: {
      auto request = Of<v1::GetUnitRequest>(county, read);
      request.set_unit(std::to_string(number));
      return EtagBy<v1::GetUnitRequest, v1::Unit>(registry_, &Stub::GetUnit, call,
                                                  std::move(request));
    }
    case v1::RECORD_KIND_MORTGAGE: {
      auto request = Of<v1::GetMortgageRequest>(county, read);
      request.set_mortgage(number);
      return EtagBy<v1::GetMortgageRequest, v1::Mortgage>(registry_, &Stub::GetMortgage, call,
                                                          std::move(request));
    }
    case v1::RECORD_KIND_CAUTION: {
      auto request = Of<v1::GetCautionRequest>(county, read);
      request.set_caution(number);
      return EtagBy<v1::GetCautionRequest, v1::Caution>(registry_, &Stub::GetCaution, call,
                                                        std::move(request));
    }
    case v1::RECORD_KIND_CERTIFICATE: {
      auto request = Of<v1::GetCertificateRequest>(county, read);
      request.set_certificate(std::to_string(number));
      return EtagBy<v1::GetCertificateRequest, v1::Certificate>(registry_, &Stub::GetCertificate,
                                                                call, std::move(request));
    }
    case v1::RECORD_KIND_RESOLUTION: {
      auto request = Of<v1::GetResolutionRequest>(county, read);
      request.set_resolution(number);
      return EtagBy<v1::GetResolutionRequest, v1::Resolution>(registry_, &Stub::GetResolution, call,
                                                              std::move(request));
    }
    default: {
      auto request = Of<v1::GetPartyRequest>(county, read);
      request.set_party(number);
      return EtagBy<v1::GetPartyRequest, v1::Party>(registry_, &Stub::GetParty, call,
                                                    std::move(request));
    }
  }
}

}  // namespace landbook::conveyance
