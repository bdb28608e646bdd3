#include "services/registry/registry_service.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "fmt/format.h"
#include "google/protobuf/util/time_util.h"
#include "services/common/call_dialogue.h"
#include "services/common/call_stream.h"
#include "services/registry/access_reads.h"
#include "services/registry/book_appointments.h"
#include "services/registry/boundary_suggestion.h"
#include "services/registry/case_reads.h"
#include "services/registry/collective_reads.h"
#include "services/registry/commit_handler.h"
#include "services/registry/control_reads.h"
#include "services/registry/household_reads.h"
#include "services/registry/journal_reads.h"
#include "services/registry/party_reads.h"
#include "services/registry/plot_browser.h"
#include "services/registry/plot_reads.h"
#include "services/registry/proof_reads.h"
#include "services/registry/read_point.h"
#include "services/registry/right_reads.h"
#include "services/registry/search_notes.h"
#include "services/registry/statistics.h"
#include "services/registry/trial_offset.h"
#include "services/registry/unit_status.h"
#include "services/registry/verify_reads.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::CallFrame;
using common::Outcome;
using common::PageSource;
using common::Reason;
using common::StreamGate;

constexpr std::uint32_t kCountiesOfPageMax = 1'000;
constexpr std::uint32_t kCountiesOfPage = 100;

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *v1::CommitRequest::descriptor()->file()->FindServiceByName("RegistryService");
}

// Counties by code; the token is the code that the next page begins with.
Outcome<v1::ListCountiesResponse> CountiesFrom(const Bookshelf& shelf,
                                               const storage::Engine& engine,
                                               const v1::ListCountiesRequest& request) {
  if (request.page_size() > kCountiesOfPageMax) {
    return common::Refuse(
        Reason::PAGE_SIZE_TOO_LARGE, "page_size",
        {fmt::format("{} a page were asked for; at most {} are given.", request.page_size(),
                     kCountiesOfPageMax),
         fmt::format("每页请求 {} 项，至多 {} 项。", request.page_size(), kCountiesOfPageMax)});
  }
  const std::size_t size = request.page_size() == 0 ? kCountiesOfPage : request.page_size();
  const EngineView view(&engine);
  v1::ListCountiesResponse response;
  for (const auto& book : shelf.All()) {
    if (book->code() < request.page_token()) continue;
    if (static_cast<std::size_t>(response.counties_size()) == size) {
      response.set_next_page_token(book->code());
      break;
    }
    *response.add_counties() = book->ToWire(view);
  }
  return response;
}

}  // namespace

RegistryServer::RegistryServer(const common::FrameParts& parts, Bookshelf& shelf,
                               storage::Engine& engine, common::Clock& clock)
    : frame_(parts, Descriptor()),
      shelf_(shelf),
      engine_(engine),
      clock_(clock),
      access_log_(&engine, &clock) {
  // Beside callback methods the generated service can have no raw one that takes and gives streams.
  const auto browse = [this](Context* context) { return BrowseByBytes(context); };
  MarkMethodRawCallback(
      Descriptor().FindMethodByName("BrowsePlots")->index(),
      new grpc::internal::CallbackBidiHandler<grpc::ByteBuffer, grpc::ByteBuffer>(browse));
}

RegistryServer::~RegistryServer() { Stop(); }

void RegistryServer::Stop() {
  std::map<const Book*, std::shared_ptr<Importer>> importers;
  {
    storage::MutexLock lock(mutex_);
    importers.swap(importers_);
  }
  importers.clear();  // each cancels what it has under way and waits for it
}

template <typename Request, typename Response, typename Function>
RegistryServer::Unary* RegistryServer::OfBook(Context* context, std::string_view method,
                                              const Request* request, Response* response,
                                              Function function) {
  return frame_.Unary(
      {context, method}, request, response, CallFrame::Run::kOnWorker,
      [this, function](const CallContext& call, const Request& asked) -> Outcome<Response> {
        const auto book = shelf_.Find(asked.county());
        if (!book.ok()) return book.refusals();
        return function(**book, call, asked);
      });
}

// The answer, once the access log says durably what of persons, units and rights it shows.
template <typename Response>
Outcome<Response> RegistryServer::Noted(const Book& book, const CallContext& call,
                                        std::string method, Outcome<Response> answer) {
  if (!answer.ok()) return answer;
  AccessRow row = AccessRowOf(call, std::move(method));
  auto reader = OpenReader(book, call, v1::ReadOptions());
  if (!reader.ok()) return std::move(reader.refusals());
  NoteShown(*answer, &*reader, &row);
  if (!reader->status().ok()) return common::RefusalFromEngine(reader->status());
  if (row.shown.empty() && row.records.empty()) return answer;
  if (auto refusal = RefuseSearch(row)) return *std::move(refusal);
  const absl::Status noted = access_log_.Add(book.number(), row);
  if (!noted.ok()) return common::RefusalFromEngine(noted);
  return answer;
}

template <typename Request, typename Response, typename Function>
RegistryServer::Unary* RegistryServer::OfOwn(Context* context, std::string_view method,
                                             const Request* request, Response* response,
                                             Function function) {
  return frame_.Unary(
      {context, method, /*serves_own=*/true}, request, response, CallFrame::Run::kOnWorker,
      [this, method, function](const CallContext& call, const Request& asked) -> Outcome<Response> {
        const auto book = shelf_.Find(asked.county());
        if (!book.ok()) return book.refusals();
        if (!call.own_only) {
          return Noted(**book, call, std::string(method), function(**book, call, asked));
        }
        const auto party = OwnPartyOf(**book, call.actor);
        if (!party.ok()) return party.refusals();
        CallContext own = call;
        own.own_party = *party;
        return function(**book, own, asked);
      });
}

RegistryServer::Unary* RegistryServer::CreateCounty(Context* context,
                                                    const v1::CreateCountyRequest* request,
                                                    v1::County* response) {
  return frame_.Unary(
      {context, "CreateCounty"}, request, response, CallFrame::Run::kOnWorker,
      [this](const CallContext& call, const v1::CreateCountyRequest& asked) -> Outcome<v1::County> {
        if (auto refusal = common::CheckCounty(call.actor, asked.county().code())) {
          return *std::move(refusal);
        }
        const auto book = shelf_.Create(asked, call.actor);
        if (!book.ok()) return book.refusals();
        return (*book)->ToWire(EngineView(&engine_));
      });
}

RegistryServer::Unary* RegistryServer::GetCounty(Context* context,
                                                 const v1::GetCountyRequest* request,
                                                 v1::County* response) {
  return OfBook(context, "GetCounty", request, response,
                [this](const Book& book, const CallContext&, const v1::GetCountyRequest&)
                    -> Outcome<v1::County> { return book.ToWire(EngineView(&engine_)); });
}

RegistryServer::Unary* RegistryServer::ListCounties(Context* context,
                                                    const v1::ListCountiesRequest* request,
                                                    v1::ListCountiesResponse* response) {
  return frame_.Unary({context, "ListCounties"}, request, response, CallFrame::Run::kOnWorker,
                      [this](const CallContext&, const v1::ListCountiesRequest& asked) {
                        return CountiesFrom(shelf_, engine_, asked);
                      });
}

RegistryServer::Unary* RegistryServer::DiscardCounty(Context* context,
                                                     const v1::DiscardCountyRequest* request,
                                                     v1::DiscardCountyResponse* response) {
  return frame_.Unary({context, "DiscardCounty"}, request, response, CallFrame::Run::kOnWorker,
                      [this](const CallContext&, const v1::DiscardCountyRequest& asked) {
                        return shelf_.Discard(asked.county());
                      });
}

RegistryServer::Unary* RegistryServer::Commit(Context* context, const v1::CommitRequest* request,
                                              v1::CommitResponse* response) {
  return frame_.UnaryLater({context, "Commit"}, request, response,
                           [this](const CallContext& call, const v1::CommitRequest& asked,
                                  const common::Answer<v1::CommitResponse>& answer) {
                             auto book = shelf_.Find(asked.county());
                             if (!book.ok()) return answer(std::move(book.refusals()));
                             if (asked.import() != 0) {
                               auto importer = ImporterOf(asked.county());
                               if (!importer.ok()) return answer(std::move(importer.refusals()));
                               auto refusal = (*importer)->RefuseActsOf(asked.import(), call.actor);
                               if (refusal) return answer(*std::move(refusal));
                             }
                             HandleCommit(*std::move(book), frame_.workers(), call, asked, answer);
                           });
}

RegistryServer::Unary* RegistryServer::GetPlot(Context* context, const v1::GetPlotRequest* request,
                                               v1::Plot* response) {
  return OfBook(context, "GetPlot", request, response, registry::GetPlot);
}

RegistryServer::Unary* RegistryServer::BatchGetPlots(Context* context,
                                                     const v1::BatchGetPlotsRequest* request,
                                                     v1::BatchGetPlotsResponse* response) {
  return OfBook(context, "BatchGetPlots", request, response, registry::BatchGetPlots);
}

RegistryServer::Unary* RegistryServer::ListPlots(Context* context,
                                                 const v1::ListPlotsRequest* request,
                                                 v1::ListPlotsResponse* response) {
  return OfBook(context, "ListPlots", request, response, registry::ListPlots);
}

RegistryServer::Unary* RegistryServer::LocatePlots(Context* context,
                                                   const v1::LocatePlotsRequest* request,
                                                   v1::LocatePlotsResponse* response) {
  return OfBook(context, "LocatePlots", request, response, registry::LocatePlots);
}

RegistryServer::Unary* RegistryServer::GetPlotHistory(Context* context,
                                                      const v1::GetPlotHistoryRequest* request,
                                                      v1::GetPlotHistoryResponse* response) {
  return OfBook(context, "GetPlotHistory", request, response, registry::GetPlotHistory);
}

RegistryServer::Unary* RegistryServer::GetPlotLineage(Context* context,
                                                      const v1::GetPlotLineageRequest* request,
                                                      v1::GetPlotLineageResponse* response) {
  return OfBook(context, "GetPlotLineage", request, response, registry::GetPlotLineage);
}

RegistryServer::Unary* RegistryServer::SuggestBoundary(Context* context,
                                                       const v1::SuggestBoundaryRequest* request,
                                                       v1::BoundarySuggestion* response) {
  return OfBook(context, "SuggestBoundary", request, response, registry::SuggestBoundary);
}

RegistryServer::Unary* RegistryServer::GetUnit(Context* context, const v1::GetUnitRequest* request,
                                               v1::Unit* response) {
  return OfOwn(context, "GetUnit", request, response, registry::GetUnit);
}

RegistryServer::Unary* RegistryServer::ListUnits(Context* context,
                                                 const v1::ListUnitsRequest* request,
                                                 v1::ListUnitsResponse* response) {
  return OfBook(context, "ListUnits", request, response, registry::ListUnits);
}

RegistryServer::Unary* RegistryServer::GetRight(Context* context,
                                                const v1::GetRightRequest* request,
                                                v1::Right* response) {
  return OfOwn(context, "GetRight", request, response, registry::GetRight);
}

RegistryServer::Unary* RegistryServer::BatchGetRights(Context* context,
                                                      const v1::BatchGetRightsRequest* request,
                                                      v1::BatchGetRightsResponse* response) {
  return OfBook(context, "BatchGetRights", request, response, registry::BatchGetRights);
}

RegistryServer::Unary* RegistryServer::ListRights(Context* context,
                                                  const v1::ListRightsRequest* request,
                                                  v1::ListRightsResponse* response) {
  return OfOwn(context, "ListRights", request, response, registry::ListRights);
}

RegistryServer::Unary* RegistryServer::GetRightHistory(Context* context,
                                                       const v1::GetRightHistoryRequest* request,
                                                       v1::GetRightHistoryResponse* response) {
  return OfOwn(context, "GetRightHistory", request, response, registry::GetRightHistory);
}

RegistryServer::Unary* RegistryServer::GetContract(Context* context,
                                                   const v1::GetContractRequest* request,
                                                   v1::Contract* response) {
  return OfOwn(context, "GetContract", request, response, registry::GetContract);
}

RegistryServer::Unary* RegistryServer::GetMortgage(Context* context,
                                                   const v1::GetMortgageRequest* request,
                                                   v1::Mortgage* response) {
  return OfOwn(context, "GetMortgage", request, response, registry::GetMortgage);
}

RegistryServer::Unary* RegistryServer::ListMortgages(Context* context,
                                                     const v1::ListMortgagesRequest* request,
                                                     v1::ListMortgagesResponse* response) {
  return OfOwn(context, "ListMortgages", request, response, registry::ListMortgages);
}

RegistryServer::Unary* RegistryServer::GetCaution(Context* context,
                                                  const v1::GetCautionRequest* request,
                                                  v1::Caution* response) {
  return OfBook(context, "GetCaution", request, response, registry::GetCaution);
}

RegistryServer::Unary* RegistryServer::ListCautions(Context* context,
                                                    const v1::ListCautionsRequest* request,
                                                    v1::ListCautionsResponse* response) {
  return OfBook(context, "ListCautions", request, response, registry::ListCautions);
}

RegistryServer::Unary* RegistryServer::GetCertificate(Context* context,
                                                      const v1::GetCertificateRequest* request,
                                                      v1::Certificate* response) {
  return OfOwn(context, "GetCertificate", request, response, registry::GetCertificate);
}

RegistryServer::Unary* RegistryServer::GetPartyHistory(Context* context,
                                                       const v1::GetPartyHistoryRequest* request,
                                                       v1::GetPartyHistoryResponse* response) {
  return OfOwn(context, "GetPartyHistory", request, response, registry::GetPartyHistory);
}

RegistryServer::Unary* RegistryServer::GetHouseholdOverview(
    Context* context, const v1::GetHouseholdOverviewRequest* request,
    v1::HouseholdOverview* response) {
  return OfOwn(context, "GetHouseholdOverview", request, response, registry::GetHouseholdOverview);
}

// The row of the access log names the consent.
RegistryServer::Unary* RegistryServer::GetUnitStatus(Context* context,
                                                     const v1::GetUnitStatusRequest* request,
                                                     v1::UnitStatus* response) {
  return OfBook(context, "GetUnitStatus", request, response,
                [this](const Book& book, const CallContext& call,
                       const v1::GetUnitStatusRequest& asked) -> Outcome<v1::UnitStatus> {
                  CallContext with_consent = call;
                  std::string& document = with_consent.purpose_document;
                  document += document.empty() ? "" : "; ";
                  document += ConsentDocument(asked);
                  return Noted(book, with_consent, "GetUnitStatus",
                               registry::GetUnitStatus(book, call, asked));
                });
}

RegistryServer::Unary* RegistryServer::GetCase(Context* context, const v1::GetCaseRequest* request,
                                               v1::Case* response) {
  return OfOwn(context, "GetCase", request, response, registry::GetCase);
}

RegistryServer::Unary* RegistryServer::ListCases(Context* context,
                                                 const v1::ListCasesRequest* request,
                                                 v1::ListCasesResponse* response) {
  return OfOwn(context, "ListCases", request, response, registry::ListCases);
}

RegistryServer::Unary* RegistryServer::GetPack(Context* context, const v1::GetPackRequest* request,
                                               v1::AdoptedPack* response) {
  return OfBook(context, "GetPack", request, response, registry::GetPack);
}

RegistryServer::Unary* RegistryServer::GetApplication(Context* context,
                                                      const v1::GetApplicationRequest* request,
                                                      v1::Application* response) {
  return OfOwn(context, "GetApplication", request, response, registry::GetApplication);
}

RegistryServer::Unary* RegistryServer::GetResolution(Context* context,
                                                     const v1::GetResolutionRequest* request,
                                                     v1::Resolution* response) {
  return OfOwn(context, "GetResolution", request, response, registry::GetResolution);
}

RegistryServer::Unary* RegistryServer::ListResolutions(Context* context,
                                                       const v1::ListResolutionsRequest* request,
                                                       v1::ListResolutionsResponse* response) {
  return OfOwn(context, "ListResolutions", request, response, registry::ListResolutions);
}

RegistryServer::Unary* RegistryServer::ListFilings(Context* context,
                                                   const v1::ListFilingsRequest* request,
                                                   v1::ListFilingsResponse* response) {
  return OfOwn(context, "ListFilings", request, response, registry::ListFilings);
}

RegistryServer::Unary* RegistryServer::ListRankAgreements(
    Context* context, const v1::ListRankAgreementsRequest* request,
    v1::ListRankAgreementsResponse* response) {
  return OfOwn(context, "ListRankAgreements", request, response, registry::ListRankAgreements);
}

RegistryServer::Unary* RegistryServer::ListFundAdvances(Context* context,
                                                        const v1::ListFundAdvancesRequest* request,
                                                        v1::ListFundAdvancesResponse* response) {
  return OfBook(context, "ListFundAdvances", request, response, registry::ListFundAdvances);
}

RegistryServer::Unary* RegistryServer::ListCalendarDays(Context* context,
                                                        const v1::ListCalendarDaysRequest* request,
                                                        v1::ListCalendarDaysResponse* response) {
  return OfBook(context, "ListCalendarDays", request, response, registry::ListCalendarDays);
}

RegistryServer::Unary* RegistryServer::ListAppointments(Context* context,
                                                        const v1::ListAppointmentsRequest* request,
                                                        v1::ListAppointmentsResponse* response) {
  return OfBook(context, "ListAppointments", request, response, registry::ListAppointments);
}

RegistryServer::Unary* RegistryServer::ListControlLayers(
    Context* context, const v1::ListControlLayersRequest* request,
    v1::ListControlLayersResponse* response) {
  return OfBook(context, "ListControlLayers", request, response, registry::ListControlLayers);
}

RegistryServer::Unary* RegistryServer::ListControlShapes(
    Context* context, const v1::ListControlShapesRequest* request,
    v1::ListControlShapesResponse* response) {
  return OfBook(context, "ListControlShapes", request, response, registry::ListControlShapes);
}

RegistryServer::Unary* RegistryServer::GetHead(Context* context, const v1::GetHeadRequest* request,
                                               v1::Head* response) {
  return OfBook(context, "GetHead", request, response, registry::GetHead);
}

RegistryServer::Unary* RegistryServer::ListHeads(Context* context,
                                                 const v1::ListHeadsRequest* request,
                                                 v1::ListHeadsResponse* response) {
  return OfBook(context, "ListHeads", request, response, registry::ListHeads);
}

RegistryServer::Unary* RegistryServer::GetInclusionProof(
    Context* context, const v1::GetInclusionProofRequest* request, v1::InclusionProof* response) {
  return OfBook(context, "GetInclusionProof", request, response, registry::GetInclusionProof);
}

RegistryServer::Unary* RegistryServer::GetConsistencyProof(
    Context* context, const v1::GetConsistencyProofRequest* request,
    v1::ConsistencyProof* response) {
  return OfBook(context, "GetConsistencyProof", request, response, registry::GetConsistencyProof);
}

RegistryServer::Unary* RegistryServer::GetStatusProof(Context* context,
                                                      const v1::GetStatusProofRequest* request,
                                                      v1::StatusProof* response) {
  return OfBook(context, "GetStatusProof", request, response, registry::GetStatusProof);
}

RegistryServer::Unary* RegistryServer::GetStatistics(Context* context,
                                                     const v1::GetStatisticsRequest* request,
                                                     v1::Statistics* response) {
  return OfBook(context, "GetStatistics", request, response, registry::GetStatistics);
}

RegistryServer::Unary* RegistryServer::ListAccesses(Context* context,
                                                    const v1::ListAccessesRequest* request,
                                                    v1::ListAccessesResponse* response) {
  return OfOwn(context, "ListAccesses", request, response, registry::ListAccesses);
}

RegistryServer::Unary* RegistryServer::GetParty(Context* context,
                                                const v1::GetPartyRequest* request,
                                                v1::Party* response) {
  return OfOwn(context, "GetParty", request, response,
               [this](const Book& book, const CallContext& call, const v1::GetPartyRequest& asked) {
                 return registry::GetParty(book, access_log_, call, asked);
               });
}

RegistryServer::Unary* RegistryServer::ListParties(Context* context,
                                                   const v1::ListPartiesRequest* request,
                                                   v1::ListPartiesResponse* response) {
  return OfBook(
      context, "ListParties", request, response,
      [this](const Book& book, const CallContext& call, const v1::ListPartiesRequest& asked) {
        return registry::ListParties(book, access_log_, call, asked);
      });
}

RegistryServer::Pages<v1::FindPlotsResponse>* RegistryServer::FindPlots(
    Context* context, const v1::FindPlotsRequest* request) {
  return common::ServePages<v1::FindPlotsResponse>(
      frame_, {context, "FindPlots"}, request,
      [this](const CallContext& call, const v1::FindPlotsRequest& asked,
             const std::shared_ptr<StreamGate>&) -> Outcome<PageSource<v1::FindPlotsResponse>> {
        auto book = shelf_.Find(asked.county());
        if (!book.ok()) return std::move(book.refusals());
        return OpenFindPlots(*std::move(book), call, asked);
      });
}

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* RegistryServer::BrowseByBytes(
    Context* context) {
  return common::ServeDialogue<v1::BrowsePlotsRequest, v1::BrowsePlotsResponse>(
      frame_, {context, "BrowsePlots"},
      std::make_unique<PlotBrowser>(
          [this](std::string_view county) -> Outcome<std::shared_ptr<const Book>> {
            auto book = shelf_.Find(county);
            if (!book.ok()) return std::move(book.refusals());
            return std::shared_ptr<const Book>(*std::move(book));
          }));
}

RegistryServer::Pages<v1::JournalEntry>* RegistryServer::Watch(Context* context,
                                                               const v1::WatchRequest* request) {
  return common::ServePages<v1::JournalEntry>(
      frame_, {context, "Watch"}, request,
      [this](const CallContext& call, const v1::WatchRequest& asked,
             const std::shared_ptr<StreamGate>& gate) -> Outcome<PageSource<v1::JournalEntry>> {
        auto book = shelf_.Find(asked.county());
        if (!book.ok()) return std::move(book.refusals());
        return OpenWatch(*std::move(book), call, asked, gate);
      });
}

RegistryServer::Pages<v1::VerifyBookResponse>* RegistryServer::VerifyBook(
    Context* context, const v1::VerifyBookRequest* request) {
  return common::ServePages<v1::VerifyBookResponse>(
      frame_, {context, "VerifyBook"}, request,
      [this](const CallContext& call, const v1::VerifyBookRequest& asked,
             const std::shared_ptr<StreamGate>&) -> Outcome<PageSource<v1::VerifyBookResponse>> {
        auto book = shelf_.Find(asked.county());
        if (!book.ok()) return std::move(book.refusals());
        return OpenVerifyBook(*std::move(book), call, asked,
                              std::filesystem::temp_directory_path().string());
      });
}

RegistryServer::Unary* RegistryServer::AdvanceClock(Context* context,
                                                    const v1::AdvanceClockRequest* request,
                                                    v1::AdvanceClockResponse* response) {
  return frame_.Unary(
      {context, "AdvanceClock"}, request, response, CallFrame::Run::kOnWorker,
      [this](const CallContext&,
             const v1::AdvanceClockRequest& asked) -> Outcome<v1::AdvanceClockResponse> {
        auto* trial = dynamic_cast<common::TrialClock*>(&clock_);
        if (trial == nullptr) {
          return common::Refuse(
              Reason::CLOCK_NOT_TRIAL, "days",
              {"The server goes by the machine's clock. Start it with --trial-clock to try out "
               "periods.",
               "服务器使用真实时钟；如需试算期限，请以 --trial-clock 启动。"});
        }
        if (auto advanced = trial->AdvanceDays(asked.days()); !advanced.ok()) {
          return common::Refuse(Reason::VALUE_OUT_OF_RANGE, "days",
                                {std::string(advanced.message()), "天数超出可表示的日期范围。"});
        }
        if (auto kept = WriteTrialOffset(engine_, trial->OffsetMicros()); !kept.ok()) {
          return common::RefusalFromEngine(kept);
        }
        v1::AdvanceClockResponse response_message;
        *response_message.mutable_now() =
            google::protobuf::util::TimeUtil::MicrosecondsToTimestamp(clock_.NowMicros());
        return response_message;
      });
}

}  // namespace landbook::registry
