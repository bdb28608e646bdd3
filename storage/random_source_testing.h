// Randomness that repeats itself, for tests and simulated runs only.
#ifndef LANDBOOK_STORAGE_RANDOM_SOURCE_TESTING_H_
#define LANDBOOK_STORAGE_RANDOM_SOURCE_TESTING_H_

#include <cstdint>
#include <mutex>
#include <random>
#include <span>

#include "absl/status/status.h"
#include "storage/secret.h"

namespace landbook::storage {

// Gives the same bytes for the same seed on every machine (std::mt19937_64 is fixed by the
// standard). Anyone who knows the seed knows the bytes: nothing outside a test may use it.
class SeededRandom final : public RandomSource {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}

  absl::Status Fill(std::span<std::uint8_t> out) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(generator_() >> 56);
    return absl::OkStatus();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 generator_;
};

// Has nothing to give: what uses it must pass UNAVAILABLE on.
class EmptyRandom final : public RandomSource {
 public:
  absl::Status Fill(std::span<std::uint8_t>) override {
    return absl::UnavailableError("this source of randomness is empty");
  }
};

}  // namespace landbook::storage

#endif  // LANDBOOK_STORAGE_RANDOM_SOURCE_TESTING_H_
