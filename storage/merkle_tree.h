// The Merkle tree of RFC 6962 (and RFC 9162, section 2.1) as pure functions: how leaves and nodes
// are hashed, roots, proofs, and the checks of proofs. Nothing here stores anything.
//
//   leaf hash   H(0x00 || leaf)            node hash   H(0x01 || left || right)
//   root of no leaves   H("")
//
// A *complete subtree* of level k and index i stands over the 2^k leaves from i * 2^k on; level 0
// is a leaf hash. Any tree is made of few of them, so whoever can give the hashes of complete
// subtrees can give every root and proof.
#ifndef LANDBOOK_STORAGE_MERKLE_TREE_H_
#define LANDBOOK_STORAGE_MERKLE_TREE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/digest.h"
#include "storage/suite.h"

namespace landbook::storage {

Hash EmptyRoot(const Suite& suite);
Hash LeafHash(const Suite& suite, std::string_view leaf);

struct NodePair {
  Hash left;
  Hash right;
};
Hash NodeHash(const Suite& suite, const NodePair& children);

struct Subtree {
  int level = 0;
  std::uint64_t index = 0;

  friend bool operator==(const Subtree&, const Subtree&) = default;
};

// Gives the hash of a complete subtree, or why it cannot be read. The functions below ask only
// for subtrees that lie wholly within the tree they were told of, and pass its status on.
using SubtreeSource = std::function<absl::StatusOr<Hash>(const Subtree&)>;

// A run of leaves [begin, end). It stands in the tree as one (possibly incomplete) subtree when
// `begin` is a multiple of the smallest power of two that is not less than its length.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

// The complete subtrees that make up the range, left to right and so from high to low level:
// one for every one-bit of its length. REQUIRES: `range` stands in the tree as one subtree.
std::vector<Subtree> CompleteSubtrees(const LeafRange& range);

// The frontier of a tree: the hashes of its complete subtrees, at most 64 of them. It is all that
// appending needs, and small enough to copy before a batch and throw away when the batch fails.
class MerkleFrontier {
 public:
  explicit MerkleFrontier(const Suite& suite) : suite_(&suite) {}

  // Is told of every complete subtree above the leaves that an Append finishes, lowest first.
  using SubtreeSink = std::function<void(const Subtree&, const Hash&)>;

  // Adds one leaf. Amortised one node hash.
  void Append(const Hash& leaf_hash) { Append(leaf_hash, nullptr); }
  void Append(const Hash& leaf_hash, const SubtreeSink& sink);

  const Suite& suite() const { return *suite_; }
  std::uint64_t size() const { return size_; }
  // The hashes of CompleteSubtrees({0, size()}), in that order.
  const std::vector<Hash>& peaks() const { return peaks_; }
  Hash Root() const;

  // The frontier of the first `size` leaves of what `source` knows.
  static absl::StatusOr<MerkleFrontier> Load(const Suite& suite, std::uint64_t size,
                                             const SubtreeSource& source);

  friend bool operator==(const MerkleFrontier& a, const MerkleFrontier& b) {
    return a.suite_ == b.suite_ && a.size_ == b.size_ && a.peaks_ == b.peaks_;
  }

 private:
  const Suite* suite_;
  std::uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// That leaf `leaf_index` is in the tree of `tree_size` leaves: the sibling subtrees on its way to
// the root, lowest first (RFC 9162, 2.1.3).
struct InclusionProof {
  std::uint64_t leaf_index = 0;
  std::uint64_t tree_size = 0;
  std::vector<Hash> path;

  friend bool operator==(const InclusionProof&, const InclusionProof&) = default;
};

struct InclusionClaim {
  Hash leaf_hash;
  Hash root;
};

// That the tree of `old_size` leaves is the beginning of the one of `new_size` (RFC 9162, 2.1.4).
// From an empty tree, and between equal trees, the path is empty.
struct ConsistencyProof {
  std::uint64_t old_size = 0;
  std::uint64_t new_size = 0;
  std::vector<Hash> path;

  friend bool operator==(const ConsistencyProof&, const ConsistencyProof&) = default;
};

struct ConsistencyClaim {
  Hash old_root;
  Hash new_root;
};

// The root of the first `size` leaves.
absl::StatusOr<Hash> RootOf(const Suite& suite, std::uint64_t size, const SubtreeSource& source);

struct LeafPlace {
  std::uint64_t leaf_index = 0;
  std::uint64_t tree_size = 0;
};

// OUT_OF_RANGE when the leaf is not in a tree of that size.
absl::StatusOr<InclusionProof> ProveInclusion(const Suite& suite, const LeafPlace& place,
                                              const SubtreeSource& source);

struct TreeSizes {
  std::uint64_t old_size = 0;
  std::uint64_t new_size = 0;
};

// OUT_OF_RANGE when the old size is above the new one.
absl::StatusOr<ConsistencyProof> ProveConsistency(const Suite& suite, const TreeSizes& sizes,
                                                  const SubtreeSource& source);

// OK when the proof proves the claim (RFC 9162, 2.1.3.2); else INVALID_ARGUMENT with what is
// wrong. The proof may come from anywhere.
absl::Status VerifyInclusion(const Suite& suite, const InclusionProof& proof,
                             const InclusionClaim& claim);

// The same for consistency (RFC 9162, 2.1.4.2).
absl::Status VerifyConsistency(const Suite& suite, const ConsistencyProof& proof,
                               const ConsistencyClaim& claim);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_MERKLE_TREE_H_
