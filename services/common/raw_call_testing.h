// A client that sends bytes which no protobuf library would write, over a real connection.
#ifndef LANDBOOK_SERVICES_COMMON_RAW_CALL_TESTING_H_
#define LANDBOOK_SERVICES_COMMON_RAW_CALL_TESTING_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace landbook::common {

inline grpc::ByteBuffer BufferOf(std::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

// Calls `method` ("/landbook.v1.RegistryService/UploadImportRows") with these messages, as far as
// the server takes them, and gives what the call ends with; what was answered into `answers`.
inline grpc::Status CallWithBytes(const std::shared_ptr<grpc::Channel>& channel,
                                  const std::string& method, grpc::ClientContext* context,
                                  const std::vector<std::string>& messages,
                                  std::vector<grpc::ByteBuffer>* answers = nullptr) {
  grpc::CompletionQueue queue;
  grpc::GenericStub stub(channel);
  const auto call = stub.PrepareCall(context, method, &queue);
  const auto went_well = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  call->StartCall(nullptr);
  bool open = went_well();
  for (std::size_t i = 0; open && i < messages.size(); ++i) {
    call->Write(BufferOf(messages[i]), nullptr);
    open = went_well();
  }
  if (open) {
    call->WritesDone(nullptr);
    (void)went_well();
  }
  for (;;) {
    grpc::ByteBuffer answer;
    call->Read(&answer, nullptr);
    if (!went_well()) break;
    if (answers != nullptr) answers->push_back(answer);
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  (void)went_well();
  queue.Shutdown();
  return status;
}

}  // namespace landbook::common

#endif  // LANDBOOK_SERVICES_COMMON_RAW_CALL_TESTING_H_
