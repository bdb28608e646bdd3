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
#include <cstdint>
#include <deque>
#include <memory>
#include <utility>

#include "services/common/call_frame.h"
#include "services/common/message_bytes.h"
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

using ByteDialogue = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

// Every step is decided under the mutex, and reads are started under it, so that none starts after
// the end. Writes and Finish are started outside: a write hands bytes to the system, which takes
// longest of all, there is no end while one is under way, and after Finish the reactor may be gone.
template <class Question, class Answer>
class Dialogue final : public ByteDialogue {
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
        questions_.emplace_back().Swap(&incoming_);
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
      answers_bytes_ -= answers_.front().Length();
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
  // Starts whatever can be started now, or ends the call when nothing is left to do.
  void Proceed() {
    const grpc::ByteBuffer* answer = nullptr;
    grpc::WriteOptions options;
    grpc::Status status;
    {
      storage::MutexLock lock(mutex_);
      if (ended_) return;
      if (!Ending()) {
        Read();
        Work();
      }
      answer = NextToWrite(&options);
      if (answer == nullptr) {
        if (!ReadyToFinish()) return;
        ended_ = true;
        status = FinalStatus();
      }
    }
    if (answer != nullptr) return this->StartWrite(answer, options);
    this->Finish(status);
  }

  // No further question is taken: the caller is gone, or what has been answered is all it gets.
  bool Ending() const LANDBOOK_REQUIRES(mutex_) { return gone_ || !refusals_.empty(); }
  bool AllAnswered() const LANDBOOK_REQUIRES(mutex_) {
    return all_read_ && questions_.empty() && !answering_;
  }
  // A read may be under way: its end comes with the call's.
  bool ReadyToFinish() const LANDBOOK_REQUIRES(mutex_) {
    if (writing_ || working_) return false;
    return gone_ || (answers_.empty() && (Ending() || AllAnswered()));
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

  // The answer that is to be written now, which stays where it is until that is done; null when
  // there is none, or one is being written.
  const grpc::ByteBuffer* NextToWrite(grpc::WriteOptions* options) LANDBOOK_REQUIRES(mutex_) {
    if (writing_ || gone_ || answers_.empty()) return nullptr;
    writing_ = true;
    // With another answer behind it, this one need not be sent off alone.
    if (answers_.size() > 1) options->set_buffer_hint();
    return &answers_.front();
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
    grpc::ByteBuffer question;
    bool begins = false;
    {
      storage::MutexLock lock(mutex_);
      if (Ending() || !HasWork()) return false;
      begins = !answering_;
      if (begins) {
        question.Swap(&questions_.front());
        questions_.pop_front();
        answering_ = true;
        Read();
      }
    }
    if (begins && !Begin(std::move(question))) return false;
    answer_.Clear();
    const bool more = answerer_->Next(answer_);
    Keep(BytesOf(answer_), more);
    return true;
  }

  void Keep(grpc::ByteBuffer answer, bool more) {
    const grpc::ByteBuffer* next = nullptr;
    grpc::WriteOptions options;
    {
      storage::MutexLock lock(mutex_);
      answering_ = more;
      answers_bytes_ += answer.Length();
      answers_.push_back(std::move(answer));
      next = NextToWrite(&options);
    }
    if (next != nullptr) this->StartWrite(next, options);
  }

  // Begins with a question; false, and the call ends, when it cannot be read: without its tag
  // nobody would know which question a refusal answers.
  bool Begin(grpc::ByteBuffer question) {
    if (auto refusal = ReadMessage(std::move(question), ++begun_, &question_)) {
      storage::MutexLock lock(mutex_);
      refusals_ = {*std::move(refusal)};
      return false;
    }
    answerer_->Take(call_->context(), call_->Check(question_), question_);
    return true;
  }

  WorkerPool& workers_;
  const std::shared_ptr<Call> call_;

  // Of the worker whose turn it is. The memory of one message serves the next.
  const std::unique_ptr<Answerer<Question, Answer>> answerer_;
  Question question_;
  Answer answer_;
  std::uint64_t begun_ = 0;  // how many questions were begun with

  storage::Mutex mutex_;
  grpc::ByteBuffer incoming_;  // of the read under way
  std::deque<grpc::ByteBuffer> questions_ LANDBOOK_GUARDED_BY(mutex_);
  std::deque<grpc::ByteBuffer> answers_ LANDBOOK_GUARDED_BY(mutex_);
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

// Serves a dialogue by `answerer`. The method is raw.
template <class Question, class Answer>
grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* ServeDialogue(
    CallFrame& frame, const CallFrame::Incoming& incoming,
    std::unique_ptr<Answerer<Question, Answer>> answerer) {
  return new dialogue_internal::Dialogue<Question, Answer>(frame, incoming, std::move(answerer));
}

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_CALL_DIALOGUE_H_
