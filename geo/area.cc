#include "geo/area.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <numeric>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "geo/check.h"
#include "geo/decimal.h"

namespace landbook::geo {
namespace {

// Twice an area of 0.01 m2 and of 1 mm2, in steps squared.
constexpr std::int64_t kDoubledPerHundredthM2 = 2 * kStepsPerMetre * kStepsPerMetre / 100;
constexpr std::int64_t kDoubledPerMm2 = 2 * 10 * 10;

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();

// value / divisor rounded half up (toward plus infinity), saturated. REQUIRES: divisor even.
std::int64_t RoundedHalfUp(Int128 value, std::int64_t divisor) {
  const Int128 shifted = value + divisor / 2;
  const Int128 truncated = shifted / divisor;
  const Int128 floor = shifted % divisor < 0 ? truncated - 1 : truncated;
  return static_cast<std::int64_t>(std::clamp<Int128>(floor, kInt64Min, kInt64Max));
}

// A share of the total: its whole part, and what is left over as a fraction of the weights' sum.
struct Share {
  std::int64_t whole;
  Int128 remainder;
};

// total x weight / sum by long multiplication, bit by bit, because the product may take more than
// 128 bits.
Share ShareOf(std::int64_t total, Int128 weight, Int128 sum) {
  Share share{0, 0};
  for (int bit = 62; bit >= 0; --bit) {
    share.whole *= 2;
    share.remainder *= 2;
    if (((total >> bit) & 1) != 0) share.remainder += weight;
    while (share.remainder >= sum) {
      share.remainder -= sum;
      ++share.whole;
    }
  }
  return share;
}

absl::Status NotAnArea(std::string_view text) {
  return absl::InvalidArgumentError(fmt::format(
      "'{}' is not an amount with at most two decimals; write digits, a point and two decimals, "
      "such as 1234.50",
      text));
}

bool AllDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

Int128 DoubledSignedArea(std::span<const Vertex> ring) {
  if (ring.size() < 3) return 0;
  // Taken from the first vertex, so that the products stay as small as the ring is.
  const Vertex origin = ring[0];
  Int128 sum = 0;
  for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
    const Vertex a = ring[i];
    const Vertex b = ring[i + 1];
    sum += static_cast<Int128>(a.x - origin.x) * (b.y - origin.y) -
           static_cast<Int128>(b.x - origin.x) * (a.y - origin.y);
  }
  return sum;
}

Int128 DoubledArea(const Boundary& boundary) {
  Int128 sum = 0;
  for (std::size_t part = 0; part < boundary.part_count(); ++part) {
    const std::size_t shell = boundary.PartBegin(part);
    for (std::size_t ring = shell; ring < boundary.PartEnd(part); ++ring) {
      const Int128 area = DoubledSignedArea(boundary.Ring(ring));
      const Int128 size = area < 0 ? -area : area;
      sum += ring == shell ? size : -size;
    }
  }
  return sum;
}

std::int64_t HundredthsM2FromDoubled(Int128 doubled_steps2) {
  return RoundedHalfUp(doubled_steps2, kDoubledPerHundredthM2);
}

std::int64_t Mm2FromDoubled(Int128 doubled_steps2) {
  return RoundedHalfUp(doubled_steps2, kDoubledPerMm2);
}

std::int64_t ComputedAreaHundredthsM2(const Boundary& boundary) {
  return HundredthsM2FromDoubled(DoubledArea(boundary));
}

std::int64_t AreaMm2(const Boundary& boundary) { return Mm2FromDoubled(DoubledArea(boundary)); }

std::int64_t MuHundredthsFromM2(std::int64_t hundredths_m2) {
  return RoundedHalfUp(static_cast<Int128>(hundredths_m2) * 3, 2000);
}

std::string FormatHundredths(std::int64_t hundredths) {
  std::string out;
  AppendDecimal(out, hundredths, 2);
  return out;
}

absl::StatusOr<std::int64_t> ParseHundredths(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string_view decimals = point < text.size() ? text.substr(point + 1) : "0";
  if (whole.empty() || decimals.empty() || !AllDigits(whole) || !AllDigits(decimals)) {
    return NotAnArea(text);
  }
  while (decimals.size() > 2 && decimals.back() == '0') decimals.remove_suffix(1);
  if (decimals.size() > 2) return NotAnArea(text);
  std::string digits(whole);
  digits += decimals;
  digits.append(2 - decimals.size(), '0');
  Int128 value = 0;
  for (const char digit : digits) {
    value = value * 10 + (digit - '0');
    if (value > kInt64Max) return NotAnArea(text);
  }
  return static_cast<std::int64_t>(value);
}

std::vector<std::int64_t> ApportionByLargestRemainder(std::int64_t total,
                                                      std::span<const Int128> weights) {
  LANDBOOK_GEO_CHECK(total >= 0);
  for (const Int128 weight : weights) LANDBOOK_GEO_CHECK(weight >= 0);
  const Int128 sum = std::accumulate(weights.begin(), weights.end(), Int128{0});
  LANDBOOK_GEO_CHECK(sum > 0 && sum < static_cast<Int128>(1) << 120);
  std::vector<Share> shares;
  std::vector<std::int64_t> parts;
  std::int64_t left = total;
  for (const Int128 weight : weights) {
    shares.push_back(ShareOf(total, weight, sum));
    parts.push_back(shares.back().whole);
    left -= shares.back().whole;
  }
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&shares](std::size_t a, std::size_t b) {
    return shares[a].remainder > shares[b].remainder;
  });
  for (std::size_t i = 0; i < static_cast<std::size_t>(left); ++i) ++parts[order[i]];
  return parts;
}

}  // namespace landbook::geo
