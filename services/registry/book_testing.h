// A real book for tests: memory engine if no other is given, keys in a temporary folder, the sample
// pack, and commits that go the whole way from the handler through the boundary check to the
// writer.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_TESTING_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"
#include "landbook/v1/registry_service.pb.h"
#include "services/common/call_frame.h"
#include "services/common/clock.h"
#include "services/common/worker_pool.h"
#include "services/registry/book.h"
#include "storage/memory_engine.h"

namespace landbook::registry {

// The county of test books; its code begins with 9, as a sample's has to.
inline constexpr char kTestCounty[] = "990101";

class TestBook {
 public:
  // REQUIRES: the process may write to the temporary directory.
  explicit TestBook(v1::Suite suite = v1::SUITE_SHA256_ED25519);
  // The same on another engine.
  explicit TestBook(std::unique_ptr<storage::Engine> engine,
                    v1::Suite suite = v1::SUITE_SHA256_ED25519);
  ~TestBook();

  Book& book() { return *book_; }
  storage::Engine& engine() { return *engine_; }
  common::Clock& clock() { return clock_; }

  // Commits by the administrator's hand, under a document, or as `actor`, and waits for the answer.
  // A request id is made up where there is none.
  common::Outcome<v1::CommitResponse> Commit(v1::Commit commit);
  common::Outcome<v1::CommitResponse> CommitAs(const v1::Actor& actor, v1::Commit commit,
                                               bool validate_only = false);

  // Folds a record into the newest state as it is, without an act: for tests of reading.
  void Put(v1::RecordKind kind, std::uint64_t number, const google::protobuf::Message& record);

  // Closes the book and opens it again on the same engine, as a restart does.
  absl::Status Reopen();

  // The book folded again from its journal into a fresh engine.
  std::unique_ptr<storage::MemoryEngine> Refolded() const;

 private:
  BookEnvironment Environment();

  std::string directory_;
  std::unique_ptr<storage::Engine> engine_;
  ReadMemory read_memory_;
  common::SystemClock machine_;
  common::TrialClock clock_;
  common::WorkerPool workers_;
  std::uint64_t requests_ = 0;
  std::unique_ptr<Book> book_;
};

// An actor of the role.
v1::Actor ActorOf(std::string_view principal, v1::Role role);

// The names of the reasons, in their order.
std::vector<std::string> ReasonsOf(const common::RefusalList& refusals);

// The number of the first record of `kind` that act `act` created or changed; 0 when there is none.
std::uint64_t NumberIn(const v1::CommitResponse& response, int act, v1::RecordKind kind);

// Every key and value of one space of a book.
std::vector<storage::KeyValue> ItemsOf(const storage::Engine& engine, BookNumber book, Space space);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_TESTING_H_
