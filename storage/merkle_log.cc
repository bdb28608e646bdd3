#include "storage/merkle_log.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <map>
#include <utility>

#include "fmt/format.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::storage {
namespace {

// A tile spans this many levels, and so 256 hashes of its lowest one.
constexpr int kTileLevels = 8;
constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kTileLevels;

std::string KeyOf(const std::string& prefix, const Subtree& subtree) {
  LANDBOOK_CHECK(subtree.level >= 0 && subtree.level < 64 && subtree.level % kTileLevels == 0);
  std::string key = prefix;
  AppendU8(key, static_cast<std::uint8_t>(subtree.level));
  AppendU64(key, subtree.index);
  return key;
}

// Reads hashes of one call, tile by tile, and keeps the tiles for the rest of the call: the
// siblings on a way to the root lie in few of them.
class TileReader {
 public:
  TileReader(const Engine& engine, const Suite& suite, const std::string& prefix)
      : engine_(engine), suite_(suite), prefix_(prefix) {}

  absl::StatusOr<Hash> Read(const Subtree& subtree) {
    const int base = subtree.level / kTileLevels * kTileLevels;
    const int above = subtree.level - base;
    const std::uint64_t first = subtree.index << above;
    const std::uint64_t count = std::uint64_t{1} << above;
    absl::StatusOr<const std::vector<Hash>*> tile =
        TileOf({.level = base, .index = first / kTileWidth});
    if (!tile.ok()) return tile.status();
    const std::size_t offset = first % kTileWidth;
    if ((*tile)->size() < offset + count) {
      return absl::DataLossError(fmt::format(
          "the Merkle log lacks hash {} of level {}; restore the book from its last good backup",
          first + count - 1, base));
    }
    return Folded(std::span(**tile).subspan(offset, count));
  }

  SubtreeSource AsSource() {
    return [this](const Subtree& subtree) { return Read(subtree); };
  }

 private:
  struct Order {
    bool operator()(const Subtree& a, const Subtree& b) const {
      return std::pair(a.level, a.index) < std::pair(b.level, b.index);
    }
  };

  // REQUIRES: the number of hashes is a power of two.
  Hash Folded(std::span<const Hash> hashes) const {
    LANDBOOK_CHECK(std::has_single_bit(hashes.size()));
    std::vector<Hash> level(hashes.begin(), hashes.end());
    for (std::size_t width = level.size() / 2; width > 0; width /= 2) {
      for (std::size_t i = 0; i < width; ++i) {
        level[i] = NodeHash(suite_, {.left = level[2 * i], .right = level[2 * i + 1]});
      }
    }
    return level.front();
  }

  absl::StatusOr<const std::vector<Hash>*> TileOf(const Subtree& tile) {
    const auto known = tiles_.find(tile);
    if (known != tiles_.end()) return &known->second;
    absl::StatusOr<std::vector<Hash>> hashes = Fetch(tile);
    if (!hashes.ok()) return hashes.status();
    return &tiles_.emplace(tile, std::move(*hashes)).first->second;
  }

  absl::StatusOr<std::vector<Hash>> Fetch(const Subtree& tile) const {
    const std::uint64_t begin = tile.index * kTileWidth;
    const KeyRange range{.begin = KeyOf(prefix_, {.level = tile.level, .index = begin}),
                         .end = KeyOf(prefix_, {.level = tile.level, .index = begin + kTileWidth})};
    std::vector<Hash> hashes;
    bool whole = true;
    const absl::StatusOr<RemainingRanges> scanned = engine_.Scan(
        std::span(&range, 1), ScanLimit{}, [&](std::string_view key, std::string_view value) {
          whole = AppendRun(tile, key, value, hashes);
          return whole;
        });
    if (!scanned.ok()) return scanned.status();
    if (whole) return hashes;
    return absl::DataLossError(
        fmt::format("the Merkle log is broken behind hash {} of level {}; restore the book from "
                    "its last good backup",
                    begin + hashes.size(), tile.level));
  }

  // Adds one stored run to the tile; false when it does not follow what came before, or is no run.
  bool AppendRun(const Subtree& tile, std::string_view key, std::string_view value,
                 std::vector<Hash>& hashes) const {
    const std::uint64_t next = tile.index * kTileWidth + hashes.size();
    const std::size_t count = value.size() / kHashSize;
    if (key != KeyOf(prefix_, {.level = tile.level, .index = next})) return false;
    if (value.empty() || value.size() % kHashSize != 0) return false;
    if (hashes.size() + count > kTileWidth) return false;
    for (std::size_t i = 0; i < count; ++i) {
      hashes.push_back(*HashFromBytes(value.substr(i * kHashSize, kHashSize)));
    }
    return true;
  }

  const Engine& engine_;
  const Suite& suite_;
  const std::string& prefix_;
  std::map<Subtree, std::vector<Hash>, Order> tiles_;
};

}  // namespace

absl::StatusOr<Hash> MerkleLogReader::RootAt(std::uint64_t size) const {
  TileReader tiles(*engine_, *suite_, prefix_);
  return RootOf(*suite_, size, tiles.AsSource());
}

absl::StatusOr<MerkleFrontier> MerkleLogReader::FrontierAt(std::uint64_t size) const {
  TileReader tiles(*engine_, *suite_, prefix_);
  return MerkleFrontier::Load(*suite_, size, tiles.AsSource());
}

absl::StatusOr<InclusionProof> MerkleLogReader::Inclusion(const LeafPlace& place) const {
  TileReader tiles(*engine_, *suite_, prefix_);
  return ProveInclusion(*suite_, place, tiles.AsSource());
}

absl::StatusOr<ConsistencyProof> MerkleLogReader::Consistency(const TreeSizes& sizes) const {
  TileReader tiles(*engine_, *suite_, prefix_);
  return ProveConsistency(*suite_, sizes, tiles.AsSource());
}

void MerkleLog::Stage::Append(const Hash& leaf_hash) {
  leaves_.push_back(leaf_hash);
  frontier_.Append(leaf_hash, [this](const Subtree& subtree, const Hash& hash) {
    if (subtree.level % kTileLevels == 0) stored_subtrees_.emplace_back(subtree, hash);
  });
}

void MerkleLog::Stage::Append(std::span<const Hash> leaf_hashes) {
  for (const Hash& leaf_hash : leaf_hashes) Append(leaf_hash);
}

void MerkleLog::Stage::WriteTo(WriteBatch& batch) const {
  LANDBOOK_CHECK(begin_ + leaves_.size() == size());
  for (std::size_t written = 0; written < leaves_.size();) {
    const std::uint64_t first = begin_ + written;
    const std::size_t count =
        std::min<std::size_t>(leaves_.size() - written, kTileWidth - first % kTileWidth);
    std::string run;
    run.reserve(count * kHashSize);
    for (const Hash& leaf : std::span(leaves_).subspan(written, count)) run.append(BytesOf(leaf));
    batch.Put(KeyOf(prefix_, {.level = 0, .index = first}), std::move(run));
    written += count;
  }
  for (const auto& [subtree, hash] : stored_subtrees_) {
    batch.Put(KeyOf(prefix_, subtree), std::string(BytesOf(hash)));
  }
}

absl::StatusOr<MerkleLog> MerkleLog::Open(MerkleLogReader reader, std::uint64_t size) {
  absl::StatusOr<MerkleFrontier> frontier = reader.FrontierAt(size);
  if (!frontier.ok()) return frontier.status();
  return MerkleLog(std::move(reader), std::move(*frontier));
}

void MerkleLog::Commit(const Stage& stage) {
  LANDBOOK_CHECK(stage.begin_ == size());
  frontier_ = stage.frontier_;
}

}  // namespace landbook::storage
