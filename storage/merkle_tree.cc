#include "storage/merkle_tree.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>

#include "fmt/format.h"
#include "storage/check.h"

namespace landbook::storage {
namespace {

constexpr char kLeafMark = '\x00';
constexpr char kNodeMark = '\x01';

// The largest power of two below `size` (the k of RFC 9162, 2.1.1). REQUIRES: size > 1.
std::uint64_t SplitOf(std::uint64_t size) {
  LANDBOOK_CHECK(size > 1);
  return std::bit_floor(size - 1);
}

// Hashes of neighbouring subtrees, left to right and falling in level, folded from the right.
// REQUIRES: there is at least one.
Hash FoldedPeaks(const Suite& suite, const std::vector<Hash>& peaks) {
  LANDBOOK_CHECK(!peaks.empty());
  Hash root = peaks.back();
  for (std::size_t i = peaks.size() - 1; i > 0; --i) {
    root = NodeHash(suite, {.left = peaks[i - 1], .right = root});
  }
  return root;
}

absl::StatusOr<std::vector<Hash>> ReadAll(const std::vector<Subtree>& subtrees,
                                          const SubtreeSource& source) {
  std::vector<Hash> hashes;
  hashes.reserve(subtrees.size());
  for (const Subtree& subtree : subtrees) {
    absl::StatusOr<Hash> hash = source(subtree);
    if (!hash.ok()) return hash.status();
    hashes.push_back(*hash);
  }
  return hashes;
}

// The hashes of the ranges given, each one (possibly incomplete) subtree, in reverse order: the
// provers go down from the root, and a path is told from below.
absl::StatusOr<std::vector<Hash>> PathOf(const Suite& suite, std::vector<LeafRange> ranges,
                                         const SubtreeSource& source) {
  std::reverse(ranges.begin(), ranges.end());
  std::vector<Hash> path;
  path.reserve(ranges.size());
  for (const LeafRange& range : ranges) {
    absl::StatusOr<std::vector<Hash>> peaks = ReadAll(CompleteSubtrees(range), source);
    if (!peaks.ok()) return peaks.status();
    path.push_back(FoldedPeaks(suite, *peaks));
  }
  return path;
}

absl::Status PathTooLong() {
  return absl::InvalidArgumentError("the proof has more hashes than the tree has levels there");
}

absl::Status PathTooShort() { return absl::InvalidArgumentError("the proof ends before the root"); }

// Walks from a node up to the root, as both checks do: `node` is the position of the subtree at
// hand on its level, `last` that of the last one.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  bool AtRoot() const { return last == 0; }
  // Whether the next hash of the path is a left sibling.
  bool SiblingIsLeft() const { return (node & 1) != 0 || node == last; }
  void Up() {
    node >>= 1;
    last >>= 1;
  }
  // A last node without a sibling is carried up, until it is a right child or the root.
  void SkipLevelsWithoutSibling() {
    while ((node & 1) == 0 && node != 0) Up();
  }
};

}  // namespace

Hash EmptyRoot(const Suite& suite) { return suite.HashOf(std::string_view()); }

Hash LeafHash(const Suite& suite, std::string_view leaf) {
  return suite.HashOf({std::string_view(&kLeafMark, 1), leaf});
}

Hash NodeHash(const Suite& suite, const NodePair& children) {
  char bytes[1 + 2 * kHashSize];
  bytes[0] = kNodeMark;
  std::copy(children.left.begin(), children.left.end(), bytes + 1);
  std::copy(children.right.begin(), children.right.end(), bytes + 1 + kHashSize);
  return suite.HashOf(std::string_view(bytes, sizeof(bytes)));
}

std::vector<Subtree> CompleteSubtrees(const LeafRange& range) {
  std::vector<Subtree> subtrees;
  LANDBOOK_CHECK(range.begin <= range.end);
  std::uint64_t begin = range.begin;
  while (begin < range.end) {
    const int level = std::bit_width(range.end - begin) - 1;
    subtrees.push_back({.level = level, .index = begin >> level});
    begin += std::uint64_t{1} << level;
  }
  return subtrees;
}

void MerkleFrontier::Append(const Hash& leaf_hash, const SubtreeSink& sink) {
  Hash hash = leaf_hash;
  std::uint64_t index = size_;
  int level = 0;
  while ((index & 1) != 0) {
    hash = NodeHash(*suite_, {.left = peaks_.back(), .right = hash});
    peaks_.pop_back();
    index >>= 1;
    ++level;
    if (sink) sink({.level = level, .index = index}, hash);
  }
  peaks_.push_back(hash);
  ++size_;
  // One complete subtree for every one-bit of the size, or the levels above are joined wrongly.
  LANDBOOK_CHECK(peaks_.size() == static_cast<std::size_t>(std::popcount(size_)));
}

Hash MerkleFrontier::Root() const {
  return peaks_.empty() ? EmptyRoot(*suite_) : FoldedPeaks(*suite_, peaks_);
}

absl::StatusOr<MerkleFrontier> MerkleFrontier::Load(const Suite& suite, std::uint64_t size,
                                                    const SubtreeSource& source) {
  absl::StatusOr<std::vector<Hash>> peaks =
      ReadAll(CompleteSubtrees({.begin = 0, .end = size}), source);
  if (!peaks.ok()) return peaks.status();
  MerkleFrontier frontier(suite);
  frontier.size_ = size;
  frontier.peaks_ = std::move(*peaks);
  return frontier;
}

absl::StatusOr<Hash> RootOf(const Suite& suite, std::uint64_t size, const SubtreeSource& source) {
  absl::StatusOr<MerkleFrontier> frontier = MerkleFrontier::Load(suite, size, source);
  if (!frontier.ok()) return frontier.status();
  return frontier->Root();
}

absl::StatusOr<InclusionProof> ProveInclusion(const Suite& suite, const LeafPlace& place,
                                              const SubtreeSource& source) {
  if (place.leaf_index >= place.tree_size) {
    return absl::OutOfRangeError(
        fmt::format("a tree of {} leaves has no leaf {}", place.tree_size, place.leaf_index));
  }
  std::vector<LeafRange> siblings;
  LeafRange at{.begin = 0, .end = place.tree_size};
  while (at.end - at.begin > 1) {
    const std::uint64_t middle = at.begin + SplitOf(at.end - at.begin);
    if (place.leaf_index < middle) {
      siblings.push_back({.begin = middle, .end = at.end});
      at.end = middle;
    } else {
      siblings.push_back({.begin = at.begin, .end = middle});
      at.begin = middle;
    }
  }
  absl::StatusOr<std::vector<Hash>> path = PathOf(suite, std::move(siblings), source);
  if (!path.ok()) return path.status();
  return InclusionProof{
      .leaf_index = place.leaf_index, .tree_size = place.tree_size, .path = std::move(*path)};
}

absl::StatusOr<ConsistencyProof> ProveConsistency(const Suite& suite, const TreeSizes& sizes,
                                                  const SubtreeSource& source) {
  if (sizes.old_size > sizes.new_size) {
    return absl::OutOfRangeError(fmt::format(
        "a tree of {} leaves is not the beginning of one of {}", sizes.old_size, sizes.new_size));
  }
  ConsistencyProof proof{.old_size = sizes.old_size, .new_size = sizes.new_size, .path = {}};
  if (sizes.old_size == 0) return proof;
  std::vector<LeafRange> ranges;
  LeafRange at{.begin = 0, .end = sizes.new_size};
  while (at.end != sizes.old_size) {
    const std::uint64_t middle = at.begin + SplitOf(at.end - at.begin);
    if (sizes.old_size <= middle) {
      ranges.push_back({.begin = middle, .end = at.end});
      at.end = middle;
    } else {
      ranges.push_back({.begin = at.begin, .end = middle});
      at.begin = middle;
    }
  }
  // Where the old tree is itself a complete subtree of the new one, its root is known already.
  if (at.begin != 0) ranges.push_back(at);
  absl::StatusOr<std::vector<Hash>> path = PathOf(suite, std::move(ranges), source);
  if (!path.ok()) return path.status();
  proof.path = std::move(*path);
  return proof;
}

absl::Status VerifyInclusion(const Suite& suite, const InclusionProof& proof,
                             const InclusionClaim& claim) {
  if (proof.leaf_index >= proof.tree_size) {
    return absl::InvalidArgumentError(
        fmt::format("a tree of {} leaves has no leaf {}", proof.tree_size, proof.leaf_index));
  }
  Climb climb{.node = proof.leaf_index, .last = proof.tree_size - 1};
  Hash hash = claim.leaf_hash;
  for (const Hash& sibling : proof.path) {
    if (climb.AtRoot()) return PathTooLong();
    if (climb.SiblingIsLeft()) {
      hash = NodeHash(suite, {.left = sibling, .right = hash});
      climb.SkipLevelsWithoutSibling();
    } else {
      hash = NodeHash(suite, {.left = hash, .right = sibling});
    }
    climb.Up();
  }
  if (!climb.AtRoot()) return PathTooShort();
  if (hash == claim.root) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "the proof leads from leaf {} to another root than the one claimed", proof.leaf_index));
}

namespace {

absl::Status VerifyWithoutPath(const ConsistencyProof& proof, bool roots_agree) {
  if (!proof.path.empty()) return PathTooLong();
  if (roots_agree) return absl::OkStatus();
  return absl::InvalidArgumentError(
      proof.old_size == 0 ? "the root claimed for an empty tree is not that of no leaves"
                          : "two trees of the same size have different roots");
}

// Both roots that a consistency path leads to.
absl::StatusOr<ConsistencyClaim> FoldConsistency(const Suite& suite, const TreeSizes& sizes,
                                                 const std::vector<Hash>& path) {
  Climb climb{.node = sizes.old_size - 1, .last = sizes.new_size - 1};
  while ((climb.node & 1) != 0) climb.Up();
  ConsistencyClaim roots{.old_root = path.front(), .new_root = path.front()};
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (climb.AtRoot()) return PathTooLong();
    if (climb.SiblingIsLeft()) {
      roots.old_root = NodeHash(suite, {.left = path[i], .right = roots.old_root});
      roots.new_root = NodeHash(suite, {.left = path[i], .right = roots.new_root});
      climb.SkipLevelsWithoutSibling();
    } else {
      roots.new_root = NodeHash(suite, {.left = roots.new_root, .right = path[i]});
    }
    climb.Up();
  }
  if (!climb.AtRoot()) return PathTooShort();
  return roots;
}

}  // namespace

absl::Status VerifyConsistency(const Suite& suite, const ConsistencyProof& proof,
                               const ConsistencyClaim& claim) {
  if (proof.old_size > proof.new_size) {
    return absl::InvalidArgumentError(fmt::format(
        "a tree of {} leaves is not the beginning of one of {}", proof.old_size, proof.new_size));
  }
  if (proof.old_size == 0) return VerifyWithoutPath(proof, claim.old_root == EmptyRoot(suite));
  if (proof.old_size == proof.new_size) {
    return VerifyWithoutPath(proof, claim.old_root == claim.new_root);
  }
  if (proof.path.empty()) return PathTooShort();
  std::vector<Hash> path = proof.path;
  // A complete old tree is its own first subtree, and the proof leaves it out.
  if (std::has_single_bit(proof.old_size)) path.insert(path.begin(), claim.old_root);
  absl::StatusOr<ConsistencyClaim> roots =
      FoldConsistency(suite, {.old_size = proof.old_size, .new_size = proof.new_size}, path);
  if (!roots.ok()) return roots.status();
  if (roots->old_root != claim.old_root) {
    return absl::InvalidArgumentError("the proof leads to another old root than the one claimed");
  }
  if (roots->new_root != claim.new_root) {
    return absl::InvalidArgumentError("the proof leads to another new root than the one claimed");
  }
  return absl::OkStatus();
}

}  // namespace landbook::storage
