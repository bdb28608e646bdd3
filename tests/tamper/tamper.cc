// Shows or changes one stored value behind the server's back, as nobody but a test should: to see
// that a book says so.
//
//   tamper DATA_DIR KEY_HEX           prints the value in hexadecimal
//   tamper DATA_DIR KEY_HEX OFFSET    flips the lowest bit of the byte at OFFSET of the value
//
// Exit 0; 1 when the store does not open, the key is absent or the value too short; 2 on wrong
// usage.
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "fmt/format.h"
#include "storage/engine.h"
#include "storage/rocksdb/rocksdb_engine.h"

namespace landbook {
namespace {

template <typename Number>
std::optional<Number> NumberFrom(std::string_view text, int base) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::string> BytesFromHex(std::string_view text) {
  std::string bytes;
  if (text.empty() || text.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto byte = NumberFrom<unsigned char>(text.substr(i, 2), 16);
    if (!byte) return std::nullopt;
    bytes.push_back(static_cast<char>(*byte));
  }
  return bytes;
}

void PrintHex(std::string_view bytes) {
  for (const char byte : bytes) fmt::print("{:02x}", static_cast<unsigned char>(byte));
  fmt::print("\n");
}

absl::Status Run(const std::string& directory, const std::string& key,
                 std::optional<std::size_t> offset) {
  const auto engine = storage::OpenRocksdb(directory);
  if (!engine.ok()) return engine.status();
  const auto found = storage::ReadOne(**engine, key);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return absl::NotFoundError("the key is absent");
  std::string value = **found;
  if (!offset) {
    PrintHex(value);
    return absl::OkStatus();
  }
  if (*offset >= value.size()) {
    return absl::OutOfRangeError(fmt::format("the value has {} bytes", value.size()));
  }
  value[*offset] = static_cast<char>(value[*offset] ^ 1);
  storage::WriteBatch batch;
  batch.Put(key, value);
  return (*engine)->Write(batch, storage::kUnfenced, storage::Durability::kDurable);
}

int Main(int argc, char** argv) {
  const auto key = argc > 2 ? BytesFromHex(argv[2]) : std::nullopt;
  const auto offset = argc > 3 ? NumberFrom<std::size_t>(argv[3], 10) : std::nullopt;
  if (argc > 4 || !key || (argc > 3 && !offset)) {
    fmt::print(stderr, "tamper DATA_DIR KEY_HEX [OFFSET]\n");
    return 2;
  }
  const absl::Status status = Run(argv[1], *key, offset);
  if (status.ok()) return 0;
  fmt::print(stderr, "tamper: {}\n", std::string(status.message()));
  return 1;
}

}  // namespace
}  // namespace landbook

int main(int argc, char** argv) { return landbook::Main(argc, argv); }
