#include "services/law/area.h"

#include <algorithm>

#include "fmt/format.h"

namespace landbook::law {

std::optional<std::int64_t> ParseAreaHundredths(std::string_view area_m2) {
  constexpr std::size_t kDigitsMax = 14;
  constexpr std::size_t kDecimals = 2;
  const std::size_t point = area_m2.find('.');
  const std::string_view whole = area_m2.substr(0, point);
  std::string digits(whole);
  if (point != std::string_view::npos) {
    const std::string_view decimals = area_m2.substr(point + 1);
    if (decimals.empty() || decimals.size() > kDecimals) return std::nullopt;
    digits.append(decimals);
  }
  digits.resize(whole.size() + kDecimals, '0');
  const bool all_digits =
      std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (whole.empty() || whole.size() > kDigitsMax || !all_digits) return std::nullopt;
  std::int64_t hundredths = 0;
  for (const char digit : digits) hundredths = hundredths * 10 + (digit - '0');
  return hundredths;
}

std::string FormatAreaHundredths(std::int64_t hundredths) {
  return fmt::format("{}.{:02}", hundredths / 100, hundredths % 100);
}

}  // namespace landbook::law
