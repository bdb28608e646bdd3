#include "storage/secret.h"

#include <algorithm>

#include "fmt/format.h"
#include "storage/openssl_bridge.h"

namespace landbook::storage {
namespace {

class OpenSslRandom final : public RandomSource {
 public:
  absl::Status Fill(std::span<std::uint8_t> out) override { return openssl::FillRandom(out); }
};

}  // namespace

RandomSource& SystemRandom() {
  static OpenSslRandom random;
  return random;
}

void Wipe(std::span<std::uint8_t> bytes) { openssl::Wipe(bytes); }

absl::StatusOr<Secret> Secret::Fresh(RandomSource& random) {
  Secret secret{std::array<std::uint8_t, kSize>{}};
  if (absl::Status filled = random.Fill(secret.bytes_); !filled.ok()) return filled;
  return secret;
}

absl::StatusOr<Secret> Secret::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return absl::InvalidArgumentError(
        fmt::format("a secret has {} bytes, and {} came", kSize, bytes.size()));
  }
  Secret secret{std::array<std::uint8_t, kSize>{}};
  std::copy(bytes.begin(), bytes.end(), secret.bytes_.begin());
  return secret;
}

bool operator==(const Secret& a, const Secret& b) {
  return EqualInConstantTime(a.bytes(), b.bytes());
}

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && openssl::EqualInConstantTime(a, b);
}

}  // namespace landbook::storage
