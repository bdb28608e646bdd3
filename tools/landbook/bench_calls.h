// Unary calls with a fixed number outstanding: each answer sends the next request in its place.
#ifndef LANDBOOK_TOOLS_LANDBOOK_BENCH_CALLS_H_
#define LANDBOOK_TOOLS_LANDBOOK_BENCH_CALLS_H_

#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "absl/status/statusor.h"
#include "tools/landbook/bench_ground.h"
#include "tools/landbook/session.h"

namespace landbook::tools {

// One load. Callbacks come on gRPC's own threads, never two at once for one slot.
template <typename Request, typename Response>
class OutstandingCalls {
 public:
  using Stub = v1::RegistryService::StubInterface::async_interface;
  using Method = void (Stub::*)(grpc::ClientContext*, const Request*, Response*,
                                std::function<void(grpc::Status)>);
  struct Work {
    Method method = nullptr;
    // Writes the next request of a slot, which comes empty.
    std::function<void(std::size_t slot, Request& request)> fill;
    // Sees its answer; may be empty.
    std::function<void(std::size_t slot, const Response& response)> take;
  };

  // REQUIRES: the session outlives the load.
  OutstandingCalls(Session& session, Work work, int outstanding)
      : session_(session), work_(std::move(work)), calls_(static_cast<std::size_t>(outstanding)) {}

  // Calls for so many seconds; gives how many calls a second ended well. A call that fails ends the
  // load, and is what it fails with.
  absl::StatusOr<double> Run(double seconds) {
    const BenchTimer timer(seconds);
    timer_ = &timer;
    under_way_ = calls_.size();
    for (std::size_t slot = 0; slot < calls_.size(); ++slot) Send(slot);
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return under_way_ == 0; });
    if (!failure_.ok()) return failure_;
    return timer.RateOf(done_);
  }

 private:
  struct Call {
    std::unique_ptr<grpc::ClientContext> context;
    Request request;
    Response response;
  };

  void Send(std::size_t slot) {
    Call& call = calls_[slot];
    call.context = std::make_unique<grpc::ClientContext>();
    session_.Identify(*call.context);
    call.request.Clear();
    work_.fill(slot, call.request);
    (session_.registry().async()->*work_.method)(
        call.context.get(), &call.request, &call.response,
        [this, slot](const grpc::Status& status) { Done(slot, status); });
  }

  void Done(std::size_t slot, const grpc::Status& status) {
    if (status.ok() && work_.take) work_.take(slot, calls_[slot].response);
    bool again = false;
    {
      const std::lock_guard lock(mutex_);
      if (!status.ok() && failure_.ok()) failure_ = session_.Outcome(status);
      done_ += status.ok() ? 1 : 0;
      again = failure_.ok() && !timer_->Passed();
      if (!again && --under_way_ == 0) idle_.notify_one();
    }
    if (again) Send(slot);
  }

  Session& session_;
  const Work work_;
  const BenchTimer* timer_ = nullptr;
  std::vector<Call> calls_;
  std::mutex mutex_;
  std::condition_variable idle_;
  std::uint64_t done_ = 0;
  std::size_t under_way_ = 0;
  absl::Status failure_;
};

}  // namespace landbook::tools

#endif  // LANDBOOK_TOOLS_LANDBOOK_BENCH_CALLS_H_
