// Memory for many byte strings that live and end together: one allocation for thousands of keys and
// values in place of one for each.
#ifndef LANDBOOK_STORAGE_BYTE_ARENA_H_
#define LANDBOOK_STORAGE_BYTE_ARENA_H_

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace landbook::storage {

// What was copied in stays where it is until the arena ends, wherever the arena is moved to. Not
// for more than one thread at a time.
class ByteArena {
 public:
  ByteArena() = default;
  ByteArena(ByteArena&& other) noexcept { *this = std::move(other); }
  ByteArena& operator=(ByteArena&& other) noexcept;

  // A copy of `bytes`, which may be changed in place.
  std::span<char> Copy(std::string_view bytes);
  // Takes over the memory of `other`; what lies in it stays where it is.
  void Take(ByteArena other);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::span<char> free_;  // of the last block that was made here
  std::size_t block_bytes_ = 0;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_BYTE_ARENA_H_
