// The status tree: for every certificate of a book, whether it stands or since when it has ended,
// as one Merkle tree whose root each head commits to. A verifier with a newer head so learns from
// a short proof whether the paper in hand still stands.
//
// Leaf n - 1 of the tree is certificate n; certificates are numbered 1, 2, 3 ... without gaps.
// Leaf bytes, hashed as RFC 6962 leaves: number:u64, status:u8, ended_at:u64 (big-endian).
//
// Keys, under a prefix of the caller's (the page is FORMAT.md, "Status tree"):
//
//   prefix 00 tile:u64   ->  up to 16 neighbouring certificates: status:u8, ended_at:u64 each
//   prefix LL tile:u64   ->  up to 16 neighbouring complete subtrees of level LL, 32 bytes each;
//                            LL is 4, 8, 12, ... 60
//   prefix ff            ->  the number of certificates, u64
//
// One change rewrites a tile every four levels: six puts among 16 million certificates.
#ifndef LANDBOOK_STORAGE_STATUS_TREE_H_
#define LANDBOOK_STORAGE_STATUS_TREE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/engine.h"
#include "storage/merkle_tree.h"
#include "storage/suite.h"

namespace landbook::storage {

// The numbers stand in leaves and are never used for another meaning.
enum class CertificateStatus : std::uint8_t { kLive = 1, kEnded = 2 };

// `ended_at` is the sequence of the journal entry that ended the certificate, and zero while it
// is live; no entry has the sequence zero.
struct CertificateState {
  CertificateStatus status = CertificateStatus::kLive;
  std::uint64_t ended_at = 0;

  static CertificateState Live() { return {}; }
  static CertificateState Ended(std::uint64_t at) { return {CertificateStatus::kEnded, at}; }

  friend bool operator==(const CertificateState&, const CertificateState&) = default;
};

// The hash of the leaf that says this of certificate `number`: what a verifier recomputes.
Hash StatusLeafHash(const Suite& suite, std::uint64_t number, const CertificateState& state);

// What is said of a certificate, and the proof of it against `root`.
struct StatusProof {
  std::uint64_t certificate_number = 0;
  CertificateState state;
  InclusionProof inclusion;
  Hash root;
};

// OK when the proof leads from its state to its root; whether the root is that of a signed head
// is for the caller to compare.
absl::Status VerifyStatus(const Suite& suite, const StatusProof& proof);

struct StatusSummary {
  std::uint64_t size = 0;  // the number of certificates
  Hash root;

  friend bool operator==(const StatusSummary&, const StatusSummary&) = default;
};

// The status tree in an engine. It keeps nothing of it, so reading is for any number of threads
// beside the one that writes; an answer is always of one moment, between two writes. Each call
// passes on the status of the engine, and gives DATA_LOSS when stored bytes contradict each other.
class StatusTree {
 public:
  // REQUIRES: the engine and the suite outlive the tree.
  StatusTree(const Engine& engine, const Suite& suite, std::string prefix)
      : engine_(&engine), suite_(&suite), prefix_(std::move(prefix)) {}

  // What a write is about to change. It reads from the engine what it needs and keeps changes to
  // itself; thrown away, it leaves the tree as it was. One stage at a time, in one thread.
  class Stage;

  // A stage on top of what is written.
  absl::StatusOr<Stage> Begin() const;

  // Size and root as written.
  absl::StatusOr<StatusSummary> Summary() const;

  // The state of a certificate and its proof. NOT_FOUND when there is no such certificate.
  absl::StatusOr<StatusProof> Prove(std::uint64_t certificate_number) const;

 private:
  const Engine* engine_;
  const Suite* suite_;
  std::string prefix_;
};

class StatusTree::Stage {
 public:
  // The number of certificates, those of this stage included.
  std::uint64_t size() const { return size_; }

  // Adds the next certificate, which gets the number size() + 1 and is live. Gives its number.
  absl::StatusOr<std::uint64_t> Issue();

  // Says that certificate `number` ended with journal entry `ended_at`. NOT_FOUND when there is
  // none, FAILED_PRECONDITION when it has ended before, INVALID_ARGUMENT when `ended_at` is zero.
  absl::Status End(std::uint64_t number, std::uint64_t ended_at);

  // Adds to `batch` the keys of all that changed, and gives the size and root that hold when the
  // batch has been written. Call it once, when the stage is full.
  absl::StatusOr<StatusSummary> WriteTo(WriteBatch& batch);

 private:
  friend class StatusTree;
  // A tile is known by the level of its entries and its position among the tiles of that level.
  using TileId = std::pair<int, std::uint64_t>;

  Stage(const StatusTree& tree, std::uint64_t size) : tree_(tree), size_(size), old_size_(size) {}

  // The tile, read from the engine the first time.
  absl::StatusOr<std::string*> TileOf(const TileId& id);
  // Recomputes the hash of a full tile in the tile above it.
  absl::Status Lift(const TileId& id, const std::string& tile);

  StatusTree tree_;
  std::uint64_t size_;
  std::uint64_t old_size_;
  std::map<TileId, std::string> tiles_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_STATUS_TREE_H_
