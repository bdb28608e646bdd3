// What RegistryServer does about imports.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "services/common/call_stream.h"
#include "services/registry/registry_service.h"

namespace landbook::registry {
namespace {

using common::CallContext;
using common::CallFrame;
using common::Outcome;
using common::PageSource;
using common::PageStep;
using common::Reason;
using common::StreamGate;

// The most findings of one page of ListImportFindings.
constexpr std::size_t kFindingsOfPage = 500;

// The pages of an import's findings.
PageSource<v1::ListImportFindingsResponse> FindingPages(std::shared_ptr<Importer> importer,
                                                        std::uint64_t import) {
  return [importer, import, from = std::string(),
          ended = false](v1::ListImportFindingsResponse& page) mutable -> Outcome<PageStep> {
    if (ended) return PageStep::kEnd;
    auto findings = importer->ListFindings(import, from, kFindingsOfPage);
    if (!findings.ok()) return std::move(findings.refusals());
    for (v1::Finding& finding : findings->findings) *page.add_findings() = std::move(finding);
    from = std::move(findings->next);
    ended = from.empty();
    return page.findings().empty() ? PageStep::kEnd : PageStep::kPage;
  };
}

}  // namespace

// The rows of one upload: the first message says of which import.
class RegistryServer::Rows final
    : public common::UploadIntake<v1::UploadImportRowsRequest, v1::Import> {
 public:
  explicit Rows(RegistryServer* server) : server_(server) {}

  common::RefusalList Take(const CallContext& call, v1::UploadImportRowsRequest& message) override {
    if (importer_ == nullptr) {
      if (auto refusal = common::CheckCounty(call.actor, message.county())) {
        return {*std::move(refusal)};
      }
      auto importer = server_->ImporterOf(message.county());
      if (!importer.ok()) return std::move(importer.refusals());
      importer_ = *std::move(importer);
      import_ = message.import();
    }
    auto taken = importer_->AddRows(import_, std::move(*message.mutable_rows()));
    return taken.ok() ? common::RefusalList() : std::move(taken.refusals());
  }

  Outcome<v1::Import> Finish(const CallContext&) override {
    if (importer_ == nullptr) {
      return common::Refuse(
          Reason::IMPORT_UNKNOWN, "import",
          {"The upload ended before it named its import.", "上传在指明导入任务之前即已结束。"});
    }
    return importer_->Get(import_);
  }

 private:
  RegistryServer* server_;
  std::shared_ptr<Importer> importer_;
  std::uint64_t import_ = 0;
};

Outcome<std::shared_ptr<Importer>> RegistryServer::ImporterOf(std::string_view county) {
  const auto book = shelf_.Find(county);
  if (!book.ok()) return book.refusals();
  storage::MutexLock lock(mutex_);
  auto& importer = importers_[book->get()];
  if (importer == nullptr) importer = std::make_shared<Importer>(book->get());
  return importer;
}

template <typename Request, typename Response, typename Function>
RegistryServer::Unary* RegistryServer::OfImports(Context* context, std::string_view method,
                                                 const Request* request, Response* response,
                                                 Function function) {
  return frame_.Unary(
      {context, method}, request, response, CallFrame::Run::kOnWorker,
      [this, function](const CallContext& call, const Request& asked) -> Outcome<Response> {
        const auto importer = ImporterOf(asked.county());
        if (!importer.ok()) return importer.refusals();
        return function(**importer, call, asked);
      });
}

RegistryServer::Unary* RegistryServer::CreateImport(Context* context,
                                                    const v1::CreateImportRequest* request,
                                                    v1::Import* response) {
  return OfImports(
      context, "CreateImport", request, response,
      [](Importer& importer, const CallContext& call, const v1::CreateImportRequest& asked) {
        return importer.Create(asked, call.actor);
      });
}

grpc::ServerReadReactor<grpc::ByteBuffer>* RegistryServer::UploadImportRows(
    Context* context, grpc::ByteBuffer* response) {
  return common::ServeUpload<v1::UploadImportRowsRequest, v1::Import>(
      frame_, {context, "UploadImportRows"}, response, std::make_unique<Rows>(this));
}

RegistryServer::Unary* RegistryServer::RunImport(Context* context,
                                                 const v1::RunImportRequest* request,
                                                 v1::Import* response) {
  return OfImports(context, "RunImport", request, response,
                   [](Importer& importer, const CallContext&, const v1::RunImportRequest& asked) {
                     return importer.Run(asked.import());
                   });
}

RegistryServer::Unary* RegistryServer::GetImport(Context* context,
                                                 const v1::GetImportRequest* request,
                                                 v1::Import* response) {
  return OfImports(context, "GetImport", request, response,
                   [](Importer& importer, const CallContext&, const v1::GetImportRequest& asked) {
                     return importer.Get(asked.import());
                   });
}

RegistryServer::Unary* RegistryServer::CancelImport(Context* context,
                                                    const v1::CancelImportRequest* request,
                                                    v1::Import* response) {
  return OfImports(
      context, "CancelImport", request, response,
      [](Importer& importer, const CallContext&, const v1::CancelImportRequest& asked) {
        return importer.Cancel(asked.import());
      });
}

RegistryServer::Pages<v1::ListImportFindingsResponse>* RegistryServer::ListImportFindings(
    Context* context, const v1::ListImportFindingsRequest* request) {
  return common::ServePages<v1::ListImportFindingsResponse>(
      frame_, {context, "ListImportFindings"}, request,
      [this](const CallContext&, const v1::ListImportFindingsRequest& asked,
             const std::shared_ptr<StreamGate>&)
          -> Outcome<PageSource<v1::ListImportFindingsResponse>> {
        auto importer = ImporterOf(asked.county());
        if (!importer.ok()) return std::move(importer.refusals());
        return FindingPages(*std::move(importer), asked.import());
      });
}

}  // namespace landbook::registry
