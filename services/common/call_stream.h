// The frame for streams: answers in pages with backpressure, and requests message by message.
//
// Every step of a stream (taking a message, making a page) runs on a worker, one step of a stream
// at a time, and the next page is made only when the last one was taken by the transport. While a
// message is taken the next one is received, and no more than that: the caller waits when it is
// faster. A stream whose caller goes away ends at its next step.
//
// A method that takes a stream is declared raw (WithRawCallbackMethod_... of the generated
// service), so that its messages come as bytes and are read here: message_bytes.h says why.
#ifndef LANDBOOK_SERVICES_COMMON_CALL_STREAM_H_
#define LANDBOOK_SERVICES_COMMON_CALL_STREAM_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "services/common/call_frame.h"
#include "services/common/message_bytes.h"
#include "storage/mutex.h"

namespace landbook::common {

// What making a page came to.
enum class PageStep {
  kPage,  // the page was filled: send it and ask again
  kEnd,   // there is nothing more: the call ends well
  kWait,  // nothing yet: ask again when the stream's gate is woken
};

// Fills `page`, which comes empty. Called on a worker, never by two at once.
template <class Response>
using PageSource = std::function<Outcome<PageStep>(Response& page)>;

// Lets a stream wait for news without holding a thread. Shared by the stream and whoever has news.
class StreamGate {
 public:
  explicit StreamGate(std::function<void()> resume) : resume_(std::move(resume)) {}

  // There is news: the stream makes its next page. A wake that comes while it is not waiting is not
  // lost, it keeps the stream from its next wait. From any thread, also after the stream's end.
  void Wake() LANDBOOK_EXCLUDES(mutex_);

  // For the stream itself. Park: true when it now waits, false when it was woken meanwhile or its
  // caller is gone, so that it has to go on. Cancel: true when it was waiting, so that nobody else
  // will end it. Close: no wake reaches it any more.
  bool Park() LANDBOOK_EXCLUDES(mutex_);
  bool Cancel() LANDBOOK_EXCLUDES(mutex_);
  void Close() LANDBOOK_EXCLUDES(mutex_);

 private:
  const std::function<void()> resume_;
  storage::Mutex mutex_;
  bool parked_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool woken_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool cancelled_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool closed_ LANDBOOK_GUARDED_BY(mutex_) = false;
};

// What takes a client's stream in, one made for each call. Methods run on a worker, one at a time.
template <class Request, class Result>
class Intake {
 public:
  virtual ~Intake() = default;
  // Takes one message, which has passed the door, and may move out of it; what it leaves is memory
  // for the next message. Refusals end the call.
  virtual RefusalList Take(const CallContext& call, Request& message) = 0;
  // The client has sent all.
  virtual Outcome<Result> Finish(const CallContext& call) = 0;
};

// A client's stream answered by one message, and one answered by pages.
template <class Request, class Response>
using UploadIntake = Intake<Request, Response>;
template <class Request, class Response>
using ExchangeIntake = Intake<Request, PageSource<Response>>;

namespace stream_internal {

// What the reactors of all streams do alike. `Reactor` is a gRPC server reactor.
template <class Reactor>
class SteppedReactor : public Reactor {
 public:
  void OnDone() override { delete this; }

 protected:
  SteppedReactor(CallFrame& frame, const CallFrame::Incoming& incoming)
      : workers_(frame.workers()), call_(frame.Open(incoming)) {}

  // The first step is refused when the workers' queue is full; further ones belong to an admitted
  // stream.
  void Begin(std::function<void()> step) {
    if (!call_->refusals().empty()) return End(call_->refusals());
    if (!workers_.Submit(std::move(step))) End({Busy()});
  }
  void Then(std::function<void()> step) {
    if (!workers_.Continue(std::move(step))) End({ShuttingDown()});
  }

  void End(const RefusalList& refusals) { FinishWith(call_->End(refusals)); }
  void EndWell() { FinishWith(call_->EndWell()); }
  void EndCancelled() { FinishWith(call_->EndCancelled()); }
  // The reactor may be gone when this returns.
  void FinishWith(const grpc::Status& status) {
    Closing();
    this->Finish(status);
  }
  virtual void Closing() {}

  bool Cancelled() const { return call_->context().transport->IsCancelled(); }
  Call& call() { return *call_; }

 private:
  WorkerPool& workers_;
  const std::shared_ptr<Call> call_;
};

// Sends pages; the derived class says as what.
template <class Reactor, class Response>
class PagingReactor : public SteppedReactor<Reactor> {
 public:
  void OnWriteDone(bool ok) override {
    if (!ok) return this->EndCancelled();
    NextPage();
  }
  void OnCancel() override {
    if (gate_->Cancel()) this->EndCancelled();
  }

 protected:
  PagingReactor(CallFrame& frame, const CallFrame::Incoming& incoming)
      : SteppedReactor<Reactor>(frame, incoming),
        gate_(std::make_shared<StreamGate>([this] { NextPage(); })) {}

  const std::shared_ptr<StreamGate>& gate() const { return gate_; }
  // Hands a page to the transport. It stays as it is until it was taken.
  virtual void Send(const Response& page) = 0;

  // On a worker: makes the first page.
  void StartPages(PageSource<Response> source) {
    source_ = std::move(source);
    MakePage();
  }

 private:
  void Closing() override { gate_->Close(); }
  void NextPage() {
    this->Then([this] { MakePage(); });
  }
  void MakePage() {
    if (this->Cancelled()) return this->EndCancelled();
    page_.Clear();
    Outcome<PageStep> step = source_(page_);
    if (!step.ok()) return this->End(step.refusals());
    if (*step == PageStep::kPage) return Send(page_);
    if (*step == PageStep::kEnd) return this->EndWell();
    if (!gate_->Park()) NextPage();
  }

  const std::shared_ptr<StreamGate> gate_;
  PageSource<Response> source_;
  Response page_;
};

template <class Request, class Response, class Open>
class PageStream final : public PagingReactor<grpc::ServerWriteReactor<Response>, Response> {
 public:
  PageStream(CallFrame& frame, const CallFrame::Incoming& incoming, const Request* request,
             Open open)
      : PagingReactor<grpc::ServerWriteReactor<Response>, Response>(frame, incoming),
        request_(*request),
        open_(std::move(open)) {
    this->Begin([this] { OpenSource(); });
  }

 private:
  void Send(const Response& page) override { this->StartWrite(&page); }
  void OpenSource() {
    const RefusalList refusals = this->call().Check(request_);
    if (!refusals.empty()) return this->End(refusals);
    Outcome<PageSource<Response>> source = open_(this->call().context(), request_, this->gate());
    if (!source.ok()) return this->End(source.refusals());
    this->StartPages(std::move(*source));
  }

  const Request& request_;
  Open open_;
};

// Reads messages into an intake. `Base` can read bytes; the derived class says what the end is.
//
// At most one message is being taken, in `message_`, and one is being received or waits, in
// `incoming_`. A message is read on the worker that takes it, never on a thread of gRPC.
template <class Base, class Request>
class IntakeReactor : public Base {
 public:
  void OnReadDone(bool ok) override {
    {
      storage::MutexLock lock(mutex_);
      (ok ? arrived_ : all_read_) = true;
      if (std::exchange(stepping_, true)) return;  // the step that is under way sees to it
    }
    NextStep();
  }

 protected:
  using Base::Base;

  void ReadFirst() { this->StartRead(&incoming_); }
  virtual RefusalList Take(Request& message) = 0;
  virtual void AllTaken() = 0;

 private:
  void NextStep() {
    this->Then([this] { Step(); });
  }

  // On a worker, one at a time. After the call's end `stepping_` stays as it is, so that a read
  // that is still under way then leads to nothing.
  void Step() {
    if (this->Cancelled()) return this->EndCancelled();
    if (!TakesMessage()) return AllTaken();
    grpc::ByteBuffer bytes;
    bytes.Swap(&incoming_);
    this->StartRead(&incoming_);
    const RefusalList refusals = TakeBytes(std::move(bytes));
    if (!refusals.empty()) return this->End(refusals);
    {
      storage::MutexLock lock(mutex_);
      stepping_ = arrived_ || all_read_;
      if (!stepping_) return;  // the read that is under way goes on
    }
    NextStep();
  }

  // Whether there is a message for this step; none when the client has sent all.
  bool TakesMessage() LANDBOOK_EXCLUDES(mutex_) {
    storage::MutexLock lock(mutex_);
    return std::exchange(arrived_, false);
  }

  RefusalList TakeBytes(grpc::ByteBuffer bytes) {
    if (auto refusal = ReadMessage(std::move(bytes), ++begun_, &message_)) {
      return {*std::move(refusal)};
    }
    RefusalList refusals = this->call().Check(message_);
    return refusals.empty() ? Take(message_) : refusals;
  }

  grpc::ByteBuffer incoming_;
  Request message_;          // its memory serves one message after the other
  std::uint64_t begun_ = 0;  // how many messages were taken, the one at hand among them
  storage::Mutex mutex_;
  bool arrived_ LANDBOOK_GUARDED_BY(mutex_) = false;   // a message waits to be taken
  bool all_read_ LANDBOOK_GUARDED_BY(mutex_) = false;  // no further one comes
  bool stepping_ LANDBOOK_GUARDED_BY(mutex_) = false;  // a step is under way, or the call has ended
};

template <class Request, class Response>
class UploadStream final
    : public IntakeReactor<SteppedReactor<grpc::ServerReadReactor<grpc::ByteBuffer>>, Request> {
  using Base = IntakeReactor<SteppedReactor<grpc::ServerReadReactor<grpc::ByteBuffer>>, Request>;

 public:
  UploadStream(CallFrame& frame, const CallFrame::Incoming& incoming, grpc::ByteBuffer* response,
               std::unique_ptr<UploadIntake<Request, Response>> intake)
      : Base(frame, incoming), response_(*response), intake_(std::move(intake)) {
    this->Begin([this] { this->ReadFirst(); });
  }

 private:
  RefusalList Take(Request& message) override {
    return intake_->Take(this->call().context(), message);
  }
  void AllTaken() override {
    Outcome<Response> outcome = intake_->Finish(this->call().context());
    if (!outcome.ok()) return this->End(outcome.refusals());
    response_ = BytesOf(*outcome);
    this->EndWell();
  }

  grpc::ByteBuffer& response_;
  const std::unique_ptr<UploadIntake<Request, Response>> intake_;
};

using ByteExchange = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

template <class Request, class Response>
class ExchangeStream final : public IntakeReactor<PagingReactor<ByteExchange, Response>, Request> {
  using Base = IntakeReactor<PagingReactor<ByteExchange, Response>, Request>;

 public:
  ExchangeStream(CallFrame& frame, const CallFrame::Incoming& incoming,
                 std::unique_ptr<ExchangeIntake<Request, Response>> intake)
      : Base(frame, incoming), intake_(std::move(intake)) {
    this->Begin([this] { this->ReadFirst(); });
  }

 private:
  RefusalList Take(Request& message) override {
    return intake_->Take(this->call().context(), message);
  }
  void AllTaken() override {
    Outcome<PageSource<Response>> source = intake_->Finish(this->call().context());
    if (!source.ok()) return this->End(source.refusals());
    this->StartPages(std::move(*source));
  }
  void Send(const Response& page) override {
    outgoing_ = BytesOf(page);
    this->StartWrite(&outgoing_);
  }

  const std::unique_ptr<ExchangeIntake<Request, Response>> intake_;
  grpc::ByteBuffer outgoing_;
};

}  // namespace stream_internal

// Serves a server-streaming call by `open`: Outcome<PageSource<Response>>(const CallContext&,
// const Request&, const std::shared_ptr<StreamGate>&), run on a worker. Context and request live as
// long as the source.
template <class Response, class Request, class Open>
grpc::ServerWriteReactor<Response>* ServePages(CallFrame& frame,
                                               const CallFrame::Incoming& incoming,
                                               const Request* request, Open open) {
  return new stream_internal::PageStream<Request, Response, Open>(frame, incoming, request,
                                                                  std::move(open));
}

// Serves a client-streaming call, whose method is raw. `response` is where gRPC wants the answer.
template <class Request, class Response>
grpc::ServerReadReactor<grpc::ByteBuffer>* ServeUpload(
    CallFrame& frame, const CallFrame::Incoming& incoming, grpc::ByteBuffer* response,
    std::unique_ptr<UploadIntake<Request, Response>> intake) {
  return new stream_internal::UploadStream<Request, Response>(frame, incoming, response,
                                                              std::move(intake));
}

// Serves a call that takes all messages in and then answers in pages; its method is raw.
template <class Request, class Response>
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ServeExchange(
    CallFrame& frame, const CallFrame::Incoming& incoming,
    std::unique_ptr<ExchangeIntake<Request, Response>> intake) {
  return new stream_internal::ExchangeStream<Request, Response>(frame, incoming, std::move(intake));
}

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CALL_STREAM_H_
