// Bytes of keys and records: encodings whose byte order is the order of what they encode, and
// readers that fail instead of running past the end.
//
// Keys are made of the big-endian integers and ordered texts, so that comparing two keys byte by
// byte compares them field by field. Varints are shorter, do not keep the order, and are for
// values.
#ifndef LANDBOOK_STORAGE_BYTES_H_
#define LANDBOOK_STORAGE_BYTES_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "storage/check.h"

namespace landbook::storage {

namespace bytes_internal {

template <std::size_t kSize>
std::array<char, kSize> BigEndian(std::uint64_t value) {
  std::array<char, kSize> bytes;
  for (std::size_t i = 0; i < kSize; ++i) {
    bytes[i] = static_cast<char>(value >> (8 * (kSize - 1 - i)));
  }
  return bytes;
}

// The bytes of a signed number are those of an unsigned one with the sign turned over.
inline constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

constexpr std::uint64_t OrderedSign(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ kSignBit;
}

}  // namespace bytes_internal

// Append an integer in 1, 2, 4 or 8 bytes, most significant first.
inline void AppendU8(std::string& out, std::uint8_t value) {
  out.push_back(static_cast<char>(value));
}
inline void AppendU16(std::string& out, std::uint16_t value) {
  out.append(bytes_internal::BigEndian<2>(value).data(), 2);
}
inline void AppendU32(std::string& out, std::uint32_t value) {
  out.append(bytes_internal::BigEndian<4>(value).data(), 4);
}
inline void AppendU64(std::string& out, std::uint64_t value) {
  out.append(bytes_internal::BigEndian<8>(value).data(), 8);
}

// Appends a signed integer in 8 bytes so that the order of the bytes is the order of the numbers,
// negative ones first.
inline void AppendI64(std::string& out, std::int64_t value) {
  AppendU64(out, bytes_internal::OrderedSign(value));
}

// Store an integer where 8 bytes lie already, as AppendU64 and AppendI64 would append it. REQUIRES:
// there are so many.
inline void StoreU64(std::span<char> bytes, std::uint64_t value) {
  LANDBOOK_CHECK(bytes.size() >= sizeof(value));
  const auto stored = bytes_internal::BigEndian<sizeof(value)>(value);
  std::copy(stored.begin(), stored.end(), bytes.begin());
}
inline void StoreI64(std::span<char> bytes, std::int64_t value) {
  StoreU64(bytes, bytes_internal::OrderedSign(value));
}

// Appends text (any bytes) so that it keeps its order also when more fields follow: a zero byte
// becomes 00 ff, and 00 01 ends the text. So "a" comes before "a\0" and before "b" whatever
// follows.
void AppendOrderedText(std::string& out, std::string_view text);

// Appends an unsigned integer in base 128, least significant group first (LEB128, the varint of
// Protocol Buffers): one byte below 128, at most ten.
void AppendVarint(std::string& out, std::uint64_t value);

// Appends the length as a varint, then the bytes.
void AppendLengthPrefixed(std::string& out, std::string_view bytes);

// Reads what the functions above appended, from the front on.
//
// A read that does not find what it wants, because the bytes end or are not as the functions above
// write them, makes the reader fail: that read and all later ones give zero or nothing, and Ok()
// stays false. So a caller reads all fields first and asks once.
class ByteReader {
 public:
  // REQUIRES: `bytes` outlives the reader and the views that it gives.
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint8_t ReadU8();
  std::uint16_t ReadU16();
  std::uint32_t ReadU32();
  std::uint64_t ReadU64();
  std::int64_t ReadI64();
  // Refuses a varint above 64 bits and one that is longer than it need be.
  std::uint64_t ReadVarint();
  // A copy, since the escapes are taken out.
  std::string ReadOrderedText();
  // Views into the bytes that the reader was made of.
  std::string_view ReadLengthPrefixed();
  std::string_view ReadBytes(std::size_t size);

  // What has not been read yet.
  std::string_view Rest() const { return rest_; }
  // True while no read has failed.
  bool Ok() const { return ok_; }
  // True when no read has failed and nothing is left.
  bool FinishedOk() const { return ok_ && rest_.empty(); }

 private:
  std::uint64_t ReadBigEndian(std::size_t size);
  void Fail();

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_BYTES_H_
