// The Merkle tree of a journal as it lies in a key space, where it only ever grows.
//
// Keys, under a prefix of the caller's (integers big-endian; the page is FORMAT.md, "Tiles"):
//
//   prefix 00 first_leaf:u64   ->  the hashes of one *run* of 1 to 256 leaves, 32 bytes each
//   prefix LL index:u64        ->  the hash of complete subtree `index` of level LL, 32 bytes;
//                                  LL is 8, 16, 24, ... 56
//
// A run holds the leaves of one write that fall into one *tile*: 256 leaves from a multiple of
// 256 on. So a write of many commits costs one put, sometimes two, and no key is ever written
// twice. The hashes of 256 neighbours of level LL are the tile from which the levels up to LL + 8
// are computed, so a proof in a tree of 16 million leaves reads at most six tiles.
#ifndef LANDBOOK_STORAGE_MERKLE_LOG_H_
#define LANDBOOK_STORAGE_MERKLE_LOG_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/engine.h"
#include "storage/merkle_tree.h"
#include "storage/suite.h"

namespace landbook::storage {

// Reads roots and proofs of any size up to what was written. It keeps nothing, so it is used by
// many threads at once and beside the writer: what it reads is never changed. How many leaves
// there are is the caller's to know. Each call gives DATA_LOSS when stored hashes are missing or
// contradict each other, and passes on the status of an engine that fails.
class MerkleLogReader {
 public:
  // REQUIRES: the engine and the suite outlive the reader.
  MerkleLogReader(const Engine& engine, const Suite& suite, std::string prefix)
      : engine_(&engine), suite_(&suite), prefix_(std::move(prefix)) {}

  // The root of the first `size` leaves. Reads at most one tile of 256 hashes for each eight
  // levels.
  absl::StatusOr<Hash> RootAt(std::uint64_t size) const;
  // What appending after the first `size` leaves needs; costs the same.
  absl::StatusOr<MerkleFrontier> FrontierAt(std::uint64_t size) const;

  // That a leaf is in the tree of that size. OUT_OF_RANGE when the leaf is not in a tree of that
  // size.
  absl::StatusOr<InclusionProof> Inclusion(const LeafPlace& place) const;
  // That the older tree begins the newer one. OUT_OF_RANGE when the old size is above the new one.
  absl::StatusOr<ConsistencyProof> Consistency(const TreeSizes& sizes) const;

  const Suite& suite() const { return *suite_; }
  const std::string& prefix() const { return prefix_; }

 private:
  const Engine* engine_;
  const Suite* suite_;
  std::string prefix_;
};

// Appends to the log. One thread at a time: the writer of the book.
class MerkleLog {
 public:
  // What a write is about to add. It is a copy: thrown away, it leaves the log as it was.
  class Stage {
   public:
    void Append(const Hash& leaf_hash);
    void Append(std::span<const Hash> leaf_hashes);

    std::uint64_t size() const { return frontier_.size(); }
    Hash Root() const { return frontier_.Root(); }

    // Adds to `batch` the keys of all that was appended. Call it once, when the stage is full.
    void WriteTo(WriteBatch& batch) const;

   private:
    friend class MerkleLog;
    Stage(std::string prefix, const MerkleFrontier& frontier)
        : prefix_(std::move(prefix)), begin_(frontier.size()), frontier_(frontier) {}

    std::string prefix_;
    std::uint64_t begin_;
    MerkleFrontier frontier_;
    std::vector<Hash> leaves_;
    std::vector<std::pair<Subtree, Hash>> stored_subtrees_;
  };

  // Opens the log whose first `size` leaves are in `engine` under `prefix`; zero begins a new
  // one. Reads at most 255 hashes for each eight levels. DATA_LOSS when leaves are missing; that
  // none were altered shows when the root is compared with a signed head.
  static absl::StatusOr<MerkleLog> Open(MerkleLogReader reader, std::uint64_t size);

  std::uint64_t size() const { return frontier_.size(); }
  Hash Root() const { return frontier_.Root(); }
  // For proofs up to size(), in this or any other thread.
  const MerkleLogReader& reader() const { return reader_; }

  Stage Begin() const { return Stage(reader_.prefix(), frontier_); }

  // Takes over a stage once its batch has been written. REQUIRES: `stage` began at size(), so a
  // stage can't be committed twice or after another.
  void Commit(const Stage& stage);

 private:
  MerkleLog(MerkleLogReader reader, MerkleFrontier frontier)
      : reader_(std::move(reader)), frontier_(std::move(frontier)) {}

  MerkleLogReader reader_;
  MerkleFrontier frontier_;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_MERKLE_LOG_H_
