// Whatever the three files of a shapefile hold: opening is refused or every row is read, one for
// each shape or record, and reading ends. The input is the .shp and the .dbf with the .shx between
// them, the first two behind their lengths in two bytes each.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "geo/formats/layer_reader.h"

namespace {

constexpr std::uint64_t kRowsMax = 100'000;

std::string_view Take(std::string_view* input) {
  if (input->size() < 2) return {};
  const std::size_t length =
      static_cast<std::uint8_t>((*input)[0]) * 256U + static_cast<std::uint8_t>((*input)[1]);
  input->remove_prefix(2);
  const std::string_view taken = input->substr(0, length);
  input->remove_prefix(taken.size());
  return taken;
}

void Put(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string folder =
      std::filesystem::temp_directory_path() / ("landbook-fuzz-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::string_view input(reinterpret_cast<const char*>(data), size);
  Put(folder + "/a.shp", Take(&input));
  Put(folder + "/a.shx", Take(&input));
  Put(folder + "/a.dbf", input);
  const auto reader = landbook::geo::LayerReader::Open(folder + "/a.shp", {});
  std::uint64_t rows = 0;
  while (reader.ok()) {
    const auto row = (*reader)->Next();
    if (!row.ok() || !row->has_value()) break;
    if (++rows > kRowsMax) std::abort();
  }
  std::filesystem::remove_all(folder);
  return 0;
}
