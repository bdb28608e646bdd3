#include "storage/byte_arena.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace landbook::storage {
namespace {

std::string_view ViewOf(std::span<const char> bytes) { return {bytes.data(), bytes.size()}; }

RC_GTEST_PROP(ByteArenaTest, KeepsWhatWasCopiedWhereverItIsMoved, ()) {
  const auto sizes = *rc::gen::container<std::vector<std::size_t>>(
      rc::gen::weightedOneOf<std::size_t>({{9, rc::gen::inRange<std::size_t>(0, 300)},
                                           {1, rc::gen::inRange<std::size_t>(0, 2'000'000)}}));
  ByteArena arena;
  std::vector<std::pair<std::string, std::string_view>> kept;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    std::string bytes(sizes[i], static_cast<char>('a' + i % 26));
    kept.emplace_back(bytes, ViewOf(arena.Copy(bytes)));
    if (i % 5 == 4) arena = ByteArena(std::move(arena));
    if (i % 7 == 6) {
      ByteArena larger;
      kept.emplace_back("first", ViewOf(larger.Copy("first")));
      larger.Take(std::move(arena));
      arena = std::move(larger);
    }
  }
  for (const auto& [bytes, copy] : kept) RC_ASSERT(copy == bytes);
}

TEST(ByteArenaTest, GivesBytesThatCanBeChangedInPlace) {
  ByteArena arena;
  const auto first = arena.Copy("abc");
  const auto second = arena.Copy("def");
  first[2] = 'x';
  EXPECT_EQ(ViewOf(first), "abx");
  EXPECT_EQ(ViewOf(second), "def");
}

}  // namespace
}  // namespace landbook::storage
