#include "geo/decimal.h"

#include "geo/check.h"

namespace landbook::geo {

void AppendDecimal(std::string& out, std::int64_t value, int decimals) {
  LANDBOOK_GEO_CHECK(decimals >= 1 && decimals <= 18);
  // Digits from the last to the first: at most 19, a point and a sign.
  char buffer[24];
  char* const end = buffer + sizeof(buffer);
  char* at = end;
  const auto bits = static_cast<std::uint64_t>(value);
  std::uint64_t rest = value < 0 ? -bits : bits;
  for (int digit = 0; digit <= decimals || rest > 0; ++digit) {
    if (digit == decimals) *--at = '.';
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  if (value < 0) *--at = '-';
  out.append(at, static_cast<std::size_t>(end - at));
}

std::string FormatMetres(std::int64_t steps) {
  std::string out;
  AppendDecimal(out, steps, 4);
  return out;
}

}  // namespace landbook::geo
