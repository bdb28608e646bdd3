// What a verification has found so far.
#ifndef LANDBOOK_SERVICES_REGISTRY_VERIFY_REPORT_H_
#define LANDBOOK_SERVICES_REGISTRY_VERIFY_REPORT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "landbook/v1/common.pb.h"

namespace landbook::registry {

struct VerifyReport {
  // Faults beyond these are counted and not told: a book with a thousand faults needs no more
  // sentences.
  static constexpr std::size_t kFaultsMax = 1'000;

  std::uint64_t entries = 0;  // checked
  std::uint64_t leaves = 0;   // whose bytes hash to what the tree holds
  std::uint64_t heads = 0;    // whose signature and roots hold
  std::uint64_t keys = 0;     // compared with the fold
  std::uint64_t fault_count = 0;
  std::vector<std::string> faults;    // sentences, the first kFaultsMax
  std::vector<v1::Finding> findings;  // what rechecking found

  void AddFault(std::string sentence) {
    ++fault_count;
    if (faults.size() < kFaultsMax) faults.push_back(std::move(sentence));
  }
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_VERIFY_REPORT_H_
