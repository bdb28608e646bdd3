// A book as plain maps: what the model test (book_model_test.cc) compares the real one with.
#ifndef LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_TESTING_H_
#define LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_TESTING_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace landbook::registry {

// What the model knows of a right.
struct ModelRight {
  std::uint64_t unit = 0;
  std::string type;
  std::uint64_t holder = 0;
  std::uint64_t parent = 0;
  std::uint64_t changed = 0;  // the entry that changed it last: its etag
  bool live = true;
  bool withdrawn = false;
  friend bool operator==(const ModelRight&, const ModelRight&) = default;
};

struct ModelPlot {
  int cell = 0;
  std::uint64_t unit = 0;
  std::uint64_t changed = 0;
  bool live = true;
  friend bool operator==(const ModelPlot&, const ModelPlot&) = default;
};

struct ModelMortgage {
  std::uint64_t right = 0;
  std::uint64_t changed = 0;
  bool live = true;
  friend bool operator==(const ModelMortgage&, const ModelMortgage&) = default;
};

struct ModelSeizure {
  std::uint64_t unit = 0;
  std::uint64_t changed = 0;
  bool live = true;
  friend bool operator==(const ModelSeizure&, const ModelSeizure&) = default;
};

// The whole book, as plain maps by number.
class Model {
 public:
  std::map<std::uint64_t, ModelPlot> plots;
  std::map<std::uint64_t, ModelRight> rights;
  std::map<std::uint64_t, ModelMortgage> mortgages;
  std::map<std::uint64_t, ModelSeizure> seizures;

  // The live right of that type in the unit; null when there is none.
  const ModelRight* LiveRight(std::uint64_t unit, std::string_view type) const {
    for (const auto& [number, right] : rights) {
      if (right.live && right.unit == unit && right.type == type) return &right;
    }
    return nullptr;
  }
  bool Seized(std::uint64_t unit) const {
    return std::any_of(seizures.begin(), seizures.end(), [&](const auto& seizure) {
      return seizure.second.live && seizure.second.unit == unit;
    });
  }
  // Whether the household gave contracted land back; nobody's term runs out in these tests.
  bool HasWithdrawn(std::uint64_t household) const {
    return std::any_of(rights.begin(), rights.end(), [&](const auto& right) {
      return right.second.withdrawn && right.second.holder == household;
    });
  }
  bool HasLiveMortgage(std::uint64_t right) const {
    return std::any_of(mortgages.begin(), mortgages.end(), [&](const auto& mortgage) {
      return mortgage.second.live && mortgage.second.right == right;
    });
  }
  bool HasLiveDerived(std::uint64_t right) const {
    return std::any_of(rights.begin(), rights.end(), [&](const auto& derived) {
      return derived.second.live && derived.second.parent == right;
    });
  }

  bool UnitLive(std::uint64_t unit) const {
    return std::any_of(plots.begin(), plots.end(), [&](const auto& plot) {
      return plot.second.unit == unit && plot.second.live;
    });
  }
};

}  // namespace landbook::registry

#endif  // LANDBOOK_SERVICES_REGISTRY_BOOK_MODEL_TESTING_H_
