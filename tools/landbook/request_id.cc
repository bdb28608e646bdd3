#include "tools/landbook/request_id.h"

#include <fmt/format.h>

#include <random>

namespace landbook::tools {

std::string NewRequestId() {
  std::random_device device;
  std::string id;
  for (int word = 0; word < 4; ++word) id += fmt::format("{:08x}", device());
  return id;
}

}  // namespace landbook::tools
