// Fuzz target: no text makes the reader of mapping files crash, and what it takes names tables that
// are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tools/exchange/field_mapping.h"
#include "tools/exchange/table_layout.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace landbook::exchange;
  const auto mapping =
      ParseFieldMapping(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!mapping.ok()) return 0;
  for (const auto& [column, name] : mapping->columns) {
    if (FindTable(column.first) == nullptr || name.empty()) std::abort();
  }
  return 0;
}
