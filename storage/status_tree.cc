#include "storage/status_tree.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "fmt/format.h"
#include "storage/bytes.h"
#include "storage/check.h"

namespace landbook::storage {
namespace {

// A tile spans this many levels, and so 16 entries.
constexpr int kTileLevels = 4;
constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kTileLevels;
constexpr std::size_t kStateSize = 9;
constexpr char kCountKey = '\xff';

std::size_t EntrySize(int level) { return level == 0 ? kStateSize : kHashSize; }

std::string TileKey(const std::string& prefix, int level, std::uint64_t tile) {
  std::string key = prefix;
  AppendU8(key, static_cast<std::uint8_t>(level));
  AppendU64(key, tile);
  return key;
}

std::string CountKey(const std::string& prefix) { return prefix + kCountKey; }

absl::Status Broken(std::string_view what) {
  return absl::DataLossError(fmt::format(
      "the status tree is broken: {}; refold the book, or restore it from its last good backup",
      what));
}

std::string Encoded(const CertificateState& state) {
  std::string bytes;
  AppendU8(bytes, static_cast<std::uint8_t>(state.status));
  AppendU64(bytes, state.ended_at);
  return bytes;
}

absl::StatusOr<CertificateState> Decoded(std::string_view bytes) {
  ByteReader reader(bytes);
  const std::uint8_t status = reader.ReadU8();
  const std::uint64_t ended_at = reader.ReadU64();
  if (!reader.FinishedOk()) return Broken("a certificate's state has another length");
  if (status == 1 && ended_at == 0) return CertificateState::Live();
  if (status == 2 && ended_at != 0) return CertificateState::Ended(ended_at);
  return Broken("a certificate is neither live nor ended");
}

absl::StatusOr<std::uint64_t> DecodedCount(const std::optional<std::string>& value) {
  if (!value.has_value()) return 0;
  ByteReader reader(*value);
  const std::uint64_t count = reader.ReadU64();
  if (!reader.FinishedOk()) return Broken("the number of certificates has another length");
  return count;
}

// A tile with its place, from which its entries are read.
struct Tile {
  int level = 0;
  std::uint64_t index = 0;
  std::string_view bytes;

  std::size_t entries() const { return bytes.size() / EntrySize(level); }

  std::string_view Entry(std::size_t offset) const {
    return bytes.substr(offset * EntrySize(level), EntrySize(level));
  }

  // The hash of one entry. REQUIRES: offset < entries().
  absl::StatusOr<Hash> EntryHash(const Suite& suite, std::size_t offset) const {
    if (level != 0) return HashFromBytes(Entry(offset));
    absl::StatusOr<CertificateState> state = Decoded(Entry(offset));
    if (!state.ok()) return state.status();
    return StatusLeafHash(suite, index * kTileWidth + offset + 1, *state);
  }

  // The hash of 2^above neighbouring entries from `offset` on.
  absl::StatusOr<Hash> Folded(const Suite& suite, std::size_t offset, int above) const {
    LANDBOOK_CHECK(above >= 0 && above <= kTileLevels);
    std::size_t width = std::size_t{1} << above;
    if (entries() < offset + width || bytes.size() % EntrySize(level) != 0) {
      return Broken("a tile is shorter than the number of certificates asks for");
    }
    std::array<Hash, kTileWidth> hashes;
    for (std::size_t i = 0; i < width; ++i) {
      absl::StatusOr<Hash> hash = EntryHash(suite, offset + i);
      if (!hash.ok()) return hash.status();
      hashes[i] = *hash;
    }
    for (width /= 2; width > 0; width /= 2) {
      for (std::size_t i = 0; i < width; ++i) {
        hashes[i] = NodeHash(suite, {.left = hashes[2 * i], .right = hashes[2 * i + 1]});
      }
    }
    return hashes.front();
  }
};

// The tiles that hold everything on the ways from one leaf and from the last one to the root:
// whatever a root or a proof needs, so that one Read gets it as of one moment.
std::vector<std::pair<int, std::uint64_t>> TilesOf(const LeafPlace& place) {
  std::vector<std::pair<int, std::uint64_t>> tiles;
  for (int level = 0; level < 64 && place.tree_size >> level > 0; level += kTileLevels) {
    const std::uint64_t last = ((place.tree_size >> level) - 1) / kTileWidth;
    const std::uint64_t own = (place.leaf_index >> level) / kTileWidth;
    tiles.emplace_back(level, last);
    if (own < last) tiles.emplace_back(level, own);
  }
  return tiles;
}

// The tree as one Read found it.
class View {
 public:
  // Reads the tiles for `place` and the number of certificates beside them; nullopt when another
  // write has changed that number meanwhile.
  static absl::StatusOr<std::optional<View>> Read(const Engine& engine, const std::string& prefix,
                                                  const LeafPlace& place) {
    const auto ids = TilesOf(place);
    std::vector<std::string> keys = {CountKey(prefix)};
    for (const auto& [level, index] : ids) keys.push_back(TileKey(prefix, level, index));
    auto values = engine.Read(keys);
    if (!values.ok()) return values.status();
    absl::StatusOr<std::uint64_t> count = DecodedCount(values->front());
    if (!count.ok()) return count.status();
    if (*count != place.tree_size) return std::nullopt;
    View view;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      view.tiles_[ids[i]] = (*values)[i + 1].value_or(std::string());
    }
    return view;
  }

  SubtreeSource Source(const Suite& suite) const {
    return [this, &suite](const Subtree& subtree) -> absl::StatusOr<Hash> {
      const int base = subtree.level / kTileLevels * kTileLevels;
      const int above = subtree.level - base;
      const std::uint64_t first = subtree.index << above;
      return At(base, first / kTileWidth).Folded(suite, first % kTileWidth, above);
    };
  }

  absl::StatusOr<CertificateState> StateAt(std::uint64_t leaf_index) const {
    return Decoded(At(0, leaf_index / kTileWidth).Entry(leaf_index % kTileWidth));
  }

 private:
  Tile At(int level, std::uint64_t index) const {
    const auto found = tiles_.find({level, index});
    LANDBOOK_CHECK(found != tiles_.end());
    return {.level = level, .index = index, .bytes = found->second};
  }

  std::map<std::pair<int, std::uint64_t>, std::string> tiles_;
};

absl::StatusOr<std::uint64_t> CountOf(const Engine& engine, const std::string& prefix) {
  auto value = ReadOne(engine, CountKey(prefix));
  if (!value.ok()) return value.status();
  return DecodedCount(*value);
}

// A view of one moment of the tree and the size it then had. Certificates are added far more
// slowly than a view is read, so a second attempt is rare and a third one rarer still.
struct SizedView {
  std::uint64_t size;
  View view;
};
absl::StatusOr<SizedView> ViewAround(const Engine& engine, const std::string& prefix,
                                     std::uint64_t leaf_index) {
  while (true) {
    absl::StatusOr<std::uint64_t> size = CountOf(engine, prefix);
    if (!size.ok()) return size.status();
    const LeafPlace place{.leaf_index = leaf_index, .tree_size = *size};
    absl::StatusOr<std::optional<View>> view = View::Read(engine, prefix, place);
    if (!view.ok()) return view.status();
    if (view->has_value()) return SizedView{*size, std::move(**view)};
  }
}

}  // namespace

Hash StatusLeafHash(const Suite& suite, std::uint64_t number, const CertificateState& state) {
  std::string leaf;
  AppendU64(leaf, number);
  leaf.append(Encoded(state));
  return LeafHash(suite, leaf);
}

absl::Status VerifyStatus(const Suite& suite, const StatusProof& proof) {
  if (proof.certificate_number == 0 || proof.inclusion.leaf_index != proof.certificate_number - 1) {
    return absl::InvalidArgumentError(fmt::format(
        "the proof is of leaf {}, and certificate {} is leaf {}", proof.inclusion.leaf_index,
        proof.certificate_number, proof.certificate_number - 1));
  }
  const Hash leaf = StatusLeafHash(suite, proof.certificate_number, proof.state);
  return VerifyInclusion(suite, proof.inclusion, {.leaf_hash = leaf, .root = proof.root});
}

absl::StatusOr<StatusTree::Stage> StatusTree::Begin() const {
  absl::StatusOr<std::uint64_t> size = CountOf(*engine_, prefix_);
  if (!size.ok()) return size.status();
  return Stage(*this, *size);
}

absl::StatusOr<StatusSummary> StatusTree::Summary() const {
  absl::StatusOr<SizedView> sized = ViewAround(*engine_, prefix_, 0);
  if (!sized.ok()) return sized.status();
  absl::StatusOr<Hash> root = RootOf(*suite_, sized->size, sized->view.Source(*suite_));
  if (!root.ok()) return root.status();
  return StatusSummary{.size = sized->size, .root = *root};
}

absl::StatusOr<StatusProof> StatusTree::Prove(std::uint64_t certificate_number) const {
  const std::uint64_t leaf_index = certificate_number - 1;  // of number zero: beyond every tree
  absl::StatusOr<SizedView> sized = ViewAround(*engine_, prefix_, leaf_index);
  if (!sized.ok()) return sized.status();
  if (leaf_index >= sized->size) {
    return absl::NotFoundError(fmt::format("there is no certificate {}; the book has issued {}",
                                           certificate_number, sized->size));
  }
  const SubtreeSource source = sized->view.Source(*suite_);
  absl::StatusOr<CertificateState> state = sized->view.StateAt(leaf_index);
  if (!state.ok()) return state.status();
  absl::StatusOr<InclusionProof> inclusion =
      ProveInclusion(*suite_, {.leaf_index = leaf_index, .tree_size = sized->size}, source);
  if (!inclusion.ok()) return inclusion.status();
  absl::StatusOr<Hash> root = RootOf(*suite_, sized->size, source);
  if (!root.ok()) return root.status();
  return StatusProof{.certificate_number = certificate_number,
                     .state = *state,
                     .inclusion = std::move(*inclusion),
                     .root = *root};
}

absl::StatusOr<std::string*> StatusTree::Stage::TileOf(const TileId& id) {
  const auto known = tiles_.find(id);
  if (known != tiles_.end()) return &known->second;
  const auto [level, index] = id;
  const std::uint64_t entries_before = old_size_ >> level;
  if (index * kTileWidth >= entries_before) return &tiles_[id];  // nothing was ever stored there
  auto value = ReadOne(*tree_.engine_, TileKey(tree_.prefix_, level, index));
  if (!value.ok()) return value.status();
  const std::uint64_t entries = std::min(kTileWidth, entries_before - index * kTileWidth);
  if (!value->has_value() || (*value)->size() != entries * EntrySize(level)) {
    return Broken("a tile has another length than the number of certificates asks for");
  }
  return &(tiles_[id] = std::move(**value));
}

absl::StatusOr<std::uint64_t> StatusTree::Stage::Issue() {
  absl::StatusOr<std::string*> tile = TileOf({0, size_ / kTileWidth});
  if (!tile.ok()) return tile.status();
  (*tile)->append(Encoded(CertificateState::Live()));
  return ++size_;
}

absl::Status StatusTree::Stage::End(std::uint64_t number, std::uint64_t ended_at) {
  if (ended_at == 0) {
    return absl::InvalidArgumentError(
        "no journal entry has the sequence 0; name the one that "
        "ends the certificate");
  }
  if (number == 0 || number > size_) {
    return absl::NotFoundError(
        fmt::format("there is no certificate {}; the book has issued {}", number, size_));
  }
  absl::StatusOr<std::string*> tile = TileOf({0, (number - 1) / kTileWidth});
  if (!tile.ok()) return tile.status();
  const std::size_t offset = (number - 1) % kTileWidth * kStateSize;
  absl::StatusOr<CertificateState> before =
      Decoded(std::string_view(**tile).substr(offset, kStateSize));
  if (!before.ok()) return before.status();
  if (before->status == CertificateStatus::kEnded) {
    return absl::FailedPreconditionError(
        fmt::format("certificate {} ended with entry {} already", number, before->ended_at));
  }
  (*tile)->replace(offset, kStateSize, Encoded(CertificateState::Ended(ended_at)));
  return absl::OkStatus();
}

absl::Status StatusTree::Stage::Lift(const TileId& id, const std::string& bytes) {
  const auto [level, index] = id;
  const Tile tile{.level = level, .index = index, .bytes = bytes};
  absl::StatusOr<Hash> hash = tile.Folded(*tree_.suite_, 0, kTileLevels);
  if (!hash.ok()) return hash.status();
  absl::StatusOr<std::string*> above = TileOf({level + kTileLevels, index / kTileWidth});
  if (!above.ok()) return above.status();
  const std::size_t offset = index % kTileWidth * kHashSize;
  LANDBOOK_CHECK(offset <= (*above)->size());
  (*above)->replace(offset, kHashSize, BytesOf(*hash));
  return absl::OkStatus();
}

absl::StatusOr<StatusSummary> StatusTree::Stage::WriteTo(WriteBatch& batch) {
  LANDBOOK_CHECK(size_ >= old_size_);
  // The map is in order of level and position, and lifting only adds tiles of higher levels, so
  // every tile is complete when its turn comes.
  for (auto at = tiles_.begin(); at != tiles_.end(); ++at) {
    const auto& [id, bytes] = *at;
    if (bytes.size() < kTileWidth * EntrySize(id.first)) continue;
    if (absl::Status lifted = Lift(id, bytes); !lifted.ok()) return lifted;
  }
  const SubtreeSource source = [this](const Subtree& subtree) -> absl::StatusOr<Hash> {
    const int base = subtree.level / kTileLevels * kTileLevels;
    const int above = subtree.level - base;
    const std::uint64_t first = subtree.index << above;
    absl::StatusOr<std::string*> bytes = TileOf({base, first / kTileWidth});
    if (!bytes.ok()) return bytes.status();
    const Tile tile{.level = base, .index = first / kTileWidth, .bytes = **bytes};
    return tile.Folded(*tree_.suite_, first % kTileWidth, above);
  };
  absl::StatusOr<Hash> root = RootOf(*tree_.suite_, size_, source);
  if (!root.ok()) return root.status();
  for (const auto& [id, bytes] : tiles_) {
    batch.Put(TileKey(tree_.prefix_, id.first, id.second), bytes);
  }
  std::string count;
  AppendU64(count, size_);
  batch.Put(CountKey(tree_.prefix_), std::move(count));
  return StatusSummary{.size = size_, .root = *root};
}

}  // namespace landbook::storage
