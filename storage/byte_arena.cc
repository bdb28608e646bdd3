#include "storage/byte_arena.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

namespace landbook::storage {
namespace {

// Blocks double from what one small commit takes to what large ones take many of.
constexpr std::size_t kBlockBytesMin = 2u << 10;
constexpr std::size_t kBlockBytesMax = 1u << 20;

}  // namespace

ByteArena& ByteArena::operator=(ByteArena&& other) noexcept {
  blocks_ = std::exchange(other.blocks_, {});
  free_ = std::exchange(other.free_, {});
  block_bytes_ = std::exchange(other.block_bytes_, 0);
  return *this;
}

std::span<char> ByteArena::Copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (bytes.size() > free_.size()) {
    block_bytes_ = std::clamp(2 * block_bytes_, kBlockBytesMin, kBlockBytesMax);
    const std::size_t size = std::max(block_bytes_, bytes.size());
    blocks_.emplace_back(new char[size]);  // not filled with zeros, as make_unique would
    free_ = {blocks_.back().get(), size};
  }
  const std::span<char> copy = free_.first(bytes.size());
  std::memcpy(copy.data(), bytes.data(), bytes.size());
  free_ = free_.subspan(bytes.size());
  return copy;
}

void ByteArena::Take(ByteArena other) {
  blocks_.insert(blocks_.end(), std::make_move_iterator(other.blocks_.begin()),
                 std::make_move_iterator(other.blocks_.end()));
}

}  // namespace landbook::storage
