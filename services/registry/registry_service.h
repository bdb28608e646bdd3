// RegistryService over gRPC: each method finds its book and hands the call to a plain function.
#ifndef LANDBOOK_SERVICES_REGISTRY_REGISTRY_SERVICE_H_
#define LANDBOOK_SERVICES_REGISTRY_REGISTRY_SERVICE_H_

#include <map>
#include <memory>
#include <string_view>

#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/call_frame.h"
#include "services/common/clock.h"
#include "services/registry/access_log.h"
#include "services/registry/bookshelf.h"
#include "services/registry/importer.h"
#include "storage/engine.h"
#include "storage/mutex.h"

namespace landbook::registry {

// What each rpc takes, gives and refuses is said in registry_service.proto, and who may call it
// there too; here is only the way to the function that does it. gRPC calls the methods from any of
// its threads. Each returns at once with a reactor that works on FrameParts' workers and answers
// when it is done: a handler never holds one of gRPC's threads.
class RegistryServer final : public v1::RegistryService::WithRawCallbackMethod_UploadImportRows<
                                 v1::RegistryService::CallbackService> {
 public:
  // All parts are borrowed and outlive the server.
  RegistryServer(const common::FrameParts& parts, Bookshelf& shelf, storage::Engine& engine,
                 common::Clock& clock);
  ~RegistryServer() override;

  // Ends what works beside calls: imports under way are cancelled, what they accepted stays. Called
  // once no call is served any more.
  void Stop();

  template <typename Response>
  using Pages = grpc::ServerWriteReactor<Response>;
  using Unary = grpc::ServerUnaryReactor;
  using Context = grpc::CallbackServerContext;

  // --- Books and commits -----------------------------------------------------------------------

  Unary* CreateCounty(Context* context, const v1::CreateCountyRequest* request,
                      v1::County* response) override;
  Unary* GetCounty(Context* context, const v1::GetCountyRequest* request,
                   v1::County* response) override;
  Unary* ListCounties(Context* context, const v1::ListCountiesRequest* request,
                      v1::ListCountiesResponse* response) override;
  Unary* DiscardCounty(Context* context, const v1::DiscardCountyRequest* request,
                       v1::DiscardCountyResponse* response) override;
  Unary* Commit(Context* context, const v1::CommitRequest* request,
                v1::CommitResponse* response) override;

  // --- Plots and units -------------------------------------------------------------------------

  Unary* GetPlot(Context* context, const v1::GetPlotRequest* request, v1::Plot* response) override;
  Unary* BatchGetPlots(Context* context, const v1::BatchGetPlotsRequest* request,
                       v1::BatchGetPlotsResponse* response) override;
  Unary* ListPlots(Context* context, const v1::ListPlotsRequest* request,
                   v1::ListPlotsResponse* response) override;
  Pages<v1::FindPlotsResponse>* FindPlots(Context* context,
                                          const v1::FindPlotsRequest* request) override;
  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* BrowseByBytes(Context* context);
  Unary* LocatePlots(Context* context, const v1::LocatePlotsRequest* request,
                     v1::LocatePlotsResponse* response) override;
  Unary* GetPlotHistory(Context* context, const v1::GetPlotHistoryRequest* request,
                        v1::GetPlotHistoryResponse* response) override;
  Unary* GetPlotLineage(Context* context, const v1::GetPlotLineageRequest* request,
                        v1::GetPlotLineageResponse* response) override;
  Unary* SuggestBoundary(Context* context, const v1::SuggestBoundaryRequest* request,
                         v1::BoundarySuggestion* response) override;
  Unary* GetUnit(Context* context, const v1::GetUnitRequest* request, v1::Unit* response) override;
  Unary* ListUnits(Context* context, const v1::ListUnitsRequest* request,
                   v1::ListUnitsResponse* response) override;
  // --- Parties, rights and what burdens them ----------------------------------------------------

  Unary* GetParty(Context* context, const v1::GetPartyRequest* request,
                  v1::Party* response) override;
  Unary* ListParties(Context* context, const v1::ListPartiesRequest* request,
                     v1::ListPartiesResponse* response) override;
  Unary* GetRight(Context* context, const v1::GetRightRequest* request,
                  v1::Right* response) override;
  Unary* BatchGetRights(Context* context, const v1::BatchGetRightsRequest* request,
                        v1::BatchGetRightsResponse* response) override;
  Unary* ListRights(Context* context, const v1::ListRightsRequest* request,
                    v1::ListRightsResponse* response) override;
  Unary* GetRightHistory(Context* context, const v1::GetRightHistoryRequest* request,
                         v1::GetRightHistoryResponse* response) override;
  Unary* GetContract(Context* context, const v1::GetContractRequest* request,
                     v1::Contract* response) override;
  Unary* GetMortgage(Context* context, const v1::GetMortgageRequest* request,
                     v1::Mortgage* response) override;
  Unary* ListMortgages(Context* context, const v1::ListMortgagesRequest* request,
                       v1::ListMortgagesResponse* response) override;
  Unary* GetCaution(Context* context, const v1::GetCautionRequest* request,
                    v1::Caution* response) override;
  Unary* ListCautions(Context* context, const v1::ListCautionsRequest* request,
                      v1::ListCautionsResponse* response) override;
  Unary* GetCertificate(Context* context, const v1::GetCertificateRequest* request,
                        v1::Certificate* response) override;

  // --- Cases, and what collectives decide --------------------------------------------------------

  Unary* GetPartyHistory(Context* context, const v1::GetPartyHistoryRequest* request,
                         v1::GetPartyHistoryResponse* response) override;
  Unary* GetHouseholdOverview(Context* context, const v1::GetHouseholdOverviewRequest* request,
                              v1::HouseholdOverview* response) override;
  Unary* GetUnitStatus(Context* context, const v1::GetUnitStatusRequest* request,
                       v1::UnitStatus* response) override;
  Unary* GetCase(Context* context, const v1::GetCaseRequest* request, v1::Case* response) override;
  Unary* ListCases(Context* context, const v1::ListCasesRequest* request,
                   v1::ListCasesResponse* response) override;
  Unary* GetPack(Context* context, const v1::GetPackRequest* request,
                 v1::AdoptedPack* response) override;
  Unary* GetApplication(Context* context, const v1::GetApplicationRequest* request,
                        v1::Application* response) override;
  Unary* GetResolution(Context* context, const v1::GetResolutionRequest* request,
                       v1::Resolution* response) override;
  Unary* ListResolutions(Context* context, const v1::ListResolutionsRequest* request,
                         v1::ListResolutionsResponse* response) override;
  Unary* ListFilings(Context* context, const v1::ListFilingsRequest* request,
                     v1::ListFilingsResponse* response) override;
  Unary* ListRankAgreements(Context* context, const v1::ListRankAgreementsRequest* request,
                            v1::ListRankAgreementsResponse* response) override;
  Unary* ListFundAdvances(Context* context, const v1::ListFundAdvancesRequest* request,
                          v1::ListFundAdvancesResponse* response) override;
  Unary* ListCalendarDays(Context* context, const v1::ListCalendarDaysRequest* request,
                          v1::ListCalendarDaysResponse* response) override;
  Unary* ListAppointments(Context* context, const v1::ListAppointmentsRequest* request,
                          v1::ListAppointmentsResponse* response) override;

  // --- Control layers and imports --------------------------------------------------------------

  Unary* ListControlLayers(Context* context, const v1::ListControlLayersRequest* request,
                           v1::ListControlLayersResponse* response) override;
  Unary* ListControlShapes(Context* context, const v1::ListControlShapesRequest* request,
                           v1::ListControlShapesResponse* response) override;

  Unary* CreateImport(Context* context, const v1::CreateImportRequest* request,
                      v1::Import* response) override;
  grpc::ServerReadReactor<grpc::ByteBuffer>* UploadImportRows(Context* context,
                                                              grpc::ByteBuffer* response) override;
  Unary* RunImport(Context* context, const v1::RunImportRequest* request,
                   v1::Import* response) override;
  Unary* GetImport(Context* context, const v1::GetImportRequest* request,
                   v1::Import* response) override;
  Unary* CancelImport(Context* context, const v1::CancelImportRequest* request,
                      v1::Import* response) override;
  Pages<v1::ListImportFindingsResponse>* ListImportFindings(
      Context* context, const v1::ListImportFindingsRequest* request) override;

  // --- The journal and its proofs --------------------------------------------------------------

  Pages<v1::JournalEntry>* Watch(Context* context, const v1::WatchRequest* request) override;
  Unary* GetHead(Context* context, const v1::GetHeadRequest* request, v1::Head* response) override;
  Unary* ListHeads(Context* context, const v1::ListHeadsRequest* request,
                   v1::ListHeadsResponse* response) override;
  Unary* GetInclusionProof(Context* context, const v1::GetInclusionProofRequest* request,
                           v1::InclusionProof* response) override;
  Unary* GetConsistencyProof(Context* context, const v1::GetConsistencyProofRequest* request,
                             v1::ConsistencyProof* response) override;
  Unary* GetStatusProof(Context* context, const v1::GetStatusProofRequest* request,
                        v1::StatusProof* response) override;
  Pages<v1::VerifyBookResponse>* VerifyBook(Context* context,
                                            const v1::VerifyBookRequest* request) override;
  // --- The server ------------------------------------------------------------------------------

  Unary* GetStatistics(Context* context, const v1::GetStatisticsRequest* request,
                       v1::Statistics* response) override;
  Unary* ListAccesses(Context* context, const v1::ListAccessesRequest* request,
                      v1::ListAccessesResponse* response) override;
  Unary* AdvanceClock(Context* context, const v1::AdvanceClockRequest* request,
                      v1::AdvanceClockResponse* response) override;

 private:
  class Rows;

  // Serves a call of one book on a worker by a plain function of it.
  template <typename Request, typename Response, typename Function>
  Unary* OfBook(Context* context, std::string_view method, const Request* request,
                Response* response, Function function);
  // The same for calls that some roles may make about what is their own.
  template <typename Request, typename Response, typename Function>
  Unary* OfOwn(Context* context, std::string_view method, const Request* request,
               Response* response, Function function);
  template <typename Response>
  common::Outcome<Response> Noted(const Book& book, const common::CallContext& call,
                                  std::string method, common::Outcome<Response> answer);
  // As OfBook for what works on the book's imports.
  template <typename Request, typename Response, typename Function>
  Unary* OfImports(Context* context, std::string_view method, const Request* request,
                   Response* response, Function function);
  // The importer of a county's book; refused with COUNTY_UNKNOWN when there is none.
  common::Outcome<std::shared_ptr<Importer>> ImporterOf(std::string_view county);

  common::CallFrame frame_;
  Bookshelf& shelf_;
  storage::Engine& engine_;
  common::Clock& clock_;
  AccessLog access_log_;
  storage::Mutex mutex_;
  std::map<const Book*, std::shared_ptr<Importer>> importers_ LANDBOOK_GUARDED_BY(mutex_);
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_REGISTRY_SERVICE_H_
