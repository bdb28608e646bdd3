#include "storage/digest.h"

#include <algorithm>

#include "fmt/format.h"

namespace landbook::storage {
namespace {

constexpr int kNotADigit = -1;

int ValueOfHexDigit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return kNotADigit;
}

}  // namespace

absl::StatusOr<Hash> HashFromBytes(std::string_view bytes) {
  if (bytes.size() != kHashSize) {
    return absl::InvalidArgumentError(
        fmt::format("a digest has {} bytes, and {} came", kHashSize, bytes.size()));
  }
  Hash hash;
  std::copy(bytes.begin(), bytes.end(), hash.begin());
  return hash;
}

std::string HexOf(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<std::uint8_t>(byte);
    hex.push_back(kDigits[value >> 4]);
    hex.push_back(kDigits[value & 0xf]);
  }
  return hex;
}

std::string HexOf(const Hash& hash) { return HexOf(BytesOf(hash)); }

absl::StatusOr<std::string> BytesFromHex(std::string_view hex) {
  if (hex.size() % 2 != 0) {
    return absl::InvalidArgumentError(
        fmt::format("hexadecimal text has two digits a byte, and {} digits came", hex.size()));
  }
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = ValueOfHexDigit(hex[i]);
    const int low = ValueOfHexDigit(hex[i + 1]);
    if (high == kNotADigit || low == kNotADigit) {
      return absl::InvalidArgumentError(fmt::format(
          "hexadecimal digits are 0-9 and a-f, and character {} or {} is neither", i + 1, i + 2));
    }
    bytes.push_back(static_cast<char>(high << 4 | low));
  }
  return bytes;
}

absl::StatusOr<Hash> HashFromHex(std::string_view hex) {
  absl::StatusOr<std::string> bytes = BytesFromHex(hex);
  if (!bytes.ok()) return bytes.status();
  return HashFromBytes(*bytes);
}

}  // namespace landbook::storage
