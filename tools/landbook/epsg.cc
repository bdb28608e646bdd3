#include "tools/landbook/epsg.h"

#include <fmt/format.h>
#include <strings.h>

#include <charconv>

namespace landbook::tools {

absl::StatusOr<int> ParseEpsg(const std::string& text) {
  constexpr char kPrefix[] = "EPSG:";
  constexpr std::size_t kPrefixLength = 5;
  const char* begin = text.data();
  const char* end = begin + text.size();
  if (strncasecmp(begin, kPrefix, kPrefixLength) == 0) begin += kPrefixLength;
  int epsg = 0;
  const auto [past, error] = std::from_chars(begin, end, epsg);
  if (error != std::errc() || past != end || epsg <= 0) {
    return absl::InvalidArgumentError(
        fmt::format("a coordinate system is written EPSG:N, such as EPSG:4548; '{}' came", text));
  }
  return epsg;
}

}  // namespace landbook::tools
