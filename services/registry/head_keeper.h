// Signed heads: made off the write path, kept in the engine and, the last one, outside it.
#ifndef LANDBOOK_SERVICES_REGISTRY_HEAD_KEEPER_H_
#define LANDBOOK_SERVICES_REGISTRY_HEAD_KEEPER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "landbook/v1/journal.pb.h"
#include "services/registry/book_writer.h"
#include "services/registry/keys.h"
#include "storage/engine.h"
#include "storage/key_ring.h"
#include "storage/mutex.h"
#include "storage/signed_head.h"

namespace landbook::registry {

// What a head keeper is made of. Pointers are borrowed and outlive it.
struct HeadKeeperParts {
  storage::Engine* engine = nullptr;
  BookNumber book = 0;
  std::string county;
  const storage::KeyRing* keys = nullptr;
  BookWriter* writer = nullptr;
  std::string outside_path;  // the file of the last head
  // How often a head is made while the book changes: outside, so that a loss shows; and in the
  // engine, where heads stay for ever.
  std::chrono::milliseconds outside_every = std::chrono::seconds(1);
  std::chrono::milliseconds kept_every = std::chrono::seconds(60);
};

// Signs in a thread of its own while the book changes, and at once for whoever asks. All methods
// may be called from any thread. A head that cannot be signed or written in the thread is made at
// its next turn: commits never wait for heads. A head that was asked for is always kept in the
// engine, and so is that of the last entry of a book which goes quiet.
class HeadKeeper {
 public:
  explicit HeadKeeper(HeadKeeperParts parts);
  // Makes a last head when the book has changed since the last one.
  ~HeadKeeper();
  HeadKeeper(const HeadKeeper&) = delete;
  HeadKeeper& operator=(const HeadKeeper&) = delete;

  // A head that covers entry `min_sequence` at least, and the book's newest when it is 0: signed
  // now if none is kept, and kept. OUT_OF_RANGE when the book has no such entry yet; else fails as
  // the engine, the file outside and the key do.
  absl::StatusOr<storage::SignedHead> Get(std::uint64_t min_sequence);

  // The kept heads from `from_sequence` on, oldest first, at most `count`. DATA_LOSS when one
  // cannot be read; that each is signed is for who reads it to check (KeyRing::VerifyHead).
  absl::StatusOr<std::vector<storage::SignedHead>> List(std::uint64_t from_sequence,
                                                        std::size_t count) const;

  // The head as it is sent, with its signed bytes and the public key where the ring still has it.
  v1::Head ToWire(const storage::SignedHead& head) const;

 private:
  void Run();
  absl::StatusOr<storage::SignedHead> SignNow() LANDBOOK_EXCLUDES(signing_);
  absl::Status Keep(const storage::SignedHead& head);

  HeadKeeperParts parts_;
  storage::Mutex signing_;  // one signature at a time
  std::optional<storage::SignedHead> newest_ LANDBOOK_GUARDED_BY(signing_);

  storage::Mutex mutex_;
  storage::ConditionVariable wake_;
  bool stopping_ LANDBOOK_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The state of a book as heads say it.
storage::BookState HeadStateOf(v1::BookState state);

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_HEAD_KEEPER_H_
