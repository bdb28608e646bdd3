// Secrets of 32 bytes that are wiped when they go, and where randomness comes from.
#ifndef LANDBOOK_STORAGE_SECRET_H_
#define LANDBOOK_STORAGE_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace landbook::storage {

// Where unpredictable bytes come from. Everything that needs randomness takes one of these, so
// that a test, or a simulated run, repeats itself from a seed.
class RandomSource {
 public:
  virtual ~RandomSource() = default;

  // Fills all of `out`, or returns UNAVAILABLE and leaves `out` unspecified. Thread-safe.
  virtual absl::Status Fill(std::span<std::uint8_t> out) = 0;
};

// The operating system's generator, through the cryptographic library. It lives for ever.
RandomSource& SystemRandom();

// Overwrites `bytes` with zeros in a way that the compiler may not leave out.
void Wipe(std::span<std::uint8_t> bytes);

// Thirty-two secret bytes: a key for Seal, Hmac or derivation. Copies are separate secrets, and
// each is wiped when it is destroyed.
class Secret {
 public:
  static constexpr std::size_t kSize = 32;

  explicit Secret(const std::array<std::uint8_t, kSize>& bytes) : bytes_(bytes) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() { Wipe(bytes_); }

  // A fresh secret, or UNAVAILABLE when `random` has nothing to give.
  static absl::StatusOr<Secret> Fresh(RandomSource& random);

  // The secret that `bytes` are; anything but 32 bytes is INVALID_ARGUMENT. The message tells
  // the number of bytes and nothing of them.
  static absl::StatusOr<Secret> FromBytes(std::string_view bytes);

  // The secret bytes, valid while this object lives. They go into no message and no log.
  std::string_view bytes() const {
    return {reinterpret_cast<const char*>(bytes_.data()), bytes_.size()};
  }

  // Takes the same time whatever the bytes are.
  friend bool operator==(const Secret& a, const Secret& b);

 private:
  std::array<std::uint8_t, kSize> bytes_;
};

// Whether the two are the same bytes, in a time that depends on their lengths alone.
bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_SECRET_H_
