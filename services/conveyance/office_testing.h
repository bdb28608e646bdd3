// An office for tests: a fake registry and a real ConveyanceServer, each behind an in-process
// channel, with a store in memory, a trial clock that stands at 2026-03-02 and a blocking client.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_OFFICE_TESTING_H_
#define LANDBOOK_SERVICES_CONVEYANCE_OFFICE_TESTING_H_

#include <google/protobuf/text_format.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "landbook/v1/conveyance_service.grpc.pb.h"
#include "services/common/identity.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/policy.h"
#include "services/common/refusal_wire.h"
#include "services/common/server_frame.h"
#include "services/common/worker_pool.h"
#include "services/conveyance/conveyance_service.h"
#include "services/conveyance/fake_registry_testing.h"
#include "storage/memory_engine.h"
#include "storage/secret.h"

namespace landbook::conveyance {

template <class Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// The first reason of a refusal; empty for an answer.
template <class T>
std::string ReasonOf(const Outcome<T>& outcome) {
  return outcome.ok() ? "" : outcome.refusals().front().reason();
}

// Shows the time that it was told.
class SetClock final : public common::Clock {
 public:
  explicit SetClock(const char* time) : now_(*common::ParseTime(time)) {}
  void Set(const char* time) { now_ = *common::ParseTime(time); }

 protected:
  common::Micros Read() override { return now_; }

 private:
  common::Micros now_;
};

// A server within the process.
class LocalServer {
 public:
  explicit LocalServer(grpc::Service* service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(service);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel(common::ClientArguments());
  }
  ~LocalServer() { server_->Shutdown(); }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

class Office {
 public:
  Office()
      : registry_server_(&registry),
        client(workers_, ""),
        drafts(*DraftStore::Open(engine, storage::Secret({}), clock, storage::SystemRandom())),
        conveyance(parts_, client, *drafts, clock),
        conveyance_server_(&conveyance),
        stub(conveyance_server_.channel()) {
    registry.chain =
        *common::PackChainFromDirectory(LANDBOOK_SOURCE_DIR "/deploy/policy", "national");
    client.Connect(registry_server_.channel());
  }
  // Calls end before what they work on does.
  ~Office() { workers_.Stop(); }

  template <class Request, class Response>
  using Method = grpc::Status (v1::ConveyanceService::Stub::*)(grpc::ClientContext*, const Request&,
                                                               Response*);

  // Calls as OFFICER:ROLE.
  template <class Request, class Response>
  Outcome<Response> As(const std::string& officer, Method<Request, Response> method,
                       const Request& request) {
    grpc::ClientContext context;
    context.AddMetadata(common::kIdentityKey, common::EncodeMetadata(officer));
    context.AddMetadata(common::kDetailsLimitKey, std::to_string(common::kDetailsBytesMax));
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return common::RefusalsFromStatus(status);
    return response;
  }

  // A draft of li's with that request id.
  v1::Draft Draft(const std::string& request_id = "d-1") {
    auto request = Parse<v1::CreateDraftRequest>(R"(county: "370303"
        application { registration_type: REGISTRATION_TYPE_TRANSFER kind: "contract-transfer"
                      filing_place: FILING_PLACE_WINDOW units { number: 7 } })");
    request.set_request_id(request_id);
    const auto draft = As("li:intake", &v1::ConveyanceService::Stub::CreateDraft, request);
    EXPECT_TRUE(draft.ok()) << draft.refusals()[0].ShortDebugString();
    return *draft;
  }

  v1::AcceptCaseRequest Acceptance(const v1::Draft& draft, const std::string& request_id) {
    v1::AcceptCaseRequest request;
    request.set_county("370303");
    request.set_draft(draft.number());
    request.set_etag(draft.etag());
    request.set_request_id(request_id);
    return request;
  }

 private:
  common::InsecureLocalIdentity identity_;
  common::WorkerPool workers_{{.threads = 2, .queue_max = 64}};
  common::MetricRegistry metrics_;
  common::Logger logger_{[](std::string_view) {}};
  common::FrameParts parts_{identity_, workers_, metrics_, logger_};

 public:
  SetClock clock{"2026-03-02T08:00:00+08:00"};
  storage::MemoryEngine engine;
  FakeRegistry registry{parts_};

 private:
  LocalServer registry_server_;

 public:
  RegistryClient client;
  std::unique_ptr<DraftStore> drafts;
  ConveyanceServer conveyance;

 private:
  LocalServer conveyance_server_;

 public:
  v1::ConveyanceService::Stub stub;
};

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_OFFICE_TESTING_H_
