// A real server on a loopback port, with the health of every part of the frame: who may call, what
// the door says over the wire, sizes, streams, and the end.
#include "services/common/server_frame.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>
#include <latch>
#include <mutex>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "landbook/v1/boundary_service.grpc.pb.h"
#include "landbook/v1/registry_service.grpc.pb.h"
#include "services/common/call_frame.h"
#include "services/common/call_stream.h"
#include "services/common/raw_call_testing.h"
#include "services/common/refusal_wire.h"

namespace landbook::common {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Answers with what it was asked; enough of a registry to show the frame.
class EchoService : public v1::RegistryService::WithRawCallbackMethod_UploadImportRows<
                        v1::RegistryService::CallbackService> {
 public:
  explicit EchoService(const FrameParts& parts)
      : frame_(parts, *v1::Plot::descriptor()->file()->pool()->FindServiceByName(
                          "landbook.v1.RegistryService")) {}

  grpc::ServerUnaryReactor* GetCounty(grpc::CallbackServerContext* context,
                                      const v1::GetCountyRequest* request,
                                      v1::County* response) override {
    return frame_.Unary({context, "GetCounty"}, request, response, CallFrame::Run::kInline,
                        [](const CallContext& call, const v1::GetCountyRequest& asked) {
                          v1::County county;
                          county.set_code(asked.county());
                          county.set_title(call.actor.principal());
                          return Outcome<v1::County>(county);
                        });
  }

  grpc::ServerUnaryReactor* GetPlot(grpc::CallbackServerContext* context,
                                    const v1::GetPlotRequest* request,
                                    v1::Plot* response) override {
    return frame_.Unary({context, "GetPlot"}, request, response, CallFrame::Run::kOnWorker,
                        [this](const CallContext&, const v1::GetPlotRequest& asked) {
                          started.release();
                          release.wait();
                          v1::Plot plot;
                          plot.set_code(asked.plot());
                          return Outcome<v1::Plot>(plot);
                        });
  }

  grpc::ServerUnaryReactor* Commit(grpc::CallbackServerContext* context,
                                   const v1::CommitRequest* request,
                                   v1::CommitResponse* response) override {
    return frame_.UnaryLater({context, "Commit"}, request, response,
                             [](const CallContext&, const v1::CommitRequest& asked,
                                const Answer<v1::CommitResponse>& answer) {
                               if (asked.commit().request_id() == "drop") return;
                               std::thread([answer] {
                                 v1::CommitResponse done;
                                 done.set_sequence(7);
                                 answer(std::move(done));
                               }).detach();
                             });
  }

  grpc::ServerWriteReactor<v1::JournalEntry>* Watch(grpc::CallbackServerContext* context,
                                                    const v1::WatchRequest* request) override {
    return ServePages<v1::JournalEntry>(
        frame_, {context, "Watch"}, request,
        [this](const CallContext&, const v1::WatchRequest& asked,
               const std::shared_ptr<StreamGate>& stream_gate)
            -> Outcome<PageSource<v1::JournalEntry>> {
          if (asked.from_sequence() == 404) {
            return Refuse(Reason::AS_OF_IN_FUTURE, "from_sequence", {"not yet", "尚未产生"});
          }
          gate = stream_gate;
          return PageSource<v1::JournalEntry>(
              [sent = 0, once = asked.once()](v1::JournalEntry&) mutable -> Outcome<PageStep> {
                if (sent < 3) return ++sent, PageStep::kPage;
                return once ? PageStep::kEnd : PageStep::kWait;
              });
        });
  }

  grpc::ServerReadReactor<grpc::ByteBuffer>* UploadImportRows(grpc::CallbackServerContext* context,
                                                              grpc::ByteBuffer* response) override {
    class Counting : public UploadIntake<v1::UploadImportRowsRequest, v1::Import> {
     public:
      RefusalList Take(const CallContext&, v1::UploadImportRowsRequest& message) override {
        rows_ += static_cast<std::uint32_t>(message.rows_size());
        if (message.import() == 13) {
          return {Refuse(Reason::IMPORT_UNKNOWN, "import", {"no such import", "无此导入"})};
        }
        return {};
      }
      Outcome<v1::Import> Finish(const CallContext&) override {
        v1::Import import;
        import.set_read(rows_);
        return import;
      }

     private:
      std::uint32_t rows_ = 0;
    };
    return ServeUpload<v1::UploadImportRowsRequest, v1::Import>(
        frame_, {context, "UploadImportRows"}, response, std::make_unique<Counting>());
  }

  std::counting_semaphore<64> started{0};
  std::latch release{1};
  std::shared_ptr<StreamGate> gate;

 private:
  CallFrame frame_;
};

class ServerFrameTest : public ::testing::Test {
 protected:
  ServerFrameTest() {
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
    context.AddMetadata(kDetailsLimitKey, std::to_string(kDetailsBytesMax));
  }

  // The reasons that a GetCounty of `county` is refused for.
  std::vector<std::string> GetCounty(std::string_view who, const std::string& county) {
    grpc::ClientContext context;
    if (!who.empty()) As(context, who);
    v1::GetCountyRequest request;
    request.set_county(county);
    return Reasons(stub_->GetCounty(&context, request, &county_));
  }

  static std::vector<std::string> Reasons(const grpc::Status& status) {
    std::vector<std::string> reasons;
    for (const v1::Refusal& refusal : RefusalsFromStatus(status)) {
      reasons.push_back(refusal.reason());
    }
    return reasons;
  }

  std::vector<std::string> log_;
  std::mutex log_mutex_;
  InsecureLocalIdentity identity_;
  MetricRegistry metrics_;
  Logger logger_{[this](std::string_view line) {
    std::lock_guard lock(log_mutex_);
    log_.emplace_back(line);
  }};
  WorkerPool workers_{{.threads = 2, .queue_max = 4}};
  EchoService service_{{identity_, workers_, metrics_, logger_}};
  std::unique_ptr<ServerFrame> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::RegistryService::Stub> stub_;
  v1::County county_;
};

TEST_F(ServerFrameTest, AnOfficerIsServedAndTheCallIsCountedAndLogged) {
  EXPECT_THAT(GetCounty("李登簿:registrar@909900", "909900"), ElementsAre());
  EXPECT_EQ(county_.title(), "李登簿");
  EXPECT_THAT(
      metrics_.Text(),
      HasSubstr("landbook_calls_total{method=\"RegistryService/GetCounty\",code=\"OK\"} 1"));
  std::lock_guard lock(log_mutex_);
  ASSERT_EQ(log_.size(), 1u);
  EXPECT_THAT(log_[0], HasSubstr("\"principal\":\"李登簿\""));
}

TEST_F(ServerFrameTest, NobodyAndNonsenseAreNotServed) {
  EXPECT_THAT(GetCounty("", "909900"), ElementsAre("IDENTITY_MISSING"));
  EXPECT_THAT(GetCounty("li:king", "909900"), ElementsAre("IDENTITY_MALFORMED"));
}

TEST_F(ServerFrameTest, TheDoorSpeaksOverTheWire) {
  EXPECT_THAT(GetCounty("li", ""), ElementsAre("FIELD_REQUIRED"));
  grpc::ClientContext context;
  As(context, "li");
  v1::GetCountyRequest request;
  request.set_county("909900");
  request.GetReflection()->MutableUnknownFields(&request)->AddVarint(99, 1);
  const grpc::Status status = stub_->GetCounty(&context, request, &county_);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(Reasons(status), ElementsAre("FIELD_UNKNOWN"));
}

TEST_F(ServerFrameTest, RoleAndCountyAreChecked) {
  v1::CommitRequest request;
  request.set_county("909900");
  request.mutable_commit()->set_request_id("r");
  v1::CommitResponse response;
  const auto commit = [&](std::string_view who) {
    grpc::ClientContext context;
    As(context, who);
    return Reasons(stub_->Commit(&context, request, &response));
  };
  EXPECT_THAT(commit("li:auditor"), ElementsAre("ROLE_NOT_ALLOWED"));
  EXPECT_THAT(commit("li:registrar@909901"), ElementsAre("COUNTY_NOT_ALLOWED"));
  EXPECT_THAT(commit("li:registrar@909900"), ElementsAre());
  EXPECT_EQ(response.sequence(), 7u);
  EXPECT_THAT(commit("li:administrator"), ElementsAre());
}

TEST_F(ServerFrameTest, ADroppedAnswerIsStillAnAnswer) {
  v1::CommitRequest request;
  request.set_county("909900");
  request.mutable_commit()->set_request_id("drop");
  grpc::ClientContext context;
  As(context, "li:registrar");
  v1::CommitResponse response;
  EXPECT_THAT(Reasons(stub_->Commit(&context, request, &response)),
              ElementsAre("INVARIANT_BROKEN"));
}

TEST_F(ServerFrameTest, AThousandRefusalsReachAClientThatAskedForThem) {
  v1::CommitRequest request;
  request.set_county("909900");
  request.mutable_commit()->set_request_id("r");
  for (int i = 0; i < 1'000; ++i) request.mutable_commit()->add_acts();
  grpc::ClientContext context;
  As(context, "li:registrar");
  v1::CommitResponse response;
  EXPECT_EQ(Reasons(stub_->Commit(&context, request, &response)).size(), 1'000u);
}

TEST_F(ServerFrameTest, AMessageAboveTheLimitIsRefusedByName) {
  v1::CommitRequest request;
  request.set_county("909900");
  request.mutable_commit()->set_request_id("r");
  auto& plot = *request.mutable_commit()->add_acts()->mutable_establish_plot()->mutable_plot();
  plot.mutable_boundary()->set_compact(std::string(kMessageBytesMax, 'x'));
  grpc::ClientContext context;
  As(context, "li:registrar");
  v1::CommitResponse response;
  const grpc::Status status = stub_->Commit(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(Reasons(status), ElementsAre("MESSAGE_TOO_LARGE"));
}

TEST_F(ServerFrameTest, PagesComeUntilTheEnd) {
  grpc::ClientContext context;
  As(context, "li:auditor");
  v1::WatchRequest request;
  request.set_county("909900");
  request.set_once(true);
  auto stream = stub_->Watch(&context, request);
  v1::JournalEntry entry;
  int count = 0;
  while (stream->Read(&entry)) ++count;
  EXPECT_EQ(count, 3);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ServerFrameTest, AStreamMayBeRefusedAtItsStart) {
  grpc::ClientContext context;
  As(context, "li:auditor");
  v1::WatchRequest request;
  request.set_county("909900");
  request.set_from_sequence(404);
  auto stream = stub_->Watch(&context, request);
  v1::JournalEntry entry;
  EXPECT_FALSE(stream->Read(&entry));
  EXPECT_THAT(Reasons(stream->Finish()), ElementsAre("AS_OF_IN_FUTURE"));
}

TEST_F(ServerFrameTest, AWaitingStreamEndsWithItsCallerAndAWakeAfterwardsIsHarmless) {
  grpc::ClientContext context;
  As(context, "li:auditor");
  v1::WatchRequest request;
  request.set_county("909900");
  auto stream = stub_->Watch(&context, request);
  v1::JournalEntry entry;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Read(&entry));
  service_.gate->Wake();
  context.TryCancel();
  EXPECT_FALSE(stream->Read(&entry));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  server_->Stop(std::chrono::seconds(5));
  service_.gate->Wake();
}

TEST_F(ServerFrameTest, AnUploadIsTakenMessageByMessage) {
  const auto upload = [&](std::uint64_t import) {
    grpc::ClientContext context;
    As(context, "li:surveyor");
    v1::Import answer;
    auto stream = stub_->UploadImportRows(&context, &answer);
    v1::UploadImportRowsRequest message;
    message.set_import(import);
    message.add_rows();
    message.add_rows();
    for (int i = 0; i < 3 && stream->Write(message); ++i) {
    }
    stream->WritesDone();
    const grpc::Status status = stream->Finish();
    return std::pair(Reasons(status), answer.read());
  };
  EXPECT_EQ(upload(1).second, 6u);
  EXPECT_THAT(upload(13).first, ElementsAre("IMPORT_UNKNOWN"));
}

// Were the rest of the stream left out, the call would be answered as if it had been sent in whole.
TEST_F(ServerFrameTest, AnUploadWithAMessageThatCannotBeReadIsNotAnsweredAsIfItWereWhole) {
  v1::UploadImportRowsRequest message;
  message.add_rows();
  const std::string sound = message.SerializeAsString();
  const auto upload = [&](const std::vector<std::string>& messages) {
    grpc::ClientContext context;
    As(context, "li:surveyor");
    return CallWithBytes(channel_, "/landbook.v1.RegistryService/UploadImportRows", &context,
                         messages);
  };
  EXPECT_TRUE(upload({sound, sound, sound}).ok());
  for (const char* bytes : {"no message", "\x0a\x02\xff\xfe", "\x0a\x09short"}) {
    const grpc::Status first = upload({bytes, sound, sound});
    EXPECT_THAT(Reasons(first), ElementsAre("MESSAGE_MALFORMED"));
    EXPECT_THAT(first.error_message(), HasSubstr("message 1 of the stream"));
    EXPECT_THAT(upload({sound, bytes, sound}).error_message(),
                HasSubstr("message 2 of the stream"));
    EXPECT_THAT(upload({sound, sound, bytes}).error_message(),
                HasSubstr("message 3 of the stream"));
  }
  // What gRPC itself cuts off is not taken for the stream's end either.
  const std::string large(3 * kMessageBytesMax, 'x');
  EXPECT_EQ(upload({sound, large, sound}).error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServerFrameTest, AFullQueueSaysBusy) {
  v1::GetPlotRequest request;
  request.set_county("909900");
  request.set_plot("1");
  std::vector<std::thread> callers;
  std::mutex mutex;
  std::vector<std::string> reasons;
  std::latch refused(4);
  const auto call = [&] {
    grpc::ClientContext context;
    As(context, "li");
    v1::Plot plot;
    const std::vector<std::string> told = Reasons(stub_->GetPlot(&context, request, &plot));
    std::lock_guard lock(mutex);
    for (const std::string& reason : told) reasons.push_back(reason);
    if (!told.empty()) refused.count_down();
  };
  // Two run, and only then eight more come: four wait, the rest finds no room.
  for (int i = 0; i < 2; ++i) callers.emplace_back(call);
  for (int i = 0; i < 2; ++i) service_.started.acquire();
  for (int i = 0; i < 8; ++i) callers.emplace_back(call);
  refused.wait();
  service_.release.count_down();
  for (std::thread& caller : callers) caller.join();
  EXPECT_THAT(reasons, ElementsAre("WRITER_BUSY", "WRITER_BUSY", "WRITER_BUSY", "WRITER_BUSY"));
}

TEST_F(ServerFrameTest, StoppingLetsCallsUnderWayFinish) {
  v1::GetPlotRequest request;
  request.set_county("909900");
  request.set_plot("77");
  grpc::Status status;
  v1::Plot plot;
  std::thread caller([&] {
    grpc::ClientContext context;
    As(context, "li");
    status = stub_->GetPlot(&context, request, &plot);
  });
  service_.started.acquire();
  std::thread stopper([&] { server_->Stop(std::chrono::seconds(30)); });
  service_.release.count_down();
  stopper.join();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(plot.code(), "77");
  EXPECT_THAT(GetCounty("li", "909900"), ElementsAre("UNAVAILABLE"));
}

TEST_F(ServerFrameTest, APortIsServedOnce) {
  EXPECT_EQ(ServerFrame::Start({server_->address(), true}, {}).status().code(),
            absl::StatusCode::kUnavailable);
}

// A service of the same process has no certificate: it is believed by the process's pass alone.
TEST_F(ServerFrameTest, AServiceOfTheProcessIsKnownByItsPass) {
  const CertifiedIdentity certified;
  const std::string pass = "0123456789abcdef";
  EchoService service({certified, workers_, metrics_, logger_, nullptr, &pass});
  grpc::Service* services[] = {&service};
  const auto server = ServerFrame::Start({{"127.0.0.1", 0}, true}, services);
  ASSERT_TRUE(server.ok());
  v1::RegistryService::Stub within((*server)->InProcessChannel());
  v1::RegistryService::Stub from_outside(
      grpc::CreateChannel((*server)->address().Text(), grpc::InsecureChannelCredentials()));
  const auto ask = [&](v1::RegistryService::Stub& stub, const std::string& shown) {
    grpc::ClientContext context;
    As(context, "ConveyanceService");
    context.AddMetadata(kOnBehalfKey, EncodeMetadata("李:registrar"));
    if (!shown.empty()) context.AddMetadata(kProcessPassKey, shown);
    v1::GetCountyRequest request;
    request.set_county("909900");
    return Reasons(stub.GetCounty(&context, request, &county_));
  };
  EXPECT_THAT(ask(within, pass), ElementsAre());
  EXPECT_EQ(county_.title(), "李");
  for (const char* wrong : {"", "0123456789abcdeF", "0"}) {
    EXPECT_THAT(ask(within, wrong), ElementsAre("IDENTITY_MISSING")) << wrong;
    EXPECT_THAT(ask(from_outside, wrong), ElementsAre("IDENTITY_MISSING")) << wrong;
  }
}

TEST(AddressTest, ReadsHostAndPort) {
  EXPECT_EQ(ParseAddress("127.0.0.1:0")->Text(), "127.0.0.1:0");
  EXPECT_EQ(ParseAddress("[::1]:50051")->Text(), "[::1]:50051");
  for (const char* text : {"", ":1", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "::1:50051",
                           "127.0.0.1:-1", "127.0.0.1:x", "[::1]"}) {
    EXPECT_FALSE(ParseAddress(text).ok()) << text;
  }
}

TEST(AddressTest, ASocketFileIsAnAddressToListenOn) {
  const auto parsed = ParseListenAddress("unix:/run/landbook.socket");
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->socket_path, "/run/landbook.socket");
  EXPECT_EQ(parsed->Text(), "unix:/run/landbook.socket");
  EXPECT_TRUE(CheckLoopback(*parsed).ok());
  EXPECT_EQ(ParseListenAddress("127.0.0.1:7600")->Text(), "127.0.0.1:7600");
  EXPECT_TRUE(ParseListenAddress("unix:/" + std::string(106, 'x')).ok());
  for (const std::string& text : {std::string("unix:"), std::string("unix:run/landbook.socket"),
                                  "unix:/" + std::string(107, 'x'), std::string("127.0.0.1")}) {
    EXPECT_EQ(ParseListenAddress(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
  EXPECT_FALSE(ParseAddress("unix:/run/landbook.socket").ok());
  // Callers would be told apart by certificates, of which a client on a socket checks none.
  const auto with_tls = ServerFrame::Start({.listen = *parsed, .tls = TlsFiles{}}, {}).status();
  EXPECT_EQ(with_tls.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(with_tls.message()), HasSubstr("--insecure-local only"));
}

TEST_F(ServerFrameTest, ServesASocketFileAndRemovesItAtTheEnd) {
  char folder[] = "/tmp/landbook-socket-XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string path = std::string(folder) + "/a.socket";
  const ServerFrame::Options options = {.listen = *ParseListenAddress("unix:" + path),
                                        .insecure_local = true};
  EchoService service({identity_, workers_, metrics_, logger_});
  grpc::Service* services[] = {&service};
  const auto first = ServerFrame::Start(options, services);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto stub = v1::RegistryService::NewStub(
      grpc::CreateChannel((*first)->address().Text(), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  As(context, "li");
  v1::GetCountyRequest request;
  request.set_county("909900");
  EXPECT_TRUE(stub->GetCounty(&context, request, &county_).ok());

  const auto second = ServerFrame::Start(options, {}).status();
  EXPECT_EQ(second.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.message()), HasSubstr("is served already"));
  (*first)->Stop(std::chrono::seconds(1));
  EXPECT_FALSE(std::filesystem::exists(path));

  // What a server that was killed left behind is in nobody's way.
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(left);
  ASSERT_TRUE(std::filesystem::exists(path));
  const auto again = ServerFrame::Start(options, {});
  EXPECT_TRUE(again.ok()) << again.status();
  (*again)->Stop(std::chrono::seconds(1));
  std::filesystem::remove_all(folder);
}

TEST(AddressTest, OnlyLoopbackIsServedWithoutTls) {
  for (const char* host : {"127.0.0.1", "127.9.8.7", "::1", "localhost"}) {
    EXPECT_TRUE(CheckLoopback({host, 0}).ok()) << host;
  }
  for (const char* host : {"0.0.0.0", "::", "192.168.1.2", "128.0.0.1", "::ffff:127.0.0.1",
                           "example.org", "127.0.0.1.example.org", ""}) {
    EXPECT_FALSE(CheckLoopback({host, 0}).ok()) << host;
  }
  EXPECT_EQ(ServerFrame::Start({{"0.0.0.0", 0}, true}, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ServerFrame::Start({{"127.0.0.1", 0}, false}, {}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(MetricsServerTest, ServesMetricsAndHealth) {
  MetricRegistry registry;
  registry.CounterOf("plots_total", "Plots.").Add(5);
  const auto server = MetricsServer::Start({"127.0.0.1", 0}, registry);
  ASSERT_TRUE(server.ok()) << server.status();
  httplib::Client client("127.0.0.1", (*server)->address().port);
  const auto metrics = client.Get("/metrics");
  ASSERT_TRUE(metrics);
  EXPECT_THAT(metrics->body, HasSubstr("plots_total 5\n"));
  EXPECT_EQ(client.Get("/healthz")->status, 200);
  EXPECT_EQ(client.Get("/elsewhere")->status, 404);
}

TEST(StopSignalsTest, WaitGivesTheSignal) {
  const StopSignals signals;
  std::raise(SIGTERM);
  EXPECT_EQ(signals.Wait(), SIGTERM);
}

}  // namespace
}  // namespace landbook::common
