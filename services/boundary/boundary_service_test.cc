// CheckLayer over a real connection: several messages in, pages of findings out.
#include "services/boundary/boundary_service.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <string>

#include "geo/compact.h"
#include "services/common/raw_call_testing.h"
#include "services/common/refusal_wire.h"
#include "services/common/server_frame.h"

namespace landbook::boundary {
namespace {

class BoundaryServiceTest : public ::testing::Test {
 protected:
  BoundaryServiceTest() {
    grpc::Service* services[] = {&service_};
    auto started = common::ServerFrame::Start({{"127.0.0.1", 0}, true}, services);
    EXPECT_TRUE(started.ok()) << started.status();
    server_ = std::move(*started);
    channel_ = grpc::CreateCustomChannel(
        server_->address().Text(), grpc::InsecureChannelCredentials(), common::ClientArguments());
    stub_ = v1::BoundaryService::NewStub(channel_);
  }

  common::InsecureLocalIdentity identity_;
  common::MetricRegistry metrics_;
  common::Logger logger_{[](std::string_view) {}};
  common::WorkerPool workers_{{.threads = 2, .queue_max = 8}};
  BoundaryService service_{{identity_, workers_, metrics_, logger_},
                           {std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", 1, 10'000}};
  std::unique_ptr<common::ServerFrame> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::BoundaryService::Stub> stub_;
};

v1::CheckLayerRequest Message(int first_row, int rows) {
  v1::CheckLayerRequest request;
  if (first_row == 0) {
    request.set_pack("national");
    request.set_kind("homestead");
    request.set_epsg(4548);
  }
  for (int i = 0; i < rows; ++i) {
    v1::ImportRow& row = *request.add_rows();
    row.set_row(first_row + i);
    row.set_code("no code");
  }
  return request;
}

TEST_F(BoundaryServiceTest, ManyRowsInManyFindingsOut) {
  grpc::ClientContext context;
  context.AddMetadata(common::kIdentityKey, "li:surveyor");
  auto stream = stub_->CheckLayer(&context);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(stream->Write(Message(i * 700, 700)));
  stream->WritesDone();
  int findings = 0;
  int results = 0;
  v1::CheckLayerResponse page;
  v1::Import result;
  while (stream->Read(&page)) {
    findings += page.findings_size();
    if (!page.has_result()) continue;
    ++results;
    result = page.result();
  }
  EXPECT_TRUE(stream->Finish().ok());
  // Every row: its code is malformed (B401) and in the file again (B402), its boundary missing
  // (B403).
  EXPECT_EQ(findings, 3 * 2'100);
  EXPECT_EQ(results, 1);
  EXPECT_EQ(result.read(), 2'100u);
  EXPECT_EQ(result.rejected(), 2'100u);
  ASSERT_EQ(result.findings_size(), 3);
  EXPECT_EQ(result.findings(0).rule(), "B401");
  EXPECT_EQ(result.findings(0).count(), 2'100u);
}

// Part of a layer is never checked as if it were all of it.
TEST_F(BoundaryServiceTest, AMessageThatCannotBeReadIsRefused) {
  grpc::ClientContext context;
  context.AddMetadata(common::kIdentityKey, "li:surveyor");
  const grpc::Status status = common::CallWithBytes(
      channel_, "/landbook.v1.BoundaryService/CheckLayer", &context,
      {Message(0, 3).SerializeAsString(), "no message", Message(3, 3).SerializeAsString()});
  const auto refusals = common::RefusalsFromStatus(status);
  ASSERT_EQ(refusals.size(), 1u);
  EXPECT_EQ(refusals[0].reason(), "MESSAGE_MALFORMED");
  EXPECT_TRUE(refusals[0].message_en().starts_with("message 2 of the stream, of 10 bytes"));
}

TEST_F(BoundaryServiceTest, ACitizenMayNotAndAWrongPackIsTold) {
  const auto refused = [&](const char* who, const char* pack) {
    grpc::ClientContext context;
    context.AddMetadata(common::kIdentityKey, who);
    auto stream = stub_->CheckLayer(&context);
    v1::CheckLayerRequest request = Message(0, 1);
    request.set_pack(pack);
    stream->Write(request);
    stream->WritesDone();
    v1::CheckLayerResponse page;
    while (stream->Read(&page)) {
    }
    return common::RefusalsFromStatus(stream->Finish()).front().reason();
  };
  EXPECT_EQ(refused("li", "national"), "ROLE_NOT_ALLOWED");
  EXPECT_EQ(refused("li:surveyor", "atlantis"), "PACK_UNKNOWN");
}

}  // namespace
}  // namespace landbook::boundary
