#include "services/common/call_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "landbook/v1/registry_service.pb.h"
#include "services/common/raw_call_testing.h"

namespace landbook::common {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Message = v1::GetCountyRequest;

Message MessageOf(std::string_view text) {
  Message message;
  message.set_county(std::string(text));
  return message;
}

// A transport and a worker in one, both of which act when the test says so.
class ManualStream {
 public:
  virtual ~ManualStream() = default;
  virtual void OnReadDone(bool ok) = 0;

  void StartRead(grpc::ByteBuffer* place) { reading_ = place; }
  void Then(std::function<void()> step) { steps_.push_back(std::move(step)); }
  bool Cancelled() const { return cancelled; }
  void EndCancelled() { ended = "cancelled"; }
  void End(const RefusalList& refusals) {
    ended = refusals.front().reason();
    told = refusals.front().message_en();
  }
  ManualStream& call() { return *this; }
  RefusalList Check(const Message&) const { return {}; }

  bool reads() const { return reading_ != nullptr; }
  bool steps() const { return !steps_.empty(); }
  void RunStep() {
    const std::function<void()> step = std::move(steps_.front());
    steps_.pop_front();
    step();
  }

  bool cancelled = false;
  std::string ended;
  std::string told;

 protected:
  grpc::ByteBuffer* reading_ = nullptr;

 private:
  std::deque<std::function<void()>> steps_;
};

class Taker final : public stream_internal::IntakeReactor<ManualStream, Message> {
 public:
  Taker() { ReadFirst(); }

  void Arrive(std::string_view text) { ArriveAs(BytesOf(MessageOf(text))); }
  void ArriveAs(const grpc::ByteBuffer& bytes) {
    *std::exchange(reading_, nullptr) = bytes;
    OnReadDone(true);
  }
  void ArriveNoMore() {
    reading_ = nullptr;
    OnReadDone(false);
  }

  std::function<void()> during_take = [] {};
  std::vector<std::string> taken;
  const Message* memory = nullptr;  // of the last message

 private:
  RefusalList Take(Message& message) override {
    during_take();
    taken.push_back(message.county());
    memory = &message;
    if (taken.back() != "refused") return {};
    return {Refuse(Reason::IMPORT_UNKNOWN, "", {"no such import", "无此导入"})};
  }
  void AllTaken() override { ended = "all taken"; }
};

TEST(IntakeReactorTest, ReceivesTheNextMessageWhileOneIsTaken) {
  Taker stream;
  // The second one comes, whole, while the first is being taken; it is not lost, nor is a third
  // read before there is a place for it.
  stream.during_take = [&] {
    if (!stream.taken.empty()) return;
    ASSERT_TRUE(stream.reads());
    stream.Arrive("two");
    EXPECT_FALSE(stream.reads());
  };
  stream.Arrive("one");
  stream.RunStep();
  ASSERT_TRUE(stream.steps());
  stream.RunStep();
  EXPECT_THAT(stream.taken, ElementsAre("one", "two"));
  EXPECT_FALSE(stream.steps());
  EXPECT_TRUE(stream.reads());
}

TEST(IntakeReactorTest, EndsWhenTheLastMessageIsTakenAndNotBefore) {
  Taker stream;
  stream.during_take = [&] { stream.ArriveNoMore(); };
  stream.Arrive("one");
  stream.RunStep();
  EXPECT_EQ(stream.ended, "");
  stream.RunStep();
  EXPECT_EQ(stream.ended, "all taken");
  EXPECT_THAT(stream.taken, ElementsAre("one"));
}

TEST(IntakeReactorTest, NothingFollowsARefusalThoughAMessageWasUnderWay) {
  Taker stream;
  stream.Arrive("refused");
  stream.RunStep();
  EXPECT_EQ(stream.ended, "IMPORT_UNKNOWN");
  ASSERT_TRUE(stream.reads());
  stream.Arrive("two");
  EXPECT_FALSE(stream.steps());
  EXPECT_THAT(stream.taken, ElementsAre("refused"));
}

// Such bytes would come as the end of the stream if gRPC had to read them.
TEST(IntakeReactorTest, RefusesAMessageThatCannotBeReadAndSaysWhichItIs) {
  for (const char* bytes : {"no message", "\x0a\x02\xff\xfe", "\x0a\x09short"}) {
    Taker stream;
    stream.Arrive("one");
    stream.RunStep();
    stream.ArriveAs(BufferOf(bytes));
    stream.RunStep();
    EXPECT_EQ(stream.ended, "MESSAGE_MALFORMED");
    EXPECT_THAT(stream.told, AllOf(HasSubstr("message 2 of the stream"),
                                   HasSubstr("landbook.v1.GetCountyRequest")));
    stream.Arrive("three");
    EXPECT_FALSE(stream.steps());
    EXPECT_THAT(stream.taken, ElementsAre("one"));
  }
}

TEST(IntakeReactorTest, ReadsEveryMessageIntoTheSameMemoryWithoutATraceOfTheOneBefore) {
  Taker stream;
  stream.Arrive("one");
  stream.RunStep();
  const Message* const memory = stream.memory;
  stream.Arrive("");
  stream.RunStep();
  EXPECT_EQ(stream.memory, memory);
  EXPECT_THAT(stream.taken, ElementsAre("one", ""));
}

TEST(IntakeReactorTest, EndsOnceWithItsCaller) {
  Taker stream;
  stream.Arrive("one");
  stream.cancelled = true;
  stream.RunStep();
  EXPECT_EQ(stream.ended, "cancelled");
  EXPECT_TRUE(stream.taken.empty());

  Taker waiting;
  waiting.cancelled = true;
  waiting.ArriveNoMore();
  waiting.RunStep();
  EXPECT_EQ(waiting.ended, "cancelled");
}

RC_GTEST_PROP(IntakeReactorTest, TakesEveryMessageOnceInOrderHoweverTheThreadsMeet, ()) {
  Taker stream;
  std::vector<std::string> sent;
  const auto count = *rc::gen::inRange<std::size_t>(0, 12);
  bool told_end = false;
  const auto transport_acts = [&] {
    if (!stream.reads()) return;
    if (sent.size() < count) {
      sent.push_back(std::to_string(sent.size()));
      stream.Arrive(sent.back());
    } else if (!std::exchange(told_end, true)) {
      stream.ArriveNoMore();
    }
  };
  stream.during_take = [&] {
    if (*rc::gen::arbitrary<bool>()) transport_acts();
  };
  while (stream.ended.empty()) {
    if (stream.steps() && *rc::gen::arbitrary<bool>()) stream.RunStep();
    if (*rc::gen::arbitrary<bool>()) transport_acts();
  }
  RC_ASSERT(stream.ended == "all taken");
  RC_ASSERT(stream.taken == sent);
  RC_ASSERT(sent.size() == count);
}

}  // namespace
}  // namespace landbook::common
