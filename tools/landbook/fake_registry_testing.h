// A registry that answers what a test tells it to, in this process.
#ifndef LANDBOOK_TOOLS_LANDBOOK_FAKE_REGISTRY_TESTING_H_
#define LANDBOOK_TOOLS_LANDBOOK_FAKE_REGISTRY_TESTING_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fmt/format.h"
#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/refusal_wire.h"

namespace landbook::tools {

// Serves county 990101 on EPSG:4548. Calls are noted; what a test sets is answered. For one client
// at a time.
class FakeRegistry final : public v1::RegistryService::Service {
 public:
  FakeRegistry() {
    county.set_code("990101");
    county.set_title("样例县");
    county.set_epsg(4548);
    county.set_sequence(7);
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address = fmt::format("127.0.0.1:{}", port);
  }
  ~FakeRegistry() override { server_->Shutdown(); }

  std::string address;
  v1::County county;
  std::vector<v1::County> counties;  // a page each
  // Answered instead of any call's own answer, as often as `failures_left` says.
  grpc::Status failure;
  int failures_left = 0;
  int calls = 0;
  std::string officer;  // of the last call
  v1::CommitRequest commit;
  v1::CommitResponse commit_response;
  std::vector<v1::Plot> plots;
  std::vector<std::string> pages;  // of FindPlots
  v1::BatchGetPlotsRequest batch;
  std::vector<v1::ImportRow> rows;
  std::vector<std::size_t> message_bytes;
  v1::CreateImportRequest import_request;
  v1::Import import_result;
  std::vector<v1::Finding> import_findings;
  bool cancelled = false;
  std::vector<v1::VerifyBookResponse> verify_responses;
  std::vector<v1::JournalEntry> journal;
  v1::WatchRequest watch;

  grpc::Status GetCounty(grpc::ServerContext* context, const v1::GetCountyRequest*,
                         v1::County* response) override {
    *response = county;
    return Noted(*context);
  }
  grpc::Status DiscardCounty(grpc::ServerContext* context, const v1::DiscardCountyRequest*,
                             v1::DiscardCountyResponse*) override {
    return Noted(*context);
  }
  grpc::Status ListCounties(grpc::ServerContext* context, const v1::ListCountiesRequest* request,
                            v1::ListCountiesResponse* response) override {
    const std::size_t page = request->page_token().empty() ? 0 : std::stoul(request->page_token());
    if (page < counties.size()) *response->add_counties() = counties[page];
    if (page + 1 < counties.size()) response->set_next_page_token(std::to_string(page + 1));
    return Noted(*context);
  }
  grpc::Status Commit(grpc::ServerContext* context, const v1::CommitRequest* request,
                      v1::CommitResponse* response) override {
    commit = *request;
    *response = commit_response;
    return Noted(*context);
  }
  grpc::Status GetPlot(grpc::ServerContext* context, const v1::GetPlotRequest* request,
                       v1::Plot* response) override {
    for (const v1::Plot& plot : plots) {
      if (plot.code() == request->plot()) *response = plot;
    }
    return Noted(*context);
  }
  grpc::Status ListPlots(grpc::ServerContext* context, const v1::ListPlotsRequest*,
                         v1::ListPlotsResponse* response) override {
    response->mutable_plots()->Assign(plots.begin(), plots.end());
    return Noted(*context);
  }
  grpc::Status FindPlots(grpc::ServerContext* context, const v1::FindPlotsRequest*,
                         grpc::ServerWriter<v1::FindPlotsResponse>* writer) override {
    for (const std::string& page : pages) {
      v1::FindPlotsResponse response;
      response.set_page(page);
      response.set_sequence(county.sequence());
      writer->Write(response);
    }
    return Noted(*context);
  }
  grpc::Status BatchGetPlots(grpc::ServerContext* context, const v1::BatchGetPlotsRequest* request,
                             v1::BatchGetPlotsResponse* response) override {
    batch = *request;
    for (const std::string& number : request->plots()) {
      response->add_plots()->set_number(std::stoull(number));
    }
    return Noted(*context);
  }
  grpc::Status CreateImport(grpc::ServerContext* context, const v1::CreateImportRequest* request,
                            v1::Import* response) override {
    import_request = *request;
    response->set_number(3);
    return Noted(*context);
  }
  grpc::Status UploadImportRows(grpc::ServerContext* context,
                                grpc::ServerReader<v1::UploadImportRowsRequest>* reader,
                                v1::Import*) override {
    v1::UploadImportRowsRequest request;
    while (reader->Read(&request)) {
      message_bytes.push_back(request.ByteSizeLong());
      rows.insert(rows.end(), request.rows().begin(), request.rows().end());
    }
    return Noted(*context);
  }
  grpc::Status RunImport(grpc::ServerContext* context, const v1::RunImportRequest*,
                         v1::Import* response) override {
    response->set_state(v1::IMPORT_STATE_CHECKING);
    return Noted(*context);
  }
  grpc::Status GetImport(grpc::ServerContext* context, const v1::GetImportRequest*,
                         v1::Import* response) override {
    *response = import_result;
    return Noted(*context);
  }
  grpc::Status CancelImport(grpc::ServerContext* context, const v1::CancelImportRequest*,
                            v1::Import*) override {
    cancelled = true;
    return Noted(*context);
  }
  grpc::Status ListImportFindings(
      grpc::ServerContext* context, const v1::ListImportFindingsRequest*,
      grpc::ServerWriter<v1::ListImportFindingsResponse>* writer) override {
    v1::ListImportFindingsResponse response;
    response.mutable_findings()->Assign(import_findings.begin(), import_findings.end());
    writer->Write(response);
    return Noted(*context);
  }
  grpc::Status VerifyBook(grpc::ServerContext* context, const v1::VerifyBookRequest*,
                          grpc::ServerWriter<v1::VerifyBookResponse>* writer) override {
    for (const v1::VerifyBookResponse& response : verify_responses) writer->Write(response);
    return Noted(*context);
  }
  grpc::Status Watch(grpc::ServerContext* context, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::JournalEntry>* writer) override {
    watch = *request;
    for (const v1::JournalEntry& entry : journal) writer->Write(entry);
    return Noted(*context);
  }

 private:
  grpc::Status Noted(const grpc::ServerContext& context) {
    ++calls;
    const auto as = context.client_metadata().find("landbook-as");
    officer = as == context.client_metadata().end()
                  ? ""
                  : std::string(as->second.data(), as->second.size());
    if (failures_left == 0) return grpc::Status::OK;
    --failures_left;
    return failure;
  }

  std::unique_ptr<grpc::Server> server_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_FAKE_REGISTRY_TESTING_H_
