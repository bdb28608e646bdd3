// Dialogues over a real server on a loopback port: order, refusals of one question, more than fits
// at once, and how they end.
#include "services/common/call_dialogue.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/raw_call_testing.h"
#include "services/common/refusal_wire.h"
#include "services/common/server_frame.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

using Question = v1::BrowsePlotsRequest;
using Answers = v1::BrowsePlotsResponse;

// A question's tier says how it is answered: "3x1000" by three messages of 1,000 bytes.
class Echo final : public Answerer<Question, Answers> {
 public:
  explicit Echo(std::counting_semaphore<>* turns) : turns_(turns) {}

  void Take(const CallContext&, RefusalList refusals, Question& question) override {
    if (turns_ != nullptr) turns_->acquire();
    tag_ = question.tag();
    refusals_ = std::move(refusals);
    const std::size_t times = question.tier().find('x');
    left_ = times == std::string::npos ? 1 : std::stoi(question.tier());
    bytes_ = times == std::string::npos ? 0 : std::stoul(question.tier().substr(times + 1));
  }
  bool Next(Answers& answer) override {
    answer.set_tag(tag_);
    for (const v1::Refusal& refusal : refusals_)
      *answer.mutable_refusals()->add_refusals() = refusal;
    if (refusals_.empty()) answer.mutable_plots()->set_page(std::string(bytes_, 'p'));
    answer.set_last(--left_ == 0);
    return left_ > 0;
  }

 private:
  std::counting_semaphore<>* const turns_;
  std::uint64_t tag_ = 0;
  RefusalList refusals_;
  int left_ = 0;
  std::size_t bytes_ = 0;
};

class EchoService
    : public v1::RegistryService::WithRawCallbackMethod_BrowsePlots<v1::RegistryService::Service> {
 public:
  explicit EchoService(const FrameParts& parts)
      : frame_(parts, *v1::Plot::descriptor()->file()->pool()->FindServiceByName(
                          "landbook.v1.RegistryService")) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* BrowsePlots(
      grpc::CallbackServerContext* context) override {
    return ServeDialogue<Question, Answers>(frame_, {context, "BrowsePlots"},
                                            std::make_unique<Echo>(turns));
  }

  std::counting_semaphore<>* turns = nullptr;  // one for each question that may be taken

 private:
  CallFrame frame_;
};

class CallDialogueTest : public ::testing::Test {
 protected:
  CallDialogueTest() {
    grpc::Service* services[] = {&service_};
    auto started = ServerFrame::Start({{"127.0.0.1", 0}, true}, services);
    EXPECT_TRUE(started.ok()) << started.status();
    server_ = std::move(*started);
    channel_ = grpc::CreateCustomChannel(server_->address().Text(),
                                         grpc::InsecureChannelCredentials(), ClientArguments());
    stub_ = v1::RegistryService::NewStub(channel_);
  }

  static void As(grpc::ClientContext& context, std::string_view who) {
    context.AddMetadata(kIdentityKey, EncodeMetadata(who));
  }
  static Question Asked(std::uint64_t tag, const std::string& tier = "") {
    Question question;
    question.set_tag(tag);
    question.set_county("909900");
    question.set_tier(tier);
    return question;
  }
  static std::vector<std::string> Reasons(const grpc::Status& status) {
    std::vector<std::string> reasons;
    for (const v1::Refusal& refusal : RefusalsFromStatus(status)) {
      reasons.push_back(refusal.reason());
    }
    return reasons;
  }

  // These outlive the workers that wait for them.
  std::counting_semaphore<> turns_{0};
  std::counting_semaphore<> running_{0};
  std::counting_semaphore<> release_{0};
  MetricRegistry metrics_;
  InsecureLocalIdentity identity_;
  Logger logger_{[](std::string_view) {}};
  WorkerPool workers_{{.threads = 2, .queue_max = 1}};
  EchoService service_{{identity_, workers_, metrics_, logger_}};
  std::unique_ptr<ServerFrame> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::RegistryService::Stub> stub_;
};

TEST_F(CallDialogueTest, QuestionsAreAnsweredInOrderHoweverManyAreAsked) {
  constexpr std::uint64_t kQuestions = 1'000;
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  std::thread asker([&] {
    for (std::uint64_t tag = 0; tag < kQuestions; ++tag) {
      stream->Write(Asked(tag, tag % 3 == 0 ? "2x10" : "1x10"));
    }
    stream->WritesDone();
  });
  Answers answer;
  for (std::uint64_t tag = 0; tag < kQuestions; ++tag) {
    for (int messages = tag % 3 == 0 ? 2 : 1; messages > 0; --messages) {
      ASSERT_TRUE(stream->Read(&answer));
      ASSERT_EQ(answer.tag(), tag);
      ASSERT_EQ(answer.last(), messages == 1);
      ASSERT_EQ(answer.plots().page().size(), 10u);
    }
  }
  EXPECT_FALSE(stream->Read(&answer));
  asker.join();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(CallDialogueTest, AnswersThatDoNotFitAtOnceAllCome) {
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  // Thirty megabytes are asked for before any is read; what is made ahead of the reader is one.
  for (std::uint64_t tag = 0; tag < 30; ++tag) stream->Write(Asked(tag, "10x100000"));
  stream->WritesDone();
  Answers answer;
  std::size_t bytes = 0;
  std::uint64_t last_tag = 0;
  while (stream->Read(&answer)) {
    bytes += answer.plots().page().size();
    EXPECT_GE(answer.tag(), last_tag);
    last_tag = answer.tag();
  }
  EXPECT_EQ(bytes, 30'000'000u);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(CallDialogueTest, ARefusedQuestionDoesNotEndTheCall) {
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  Question without_county = Asked(1);
  without_county.clear_county();
  stream->Write(without_county);
  stream->Write(Asked(2));
  Answers answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.tag(), 1u);
  ASSERT_EQ(answer.refusals().refusals_size(), 1);
  EXPECT_EQ(answer.refusals().refusals(0).reason(), "FIELD_REQUIRED");
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.tag(), 2u);
  EXPECT_FALSE(answer.has_refusals());
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
}

// gRPC would take such a question for the last one, and all would seem well.
TEST_F(CallDialogueTest, AQuestionThatCannotBeReadEndsTheCallAfterTheAnswersToThoseBeforeIt) {
  const std::string readable = Asked(1, "3x1000").SerializeAsString();
  const std::string texts[] = {
      "no message at all", readable.substr(0, readable.size() - 1),  // cut off
      std::string("\x12\x02\xff\xfe"),                               // a county that is not UTF-8
  };
  for (const std::string& text : texts) {
    grpc::ClientContext context;
    As(context, "li");
    std::vector<grpc::ByteBuffer> answers;
    const grpc::Status status = CallWithBytes(channel_, "/landbook.v1.RegistryService/BrowsePlots",
                                              &context, {readable, text, readable}, &answers);
    EXPECT_THAT(Reasons(status), ElementsAre("MESSAGE_MALFORMED"));
    EXPECT_THAT(RefusalsFromStatus(status).front().message_en(),
                StartsWith(fmt::format("message 2 of the stream, of {} bytes", text.size())));
    EXPECT_EQ(answers.size(), 3u) << text;
  }
  server_->Stop(std::chrono::seconds(30));
  EXPECT_THAT(metrics_.Text(), ::testing::HasSubstr("code=\"INVALID_ARGUMENT\""));
}

TEST_F(CallDialogueTest, AQuestionLeavesNoTraceInTheNext) {
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  stream->Write(Asked(1, "1x10"));
  stream->Write(Asked(2));
  Answers answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.plots().page(), "pppppppppp");
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.tag(), 2u);
  EXPECT_EQ(answer.plots().page(), "");
  stream->WritesDone();
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(CallDialogueTest, NobodyIsNotAnswered) {
  grpc::ClientContext context;
  auto stream = stub_->BrowsePlots(&context);
  stream->Write(Asked(1));
  Answers answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(CallDialogueTest, ACallWithoutQuestionsEndsWell) {
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  stream->WritesDone();
  Answers answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(CallDialogueTest, ACallerThatGoesAwayEndsItsCallAndNoOther) {
  service_.turns = &turns_;
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  for (std::uint64_t tag = 0; tag < 100; ++tag) stream->Write(Asked(tag));
  turns_.release();
  Answers answer;
  ASSERT_TRUE(stream->Read(&answer));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  turns_.release(1'000);

  grpc::ClientContext other;
  As(other, "li");
  auto second = stub_->BrowsePlots(&other);
  second->Write(Asked(7));
  ASSERT_TRUE(second->Read(&answer));
  EXPECT_EQ(answer.tag(), 7u);
  second->WritesDone();
  EXPECT_TRUE(second->Finish().ok());
  server_->Stop(std::chrono::seconds(30));
  EXPECT_THAT(metrics_.Text(), ::testing::HasSubstr("code=\"CANCELLED\""));
}

TEST_F(CallDialogueTest, ADeadlineEndsTheCall) {
  service_.turns = &turns_;
  grpc::ClientContext context;
  As(context, "li");
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  auto stream = stub_->BrowsePlots(&context);
  stream->Write(Asked(1));
  Answers answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  turns_.release();
}

TEST_F(CallDialogueTest, AFullQueueSaysBusy) {
  service_.turns = &turns_;
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(workers_.Submit([this] {
      running_.release();
      release_.acquire();
    }));
    running_.acquire();
  }
  ASSERT_TRUE(workers_.Submit([] {}));
  grpc::ClientContext context;
  As(context, "li");
  auto stream = stub_->BrowsePlots(&context);
  stream->Write(Asked(1));
  Answers answer;
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_THAT(Reasons(stream->Finish()), ElementsAre("WRITER_BUSY"));
  release_.release(2);
}

}  // namespace
}  // namespace landbook::common
