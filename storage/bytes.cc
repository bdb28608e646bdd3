#include "storage/bytes.h"

namespace landbook::storage {
namespace {

constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xff';
constexpr char kTextEnd = '\x01';

}  // namespace

void AppendOrderedText(std::string& out, std::string_view text) {
  for (std::size_t zero = text.find(kEscape); zero != std::string_view::npos;
       zero = text.find(kEscape)) {
    out.append(text.substr(0, zero + 1));
    out.push_back(kEscapedZero);
    text.remove_prefix(zero + 1);
  }
  out.append(text);
  out.push_back(kEscape);
  out.push_back(kTextEnd);
}

void AppendVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void AppendLengthPrefixed(std::string& out, std::string_view bytes) {
  AppendVarint(out, bytes.size());
  out.append(bytes);
}

void ByteReader::Fail() {
  ok_ = false;
  rest_ = {};
}

std::string_view ByteReader::ReadBytes(std::size_t size) {
  if (size > rest_.size()) {
    Fail();
    return {};
  }
  const std::string_view bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return bytes;
}

std::uint64_t ByteReader::ReadBigEndian(std::size_t size) {
  std::uint64_t value = 0;
  for (const char c : ReadBytes(size)) value = value << 8 | static_cast<std::uint8_t>(c);
  return value;
}

std::uint8_t ByteReader::ReadU8() { return static_cast<std::uint8_t>(ReadBigEndian(1)); }
std::uint16_t ByteReader::ReadU16() { return static_cast<std::uint16_t>(ReadBigEndian(2)); }
std::uint32_t ByteReader::ReadU32() { return static_cast<std::uint32_t>(ReadBigEndian(4)); }
std::uint64_t ByteReader::ReadU64() { return ReadBigEndian(8); }

std::int64_t ByteReader::ReadI64() {
  const std::uint64_t value = ReadU64();
  return ok_ ? static_cast<std::int64_t>(value ^ bytes_internal::kSignBit) : 0;
}

std::uint64_t ByteReader::ReadVarint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    const std::uint8_t group = ReadU8();
    const bool too_large = shift == 63 && group > 1;
    const bool too_long = shift > 0 && group == 0;
    if (!ok_ || too_large || too_long) break;
    value |= std::uint64_t{group & 0x7fu} << shift;
    if (group < 0x80) return value;
  }
  Fail();
  return 0;
}

std::string ByteReader::ReadOrderedText() {
  std::string text;
  while (ok_) {
    const std::size_t size = rest_.find(kEscape);
    if (size == std::string_view::npos) break;
    text.append(ReadBytes(size));
    const std::string_view escape = ReadBytes(2);
    if (escape.size() < 2) break;
    if (escape[1] == kTextEnd) return text;
    if (escape[1] != kEscapedZero) break;
    text.push_back(kEscape);
  }
  Fail();
  return {};
}

std::string_view ByteReader::ReadLengthPrefixed() {
  const std::uint64_t size = ReadVarint();
  return ReadBytes(size);
}

}  // namespace landbook::storage
