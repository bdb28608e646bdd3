// What surrounds every call, so that a handler is a plain function of context and request.
//
// The frame makes out the caller, checks role and county, runs the door (door.h), runs the handler
// inline or on a worker, turns refusals into the call's status, counts and times the call and logs
// one line of it. Nothing here blocks a thread of gRPC. Streams are in call_stream.h.
//
//   grpc::ServerUnaryReactor* GetPlot(grpc::CallbackServerContext* context,
//                                     const v1::GetPlotRequest* request,
//                                     v1::Plot* response) override {
//     return frame_.Unary({context, "GetPlot"}, request, response, CallFrame::Run::kOnWorker,
//                         [this](const CallContext& call, const v1::GetPlotRequest& wanted) {
//                           return reads_.GetPlot(call, wanted);  // Outcome<v1::Plot>
//                         });
//   }
#ifndef LANDBOOK_SERVICES_COMMON_CALL_FRAME_H_
#define LANDBOOK_SERVICES_COMMON_CALL_FRAME_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "landbook/v1/common.pb.h"
#include "services/common/identity.h"
#include "services/common/logging.h"
#include "services/common/metrics.h"
#include "services/common/refusal.h"
#include "services/common/worker_pool.h"

namespace landbook::common {

// The most bytes of one request message; a larger one is refused with MESSAGE_TOO_LARGE.
inline constexpr std::size_t kMessageBytesMax = 16u << 20;

// The request metadata that names a call in logs; made up when the client sends none.
inline constexpr char kRequestIdKey[] = "x-request-id";

// The refusal for work that finds no room; retryable.
v1::Refusal Busy();
// The refusal for a server that is stopping; retryable.
v1::Refusal ShuttingDown();
// The refusal for a caller whose deadline passed before its turn came.
v1::Refusal DeadlinePassed();

// What a handler knows of its call. Tests make one by hand.
struct CallContext {
  v1::Actor actor;
  std::string request_id;
  std::string purpose;           // as kPurposeKey says; empty when the caller states none
  std::string purpose_document;  // as kPurposeDocumentKey says
  // When the caller stops waiting.
  std::chrono::system_clock::time_point deadline = std::chrono::system_clock::time_point::max();
  // Whether the caller's role may call the method about what is its own only (own_roles), and whose
  // records those are. The frame says the one, the service the other; without it nothing is shown.
  bool own_only = false;
  std::uint64_t own_party = 0;
  // The transport's view, null in tests; valid until the call has been answered.
  const grpc::CallbackServerContext* transport = nullptr;

  // True when nobody waits for the answer any more. Long work asks now and then.
  bool Ended() const;
};

// What all services of a process share; borrowed, and outliving the frames.
struct FrameParts {
  const IdentitySource& identity;
  WorkerPool& workers;
  MetricRegistry& metrics;
  const Logger& logger;
  // Who has which role; null when the callers' word is taken for it.
  const Appointments* appointments = nullptr;
  // What services of this process show each other (kProcessPassKey); null where there are none.
  const std::string* process_pass = nullptr;
};

// One call from its arrival to its one log line. Made by CallFrame::Open.
class Call {
 public:
  const CallContext& context() const { return context_; }
  // Why the call may not go on, before its request is looked at; empty when it may.
  const RefusalList& refusals() const { return refusals_; }
  // Why this request, or a stream's message, may not go on: its size, its county, the door.
  RefusalList Check(const google::protobuf::Message& request) const;

  // The status that the call ends with; counted and logged. Called once, by whoever finishes it.
  grpc::Status End(const RefusalList& refusals);
  grpc::Status EndWell();
  // For a caller that went away.
  grpc::Status EndCancelled();

 private:
  friend class CallFrame;
  Call() = default;
  grpc::Status Close(grpc::Status status, std::string_view reason);
  // Why the caller does not have the role that it comes in, in the county that it asks about.
  std::optional<v1::Refusal> CheckAppointment(const std::optional<std::string>& county) const;

  CallContext context_;
  bool administers_server_ = false;
  RefusalList refusals_;
  const google::protobuf::MethodDescriptor* method_ = nullptr;
  FrameParts* parts_ = nullptr;
  std::chrono::steady_clock::time_point started_;
  std::size_t details_bytes_max_ = 0;
};

// The one answer of a call that is answered later, from any thread: the first answer counts, and an
// Answer of which all copies are dropped without one says INVARIANT_BROKEN.
template <class Response>
class Answer {
 public:
  Answer(std::shared_ptr<Call> call, grpc::ServerUnaryReactor* reactor, Response* response)
      : state_(std::make_shared<State>(std::move(call), reactor, response)) {}

  void operator()(Outcome<Response> outcome) const { state_->Give(std::move(outcome)); }

 private:
  struct State {
    State(std::shared_ptr<Call> of, grpc::ServerUnaryReactor* by, Response* to)
        : call(std::move(of)), reactor(by), response(to) {}
    ~State() {
      Give(Refuse(Reason::INVARIANT_BROKEN, "",
                  {"the call was dropped without an answer; report this",
                   "调用未得到答复即被丢弃；请报告"}));
    }
    void Give(Outcome<Response> outcome) {
      if (given.exchange(true)) return;
      if (!outcome.ok()) return reactor->Finish(call->End(outcome.refusals()));
      *response = std::move(outcome.value());
      reactor->Finish(call->EndWell());
    }

    std::shared_ptr<Call> call;
    grpc::ServerUnaryReactor* reactor;
    Response* response;
    std::atomic<bool> given = false;
  };
  std::shared_ptr<State> state_;
};

// The frame of one service.
class CallFrame {
 public:
  // Where a handler runs: inline only when it neither waits nor computes for long.
  enum class Run { kInline, kOnWorker };

  // A call as gRPC hands it over, and its method's name in the proto. A handler that serves callers
  // about what is their own (CallContext.own_only) says so; others never see such a caller.
  struct Incoming {
    grpc::CallbackServerContext* context;
    std::string_view method;
    bool serves_own = false;
  };

  // REQUIRES: `service` has the methods that calls will name.
  CallFrame(const FrameParts& parts, const google::protobuf::ServiceDescriptor& service)
      : parts_(parts), service_(service) {}
  CallFrame(const CallFrame&) = delete;
  CallFrame& operator=(const CallFrame&) = delete;

  // Serves a unary call by `handler`: Outcome<Response>(const CallContext&, const Request&). With
  // kOnWorker a full queue is WRITER_BUSY.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* Unary(const Incoming& incoming, const Request* request,
                                  Response* response, Run run, Handler handler) {
    if (run == Run::kInline) {
      return UnaryLater(incoming, request, response,
                        [handler = std::move(handler)](
                            const CallContext& call, const Request& asked,
                            const Answer<Response>& answer) { answer(handler(call, asked)); });
    }
    return UnaryLater(
        incoming, request, response,
        [this, handler = std::move(handler)](const CallContext& call, const Request& asked,
                                             const Answer<Response>& answer) {
          const bool taken = parts_.workers.Submit([&call, &asked, answer, handler] {
            answer(call.Ended() ? Outcome<Response>(DeadlinePassed()) : handler(call, asked));
          });
          if (!taken) answer(Busy());
        });
  }

  // The same for a handler that answers later: void(const CallContext&, const Request&,
  // const Answer<Response>&), run inline. Context and request live until the answer is given.
  template <class Request, class Response, class Handler>
  grpc::ServerUnaryReactor* UnaryLater(const Incoming& incoming, const Request* request,
                                       Response* response, Handler handler) {
    grpc::ServerUnaryReactor* reactor = incoming.context->DefaultReactor();
    const std::shared_ptr<Call> call = Open(incoming);
    const Answer<Response> answer(call, reactor, response);
    RefusalList refusals = call->refusals().empty() ? call->Check(*request) : call->refusals();
    if (refusals.empty()) {
      handler(call->context(), *request, answer);
    } else {
      answer(std::move(refusals));
    }
    return reactor;
  }

  // Begins a call: makes out who calls and checks the role. Never null.
  std::shared_ptr<Call> Open(const Incoming& incoming);

  WorkerPool& workers() { return parts_.workers; }

 private:
  FrameParts parts_;
  const google::protobuf::ServiceDescriptor& service_;
};

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CALL_FRAME_H_
