// The frame for dialogues: a call on which the client asks many questions, several of them before
// the first answer has come, and is answered in the order in which it asked.
//
// A worker that has begun with a call's questions goes on with them while there are any, so a full
// dialogue costs no hop between threads a question. Both ends are bounded: no further question is
// read while kQuestionsMax wait, and no further answer is made while kAnswersBytesMax are not yet
// taken by the transport. A refused question is answered with its refusals and the call goes on; a
// caller that goes away, or whose deadline passes, ends it.
#ifndef LANDBOOK_SERVICES_COMMON_CALL_DIALOGUE_H_
#define LANDBOOK_SERVICES_COMMON_CALL_DIALOGUE_H_

#include <grpcpp/support/server_callback.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <utility>

#include "services/common/call_frame.h"
#include "storage/mutex.h"

namespace landbook::common {

// What answers the questions of one call, made for each call. Methods run on a worker, never two at
// once.
template <class Question, class Answer>
class Answerer {
 public:
  virtual ~Answerer() = default;
  // Begins with the next question, which it may move out of. `refusals` say why the question may
  // not be answered, and are then its answer; they are empty for one that has passed the door.
  virtual void Take(const CallContext& call, RefusalList refusals, Question& question) = 0;
  // Fills the next message of its answer, which comes empty; true while more follow.
  virtual bool Next(Answer& answer) = 0;
};

namespace dialogue_internal {

inline constexpr std::size_t kQuestionsMax = 64;
inline constexpr std::size_t kAnswersBytesMax = 1u << 20;
// After so many messages a worker leaves the call to its queue's end, so that a client that never
// stops asking does not keep others from their turn.
inline constexpr int kMessagesPerTurn = 64;

// Every step is decided under the mutex, and gRPC's own operations are started under it, so that
// none starts after the end; only Finish, after which the reactor may be gone, is called outside.
template <class Question, class Answer>
class Dialogue final : public grpc::ServerBidiReactor<Question, Answer> {
 public:
  Dialogue(CallFrame& frame, const CallFrame::Incoming& incoming,
           std::unique_ptr<Answerer<Question, Answer>> answerer)
      : workers_(frame.workers()), call_(frame.Open(incoming)), answerer_(std::move(answerer)) {
    {
      storage::MutexLock lock(mutex_);
      refusals_ = call_->refusals();
    }
    Proceed();
  }

  void OnDone() override { delete this; }

  void OnReadDone(bool ok) override {
    {
      storage::MutexLock lock(mutex_);
      reading_ = false;
      if (ok) {
        questions_.push_back(std::move(incoming_));
        incoming_ = Question();
      } else {
        all_read_ = true;
      }
    }
    Proceed();
  }

  void OnWriteDone(bool ok) override {
    {
      storage::MutexLock lock(mutex_);
      writing_ = false;
      answers_bytes_ -= answers_.front().bytes;
      answers_.pop_front();
      gone_ = gone_ || !ok;
    }
    Proceed();
  }

  void OnCancel() override {
    {
      storage::MutexLock lock(mutex_);
      gone_ = true;
    }
    Proceed();
  }

 private:
  struct Made {
    Answer answer;
    std::size_t bytes = 0;
  };

  // Starts whatever can be started now, or ends the call when nothing is left to do.
  void Proceed() {
    grpc::Status status;
    {
      storage::MutexLock lock(mutex_);
      if (ended_) return;
      if (!Ending()) {
        Read();
        Write();
        Work();
      }
      if (!ReadyToFinish()) return;
      ended_ = true;
      status = FinalStatus();
    }
    this->Finish(status);
  }

  bool Ending() const LANDBOOK_REQUIRES(mutex_) { return gone_ || !refusals_.empty(); }
  bool AllAnswered() const LANDBOOK_REQUIRES(mutex_) {
    return all_read_ && questions_.empty() && !answering_ && answers_.empty();
  }
  // A read may be under way: its end comes with the call's.
  bool ReadyToFinish() const LANDBOOK_REQUIRES(mutex_) {
    return !writing_ && !working_ && (Ending() || AllAnswered());
  }
  grpc::Status FinalStatus() LANDBOOK_REQUIRES(mutex_) {
    if (!refusals_.empty()) return call_->End(refusals_);
    return gone_ ? call_->EndCancelled() : call_->EndWell();
  }

  void Read() LANDBOOK_REQUIRES(mutex_) {
    if (reading_ || all_read_ || questions_.size() >= kQuestionsMax) return;
    reading_ = true;
    this->StartRead(&incoming_);
  }

  void Write() LANDBOOK_REQUIRES(mutex_) {
    if (writing_ || answers_.empty()) return;
    writing_ = true;
    grpc::WriteOptions options;
    // With another answer behind it, this one need not be sent off alone.
    if (answers_.size() > 1) options.set_buffer_hint();
    this->StartWrite(&answers_.front().answer, options);
  }

  bool HasWork() const LANDBOOK_REQUIRES(mutex_) {
    return (answering_ || !questions_.empty()) && answers_bytes_ < kAnswersBytesMax;
  }

  void Work() LANDBOOK_REQUIRES(mutex_) {
    if (working_ || !HasWork()) return;
    const auto turn = [this] { Turn(); };
    // The first turn is refused when the workers' queue is full; further ones belong to an admitted
    // call.
    working_ = admitted_ ? workers_.Continue(turn) : workers_.Submit(turn);
    if (!working_) refusals_ = {admitted_ ? ShuttingDown() : Busy()};
    admitted_ = true;
  }

  // On a worker: answers while there is something to answer and room for it.
  void Turn() {
    for (int messages = 0; messages < kMessagesPerTurn && MakeOne(); ++messages) {
    }
    {
      storage::MutexLock lock(mutex_);
      working_ = false;
    }
    Proceed();
  }

  // Makes one message; false when there is none to make now.
  bool MakeOne() {
    Question question;
    bool begins = false;
    {
      storage::MutexLock lock(mutex_);
      if (Ending() || !HasWork()) return false;
      begins = !answering_;
      if (begins) {
        question = std::move(questions_.front());
        questions_.pop_front();
        answering_ = true;
        Read();
      }
    }
    if (begins) answerer_->Take(call_->context(), call_->Check(question), question);
    Made made;
    const bool more = answerer_->Next(made.answer);
    made.bytes = made.answer.ByteSizeLong();
    storage::MutexLock lock(mutex_);
    answering_ = more;
    answers_bytes_ += made.bytes;
    answers_.push_back(std::move(made));
    if (!gone_) Write();
    return true;
  }

  WorkerPool& workers_;
  const std::shared_ptr<Call> call_;
  const std::unique_ptr<Answerer<Question, Answer>> answerer_;  // of the worker whose turn it is

  storage::Mutex mutex_;
  Question incoming_;  // of the read under way
  std::deque<Question> questions_ LANDBOOK_GUARDED_BY(mutex_);
  std::deque<Made> answers_ LANDBOOK_GUARDED_BY(mutex_);
  std::size_t answers_bytes_ LANDBOOK_GUARDED_BY(mutex_) = 0;
  RefusalList refusals_ LANDBOOK_GUARDED_BY(mutex_);  // why the call ends before its end
  bool reading_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool writing_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool working_ LANDBOOK_GUARDED_BY(mutex_) = false;    // a worker has its turn, or will
  bool answering_ LANDBOOK_GUARDED_BY(mutex_) = false;  // a question's answer is not all made yet
  bool all_read_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool admitted_ LANDBOOK_GUARDED_BY(mutex_) = false;
  bool gone_ LANDBOOK_GUARDED_BY(mutex_) = false;  // the caller waits no more
  bool ended_ LANDBOOK_GUARDED_BY(mutex_) = false;
};

}  // namespace dialogue_internal

// Serves a dialogue by `answerer`.
template <class Question, class Answer>
grpc::ServerBidiReactor<Question, Answer>* ServeDialogue(
    CallFrame& frame, const CallFrame::Incoming& incoming,
    std::unique_ptr<Answerer<Question, Answer>> answerer) {
  return new dialogue_internal::Dialogue<Question, Answer>(frame, incoming, std::move(answerer));
}

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CALL_DIALOGUE_H_
