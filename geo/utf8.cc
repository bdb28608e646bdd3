#include "geo/utf8.h"

#include <cstddef>
#include <cstdint>

namespace landbook::geo {
namespace {

// The bytes that may follow a lead byte: how many, and the bounds of the first of them, which is
// where RFC 3629 rules out overlong forms, surrogates and what is above U+10FFFF.
struct Continuation {
  std::size_t count;
  std::uint8_t first_min;
  std::uint8_t first_max;
};

// The continuation of `lead`; count 0 for a byte that may not lead.
Continuation ContinuationOf(std::uint8_t lead) {
  if (lead >= 0xC2 && lead <= 0xDF) return {1, 0x80, 0xBF};
  if (lead == 0xE0) return {2, 0xA0, 0xBF};
  if (lead == 0xED) return {2, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF) return {2, 0x80, 0xBF};
  if (lead == 0xF0) return {3, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3) return {3, 0x80, 0xBF};
  if (lead == 0xF4) return {3, 0x80, 0x8F};
  return {0, 0, 0};
}

}  // namespace

bool IsUtf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[at++]);
    if (lead < 0x80) continue;
    const Continuation next = ContinuationOf(lead);
    if (next.count == 0 || text.size() - at < next.count) return false;
    for (std::size_t i = 0; i < next.count; ++i) {
      const auto byte = static_cast<std::uint8_t>(text[at++]);
      const std::uint8_t low = i == 0 ? next.first_min : 0x80;
      const std::uint8_t high = i == 0 ? next.first_max : 0xBF;
      if (byte < low || byte > high) return false;
    }
  }
  return true;
}

}  // namespace landbook::geo
