// Numbers that look random and are the same on every machine.
#ifndef LANDBOOK_TOOLS_SAMPLE_COUNTY_HASH_H_
#define LANDBOOK_TOOLS_SAMPLE_COUNTY_HASH_H_

#include <cstdint>
#include <initializer_list>

namespace landbook::sample_county {

// One step of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
// OOPSLA 2014): every input has its own output, and close inputs have outputs far apart.
inline std::uint64_t Mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15U;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31);
}

// The hash of a key of several numbers. There is no sequence to draw from: what is random of a
// thing hangs on what the thing is, so that plots can be made in any order and a border is the
// same from both sides.
inline std::uint64_t Hash(std::initializer_list<std::uint64_t> key) {
  std::uint64_t hash = 0;
  for (const std::uint64_t part : key) hash = Mix(hash ^ part);
  return hash;
}

// A number in [0, count) from a hash. REQUIRES: count > 0. The bias is below count / 2^64.
inline std::int64_t Below(std::uint64_t hash, std::int64_t count) {
  return static_cast<std::int64_t>(hash % static_cast<std::uint64_t>(count));
}

// A number in [-limit, limit] from a hash. REQUIRES: limit >= 0.
inline std::int64_t Around(std::uint64_t hash, std::int64_t limit) {
  return Below(hash, 2 * limit + 1) - limit;
}

}  // namespace landbook::sample_county

#endif  // LANDBOOK_TOOLS_SAMPLE_COUNTY_HASH_H_
