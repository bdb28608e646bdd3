// A digest: the 32 bytes that SHA-256 or SM3 leaves, and how it is written for people.
#ifndef LANDBOOK_STORAGE_DIGEST_H_
#define LANDBOOK_STORAGE_DIGEST_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace landbook::storage {

// Both suites have digests of this many bytes, so that keys, tiles and proofs have one layout.
inline constexpr std::size_t kHashSize = 32;

// A digest compares and orders by its bytes. Which suite made it is known from where it lies.
using Hash = std::array<std::uint8_t, kHashSize>;

// The bytes of `hash`, valid while `hash` lives.
inline std::string_view BytesOf(const Hash& hash) {
  return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}
std::string_view BytesOf(Hash&&) = delete;  // the view would outlive the bytes

// The digest that `bytes` are. Anything but exactly 32 bytes is INVALID_ARGUMENT.
absl::StatusOr<Hash> HashFromBytes(std::string_view bytes);

// `bytes` as lower-case hexadecimal digits, two a byte.
std::string HexOf(std::string_view bytes);
std::string HexOf(const Hash& hash);

// The bytes that `hex` writes, in either case. An odd number of digits or another character is
// INVALID_ARGUMENT and named.
absl::StatusOr<std::string> BytesFromHex(std::string_view hex);

// The digest that 64 hexadecimal digits write; anything else is INVALID_ARGUMENT.
absl::StatusOr<Hash> HashFromHex(std::string_view hex);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_DIGEST_H_
