#include "storage/merkle_tree.h"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"
#include "storage/suite.h"

namespace landbook::storage {
namespace {

const Suite& kSuite = Suite::Sha256Ed25519();

// The definition of RFC 6962, 2.1, word for word: slow, and the judge of everything else.
Hash NaiveRoot(const std::vector<Hash>& leaves, std::size_t begin, std::size_t end) {
  if (begin == end) return kSuite.HashOf("");
  if (end - begin == 1) return leaves[begin];
  std::size_t split = 1;
  while (split * 2 < end - begin) split *= 2;
  return NodeHash(kSuite, {.left = NaiveRoot(leaves, begin, begin + split),
                           .right = NaiveRoot(leaves, begin + split, end)});
}

// PATH(m, D[n]) of 2.1.1.
std::vector<Hash> NaivePath(const std::vector<Hash>& leaves, std::size_t index) {
  if (leaves.size() == 1) return {};
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const std::vector<Hash> left(leaves.begin(), leaves.begin() + split);
  const std::vector<Hash> right(leaves.begin() + split, leaves.end());
  std::vector<Hash> path = index < split ? NaivePath(left, index) : NaivePath(right, index - split);
  const std::vector<Hash>& other = index < split ? right : left;
  path.push_back(NaiveRoot(other, 0, other.size()));
  return path;
}

// SUBPROOF(m, D[n], b) of 2.1.2.
std::vector<Hash> NaiveSubproof(const std::vector<Hash>& leaves, std::size_t old_size,
                                bool old_root_known) {
  if (old_size == leaves.size()) {
    if (old_root_known) return {};
    return {NaiveRoot(leaves, 0, leaves.size())};
  }
  std::size_t split = 1;
  while (split * 2 < leaves.size()) split *= 2;
  const std::vector<Hash> left(leaves.begin(), leaves.begin() + split);
  const std::vector<Hash> right(leaves.begin() + split, leaves.end());
  std::vector<Hash> path = old_size <= split ? NaiveSubproof(left, old_size, old_root_known)
                                             : NaiveSubproof(right, old_size - split, false);
  const std::vector<Hash>& other = old_size <= split ? right : left;
  path.push_back(NaiveRoot(other, 0, other.size()));
  return path;
}

SubtreeSource SourceOf(const std::vector<Hash>& leaves) {
  return [leaves](const Subtree& subtree) -> absl::StatusOr<Hash> {
    const std::uint64_t begin = subtree.index << subtree.level;
    const std::uint64_t end = begin + (std::uint64_t{1} << subtree.level);
    if (end > leaves.size()) return absl::OutOfRangeError("beyond the tree");
    return NaiveRoot(leaves, begin, end);
  };
}

std::vector<Hash> NumberedLeaves(std::size_t count) {
  std::vector<Hash> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(LeafHash(kSuite, std::to_string(i)));
  return leaves;
}

struct Vectors {
  std::vector<Hash> leaves;
  std::vector<Hash> roots;
  std::vector<InclusionProof> inclusions;
  std::vector<ConsistencyProof> consistencies;
};

std::vector<Hash> RestOf(std::istringstream& line) {
  std::vector<Hash> hashes;
  std::string hex;
  while (line >> hex) hashes.push_back(HashFromHex(hex).value());
  return hashes;
}

Vectors ReadVectors() {
  std::ifstream file(LANDBOOK_SOURCE_DIR "/storage/testdata/merkle_vectors.txt");
  Vectors vectors;
  std::string text;
  while (std::getline(file, text)) {
    std::istringstream line(text);
    std::string kind;
    std::uint64_t first = 0, second = 0;
    std::string leaf;
    line >> kind;
    if (kind == "leaf" && line >> leaf) {
      if (leaf == "-") leaf.clear();
      vectors.leaves.push_back(LeafHash(kSuite, BytesFromHex(leaf).value()));
    } else if (kind == "root" && line >> first) {
      vectors.roots.push_back(RestOf(line).front());
    } else if (kind == "inclusion" && line >> first >> second) {
      vectors.inclusions.push_back({first, second, RestOf(line)});
    } else if (kind == "consistency" && line >> first >> second) {
      vectors.consistencies.push_back({first, second, RestOf(line)});
    }
  }
  return vectors;
}

Hash Flipped(Hash hash, std::size_t bit) {
  hash[bit / 8 % kHashSize] ^= static_cast<std::uint8_t>(1u << bit % 8);
  return hash;
}

TEST(MerkleTree, GivesThePublishedRoots) {
  const Vectors vectors = ReadVectors();
  ASSERT_EQ(vectors.leaves.size(), 8u);
  ASSERT_EQ(vectors.roots.size(), 9u);
  MerkleFrontier frontier(kSuite);
  EXPECT_EQ(frontier.Root(), vectors.roots[0]);
  for (std::size_t i = 0; i < 8; ++i) {
    frontier.Append(vectors.leaves[i]);
    EXPECT_EQ(HexOf(frontier.Root()), HexOf(vectors.roots[i + 1])) << i + 1 << " leaves";
    EXPECT_EQ(RootOf(kSuite, i + 1, SourceOf(vectors.leaves)).value(), vectors.roots[i + 1]);
  }
}

TEST(MerkleTree, GivesAndAcceptsThePublishedInclusionProofs) {
  const Vectors vectors = ReadVectors();
  ASSERT_EQ(vectors.inclusions.size(), 5u);
  for (const InclusionProof& wanted : vectors.inclusions) {
    const auto proof =
        ProveInclusion(kSuite, {wanted.leaf_index, wanted.tree_size}, SourceOf(vectors.leaves));
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(*proof, wanted);
    EXPECT_TRUE(VerifyInclusion(kSuite, wanted,
                                {.leaf_hash = vectors.leaves[wanted.leaf_index],
                                 .root = vectors.roots[wanted.tree_size]})
                    .ok());
  }
}

TEST(MerkleTree, GivesAndAcceptsThePublishedConsistencyProofs) {
  const Vectors vectors = ReadVectors();
  ASSERT_EQ(vectors.consistencies.size(), 4u);
  for (const ConsistencyProof& wanted : vectors.consistencies) {
    const auto proof =
        ProveConsistency(kSuite, {wanted.old_size, wanted.new_size}, SourceOf(vectors.leaves));
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_EQ(*proof, wanted);
    EXPECT_TRUE(VerifyConsistency(kSuite, wanted,
                                  {.old_root = vectors.roots[wanted.old_size],
                                   .new_root = vectors.roots[wanted.new_size]})
                    .ok());
  }
}

TEST(MerkleTree, ProvesEveryLeafOfEverySmallTree) {
  for (std::size_t size = 1; size <= 33; ++size) {
    const std::vector<Hash> leaves = NumberedLeaves(size);
    const Hash root = NaiveRoot(leaves, 0, size);
    for (std::size_t index = 0; index < size; ++index) {
      const auto proof = ProveInclusion(kSuite, {index, size}, SourceOf(leaves));
      ASSERT_TRUE(proof.ok());
      EXPECT_EQ(proof->path, NaivePath(leaves, index));
      EXPECT_TRUE(VerifyInclusion(kSuite, *proof, {leaves[index], root}).ok());
      EXPECT_FALSE(VerifyInclusion(kSuite, *proof, {leaves[index], Flipped(root, 3)}).ok());
    }
  }
}

TEST(MerkleTree, ProvesEveryBeginningOfEverySmallTree) {
  for (std::size_t size = 1; size <= 33; ++size) {
    const std::vector<Hash> leaves = NumberedLeaves(size);
    const Hash root = NaiveRoot(leaves, 0, size);
    for (std::size_t old_size = 1; old_size <= size; ++old_size) {
      const Hash old_root = NaiveRoot(leaves, 0, old_size);
      const auto proof = ProveConsistency(kSuite, {old_size, size}, SourceOf(leaves));
      ASSERT_TRUE(proof.ok());
      EXPECT_EQ(proof->path, NaiveSubproof(leaves, old_size, true));
      EXPECT_TRUE(VerifyConsistency(kSuite, *proof, {old_root, root}).ok());
      EXPECT_FALSE(VerifyConsistency(kSuite, *proof, {Flipped(old_root, 0), root}).ok());
      EXPECT_FALSE(VerifyConsistency(kSuite, *proof, {old_root, Flipped(root, 9)}).ok());
    }
  }
}

TEST(MerkleTree, AnEmptyTreeIsTheBeginningOfEveryTree) {
  const std::vector<Hash> leaves = NumberedLeaves(5);
  const Hash root = NaiveRoot(leaves, 0, 5);
  const auto proof = ProveConsistency(kSuite, {0, 5}, SourceOf(leaves));
  ASSERT_TRUE(proof.ok());
  EXPECT_TRUE(proof->path.empty());
  EXPECT_TRUE(VerifyConsistency(kSuite, *proof, {EmptyRoot(kSuite), root}).ok());
  EXPECT_FALSE(VerifyConsistency(kSuite, *proof, {root, root}).ok());
  EXPECT_FALSE(VerifyConsistency(kSuite, {0, 5, {root}}, {EmptyRoot(kSuite), root}).ok());
}

TEST(MerkleTree, RefusesToProveWhatIsNotInTheTree) {
  const std::vector<Hash> leaves = NumberedLeaves(4);
  EXPECT_EQ(ProveInclusion(kSuite, {4, 4}, SourceOf(leaves)).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ProveInclusion(kSuite, {0, 0}, SourceOf(leaves)).status().code(),
            absl::StatusCode::kOutOfRange);
  EXPECT_EQ(ProveConsistency(kSuite, {5, 4}, SourceOf(leaves)).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(MerkleTree, PassesOnWhyASubtreeCannotBeRead) {
  const SubtreeSource broken = [](const Subtree&) -> absl::StatusOr<Hash> {
    return absl::DataLossError("tile 7");
  };
  EXPECT_EQ(RootOf(kSuite, 3, broken).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ProveInclusion(kSuite, {1, 3}, broken).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ProveConsistency(kSuite, {1, 3}, broken).status().code(), absl::StatusCode::kDataLoss);
}

TEST(MerkleTree, ALeafIsNeverTakenForANode) {
  const std::vector<Hash> leaves = NumberedLeaves(2);
  std::string both(BytesOf(leaves[0]));
  both.append(BytesOf(leaves[1]));
  EXPECT_NE(LeafHash(kSuite, both), NodeHash(kSuite, {leaves[0], leaves[1]}));
}

TEST(MerkleTree, BothSuitesHaveTreesOfTheirOwn) {
  EXPECT_NE(LeafHash(Suite::Sm3Sm2(), "x"), LeafHash(kSuite, "x"));
  EXPECT_EQ(HexOf(EmptyRoot(Suite::Sm3Sm2())),
            "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

RC_GTEST_PROP(MerkleTree, AnyChangeToAnInclusionProofIsRefused, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(2, 70);
  const auto index = *rc::gen::inRange<std::size_t>(0, size);
  const std::vector<Hash> leaves = NumberedLeaves(size);
  const InclusionClaim claim{leaves[index], NaiveRoot(leaves, 0, size)};
  const InclusionProof good = ProveInclusion(kSuite, {index, size}, SourceOf(leaves)).value();
  RC_ASSERT(VerifyInclusion(kSuite, good, claim).ok());

  InclusionProof bad = good;
  const auto place = *rc::gen::inRange<std::size_t>(0, good.path.size());
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      bad.path[place] = Flipped(bad.path[place], *rc::gen::inRange(0, 256));
      break;
    case 1:
      bad.path.erase(bad.path.begin() + static_cast<std::ptrdiff_t>(place));
      break;
    case 2:
      bad.path.push_back(claim.root);
      break;
    case 3:
      bad.leaf_index = (index + *rc::gen::inRange<std::size_t>(1, size)) % size;
      break;
    case 4:
      bad.leaf_index = size + place;
      break;
  }
  RC_ASSERT(!VerifyInclusion(kSuite, bad, claim).ok());
}

RC_GTEST_PROP(MerkleTree, AnyChangeToAConsistencyProofIsRefused, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(2, 70);
  const auto old_size = *rc::gen::inRange<std::size_t>(1, size);
  const std::vector<Hash> leaves = NumberedLeaves(size);
  const ConsistencyClaim claim{NaiveRoot(leaves, 0, old_size), NaiveRoot(leaves, 0, size)};
  const ConsistencyProof good =
      ProveConsistency(kSuite, {old_size, size}, SourceOf(leaves)).value();
  RC_ASSERT(VerifyConsistency(kSuite, good, claim).ok());

  ConsistencyProof bad = good;
  const auto place = *rc::gen::inRange<std::size_t>(0, good.path.size());
  switch (*rc::gen::inRange(0, 4)) {
    case 0:
      bad.path[place] = Flipped(bad.path[place], *rc::gen::inRange(0, 256));
      break;
    case 1:
      bad.path.erase(bad.path.begin() + static_cast<std::ptrdiff_t>(place));
      break;
    case 2:
      bad.path.insert(bad.path.begin(), claim.old_root);
      break;
    case 3:
      bad.path.clear();
      break;
  }
  RC_ASSERT(!VerifyConsistency(kSuite, bad, claim).ok());
}

RC_GTEST_PROP(MerkleTree, AFrontierKnowsEveryRootAndReportsEverySubtree, ()) {
  const auto size = *rc::gen::inRange<std::size_t>(0, 200);
  const std::vector<Hash> leaves = NumberedLeaves(size);
  MerkleFrontier frontier(kSuite);
  std::size_t reported = 0;
  for (const Hash& leaf : leaves) {
    frontier.Append(leaf, [&](const Subtree& subtree, const Hash& hash) {
      ++reported;
      RC_ASSERT(SourceOf(leaves)(subtree).value() == hash);
    });
  }
  RC_ASSERT(frontier.Root() == NaiveRoot(leaves, 0, size));
  RC_ASSERT(frontier.size() == size);
  // A tree of n leaves has n - popcount(n) complete subtrees above its leaves.
  RC_ASSERT(reported == size - frontier.peaks().size());
  RC_ASSERT(MerkleFrontier::Load(kSuite, size, SourceOf(leaves)).value() == frontier);
}

RC_GTEST_PROP(MerkleTree, ACopiedFrontierGoesItsOwnWay, ()) {
  const std::vector<Hash> leaves = NumberedLeaves(*rc::gen::inRange<std::size_t>(1, 40));
  MerkleFrontier frontier(kSuite);
  for (const Hash& leaf : leaves) frontier.Append(leaf);
  const Hash root = frontier.Root();
  MerkleFrontier copy = frontier;
  copy.Append(leaves.front());
  RC_ASSERT(frontier.Root() == root);
  RC_ASSERT(copy.Root() != root);
}

}  // namespace
}  // namespace landbook::storage
