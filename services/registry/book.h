// One county's book, opened: its keys, its writer, its signed heads, and how it is read.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "geo/boundary.h"
#include "landbook/v1/book.pb.h"
#include "landbook/v1/journal.pb.h"
#include "services/common/clock.h"
#include "services/common/policy.h"
#include "services/common/refusal.h"
#include "services/registry/book_memory.h"
#include "services/registry/book_writer.h"
#include "services/registry/head_keeper.h"
#include "services/registry/keys.h"
#include "services/registry/private_fields.h"
#include "storage/engine.h"
#include "storage/key_ring.h"
#include "storage/secret.h"

namespace landbook::registry {

// What every book of a server stands on. Pointers are borrowed and outlive the books.
struct BookEnvironment {
  storage::Engine* engine = nullptr;
  common::Clock* clock = nullptr;
  storage::RandomSource* random = nullptr;
  // Where keys and the last head of each book lie, outside the engine: one folder a book.
  std::string keys_directory;
  // On whose disk scratch files are made (storage/scratch_file.h).
  std::string scratch_directory;
  // What readers keep in memory.
  ReadMemory* read_memory = nullptr;
  // The county whose book gets a fresh signing key when it is opened, in force from its next entry
  // on; empty for none.
  std::string succeeded_county = {};
};

// What a new book shall be.
struct NewBook {
  BookNumber number = 0;
  v1::County county;               // code, title, epsg, suite, pack
  std::vector<std::string> chain;  // the pack's texts, the top one first
  v1::Actor creator;               // becomes administrator
  std::string request_id;
};

class Book {
 public:
  // Makes the book's keys and its first entry, in which it is preparing. Refused when the plane is
  // no projected system in metres or the pack does not load.
  static common::Outcome<std::unique_ptr<Book>> Create(const BookEnvironment& environment,
                                                       const NewBook& made);

  // Opens a book. DATA_LOSS when its journal ends before the last head that was kept outside, or
  // does not begin with what that head signed: then something acknowledged was lost, and serving
  // the rest would hide it. NOT_FOUND when its keys are missing. FAILED_PRECONDITION when the clock
  // is a trial clock and the book was not made under one: its entries would then state times that
  // never were. Fails as the engine does when an erasure that a crash cut off cannot be finished.
  static absl::StatusOr<std::unique_ptr<Book>> Open(const BookEnvironment& environment,
                                                    BookNumber number, const std::string& code);
  ~Book();

  BookNumber number() const { return number_; }
  const std::string& code() const { return code_; }
  const storage::Suite& suite() const { return *suite_; }
  const storage::KeyRing& keys() const { return keys_; }
  PrivateVault& vault() const { return *vault_; }
  BookWriter& writer() const { return *writer_; }
  HeadKeeper& heads() const { return *heads_; }
  const storage::Engine& engine() const { return *environment_.engine; }
  storage::Engine& mutable_engine() const { return *environment_.engine; }
  common::Clock& clock() const { return *environment_.clock; }
  const std::string& scratch_directory() const { return environment_.scratch_directory; }
  // What its readers keep in memory.
  BookMemory& memory() const { return *memory_; }
  // The file of the last head, outside the engine.
  std::string outside_head_path() const;
  std::uint32_t epsg() const { return epsg_; }
  const std::optional<geo::Box>& plane_extent() const { return plane_extent_; }
  // The Merkle log, for proofs up to the writer's position.
  const storage::MerkleLogReader& log() const { return log_; }
  const storage::StatusTree& status_tree() const { return status_tree_; }

  // The county as it is sent, at a state.
  v1::County ToWire(const View& view) const;

 private:
  Book(const BookEnvironment& environment, BookNumber number, std::string code,
       storage::KeyRing keys);

  // Reads where the book stands, finishes what a crash may have cut off, and starts its writer.
  absl::Status Start();
  // Where journal and status tree end; the root of the journal's tree is left to the log.
  absl::StatusOr<Position> FindPosition() const;
  absl::Status CompareWithOutsideHead(const Position& position) const;
  // Gives the book a fresh signing key from the entry after `position` on, if it is to have one.
  absl::Status SucceedKey(const Position& position);
  // Takes the plane from the book's own record, and compares the clock with it.
  absl::Status ReadOwnRecord();
  // Purges what was erased and not yet purged when the process ended.
  absl::Status FinishErasures() const;

  BookEnvironment environment_;
  BookNumber number_;
  std::string code_;
  storage::KeyRing keys_;
  const storage::Suite* suite_;
  storage::MerkleLogReader log_;
  storage::StatusTree status_tree_;
  std::unique_ptr<BookMemory> memory_;
  std::uint32_t epsg_ = 0;
  std::optional<geo::Box> plane_extent_;
  std::unique_ptr<PrivateVault> vault_;
  std::unique_ptr<BookWriter> writer_;
  std::unique_ptr<HeadKeeper> heads_;  // after the writer: it listens to it
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_H_
