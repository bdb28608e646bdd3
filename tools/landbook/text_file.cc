#include "tools/landbook/text_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

namespace landbook::tools {
namespace {

constexpr std::size_t kTextBytesMax = std::size_t{64} << 20;

absl::StatusOr<std::string> ReadAll(std::istream& in, const std::string& path) {
  std::string text;
  char buffer[1 << 16];
  while (in.read(buffer, sizeof buffer) || in.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(in.gcount()));
    if (text.size() > kTextBytesMax) {
      return absl::InvalidArgumentError(
          fmt::format("{} has more than {} MiB", path, kTextBytesMax >> 20));
    }
  }
  return text;
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  if (path == "-") return ReadAll(std::cin, "the standard input");
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return absl::NotFoundError(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  }
  return ReadAll(in, path);
}

}  // namespace landbook::tools
