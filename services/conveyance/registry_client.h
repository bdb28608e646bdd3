// The book, as this service asks it: calls of RegistryService in the name of the officer who
// called.
//
// Every call takes the officer's name, role and county with it (`landbook-on-behalf`), the request
// id and the purpose; what the book refuses comes back unchanged. A call waits without a thread,
// and goes on with a worker when the answer has come.
#ifndef LANDBOOK_SERVICES_CONVEYANCE_REGISTRY_CLIENT_H_
#define LANDBOOK_SERVICES_CONVEYANCE_REGISTRY_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <coroutine>
#include <memory>
#include <string>
#include <utility>

#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/call_frame.h"
#include "services/common/refusal.h"
#include "services/common/worker_pool.h"
#include "services/conveyance/task.h"
#include "storage/mutex.h"

namespace landbook::conveyance {

using common::CallContext;
using common::Outcome;

// The name under which this service calls, and that entries keep in `via`. A certificate that it
// calls with has it as its common name.
inline constexpr char kServiceName[] = "ConveyanceService";

// Calls of one registry. May be used from any thread.
class RegistryClient {
 public:
  using Stub = v1::RegistryService::StubInterface::async_interface;
  // A unary method of the registry.
  template <class Request, class Response>
  using Method = void (Stub::*)(grpc::ClientContext*, const Request*, Response*,
                                grpc::ClientUnaryReactor*);

  // `workers` go on with what waited, and outlive the client. `process_pass` is shown to a registry
  // of the same process; empty for one elsewhere.
  RegistryClient(common::WorkerPool& workers, std::string process_pass)
      : workers_(workers), process_pass_(std::move(process_pass)) {}
  RegistryClient(const RegistryClient&) = delete;
  RegistryClient& operator=(const RegistryClient&) = delete;

  // Says where the registry is. Until then every call is refused as by a server that is busy.
  void Connect(std::shared_ptr<grpc::Channel> channel) LANDBOOK_EXCLUDES(mutex_);
  // Lets go of the channel. Calls under way end as the channel does.
  void Disconnect() LANDBOOK_EXCLUDES(mutex_);

  // Asks, in the name of the caller of `call`, which has to outlive the task. Refused as the
  // registry refuses; with no answer by STORE_UNAVAILABLE or DEADLINE_PASSED.
  template <class Request, class Response>
  Task<Outcome<Response>> Ask(Method<Request, Response> method, const CallContext& call,
                              Request request);

  // The same for a list: all of its pages as one answer.
  template <class Request, class Response>
  Task<Outcome<Response>> AskAll(Method<Request, Response> method, const CallContext& call,
                                 Request request);

 private:
  // A call under way; lives in the frame of the coroutine that awaits it.
  template <class Request, class Response>
  class Pending;

  std::shared_ptr<v1::RegistryService::Stub> stub() const LANDBOOK_EXCLUDES(mutex_);
  // Puts identity, deadline and limits on a call.
  void Prepare(const CallContext& call, grpc::ClientContext* context) const;
  static Outcome<bool> OutcomeOf(const grpc::Status& status);

  common::WorkerPool& workers_;
  const std::string process_pass_;
  mutable storage::Mutex mutex_;
  std::shared_ptr<v1::RegistryService::Stub> stub_ LANDBOOK_GUARDED_BY(mutex_);
};

// True when a refusal says that the book did not decide: no answer came, or no room for the question.
// What was asked may have been done, or may still be.
bool IsNoAnswer(const common::RefusalList& refusals);

// --- What follows is how calls are awaited ------------------------------------------------------

template <class Request, class Response>
class RegistryClient::Pending final : public grpc::ClientUnaryReactor {
 public:
  Pending(common::WorkerPool& workers, std::shared_ptr<v1::RegistryService::Stub> stub,
          const Request& request)
      : workers_(workers), stub_(std::move(stub)), request_(request) {}

  grpc::ClientContext& context() { return context_; }
  const grpc::Status& status() const { return status_; }
  Response& response() { return response_; }

  // Starts the call; the coroutine goes on from OnDone.
  void Start(Method<Request, Response> method, std::coroutine_handle<> waiting) {
    waiting_ = waiting;
    (stub_->async()->*method)(&context_, &request_, &response_, this);
    StartCall();
  }

  void OnDone(const grpc::Status& status) override {
    status_ = status;
    // This object goes with the coroutine, so nothing of it is touched once the coroutine goes on.
    const auto waiting = waiting_;
    if (!workers_.Continue([waiting] { waiting.resume(); })) waiting.resume();
  }

 private:
  common::WorkerPool& workers_;
  std::shared_ptr<v1::RegistryService::Stub> stub_;
  const Request& request_;
  grpc::ClientContext context_;
  Response response_;
  grpc::Status status_;
  std::coroutine_handle<> waiting_;
};

namespace client_internal {

// Awaits a pending call.
template <class Pending, class Method>
struct Awaiting {
  Pending& pending;
  Method method;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { pending.Start(method, waiting); }
  void await_resume() const noexcept {}
};

}  // namespace client_internal

template <class Request, class Response>
Task<Outcome<Response>> RegistryClient::Ask(Method<Request, Response> method,
                                            const CallContext& call, Request request) {
  auto connected = stub();
  if (connected == nullptr) co_return Outcome<Response>(common::Busy());
  Pending<Request, Response> pending(workers_, std::move(connected), request);
  Prepare(call, &pending.context());
  co_await client_internal::Awaiting<Pending<Request, Response>, Method<Request, Response>>{pending,
                                                                                            method};
  auto ended = OutcomeOf(pending.status());
  if (!ended.ok()) co_return Outcome<Response>(std::move(ended.refusals()));
  co_return Outcome<Response>(std::move(pending.response()));
}

template <class Request, class Response>
Task<Outcome<Response>> RegistryClient::AskAll(Method<Request, Response> method,
                                               const CallContext& call, Request request) {
  Response all;
  request.set_page_size(1'000);
  do {
    Outcome<Response> page = co_await Ask<Request, Response>(method, call, request);
    if (!page.ok()) co_return page;
    request.set_page_token(page->next_page_token());
    all.MergeFrom(*page);
  } while (!request.page_token().empty());
  all.clear_next_page_token();
  co_return Outcome<Response>(std::move(all));
}

}  // namespace landbook::conveyance

#endif  // LANDBOOK_SERVICES_CONVEYANCE_REGISTRY_CLIENT_H_
