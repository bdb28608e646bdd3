// A client's connection to one server, and how its calls are made: identity, deadlines, limits, and
// which calls are tried again.
#ifndef LANDBOOK_TOOLS_LANDBOOK_SESSION_H_
#define LANDBOOK_TOOLS_LANDBOOK_SESSION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <functional>
#include <memory>
#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "landbook/v1/conveyance_service.grpc.pb.h"
#include "landbook/v1/registry_service.grpc.pb.h"
#include "tools/landbook/outcome.h"
#include "tools/landbook/settings.h"

namespace landbook::tools {

// The largest message that is sent or taken: a commit may have 16 MiB.
inline constexpr int kMessageBytesMax = 32 << 20;

class Session {
 public:
  using Registry = v1::RegistryService::Stub;
  using Conveyance = v1::ConveyanceService::Stub;
  // A unary method of one of the two.
  template <typename Stub, typename Request, typename Response>
  using Method = grpc::Status (Stub::*)(grpc::ClientContext*, const Request&, Response*);

  // Prepares a connection; nothing is sent before the first call. Fails with INVALID_ARGUMENT when
  // a file of the settings cannot be read.
  static absl::StatusOr<std::unique_ptr<Session>> Open(const Settings& settings);

  const Settings& settings() const { return settings_; }
  Registry& registry() { return *registry_; }

  // Puts the caller's identity on a call.
  void Identify(grpc::ClientContext& context) const;

  // What a finished call came to, in the words of outcome.h.
  absl::Status Outcome(const grpc::Status& status) const;

  // Calls once. For what must not happen twice.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> CallOnce(Method<Stub, Request, Response> method,
                                    const Request& request) {
    Response response;
    const grpc::Status status = Attempt([&](grpc::ClientContext* context) {
      return (StubOf<Stub>().*method)(context, request, &response);
    });
    if (!status.ok()) return Outcome(status);
    return response;
  }

  // Calls, and while the server is UNAVAILABLE calls again, three times in all within about a
  // second. For reads, and for writes that a request id makes safe to repeat.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> Call(Method<Stub, Request, Response> method, const Request& request) {
    Response response;
    const grpc::Status status = AttemptAgain([&](grpc::ClientContext* context) {
      return (StubOf<Stub>().*method)(context, request, &response);
    });
    if (!status.ok()) return Outcome(status);
    return response;
  }

  // Calls a method that answers in pages, and gives all pages as one response without a page token.
  template <typename Stub, typename Request, typename Response>
  absl::StatusOr<Response> CallAllPages(Method<Stub, Request, Response> method, Request request) {
    Response all;
    do {
      absl::StatusOr<Response> page = Call(method, request);
      if (!page.ok()) return page.status();
      request.set_page_token(page->next_page_token());
      all.MergeFrom(*page);
    } while (!request.page_token().empty());
    all.clear_next_page_token();
    return all;
  }

 private:
  using Try = std::function<grpc::Status(grpc::ClientContext*)>;

  Session(Settings settings, std::shared_ptr<grpc::Channel> channel);
  template <typename Stub>
  Stub& StubOf() {
    if constexpr (std::is_same_v<Stub, Conveyance>) {
      return *conveyance_;
    } else {
      return *registry_;
    }
  }
  grpc::Status Attempt(const Try& attempt) const;
  grpc::Status AttemptAgain(const Try& attempt) const;

  Settings settings_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<Registry> registry_;
  std::unique_ptr<Conveyance> conveyance_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_SESSION_H_
