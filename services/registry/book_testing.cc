#include "services/registry/book_testing.h"

#include <stdlib.h>

#include <filesystem>
#include <future>
#include <utility>

#include "services/registry/commit_handler.h"
#include "services/registry/fold.h"
#include "services/registry/journal.h"
#include "storage/check.h"

namespace landbook::registry {
namespace {

// 2026-03-02T01:00:00Z: a working day that the notice periods of tests reach back from.
constexpr common::Micros kStart = 1'772'413'200'000'000;

std::string MakeDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "landbook-book-XXXXXX").string();
  LANDBOOK_CHECK(mkdtemp(pattern.data()) != nullptr);
  return pattern;
}

std::vector<std::string> SampleChain() {
  auto chain =
      common::PackChainFromDirectory(std::string(LANDBOOK_SOURCE_DIR) + "/deploy/policy", "sample");
  LANDBOOK_CHECK(chain.ok());
  return *std::move(chain);
}

}  // namespace

v1::Actor ActorOf(std::string_view principal, v1::Role role) {
  v1::Actor actor;
  actor.set_principal(std::string(principal));
  actor.set_role(role);
  return actor;
}

TestBook::TestBook(v1::Suite suite) : TestBook(std::make_unique<storage::MemoryEngine>(), suite) {}

TestBook::TestBook(std::unique_ptr<storage::Engine> engine, v1::Suite suite)
    : directory_(MakeDirectory()),
      engine_(std::move(engine)),
      clock_(machine_, kStart),
      workers_({.threads = 2, .queue_max = 64}) {
  NewBook made;
  made.number = 1;
  made.county.set_code(kTestCounty);
  made.county.set_title("样本县");
  made.county.set_epsg(4548);
  made.county.set_suite(suite);
  made.chain = SampleChain();
  made.creator = ActorOf("admin", v1::ROLE_ADMINISTRATOR);
  made.request_id = "create";
  auto book = Book::Create(Environment(), made);
  LANDBOOK_CHECK(book.ok());
  book_ = std::move(*book);
}

TestBook::~TestBook() {
  workers_.Stop();
  book_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

BookEnvironment TestBook::Environment() {
  return {.engine = engine_.get(),
          .clock = &clock_,
          .random = &storage::SystemRandom(),
          .keys_directory = directory_,
          .scratch_directory = directory_,
          .read_memory = &read_memory_};
}

common::Outcome<v1::CommitResponse> TestBook::Commit(v1::Commit commit) {
  if (commit.document_number().empty()) commit.set_document_number("样字1号");
  return CommitAs(ActorOf("admin", v1::ROLE_ADMINISTRATOR), std::move(commit));
}

common::Outcome<v1::CommitResponse> TestBook::CommitAs(const v1::Actor& actor, v1::Commit commit,
                                                       bool validate_only) {
  if (commit.request_id().empty()) commit.set_request_id("r" + std::to_string(++requests_));
  common::CallContext call;
  call.actor = actor;
  v1::CommitRequest request;
  request.set_county(kTestCounty);
  *request.mutable_commit() = std::move(commit);
  request.set_validate_only(validate_only);
  std::promise<common::Outcome<v1::CommitResponse>> answered;
  // The handler shares books with the shelf; here the test holds it.
  const std::shared_ptr<Book> shared(book_.get(), [](Book*) {});
  HandleCommit(shared, workers_, call, request, [&](common::Outcome<v1::CommitResponse> outcome) {
    answered.set_value(std::move(outcome));
  });
  return answered.get_future().get();
}

void TestBook::Put(v1::RecordKind kind, std::uint64_t number,
                   const google::protobuf::Message& record) {
  const EngineView view(engine_.get());
  Overlay overlay(&view);
  Fold fold(&overlay, book_->number(), book_->writer().position().sequence);
  LANDBOOK_CHECK(fold.Apply(kind, number, record.SerializeAsString()).ok());
  storage::WriteBatch batch;
  overlay.MoveTo(&batch);
  const auto written = engine_->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
  LANDBOOK_CHECK(written.ok());
}

absl::Status TestBook::Reopen() {
  book_.reset();
  auto book = Book::Open(Environment(), 1, kTestCounty);
  if (!book.ok()) return book.status();
  book_ = *std::move(book);
  return absl::OkStatus();
}

std::unique_ptr<storage::MemoryEngine> TestBook::Refolded() const {
  auto fresh = std::make_unique<storage::MemoryEngine>();
  const EngineView journal(engine_.get());
  const std::uint64_t last = book_->writer().position().sequence;
  for (std::uint64_t sequence = 1; sequence <= last; ++sequence) {
    const auto entry = ReadEntry(journal, book_->number(), sequence);
    LANDBOOK_CHECK(entry.ok());
    const EngineView view(fresh.get());
    Overlay overlay(&view);
    Fold fold(&overlay, book_->number(), sequence);
    for (const v1::ActRecord& act : entry->acts) {
      for (const v1::Effect& effect : act.effects()) {
        LANDBOOK_CHECK(fold.Apply(effect.kind(), effect.number(), effect.record()).ok());
      }
    }
    fold.Remember(entry->header);
    storage::WriteBatch batch;
    overlay.MoveTo(&batch);
    LANDBOOK_CHECK(fresh->Write(batch, storage::kUnfenced, storage::Durability::kBuffered).ok());
  }
  return fresh;
}

std::vector<std::string> ReasonsOf(const common::RefusalList& refusals) {
  std::vector<std::string> reasons;
  for (const v1::Refusal& refusal : refusals) reasons.push_back(refusal.reason());
  return reasons;
}

std::uint64_t NumberIn(const v1::CommitResponse& response, int act, v1::RecordKind kind) {
  for (const v1::RecordName& record : response.results(act).records()) {
    if (record.kind() == kind) return record.number();
  }
  return 0;
}

std::vector<storage::KeyValue> ItemsOf(const storage::Engine& engine, BookNumber book,
                                       Space space) {
  auto page = storage::ScanPage(engine, storage::PrefixRange(SpacePrefix(book, space)),
                                storage::ScanLimit{});
  LANDBOOK_CHECK(page.ok());
  return std::move(page->items);
}

}  // namespace landbook::registry
