#include "tools/sample_county/options.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "tools/sample_county/faults.h"
#include "tools/sample_county/layout.h"

namespace landbook::sample_county {
namespace {

absl::Status Wanted(std::string_view what, std::string_view came, std::string_view wanted) {
  return absl::InvalidArgumentError(fmt::format("{} is {}; {} is wanted", what, came, wanted));
}

bool IsCountyCode(std::string_view code) {
  return code.size() == 6 && code.front() == '9' &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

absl::Status CheckFaults(const Options& options) {
  std::int64_t plots = 0;
  for (const auto& [rule, count] : options.faults) {
    const auto& rules = PlantableRules();
    if (std::find(rules.begin(), rules.end(), rule) == rules.end()) {
      return Wanted("a rule to plant", rule, fmt::format("one of {}", fmt::join(rules, ", ")));
    }
    if (count < 0) return Wanted(rule + "'s count", fmt::to_string(count), "0 or more");
    plots += std::int64_t{count} * PlotsOfFault(rule);
  }
  if (plots > options.plots) {
    return Wanted("the number of plots", fmt::to_string(options.plots),
                  fmt::format("at least {} for the faults", plots));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckOptions(const Options& options) {
  constexpr std::int64_t kPlotsMax = 20'000'000;
  if (options.plots < 0 || options.plots > kPlotsMax) {
    return Wanted("the number of plots", fmt::to_string(options.plots),
                  fmt::format("0 to {}", kPlotsMax));
  }
  if (!IsCountyCode(options.county_code)) {
    return Wanted("the county's code", options.county_code,
                  "six digits that begin with 9, which no real county's do,");
  }
  if (options.county_name.empty() || options.county_name.find('/') != std::string::npos) {
    return Wanted("the county's name", options.county_name, "a name without a slash");
  }
  if (options.year < 1950 || options.year > 9999) {
    return Wanted("the year", fmt::to_string(options.year), "1950 to 9999");
  }
  if (options.epsg < 4513 || options.epsg > 4554) {
    return Wanted("the plane", fmt::format("EPSG:{}", options.epsg),
                  "a CGCS2000 3-degree plane, EPSG 4513 to 4554,");
  }
  if (options.vertices < 4 || options.vertices > 64 || options.vertices % 4 != 0) {
    return Wanted("the number of vertices", fmt::to_string(options.vertices),
                  "4 to 64, a multiple of 4,");
  }
  if (options.grid_steps != 1 && options.grid_steps != 10) {
    return Wanted("the grid", fmt::to_string(options.grid_steps), "1 or 10 steps of 0.1 mm");
  }
  if (options.long_per_mille < 0 || options.long_per_mille > 1000) {
    return Wanted("the share of long plots", fmt::format("{} of 1,000", options.long_per_mille),
                  "0 to 1,000");
  }
  if (options.sliver_per_mille < 0 || options.sliver_per_mille > kSliverPerMilleMax) {
    return Wanted("the share of slivers", fmt::format("{} of 1,000", options.sliver_per_mille),
                  fmt::format("0 to {}, for only fields with a side in common can have one,",
                              kSliverPerMilleMax));
  }
  if (options.sliver_per_mille > 0 && options.vertices == 4) {
    return Wanted("the number of vertices", "4", "8 or more for slivers");
  }
  return CheckFaults(options);
}

absl::StatusOr<FaultCounts> ParseFaults(std::string_view text) {
  FaultCounts counts;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    int count = 0;
    const std::string_view number =
        equals == std::string_view::npos ? std::string_view() : item.substr(equals + 1);
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), count);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == number.data() + number.size();
    if (!whole) {
      return absl::InvalidArgumentError(
          fmt::format("\"{}\" names no fault; write RULE=COUNT, as in B201=5,B204=3", item));
    }
    counts[std::string(item.substr(0, equals))] += count;
  }
  return counts;
}

}  // namespace landbook::sample_county
